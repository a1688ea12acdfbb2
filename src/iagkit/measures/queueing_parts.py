"""What queueing formulas give, and what they refuse."""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, floor, inf, log

import numpy as np

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats

MOST = 1_000_000
"""Servers, or people that may wait, beyond which nothing is computed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue:
    """Steady state of a queue in which everybody waits until served, first come, first served.

    Parameters
    ----------
    arrivals : float, cases an hour
    service_hours : float
        Mean time of work.
    servers : int
    wait_share : float
        Share of cases that wait at all.
    mean_wait : float, hours
        Of all cases, also those that do not wait.
    """

    arrivals: float
    service_hours: float
    servers: int
    wait_share: float
    mean_wait: float

    @property
    def utilisation(self) -> float:
        """Share of the servers' time that is work."""
        return self.arrivals * self.service_hours / self.servers

    @property
    def mean_queue(self) -> float:
        """Cases that wait, on average over time."""
        return self.arrivals * self.mean_wait

    def longer_than(self, hours: float) -> float:
        """Share of cases that wait longer.

        Parameters
        ----------
        hours : float, not negative
        """
        at_least("hours", hours, 0.0)
        spare = self.servers / self.service_hours - self.arrivals
        return self.wait_share * exp(-spare * hours)

    def quantile(self, share: float) -> float:
        """Hours within which this share of cases is taken up.

        Parameters
        ----------
        share : float, from 0 to below 1
        """
        if not 0 <= share < 1:
            msg = f"'share' must be from 0 to below 1; got {share:g}"
            raise DataError(msg)
        if 1 - share >= self.wait_share:
            return 0.0
        spare = self.servers / self.service_hours - self.arrivals
        return log(self.wait_share / (1 - share)) / spare


@dataclass(frozen=True, slots=True, kw_only=True)
class Impatient:
    """Steady state of a queue that people leave when their patience ends.

    Parameters
    ----------
    arrivals : float, cases an hour
    service_hours, patience_hours : float
    servers : int
    wait_share : float
        Share of cases that wait at all.
    leave_share : float
        Share that leaves without having been served.
    mean_wait : float, hours
        Of all cases, until they are served or leave.
    """

    arrivals: float
    service_hours: float
    patience_hours: float
    servers: int
    wait_share: float
    leave_share: float
    mean_wait: float

    def longer_than(self, hours: float) -> float:
        """Share of cases that wait longer, whether they are served then or leave."""
        at_least("hours", hours, 0.0)
        served, leaving = self.servers / self.service_hours, 1 / self.patience_hours
        gone = exp(-hours * leaving)
        rise = self.arrivals * self.patience_hours * (1 - gone) - served * hours
        weights = [_log_sum(waiting_weights(x, served, leaving)) for x in self._coming(gone)]
        return self.wait_share * gone * exp(rise + weights[0] - weights[1])

    def _coming(self, gone: float) -> tuple[float, float]:
        least = float(np.finfo(float).tiny)
        return max(self.arrivals * gone, least), max(self.arrivals, least)


@dataclass(frozen=True, slots=True, kw_only=True)
class Closed:
    """Steady state of a queue whose cases come back, as machines that break again.

    Parameters
    ----------
    throughput : float, cases an hour
    wait_share : float
        Share of cases that find nobody free.
    mean_wait : float, hours
    utilisation : float
        Share of the servers' time that is work.
    """

    throughput: float
    wait_share: float
    mean_wait: float
    utilisation: float


def _log_sum(weights: Floats) -> float:
    return float(weights.max() + log(np.exp(weights - weights.max()).sum()))


def waiting_weights(arrivals: float, served: float, leaving: float) -> Floats:
    """Logarithms of the weights of 0, 1, 2 … waiting, until they no longer matter."""
    size = 64 + int(max(arrivals - served, 0.0) / leaving)
    while size <= MOST:
        waiting = np.arange(1, size)
        weights = np.concatenate(
            [[0.0], np.cumsum(log(arrivals) - np.log(served + waiting * leaving))]
        )
        if weights[-1] < weights.max() - 60:
            return weights
        size *= 2
    msg = (
        f"more than {MOST} may wait; with so much patience, use 'erlang_c' where less work comes "
        "than can be done"
    )
    raise DataError(msg)


def throughput(outside: Floats, shares: Floats) -> Floats:
    """Cases an hour through each station."""
    reached = outside > 0
    for _ in outside:
        reached = reached | (shares[reached] > 0).any(axis=0)
    leaves = shares.sum(axis=1) < 1 - 1e-9
    for _ in outside:
        leaves = leaves | (shares[:, leaves] > 0).any(axis=1)
    stuck = int((reached & ~leaves).sum())
    if stuck:
        msg = f"cases can never leave {stuck} of {len(outside)} stations; give them a way out"
        raise DataError(msg)
    among = np.flatnonzero(reached)
    rates = np.zeros(len(outside))
    inside = np.eye(len(among)) - shares[np.ix_(among, among)].T
    rates[among] = np.linalg.solve(inside, outside[among])
    return rates


def load_of(arrivals: float, service_hours: float) -> float:
    """Hours of work that come in an hour."""
    at_least("arrivals", arrivals, 0.0)
    positive("service_hours", service_hours)
    return arrivals * service_hours


def refuse_unstable(load: float, servers: int) -> None:
    """Refuse more work than can be done, and say how many servers would be the least."""
    if load >= servers:
        msg = (
            f"{load:g} hours of work come in an hour and {servers} can do at most as many hours as "
            f"they are: the queue grows for ever. {floor(load) + 1} servers are the least"
        )
        raise DataError(msg)


def whole(count: float, *, name: str = "servers", least: int = 1) -> int:
    """Refuse what is not a whole number of people."""
    if not least <= count <= MOST or int(count) != count:
        msg = f"'{name}' must be a whole number from {least} to {MOST}; got {count:g}"
        raise DataError(msg)
    return int(count)


def at_least(name: str, value: float, low: float) -> None:
    """Refuse what is below ``low``, infinite or not a number."""
    if not low <= value < inf:
        msg = f"'{name}' must be a finite number, {low:g} or more; got {value:g}"
        raise DataError(msg)


def positive(name: str, value: float) -> None:
    """Refuse what is not positive and finite."""
    if not 0 < value < inf:
        msg = f"'{name}' must be a finite, positive number; got {value:g}"
        raise DataError(msg)
