"""Ways to narrow a gap: weights, thresholds, who moves, and what is refused."""

import re
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.linear_model import LogisticRegression
from sklearn.neighbors import KNeighborsClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from iagkit.core.errors import DataError, IagkitError, LeakError, UsageError
from iagkit.core.nouns import MISSING
from iagkit.measures.gaps import furthest_gap
from iagkit.prototypes.mitigation import methods as ways
from iagkit.prototypes.mitigation.cases import cases
from iagkit.prototypes.mitigation.encode import encoded
from iagkit.prototypes.mitigation.judged import largest, paired_difference
from iagkit.prototypes.mitigation.parts import SMALL, Parts, divide, pooled
from iagkit.prototypes.mitigation.people import moved
from iagkit.prototypes.mitigation.recipe import compare
from iagkit.prototypes.mitigation.reweigh import reweighing
from iagkit.prototypes.mitigation.thresholds import group_thresholds


def town(n=2400, seed=0):
    """People of two districts, the second scored lower than it deserves by what is known."""
    random = np.random.default_rng(seed)
    district = random.choice(["centre", "shore"], n, p=[0.7, 0.3])
    merit = random.normal(size=n)
    income = merit + 1.2 * (district == "centre") + 0.5 * random.normal(size=n)
    street = np.where(random.random(n) < 0.2, district, "elsewhere")
    paid = (merit + 0.3 * random.normal(size=n) > 0).astype(int)
    return pd.DataFrame({"paid": paid, "district": district, "income": income, "street": street})


OF_THE_TABLE = ("truth", "groups", "inputs", "positive", "clusters", "split_column")


def judged(table, **asked):
    told = {"truth": "paid", "groups": ["district"], "learner": "logistic", **asked}
    known = cases(table, **{k: told.pop(k) for k in OF_THE_TABLE if k in told})
    return compare(known, **told)


def value(findings, check, **where):
    found = next(f for f in findings if f.check == f"mitigation.{check}" and dict(f.where) == where)
    return found.estimate


# --- weights


def test_weights_are_expected_over_found():
    truth = [1, 1, 1, 0, 1, 0, 0, 0, 0, 0]
    groups = ["a"] * 4 + ["b"] * 6
    found = reweighing(truth, groups)
    assert found[0] == pytest.approx(4 / 10 * 4 / 10 / (3 / 10))
    assert found[3] == pytest.approx(4 / 10 * 6 / 10 / (1 / 10))
    assert found[4] == pytest.approx(6 / 10 * 4 / 10 / (1 / 10))
    assert found[5] == pytest.approx(6 / 10 * 6 / 10 / (5 / 10))


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.booleans()), min_size=1))
def test_under_the_weights_truth_does_not_depend_on_the_group(rows):
    rows += [(group, truth) for group in "abcd" for truth in (True, False)]
    groups, truth = np.array([g for g, _ in rows]), np.array([t for _, t in rows])
    weights = reweighing(truth, groups)
    assert weights.mean() == pytest.approx(1)
    for group in "abcd":
        here = groups == group
        assert np.average(truth[here], weights=weights[here]) == pytest.approx(truth.mean())
        assert weights[here].sum() == pytest.approx(here.sum())


def test_truth_and_groups_of_other_lengths_are_refused():
    with pytest.raises(DataError, match="truth 3, groups 2"):
        reweighing([True, False, True], ["a", "b"])


# --- thresholds


def everyone(truth):
    return {"selection_rate": np.ones(len(truth), dtype=bool)}


def test_without_a_limit_each_group_gets_its_own_best_threshold():
    scores = np.array([0.1, 0.2, 0.6, 0.7, 0.3, 0.4, 0.8, 0.9])
    truth = np.array([False, True, True, True, False, False, False, True])
    groups = np.array(["a"] * 4 + ["b"] * 4)
    found = group_thresholds(scores, truth, groups, rates=everyone(truth), limit=1)
    assert found == {"a": 0.2, "b": 0.9}


