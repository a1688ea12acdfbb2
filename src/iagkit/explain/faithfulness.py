"""Whether explanations follow the model, and whether near neighbours get the same ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from iagkit.core.errors import DataError
from iagkit.explain.attribution import Attribution
from iagkit.explain.tables import Floats, Ints, Mixer, Respond, Table, scores
from iagkit.explain.walks import walk

CLOSE = 1e-12


@dataclass(frozen=True, slots=True, kw_only=True)
class Faithfulness:
    """How much earlier the score moves if features are taken as an explanation ranks them.

    Parameters
    ----------
    deletion, insertion : array of float, shape (n,)
        Mean over the steps of the change of score, less that of random orders of the same
        case: above 0 if the explanation knows better than chance what the model uses.
    total : array of float, shape (n,)
        Whole distance between the score of the case and that of the background, at least 0.
    beaten : array of float, shape (n,)
        Share of the random orders that are no better, both curves taken together.
    """

    deletion: Floats
    insertion: Floats
    total: Floats
    beaten: Floats


def faithfulness(
    respond: Respond,
    inputs: Table,
    background: Table,
    values: Floats,
    *,
    pairs: int = 5,
    seed: int = 0,
) -> Faithfulness:
    """Delete and insert features in the order of an explanation and in random orders.

    Parameters
    ----------
    respond : callable
        Table → one score a row.
    inputs : DataFrame, shape (n, d)
    background : DataFrame, shape (m, d)
        Deleted features take the values of these rows, in turn; about ten are enough.
    values : array of float, shape (n, d)
        The explanation: what each feature is said to add.
    pairs : int
        Random orders for each case, each with its reverse.
    seed : int

    Returns
    -------
    Faithfulness

    Raises
    ------
    DataError
        If there is not one value a case and feature, or there are fewer than two features.

    Notes
    -----
    Deletion and insertion curves [1]_, [2]_, both towards the side on which the case lies:
    what speaks for it comes first. All orders of a case start and end at the same scores and
    use the same background rows, so that only the order differs.

    References
    ----------
    .. [1] Samek, W. et al. (2017). Evaluating the visualization of what a deep neural network
       has learned. IEEE TNNLS 28(11), 2660-2673.
    .. [2] Petsiuk, V., Das, A. & Saenko, K. (2018). RISE: randomized input sampling for
       explanation of black-box models. BMVC.
    """
    mixer = Mixer.of(inputs, background)
    _insist_on_fit(values, mixer)
    ends = scores(respond, mixer.rows(mixer.whole()))
    away = np.round(ends[: mixer.n] - ends[mixer.n :].mean(), 12)
    side = np.where(away < 0, -1.0, 1.0)
    first = _ranks(-side[:, None] * values)
    curves = side[:, None, None] * _curves(respond, mixer, first, pairs, seed)
    return _advantages(curves, np.abs(away))


def _insist_on_fit(values: Floats, mixer: Mixer) -> None:
    shape = (mixer.n, len(mixer.names))
    if values.shape != shape or shape[1] < 2:
        msg = (
            f"one value a case and feature is needed, {shape}, of at least two features; got "
            f"{values.shape}. Were other rows or columns explained?"
        )
        raise DataError(msg)


def _ranks(keys: Floats) -> Ints:
    return np.asarray(np.argsort(np.argsort(keys, axis=1, kind="stable"), axis=1))


def _curves(respond: Respond, mixer: Mixer, first: Ints, pairs: int, seed: int) -> Floats:
    """Mean score by number of features set, shape (n, 2 + 2 * pairs, d + 1).

    The first order is that of the explanation, the second its reverse: inserting what comes
    last is what is left after deleting what comes first.
    """
    n, d = first.shape
    random = np.random.default_rng(seed)
    chance = random.permuted(np.tile(np.arange(d), (n, pairs, 1)), axis=2)
    forth = np.concatenate([first[:, None], chance], axis=1)
    ranks = np.stack([forth, d - 1 - forth], axis=2).reshape(n, 2 + 2 * pairs, d)
    every = np.repeat(ranks[:, :, None], mixer.m, axis=2)
    cases = np.repeat(np.arange(n), (2 + 2 * pairs) * mixer.m)
    starts = np.tile(np.arange(mixer.m), n * (2 + 2 * pairs))
    steps = walk(respond, mixer, cases, starts, every.reshape(-1, d))
    return np.asarray(steps.reshape(n, 2 + 2 * pairs, mixer.m, d + 1).mean(axis=2))


def _advantages(curves: Floats, total: Floats) -> Faithfulness:
    inner = curves[:, :, 1:-1].mean(axis=2)
    chance = inner[:, 2:].mean(axis=1)
    return Faithfulness(
        deletion=chance - inner[:, 1],
        insertion=inner[:, 0] - chance,
        total=total,
        beaten=_beaten(inner),
    )


def _beaten(inner: Floats) -> Floats:
    """Share of the random orders whose insertion less deletion is no larger.

    Random orders come as pairs, one the reverse of the other, so that each has its own
    deletion curve.
    """
    own = inner[:, 0] - inner[:, 1]
    forth = inner[:, 2::2] - inner[:, 3::2]
    others = np.concatenate([forth, -forth], axis=1)
    return np.asarray((own[:, None] >= others - CLOSE).mean(axis=1))


@dataclass(frozen=True, slots=True, kw_only=True)
class Stability:
    """How alike the explanations of near neighbours are.

    Parameters
    ----------
    rank_correlation : array of float, shape (n,)
        Spearman's, between the contributions to a case and to its neighbour, mean over the
        neighbours; ``nan`` where one of them has the same contribution everywhere.
    kept : array of float, shape (n,)
        Share of the neighbours whose largest contribution is of the same feature.
    """

    rank_correlation: Floats
    kept: Floats


def stability(given: Attribution, *neighbours: Attribution) -> Stability:
    """Compare explanations of cases with those of near neighbours.

    Parameters
    ----------
    given : Attribution
        Of ``n`` cases.
    *neighbours : Attribution
        Of the same cases, in the same order, after changes that should not matter.

    Returns
    -------
    Stability

    Raises
    ------
    DataError
        If there is no neighbour, or shapes differ.

    References
    ----------
    .. [1] Alvarez-Melis, D. & Jaakkola, T. (2018). On the robustness of interpretability
       methods. ICML Workshop on Human Interpretability in Machine Learning.
    """
    shapes = {one.values.shape for one in (given, *neighbours)}
    if not neighbours or len(shapes) > 1:
        msg = f"neighbours of the same cases and features are needed; got shapes {sorted(shapes)}"
        raise DataError(msg)
    pairs = [(_correlated(given, one), _same_top(given, one)) for one in neighbours]
    related, kept = (np.mean(part, axis=0) for part in zip(*pairs, strict=True))
    return Stability(rank_correlation=related, kept=kept)


def _correlated(one: Attribution, other: Attribution) -> Floats:
    from scipy.stats import rankdata

    ranks = [rankdata(np.round(a.values, 12), axis=1) for a in (one, other)]
    a, b = (r - r.mean(axis=1, keepdims=True) for r in ranks)
    below = np.sqrt((a**2).sum(axis=1) * (b**2).sum(axis=1))
    return np.asarray((a * b).sum(axis=1) / np.where(below > 0, below, np.nan))


def _same_top(one: Attribution, other: Attribution) -> Floats:
    tops = [np.abs(a.values).argmax(axis=1) for a in (one, other)]
    return np.asarray(tops[0] == tops[1], dtype=float)


def neighbours(
    explain: Callable[[Table, int], Attribution], shake: Callable[[int], Table], *, draws: int
) -> tuple[Attribution, ...]:
    """Explain changed copies of the same cases, each with a seed of its own.

    A citizen who asks twice must hear the same, so what sampling adds counts as well.
    """
    return tuple(explain(shake(draw), draw) for draw in range(1, draws + 1))
