"""The directly-follows map: by hand, against a count in Python, in every engine."""

from collections import Counter

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.measures.processes import follows_query
from iagkit.measures.processes.follows import directly_follows
from iagkit.measures.processes.quality import unstable_arcs
from iagkit.wire import frames
from iagkit.wire.logs import building, mapping, reading

EVENTS = st.lists(
    st.tuples(st.sampled_from("123"), st.sampled_from("abc'"), st.integers(0, 5)),
    min_size=1, max_size=20,
)  # fmt: skip


def log_of(rows):
    log = pd.DataFrame(rows, columns=["case", "activity", "hour"])
    log["end"] = pd.Timestamp("2024-03-04") + pd.to_timedelta(log.pop("hour"), unit="h")
    return log.assign(order=range(len(log)))


def arcs_of(rows, turn=1):
    """Count arcs in Python; ``turn=-1`` takes ties in the opposite order."""
    counts, last = Counter(), {}
    keyed = enumerate(rows)
    for _, (case, activity, _) in sorted(keyed, key=lambda r: (r[1][2], turn * r[0])):
        if case in last:
            counts[last[case], activity] += 1
        last[case] = activity
    return counts


def test_two_cases_by_hand():
    rows = [
        ("1", "in", 0),
        ("1", "check", 24),
        ("1", "out", 36),
        ("2", "in", 5),
        ("2", "check", 53),
    ]
    found = directly_follows(log_of(rows), medians=True)
    first, second = found.arcs
    assert (first.source, first.target, first.n) == ("in", "check", 2)
    assert (first.mean.value, first.median.value) == (1.5, 1.0)
    assert first.median.low is None  # two times have no interval of order statistics
    assert (second.source, second.target, second.mean.value) == ("check", "out", 0.5)
    assert dict(found.activities) == {"check": 2, "in": 2, "out": 1}
    assert dict(found.starts) == {"in": 2}
    assert dict(found.ends) == {"check": 1, "out": 1}
    assert (found.events, found.cases, found.left_out) == (5, 2, 0)


@settings(max_examples=40)
@given(EVENTS)
def test_counts_and_what_depends_on_the_file_are_those_of_a_plain_count(rows):
    log = log_of(rows)
    found = directly_follows(log.sample(frac=1, random_state=3))
    there = {(a.source, a.target): a.n for a in found.arcs}
    turned = arcs_of(rows, turn=-1)
    assert there == arcs_of(rows)
    assert all(a.otherwise == turned[a.source, a.target] for a in found.arcs)
    assert found.unstable.value == pytest.approx(unstable_arcs(log).value)
    assert sum(found.starts.values()) == sum(found.ends.values()) == found.cases


def test_the_median_and_its_interval_are_order_statistics():
    rows = [(f"{i}", name, hour) for i in range(1, 101) for name, hour in (("a", 0), ("b", 24 * i))]
    (arc,) = directly_follows(log_of(rows), medians=True).arcs
    assert arc.median.value == 50
    assert (arc.median.low, arc.median.high) == (40, 61)  # ranks of Conover's interval
    assert arc.mean.value == 50.5
    assert arc.mean.low == pytest.approx(44.743, abs=1e-3)  # Student, 99 degrees of freedom


ENGINES = {
    "pandas": lambda t: t, "polars": pl.from_pandas, "lazy": lambda t: pl.from_pandas(t).lazy(),
    "pyarrow": pa.Table.from_pandas,
}  # fmt: skip


@pytest.mark.parametrize("engine", ENGINES)
def test_every_engine_gives_the_same_map(engine):
    log = log_of([("1", "a", 0), ("1", "b", 0), ("2", "a", 3), ("1", "a", 2), ("2", "c", 3)])
    assert directly_follows(ENGINES[engine](log)) == directly_follows(log)


def test_parquet_and_csv_are_counted_where_they_are(tmp_path):
    log = log_of([("1", "a", 0), ("1", "b", 0), ("2", "a", 3), ("1", "a", 2), ("2", "c", 3)])
    log.to_parquet(tmp_path / "log.parquet")
    with frames.open_frame(tmp_path / "log.parquet") as opened:
        assert directly_follows(opened.frame) == directly_follows(log)
    log.to_csv(tmp_path / "log.csv", index=False)
    read = duckdb.connect().read_csv(str(tmp_path / "log.csv"), all_varchar=True)
    assert directly_follows(read, order="order") == directly_follows(log)


def test_two_cases_of_one_hash_are_told_apart(monkeypatch):
    same = ('hash("case") % 1', 'hash("case", 1)')  # every case in one partition
    log = log_of([("1", "a", 0), ("2", "b", 1), ("1", "c", 2), ("2", "d", 3)])
    plain = directly_follows(log)
    monkeypatch.setattr(follows_query, "HASHED", same)
    assert directly_follows(log) == plain


def test_rows_without_case_activity_or_readable_time_are_counted():
    log = log_of([("1", "a", 0), (None, "b", 1), ("1", None, 2), ("1", "b", 3)])
    log["end"] = log["end"].astype(str)
    log.loc[3, "end"] = "soon"
    found = directly_follows(log)
    assert (found.events, found.left_out) == (1, 3)


def test_the_most_frequent_part_says_how_much_it_is():
    found = directly_follows(log_of([("1", a, i) for i, a in enumerate("abababc")]))
    shown = found.filtered(activities=2, arcs=1)
    assert [(a.source, a.target) for a in shown.arcs] == [("a", "b")]
    assert (shown.share.value, shown.share.n) == (0.5, 6)
    assert (shown.of_activities, shown.of_arcs) == (3, 3)
    assert found.filtered(least=2).plain()["arcs"][1]["n"] == 2
    assert found.filtered(least=2).share.value == pytest.approx(5 / 6)


def test_what_is_no_log_is_refused():
    log = log_of([("1", "a", 0), ("1", "b", 0)])
    with pytest.raises(DataError, match=r"there is no end among .*Name the columns"):
        directly_follows(log.drop(columns="end"))
    with pytest.raises(DataError, match="type DOUBLE"):
        directly_follows(log.assign(end=1.5))
    with pytest.raises(DataError, match="there is none"):
        directly_follows(log[:0])
    with pytest.raises(DataError, match="more than 5,000 different"):
        directly_follows(pd.DataFrame({"case": "1", "activity": [f"{i}" for i in range(5001)],
                                       "end": pd.Timestamp("2024-01-01")}), order=None)  # fmt: skip
    with pytest.raises(UsageError, match="at least 1"):
        directly_follows(log).filtered(arcs=0)


def test_ties_without_an_order_are_refused_where_the_engine_has_none():
    log = log_of([("1", "a", 0), ("1", "b", 0)]).drop(columns="order")
    relation = duckdb.connect().from_arrow(pa.Table.from_pandas(log))
    with pytest.raises(DataError, match="1 events have the time of"):
        directly_follows(relation, order=None)
    assert directly_follows(log, order=None).arcs[0].unstable


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "share"),
    [("receipt_coselog", 0), ("sepsis", 0.083), ("road_traffic_fines", 0.038), ("bpic15_1", 0.557)],
)
def test_real_logs_depend_on_the_order_of_the_file_as_their_quality_says(mirror, name, share):
    raw = reading.read_raw(mirror / name / "log.parquet")
    log = building.event_log(raw, mapping.guess(raw))
    found = directly_follows(log.events)
    assert found.unstable.value == pytest.approx(share, abs=1e-3)
    assert found.unstable == unstable_arcs(log.events)
    assert found.events == len(log.events)
