"""Models learnt from four public logs, beside a replay of the last cases and published simulators.

Five distances to the cases held out, the smaller the nearer: mean of the runs and 95 % interval.
LoanApp comes in the authors' parts; the others are split in time at 80 % of the cases: the past is
what was known when the first held-out case was opened, so that cases that were not over are open.

    python benchmarks/simulate_logs.py FOLDER [SEEDS]
"""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

os.environ["OMP_NUM_THREADS"] = "1"

from iagkit.core.event_log import EventLog
from iagkit.prototypes.processes.simulation.discover import discover
from iagkit.prototypes.processes.simulation.replay import split
from iagkit.prototypes.processes.simulation.validate import Validated, best_half_life, validate
from iagkit.wire.logs import building, mapping, reading

PUBLISHED = {
    "LoanApp": {
        "Simod": {"ngd": 0.150, "aedd": 13.6, "redd": 9.2, "ctdd": 20.4},
        "AgentSimulator": {"ngd": 0.069, "aedd": 2.97, "redd": 1.66, "ctdd": 2.71},
    }
}
"""As in the papers of the two; TARGETS.md has the sources."""


def log(path: Path) -> EventLog:
    """A log with columns recognised by their names."""
    raw = reading.read_raw(path)
    return building.event_log(raw, mapping.guess(raw))


def row(name: str, values: dict[str, float]) -> str:
    """One line of the table."""
    cells = (f"{values[m]:.3g}" if m in values else "" for m in MEASURES)
    return f"| {name} | {' | '.join(cells)} |"


MEASURES = ("ngd", "aedd", "cedd", "redd", "ctdd")


def report(name: str, past: EventLog, held_out: EventLog, *, seeds: int) -> Validated:
    """Learn, validate and print."""
    began = time.process_time()
    half_life = best_half_life(past)
    found = validate(discover(past, half_life=half_life), held_out, past=past, seeds=seeds)
    spent = time.process_time() - began
    print(f"\n### {name}: {len(past.cases)} cases learnt from, {len(held_out.cases)} held out\n")
    print("| hours; NGD is a share | NGD | AEDD | CEDD | REDD | CTDD |\n|---|---|---|---|---|---|")
    for peer, values in PUBLISHED.get(name, {}).items():
        print(row(f"{peer}, published", values))
    print(row("replay floor", {m: e.value for m, e in found.floor.items()}))
    print(row("iagkit", {m: e.value for m, e in found.distances.items()}))
    for end in ("low", "high"):
        print(row(f"iagkit, {end}", {m: getattr(e, end) for m, e in found.distances.items()}))
    told = found.verdict + ". " + "; ".join(str(reason) for reason in found.reasons)
    print(f"\nHalf-life {half_life:g} cases; {seeds} runs, {spent:.1f} CPU s; {told}.")
    return found


def main(folder: Path, seeds: int = 10) -> None:
    """All logs."""
    loans = (log(folder / "loanapp_synthetic" / f"{part}.csv.gz") for part in ("train", "test"))
    report("LoanApp", *loans, seeds=seeds)
    report("P2P", *split(log(folder / "p2p_synthetic" / "log.csv.gz")), seeds=seeds)
    report("receipt", *split(log(folder / "receipt_coselog" / "receipt.xes.gz")), seeds=seeds)
    report("BPIC 2012", *split(log(folder / "bpic2012" / "log.parquet")), seeds=seeds)


if __name__ == "__main__":
    main(Path(sys.argv[1]), *(int(given) for given in sys.argv[2:]))
