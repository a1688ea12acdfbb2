"""Rows of events become one log: open cases, paired work, and a count of what was dropped."""

from datetime import UTC, datetime

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.wire.logs import lifecycle
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess


def rows(*events, columns=("case", "activity", "timestamp")):
    return pd.DataFrame(events, columns=list(columns))


def log_of(table, *, dates="", **options):
    return event_log(table, guess(table, dates=dates), **options)


def said(log):
    return " | ".join(map(str, log.remarks))


THREE = rows(
    ("007", "in", "2024-03-14 09:00"), ("7", "in", "2024-03-14 10:00"),
    ("007", "out", "2024-03-16 09:00"), ("7", "ask", "2024-03-15 10:00"),
)  # fmt: skip


def test_a_log_by_hand():
    log = log_of(THREE, end_activities=["out"])
    assert log.events["case"].tolist() == ["007", "007", "7", "7"]
    assert log.events["order"].tolist() == [0, 2, 1, 3]
    assert log.cases["opened"].tolist() == [datetime(2024, 3, 14, 9), datetime(2024, 3, 14, 10)]
    assert log.cases["closed"].isna().tolist() == [False, True]
    assert log.until == datetime(2024, 3, 16, 9)
    assert not log.timed_work


def test_zero_padded_ids_stay_texts_and_numbers_lose_their_point():
    table = rows((7.0, "in", "2024-03-14"), (float("nan"), "in", "2024-03-15"))
    log = log_of(table)
    assert log.cases["case"].tolist() == ["7"]
    assert log.facts["no_case"] == 1
    assert "1 rows without a case" in said(log)


def test_rows_without_a_possible_time_are_counted_by_kind_and_left_out():
    table = rows(
        ("1", "in", "2024-03-14"), ("1", "a", "0001-05-04"), ("1", "b", "7021-09-06"),
        ("1", "c", "pronto"), ("1", "d", None), ("1", "e", "1970-01-01 00:00:00"),
        ("1", "f", "2999-01-01"), ("1", "out", "2024-03-16"), ("1", "out", "2024-03-17"),
    )  # fmt: skip
    log = log_of(table)
    kinds = ("impossible_time", "unread_time", "no_time", "placeholder_time")
    assert [log.facts[k] for k in kinds] == [3, 1, 1, 1]
    assert log.events["activity"].tolist() == ["in", "out", "out"]
    assert "pronto" not in said(log)


def test_a_time_after_today_is_no_cut_of_the_log():
    table = rows(("1", "in", "2024-03-14"), ("1", "planned end", "2150-03-14"))
    log = log_of(table)
    assert (log.until, log.facts["after_the_cut"]) == (datetime(2024, 3, 14), 1)


def test_a_log_cut_earlier_knows_nothing_later():
    log = log_of(THREE, end_activities=["out"], until=datetime(2024, 3, 15, 12))
    assert log.events["activity"].tolist() == ["in", "in", "ask"]
    assert log.cases["closed"].isna().all()


def test_nothing_says_which_cases_are_open_so_a_guess_is_told_as_one():
    closed = [
        (str(k), activity, f"2024-01-{day:02d} 10:00")
        for k, day in enumerate(range(1, 26))
        for activity, day in (("in", day), ("out", day + 1))
    ]
    log = log_of(rows(*closed, ("new", "in", "2024-01-26 09:00")))
    assert log.cases.set_index("case")["closed"].isna().sum() == 1
    assert "nothing says which cases are open: 1 of 26" in said(log)
    assert log.facts["open_by"] == "silence"


def test_end_activities_that_are_not_in_the_log_are_refused_with_those_that_are():
    with pytest.raises(DataError, match=r"'Out' is none\. Did you mean 'out'\?"):
        log_of(THREE, end_activities=["Out"])


def test_an_end_activity_among_events_of_the_same_last_time_closes_the_case():
    table = rows(("1", "in", "2024-03-14"), ("1", "out", "2024-03-15"), ("1", "file", "2024-03-15"))
    assert log_of(table, end_activities=["out"]).cases["closed"].notna().all()


def test_a_closing_date_of_the_case_says_which_are_open():
    table = rows(
        ("1", "in", "2024-03-14", "2024-03-15"), ("1", "x", "2024-03-15", "2024-03-15"),
        ("2", "in", "2024-03-14", None), columns=("case", "activity", "timestamp", "case:end"),
    )  # fmt: skip
    log = event_log(table, guess(table, closed="case:end"))
    assert log.cases["closed"].notna().tolist() == [True, False]


def test_a_closing_date_before_the_first_event_is_counted_and_not_believed():
    table = rows(("1", "in", "2024-03-14", "2024-03-10"), ("1", "out", "2024-03-15", "2024-03-10"),
                 columns=("case", "activity", "timestamp", "case:end"))  # fmt: skip
    log = event_log(table, guess(table, closed="case:end"))
    assert log.cases["closed"].tolist() == [datetime(2024, 3, 15)]
    assert log.facts["closed_before_opened"] == 1


