"""The quick way: queues with one pool, always the same people, served as work comes."""

from __future__ import annotations

from heapq import heappop, heappush, heapreplace
from math import inf

from iagkit.prototypes.processes.simulation.plan import Plan
from iagkit.prototypes.processes.simulation.times import Times, completed, empty


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
    found = empty(laid)
    found.start[roots] = starts
    found.end[roots] = found.start[roots] + laid.service[roots]
    found.pool[:] = laid.pools_of.flat[0]
    return found


def first_come(laid: Plan) -> Times:
    """Queues that are served as they come: one event a step, as each end is known at once."""
    pools = laid.pools_of.flat.tolist()
    frees = [[0.0] * int(laid.levels.flat[pool]) for pool in pools]
    queue, service, last = laid.queue.tolist(), laid.service.tolist(), laid.last.tolist()
    before, after = laid.before.tolist(), laid.after.tolist()
    roots = iter(zip(laid.root_time.tolist(), laid.roots.tolist(), strict=True))
    nothing = empty(laid)
    enabled, start, end = (x.tolist() for x in (nothing.enabled, nothing.start, nothing.end))
    heap: list[tuple[float, int]] = []
    forever = (inf, -1)
    coming, stop = next(roots, forever), laid.stop
    while True:
        if heap and heap[0][0] < coming[0]:
            time, step = heappop(heap)
        else:
            time, step = coming
            coming = next(roots, forever)
        if time > stop:
            break
        place = queue[step]
        if place >= 0:
            free = frees[place]
            time = max(time, free[0])
            start[step] = time
            time += service[step]
            heapreplace(free, time)
        else:
            start[step] = time
            time += service[step]
        end[step] = time
        if not last[step] and time <= stop:
            time += after[step]
            step += 1
            time += before[step]
            enabled[step] = time
            heappush(heap, (time, step))
    return completed(laid, enabled, start, end)
