"""When each step was ready, was begun and ended, and by whom it was done."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan
from typing import Any

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


def completed(laid: Plan, enabled: Any, start: Any, end: Any) -> Times:
    """Readiness and pools, which follow from the rest."""
    start, end = np.array(start), np.array(end)
    ready = np.full(len(end), nan)
    ready[1:] = np.where(laid.last[:-1], nan, end[:-1] + laid.after[:-1])
    ready[laid.roots] = laid.root_ready
    pools = np.append(laid.pools_of.flat, -1)
    return Times(
        ready=ready, enabled=np.array(enabled), start=start, end=end, pool=pools[laid.queue]
    )
