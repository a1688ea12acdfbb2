"""The floor again, compiled with numba: the same events to the last bit.

Line by line what :mod:`~iagkit.prototypes.processes.simulation.floor` does, on arrays. Events
wait in a binary heap, work in a pairing heap [1]_ for each queue, what a gate holds in a chain.

References
----------
.. [1] Fredman, M. L., Sedgewick, R., Sleator, D. D. & Tarjan, R. E. (1986). The pairing heap: a new
   form of self-adjusting heap. Algorithmica 1, 111-129.
"""

from __future__ import annotations

from math import inf, nan
from typing import Any, NamedTuple

import numpy as np

from iagkit.prototypes.processes.simulation.fast_heaps import compiled, drop, push
from iagkit.prototypes.processes.simulation.plan import Lists, Plan
from iagkit.prototypes.processes.simulation.times import Times, empty

NO_STEPS = np.empty(0, dtype=np.int64)
STEP = {
    **dict.fromkeys(("ready", "enabled", "start", "end", "service", "before", "after"), "f8"),
    **dict.fromkeys(("base", "slope", "key"), "f8"),
    **dict.fromkeys(("pool", "queue", "activity", "last", "waits_for", "followers"), "i8"),
    **dict.fromkeys(("child", "sibling", "turn", "held_next"), "i8"),
}
POOL = {
    "freed": "f8",
    **dict.fromkeys(("capacity", "busy", "at"), "i8"),
    **dict.fromkeys(("queues", "changes", "levels", "opens", "done"), "i8"),
}
QUEUE = {"first": "i8", "pools": "i8"}
ACTIVITY = dict.fromkeys(("batch_size", "gates", "held", "held_first", "held_last"), "i8")
NOW = {"stop": "f8", **dict.fromkeys(("events", "turn", "size", "left", "linear", "rested"), "i8")}
LINKS = ("child", "sibling", "held_next", "first", "held_first", "held_last")
"""Fields in which -1 is nothing."""


class State(NamedTuple):
    """What the floor knows: few arrays, as each costs time in each call.

    Lists of different lengths are parts of ``numbers`` and ``hours``; those of one owner begin
    where its field of that name says, and end where those of the next owner begin.
    """

    steps: Any
    pools: Any
    queues: Any
    activities: Any
    numbers: Any
    hours: Any
    roots: Any
    root_time: Any
    event_time: Any
    event_code: Any
    now: Any


def run_floor(laid: Plan) -> Times:
    """Run a plan of any kind, compiled."""
    found = empty(laid)
    state = _state(laid, found)
    _run(state)
    kept = ("ready", "enabled", "start", "end", "pool")
    return Times(**{name: state.steps[name][:-1].copy() for name in kept})


def _table(fields: dict[str, str], rows: int, /, **given: Any) -> Any:
    table = np.zeros(rows + 1, dtype=np.dtype(list(fields.items()), align=True))
    for name in LINKS:
        if name in fields:
            table[name] = -1
    for name, values in given.items():
        table[name][: len(values)] = values
    return table.view(np.recarray)


def _state(laid: Plan, found: Times) -> State:
    size, pools = len(laid.queue), len(laid.changes.starts) - 1
    followers = laid.followers or Lists(starts=np.zeros(size + 1, dtype=np.int64), flat=NO_STEPS)
    (of_queue, of_pool, after, level), numbers = _flat(
        laid.pools_of, laid.queues_of, followers, laid.levels
    )
    (change, opens, done, gates), hours = _flat(laid.changes, laid.opens, laid.done, laid.gates)
    events = size + pools + 8 + (size if len(laid.gates.flat) else 0)
    times = {name: getattr(found, name) for name in ("ready", "enabled", "start", "end", "pool")}
    told = ("service", "before", "after", "base", "slope", "queue", "activity", "last", "waits_for")
    own = {name: getattr(laid, name) for name in told}
    now = {"stop": [laid.stop], "size": [size], "left": [size], "linear": [laid.followers is None]}
    return State(
        steps=_table(STEP, size, **times, **own, followers=after),
        pools=_table(
            POOL, pools, freed=[-inf] * pools, queues=of_pool, changes=change, levels=level,
            opens=opens, done=done,
        ),
        queues=_table(QUEUE, len(of_queue) - 1, pools=of_queue),
        activities=_table(ACTIVITY, len(gates) - 1, batch_size=laid.batch_size, gates=gates),
        numbers=numbers.astype(np.int64),
        hours=hours.astype(float),
        roots=laid.roots,
        root_time=laid.root_time,
        event_time=np.empty(events),
        event_code=np.empty(events, dtype=np.int64),
        now=_table(NOW, 0, **now, rested=[laid.rested]),
    )  # fmt: skip


