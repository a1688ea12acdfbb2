import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.core.message import Message
from iagkit.measures.selective import accuracy_at, aurc, review_for

cases = st.lists(st.tuples(st.booleans(), st.floats(0, 1)), min_size=1, max_size=80)


def test_the_curve_of_four_cases_by_hand():
    right, sure = [1, 0, 1, 0], [0.9, 0.6, 0.8, 0.1]
    found = [accuracy_at(right, sure, review_share=share).value for share in (0, 0.25, 0.5, 0.75)]
    assert found == pytest.approx([1 / 2, 2 / 3, 1, 1])
    assert accuracy_at(right, sure, review_share=0.5).n == 2
    assert aurc(right, sure).value == pytest.approx((0 + 0 + 1 / 3 + 2 / 4) / 4)


@given(cases)
def test_without_review_the_accuracy_is_that_of_all(pairs):
    right, sure = zip(*pairs, strict=True)
    found = accuracy_at(right, sure, review_share=0)
    assert found.value == pytest.approx(np.mean(right))
    assert found.n == len(right)


@given(cases, st.floats(0, 0.99), st.floats(0.1, 5))
def test_only_the_order_of_confidence_matters(pairs, review, scale):
    right, sure = np.array(pairs).T
    steps = np.round(sure, 3)
    there = accuracy_at(right, steps, review_share=review)
    assert accuracy_at(right, steps * scale - 1, review_share=review) == there


def test_half_right_and_surely_so_needs_half_the_review():
    right, sure = [1] * 300 + [0] * 300, np.linspace(1, 0, 600)
    found = review_for(right, sure, accuracy=0.95)
    assert found.value == pytest.approx(0.48)
    assert found.low < found.value < found.high <= 0.52
    assert review_for(right, sure, accuracy=0.5).value == 0


def test_noise_cannot_be_bought_off_by_review():
    random = np.random.default_rng(0)
    right, sure = random.random(2000) < 0.6, random.random(2000)
    told = review_for(right, sure, accuracy=0.9)
    assert isinstance(told, Message)
    assert "no review share makes 90% of the rest right" in str(told)


def test_an_accuracy_reached_by_luck_has_an_interval_that_says_so():
    random = np.random.default_rng(2)
    sure = random.random(200)
    right = random.random(200) < 0.7 + 0.2 * sure
    found = review_for(right, sure, accuracy=0.82)
    assert found.high == 1.0


def test_copies_make_the_area_less_certain():
    random = np.random.default_rng(1)
    sure = random.random(200)
    right = random.random(200) < sure
    once = aurc(right, sure)
    often = aurc(np.repeat(right, 5), np.repeat(sure, 5), clusters=np.repeat(np.arange(200), 5))
    assert often.high - often.low == pytest.approx(once.high - once.low, rel=0.25)
    assert aurc(right, sure) == once


def test_the_interval_of_the_area_holds_the_truth():
    random, held, runs = np.random.default_rng(5), 0, 100
    big = random.random(200_000)
    true = aurc_value(random.random(big.size) < big, big)
    for _ in range(runs):
        sure = random.random(300)
        found = aurc(random.random(300) < sure, sure)
        held += found.low <= true <= found.high
    assert held / runs >= 0.88


def aurc_value(right, sure):
    wrong = 1 - right[np.argsort(-sure)]
    return float((np.cumsum(wrong) / np.arange(1, wrong.size + 1)).mean())


@pytest.mark.parametrize("share", [-0.1, 1, 2])
def test_a_review_share_that_keeps_nothing_is_refused(share):
    with pytest.raises(DataError, match="at least 0 and below 1"):
        accuracy_at([1, 0], [0.5, 0.6], review_share=share)


def test_other_nonsense_is_refused():
    with pytest.raises(DataError, match="hits 2, confidence 1"):
        aurc([1, 0], [0.5])
    with pytest.raises(DataError, match="above 0 and at most at 1"):
        review_for([1], [0.5], accuracy=90)
