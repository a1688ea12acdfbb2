"""A log that leaves a simulation nothing to be wrong about is no reason to break."""

from __future__ import annotations

import numpy as np
import pandas as pd

from iagkit.prototypes.processes.simulation.validate import best_half_life
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess


def test_cases_of_one_order_of_work_may_be_forgotten_at_some_speed():
    """Their order is met exactly: a distance of 0, with an error of 0 and none below it."""
    number = np.arange(120)
    opened = pd.Timestamp("2024-01-08 09:00") + pd.to_timedelta(number // 2 * 20, "h")
    rows = pd.DataFrame({
        "case": [f"{n // 2}" for n in number], "activity": "visita",
        "timestamp": opened + pd.to_timedelta(number % 2 * 5, "h"),
    })  # fmt: skip
    log = event_log(rows, guess(rows))
    assert best_half_life(log, seeds=2) > 0
