"""The engine: what happens, event after event, until nothing is left or time is up.

Everything random is in the plan already, so that nothing here is: the same plan gives the same
events, to the last bit, here and in :mod:`~iagkit.prototypes.processes.simulation.fast`. What
happens at the same instant happens in this order: capacities change; work ends; cases arrive; other
cases come up, those with smaller numbers first; gates of batches open.
"""

from __future__ import annotations

from collections.abc import Callable
from math import inf, nan

import numpy as np

from iagkit.core.errors import DataError, UsageError
from iagkit.prototypes.processes.simulation.first_come import first_come, one_queue
from iagkit.prototypes.processes.simulation.floor import Floor
from iagkit.prototypes.processes.simulation.model import Model
from iagkit.prototypes.processes.simulation.plan import Plan, plan
from iagkit.prototypes.processes.simulation.simulated import Simulated
from iagkit.prototypes.processes.simulation.times import Times
from iagkit.prototypes.processes.simulation.work import draw

YEAR = 8760.0
MOST = 20_000_000
"""Steps and changes of capacity in one run, unless told otherwise."""


def simulate(
    model: Model,
    *,
    seed: int = 0,
    until: float | None = None,
    drain: float = YEAR,
    limit: int = MOST,
    fast: bool = False,
) -> Simulated:
    """Run a model.

    Parameters
    ----------
    model : Model
    seed : int
        The same seed gives the same cases, ways and work to every model that has them.
    until : float, hours
        Cases arrive before; may be left out where their times are given.
    drain : float, hours
        How long the engine goes on after that, to finish what has come.
    limit : int
        Most steps of all cases, and most changes of capacity.
    fast : bool
        Compile the engine with numba (``iagkit[fast]``); the result is the same.

    Returns
    -------
    Simulated
        Also where work is left over; how much, it says.

    Raises
    ------
    DataError
        If no case comes, a case could never end, or there is more to do than ``limit``.
    UsageError
        If ``until`` is missing or not positive, or numba is wanted and absent.
    """
    until = _until(model, until)
    if not 0 <= drain < inf:
        msg = f"'drain' must be finite hours, 0 or more; got {drain:g}"
        raise UsageError(msg)
    work = draw(model, seed=seed, until=until, limit=limit)
    laid = plan(model, work, stop=until + drain)
    if len(laid.changes.flat) + len(laid.gates.flat) > limit:
        msg = f"capacities change more than {limit} times; simulate a shorter time"
        raise DataError(msg)
    times = cut((_compiled() if fast else run)(laid), laid.stop)
    return Simulated.of(model, work, times, until=until, stop=laid.stop, seed=seed)


def _compiled() -> Callable[[Plan], Times]:
    try:
        from iagkit.prototypes.processes.simulation.fast import run_fast
    except ImportError:
        msg = "'fast' needs numba; install iagkit[fast], or leave it out: the result is the same"
        raise UsageError(msg) from None
    return run_fast


def _until(model: Model, until: float | None) -> float:
    if until is None and model.arrivals.times:
        return float(np.nextafter(max(model.arrivals.times), inf))
    if until is None or not 0 < until < inf:
        told = "nothing" if until is None else f"{until:g}"
        msg = f"'until' must be positive, finite hours; got {told}"
        raise UsageError(msg)
    return float(until)


def cut(times: Times, stop: float) -> Times:
    """Forget what lies beyond the end."""
    kept = {}
    for name in ("ready", "enabled", "start", "end"):
        values = getattr(times, name)
        kept[name] = np.where(values <= stop, values, nan)
    pool = np.where(np.isnan(kept["start"]), -1, times.pool)
    return Times(**kept, pool=pool)


def run(laid: Plan) -> Times:
    """Run a plan, in plain Python."""
    if not laid.simple:
        return Floor(laid).run()
    if laid.one_queue:
        return one_queue(laid)
    return first_come(laid)