def test_a_cut_with_a_zone_of_its_own_is_brought_to_that_of_the_log():
    table = rows(("1", "in", "2024-03-14T12:00:00Z"), ("1", "out", "2024-03-14T14:00:00Z"))
    until = datetime(2024, 3, 14, 13, tzinfo=UTC)
    log = log_of(table, zone="America/Lima", until=until)
    assert (log.until, len(log.events)) == (datetime(2024, 3, 14, 8), 1)


def test_rows_of_any_index_and_type_of_column_give_the_same_log():
    table = THREE.set_index(pd.Index([9, 9, 3, 1])).astype({"activity": "category"})
    assert log_of(table).events.equals(log_of(THREE).events)


def test_cells_that_are_lists_and_activities_that_are_missing_are_taken_in():
    table = THREE.assign(parts=[["x"], ["y"], ["x"], ["z"]], activity=["in", None, "out", "ask"])
    log = log_of(table, groups=["parts"])
    assert log.events["activity"].tolist() == ["in", "out", "(missing)", "ask"]
    assert "1 rows without an activity" in said(log)
    assert log.cases["parts"].tolist() == ["['x']", "['y']"]


def test_starts_and_ends_are_paired_first_with_first():
    columns = ("case", "activity", "timestamp", "lifecycle", "resource")
    table = rows(
        ("1", "a", "2024-03-14 09:00", "start", "x"), ("1", "a", "2024-03-14 10:00", "start", "y"),
        ("1", "a", "2024-03-14 11:00", "complete", "x"),
        ("1", "b", "2024-03-14 11:30", "complete", "z"),
        ("1", "a", "2024-03-14 12:00", "COMPLETE", "y"),
        ("1", "a", "2024-03-14 13:00", "start", "y"),
        ("1", "c", "2024-03-14 13:00", "schedule", "y"), columns=columns,
    )  # fmt: skip
    log = log_of(table)
    start, end = (log.events[c].dt.strftime("%H:%M").fillna("").tolist() for c in ("start", "end"))
    assert start == ["09:00", "", "10:00", ""]
    assert end == ["11:00", "11:30", "12:00", "13:00"]
    assert log.events["activity"].tolist() == ["a", "b", "a", "a"]
    assert log.events["resource"].tolist() == ["x", "z", "y", "y"]
    assert "1 starts have no end and 1 ends no start" in said(log)
    assert "1 rows that neither begin nor end work" in said(log)


def test_an_instance_tells_which_start_belongs_to_which_end():
    columns = ("case", "activity", "timestamp", "lifecycle", "instance_id")
    table = rows(
        ("1", "a", "2024-03-14 09:00", "start", "p"), ("1", "a", "2024-03-14 10:00", "start", "q"),
        ("1", "a", "2024-03-14 11:00", "complete", "q"),
        ("1", "a", "2024-03-14 12:00", "complete", "p"),
        columns=columns,
    )  # fmt: skip
    starts = log_of(table).events["start"].dt.hour.tolist()
    assert starts == [10, 9]


def test_states_of_a_case_are_no_lifecycle():
    table = rows(("1", "a", "2024-03-14", "In Progress"), ("1", "b", "2024-03-15", "Resolved"),
                 columns=("case", "activity", "timestamp", "lifecycle"))  # fmt: skip
    log = log_of(table)
    assert log.events["lifecycle"].tolist() == ["In Progress", "Resolved"]


def one_by_one(events):
    """Pair starts with ends of one activity, slowly."""
    waiting, pairs = [], []
    for number, begins in enumerate(events):
        if begins:
            waiting.append(number)
        elif waiting:
            pairs.append((waiting.pop(0), number))
    return pairs


@given(st.lists(st.tuples(st.sampled_from("pq"), st.booleans()), min_size=1, max_size=40))
def test_pairing_all_groups_at_once_is_pairing_one_by_one(events):
    moments = pd.date_range("2024-03-14", periods=len(events), freq="h")
    table = pd.DataFrame({
        "case": [case for case, _ in events], "activity": "a", "end": moments,
        "order": range(len(events)),
        "transition": ["start" if begins else "complete" for _, begins in events],
    })  # fmt: skip
    found, _ = lifecycle.paired(table, {})
    for case in "pq":
        mine = [k for k, (c, _) in enumerate(events) if c == case]
        want = [(mine[i], mine[j]) for i, j in one_by_one([events[k][1] for k in mine])]
        got = found[(found["case"] == case) & found["start"].notna()]
        assert sorted(zip(got["start"], got["end"], strict=True)) == sorted(
            (moments[i], moments[j]) for i, j in want
        )
    assert len(found) + len([1 for s in found["start"] if not pd.isna(s)]) == len(events)


