"""The simulations of benchmarks/validate_statistics.py, small: a broken correction shows here."""

import numpy as np
import pytest

from iagkit.measures.binary import rates_of
from iagkit.measures.cells import Cells
from iagkit.measures.pairs import differences, pairwise
from iagkit.measures.shares import clustered_shares, independent, shares
from iagkit.measures.simultaneous import gap, gap_of_estimates, ratio

NAMES = [str(i) for i in range(100)]


def counted(random, n, p):
    return independent(random.binomial(n, p).astype(float), np.asarray(n, dtype=float))


def quiet(found, level=0.95):
    return gap(found, NAMES[: len(found.n)], level=level, min_group=1).estimate.low == 0


@pytest.mark.parametrize(
    ("k", "ends", "p"),
    [(2, (200, 200), 0.3), (3, (30, 30), 0.5), (5, (30, 3000), 0.1), (10, (30, 300), 0.1),
     (30, (200, 200), 0.3), (100, (30, 30), 0.5)],
)  # fmt: skip
def test_equal_groups_are_accused_in_one_sample_of_twenty(k, ends, p):
    random, n = np.random.default_rng(k), np.geomspace(*ends, k).round().astype(int)
    held = np.mean([quiet(counted(random, n, p)) for _ in range(500)])
    assert 0.92 <= held <= 0.98


@pytest.mark.parametrize(("k", "n", "p"), [(5, 200, 0.02), (30, 30, 0.1), (10, 30, 0.02)])
def test_rare_outcomes_in_equal_groups_are_accused_no_more_often(k, n, p):
    random, sizes = np.random.default_rng(k), np.full(k, n)
    held = np.mean([quiet(counted(random, sizes, p)) for _ in range(600)])
    assert 0.92 <= held <= 1


def test_without_correction_equal_groups_would_be_accused_in_most_samples():
    random, n = np.random.default_rng(1), np.full(10, 200)
    value = random.binomial(n, 0.3, size=(500, 10)) / n
    spread = np.sqrt(2 * 0.3 * 0.7 / 200)
    assert np.mean(np.ptp(value, axis=1) > 1.96 * spread) > 0.5


@pytest.mark.parametrize(
    ("k", "p", "other"), [(2, 0.3, 0.5), (3, 0.1, 0.25), (10, 0.02, 0.1), (10, 0.3, 0.1)]
)
def test_a_gap_and_a_ratio_that_are_there_are_held(k, p, other):
    random, n = np.random.default_rng(k), np.geomspace(100, 1000, k).round().astype(int)
    true = np.full(k, p)
    true[0] = other
    gaps, ratios = 0, 0
    for _ in range(250):
        found = counted(random, n, true)
        apart, quotient = (f(found, NAMES[:k]).estimate for f in (gap, ratio))
        gaps += apart.low <= abs(p - other) <= apart.high
        ratios += quotient.low <= min(p, other) / max(p, other) <= quotient.high
    assert gaps / 250 >= 0.91
    assert ratios / 250 >= 0.91


@pytest.mark.parametrize("over", [False, True])
def test_persons_with_many_rows_are_no_evidence_against_equal_groups(over):
    random, held = np.random.default_rng(2), []
    place = np.repeat(np.arange(4), 200)
    for _ in range(120):
        where = random.permutation(place) if over else place
        who = np.repeat(np.arange(800), np.minimum(random.zipf(2.2, 800), 20))[:800]
        hit = (random.random(800) < random.beta(0.5, 0.5, 800)[who]).astype(float)
        n = np.full(4, 200.0)
        found = clustered_shares(place=where, cluster=who, hits=hit, mass=np.ones(800), n=n)
        held.append(quiet(found))
    assert np.mean(held) >= 0.9


