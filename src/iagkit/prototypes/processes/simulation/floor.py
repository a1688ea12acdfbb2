"""Where work waits and is done, whatever the rules: the slower way, for everything."""

from __future__ import annotations

from bisect import bisect_left
from heapq import heappop, heappush
from itertools import pairwise
from math import inf, nan
from typing import Any

import numpy as np

from iagkit.prototypes.processes.simulation.plan import Lists, Plan
from iagkit.prototypes.processes.simulation.times import Times, empty


class Floor:
    """Where work waits and is done, whatever the rules; the slower way, for everything."""

    def __init__(self, laid: Plan) -> None:
        self.laid, self.size = laid, len(laid.queue)
        nothing = empty(laid)
        self.ready, self.enabled = nothing.ready.tolist(), nothing.enabled.tolist()
        self.start, self.end, self.pool = (
            x.tolist() for x in (nothing.start, nothing.end, nothing.pool)
        )
        self.queue, self.service = laid.queue.tolist(), laid.service.tolist()
        self.before, self.after = laid.before.tolist(), laid.after.tolist()
        self.base, self.slope = laid.base.tolist(), laid.slope.tolist()
        self.activity, self.last = laid.activity.tolist(), laid.last.tolist()
        self.waits_for = laid.waits_for.tolist()
        self.pools_of, self.queues_of = rows(laid.pools_of), rows(laid.queues_of)
        self.changes, self.levels = rows(laid.changes), rows(laid.levels)
        self.opens, self.done, self.gates = rows(laid.opens), rows(laid.done), rows(laid.gates)
        self.batch_size = laid.batch_size.tolist()
        self.followers = None if laid.followers is None else rows(laid.followers)
        pools = len(self.changes)
        self.capacity, self.busy = [0] * pools, [0] * pools
        self.freed, self.at = [-inf] * pools, [0] * pools
        self.waiting: list[list[tuple[float, int, int]]] = [[] for _ in self.pools_of]
        self.held: list[list[int]] = [[] for _ in self.gates]
        self.gate = [0] * len(self.gates)
        self.heap: list[tuple[float, int]] = []
        self.turn, self.left = 0, self.size

    def run(self) -> Times:
        """Until nothing is left to happen."""
        laid, heap, size = self.laid, self.heap, self.size
        for pool, times in enumerate(self.changes):
            self.heap_push(times[0], -1 - pool)
        roots = iter(zip(laid.root_time.tolist(), laid.roots.tolist(), strict=True))
        coming = next(roots, (inf, -1))
        while self.left and (heap or coming[1] >= 0):
            if coming[1] >= 0 and (not heap or (coming[0], size) <= heap[0]):
                time, step = coming
                coming = next(roots, (inf, -1))
                if time > laid.stop:
                    break
                self.come_up(step, time)
                continue
            time, code = heappop(heap)
            if time > laid.stop:
                break
            self.happen(time, code)
        return Times(
            ready=np.array(self.ready),
            enabled=np.array(self.enabled),
            start=np.array(self.start),
            end=np.array(self.end),
            pool=np.array(self.pool, dtype=np.int64),
        )

    def heap_push(self, time: float, code: int) -> None:
        """Let something happen later."""
        heappush(self.heap, (time, code))

    def happen(self, time: float, code: int) -> None:
        """One event: a change of capacity, an end, a case that comes up, a gate."""
        if code < 0:
            self.change(-1 - code, time)
        elif code < self.size:
            self.finish(code, time)
        elif code < 2 * self.size:
            self.come_up(code - self.size, time)
        else:
            self.open_gate(code - 2 * self.size, time)

    def change(self, pool: int, time: float) -> None:
        """The capacity of a pool changes."""
        at, times = self.at[pool], self.changes[pool]
        self.capacity[pool] = self.levels[pool][at]
        self.at[pool] = at + 1
        if at + 1 < len(times):
            self.heap_push(times[at + 1], -1 - pool)
        self.take_up(pool, time)

    def finish(self, step: int, time: float) -> None:
        """Work ends: who did it is free, what comes after it becomes ready."""
        self.left -= 1
        pool = self.pool[step]
        if pool >= 0:
            self.busy[pool] -= 1
            self.freed[pool] = time
        ready = time + self.after[step]
        if self.followers is None:
            if not self.last[step]:
                self.become_ready(step + 1, ready)
        else:
            for follower in self.followers[step]:
                self.waits_for[follower] -= 1
                before = self.ready[follower]
                self.ready[follower] = ready if not before > ready else before
                if self.waits_for[follower] == 0:
                    self.become_ready(follower, self.ready[follower])
        if pool >= 0:
            self.take_up(pool, time)

    def become_ready(self, step: int, ready: float) -> None:
        """Nothing is missing; after the delay it may be taken up."""
        self.ready[step] = ready
        self.enabled[step] = ready + self.before[step]
        self.heap_push(self.enabled[step], self.size + step)

    def come_up(self, step: int, time: float) -> None:
        """A step may be taken up, unless a gate holds it back."""
        activity = self.activity[step]
        size, gates = self.batch_size[activity], self.gates[activity]
        if self.base[step] == -inf or (size == 0 and not gates):
            self.offer(step, time)
            return
        self.enabled[step] = nan
        held = self.held[activity]
        held.append(step)
        if len(held) == size:
            self.release(activity, time)
        elif len(held) == 1 and gates:
            at = bisect_left(gates, time)
            if at < len(gates):
                self.heap_push(gates[at], 2 * self.size + activity)

    def open_gate(self, activity: int, time: float) -> None:
        """The clock opens a gate."""
        self.release(activity, time)

    def release(self, activity: int, time: float) -> None:
        """All that was held back may be taken up."""
        held, self.held[activity] = self.held[activity], []
        for step in held:
            self.enabled[step] = time
            self.offer(step, time)

    def offer(self, step: int, time: float) -> None:
        """Somebody free takes it, or it waits."""
        queue = self.queue[step]
        if queue < 0:
            self.begin(step, -1, time)
            return
        chosen = -1
        for pool in self.pools_of[queue]:
            if self.busy[pool] < self.capacity[pool] and (
                chosen < 0 or self.freed[pool] < self.freed[chosen]
            ):
                chosen = pool
                if not self.laid.rested:
                    break
        if chosen >= 0:
            self.begin(step, chosen, time)
            return
        self.turn += 1
        key = self.base[step] + self.slope[step] * self.enabled[step]
        heappush(self.waiting[queue], (key, self.turn, step))

    def take_up(self, pool: int, time: float) -> None:
        """A pool takes what is first of all that it may do, as long as somebody is free."""
        waiting = self.waiting
        while self.busy[pool] < self.capacity[pool]:
            heads = [waiting[queue] for queue in self.queues_of[pool] if waiting[queue]]
            if not heads:
                return
            self.begin(heappop(min(heads))[2], pool, time)

    def begin(self, step: int, pool: int, time: float) -> None:
        """Work begins, and it is known when it will end."""
        self.start[step] = time
        self.pool[step] = pool
        end = time + self.service[step]
        if pool >= 0:
            self.busy[pool] += 1
            if self.opens[pool]:
                end = ending(self.opens[pool], self.done[pool], time, self.service[step])
        self.end[step] = end
        self.heap_push(end, step)


def ending(opens: list[float], done: list[float], time: float, service: float) -> float:
    """When work ends that stops while the pool is closed.

    Parameters
    ----------
    opens, done : list of float, hours
        Beginnings of the open stretches; open hours that have passed at the end of each.
    time, service : float, hours
        Beginning, within an open stretch, and work.
    """
    at = bisect_left(opens, time)
    if at == len(opens) or opens[at] > time:
        at -= 1
    passed = done[at - 1] if at else 0.0
    wanted = passed + (time - opens[at]) + service
    if wanted <= done[at]:
        return time + service
    at = bisect_left(done, wanted)
    return inf if at == len(done) else opens[at] + (wanted - done[at - 1])


def rows(lists: Lists) -> list[list[Any]]:
    """Lists as Python has them."""
    starts, flat = lists.starts.tolist(), lists.flat.tolist()
    return [flat[low:high] for low, high in pairwise(starts)]
