"""What every check promises, and what each says of runs whose answers are known."""

import dataclasses
import tomllib
from importlib import import_module
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from handmade_runs import CLASSES, make_run, outcome_table, raw_table, without

from iagkit.checks.abstention import Abstention
from iagkit.checks.asks import Asks
from iagkit.checks.calibration import Calibration
from iagkit.checks.coverage import Coverage
from iagkit.checks.fairness import Fairness
from iagkit.checks.load import Load
from iagkit.checks.performance import Performance
from iagkit.checks.quality import Quality
from iagkit.core.nouns import MISSING

CHAPTERS = (Performance, Calibration, Coverage, Abstention, Load, Fairness, Asks, Quality)
PARTS = [part for chapter in CHAPTERS for part in chapter.parts]
PROMISED = {
    *(f"performance.{x}" for x in (
        "accuracy", "macro_f1", "balanced_accuracy", "recall", "precision", "f1",
        "top_3_accuracy", "majority_accuracy", "human_agreement", "human_ceiling",
        "hierarchical_f1")),
    "calibration.ece", "calibration.reliability", "coverage.conformal", "coverage.set_size",
    "abstention.rate", "abstention.automatic_accuracy", "abstention.accuracy_at_review",
    "abstention.review_for_accuracy", "load.expected", "load.review", "asks.several",
    *(f"fairness.{x}{gap}" for x in ("accuracy", "abstention_rate", "conformal_coverage")
      for gap in ("", ".gap")),
    "fairness.group_size",
    *(f"data.{x}" for x in (
        "missing", "duplicate_texts", "near_duplicate_texts", "constant_column",
        "suspicious_dates", "class_share")),
}  # fmt: skip


def answers(chapter, run, check, **where):
    """The one finding of this check there."""
    [found] = [f for f in chapter()(run) if f.check == check and dict(f.where) == where]
    return found


def test_the_names_are_those_promised():
    assert {part.name for part in PARTS} == PROMISED


def test_the_package_registers_every_chapter():
    declared = tomllib.loads(Path(__file__).parents[2].joinpath("pyproject.toml").read_text())
    points = declared["project"]["entry-points"]["iagkit.checks"]
    loaded = set()
    for name, place in points.items():
        module, _, attribute = place.partition(":")
        chapter = getattr(import_module(module), attribute)
        assert chapter.name == name
        loaded.add(chapter)
    assert set(CHAPTERS) <= loaded


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_a_check_is_a_frozen_question(part):
    assert part.question.endswith("?")
    assert part == type(part)()
    assert not hasattr(part, "__dict__")
    assert hash(part) == hash(type(part)())
    assert type(part).__dataclass_params__.frozen


@pytest.mark.parametrize("part", PARTS, ids=lambda part: part.name)
def test_asking_twice_gives_the_same_and_changes_nothing(part, run):
    before = run.outcome.table.copy(deep=True)
    assert part(run) == part(run)
    pd.testing.assert_frame_equal(run.outcome.table, before)


@pytest.mark.parametrize("part", [p for p in PARTS if p.needs], ids=lambda part: part.name)
def test_what_is_missing_is_said_in_one_finding(part, run):
    for need in part.needs - {"group:"}:
        [found] = part(without(run, need))
        assert found.estimate is None
        assert need in str(found.because)
    [found] = part(make_run(outcome_table().iloc[:0]))
    assert "no case was held out" in str(found.because)


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)
def test_a_run_without_anything_is_answered_with_reasons(chapter):
    bare = make_run(pd.DataFrame(), data=pd.DataFrame({"text": [], "office": []}, dtype=object))
    bare = without(bare, *bare.outcome.evidence)
    findings = chapter()(bare)
    assert findings
    assert all(
        f.because or f.estimate.n == 0 or f.check == "data.constant_column" for f in findings
    )


def test_a_run_without_groups_has_one_reason_for_all_of_fairness(run):
    [found] = Fairness()(without(run, "group:district"))
    assert found.check == "fairness"
    assert "no group column" in str(found.because)


def test_every_interval_holds_its_value_and_counts_cases(run):
    for finding in (f for chapter in CHAPTERS for f in chapter()(run) if f.estimate):
        found = finding.estimate
        assert found.low is not None, finding.check
        assert found.low <= found.value <= found.high
        assert 0 < found.n <= len(run.outcome)


def test_performance_says_what_can_be_counted_by_hand(run):
    table = run.outcome.table
    right = (table["truth"] == table["prediction"]).mean()
    accuracy = answers(Performance, run, "performance.accuracy").estimate
    assert accuracy.value == pytest.approx(right)
    assert (accuracy.n, accuracy.clusters) == (400, 200)
    majority = answers(Performance, run, "performance.majority_accuracy").estimate
    assert majority.value == pytest.approx((table["truth"] == "water").mean())
    top = answers(Performance, run, "performance.top_3_accuracy").estimate
    assert top.value == pytest.approx((table["rank"] <= 3).mean())
    recall = answers(Performance, run, "performance.recall", **{"class": "roads"}).estimate
    roads = table[table["truth"] == "roads"]
    assert recall.value == pytest.approx((roads["prediction"] == "roads").mean())


def test_the_human_ceiling_stands_beside_the_score(run):
    assert answers(Performance, run, "performance.human_agreement").estimate.value == 0.0
    assert answers(Performance, run, "performance.human_ceiling").estimate.value == 0.75
    again = answers(Performance, run, "performance.human_ceiling", texts="repeated").estimate
    assert (again.value, again.n) == (0.5, 2)


