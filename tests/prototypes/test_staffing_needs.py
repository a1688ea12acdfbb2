"""People needed: by hand, as Erlang, laws of intervals, real work, refusals."""

from datetime import datetime

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures.queueing import erlang_c
from iagkit.prototypes.processes.staffing.demand import demand, demand_of, weekly_counts
from iagkit.prototypes.processes.staffing.grid import Grid
from iagkit.prototypes.processes.staffing.layout import Weekly
from iagkit.prototypes.processes.staffing.needs import (
    Demand,
    Target,
    attained,
    enough,
    needed,
    shares_of,
    weekly_share,
)
from iagkit.prototypes.processes.staffing.pooling import pooled

DAYS = Grid(slots=1)
MONDAY = np.datetime64("2024-01-01T00:00")


def every_week(hours, *, weeks):
    """Cases at the same hours of each week."""
    moments = MONDAY + (np.array(hours) * 60).astype("timedelta64[m]")
    return np.concatenate([moments + np.timedelta64(7 * w, "D") for w in range(weeks)])


def asked(rates, hours=1.0, **more) -> Demand:
    rates = np.asarray(rates, dtype=float)
    service = Estimate(value=hours, n=9, unit="hours")
    told = {"low": rates, "high": rates, "weeks": 4, "n": 9, "grid": DAYS, "name": "desk", **more}
    return Demand(rates=rates, service=service, **told)


@given(st.floats(0.01, 30), st.floats(0.05, 2), st.floats(0, 2), st.integers(1, 60))
def test_each_share_in_time_is_that_of_erlang(rate, hours, within, people):
    found = attained([rate], service_hours=hours, within=within, most=people)[0, people]
    if rate * hours >= people:
        assert found == 0
    else:
        queue = erlang_c(rate, service_hours=hours, servers=people)
        assert found == pytest.approx(1 - queue.longer_than(within), abs=1e-12)


@given(st.lists(st.floats(0, 40), min_size=1, max_size=5), st.floats(0.5, 0.99), st.floats(0, 1))
def test_one_person_less_would_break_the_promise(rates, share, within):
    target = Target(share=share, hours=within)
    people, shares = enough(rates, service_hours=1.0, target=target)
    for row, count in enumerate(people):
        assert shares[row, count] >= share
        assert count == 0 or shares[row, count - 1] < share


def test_counts_are_of_whole_weeks_from_monday_on():
    came = every_week([0.2, 0.4, 30, 167.9], weeks=3)
    since, until = datetime(2023, 12, 28), datetime(2024, 1, 16)
    found = weekly_counts(came, since=since, until=until, name="desk", grid=DAYS)
    assert found.tolist() == [[2, 1, 0, 0, 0, 0, 1]] * 2


def test_rates_are_cases_an_hour_and_their_limits_hold_them():
    came = every_week([1, 2, 3, 30], weeks=10)
    found = demand(came, [1.0, 2.0, 3.0], name="desk", until=datetime(2024, 3, 11), grid=DAYS)
    assert (found.weeks, found.n) == (10, 40)
    assert found.rates.tolist() == [3 / 24, 1 / 24, 0, 0, 0, 0, 0]
    assert (found.low <= found.rates).all()
    assert (found.rates < found.high).all()
    assert found.low[0] * 240 == pytest.approx(20.24, abs=0.01)  # Garwood's limits of 30 cases
    assert found.high[0] * 240 == pytest.approx(42.83, abs=0.01)
    assert found.service.value == 2.0
    assert found.weekly_work == 8.0


def test_weeks_that_differ_by_more_than_chance_widen_the_limits():
    even = every_week([1] * 10, weeks=10)
    uneven = every_week([1] * 20, weeks=5)
    until = datetime(2024, 3, 11)
    told = {"name": "desk", "until": until, "since": datetime(2024, 1, 1), "grid": DAYS}
    one, other = demand(even, [1.0, 1.1], **told), demand(uneven, [1.0, 1.1], **told)
    assert one.rates[0] == other.rates[0]
    assert other.low[0] < one.low[0]
    assert other.high[0] > one.high[0]


def test_cases_of_quiet_parts_come_when_the_next_staffed_part_begins():
    came = every_week([1] * 10 + [30] * 9 + [100], weeks=2)
    found = demand(
        came, [1.0, 1.1], name="desk", until=datetime(2024, 1, 15), quiet=0.05, grid=DAYS
    )
    assert (found.rates * 24).tolist() == [11, 9, 0, 0, 0, 0, 0]
    assert "2 cases came in half-hours that are not staffed" in str(found.remarks[0])


@given(st.lists(st.integers(0, 30), min_size=7, max_size=7), st.integers(0, 30))
def test_needs_grow_with_what_comes_and_lie_within_their_interval(counts, more):
    few = asked(counts, low=np.array(counts) * 0.8, high=np.array(counts) * 1.2)
    found = needed(few, target=Target())
    assert (found.low <= found.people).all()
    assert (found.people <= found.high).all()
    assert (needed(asked(np.add(counts, more)), target=Target()).people >= found.people).all()


