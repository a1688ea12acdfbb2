"""Who answers for a record: a statement about its files, signed; and what of it holds still."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from iagkit import __version__
from iagkit.core.canonical import canonical
from iagkit.core.errors import IntegrityError, OutputError, UsageError
from iagkit.core.message import Message, say
from iagkit.core.record import Record
from iagkit.flow.proving import CHOSEN, PAGES, inspect, record_in, refuse_changed
from iagkit.flow.running import RECORD, sha256_of
from iagkit.wire import signing
from iagkit.wire.decided import alone

ENVELOPE = "record.dsse.json"
STATEMENT = "https://in-toto.io/Statement/v1"
PREDICATE = "urn:iagkit:sealed-record:1"
TOLD = (*PAGES, *CHOSEN)
"""Pages that are signed too if they are there: they are what people read."""
LONGEST = 4_000
SHOWN = 20
"""Remarks named one by one: a forged number of them must not fill a screen, or a machine."""


def new_key(path: Path, passphrase: bytes | None = None) -> dict[str, str]:
    """Make a pair of keys; see :func:`iagkit.wire.signing.new_key`.

    Returns
    -------
    dict
        ``private`` and ``public``, the files; ``key``, the name under which to publish it.
    """
    public = signing.new_key(path, passphrase)
    name = signing.key_id(signing.public_key(public))
    return {"private": str(path), "public": str(public), "key": name}


def sign(folder: Path, *, key: Path, passphrase: bytes | None = None) -> dict[str, Any]:
    """Sign a record, the files sealed with it, and the pages beside it.

    Parameters
    ----------
    folder : Path
        What a run wrote.
    key : Path
        Private key of the institution.
    passphrase : bytes, optional

    Returns
    -------
    dict
        ``signature``, the file; ``key``; ``files``, what was signed.

    Raises
    ------
    IntegrityError
        If the record or a file is not the sealed one, or a signature of another record is there.
    UsageError
        If the key cannot be used.
    OutputError
        If the signature cannot be written.
    """
    private = signing.private_key(key, passphrase)
    _refuse_links(folder)
    _refuse_changed(folder)
    record = record_in(folder)
    place = folder / ENVELOPE
    if place.exists() or place.is_symlink():
        _refuse_foreign(signing.opened(signing.read_envelope(place)).payload, record)
    told = statement(record, folder)
    _replace(place, signing.sign(canonical(told), [private]))
    return {
        "signature": str(place),
        "key": signing.key_id(private.public_key()),
        "files": [subject["name"] for subject in told["subject"]],
    }


def statement(record: Record, folder: Path) -> dict[str, Any]:
    """in-toto statement (v1) about a record: each file with its SHA-256."""
    files = {RECORD: sha256_of(folder / RECORD), **record.artifacts}
    files |= {name: sha256_of(folder / name) for name in TOLD if (folder / name).is_file()}
    return {
        "_type": STATEMENT,
        "subject": [{"name": name, "digest": {"sha256": told}} for name, told in files.items()],
        "predicateType": PREDICATE,
        "predicate": {
            "digest": record.digest,
            "amendments": len(record.amendments),
            "head": record.head,
            "format": str(record.about.get("format")),
            "signed_with": f"iagkit {__version__}",
        },
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """What a signature was found to say of a folder.

    Parameters
    ----------
    signed_by : str
        Name of the key, empty if none was given.
    broken : mapping of str to Message
        What does not hold, by file or remark.
    absent : tuple of str
        Files that were signed and are not here.
    intact : tuple of str
        Files that are those that were signed; of a key that was given only.
    """

    signed_by: str
    broken: Mapping[str, Message]
    absent: tuple[str, ...] = ()
    intact: tuple[str, ...] = ()


def holds(folder: Path, record: Record | None, place: Path, key: Path | None) -> Held:
    """Compare a record and its files with what was signed.

    Parameters
    ----------
    folder : Path
    record : Record or None
        ``None`` if it was changed; then its files only are compared.
    place : Path
        Of the envelope.
    key : Path, optional
        Public key; without one nothing shows who made the signature.

    Returns
    -------
    Held

    Raises
    ------
    IntegrityError
        If the signature is not of this key, or does not fit.
    """
    public = None if key is None else signing.public_key(key)
    opened = signing.opened(signing.read_envelope(place), public)
    told = _parsed(opened.payload)
    files = {s["name"]: s["digest"]["sha256"] for s in told["subject"]}
    known = told["predicate"]
    if record is not None and known["digest"] != record.digest:
        what = say(
            "the signature is of another record ({signed}), not of this one ({here})",
            signed=f"{str(known['digest'])[:16]}…", here=f"{record.digest[:16]}…",
        )  # fmt: skip
        return Held(signed_by=opened.signed_by, broken={ENVELOPE: what})
    remarks = {} if record is None else dict(_remarks(record, files[RECORD], known))
    broken = remarks | dict(_files(folder, files))
    absent = tuple(name for name in files if _beside(name) and not (folder / name).exists())
    lost = {*broken, *absent} if opened.signed_by else set(files)
    intact = tuple(name for name in files if _beside(name) and name not in lost)
    return Held(signed_by=opened.signed_by, broken=broken, absent=absent, intact=intact)


def _remarks(
    record: Record, signed: str, known: Mapping[str, Any]
) -> Iterator[tuple[str, Message]]:
    """Tell remarks that were added after signing from those that were taken away or changed."""
    before, now = int(known["amendments"]), len(record.amendments)
    then = replace(record, amendments=record.amendments[:before])
    if now < before:
        for n in range(now + 1, min(before, now + SHOWN) + 1):
            yield f"amendment {n}", say("amendment {n} was signed and is missing", n=n)
    elif then.head != known["head"]:
        yield "amendments", say("the amendments are not those that were signed")
    elif hashlib.sha256(then.to_bytes()).hexdigest() != signed:
        yield RECORD, say("'{name}' is not the file that was signed", name=RECORD)
    for n in range(before + 1, now + 1):
        yield f"amendment {n}", say("amendment {n} is not signed: it came after", n=n)


def _beside(name: str) -> bool:
    """Whether a name is that of a file in the folder of the record, and not of the record."""
    return name != RECORD and Path(name).name == name


def _files(folder: Path, files: Mapping[str, str]) -> Iterator[tuple[str, Message]]:
    for name, signed in files.items():
        file = folder / name
        if not _beside(name) or not file.is_file():
            continue
        if sha256_of(file) != signed:
            yield name, say("'{name}' is not the file that was signed", name=name)


def _parsed(payload: bytes) -> dict[str, Any]:
    """Read a statement as :func:`statement` tells it; others are of other tools."""
    try:
        told = json.loads(payload)
        names = [s["name"] for s in told["subject"]]
        whole = (told["_type"], told["predicateType"]) == (STATEMENT, PREDICATE)
        texts = [s["digest"]["sha256"] for s in told["subject"]] + names
        whole = whole and all(isinstance(text, str) for text in texts)
        whole = whole and RECORD in names and len(set(names)) == len(names)
        whole = whole and {"digest", "amendments", "head"} <= set(told["predicate"])
        n = told["predicate"]["amendments"]
        whole = whole and type(n) is int and n >= 0
    except (ValueError, KeyError, TypeError, RecursionError):
        whole = False
    if not whole:
        what = say("what was signed is not a statement about a record of iagkit")
        msg = f"{what}. Ask the institution for the signature that iagkit sign wrote"
        raise IntegrityError(msg, (what,))
    found: dict[str, Any] = told
    return found


def _refuse_foreign(payload: bytes, record: Record) -> None:
    """A signature is renewed after a remark; that of another record is somebody's evidence."""
    if _parsed(payload)["predicate"]["digest"] != record.digest:
        msg = (
            f"expected no signature, or one of this record, in '{ENVELOPE}'; it is of another "
            "record. Move it to where it belongs, then sign again"
        )
        raise IntegrityError(msg)


