"""How often arrivals that come by chance are called otherwise, and others are found out.

Arrivals of an office, Monday to Friday, at rates that repeat every week. By chance alone: stamps to
the microsecond, to minutes, to hours, dates; many cases and few. Otherwise: a season, busy and calm
days, every tenth case sent in twice, appointments.

    python benchmarks/arrivals.py [SEEDS]
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable
from typing import Any

os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np

from iagkit.measures.processes.arrivals import arrivals
from iagkit.measures.rates import share

MONDAY = np.datetime64("2024-01-01T00:00", "us")
DAY = np.r_[np.zeros(8), 3, 5, 6, 4, 2, 3, 4, 2, np.zeros(8)]
"""Cases an hour."""
Made = Callable[[np.random.Generator], Any]


def office(
    random: np.random.Generator, *, weeks: int, times: float = 1.0, of_day: Any = 1.0
) -> Any:
    """Hours since the first Monday at which cases come."""
    days = np.arange(weeks * 7)
    days = days[days % 7 < 5]
    rates = times * np.outer(np.broadcast_to(of_day, len(days)), DAY)
    counts = random.poisson(rates)
    begins = days[:, None] * 24 + np.arange(24)
    return np.repeat(begins.ravel(), counts.ravel()) + random.uniform(size=counts.sum())


def stamps(hours: Any, unit: str = "us") -> Any:
    """Moments, rounded down to a unit."""
    return (MONDAY + (np.asarray(hours) * 3.6e9).astype("timedelta64[us]")).astype(
        f"datetime64[{unit}]"
    )


def season(random: np.random.Generator, less: float) -> Any:
    """The second half of forty weeks has fewer cases."""
    half = np.repeat([1.0, less], 100)
    return stamps(office(random, weeks=40, of_day=half))


def busy_days(random: np.random.Generator, spread: float) -> Any:
    """Days differ, whatever the weekday: a gamma law of mean 1."""
    of_day = random.gamma(1 / spread**2, spread**2, 150)
    return stamps(office(random, weeks=30, of_day=of_day))


def twice(random: np.random.Generator, part: float) -> Any:
    """A part of the cases is sent in again a minute later."""
    hours = office(random, weeks=30)
    again = hours[random.uniform(size=len(hours)) < part] + 1 / 60
    return stamps(np.concatenate([hours, again]))


def appointments(random: np.random.Generator, minutes: float) -> Any:
    """One case each quarter of an hour, late or early by some minutes."""
    days = np.arange(210)[np.arange(210) % 7 < 5]
    hours = (days[:, None] * 24 + np.arange(9, 16, 0.25)).ravel()
    return stamps(hours + random.normal(0, minutes / 60, len(hours)))


CHANCE: dict[str, Made] = {
    "30 weeks, 145 cases a week": lambda r: stamps(office(r, weeks=30)),
    "the same, to the minute": lambda r: stamps(office(r, weeks=30), "m"),
    "the same, to the hour": lambda r: stamps(office(r, weeks=30), "h"),
    "the same, dates": lambda r: stamps(office(r, weeks=30), "D"),
    "30 weeks, 15 cases a week": lambda r: stamps(office(r, weeks=30, times=0.1)),
    "30 weeks, 3 cases a week": lambda r: stamps(office(r, weeks=30, times=0.02)),
    "5 weeks, 145 cases a week": lambda r: stamps(office(r, weeks=5)),
    "104 weeks, 145 cases a week": lambda r: stamps(office(r, weeks=104)),
}
OTHERWISE: dict[str, Made] = {
    "a season: a tenth fewer in the second half": lambda r: season(r, 0.9),
    "a season: a fifth fewer": lambda r: season(r, 0.8),
    "days that differ by a tenth": lambda r: busy_days(r, 0.1),
    "days that differ by a fifth": lambda r: busy_days(r, 0.2),
    "one in ten sent in twice": lambda r: twice(r, 0.1),
    "one in fifty sent in twice": lambda r: twice(r, 0.02),
    "appointments, 10 minutes early or late": lambda r: appointments(r, 10.0),
}


def called(made: Made, seeds: int) -> str:
    """Share called otherwise than chance, by either test and by each."""
    found = [arrivals(made(np.random.default_rng(seed)), seed=seed) for seed in range(seeds)]
    known = [f for f in found if f.poisson is not None]
    cells = [str(len(known))]
    each = (
        [f.poisson is False for f in known],
        [f.dispersion_p < 0.025 for f in found if f.dispersion_p is not None],
        [f.gaps_p < 0.025 for f in found if f.gaps_p is not None],
    )
    for hits in each:
        if not hits:
            cells.append("not done")
            continue
        e = share(hits)
        cells.append(f"{e.value:.3f} ({e.low:.3f}-{e.high:.3f})")
    return " | ".join(cells)


def main() -> None:
    """Print two tables."""
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 1000
    for title, settings in (("by chance", CHANCE), ("otherwise", OTHERWISE)):
        print(f"| {title} | tested | called otherwise | dispersion below .025 | gaps below .025 |")
        print("|---|---|---|---|---|")
        for name, made in settings.items():
            print(f"| {name} | {called(made, seeds)} |", flush=True)
        print()


if __name__ == "__main__":
    main()
