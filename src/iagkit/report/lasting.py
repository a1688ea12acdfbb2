"""Times in the unit a reader expects: seconds, minutes, hours, days or years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.report.voice import Voice

DAYS: Final = {"days": 1.0, "hours": 1 / 24, "minutes": 1 / 1440, "seconds": 1 / 86_400}
"""Unit of a record → days."""
LADDER: Final = (
    ("seconds", 1 / 86_400, 1 / 1440), ("minutes", 1 / 1440, 1 / 24), ("hours", 1 / 24, 2.0),
    ("days", 1.0, 730.5),
)  # fmt: skip
"""Unit, its days, and the days from which the next one is told."""
YEARS: Final = ("years", 365.25)
NAMES: Final[dict[str, tuple[Message, Message]]] = {
    "seconds": (say("second"), say("seconds")),
    "minutes": (say("minute"), say("minutes")),
    "hours": (say("hour"), say("hours")),
    "days": (say("day"), say("days")),
    "years": (say("year"), say("years")),
}
SHORT: Final[dict[str, Message]] = {
    "seconds": say("{value} s"), "minutes": say("{value} min"), "hours": say("{value} h"),
    "days": say("{value} d"), "years": say("{value} y"),
}  # fmt: skip


def scale(days: float, *, most: str = "years") -> tuple[str, float]:
    """Unit in which a time is told, and its days; none longer than ``most``."""
    for unit, size, until in LADDER:
        if abs(days) < until or unit == most:
            return unit, size
    return YEARS


def digits(value: float, unit: str = "") -> int:
    """One after the sign below a hundred, unless it is nothing; logs know no parts of a second."""
    shown = round(abs(value), 1)
    return 0 if unit == "seconds" or shown >= 100 or shown.is_integer() else 1


def told(voice: Voice, days: float, *, most: str = "years") -> str:
    """Write a time with its unit, such as ``49 minutes``."""
    unit, size = scale(days, most=most)
    value = days / size
    shown = voice.number(value, digits(value, unit))
    one, many = NAMES[unit]
    return f"{shown}\N{NO-BREAK SPACE}{voice.tell(one if shown == voice.number(1) else many)}"


def short(voice: Voice, days: float) -> str:
    """Write a time as briefly as a drawing needs it."""
    if days == 0:
        return "0"
    unit, size = scale(days)
    if unit == "seconds":
        return "< 1 min"
    value = days / size
    whole = unit == "minutes" or value >= 10
    return voice.say(SHORT[unit].template, value=voice.number(value, 0 if whole else 1))


def interval(voice: Voice, estimate: Estimate, *, most: str = "years") -> str:
    """Write the interval of a time in the unit of its value."""
    low, high = estimate.low, estimate.high
    if low is None or high is None or low == high:
        return "—"
    size = DAYS[estimate.unit]
    unit, each = scale(size * (estimate.value or max(abs(low), abs(high))), most=most)
    low, high = low * size / each, high * size / each
    shown = [voice.number(end, digits(end, unit)) for end in (low, high)]
    if low < 0:
        return voice.say("{low} to {high}", low=shown[0], high=shown[1])
    return "–".join(shown)


def in_days(estimate: Estimate) -> Estimate:
    """The same time in days, whatever its unit."""
    size = DAYS[estimate.unit]
    ends = [None if end is None else end * size for end in (estimate.low, estimate.high)]
    return replace(estimate, value=estimate.value * size, low=ends[0], high=ends[1], unit="days")


def unit_of(voice: Voice, days: Sequence[float]) -> tuple[str, float]:
    """Name of the unit in which all of some times are told, and its days: that of the longest."""
    unit, size = scale(max((abs(each) for each in days), default=1.0))
    return voice.tell(NAMES[unit][1]), size
