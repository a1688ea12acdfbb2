"""Prefixes of cases: by hand, and nothing from later."""

from dataclasses import replace
from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.prototypes.processes.encoding import Encoder
from iagkit.prototypes.processes.in_time import part
from iagkit.prototypes.processes.prefixes import END, UNKNOWN, prefixes


def log_of(*rows, cases=None, **columns) -> EventLog:
    """Rows are case, activity, time, and who."""
    events = pd.DataFrame(rows, columns=["case", "activity", "end", "resource"])
    events["end"] = pd.to_datetime(events["end"])
    events["start"] = pd.NaT
    events["order"] = range(len(events))
    events = events.assign(**columns).sort_values(["case", "end", "order"])
    ends = events.groupby("case")["end"]
    told = pd.DataFrame({"opened": ends.min(), "closed": ends.max(), "due": pd.NaT}).reset_index()
    if cases is not None:
        told = told.merge(cases, on="case")
    return EventLog(events=events, cases=told, until=datetime(2024, 6, 1))


TWO = (
    ("b", "ask", "2024-03-04 09:00", "Ana"),
    ("a", "ask", "2024-03-01 09:00", "Ana"),
    ("a", "read", "2024-03-03 09:00", "Eva"),
    ("a", "read", "2024-03-04 09:00", "Eva"),
    ("a", "answer", "2024-03-08 09:00", "Ana"),
    ("b", "read", "2024-03-04 21:00", None),
    ("b", "answer", "2024-03-05 09:00", "Ana"),
    ("c", "ask", "2024-03-02 09:00", "Ana"),
)


def test_cases_are_numbered_by_arrival_and_the_last_event_makes_no_prefix():
    found = prefixes(log_of(*TWO))
    assert found.names.tolist() == ["a", "a", "b"]
    assert found.case.tolist() == [0, 0, 2]
    assert found.cases == 3
    assert found.position.tolist() == [2, 3, 2]
    assert found.remaining_days.tolist() == [5, 4, 0.5]
    assert found.following.tolist() == ["read", "answer", "answer"]


def test_the_whole_of_open_cases_is_asked_about_too():
    found = prefixes(log_of(*TWO), first=1, min_events=1, whole=True)
    assert len(found) == len(TWO)
    assert found.following.tolist().count(END) == 3


def test_times_counts_and_people_are_those_of_the_prefix():
    found = prefixes(log_of(*TWO))
    numbers = found.numbers
    assert numbers["elapsed_days"].tolist() == [2, 3, 0.5]
    assert numbers["gap_days"].tolist() == [2, 1, 0.5]
    assert numbers["gap_before_days"].tolist() == [0, 2, 0]
    assert numbers["weekday"].tolist() == [6, 0, 0]
    assert numbers["handed_over"].tolist() == [1, 1, 1]
    assert numbers["repeats"].tolist() == [0, 1, 0]
    assert found.counts["read"].tolist() == [1, 2, 1]
    assert found.counts["answer"].tolist() == [0, 0, 0]
    assert found.words["pair"].tolist() == ["ask > read", "read > read", "ask > read"]
    assert found.words["resource"].tolist() == ["Eva", "Eva", UNKNOWN]


def test_what_an_event_told_is_known_from_then_on_and_not_before():
    amounts = [np.nan, np.nan, 7.0, np.nan, 9.0, np.nan, np.nan, np.nan]
    found = prefixes(log_of(*TWO, amount=amounts), first=1)
    assert found.numbers["amount"].tolist()[:3] == pytest.approx([np.nan, 7, 7], nan_ok=True)
    assert found.numbers["amount"][3:].isna().all()


def test_columns_of_cases_are_taken_only_if_they_are_named():
    cases = pd.DataFrame({"case": ["a", "b", "c"], "channel": ["web", "desk", "web"]})
    log = log_of(*TWO, cases=cases)
    assert "channel" not in prefixes(log).words
    named = prefixes(log, attributes=("channel",))
    assert named.words["channel"].tolist() == ["web", "web", "desk"]
    with pytest.raises(DataError, match="'chanel' is none"):
        prefixes(log, attributes=("chanel",))


def random_log(seed: int, cases: int = 60) -> EventLog:
    rng = np.random.default_rng(seed)
    rows = []
    for case in range(cases):
        at = pd.Timestamp("2024-01-01") + pd.Timedelta(days=float(rng.uniform(0, 90)))
        for _ in range(int(rng.integers(1, 9))):
            rows.append(
                (f"c{case}", str(rng.choice(list("abcd"))), at, str(rng.choice(["p", "q"])))
            )
            at += pd.Timedelta(days=float(rng.exponential(3)))
    return log_of(*rows)


@pytest.mark.parametrize("seed", range(3))
def test_nothing_in_a_prefix_changes_when_the_future_is_cut_away(seed):
    log = random_log(seed)
    moment = pd.Timestamp("2024-02-15")
    events = log.events[log.events["end"] <= moment]
    closed = log.cases["closed"].where(log.cases["closed"] <= moment)
    cases = log.cases.assign(closed=closed)[log.cases["case"].isin(events["case"])]
    whole = prefixes(log, min_events=1, first=1, whole=True)
    cut = prefixes(replace(log, events=events, cases=cases), min_events=1, first=1, whole=True)
    then = whole.where(whole.at <= np.datetime64(moment))
    assert then.names.tolist() == cut.names.tolist()
    by_ending = [c for c in then.numbers if c.startswith("since_")]
    pd.testing.assert_frame_equal(
        then.numbers.drop(columns=by_ending).reset_index(drop=True),
        cut.numbers.drop(columns=by_ending, errors="ignore"),
    )
    pd.testing.assert_frame_equal(then.words.reset_index(drop=True), cut.words)


def test_no_case_long_enough_is_refused():
    with pytest.raises(DataError, match="got none among 3 cases"):
        prefixes(log_of(*TWO), min_events=9)


def test_what_was_not_over_at_the_date_is_not_learnt_from():
    rows = prefixes(random_log(1, cases=300), min_events=2, first=1)
    known, every = part(rows, labels="known"), part(rows, labels="all")
    assert (rows.ended[known.train] < known.from_).all()
    assert (rows.began[known.test] >= known.from_).all()
    assert every.train.sum() > known.train.sum()
    assert known.unknown_cases > 0 == every.unknown_cases
    assert (every.test == known.test).all()


def test_too_few_cases_are_refused():
    with pytest.raises(DataError, match="at least 20 closed cases"):
        part(prefixes(random_log(1, cases=40), min_events=2, first=1))


def test_a_training_case_does_not_tell_its_own_answer():
    rows = prefixes(random_log(2, cases=100), min_events=2, first=1)
    rows = replace(rows, words=rows.words.assign(own=rows.names.astype(str)))
    days = rows.remaining_days
    encoder = Encoder()
    matrix = encoder.fit_transform(rows, days)
    column = encoder.names.index("own: mean")
    assert len(np.unique(matrix[:, column].round(9))) <= 5
    assert len(np.unique(encoder.transform(rows)[:, column].round(9))) > 50
