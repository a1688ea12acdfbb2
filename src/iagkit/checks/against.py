"""Whether a second prediction of the same rows does better, and for whom.

Each interval is paired: both predictions are of the same people. The error is shared out three
times: among the changes of all rows together, among those of all groups, and among those of the
gaps. In each of the three, *any* interval misses with at most one minus the level.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import Question, too_few
from iagkit.checks.audit_settings import METRICS, AuditSettings, cells, settings
from iagkit.checks.comparing import named
from iagkit.checks.labelled import known, measured, metrics, shown, unlabelled
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.gap_changes import gap_change
from iagkit.measures.paired import Paired, paired
from iagkit.measures.pairing import Number, comparable

VALUE = say("How large is this number with the second prediction?").template
CHANGE = say("How much does this number change with the second prediction?").template
GAP = say("How much does the gap between groups change with the second prediction?").template


@dataclass(frozen=True, slots=True, kw_only=True)
class Against(Question):
    """A second prediction held against the first, row by row."""

    name: ClassVar[str] = "against"
    question: ClassVar[str] = "Does a second prediction of the same rows do better?"
    needs: ClassVar[frozenset[str]] = frozenset({"cells", "asked"})
    gives: ClassVar[tuple[str, ...]] = named(
        filter(comparable, METRICS), ("", ".change", ".gap_change"), family="against"
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """For each metric its value and change, for all rows and each group, and its gaps."""
        if (because := _lacking(run)) is not None:
            yield self.found(because)
            return
        counts, asked = known(run, against=True), settings(run)
        told = tuple(metric for metric in metrics(asked) if comparable(metric))
        for metric in told:
            yield from _overall(counts, asked, metric, len(told))
        for column in asked.columns:
            for metric in told:
                yield from _of_column(counts, asked, metric, column, len(told))


def _lacking(run: Run) -> Message | None:
    if cells(run).against is None:
        return say("no second prediction was named, so nothing is compared with the first")
    if (because := unlabelled(run)) is not None:
        return because
    if not len(known(run, against=True)):
        return say("no row has a truth and both predictions")
    return None


def _pair(
    asked: AuditSettings, metric: str, counts: Cells, groups: Groups
) -> tuple[Number, Number]:
    assert counts.prediction is not None
    assert counts.against is not None
    return (
        measured(asked, metric, counts, groups, counts.prediction),
        measured(asked, metric, counts, groups, counts.against),
    )


def _shared(asked: AuditSettings, among: int) -> float:
    return 1 - (1 - asked.level) / max(1, among)


def _finding(
    check: str,
    question: str,
    told: Estimate | Message,
    where: dict[str, str],
    between: tuple[str, str] | None = None,
) -> Finding:
    known = isinstance(told, Estimate)
    return Finding(
        check=check,
        question=question,
        estimate=told if isinstance(told, Estimate) else None,
        because=told if isinstance(told, Message) else None,
        where=where,
        between=between if known else None,
    )


def _overall(counts: Cells, asked: AuditSettings, metric: str, many: int) -> Iterator[Finding]:
    groups = counts.by()
    first, second = _pair(asked, metric, counts, groups)
    change = paired(counts, groups, first, second, level=_shared(asked, many))
    yield _finding(f"against.{metric}", VALUE, shown(asked, metric, counts, second, 0), {})
    yield _finding(f"against.{metric}.change", CHANGE, _changed(asked, change, 0), {})


def _of_column(
    counts: Cells, asked: AuditSettings, metric: str, column: str, many: int
) -> Iterator[Finding]:
    groups = counts.by((column,))
    first, second = _pair(asked, metric, counts, groups)
    every = sum(counts.by((c,)).of for c in asked.columns)
    change = paired(counts, groups, first, second, level=_shared(asked, many * every))
    for group in range(groups.of):
        where = groups.where(group)
        value = shown(asked, metric, counts, second, group)
        yield _finding(f"against.{metric}", VALUE, value, where)
        yield _finding(f"against.{metric}.change", CHANGE, _changed(asked, change, group), where)
    gap = gap_change(
        counts, groups, first, second,
        level=_shared(asked, many * len(asked.columns)), min_group=asked.min_group,
    )  # fmt: skip
    answer = gap.because if gap.estimate is None else gap.estimate
    assert answer is not None
    yield _finding(f"against.{metric}.gap_change", GAP, answer, {column: "*"}, gap.between)


def _changed(asked: AuditSettings, change: Paired, group: int) -> Estimate | Message:
    fewest = min(int(side.n[group]) for side in (change.first, change.second))
    if 0 < fewest < asked.min_group:
        return too_few(fewest, asked.min_group)
    return change.estimate(group)
