"""Logs for the tests of simulation: built by hand, or made by a model whose parts are known."""

from datetime import datetime, timedelta

import numpy as np
import pandas as pd

from iagkit.core.event_log import EventLog

MONDAY = datetime(2024, 1, 1)


def log_of(*rows, until=24 * 365.0, opened=None, closed=None, groups=None) -> EventLog:
    """Rows of case, activity, start, end and resource, in hours since a Monday; ``None``: none."""
    events = pd.DataFrame(rows, columns=["case", "activity", "start", "end", "resource"])
    for name in ("start", "end"):
        events[name] = local(events[name])
    events["resource"] = events["resource"].astype("string")
    events["order"] = np.arange(len(events))
    first = events["start"].where(events["start"].notna(), events["end"])
    cases = events.assign(first=first).groupby("case").agg(opened=("first", "min"))
    cases["closed"] = events.groupby("case")["end"].max()
    for name, told in (("opened", opened), ("closed", closed)):
        for case, hours in (told or {}).items():
            cases.loc[case, name] = local([hours])[0]
    cases["due"] = pd.NaT
    if groups:
        cases["district"] = pd.Series(groups)
    cases = cases.reset_index()
    return EventLog(
        events=events.sort_values(["case", "end", "order"], ignore_index=True),
        cases=cases,
        until=MONDAY + timedelta(hours=until),
        groups=("district",) if groups else (),
    )


def local(hours):
    """Hours since the Monday as local times."""
    numbers = pd.Series(hours, dtype=float)
    return (pd.Timestamp(MONDAY) + pd.to_timedelta(numbers, unit="h")).astype("datetime64[us]")
