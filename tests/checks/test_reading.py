"""What people are asked to read: the whole, and each reason that holds."""

from dataclasses import replace

import handmade_runs as by_hand
import numpy as np

from iagkit.checks.reading import Listed


def told(why):
    run = by_hand.make_run(by_hand.outcome_table(len(why)))
    seen = {**run.outcome.evidence, "reading": np.array(why, dtype=object)}
    return Listed()(replace(run, outcome=replace(run.outcome, evidence=seen)))


def test_the_whole_is_what_its_reasons_add_up_to():
    whole, *parts = told(["unsure"] * 3 + ["by_lot"] * 2 + [""] * 5)
    assert whole.estimate.value == 0.5
    assert [(dict(f.where), f.estimate.value) for f in parts] == [
        ({"why": "unsure"}, 0.3),
        ({"why": "by_lot"}, 0.2),
    ]


def test_a_run_without_a_list_says_that_it_has_none():
    (only,) = Listed()(by_hand.make_run())
    assert only.estimate is None
    assert "reading" in str(only.because)
