"""Audits of two predictions, and of a prediction over time, from counted cells."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from handmade_runs import make_run

from iagkit.checks.against import Against
from iagkit.checks.audit_settings import AuditSettings
from iagkit.checks.over_time import OverTime
from iagkit.checks.publishable import publishable
from iagkit.measures.counting import count

MONTHS = [f"{2023 + m // 12}-{m % 12 + 1:02}" for m in range(24)]


def people(seed=0, n=6000, shift=0.0, month="2024-03"):
    """Rows whose first prediction is right in .8, and gets worse by ``shift`` from a month on."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame(
        {
            "sex": random.choice(["f", "m"], n),
            "month": random.choice(MONTHS, n),
            "truth": random.integers(0, 2, n),
        }
    )
    right = random.random(n) < 0.8 - shift * (table["month"] >= month)
    table["first"] = np.where(right, table["truth"], 1 - table["truth"])
    repaired = (random.random(n) < 0.5) & (table["sex"] == "f")
    table["second"] = np.where(repaired, table["truth"], table["first"])
    return table


def audited(table, *, against=None, period=None, task="binary", metrics=None, **counted):
    columns = ["sex", *([period] if period else [])]
    cells = count(
        table, groups=columns, truth="truth", prediction="first", against=against, **counted
    )
    asked = AuditSettings(
        task=task,
        columns=("sex",),
        positive=1 if task == "binary" else None,
        period=period,
        **({"metrics": metrics} if metrics else {}),
    )
    run = make_run(pd.DataFrame())
    evidence = {"cells": cells, "asked": asked}
    return replace(run, outcome=replace(run.outcome, evidence=evidence))


def found(findings):
    return {(f.check, *sorted(f.where.items())): f for f in findings}


def test_a_second_prediction_that_repairs_one_group_is_seen_for_all_for_it_and_in_the_gap():
    told = found(Against()(audited(people(), against="second")))
    change = told["against.accuracy.change",].estimate
    assert change.low > 0.02
    assert told["against.accuracy.change", ("sex", "f")].estimate.low > 0.05
    assert told["against.accuracy.change", ("sex", "m")].estimate.value == 0
    gap = told["against.accuracy.gap_change", ("sex", "*")]
    assert gap.estimate.low > 0.02
    assert gap.between == ("m", "f")
    second = told["against.accuracy",].estimate
    assert second.value == pytest.approx((people().second == people().truth).mean())


def test_the_change_is_the_difference_of_the_two_shares():
    table = people(1)
    told = found(Against()(audited(table, against="second")))
    women = table[(table.sex == "f")]
    rate = {c: women.loc[women.truth == 1, c].mean() for c in ("first", "second")}
    change = told["against.true_positive_rate.change", ("sex", "f")].estimate
    assert change.value == pytest.approx(rate["second"] - rate["first"])
    assert change.n == (women.truth == 1).sum()


def test_the_error_is_divided_over_the_metrics_and_the_groups():
    told = found(Against()(audited(people(), against="second", metrics=("accuracy", "f1"))))
    assert told["against.f1.change",].estimate.level == pytest.approx(1 - 0.05 / 2)
    assert told["against.f1.change", ("sex", "f")].estimate.level == pytest.approx(1 - 0.05 / 4)
    assert told["against.f1.gap_change", ("sex", "*")].estimate.level == pytest.approx(1 - 0.05 / 2)


def test_a_metric_and_one_less_it_are_told_once_and_what_cannot_change_never():
    told = {check for check, *_ in found(Against()(audited(people(), against="second")))}
    assert "against.true_positive_rate.change" in told
    assert not {c for c in told if "false_negative_rate" in c or "prevalence" in c}


def test_labels_of_many_kinds_are_compared_by_accuracy():
    table = people().assign(truth=lambda t: t.truth + (t.index % 3))
    told = found(Against()(audited(table, against="second", task="multiclass")))
    assert {check for check, *_ in told} == {
        "against.accuracy", "against.accuracy.change", "against.accuracy.gap_change",
    }  # fmt: skip


def test_what_is_missing_is_said():
    (alone,) = Against()(audited(people()))
    assert "no second prediction was named" in str(alone.because)
    (timeless,) = OverTime()(audited(people()))
    assert "no column of dates was named" in str(timeless.because)
    (numbers,) = Against()(audited(people(), against="second", task="regression"))
    assert "only predicted labels" in str(numbers.because)
    (elsewhere,) = Against()(make_run())
    assert "holds no" in str(elsewhere.because)


def test_small_groups_are_not_told():
    table = people()
    table.loc[:11, "sex"] = "x"
    told = found(Against()(audited(table, against="second")))
    few = told["against.accuracy.change", ("sex", "x")]
    assert "12 cases are too few; 30 are needed" in str(few.because)


