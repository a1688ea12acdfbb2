"""The business clock: hours in which an office is open, between two moments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from iagkit.core.errors import DataError, UsageError

if TYPE_CHECKING:
    from holidays import HolidayBase

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
HOUR: Final = 3_600_000_000
DAY: Final = 24 * HOUR
"""Microseconds."""
MONDAY: Final = 3
"""Weekday of 1 January 1970, from Monday."""
OFFICE: Final = MappingProxyType(dict.fromkeys(range(5), ((8.0, 16.0),)))
FIRST, LAST = date(1900, 1, 1), date(2200, 12, 31)

Hours = Mapping[int, Sequence[tuple[float, float]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessClock:
    """When an office is open: hours of each weekday, without holidays and recess.

    Parameters
    ----------
    hours : mapping of int to sequence of (float, float)
        Weekday (0 is Monday) → hours of the day from and to, such as ``(8, 12), (13.5, 17)``, in
        order and apart. A weekday that is not there is closed. Default: Monday to Friday, 8 to 16.
    country : str
        ISO 3166 code whose public holidays are closed, such as ``"BR"``; empty: none.
    subdivision : str
        State or province, as ISO 3166-2 has it after the dash, such as ``"SP"``.
    optional : bool
        Also the holidays that public offices may take (Carnival in Brazil), where they are known.
    recess : sequence of (date, date)
        Declared ranges without work, first and last day included: court recess, strikes.

    Raises
    ------
    UsageError
        If hours are not in order, a range ends before it begins, or the holidays of the country
        or its subdivision are not known.

    Notes
    -----
    Holidays are those of the library *holidays* [1]_: national ones, and of the subdivision.
    Municipal ones belong in ``recess``. Times are local, and changes to summer time are not
    counted: at most an hour a year, at night.

    References
    ----------
    .. [1] Vacanza Team. holidays (MIT). https://github.com/vacanza/holidays

    Examples
    --------
    >>> clock = BusinessClock(country="BR")
    >>> clock.hours_between(["2024-04-30 15:00"], ["2024-05-02 09:00"]).tolist()  # 1 May is closed
    [2.0]
    """

    hours: Hours = field(default_factory=lambda: OFFICE)
    country: str = ""
    subdivision: str = ""
    optional: bool = False
    recess: Sequence[tuple[date, date]] = ()

    def __post_init__(self) -> None:
        for day, spans in self.hours.items():
            edges = [edge for span in spans for edge in span]
            wrong = day not in range(7) or edges != sorted(edges) or len(set(edges)) < len(edges)
            if wrong or any(not 0 <= edge <= 24 for edge in edges):
                msg = (
                    "expected weekdays 0 (Monday) to 6 with hours in order from 0 to 24, apart "
                    f"from each other; got {list(spans)} for {day}"
                )
                raise UsageError(msg)
        for first, last in self.recess:
            if last < first:
                msg = f"expected ranges of days from first to last; got {first} to {last}"
                raise UsageError(msg)
        if self.country:
            self._known([2024])

    def hours_between(self, start: ArrayLike, end: ArrayLike) -> Floats:
        """Open hours from one moment to another.

        Parameters
        ----------
        start, end : array-like of datetime64, shape (n,)
            Local times without zone, from 1900 to 2200; either may be missing.

        Returns
        -------
        ndarray, shape (n,), hours
            ``nan`` where a moment is missing.

        Raises
        ------
        DataError
            If an end is before its start, or a moment is outside the years.
        """
        a, b = _moments(start), _moments(end)
        known = ~np.isnat(a) & ~np.isnat(b)
        back = int((b[known] < a[known]).sum())
        if back:
            msg = f"expected ends after their starts; {back} are before. Were both swapped?"
            raise DataError(msg)
        result = np.full(len(a), np.nan)
        if known.any():
            calendar = self._calendar(a[known].min(), b[known].max())
            spent = calendar.worked(b[known]) - calendar.worked(a[known])
            result[known] = spent / HOUR
        return result

    def is_open(self, moments: ArrayLike) -> NDArray[np.bool_]:
        """Tell whether the office is open at each moment; missing ones are closed."""
        at = _moments(moments)
        known = ~np.isnat(at)
        result = np.zeros(len(at), dtype=bool)
        if known.any():
            calendar = self._calendar(at[known].min(), at[known].max())
            result[known] = calendar.is_open(at[known])
        return result

    def days_after(self, moments: ArrayLike, days: int) -> NDArray[np.datetime64]:
        """End of the n-th open day after the day of each moment, as terms in working days run.

        Parameters
        ----------
        moments : array-like of datetime64, shape (n,)
        days : int
            At least 1; the day of the moment itself does not count.

        Returns
        -------
        ndarray of datetime64[us]
            When the office closes on that day; missing where the moment is.
        """
        if days < 1 or not any(self.hours.values()):
            msg = f"expected at least 1 day and an office that opens; got {days} days"
            raise UsageError(msg)
        at = _moments(moments)
        known = ~np.isnat(at)
        result = np.full(len(at), np.datetime64("NaT"), dtype="datetime64[us]")
        if known.any():
            longest = sum((last - first).days + 1 for first, last in self.recess)
            beyond = np.timedelta64(days * 14 + longest + 60, "D")
            calendar = self._calendar(at[known].min(), at[known].max() + beyond)
            result[known] = calendar.after(at[known], days)
        return result

    def closed_days(self, first: date, last: date) -> dict[date, str]:
        """Holidays and recess between two days, with their names; recess has none."""
        years = range(first.year, last.year + 1)
        days = {d: str(n) for d, n in self._known(years).items()} if self.country else {}
        for begin, end in self.recess:
            span = np.arange(np.datetime64(begin), np.datetime64(end) + 1)
            days |= {d: days.get(d, "") for d in span.tolist()}
        return {d: days[d] for d in sorted(days) if first <= d <= last}

    def _known(self, years: Sequence[int] | range) -> HolidayBase:
        import holidays

        try:
            plain = holidays.country_holidays(
                self.country, subdiv=self.subdivision or None, years=years
            )
            more = "optional" in plain.supported_categories
            if not (self.optional and more):
                return plain
            return holidays.country_holidays(
                self.country, subdiv=self.subdivision or None, years=years,
                categories=("public", "optional"),
            )  # fmt: skip
        except NotImplementedError:
            of = f"{self.country}-{self.subdivision}" if self.subdivision else self.country
            msg = (
                f"expected a country whose holidays are known, such as BR, MX or CO; got '{of}'. "
                "Leave it empty and declare the days as recess"
            )
            raise UsageError(msg) from None

    def _calendar(self, first: np.datetime64, last: np.datetime64) -> _Calendar:
        begin, end = first.astype("datetime64[D]"), last.astype("datetime64[D]")
        if begin.item() < FIRST or end.item() > LAST:
            msg = f"expected moments from {FIRST.year} to {LAST.year}; got {begin} to {end}"
            raise DataError(msg)
        days = np.arange(begin, end + 1)
        closed = np.array(list(self.closed_days(begin.item(), end.item())), dtype="datetime64[D]")
        kind = (days.astype(np.int64) + MONDAY) % 7
        kind[np.isin(days, closed)] = 7
        most = max((len(spans) for spans in self.hours.values()), default=0)
        edges = np.zeros((8, most, 2), dtype=np.int64)
        for day, spans in self.hours.items():
            for i, span in enumerate(spans):
                edges[day, i] = np.rint(np.multiply(span, HOUR))
        return _Calendar(first=int(begin.astype(np.int64)), kind=kind, edges=edges)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Calendar:
    """The clock from one day to another: kind of each day, and the open spans of a kind."""

    first: int
    kind: Ints
    edges: Ints

    def worked(self, at: NDArray[np.datetime64]) -> Ints:
        """Open microseconds from the first day to each moment."""
        day, into = self._parts(at)
        whole = (self.edges[..., 1] - self.edges[..., 0]).sum(axis=1)[self.kind]
        before = np.r_[0, np.cumsum(whole)]
        spans = self.edges[self.kind[day]]
        inside = np.clip(into[:, None], spans[..., 0], spans[..., 1]) - spans[..., 0]
        result: Ints = before[day] + inside.sum(axis=1)
        return result

    def is_open(self, at: NDArray[np.datetime64]) -> NDArray[np.bool_]:
        day, into = self._parts(at)
        spans = self.edges[self.kind[day]]
        inside = (spans[..., 0] <= into[:, None]) & (into[:, None] < spans[..., 1])
        return np.asarray(inside.any(axis=1), dtype=np.bool_)

    def after(self, at: NDArray[np.datetime64], days: int) -> NDArray[np.datetime64]:
        """Close of the n-th open day after each moment's day."""
        day, _ = self._parts(at)
        closes = self.edges[..., 1].max(axis=1, initial=0)[self.kind]
        opened = np.flatnonzero(closes)
        place = np.searchsorted(opened, day, side="right") + days - 1
        if len(opened) == 0 or place.max() >= len(opened):
            msg = f"expected {days} open days after each moment; the recess leaves too few"
            raise DataError(msg)
        found = opened[place]
        moment: NDArray[np.datetime64] = ((found + self.first) * DAY + closes[found]).astype(
            "datetime64[us]"
        )
        return moment

    def _parts(self, at: NDArray[np.datetime64]) -> tuple[Ints, Ints]:
        us = at.astype(np.int64)
        return us // DAY - self.first, us % DAY


def _moments(values: ArrayLike) -> NDArray[np.datetime64]:
    try:
        moments: NDArray[np.datetime64] = np.atleast_1d(np.asarray(values, dtype="datetime64[us]"))
    except (ValueError, TypeError):
        msg = (
            "expected local times without zone; got values that are none. Read them as times first"
        )
        raise DataError(msg) from None
    return moments
