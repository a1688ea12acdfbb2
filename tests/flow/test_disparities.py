"""What was planted in the sample is found; what was not planted is not accused."""

import importlib.util
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "benchmarks" / "false_alarms.py"


@pytest.fixture(scope="module")
def simulation():
    if not SCRIPT.is_file():
        pytest.skip("needs the benchmarks of the checkout")
    spec = importlib.util.spec_from_file_location("false_alarms", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_district_that_was_let_down_comes_out_lowest(simulation):
    findings, _ = simulation.audit(rows=2500, seed=0, planted=True)
    (gap,) = [f for f in findings if f.check == "fairness.accuracy.gap" and "district" in f.where]
    assert gap.between[0] == "Ribera Sur"
    assert gap.estimate.low > 0


@pytest.mark.slow
def test_both_planted_disparities_are_found_in_the_full_sample(simulation):
    findings, _ = simulation.audit(rows=7000, seed=0, planted=True)
    found = {
        column: f.between[0]
        for f in simulation.alarms(findings)
        if f.check == "fairness.accuracy.gap"
        for column in f.where
    }
    assert found == {"district": "Ribera Sur", "age_band": "60+"}


@pytest.mark.slow
def test_equal_treatment_is_accused_in_at_most_one_run_of_twenty(simulation):
    told = simulation.count(seeds=200, rows=1500, planted=False)
    assert told["alarm"] <= 0.05
    assert told["failed gate"] <= 0.05
