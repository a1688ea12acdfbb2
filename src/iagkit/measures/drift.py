"""Whether what arrives is still like what was learnt from: an alarm, periods, classes that moved.

The alarm is a wager. Each case is ranked among those seen before by how strange it is; while
nothing changed every rank is as likely as any other, and a fair wager on strange ones wins
nothing in the long run. Much capital is therefore evidence of change, whenever one looks [1]_.

References
----------
.. [1] Vovk, V. et al. (2021). Retrain or not retrain: conformal test martingales for
   change-point detection. PMLR 152, 191-210.
"""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import fisher_exact

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.arrays import Floats, numbers
from iagkit.measures.rates import share

ERROR = 0.05
STAKES = (0.2, 0.4, 0.6, 0.8)
"""Exponents of the wagers; the smaller, the more is put on the very strangest."""
PATIENCE = 30.0
"""Half of the capital is at stake after so many cases; the rest waits for later changes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Alarm:
    """Evidence of change, case by case.

    Parameters
    ----------
    evidence : ndarray of float, shape (n_cases,)
        Logarithm of the capital after each case; it begins at 0.
    at : int or None
        Place of the case with which the alarm was raised; ``None`` if it never was.
    error : float
        Chance that it is ever raised although nothing changed, at most.
    """

    evidence: Floats
    at: int | None
    error: float

    @property
    def seen(self) -> int:
        """Cases looked at until the alarm, or all of them."""
        return self.evidence.size if self.at is None else self.at + 1


def watch(known: ArrayLike, arriving: ArrayLike, *, error: float = ERROR) -> Alarm:
    """Raise an alarm when arriving cases are stranger than those known, one case at a time.

    Parameters
    ----------
    known : array-like of float, shape (n_known,)
        Strangeness of cases the model was not trained on when they were scored, one a text
        group: such as 1 less the out-of-fold probability of the recorded label.
    arriving : array-like of float, shape (n_cases,)
        The same of cases in the order in which they arrived or were reviewed.
    error : float
        Chance of an alarm, ever, in a stream that is like what is known.

    Returns
    -------
    Alarm

    Raises
    ------
    DataError
        If nothing is known, a number is missing, or ``error`` is not within 0 to 1.

    Notes
    -----
    The rank of a case counts equals as if they were stranger, which can only delay the alarm.
    The wager is a mixture of powers of the rank [1]_ that begin at every case with a part of
    the capital, so that a change is also found late. By Ville's inequality a capital of
    ``1 / error`` is reached with a chance of at most ``error`` if known and arriving cases are
    exchangeable, however long one watches and whatever the scores.

    References
    ----------
    .. [1] Vovk, V., Gammerman, A. & Shafer, G. (2022). Algorithmic Learning in a Random World,
       2nd edition, chapter 8.

    Examples
    --------
    >>> watch(range(100), [98.5] * 9).at
    3
    """
    before, after = numbers("known", known), np.asarray(arriving, dtype=float)
    if not 0 < error < 1 or not np.isfinite(after).all():
        msg = (
            "expected finite numbers in 'arriving' and an error within 0 to 1; got "
            f"{int((~np.isfinite(after)).sum())} others and {error}. Give strangeness, not ranks"
        )
        raise DataError(msg)
    evidence = np.fromiter(_capital(_ranks(before, after)), dtype=float, count=after.size)
    high = np.flatnonzero(evidence >= -np.log(error))
    return Alarm(evidence=evidence, at=int(high[0]) if high.size else None, error=error)


def _ranks(known: Floats, arriving: Floats) -> Iterator[float]:
    """Share of the cases seen so far, itself included, that are at least as strange."""
    ordered = np.sort(known).tolist()
    for score in arriving.tolist():
        stranger = len(ordered) - bisect_left(ordered, score)
        insort(ordered, score)
        yield (stranger + 1) / len(ordered)


def _capital(ranks: Iterator[float]) -> Iterator[float]:
    stakes = np.asarray(STAKES)
    at_stake, waiting, lifted = np.zeros(stakes.size), 1.0, 0.0
    for place, rank in enumerate(ranks):
        left = PATIENCE / (PATIENCE + place + 1)
        # capital is kept divided by exp(lifted): strange streams would overflow
        at_stake += (waiting - left) * np.exp(-lifted) / stakes.size
        waiting = left
        at_stake *= stakes * rank ** (stakes - 1)
        total = at_stake.sum()
        yield float(np.logaddexp(np.log(waiting), np.log(total) + lifted))
        at_stake, lifted = at_stake / total, lifted + float(np.log(total))


def by_period(
    hits: ArrayLike,
    periods: Sequence[str],
    *,
    clusters: ArrayLike | None = None,
    level: float = 0.95,
) -> dict[str, Estimate]:
    """Share of hits in each period, in the order of their names, with its interval.

    Parameters
    ----------
    hits : array-like of bool, shape (n,)
    periods : sequence of str, shape (n,)
        Period of each case, such as ``"2018"``.
    clusters : array-like, shape (n,), optional
        Cases with the same value repeat one another.
    level : float
    """
    cases, of_row = numbers("hits", hits, low=0, high=1), np.asarray(periods, dtype=object)
    codes = None if clusters is None else np.asarray(clusters)
    found = {}
    for period in sorted(set(periods)):
        inside = of_row == period
        own = None if codes is None else codes[inside]
        found[period] = share(cases[inside], clusters=own, level=level)
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A class whose share of the cases changed by more than chance explains.

    Parameters
    ----------
    label : str
    kind : {"appeared", "disappeared", "more", "fewer"}
    before, after : Estimate
        Shares of the cases, each with its interval.
    p : float
        Exact, corrected for all classes that were compared (Holm).
    """

    label: str
    kind: str
    before: Estimate
    after: Estimate
    p: float


