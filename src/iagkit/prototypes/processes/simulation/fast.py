"""The engine again, compiled with numba: the same events to the last bit, many times faster.

Line by line what :mod:`~iagkit.prototypes.processes.simulation.first_come` does, on arrays;
whatever is not so simple is left to :mod:`~iagkit.prototypes.processes.simulation.fast_floor`.
Imported only where it is asked for.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from iagkit.prototypes.processes.simulation.fast_floor import run_floor
from iagkit.prototypes.processes.simulation.fast_heaps import compiled, drop, push, replace
from iagkit.prototypes.processes.simulation.plan import Plan
from iagkit.prototypes.processes.simulation.times import Times, completed


def run_fast(laid: Plan) -> Times:
    """Run a plan, compiled."""
    if not laid.simple:
        return run_floor(laid)
    start = np.full(len(laid.queue), np.nan)
    capacity = laid.levels.flat[laid.pools_of.flat]
    frees = np.zeros(int(capacity.sum()))
    starts = np.concatenate([[0], np.cumsum(capacity)]).astype(np.int64)
    if laid.one_queue:
        one_queue(laid.root_time, laid.roots, laid.service, frees, start)
        return completed(laid, start)
    times, codes = np.empty(len(laid.queue) + 1), np.empty(len(laid.queue) + 1, dtype=np.int64)
    first_come(
        laid.root_time, laid.roots, laid.queue, laid.service, laid.before, laid.after, laid.last,
        starts, frees, start, times, codes, laid.stop,
    )  # fmt: skip
    return completed(laid, start)


@compiled
def one_queue(times: Any, roots: Any, service: Any, free: Any, start: Any) -> None:
    """One step a case; who is free first takes who came first."""
    for i in range(len(roots)):
        step = roots[i]
        time = max(times[i], free[0])
        start[step] = time
        replace(free, 0, len(free), time + service[step])


@compiled
def first_come(
    root_time: Any, roots: Any, queue: Any, service: Any, before: Any, after: Any, last: Any,
    starts: Any, free: Any, start: Any, times: Any, codes: Any, stop: float,
) -> None:  # fmt: skip
    """Several steps a case, each queue served as it comes."""
    size, coming = 0, 0
    while size > 0 or coming < len(roots):
        if size > 0 and (coming == len(roots) or times[0] < root_time[coming]):
            time, step = times[0], codes[0]
            size -= 1
            drop(times, codes, size)
        else:
            time, step = root_time[coming], roots[coming]
            coming += 1
        if time > stop:
            break
        place = queue[step]
        if place >= 0:
            time = max(time, free[starts[place]])
        start[step] = time
        time += service[step]
        if place >= 0:
            replace(free, starts[place], starts[place + 1], time)
        if not last[step] and time <= stop:
            time = time + after[step] + before[step + 1]
            push(times, codes, size, time, step + 1)
            size += 1
