"""What a register needs of a voice; the one of ``report`` has it, and the flow hands it over."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, Protocol

from iagkit.core import roles
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate


class Teller(Protocol):
    """Says sentences and numbers in one language."""

    lang: str

    def _(self, sentence: str) -> str: ...

    def say(self, template: str, /, **values: Any) -> str:
        """Translate a sentence and fill its gaps."""
        ...

    def tell(self, message: Message, *, unit: str = "") -> str:
        """Translate a message."""
        ...

    def words(self, words: Mapping[str, str] | None) -> str:
        """Pick the language from a declared text."""
        ...

    def number(self, value: float, digits: int | None = None) -> str:
        """Write a number."""
        ...

    def estimate(self, estimate: Estimate) -> str:
        """Write value, interval and cases."""
        ...

    def gap(self, estimate: Estimate) -> str:
        """Write a difference, its interval and cases."""
        ...


RESULTS: Final = {
    "pass": say("limit met"),
    "fail": say("limit not met"),
    "unknown": say("limit undecided"),
}
STATES: Final = {
    "auto": say("from the evidence"),
    "draft": say("proposed, to be confirmed"),
    "human": say("answered by a person"),
    "missing": say("not answered"),
    "blocked": say("not published"),
}
"""What stands beside each value of a register."""
COLUMNS: Final = {k: told for k, told in roles.ROLES.items() if k not in {"target", "ignore"}}
"""Roles of columns, in the words that reports use."""
ROLES: Final = {
    "service": say("Owner of the service"),
    "technical": say("Technical team"),
    "data": say("Data team"),
    "privacy": say("Privacy officer"),
    "legal": say("Legal office"),
    "procurement": say("Procurement office"),
    "citizens": say("Office that serves the public"),
    "transparency": say("Transparency office"),
    "rights": say("Whoever answers for risks and rights"),
    "head": say("Head of the institution"),
}
"""Who owes what, by role."""
_BY_CONCEPT: Final = {
    "data.personal": "privacy", "data.sensitive": "privacy", "data.access": "privacy",
    "data.sharing": "privacy", "supplier.data_terms": "privacy", "org.name": "head",
    "org.accountable": "head", "org.contact": "citizens", "org.url": "transparency",
    "system.risk_class": "rights", "system.affected": "rights",
    "system.alternatives": "technical", "perf.metric_choice": "technical",
}  # fmt: skip
_BY_PREFIX: Final = {
    "system": "service", "org": "head", "supplier": "procurement", "legal": "legal",
    "service": "service", "decision": "service", "human": "service", "people": "citizens",
    "arch": "technical", "model": "technical", "perf": "technical", "fair": "technical",
    "explain": "technical", "robust": "technical", "data": "data", "impact": "rights",
    "risk": "rights", "rights": "rights", "monitor": "technical", "audit": "technical",
    "change": "technical", "review": "rights", "energy": "technical", "record": "transparency",
}  # fmt: skip
_BY_SOURCE: Final = {
    "dataset": "data", "model": "technical", "run": "technical", "metrics": "technical",
    "fairness": "technical", "explain": "technical", "robustness": "technical",
    "drift": "technical", "registry": "technical", "audit": "technical", "energy": "technical",
    "record": "transparency", "aia": "rights",
}  # fmt: skip


def owner(concept: str | None, source: str = "") -> str:
    """Role that owes an answer: by concept, else by what might have filled the field."""
    if concept:
        return _BY_CONCEPT.get(concept) or _BY_PREFIX.get(concept.partition(".")[0], "service")
    first = source.removeprefix("draft:").partition(".")[0]
    return _BY_SOURCE.get(first, "service")
