"""Boosted trees as plain arrays: learnt by scikit-learn, kept and asked without its objects."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, ModelError

Floats = NDArray[np.float64]
ROWS: Final = 8_192
"""Rows answered at once: so many stay near the processor."""


class Forest:
    """Sum of regression trees, held in five arrays with one entry a node.

    Parameters
    ----------
    n_features : int
    baseline : float
        What the sum begins with.
    roots : ndarray of int, shape (n_trees,)
        Place of the root of each tree.
    feature : ndarray of int, shape (n_nodes,)
        Column that is asked; -1 at a leaf.
    threshold : ndarray of float, shape (n_nodes,)
        Smaller or equal goes left.
    missing_left : ndarray of bool, shape (n_nodes,)
        Whether a missing number goes left.
    left, right : ndarray of int, shape (n_nodes,)
        Places of the children, always later than the node itself.
    value : ndarray of float, shape (n_nodes,)
        What a leaf adds.

    Notes
    -----
    A saved forest is checked before it answers (:meth:`check`): children stand after their
    node, so that no walk can turn in a circle or leave the arrays.
    """

    def __init__(
        self,
        *,
        n_features: int,
        baseline: float,
        roots: NDArray[np.int32],
        feature: NDArray[np.int32],
        threshold: Floats,
        missing_left: NDArray[np.bool_],
        left: NDArray[np.int32],
        right: NDArray[np.int32],
        value: Floats,
    ) -> None:
        self.n_features = n_features
        self.baseline = baseline
        self.roots = roots
        self.feature = feature
        self.threshold = threshold
        self.missing_left = missing_left
        self.left = left
        self.right = right
        self.value = value

    def check(self) -> Forest:
        """Make sure that every walk ends at a leaf.

        Raises
        ------
        ModelError
            If the arrays do not fit one another.
        """
        n = len(self.feature)
        each = (self.threshold, self.missing_left, self.left, self.right, self.value)
        inner = self.feature >= 0
        place = np.arange(n)
        sound = (
            all(len(a) == n for a in each)
            and bool((self.feature < self.n_features).all())
            and bool((self.left[inner] > place[inner]).all())
            and bool((self.right[inner] > place[inner]).all())
            and bool((self.left[inner] < n).all() and (self.right[inner] < n).all())
            and bool(((self.roots >= 0) & (self.roots < n)).all())
            and bool(np.isfinite(self.value).all() and np.isfinite(self.baseline))
        )
        if not sound:
            msg = "expected trees whose nodes point forward; these do not, the model is damaged"
            raise ModelError(msg)
        return self

    def predict(self, matrix: Floats) -> Floats:
        """Sum of the leaves that each row ends in.

        Parameters
        ----------
        matrix : ndarray of float, shape (n, n_features)
            Missing numbers are NaN.

        Returns
        -------
        ndarray of float, shape (n,)

        Raises
        ------
        DataError
            If the matrix has another number of columns.
        """
        if matrix.ndim != 2 or matrix.shape[1] != self.n_features:
            msg = f"expected {self.n_features} columns; got a matrix of shape {matrix.shape}"
            raise DataError(msg)
        blocks = range(0, len(matrix), ROWS)
        parts = [self._sum(np.ascontiguousarray(matrix[i : i + ROWS])) for i in blocks]
        return np.concatenate(parts) if parts else np.empty(0)

    def _sum(self, matrix: Floats) -> Floats:
        total = np.full(len(matrix), self.baseline)
        for root in self.roots:
            total += self.value[self._leaves(matrix, int(root))]
        return total

    def _leaves(self, matrix: Floats, root: int) -> NDArray[np.int64]:
        node = np.full(len(matrix), root, dtype=np.int64)
        rows = np.arange(len(matrix))
        while True:
            rows = rows[self.feature[node[rows]] >= 0]
            if not len(rows):
                return node
            here = node[rows]
            told = matrix[rows, self.feature[here]]
            goes = np.where(np.isnan(told), self.missing_left[here], told <= self.threshold[here])
            node[rows] = np.where(goes, self.left[here], self.right[here])


def of_boosting(learner: Any) -> Forest:
    """Copy the trees of a fitted ``HistGradientBoostingRegressor``.

    Parameters
    ----------
    learner : HistGradientBoostingRegressor
        Fitted on numbers only: trees with categories are refused.

    Raises
    ------
    ModelError
        If a tree asks for a category.
    """
    trees = [stage[0].nodes for stage in learner._predictors]
    return _joined(
        trees, int(learner.n_features_in_), float(np.ravel(learner._baseline_prediction)[0])
    )


def mean_of(forests: Sequence[Forest]) -> Forest:
    """One forest whose answer is the mean of several."""
    sizes = [len(f.feature) for f in forests]
    starts = np.r_[0, np.cumsum(sizes)][:-1].astype(np.int32)
    joined = {
        name: np.concatenate([getattr(f, name) for f in forests])
        for name in ("feature", "threshold", "missing_left")
    }
    moved = {
        name: np.concatenate([getattr(f, name) + s for f, s in zip(forests, starts, strict=True)])
        for name in ("roots", "left", "right")
    }
    return Forest(
        n_features=forests[0].n_features,
        baseline=float(np.mean([f.baseline for f in forests])),
        value=np.concatenate([f.value for f in forests]) / len(forests),
        **joined,
        **moved,
    ).check()


def over_columns(forest: Forest, columns: NDArray[np.int64], n_features: int) -> Forest:
    """The same forest, asked about a wider matrix of which it has learnt some columns."""
    inner = forest.feature >= 0
    moved = np.where(inner, columns[np.where(inner, forest.feature, 0)], -1)
    return Forest(
        n_features=n_features, baseline=forest.baseline, roots=forest.roots,
        feature=moved.astype(np.int32), threshold=forest.threshold,
        missing_left=forest.missing_left, left=forest.left, right=forest.right, value=forest.value,
    )  # fmt: skip


def of_classes(learner: Any) -> tuple[Forest, ...]:
    """Copy the trees of a fitted ``HistGradientBoostingClassifier``: one forest a raw score."""
    base = np.ravel(learner._baseline_prediction)
    stages = learner._predictors
    return tuple(
        _joined([stage[k].nodes for stage in stages], int(learner.n_features_in_), float(base[k]))
        for k in range(len(base))
    )


def _joined(trees: list[Any], n_features: int, baseline: float) -> Forest:
    roots = np.r_[0, np.cumsum([len(t) for t in trees])][:-1].astype(np.int32)
    nodes = np.concatenate(trees)
    if nodes["is_categorical"].any():
        msg = "expected trees over numbers; one asks for a category"
        raise ModelError(msg)
    start = np.repeat(roots, [len(t) for t in trees])
    leaf = nodes["is_leaf"].astype(bool)
    return Forest(
        n_features=n_features,
        baseline=baseline,
        roots=roots,
        feature=np.where(leaf, -1, nodes["feature_idx"]).astype(np.int32),
        threshold=nodes["num_threshold"].astype(np.float64),
        missing_left=nodes["missing_go_to_left"].astype(bool),
        left=(nodes["left"] + start).astype(np.int32),
        right=(nodes["right"] + start).astype(np.int32),
        value=np.where(leaf, nodes["value"], 0.0).astype(np.float64),
    ).check()
