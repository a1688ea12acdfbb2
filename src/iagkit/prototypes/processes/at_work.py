"""Models of a run at work: what may be told of each case that is open when a log ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from iagkit.core.event_log import EventLog
from iagkit.prototypes.processes import conformal_in_time
from iagkit.prototypes.processes.landmarks import Landmarks, every_prefix, running
from iagkit.prototypes.processes.lateness import Lateness
from iagkit.prototypes.processes.prefixes import DAY, Floats, Prefixes
from iagkit.prototypes.processes.remaining import RemainingTime
from iagkit.wire.rows import write_csv

if TYPE_CHECKING:
    import pandas as pd

FIRST: Final = 2
"""Events of the shortest prefix from which remaining time was learnt."""
COLUMNS: Final = (
    "id", "days_open", "days_still", "days_still_low", "days_still_high", "days_to_due",
    "chance_late", "look_first",
)  # fmt: skip
"""Of the list of open cases: an id and numbers, nothing else of the case."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AtWork:
    """What a run of a log leaves to be asked about open cases.

    Parameters
    ----------
    remaining : RemainingTime, optional
    margin : float
        Of its ranges; see :func:`iagkit.prototypes.processes.conformal_in_time`.
    lateness : Lateness, optional
    attributes : tuple of str
        Columns of the cases that the models read.
    capacity : float
        Cases a day that people look at; 0 if there are no alarms.
    about : mapping
        ``columns`` of the log it was learnt from, by their roles; who reviews, how to contest.
    """

    remaining: RemainingTime | None
    margin: float
    lateness: Lateness | None
    attributes: tuple[str, ...] = ()
    capacity: float = 0.0
    about: Mapping[str, Any] = field(default_factory=dict)

    def open_cases(self, log: EventLog) -> pd.DataFrame:
        """Tell what may be told of each case that is open when the log ends.

        Parameters
        ----------
        log : EventLog

        Returns
        -------
        DataFrame, one row an open case
            :data:`COLUMNS`; days are counted from the end of the log, and missing where nothing
            is known. ``chance_late`` is missing without a deadline and once it has passed (then
            ``days_to_due`` is negative). ``look_first`` marks as many as people can look at in
            a day, the likeliest to be late first.
        """
        import pandas as pd

        rows = every_prefix(log, attributes=self.attributes)
        now = running(log, rows)
        still, low, high = self._days(rows, now)
        chance = self._chances(now)
        opened = log.cases.set_index("case")["opened"].reindex(rows.names[now.row])
        days_open = (now.at - opened.to_numpy(dtype="datetime64[us]")) / DAY
        order = np.argsort(-np.nan_to_num(chance, nan=-1.0), kind="stable")
        look = np.zeros(len(now), dtype=bool)
        look[order[: int(np.ceil(self.capacity))]] = True
        values = (
            rows.names[now.row], days_open, still, low, high, now.days_to_due, chance,
            look & ~np.isnan(chance),
        )  # fmt: skip
        table = pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))
        return table.iloc[order].reset_index(drop=True).round(4)

    def answer(self, table: pd.DataFrame) -> pd.DataFrame:
        """Answer a table of events, as a store of models asks; columns as those learnt from."""
        from iagkit.wire.logs.building import event_log
        from iagkit.wire.logs.mapping import guess

        told = {k: v for k, v in self.about.get("columns", {}).items() if v in table.columns}
        return self.open_cases(event_log(table, guess(table, **told)))

    def _days(self, rows: Prefixes, now: Landmarks) -> tuple[Floats, Floats, Floats]:
        """Days from the end of the log on; what had passed since the last event is taken off."""
        told = np.full((3, len(now)), np.nan)
        known = rows.position[now.row] >= FIRST
        if self.remaining is None or not known.any():
            return told[0], told[1], told[2]
        here = np.zeros(len(rows), dtype=bool)
        here[now.row[known]] = True
        asked = rows.where(here)
        low, high = conformal_in_time.widened(*self.remaining.tails(asked), self.margin)
        days = np.stack([self.remaining.predict(asked), low, high]) - now.idle_days[known]
        told[:, known] = np.where(days[2] > 0, np.maximum(days, 0.0), np.nan)
        return told[0], told[1], told[2]

    def _chances(self, now: Landmarks) -> Floats:
        chance = np.full(len(now), np.nan)
        ahead = now.due > now.at
        if self.lateness is not None and ahead.any():
            chance[ahead] = self.lateness.predict(now.where(ahead))
        return chance


def write_open_cases(table: pd.DataFrame, path: Path) -> None:
    """Write a list of open cases as CSV; what is not known is empty."""
    known = table.astype(object).where(table.notna(), "")
    rows = [dict(zip(known.columns, row, strict=True)) for row in known.to_numpy().tolist()]
    write_csv(rows, path, columns=list(map(str, known.columns)))