def test_a_promise_kept_in_each_half_hour_is_kept_in_the_week():
    wanted, target = asked([4, 9, 0, 1, 2, 3, 8]), Target(share=0.8, hours=0.2)
    people = needed(wanted, target=target).people
    assert (shares_of(wanted, people, target=target) >= 0.8).all()
    assert weekly_share(wanted, people, target=target) >= 0.8
    with pytest.raises(DataError, match="no case comes to 'desk'"):
        weekly_share(asked([0] * 7), people, target=target)


def test_gains_of_a_week_add_up_to_its_cases_in_time():
    wanted, target = asked([4, 9, 0, 1, 2, 3, 8]), Target(share=0.8, hours=0.2)
    people = needed(wanted, target=target).people
    weekly = Weekly.of(wanted, target=target)
    gained = sum(weekly.gains[i, :n].sum() for i, n in enumerate(people))
    share = weekly_share(wanted, people, target=target)
    assert gained == pytest.approx(share * wanted.weekly_cases)
    assert weekly.least == pytest.approx(0.8 * wanted.weekly_cases)


def test_queues_that_are_pooled_need_no_more_people_than_apart():
    one, two = asked([4, 9, 0, 1, 2, 3, 8], 1.0), asked([5, 1, 1, 1, 0, 3, 8], 1.0)
    both = pooled([one, two])
    apart = sum(needed(d, target=Target()).people for d in (one, two))
    assert (needed(both, target=Target()).people <= apart).all()
    assert both.weekly_work == pytest.approx(one.weekly_work + two.weekly_work)
    with pytest.raises(DataError, match="same weeks and level; got 2 different"):
        pooled([one, asked([1] * 7, weeks=5)])


def log_of(rows, until="2024-01-15") -> EventLog:
    events = pd.DataFrame(rows, columns=["case", "activity", "start", "end"])
    for name in ("start", "end"):
        events[name] = pd.to_datetime(events[name])
    events = events.assign(resource=None, order=np.arange(len(events)))
    opened = events.groupby("case")["start"].min()
    cases = pd.DataFrame({"case": opened.index, "opened": opened.to_numpy()})
    cases = cases.assign(closed=pd.NaT, due=pd.NaT)
    return EventLog(events=events, cases=cases, until=pd.Timestamp(until).to_pydatetime())


def test_work_comes_when_the_work_before_it_ends():
    rows = [
        ("1", "read", "2024-01-01 00:10", "2024-01-01 02:00"),
        ("1", "answer", "2024-01-03 01:00", "2024-01-03 02:00"),
        ("2", "read", "2024-01-02 00:10", "2024-01-02 02:00"),
        ("2", "answer", "2024-01-03 01:00", "2024-01-04 02:00"),
    ]
    told = {"grid": DAYS}
    ready = demand_of(log_of(rows), "answer", **told)
    begun = demand_of(log_of(rows), "answer", comes="begun", **told)
    assert np.flatnonzero(ready.rates).tolist() == [0, 1]
    assert np.flatnonzero(begun.rates).tolist() == [2]
    assert ready.service == Estimate(value=1.0, n=1, unit="hours")
    assert "0 of 2 pieces of work take no time and 1 more than 12.0 hours" in str(ready.remarks[0])


def test_logs_that_do_not_tell_are_refused():
    rows = [("1", "read", None, "2024-01-01 02:00")]
    log = log_of([("1", "read", "2024-01-01 01:00", "2024-01-01 02:00")], until="2024-01-03")
    with pytest.raises(DataError, match=r"Did you mean 'read'"):
        demand_of(log, "raed")
    with pytest.raises(DataError, match=r"covers 2\.\d days and no whole week"):
        demand_of(log, "read")
    with pytest.raises(DataError, match="no start of 'read' is known"):
        demand_of(log_of(rows), "read")
    with pytest.raises(DataError, match=r"1 of 2 are not\. Were starts and ends swapped"):
        demand(every_week([1], weeks=3), [-1.0, 2.0], name="desk")
    with pytest.raises(DataError, match="No staff can promise every case"):
        Target(share=1.0)
    with pytest.raises(DataError, match="the work alone keeps 90000 busy"):
        needed(asked([90000.0] * 7), target=Target())


@pytest.mark.data
def test_real_calls_of_a_bank_need_people_in_office_hours(mirror):
    from iagkit.wire.logs import building, mapping, reading

    raw = reading.read_raw(mirror / "bpic2012" / "log.parquet")
    log = building.event_log(raw, mapping.guess(raw))
    found = demand_of(log, "W_Nabellen offertes", comes="begun", quiet=0.01)
    need = needed(found, target=Target(share=0.9, hours=5 / 60))
    assert (found.weeks, found.n) == (23, 22241)
    assert found.service.low < 0.0654 < found.service.high
    assert need.people.reshape(7, 48)[:, :12].sum() == 0
    assert need.low.sum() < need.people.sum() < need.high.sum()
