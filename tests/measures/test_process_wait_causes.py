"""Causes of waiting: by hand, against a count minute by minute, and what is refused."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import EventLog
from iagkit.measures.processes.busy import dominated
from iagkit.measures.processes.resources import Calendars
from iagkit.measures.processes.waits import CAUSES, waits
from iagkit.wire.logs import building, mapping, reading

MONDAY = pd.Timestamp("2024-01-01")
PEOPLE = ("Ana", "Eva")


def log_of(rows):
    """Make a log of rows of case, activity, resource, and the hours of start and end."""
    events = pd.DataFrame(rows, columns=["case", "activity", "resource", "start", "end"])
    for column in ("start", "end"):
        hours = pd.to_timedelta(events[column].astype(float), unit="h").dt.round("s")
        events[column] = (MONDAY + hours).astype("datetime64[us]")
    events["order"] = range(len(events))
    cases = pd.DataFrame({"case": events["case"].unique()})
    cases = cases.assign(opened=MONDAY, closed=pd.NaT, due=pd.NaT)
    return EventLog(events=events, cases=cases, until=datetime(2024, 12, 31))


def duty(*hours, names=PEOPLE):
    """Make calendars on which everybody works these hours of every day, or always."""
    on = np.ones((len(names), 168), dtype=bool)
    if hours:
        on = np.tile(np.isin(np.arange(168) % 24, hours), (len(names), 1))
    n = np.full(len(names), 9)
    return Calendars(names=names, on_duty=on, weeks=n, shared=n < 4)


def found(rows, calendar, case, activity, batch=2):
    """Hours of each cause of one piece, those of none left out."""
    pieces = waits(log_of(rows), calendar, batch=batch).pieces
    (row,) = pieces[(pieces["case"] == case) & (pieces["activity"] == activity)].to_dict("records")
    return {c: round(row[c], 6) for c in CAUSES if row[c]}


def test_who_works_on_an_earlier_case_makes_the_later_wait_in_turn():
    rows = [
        ("1", "in", "Eva", 0, 1), ("2", "in", "Eva", 1, 2),
        ("1", "b", "Ana", 1, 5), ("2", "b", "Ana", 5, 6),
    ]  # fmt: skip
    assert found(rows, duty(), "2", "b") == {"contention": 3.0}


def test_what_came_later_and_is_done_first_is_prioritised():
    rows = [
        ("1", "in", "Eva", 0, 1), ("2", "in", "Eva", 1, 2), ("3", "in", "Eva", 0, 0.5),
        ("3", "b", "Ana", 0.5, 2), ("2", "b", "Ana", 2, 6), ("1", "b", "Ana", 6, 7),
    ]  # fmt: skip
    assert found(rows, duty(), "1", "b") == {"contention": 1.0, "prioritisation": 4.0}


def test_a_batch_waits_for_its_last_piece_and_then_for_other_reasons():
    rows = [
        ("1", "in", "Eva", 0, 1), ("2", "in", "Eva", 1, 3), ("3", "in", "Eva", 3, 6),
        *((f"{i}", "sign", "Ana", 8, 9) for i in (1, 2, 3)),
    ]  # fmt: skip
    assert found(rows, duty(), "1", "sign") == {"batching": 5.0, "extraneous": 2.0}
    assert found(rows, duty(), "3", "sign") == {"extraneous": 2.0}
    assert found(rows, duty(), "1", "sign", batch=4) == {"extraneous": 7.0}


def test_work_done_in_one_go_after_a_pause_is_a_batch_and_a_queue_is_none():
    accumulated = [
        ("1", "in", "Eva", 0, 1), ("2", "in", "Eva", 1, 3),
        ("1", "sign", "Ana", 8, 9), ("2", "sign", "Ana", 9, 10),
    ]  # fmt: skip
    assert found(accumulated, duty(), "1", "sign") == {"batching": 2.0, "extraneous": 5.0}
    queue = [("0", "in", "Eva", -1, -0.5), ("0", "sign", "Ana", 0, 8), *accumulated]
    assert found(queue, duty(), "1", "sign") == {"contention": 7.0}


def test_nobody_on_duty_is_unavailability_and_the_rest_is_unexplained():
    rows = [("1", "in", "Eva", 0, 15), ("1", "b", "Ana", 34, 35)]  # from 15:00 to 10:00
    office = duty(*range(8, 16))
    assert found(rows, office, "1", "b") == {"unavailability": 16.0, "extraneous": 3.0}


def test_overtime_is_work_and_not_absence():
    rows = [
        ("1", "in", "Eva", 0, 15), ("2", "in", "Eva", 14, 14.5), ("2", "b", "Ana", 15, 18),
        ("1", "b", "Ana", 18, 19),
    ]  # fmt: skip
    assert found(rows, duty(*range(8, 16)), "1", "b") == {"contention": 3.0}


def test_of_overlapping_work_the_earliest_counts():
    rows = [
        ("0", "in", "Eva", 0, 1), ("1", "in", "Eva", 1, 2), ("2", "in", "Eva", 2, 3),
        ("0", "b", "Ana", 2, 4), ("2", "b", "Ana", 3, 8), ("1", "b", "Ana", 9, 10),
    ]  # fmt: skip
    told = {"contention": 2.0, "prioritisation": 4.0, "extraneous": 1.0}
    assert found(rows, duty(), "1", "b") == told


def test_without_a_resource_the_cause_is_unknown_and_first_pieces_do_not_wait():
    rows = [("1", "in", "Eva", 0, 1), ("1", "b", None, 4, 5), ("1", "c", "Ana", 5, 5)]
    result = waits(log_of(rows), duty())
    assert result.first == 1
    assert result.pieces["unattributed"].tolist() == [3.0, 0.0]
    assert result.shares["unattributed"].value == 1.0
    assert (result.wait.value, result.wait.n, result.wait.clusters) == (1.5, 2, 1)
    assert result.by_activity()["b"]["wait"].value == 3.0


def test_hours_of_a_batch_off_duty_are_told():
    rows = [
        ("1", "in", "Eva", 0, 20), ("2", "in", "Eva", 0, 22),
        ("1", "sign", "Ana", 32, 33), ("2", "sign", "Ana", 33, 34),
    ]  # fmt: skip
    result = waits(log_of(rows), duty(*range(8, 16)))
    assert result.batching_off_duty == 2.0
    assert result.shares["batching"].value == pytest.approx(2 / 23)


PIECES = st.lists(
    st.tuples(st.integers(0, 5), st.sampled_from("ab"), st.sampled_from([*PEOPLE, None]),
              st.integers(0, 40), st.integers(0, 6)),
    min_size=1, max_size=25,
)  # fmt: skip


@settings(max_examples=30)
@given(PIECES, st.lists(st.integers(0, 23), max_size=12))
def test_every_hour_has_the_cause_that_a_count_hour_by_hour_gives(pieces, hours):
    log = log_of([(f"{c}", a, who, at, at + n) for c, a, who, at, n in pieces])
    calendar = duty(*(hours or [25]))
    result = waits(log, calendar, batch=99)  # batches are told by hand above
    events = log.events.reset_index(drop=True)
    ends = dict(enumerate((events["end"] - MONDAY) / pd.Timedelta("1h")))
    starts = dict(enumerate((events["start"] - MONDAY) / pd.Timedelta("1h")))
    case = events["case"]
    enabled = {}
    for i in events.index:
        others = [j for j in events.index if j != i and case[j] == case[i]]
        before = [ends[j] for j in others if ends[j] <= starts[i]]
        enabled[i] = max(before, default=None)
    rows = iter(result.pieces.to_dict("records"))
    for i in events.index:
        if enabled[i] is None:
            continue
        row, told = next(rows), dict.fromkeys(CAUSES, 0)
        for hour in range(int(enabled[i]), int(starts[i])):
            told[_cause(events, hour, i, enabled, starts, ends, calendar)] += 1
        assert {c: round(row[c], 6) for c in CAUSES} == told


def _cause(events, hour, i, enabled, starts, ends, calendar):
    who = events["resource"][i]
    if pd.isna(who):
        return "unattributed"
    under_way = [starts[j] if enabled[j] is None else enabled[j] for j in events.index
                 if events["resource"][j] == who and starts[j] <= hour < ends[j]]  # fmt: skip
    if under_way:
        return "contention" if min(under_way) <= enabled[i] else "prioritisation"
    on = calendar.on_duty[PEOPLE.index(who), hour % 168]
    return "extraneous" if on else "unavailability"


@given(
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 50)), min_size=1, max_size=20),
    st.integers(0, 20), st.integers(0, 20), st.integers(0, 12),
)  # fmt: skip
def test_sums_over_a_range_of_places_and_of_ranks(items, a, b, bound):
    rank, weight = np.array(items).T
    low, high = sorted((min(a, len(rank)), min(b, len(rank))))
    found = dominated(rank, weight, np.array([low]), np.array([high]), np.array([bound]))
    assert found[0] == sum(w for r, w in items[low:high] if r < bound)


def test_what_cannot_be_told_is_refused():
    log = log_of([("1", "in", "Eva", 0, 1), ("1", "b", "Ana", 4, 5)])
    with pytest.raises(UsageError, match="at least 2"):
        waits(log, batch=1)
    with pytest.raises(DataError, match="1 have none"):
        waits(log, duty(names=("Ana",)))
    untimed = EventLog(events=log.events.assign(start=pd.NaT), cases=log.cases, until=log.until)
    with pytest.raises(DataError, match="starts and ends of work"):
        waits(untimed)


@pytest.mark.data
def test_the_causes_add_up_to_the_wait_on_the_loan_applications(mirror):
    raw = reading.read_raw(mirror / "loanapp_synthetic/train.csv.gz")
    result = waits(building.event_log(raw, mapping.guess(raw)))
    pieces = result.pieces
    assert len(pieces) > 5000
    assert np.allclose(pieces[list(CAUSES)].sum(axis=1), pieces["wait"])
    assert (pieces[list(CAUSES)] >= 0).all().all()
    assert sum(e.value for e in result.shares.values()) == pytest.approx(1)
