"""Whether the model serves declared groups alike.

Several columns and several measures are looked at together, and the worst pair of groups is
looked for in each: without correction equal treatment would be accused again and again. Each
gap holds for all pairs of its groups together (:func:`iagkit.measures.gaps.furthest_gap`), at a
level divided over all gaps of this page (Bonferroni, columns times measures): the chance
that *any* interval of a gap leaves 0 out although all groups are alike is at most one minus
the level of the protocol. A gate that tolerates a gap of some size accuses more rarely still.
Shares of single groups are told at the level of the protocol, each for itself: read them as
descriptions, the gap as the evidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import (
    GROUP,
    MIN_CELL,
    Chapter,
    Question,
    clusters,
    counted,
    for_people,
    group_columns,
    level,
    right,
    shortlisted,
    too_few,
)
from iagkit.checks.groups import per_group, too_many
from iagkit.core.message import Message
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.measures.gaps import furthest_gap

MEASURES = 3
"""Gaps told for each column: accuracy, abstention rate, conformal coverage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _PerGroup(Question):
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]]

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each group of each declared column."""
        hits = type(self).hits(run)
        for column, groups in group_columns(run):
            for group, told in per_group(run, hits, groups):
                yield self.found(told, {column: group})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Gap(Question):
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]]

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each declared column."""
        hits, columns = type(self).hits(run), list(group_columns(run))
        strict = 1 - (1 - level(run)) / (len(columns) * MEASURES)
        for column, groups in columns:
            told, between = _furthest(run, hits, groups, strict)
            yield self.found(told, {column: "*"}, between)


def _furthest(
    run: Run, hits: NDArray[Any], groups: NDArray[Any], strict: float
) -> tuple[Estimate | Message, tuple[str, str] | None]:
    if (many := too_many(groups)) is not None:
        return many, None
    gap = furthest_gap(
        hits,
        groups,
        clusters=clusters(run),
        level=strict,
        min_group=run.prototype.protocol.min_group,
    )
    if gap.estimate is None:
        assert gap.because is not None
        return gap.because, None
    assert gap.lowest is not None
    assert gap.highest is not None
    return gap.estimate, None if gap.lowest == gap.highest else (gap.lowest, gap.highest)


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyByGroup(_PerGroup):
    """Share of right answers in each group."""

    name: ClassVar[str] = "fairness.accuracy"
    question: ClassVar[str] = "How many of the answers to this group are right?"
    needs: ClassVar[frozenset[str]] = frozenset({"truth", "prediction", GROUP})
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]] = right


@dataclass(frozen=True, slots=True, kw_only=True)
class AccuracyGap(_Gap):
    """Difference of accuracy between the furthest groups."""

    name: ClassVar[str] = "fairness.accuracy.gap"
    question: ClassVar[str] = "How far apart are the groups in how many answers are right?"
    needs: ClassVar[frozenset[str]] = frozenset({"truth", "prediction", GROUP})
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]] = right


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstentionByGroup(_PerGroup):
    """Share of cases of each group that go to a person."""

    name: ClassVar[str] = "fairness.abstention_rate"
    question: ClassVar[str] = "How many cases of this group go to a person?"
    needs: ClassVar[frozenset[str]] = frozenset({"decided", GROUP})
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]] = for_people


@dataclass(frozen=True, slots=True, kw_only=True)
class AbstentionGap(_Gap):
    """Difference of the abstention rate between the furthest groups."""

    name: ClassVar[str] = "fairness.abstention_rate.gap"
    question: ClassVar[str] = "How far apart are the groups in how many cases go to a person?"
    needs: ClassVar[frozenset[str]] = frozenset({"decided", GROUP})
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]] = for_people


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageByGroup(_PerGroup):
    """Share of cases of each group whose truth is on the shortlist."""

    name: ClassVar[str] = "fairness.conformal_coverage"
    question: ClassVar[str] = "How often does the shortlist of this group hold the right answer?"
    needs: ClassVar[frozenset[str]] = frozenset({"truth", "labels", GROUP})
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]] = shortlisted


@dataclass(frozen=True, slots=True, kw_only=True)
class CoverageGap(_Gap):
    """Difference of conformal coverage between the furthest groups."""

    name: ClassVar[str] = "fairness.conformal_coverage.gap"
    question: ClassVar[str] = "How far apart are the groups in how often the shortlist is right?"
    needs: ClassVar[frozenset[str]] = frozenset({"truth", "labels", GROUP})
    hits: ClassVar[Callable[[Run], NDArray[np.bool_]]] = shortlisted


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupSize(Question):
    """Cases of each group among those held out."""

    name: ClassVar[str] = "fairness.group_size"
    question: ClassVar[str] = "How many held-out cases are of this group?"
    needs: ClassVar[frozenset[str]] = frozenset({GROUP})

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each group; very small ones are not counted in public."""
        for column, groups in group_columns(run):
            if (many := too_many(groups)) is not None:
                yield self.found(many, {column: "*"})
                continue
            for group, size in zip(*np.unique(groups, return_counts=True), strict=True):
                n = int(size)
                told = counted(n, n=n, unit="cases") if n >= MIN_CELL else too_few(n, MIN_CELL)
                yield self.found(told, {column: str(group)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Fairness(Chapter):
    """All of this page."""

    name: ClassVar[str] = "fairness"
    question: ClassVar[str] = "Are declared groups served alike?"
    needs: ClassVar[frozenset[str]] = frozenset({GROUP})
    parts: ClassVar[tuple[Check, ...]] = (
        AccuracyByGroup(),
        AccuracyGap(),
        AbstentionByGroup(),
        AbstentionGap(),
        CoverageByGroup(),
        CoverageGap(),
        GroupSize(),
    )
