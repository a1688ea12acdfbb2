"""A folder of published records that only grows: each entry is linked to the one before it."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from iagkit.core import chain
from iagkit.core.canonical import digest
from iagkit.core.errors import IntegrityError, OutputError, UsageError
from iagkit.core.message import Message, say
from iagkit.flow.attesting import ENVELOPE
from iagkit.flow.proving import record_in, verify
from iagkit.flow.running import RECORD, sha256_of
from iagkit.wire.decided import alone

CHAIN = "CHAIN"
START = "0" * 64
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,79}")
KEPT = (RECORD, ENVELOPE)
"""What is published of a run: the record, and its signature if there is one."""


def add(shelf: Path, run: Path, *, name: str) -> dict[str, str]:
    """Publish the record of a run: copied into a folder of its own, and linked.

    Parameters
    ----------
    shelf : Path
        Folder of published records; made if it is not there.
    run : Path
        What a run wrote.
    name : str
        Of the new folder; small letters, digits, ``-``, ``_`` and ``.``.

    Returns
    -------
    dict
        The entry: name, digests, and what it follows.

    Raises
    ------
    IntegrityError
        If the record, or anything on the shelf, is not as it was.
    OutputError
        If there is an entry of this name: nothing published is written over.
    UsageError
        If it cannot be a name.
    """
    if not NAME.fullmatch(name):
        msg = f"expected a name of small letters, digits, - and _ for the entry; got '{name[:80]}'"
        raise UsageError(msg)
    verify(run)
    place = shelf / name
    try:
        shelf.mkdir(parents=True, exist_ok=True)
        with alone(shelf / ".lock"):
            entries = check(shelf)
            if place.exists() or place.is_symlink():
                msg = (
                    f"expected no entry '{name}' in '{shelf}'; there is one, and what was "
                    "published is not written over. Give the new one another name"
                )
                raise OutputError(msg)
            _copy(run if run.is_dir() else run.parent, place)
            entry = _entry(place, entries[-1]["digest"] if entries else START)
            _append(shelf / CHAIN, entry)
    except OSError as error:
        msg = f"'{shelf}' cannot be written to: {os.strerror(error.errno or 0)}"
        raise OutputError(msg) from None
    finally:
        (shelf / ".lock").unlink(missing_ok=True)
    return entry


def check(shelf: Path) -> tuple[dict[str, Any], ...]:
    """Check that nothing on the shelf was changed, reordered or taken away.

    Returns
    -------
    tuple of dict
        All entries, oldest first.

    Raises
    ------
    IntegrityError
        Naming the entries.
    """
    if not shelf.is_dir():
        msg = f"expected a folder of published records; there is none at '{shelf}'"
        raise UsageError(msg)
    entries = _entries(shelf / CHAIN)
    broken = [*chain.broken(entries, START, digest), *_strange(shelf, entries)]
    for entry in entries:
        broken += _changed(shelf, entry)
    if broken:
        msg = f"{'; '.join(map(str, broken))}. Bring back what was published from a copy"
        raise IntegrityError(msg, broken)
    return entries


def _entries(file: Path) -> tuple[dict[str, Any], ...]:
    if not file.is_file():
        return ()
    try:
        rows = tuple(json.loads(line) for line in file.read_text(encoding="utf-8").splitlines())
        whole = "".join(map(_line, rows)).encode() == file.read_bytes()
    except (ValueError, TypeError, RecursionError):
        rows, whole = (), False
    if not whole or not all(isinstance(r, dict) and {"name", "record"} <= set(r) for r in rows):
        what = say("'{name}' was changed: it is not as iagkit writes it", name=file.name)
        msg = f"{what}. Bring back what was published from a copy"
        raise IntegrityError(msg, (what,))
    return rows


def _strange(shelf: Path, entries: tuple[dict[str, Any], ...]) -> list[Message]:
    """Find records that no entry knows: the last entries may have been taken out of the chain."""
    known = {str(entry["name"]) for entry in entries}
    there = sorted(p.parent.name for p in shelf.glob(f"*/{RECORD}"))
    return [
        say("'{name}' is here, and the chain does not know it", name=name)
        for name in there
        if name not in known
    ]


def _changed(shelf: Path, entry: Mapping[str, Any]) -> list[Message]:
    name = str(entry["name"])
    place = shelf / name
    if not NAME.fullmatch(name) or not (place / RECORD).is_file():
        return [say("'{name}' was published and is missing", name=name)]
    for file in KEPT:
        told = entry.get(file)
        if told is None and not (place / file).exists():
            continue
        if not (place / file).is_file() or sha256_of(place / file) != told:
            return [say("'{name}' was changed after it was published", name=f"{name}/{file}")]
    if record_in(place).digest != entry["record"]:
        return [say("'{name}' was changed after it was published", name=f"{name}/{RECORD}")]
    return []


def _copy(run: Path, place: Path) -> None:
    place.mkdir()
    try:
        for file in KEPT:
            if (run / file).is_file():
                shutil.copyfile(run / file, place / file)
    except OSError:
        shutil.rmtree(place, ignore_errors=True)
        raise


def _entry(place: Path, follows: str) -> dict[str, str]:
    files = {file: sha256_of(place / file) for file in KEPT if (place / file).is_file()}
    told = {"name": place.name, "record": record_in(place).digest, **files}
    return chain.link(told, follows, digest)


def _line(entry: Any) -> str:
    return json.dumps(entry, sort_keys=True, ensure_ascii=False) + "\n"


def _append(file: Path, entry: Mapping[str, str]) -> None:
    """Whole or not at all: the chain is written aside with the line and put in place."""
    before = file.read_bytes() if file.is_file() else b""
    aside = file.with_name(f".{file.name}.{os.getpid()}")
    try:
        aside.write_bytes(before + _line(entry).encode())
        aside.replace(file)
    finally:
        aside.unlink(missing_ok=True)
