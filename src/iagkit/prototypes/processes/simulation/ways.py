"""The way of a case: drawn step by step, or taken whole from cases of the past."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import inf, nan
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats

END = ""
"""What a routing names where the case ends."""
DUST = 1e-6
"""What probabilities may lack of one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """Probability of what comes next, given the last ``order`` activities.

    Parameters
    ----------
    moves : mapping of tuple of str to mapping of str to float
        History (up to ``order`` names, newest last; ``()`` is the beginning) → next activity, or
        ``""`` for the end → probability. Where a history has no row, its newest part that has one
        counts; ``()`` is only for the beginning.
    order : int
        Activities that are remembered.

    Raises
    ------
    DataError
        If a row does not sum to one, the beginning has none, or ``order`` is below one.
    """

    moves: Mapping[tuple[str, ...], Mapping[str, float]]
    order: int = 1

    def __post_init__(self) -> None:
        frozen = {tuple(past): MappingProxyType(dict(row)) for past, row in self.moves.items()}
        object.__setattr__(self, "moves", MappingProxyType(frozen))
        if self.order < 1 or () not in frozen:
            msg = f"a routing needs order >= 1 and a row for the beginning; got order {self.order}"
            raise DataError(msg)
        wrong = [past for past, row in frozen.items() if not _shares(row.values())]
        if wrong:
            msg = (
                f"probabilities of a routing must be >= 0 and sum to 1; after {wrong[0] or 'start'}"
                f" they do not ({len(wrong)} of {len(frozen)} rows). Were counts given?"
            )
            raise DataError(msg)

    def row(self, past: tuple[str, ...]) -> Mapping[str, float] | None:
        """Row of the newest part of ``past`` that has one."""
        if not past:
            return self.moves[()]
        parts = (past[i:] for i in range(len(past)))
        return next((self.moves[part] for part in parts if part in self.moves), None)


def _shares(values: Iterable[float]) -> bool:
    shares = list(values)
    return all(p >= 0 for p in shares) and abs(sum(shares) - 1) <= DUST