def test_a_limit_of_nothing_grants_all_groups_the_same_share():
    scores = np.tile(np.arange(10) / 10, 2)
    truth = np.concatenate([np.arange(10) >= 2, np.arange(10) >= 8])
    groups = np.array(["a"] * 10 + ["b"] * 10)
    found = group_thresholds(scores, truth, groups, rates=everyone(truth), limit=0)
    shares = {g: (scores[groups == g] >= t).mean() for g, t in found.items()}
    assert shares["a"] == shares["b"]


people = st.lists(
    st.tuples(st.integers(0, 12), st.booleans(), st.sampled_from("ab")), min_size=1, max_size=25
)


@given(people, st.sampled_from([0.0, 0.1, 0.3]), st.booleans())
def test_no_pair_of_thresholds_within_the_limit_is_right_more_often(rows, limit, both):
    rows += [(s, t, g) for s in (3, 9) for t in (True, False) for g in "ab"]
    scores = np.array([s for s, _, _ in rows], dtype=float)
    truth, groups = np.array([t for _, t, _ in rows]), np.array([g for _, _, g in rows])
    odds = {"true_positive_rate": truth, "false_positive_rate": ~truth}
    rates = odds if both else everyone(truth)
    found = group_thresholds(scores, truth, groups, rates=rates, limit=limit)

    def gap_and_right(limits):
        granted = scores >= np.where(groups == "a", limits[0], limits[1])
        told = [[granted[who & (groups == g)].mean() for g in "ab"] for who in rates.values()]
        return max(abs(a - b) for a, b in told), int((granted == truth).sum())

    gap, right = gap_and_right((found["a"], found["b"]))
    assert gap <= limit + 1e-9
    cuts = [*np.unique(scores), np.inf]
    others = [gap_and_right(pair) for pair in product(cuts, cuts)]
    assert right == max(r for g, r in others if g <= limit + 1e-9)


def test_a_group_without_anybody_to_count_the_rate_among_is_refused():
    truth = np.array([True, False, False])
    rates = {"true_positive_rate": truth}
    with pytest.raises(DataError, match="a group has none"):
        group_thresholds(np.ones(3), truth, np.array(["a", "a", "b"]), rates=rates, limit=0.1)


# --- parts


def table_of(rows, **more):
    return cases(pd.DataFrame(rows), truth="y", groups=["g"], **more)


def test_rows_of_one_person_are_never_on_two_sides():
    random = np.random.default_rng(1)
    person = random.integers(0, 90, 400)
    rows = {"y": random.integers(0, 2, 400), "g": random.choice(["a", "b"], 400), "x": person}
    known = table_of({**rows, "person": person}, clusters="person")
    for seed in range(20):
        parts = divide(known, test_share=0.3, seed=seed)
        sides = [set(person[rows]) for rows in (parts.fit, parts.choose, parts.test)]
        assert not sides[0] & sides[1]
        assert not (sides[0] | sides[1]) & sides[2]
        assert len(sides[2]) == 27
        assert sum(map(len, (parts.fit, parts.choose, parts.test))) == 400


def test_a_declared_split_is_taken_as_it_is_unless_a_person_stands_on_both_sides():
    rows = {"y": [0, 1] * 60, "g": ["a", "a", "b", "b"] * 30, "x": range(120)}
    rows |= {"side": ["train"] * 80 + ["test"] * 40, "person": range(120)}
    parts = divide(table_of(rows, split_column="side"), test_share=0.3, seed=0)
    assert parts.test.tolist() == list(range(80, 120))
    rows["person"] = [*range(119), 0]
    with pytest.raises(LeakError, match="1 stand on both"):
        divide(table_of(rows, split_column="side", clusters="person"), test_share=0.3, seed=0)
    rows["side"] = ["train"] * 80 + ["tset"] * 40
    with pytest.raises(DataError, match="40 of 120"):
        divide(table_of(rows, split_column="side"), test_share=0.3, seed=0)


