"""Reading logs: events of XES per CPU second, and how good the guess of open cases is.

The speed is that of real permits, repeated, beside a bare loop over the same file with lxml's
``iterparse``, which keeps nothing. The guess is tried where the answer is known: a log is cut at a
date in its past, and a case was open there if it has later events in the whole log.

    IAGKIT_DATA_MIRROR=../shared/data python benchmarks/logs.py
"""

from __future__ import annotations

import gzip
import os
import resource
import tempfile
import time
from datetime import datetime
from pathlib import Path

from lxml import etree

from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw

TIMES = 20
CUTS = (
    ("receipt_coselog/receipt.xes.gz", "2011-07-01"),
    ("helpdesk/log.parquet", "2012-06-01"),
    ("sepsis/sepsis.xes.gz", "2014-09-01"),
    ("bpic15_1/log.parquet", "2013-06-01"),
    ("bpic2012/log.parquet", "2011-12-01"),
    ("bpic2012/log.parquet", "2012-02-15"),
    ("hospital_billing_10k/log.parquet", "2014-06-01"),
    ("road_traffic_fines/log.parquet", "2010-01-01"),
)


def repeated(mirror: Path, folder: Path) -> Path:
    """Write the permits many times into one log."""
    whole = gzip.decompress((mirror / "receipt_coselog/receipt.xes.gz").read_bytes())
    begin, end = whole.index(b"<trace>"), whole.rindex(b"</log>")
    path = folder / "permits.xes"
    path.write_bytes(whole[:begin] + whole[begin:end] * TIMES + whole[end:])
    return path


def bare(path: Path) -> int:
    """Touch every attribute of every event with lxml, and keep nothing."""
    events = 0
    for _, trace in etree.iterparse(path, tag="{*}trace", resolve_entities=False, no_network=True):
        for event in trace.iterfind("{*}event"):
            events += 1
            for attribute in event:
                attribute.get("key"), attribute.get("value")
        trace.clear()
    return events


def speed(mirror: Path) -> None:
    """Print events per CPU second."""
    with tempfile.TemporaryDirectory() as folder:
        path = repeated(mirror, Path(folder))
        read_raw(mirror / "receipt_coselog/receipt.xes.gz")  # libraries are loaded now
        print(f"{path.stat().st_size >> 20} MB of XES, six attributes an event")
        for name, read in (("lxml, a bare loop", bare), ("iagkit, a table", read_raw)):
            begun = time.process_time()
            found = read(path)
            taken = time.process_time() - begun
            n = found if isinstance(found, int) else len(found.table)
            print(f"  {name:20}{n / taken:10,.0f} events per CPU second ({n:,} events)")
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        print(f"  most memory of the process: {peak} MB")


def openness(mirror: Path) -> None:
    """Print how many of the open cases were guessed, and how many guesses were right."""
    print(f"{'cut in its past':36}{'cut':>12}{'cases':>9}{'open':>8}{'found':>7}{'right':>7}")
    for name, cut in CUTS:
        raw = read_raw(mirror / name)
        mapping = guess(raw)
        last = event_log(raw, mapping).events.groupby("case")["end"].max()
        then = datetime.fromisoformat(cut)
        cases = event_log(raw, mapping, until=then).cases.set_index("case")
        went_on = last.reindex(cases.index) > then
        guessed = cases["closed"].isna()
        both = int((went_on & guessed).sum())
        print(
            f"{name:36}{cut:>12}{len(cases):9,}{int(went_on.sum()):8,}"
            f"{both / max(int(went_on.sum()), 1):7.2f}{both / max(int(guessed.sum()), 1):7.2f}"
        )


def main() -> None:
    """Print both tables, or say what is missing."""
    mirror = Path(os.environ.get("IAGKIT_DATA_MIRROR", ""))
    if not (mirror / "receipt_coselog").is_dir():
        print("set IAGKIT_DATA_MIRROR to the folder of the real data")
        return
    speed(mirror)
    openness(mirror)


if __name__ == "__main__":
    main()
