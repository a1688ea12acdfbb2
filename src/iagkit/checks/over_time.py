"""Whether what a model does changed from period to period, for all and for each group.

All series of this page share one error: where nothing changed, *any* change or trend is found
with at most one minus the level. So only a few numbers are watched; each more makes every change
harder to find.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np

from iagkit.checks.asking import Question
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.comparing import named
from iagkit.checks.labelled import known, measured, metrics, shown, unlabelled
from iagkit.core.message import Message, say
from iagkit.core.nouns import MISSING, Estimate, Finding, Run
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.over_time import Change, Series, Trend, Watched, watch
from iagkit.measures.pairing import Number

OF_ALL = (
    "selection_rate", "prevalence", "true_positive_rate", "false_positive_rate", "precision",
    "accuracy",
)  # fmt: skip
OF_GROUPS = ("selection_rate", "true_positive_rate", "false_positive_rate", "accuracy")
POINT = say("How large is this number in each period?").template
CHANGE = say("Did this number change, and when?").template
TREND = say("Does this number drift from period to period?").template
SEASON = say("How likely is so large a change by chance if seasons may differ?").template
SPREAD = say("How many times more than by chance do neighbouring periods differ?").template


@dataclass(frozen=True, slots=True, kw_only=True)
class OverTime(Question):
    """Each watched number by period, its largest change and its trend."""

    name: ClassVar[str] = "over_time"
    question: ClassVar[str] = "Did what the model does change over time?"
    needs: ClassVar[frozenset[str]] = frozenset({"cells", "asked"})
    gives: ClassVar[tuple[str, ...]] = named(
        OF_ALL, ("", ".change", ".trend", ".season", ".spread"), family="over_time"
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """Series of all rows and of each group, and what was found in them."""
        if (because := _lacking(run)) is not None:
            yield self.found(because)
            return
        lines = list(_lines(run))
        for line in lines:
            yield from line.points()
        watched = watch({n: x.series for n, x in enumerate(lines)}, level=settings(run).level)
        for n, line in enumerate(lines):
            yield from line.told(watched[n])


def _lacking(run: Run) -> Message | None:
    period = settings(run).period
    if period is None or period not in cells(run).columns:
        return say("no column of dates was named, so nothing is told over time")
    if (because := unlabelled(run)) is not None:
        return because
    return None if len(_dated(run)) else say("no row has a date")


def _dated(run: Run) -> Cells:
    counts, period = known(run), settings(run).period
    assert period is not None
    place = counts.columns.index(period)
    levels = counts.levels[place]
    if MISSING not in levels:
        return counts
    return counts.where(counts.codes[:, place] != levels.index(MISSING))


def _lines(run: Run) -> Iterator[_Line]:
    counts, asked = _dated(run), settings(run)
    for metric in _watched(asked, OF_ALL):
        yield _Line(asked=asked, metric=metric, counts=counts, where={})
    for column in asked.columns:
        place = counts.columns.index(column)
        for code, group in enumerate(counts.levels[place]):
            own = counts.where(counts.codes[:, place] == code)
            if own.rows < asked.min_group:
                continue
            for metric in _watched(asked, OF_GROUPS):
                yield _Line(asked=asked, metric=metric, counts=own, where={column: group})


def _watched(asked: AuditSettings, usual: tuple[str, ...]) -> tuple[str, ...]:
    there = metrics(asked)
    return tuple(m for m in usual if m in there) or there


class _Line:
    """One number of one group, period by period."""

    def __init__(
        self, *, asked: AuditSettings, metric: str, counts: Cells, where: dict[str, str]
    ) -> None:
        assert asked.period is not None
        assert counts.prediction is not None
        self.asked, self.metric, self.counts, self.where = asked, metric, counts, where
        self.groups: Groups = counts.by((asked.period,))
        self.number: Number = measured(asked, metric, counts, self.groups, counts.prediction)

    @property
    def series(self) -> Series:
        """Hits of the cases that the rows of each period are worth."""
        found = self.number.shares
        there = np.isfinite(found.value)
        cases = np.where(there, found.cases, 0.0)
        return Series(
            periods=tuple(name for (name,) in self.groups.names),
            hits=np.where(there, found.value, 0.0) * cases,
            cases=cases,
            n=found.n,
        )

    def points(self) -> Iterator[Finding]:
        """The number in each period."""
        for group, (period,) in enumerate(self.groups.names):
            told = shown(self.asked, self.metric, self.counts, self.number, group)
            yield self._finding("", POINT, told, period)

    def told(self, found: Watched | Message) -> Iterator[Finding]:
        """Change and trend; season and spread where they put a found change in doubt."""
        if isinstance(found, Message):
            yield self._finding(".change", CHANGE, found)
            return
        change, n = found.change, found.change.difference.n
        yield self._finding(".change", CHANGE, self._scaled(change), between=_between(change))
        yield self._finding(".trend", TREND, self._scaled(found.trend))
        if change.found:
            yield self._finding(".season", SEASON, _season(change))
        if found.spread > 1:
            told = Estimate(value=found.spread, n=n, unit="times")
            yield self._finding(".spread", SPREAD, told)

    def _scaled(self, found: Change | Trend) -> Estimate:
        told, span = found.difference, self.number.span
        assert told.low is not None
        assert told.high is not None
        return replace(
            told,
            value=span * told.value,
            low=span * told.low,
            high=span * told.high,
            unit=self.number.unit,
        )

    def _finding(
        self,
        what: str,
        question: str,
        told: Estimate | Message,
        period: str = "*",
        between: tuple[str, str] | None = None,
    ) -> Finding:
        return Finding(
            check=f"over_time.{self.metric}{what}",
            question=question,
            estimate=told if isinstance(told, Estimate) else None,
            because=told if isinstance(told, Message) else None,
            where={"period": period, **self.where},
            between=between,
        )


def _between(change: Change) -> tuple[str, str] | None:
    """Last period of the old level and first of the new one, if a change was found."""
    return (change.last, change.period) if change.found else None


def _season(change: Change) -> Estimate | Message:
    if change.season is None:
        return say(
            "a change from {period} on cannot be told from a season: two full years of months or "
            "quarters are needed. Compare with the same time of another year",
            period=change.period,
        )
    return Estimate(value=change.season, n=change.difference.n, unit="probability")
