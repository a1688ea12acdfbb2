"""Every threshold of a score at once: rates, ROC curve, and predictions that a threshold makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from iagkit.core.errors import DataError
from iagkit.measures.arrays import Floats
from iagkit.measures.cells import UNKNOWN, Cells, Groups
from iagkit.measures.groupwise import Groupwise, share_each
from iagkit.measures.histograms import scored
from iagkit.measures.variation import Mask, added

OTHER = "(other)"
"""What is predicted below a threshold if the table names no second label."""
RATES: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "selection_rate": (("tp", "fp"), ("tp", "fp", "tn", "fn")),
    "prevalence": (("tp", "fn"), ("tp", "fp", "tn", "fn")),
    "true_positive_rate": (("tp",), ("tp", "fn")),
    "false_negative_rate": (("fn",), ("tp", "fn")),
    "false_positive_rate": (("fp",), ("fp", "tn")),
    "true_negative_rate": (("tn",), ("fp", "tn")),
    "precision": (("tp",), ("tp", "fp")),
    "false_discovery_rate": (("fp",), ("tp", "fp")),
    "negative_predictive_value": (("tn",), ("tn", "fn")),
    "false_omission_rate": (("fn",), ("tn", "fn")),
    "accuracy": (("tp", "tn"), ("tp", "fp", "tn", "fn")),
}
"""Rate → the outcomes that count, and those among which they are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Thresholds:
    """Outcomes of each group at many thresholds.

    Parameters
    ----------
    at : ndarray of float, shape (n_thresholds,)
        Scores of at least so much are answered with yes; edges of score bins, rising.
    tp, fp, tn, fn : ndarray of float, shape (n_groups, n_thresholds)
        Rows, or their weights.
    """

    at: Floats
    tp: Floats
    fp: Floats
    tn: Floats
    fn: Floats

    def rates(self) -> dict[str, Floats]:
        """Every rate by name, shape (n_groups, n_thresholds); ``nan`` for 0 of 0."""
        found = {
            name: _ratio(self._sum(hits), self._sum(among)) for name, (hits, among) in RATES.items()
        }
        tp, fp, tn, fn = self.tp, self.fp, self.tn, self.fn
        found["balanced_accuracy"] = (found["true_positive_rate"] + found["true_negative_rate"]) / 2
        found["f1"] = _ratio(2 * tp, 2 * tp + fp + fn)
        below = np.sqrt(tp + fp) * np.sqrt(tp + fn) * np.sqrt(tn + fp) * np.sqrt(tn + fn)
        found["matthews_corrcoef"] = _ratio(tp * tn - fp * fn, below)
        return found

    def _sum(self, outcomes: tuple[str, ...]) -> Floats:
        return np.asarray(sum(getattr(self, name) for name in outcomes))


def _ratio(above: Floats, below: Floats) -> Floats:
    return np.asarray(np.divide(above, below, out=np.full(above.shape, np.nan), where=below > 0))


def every_threshold(cells: Cells, groups: Groups, *, positive: int, steps: int = 100) -> Thresholds:
    """Outcomes of each group at thresholds from 0 (yes to all) to 1 and above (no to all).

    Parameters
    ----------
    cells : Cells
        With truth and score bins.
    groups : Groups
    positive : int
        Number of the label in ``cells.labels`` that a high score speaks for.
    steps : int
        At most so many steps between thresholds; never more than there are bins.

    Returns
    -------
    Thresholds
        Exact: thresholds are edges of bins, so that no row is in doubt. Rows with the score 1
        are in the last bin, and the last threshold stands above it.

    Raises
    ------
    DataError
        If truth or scores were not counted, or ``steps`` is below 1.
    """
    if steps < 1:
        msg = f"'steps' must be at least 1; got {steps}"
        raise DataError(msg)
    kept, side = scored(cells, positive)
    assert cells.bins is not None
    steps = min(steps, cells.score_bins)
    edges = np.rint(np.linspace(0, cells.score_bins, steps + 1)).astype(np.intp)
    place = np.searchsorted(edges, cells.bins[kept], side="right") - 1
    at = (groups.place[kept] * 2 + side[kept]) * steps + place
    counts = added(at, cells.mass[kept], groups.of * 2 * steps)
    counts = counts.reshape(groups.of, 2, steps)
    none = np.zeros((groups.of, 2, 1))
    below = np.concatenate([none, np.cumsum(counts, axis=2)], axis=2)
    above = np.concatenate([np.cumsum(counts[..., ::-1], axis=2)[..., ::-1], none], axis=2)
    return Thresholds(
        at=edges / cells.score_bins,
        tp=above[:, 1],
        fp=above[:, 0],
        tn=below[:, 0],
        fn=below[:, 1],
    )


