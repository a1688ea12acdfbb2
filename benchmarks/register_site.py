"""How long a register of many systems takes: the published records under many names.

Each copy is a system of its own, sealed anew under another name, so that nothing is shared.

    python benchmarks/register_site.py [--systems 200]
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from iagkit.core.record import Record
from iagkit.flow.proving import record_in
from iagkit.flow.register_site import register_site

RECORDS = Path(__file__).resolve().parents[1] / "audits" / "records"
NAMES = ("citizen-requests.3", "document-triage", "process-optimization")
ANSWERS = {"org.name": "Municipality", "org.contact": "Counter of the main hall, Main street 1"}


def main() -> None:
    """Build a register and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--systems", type=int, default=200)
    n = parser.parse_args().systems
    with tempfile.TemporaryDirectory() as scratch:
        _records(Path(scratch, "records"), n)
        began, wall = time.process_time(), time.perf_counter()
        site = register_site(
            Path(scratch, "records"), Path(scratch, "site"), registers=("uk-atrs", "chile-ficha")
        )
        spent, wall = time.process_time() - began, time.perf_counter() - wall
    print(f"{len(site.systems)} systems, {len(site.files)} files: {spent:.1f} CPU s, {wall:.1f} s")


def _records(folder: Path, n: int) -> None:
    known = [record_in(RECORDS / name) for name in NAMES]
    for number in range(n):
        place = folder / str(number)
        place.mkdir(parents=True)
        (place / "record.json").write_bytes(_named(known[number % 3], number).to_bytes())
        (place / "answers.yaml").write_text(json.dumps(ANSWERS), encoding="utf-8")


def _named(record: Record, number: int) -> Record:
    name = f"{record.prototype['name']}-{number}"
    return replace(record, prototype={**record.prototype, "name": name})


if __name__ == "__main__":
    main()
