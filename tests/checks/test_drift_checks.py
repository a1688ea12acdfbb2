"""What is told of a model over time: an ended promise is never repeated."""

from dataclasses import replace

import numpy as np
from handmade_runs import make_run

from iagkit.checks.drift import Drift
from iagkit.measures.drift import Alarm, by_period, mix_changes, moves, watch
from iagkit.measures.rates import mean, share
from iagkit.prototypes.documents import drift
from iagkit.prototypes.documents.repair import Repaired


def evidence(alarm: Alarm, *, repaired: Repaired | None = None) -> drift.Drift:
    return drift.Drift(
        learnt_accuracy=share([1] * 9 + [0]),
        learnt_coverage=share([1] * 9 + [0]),
        accuracy=by_period([1, 1, 0, 0], ["2018", "2018", "2019", "2019"]),
        coverage=by_period([1, 1, 1, 0], ["2018", "2018", "2019", "2019"]),
        alarm=alarm,
        unlabelled=watch([1.0, 2.0], [1.5]),
        first=None if alarm.at is None else drift.First(at=80, day="2019-03-04", by="reviewed"),
        reviewed=alarm.seen,
        reviewed_share=0.05,
        promised=0.9,
        signals=(drift.Signal(name="certainty", before=share([1, 0.9]), after=share([0.5])),),
        mix=mix_changes(["a"] * 40, ["b"] * 40),
        moved=moves([("a", "a")] * 40, [("a", "b")] * 40),
        repaired=repaired,
    )


def found(told: drift.Drift):
    run = make_run()
    outcome = replace(run.outcome, evidence={**run.outcome.evidence, "drift": told})
    return Drift()(replace(run, outcome=outcome))


QUIET = Alarm(evidence=np.zeros(30), at=None, error=0.05)
RAISED = Alarm(evidence=np.arange(4.0), at=3, error=0.05)


def of(findings, check, **where):
    return next(f for f in findings if f.check == check and dict(f.where) == where)


def test_once_an_alarm_stands_no_number_is_given_for_the_promise_but_the_day_it_ended():
    promise = of(found(evidence(RAISED)), "drift.guarantee")
    assert promise.estimate is None
    assert str(promise.because) == "the promise is not valid since 2019-03-04: an alarm stands"


def test_while_no_alarm_stands_the_promise_is_told_with_the_cases_that_were_watched():
    promise = of(found(evidence(QUIET)), "drift.guarantee").estimate
    assert (promise.value, promise.n) == (0.9, 30)


def test_a_promise_that_known_answers_of_a_period_disprove_is_not_told_though_no_alarm_was_raised():
    held = by_period([1] * 95 + [0] * 5 + [1] * 70 + [0] * 30, ["2018"] * 100 + ["2019"] * 100)
    promise = of(found(replace(evidence(QUIET), coverage=held)), "drift.guarantee")
    assert promise.estimate is None
    assert str(promise.because) == "the promise did not hold in 2019, though no alarm was raised"


def test_the_alarm_tells_after_how_many_reviewed_cases_it_came():
    alarm = of(found(evidence(RAISED)), "drift.alarm", signal="reviewed").estimate
    assert (alarm.value, alarm.unit) == (4, "cases")


def test_what_people_had_reviewed_is_told_with_the_alarm_that_came_first():
    assert of(found(evidence(RAISED)), "drift.reviewed", alarm="reviewed").estimate.value == 4
    assert of(found(evidence(QUIET)), "drift.reviewed", alarm="none").estimate.value == 30


def test_each_period_stands_beside_what_was_learnt_from():
    told = [f for f in found(evidence(QUIET)) if f.check == "drift.accuracy"]
    assert [f.where["period"] for f in told] == ["learnt", "2018", "2019"]


def test_what_moved_is_told_before_and_after():
    told = [f for f in found(evidence(QUIET)) if f.check == "drift.moved"]
    assert [(f.where["looks_like"], f.where["class"], f.estimate.value) for f in told] == [
        ("a", "b", 0.0),
        ("a", "b", 1.0),
    ]


def test_a_repair_is_told_with_the_cases_it_took():
    repaired = Repaired(
        reviewed=300, accuracy=share([1, 0]), coverage=share([1, 1]),
        set_size=mean([1, 2], unit="labels"), decided=share([1, 1, 1, 1, 0]),
    )  # fmt: skip
    told = found(evidence(RAISED, repaired=repaired))
    assert of(told, "drift.repaired.decided", reviewed="300").estimate.value == 0.8


def test_a_repair_that_was_not_made_tells_which_of_two_reasons():
    quiet, alarmed = found(evidence(QUIET)), found(evidence(RAISED))
    assert "nothing to repair" in str(of(quiet, "drift.repaired").because)
    assert "too few cases came after" in str(of(alarmed, "drift.repaired").because)


def test_a_class_that_came_has_its_share_with_an_interval():
    told = [f.estimate for f in found(evidence(QUIET)) if f.check == "drift.class"]
    assert told
    assert all(e.low is not None and e.n == 40 for e in told)


def test_every_finding_has_a_name_that_a_gate_may_speak_of():
    from iagkit.core.gates import _given

    names = {n for part in Drift.parts for n in (_given(part) or (part.name,))}
    assert {f.check for f in found(evidence(RAISED))} <= names


def test_a_run_that_was_not_split_by_time_is_silent():
    assert Drift()(make_run()) == ()
