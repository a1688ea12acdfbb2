"""Numbers of audits on real tables: equal to fairlearn's where it has one, and as published."""

from itertools import combinations

import numpy as np
import pytest
from real_tables import acs, adult, german

import iagkit

FAIRLEARN = (
    "selection_rate", "true_positive_rate", "false_positive_rate", "true_negative_rate",
    "false_negative_rate",
)  # fmt: skip
DENOMINATOR = {
    "true_positive_rate": "yes", "false_negative_rate": "yes",
    "false_positive_rate": "no", "true_negative_rate": "no",
}  # fmt: skip


@pytest.fixture(scope="module")
def tables(mirror):
    people = acs(mirror)
    people["told"] = (people["SCHL"].astype(float) >= 21).astype(int)
    people["income"] = people["PINCP"].astype(int)
    columns = ["SEX", "RAC1P", "MAR"]
    people[columns] = people[columns].astype(int)
    return {
        "adult": (adult(mirror), "income", ["sex", "race", "marital"]),
        "german": (german(mirror), "good", ["older", "sex", "housing"]),
        "acs": (people, "income", ["SEX", "RAC1P", "MAR"]),
    }


def of_fairlearn(table, truth, columns):
    """Rates of fairlearn and scikit-learn by group."""
    from fairlearn import metrics
    from sklearn.metrics import accuracy_score, precision_score

    functions = {name: getattr(metrics, name) for name in FAIRLEARN}
    functions |= {
        "accuracy": accuracy_score,
        "precision": lambda y, p: precision_score(y, p, zero_division=np.nan),
        "yes": lambda y, p: float(np.sum(y == 1)),
        "no": lambda y, p: float(np.sum(y == 0)),
    }
    return metrics.MetricFrame(
        metrics=functions, y_true=table[truth], y_pred=table["told"],
        sensitive_features=table[columns].astype(str),
    ).by_group  # fmt: skip


@pytest.mark.data
@pytest.mark.parametrize("name", ["german", "adult", pytest.param("acs", marks=pytest.mark.slow)])
def test_every_group_of_one_two_and_three_columns_has_fairlearns_rates(tables, name):
    table, truth, columns = tables[name]
    found = iagkit.audit(table, truth=truth, prediction="told", groups=columns, depth=3)
    compared = 0
    for depth in (1, 2, 3):
        for some in combinations(columns, depth):
            expected = of_fairlearn(table, truth, list(some))
            for group, row in expected.iterrows():
                where = dict(zip(some, group if depth > 1 else (group,), strict=True))
                if not row["yes"] + row["no"] > 0:
                    continue  # fairlearn lists combinations that nobody is of
                compared += agrees(found, where, row)
    assert compared > 30


def agrees(found, where, row):
    """All rates of a group within 1e-12; what is 0 of 0 must be undefined."""
    for metric in (*FAIRLEARN, "accuracy", "precision"):
        finding = found.find(f"fairness.{metric}", **where)
        if row.get(DENOMINATOR.get(metric, ""), 1) == 0 or np.isnan(row[metric]):
            assert finding.estimate is None, (metric, where)
            assert finding.because is not None
        else:
            assert finding.estimate.value == pytest.approx(row[metric], abs=1e-12), (metric, where)
    return 1


@pytest.mark.data
def test_the_published_parity_differences_of_adult_and_german_credit_are_reproduced(tables):
    table, truth, _ = tables["adult"]
    found = iagkit.audit(table, prediction=truth, groups=["sex"])
    apart = [
        found.find("fairness.selection_rate", sex=s).estimate.value for s in ("Female", "Male")
    ]
    assert apart[0] - apart[1] == pytest.approx(-0.194516, abs=5e-7)
    table, truth, _ = tables["german"]
    found = iagkit.audit(table, prediction=truth, groups=["older"])
    gap = found.find("fairness.selection_rate.gap", older="*")
    assert -gap.estimate.value == pytest.approx(-0.149448, abs=5e-7)
    assert gap.between == ("25 and younger", "over 25")
    ratio = found.find("fairness.selection_rate.ratio", older="*").estimate.value
    assert ratio == pytest.approx(0.7948, abs=5e-5)
