"""A voice for processes: days that are few keep their figures; ranges below zero are told apart."""

from __future__ import annotations

from iagkit.core.nouns import Estimate
from iagkit.report import names
from iagkit.report.audit.voice import figures
from iagkit.report.voice import Voice

LASTING = ("days", "hours")


class ProcessVoice(Voice):
    """Says numbers of processes: half of the cases may be over within minutes."""

    def amount(self, value: float, unit: str) -> str:
        """Write a value in its unit; a time keeps three figures."""
        if unit not in LASTING or float(value).is_integer():
            return super().amount(value, unit)
        shown = self.number(value, figures(value))
        return f"{shown}\N{NO-BREAK SPACE}{self.tell(names.UNITS[unit])}"

    def interval(self, estimate: Estimate) -> str:
        """Write the interval of a time with as many figures as its upper end."""
        low, high = estimate.low, estimate.high
        if estimate.unit not in LASTING or low is None or high is None or low == high:
            return super().interval(estimate)
        digits = figures(max(abs(low), abs(high)))
        told = (self.number(low, digits), self.number(high, digits))
        if low < 0:
            return self.say("{low} to {high}", low=told[0], high=told[1])
        return "–".join(told)
