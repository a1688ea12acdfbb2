"""Checks of runs of logs: one reason once, and shares that rounding cannot turn round."""

from types import SimpleNamespace

import pytest

from iagkit.checks.process_clock import ProcessClock
from iagkit.checks.process_lateness import ProcessLateness
from iagkit.checks.process_people import ProcessPeople
from iagkit.checks.process_simulation import ProcessSimulation, WithinFloor
from iagkit.core.judge import judge
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Gate, Policy
from iagkit.prototypes.processes.simulation.validate import Validated

MEASURES = ("ngd", "aedd", "cedd", "redd", "ctdd")
WHY = say("no group column was declared, so groups cannot be compared")


class _Table(list):
    """A table of one row."""

    columns = ()


def run_with(**evidence):
    return SimpleNamespace(outcome=SimpleNamespace(evidence=evidence, table=_Table([None])))


def beside_a_floor(further, unknown=0):
    """A model that is further away by so many measures, and of which others are not known."""
    floor, distances = {}, {}
    for place, name in enumerate(MEASURES):
        low, high = (2.0, 3.0) if place < further else (0.5, 0.9)
        high = 1.5 if further <= place < further + unknown else high
        floor[name] = Estimate(value=1.0, n=9, unit="hours")
        distances[name] = Estimate(value=(low + high) / 2, n=9, low=low, high=high, unit="hours")
    return Validated(distances=distances, floor=floor)


@pytest.mark.parametrize(("further", "unknown"), [(f, u) for f in range(6) for u in range(6 - f)])
def test_the_interval_of_measures_within_the_floor_holds_its_value(further, unknown):
    """As of the requests of Baltimore, where four were further, and 1 - 4/5 was below 1/5."""
    (found,) = WithinFloor()(run_with(simulation=beside_a_floor(further, unknown)))
    sure = 5 - further - unknown
    assert (found.estimate.low, found.estimate.high) == (sure / 5, (5 - further) / 5)
    assert found.estimate.low <= found.estimate.value <= found.estimate.high


@pytest.mark.parametrize(
    ("chapter", "part", "kinds"),
    [
        (ProcessLateness, "lateness", ["process.risk", "process.alarm"]),
        (ProcessSimulation, "simulation", ["process.simulation"]),
        (ProcessPeople, "workforce", ["process.people"]),
        (ProcessClock, "working_time", ["process.clock"]),
    ],
)
def test_one_reason_for_a_whole_chapter_is_told_once_and_every_limit_knows_it(chapter, part, kinds):
    run = run_with(**{part: WHY})
    found = chapter()(run)
    assert [f.check for f in found] == kinds
    assert all((f.question, f.because) == (chapter.question, WHY) for f in found)
    gates = tuple(Gate(check=p.name, reason={"en": "x"}, at_most=1.0) for p in chapter.parts)
    policy = Policy(name="p", version="1", owner="o", reason={"en": "x"}, gates=gates)
    assert [v.because for v in judge(found, policy)] == [WHY] * len(gates)
    run.outcome.evidence = {}
    assert chapter()(run) == ()
