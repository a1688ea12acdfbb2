"""Who is served when the highest scores come first and the capacity ends."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import ClassVar

from iagkit.checks.asking import Question
from iagkit.checks.audit_settings import AuditSettings, cells, settings
from iagkit.checks.comparing import OF_NUMBERS, Asking, named, numbers_told
from iagkit.checks.rates import COUNTED
from iagkit.core.message import say
from iagkit.core.nouns import Finding, Run
from iagkit.measures import ranking
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.groupwise import Groupwise
from iagkit.measures.representation import representation

LISTED = ("selection_rate", "recall_at_capacity", "precision_at_capacity", "exposure")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ranking(Question):
    """Selection, recall, exposure and representation under the declared capacity."""

    name: ClassVar[str] = "ranking"
    question: ClassVar[str] = "Who is served within the capacity?"
    needs: ClassVar[frozenset[str]] = COUNTED
    gives: ClassVar[tuple[str, ...]] = (
        *named(LISTED, OF_NUMBERS, family="ranking"),
        *named(("share_of_selected", "representation"), family="ranking"),
    )

    def answer(self, run: Run) -> Iterator[Finding]:
        """All rows, and the groups of each column."""
        asked, every = settings(run), cells(run)
        chosen = ranking.select(every, share=asked.capacity)
        for groups in (every.by(()), *(every.by((c,)) for c in asked.columns)):
            for name, question, found in _measured(every, groups, chosen, asked):
                yield from _told(name, question, found, groups, asked)
            population = asked.population.get(groups.columns[0]) if groups.columns else None
            if population:
                held = representation(
                    every, groups, chosen, population=population, level=asked.level
                )
                for name, question, found in (
                    (
                        "share_of_selected",
                        str(say("How many of those served are of this group?")),
                        held.share,
                    ),
                    (
                        "representation",
                        str(say("Is this group served as often as it lives here?")),
                        held.ratio,
                    ),
                ):
                    yield from _told(name, question, found, groups, asked, gaps=False)


def _measured(
    every: Cells, groups: Groups, chosen: ranking.Selection, asked: AuditSettings
) -> Iterator[tuple[str, str, Groupwise]]:
    yield (
        "selection_rate", str(say("How many of this group are served within the capacity?")),
        ranking.selection_rate(every, groups, chosen, level=asked.level),
    )  # fmt: skip
    if every.truth is not None and asked.positive is not None:
        yield (
            "recall_at_capacity",
            str(say("How many of those in need are served within the capacity?")),
            ranking.recall_at_capacity(
                every, groups, chosen, positive=asked.positive, level=asked.level
            ),
        )  # fmt: skip
        yield (
            "precision_at_capacity", str(say("How many of those served are in need?")),
            ranking.precision_at_capacity(
                every, groups, chosen, positive=asked.positive, level=asked.level
            ),
        )  # fmt: skip
    yield (
        "exposure", str(say("How far up the list does this group stand, on average?")),
        ranking.exposure(every, groups, level=asked.level),
    )  # fmt: skip


def _told(
    name: str, question: str, found: Groupwise, groups: Groups, asked: AuditSettings, *,
    gaps: bool = True,
) -> Iterator[Finding]:  # fmt: skip
    asking = Asking(metric=name, question=question, groups=groups, asked=asked, more={})
    for finding in numbers_told(asking, found, gaps=gaps):
        yield replace(finding, check=finding.check.replace("fairness.", "ranking.", 1))
