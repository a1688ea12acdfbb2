"""Nothing withheld comes back: every promise of protection is put to the attack."""

from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from iagkit.core.errors import DataError
from iagkit.measures.disclosure import protect
from iagkit.measures.disclosure_attack import attack

METHODS = ("programs", "steps", "columns")
K = 5


def subsets_of(columns, depth=None):
    sizes = range((columns if depth is None else depth) + 1)
    return [subset for size in sizes for subset in combinations(range(columns), size)]


def tables_of(counts, subsets, told):
    """What a reader holds: every table with its sizes, nan where ``told`` says no."""
    tables = {}
    for subset in {*subsets, ()}:
        away = tuple(i for i in range(counts.ndim - 1) if i not in subset)
        table = counts.sum(axis=away)
        table = np.concatenate([table, table.sum(axis=-1, keepdims=True)], axis=-1)
        tables[subset] = np.where(told(subset, table), table.astype(float), np.nan)
    return tables


def attacked(counts, kept, subsets=None, *, whole=False):
    subsets = subsets_of(counts.ndim - 1) if subsets is None else subsets
    tables = tables_of(counts, subsets, lambda subset, _: kept.told(subset))
    return attack(tables, levels=counts.shape[:-1], whole=whole)


def attacked_with_small_ones_left_out_only(counts, subsets=None):
    subsets = subsets_of(counts.ndim - 1) if subsets is None else subsets
    tables = tables_of(counts, subsets, lambda _, table: (table == 0) | (table >= K))
    return attack(tables, levels=counts.shape[:-1])


def small_highs(counts, found):
    """What a reader takes to be the most, where there are truly 1 to 4 people."""
    everything = tables_of(counts, {s for s, _ in found.where}, lambda _, t: np.ones(t.shape, bool))
    truth = np.array([everything[s][place] for s, place in found.where])
    inside = (found.low <= truth) & (truth <= found.high)
    return found.high[(truth > 0) & (truth < K)], inside.all()


@st.composite
def small_tables(draw):
    columns = draw(st.integers(1, 3))
    most = {1: 4, 2: 3, 3: 2}[columns]
    levels = draw(st.lists(st.integers(1, most), min_size=columns, max_size=columns))
    shape = (*levels, draw(st.integers(1, 4 if columns == 1 else 2)))
    counts = st.one_of(st.just(0), st.integers(0, 4), st.integers(0, 30))
    return draw(arrays(np.int64, shape, elements=counts))


# By hand


def test_three_people_cannot_be_had_from_the_total():
    kept = protect([[3], [40], [60]])
    assert kept.told((0,)).tolist() == [[False, False], [False, False], [True, True]]
    assert kept.told().tolist() == [True, True]
    assert (kept.n_primary, kept.n_complementary, kept.n_cells) == (2, 2, 8)
    assert kept.method == "programs"


def test_three_and_one_are_not_hidden_by_each_other():
    # Their sum, 4, would follow from the total and tell that both are small.
    kept = protect([[3], [1], [40], [60]])
    assert kept.told((0,))[:, 0].tolist() == [False, False, False, True]


def test_a_table_without_small_counts_is_told_whole_and_zero_is_not_small():
    kept = protect([[[9, 0], [5, 7]], [[0, 0], [80, 5]]])
    assert kept.method == "nothing small"
    assert all(kept.told(subset).all() for subset in subsets_of(2))
    assert (kept.n_primary, kept.n_complementary) == (0, 0)
    assert kept.n_cells == 3 * 3 * 3


def test_a_group_with_nobody_in_it_is_told_and_hides_nothing():
    kept = protect([[3], [0], [40], [60]])
    assert kept.told((0,))[:, 0].tolist() == [False, True, False, True]


def test_of_four_people_nothing_is_told_but_who_is_not_there():
    kept = protect([[3, 0], [1, 0]])
    assert not kept.told()[[0, 2]].any()
    assert not kept.told((0,))[:, [0, 2]].any()


