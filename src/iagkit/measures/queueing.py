"""Queues whose waits are known exactly: how long people wait, before anybody is made to.

Arrivals are independent (Poisson) and steady; ``service_hours`` is the mean time of work. What a
formula assumes beyond that, it says. Recursions and logarithms keep all of them exact for
thousands of servers. Where more work comes than can be done there is no steady wait, and a refusal
says how many people would be the least.

Without memory and without end of patience: Erlang [1]_; with it [5]_; priorities [2]_, [3]_, [4]_;
any law of work, and few sources [6]_; networks [7]_.

References
----------
.. [1] Erlang, A. K. (1917). Solution of some problems in the theory of probabilities of
   significance in automatic telephone exchanges. Elektroteknikeren 13, 5-13.
.. [2] Cobham, A. (1954). Priority assignment in waiting line problems. Operations Research 2(1),
   70-76.
.. [3] Kella, O. & Yechiali, U. (1985). Waiting times in the non-preemptive priority M/M/c queue.
   Stochastic Models 1(2), 257-262.
.. [4] Buzen, J. P. & Bondi, A. B. (1983). The response times of priority classes under preemptive
   resume in M/M/m queues. Operations Research 31(3), 456-465.
.. [5] Mandelbaum, A. & Zeltyn, S. (2007). Service engineering in action: the Palm/Erlang-A queue.
   Advances in Services Innovations, Springer, 17-45.
.. [6] Kleinrock, L. (1975). Queueing systems, volume 1: theory. Wiley.
.. [7] Jackson, J. R. (1963). Jobshop-like queueing systems. Management Science 10(1), 131-142.
"""

from __future__ import annotations

from math import exp

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats, numbers, same_length
from iagkit.measures.queueing_parts import (
    Closed,
    Impatient,
    Queue,
    at_least,
    load_of,
    positive,
    refuse_unstable,
    throughput,
    waiting_weights,
    whole,
)


def erlang_b(load: float, *, servers: int) -> float:
    """Share of cases turned away when all are busy and nobody can wait (Erlang, 1917).

    Parameters
    ----------
    load : float, hours of work that come in an hour
    servers : int, 0 or more
        The law of the time of work does not matter.

    Returns
    -------
    float

    Raises
    ------
    DataError
        If load or servers are negative, or not numbers.

    Examples
    --------
    >>> round(erlang_b(2.0, servers=3), 4)
    0.2105
    """
    at_least("load", load, 0.0)
    blocked = 1.0
    for busy in range(1, whole(servers, least=0) + 1):
        blocked = load * blocked / (busy + load * blocked)
    return blocked


def erlang_c(arrivals: float, *, service_hours: float, servers: int) -> Queue:
    """Waits where work has no memory (M/M/c; Erlang, 1917).

    Parameters
    ----------
    arrivals : float, cases an hour
    service_hours : float
        Mean of exponential times of work.
    servers : int

    Returns
    -------
    Queue

    Raises
    ------
    DataError
        If more work comes than can be done.

    Examples
    --------
    >>> round(erlang_c(9.0, service_hours=1.0, servers=10).wait_share, 4)
    0.6687
    """
    load, servers = load_of(arrivals, service_hours), whole(servers)
    refuse_unstable(load, servers)
    blocked = erlang_b(load, servers=servers)
    waits = blocked / (1 - load / servers * (1 - blocked))
    return Queue(
        arrivals=arrivals,
        service_hours=service_hours,
        servers=servers,
        wait_share=waits,
        mean_wait=waits * service_hours / (servers - load),
    )