def test_a_group_that_is_only_in_the_test_part_is_refused_and_counted():
    rows = {"y": [0, 1] * 60, "g": ["a", "a", "b", "b"] * 29 + ["Xiomara"] * 4, "x": range(120)}
    rows["side"] = ["train"] * 80 + ["test"] * 40
    with pytest.raises(DataError, match=r"1 group\(s\) with 4 row\(s\)") as refusal:
        divide(table_of(rows, split_column="side"), test_share=0.3, seed=0)
    assert "Xiomara" not in str(refusal.value)


def test_groups_too_small_to_choose_for_are_one_and_take_the_next_smallest_with_them():
    groups = np.repeat(["a", "b", "c", "d"], [40, 40, 16, 4])
    truth = np.arange(100) % 2 == 0
    rows = np.arange(100)
    parts = Parts(fit=rows, choose=rows, test=rows)
    assert set(pooled(groups, truth, parts)) == {"a", "b", SMALL}
    rows = rows[:96]
    without = pooled(groups[:96], truth[:96], Parts(fit=rows, choose=rows, test=rows))
    assert set(without) == {"a", "b", SMALL}
    groups = np.repeat(["a", "b", "c"], [60, 16, 4])
    rows = np.arange(80)
    few = pooled(groups, rows % 2 == 0, Parts(fit=rows, choose=rows, test=rows))
    assert dict(zip(*np.unique(few, return_counts=True), strict=True)) == {"a": 60, SMALL: 20}


def test_where_nobody_has_enough_groups_of_five_are_chosen_for():
    groups, rows = np.repeat(["a", "b"], [20, 12]), np.arange(32)
    parts = Parts(fit=rows, choose=rows, test=rows)
    assert set(pooled(groups, rows % 2 == 0, parts)) == {"a", "b"}
    with pytest.raises(DataError, match="two groups with at least 5"):
        pooled(np.repeat(["a", "b"], [28, 4]), rows % 2 == 0, parts)


# --- who gains and who loses


def test_people_who_change_sides_are_counted_with_how_many_rightly():
    before = np.array([False] * 20 + [True] * 20)
    now = np.array([True] * 14 + [False] * 6 + [False] * 12 + [True] * 8)
    truth = np.array([True] * 8 + [False] * 12 + [False] * 5 + [True] * 15)
    whole = moved(before, now, truth, np.array(["a"] * 40))[0]
    assert (whole.gains, whole.gains_right, whole.losses, whole.losses_right) == (14, 8, 12, 5)


def test_small_numbers_and_what_gives_them_away_are_withheld():
    groups = np.repeat(["a", "b", "c"], 50)
    before = np.zeros(150, dtype=bool)
    now = np.concatenate([np.arange(50) < k for k in (30, 12, 3)])
    told = {m.group: m.gains for m in moved(before, now, now, groups)}
    assert told == {None: 45, "a": 30, "b": None, "c": None}


KINDS = ((0, 1, 1), (0, 1, 0), (1, 0, 0), (1, 0, 1))
"""Granted before, granted now, should be granted."""
cells = st.tuples(*[st.integers(0, 9)] * 4)


@given(st.lists(cells, min_size=2, max_size=5))
def test_no_withheld_small_number_follows_from_the_others_by_subtraction(counts):
    before, now, truth, groups = [], [], [], []
    for number, of_group in enumerate(counts):
        for (b, n, t), many in zip(KINDS, of_group, strict=True):
            before, now, truth = before + [b] * many, now + [n] * many, truth + [t] * many
            groups += [f"g{number}"] * many
        before, now, truth = [*before, True], [*now, True], [*truth, True]
        groups += [f"g{number}"]
    told = moved(*(np.array(x, dtype=bool) for x in (before, now, truth)), np.array(groups))
    for name in ("gains", "losses", "gains_right", "losses_right"):
        whole, parts = getattr(told[0], name), [getattr(m, name) for m in told[1:]]
        assert not any(part is not None and 0 < part < 5 for part in (whole, *parts))
        hidden = sum(part is None for part in parts)
        left = None if whole is None else whole - sum(part or 0 for part in parts)
        assert hidden != 1 or left is None
    for m in told:
        assert (m.gains is None) == (m.losses is None)
        if m.gains_right is not None:
            assert not 0 < m.gains - m.gains_right < 5
            assert not 0 < m.losses - m.losses_right < 5


