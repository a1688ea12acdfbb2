"""Real and made-up tables of inputs, and models fitted on them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

ADULT = [
    "age", "workclass", "fnlwgt", "education", "education_num", "marital", "occupation",
    "relationship", "race", "sex", "gain", "loss", "hours", "country", "income",
]  # fmt: skip
NUMBERS = ["age", "education_num", "gain", "loss", "hours"]
CATEGORIES = ["workclass", "marital", "occupation", "relationship", "race"]
GERMAN = ["a1", "a4", "a7", "a10", "a12", "a15", "a17"]


@cache
def adult(mirror: Path, n: int = 2000) -> tuple[pd.DataFrame, pd.Series]:
    """Rows of Adult and whether the income is above 50,000."""
    whole = pd.read_csv(
        mirror / "adult_us" / "adult.data.txt", names=ADULT, skipinitialspace=True, nrows=n
    )
    return whole.drop(columns="income"), (whole["income"] == ">50K").astype(int)


@cache
def german(mirror: Path) -> tuple[pd.DataFrame, pd.Series]:
    """German credit, numbers and categories, and whether the credit was good."""
    names = [f"a{i}" for i in range(21)]
    whole = pd.read_csv(mirror / "german_credit" / "german.data", sep=r"\s+", names=names)
    return whole.drop(columns="a20"), (whole["a20"] == 1).astype(int)


def mixed(numbers: list[str], categories: list[str]):
    return make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), categories), (StandardScaler(), numbers)
        ),
        LogisticRegression(max_iter=2000),
    )


def forest(**settings):
    return RandomForestClassifier(20, max_depth=5, random_state=0, **settings)


def boosted(**settings):
    return HistGradientBoostingClassifier(max_iter=20, random_state=0, **settings)


def positive(model):
    """Inputs → score of the positive class."""
    return lambda table: model.predict_proba(table)[:, 1]


def made_up(n: int, d: int, seed: int) -> pd.DataFrame:
    values = np.random.default_rng(seed).normal(size=(n, d))
    return pd.DataFrame(values, columns=[f"x{j}" for j in range(d)])
