from __future__ import annotations

import itertools
import re
import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.report import svg
from iagkit.report.charts import PAPER, in_parts, middle
from iagkit.report.svg import Axis, Point, Row

SHARES = Axis(low=0, high=1, ticks=[(0, "0%"), (0.5, "50%"), (1, "100%")])
LONG = "Coordinación general de obras públicas, bacheo y mantenimiento de vialidades secundarias"


def elements(drawing: str, tag: str) -> list[ET.Element]:
    return list(ET.fromstring(drawing).iter(tag))


def draw(rows: list[Row], **settings: object) -> str:
    return str(svg.dots(rows, axis=SHARES, title="T", desc="D", **settings))


def test_a_half_stands_in_the_middle():
    drawing = draw([Row(label="a", value=0.5, low=0.25, high=0.75, shown="50%")])
    (dot,) = elements(drawing, "circle")
    assert dot.get("cx") == "50.00%"
    interval = next(e for e in elements(drawing, "line") if e.get("class") == "interval")
    assert (interval.get("x1"), interval.get("x2")) == ("26.00%", "74.00%")


def test_a_drawing_has_a_name_and_a_description_for_those_who_do_not_see_it():
    root = ET.fromstring(draw([Row(label="a", value=0.1)]))
    named = {e.tag: e.text for e in root if e.tag in ("title", "desc")}
    assert (root.get("role"), root.get("aria-label")) == ("img", "T. D")
    assert named == {"title": "T", "desc": "D"}


def test_a_row_without_a_value_tells_why_and_draws_no_dot():
    drawing = draw([Row(label="a", note="7 cases are too few")])
    assert not elements(drawing, "circle")
    assert "7 cases are too few" in drawing


def test_labels_are_escaped():
    drawing = draw([Row(label="<script>&", value=0.1, shown="<b>")])
    assert "<script>" not in drawing
    assert "<b>" not in drawing


@given(st.floats(-5, 5), st.floats(-5, 5))
def test_nothing_is_drawn_outside_of_the_drawing(value, other):
    low, high = sorted([value, other])
    drawing = draw([Row(label="a", value=value, low=low, high=high)], bars=True)
    places = [float(x) for x in re.findall(r'(?:cx|x1|x2|x)="([\d.-]+)%"', drawing)]
    assert all(0 <= place <= 100 for place in places)


@given(st.integers(1, 40), st.text("aeñ<& ", min_size=1, max_size=120))
def test_letters_on_the_left_never_stand_on_one_another(count, label):
    drawing = draw([Row(label=label, value=0.5, shown="50%")] * count)
    texts = [e for e in elements(drawing, "text") if e.get("class") == "label"]
    lines = [float(e.get("y")) for e in texts]
    assert all(after - before >= 14 for before, after in itertools.pairwise(lines))


@pytest.mark.parametrize("count", [1, 18, 19, 26, 60])
def test_a_long_plot_goes_on_in_pieces_that_fit_a_page_and_loses_no_row(count):
    rows = [Row(label=f"{LONG} {i}", value=0.5, shown="50%") for i in range(count)]
    pieces = in_parts(rows, axis=SHARES, title="T", desc="D")
    assert sum(len(elements(str(p), "circle")) for p in pieces) == count
    assert all(float(ET.fromstring(str(p)).get("height")) < PAPER + 60 for p in pieces)


def test_a_long_label_is_wrapped_to_what_a_telephone_shows():
    texts = elements(draw([Row(label=LONG, value=0.5)]), "text")
    labels = [e.text for e in texts if e.get("class") == "label"]
    assert len(labels) == 3
    assert max(map(len, labels)) <= svg.LETTERS


def test_a_curve_goes_up_when_its_values_do():
    points = [Point(x=0.0, y=0.2, low=0.1, high=0.3), Point(x=1.0, y=0.8, low=0.7, high=0.9)]
    drawing = str(svg.curve(points, x=SHARES, y=SHARES, title="T", desc="D"))
    (line,) = [e for e in elements(drawing, "line") if e.get("class") == "curve"]
    assert float(line.get("y1")) > float(line.get("y2"))
    assert elements(drawing, "polygon")


@given(st.integers(0, 100))
def test_a_hundred_cases_are_a_hundred_shapes(wrong):
    drawing = str(svg.hundred([("right", 100 - wrong), ("wrong", wrong)], title="T", desc="D"))
    assert len(elements(drawing, "circle")) == 100 - wrong
    assert len(elements(drawing, "path")) == wrong


@pytest.mark.parametrize(
    ("coordinate", "place"), [("0.20", 0.2), ("0.6–0.7", 0.65), ("0.5-1", 0.75), ("north", None)]
)
def test_a_coordinate_is_read_as_a_number_or_as_the_middle_of_a_range(coordinate, place):
    assert middle(coordinate) == pytest.approx(place) if place else middle(coordinate) is None


@pytest.mark.parametrize("value", [0.5, 0.55, 0.6, 0.62, 0.7, 0.95, 0.05])
def test_the_label_of_the_chosen_point_keeps_off_the_marked_level(value):
    point = Point(x=0.4, y=value, low=value, high=value)
    drawing = str(svg.curve([point], x=SHARES, y=SHARES, title="T", desc="D",
                            level=(0.6, "60%"), here=(point, "now")))  # fmt: skip
    (label,) = (t for t in elements(drawing, "text") if t.get("class") == "here")
    (level,) = (e for e in elements(drawing, "line") if e.get("class") == "reference")
    baseline, line = float(label.get("y")), float(level.get("y1"))
    assert not baseline - 13 < line < baseline + 3
    assert 13 <= baseline <= 260
