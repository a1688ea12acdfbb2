import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.cells import Cells
from iagkit.measures.counting import count
from iagkit.measures.detectable import cases_needed, detectable_gap
from iagkit.measures.intervals import share_evidence, wilson
from iagkit.measures.overlap import (
    binomial_below,
    overlap_critical,
    overlap_of_errors,
    overlap_of_many,
    overlap_of_related,
)
from iagkit.measures.pairs import differences, dunnett, equality, fisher, holm, pairwise
from iagkit.measures.shares import guarded_limits, independent, shares, wilson_limits
from iagkit.measures.simultaneous import gap, gap_of_estimates, ratio
from iagkit.measures.strata import stratified_gap


def counted(hits, n):
    return independent(np.asarray(hits, dtype=float), np.asarray(n, dtype=float))


def names(k):
    return [f"g{i}" for i in range(k)]


def share_of(table, column="hit", groups=("g",), **more):
    cells = count(table, groups=list(groups), prediction=column, **more)
    yes = cells.prediction == cells.labels.index("1")
    by = cells.by(list(groups))
    return shares(cells, by, yes, np.ones(len(cells), dtype=bool)), by


# Shares


def test_shares_of_counted_rows_are_their_counts():
    found, by = share_of(pd.DataFrame({"g": list("aaabb"), "hit": [1, 0, 0, 1, 1]}))
    assert by.names == (("a",), ("b",))
    assert found.value.tolist() == pytest.approx([1 / 3, 1])
    assert found.n.tolist() == [3, 2]
    assert np.isinf(found.df).all()


def test_a_share_of_nobody_is_unknown_and_not_zero():
    found = counted([0, 1], [0, 2])
    assert np.isnan(found.value[0])
    assert found.known.tolist() == [False, True]
    assert np.isnan(found.intervals(0.95)[0][0])


def test_equal_weights_are_worth_as_many_cases_as_rows():
    rows = pd.DataFrame({"g": list("ab") * 50, "hit": [1, 0, 1, 1, 0] * 20, "w": 2.5})
    plain, _ = share_of(rows)
    found, _ = share_of(rows, weight="w")
    assert found.value == pytest.approx(plain.value)
    assert found.cases == pytest.approx(plain.cases, rel=0.03)
    assert np.isinf(found.df).all()


def test_weights_cost_cases_as_kish_says():
    random = np.random.default_rng(1)
    rows = pd.DataFrame(
        {"g": "a", "hit": random.integers(0, 2, 4000), "w": random.lognormal(0, 0.8, 4000)}
    )
    found, _ = share_of(rows, weight="w")
    w = rows.w.to_numpy()
    assert found.value[0] == pytest.approx(np.average(rows.hit, weights=w))
    assert found.cases[0] == pytest.approx(w.sum() ** 2 / (w**2).sum(), rel=0.1)


def test_clusters_count_for_as_much_as_the_evidence_of_single_shares_says():
    random = np.random.default_rng(2)
    n = 900
    rows = pd.DataFrame({"g": random.choice(list("abc"), n), "who": random.integers(0, 200, n)})
    rows["hit"] = (random.random(n) < random.beta(1, 1, 200)[rows.who]).astype(int)
    found, by = share_of(rows, cluster="who")
    for i, (group,) in enumerate(by.names):
        part = rows[rows.g == group]
        alone = share_evidence(
            part.hit.to_numpy(float), np.unique(part.who, return_inverse=True)[1]
        )
        assert (found.value[i], found.cases[i], found.df[i], found.fewest[i]) == pytest.approx(
            (alone.value, alone.cases, alone.df, alone.fewest)
        )
    assert found.clusters.tolist() == rows.groupby("g").who.nunique().tolist()
    assert found.related.shape == (3, 3)


def test_persons_with_one_row_each_are_independent_rows():
    rows = pd.DataFrame({"g": list("ab") * 40, "hit": [1, 0, 0, 1] * 20, "who": range(80)})
    found, plain = share_of(rows, cluster="who")[0], share_of(rows)[0]
    assert found.cases == pytest.approx(plain.cases)
    assert np.isinf(found.df).all()


