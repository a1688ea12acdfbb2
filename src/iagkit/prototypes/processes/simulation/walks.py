"""Many cases walk through a routing at once, one step of all at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.streams import uniforms
from iagkit.prototypes.processes.simulation.ways import END, Routing

Codes = NDArray[np.int64]
OVER = -1
"""Code of the end."""
# Probability, activity and state of what may come next.
Moves = list[tuple[float, int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A routing as numbers; state 0 is the beginning.

    Parameters
    ----------
    edges : ndarray of float, shape (n_moves,)
        State plus cumulated probability: rising through all states, so that one search finds the
        move of any state.
    last : ndarray of int, shape (n_states,)
        Last move of each state.
    activity, state : ndarray of int, shape (n_moves,)
        What comes next, and the state then; -1 for the end.
    """

    edges: Floats
    last: Codes
    activity: Codes
    state: Codes


def table(routing: Routing, codes: dict[str, int]) -> Table:
    """Make numbers of a routing.

    Raises
    ------
    DataError
        If a history that can come has no row, or a case could never end.
    """
    states: dict[tuple[str, ...], int] = {(): 0}
    moves: list[Moves] = []
    pasts: list[tuple[str, ...]] = [()]  # grows while it is walked over
    for past in pasts:
        row = routing.row(past)
        if row is None:
            msg = f"the routing says nothing of what comes after '{past[-1]}'; '' is the end"
            raise DataError(msg)
        moves.append([])
        for name, probability in row.items():
            if probability > 0 and name == END:
                moves[-1].append((probability, OVER, OVER))
            elif probability > 0:
                later = (*past, name)[-routing.order :]
                if later not in states:
                    states[later] = len(states)
                    pasts.append(later)
                moves[-1].append((probability, codes[name], states[later]))
    _refuse_endless(moves, list(states))
    cumulated = [np.cumsum([p for p, _, _ in row]) for row in moves]
    return Table(
        edges=np.concatenate([i + c / c[-1] for i, c in enumerate(cumulated)]),
        last=np.cumsum([len(row) for row in moves]) - 1,
        activity=np.array([a for row in moves for _, a, _ in row], dtype=np.int64),
        state=np.array([s for row in moves for _, _, s in row], dtype=np.int64),
    )


def _refuse_endless(moves: list[Moves], names: list[tuple[str, ...]]) -> None:
    ends, more = {OVER}, {OVER}
    while more:
        after = [{state for *_, state in row} for row in moves]
        more = {i for i, row in enumerate(after) if i not in ends and row & ends}
        ends |= more
    stuck = [past for i, past in enumerate(names) if past and i not in ends]
    if stuck:
        msg = (
            f"a case that does '{stuck[0][-1]}' can never end: no way "
            "leads out. Give some of the activities a probability of ''"
        )
        raise DataError(msg)


def walk(found: Table, cases: Codes, key: np.uint64, *, limit: int) -> tuple[Codes, Codes]:
    """Ways of many cases.

    Parameters
    ----------
    found : Table
    cases : ndarray of int, shape (n,)
        Numbers of the cases, which choose their luck.
    key : uint64
        Of the stream.
    limit : int
        Steps of all cases together.

    Returns
    -------
    starts : ndarray of int, shape (n + 1,)
        Where the way of each case begins.
    activity : ndarray of int

    Raises
    ------
    DataError
        If there are more steps than ``limit``.
    """
    if len(found.activity) == len(found.last):
        return _only_way(found, len(cases), limit)
    size, total = len(cases), 0
    state, alive = np.zeros(size, dtype=np.int64), np.arange(size)
    length = np.zeros(size, dtype=np.int64)
    rounds: list[tuple[Codes, Codes]] = []
    while len(alive):
        luck = uniforms(key, cases[alive], np.full(len(alive), len(rounds)))
        move = np.searchsorted(found.edges, state + luck, side="right")
        move = np.minimum(move, found.last[state])
        going = found.state[move] != OVER
        alive, state, activity = alive[going], found.state[move[going]], found.activity[move[going]]
        rounds.append((alive, activity))
        length[alive] += 1
        total += len(alive)
        if total > limit:
            msg = (
                f"{size} cases took more than {limit} steps and {len(alive)} are still on their "
                "way: a loop with hardly an exit? Raise 'limit', or simulate a shorter time"
            )
            raise DataError(msg)
    starts = np.concatenate([[0], np.cumsum(length)])
    activities = np.empty(total, dtype=np.int64)
    for i, (who, what) in enumerate(rounds):
        activities[starts[who] + i] = what
    return starts, activities


def _only_way(found: Table, size: int, limit: int) -> tuple[Codes, Codes]:
    """All go the one way there is."""
    way, state = [], 0
    while found.state[state] != OVER:
        way.append(found.activity[state])
        state = found.state[state]
    if len(way) * size > limit:
        msg = f"{size} cases have {len(way)} steps each, more than {limit}; simulate a shorter time"
        raise DataError(msg)
    return np.arange(size + 1) * len(way), np.tile(np.array(way, dtype=np.int64), size)