@dataclass(frozen=True, slots=True, kw_only=True)
class Template:
    """One case to be lived again.

    Parameters
    ----------
    activities : sequence of str
        At least one.
    service, before, after : sequence of float, optional, hours
        Work, and the time lost before and after it; missing, or ``nan``: drawn from the activity.
    predecessors : sequence of sequence of int, optional
        For each step, those that must have ended; by default the one before. Two steps with the
        same predecessor are done in parallel; a step with two waits for both.
    kind, group : str
        Type of the case, and who brings it.
    due_after : float, hours
        Deadline, counted from the arrival; infinite if there is none.
    rank, score : float
        For the order of work: lower ranks first; higher scores are more urgent.
    weight : float
        How often it is drawn, compared with others.
    """

    activities: Sequence[str]
    service: Sequence[float] | None = None
    before: Sequence[float] | None = None
    after: Sequence[float] | None = None
    predecessors: Sequence[Sequence[int]] | None = None
    kind: str = ""
    group: str = ""
    due_after: float = inf
    rank: float = 0.0
    score: float = 0.0
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Templates:
    """Many templates in one: their steps end to end, the ``i``-th from ``starts[i]``.

    Made by :meth:`of`; or from arrays, where a log has many cases.

    Parameters
    ----------
    names : tuple of str
        Activities; ``activity`` counts in it.
    starts : ndarray of int, shape (n_templates + 1,)
    activity : ndarray of int, shape (n_steps,)
    service, before, after : ndarray of float, shape (n_steps,), hours
        ``nan``: drawn from the activity.
    predecessors : tuple of two ndarray of int, or None
        Where those of each step begin (``n_steps + 1``), and their places within the template;
        ``None``: one step after the other.
    kind, group : ndarray of str, shape (n_templates,)
    due_after, rank, score, weight : ndarray of float, shape (n_templates,)
    in_turn : bool
        Whether the first case lives the first template, and so on, and after the last comes the
        first again; otherwise templates are drawn by weight.
    phase : ndarray of float, shape (n_templates,), hours, or None
        Hours since Monday 0:00 at which each was begun. With it, a case draws among templates that
        were begun at about its own hour of the week: delays over nights stay delays over nights.
    """

    names: tuple[str, ...]
    starts: NDArray[np.int64]
    activity: NDArray[np.int64]
    service: Floats
    before: Floats
    after: Floats
    kind: NDArray[Any]
    group: NDArray[Any]
    due_after: Floats
    rank: Floats
    score: Floats
    weight: Floats
    predecessors: tuple[NDArray[np.int64], NDArray[np.int64]] | None = None
    in_turn: bool = False
    phase: Floats | None = None

    def __post_init__(self) -> None:
        steps, size = len(self.activity), len(self.starts) - 1
        lengths = [len(x) for x in (self.service, self.before, self.after)]
        cases = (self.kind, self.group, self.due_after, self.rank, self.score, self.weight)
        if size < 1 or set(lengths) != {steps} or {len(x) for x in cases} != {size}:
            msg = (
                f"templates need at least one case, times for each step and attributes for each "
                f"case; got {size} cases, {steps} steps and times for {lengths}"
            )
            raise DataError(msg)
        if (np.diff(self.starts) < 1).any() or self.starts[0] != 0 or self.starts[-1] != steps:
            msg = f"every template needs a step; {(np.diff(self.starts) < 1).sum()} have none"
            raise DataError(msg)
        times = np.concatenate([self.service, self.before, self.after])
        if (wrong := int((~np.isnan(times) & ~((times >= 0) & (times < inf))).sum())) > 0:
            msg = (
                f"times of templates must be finite and not negative; {wrong} of {len(times)} are "
                "not. Were start and end swapped?"
            )
            raise DataError(msg)
        if not (self.weight >= 0).all() or self.weight.sum() <= 0:
            msg = "weights of templates must not be negative, and one must be positive"
            raise DataError(msg)

    def __len__(self) -> int:
        return len(self.starts) - 1

    @classmethod
    def of(cls, cases: Sequence[Template], *, in_turn: bool = False) -> Templates:
        """Put templates together.

        Raises
        ------
        DataError
            If there is none, one has no step, times are negative or of the wrong number, or
            predecessors go round in circles.
        """
        if not cases:
            msg = "at least one template is needed; got none. Is the log empty?"
            raise DataError(msg)
        names = tuple(dict.fromkeys(a for case in cases for a in case.activities))
        codes = {name: i for i, name in enumerate(names)}
        lengths = [len(case.activities) for case in cases]
        return cls(
            names=names,
            starts=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int64),
            activity=np.array([codes[a] for c in cases for a in c.activities], dtype=np.int64),
            service=_times([c.service for c in cases], lengths),
            before=_times([c.before for c in cases], lengths),
            after=_times([c.after for c in cases], lengths),
            kind=np.array([c.kind for c in cases], dtype=object),
            group=np.array([c.group for c in cases], dtype=object),
            due_after=np.array([c.due_after for c in cases], dtype=float),
            rank=np.array([c.rank for c in cases], dtype=float),
            score=np.array([c.score for c in cases], dtype=float),
            weight=np.array([c.weight for c in cases], dtype=float),
            predecessors=_predecessors(cases),
            in_turn=in_turn,
        )


def _times(given: Sequence[Sequence[float] | None], lengths: Sequence[int]) -> Floats:
    parts = [[nan] * n if x is None else list(x) for x, n in zip(given, lengths, strict=True)]
    wrong = sum(len(part) != n for part, n in zip(parts, lengths, strict=True))
    if wrong:
        msg = f"a template needs one time for each step; {wrong} of {len(parts)} do not have it"
        raise DataError(msg)
    return np.array([x for part in parts for x in part], dtype=float)


def _predecessors(
    cases: Sequence[Template],
) -> tuple[NDArray[np.int64], NDArray[np.int64]] | None:
    if all(case.predecessors is None for case in cases):
        return None
    rows = [row for case in cases for row in _rows(case)]
    starts = np.concatenate([[0], np.cumsum([len(row) for row in rows])]).astype(np.int64)
    return starts, np.array([i for row in rows for i in row], dtype=np.int64)


def _rows(case: Template) -> list[tuple[int, ...]]:
    size = len(case.activities)
    if case.predecessors is None:
        return [() if i == 0 else (i - 1,) for i in range(size)]
    rows = [tuple(dict.fromkeys(row)) for row in case.predecessors]
    if len(rows) != size or any(not 0 <= i < size for row in rows for i in row):
        msg = f"predecessors must name steps 0 to {size - 1}, one list each; got {len(rows)} lists"
        raise DataError(msg)
    done: set[int] = set()
    while len(done) < size:
        ready = {i for i in range(size) if i not in done and done.issuperset(rows[i])}
        if not ready:
            msg = f"{size - len(done)} of {size} steps wait for one another; leave one of them out"
            raise DataError(msg)
        done |= ready
    return rows
