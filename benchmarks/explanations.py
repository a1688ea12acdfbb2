"""How often checks of explanations accuse groups that are alike, and what explaining costs.

Groups are made up by lot for a model of made-up people, so that every gap that is found is a
false alarm; then one difference is planted. Times are CPU seconds of whole chapters.

    python benchmarks/explanations.py                    # 100 audits of each kind, and costs
    python benchmarks/explanations.py --seeds 400 --only robustness.drift    # surer; no costs
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Sequence

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
import pandas as pd
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

from iagkit.checks.explainability import DistanceOfReasons, Explainability
from iagkit.checks.proxies import Proxy
from iagkit.checks.recourse import Recourse
from iagkit.checks.robustness import Drift, FlipGap, Robustness
from iagkit.core.nouns import Card, Dataset, Finding, Outcome, Policy, Protocol, Prototype, Run
from iagkit.explain.options import Feature
from iagkit.measures.rates import share

CHECKS = (DistanceOfReasons(), Proxy(), Recourse(), FlipGap(), Drift())
PROTOTYPE = Prototype(
    name="audit", version="1", task="audit", recipe="audit", title={}, intended_use={}, not_for={},
    human_role={}, protocol=Protocol(name="audit"),
    policy=Policy(name="none", version="1", owner="nobody", reason={}, gates=()),
)  # fmt: skip
FEATURES = (Feature(name="income", direction="up"), Feature(name="debts", direction="down"))


def people(n: int, random: np.random.Generator) -> pd.DataFrame:
    """People whose town and years say nothing of the answer."""
    return pd.DataFrame(
        {
            "income": random.gamma(2, 1, n),
            "debts": random.gamma(1, 1, n),
            "years": random.integers(0, 30, n),
            "town": random.choice(["north", "south", "east"], n),
        }
    )


def score(table: pd.DataFrame) -> np.ndarray:
    """A model that weighs income against debts."""
    odds = 1.5 * table["income"].to_numpy(float) - table["debts"].to_numpy(float) - 2
    return 1 / (1 + np.exp(-np.nan_to_num(odds)))


def run_of(table: pd.DataFrame, groups: np.ndarray, reference: pd.DataFrame, respond=score) -> Run:
    """What an audit hands to its checks."""
    told = (respond(table) >= 0.5).astype(str)
    held = pd.DataFrame({"truth": told, "prediction": told, "group:lot": groups})
    evidence = {"inputs": table, "reference": reference, "features": FEATURES}
    return Run(
        prototype=PROTOTYPE,
        dataset=Dataset(card=Card(name="people"), table=None, sha256="0" * 64),
        outcome=Outcome(table=held, respond=respond, evidence=evidence),
    )


def alarms(
    seed: int, *, n: int = 600, k: int = 3, planted: bool, only: Sequence[str] = ()
) -> dict[str, bool]:
    """Which gaps leave zero out, by check; of one audit."""
    random = np.random.default_rng(seed)
    table, groups = people(n, random), random.integers(0, k, n).astype(str)
    if planted:
        table.loc[groups == "1", "debts"] *= 4
    run = run_of(table, groups, people(n, random))
    found: tuple[Finding, ...] = tuple(
        finding
        for check in CHECKS
        if not only or any(name.startswith(check.name) for name in only)
        for finding in check(run)
        if not only or finding.check in only
    )
    gaps = [f for f in found if f.estimate and _judged(f)]
    told: dict[str, bool] = {}
    for f in gaps:
        told[f.check] = told.get(f.check, False) or (f.estimate.low or 0) > 0
    return told


def _judged(finding: Finding) -> bool:
    """Gaps, proxies of all inputs together, and drift."""
    if finding.check == "explainability.proxy":
        return "feature" not in finding.where
    return finding.check.endswith((".gap", "_distance", ".drift"))


def rates(*, seeds: int, planted: bool, only: Sequence[str]) -> None:
    """Print the share of audits with an alarm, by check."""
    every = [alarms(seed, planted=planted, only=only) for seed in range(seeds)]
    print(f"\nplanted={planted}, {seeds} audits of 600 people in 3 groups; 95% intervals")
    for check in sorted({name for one in every for name in one}):
        hits = share([one[check] for one in every if check in one])
        print(f"  {check:38} {hits.value:.3f} [{hits.low:.3f}, {hits.high:.3f}], n={hits.n}")


def costs() -> None:
    """Print CPU seconds of both chapters for three kinds of models, 20,000 people audited."""
    random = np.random.default_rng(0)
    table, train = people(20_000, random), people(5_000, random)
    truth = score(train) > random.random(5_000)
    prepared = make_column_transformer((OneHotEncoder(), ["town"]), remainder="passthrough")
    models = {
        "logistic regression in a pipeline": make_pipeline(
            prepared, LogisticRegression(max_iter=2000)
        ),
        "boosted trees with categories": HistGradientBoostingClassifier(
            categorical_features="from_dtype"
        ),
        "forest of 100 in a pipeline": make_pipeline(prepared, RandomForestClassifier(max_depth=8)),
    }
    print("\nCPU seconds           explainability (with recourse)   robustness")
    for name, model in models.items():
        kind = {"town": "category"} if "boosted" in name else {}
        model.fit(train.astype(kind), truth)
        run = run_of(
            table.astype(kind), random.choice(["a", "b"], 20_000), train.astype(kind),
            lambda rows, model=model: model.predict_proba(rows)[:, 1],
        )  # fmt: skip
        spent = [_seconds(check, run) for check in (Explainability(), Robustness())]
        print(f"  {name:36} {spent[0]:8.1f} {spent[1]:14.1f}")


def _seconds(check, run: Run) -> float:
    start = time.process_time()
    check(run)
    return time.process_time() - start


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=100)
    parser.add_argument("--only", nargs="*", default=(), help="findings, by name; no costs then")
    given = parser.parse_args()
    rates(seeds=given.seeds, planted=False, only=given.only)
    rates(seeds=max(5, given.seeds // 10), planted=True, only=given.only)
    if not given.only:
        costs()


if __name__ == "__main__":
    main()
