"""All who work are described together, and fewer than five not at all."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest

from iagkit.core.event_log import EventLog
from iagkit.core.message import Message
from iagkit.measures.processes.workforce import workforce


def a_log(people, *, weeks=6, timed=False):
    """Each works Mondays at nine, the k-th of them k + 1 pieces; the first alone does 'stamp'."""
    rows = []
    for week in range(weeks):
        monday = pd.Timestamp("2024-01-01 09:00") + pd.Timedelta(weeks=week)
        for k in range(people):
            for piece in range(k + 1):
                at = monday + pd.Timedelta(minutes=piece)
                activity = "stamp" if k == people - 1 else "read"
                rows.append((f"{week}-{k}-{piece}", activity, at, f"person {k}"))
    events = pd.DataFrame(rows, columns=["case", "activity", "end", "resource"])
    events["start"] = events["end"] - pd.Timedelta(minutes=30) if timed else pd.NaT
    events["order"] = np.arange(len(events))
    cases = pd.DataFrame({"case": events["case"], "opened": events["end"], "closed": events["end"],
                          "due": pd.NaT})  # fmt: skip
    return EventLog(events=events, cases=cases, until=datetime(2024, 3, 1))


def test_seven_people_by_hand():
    found = workforce(a_log(7))
    assert (found.people, found.pieces.value, found.activities.value) == (7, 24.0, 1.0)
    assert found.on_duty[0, 9] == 7
    assert found.on_duty.sum() == 7
    assert (found.hanging.value, found.hanging.n) == (0.5, 2)
    assert isinstance(found.busy_hours, Message)
    assert isinstance(found.busiest_tenth, Message)


def test_hours_under_way_need_starts():
    found = workforce(a_log(7, timed=True))
    assert found.busy_hours.unit == "hours a week"
    assert found.busy_hours.value == pytest.approx(33 / 60)


def test_fewer_than_five_and_nobody_are_not_described():
    assert "fewer than 5 people" in str(workforce(a_log(4)))
    log = a_log(5)
    nobody = EventLog(events=log.events.assign(resource=None), cases=log.cases, until=log.until)
    assert "does not tell who" in str(workforce(nobody))


def test_what_is_told_holds_no_name():
    assert "person" not in repr(workforce(a_log(7)))
