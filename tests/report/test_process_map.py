"""The map of a process: places by law, words by hand."""

import itertools
import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.measures.processes.follows import directly_follows
from iagkit.report import lasting, process_map
from iagkit.report.map_layout import BOX, laid_out
from iagkit.report.voice import Voice

NAMES = "abcdefghij"
ARCS = st.dictionaries(
    st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES)), st.integers(1, 99), max_size=25
)


@pytest.fixture(scope="module")
def told():
    """Ten cases a → b → c, two of them b again; one arc depends on the order of the file."""
    rows = []
    for i in range(10):
        day = pd.Timestamp("2024-03-04") + pd.Timedelta(days=i)
        steps = [("a", 0), ("b", 2), *([("b", 3)] if i < 2 else []), ("c", 5)]
        rows += [(f"{i}", name, day + pd.Timedelta(hours=hour)) for name, hour in steps]
    rows += [("x", "a", pd.Timestamp("2024-03-01")), ("x", "c", pd.Timestamp("2024-03-01"))]
    log = pd.DataFrame(rows, columns=["case", "activity", "end"])
    return directly_follows(log, order=None, medians=True).filtered().plain()


@settings(max_examples=20)
@given(ARCS)
def test_boxes_of_a_layer_never_overlap_and_stay_inside(arcs):
    layout = laid_out(list(NAMES), arcs, {"a": 5}, {"j": 5})
    assert sorted(itertools.chain(*layout.layers)) == sorted(NAMES)
    for row in layout.layers:
        places = [layout.centre[name] for name in row]
        assert all(b - a >= BOX for a, b in itertools.pairwise(places))
        assert all(BOX / 2 <= x <= layout.width - BOX / 2 for x in places)


@settings(max_examples=20)
@given(ARCS)
def test_each_line_goes_from_layer_to_layer_and_starts_and_ends_at_its_boxes(arcs):
    layout = laid_out(list(NAMES), arcs, {}, {})
    layer = {name: i for i, row in enumerate(layout.layers) for name in row}
    assert set(layout.lines) == {key for key in arcs if key[0] != key[1]}
    for (source, target), stops in layout.lines.items():
        layers = [at for at, _ in stops]
        assert layers[0] == layer[source]
        assert layers[-1] == layer[target]
        assert {abs(b - a) for a, b in itertools.pairwise(layers)} == {1}
        assert abs(stops[0][1] - layout.centre[source]) <= BOX / 2
        assert abs(stops[-1][1] - layout.centre[target]) <= BOX / 2


def test_a_straight_process_stands_in_its_order():
    arcs = {("in", "check"): 9, ("check", "out"): 8, ("check", "in"): 1}
    layout = laid_out(["out", "in", "check"], arcs, {"in": 9}, {"out": 8})
    assert layout.layers == (("in",), ("check",), ("out",))


def test_the_drawing_tells_counts_times_loops_and_where_unstable_arcs_start(told):
    svg = str(process_map.drawn(Voice("en"), told))
    assert "10 · 2.0 h" in svg
    assert "↻ 2 · 1.0 h" in svg
    assert svg.count('class="start"') == 1  # a → c of the tied case
    assert svg.count("unstable") == 1
    assert "● 11  ▶ 11" in svg
    assert re.search(r"<title>Map of the process</title><desc>3 activities", svg)


def test_the_table_has_every_arc_of_the_drawing_with_its_interval(told):
    table = process_map.arcs(Voice("es"), told)
    first = next(row for row in table.rows if row[:2] == ["a", "b"])
    assert first == ["a", "b", "10", "10", "2,0 h", "2,0 h – 2,0 h"]
    tied = next(row for row in table.rows if row[:2] == ["a", "c"])
    assert tied == ["a", "c", "1", "0", "0", "—"]
    assert len(table.rows) == len(told["arcs"])


def test_the_caption_says_what_is_left_out(told):
    part = {**told, "of_activities": 398, "of_arcs": 4067, "share": 0.162, "all_arcs": 51018}
    said = process_map.caption(Voice("en"), part)
    assert (
        "3 of 398 activities and 4 of 4,067 kinds of steps; these are 16.2% of all 51,018" in said
    )
    assert "unstable" in said


def test_an_activity_without_a_line_is_in_the_table_only(told):
    alone = {"name": "only by itself", "n": 7, "starts": 0, "ends": 0}
    more = {**told, "activities": [*told["activities"], alone]}
    assert "only by itself" not in process_map.drawn(Voice("en"), more)
    assert "only by itself" in [row[0] for row in process_map.activities(Voice("en"), more).rows]
    assert "1 of these activities have none" in process_map.caption(Voice("en"), more)


def test_names_of_activities_are_escaped(told):
    arc = {**told["arcs"][0], "source": "<script>alert(1)</script>"}
    told_so = {**told, "arcs": [arc], "activities": [{**told["activities"][0],
               "name": arc["source"]}, *told["activities"]]}  # fmt: skip
    assert "<script" not in process_map.drawn(Voice("en"), told_so)


def test_a_log_of_single_events_has_a_map_without_lines():
    log = pd.DataFrame({"case": ["1", "2"], "activity": ["a", "a"],
                        "end": pd.to_datetime(["2024-01-01", "2024-01-02"])})  # fmt: skip
    shown = directly_follows(log, order=None).filtered().plain()
    figure, table = process_map.blocks(Voice("pt"), shown)
    assert "Nenhuma atividade segue outra." in figure.drawings[0]
    assert table.rows == [["a", "2", "2", "2"]]


@pytest.mark.parametrize(
    ("days", "words"),
    [
        (0, "0"),
        (1e-5, "< 1 min"),
        (0.01, "14 min"),
        (0.5, "12 h"),
        (3.14, "3.1 d"),
        (45.2, "45 d"),
        (3723.0, "10 y"),
    ],
)
def test_a_time_is_told_in_the_unit_in_which_it_is_short(days, words):
    assert lasting.short(Voice("en"), days) == words


def test_a_map_too_wide_for_a_telephone_is_drawn_twice_and_both_fit():
    names = [f"step number {i}" for i in range(12)]
    arcs = [{"source": a, "target": b, "n": 200 - i, "otherwise": 200 - i, "days": 1.0,
             "low": None, "high": None, "days_are": "median"}
            for i, (a, b) in enumerate(itertools.permutations(names, 2))][:40]  # fmt: skip
    boxes = [{"name": name, "n": 9, "starts": 1, "ends": 1} for name in names]
    many = {"activities": boxes, "arcs": arcs}
    drawing = str(process_map.drawn(Voice("en"), many))
    wide, narrow = re.findall(r'class="map" [^>]* width="([\d.]+)"', drawing)
    assert float(wide) <= process_map.WIDE
    assert float(narrow) <= process_map.NARROW
    assert "commonest steps fit this screen" in drawing


def test_names_in_capitals_have_shorter_lines(told):
    name = "EXPEDIÇÃO DE CERTIDÃO DE INTEIRO TEOR"
    arc = {**told["arcs"][0], "source": name}
    capitals = {**told, "arcs": [arc], "activities": [{**told["activities"][0], "name": name},
                *told["activities"]]}  # fmt: skip
    svg = str(process_map.drawn(Voice("pt"), capitals))
    assert ">EXPEDIÇÃO DE<" in svg
    assert f"<title>{name}</title>" in svg
