"""The time that remains: trees as arrays, choice, intervals that learn, files, real logs."""

from dataclasses import replace

import numpy as np
import pytest
from test_process_prefixes import random_log

from iagkit.core.errors import DataError, ModelError
from iagkit.prototypes.processes import keeping
from iagkit.prototypes.processes.asking import errors_by_group, responding, table_of
from iagkit.prototypes.processes.at_work import AtWork
from iagkit.prototypes.processes.conformal_in_time import (
    first_margin,
    in_time,
    usual_size,
    widened,
)
from iagkit.prototypes.processes.forest import Forest, mean_of, of_boosting, of_classes
from iagkit.prototypes.processes.lateness import evaluate_lateness
from iagkit.prototypes.processes.next_activity import evaluate_next
from iagkit.prototypes.processes.predicting import evaluate
from iagkit.prototypes.processes.prefixes import prefixes
from iagkit.prototypes.processes.remaining import MedianByActivity
from iagkit.prototypes.processes.trees import Candidate
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw

QUICK = (Candidate(name="quick", rounds=20),)


def numbers(rows: int = 400):
    rng = np.random.default_rng(0)
    matrix = rng.normal(size=(rows, 4))
    matrix[rng.random(matrix.shape) < 0.2] = np.nan
    goal = np.nan_to_num(matrix[:, 0]) * 3 + np.isnan(matrix[:, 1]) + rng.normal(size=rows)
    return matrix, goal


def test_the_arrays_answer_as_the_learner_they_were_copied_from():
    from sklearn.ensemble import HistGradientBoostingClassifier, HistGradientBoostingRegressor

    matrix, goal = numbers()
    one, two = (
        HistGradientBoostingRegressor(
            loss="absolute_error", max_iter=30, max_features=0.5, random_state=seed
        ).fit(matrix, goal)
        for seed in (0, 1)
    )
    assert of_boosting(one).predict(matrix) == pytest.approx(one.predict(matrix))
    both = mean_of([of_boosting(one), of_boosting(two)])
    assert both.predict(matrix) == pytest.approx((one.predict(matrix) + two.predict(matrix)) / 2)
    judge = HistGradientBoostingClassifier(max_iter=20).fit(matrix, goal > 1)
    assert of_classes(judge)[0].predict(matrix) == pytest.approx(judge.decision_function(matrix))


def stump(**changes) -> Forest:
    return Forest(**{
        "n_features": 1, "baseline": 1.0, "roots": np.array([0]), "feature": np.array([0, -1, -1]),
        "threshold": np.array([0.5, 0.0, 0.0]), "missing_left": np.array([True, False, False]),
        "left": np.array([1, 0, 0]), "right": np.array([2, 0, 0]),
        "value": np.array([0.0, 10.0, 20.0]), **changes,
    })  # fmt: skip


def test_a_stump_parts_at_its_threshold_and_sends_what_is_missing_left():
    asked = np.array([[0.5], [0.6], [np.nan]])
    assert stump().check().predict(asked).tolist() == [11, 21, 11]
    with pytest.raises(DataError, match="expected 1 columns"):
        stump().predict(np.zeros((2, 3)))


@pytest.mark.parametrize(
    "changes",
    [
        {"left": np.array([0, 0, 0])},
        {"right": np.array([7, 0, 0])},
        {"feature": np.array([3, -1, -1])},
        {"roots": np.array([9])},
        {"value": np.array([0.0, np.nan, 1.0])},
    ],
)
def test_trees_that_turn_in_a_circle_or_leave_their_arrays_are_refused(changes):
    with pytest.raises(ModelError, match="point forward"):
        stump(**changes).check()


def test_the_median_by_last_activity_by_hand():
    rows = prefixes(random_log(3), min_events=2, first=1)
    days = np.where(rows.activity == "a", 4.0, 1.0)
    model = MedianByActivity().fit(rows, days)
    assert (model.predict(rows) == days).all()
    stranger = replace(rows, words=rows.words.assign(activity="never seen"))
    assert set(model.predict(stranger)) == {float(np.median(days))}


def waits(n: int, seed: int, *, longer: float = 1.0):
    """Exponential waits told daily; from the middle on they may be longer."""
    rng = np.random.default_rng(seed)
    truth = rng.exponential(5, n) * np.where(np.arange(n) < n / 2, 1, longer)
    issued = np.datetime64("2024-01-01T00:00") + (np.arange(n) * 90).astype("timedelta64[m]")
    return truth, issued


@pytest.mark.parametrize("longer", [1.0, 3.0, 0.3])
def test_intervals_keep_their_promise_again_soon_after_the_process_changed(longer):
    truth, issued = waits(4000, 1, longer=longer)
    low, high = np.full(4000, 1.0), np.full(4000, 8.0)
    seen = waits(500, 2)[0]
    margin = first_margin(low[:500], high[:500], seen)
    told = in_time(
        low, high, truth, issued=issued, margin=margin,
        spread=usual_size(low[:500], high[:500], seen),
    )  # fmt: skip
    assert 0.88 <= told.hit[:2000].mean() <= 0.92
    assert 0.88 <= told.hit[2600:].mean() <= 0.92
    still = widened(low, high, margin)
    fixed = ((still[0] <= truth) & (truth <= still[1]))[2000:].mean()
    if longer == 3.0:
        assert fixed < 0.8