def test_a_rate_is_allowed_when_every_count_it_reveals_is():
    kept = protect([[50, 10], [3, 40], [6, 30]])
    assert kept.told((0,))[1].tolist() == [False, False, True]
    assert kept.allows((0,), (1,), size=True)
    assert not kept.allows((0,), (1,), cells=(1,), size=True)
    assert not kept.allows((0,), (1,), cells=(0, 1))
    assert kept.allows((), (), cells=(0, 1), size=True)


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


@pytest.mark.parametrize("method", METHODS)
@settings(max_examples=20)
@given(counts=small_tables())
def test_whole_numbers_recover_nothing_from_any_table(method, counts):
    kept = protect(counts, method=method)
    found = attacked(counts, kept, whole=True)
    highs, inside = small_highs(counts, found)
    assert inside
    assert (highs >= K).all()
    assert found.known_small(K) == 0
    if method != "columns":
        assert found.recovered == 0


@settings(max_examples=20)
@given(counts=small_tables(), data=st.data())
def test_tables_that_are_not_published_are_protected_too(counts, data):
    columns = counts.ndim - 1
    subsets = data.draw(st.lists(st.sampled_from(subsets_of(columns)), unique=True))
    method = data.draw(st.sampled_from(METHODS))
    kept = protect(counts, subsets=subsets, method=method)
    told = {s: kept.told(s) for s in {*subsets, ()}}
    tables = tables_of(
        counts, subsets_of(columns), lambda s, t: told.get(s, np.zeros(t.shape, bool))
    )
    found = attack(tables, levels=counts.shape[:-1], whole=True)
    assert found.known_small(K) == 0
    truth = np.array([everything(counts)[s][place] for s, place in found.where])
    asked = np.array([subset in told for subset, _ in found.where], dtype=bool)
    small = (truth > 0) & (truth < K)
    assert (found.high[small & asked] >= K).all()
    assert ((found.low == 0) | (found.high >= K))[small].all()


@given(counts=small_tables())
def test_counts_withheld_are_small_or_hide_small_ones_and_add_up(counts):
    kept = protect(counts)
    small = sum(int(((t > 0) & (t < K)).sum()) for t in everything(counts).values())
    withheld = sum(int((~kept.told(subset)).sum()) for subset in subsets_of(counts.ndim - 1))
    assert kept.n_primary == small
    assert withheld == kept.n_primary + kept.n_complementary
    assert kept.n_cells == sum(t.size for t in everything(counts).values())
    assert small or not withheld


@given(counts=small_tables())
def test_the_same_table_loses_the_same_counts(counts):
    first, again = protect(counts), protect(counts)
    assert (first.complementary == again.complementary).all()


@settings(max_examples=15)
@given(counts=small_tables(), k=st.integers(2, 12))
def test_whatever_k_is_small_counts_reach_it(counts, k):
    kept = protect(counts, k=k)
    found = attacked(counts, kept)
    truth = np.array([everything(counts)[s][place] for s, place in found.where])
    assert (found.high[(truth > 0) & (truth < k)] >= k).all()


@pytest.mark.parametrize("method", METHODS)
def test_a_sparse_survey_of_four_outcomes_recovers_nothing(method):
    draw = np.random.default_rng(1)
    counts = draw.poisson(draw.gamma(0.4, 15, (4, 3, 4)))
    assert attacked_with_small_ones_left_out_only(counts).recovered > 5
    found = attacked(counts, protect(counts, method=method))
    assert found.known_small(K) == 0
    assert (small_highs(counts, found)[0] >= K).all()


