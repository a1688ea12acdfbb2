"""What people made of the answers they read: how often they overrode them, and each other.

People read what the model is unsure of. How often they override it there says little of the cases
nobody read, and is told for automatic answers and for those left to people apart. Where reviewers
disagree a case counts with the share of them who overrode it. Gaps are told at a level divided
over the declared columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import (
    GROUP,
    Chapter,
    Question,
    clusters,
    counted,
    for_people,
    group_columns,
    level,
    too_few,
)
from iagkit.checks.drift import raised
from iagkit.checks.groups import per_group, too_many
from iagkit.core.message import say
from iagkit.core.nouns import Check, Finding, Run
from iagkit.measures.agreement import human_ceiling
from iagkit.measures.cells import Cells
from iagkit.measures.drift import watch
from iagkit.measures.gaps import furthest_gap
from iagkit.measures.paired import paired
from iagkit.measures.pairing import number
from iagkit.measures.rates import share

NEEDS = frozenset({"overridden"})
LATER = frozenset({"later"})


def _overridden(run: Run) -> NDArray[np.float64]:
    return np.asarray(run.outcome.table["overridden"], dtype=float)


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideRate(Question):
    """Share of the cases read in which people decided otherwise than was proposed."""

    name: ClassVar[str] = "review.override_rate"
    question: ClassVar[str] = "How often did people decide otherwise than was proposed?"
    needs: ClassVar[frozenset[str]] = NEEDS

    def answer(self, run: Run) -> Iterator[Finding]:
        """The whole; automatic answers and others; each class proposed; each group."""
        hits = _overridden(run)
        yield self.found(share(hits, clusters=clusters(run), level=level(run)))
        kinds = {
            "answer": np.where(for_people(run), "for people", "automatic"),
            "class": np.asarray(run.outcome.table["prediction"], dtype=object).astype(str),
            **dict(group_columns(run)),
        }
        for column, groups in kinds.items():
            for group, told in per_group(run, hits, groups):
                yield self.found(told, {column: group})


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideGap(Question):
    """Difference between the groups whose answers are overridden least and most often."""

    name: ClassVar[str] = "review.override_rate.gap"
    question: ClassVar[str] = "How far apart are the groups in how often people decide otherwise?"
    needs: ClassVar[frozenset[str]] = NEEDS | {GROUP}

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each declared column."""
        columns = list(group_columns(run))
        strict = 1 - (1 - level(run)) / len(columns)
        for column, groups in columns:
            if (many := too_many(groups)) is not None:
                yield self.found(many, {column: "*"})
                continue
            gap = furthest_gap(
                _overridden(run), groups, clusters=clusters(run), level=strict,
                min_group=run.prototype.protocol.min_group,
            )  # fmt: skip
            if gap.estimate is None or gap.lowest is None or gap.highest is None:
                yield self.found(gap.because or say("no reason was given"), {column: "*"})
                continue
            between = None if gap.lowest == gap.highest else (gap.lowest, gap.highest)
            yield self.found(gap.estimate, {column: "*"}, between)


