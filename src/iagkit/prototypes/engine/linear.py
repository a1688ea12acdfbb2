"""Linear scores learnt by L-BFGS on weighted rows, in the space of texts or of features.

Ridge-penalised linear models only need the inner products of the rows. With few long texts the
problem is therefore solved on a Cholesky factor of ``K = Z @ Z.T``, an isometric and much
smaller design; with many short ones on the sparse design itself. The optimum is the same.
Products are taken in single precision, which the solver's tolerance does not notice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]
Loss = Literal["softmax", "hinge", "squares", "joint"]
DENSE_TEXTS = 5_000
ITERATIONS = 60
TOLERANCE = 1e-6
JITTER = 1e-8
STEADY = 1.0
"""Where the dual solver stops; closer solutions answer no better on texts held out."""
ROUNDS = 1000


@dataclass(frozen=True, slots=True)
class Linear:
    """Scores ``Z @ coef.T + intercept``; coef has shape (n_classes, n_columns)."""

    coef: Floats
    intercept: Floats

    def scores(self, design: Any) -> Floats:
        """Scores of rows, shape (n_rows, n_classes)."""
        return np.asarray(design @ self.coef.T) + self.intercept


@dataclass(frozen=True, slots=True)
class Rows:
    """Training rows: which distinct design row, which class, how much each weighs."""

    at: Ints
    y: Ints
    weight: Floats

    @classmethod
    def merged(cls, at: Ints, y: Ints, weight: Floats, *, n_classes: int) -> Rows:
        """Add up the weights of rows that are the same text with the same label."""
        keys, inverse = np.unique(at * n_classes + y, return_inverse=True)
        total = np.asarray(np.bincount(inverse, weight), dtype=float)
        return cls(keys // n_classes, keys % n_classes, total)

    def balanced(self, power: float, n_classes: int) -> Rows:
        """Give rare classes more weight: 0 leaves the rows as they are, 1 makes classes equal."""
        total = np.bincount(self.y, self.weight, minlength=n_classes)
        lift = np.where(total > 0, total.sum() / np.maximum(total, 1e-12), 0.0) ** power
        weight = self.weight * lift[self.y]
        return Rows(self.at, self.y, weight / weight.mean())


def softmax_loss(scores: Floats, y: Ints) -> tuple[Floats, Floats]:
    """Negative log likelihood of each row, and its gradient."""
    own = np.arange(y.size)
    shifted = scores - scores.max(axis=1, keepdims=True)
    share = np.exp(shifted)
    total = share.sum(axis=1)
    loss = np.log(total) - shifted[own, y]
    share /= total[:, None]
    share[own, y] -= 1.0
    return loss, share


def hinge_loss(scores: Floats, y: Ints) -> tuple[Floats, Floats]:
    """Squared hinge, one class against the rest, of each row, and its gradient."""
    sign = np.full(scores.shape, -1.0)
    sign[np.arange(y.size), y] = 1.0
    short = np.maximum(0.0, 1.0 - sign * scores)
    return (short**2).sum(axis=1), -2.0 * sign * short


def squares_loss(scores: Floats, y: Ints) -> tuple[Floats, Floats]:
    """Squared distance to +1 for the own class and -1 for the others, and its gradient."""
    sign = np.full(scores.shape, -1.0)
    sign[np.arange(y.size), y] = 1.0
    off = scores - sign
    return (off**2).sum(axis=1), 2.0 * off


Cost = Callable[[Floats, Ints], tuple[Floats, Floats]]
LOSSES: dict[str, Cost] = {"softmax": softmax_loss, "hinge": hinge_loss, "squares": squares_loss}


def fit(
    design: Any,
    rows: Rows,
    *,
    n_classes: int,
    loss: Loss,
    strength: float,
    start: Linear | None = None,
    iterations: int = ITERATIONS,
) -> Linear:
    """Minimise ``sum(weight * loss) + |coef|**2 / (2 * strength)``; intercepts go free.

    Parameters
    ----------
    design : array or csr_matrix, shape (n_texts, n_columns)
        Distinct texts; ``rows.at`` points into it.
    rows : Rows
        Labels and weights.
    n_classes : int
        Number of classes, some of which may have no row here.
    loss : {"softmax", "hinge", "squares", "joint"}
        What a wrong score costs. The joint margin is how far the own class does not stand one
        before the nearest other [1]_; all classes are learnt together in the dual [2]_,
        intercepts penalised: with many long texts several times faster.
    strength : float
        Inverse of the ridge penalty.
    start : Linear, optional
        Where to begin, such as the solution for another strength.
    iterations : int
        Most steps of L-BFGS; it mostly needs fewer.

    References
    ----------
    .. [1] Crammer, K. & Singer, Y. (2001). On the algorithmic implementation of multiclass
       kernel-based vector machines. JMLR 2, 265-292.
    .. [2] Keerthi, Sundararajan, Chang, Hsieh & Lin (2008). A sequential dual method for large
       scale multi-class linear SVMs. KDD, 408-416.
    """
    if loss == "joint":
        return _joint(design, rows, n_classes=n_classes, strength=strength)
    return _lbfgs(design, rows, n_classes, LOSSES[loss], strength, start, iterations)


def _joint(design: Any, rows: Rows, *, n_classes: int, strength: float) -> Linear:
    """Fit the classes that occur; the others score as surely wrong."""
    import warnings

    from sklearn.exceptions import ConvergenceWarning
    from sklearn.svm import LinearSVC

    whole = Linear(np.zeros((n_classes, design.shape[1])), np.full(n_classes, -1.0))
    if (only := np.unique(rows.y)).size < 2:
        whole.intercept[only] = 1.0
        return whole
    solver = LinearSVC(
        C=strength, tol=STEADY, multi_class="crammer_singer", max_iter=ROUNDS, random_state=0
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        solver.fit(design[rows.at], rows.y, sample_weight=rows.weight)
    coef, intercept = solver.coef_, solver.intercept_
    if len(solver.classes_) == 2:
        coef, intercept = np.vstack([-coef, coef]), np.append(-intercept, intercept)
    whole.coef[solver.classes_], whole.intercept[solver.classes_] = coef, intercept
    return whole


def _lbfgs(
    design: Any,
    rows: Rows,
    n_classes: int,
    cost: Cost,
    strength: float,
    start: Linear | None,
    iterations: int,
) -> Linear:
    from scipy.optimize import minimize

    used, at = np.unique(rows.at, return_inverse=True)
    part = design[used].astype(np.float32)
    back = part.T.tocsr() if hasattr(part, "tocsr") else part.T

    def objective(flat: Floats) -> tuple[float, Floats]:
        coef = flat.reshape(n_classes, -1)
        near = np.asarray(part @ coef[:, :-1].T.astype(np.float32))
        scores = (near + coef[:, -1])[at]
        value, slope = cost(scores, rows.y)
        slope *= rows.weight[:, None]
        per_text = _summed(slope, at, used.size)
        gradient = coef / strength
        gradient[:, :-1] += np.asarray(back @ per_text.astype(np.float32)).T
        gradient[:, -1] = slope.sum(axis=0)
        penalty = np.vdot(coef[:, :-1], coef[:, :-1]) / (2 * strength)
        return float(rows.weight @ value + penalty), gradient.ravel()

    begin = np.zeros((n_classes, design.shape[1] + 1))
    if start is not None:
        begin[:, :-1], begin[:, -1] = start.coef, start.intercept
    options = {"maxiter": iterations, "maxcor": 8, "ftol": TOLERANCE}
    found = minimize(objective, begin.ravel(), jac=True, method="L-BFGS-B", options=options)
    best = found.x.reshape(n_classes, -1)
    return Linear(best[:, :-1].copy(), best[:, -1].copy())


def _summed(slope: Floats, at: Ints, n_texts: int) -> Floats:
    """Add the slopes of rows that share a text."""
    if n_texts == at.size:
        out = np.empty_like(slope)
        out[at] = slope
        return out
    return np.stack([np.bincount(at, s, minlength=n_texts) for s in slope.T], axis=1)


class Fold:
    """Training texts of one fold, ready to be fitted many times; others are scored."""

    def __init__(self, space: Space, train: Ints, test: Ints) -> None:
        """Factor the inner products of the training texts, where that pays."""
        from scipy.linalg import cholesky

        self.test = test
        self._space, self._train = space, train
        self._place = np.full(space.n_texts, -1, dtype=np.intp)
        self._place[train] = np.arange(train.size)
        if space.kernel is None:
            self.design: Any = space.design[train]
            return
        inner = space.kernel[np.ix_(train, train)]
        inner[np.diag_indices_from(inner)] += JITTER
        self.design = cholesky(inner, lower=True, overwrite_a=True, check_finite=False)

    def rows(self, rows: Rows) -> Rows:
        """Rows of this fold's training texts, pointing into its design."""
        at = self._place[rows.at]
        keep = at >= 0
        return Rows(at[keep], rows.y[keep], rows.weight[keep])

    def scores(self, model: Linear) -> Floats:
        """Scores of the other texts, shape (n_test_texts, n_classes)."""
        from scipy.linalg import solve_triangular

        if self._space.kernel is None:
            return model.scores(self._space.design[self.test])
        dual = solve_triangular(self.design, model.coef.T, lower=True, trans=1, check_finite=False)
        near = self._space.kernel[np.ix_(self.test, self._train)]
        return np.asarray(near @ dual) + model.intercept

    def model(self, model: Linear) -> Linear:
        """The same model with one coefficient a column of the sparse design."""
        from scipy.linalg import solve_triangular

        if self._space.kernel is None:
            return model
        dual = solve_triangular(self.design, model.coef.T, lower=True, trans=1, check_finite=False)
        coef = np.asarray(self._space.design[self._train].T @ dual).T
        return Linear(np.ascontiguousarray(coef), model.intercept)


class Space:
    """Distinct texts as a sparse design and, if they are few and long, their inner products."""

    def __init__(self, design: Any, n_classes: int, *, sparse: bool = False) -> None:
        """Choose between the two forms by the time one step of the solver takes."""
        self.design = design
        self.n_texts = int(design.shape[0])
        dense = not sparse and self.n_texts <= DENSE_TEXTS and _dense_is_faster(design, n_classes)
        self.kernel: Floats | None = (design @ design.T).toarray() if dense else None


def _dense_is_faster(design: Any, n_classes: int) -> bool:
    """Compare nanoseconds a step, as measured: memory and products against scattered reads."""
    n_texts, n_columns = design.shape
    dense = n_texts**2 * (0.8 + 0.1 * n_classes)
    sparse = n_classes * (3.0 * design.nnz + 20.0 * n_columns)
    return bool(dense < sparse)