def test_weights_and_clusters_together_cost_more_than_either():
    random = np.random.default_rng(3)
    who = random.integers(0, 150, 900)
    rows = pd.DataFrame({"g": "a", "who": who, "w": random.lognormal(0, 0.6, 150)[who]})
    rows["hit"] = (random.random(900) < random.beta(1, 1, 150)[who]).astype(int)
    both, weights, persons = (
        share_of(rows, **asked)[0].cases[0]
        for asked in ({"weight": "w", "cluster": "who"}, {"weight": "w"}, {"cluster": "who"})
    )
    assert both < min(weights, persons)


# Limits of one share


def test_many_wilson_limits_are_the_single_ones():
    value, n = np.array([0, 0.1, 0.5, 1]), np.array([10.0, 20, 30, 40])
    for i, (low, high) in enumerate(zip(*wilson_limits(value, n, 1.96), strict=True)):
        assert (low, high) == pytest.approx(wilson(value[i], n[i], 1.96))


def test_one_hit_in_ten_is_opened_to_the_exact_one_sided_limit():
    low, _ = guarded_limits(np.array([0.1]), np.array([10.0]), 1.959964)
    assert low[0] == pytest.approx(1 - 0.95**0.1, abs=1e-6)


@given(st.integers(1, 300), st.floats(0, 1), st.floats(1, 4))
def test_guarded_limits_are_never_inside_wilsons_and_the_same_for_misses(n, part, z):
    value, cases = np.array([round(part * n) / n]), np.array([float(n)])
    low, high = guarded_limits(value, cases, z)
    plain = wilson_limits(value, cases, z)
    assert 0 <= low <= plain[0] <= value <= plain[1] <= high <= 1
    mirror = guarded_limits(1 - value, cases, z)
    assert (1 - mirror[1], 1 - mirror[0]) == (pytest.approx(low), pytest.approx(high))


def test_every_share_from_five_cases_on_is_held_in_nine_samples_of_ten():
    from scipy.stats import binom

    for n in (5, 6, 7, 8, 10, 15, 25, 60, 200):
        hits = np.arange(n + 1)
        low, high = guarded_limits(hits / n, np.full(n + 1, float(n)), 1.959964)
        p = np.concatenate([np.linspace(0.02, 0.5, 97), low - 1e-9, high + 1e-9])
        p = p[(p >= 0.02) & (p <= 0.5)][:, None]
        held = (binom.pmf(hits, n, p) * ((low <= p) & (p <= high))).sum(axis=1)
        assert held.min() >= 0.9
        assert 0.945 <= held[:97].mean() <= 0.98


# Widths of comparison


@pytest.mark.parametrize("level", [0.9, 0.95, 0.995])
@pytest.mark.parametrize("k", [2, 3, 10, 60])
def test_groups_of_one_size_have_half_of_tukeys_studentised_range(k, level):
    from scipy.stats import studentized_range

    exact = studentized_range.ppf(level, k, np.inf) / 2
    assert overlap_of_many(np.full(k, 500.0), level) == pytest.approx(exact, rel=1e-3)


def test_two_groups_of_any_sizes_need_what_a_normal_difference_needs():
    error = np.array([1.0, 0.2])
    assert overlap_of_errors(error, 0.95) * error.sum() == pytest.approx(
        1.959964 * np.hypot(*error), rel=1e-3
    )


def test_drawn_widths_of_unrelated_groups_are_the_computed_ones():
    error = np.geomspace(1, 0.2, 6)
    drawn = overlap_of_related(error, np.eye(6), 0.95)
    assert drawn == pytest.approx(overlap_of_errors(error, 0.95), rel=0.02)


def test_groups_that_share_clusters_need_less():
    related = np.full((4, 4), 0.5) + 0.5 * np.eye(4)
    error = np.ones(4)
    found = overlap_of_related(error, related, 0.95)
    assert found == pytest.approx(overlap_of_errors(error, 0.95) * 0.5**0.5, rel=0.02)


def test_tails_of_counts_are_those_of_the_binomial():
    from scipy.stats import binom

    for n, worst in ((12.0, 1e-12), (60.0, 1e-3), (900.0, 1e-3)):
        for share in (0.02, 0.2, 0.6):
            hits = np.arange(-1, n + 1)[:, None]
            found = binomial_below(hits, np.array([n]), share)[:, 0]
            assert np.abs(found - binom.cdf(hits[:, 0], n, share)).max() <= worst