def heavy_hits(random, n, p, times):
    """Shares of rows with log-normal weights, those of hits so many times larger."""
    place = np.repeat(np.arange(len(n)), n)
    hit = random.random(len(place)) < p / (p + (1 - p) * times)
    weight = np.exp(random.normal(0, 0.7, len(place))) * np.where(hit, times, 1.0)
    key, size = place * 2 + hit, 2 * len(n)
    cells = Cells(
        columns=("g",), levels=(tuple(NAMES[: len(n)]),), codes=(np.arange(size) // 2)[:, None],
        n=np.bincount(key, minlength=size).astype(float),
        weight=np.bincount(key, weights=weight, minlength=size),
        weight_squared=np.bincount(key, weights=weight**2, minlength=size),
    )  # fmt: skip
    return shares(cells, cells.by(["g"]), np.arange(size) % 2 == 1, np.ones(size, dtype=bool))


@pytest.mark.parametrize("times", [2.0, 0.5])
def test_weights_that_depend_on_the_outcome_do_not_accuse_equal_groups(times):
    random, n = np.random.default_rng(2), np.array([100, 1000])
    held = np.mean([quiet(heavy_hits(random, n, 0.05, times)) for _ in range(400)])
    assert held >= 0.93  # .88 if hits of the whole table are not looked at


def test_equal_means_are_accused_in_one_sample_of_twenty():
    random, n = np.random.default_rng(3), np.array([20, 60, 200, 600, 25, 40])
    held = 0
    for _ in range(500):
        value = random.normal(0, 1 / np.sqrt(n))
        error = np.sqrt(random.chisquare(n - 1) / (n - 1) / n)
        held += gap_of_estimates(value, error, n - 1, NAMES[:6], n=n).estimate.low == 0
    assert 0.92 <= held / 500 <= 0.98


def people(random, n, errors=(0.15,) * 5):
    """Sex 2 × race 5 × region 10; races may differ in how often they are wrongly selected."""
    share = np.einsum("i,j,k->ijk", [0.5, 0.5], [0.55, 0.2, 0.12, 0.08, 0.05], [0.1] * 10)
    told = np.zeros((2, 5, 10, 2, 2))
    told[..., 1, :] = 0.3 * np.array([0.3, 0.7])
    told[..., 0, 1] = 0.7 * np.array(errors)[None, :, None]
    told[..., 0, 0] = 0.7 - told[..., 0, 1]
    counts = random.multinomial(n, (share[..., None, None] * told).ravel())
    at = np.flatnonzero(counts)
    *codes, truth, prediction = np.unravel_index(at, told.shape)
    return Cells(
        columns=("sex", "race", "region"), labels=("0", "1"), truth=truth, prediction=prediction,
        levels=tuple(tuple(NAMES[:k]) for k in (2, 5, 10)), codes=np.stack(codes, axis=1),
        n=counts[at].astype(float),
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("n", [500, 2000])
def test_fair_data_of_seventeen_groups_are_called_unfair_in_one_audit_of_twenty(n):
    random, wrong, level = np.random.default_rng(n), np.zeros(3), 1 - 0.05 / 9
    metrics = ("selection_rate", "true_positive_rate", "false_positive_rate")
    for _ in range(200):
        cells, seen = people(random, n), np.zeros(3, dtype=bool)
        for column in cells.columns:
            groups = cells.by([column])
            for found in rates_of(metrics, cells, groups, positive="1").values():
                names = NAMES[: groups.of]
                rest = [d.estimate for d in differences(found, names, level=level)]
                seen |= (
                    not quiet(found, level),
                    any(e is not None and (e.low > 0 or e.high < 0) for e in rest),
                    any(p.p_adjusted < 1 - level for p in pairwise(found, names)),
                )
        wrong += seen
    assert (wrong / 200 <= 0.09).all()


def test_a_small_group_that_is_wronged_twice_as_often_is_found():
    random, seen = np.random.default_rng(4), 0
    for _ in range(100):
        cells = people(random, 5000, (0.1, 0.1, 0.1, 0.2, 0.1))
        rates = rates_of(("false_positive_rate",), cells, cells.by(["race"]), positive="1")
        found = gap(rates["false_positive_rate"], list("abcde"), level=1 - 0.05 / 9)
        seen += found.highest == "d" and found.estimate.low > 0
    assert seen >= 85
