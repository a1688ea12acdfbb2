import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures import ranking
from iagkit.measures.counting import count
from iagkit.measures.ranking import exposure, recall_at_capacity, select, selection_rate
from iagkit.measures.representation import representation


def people(n=1000, seed=0, step=0.01):
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("abc"), n, p=[0.5, 0.3, 0.2])})
    score = random.beta(2, 3, n) + 0.1 * (table["g"] == "a")
    table["s"] = np.clip(np.round(score / step) * step, 0, 1)
    table["y"] = (random.random(n) < table["s"]).astype(int)
    table["w"], table["c"] = random.random(n), random.integers(0, n // 3, n)
    return table


def counted(table, **columns):
    cells = count(table, groups=["g"], truth="y", score="s", **columns)
    return cells, cells.by(["g"])


def test_three_of_five_are_selected_and_two_share_the_last_place():
    table = pd.DataFrame({"g": list("abbaa"), "y": [1, 1, 0, 0, 1], "s": [0.9, 0.8, 0.5, 0.5, 0.1]})
    cells, groups = counted(table)
    chosen = select(cells, capacity=3)
    assert (chosen.capacity, chosen.threshold, chosen.drawn) == (3, 0.5, 0.5)
    rates = selection_rate(cells, groups, chosen)
    assert rates.value.tolist() == pytest.approx([1.5 / 3, 1.5 / 2])
    # whoever loses the lot, one person of each group more or less
    assert rates.bound.tolist() == pytest.approx([0.5 / 3, 0.5 / 2])
    recall = recall_at_capacity(cells, groups, chosen, positive=1)
    assert recall.value.tolist() == [0.5, 1]
    assert recall.bound.tolist() == [0, 0]
    precision = ranking.precision_at_capacity(cells, groups, chosen, positive=1)
    assert precision.value.tolist() == pytest.approx([1 / 1.5, 1 / 1.5])


def test_exposure_of_four_rows_by_hand():
    table = pd.DataFrame({"g": list("abab"), "y": 1, "s": [0.9, 0.5, 0.5, 0.1]})
    cells, groups = counted(table)
    places = 1 / np.log2([2, 3, 4, 5])
    tied = places[1:3].mean()
    found = exposure(cells, groups)
    assert found.value.tolist() == pytest.approx([(places[0] + tied) / 2, (tied + places[3]) / 2])
    assert found.bound.tolist() == pytest.approx([(places[1] - tied) / 2] * 2)
    shown = exposure(cells, groups, places=1)
    assert shown.value.tolist() == pytest.approx([0.5, 0])


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.floats(0.01, 1))
def test_groups_together_fill_the_capacity(seed, share):
    cells, groups = counted(people(n=60, seed=seed, step=0.1))
    chosen = select(cells, share=share)
    rates = selection_rate(cells, groups, chosen)
    assert (rates.value * rates.n).sum() == pytest.approx(60 * share)
    assert (chosen.chance * cells.n).sum() == pytest.approx(chosen.capacity)


@settings(max_examples=15)
@given(st.integers(0, 10_000), st.integers(1, 60))
def test_every_order_of_ties_stays_within_the_bounds(seed, capacity):
    table = people(n=60, seed=seed, step=0.2)
    cells, groups = counted(table)
    rates = selection_rate(cells, groups, select(cells, capacity=capacity))
    seen = exposure(cells, groups)
    random = np.random.default_rng(seed)
    for _ in range(5):
        order = table.assign(lot=random.random(60)).sort_values(["s", "lot"], ascending=False)
        first = np.arange(60) < capacity
        shown = 1 / np.log2(np.arange(60) + 2)
        for found, values in ((rates, first), (seen, shown)):
            means = pd.Series(values, index=order["g"].to_numpy()).groupby(level=0).mean()
            for group, (name,) in enumerate(groups.names):
                assert abs(found.value[group] - means[name]) <= found.bound[group] + 1e-9


