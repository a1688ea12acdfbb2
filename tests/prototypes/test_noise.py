"""Labels that deserve a second look."""

import numpy as np

from iagkit.prototypes.engine.noise import doubtful_labels


def simulated(flipped_share, seed=0):
    rng = np.random.default_rng(seed)
    truth = rng.integers(0, 4, size=2000)
    p = np.full((2000, 4), 0.05)
    p[np.arange(2000), truth] = 0.85
    p = p * rng.uniform(0.5, 1.5, size=p.shape)
    flipped = rng.random(2000) < flipped_share
    recorded = np.where(flipped, (truth + 1) % 4, truth)
    return p / p.sum(axis=1, keepdims=True), recorded, flipped


def test_most_planted_mistakes_are_found_and_few_others():
    p, recorded, flipped = simulated(0.1)
    found = doubtful_labels(p, recorded)
    assert flipped[found].mean() > 0.95
    assert len(found) / flipped.sum() > 0.5


def test_clean_labels_raise_no_doubt():
    p, recorded, _ = simulated(0.0)
    assert len(doubtful_labels(p, recorded)) == 0


def test_the_most_doubtful_comes_first():
    p = np.array([[0.9, 0.1], [0.2, 0.8], [0.95, 0.05], [0.1, 0.9], [0.9, 0.1], [0.05, 0.95]])
    assert doubtful_labels(p, np.array([0, 1, 1, 1, 0, 0])).tolist()[:2] == [2, 5]


def test_a_class_that_was_never_learnt_is_not_doubted():
    p = np.array([[0.9, 0.1], [0.1, 0.9]])
    assert 0 not in doubtful_labels(p, np.array([-1, 1]))
