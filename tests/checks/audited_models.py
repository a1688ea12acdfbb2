"""Runs whose model can be asked again, as ``iagkit.audit`` makes them."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from handmade_runs import declaration
from scipy.special import expit
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from iagkit.core.nouns import Card, Dataset, Outcome, Run

NAMES = [
    "age", "workclass", "fnlwgt", "education", "education_num", "marital", "occupation",
    "relationship", "race", "sex", "gain", "loss", "hours", "country", "income",
]  # fmt: skip
NUMBERS = ["age", "education_num", "gain", "loss", "hours"]
CATEGORIES = ["workclass", "marital", "occupation", "relationship", "race"]


def run_of(inputs, respond, groups=None, *, model=None, protocol=None, table=None, **evidence):
    """A run with these inputs; ``groups`` by column name."""
    told = np.asarray(respond(inputs), dtype=float) >= evidence.get("threshold", 0.5)
    held = pd.DataFrame({"truth": told.astype(str), "prediction": told.astype(str)})
    for name, values in (groups or {}).items():
        held[f"group:{name}"] = np.asarray(values)
    for name, values in (table or {}).items():
        held[name] = np.asarray(values)
    return Run(
        prototype=declaration(**(protocol or {})),
        dataset=Dataset(card=Card(name="audited"), table=None, sha256="0" * 64),
        outcome=Outcome(
            table=held, respond=respond, model=model,
            evidence={"inputs": inputs.reset_index(drop=True), **evidence},
        ),
    )  # fmt: skip


@cache
def adult(mirror: Path, n: int = 3000) -> pd.DataFrame:
    path = mirror / "adult_us" / "adult.data.txt"
    return pd.read_csv(path, names=NAMES, skipinitialspace=True, nrows=n)


@cache
def adult_run(mirror: Path, kind: str) -> Run:
    """A model learnt from 1,500 people of Adult, and 1,500 others."""
    whole = adult(mirror)
    rows, truth = whole[NUMBERS + CATEGORIES], (whole["income"] == ">50K").astype(int)
    if kind == "boosted":
        rows = rows.astype(dict.fromkeys(CATEGORIES, "category"))
    if kind == "forest":
        rows = rows[NUMBERS]
    model = _model(kind).fit(rows[:1500], truth[:1500])
    groups = {name: whole[name][1500:].to_numpy() for name in ("sex", "race")}
    return run_of(
        rows[1500:],
        lambda table: model.predict_proba(table)[:, 1],
        groups,
        model=model,
        reference=rows[:1500],
    )


def _model(kind: str):
    if kind == "boosted":
        return HistGradientBoostingClassifier(
            max_iter=20, categorical_features="from_dtype", random_state=0
        )
    if kind == "forest":
        return RandomForestClassifier(20, max_depth=5, random_state=0)
    return make_pipeline(
        make_column_transformer(
            (OneHotEncoder(handle_unknown="ignore"), CATEGORIES), (StandardScaler(), NUMBERS)
        ),
        LogisticRegression(max_iter=2000),
    )


def people(n: int, seed: int = 0) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "income": random.normal(0, 1, n),
            "debts": random.normal(0, 1, n),
            "years": random.integers(0, 20, n),
            "town": random.choice(["north", "south", "east"], n),
        }
    )


def by_income(table) -> np.ndarray:
    """A model that reads income, and half as much debts, and nothing else."""
    return expit(2 * table["income"].to_numpy(float) - table["debts"].to_numpy(float))


def only_found(findings, check: str, **where):
    """The one finding of a check at a place."""
    return next(f for f in findings if f.check == check and dict(f.where) == where)
