"""Recourse of the refused, by group, and what is said where there is none."""

from __future__ import annotations

import numpy as np
import pytest
from audited_models import adult_run, by_income, only_found, people, run_of

from iagkit.checks.asked import with_evidence
from iagkit.checks.recourse import Cost, CostGap, NoRecourse, Recourse
from iagkit.explain.options import Feature

UP = (Feature(name="income", direction="up"), Feature(name="town"))


def two_groups(n: int, *, poorer: float):
    """Two groups, one of which earns less by so many standard deviations."""
    table, sex = people(n), np.array(["f", "m"] * (n // 2))
    table["income"] -= np.where(sex == "f", poorer, 0)
    return run_of(table, by_income, {"sex": sex}, features=UP, protocol={"min_group": 20})


def test_the_poorer_group_has_farther_to_go():
    found = Recourse()(two_groups(600, poorer=1.5))
    cost = {s: only_found(found, "recourse.cost", sex=s).estimate for s in "fm"}
    assert cost["f"].value > cost["m"].value
    gap = only_found(found, "recourse.cost.gap", sex="*")
    assert gap.between == ("m", "f")
    assert gap.estimate.low > 0
    assert gap.estimate.unit == "standard deviations"


def test_equal_groups_are_not_accused():
    found = Recourse()(two_groups(600, poorer=0.0))
    assert only_found(found, "recourse.cost.gap", sex="*").estimate.low == 0
    assert only_found(found, "recourse.none.gap", sex="*").estimate.low == 0
    assert only_found(found, "recourse.none").estimate.value < 0.1


def test_a_group_whose_way_is_barred_has_no_recourse():
    table, sex = people(600), np.array(["f", "m"] * 300)
    table["barred"] = (sex == "f").astype(float)

    def respond(rows):
        return by_income(rows) * (rows["barred"].to_numpy() < 0.5)

    found = Recourse()(run_of(table, respond, {"sex": sex}, features=UP))
    assert only_found(found, "recourse.none", sex="f").estimate.value == 1.0
    assert only_found(found, "recourse.none.gap", sex="*").estimate.low > 0.7
    assert "cases" in str(only_found(found, "recourse.cost", sex="f").because)


def test_the_decision_is_taken_at_the_threshold_of_the_audit():
    run = run_of(people(300), by_income, features=UP, threshold=0.9)
    strict, usual = NoRecourse()(run)[0].estimate, NoRecourse()(with_evidence(run, threshold=0.5))
    assert strict.n > usual[0].estimate.n


def test_real_people_have_recourse_by_hours_and_schooling(mirror):
    features = (
        Feature(name="education_num", direction="up", high=16, unit="years"),
        Feature(name="hours", low=0, high=60, unit="hours"),
        Feature(name="occupation"),
        Feature(name="age", actionable=False),
    )
    run = with_evidence(adult_run(mirror, "boosted"), features=features)
    found = (*Cost(cases=120)(run), *CostGap(cases=120)(run), *NoRecourse(cases=120)(run))
    cost = only_found(found, "recourse.cost").estimate
    assert 0 < cost.low <= cost.value <= cost.high
    without = only_found(found, "recourse.none").estimate
    assert 0 < without.value < 1
    assert without.n == 120


@pytest.mark.parametrize(
    ("features", "told"),
    [
        ((), "not declared what a person could change"),
        ((Feature(name="income", actionable=False),), "no declared feature is actionable"),
        ((Feature(name="wealth"),), "do not fit the inputs"),
    ],
)
def test_declarations_that_help_nobody_are_said(features, told):
    for finding in Recourse()(run_of(people(50), by_income, features=features)):
        assert told in str(finding.because) or "no group column" in str(finding.because)


def test_where_nobody_is_refused_there_is_nothing_to_tell():
    run = run_of(people(50), lambda t: np.ones(len(t)), features=UP)
    assert "no case was refused" in str(Cost()(run)[0].because)
    assert "holds no features" in str(Recourse()(run_of(people(50), by_income))[0].because)
