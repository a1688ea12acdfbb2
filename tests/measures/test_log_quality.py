"""How good a log is, by hand, by law, and on real logs."""

from datetime import datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.event_log import EventLog
from iagkit.measures.processes.quality import log_quality, unstable_arcs

EVENT = st.tuples(st.sampled_from("123"), st.sampled_from("abc"), st.integers(1, 9))


def log_of(*events, cases=None, **options):
    table = pd.DataFrame(events, columns=["case", "activity", "end"])
    table["end"] = pd.to_datetime(table["end"], format="ISO8601")
    table = table.assign(start=pd.NaT, resource=None, order=range(len(table)))
    table["start"] = table["start"].astype("datetime64[us]")
    ids = list(dict.fromkeys(table["case"]))
    if cases is None:
        opened = [table.loc[table["case"] == i, "end"].min() for i in ids]
        cases = pd.DataFrame({"case": ids, "opened": opened, "closed": pd.NaT, "due": pd.NaT})
    return EventLog(events=table, cases=cases, until=datetime(2024, 12, 31), **options)


def test_quality_by_hand():
    log = log_of(
        ("1", "a", "2024-03-04 10:00"), ("1", "b", "2024-03-04 10:00"), ("1", "c", "2024-03-05"),
        ("1", "c", "2024-03-05"), ("2", "a", "2024-03-04 10:00"),
        facts={"rows": 9, "copied_rows": 2, "no_time": 1, "impossible_time": 3, "open_by": "x"},
    )  # fmt: skip
    found = log_quality(log)
    assert (found.cases, found.events, found.rows, found.open_by) == (2, 5, 9, "x")
    assert (found.tied.value, found.tied.n) == (2 / 3, 3)
    assert (found.impossible_dates, found.impossible["impossible_time"]) == (4, 3)
    assert (found.repeated_rows.value, found.repeated_rows.n) == (2 / 9, 9)
    assert (found.copied_events.value, found.copied_events.n) == (1 / 5, 5)
    assert (found.single_events.value, found.single_events.n) == (1 / 2, 2)
    assert (found.without_resource.value, found.open_cases.value) == (1, 1)
    assert (found.at_midnight.value, found.at_midnight.n) == (2 / 5, 5)
    assert (found.at_busiest_minute.value, found.busiest_minute) == (1, "10:00")
    assert found.timed_work.value == 0
    assert not found.date_only


def test_arcs_between_events_of_one_time_are_unstable():
    log = log_of(("1", "a", "2024-03-04"), ("1", "b", "2024-03-05"), ("1", "c", "2024-03-05"))
    # as in the file: a→b, b→c; the other way round: a→c, c→b
    assert (unstable_arcs(log.events).value, unstable_arcs(log.events).n) == (1.0, 2)


def test_ties_that_change_nothing_in_the_map_are_stable():
    same = log_of(("1", "a", "2024-03-05"), ("1", "a", "2024-03-05"))
    swapped = log_of(("1", "a", "2024-03-05"), ("1", "b", "2024-03-05"),
                     ("2", "b", "2024-03-05"), ("2", "a", "2024-03-05"))  # fmt: skip
    assert unstable_arcs(same.events).value == unstable_arcs(swapped.events).value == 0


def test_nothing_is_a_share_of_nothing_and_its_n_says_so():
    found = log_quality(log_of(("1", "a", "2024-03-05")))
    assert (found.tied.value, found.tied.n, found.unstable_arcs.n) == (0, 0, 0)


@given(st.lists(EVENT, min_size=1))
def test_no_more_arcs_are_unstable_than_ties_can_touch(events):
    ordered = sorted(events, key=lambda event: (event[0], event[2]))
    found = log_quality(log_of(*((c, a, f"2024-03-{d:02d}") for c, a, d in ordered)))
    assert 0 <= found.unstable_arcs.value <= min(1, 3 * found.tied.value)
    assert found.unstable_arcs.n == found.tied.n


@given(st.lists(EVENT, min_size=1))
def test_the_file_turned_over_is_as_unstable(events):
    log = log_of(*((c, a, f"2024-03-{d:02d}") for c, a, d in events))
    turned = log.events.assign(order=-log.events["order"])
    assert unstable_arcs(turned) == unstable_arcs(log.events)


def test_batches_show_as_one_minute_of_the_day():
    day = [("1", f"a{k}", f"2024-03-{k + 1:02d} 06:00") for k in range(20)]
    rest = [("1", f"b{k}", f"2024-03-05 {k:02d}:17") for k in range(20)]
    found = log_quality(log_of(*day, *rest))
    assert (found.at_busiest_minute.value, found.busiest_minute) == (0.5, "06:00")


def test_what_runs_backwards_is_counted_wherever_it_stands():
    cases = pd.DataFrame({
        "case": ["1"], "opened": pd.to_datetime(["2024-03-05"]),
        "closed": pd.to_datetime(["2024-03-04"]), "due": [pd.NaT],
    })  # fmt: skip
    log = log_of(("1", "a", "2024-03-05"), cases=cases, facts={"closed_before_opened": 2})
    assert log_quality(log).backwards == 3


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "case", "activity", "time", "share"),
    [
        ("bpic15_1", "case:concept:name", "concept:name", "time:timestamp", 0.557),
        ("it_procurement", "case_id", "event_name", "event_timestamp", 0.191),
        ("sepsis", "case:concept:name", "concept:name", "time:timestamp", 0.0825),
        ("receipt_coselog", "case:concept:name", "concept:name", "time:timestamp", 0.0),
        ("road_traffic_fines", "case:concept:name", "concept:name", "time:timestamp", 0.038),
    ],
)
def test_the_maps_of_real_logs_depend_on_the_order_of_their_files(
    mirror, name, case, activity, time, share
):
    table = pd.read_parquet(mirror / name / "log.parquet", columns=[case, activity, time])
    table = table.rename(columns={case: "case", activity: "activity", time: "end"})
    table["end"] = table["end"].dt.tz_localize(None)
    found = unstable_arcs(table.assign(order=range(len(table))))
    assert found.value == pytest.approx(share, abs=5e-4)
    assert found.n == len(table) - table["case"].nunique()
