"""When each step was ready, was begun and ended, and by whom it was done."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

import numpy as np

from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.plan import Plan
from iagkit.prototypes.processes.simulation.walks import Codes


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Times:
    """What became of each step; ``nan`` and -1: nothing until the engine stopped."""

    ready: Floats
    enabled: Floats
    start: Floats
    end: Floats
    pool: Codes


def empty(laid: Plan) -> Times:
    """Nothing has happened yet, and what comes up by itself is known."""
    size = len(laid.queue)
    ready, enabled, start, end = (np.full(size, nan) for _ in range(4))
    ready[laid.roots], enabled[laid.roots] = laid.root_ready, laid.root_enabled
    pool = np.full(size, -1, dtype=np.int64)
    return Times(ready=ready, enabled=enabled, start=start, end=end, pool=pool)


def completed(laid: Plan, start: Floats) -> Times:
    """All that follows from the beginnings, where a plan is simple."""
    end = start + laid.service
    found = empty(laid)
    follows = np.flatnonzero(laid.waits_for)
    found.ready[follows] = end[follows - 1] + laid.after[follows - 1]
    found.enabled[follows] = found.ready[follows] + laid.before[follows]
    pools = np.append(laid.pools_of.flat, -1)[laid.queue]
    return Times(ready=found.ready, enabled=found.enabled, start=start, end=end, pool=pools)
