"""Nothing withheld comes back: what is chosen to be withheld is put to the attack."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.sparse import csr_array

from iagkit.core.errors import DataError
from iagkit.measures import disclosure_joint
from iagkit.measures.disclosure_attack import attack
from iagkit.measures.disclosure_joint import Sums, withhold

K = 5


def subsets_of(columns, depth=None):
    sizes = range((columns if depth is None else depth) + 1)
    return [subset for size in sizes for subset in combinations(range(columns), size)]


def table_of(counts, subset):
    """One table of groups, its last place the size of each."""
    table = counts.sum(axis=tuple(i for i in range(counts.ndim - 1) if i not in subset))
    return np.concatenate([table, table.sum(axis=-1, keepdims=True)], axis=-1).astype(float)


def protected(counts, subsets=None, k=K):
    """Every table of an audit as a reader gets it: nan where a count is withheld."""
    counts = np.asarray(counts)
    subsets = subsets_of(counts.ndim - 1) if subsets is None else sorted({*subsets, ()})
    everyone = np.eye(counts.size).reshape(counts.size, *counts.shape)
    rows = [
        [table_of(cell, subset).reshape(-1) for subset in subsets]
        for cell in everyone[counts.reshape(-1) > 0]
    ]
    values = np.concatenate([table_of(counts, subset).reshape(-1) for subset in subsets])
    columns = np.concatenate([np.full(table_of(counts, s).size, len(s)) for s in subsets])
    shape = (len(values), len(rows))
    small = (values > 0) & (values < k)
    sums = Sums(
        rows=csr_array(np.reshape([np.concatenate(r) for r in rows], shape[::-1]).T),
        people=counts.reshape(-1)[counts.reshape(-1) > 0].astype(float),
        goal=k * small.astype(float),
        told=~small,
        fixed=(np.arange(len(values)) == counts.shape[-1]) & (values >= k),
        price=(1 + np.log1p(values)) / 20.0**columns,
    )
    gone = withhold(sums)
    assert gone is not None
    told, ends = np.where(gone, np.nan, values), np.cumsum([0, *map(len, rows[0])])
    shapes = [table_of(counts, subset).shape for subset in subsets]
    parts = [told[a:b] for a, b in pairwise(ends)]
    return {s: p.reshape(of) for s, p, of in zip(subsets, parts, shapes, strict=True)}


def small_ones_left_out_only(counts, subsets=None):
    subsets = subsets_of(counts.ndim - 1) if subsets is None else subsets
    every = {subset: table_of(counts, subset) for subset in {*subsets, ()}}
    return {s: np.where((t > 0) & (t < K), np.nan, t) for s, t in every.items()}


def attacked(counts, tables):
    """What a reader finds, and the truth beside it."""
    found = attack(tables, levels=counts.shape[:-1])
    truth = np.array([table_of(counts, subset)[place] for subset, place in found.where])
    return found, truth


@st.composite
def small_tables(draw):
    columns = draw(st.integers(1, 3))
    most = {1: 4, 2: 3, 3: 2}[columns]
    levels = draw(st.lists(st.integers(1, most), min_size=columns, max_size=columns))
    shape = (*levels, draw(st.integers(1, 4 if columns == 1 else 2)))
    counts = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 30))
    return draw(arrays(np.int64, shape, elements=counts).filter(np.any))


# By hand


def test_three_people_cannot_be_had_from_the_total():
    told = protected([[3], [40], [60]])
    assert np.isnan(told[(0,)][:, 0]).tolist() == [True, True, False]
    assert told[()].tolist() == [103, 103]


def test_three_and_one_are_not_hidden_by_each_other():
    # Their sum, 4, would follow from the total and tell that both are small.
    told = protected([[3], [1], [40], [60]])
    assert np.isnan(told[(0,)][:, 0]).tolist() == [True, True, True, False]


def test_a_table_without_small_counts_is_told_whole_and_zero_is_not_small():
    told = protected([[[9, 0], [5, 7]], [[0, 0], [80, 5]]])
    assert not any(np.isnan(table).any() for table in told.values())


def test_of_four_people_nothing_is_told_but_who_is_not_there():
    told = protected([[3, 0], [1, 0]])
    assert np.isnan(told[()]).tolist() == [True, False, True]
    assert np.isnan(told[(0,)][:, 0]).all()


def test_counts_follow_from_totals_by_hand_and_by_attack():
    told = {(): np.array([13.0, 13.0]), (0,): np.array([[np.nan, np.nan], [10.0, 10.0]])}
    found = attack(told, levels=(2,))
    assert found.low.tolist() == found.high.tolist() == [3.0, 3.0]
    assert (found.recovered, found.known_small(K)) == (2, 2)


def test_what_no_told_number_holds_may_be_anything():
    found = attack({(0,): np.array([[np.nan, np.nan], [10.0, 10.0]])}, levels=(2,))
    assert found.low.tolist() == [0, 0]
    assert np.isinf(found.high).all()


# Laws


@settings(max_examples=40)
@given(counts=small_tables(), k=st.integers(2, 12))
def test_every_small_count_may_be_as_large_as_k(counts, k):
    found, truth = attacked(counts, protected(counts, k=k))
    assert ((found.low <= truth) & (truth <= found.high)).all()
    assert (found.high[(truth > 0) & (truth < k)] >= k).all()
    assert found.known_small(k) == 0


@settings(max_examples=20)
@given(counts=small_tables(), data=st.data())
def test_small_counts_of_tables_that_are_published_are_safe_whichever_those_are(counts, data):
    every = subsets_of(counts.ndim - 1)
    subsets = data.draw(st.lists(st.sampled_from(every), unique=True))
    found, truth = attacked(counts, protected(counts, subsets))
    assert (found.high[(truth > 0) & (truth < K)] >= K).all()


@settings(max_examples=20)
@given(counts=small_tables())
def test_the_same_table_loses_the_same_counts(counts):
    for one, again in zip(protected(counts).values(), protected(counts).values(), strict=True):
        np.testing.assert_array_equal(one, again)


def test_a_sparse_survey_of_four_outcomes_recovers_nothing():
    draw = np.random.default_rng(1)
    counts = draw.poisson(draw.gamma(0.4, 15, (4, 3, 4)))
    assert attacked(counts, small_ones_left_out_only(counts))[0].recovered > 5
    found, truth = attacked(counts, protected(counts))
    assert (found.recovered, found.known_small(K)) == (0, 0)
    assert (found.high[(truth > 0) & (truth < K)] >= K).all()


def test_of_a_very_large_set_of_sums_nobody_looks_for_other_cells(monkeypatch):
    monkeypatch.setattr(disclosure_joint, "MOST", 3)
    one = np.ones(4)
    sums = Sums(
        rows=csr_array(np.eye(4)), people=3 * one, goal=5 * one, told=one > 1, fixed=one > 1,
        price=one,
    )  # fmt: skip
    assert withhold(sums) is None


# Real people


@pytest.fixture(scope="module")
def adult(mirror):
    """Race × sex × age band × (truth × prediction) of all 48,842 rows."""
    import pandas as pd

    files = [mirror / "adult_us" / f"adult.{part}.txt" for part in ("data", "test")]
    columns = {0: "age", 4: "years", 8: "race", 9: "sex", 14: "income"}
    rows = pd.concat(
        pd.read_csv(f, header=None, usecols=list(columns), skipinitialspace=True) for f in files
    ).rename(columns=columns)
    assert len(rows) == 48_842
    truth = rows["income"].str.startswith(">50K")
    cell = np.where(rows["years"] > 12, np.where(truth, 0, 1), np.where(truth, 2, 3))
    age = np.digitize(rows["age"], [26, 36, 46, 56, 66])
    counts = np.zeros((5, 2, 6, 4), dtype=np.int64)
    race, sex = (pd.factorize(rows[name], sort=True)[0] for name in ("race", "sex"))
    np.add.at(counts, (race, sex, age, cell), 1)
    return counts


@pytest.mark.data
def test_adult_by_race_sex_and_age_recovers_nothing(adult):
    told = protected(adult)
    found, truth = attacked(adult, told)
    small = (truth > 0) & (truth < K)
    assert (small.sum(), sum(table.size for table in told.values())) == (80, 630)
    assert len(truth) < 0.36 * 630
    assert (found.recovered, found.known_small(K)) == (0, 0)
    assert (found.high[small] >= K).all()
    for column in range(3):
        assert not np.isnan(told[(column,)]).any()


@pytest.mark.data
def test_adult_with_the_small_counts_left_out_only_gives_every_one_of_them_away(adult):
    found, _ = attacked(adult, small_ones_left_out_only(adult))
    assert (len(found.low), found.recovered) == (80, 80)


@pytest.mark.data
def test_adult_by_pairs_recovers_nothing(adult):
    pairs = subsets_of(3, depth=2)
    assert attacked(adult, small_ones_left_out_only(adult, pairs))[0].recovered > 10
    found, _ = attacked(adult, protected(adult, pairs))
    assert (found.recovered, found.known_small(K)) == (0, 0)


# Refusals


def test_tables_that_contradict_each_other_are_not_attacked():
    told = {(): np.array([5.0, 5.0]), (0,): np.array([[np.nan, np.nan], [10.0, 10.0]])}
    with pytest.raises(DataError, match="Do they come from the same cases"):
        attack(told, levels=(2,))