def test_a_rare_outcome_is_drawn_narrower_for_equality_and_never_for_distance():
    rare, common = counted([0] * 6, [40] * 6), counted([20] * 6, [40] * 6)
    assert overlap_critical(rare.cases, 0.01, 0.95) < overlap_of_many(rare.cases, 0.95)
    assert gap(rare, names(6)).estimate.high > 0.05
    assert gap(common, names(6)).estimate.low == 0


# Gaps and ratios


def test_two_groups_by_hand_are_newcombes_interval():
    found = gap(counted([56, 48], [70, 80]), ["a", "b"])
    assert (found.estimate.low, found.estimate.high) == pytest.approx((0.0524, 0.3339), abs=5e-5)
    assert (found.lowest, found.highest) == ("b", "a")


def test_a_ratio_holds_one_exactly_when_the_gap_holds_zero():
    random, seen = np.random.default_rng(4), set()
    for _ in range(300):
        k = random.integers(2, 6)
        n = random.integers(30, 200, k)
        found = counted(random.binomial(n, random.uniform(0.1, 0.4, k)), n)
        apart, quotient = gap(found, names(k)).estimate, ratio(found, names(k)).estimate
        assert (apart.low == 0) == (quotient.high == 1)
        assert 0 <= quotient.low <= quotient.value <= quotient.high <= 1
        seen.add(apart.low == 0)
    assert seen == {True, False}


def test_a_group_without_any_hit_has_a_ratio_of_zero_with_an_upper_limit():
    found = ratio(counted([0, 30, 40], [50, 60, 80]), names(3)).estimate
    assert (found.value, found.low, found.unit) == (0, 0, "ratio")
    assert 0 < found.high < 0.3


def test_nothing_in_any_group_has_a_gap_but_no_ratio():
    none = counted([0, 0, 0], [50, 60, 80])
    assert gap(none, names(3)).estimate.value == 0
    assert "0 to 0 is undefined" in str(ratio(none, names(3)).because)


def test_small_groups_are_left_out_and_one_large_group_has_no_gap():
    found = gap(counted([5, 40, 2], [100, 100, 4]), names(3))
    assert found.left_out == {"g2": 4}
    assert gap(counted([5, 2], [100, 4]), names(2)).estimate is None
    assert "1 of 2 have them" in str(ratio(counted([5, 2], [100, 4]), names(2)).because)


@settings(max_examples=30)
@given(st.lists(st.tuples(st.integers(5, 200), st.floats(0, 1)), min_size=2, max_size=9))
def test_misses_have_the_same_gap_and_order_does_not_matter(groups):
    n = np.array([size for size, _ in groups])
    hits = np.array([round(size * part) for size, part in groups])
    found = gap(counted(hits, n), names(len(n)), min_group=1).estimate
    mirror = gap(counted(n - hits, n), names(len(n)), min_group=1).estimate
    turned = gap(counted(hits[::-1], n[::-1]), names(len(n)), min_group=1).estimate
    assert 0 <= found.low <= found.value <= found.high <= 1 + 1e-9
    assert (mirror.low, mirror.high) == pytest.approx((found.low, found.high), abs=2e-3)
    assert (turned.low, turned.high) == pytest.approx((found.low, found.high), abs=1e-9)


def test_numbers_with_errors_are_compared_as_welch_does_and_unknown_ones_left_out():
    found = gap_of_estimates(
        [1.0, 2.0, np.nan], [0.1, 0.2, 0.1], [20, 30, 10], names(3), n=[21, 31, 11], unit="days"
    )
    from scipy.stats import t

    df = (0.01 + 0.04) ** 2 / (0.01**2 / 20 + 0.04**2 / 30)
    half = t.ppf(0.975, df) * 0.05**0.5
    assert (found.estimate.low, found.estimate.high) == pytest.approx((1 - half, 1 + half))
    assert (found.estimate.unit, found.estimate.n, found.left_out) == ("days", 52, {"g2": 11})


def test_numbers_that_do_not_vary_are_as_far_apart_as_they_are():
    found = gap_of_estimates([1.0, 2.0, 4.0], [0, 0, 0], [5, 5, 5], names(3), n=[6, 6, 6])
    assert (found.estimate.low, found.estimate.high) == pytest.approx((3, 3))


# Differences and pairs