def test_work_that_ends_before_it_starts_has_an_unknown_start_and_is_counted():
    table = rows(
        ("1", "a", "2024-03-14 10:00", "2024-03-14 09:00"),
        ("1", "b", "2024-03-14 10:00", "2024-03-14 11:00"),
        columns=("case", "activity", "start", "end"),
    )
    log = log_of(table)
    assert log.events["start"].isna().tolist() == [True, False]
    assert log.facts["ended_before_started"] == 1
    assert "1 pieces of work end before they start" in said(log)


def test_what_is_known_of_a_case_at_its_first_event_is_of_the_case_and_the_rest_is_not():
    columns = ("case", "activity", "timestamp", "office", "paid", "case:kind", "clerk")
    table = rows(
        ("1", "in", "2024-03-14", "north", None, "k", "x"),
        ("1", "out", "2024-03-15", "north", 5.0, "k", "y"),
        ("2", "in", "2024-03-14", "south", None, "l", "x"),
        ("2", "out", "2024-03-15", None, 7.0, "l", "x"),
        columns=columns,
    )  # fmt: skip
    log = log_of(table)
    assert list(log.cases.columns) == ["case", "opened", "closed", "due", "office", "kind"]
    assert {"paid", "clerk"} <= set(log.events.columns)


def test_a_wanted_group_that_changes_within_a_case_takes_its_first_value_and_that_is_told():
    columns = ("case", "activity", "timestamp", "clerk")
    table = rows(("1", "in", "2024-03-14", "x"), ("1", "out", "2024-03-15", "y"), columns=columns)
    log = log_of(table, groups=["clerk"])
    assert (log.groups, log.cases["clerk"].tolist()) == (("clerk",), ["x"])
    assert "of 1 cases, whose clerk changes" in said(log)


def test_a_group_that_is_not_there_is_refused():
    with pytest.raises(DataError, match=r"'activiti' \(--group\).*Did you mean 'activity'"):
        log_of(THREE, groups=["activiti"])


def test_a_group_may_be_named_without_its_prefix():
    table = rows(("1", "in", "2024-03-14", "north"),
                 columns=("case", "activity", "timestamp", "case:office"))  # fmt: skip
    assert log_of(table, groups=["office"]).cases["office"].tolist() == ["north"]


def test_a_deadline_in_another_time_zone_is_brought_to_that_of_the_log():
    columns = ("case", "activity", "timestamp", "due")
    table = rows(("1", "in", "2024-03-14T12:00:00Z", "2024-03-15T00:00:00-05:00"), columns=columns)
    log = log_of(table, zone="America/Bogota")
    assert log.events["end"].tolist() == [datetime(2024, 3, 14, 7)]
    assert log.cases["due"].tolist() == [datetime(2024, 3, 15)]


def test_a_deadline_without_a_time_of_day_ends_with_its_day():
    columns = ("case", "activity", "timestamp", "due")
    log = log_of(rows(("1", "in", "2024-03-14 12:00", "2024-03-15"), columns=columns))
    assert log.cases["due"][0] == pd.Timestamp("2024-03-15 23:59:59.999999")
    assert "end of its day" in said(log)


def test_one_case_and_events_of_one_time_make_a_log():
    table = rows(*[("1", f"a{k % 3}", "2024-03-14") for k in range(9)])
    log = log_of(table)
    assert (len(log.cases), len(log.events)) == (1, 9)
    assert log.events["order"].tolist() == list(range(9))


def test_a_log_of_four_hundred_activities_and_no_resource_is_a_log():
    table = rows(
        *[(str(k % 7), f"a{k}", f"2024-03-14 {k % 24:02d}:{k % 60:02d}") for k in range(400)]
    )
    log = log_of(table)
    assert log.events["activity"].nunique() == 400
    assert log.events["resource"].isna().all()


def test_a_log_of_which_nothing_can_be_used_is_refused_with_the_count():
    table = rows(("1", "a", "0001-05-04"), ("2", "a", "0001-05-05"))
    with pytest.raises(DataError, match="impossible time: 2"):
        log_of(table)


@given(
    st.lists(
        st.tuples(st.sampled_from("123"), st.sampled_from("abc"), st.integers(0, 5)), min_size=1
    ),
    st.randoms(),
)
def test_every_event_is_kept_in_order_whatever_the_order_of_the_file(events, random):
    random.shuffle(events)
    table = rows(*[(c, a, f"2024-03-{14 + d}") for c, a, d in events])
    log = log_of(table)
    kept = log.events
    assert sorted(kept["order"]) == list(range(len(events)))
    assert kept.sort_values(["case", "end", "order"])["order"].tolist() == kept["order"].tolist()
    assert set(log.cases["case"]) == {c for c, _, _ in events}
    closed = log.cases["closed"].dropna()
    assert (closed >= log.cases.loc[closed.index, "opened"]).all()
