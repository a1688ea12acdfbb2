"""How often the next activity is told rightly, beside the most frequent follower."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Final

from iagkit.checks.asking import Chapter, Told
from iagkit.core.nouns import Check

PART: Final = "next"


def _one(name: str, *, question: str, of: Any) -> Told:
    return Told(name=f"process.next.{name}", question=question, part=PART, of=of)


PARTS: tuple[Check, ...] = (
    _one("right", question="How often is the next activity told rightly?", of=lambda t: t.right),
    _one(
        "right_of_last", of=lambda t: t.right_of_last,
        question="And by the most frequent follower of the last activity?",
    ),
    _one(
        "difference", of=lambda t: t.difference,
        question="How much more often is it told rightly than by that follower?",
    ),
    _one("top_3", question="How often is it among the three likeliest?", of=lambda t: t.top),
    _one(
        "top_3_of_last", of=lambda t: t.top_of_last,
        question="And among the three most frequent followers of the last activity?",
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessNext(Chapter):
    """All of this page; silent where the prototype declares that nothing is to be forecast."""

    name: ClassVar[str] = "process_next"
    question: ClassVar[str] = "Is it known what is done next?"
    only_with: ClassVar[str] = PART
    parts: ClassVar[tuple[Check, ...]] = PARTS
