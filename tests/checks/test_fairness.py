"""Gaps between groups: named, corrected, and silent where all are alike."""

import numpy as np
import pytest
from handmade_runs import make_run, outcome_table

from iagkit.checks.fairness import AccuracyGap, Fairness
from iagkit.core.judge import judge
from iagkit.core.nouns import Gate, Policy

WHY = {"en": "test"}
BASELINE = Policy(
    name="baseline", version="1", owner="nobody", reason=WHY,
    gates=(
        Gate(check="fairness.accuracy.gap", at_most=0.10, reason=WHY),
        Gate(check="fairness.abstention_rate.gap", at_most=0.15, reason=WHY),
        Gate(check="fairness.conformal_coverage.gap", at_most=0.10, reason=WHY),
    ),
)  # fmt: skip
STRICT = Policy(
    name="strict", version="1", owner="nobody", reason=WHY,
    gates=tuple(Gate(check=g.check, at_most=0.0, reason=WHY) for g in BASELINE.gates),
)  # fmt: skip


def grouped(seed, *, n=1500, copies=False, worse=0.0):
    """A held-out table with three group columns; ``worse`` is planted in one district."""
    random = np.random.default_rng(seed)
    table = outcome_table(n, seed=seed)
    table["group:district"] = random.choice([f"d{i}" for i in range(8)], n)
    table["group:sex"] = random.choice(["f", "m", "(missing)"], n, p=[0.3, 0.5, 0.2])
    table["group:year"] = random.choice(["2018", "2019"], n)
    spoilt = (table["group:district"] == "d3") & (random.random(n) < worse)
    table.loc[spoilt, "prediction"] = "elsewhere"
    table["cluster"] = np.arange(n)
    if copies:
        rows = np.repeat(np.arange(n), np.minimum(random.zipf(2.2, n), 20))[:n]
        table = table.iloc[rows].reset_index(drop=True)
        table["group:sex"] = random.choice(["f", "m", "(missing)"], n, p=[0.3, 0.5, 0.2])
    return table


def failed(table, policy):
    return {
        (v.check, *v.where)
        for v in judge(Fairness()(make_run(table)), policy)
        if v.result == "fail"
    }


def test_the_planted_district_is_named_as_the_lowest_and_the_gate_fails():
    run = make_run(grouped(1, worse=0.45))
    [found] = [f for f in AccuracyGap()(run) if "district" in f.where]
    assert found.between[0] == "d3"
    assert found.where == {"district": "*"}
    assert failed(run.outcome.table, BASELINE) == {("fairness.accuracy.gap", "district")}


def test_the_level_of_each_gap_is_divided_over_columns_and_measures():
    gaps = [f.estimate for f in Fairness()(make_run(grouped(2))) if f.check.endswith(".gap")]
    assert len(gaps) == 9
    assert {round(1 - gap.level, 6) for gap in gaps} == {round(0.05 / 9, 6)}


def test_small_groups_are_told_without_numbers_and_left_out_of_the_gap():
    table = outcome_table()
    table.loc[:19, "group:district"] = "small"
    table.loc[20:22, "group:district"] = "tiny"
    found = {(f.check, *f.where.values()): f for f in Fairness()(make_run(table))}
    assert "20 cases are too few; 30 are needed" in str(found["fairness.accuracy", "small"].because)
    assert "fewer than 5 cases" in str(found["fairness.accuracy", "tiny"].because)
    assert "fewer than 5 cases" in str(found["fairness.group_size", "tiny"].because)
    assert found["fairness.accuracy.gap", "*"].estimate.n == 400 - 23


def test_one_group_has_no_gap_and_says_why():
    table = outcome_table().assign(**{"group:district": "only"})
    gaps = [f for f in Fairness()(make_run(table)) if f.check.endswith(".gap")]
    assert all("1 of 1 have them" in str(gap.because) for gap in gaps)


def test_a_column_of_numbers_is_refused_with_the_remedy():
    table = outcome_table().assign(**{"group:age": np.arange(400)})
    found = [f for f in Fairness()(make_run(table)) if "age" in f.where]
    assert {f.where["age"] for f in found} == {"*"}
    assert all("declare ranges, at most 100" in str(f.because) for f in found)


def accusations(seeds, *, copies=False):
    """In how many runs any gate fails: with the limits of a policy, and with limits of 0."""
    counts = {BASELINE.name: 0, STRICT.name: 0}
    for seed in seeds:
        findings = Fairness()(make_run(grouped(seed, copies=copies)))
        for policy in (BASELINE, STRICT):
            counts[policy.name] += any(v.result == "fail" for v in judge(findings, policy))
    return counts


def test_equal_groups_are_not_accused():
    counts = accusations(range(30))
    assert counts["baseline"] == 0
    assert counts["strict"] <= 4


@pytest.mark.slow
@pytest.mark.parametrize("copies", [False, True], ids=["texts", "copies"])
def test_any_false_accusation_comes_in_at_most_one_run_of_twenty(copies):
    runs = 200
    counts = accusations(range(runs), copies=copies)
    assert counts["baseline"] / runs <= 0.01
    assert counts["strict"] / runs <= 0.05