def at_threshold(cells: Cells, threshold: float, *, positive: int) -> Cells:
    """Cells whose predictions are those of a threshold: yes from the nearest edge of a bin on.

    Parameters
    ----------
    cells : Cells
        With truth and score bins.
    threshold : float within 0 to 1
    positive : int
        Number of the label in ``cells.labels`` that is predicted from the threshold on.

    Returns
    -------
    Cells
        For every measure of yes-or-no predictions; :func:`unsure` says how many rows lie between
        the edge and the threshold.

    Raises
    ------
    DataError
        If truth or scores were not counted, the threshold is no probability, or there are more
        than two labels.
    """
    scored(cells, positive)
    assert cells.bins is not None
    edge = int(np.rint(_checked(threshold) * cells.score_bins))
    others = [i for i in range(len(cells.labels)) if i != positive]
    if len(others) > 1:
        msg = (
            f"a threshold decides between two labels; the table has {len(cells.labels)}. Join the "
            "others into one, or compare each label with the rest"
        )
        raise DataError(msg)
    labels = cells.labels if others else (*cells.labels, OTHER)
    no = others[0] if others else len(cells.labels)
    told = np.where(cells.bins >= edge, positive, no)
    return replace(cells, labels=labels, prediction=np.where(cells.bins == UNKNOWN, UNKNOWN, told))


def unsure(cells: Cells, threshold: float) -> int:
    """Rows of the bin that a threshold cuts in two, and whose answer may be the other one.

    Raises
    ------
    DataError
        If the threshold is no probability or no scores were counted.
    """
    if cells.bins is None:
        msg = "expected scores among what was counted; got cells without. Name their column"
        raise DataError(msg)
    place = _checked(threshold) * cells.score_bins
    if abs(place - np.rint(place)) < 1e-9 and threshold < 1:
        return 0
    cut = min(int(np.floor(place)), cells.score_bins - 1)  # scores of 1 are in the last bin
    return int(cells.n[cells.bins == cut].sum())


def _checked(threshold: float) -> float:
    if not 0 <= threshold <= 1:
        msg = f"'threshold' must be a probability from 0 to 1; got {threshold}. Is it percent?"
        raise DataError(msg)
    return float(threshold)


def rate_at(
    cells: Cells,
    groups: Groups,
    rate: str,
    *,
    threshold: float,
    positive: int,
    level: float = 0.95,
) -> Groupwise:
    """One rate of each group at one threshold, with its interval: a point of a curve.

    Parameters
    ----------
    cells, groups, threshold, positive
        As for :func:`at_threshold`.
    rate : str
        One of ``RATES``.
    level : float

    Returns
    -------
    Groupwise

    Raises
    ------
    DataError
        If there is no such rate, or as for :func:`at_threshold`.
    """
    if rate not in RATES:
        msg = f"'rate' must be one of {', '.join(RATES)}; got '{rate}'"
        raise DataError(msg)
    told = at_threshold(cells, threshold, positive=positive)
    hits, among = (_any_of(told, positive, outcomes) for outcomes in RATES[rate])
    return share_each(told, groups, hits, among, level=level)


def _any_of(cells: Cells, positive: int, outcomes: tuple[str, ...]) -> Mask:
    assert cells.truth is not None
    assert cells.prediction is not None
    known = (cells.truth != UNKNOWN) & (cells.prediction != UNKNOWN)
    kinds = {"tp": (True, True), "fp": (False, True), "tn": (False, False), "fn": (True, False)}
    true, told = cells.truth == positive, cells.prediction == positive
    parts = [known & (true == kinds[o][0]) & (told == kinds[o][1]) for o in outcomes]
    return np.asarray(np.any(parts, axis=0))
