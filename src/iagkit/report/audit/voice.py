"""A voice for audits: numbers with units keep three figures; ranges below zero are told apart."""

from __future__ import annotations

from iagkit.core.nouns import Estimate
from iagkit.report import names
from iagkit.report.voice import Voice


class AuditVoice(Voice):
    """Says numbers of audits, whose errors may be far smaller than one unit.

    Parameters
    ----------
    lang : {"es", "pt", "en"}
    unit : str
        Unit that was declared for the numbers audited, told as it was written.
    """

    def __init__(self, lang: str, *, unit: str = "") -> None:
        super().__init__(lang)
        self.unit = unit

    def amount(self, value: float, unit: str) -> str:
        """Write a value in its unit; what is not counted in whole cases keeps three figures."""
        if unit in ("share", "cases"):
            return super().amount(value, unit)
        shown = self.number(value, figures(value))
        label = names.UNITS.get(unit)
        told = self.tell(label) if label else unit if unit == self.unit else ""
        return f"{shown}\N{NO-BREAK SPACE}{told}" if told else shown

    def interval(self, estimate: Estimate) -> str:
        """Write the interval, or a dash; where it reaches below zero, a dash would mislead."""
        low, high = estimate.low, estimate.high
        if low is None or high is None or low == high:
            return "—"
        if estimate.unit == "share" and low >= 0:
            return super().interval(estimate)
        if estimate.unit == "share":
            told = (self.percent(low), self.percent(high))
        else:
            digits = figures(max(abs(low), abs(high)))
            told = (self.number(low, digits), self.number(high, digits))
        if low < 0:
            return self.say("{low} to {high}", low=told[0], high=told[1])
        return "–".join(told)


def figures(value: float) -> int:
    """Digits after the sign that keep three figures, three at most."""
    return next((d for d, below in ((3, 1), (2, 10), (1, 100)) if abs(value) < below), 0)
