"""Numbers of yes-or-no predictions that are functions of the four counts, by group."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import Question
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.comparing import OF_NUMBERS, Asking, group_sets, named
from iagkit.checks.rates import COUNTED
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.count_functions import function_estimates, function_gap

QUESTIONS = {
    "balanced_accuracy": str(say("How many are right, both kinds of truth counting the same?")),
    "f1": str(say("How well are those found who truly qualify, false alarms included?")),
    "matthews_corrcoef": str(say("How closely do answers and truth go together?")),
    "generalized_entropy_index": str(say("How unevenly do the errors fall on single people?")),
}
OF_GROUPS = ("balanced_accuracy", "f1", "matthews_corrcoef")
"""Numbers that are compared between groups; the index is one of all people together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Functions(Question):
    """F1, balanced accuracy and the rest, of all and of each group, with gaps."""

    name: ClassVar[str] = "functions"
    question: ClassVar[str] = "How good are the answers to each group, taken as a whole?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = (
        *named(OF_GROUPS, OF_NUMBERS),
        *named(QUESTIONS),
        *named(QUESTIONS, family="performance"),
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """All sets of groups; numbers of all rows are told as performance too."""
        asked, every = settings(run), cells(run)
        for groups in group_sets(every, asked):
            for metric in OF_GROUPS if groups.columns else QUESTIONS:
                yield from _told(metric, every, groups, asked)


def _told(metric: str, every: Cells, groups: Groups, asked: AuditSettings) -> Iterator[Finding]:
    assert asked.positive is not None
    positive, question = every.labels[asked.positive], QUESTIONS[metric]
    found = function_estimates(metric, every, groups, positive=positive, level=asked.level)
    if not groups.columns:
        yield _of_all(f"performance.{metric}", question, found[0])
    asking = Asking(metric=metric, question=question, groups=groups, asked=asked, more={})
    yield from asking.each(found)
    if groups.columns:
        gap = function_gap(
            metric, every, groups, positive=positive, level=asked.strict, min_group=asked.min_group
        )
        yield asking.apart(".gap", gap)


def _of_all(check: str, question: str, found: Estimate | Message) -> Finding:
    return Finding(
        check=check, question=question,
        estimate=found if isinstance(found, Estimate) else None,
        because=found if isinstance(found, Message) else None,
    )  # fmt: skip
