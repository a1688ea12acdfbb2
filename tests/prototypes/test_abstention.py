"""When a person decides: by capacity, or by an error budget that is kept."""

import numpy as np
import pytest

from iagkit.core.errors import UsageError
from iagkit.prototypes.engine.abstention import NEVER, alternatives, decide, learn_rule


def cases(rng, n):
    confidence = rng.uniform(0.3, 1, size=n)
    return confidence, rng.random(n) < confidence


def test_the_review_share_is_what_people_can_review():
    rng = np.random.default_rng(0)
    confidence, correct = cases(rng, 5000)
    rule = learn_rule(confidence, correct, clusters=np.arange(5000), review_share=0.3)
    assert 1 - decide(confidence, rule.threshold).mean() == pytest.approx(0.3, abs=0.001)


def test_reviewing_everything_decides_nothing():
    rng = np.random.default_rng(0)
    confidence, correct = cases(rng, 100)
    rule = learn_rule(confidence, correct, clusters=np.arange(100), review_share=1.0)
    assert rule.threshold == NEVER


def test_an_error_budget_is_broken_in_at_most_one_of_twenty_runs():
    broken = 0
    for seed in range(300):
        rng = np.random.default_rng(seed)
        confidence, correct = cases(rng, 600)
        rule = learn_rule(confidence, correct, clusters=np.arange(600), max_error=0.1)
        if rule.threshold == NEVER:
            continue
        true_error = 1 - (max(rule.threshold, 0.3) + 1) / 2
        broken += true_error > 0.1
    assert broken / 300 <= 0.05


def test_a_budget_that_cannot_be_kept_sends_everything_to_people():
    rng = np.random.default_rng(1)
    confidence = rng.uniform(size=500)
    rule = learn_rule(confidence, rng.random(500) < 0.3, clusters=np.arange(500), max_error=0.1)
    assert rule.threshold == NEVER
    assert rule.facts["review_share_expected"] == 1


def test_copies_of_one_text_do_not_buy_automation():
    rng = np.random.default_rng(2)
    confidence, correct = np.repeat(rng.uniform(0.5, 1, size=20), 50), np.ones(1000, dtype=bool)
    rule = learn_rule(confidence, correct, clusters=np.repeat(np.arange(20), 50), max_error=0.1)
    assert rule.threshold == NEVER


@pytest.mark.parametrize(
    "asked",
    [{}, {"review_share": 0.1, "max_error": 0.1}, {"review_share": 20}, {"max_error": -0.1}],
)
def test_a_rule_needs_one_share(asked):
    with pytest.raises(UsageError, match="review-share"):
        learn_rule(np.array([0.5]), np.array([True]), clusters=np.array([0]), **asked)


def test_the_person_sees_the_next_two_in_order():
    told = alternatives(np.array([[0.2, 0.5, 0.3], [0.6, 0.1, 0.3]]), ["a", "b", "c"])
    assert told["second"].tolist() == ["c", "c"]
    assert told["third_probability"].tolist() == [0.2, 0.1]


def test_two_classes_have_no_third_choice():
    assert "third" not in alternatives(np.array([[0.2, 0.8]]), ["a", "b"])


def test_a_letter_sent_a_thousand_times_has_one_vote():
    rng = np.random.default_rng(3)
    confidence, correct = rng.uniform(0.9, 1, size=600), rng.random(600) < 0.97
    copied = learn_rule(
        np.r_[confidence, np.full(1000, 0.95)],
        np.r_[correct, np.ones(1000, dtype=bool)],
        clusters=np.r_[np.arange(600), np.full(1000, 600)],
        max_error=0.1,
    )
    alone = learn_rule(confidence, correct, clusters=np.arange(600), max_error=0.1)
    assert copied.threshold == pytest.approx(alone.threshold, abs=0.01)
    assert copied.threshold < NEVER