def _flat(*lists: Lists) -> tuple[list[Any], Any]:
    """Beginnings of several lists in one array, and the array."""
    shifts = np.cumsum([0, *(len(one.flat) for one in lists)])
    starts = [one.starts + shift for one, shift in zip(lists, shifts[:-1], strict=True)]
    return starts, np.concatenate([one.flat for one in lists])


@compiled
def _later(s: State, time: float, code: int) -> None:
    push(s.event_time, s.event_code, s.now[0].events, time, code)
    s.now[0].events += 1


@compiled
def _joined(s: State, one: int, other: int) -> int:
    """Join two heaps of work."""
    if one < 0:
        return other
    if other < 0:
        return one
    if s.steps[other].key < s.steps[one].key or (
        s.steps[other].key == s.steps[one].key and s.steps[other].turn < s.steps[one].turn
    ):
        one, other = other, one
    s.steps[other].sibling = s.steps[one].child
    s.steps[one].child = other
    return one


@compiled
def _without_first(s: State, first: int) -> int:
    """What is left of a heap of work without its first: children joined in pairs, then all."""
    rest, pairs = s.steps[first].child, -1
    while rest >= 0:
        one, other = rest, s.steps[rest].sibling
        rest = s.steps[other].sibling if other >= 0 else -1
        s.steps[one].sibling = -1
        if other >= 0:
            s.steps[other].sibling = -1
        pair = _joined(s, one, other)
        s.steps[pair].sibling = pairs
        pairs = pair
    whole = -1
    while pairs >= 0:
        following = s.steps[pairs].sibling
        s.steps[pairs].sibling = -1
        whole = _joined(s, whole, pairs)
        pairs = following
    s.steps[first].child = -1
    return whole


@compiled
def _ending(s: State, pool: int, time: float, service: float) -> float:
    low, high = s.pools[pool].opens, s.pools[pool + 1].opens
    opens, done = s.hours[low:high], s.hours[s.pools[pool].done : s.pools[pool + 1].done]
    at = np.searchsorted(opens, time, side="right") - 1
    passed = done[at - 1] if at > 0 else 0.0
    wanted = passed + (time - opens[at]) + service
    if wanted <= done[at]:
        return time + service
    at = np.searchsorted(done, wanted)
    return inf if at == len(done) else opens[at] + (wanted - done[at - 1])


@compiled
def _begin(s: State, step: int, pool: int, time: float) -> None:
    s.steps[step].start = time
    s.steps[step].pool = pool
    end = time + s.steps[step].service
    if pool >= 0:
        s.pools[pool].busy += 1
        if s.pools[pool + 1].opens > s.pools[pool].opens:
            end = _ending(s, pool, time, s.steps[step].service)
    s.steps[step].end = end
    _later(s, end, step)


@compiled
def _take_up(s: State, pool: int, time: float) -> None:
    while s.pools[pool].busy < s.pools[pool].capacity:
        best, place = -1, -1
        for i in range(s.pools[pool].queues, s.pools[pool + 1].queues):
            queue = s.numbers[i]
            head = s.queues[queue].first
            if head >= 0 and (
                best < 0
                or s.steps[head].key < s.steps[best].key
                or (
                    s.steps[head].key == s.steps[best].key
                    and s.steps[head].turn < s.steps[best].turn
                )
            ):
                best, place = head, queue
        if best < 0:
            return
        s.queues[place].first = _without_first(s, best)
        _begin(s, best, pool, time)