def amend(
    folder: Path, *, author: str, reason: str, at: str | None = None
) -> tuple[Record, tuple[str, ...]]:
    """Add a remark to a sealed record; nothing that stands there is changed.

    Parameters
    ----------
    folder : Path
        What a run wrote.
    author, reason : str
        Who answers for the remark, and what it says; both are published.
    at : str, optional
        Time in UTC; now, if not given.

    Returns
    -------
    tuple of (Record, tuple of str)
        The record with the remark, and the pages that tell it from now on.

    Raises
    ------
    IntegrityError
        If record, files or pages are not the sealed ones.
    UsageError
        If author or reason is too long.
    OutputError
        If the record cannot be written.
    """
    if max(len(author), len(reason)) > LONGEST:
        msg = f"expected an author and a reason of up to {LONGEST:,} characters; one is longer"
        raise UsageError(msg)
    place = folder if folder.is_dir() else folder.parent
    _refuse_links(place)
    at = at or datetime.now(UTC).isoformat(timespec="seconds")
    with _explained(place), alone(place / ".record.lock"):
        _refuse_changed(place)
        record = record_in(place).amend(author=author, reason=reason, at=at)
        _replace(place / RECORD, record.to_bytes())
        return record, _told_again(record, place)


def _told_again(record: Record, folder: Path) -> tuple[str, ...]:
    """Write the pages that are there anew, each in its language."""
    here = [name for name in TOLD if (folder / name).is_file()]
    if not here:
        return ()
    from iagkit.report import write_report

    same = (folder / "report.html").read_bytes() if "report.html" in here else b""
    langs = [p.split(".")[1] for p in PAGES if p in here and (folder / p).read_bytes() == same]
    with tempfile.TemporaryDirectory() as aside:
        write_report(record, aside, lang=langs[0] if langs else "en")
        for name in here:
            _replace(folder / name, (Path(aside) / name).read_bytes())
    return tuple(here)


def _refuse_changed(folder: Path) -> None:
    """Nothing is signed or added to that is not as it was sealed."""
    record_in(folder)
    refuse_changed(inspect(folder, signed=False))


def _refuse_links(folder: Path) -> None:
    """A link among the files of a run could be turned to another file after it was signed."""
    if not folder.is_dir():
        msg = f"expected the folder of a run; there is none at '{folder}'. Name what iagkit wrote"
        raise UsageError(msg)
    links = sorted(file.name for file in folder.iterdir() if file.is_symlink())
    if links:
        msg = f"expected files in '{folder}'; {', '.join(links)} is a link. Put the files there"
        raise UsageError(msg)


@contextmanager
def _explained(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        msg = f"'{folder}' cannot be written to: {os.strerror(error.errno or 0)}"
        raise OutputError(msg) from None


def _replace(place: Path, content: bytes) -> None:
    """Put a file in place in one step: a reader sees the one before, or this one."""
    aside = place.with_name(f".{place.name}.{os.getpid()}")
    with _explained(place.parent):
        try:
            with aside.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(place)
        finally:
            aside.unlink(missing_ok=True)
