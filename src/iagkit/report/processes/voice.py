"""A voice for processes: half of the cases may be over within minutes, others last for years."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar, Final

from iagkit.core.nouns import Estimate
from iagkit.report import lasting, names
from iagkit.report.voice import Voice

LONGEST: Final = {"days": "years", "hours": "hours"}
"""Unit of a record → the longest it is told in; hours of work are no days."""

WHOLE: Final = ("events", "activities")
"""Units of what is counted one by one."""
OPEN: Final = ("working days", "working hours")
RATE: Final = "arrivals a day"


class ProcessVoice(Voice):
    """Says times of processes in the unit a reader expects."""

    timed: ClassVar[Collection[str]] = LONGEST

    def amount(self, value: float, unit: str) -> str:
        """Write a value in its unit; a time in the one in which it is short."""
        if unit == RATE and 0 < value < 1:
            return f"{self.number(value, 2)}\N{NO-BREAK SPACE}{self.tell(names.UNITS[unit])}"
        if unit in OPEN:
            shown, named = self.number(value, lasting.digits(value)), names.UNITS[unit]
            named = names.ONE[unit] if shown == self.number(1) else named
            return f"{shown}\N{NO-BREAK SPACE}{self.tell(named)}"
        if unit not in LONGEST:
            return super().amount(value, unit)
        return lasting.told(self, value * lasting.DAYS[unit], most=LONGEST[unit])

    def cases(self, estimate: Estimate) -> str:
        """Write how many a number rests on, and of how many cases where these are fewer."""
        n, cases = estimate.n, estimate.clusters
        if cases is None or cases == n:
            return self.number(n)
        return self.say("{n} in {cases} cases", n=n, cases=cases)

    def value(self, estimate: Estimate) -> str:
        """Write the point estimate alone; one of nothing in the unit of its interval."""
        if estimate.unit not in LONGEST or estimate.value or not estimate.high:
            return super().value(estimate)
        days = estimate.high * lasting.DAYS[estimate.unit]
        name, _ = lasting.unit_of(self, [days])
        return f"{self.number(0)}\N{NO-BREAK SPACE}{name}"

    def interval(self, estimate: Estimate) -> str:
        """Write the interval of a time in the unit of its value."""
        low, high = estimate.low, estimate.high
        if low is not None and high is not None and low < high:
            if estimate.unit in WHOLE:
                return f"{self.number(low, 0)}–{self.number(high, 0)}"
            if estimate.unit in OPEN:
                shown = (self.number(end, lasting.digits(end)) for end in (low, high))
                return "–".join(shown)
        if estimate.unit == RATE and high is not None and low is not None and high < 1:
            return f"{self.number(low, 2)}–{self.number(high, 2)}"
        if estimate.unit not in LONGEST:
            return super().interval(estimate)
        return lasting.interval(self, estimate, most=LONGEST[estimate.unit])