@compiled
def _offer(s: State, step: int, time: float) -> None:
    queue, chosen = s.steps[step].queue, -1
    if queue < 0:
        _begin(s, step, -1, time)
        return
    for i in range(s.queues[queue].pools, s.queues[queue + 1].pools):
        pool = s.numbers[i]
        if s.pools[pool].busy < s.pools[pool].capacity and (
            chosen < 0 or s.pools[pool].freed < s.pools[chosen].freed
        ):
            chosen = pool
            if not s.now[0].rested:
                break
    if chosen >= 0:
        _begin(s, step, chosen, time)
        return
    s.now[0].turn += 1
    s.steps[step].turn = s.now[0].turn
    s.steps[step].key = s.steps[step].base + s.steps[step].slope * s.steps[step].enabled
    s.queues[queue].first = _joined(s, s.queues[queue].first, step)


@compiled
def _release(s: State, activity: int, time: float) -> None:
    step = s.activities[activity].held_first
    s.activities[activity].held_first, s.activities[activity].held = -1, 0
    while step >= 0:
        s.steps[step].enabled = time
        _offer(s, step, time)
        step = s.steps[step].held_next


@compiled
def _come_up(s: State, step: int, time: float) -> None:
    activity = s.steps[step].activity
    size = s.activities[activity].batch_size
    gates = s.hours[s.activities[activity].gates : s.activities[activity + 1].gates]
    if s.steps[step].base == -inf or (size == 0 and len(gates) == 0):
        _offer(s, step, time)
        return
    s.steps[step].enabled = nan
    if s.activities[activity].held == 0:
        s.activities[activity].held_first = step
    else:
        s.steps[s.activities[activity].held_last].held_next = step
    s.activities[activity].held_last = step
    s.activities[activity].held += 1
    if s.activities[activity].held == size:
        _release(s, activity, time)
    elif s.activities[activity].held == 1 and len(gates) > 0:
        at = np.searchsorted(gates, time)
        if at < len(gates):
            _later(s, gates[at], 2 * s.now[0].size + activity)


@compiled
def _become_ready(s: State, step: int, ready: float) -> None:
    s.steps[step].ready = ready
    s.steps[step].enabled = ready + s.steps[step].before
    _later(s, s.steps[step].enabled, s.now[0].size + step)


@compiled
def _finish(s: State, step: int, time: float) -> None:
    s.now[0].left -= 1
    pool = s.steps[step].pool
    if pool >= 0:
        s.pools[pool].busy -= 1
        s.pools[pool].freed = time
    ready = time + s.steps[step].after
    if s.now[0].linear:
        if not s.steps[step].last:
            _become_ready(s, step + 1, ready)
    else:
        for i in range(s.steps[step].followers, s.steps[step + 1].followers):
            follower = s.numbers[i]
            s.steps[follower].waits_for -= 1
            if not s.steps[follower].ready > ready:
                s.steps[follower].ready = ready
            if s.steps[follower].waits_for == 0:
                _become_ready(s, follower, s.steps[follower].ready)
    if pool >= 0:
        _take_up(s, pool, time)


@compiled
def _change(s: State, pool: int, time: float) -> None:
    at = s.pools[pool].at
    s.pools[pool].capacity = s.numbers[s.pools[pool].levels + at]
    s.pools[pool].at = at + 1
    following = s.pools[pool].changes + at + 1
    if following < s.pools[pool + 1].changes:
        _later(s, s.hours[following], -1 - pool)
    _take_up(s, pool, time)


@compiled
def _run(s: State) -> None:
    size, coming, now = s.now[0].size, 0, s.now[0]
    for pool in range(len(s.pools) - 1):
        _later(s, s.hours[s.pools[pool].changes], -1 - pool)
    while now.left > 0 and (now.events > 0 or coming < len(s.roots)):
        time, code = inf, 3 * size
        if now.events > 0:
            time, code = s.event_time[0], s.event_code[0]
        if coming < len(s.roots) and (
            s.root_time[coming] < time or (s.root_time[coming] == time and size <= code)
        ):
            time, code = s.root_time[coming], size + s.roots[coming]
            coming += 1
        else:
            now.events -= 1
            drop(s.event_time, s.event_code, now.events)
        if time > now.stop:
            break
        if code < 0:
            _change(s, -1 - code, time)
        elif code < size:
            _finish(s, code, time)
        elif code < 2 * size:
            _come_up(s, code - size, time)
        else:
            _release(s, code - 2 * size, time)
