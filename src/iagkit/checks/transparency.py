"""Which duties of transparency a system has, and how far its record documents them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import ClassVar

from iagkit.checks.asking import Chapter, Question, counted
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run

NO_DUTY = say("no duty that was verified and has a form is known to apply there")
DEPENDS = say("whether it applies depends on what was not declared, or is not known")


@dataclass(frozen=True, slots=True, kw_only=True)
class DutyTold:
    """One law, recommendation or standard, as the flow found it.

    Parameters
    ----------
    id : str
    applies : bool
        ``False`` where that depends on what was not declared.
    fields, filled : int
        Required fields of its forms, and those that evidence or answers document; no fields where
        there is no form, or nobody read it at its source.
    """

    id: str
    applies: bool
    fields: int
    filled: int


@dataclass(frozen=True, slots=True, kw_only=True)
class _OfDuties(Question):
    """A question about duties."""

    needs: ClassVar[frozenset[str]] = frozenset({"duties"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Documented(_OfDuties):
    """Share of the duties that are documented whole."""

    name: ClassVar[str] = "transparency.documented"
    question: ClassVar[str] = "What share of the duties of transparency is documented whole?"

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding; only what applies, was verified and has a form is counted."""
        known = _known(run)
        yield self.found(_counted([one.filled == one.fields for one in known]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Fields(_OfDuties):
    """Share of what they ask that is documented."""

    name: ClassVar[str] = "transparency.fields"
    question: ClassVar[str] = "What share of what the duties of transparency ask is documented?"

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding over all of their required fields."""
        known = _known(run)
        filled, asked = sum(one.filled for one in known), sum(one.fields for one in known)
        yield self.found(counted(filled / asked, n=asked, unit="share") if asked else NO_DUTY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty(_OfDuties):
    """Each duty alone."""

    name: ClassVar[str] = "transparency.duty"
    question: ClassVar[str] = "What share of what this duty asks is documented?"

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding a duty that has a form."""
        for one in run.outcome.evidence["duties"]:
            if one.fields:
                found = counted(one.filled / one.fields, n=one.fields, unit="share")
                yield self.found(found if one.applies else DEPENDS, {"duty": one.id})


def _known(run: Run) -> Sequence[DutyTold]:
    told: Sequence[DutyTold] = run.outcome.evidence["duties"]
    return [one for one in told if one.applies and one.fields]


def _counted(whole: Sequence[bool]) -> Estimate | Message:
    if not whole:
        return NO_DUTY
    return counted(sum(whole) / len(whole), n=len(whole), unit="share")


PARTS: tuple[Check, ...] = (Documented(), Fields(), Duty())


@dataclass(frozen=True, slots=True, kw_only=True)
class Transparency(Chapter):
    """All of this page; asked of every run that declares its jurisdiction."""

    name: ClassVar[str] = "transparency"
    question: ClassVar[str] = "Which duties of transparency are documented?"
    parts: ClassVar[tuple[Check, ...]] = PARTS
