"""Runs made by hand: a declaration, a small table and an outcome whose truth is known."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pandas as pd

from iagkit.core.nouns import Card, Column, Dataset, Outcome, Policy, Protocol, Prototype, Run

WORDS = MappingProxyType({"en": "a test"})
CLASSES = ("lamps", "roads", "waste", "water")


def declaration(**protocol) -> Prototype:
    return Prototype(
        name="citizen-requests", version="1", task="routing", recipe="requests.linear",
        title=WORDS, intended_use=WORDS, not_for=WORDS, human_role={},
        protocol=Protocol(name="test", **protocol),
        policy=Policy(name="test", version="1", owner="nobody", reason=WORDS, gates=()),
    )  # fmt: skip


def outcome_table(n: int = 400, *, seed: int = 0, right: float = 0.8) -> pd.DataFrame:
    """Held-out cases of a model that is right with a known chance and knows how sure it is."""
    random = np.random.default_rng(seed)
    truth = random.choice(CLASSES, n)
    confidence = random.beta(right * 8, (1 - right) * 8, n)
    hit = random.random(n) < confidence
    other = np.array([CLASSES[(CLASSES.index(t) + 1) % 4] for t in truth])
    prediction = np.where(hit, truth, other)
    labels = [(p,) if c > 0.9 else (p, t) for p, t, c in zip(prediction, truth, confidence)]  # noqa: B905
    return pd.DataFrame(
        {
            "id": [f"r{i}" for i in range(n)],
            "truth": truth,
            "prediction": prediction,
            "confidence": confidence,
            "decided": confidence > 0.7,
            "labels": labels,
            "rank": np.where(hit, 1, 4),
            "cluster": np.arange(n) // 2,
            "several_asks": random.random(n) < 0.1,
            "lang": "es",
            "group:district": random.choice(["north", "south", "east"], n),
        }
    )


def evidence() -> dict[str, object]:
    return {
        "classes": CLASSES,
        "repeats": pd.DataFrame({"cluster": [1, 1, 2, 3], "label": ["a", "b", "a", "a"]}),
        "parents": {"lamps": "streets", "roads": "streets"},
        "prevalence": {"water": 0.4, "roads": 0.3, "waste": 0.2, "lamps": 0.1},
    }


def raw_table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "text": ["no hay agua", "No hay AGUA", "bache en la calle", None, "  ", "luz"],
            "office": ["water", "water", "roads", "water", None, "lamps"],
            "date": ["2024-05-01", "2099-01-01", "1890-01-01", "not a date", None, "13/05/2020"],
            "channel": ["web"] * 6,
        }
    )


def dataset(table: pd.DataFrame | None = None) -> Dataset:
    roles = {"text": "text", "office": "target", "date": "time", "channel": "group"}
    columns = tuple(Column(name=name, role=role) for name, role in roles.items())
    card = Card(name="made-by-hand", columns=columns)
    return Dataset(card=card, table=raw_table() if table is None else table, sha256="0" * 64)


def make_run(table: pd.DataFrame | None = None, *, data: pd.DataFrame | None = None, **protocol):
    held = outcome_table() if table is None else table
    return Run(
        prototype=declaration(**protocol),
        dataset=dataset(data),
        outcome=Outcome(table=held, respond=lambda texts: texts, evidence=evidence()),
        facts={"started": "2025-01-01T00:00:00+00:00"},
    )


def without(run: Run, *names: str) -> Run:
    """The run without some columns or evidence."""
    table = run.outcome.table.drop(columns=[n for n in names if n in run.outcome.table])
    rest = {k: v for k, v in run.outcome.evidence.items() if k not in names}
    return replace(run, outcome=replace(run.outcome, table=table, evidence=rest))
