"""The week in equal parts, from Monday 0:00; half-hours unless told otherwise."""

from __future__ import annotations

from dataclasses import dataclass

from iagkit.core.errors import DataError

DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Parts of a week.

    Parameters
    ----------
    days : int, 1 to 7
        Days that come again and again; after the last one the first begins.
    slots : int
        Equal parts of a day.
    """

    days: int = 7
    slots: int = 48

    def __post_init__(self) -> None:
        if not 1 <= self.days <= 7 or not 1 <= self.slots <= 1440:
            msg = f"expected 1 to 7 days of 1 to 1440 parts; got {self.days} of {self.slots}"
            raise DataError(msg)

    @property
    def size(self) -> int:
        """Parts of the whole week."""
        return self.days * self.slots

    @property
    def hours(self) -> float:
        """Length of a part."""
        return 24 / self.slots

    def told(self, slot: int) -> str:
        """Name a part by its day and beginning, as ``Mon 09:30``."""
        day, part = divmod(slot, self.slots)
        minutes = round(part * self.hours * 60)
        return f"{DAYS[day % 7]} {minutes // 60:02d}:{minutes % 60:02d}"

    def parts(self, hours: float, what: str) -> int:
        """Whole parts in so many hours.

        Raises
        ------
        DataError
            If that is no whole number.
        """
        count = hours / self.hours
        if abs(count - round(count)) > 1e-9:
            msg = f"{what} must be a multiple of {self.hours:g} hours; got {hours:g}"
            raise DataError(msg)
        return round(count)