def test_classes_of_fewer_than_five_cases_are_not_told():
    table = outcome_table()
    table.loc[:2, "truth"] = "rare"
    run = make_run(table)
    assert "fewer than 5" in str(
        answers(Performance, run, "performance.recall", **{"class": "rare"}).because
    )
    assert "no held-out case was sent here" in str(
        answers(Performance, run, "performance.precision", **{"class": "rare"}).because
    )


def test_confidence_that_is_a_true_probability_is_rarely_found_wrong():
    runs = [make_run(outcome_table(seed=seed)) for seed in range(20)]
    held = [answers(Calibration, run, "calibration.ece").estimate.low == 0 for run in runs]
    assert sum(held) >= 18


def test_reliability_is_told_by_ranges_of_confidence(run):
    names = {f.where["confidence"] for f in Calibration()(run) if f.where}
    assert names <= {f"{b / 10:.1f}–{(b + 1) / 10:.1f}" for b in range(10)}


def test_the_shortlist_is_counted_case_by_case(run):
    table = run.outcome.table
    holds = [t in offered for t, offered in zip(table["truth"], table["labels"], strict=True)]
    found = answers(Coverage, run, "coverage.conformal").estimate
    assert found.value == pytest.approx(np.mean(holds))
    size = answers(Coverage, run, "coverage.set_size").estimate
    assert size.value == pytest.approx(table["labels"].map(len).mean())
    assert size.unit == "labels"


def test_review_buys_accuracy(run):
    curve = [f.estimate for f in Abstention()(run) if f.check == "abstention.accuracy_at_review"]
    assert len(curve) == 19
    assert curve[0].n == 400
    assert curve[-1].value > curve[0].value
    bought = answers(Abstention, run, "abstention.review_for_accuracy", accuracy="0.90").estimate
    assert 0 < bought.low <= bought.value <= bought.high <= 1
    rate = answers(Abstention, run, "abstention.rate").estimate
    assert rate.value == pytest.approx(1 - run.outcome.table["decided"].mean())
    load = answers(Load, run, "load.review").estimate
    assert (load.value, load.unit) == (pytest.approx(100 * rate.value), "cases per 100")


def test_an_accuracy_out_of_reach_and_an_idle_machine_are_said():
    table = outcome_table().assign(decided=False)
    table["prediction"] = "nowhere"
    run = make_run(table)
    never = answers(Abstention, run, "abstention.review_for_accuracy", accuracy="0.90")
    assert "no review share makes 90% of the rest right" in str(never.because)
    idle = answers(Abstention, run, "abstention.automatic_accuracy")
    assert "no case was decided automatically" in str(idle.because)


def test_expected_load_adds_up_to_all_cases_and_names_idle_offices():
    table = outcome_table()
    table["prediction"] = table["prediction"].replace("lamps", "roads")
    shares = {
        f.where["office"]: f.estimate.value
        for f in Load()(make_run(table))
        if f.check == "load.expected"
    }
    assert set(shares) == set(CLASSES)
    assert shares["lamps"] == 0
    assert sum(shares.values()) == pytest.approx(1)


def test_three_answers_are_no_shortlist_of_three(run):
    few = without(run)
    few = dataclasses.replace(
        few, outcome=dataclasses.replace(few.outcome, evidence={"classes": ("a", "b", "c")})
    )
    found = answers(Performance, few, "performance.top_3_accuracy")
    assert "only 3 answers" in str(found.because)


def test_the_data_are_counted_in_full():
    run = make_run()
    found = {(f.check, *f.where.values()): f.estimate for f in Quality()(run)}
    assert found["data.missing", "text"].value == pytest.approx(2 / 6)
    assert found["data.missing", "channel"].value == 0
    assert found["data.duplicate_texts",].value == pytest.approx(1 / 4)
    assert found["data.constant_column",].value == 1
    assert found["data.constant_column", "channel"].value == 1
    assert found["data.suspicious_dates", "date"].value == pytest.approx(3 / 5)
    exact = found["data.missing", "text"]
    assert exact.low == exact.high == exact.value


def test_class_shares_of_the_data_and_small_classes_withheld():
    data = pd.DataFrame({"text": ["x"] * 30, "office": ["water"] * 27 + ["odd"] * 3})
    run = make_run(data=data)
    water = answers(Quality, run, "data.class_share", **{"class": "water"}).estimate
    assert water.value == pytest.approx(0.9)
    assert "fewer than 5" in str(
        answers(Quality, run, "data.class_share", **{"class": "odd"}).because
    )


@pytest.mark.parametrize("years", [[2019, 2020], [2019.0, 2020.0], ["2019", "2020"]])
def test_bare_years_are_dates_and_not_suspicious(years):
    data = raw_table().assign(date=years * 3)
    found = answers(Quality, make_run(data=data), "data.suspicious_dates", column="date")
    assert found.estimate.value == 0


def test_dates_of_the_tables_own_kind_are_read():
    dates = pd.to_datetime(["2024-01-01", "1980-01-01"] * 3)
    run = make_run(data=raw_table().assign(date=dates))
    assert answers(Quality, run, "data.suspicious_dates", column="date").estimate.value == 0.5


def test_no_cell_of_the_data_is_repeated_in_a_finding():
    secret = "CURP-XEXX010101HNEXXXA4"
    data = raw_table().assign(date=[secret] * 6, text=[secret] * 6)
    assert all(secret not in str(f) for f in Quality()(make_run(data=data)))


def test_the_missing_group_is_a_group():
    table = outcome_table()
    table.loc[:99, "group:district"] = MISSING
    found = answers(Fairness, make_run(table), "fairness.group_size", district=MISSING)
    assert found.estimate.value == 100
