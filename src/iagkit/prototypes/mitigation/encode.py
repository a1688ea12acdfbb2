"""Columns as an estimator reads them, and the two estimators that iagkit offers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from iagkit.core.errors import DataError, UsageError
from iagkit.core.registry import did_you_mean
from iagkit.prototypes.mitigation.cases import Ints, names

if TYPE_CHECKING:
    import pandas as pd

MAX_LEVELS = 1_000
"""More different texts are names or numbers of people, not something to decide from."""
ONE_HOT = 50
"""Columns that one text becomes for a linear model; rarer texts share the last."""
ESTIMATORS = ("boosting", "logistic")


def estimator(told: Any, *, seed: int) -> Any:
    """Make an estimator by name, or take one that scikit-learn could use.

    Parameters
    ----------
    told : {"boosting", "logistic"} or estimator
    seed : int

    Raises
    ------
    UsageError
        If it is neither.
    """
    from sklearn.base import clone
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.linear_model import LogisticRegression

    if told == "boosting":
        return HistGradientBoostingClassifier(random_state=seed)
    if told == "logistic":
        return LogisticRegression(max_iter=1000)
    if not isinstance(told, str) and all(hasattr(told, does) for does in ("fit", "predict")):
        return clone(told, safe=False)
    shown = told if isinstance(told, str) else type(told).__name__
    msg = (
        f"expected one of the estimators {', '.join(ESTIMATORS)}, or from Python a classifier of "
        f"scikit-learn; got {shown}.{did_you_mean(shown, ESTIMATORS)}"
    )
    raise UsageError(msg)


def encoded(inputs: pd.DataFrame, *, learn: Ints, how: Any) -> Any:
    """Inputs as the estimator reads them.

    Parameters
    ----------
    inputs : DataFrame, n_cases rows
    learn : ndarray of int
        Rows from which levels, means and spreads are learnt.
    how : {"boosting", "logistic"} or estimator
        Texts become numbers of levels for the first, columns of zeros and ones for the second
        (whose numbers are also brought to one scale); an estimator of one's own gets the
        columns as they are.

    Returns
    -------
    ndarray of float, shape (n_cases, n_columns), or DataFrame

    Raises
    ------
    DataError
        If a column holds dates, infinite numbers or too many different texts.
    """
    if not isinstance(how, str):
        return inputs
    prepared = _prepared(inputs)
    texts = [c for c in prepared.columns if prepared[c].dtype.kind != "f"]
    numbers = [c for c in prepared.columns if c not in texts]
    reader = _ordinal(texts, numbers) if how == "boosting" else _one_hot(texts, numbers)
    return np.asarray(reader.fit(prepared.iloc[learn]).transform(prepared), dtype=float)


def _prepared(inputs: pd.DataFrame) -> pd.DataFrame:
    """Every column as floats or as texts; a missing text is a level of its own."""
    import pandas as pd

    told = {str(column): _column(inputs[column].infer_objects(), column) for column in inputs}
    return pd.DataFrame(told, index=inputs.index)


def _column(values: pd.Series[Any], column: Any) -> Any:
    kind = getattr(values.dtype, "kind", "O")
    if kind in "Mm":
        msg = (
            f"expected numbers or texts to decide from; '{column}' holds dates. Turn it into a "
            "number such as a year or an age, or name other columns with --input"
        )
        raise DataError(msg)
    if kind in "iufb":
        return _finite(values.astype("float64"), column)
    texts = names(values).astype(object)
    levels = len(set(texts))
    if levels > MAX_LEVELS:
        msg = (
            f"expected texts that repeat, at most {MAX_LEVELS:,} different ones, to decide from; "
            f"'{column}' has {levels:,}. Leave it out: name other columns with --input"
        )
        raise DataError(msg)
    return texts


def _finite(values: pd.Series[Any], column: Any) -> pd.Series[Any]:
    if infinite := int(np.isinf(values).sum()):
        msg = (
            f"expected finite numbers in '{column}'; {infinite} of {len(values)} are not. Leave "
            "those cells empty, or repair them"
        )
        raise DataError(msg)
    return values


def _ordinal(texts: list[str], numbers: list[str]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.preprocessing import OrdinalEncoder

    levels = OrdinalEncoder(handle_unknown="use_encoded_value", unknown_value=-1)
    return ColumnTransformer([("texts", levels, texts), ("numbers", "passthrough", numbers)])


def _one_hot(texts: list[str], numbers: list[str]) -> Any:
    from sklearn.compose import ColumnTransformer
    from sklearn.impute import SimpleImputer
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import OneHotEncoder, StandardScaler

    levels = OneHotEncoder(
        max_categories=ONE_HOT, handle_unknown="infrequent_if_exist", sparse_output=False
    )
    known = SimpleImputer(strategy="median", add_indicator=True, keep_empty_features=True)
    scaled = make_pipeline(known, StandardScaler())
    return ColumnTransformer([("texts", levels, texts), ("numbers", scaled, numbers)])