def test_rows_without_one_of_the_predictions_are_left_out_of_both():
    table = people().astype({"second": object})
    table.loc[:999, "second"] = None
    whole = found(Against()(audited(people()[1000:], against="second")))
    part = found(Against()(audited(table, against="second")))
    assert whole["against.f1.change",].estimate == part["against.f1.change",].estimate


def test_a_model_that_got_worse_is_found_with_its_month():
    told = found(OverTime()(audited(people(shift=0.15), period="month")))
    change = told["over_time.accuracy.change", ("period", "*")]
    assert change.between[1] in ("2024-02", "2024-03", "2024-04")
    assert change.estimate.high < 0
    assert change.estimate.value == pytest.approx(-0.15, abs=0.05)
    assert told["over_time.accuracy.season", ("period", "*")].estimate.unit == "probability"
    point = told["over_time.accuracy", ("period", "2023-01")].estimate
    table = people(shift=0.15)
    here = table[table.month == "2023-01"]
    assert (point.value, point.n) == (
        pytest.approx((here["first"] == here.truth).mean()),
        len(here),
    )
    assert told["over_time.accuracy.change", ("period", "*"), ("sex", "f")].between is not None


def test_where_nothing_changed_zero_is_inside_and_no_period_is_named():
    findings = OverTime()(audited(people(3), period="month"))
    changes = [f for f in findings if f.check.endswith((".change", ".trend"))]
    assert len(changes) == 2 * (6 + 4 * 2)
    assert all(f.estimate.low <= 0 <= f.estimate.high and f.between is None for f in changes)
    assert not [f for f in findings if f.check.endswith(".season")]


def test_a_year_cannot_tell_a_change_from_a_season():
    table = people(shift=0.3, month="2023-07")
    findings = OverTime()(audited(table[table.month < "2024"], period="month"))
    (season,) = [
        f for f in findings if f.check == "over_time.accuracy.season" and len(f.where) == 1
    ]
    assert "two full years of months" in str(season.because)


def test_rows_without_a_date_and_periods_with_few_cases_have_no_number():
    table = people()
    table.loc[:500, "month"] = None
    table = table[(table.month != "2023-05") | (table.index % 25 == 0)]
    told = found(OverTime()(audited(table, period="month")))
    assert not [key for key in told if ("period", "(missing)") in key]
    assert "are needed" in str(told["over_time.accuracy", ("period", "2023-05")].because)


def test_one_period_says_why_there_is_no_change():
    told = found(OverTime()(audited(people().assign(month="2024-01"), period="month")))
    because = told["over_time.accuracy.change", ("period", "*")].because
    assert "at least 2 periods with cases; there are 1" in str(because)


def test_a_month_with_a_few_yes_is_withheld_from_what_is_published():
    table = people()
    table["first"] = (np.arange(len(table)) % 90 == 0).astype(int)
    run = audited(table, period="month")
    findings = OverTime()(run)
    public, facts = publishable(run, findings, k=5)
    shown = [f for f in public if f.check == "over_time.selection_rate" and f.estimate]
    own = [f for f in findings if f.check == "over_time.selection_rate" and f.estimate]

    def few(told):
        return [f for f in told if 0.5 < f.estimate.value * f.estimate.n < 4.5]

    assert len(few(own)) > 10
    assert few(shown) == []
    assert facts["withheld"] >= len(few(own))
    # A change is a sum over the months: with the others told, it would tell of those withheld.
    (overall,) = [
        f for f in public if f.check == "over_time.selection_rate.change" and len(f.where) == 1
    ]
    assert overall.estimate is None


def test_a_few_yes_of_the_second_prediction_follow_from_no_change_that_is_published():
    table = people()
    women = np.flatnonzero((table.sex == "f") & (table["first"] == 0) & (table.truth == 0))
    men = np.flatnonzero((table.sex == "m") & (table["first"] == 0))
    table["second"] = 0
    table.loc[[*women[:3], *men[:400]], "second"] = 1
    run = audited(table, against="second")
    findings = found(Against()(run))
    public = found(publishable(run, tuple(findings.values()), k=5)[0])
    for check in ("against.selection_rate", "against.selection_rate.change"):
        assert findings[check, ("sex", "f")].estimate is not None
        assert "withheld" in str(public[check, ("sex", "f")].because)
    change = public["against.selection_rate.gap_change", ("sex", "*")]
    assert "withheld" in str(change.because)  # with the rate of all it would give both rates


def test_the_same_table_gives_the_same_findings():
    run = audited(people(shift=0.1), period="month", against="second")
    assert OverTime()(run) == OverTime()(run)
    assert Against()(run) == Against()(run)