def mix_changes(
    before: Sequence[str], after: Sequence[str], *, error: float = ERROR
) -> tuple[Change, ...]:
    """Find the classes that came, went, grew or shrank.

    Parameters
    ----------
    before, after : sequence of str
        Recorded label of each case (one a text group) learnt from, and since.
    error : float
        Chance of naming any class although none changed.

    Returns
    -------
    tuple of Change
        The surest first. A class has appeared if none of its cases was there before.
    """
    if not before or not after:
        msg = f"expected labels before and after; got {len(before)} and {len(after)}"
        raise DataError(msg)
    labels = sorted({*before, *after})
    was, now = (_counts(side, labels) for side in (before, after))
    p = [
        float(fisher_exact([[a, len(before) - a], [b, len(after) - b]]).pvalue)
        for a, b in zip(was, now, strict=True)
    ]
    shares = zip(labels, was, now, holm(p), strict=True)
    told = [
        Change(label=name, kind=_kind(a / len(before), b / len(after), b),
               before=_part(a, len(before)), after=_part(b, len(after)), p=q)
        for name, a, b, q in shares if q <= error
    ]  # fmt: skip
    return tuple(sorted(told, key=lambda change: (change.p, change.label)))


def _counts(values: Sequence[Hashable], wanted: Sequence[Hashable]) -> list[int]:
    from collections import Counter

    told = Counter(values)
    return [told[value] for value in wanted]


def _part(many: int, of: int) -> Estimate:
    return share(np.arange(of) < many)


def _kind(before: float, after: float, n_after: int) -> str:
    if before == 0:
        return "appeared"
    if n_after == 0:
        return "disappeared"
    return "more" if after > before else "fewer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Cases that look like one class and are now recorded as another.

    Parameters
    ----------
    looks_like, recorded : str
        What the model answers, and what people record.
    before, after : Estimate
        Share of the cases with that answer that are so recorded.
    p : float
        Exact and one-sided, corrected for all pairs that were compared (Holm).
    """

    looks_like: str
    recorded: str
    before: Estimate
    after: Estimate
    p: float


def moves(
    before: Sequence[tuple[str, str]], after: Sequence[tuple[str, str]], *, error: float = ERROR
) -> tuple[Move, ...]:
    """Find classes whose documents are now recorded under another one.

    Parameters
    ----------
    before, after : sequence of (answer, recorded)
        One a text group; before: out of fold, of what was learnt from.
    error : float
        Chance of naming any pair although none moved.

    Returns
    -------
    tuple of Move
        Those of most cases first.
    """
    pairs = sorted({pair for pair in after if pair[0] != pair[1]})
    asked_before = _counts([a for a, _ in before], [a for a, _ in pairs])
    asked_after = _counts([a for a, _ in after], [a for a, _ in pairs])
    rows = list(
        zip(pairs, _counts(before, pairs), asked_before, _counts(after, pairs), asked_after,
            strict=True)
    )  # fmt: skip
    p = [
        float(fisher_exact([[b, m - b], [a, n - a]], alternative="greater").pvalue)
        for _, a, n, b, m in rows
    ]
    found = [
        Move(looks_like=pair[0], recorded=pair[1], before=_of(a, n), after=_of(b, m), p=q)
        for (pair, a, n, b, m), q in zip(rows, holm(p), strict=True)
        if q <= error and n
    ]
    return tuple(sorted(found, key=lambda m: -m.after.value * m.after.n))


def _of(hits: int, n: int) -> Estimate:
    return share(np.arange(n) < hits)


def holm(p: Sequence[float]) -> list[float]:
    """Correct p values so that the chance of any false one is kept.

    References
    ----------
    .. [1] Holm, S. (1979). Scandinavian Journal of Statistics 6, 65-70.
    """
    values = np.asarray(p, dtype=float)
    order = np.argsort(values, kind="stable")
    raised = np.minimum(1.0, values[order] * np.arange(len(values), 0, -1))
    found = np.empty(len(values))
    found[order] = np.maximum.accumulate(raised)
    return [float(x) for x in found]