class _OfDecisions(Question):
    """A question about decisions, whether or not any is about a held-out case."""

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """All findings, or one that says why there is none."""
        if missing := sorted(self.needs - set(run.outcome.evidence)):
            return (self.found(say("the outcome holds no {missing}", missing=", ".join(missing))),)
        return tuple(self.answer(run))


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreement(_OfDecisions):
    """How often two people who read the same case decide alike."""

    name: ClassVar[str] = "review.agreement"
    question: ClassVar[str] = "How often do two people who read the same case decide alike?"
    needs: ClassVar[frozenset[str]] = frozenset({"decisions"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; none where no case was read by two people."""
        said: list[dict[str, Any]] = run.outcome.evidence["decisions"]
        cases = [f"{row.get('batch', '')}/{row['id']}" for row in said]
        found = human_ceiling(cases, [row["decision"] for row in said], level=level(run))
        if found.agreement is None:
            yield self.found(say("no case was decided by two people whose names are told apart"))
        else:
            yield self.found(found.agreement)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settled(Question):
    """Cases that people agree on, and may be learnt from."""

    name: ClassVar[str] = "review.settled"
    question: ClassVar[str] = "How many of the cases read have one decision all agree on?"
    needs: ClassVar[frozenset[str]] = frozenset({"settled"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding, counted."""
        alike = np.asarray(run.outcome.table["settled"], dtype=bool)
        yield self.found(counted(float(alike.sum()), n=len(alike), unit="cases"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Relearnt(Question):
    """What learning from the decisions changes on held-out cases that nobody read."""

    name: ClassVar[str] = "review.relearnt_accuracy"
    question: ClassVar[str] = "How much more often is a model right that learns from the decisions?"
    needs: ClassVar[frozenset[str]] = frozenset({"relearnt"})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding: the change, of the same cases, with its interval."""
        table = run.outcome.evidence["relearnt"]
        needed = run.prototype.protocol.min_group
        if len(table) < needed:
            yield self.found(too_few(len(table), needed))
            return
        cells = _cells(table)
        groups = cells.by(())
        assert cells.prediction is not None
        assert cells.against is not None
        first, second = (
            number("accuracy", cells, groups, told) for told in (cells.prediction, cells.against)
        )
        yield self.found(paired(cells, groups, first, second, level=level(run)).estimate())


def _cells(table: Any) -> Cells:
    """One cell a case, with both answers."""
    both = ("truth", "prediction", "against")
    names = sorted({str(v) for column in both for v in table[column]})
    place = {name: i for i, name in enumerate(names)}
    truth, first, second = (np.array([place[str(v)] for v in table[c]], np.intp) for c in both)
    pieces = np.unique(table["cluster"], return_inverse=True)[1].reshape(-1)
    alone = len(np.unique(pieces)) == len(table)
    return Cells(
        columns=(), levels=(), codes=np.zeros((len(table), 0), dtype=np.intp),
        n=np.ones(len(table)), labels=tuple(names), truth=truth, prediction=first, against=second,
        cluster=None if alone else pieces.astype(np.intp),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterOverrides(_OfDecisions):
    """Share of the answers to later cases that people decided otherwise."""

    name: ClassVar[str] = "review.later_override_rate"
    question: ClassVar[str] = "Of the cases since the run, how often did people decide otherwise?"
    needs: ClassVar[frozenset[str]] = LATER

    def answer(self, run: Run) -> Iterator[Finding]:
        """Cases drawn by lot, which speak for all, and those people chose, apart."""
        cases = run.outcome.evidence["later"]["cases"]
        for chosen, by_lot in (("by lot", True), ("otherwise", False)):
            own = cases["overridden"][cases["by_lot"] == by_lot]
            told = share(own, level=level(run)) if len(own) else say("no such case was decided")
            yield self.found(told, {"chosen": chosen})


@dataclass(frozen=True, slots=True, kw_only=True)
class LaterAlarm(_OfDecisions):
    """Whether decisions about later cases are stranger to the model than those it was tested on."""

    name: ClassVar[str] = "review.alarm"
    question: ClassVar[str] = "After how many cases drawn by lot did the alarm say things changed?"
    needs: ClassVar[frozenset[str]] = LATER

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; the alarm looks at cases drawn by lot only, in the order they were read."""
        later = run.outcome.evidence["later"]
        cases = later["cases"]
        drawn = cases["strange"][cases["by_lot"].astype(bool)]
        if not len(drawn):
            yield self.found(say("no case drawn by lot was decided; only those feed the alarm"))
            return
        yield self.found(raised(watch(later["tested"], drawn)))


PARTS: tuple[Check, ...] = (
    OverrideRate(), OverrideGap(), Agreement(), Settled(), Relearnt(), LaterOverrides(),
    LaterAlarm(),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Feedback(Chapter):
    """All of this page; what nobody asked for is left out."""

    name: ClassVar[str] = "feedback"
    question: ClassVar[str] = "What did people make of the answers they read?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
    gives: ClassVar[tuple[str, ...]] = tuple(part.name for part in PARTS)

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answers of the parts whose table or evidence is there."""
        if "decisions" not in run.outcome.evidence:
            return ()
        told = set(run.outcome.evidence)
        if len(run.outcome.table):
            told |= NEEDS | {"settled"}
        asked = (p for p in self.parts if p.needs - {GROUP} <= told)
        return tuple(finding for part in asked for finding in part(run))
