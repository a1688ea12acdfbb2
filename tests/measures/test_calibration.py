import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.calibration import brier, ece, reliability

pairs = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=60)


def test_reliability_of_four_cases_by_hand():
    low, high = reliability([0, 1, 1, 1], [0.62, 0.68, 0.91, 1.0])
    assert (low.low, low.high, low.accuracy.value, low.accuracy.n) == (0.6, 0.7, 0.5, 2)
    assert low.confidence == pytest.approx(0.65)
    assert (high.low, high.high, high.accuracy.value) == (0.9, 1.0, 1.0)


@given(pairs, st.integers(1, 20))
def test_every_case_is_in_one_bin(cases, bins):
    right, sure = zip(*cases, strict=True)
    found = reliability(right, sure, bins=bins)
    assert sum(one.accuracy.n for one in found) == len(cases)
    assert all(one.low - 1e-9 <= one.confidence <= one.high + 1e-9 for one in found)


@given(pairs)
def test_the_error_lies_within_its_interval_and_is_no_negative(cases):
    right, sure = zip(*cases, strict=True)
    found = ece(right, sure, clusters=np.arange(len(cases)) // 2)
    assert 0 <= found.low <= found.value <= found.high


def test_a_known_error_is_found():
    random = np.random.default_rng(0)
    sure = random.uniform(0.3, 1, 5000)
    found = ece(random.random(5000) < sure - 0.2, sure)
    assert found.value == pytest.approx(0.2, abs=0.02)
    assert found.low <= 0.2 <= found.high
    assert found.high - found.low < 0.06


def test_perfect_calibration_is_not_accused_where_the_plain_error_would_be():
    random, plain, held, runs = np.random.default_rng(1), [], 0, 60
    for _ in range(runs):
        sure = random.beta(4, 1.5, 300)
        right = random.random(300) < sure
        held += ece(right, sure).low == 0
        bins = np.argsort(np.argsort(sure)) // 20
        plain.append(np.mean([abs((right - sure)[bins == b].mean()) for b in range(15)]))
    assert held / runs >= 0.93
    assert np.mean(plain) > 0.05


@pytest.mark.parametrize("over", [0.1, 0.2])
def test_the_interval_holds_the_true_error_with_copies(over):
    random, held, runs = np.random.default_rng(2), 0, 100
    for _ in range(runs):
        codes = np.repeat(np.arange(300), 4)
        sure = random.uniform(0.3, 1, 300)[codes]
        luck = np.where(random.random(1200) < 0.6, random.random(300)[codes], random.random(1200))
        found = ece(luck < sure - over, sure, clusters=codes)
        held += found.low <= over <= found.high
    assert held / runs >= 0.88


def test_brier_by_hand_and_for_a_class_never_learnt():
    told = [[0.8, 0.2], [0.4, 0.6]]
    assert brier(["a", "b"], told, classes=["a", "b"]).value == pytest.approx((0.08 + 0.32) / 2)
    unknown = brier(["a", "z"], [[1.0, 0.0], [0.5, 0.5]], classes=["a", "b"])
    assert unknown.value == pytest.approx((0 + 1.5) / 2)


def test_what_is_no_confidence_is_refused():
    with pytest.raises(DataError, match="'confidence' must hold finite numbers from 0 to 1; 1 of"):
        ece([1, 0], [0.5, 90])
    with pytest.raises(DataError, match="'bins' must be at least 1; got 0"):
        reliability([1], [0.5], bins=0)
    with pytest.raises(DataError, match=r"\(2, 2\); got \(1, 2\)"):
        brier(["a", "b"], [[0.5, 0.5]], classes=["a", "b"])