def erlang_a(
    arrivals: float, *, service_hours: float, patience_hours: float, servers: int
) -> Impatient:
    """Waits where people leave when their patience ends (M/M/c+M).

    Parameters
    ----------
    arrivals : float, cases an hour
    service_hours, patience_hours : float
        Means of exponential times.
    servers : int

    Returns
    -------
    Impatient
        Always: who leaves keeps the queue from growing.

    Raises
    ------
    DataError
        If a time is not positive, or patience is so long that millions may wait.

    Examples
    --------
    >>> found = erlang_a(12.0, service_hours=1.0, patience_hours=0.5, servers=10)
    >>> round(found.leave_share, 3)
    0.233
    """
    load, servers = load_of(arrivals, service_hours), whole(servers)
    positive("patience_hours", patience_hours)
    blocked = erlang_b(load, servers=servers)
    leaving, served = 1 / patience_hours, servers / service_hours
    if arrivals == 0 or blocked == 0:
        waits, queue = 0.0, 0.0
    else:
        weights = waiting_weights(arrivals, served, leaving)
        scale = weights.max()
        shares = np.exp(weights - scale)
        everything = exp(-scale) * (1 / blocked - 1) + shares.sum()
        waits = float(shares.sum() / everything)
        queue = float((np.arange(len(shares)) * shares).sum() / everything)
    return Impatient(
        arrivals=arrivals,
        service_hours=service_hours,
        patience_hours=patience_hours,
        servers=servers,
        wait_share=waits,
        leave_share=leaving * queue / arrivals if arrivals else 0.0,
        mean_wait=queue / arrivals if arrivals else 0.0,
    )


def pollaczek_khinchine(arrivals: float, *, service_hours: float, variation: float) -> float:
    """Mean wait for one server, whatever the law of the time of work (M/G/1).

    Parameters
    ----------
    arrivals : float, cases an hour
    service_hours : float
        Mean time of work.
    variation : float
        Standard deviation of the time of work divided by its mean: 0 is always the same, 1 is
        exponential.

    Returns
    -------
    float
        Hours, of all cases.

    Raises
    ------
    DataError
        If more work comes than can be done.

    Examples
    --------
    >>> pollaczek_khinchine(0.5, service_hours=1.0, variation=0.0)
    0.5
    """
    at_least("variation", variation, 0.0)
    load = load_of(arrivals, service_hours)
    refuse_unstable(load, 1)
    return load * service_hours * (1 + variation**2) / 2 / (1 - load)


def priority_waits(
    arrivals: ArrayLike,
    *,
    service_hours: ArrayLike,
    variation: ArrayLike = 1.0,
    servers: int = 1,
    preemptive: bool = False,
) -> Floats:
    """Mean wait of each class, the most urgent first; first come, first served within each.

    Parameters
    ----------
    arrivals : array-like of float, shape (n_classes,), cases an hour
        The most urgent class first.
    service_hours, variation : float, or array-like of float, shape (n_classes,)
        Mean time of work, and standard deviation divided by it. With more than one server, work
        must be exponential and the same for all classes: there is no exact formula otherwise.
    servers : int
    preemptive : bool
        Whether more urgent cases interrupt the others, which go on later where they stopped; the
        wait then includes the interruptions. Otherwise nobody is interrupted.

    Returns
    -------
    ndarray of float, shape (n_classes,), hours

    Raises
    ------
    DataError
        If more work comes than can be done, or there is no exact formula.

    Notes
    -----
    One server: Cobham (1954), Kleinrock (1975); several, not interrupted: Kella and Yechiali
    (1985); several, interrupted: Buzen and Bondi (1983).

    Examples
    --------
    >>> priority_waits([0.25, 0.25], service_hours=1.0).round(4).tolist()
    [0.6667, 1.3333]
    """
    rates = numbers("arrivals", arrivals, low=0.0)
    means = numbers("service_hours", np.broadcast_to(service_hours, rates.shape), low=0.0)
    spread = numbers("variation", np.broadcast_to(variation, rates.shape), low=0.0)
    servers = whole(servers)
    refuse_unstable(float(rates @ means), servers)
    alike = (means == means[0]).all() and (spread == 1).all()
    if servers > 1 and not alike:
        msg = (
            "with several servers, waits by class are exact only if all work is exponential with "
            "one mean; got different ones. Simulate it instead"
        )
        raise DataError(msg)
    if servers > 1 and preemptive:
        if not rates.all():
            msg = f"{int((rates == 0).sum())} classes have no case, so no wait; leave them out"
            raise DataError(msg)
        return _interrupted(rates, float(means[0]), servers)
    upto = np.cumsum(rates * means) / servers
    left = (1 - np.concatenate([[0.0], upto[:-1]])) * (1 - upto)
    rest = rates * means**2 * (1 + spread**2) / 2
    if servers > 1:
        total = float(rates.sum())
        busy = erlang_c(total, service_hours=float(means[0]), servers=servers).wait_share
        return np.asarray(busy * means[0] / servers / left)
    if preemptive:
        return np.asarray(means / (1 - upto + rates * means) + np.cumsum(rest) / left - means)
    return np.asarray(rest.sum() / left)


