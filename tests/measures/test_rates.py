import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.rates import mean, share

hits = st.lists(st.booleans(), min_size=2, max_size=60)


def test_wilson_of_three_hits_in_four_is_the_textbook_interval():
    found = share([1, 1, 1, 0])
    assert (found.value, found.n, found.clusters) == (0.75, 4, None)
    assert (found.low, found.high) == pytest.approx((0.30064, 0.95441), abs=1e-5)


def test_no_hit_in_ten_ends_at_wilsons_upper_limit_and_starts_at_zero():
    found = share([0] * 10)
    assert found.low == 0.0
    assert found.high == pytest.approx(1.959964**2 / (10 + 1.959964**2), abs=1e-6)


@given(hits)
def test_clusters_of_one_are_as_no_clusters(cases):
    assert share(cases, clusters=range(len(cases))) == share(cases)


@given(hits)
def test_misses_mirror_hits(cases):
    found, mirror = share(cases), share(~np.array(cases))
    assert (1 - mirror.high, 1 - mirror.low) == pytest.approx((found.low, found.high))


@given(hits, st.integers(2, 9))
def test_copying_every_case_adds_no_certainty(cases, copies):
    once = share(cases)
    often = share(np.repeat(cases, copies), clusters=np.repeat(range(len(cases)), copies))
    assert often.value == pytest.approx(once.value)
    assert often.high - often.low >= (once.high - once.low) * 0.98
    assert (often.n, often.clusters) == (len(cases) * copies, len(cases))


@given(hits, st.integers(0, 100))
def test_the_names_of_clusters_do_not_matter(cases, shift):
    codes = np.arange(len(cases)) // 2
    plain, named = (
        share(cases, clusters=codes),
        share(cases, clusters=[f"c{shift - c}" for c in codes]),
    )
    assert (named.low, named.high) == pytest.approx((plain.low, plain.high))
    assert named.clusters == plain.clusters


def test_a_share_of_one_from_few_texts_is_as_wide_as_those_texts_alone():
    clustered = share([1] * 100, clusters=np.arange(100) // 20)
    assert clustered.high == 1.0
    assert clustered.low <= share([1] * 5).low


@pytest.mark.parametrize(
    ("values", "clusters", "told"),
    [
        ([], None, r"at least one number; got shape \(0,\)"),
        ([0.5, 1.5], None, r"from 0 to 1; 1 of 2 are not"),
        ([1, float("nan")], None, r"1 of 2 are not"),
        (["secret name", "x"], None, r"must hold numbers; some are not"),
        ([1, 0], [1], r"cases 2, clusters 1"),
    ],
)
def test_what_is_no_share_is_refused_without_repeating_a_cell(values, clusters, told):
    with pytest.raises(DataError, match=told) as refusal:
        share(values, clusters=clusters)
    assert "secret" not in str(refusal.value)


@pytest.mark.parametrize("level", [0, 1, 95])
def test_a_level_outside_zero_to_one_is_refused(level):
    with pytest.raises(DataError, match=r"such as 0\.95"):
        share([1, 0], level=level)


def test_mean_of_one_two_three_has_students_interval():
    found = mean([1, 2, 3], unit="labels")
    assert (found.low, found.high) == pytest.approx((2 - 4.302653 / 3**0.5, 2 + 4.302653 / 3**0.5))
    assert found.unit == "labels"


def test_the_mean_of_one_case_has_no_interval():
    assert mean([3.5], unit="days").low is None
    assert mean([3.5, 3.5], unit="days", clusters=[0, 0]).low is None


def draw(random, clusters, per, share_of_hits, alike):
    """Hits in clusters whose shares are beta distributed with intra-cluster correlation."""
    rate = (1 - alike) / alike
    own = random.beta(share_of_hits * rate, (1 - share_of_hits) * rate, clusters)
    codes = np.repeat(np.arange(clusters), per)
    return random.random(len(codes)) < own[codes], codes


@pytest.mark.parametrize("p", [0.05, 0.3, 0.9])
def test_the_interval_of_clustered_cases_holds_the_truth_where_the_plain_one_does_not(p):
    random, runs, held, plain = np.random.default_rng(1), 400, 0, 0
    for _ in range(runs):
        cases, codes = draw(random, 30, 12, p, 0.4)
        found, naive = share(cases, clusters=codes), share(cases)
        held += found.low <= p <= found.high
        plain += naive.low <= p <= naive.high
    assert 0.93 <= held / runs <= 0.995
    assert plain / runs < 0.85


@pytest.mark.parametrize("n", [5, 10, 50])
@pytest.mark.parametrize("p", [0.02, 0.05, 0.2, 0.5])
def test_the_plain_interval_holds_the_truth_in_nine_of_ten_samples_or_more(n, p):
    from scipy.stats import binom

    found = [share(np.arange(n) < hits) for hits in range(n + 1)]
    held = sum(binom.pmf(k, n, p) for k, one in enumerate(found) if one.low <= p <= one.high)
    assert held >= 0.90
