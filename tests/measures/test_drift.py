"""An alarm that is seldom false and mostly early; classes that moved; shares by period."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.drift import by_period, holm, mix_changes, moves, watch


def missed(random, n, *, cover):
    """Strangeness of which so much is beyond what 9 in 10 of the known stay below."""
    found, missing = random.random(n), random.random(n) < (1 - cover - 0.1) / 0.9
    found[missing] = 0.9 + 0.1 * random.random(missing.sum())
    return found


def test_the_capital_after_one_strangest_of_ten_is_that_of_the_wager_by_hand():
    stakes = np.array([0.2, 0.4, 0.6, 0.8])
    at_stake = 1 / 31 / 4 * (stakes * 0.1 ** (stakes - 1)).sum()
    assert watch(range(9), [10]).evidence == pytest.approx([np.log(30 / 31 + at_stake)])


@pytest.mark.parametrize("known", [30, 500])
def test_a_stable_stream_raises_an_alarm_in_at_most_one_of_twenty_runs(known):
    random = np.random.default_rng(3)
    raised = [watch(random.random(known), random.random(300)).at is not None for _ in range(200)]
    # 10 expected at most; 19 is three standard deviations above
    assert sum(raised) <= 19


def test_equal_scores_raise_no_alarm_however_many_there_are():
    assert watch([0.5] * 10, [0.5] * 2_000).at is None


@pytest.mark.parametrize(("cover", "within"), [(0.65, 60), (0.8, 200)])
def test_half_of_the_alarms_come_within_so_many_reviewed_cases(cover, within):
    random = np.random.default_rng(4)
    seen = [watch(random.random(2_000), missed(random, 600, cover=cover)).seen for _ in range(41)]
    assert np.median(seen) <= within


def test_a_change_after_many_quiet_cases_is_found_too():
    random = np.random.default_rng(5)
    stream = np.concatenate([random.random(500), missed(random, 300, cover=0.5)])
    assert 500 <= watch(random.random(2_000), stream).at < 700


@given(st.lists(st.floats(-5, 5), min_size=1, max_size=30), st.lists(st.floats(-5, 5), max_size=30))
def test_only_the_order_of_strangeness_counts(known, arriving):
    plain, cubed = watch(known, arriving), watch(np.exp2(known), np.exp2(arriving))
    distinct = len({*known, *arriving}) == len({*np.exp2([*known, *arriving]).tolist()})
    assert not distinct or plain.evidence == pytest.approx(cubed.evidence)


def test_a_stream_of_the_strangest_cases_does_not_overflow():
    assert np.isfinite(watch(range(1_000), range(1_000, 6_000)).evidence).all()


def test_an_alarm_without_anything_known_or_with_gaps_is_refused():
    with pytest.raises(DataError):
        watch([], [1.0])
    with pytest.raises(DataError, match="1 others"):
        watch([1.0], [np.nan])


def test_periods_stand_in_order_each_with_its_own_cases():
    found = by_period([1, 0, 1, 1], ["2019", "2018", "2018", "2019"])
    assert [(p, e.value, e.n) for p, e in found.items()] == [("2018", 0.5, 2), ("2019", 1.0, 2)]


def test_classes_that_came_and_went_are_told_and_steady_ones_are_not():
    found = mix_changes(["old"] * 50 + ["both"] * 50, ["new"] * 40 + ["both"] * 60)
    assert {(c.label, c.kind) for c in found} == {("old", "disappeared"), ("new", "appeared")}
    assert all(e.n == 100 and e.low < e.high for c in found for e in (c.before, c.after))


def test_documents_that_look_like_one_class_and_are_recorded_as_another_have_moved():
    before = [("farms", "farms")] * 100 + [("arms", "arms")] * 100
    after = [("farms", "land")] * 60 + [("farms", "farms")] * 5 + [("arms", "arms")] * 80
    (found,) = moves(before, after)
    assert (found.looks_like, found.recorded) == ("farms", "land")
    assert (found.before.value, found.after.n) == (0.0, 65)


def test_an_unchanged_mix_names_a_class_in_at_most_one_of_twenty_runs():
    random = np.random.default_rng(6)
    draws = [random.integers(0, 8, (2, 200)).astype(str).tolist() for _ in range(60)]
    # 3 expected at most; 8 is three standard deviations above
    assert sum(bool(mix_changes(*draw)) for draw in draws) <= 8


def test_p_values_are_raised_step_by_step():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
