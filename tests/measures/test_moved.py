"""Shares that moved: by hand, rarely where nothing moved, found where something did."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.moved import moved_shares


def test_half_of_the_cases_moved_to_another_town():
    found = moved_shares({"town": np.zeros(200, int)}, {"town": np.repeat([0, 1], 100)})["town"]
    assert found.value == 0.5
    assert 0.4 < found.low < 0.5 < found.high < 0.6
    assert found.n == 200


@given(st.lists(st.integers(0, 3), min_size=1, max_size=60), st.integers(1, 3))
def test_the_same_cases_again_have_not_moved(codes, times):
    found = moved_shares({"a": np.array(codes)}, {"a": np.tile(codes, times)})["a"]
    assert found.value == pytest.approx(0, abs=1e-12)
    assert found.low == 0


@given(st.lists(st.integers(0, 3), min_size=5, max_size=60), st.integers(0, 99))
def test_names_of_categories_do_not_matter(codes, seed):
    other = np.random.default_rng(seed).integers(0, 4, 50)
    names = np.random.default_rng(seed).permutation(4)
    one = moved_shares({"a": np.array(codes)}, {"a": other})["a"]
    two = moved_shares({"a": names[codes]}, {"a": names[other]})["a"]
    assert one.value == pytest.approx(two.value)


def test_of_twelve_columns_that_did_not_move_hardly_ever_one_is_accused():
    random, runs = np.random.default_rng(0), 30
    accused = 0
    for _ in range(runs):
        before, now = ({str(j): random.integers(0, 8, 300) for j in range(12)} for _ in range(2))
        accused += any(one.low > 0 for one in moved_shares(before, now).values())
    assert accused / runs <= 0.14


def test_copies_of_one_case_prove_less_than_as_many_people():
    random = np.random.default_rng(0)
    before, once = random.integers(0, 8, 1000), random.integers(0, 8, 50)
    now, person = np.repeat(once, 20), np.repeat(np.arange(50), 20)
    alone = moved_shares({"a": before}, {"a": now})["a"]
    people = moved_shares({"a": before}, {"a": now}, clusters=person)["a"]
    assert people.high - people.low > 2 * (alone.high - alone.low)
    assert (people.value, people.clusters) == (alone.value, 50)


def test_other_columns_or_no_cases_are_refused():
    with pytest.raises(DataError, match="the same columns are needed"):
        moved_shares({"a": np.zeros(3, int)}, {"b": np.zeros(3, int)})
    with pytest.raises(DataError, match="of 3 and 0 cases"):
        moved_shares({"a": np.zeros(3, int)}, {"a": np.zeros(0, int)})