def test_dunnetts_critical_values_are_those_of_the_table():
    # Dunnett (1964), two-sided, infinite degrees of freedom
    assert dunnett(np.ones(1), 1.0, 0.95) == pytest.approx(1.96, abs=0.005)
    assert dunnett(np.ones(4), 1.0, 0.95) == pytest.approx(2.44, abs=0.005)
    assert dunnett(np.ones(2), 1.0, 0.95) == pytest.approx(2.21, abs=0.005)


def test_each_group_less_the_reference_or_everybody_else():
    found = counted([56, 48, 20], [70, 80, 100])
    told = differences(found, names(3), reference="g0")
    assert [(d.group, d.against) for d in told] == [("g1", "g0"), ("g2", "g0")]
    assert told[1].estimate.value == pytest.approx(-0.6)
    assert told[1].estimate.high < 0
    rest = differences(found, names(3))
    assert [d.against for d in rest] == ["*"] * 3
    assert rest[0].estimate.value == pytest.approx(0.8 - 68 / 180)


def test_two_groups_differ_from_everybody_else_as_from_each_other():
    found = counted([56, 48], [70, 80])
    first, second = (d.estimate for d in differences(found, names(2)))
    assert first.low == pytest.approx(0.0524, abs=5e-5)
    assert 0.3339 <= first.high <= 0.34
    assert (second.low, second.high) == pytest.approx((-first.high, -first.low))


def test_a_reference_that_is_no_group_is_refused_and_a_tiny_group_says_why():
    with pytest.raises(DataError, match="as reference"):
        differences(counted([5, 9], [10, 10]), ["a", "b"], reference="c")
    told = differences(counted([5, 9, 1], [40, 40, 2]), names(3), reference="g0")
    assert told[1].estimate is None
    assert "too few cases" in str(told[1].because)


def test_weighted_groups_are_compared_with_the_weighted_rest():
    random = np.random.default_rng(5)
    rows = pd.DataFrame({"g": random.choice(list("abc"), 900), "w": random.uniform(0.5, 3, 900)})
    rows["hit"] = random.integers(0, 2, 900)
    found, by = share_of(rows, weight="w")
    told = differences(found, [n for (n,) in by.names])[0].estimate
    own, others = rows[rows.g == "a"], rows[rows.g != "a"]
    expected = np.average(own.hit, weights=own.w) - np.average(others.hit, weights=others.w)
    assert told.value == pytest.approx(expected)


def test_pairs_are_adjusted_after_holm_and_exact_where_counts_are_small():
    from scipy.stats import fisher_exact

    told = pairwise(counted([3, 12, 60], [20, 20, 80]), names(3), min_group=1)
    small = next(d for d in told if (d.group, d.against) == ("g0", "g1"))
    assert small.p == pytest.approx(fisher_exact([[3, 17], [12, 8]]).pvalue)
    assert [d.p_adjusted for d in told] == pytest.approx(holm([d.p for d in told]).tolist())
    assert pairwise(counted([3], [20]), names(1), min_group=1) == ()


@given(st.integers(1, 30), st.integers(1, 30), st.floats(0, 1), st.floats(0, 1))
def test_our_fisher_is_scipys(n, m, a, b):
    from scipy.stats import fisher_exact

    x, y = round(a * n), round(b * m)
    assert fisher(x, n, y, m) == pytest.approx(fisher_exact([[x, n - x], [y, m - y]]).pvalue)


def test_equality_of_many_small_groups_is_exact_and_of_large_ones_asymptotic():
    assert equality(counted([3, 3, 3], [10, 10, 10])) == 1
    assert equality(counted([0, 0], [10, 10])) == 1
    # Freeman-Halton of 5/5, 0/5, 0/5 by hand: 3 of the C(15, 5) = 3003 tables are as far
    assert equality(counted([5, 0, 0], [5, 5, 5])) == pytest.approx(3 / 3003, abs=1e-3)
    assert equality(counted([300, 400], [1000, 1000])) == pytest.approx(3e-6, abs=3e-6)


def test_p_values_of_equal_small_groups_are_rarely_small():
    random = np.random.default_rng(6)
    p = [equality(counted(random.binomial(9, 0.2, 5), [9] * 5), seed=i) for i in range(150)]
    assert np.mean(np.array(p) <= 0.05) <= 0.09


# What the data could have shown


def test_the_smallest_gap_shrinks_with_the_root_of_the_cases():
    few, many = (detectable_gap(counted([0.3 * n] * 4, [n] * 4)).value for n in (400, 1600))
    assert few == pytest.approx(2 * many, rel=0.08)
    assert detectable_gap(counted([120] * 4, [400] * 4), level=0.99).value > few