# --- differences and gaps


def test_the_difference_of_accuracy_covers_the_truth_where_errors_are_shared():
    random = np.random.default_rng(0)
    covered = []
    for _ in range(800):
        luck = random.random(150)
        found = paired_difference(
            luck < 0.85, (luck > 0.07) & (luck < 0.87), clusters=None, level=0.95
        )
        covered.append(found.low <= 0.05 <= found.high)
    assert 0.93 <= np.mean(covered) <= 0.99


def test_rows_of_one_person_widen_the_difference():
    random = np.random.default_rng(0)
    person = np.repeat(np.arange(60), 5)
    now, before = (np.repeat(random.random(60) < p, 5) for p in (0.8, 0.7))
    alone = paired_difference(now, before, clusters=None, level=0.95)
    together = paired_difference(now, before, clusters=person, level=0.95)
    assert together.high - together.low > 1.8 * (alone.high - alone.low)


def test_methods_that_decide_alike_do_not_differ():
    hits = np.arange(100) < 80
    found = paired_difference(hits, hits, clusters=None, level=0.95)
    assert found.value == 0
    assert -0.05 < found.low <= 0 <= found.high < 0.05


def test_the_larger_of_two_gaps_accuses_equal_treatment_at_most_as_often_as_promised():
    random = np.random.default_rng(3)
    alarms = []
    for _ in range(150):
        groups = random.choice(list("abc"), 600)
        gaps = [furthest_gap(random.random(600) < p, groups, level=0.975) for p in (0.7, 0.2)]
        found, between = largest(gaps, level=0.975)
        assert found.level == pytest.approx(0.95)
        assert found.value == max(g.estimate.value for g in gaps)
        assert between is not None
        alarms.append(found.low > 0)
    assert np.mean(alarms) <= 0.08


# --- the methods


@pytest.fixture(scope="module")
def told():
    return judged(town())


def test_the_estimator_as_it_is_comes_first_and_the_order_is_the_declared_one(told):
    assert list(dict.fromkeys(f.where["method"] for f in told[0])) == list(ways.METHODS)
    asked, _ = judged(town(), methods=["reweighing", "baseline"])
    assert list(dict.fromkeys(f.where["method"] for f in asked)) == ["baseline", "reweighing"]


@pytest.mark.parametrize(
    "method", ["threshold_optimizer", "exponentiated_gradient", "group_thresholds"]
)
def test_a_planted_gap_is_found_and_narrowed(told, method):
    gaps = {m: value(told[0], "gap", method=m, district="*") for m in ("baseline", method)}
    assert gaps["baseline"].low > 0.1
    assert gaps[method].value < gaps["baseline"].value / 2
    assert gaps[method].n == gaps["baseline"].n == told[1]["rows"]["judged_on"]


def test_draws_are_told_for_those_methods_that_draw(told):
    for check in ("by_draw", "redrawn"):
        drawn = {m: value(told[0], check, method=m).value for m in ways.METHODS}
        assert drawn["baseline"] == drawn["reweighing"] == drawn["group_thresholds"] == 0
        assert 0 < drawn["exponentiated_gradient"] < 1
    drawn = {m: value(told[0], "by_draw", method=m).value for m in ways.METHODS}
    assert drawn["threshold_optimizer"] > 0.1
    assert value(told[0], "redrawn", method="threshold_optimizer").value < 0.5


def test_who_must_know_the_group_is_said_with_the_caveat_of_law(told):
    said = {
        f.where["method"]: str(f.because) for f in told[0] if f.check == "mitigation.uses_group"
    }
    assert {m for m, words in said.items() if words.startswith("Yes")} == {
        "threshold_optimizer",
        "group_thresholds",
    }
    assert all("no legal advice" in words for m, words in said.items() if m != "baseline")
    asked, _ = judged(town(), methods=["reweighing"], inputs=["income", "district"])
    words = [str(f.because) for f in asked if f.check == "mitigation.uses_group"]
    assert all(w.startswith("Yes, because a group column is among the inputs") for w in words)