def test_an_outcome_moves_nothing_before_it_is_known():
    truth = np.array([30.0, 1.0, 1.0])
    issued = np.array(["2024-01-01", "2024-01-02", "2024-01-10"], dtype="datetime64[D]")
    told = in_time(
        np.zeros(3), np.full(3, 5.0), truth, issued=issued, margin=0.0, spread=1.0, step=0.1
    )
    assert told.learnt.tolist() == [0, 0, 2]
    assert told.margin[:2].tolist() == [0, 0]
    assert told.margin[2] == pytest.approx(0.1 * 0.9 - 0.1 * 0.1)
    assert told.hit.tolist() == [False, True, True]


def test_the_first_margin_covers_as_many_as_promised():
    truth = np.arange(1.0, 100.0)
    margin = first_margin(np.zeros(99), np.full(99, 50.0), truth, coverage=0.9)
    low, high = widened(np.zeros(99), np.full(99, 50.0), margin)
    assert ((low <= truth) & (truth <= high + 1e-9)).mean() == pytest.approx(90 / 99)
    with pytest.raises(DataError, match="at least one outcome"):
        first_margin(np.empty(0), np.empty(0), np.empty(0))


def test_a_model_answers_from_its_file_as_before_and_the_file_holds_no_case(tmp_path):
    rows = prefixes(random_log(4, cases=500), min_events=2, first=1)
    found = evaluate(rows, candidates=QUICK)
    assert found.error.n == len(found.table) == found.error_of_median.n
    keeping.save(AtWork(remaining=found.model, margin=0.1, lateness=None), tmp_path / "model.skops")
    again = keeping.load(tmp_path / "model.skops").remaining
    assert again.predict(rows) == pytest.approx(found.model.predict(rows))
    assert again.tails(rows)[1] == pytest.approx(found.model.tails(rows)[1])
    assert b"c499" not in (tmp_path / "model.skops").read_bytes()
    (tmp_path / "other.skops").write_bytes(b"no model")
    with pytest.raises(ModelError, match="not a model written by iagkit, or it is damaged"):
        keeping.load(tmp_path / "other.skops")


def test_a_table_of_what_was_known_is_answered_as_the_prefixes_are():
    rows = prefixes(random_log(4, cases=500), min_events=2, first=1)
    found = evaluate(rows, candidates=QUICK)
    table, respond = table_of(rows), responding(found.model)
    assert respond(table) == pytest.approx(found.model.predict(rows))
    with pytest.raises(DataError, match="1 are missing: 'pair'"):
        respond(table.drop(columns="pair"))
    told = found.table.assign(
        channel=np.where(found.table["case"].str.endswith("1"), "web", "desk")
    )
    size, signed = errors_by_group(told, "channel")
    error = (told["prediction_days"] - told["truth_days"]).groupby(told["channel"])
    assert size.value == pytest.approx(error.apply(lambda e: e.abs().mean()).to_numpy())
    assert signed.value == pytest.approx(error.mean().to_numpy())
    with pytest.raises(DataError, match="'sex' is none"):
        errors_by_group(told, "sex")


def test_due_dates_are_needed_for_lateness():
    with pytest.raises(DataError, match="Say --due"):
        evaluate_lateness(random_log(5, cases=100))


def test_late_cases_are_told_from_others_where_the_beginning_tells_them():
    log = random_log(6, cases=400)
    slow = log.events.groupby("case")["activity"].transform("first") == "a"
    events = log.events.assign(activity=np.where(slow, "slow", "swift"))
    own = events.groupby("case")["end"]
    due = own.min() + np.where(slow.groupby(events["case"]).first(), 1, 60).astype("m8[D]")
    cases = log.cases.assign(due=log.cases["case"].map(due))
    found = evaluate_lateness(replace(log, events=events, cases=cases))
    assert found.brier.value < found.late.value * (1 - found.late.value)
    assert (found.table["days_to_due"] > 0).all()
    assert found.table["probability"].between(0, 1).all()


@pytest.mark.data
def test_real_permits_are_predicted_better_than_by_their_last_activity(mirror):
    raw = read_raw(mirror / "receipt_coselog" / "log.parquet")
    log = event_log(raw, replace(guess(raw), lifecycle="", instance=""))
    rows = prefixes(log, attributes=("department", "channel", "group", "responsible"))
    found = evaluate(rows)
    assert found.error_of_median.value == pytest.approx(1.44, abs=0.01)
    assert found.error.value <= 1.40
    assert 0.88 <= found.coverage.value <= 0.92


@pytest.mark.data
def test_the_next_step_of_real_permits_is_told_better_by_more_steps(mirror):
    raw = read_raw(mirror / "receipt_coselog" / "log.parquet")
    found = evaluate_next(event_log(raw, replace(guess(raw), lifecycle="", instance="")))
    assert found.right.value > found.right_of_last.value
