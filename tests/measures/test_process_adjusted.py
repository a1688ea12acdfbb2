"""Gaps among like cases: by hand, by law, on real logs, and how often they accuse."""

from datetime import datetime
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.message import Message
from iagkit.measures.processes.adjusted import adjusted_gap, surprise
from iagkit.measures.processes.durations import (
    durations,
    late_gap,
    late_share,
    median_days,
    turned_round,
    wait_gap,
)
from iagkit.measures.processes.shuffled import Sample, shuffler
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw


def paradox():
    """District a is later in each of two kinds of case and earlier in both together."""
    rows = [("a", "lamp", 100, 20), ("a", "road", 20, 16), ("b", "lamp", 20, 2),
            ("b", "road", 100, 70)]  # fmt: skip
    late = np.concatenate([np.arange(n) < hits for _, _, n, hits in rows])
    return late, *(np.repeat([r[k] for r in rows], [r[2] for r in rows]) for k in (0, 1))


def log_of(**cases):
    """A log whose cases are these; the cut is the eleventh of January."""
    table = pd.DataFrame({"due": pd.NaT, "closed": pd.NaT, **cases})
    for column in ("opened", "closed", "due"):
        table[column] = pd.to_datetime(table[column]).astype("datetime64[us]")
    table.insert(0, "case", [str(k) for k in range(len(table))])
    events = pd.DataFrame(columns=["case", "activity", "start", "end", "resource", "order"])
    groups = tuple(c for c in ("district",) if c in table)
    return EventLog(events=events, cases=table, until=datetime(2024, 1, 11), groups=groups)


def test_where_kinds_of_cases_hide_who_is_late_the_adjusted_gap_shows_it_and_says_so():
    late, where, kind = paradox()
    found = adjusted_gap(late, where, kind, draws=1000)
    assert (found.raw.lowest, found.raw.highest) == ("a", "b")
    assert found.raw.estimate.value == pytest.approx(72 / 120 - 36 / 120)
    # of both kinds the difference is .1, so its weighted mean is
    assert found.adjusted.estimate.value == pytest.approx(0.1)
    assert (found.adjusted.lowest, found.adjusted.highest) == ("b", "a")
    assert found.turned
    assert found.each["a"].value - found.each["b"].value == pytest.approx(0.1)
    assert "among like cases a is above b" in str(surprise(found))
    assert found.compared.value == 1.0


def test_handing_out_anew_is_every_order_within_each_stratum():
    values, place = [1, 0, 1, 0, 0], np.array([0, 0, 1, 0, 1])
    layer = np.array([0, 0, 0, 1, 1])
    exact = []
    for first in permutations(range(3)):
        mixed = [values[i] for i in first] + [0, 0]
        exact.append(sum(mixed[k] for k in range(5) if place[k] == 0))
    for told in (np.array(values, float), np.array(values, float) * 0.5):
        sample = Sample(values=told, place=place, layer=layer, clusters=None)
        drawn = shuffler(sample, np.random.default_rng(0))(4000)
        counts = (drawn[:, 0] + told.max() * (2 * 2 / 3)) / told.max()
        assert set(np.round(counts).astype(int)) == set(exact)
        assert counts.mean() == pytest.approx(np.mean(exact), abs=0.03)
        assert np.allclose(drawn.sum(axis=1), 0)


@settings(max_examples=10)
@given(st.integers(0, 10_000))
def test_shuffles_by_urn_by_order_and_by_limit_vary_alike(seed):
    random = np.random.default_rng(seed)
    sample = Sample(
        values=(random.random(300) < 0.3).astype(float), place=random.integers(0, 3, 300),
        layer=random.integers(0, 5, 300), clusters=None,
    )  # fmt: skip
    scaled = Sample(
        values=sample.values * 0.5, place=sample.place, layer=sample.layer, clusters=None
    )
    urn, order = (shuffler(s, np.random.default_rng(1))(600) for s in (sample, scaled))
    expected = np.sqrt(np.diag(sample.covariance()))
    assert urn.std(axis=0) == pytest.approx(expected, rel=0.25)
    assert 2 * order.std(axis=0) == pytest.approx(expected, rel=0.25)


def test_more_cases_than_are_shuffled_take_the_limit_of_shuffling():
    random = np.random.default_rng(0)
    n = 25_000
    days, where = random.exponential(5, n), random.choice(list("abc"), n)
    kind = random.choice(["lamp", "road"], n)
    found = adjusted_gap(days, where, kind, unit="days", draws=2000)
    fewer = adjusted_gap(days[:19_000], where[:19_000], kind[:19_000], unit="days", draws=1000)
    assert found.chance == pytest.approx(fewer.chance * np.sqrt(19 / 25), rel=0.08)


def test_groups_without_cases_of_one_kind_in_common_cannot_be_compared():
    found = adjusted_gap([0, 1] * 50, ["a"] * 50 + ["b"] * 50, ["x"] * 50 + ["y"] * 50)
    assert "no cases of one kind in common" in str(found.adjusted.because)
    assert found.raw.estimate is not None
    assert found.p is None