def test_tiny_groups_say_that_no_gap_could_have_been_shown():
    assert "even the largest possible" in str(detectable_gap(counted([2, 2], [5, 5]), min_group=1))
    assert "1 of 2 have them" in str(detectable_gap(counted([20, 2], [50, 5])))


def test_the_smallest_gap_is_found_in_four_samples_of_five():
    random, n = np.random.default_rng(7), np.array([100, 200, 400, 800, 1600])
    share = np.full(5, 0.2)
    share[0] += detectable_gap(counted(0.2 * n, n)).value
    seen = [
        gap(counted(random.binomial(n, share), n), names(5)).estimate.low > 0 for _ in range(400)
    ]
    assert 0.74 <= np.mean(seen) <= 0.87


def test_cases_needed_grow_as_the_limit_comes_nearer():
    found = Estimate(value=0.08, n=1000, low=0.04, high=0.12, level=0.95)
    assert cases_needed(found, 0.1) == 3000
    assert cases_needed(found, 0.09) == 15000
    assert cases_needed(found, 0.13) == cases_needed(found, 0.03) == 0
    assert cases_needed(Estimate(value=0.08, n=1000), 0.1) is None


def test_no_number_of_cases_is_named_where_the_number_lies_at_the_limit():
    found = Estimate(value=0.08, n=1000, low=0.04, high=0.12, level=0.95)
    told = cases_needed(found, 0.0815)
    assert isinstance(told, int)
    assert told < 1000 * found.n
    for limit in (0.08, 0.0811, 0.0789):
        assert "no practicable number" in str(cases_needed(found, limit))


# Comparable people


def berkeley():
    """Admissions of 1973 by department (Bickel, Hammel & O'Connell 1975)."""
    table = {
        "A": (512, 313, 89, 19), "B": (353, 207, 17, 8), "C": (120, 205, 202, 391),
        "D": (138, 279, 131, 244), "E": (53, 138, 94, 299), "F": (22, 351, 24, 317),
    }  # fmt: skip
    rows = [
        (sex, place, hit, n)
        for place, (men, lost_men, women, lost_women) in table.items()
        for sex, hit, n in (
            ("men", 1, men),
            ("men", 0, lost_men),
            ("women", 1, women),
            ("women", 0, lost_women),
        )
    ]
    flat = pd.DataFrame(rows, columns=["sex", "place", "hit", "n"])
    return flat.loc[flat.index.repeat(flat.n)]


def stratified(table, **more):
    cells = count(table, groups=["sex", "place"], prediction="hit")
    yes = cells.prediction == cells.labels.index("1")
    every = np.ones(len(cells), dtype=bool)
    return stratified_gap(cells, cells.by(["sex"]), cells.by(["place"]), yes, every, **more)


def test_berkeleys_gap_vanishes_and_turns_among_applicants_to_one_department():
    found = stratified(berkeley())
    assert found.raw.estimate.low > 0.1
    assert (found.raw.lowest, found.raw.highest) == ("women", "men")
    assert found.turned
    assert found.gap.estimate.value < 0.05
    assert (found.gap.lowest, found.gap.highest, found.strata) == ("men", "women", 6)


def test_one_stratum_is_the_plain_difference():
    table = berkeley().assign(place="one")
    found = stratified(table)
    assert found.gap.estimate.value == pytest.approx(found.raw.estimate.value)
    assert found.gap.estimate.low == pytest.approx(found.raw.estimate.low, abs=5e-3)
    assert not found.turned


def test_groups_that_never_meet_in_a_stratum_cannot_be_compared():
    table = berkeley()
    table["place"] = table.sex
    found = stratified(table)
    assert found.gap.estimate is None
    assert "same stratum of 'place'" in str(found.gap.because)
    tiny = stratified(table.groupby("sex").head(3))
    assert "0 of 2 have them" in str(tiny.gap.because)


def test_cells_alone_are_enough():
    cells = Cells(columns=("g",), levels=(("a", "b"),), codes=np.array([[0], [0], [1], [1]]),
                  n=np.array([30.0, 70, 60, 40]))  # fmt: skip
    found = shares(cells, cells.by(["g"]), np.array([True, False] * 2), np.ones(4, dtype=bool))
    assert found.value.tolist() == [0.3, 0.6]
