"""The quick way: queues with one pool, always the same people, served as work comes."""

from __future__ import annotations

from heapq import heappop, heappush, heappushpop, heapreplace
from math import inf, nan

import numpy as np

from iagkit.prototypes.processes.simulation.plan import Plan
from iagkit.prototypes.processes.simulation.times import Times, completed


def one_queue(laid: Plan) -> Times:
    """One queue, one step a case: who is free first takes who came first [1]_.

    References
    ----------
    .. [1] Kiefer, J. & Wolfowitz, J. (1955). On the theory of queues with many servers.
       Transactions of the American Mathematical Society 78(1), 1-18.
    """
    free = [0.0] * int(laid.levels.flat[laid.pools_of.flat[0]])
    roots = laid.roots
    starts: list[float] = []
    begin = starts.append
    for time, service in zip(laid.root_time.tolist(), laid.service[roots].tolist(), strict=True):
        earliest = free[0]
        if earliest > time:
            begin(earliest)
            heapreplace(free, earliest + service)
        else:
            begin(time)
            heapreplace(free, time + service)
    start = np.empty(len(roots))
    start[roots] = starts
    return completed(laid, start)


def first_come(laid: Plan) -> Times:
    """Queues that are served as they come: one event a step, as each end is known at once."""
    frees = [[0.0] * int(laid.levels.flat[pool]) for pool in laid.pools_of.flat.tolist()]
    frees.append([])  # of the queue -1: nobody is needed
    lines = [frees[place] for place in laid.queue.tolist()]
    service, last = laid.service.tolist(), laid.last.tolist()
    before, after = laid.before.tolist(), laid.after.tolist()
    delays = bool(laid.before.any() or laid.after.any())
    start = [nan] * len(lines)
    roots = iter(zip(laid.root_time.tolist(), laid.roots.tolist(), strict=True))
    nothing = (inf, -1)
    coming, stop = next(roots, nothing), laid.stop
    heap: list[tuple[float, int]] = []
    while True:
        if heap and heap[0][0] < coming[0]:
            time, step = heappop(heap)
        else:
            time, step = coming
            coming = next(roots, nothing)
        while time <= stop:
            free = lines[step]
            if free:
                begin = time if time > free[0] else free[0]
                start[step] = begin
                time = begin + service[step]
                heapreplace(free, time)
            else:
                start[step] = time
                time += service[step]
            if last[step]:
                break
            if delays:
                time = time + after[step] + before[step + 1]
            if time >= coming[0]:
                heappush(heap, (time, step + 1))
                break
            time, step = heappushpop(heap, (time, step + 1))
        else:
            return completed(laid, np.array(start))