def test_small_groups_are_left_out_and_named():
    late, where, kind = paradox()
    with_few = [
        np.append(a, b) for a, b in ((late, [1] * 5), (where, ["c"] * 5), (kind, ["road"] * 5))
    ]
    found = adjusted_gap(*with_few, draws=500)
    assert dict(found.raw.left_out) == {"c": 5}
    assert set(found.each) == {"a", "b"}


def test_cases_of_one_address_are_one_piece_of_evidence():
    random = np.random.default_rng(3)
    address = np.arange(400) // 10
    late = (random.random(40) < 0.4)[address]
    where, kind = np.where(address < 20, "a", "b"), random.choice(["x", "y"], 400)
    alone = adjusted_gap(late, where, kind, draws=1000)
    together = adjusted_gap(late, where, kind, clusters=address, draws=1000)
    assert together.chance > 2 * alone.chance
    wide, narrow = together.adjusted.estimate, alone.adjusted.estimate
    assert wide.high - wide.value > 2 * (narrow.high - narrow.value)


@settings(max_examples=15)
@given(st.integers(0, 1000), st.floats(-50, 50))
def test_days_later_for_all_of_a_kind_leave_the_adjusted_gap_as_it_is(seed, more):
    random = np.random.default_rng(seed)
    days, where = random.exponential(5, 120), np.array(["a", "b", "c"] * 40)
    kind = random.choice(["x", "y"], 120)
    plain = adjusted_gap(days, where, kind, unit="days", draws=100)
    later = adjusted_gap(days + more * (kind == "x"), where, kind, unit="days", draws=100)
    assert later.adjusted.estimate.value == pytest.approx(plain.adjusted.estimate.value)
    assert later.p == pytest.approx(plain.p)


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(DataError, match="from 0 to 1"):
        adjusted_gap([0, 2], ["a", "b"], ["x", "x"])
    with pytest.raises(DataError, match="lengths"):
        adjusted_gap([0, 1], ["a", "b"], ["x"])
    with pytest.raises(DataError, match="'draws' must be 100"):
        adjusted_gap([0, 1], ["a", "b"], ["x", "x"], draws=5)


def test_open_cases_are_late_once_their_deadline_has_passed_and_unknown_before():
    log = log_of(
        opened=["2024-01-01"] * 5,
        closed=["2024-01-03", "2024-01-06", None, None, "2024-01-02"],
        due=["2024-01-05", "2024-01-05", "2024-01-05", "2024-02-01", None],
        district=[1.0, 2.0, None, 1.0, 2.0],
    )
    found = durations(log)
    assert found.days.tolist() == [2, 5, 10, 10, 1]
    assert found.closed.tolist() == [True, True, False, False, True]
    assert found.judged.tolist() == [True, True, True, False, False]
    assert found.late.tolist() == [False, True, True, False, False]
    assert found.groups["district"].tolist() == ["1", "2", "(missing)", "1", "2"]
    rate = late_share(found, np.ones(5, dtype=bool))
    assert (rate.value, rate.n) == (pytest.approx(2 / 3), 3)


def test_a_deadline_before_the_opening_makes_no_case_late_and_is_counted():
    log = log_of(
        opened=["2024-01-02"] * 3, closed=["2024-01-03", "2024-01-06", None],
        due=["2024-01-01", "2024-01-05", "2024-01-01"],
    )  # fmt: skip
    found = durations(log)
    assert found.judged.tolist() == [False, True, False]
    assert (found.with_deadline, found.before_opening) == (3, 2)
    rate = late_share(found, np.ones(3, dtype=bool))
    assert (rate.value, rate.n) == (1.0, 1)


def test_what_was_opened_after_the_cut_has_no_duration():
    found = durations(log_of(opened=["2024-01-01", "2025-01-01"]))
    assert (len(found), found.backwards) == (1, 1)


def test_the_order_of_two_offices_turns_round_when_the_backlog_counts():
    days = np.array([1.0] * 6 + [50.0] * 14 + [8.0] * 20)
    closed = np.array([True] * 6 + [True] * 4 + [False] * 10 + [True] * 20)
    slow, fast = (median_days(days[k], closed[k]) for k in (slice(0, 20), slice(20, 40)))
    assert (slow.closed_only.value, fast.closed_only.value) == (1.0, 8.0)
    assert slow.middles == (50.0, 1.0)
    assert "upper limit" in str(slow.days)
    share, pair = turned_round({"slow": slow, "fast": fast})
    assert (share.value, share.n, pair) == (1.0, 1, ("slow", "fast"))
    assert isinstance(turned_round({"slow": slow})[0], Message)


