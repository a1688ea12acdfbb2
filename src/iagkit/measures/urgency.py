"""What a run knows of urgency: scores, truth, arrivals and how much people can read a day."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.queues import Load, Reading, load_of, longest_wait, read_by
from iagkit.measures.replays import Replays, replayed

Mask = NDArray[np.bool_]
Dates = NDArray[np.datetime64]
DAY = "datetime64[D]"


@dataclass(frozen=True, kw_only=True)
class Urgency:
    """Held-out cases as a list and as a queue.

    Parameters
    ----------
    score : ndarray of float, shape (n,), 0 to 1
        How urgent each held-out case looks.
    urgent : ndarray of int, shape (n,)
        1 if people called it urgent, 0 if not, -1 if nobody said.
    arrived : ndarray of datetime64, shape (n,), optional
        Day of arrival; ``NaT`` where it is not known.
    capacity : float, cases a day
        That people can read, of all cases.
    share : float
        Share of the arriving cases that is held out; the capacity is divided alike.
    length : float, cases, optional
        That come a day, as declared; by default those that came, or all held-out ones.
    patience : float, days
        After so many days of waiting a case without urgency goes before any new one.
    """

    score: Floats
    urgent: NDArray[np.int8]
    capacity: float
    patience: float
    share: float = 1.0
    arrived: Dates | None = None
    length: float | None = None

    @property
    def said(self) -> Mask:
        """Cases of which people said whether they are urgent."""
        return np.asarray(self.urgent >= 0)

    @property
    def dated(self) -> Mask:
        """Cases whose day of arrival is known."""
        if self.arrived is None:
            return np.zeros(len(self.score), dtype=bool)
        return ~np.isnat(self.arrived)

    @property
    def days(self) -> Ints:
        """Day of arrival of the dated cases, as numbers."""
        assert self.arrived is not None
        return np.asarray(self.arrived[self.dated].astype(DAY).astype(np.int64), dtype=np.intp)

    @property
    def why_no_times(self) -> Message | None:
        """Why nothing can be said of waiting, or nothing."""
        if self.arrived is None:
            return say(
                "no column tells when a case came, so nobody can tell how long it waits; name it "
                "with --time"
            )
        if not self.dated.any():
            return say("no held-out case has a date of arrival that can be read")
        return None

    @property
    def listed(self) -> float:
        """Cases that come onto one list."""
        if self.length is not None:
            return self.length
        if self.why_no_times is None:
            return self.load.rate / self.share
        return float(len(self.score))

    @property
    def load(self) -> Load:
        """Held-out cases that came, at most."""
        return load_of(self.days)

    @property
    def part(self) -> float:
        """Capacity that falls to the held-out cases."""
        return self.capacity * self.share

    @cached_property
    def ours(self) -> Reading:
        """The dated cases, read day by day by urgency with ageing."""
        return self._read(self.patience)

    @cached_property
    def as_they_came(self) -> Reading:
        """The dated cases, read day by day in the order of arrival."""
        return self._read(0.0)

    def _read(self, patience: float) -> Reading:
        return read_by(self.days, self.score[self.dated], capacity=self.part, patience=patience)

    @cached_property
    def replays(self) -> Replays:
        """Our reading of weeks that could have come instead."""
        return self._replayed(self.patience)

    @cached_property
    def sooner(self) -> Replays:
        """Days by which ours is sooner than the order of arrival, for the same weeks."""
        return self._replayed(0.0).less(self.replays)

    def _replayed(self, patience: float) -> Replays:
        return replayed(self.days, self.score[self.dated], capacity=self.part, patience=patience)

    @property
    def longest(self) -> int | Message:
        """Days after which everything has been read, as long as no more comes than came."""
        return longest_wait(self.load, capacity=self.part, patience=self.patience)