def test_gains_less_losses_are_the_change_in_how_many_are_granted(told):
    compared = 0
    for method in list(ways.METHODS)[1:]:
        rates = [value(told[0], "selection_rate", method=m) for m in (method, "baseline")]
        gains, losses = (value(told[0], side, method=method) for side in ("gains", "losses"))
        if gains is None:  # withheld
            continue
        compared += 1
        assert gains.unit == losses.unit == "people"
        assert gains.value - losses.value == round((rates[0].value - rates[1].value) * rates[0].n)
    assert compared >= 3


def test_a_stricter_limit_leaves_a_smaller_gap_among_others_too(told):
    gaps = {
        limit: value(
            told[0], "tradeoff.gap", method="group_thresholds", limit=limit, district="*"
        ).value
        for limit in ("0", "0.05", "1")
    }
    assert gaps["0"] < gaps["0.05"] < gaps["1"]
    best = value(told[0], "tradeoff.accuracy", method="group_thresholds", limit="1").value
    assert best > value(told[0], "tradeoff.accuracy", method="group_thresholds", limit="0").value


def test_the_same_seed_gives_the_same_findings_and_another_one_others():
    methods = ["threshold_optimizer", "reweighing"]
    first, again, other = (judged(town(), methods=methods, seed=s)[0] for s in (0, 0, 1))
    assert first == again
    assert first != other


def test_chances_are_those_with_which_fairlearn_draws():
    from fairlearn.postprocessing import ThresholdOptimizer
    from fairlearn.reductions import EqualizedOdds, ExponentiatedGradient

    table = town(600)
    x, y, g = (
        table[["income"]].to_numpy(),
        table["paid"].to_numpy() == 1,
        table["district"].to_numpy(str),
    )
    part = ways.People(inputs=x, truth=y, groups=g)
    base = LogisticRegression().fit(x, y.astype(int))
    study = ways.Study(
        fit=part, choose=part, test=part, estimator=LogisticRegression(), base=base,
        constraint="equalized_odds", limit=0.05,
    )  # fmt: skip
    optimizer = ThresholdOptimizer(
        estimator=base, constraints="equalized_odds", prefit=True, predict_method="auto"
    ).fit(x, y.astype(int), sensitive_features=g)
    gradient = ExponentiatedGradient(LogisticRegression(), EqualizedOdds(), max_iter=ways.ROUNDS)
    gradient.fit(x, y.astype(int), sensitive_features=g)
    drawn = {
        "threshold_optimizer": lambda i: optimizer.predict(x, sensitive_features=g, random_state=i),
        "exponentiated_gradient": lambda i: gradient.predict(x, random_state=i),
    }
    for name, draw in drawn.items():
        chance = ways.METHODS[name].chance(study)
        share = np.mean([draw(i) for i in range(200)], axis=0)
        assert ((chance > 0) & (chance < 1)).any()
        assert np.abs(share - chance).max() < 4.5 * 0.5 / np.sqrt(200)
        assert np.array_equal(share[chance == 1], np.ones((chance == 1).sum()))


def test_a_missing_group_is_a_group_and_texts_are_read():
    table = town()
    table.loc[table.index[::6], "district"] = None
    found, facts = judged(table, methods=["threshold_optimizer"], learner="boosting")
    assert value(found, "accuracy", method="baseline", district=MISSING).n > 100
    assert facts["inputs"] == ["income", "street"]


def test_groups_of_several_columns_are_compared_alone_and_together():
    table = town()
    table["sex"] = np.random.default_rng(5).choice(["f", "m"], len(table))
    found, facts = judged(table, groups=["district", "sex"], methods=["group_thresholds"])
    gap = value(found, "gap", method="baseline", district="*", sex="*")
    assert gap.value >= value(found, "gap", method="baseline", district="*").value
    assert facts["level_of_each_gap"] == pytest.approx(1 - 0.05 / (2 * 3 * 2))


