"""What each method gives and takes on real people: ACSIncome by race, and fairlearn beside it.

The trade-off to match (accuracy .8121 and gap of equalized odds .4310 for boosting, .7964 and
.0305 after fairlearn's ThresholdOptimizer) was told without its split, its groups, or the people on
whom the thresholds were chosen. This script prints what fairlearn gives when it is used the way
its guide does, on the groups of so many people or more, and then what `iagkit mitigate` tells of
the same table with thresholds chosen on people of their own.

    IAGKIT_DATA_MIRROR=FOLDER python benchmarks/mitigation.py [LEAST_GROUP] [SEED] [METHOD ...]
"""

from __future__ import annotations

import os
import sys
import time
import warnings
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

import pandas as pd

from iagkit.flow.mitigating import mitigate

TO_MATCH = {"as it is": (0.8121, 0.4310), "threshold optimizer": (0.7964, 0.0305)}
QUICK = ("threshold_optimizer", "reweighing", "group_thresholds")
TRUTH, GROUP = "PINCP", "RAC1P"


def table(least: int) -> pd.DataFrame:
    """People whose race is that of at least so many of them."""
    folder = Path(os.environ["IAGKIT_DATA_MIRROR"])
    read = pd.read_parquet(folder / "acs_income_us" / "ACSIncome.test.parquet")
    sizes = read[GROUP].map(read[GROUP].value_counts())
    return read[sizes >= least].reset_index(drop=True)


def usual(people: pd.DataFrame, *, seed: int) -> dict[str, tuple[float, float]]:
    """Use fairlearn the way its guide does: thresholds chosen on those who were learnt from."""
    from fairlearn.metrics import equalized_odds_difference
    from fairlearn.postprocessing import ThresholdOptimizer
    from sklearn.ensemble import HistGradientBoostingClassifier
    from sklearn.model_selection import train_test_split

    learn, test = train_test_split(people, test_size=0.3, random_state=seed)
    inputs = [c for c in people if c != TRUTH]
    model = HistGradientBoostingClassifier(random_state=seed).fit(learn[inputs], learn[TRUTH])
    optimizer = ThresholdOptimizer(
        estimator=model, constraints="equalized_odds", prefit=True, predict_method="predict_proba"
    ).fit(learn[inputs], learn[TRUTH], sensitive_features=learn[GROUP])
    told = {
        "as it is": model.predict(test[inputs]),
        "threshold optimizer": optimizer.predict(
            test[inputs], sensitive_features=test[GROUP], random_state=seed
        ),
    }
    return {
        name: (
            float((granted == test[TRUTH]).mean()),
            equalized_odds_difference(test[TRUTH], granted, sensitive_features=test[GROUP]),
        )
        for name, granted in told.items()
    }


def main(least: int, seed: int, methods: list[str]) -> None:
    people = table(least)
    groups = people[GROUP].nunique()
    print(f"{len(people):,} people, {groups} groups of {least:,} or more, seed {seed}")
    print("\nfairlearn alone, chosen on those learnt from  accuracy  gap     to match")
    for name, (right, gap) in usual(people, seed=seed).items():
        print(f"  {name:43} {right:.4f}  {gap:.4f}  {TO_MATCH[name]}")
    began = time.process_time()
    inputs = [c for c in people if c != TRUTH]
    told = mitigate(people, truth=TRUTH, groups=[GROUP], inputs=inputs, methods=methods, seed=seed)
    seconds = time.process_time() - began
    print(
        f"\niagkit mitigate, {seconds:.0f} CPU s, chosen on people of their own; gap with interval"
    )
    columns = ["accuracy", f"gap:{GROUP}", f"gap:{GROUP}_low", f"gap:{GROUP}_high"]
    columns += ["accuracy_change", "gains", "losses", "by_draw"]
    print(told.to_frame().set_index("method")[columns].round(4).to_string())


if __name__ == "__main__":
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    given = sys.argv[1:]
    least, seed = (int(x) for x in (*given[:2], *("5000", "0")[len(given[:2]) :]))
    main(least, seed, given[2:] or list(QUICK))
