"""Walks from a background row to a case, feature by feature: what every audit of reasons uses.

Setting the features of a case one after another and watching the score is all there is to
Shapley values by sampling [1]_, to deletion and to insertion curves; they differ in the order.

References
----------
.. [1] Štrumbelj, E. & Kononenko, I. (2014). Explaining prediction models and individual
   predictions with feature contributions. Knowledge and Information Systems 41, 647-665.
"""

from __future__ import annotations

import numpy as np

from iagkit.explain.tables import Floats, Ints, Mixer, Respond, Table, scores

BATCH = 40_000


def walk(respond: Respond, mixer: Mixer, cases: Ints, starts: Ints, rank: Ints) -> Floats:
    """Score after each step of many walks.

    Parameters
    ----------
    respond : callable
        Table → one score a row.
    mixer : Mixer
        Cases and background.
    cases, starts : array of int, shape (walks,)
        Case that a walk leads to, and background row that it starts from.
    rank : array of int, shape (walks, d)
        Step, from 0, at which each feature takes the value of the case.

    Returns
    -------
    array of float, shape (walks, d + 1)
        From the score of the background row to that of the case.
    """
    n_walks, d = rank.shape
    steps = np.empty((n_walks, d + 1))
    ends = scores(respond, mixer.rows(mixer.whole()))
    steps[:, 0], steps[:, d] = ends[mixer.n + starts], ends[cases]
    many = max(1, BATCH // max(1, d - 1))
    for first in range(0, n_walks if d > 1 else 0, many):
        here = slice(first, first + many)
        _fill(respond, mixer, (cases[here], starts[here], rank[here]), steps[here])
    return steps


def _fill(respond: Respond, mixer: Mixer, walks: tuple[Ints, Ints, Ints], steps: Floats) -> None:
    """Ask for the scores between first and last; where a step changes no cell, none is asked."""
    cases, starts, rank = walks
    d = rank.shape[1]
    alike = np.take_along_axis(mixer.alike(cases, starts), np.argsort(rank, axis=1), axis=1)
    row, step = np.nonzero(~alike[:, : d - 1])
    step += 1
    taken = rank[row] < step[:, None]
    index = np.where(taken, cases[row, None], mixer.n + starts[row, None])
    if row.size:
        steps[row, step] = scores(respond, mixer.rows(index))
    last = np.tile(np.arange(d), (len(rank), 1))
    last[:, 1:][alike[:, : d - 1]] = 0
    steps[:, :d] = np.take_along_axis(steps, np.maximum.accumulate(last, axis=1), axis=1)


def sampled_values(
    respond: Respond, inputs: Table, background: Table, *, seed: int = 0
) -> tuple[Floats, float]:
    """Shapley values of any model, by one walk a case and background row.

    Parameters
    ----------
    respond : callable
        Table → one score a row.
    inputs : DataFrame, shape (n, d)
        Cases to explain.
    background : DataFrame, shape (m, d)
        What they are compared with; every row is used for every case, so that the values of a
        case add up to its score less the mean score of the background, exactly.
    seed : int

    Returns
    -------
    values : array of float, shape (n, d)
        In the unit of the score.
    base : float
        Mean score of the background.

    Raises
    ------
    ModelError, DataError
        See :func:`iagkit.explain.tables.scores` and :meth:`Mixer.of`.

    Notes
    -----
    Absent features are drawn from the background whatever the present ones are
    (interventional: what the *model* does, not what goes together in the world [1]_). Orders
    come in pairs, one the reverse of the other, which cancels first-order interactions [2]_.

    References
    ----------
    .. [1] Janzing, D., Minorics, L. & Blöbaum, P. (2020). Feature relevance quantification in
       explainable AI: a causal problem. AISTATS, PMLR 108.
    .. [2] Mitchell, R., Cooper, J., Frank, E. & Holmes, G. (2022). Sampling permutations for
       Shapley value estimation. JMLR 23(43).
    """
    mixer = Mixer.of(inputs, background)
    n, m, d = mixer.n, mixer.m, len(mixer.names)
    random = np.random.default_rng(seed)
    starts = random.permuted(np.tile(np.arange(m), (n, 1)), axis=1)
    rank = _paired_orders(random, n, m, d)
    cases = np.repeat(np.arange(n), m)
    steps = walk(respond, mixer, cases, starts.reshape(-1), rank.reshape(-1, d))
    added = np.take_along_axis(np.diff(steps), rank.reshape(-1, d), axis=1)
    base = float(steps[:m, 0].mean())
    return added.reshape(n, m, d).mean(axis=1), base


def _paired_orders(random: np.random.Generator, n: int, m: int, d: int) -> Ints:
    pairs = random.permuted(np.tile(np.arange(d), (n, (m + 1) // 2, 1)), axis=2)
    both = np.stack([pairs, d - 1 - pairs], axis=2).reshape(n, -1, d)
    return np.asarray(both[:, :m])