def test_an_estimator_of_ones_own_may_be_a_pipeline():
    own = make_pipeline(StandardScaler(), LogisticRegression())
    found, _ = judged(town(900), learner=own, inputs=["income"], methods=["exponentiated_gradient"])
    assert value(found, "gap", method="exponentiated_gradient", district="*").value < 0.3
    with pytest.raises(UsageError, match="KNeighborsClassifier does not"):
        judged(town(900), learner=KNeighborsClassifier(), inputs=["income"])


def test_what_an_estimator_says_of_a_cell_is_not_told():
    table = town(900).assign(street="calle Xiomara 9")
    with pytest.raises(DataError, match="ValueError") as refusal:
        judged(table, learner=LogisticRegression(), methods=["reweighing"])
    assert "Xiomara" not in str(refusal.value)


def test_levels_that_were_not_learnt_from_are_read_all_the_same():
    inputs = pd.DataFrame({"street": ["a", "b", None, "new"], "age": [1.0, np.nan, 3.0, 4.0]})
    learn = np.array([0, 1, 2])
    assert encoded(inputs, learn=learn, how="boosting")[3].tolist() == [-1, 4]
    told = encoded(inputs, learn=learn, how="logistic")
    assert np.isfinite(told).all()
    assert told[3, :3].sum() == 0


# --- refusals

REFUSED = {
    "three outcomes": ({"paid": [0, 1, 2] * 800}, {}, r"two outcomes in 'paid'.* 3 different"),
    "one outcome": ({"paid": 1}, {}, r"have 1 different"),
    "nothing known": ({"paid": None}, {}, r"its 0 filled rows have 0"),
    "words without a yes": ({"paid": ["in", "out"] * 1200}, {}, r"Give one of its two labels"),
    "one group": ({"district": "centre"}, {}, r"at least two groups in 'district'; it has 1"),
    "a measurement as group": ({"district": range(2400)}, {}, r"at most 100; it has 2400"),
    "truth as input": ({}, {"inputs": ["paid"]}, r"'paid' is the truth"),
    "no input left": ({}, {"inputs": []}, r"at least one column to decide from"),
    "no such column": ({}, {"groups": ["districk"]}, r"Did you mean 'district'\?"),
    "truth as group": ({}, {"groups": ["paid"]}, r"columns of their own"),
    "unknown method": ({}, {"methods": ["reweighting"]}, r"Did you mean 'reweighing'\?"),
    "unknown constraint": ({}, {"constraint": "equalised_odds"}, r"mean 'equalized_odds'\?"),
    "unknown estimator": ({}, {"learner": "logistics"}, r"Did you mean 'logistic'\?"),
    "no share": ({}, {"test_share": 0.0}, r"strictly between 0 and 1"),
    "no level": ({}, {"level": 95}, r"such as 0.95; got 95"),
    "names as input": ({"street": [f"Xiomara {i}" for i in range(2400)]}, {}, r"has 2,400"),
    "dates as input": ({"street": pd.Timestamp("2024-01-01")}, {}, r"'street' holds dates"),
    "infinite input": ({"income": np.inf}, {}, r"finite numbers in 'income'; 2400 of 2400"),
    "lists as input": ({"street": [["a"]] * 2400}, {}, r"lists or structures"),
    "too few": (None, {}, r"at least 5 cases of each outcome"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_compared_is_refused_with_the_remedy(name):
    change, asked, words = REFUSED[name]
    table = town(30) if change is None else town().assign(**change)
    with pytest.raises(IagkitError, match=words) as refusal:
        judged(table, **asked)
    assert not re.search(r"Xiomara|Traceback", str(refusal.value))


def test_ten_thousand_levels_are_refused_before_anything_is_learnt():
    table = town(12_000).assign(street=[f"s{i % 10_000}" for i in range(12_000)])
    with pytest.raises(DataError, match=r"at most 1,000 different ones.*'street' has 10,000"):
        judged(table)
