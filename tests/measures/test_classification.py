import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn import metrics

from iagkit.core.errors import DataError
from iagkit.measures.classification import (
    accuracy,
    balanced_accuracy,
    by_class,
    hierarchical_f1,
    macro_f1,
    top_k,
)

pairs = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), min_size=2)
TRUTH, TOLD = list("aaaabbbc"), list("aaabbbac")


def test_measures_of_eight_cases_by_hand():
    assert accuracy(TRUTH, TOLD).value == 6 / 8
    assert balanced_accuracy(TRUTH, TOLD).value == pytest.approx((3 / 4 + 2 / 3 + 1) / 3)
    assert macro_f1(TRUTH, TOLD).value == pytest.approx((6 / 8 + 4 / 6 + 1) / 3)
    found = by_class(TRUTH, TOLD)
    assert found["a"]["precision"].value == found["a"]["recall"].value == 3 / 4
    assert found["b"]["f1"].value == pytest.approx(4 / 6)


@given(pairs)
def test_values_are_those_of_scikit_learn(cases):
    truth, told = zip(*cases, strict=True)
    assert macro_f1(truth, told).value == pytest.approx(
        metrics.f1_score(truth, told, average="macro", zero_division=0)
    )
    recall = metrics.recall_score(
        truth, told, labels=sorted(set(truth)), average="macro", zero_division=0
    )
    assert balanced_accuracy(truth, told).value == pytest.approx(recall)


@given(pairs)
def test_every_interval_holds_its_value_and_stays_within_zero_and_one(cases):
    truth, told = zip(*cases, strict=True)
    clusters = np.arange(len(cases)) // 3
    whole = [measure(truth, told, clusters=clusters) for measure in (macro_f1, balanced_accuracy)]
    each = [
        one for row in by_class(truth, told, clusters=clusters).values() for one in row.values()
    ]
    for found in (*whole, *each):
        assert 0 <= found.low <= found.value <= found.high <= 1


@given(pairs)
def test_the_order_of_cases_does_not_matter(cases):
    truth, told = zip(*cases, strict=True)
    there, back = macro_f1(truth, told), macro_f1(truth[::-1], told[::-1])
    assert (back.low, back.high) == pytest.approx((there.low, there.high))


def test_a_precision_of_nothing_predicted_is_not_told():
    found = by_class(["a", "b"], ["a", "a"])
    assert set(found["b"]) == {"recall", "f1"}
    assert found["b"]["f1"].value == 0.0


def test_all_right_is_not_all_known():
    found = macro_f1(["a", "b"] * 10, ["a", "b"] * 10)
    assert found.value == found.high == 1.0
    assert 0.7 < found.low < 0.97


def test_the_truth_within_the_first_three():
    assert top_k([1, 3, 4, 9], k=3).value == 0.5
    with pytest.raises(DataError, match="'k' must be at least 1; got 0"):
        top_k([1], k=0)
    with pytest.raises(DataError, match="1 of 2 are not"):
        top_k([0, 1], k=3)


PARENTS = {"potholes": "streets", "lamps": "streets", "streets": "city", "clinic": "health"}


def test_a_wrong_office_under_the_right_department_counts_in_part():
    found = hierarchical_f1(["potholes", "clinic"], ["lamps", "clinic"], parents=PARENTS)
    assert found.value == pytest.approx(2 * (2 + 2) / (3 + 3 + 2 + 2))


@given(pairs)
def test_without_parents_hierarchical_f1_is_accuracy(cases):
    truth, told = zip(*cases, strict=True)
    assert hierarchical_f1(truth, told, parents={}).value == pytest.approx(
        accuracy(truth, told).value
    )


def test_parents_in_a_circle_are_refused():
    with pytest.raises(DataError, match="run in a circle"):
        hierarchical_f1(["a"], ["b"], parents={"a": "b", "b": "a"})


def test_lengths_and_missing_labels_are_refused():
    with pytest.raises(DataError, match="truth 2, prediction 1"):
        accuracy(["a", "b"], ["a"])
    with pytest.raises(DataError, match="'truth' must have no missing label; 1 of 2"):
        accuracy(["a", None], ["a", "b"])


def test_two_thousand_rows_of_26_classes_take_less_than_a_second_of_cpu():
    random = np.random.default_rng(0)
    truth, told = random.integers(26, size=(2, 2000)).astype(str)
    clusters = random.integers(700, size=2000)
    start = time.process_time()
    macro_f1(truth, told, clusters=clusters)
    by_class(truth, told, clusters=clusters)
    assert time.process_time() - start < 1


def world(random, k, right):
    """Class shares, confusion, and what macro-F1 comes to."""
    shares = 1 / np.arange(1, k + 1)
    shares /= shares.sum()
    confusion = random.dirichlet(np.full(k, 0.3), k) * (1 - right) + np.eye(k) * right
    joint = shares[:, None] * confusion
    return shares, confusion, float(np.mean(2 * np.diag(joint) / (joint.sum(0) + joint.sum(1))))


def answers(random, n, shares, confusion):
    """Copies of texts: mostly the same truth, and then mostly the same answer."""
    k, sizes = len(shares), np.minimum(random.zipf(2.0, n), 60)
    codes = np.repeat(np.arange(n), sizes)[:n]
    own = random.choice(k, n, p=shares)
    truth = np.where(random.random(n) < 0.75, own[codes], random.choice(k, n, p=shares))
    luck = np.where(random.random(n) < 0.8, random.random(n)[codes], random.random(n))
    told = (confusion.cumsum(1)[truth] < luck[:, None]).sum(1).clip(0, k - 1)
    return truth.astype(str), told.astype(str), codes


def test_the_interval_of_macro_f1_holds_the_truth_with_copies_of_texts():
    random, runs = np.random.default_rng(4), 150
    shares, confusion, true = world(random, 7, 0.6)
    held = 0
    for _ in range(runs):
        truth, told, codes = answers(random, 900, shares, confusion)
        found = macro_f1(truth, told, clusters=codes)
        held += found.low <= true <= found.high
    assert 0.90 <= held / runs <= 0.99
