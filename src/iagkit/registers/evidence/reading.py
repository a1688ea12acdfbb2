"""A sealed record, read for registers: what it declares, what it found, in one language."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from iagkit.core.message import Message
from iagkit.core.nouns import MISSING, Finding, Verdict
from iagkit.core.record import Record
from iagkit.registers.placeholders import is_placeholder
from iagkit.registers.telling import RESULTS, Teller

ALL: Final = "*"
"""Value of a coordinate in a finding about all of its groups together."""


class Given(NamedTuple):
    """What the record says of a concept, and where it says so."""

    concept: str
    content: str | tuple[str, ...]
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A record beside the voice it is told in.

    Parameters
    ----------
    record : Record
    voice : Teller
    """

    record: Record
    voice: Teller

    @property
    def declared(self) -> Mapping[str, Any]:
        """The declaration."""
        return self.record.prototype

    @property
    def facts(self) -> Mapping[str, Any]:
        """Facts of the run."""
        return self.record.run

    @property
    def card(self) -> Mapping[str, Any]:
        """The card of the data."""
        return self.record.dataset

    @property
    def of_others(self) -> bool:
        """Whether the system is not ours: an audit knows its answers, not what it is."""
        return self.declared.get("task") in ("audit", "mitigation") or "audit" in self.facts

    @property
    def of_log(self) -> bool:
        """Whether the data are an event log."""
        return "log" in self.facts

    def words(self, told: Any) -> str:
        """A declared text in the language asked; nothing if it is not one, or says nothing."""
        said = self.voice.words(told) if isinstance(told, Mapping) else str(told or "")
        return "" if is_placeholder(said) else said.strip()

    def select(self, *families: str) -> tuple[Finding, ...]:
        """Findings whose check begins with one of these words."""
        return tuple(f for f in self.record.findings if f.check.startswith(families))

    def line(self, finding: Finding) -> str:
        """A finding in one line: the question, where, the number with cases and interval."""
        if (estimate := finding.estimate) is None:
            told = self.because(finding.because)
        elif finding.check.endswith((".gap", ".difference", ".adjusted")):
            told = self.voice.gap(estimate)
        else:
            told = self.voice.estimate(estimate)
        place = self.place(finding)
        verdict = self.verdict(finding)
        return f"{self.voice._(finding.question)}{place} {told}{verdict}"

    def because(self, told: Message | str | None) -> str:
        """The reason why there is no number."""
        return self.voice.tell(told) if isinstance(told, Message) else self.voice._(str(told))

    def place(self, finding: Finding) -> str:
        """Which groups a finding is of, in brackets; nothing if it is of all."""
        voice = self.voice
        where = [
            f"{voice._(name)}: {self.group(v)}" for name, v in finding.where.items() if v != ALL
        ]
        where += [name for name, value in finding.where.items() if value == ALL]
        if finding.between:
            where.append(" / ".join(self.group(one) for one in finding.between))
        return f" ({'; '.join(where)})" if where else ""

    def group(self, name: str) -> str:
        """Name of a group as a reader sees it."""
        if name == ALL:
            return self.voice._("all")
        return self.voice._("(not stated)") if name == MISSING else name

    def verdict(self, finding: Finding) -> str:
        """What the policy says of it; nothing if it sets no limit."""
        found = self._judged(finding)
        return f" [{self.voice.tell(RESULTS[found.result])}]" if found else ""

    def judged(self) -> frozenset[str]:
        """Checks that the policy sets a limit to."""
        return frozenset(verdict.check for verdict in self.record.verdicts)

    def _judged(self, finding: Finding) -> Verdict | None:
        same = (
            v for v in self.record.verdicts
            if v.check == finding.check and dict(v.where) == dict(finding.where)
        )  # fmt: skip
        return next(same, None)


def lines(
    read: Reading, concept: str, findings: tuple[Finding, ...], where: str
) -> Iterator[Given]:
    """One concept told by findings, if there are any with a number."""
    if any(f.estimate is not None for f in findings):
        yield Given(concept, tuple(read.line(f) for f in findings), where)