def _interrupted(rates: Floats, mean: float, servers: int) -> Floats:
    """Classes 1 to k together are a queue without classes; what class k adds is its own."""
    upto = np.cumsum(rates)
    queues = [erlang_c(rate, service_hours=mean, servers=servers).mean_queue for rate in upto]
    return np.asarray(np.diff([0.0, *queues]) / rates)


def finite_population(
    sources: int, *, away_hours: float, service_hours: float, servers: int
) -> Closed:
    """Waits where a fixed number of cases come back again and again (machine repair).

    Parameters
    ----------
    sources : int
        Cases, machines or people there are.
    away_hours, service_hours : float
        Means of the exponential times until one comes back, and of work.
    servers : int

    Returns
    -------
    Closed
        Always: no more than all can wait.

    Raises
    ------
    DataError
        If a time is not positive, or there is no source.

    Examples
    --------
    >>> found = finite_population(2, away_hours=1.0, service_hours=1.0, servers=1)
    >>> round(found.utilisation, 4), round(found.wait_share, 4)
    (0.8, 0.5)
    """
    sources, servers = whole(sources, name="sources"), whole(servers)
    positive("away_hours", away_hours)
    positive("service_hours", service_hours)
    there = np.arange(1, sources + 1)
    rise = np.log((sources - there + 1) / away_hours)
    fall = np.log(np.minimum(there, servers) / service_hours)
    weights = np.concatenate([[0.0], np.cumsum(rise - fall)])
    shares = np.exp(weights - weights.max())
    shares /= shares.sum()
    state = np.arange(sources + 1)
    coming = (sources - state) / away_hours * shares
    served = float(coming.sum())
    queue = float((np.maximum(state - servers, 0) * shares).sum())
    return Closed(
        throughput=served,
        wait_share=float(coming[state >= servers].sum() / served),
        mean_wait=queue / served,
        utilisation=served * service_hours / servers,
    )


def jackson(
    arrivals: ArrayLike, moves: ArrayLike, *, service_hours: ArrayLike, servers: ArrayLike
) -> tuple[Queue, ...]:
    """Waits at each station of an open network: each is a queue of its own.

    Parameters
    ----------
    arrivals : array-like of float, shape (n_stations,), cases an hour
        From outside.
    moves : array-like of float, shape (n_stations, n_stations)
        Share of the cases of a station (row) that go on to another (column); the rest leaves.
    service_hours : array-like of float, shape (n_stations,)
        Means of exponential times of work.
    servers : array-like of int, shape (n_stations,)

    Returns
    -------
    tuple of Queue
        With all arrivals at each station, also those that come back.

    Raises
    ------
    DataError
        If shares are wrong, cases can never leave, or a station gets more work than it can do.

    Examples
    --------
    >>> one, two = jackson([1.0, 0.0], [[0, 1], [0.5, 0]], service_hours=[0.2, 0.4], servers=[1, 2])
    >>> round(one.arrivals, 6), round(one.mean_wait, 4)
    (2.0, 0.1333)
    """
    outside, means = numbers("arrivals", arrivals, low=0.0), numbers("service_hours", service_hours)
    people, shares = numbers("servers", servers), np.asarray(moves, dtype=float)
    size = same_length(arrivals=outside, service_hours=means, servers=people)
    if shares.shape != (size, size) or (shares < 0).any() or (shares.sum(axis=1) > 1 + 1e-9).any():
        msg = (
            f"'moves' must be {size} rows of {size} shares that sum to 1 at most; got shape "
            f"{shares.shape}. Rows are where cases come from"
        )
        raise DataError(msg)
    rates = throughput(outside, shares)
    return tuple(
        erlang_c(float(rate), service_hours=float(mean), servers=whole(float(count)))
        for rate, mean, count in zip(rates, means, people, strict=True)
    )
