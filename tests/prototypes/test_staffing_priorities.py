"""Orders tried on the past: by hand, laws for any backlog, the law's order, real requests."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.prototypes.processes.staffing.priorities import (
    Backlog,
    Order,
    as_it_was,
    backlog_of,
    replay,
)

NAN = float("nan")
ORDERS = (
    Order(),
    Order(rule="due"),
    Order(rule="ageing", patience_days=2.0),
    Order(rule="risk", patience_days=2.0),
    Order(rule="quota", quotas={"a": 2.0, "b": 1.0}),
)


def waiting(arrived, closed, *, due=None, until=100.0, **more) -> Backlog:
    n = len(arrived)
    told = {
        **dict.fromkeys(("lane", "group", "serial"), np.full(n, "")),
        **dict.fromkeys(("urgency", "risk"), np.zeros(n)),
        **{name: np.asarray(value) for name, value in more.items()},
    }
    return Backlog(
        arrived=np.array(arrived, dtype=float),
        closed=np.array(closed, dtype=float),
        due=np.full(n, NAN) if due is None else np.array(due, dtype=float),
        until=until,
        **told,
    )


@st.composite
def backlogs(draw) -> Backlog:
    size = draw(st.integers(1, 14))
    rows = draw(
        st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9)), min_size=size, max_size=size)
    )
    open_ = draw(st.lists(st.booleans(), min_size=size, max_size=size))
    name = st.lists(st.sampled_from("ab"), min_size=size, max_size=size)
    arrived = [a for a, _ in rows]
    closed = [NAN if o else a + w for (a, w), o in zip(rows, open_, strict=True)]
    due = [a + d for a, d in zip(arrived, draw(st.permutations(range(size))), strict=True)]
    told = {key: draw(name) for key in ("lane", "group", "serial")}
    return waiting(arrived, closed, due=due, until=20.0, risk=np.linspace(0, 1, size), **told)


def test_the_earliest_deadline_is_closed_first():
    backlog = waiting([0, 0, 0], [5, 6, 7], due=[9, 8, 5])
    found = replay(backlog, Order(rule="due"))
    assert found.closed.tolist() == [7, 6, 5]
    assert found.late.tolist() == [False, False, False]
    assert as_it_was(backlog).late.tolist() == [False, False, True]
    assert found.late_share().value == 0.0


def test_a_risk_is_overtaken_by_who_has_waited_long():
    backlog = waiting([0, 3, 3], [4, 5, 6], risk=[0.0, 0.9, 1.0])
    patient = replay(backlog, Order(rule="risk", patience_days=30.0))
    hurried = replay(backlog, Order(rule="risk", patience_days=2.0))
    assert patient.closed.tolist() == [6, 5, 4]
    assert hurried.closed.tolist() == [4, 6, 5]


def test_a_group_with_twice_the_quota_is_taken_twice_as_often():
    backlog = waiting([0] * 9, range(1, 10), group=["a"] * 6 + ["b"] * 3)
    found = replay(backlog, ORDERS[-1])
    taken = backlog.group[np.argsort(found.closed)].tolist()
    assert taken == ["a", "a", "b"] * 3 or taken == ["a", "b", "a"] * 3


def test_who_was_not_waiting_saves_no_quota_up():
    arrived = [0, 0, 0, 0, 5, 5, 5]
    backlog = waiting(arrived, [1, 2, 3, 10, 11, 12, 13], group=list("aaaabbb"))
    found = replay(backlog, Order(rule="quota", quotas={"a": 1.0, "b": 1.0}))
    assert found.closed[3] <= 11


@settings(deadline=None)
@given(backlogs(), st.sampled_from(ORDERS), st.booleans())
def test_every_order_closes_as_many_at_the_same_moments_and_nobody_before_he_came(
    backlog, order, within
):
    found = replay(backlog, replace(order, first_come_within=within)).closed
    for lane in "ab":
        mine = backlog.lane == lane
        assert np.array_equal(np.sort(found[mine]), np.sort(backlog.closed[mine]), equal_nan=True)
    assert not (found < backlog.arrived).any()


@settings(deadline=None)
@given(backlogs(), st.sampled_from(ORDERS))
def test_where_the_law_says_so_nobody_overtakes_in_the_class(backlog, order):
    found = replay(backlog, replace(order, first_come_within=True)).closed
    end = np.where(np.isnan(found), np.inf, found)
    for lane in "ab":
        for serial in "ab":
            mine = (backlog.lane == lane) & (backlog.serial == serial)
            row = np.lexsort((end[mine], backlog.arrived[mine]))
            came, done = backlog.arrived[mine][row], end[mine][row]
            for i in range(len(row) - 1):
                assert came[i] == came[i + 1] or done[i] <= done[i + 1]


@settings(deadline=None)
@given(backlogs())
def test_no_order_makes_the_latest_less_late_than_deadlines_do_if_all_came_together(backlog):
    together = replace(
        backlog,
        arrived=np.zeros_like(backlog.arrived),
        lane=np.full(len(backlog.arrived), ""),
    )
    best = replay(together, Order(rule="due"))
    worst = np.max(np.where(np.isnan(best.closed), 20, best.closed) - together.due)
    for order in ORDERS:
        other = replay(together, order)
        ended = np.where(np.isnan(other.closed), 20, other.closed)
        assert worst <= np.max(ended - together.due)


def test_a_law_for_all_cases_leaves_nothing_to_choose_and_says_so():
    backlog = waiting([0, 1, 2], [5, 6, 7], due=[9, 8, 7])
    found = replay(backlog, Order(rule="due", first_come_within=True))
    assert found.closed.tolist() == [5, 6, 7]
    assert "no order changes it" in str(found.remarks[0])


def test_waits_of_open_cases_count_until_the_end():
    found = as_it_was(waiting([0, 1], [4, NAN], due=[5, 5], until=10.0))
    assert found.wait_days.tolist() == [4, 9]
    assert found.late.tolist() == [False, True]
    assert found.longer_than(found).value == 0.0


def test_orders_and_backlogs_that_make_no_sense_are_refused():
    backlog = waiting([0, 1], [4, 5], group=["a", "c"])
    with pytest.raises(UsageError, match="Did you mean 'due'"):
        Order(rule="dua")
    with pytest.raises(UsageError, match="quotas belong to the order 'quota'"):
        Order(rule="due", quotas={"a": 1.0})
    with pytest.raises(DataError, match="1 groups of the backlog have no quota"):
        replay(backlog, ORDERS[-1])
    with pytest.raises(DataError, match="1 closed before they came"):
        waiting([0, 5], [4, 4])
    with pytest.raises(DataError, match="no case has a deadline"):
        as_it_was(backlog).late_share()


@pytest.mark.data
def test_real_requests_are_late_less_often_when_deadlines_decide(mirror):
    from iagkit.wire.logs import building, mapping, reading

    raw = reading.read_raw(mirror / "baltimore_311" / "requests.csv.gz")
    log = building.event_log(raw, mapping.guess(raw))
    backlog = backlog_of(log, lane="Agency")
    was, first = as_it_was(backlog), replay(backlog, Order())
    by_due = replay(backlog, Order(rule="due"))
    assert by_due.late_share().value < first.late_share().value
    assert np.isnan(by_due.closed).sum() == np.isnan(was.closed).sum()
    with pytest.raises(DataError, match="Did you mean 'Agency'"):
        backlog_of(log, lane="Agencey")
