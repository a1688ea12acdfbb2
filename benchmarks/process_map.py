"""The map of a process at 10 million events: iagkit beside polars and pandas, counts compared.

Real permits (no ties) and real traffic fines (dates only, so that cases have ties) are repeated
under new case ids into one Parquet file. Every engine runs in its own process, reads the file and
counts arcs, their frequency and the sum of their durations; iagkit also counts what is otherwise
when ties are reversed. Then the causes of waiting of a million pieces of work.

    IAGKIT_DATA_MIRROR=../shared/data python benchmarks/process_map.py
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

EVENTS = 10_000_000
PIECES = 1_000_000
LOGS = ("receipt_coselog/receipt.xes.gz", "road_traffic_fines/log.parquet")
Arcs = dict[str, tuple[int, float]]


def repeated(source: Path, path: Path) -> int:
    """Write a log again and again, each time with other case ids."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    events = log_of(source).events[["case", "activity", "end", "order"]].sort_values("order")
    kinds = {"case": pa.string(), "activity": pa.string(), "end": pa.timestamp("us"),
             "order": pa.int64()}  # fmt: skip
    schema = pa.schema(list(kinds.items()))
    times = -(-EVENTS // len(events))
    with pq.ParquetWriter(path, schema) as writer:
        for i in range(times):
            again = events.assign(
                case=events["case"].astype(str) + f"/{i}", order=events["order"] + i * len(events)
            )
            writer.write_table(pa.Table.from_pandas(again, schema=schema, preserve_index=False))
    return times * len(events)


def log_of(source: Path) -> Any:
    """Read a log as iagkit does."""
    from iagkit.wire.logs import building, mapping, reading

    raw = reading.read_raw(source)
    return building.event_log(raw, mapping.guess(raw))


def by_iagkit(path: Path) -> Arcs:
    """Count in DuckDB, with the arcs that depend on the order of the file."""
    from iagkit.measures.processes.follows import directly_follows
    from iagkit.wire.frames import open_frame

    with open_frame(path) as opened:
        found = directly_follows(opened.frame)
    return {f"{a.source} > {a.target}": (a.n, a.mean.value * a.n) for a in found.arcs}


def by_iagkit_with_medians(path: Path) -> Arcs:
    """Count medians and their intervals too."""
    from iagkit.measures.processes.follows import directly_follows
    from iagkit.wire.frames import open_frame

    with open_frame(path) as opened:
        found = directly_follows(opened.frame, medians=True)
    return {f"{a.source} > {a.target}": (a.n, a.mean.value * a.n) for a in found.arcs}


def by_duckdb(path: Path) -> Arcs:
    """Ask DuckDB as one would write it."""
    import duckdb

    rows = duckdb.connect().execute(
        """SELECT before || ' > ' || activity, count(*), sum(days) FROM (
             SELECT activity, lag(activity) OVER w AS before,
                    epoch_us("end" - lag("end") OVER w) / 864e8 AS days
             FROM read_parquet(?) WINDOW w AS (PARTITION BY "case" ORDER BY "end", "order")
           ) WHERE before IS NOT NULL GROUP BY ALL""",
        [str(path)],
    )
    return {arc: (n, days) for arc, n, days in rows.fetchall()}


def by_polars(path: Path) -> Arcs:
    """Sort, then compare each row with the one before it."""
    import polars as pl

    table = pl.read_parquet(path).sort("case", "end", "order")
    same = pl.col("case") == pl.col("case").shift(1)
    days = (pl.col("end") - pl.col("end").shift(1)).dt.total_microseconds() / 864e8
    pairs = table.select(before=pl.col("activity").shift(1), activity="activity", days=days,
                         same=same).filter("same")  # fmt: skip
    arcs = pairs.group_by("before", "activity").agg(n=pl.len(), days=pl.col("days").sum())
    return {f"{a} > {b}": (n, days) for a, b, n, days in arcs.iter_rows()}


def by_pandas(path: Path) -> Arcs:
    """Do the same with pandas."""
    import pandas as pd

    table = pd.read_parquet(path).sort_values(["case", "end", "order"])
    before = table.shift(1)
    same = (table["case"] == before["case"]).to_numpy()
    days = (table["end"] - before["end"]) / pd.Timedelta("1D")
    pairs = pd.DataFrame({"before": before["activity"], "activity": table["activity"],
                          "days": days})[same]  # fmt: skip
    arcs = pairs.groupby(["before", "activity"], observed=True)["days"].agg(["size", "sum"])
    return {f"{a} > {b}": (int(n), days) for (a, b), n, days in arcs.itertuples()}


ENGINES: dict[str, Callable[[Path], Arcs]] = {
    "iagkit": by_iagkit, "iagkit, with medians": by_iagkit_with_medians,
    "DuckDB, plain SQL": by_duckdb, "polars": by_polars, "pandas": by_pandas,
}  # fmt: skip


def measured(engine: str, path: Path) -> None:
    """Print what one engine counted and what it took, as JSON."""
    begun = time.process_time()
    arcs = ENGINES[engine](path)
    usage = resource.getrusage(resource.RUSAGE_SELF)
    told = {"arcs": arcs, "cpu": time.process_time() - begun, "peak": usage.ru_maxrss >> 10}
    print(json.dumps(told))


def maps(mirror: Path, folder: Path) -> None:
    """Print a row for each engine and log."""
    for name in LOGS:
        path = folder / "log.parquet"
        n = repeated(mirror / name, path)
        print(f"{name}, repeated: {n:,} events, {path.stat().st_size >> 20} MB of Parquet")
        least: float | None = None
        truth: Arcs | None = None
        for engine in ENGINES:
            ran = subprocess.run([sys.executable, __file__, engine, str(path)],
                                 capture_output=True, text=True, check=False)  # fmt: skip
            if ran.returncode:
                print(f"  {engine:24}ended with {ran.returncode} (out of memory?)")
                continue
            told = json.loads(ran.stdout)
            arcs = {key: tuple(value) for key, value in told["arcs"].items()}
            truth, least = truth or arcs, least or told["cpu"]
            same = {k: v[0] for k, v in arcs.items()} == {k: v[0] for k, v in truth.items()}
            print(f"  {engine:24}{told['cpu']:6.1f} CPU s{told['cpu'] / least:6.2f}"
                  f"{told['peak']:7,} MB   {len(arcs)} arcs, counts "
                  f"{'the same' if same else 'DIFFERENT'}")  # fmt: skip


def causes(mirror: Path) -> None:
    """Print how long the causes of waiting of a million pieces take."""
    import pandas as pd

    from iagkit.core.event_log import EventLog
    from iagkit.measures.processes.waits import waits

    log = log_of(mirror / "p2p_synthetic/log.csv.gz")
    times = -(-PIECES // len(log.events))
    parts = [
        log.events.assign(case=log.events["case"].astype(str) + f"/{i}",
                          order=log.events["order"] + i * len(log.events),
                          resource=log.events["resource"].astype(str) + f"/{i % 20}")
        for i in range(times)
    ]  # fmt: skip
    events = pd.concat(parts, ignore_index=True).sort_values(["case", "end", "order"])
    cases = pd.concat([log.cases.assign(case=log.cases["case"].astype(str) + f"/{i}")
                       for i in range(times)])  # fmt: skip
    big = EventLog(events=events.reset_index(drop=True), cases=cases, until=log.until)
    begun = time.process_time()
    found = waits(big)
    taken = time.process_time() - begun
    print(f"causes of waiting, {len(events):,} pieces of work: {taken:.1f} CPU s")
    for cause, share in found.shares.items():
        print(f"  {cause:16}{share.value:7.3f} ({share.low:.3f} to {share.high:.3f})")


def main() -> None:
    """Print all, or say what is missing."""
    if len(sys.argv) == 3:
        measured(sys.argv[1], Path(sys.argv[2]))
        return
    mirror = Path(os.environ.get("IAGKIT_DATA_MIRROR", ""))
    if not (mirror / "receipt_coselog").is_dir():
        print("set IAGKIT_DATA_MIRROR to the folder of the real data")
        return
    with tempfile.TemporaryDirectory() as folder:
        maps(mirror, Path(folder))
    causes(mirror)


if __name__ == "__main__":
    main()
