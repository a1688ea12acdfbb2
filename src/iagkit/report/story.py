"""A record beside the language it is told in: names, places and sentences for the sections."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final, Self

from iagkit.core.event_log import FEW
from iagkit.core.judge import WHOLE
from iagkit.core.nouns import MISSING, Estimate, Finding, Verdict
from iagkit.core.record import Record
from iagkit.report import names
from iagkit.report.blocks import Cell, Stack
from iagkit.report.voice import Voice

OVERALL = WHOLE
"""Value of a coordinate in a finding about all of its groups together."""
LONGEST: Final = 80
"""Characters of a clause that still names a column."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What every section needs.

    Parameters
    ----------
    record : Record
    voice : Voice
    """

    record: Record
    voice: Voice

    @classmethod
    def of(cls, record: Record, lang: str) -> Self:
        """Take the voice that calls cases what the recipe of the record calls them."""
        family = str(record.prototype.get("recipe") or "").partition(".")[0]
        return cls(record=record, voice=Voice(lang, about=family))

    @property
    def prototype(self) -> Mapping[str, Any]:
        """The declaration, as the record holds it."""
        return self.record.prototype

    @property
    def facts(self) -> Mapping[str, Any]:
        """Facts of the run."""
        return self.record.run

    def overall(self, check: str) -> Estimate | None:
        """Estimate of a check for all cases together, if there is one."""
        found = self.record.find(check)
        return found.estimate if found else None

    def check(self, name: str) -> str:
        """Return the short name of a check; an unknown one keeps its own."""
        label = names.CHECKS.get(name)
        return self.voice.tell(label) if label else name

    def asked(self, check: str, finding: Finding | None) -> str:
        """What a limit is about: the question of its finding, or the name of its check."""
        return self.voice._(finding.question) if finding else self.check(check)

    def target(self, code: str) -> str:
        """Name of a destination: from the taxonomy where it has one, else the label itself."""
        for entry in self.prototype.get("taxonomy") or ():
            if str(entry.get("code")) == code:
                return self.voice.words(entry.get("name")) or code
        return code

    def group(self, value: str) -> str:
        """Name of a group; those without a value, and those too small to be named, say so."""
        if value == FEW:
            return self.voice._("(fewer than 5 cases)")
        return self.voice._("(not stated)") if value == MISSING else value

    def called(self, column: str) -> str:
        """What the card calls a column: the first clause of its description, else its name."""
        cards = self.record.dataset.get("columns") or ()
        card: Mapping[str, Any] = next((c for c in cards if c.get("name") == column), {})
        told = self.voice.words(card.get("description"))
        clause = re.split(r"[;:(]|[.,] ", told)[0].strip(" .")
        return clause if 0 < len(clause) <= LONGEST else column.replace("_", " ")

    def columns(self) -> tuple[str, ...]:
        """Columns whose groups were compared, in the order of the findings."""
        checks = (f for f in self.record.findings if f.check.startswith("fairness."))
        return tuple(dict.fromkeys(c for f in checks for c in f.where if c != "class"))

    def place(self, finding_where: Mapping[str, str]) -> str:
        """Where a finding stands, in words; empty if it is about all cases."""
        return " · ".join(self._coordinate(k, v) for k, v in sorted(finding_where.items()))

    def _coordinate(self, key: str, value: str) -> str:
        if key in ("class", "office"):
            return self.target(value)
        if (key, value) == ("texts", "repeated"):
            return self.voice._("among texts that arrived more than once")
        if key == "kind" and value in names.LIKENESS:
            return self.voice.tell(names.LIKENESS[value])
        if key == "horizon_days" and (days := number(value)) is not None:
            return self.voice.say("within {n} days", n=int(days))
        label = names.COORDINATES.get(key)
        name = self.voice.tell(label) if label else key
        if value == OVERALL:
            return self.voice.say("column {name}", name=name)
        return f"{name}: {self.scale(value) if label else self.group(value)}"

    def scale(self, value: str) -> str:
        """Write a coordinate such as ``0.20`` or ``0.6–0.7`` in percent."""
        ends = [number(end) for end in value.replace("–", "-").split("-")]
        if not all(end is not None for end in ends):
            return value
        return "–".join(self.voice.percent(end or 0.0, 0) for end in ends)

    def cells(self, finding: Finding | None) -> tuple[str, str]:
        """Value and interval; or the reason in the place of both."""
        if finding is None:
            return "—", "—"
        if finding.estimate is None:
            return self.voice._("not known"), self.reason(finding)
        return self.voice.value(finding.estimate), self.voice.interval(finding.estimate)

    def cell(self, finding: Finding | None) -> Cell:
        """Value over its interval, in one cell."""
        value, interval = self.cells(finding)
        return Stack(main=value, small="" if interval == "—" else interval)

    def reason(self, finding: Finding) -> str:
        """Why there is no estimate."""
        return self.voice.tell(finding.because) if finding.because else ""

    def sentence(self, finding: Finding) -> str:
        """Why there is no estimate, as a sentence of its own."""
        why = self.reason(finding)
        return f"{why[:1].upper()}{why[1:]}." if why else ""

    def why(self, verdict: Verdict) -> str:
        """Why a limit is met or not, a gap of shares in points as everywhere."""
        return self.voice.tell(verdict.because, unit=self.unit(verdict))

    def unit(self, verdict: Verdict) -> str:
        """Unit of what was judged: that of its finding, points if it is a gap of shares."""
        finding = self.record.find(verdict.check, **verdict.where)
        unit = finding.estimate.unit if finding and finding.estimate else "share"
        return "points" if unit == "share" and verdict.check.endswith("gap") else unit

    def n(self, finding: Finding | None) -> str:
        """Cases behind a finding."""
        return self.voice.cases(finding.estimate) if finding and finding.estimate else "—"

    def by(self, check: str, key: str) -> dict[str, Finding]:
        """Findings of a check by one coordinate, none about all its values together."""
        return {
            f.where[key]: f
            for f in self.record.select(check)
            if key in f.where and f.where[key] != OVERALL
        }

    def level(self) -> str:
        """Confidence level of the intervals, in percent."""
        return self.voice.percent(float(self.protocol.get("level", 0.95)), 0)

    @property
    def protocol(self) -> Mapping[str, Any]:
        """How evidence was gathered."""
        told = self.prototype.get("protocol")
        return told if isinstance(told, Mapping) else {}

    @property
    def policy(self) -> Mapping[str, Any]:
        """What is acceptable."""
        told = self.prototype.get("policy")
        return told if isinstance(told, Mapping) else {}

    def human(self, keys: Iterable[str]) -> list[tuple[str, str]]:
        """Headings and texts of the declared human role, only those with one of ``keys``."""
        role = self.prototype.get("human_role") or {}
        order = [*names.HUMAN, *sorted(set(role) - set(names.HUMAN))]
        wanted = set(keys)
        told = ((k, self.voice.words(role[k])) for k in order if k in role and k in wanted)
        return [(self.human_name(k), words) for k, words in told if words]

    def human_name(self, key: str) -> str:
        """Heading of a part of the human role."""
        label = names.HUMAN.get(key)
        return self.voice.tell(label) if label else key.replace("_", " ").capitalize()


def number(text: str) -> float | None:
    """Read a coordinate as a number, if it is one."""
    try:
        return float(text)
    except ValueError:
        return None