def everything(counts):
    subsets = subsets_of(counts.ndim - 1)
    return tables_of(counts, subsets, lambda _, table: np.ones(table.shape, bool))


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
    kept = protect(adult)
    assert (kept.n_primary, kept.n_cells, kept.method) == (80, 630, "programs")
    assert kept.n_primary + kept.n_complementary < 0.36 * kept.n_cells
    found = attacked(adult, kept)
    assert len(found.low) == kept.n_primary + kept.n_complementary
    assert (found.recovered, found.known_small(K)) == (0, 0)
    assert (small_highs(adult, found)[0] >= K).all()
    assert kept.told((0,)).all()
    assert kept.told((1,)).all()
    assert kept.told((2,)).all()


@pytest.mark.data
def test_adult_with_the_small_counts_left_out_only_gives_every_one_of_them_away(adult):
    found = attacked_with_small_ones_left_out_only(adult)
    assert (len(found.low), found.recovered) == (80, 80)


@pytest.mark.data
def test_adult_by_pairs_recovers_nothing(adult):
    pairs = subsets_of(3, depth=2)
    assert attacked_with_small_ones_left_out_only(adult, pairs).recovered > 10
    kept = protect(adult, subsets=pairs, method="steps")
    assert (kept.n_primary, kept.n_cells) == (21, 330)
    found = attacked(adult, kept, pairs)
    assert (found.recovered, found.known_small(K)) == (0, 0)


@pytest.mark.data
def test_linear_programs_withhold_less_of_adult_than_steps(adult):
    programs, steps = (protect(adult, method=method) for method in ("programs", "steps"))
    assert programs.n_complementary < 0.8 * steps.n_complementary


def test_a_table_too_large_for_programs_is_told_by_steps_and_a_huge_one_by_columns():
    draw = np.random.default_rng(3)
    large = draw.poisson(draw.gamma(0.5, 30, (6, 2, 6, 5, 4)))
    kept = protect(large)
    assert kept.method == "steps"
    assert kept.n_primary + kept.n_complementary < kept.n_cells
    huge = draw.poisson(0.4, (6, 2, 12, 5, 9, 4))
    kept = protect(huge, subsets=subsets_of(5, depth=2))
    assert kept.method == "columns"
    assert kept.told((2,)).any()
    assert not kept.told((0, 1)).any()


# Refusals


def test_subsets_that_are_not_published_are_not_told():
    kept = protect([[[9, 9], [9, 9]], [[9, 9], [9, 9]]], subsets=[(0,), (1,)])
    assert kept.told((0,)).all()
    assert not kept.told((0, 1)).any()
    assert protect(np.full((2, 2, 1), 9), subsets=[(1,)]).told((1,)).all()
    with pytest.raises(DataError, match=r"columns \(0,\) are not published"):
        protect(np.full((2, 2, 1), 9), subsets=[(1,)]).told((0,))


@pytest.mark.parametrize(
    ("counts", "settings", "told"),
    [
        ([[1.5]], {}, "1 of 1 are not"),
        ([[-1, 2]], {}, "1 of 2 are not"),
        ([[np.nan, 2]], {}, "count people"),
        ([["a"]], {}, "a table of whole numbers"),
        (np.zeros((0, 2)), {}, "a table of whole numbers"),
        ([[9]], {"k": 1}, "'k' must be 2 or more"),
        ([[9]], {"subsets": [(1,)]}, "columns 0 to 0, ascending"),
        ([[[9]]], {"subsets": [(1, 0)]}, r"got \(1, 0\)"),
    ],
)
def test_what_cannot_be_protected_is_refused_with_the_reason(counts, settings, told):
    with pytest.raises(DataError, match=told):
        protect(counts, **settings)


@pytest.mark.parametrize("group", [(3,), (-1,), (0, 0), ()])
def test_a_group_that_does_not_exist_is_refused(group):
    with pytest.raises(DataError, match="a group within levels"):
        protect([[50, 10], [30, 40]]).allows((0,), group)


def test_tables_that_contradict_each_other_are_not_attacked():
    told = {(): np.array([5.0, 5.0]), (0,): np.array([[np.nan, np.nan], [10.0, 10.0]])}
    with pytest.raises(DataError, match="Do they come from the same cases"):
        attack(told, levels=(2,))
