"""Decisions that hang on luck are counted, by group, and drift is told from chance."""

from __future__ import annotations

import numpy as np
import pandas as pd
from audited_models import adult_run, by_income, only_found, people, run_of
from handmade_runs import make_run

from iagkit.checks.asked import with_evidence
from iagkit.checks.robustness import Drift, FlipRate, Robustness, text_columns

HALVES = {"sex": ["f", "m"] * 200}


def forgiving(table):
    """A model that takes the middle where a number is missing."""
    return by_income(table.fillna({"income": 0.0, "debts": 0.0}))


def test_a_model_far_from_its_limit_never_flips():
    table = people(400)
    table["income"] = np.where(table["income"] > 0, 100.0, -100.0)
    found = Robustness()(run_of(table, by_income, HALVES))
    numeric = only_found(found, "robustness.flip_rate", noise="numeric").estimate
    assert (numeric.value, numeric.n) == (0.0, 400)


def test_people_near_the_limit_flip_and_the_gap_says_whose_they_are():
    table, sex = people(400), np.array(["f", "m"] * 200)
    table["income"] = np.where(sex == "f", table["income"] / 50, table["income"] * 10)
    table["debts"] = 0.0
    found = Robustness()(run_of(table, by_income, {"sex": sex}, background=people(400)))
    flips = {
        s: only_found(found, "robustness.flip_rate", noise="numeric", sex=s).estimate for s in "fm"
    }
    assert flips["f"].low > 0.1 > flips["m"].high
    gap = only_found(found, "robustness.flip_rate.gap", noise="numeric", sex="*")
    assert gap.between == ("m", "f")
    assert gap.estimate.low > 0.1


def test_equal_groups_are_rarely_accused_under_any_noise():
    accused = 0
    for seed in range(20):
        found = Robustness()(run_of(people(400, seed), forgiving, HALVES))
        gaps = [f.estimate for f in found if f.check == "robustness.flip_rate.gap" and f.estimate]
        assert len(gaps) == 2
        accused += any(gap.low > 0 for gap in gaps)
    assert accused <= 3


def test_a_model_that_refuses_missing_cells_is_said_to_need_a_decision():
    def strict(table):
        if table["income"].isna().any():
            raise ValueError("missing")
        return by_income(table)

    found = FlipRate()(run_of(people(100), strict))
    because = only_found(found, "robustness.flip_rate", noise="missing").because
    assert "someone must decide" in str(because)


def test_a_model_of_words_flips_when_people_mistype():
    random = np.random.default_rng(0)
    words = "no hay luz ni agua en la calle principal desde ayer"
    table = pd.DataFrame({"text": random.choice([words, words.replace("agua", "pan")], 200)})
    table["text"] = [f"{text} {i}" for i, text in enumerate(table["text"])]

    def exact(rows):
        return rows["text"].fillna("").str.contains("agua").to_numpy(float)

    def none(rows):
        return np.ones(len(rows))

    assert text_columns(table) == ["text"]
    flips = [
        only_found(FlipRate()(run_of(table, f)), "robustness.flip_rate", noise="typos").estimate
        for f in (exact, none)
    ]
    assert flips[0].low > 0.01
    assert flips[1].value == 0


def test_categories_are_no_text():
    assert text_columns(people(50)) == []
    found = FlipRate()(run_of(people(50), by_income))
    assert "no input holds text" in str(
        only_found(found, "robustness.flip_rate", noise="typos").because
    )


def test_a_column_that_moved_is_named_and_the_others_are_not():
    now = people(600, 1)
    now["debts"] += 1.5
    found = Drift()(run_of(now, by_income, reference=people(600, 0)))
    low = {f.where.get("feature", "all"): f.estimate.low for f in found}
    assert low.pop("all") > 0.2
    assert low.pop("debts") > 0.3
    assert max(low.values()) == 0


def test_a_value_that_was_never_seen_counts_as_moved():
    now = people(600, 1)
    now.loc[:199, "town"] = "elsewhere"
    found = Drift()(run_of(now, by_income, reference=people(600, 0)))
    assert only_found(found, "robustness.drift", feature="town").estimate.low > 0.2


def test_two_halves_of_one_population_have_hardly_ever_drifted():
    accused = np.zeros(2)
    for seed in range(30):
        found = Drift()(run_of(people(300, seed), by_income, reference=people(300, seed + 100)))
        accused += [found[0].estimate.low > 0, any(f.estimate.low > 0 for f in found[1:])]
    assert (accused <= 4).all()


def test_boosted_trees_of_real_people_lose_few_decisions_to_missing_cells(mirror):
    found = Robustness()(adult_run(mirror, "boosted"))
    missing = only_found(found, "robustness.flip_rate", noise="missing").estimate
    assert 0 < missing.low < missing.high < 0.15
    assert only_found(found, "robustness.drift").estimate.low < 0.05


def test_what_is_not_there_is_said():
    run = run_of(people(100), by_income)
    assert "no reference" in str(Drift()(run)[0].because)
    assert "no inputs" in str(Robustness()(make_run())[0].because)
    other = with_evidence(run, reference=people(100)[["income"]])
    assert "other columns" in str(Drift()(other)[0].because)
    words = with_evidence(run, reference=people(100).astype({"years": str}))
    assert "other columns" in str(Drift()(words)[0].because)
    lost = people(100).assign(years=lambda t: t["years"].where(t["years"] > 3))
    assert len(Drift()(with_evidence(run, reference=lost))) == 5
    few = with_evidence(run, reference=people(5))
    assert "fewer than two groups have 30" in str(Drift()(few)[0].because)