def test_groups_nobody_of_which_is_closed_are_not_compared_in_days():
    log = log_of(
        opened=["2024-01-01"] * 90,
        closed=["2024-01-03", "2024-01-05"] * 15 + ["2024-01-06"] * 30 + [None] * 30,
        district=["a"] * 30 + ["b"] * 30 + ["c"] * 30,
    )
    found = durations(log)
    gap, horizon = wait_gap(found, found.groups["district"], np.full(90, ""), draws=100)
    assert gap.raw.estimate.value == pytest.approx(2.0)
    assert (gap.raw.lowest, gap.raw.highest, horizon) == ("a", "b", 5.0)
    alone = wait_gap(found, np.where(found.closed, "a", "c"), np.full(90, ""))
    assert "fewer than two have them" in str(alone)
    assert isinstance(late_gap(found, found.groups["district"], np.full(90, "")), Message)


@pytest.mark.data
def test_districts_of_baltimore_as_published_and_of_all_requests(mirror):
    """Published: of requests that took time, of kinds with more than forty of them."""
    raw = read_raw(mirror / "baltimore_311/requests.csv.gz")
    log = event_log(raw, guess(raw), groups=["CouncilDistrict"])
    found = durations(log, also=["SRType"])
    where, kind = found.groups["CouncilDistrict"], found.groups["SRType"]
    waited = found.closed & (found.days > 1 / 1440) & log.cases["due"].notna().to_numpy()
    waited &= where != "(missing)"
    kinds, many = np.unique(kind[waited], return_counts=True)
    kept = waited & np.isin(kind, kinds[many > 40])
    late = (log.cases["closed"] > log.cases["due"]).to_numpy()
    gap = adjusted_gap(late[kept], where[kept], kind[kept])
    assert gap.raw.estimate.value == pytest.approx(0.138, abs=0.001)
    assert gap.adjusted.estimate.value == pytest.approx(0.086, abs=0.001)
    assert gap.chance == pytest.approx(0.087, abs=0.003)
    assert gap.p == pytest.approx(0.057, abs=0.02)
    every = late_gap(found, where, kind)
    assert every.raw.estimate.value == pytest.approx(0.107, abs=0.001)
    assert every.adjusted.estimate.value == pytest.approx(0.078, abs=0.001)
    assert every.p < 0.02


@pytest.mark.data
def test_courts_change_places_when_open_cases_count(mirror):
    raw = read_raw(mirror / "tjsc_datajud/cases.csv.gz")
    found = durations(event_log(raw, guess(raw), groups=["court_name"]))
    where = found.groups["court_name"]
    courts = {name: median_days(found.days[where == name], found.closed[where == name])
              for name in np.unique(where)}  # fmt: skip
    tubarao, braco, family = courts.values()
    assert tubarao.closed_only.value == pytest.approx(760, rel=0.01)
    assert braco.closed_only.value == pytest.approx(1264, rel=0.01)
    assert tubarao.days.value == pytest.approx(3723, rel=0.01)
    assert braco.days.value == pytest.approx(2730, rel=0.01)
    assert isinstance(family.days, Message)
    assert tubarao.short.low > 2000
    turned, pair = turned_round(courts)
    assert (turned.value, turned.n) == (1.0, 1)
    assert "Tubarão" in pair[0]
    assert "Norte" in pair[1]


def skewed(seed, n=400):
    """Five districts of unlike size and mix, whose cases of a kind are treated alike."""
    random = np.random.default_rng(seed)
    where = random.choice(5, n, p=[0.4, 0.25, 0.15, 0.1, 0.1])
    kind = np.minimum(random.poisson(0.7 + 0.5 * where), 6)
    return random, where, kind


@pytest.mark.slow
def test_districts_treated_alike_are_accused_no_more_often_than_said():
    alarms, apart, runs = 0, 0, 1000
    for seed in range(runs):
        random, where, kind = skewed(seed)
        late = random.random(400) < 0.05 + 0.1 * kind
        found = adjusted_gap(late, where.astype(str), kind.astype(str), draws=199)
        alarms += found.p <= 0.05
        apart += found.adjusted.estimate.low > 0
    allowed = 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert alarms / runs <= allowed
    assert alarms / runs >= 0.02
    assert apart / runs <= allowed


@pytest.mark.slow
def test_districts_that_wait_alike_are_accused_no_more_often_than_said():
    alarms, apart, runs = 0, 0, 600
    for seed in range(runs):
        random, where, kind = skewed(seed)
        days, until = random.exponential(3.0 + 2 * kind), random.uniform(0, 30, 400)
        log_days, closed = np.minimum(days, until), days <= until
        base = durations(log_of(opened=["2024-01-01"]))
        found = type(base)(
            days=log_days, closed=closed, judged=closed, late=closed, groups={}, backwards=0
        )
        gap, _ = wait_gap(found, where.astype(str), kind.astype(str), draws=199)
        alarms += gap.p <= 0.05
        apart += gap.adjusted.estimate.low > 0
    allowed = 0.05 + 3 * np.sqrt(0.05 * 0.95 / runs)
    assert alarms / runs <= allowed
    assert apart / runs <= allowed