def test_the_mean_over_many_lots_is_the_value():
    table = people(n=200, step=0.1)
    cells, groups = counted(table)
    found, random, sums = exposure(cells, groups), np.random.default_rng(0), np.zeros(3)
    for _ in range(300):
        order = table.assign(lot=random.random(200)).sort_values(["s", "lot"], ascending=False)
        shown = pd.Series(1 / np.log2(np.arange(200) + 2), index=order["g"].to_numpy())
        sums += shown.groupby(level=0).mean().to_numpy()
    np.testing.assert_allclose(found.value, sums / 300, rtol=0.005)


def test_exposure_of_a_million_places_is_added_up_to_six_digits():
    places = np.array([1, 4096, 4097, 5000, 1_000_000])
    exact = np.cumsum(1 / np.log2(np.arange(1_000_000) + 2.0))[places - 1]
    np.testing.assert_allclose(ranking._exposures(places.astype(float)), exact, rtol=1e-6)


@pytest.mark.parametrize("columns", [{"weight": "w"}, {"cluster": "c"}])
def test_weights_and_clusters_have_their_own_intervals(columns):
    table = people()
    cells, groups = counted(table, **columns)
    chosen = select(cells, share=0.2)
    found = selection_rate(cells, groups, chosen)
    plain = selection_rate(*counted(table), select(counted(table)[0], share=0.2))
    assert (found.high - found.low > 0.95 * (plain.high - plain.low)).all()
    assert (found.low <= found.value).all()
    mass = groups.total(cells.mass)
    assert (found.value * mass).sum() == pytest.approx(0.2 * mass.sum())


def test_rows_without_a_score_cannot_be_selected_and_do_not_count():
    table = people(n=100)
    table.loc[:19, "s"] = np.nan
    cells, groups = counted(table)
    assert select(cells, share=0.5).capacity == 40
    assert selection_rate(cells, groups, select(cells, share=0.5)).n.sum() == 80


def test_representation_against_a_population_by_hand():
    table = pd.DataFrame({"g": list("aaabbc"), "y": 1, "s": [0.9, 0.8, 0.7, 0.6, 0.2, 0.1]})
    cells, groups = counted(table)
    found = representation(
        cells, groups, select(cells, capacity=4), population={"a": 0.5, "b": 0.4, "d": 0.1}
    )
    assert found.share.value[:2].tolist() == [0.75, 0.25]
    assert found.ratio.value[:2].tolist() == pytest.approx([1.5, 0.625])
    # at least 3 of 4 with probability 1/2, and as unusual at the other end
    assert found.p_value[0] == pytest.approx(2 * (4 + 1) / 16)
    assert found.absent == ("d",)
    assert found.left_out == 0
    assert found.share.estimate(2) is None
    assert "does not name this group" in str(found.share.because[2])
    assert found.ratio.estimate(0).unit == "ratio"


def test_the_interval_of_a_representation_holds_1_where_people_are_drawn_by_lot():
    random, held = np.random.default_rng(3), 0
    for _ in range(40):
        table = people(n=400).assign(s=random.random(400))
        cells, groups = counted(table.assign(g=random.choice(list("ab"), 400, p=[0.8, 0.2])))
        chosen = select(cells, share=0.25)
        found = representation(cells, groups, chosen, population={"a": 0.8, "b": 0.2}).ratio
        held += (found.low[1] <= 1) & (found.high[1] >= 1)
    assert held / 40 >= 0.9


def test_what_is_no_capacity_and_no_population_is_refused():
    cells, groups = counted(people(n=50))
    with pytest.raises(DataError, match="above 0 and up to all 50 scored rows; got 60"):
        select(cells, capacity=60)
    with pytest.raises(DataError, match="one of 'share' and 'capacity'; got both or neither"):
        select(cells)
    with pytest.raises(DataError, match="'places' must be at least 1; got 0"):
        exposure(cells, groups, places=0)
    chosen = select(cells, share=0.5)
    with pytest.raises(DataError, match=r"sum to 1; got 2 that sum to 0\.9"):
        representation(cells, groups, chosen, population={"a": 0.5, "b": 0.4})
    with pytest.raises(DataError, match="expected a population of the groups a, b, c; none of the"):
        representation(cells, groups, chosen, population={"A": 0.5, "B": 0.5})
    with pytest.raises(DataError, match="got cells without"):
        select(count(people(n=20), groups=["g"], truth="y"), share=0.5)
