"""Splits: whole text groups, declared leaks refused."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, LeakError, UsageError
from iagkit.prototypes.engine.splits import declared, split

DAYS = np.array(["2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04"], dtype="datetime64[ns]")
clusters = st.lists(st.integers(0, 30), min_size=60, max_size=200)


@given(clusters, st.integers(0, 5))
def test_copies_of_a_text_never_stand_on_both_sides(near, seed):
    near = [*near, *range(31, 91)]
    parted = split(near, by="text", seed=seed)
    assert not set(np.array(near)[parted.test]) & set(np.array(near)[~parted.test])


def test_a_declared_group_and_a_near_copy_are_joined():
    near = [0, 0, 1, 2, *range(3, 60)]
    names = ["a", "b", "b", "c", *map(str, range(3, 60))]
    parted = split(near, by="grupo", labels=names)
    assert parted.cluster[0] == parted.cluster[1] == parted.cluster[2] != parted.cluster[3]
    assert parted.facts["groups_joined_by_near_duplicates"] == 1


def test_a_group_stays_on_its_side_when_rows_are_added():
    names = [f"t{i}" for i in range(200)]
    before = split(np.arange(150), by="text", labels=names[:150]).test
    after = split(np.arange(200), by="text", labels=names).test
    assert (after[:150] == before).all()


def test_about_the_asked_share_of_groups_is_held_out():
    parted = split(np.arange(4000), by="text", test_share=0.25, seed=3)
    assert parted.test.mean() == pytest.approx(0.25, abs=0.03)


def test_another_seed_holds_out_other_groups():
    one, other = (split(np.arange(500), by="text", seed=seed).test for seed in (0, 1))
    assert (one != other).any()


def test_by_time_a_text_belongs_to_its_first_day():
    parted = split([0, 1, 2, 0], by="time", times=DAYS, test_share=0.25)
    assert parted.test.tolist() == [False, False, True, False]


def test_single_rows_are_refused_where_texts_repeat():
    with pytest.raises(LeakError, match="2 of 4 rows repeat"):
        split([0, 0, 0, 1], by="rows")


def test_single_rows_are_fine_where_no_text_repeats():
    parted = split(np.arange(100), by="rows")
    assert 0 < parted.test.sum() < 100


def test_a_division_that_leaks_is_refused_with_the_count():
    with pytest.raises(LeakError, match="1 of 2 test rows"):
        declared(["train", "test", "test"], [0, 0, 1], column="split")


def test_a_division_that_does_not_leak_is_taken_as_it_is():
    parted = declared(["train", "train", "test"], [0, 0, 1], column="split")
    assert parted.test.tolist() == [False, False, True]


def test_a_split_by_time_needs_times():
    with pytest.raises(UsageError, match="--time"):
        split([0, 1], by="time")


def test_a_missing_date_is_counted_not_guessed():
    broken = DAYS.copy()
    broken[1] = np.datetime64("NaT")
    with pytest.raises(DataError, match="1 of 4 are missing"):
        split([0, 1, 2, 3], by="time", times=broken)


def test_an_empty_side_is_refused():
    with pytest.raises(DataError, match="rows to test on"):
        split([0, 0, 0], by="text", seed=0)
