"""Explanations are told with their tests, and withheld from citizens where they fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from audited_models import adult_run, by_income, only_found, people, run_of
from handmade_runs import make_run
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.checks.asked import draw, first, grouped, only, sample, with_evidence
from iagkit.checks.explainability import (
    DistanceOfReasons,
    Explainability,
    FollowsModel,
    HoldsNearby,
    MayBeShown,
    SizeOfInputs,
)
from iagkit.checks.proxies import Proxy
from iagkit.core.judge import judge
from iagkit.core.nouns import Gate, Policy

PLACES = {"sex": "*"}
GATE = Policy(
    name="shown", version="1", owner="nobody", reason={"en": "test"},
    gates=(
        Gate(
            check="explainability.may_be_shown", at_least=0.7, reason={"en": "t"}, on_fail="block"
        ),
    ),
)  # fmt: skip


def halves(n: int) -> dict[str, list[str]]:
    return {"sex": ["f", "m"] * (n // 2)}


@pytest.fixture(scope="module")
def told():
    table = people(400)
    return Explainability()(run_of(table, by_income, halves(400)))


def test_an_input_that_the_model_ignores_has_no_size(told):
    sizes = {
        f.where["feature"]: f.estimate
        for f in told
        if f.check == "explainability.attribution" and set(f.where) == {"feature"}
    }
    assert [sizes[name].high for name in ("years", "town")] == [0.0, 0.0]
    assert sizes["income"].low > sizes["debts"].high > 0
    assert sizes["income"].n == 300


def test_sizes_are_told_for_each_group(told):
    found = only_found(told, "explainability.attribution", feature="income", sex="f")
    assert found.estimate.low < found.estimate.value < found.estimate.high
    assert found.estimate.n < 200


def test_groups_whose_decisions_rest_on_the_same_inputs_are_not_accused(told):
    assert only_found(told, "explainability.attribution_distance", **PLACES).estimate.low == 0


def test_groups_whose_decisions_rest_on_other_inputs_are_told_apart():
    table, sex = people(400), np.array(["f", "m"] * 200)
    table["debts"] *= np.where(sex == "f", 6, 0.2)
    found = DistanceOfReasons()(run_of(table, by_income, {"sex": sex}))[0]
    assert found.estimate.low > 0.2
    assert found.between == ("f", "m")


def test_right_explanations_follow_the_model_and_may_be_shown(told):
    assert only_found(told, "explainability.faithfulness").estimate.low > 0.3
    assert only_found(told, "explainability.may_be_shown").estimate.low > 0.7
    assert judge(told, GATE)[0].result == "pass"


def test_a_wrong_explanation_must_not_be_shown_to_citizens():
    table = people(300)

    def explainer(inputs):
        return np.random.default_rng(len(inputs)).normal(size=inputs.shape)

    found = Explainability()(run_of(table, by_income, halves(300), explainer=explainer))
    follows = only_found(found, "explainability.faithfulness").estimate
    assert follows.low < 0 < follows.high or follows.high < 0.1
    shown = only_found(found, "explainability.may_be_shown").estimate
    assert (shown.value, shown.high) == (0.0, 0.0)
    why = only_found(found, "explainability.may_be_shown", failing="faithfulness").because
    assert "must not be shown to citizens" in str(why)
    assert judge(found, GATE)[0].result == "fail"


def test_an_explanation_that_changes_with_every_asking_is_unstable():
    table, asked = people(300), []

    def explainer(inputs):
        asked.append(len(inputs))
        sign = np.roll([1.0, 3.0, 0.0, 0.0], len(asked))
        return np.tile(sign, (len(inputs), 1))

    found = HoldsNearby()(run_of(table, by_income, explainer=explainer))
    assert only_found(found, "explainability.stability").estimate.high < 0.1


def test_small_groups_are_looked_at_though_the_draw_hardly_met_them():
    rare = np.where(np.arange(3000) % 60 == 0, "few", "many")
    found = Explainability()(
        run_of(people(3000), by_income, {"sex": halves(3000)["sex"], "r": rare})
    )
    few = only_found(found, "explainability.stability", r="few").estimate
    assert few.n == 50
    assert only_found(found, "explainability.stability").estimate.n == 300
    whole = {s: only_found(found, "explainability.stability", sex=s).estimate.n for s in "fm"}
    assert sum(whole.values()) == 300
    assert not any("\0" in value for f in found for value in f.where.values())


@settings(max_examples=15)
@given(st.integers(0, 99), st.integers(20, 200))
def test_what_is_added_for_one_column_tells_nothing_of_all_or_of_another(seed, most):
    random = np.random.default_rng(seed)
    groups = {
        "a": random.choice(["x", "y", "z"], 900, p=[0.8, 0.15, 0.05]),
        "b": random.choice(["u", "v"], 900),
    }
    run = run_of(people(900, seed), by_income, groups, table={"id": np.arange(900)})
    part = draw(run, most, seed)
    ids = part.outcome.table["id"].to_numpy()
    assert len(first(part)) == most
    assert len(ids) == len(set(ids)) <= 2 * most
    for column, rows, told in grouped(part):
        assert set(first(part)) <= set(rows)
        assert (np.asarray(groups[column])[ids[rows]] == told).all()
        assert (part.outcome.evidence["inputs"].index == ids).all()


def test_groups_from_a_single_source_are_said_to_be_too_few_for_two_halves():
    person = np.where(np.arange(200) % 2 == 0, 0, np.arange(200))
    run = run_of(people(200), by_income, halves(200), table={"cluster": person})
    because = only_found(Proxy()(run), "explainability.proxy", sex="*").because
    assert "too few sources" in str(because)


def test_a_planted_proxy_is_found_and_named_and_an_independent_group_is_not():
    table, random = people(1200), np.random.default_rng(1)
    sex = np.where((table["town"] == "north") ^ (random.random(1200) < 0.05), "f", "m")
    groups = {"sex": sex, "coin": random.choice(["a", "b"], 1200)}
    found = Proxy()(run_of(table, by_income, groups))
    assert only_found(found, "explainability.proxy", sex="*").estimate.low > 0.7
    assert only_found(found, "explainability.proxy", sex="*", feature="town").estimate.low > 0.7
    assert only_found(found, "explainability.proxy", sex="*", feature="income").estimate.low < 0.1
    coin = only_found(found, "explainability.proxy", coin="*").estimate
    assert coin.low < 0 < coin.high


def test_an_input_that_is_the_group_itself_is_named_and_left_out():
    table = people(400)
    groups = {"place": table["town"].str.upper(), "few": ["x"] * 390 + ["y"] * 10}
    found = Proxy()(run_of(table, by_income, groups))
    itself = only_found(found, "explainability.proxy", place="*", feature="town")
    assert "is the group itself" in str(itself.because)
    assert only_found(found, "explainability.proxy", place="*").estimate.low < 0.1
    few = only_found(found, "explainability.proxy", few="*")
    assert "fewer than two groups have 30 cases" in str(few.because)


def test_a_learner_may_be_handed_in():
    asked = []

    def learner(train, groups, other):
        asked.append(train.shape)
        return np.ones((len(other), 2))

    found = Proxy()(run_of(people(200), by_income, halves(200), learner=learner))
    assert only_found(found, "explainability.proxy", sex="*").estimate.value == 0
    assert asked[0] == (100, 4)


def test_rows_of_one_person_are_one_piece_of_evidence():
    once = people(100)
    table = once.iloc[np.repeat(np.arange(100), 3)]
    run = run_of(table, by_income, table={"cluster": np.repeat(np.arange(100), 3)})
    found = SizeOfInputs()(run)
    alone = SizeOfInputs()(run_of(once, by_income))
    one, other = (
        only_found(f, "explainability.attribution", feature="income").estimate
        for f in (alone, found)
    )
    assert other.clusters == 100
    assert other.high - other.low == pytest.approx(one.high - one.low, rel=0.3)


@pytest.mark.parametrize("kind", ["linear", "forest", "boosted"])
def test_models_of_real_people_are_explained_faithfully(mirror, kind):
    run = sample(adult_run(mirror, kind), 200, 0)
    check = replace(FollowsModel(), cases=150)
    assert only_found(check(run), "explainability.faithfulness").estimate.low > 0.25
    proxy = Proxy(cases=1500)(adult_run(mirror, kind))
    sex = only_found(proxy, "explainability.proxy", sex="*").estimate
    assert sex.low > (0.1 if kind == "forest" else 0.5)


def test_the_chapter_tells_what_its_parts_tell_alone():
    run = run_of(people(150), by_income, halves(150))
    together = Explainability()(run)
    assert together == Explainability()(run)
    for part in (SizeOfInputs(), FollowsModel(), MayBeShown()):
        alone = part(run)
        assert [f for f in together if f.check == part.name] == list(alone)


def test_a_run_of_another_kind_says_what_is_missing():
    found = Explainability()(make_run())
    assert [str(f.because) for f in found] == ["the outcome holds no inputs"]


def test_what_cannot_be_asked_is_said_instead_of_failing():
    table = people(60)
    run = run_of(table, by_income, halves(60))
    mute = replace(run, outcome=replace(run.outcome, respond=lambda t: ["yes"] * len(t)))
    short = with_evidence(run, inputs=table.head(10))
    odd = with_evidence(run, explainer=lambda t: np.zeros(len(t)))
    one = run_of(table[["income"]], lambda t: t["income"], halves(60))
    flat = run_of(table, lambda t: np.full(len(t), 0.3), halves(60))
    told = {
        "one score a case": SizeOfInputs()(mute),
        "10 rows of inputs for 60 cases": SizeOfInputs()(short),
        "one number a case and input": SizeOfInputs()(odd),
        "a single input needs no explanation": FollowsModel()(one),
        "nothing to follow": FollowsModel()(flat),
    }
    for sentence, findings in told.items():
        assert sentence in str(findings[0].because)
    for run_without in (mute, short, odd, one, flat, only(run, np.arange(0))):
        assert all(f.estimate or f.because for f in Explainability()(run_without))


def test_categories_alone_cannot_be_shaken_and_that_is_said():
    table = people(80)[["town"]].assign(other=["a", "b"] * 40)
    run = run_of(table, lambda t: (t["town"] == "north").to_numpy(float), halves(80))
    assert "no number among the inputs" in str(HoldsNearby()(run)[0].because)
    failing = only_found(MayBeShown()(run), "explainability.may_be_shown", failing="stability")
    assert failing.estimate is None
