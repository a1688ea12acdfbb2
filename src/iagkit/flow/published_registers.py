"""A register that others published, read from a file and counted."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from iagkit.core.errors import DataError
from iagkit.registers.published import Completed, count_us
from iagkit.registers.published_atrs import count_atrs
from iagkit.report.completeness_page import completeness_page
from iagkit.wire import encodings
from iagkit.wire.documents.nouns import UnreadableError
from iagkit.wire.documents.reading import read_one
from iagkit.wire.output import write_files

KINDS: Final = ("us-omb-2025", "uk-atrs")


def count(path: Path) -> Completed:
    """Count an inventory of the United States (CSV of individual uses).

    Raises
    ------
    DataError
        If it cannot be read, or is of something else.
    """
    try:
        content = path.read_bytes()
    except OSError:
        msg = f"expected the CSV of an inventory; '{path.name}' cannot be read. Give its path"
        raise DataError(msg) from None
    encoding = encodings.detect(lambda: [content], name=path.name)
    text = content.decode(encoding).removeprefix("\ufeff")
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        return count_us(table.fieldnames or (), table)
    except csv.Error:
        msg = f"expected a CSV; '{path.name}' has quotes that do not close. Export it again"
        raise DataError(msg) from None


def count_folder(folder: Path) -> Completed:
    """Count records of the British standard: pages, documents or CSV files of one folder.

    Raises
    ------
    DataError
        If there is no record among them.
    """
    if not folder.is_dir():
        msg = f"expected a folder of ATRS records; '{folder.name}' is none. Give the folder"
        raise DataError(msg)
    return count_atrs({path.name: _rows(path) for path in sorted(folder.iterdir())})


def _rows(path: Path) -> list[list[str]]:
    """Rows of a sheet, lines of a document; none of what cannot be read."""
    try:
        content = path.read_bytes() if path.is_file() else b""
        if path.suffix.lower() == ".csv":
            text = content.decode(encodings.detect(lambda: [content], name=path.name))
            rows = csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""))
            return [[cell.strip() for cell in row] for row in rows]
        lines = read_one(path.name, content).text.splitlines()
    except (OSError, UnreadableError, DataError, csv.Error):
        return []
    return [[line.strip()] for line in lines if line.strip()]


def to_json(told: Completed, kind: str) -> dict[str, Any]:
    """All counts as plain data."""
    return {"kind": kind, **asdict(told)}


def write(
    told: Completed, kind: str, out: str | Path, *, about: str, lang: str
) -> tuple[Path, ...]:
    """Write the counts as ``completeness.html``, ``.csv`` and ``.json``.

    Parameters
    ----------
    told : Completed
    kind : {"us-omb-2025", "uk-atrs"}
    out : path
    about : str
        Name of the file or folder that was counted.
    lang : {"es", "pt", "en"}

    Raises
    ------
    OutputError
        If the folder cannot be written.
    """
    content = to_json(told, kind)
    files = {
        "completeness.html": completeness_page(content, about, lang),
        "completeness.csv": _csv(told),
        "completeness.json": json.dumps(content, ensure_ascii=False, indent=1) + "\n",
    }
    return write_files(out, files)


def _csv(told: Completed) -> str:
    names = ("id", "required", "n", "not_due", "unclear", "blank", "boilerplate", "filled")
    lines = io.StringIO()
    rows = csv.writer(lines, lineterminator="\n")
    rows.writerow((*names, "unanswered", "low", "high", "safeguard"))
    for one in (*told.safeguards, *told.fields):
        share = one.unanswered
        interval = ("", "", "") if share is None else (share.value, share.low, share.high)
        rows.writerow((*(getattr(one, n) for n in names), *interval, one in told.safeguards))
    return lines.getvalue()
