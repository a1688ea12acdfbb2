"""A week of staff from a log: desks, needs, plan and trial; what was assumed; refusals."""

import numpy as np
import pytest
from logs_by_hand import log_of

from iagkit.checks.process_staffing import ProcessStaffing
from iagkit.core.errors import DeclarationError
from iagkit.prototypes.processes.staffing.week import (
    NO_PEOPLE,
    TOO_LITTLE,
    Week,
    half_hours,
    plan_week,
    shifts,
)

QUICK = {"weeks": 30, "rounds": 3}


def counter(weeks=6, *, resource="SECRETO"):
    """Two people read, two others sign; Monday to Friday, nine to five, twenty cases a day."""
    rng = np.random.default_rng(0)
    rows = []
    for day in (24 * d + 168 * w for w in range(weeks) for d in range(5)):
        for number, at in enumerate(np.sort(rng.uniform(9, 16, 20))):
            begin = day + at
            end = begin + rng.exponential(0.2)
            case = f"{day}-{number:02}"
            rows.append((case, "read", begin, end, f"{resource}{number % 2}"))
            rows.append((case, "note", end, end + 0.02, f"{resource}{number % 2}"))
            rows.append((case, "sign", end + 0.05, end + 0.15, f"{resource}{2 + number % 2}"))
    return log_of(*rows, until=168.0 * weeks)


@pytest.fixture(scope="module")
def planned():
    return plan_week(counter(), asked=QUICK)


def test_activities_of_the_same_people_are_one_desk(planned):
    assert isinstance(planned, Week)
    desks = {desk.activities: desk for desk in planned.desks}
    assert {tuple(sorted(names)) for names in desks} == {("note", "read"), ("sign",)}
    desk = desks[("sign",)]
    assert desk.people == 2
    assert desk.needs.demand.weekly_cases == pytest.approx(100, abs=0.5)


def test_the_plan_gives_what_is_needed_and_is_tried(planned):
    for desk in planned.desks:
        last = desk.closing.last
        assert desk.closing.verdict == "reached"
        assert last.plan.hours >= desk.needs.hours
        assert last.tried.week.value >= planned.target.share
        night = last.plan.staff["full day"].reshape(7, 48)[:, :12]
        assert not night.any()


def test_whatever_nobody_declared_is_said_to_be_assumed(planned):
    told = " ".join(str(message) for message in planned.assumed)
    assert "nobody declared a promise" in told
    assert "nobody declared contracts" in told
    assert "nobody declared a budget" in told
    declared = {
        **QUICK, "target": 0.8, "within": 0.5, "budget": 200.0,
        "contracts": [{"name": "c", "starts": [9.0], "lengths": [8.0]}], "desks": 1,
    }  # fmt: skip
    found = plan_week(counter(), asked=declared)
    assert len(found.assumed) == 1
    assert len(found.desks) == 1
    assert (found.target.share, found.target.hours, found.budget) == (0.8, 0.5, 200.0)


def test_a_budget_that_is_too_small_says_which_half_hours_lack_people():
    found = plan_week(counter(), asked={**QUICK, "budget": 20.0, "desks": 1})
    desk = found.desks[0]
    assert desk.closing.verdict != "reached"
    told = found.facts()["desks"][0]
    assert told["plan"]["missing"][0].startswith("Mon ")
    assert desk.closing.last.plan.missing_hours > 0
    assert any("is too small" in remark["template"] for remark in told["remarks"])


def test_a_budget_that_pays_for_less_work_than_comes_is_shown_to_be_impossible():
    found = plan_week(counter(), asked={**QUICK, "budget": 10.0, "desks": 1})
    assert found.desks[0].closing.verdict == "impossible"
    told = found.facts()["desks"][0]
    assert any("hours of work at most" in remark["template"] for remark in told["remarks"])


def test_two_runs_plan_the_same_week_and_a_clock_that_stops_one_leaves_no_plan(planned):
    again = plan_week(counter(), asked=QUICK)
    assert again.facts() == planned.facts()
    assert shifts(again) == shifts(planned)
    assert half_hours(again) == half_hours(planned)
    stopped = plan_week(counter(), asked={**QUICK, "seconds": 0.0, "desks": 1})
    assert stopped.desks[0].closing is None
    assert shifts(stopped)[1] == []


def test_tables_and_facts_count_people_and_name_none(planned):
    columns, rows = half_hours(planned)
    assert {row["desk"] for row in rows} == {desk.name for desk in planned.desks}
    assert all(row["needed_low"] <= row["people_needed"] <= row["needed_high"] for row in rows)
    assert sum(row["people_planned"] for row in rows) / 2 == sum(
        desk.closing.last.plan.hours for desk in planned.desks
    )
    told = f"{columns}{rows}{shifts(planned)}{planned.facts()}"
    assert "SECRETO" not in told
    assert "Mon" in shifts(planned)[1][0]["days"]


def test_work_that_comes_at_night_counts_when_the_desk_opens():
    log = counter()
    late = log.cases["case"].iloc[0]
    log.cases.loc[log.cases["case"] == late, "opened"] -= np.timedelta64(2, "h")
    found = plan_week(log, asked={**QUICK, "desks": 1})
    rates = found.desks[0].needs.demand.rates.reshape(7, 48)
    assert not rates[:, :17].any()


def test_logs_that_do_not_allow_it_say_why():
    rows = [(f"{i}", "read", 10.0 * i, 10.0 * i + 1, None) for i in range(300)]
    assert plan_week(log_of(*rows)) == NO_PEOPLE
    few = [(f"{i}", "read", 10.0 * i, 10.0 * i + 1, "ana") for i in range(50)]
    assert plan_week(log_of(*few)) == TOO_LITTLE


@pytest.mark.parametrize(
    ("asked", "message"),
    [
        (True, "is false, or holds"),
        ({"targt": 0.9}, "got 'targt'"),
        ({"contracts": [{"nam": "x"}]}, "list of what a contract allows"),
        ({"near": 2.0, **QUICK}, "'near' above 0 up to 1"),
        ({"contracts": [{"name": "x", "starts": [9.25]}], **QUICK}, "multiple of 0.5 hours"),
    ],
)
def test_declarations_that_cannot_be_followed_are_refused(asked, message):
    with pytest.raises(DeclarationError, match=message):
        plan_week(counter(3), asked=asked)


def test_the_check_tells_needs_with_their_interval_and_no_silent_desk(planned):
    class Outcome:
        evidence = {"staffing": planned}  # noqa: RUF012

    class Run:
        outcome = Outcome

    found = ProcessStaffing()(Run)
    assert {f.check for f in found} <= set(ProcessStaffing.gives)
    for f in found:
        assert f.estimate is not None
        assert f.estimate.low <= f.estimate.value <= f.estimate.high
    Outcome.evidence = {"staffing": NO_PEOPLE}
    (none,) = ProcessStaffing()(Run)
    assert none.because == NO_PEOPLE
    Outcome.evidence = {}
    assert ProcessStaffing()(Run) == ()
