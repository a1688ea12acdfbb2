"""Remaining time on real logs: mean absolute error in days beside the median and what is published.

Two protocols. *As published*: 80 % of the cases by their first events to learn from, whatever
happened to them later; the last event of a case counts as its end; prefixes of 2 to n - 1 events of
cases with at least 3; an activity is its name with its transition. *Leak-free*: only cases that
were over when the first test case began are learnt from, and what became of cases that were open
when the log was cut is not counted. Published: chronological split, best of DALSTM,
ProcessTransformer, GGNN and PGTNet, from ``holdout_results`` of github.com/keyvan-amiri/PGTNet.

    IAGKIT_DATA_MIRROR=../shared/data OMP_NUM_THREADS=1 python benchmarks/remaining_time.py [log]
"""

from __future__ import annotations

import os
import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from iagkit.core.errors import IagkitError
from iagkit.core.event_log import EventLog
from iagkit.prototypes.processes.in_time import Labels
from iagkit.prototypes.processes.predicting import Evaluated, evaluate
from iagkit.prototypes.processes.prefixes import Prefixes, prefixes
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A log: the best published error in days, and what was known of a case at its beginning."""

    published: float
    attributes: tuple[str, ...] = ()
    transitions: bool = False


LOGS = {
    "receipt_coselog": Known(
        published=1.46, attributes=("department", "channel", "group", "responsible")
    ),
    "helpdesk": Known(published=4.80),
    "sepsis": Known(published=15.71, attributes=("Age", "Diagnose")),
    "bpic2013_incidents": Known(
        published=2.39, attributes=("impact", "product", "organization country"), transitions=True
    ),
    "bpic15_1": Known(published=20.36),
    "road_traffic_fines": Known(published=144.28, attributes=("article", "vehicleClass", "points")),
    "bpic2012": Known(published=5.49, attributes=("AMOUNT_REQ",), transitions=True),
}
MOST = 1_000_000
"""Prefixes to learn from, so all of them: a run has less time and learns from fewer."""
PROTOCOLS: tuple[tuple[str, Labels, bool], ...] = (
    ("published", "all", True),
    ("leak-free", "known", False),
)


def read(path: Path, known: Known) -> EventLog:
    """Read every row as an event, whatever its transition."""
    raw = read_raw(path)
    if known.transitions:
        table = raw.table.copy()
        names = ("concept:name", "lifecycle:transition")
        table[names[0]] = table[names[0]].astype(str) + " " + table[names[1]].astype(str)
        raw = replace(raw, table=table)
    log = event_log(raw, replace(guess(raw), lifecycle="", instance=""))
    if "AMOUNT_REQ" in log.cases:
        log.cases["AMOUNT_REQ"] = pd.to_numeric(log.cases["AMOUNT_REQ"])
    return log


def told(name: str, protocol: str, found: Evaluated, seconds: float) -> str:
    """One row of the table."""
    error, published = found.error, LOGS[name].published
    return (
        f"| {name} | {protocol} | {found.error_of_median.value:.2f} | {error.value:.2f} "
        f"({error.low:.2f} to {error.high:.2f}) | {published} | {error.value / published - 1:+.1%} "
        f"| {found.coverage.value:.3f} | {found.coverage_at_first.value:.3f} "
        f"| {found.model.chosen_}, {found.model.blend_:.0%} | {error.n:,} / {error.clusters:,} "
        f"| {seconds:.0f} |"
    )


def main() -> None:
    """Print the table, row by row."""
    mirror = Path(os.environ["IAGKIT_DATA_MIRROR"])
    print(
        "| log | protocol | median by last activity | model (95 %) | published | model beside it "
        "| 90 % intervals that held | without learning | chosen | prefixes / cases | CPU s |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for name in sys.argv[1:] or LOGS:
        known = LOGS[name]
        rows: Prefixes = prefixes(
            read(mirror / name / "log.parquet", known), attributes=known.attributes
        )
        for protocol, labels, open_too in PROTOCOLS:
            start = time.process_time()
            try:
                found = evaluate(rows, labels=labels, open_too=open_too, most=MOST)
            except IagkitError as error:
                print(f"| {name} | {protocol} | {error} |", flush=True)
                continue
            print(told(name, protocol, found, time.process_time() - start), flush=True)


if __name__ == "__main__":
    main()
