"""What people decided, read back from the list they worked through, and kept without loss."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.canonical import digest_1 as digest
from iagkit.core.errors import DataError, IntegrityError, OutputError
from iagkit.core.registry import did_you_mean
from iagkit.wire import sources, tables
from iagkit.wire.headers import listed
from iagkit.wire.rows import unguarded

if TYPE_CHECKING:
    import pandas as pd

HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "id": ("id", "case", "caso", "expediente", "processo"),
    "decision": ("decision", "decisión", "decisão", "decisao"),
    "reviewer": ("reviewer", "revisor", "revisora", "revisado por", "reviewed by"),
}
"""What the columns may be called, in any of the three languages."""
SHOWN: Final = 10
LOG: Final = "decisions.jsonl"
START: Final = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """Decisions of one file, each reviewer once a case.

    Parameters
    ----------
    rows : tuple of dict
        ``id``, ``decision``, ``reviewer`` (a pseudonym, or empty), and what is kept beside them.
    sha256 : str
        Of the file.
    blank : int
        Rows without a decision: nobody has read them yet.
    repeated : int
        Rows that say again what the same reviewer said of the same case.
    new_labels : int
        Rows whose decision is no label of the run.
    """

    rows: tuple[dict[str, Any], ...]
    sha256: str
    blank: int
    repeated: int
    new_labels: int


def read_decided(
    source: str | Path,
    *,
    cases: Collection[str],
    labels: Collection[str],
    columns: Mapping[str, str | None],
    salt: str,
    new_labels: bool = False,
    about: Callable[[str, str], Mapping[str, Any]] = lambda _id, _decision: {},
) -> Decided:
    """Read a list that people worked through.

    Parameters
    ----------
    source : str or Path
        CSV or Excel, as they saved it; formulas are never computed.
    cases : collection of str
        Ids that the list may hold.
    labels : collection of str
        What may be decided.
    columns : mapping of str to str or None
        Names of the columns ``id``, ``decision`` and ``reviewer``, where they are not called so.
    salt : str
        Makes the pseudonyms of reviewers those of one run only.
    new_labels : bool
        Accept decisions that are no label of the run.
    about : callable
        Id and decision → what is kept beside them, plain JSON.

    Returns
    -------
    Decided

    Raises
    ------
    DataError
        If a column is not there; ids or labels are strange; or one reviewer decided one case in
        two ways. Rows are told by their number in the file, never by what stands in them.
    """
    given = sources.source(source)
    table = tables.read(given)
    names = {role: _named(table, role, columns.get(role)) for role in HEADINGS}
    ids = _texts(table, names["id"])
    said = _texts(table, names["decision"])
    who = [pseudonym(name, salt) for name in _texts(table, names["reviewer"])]
    read = [row for row, text in enumerate(said) if text]
    if not read:
        msg = f"expected decisions in '{given.name}'; got none in {len(said)} rows. Fill them in"
        raise DataError(msg)
    known = set(cases)
    strange = [row for row in read if ids[row] not in known]
    _refuse(strange, len(read), "ids that are cases of this run", "Is it the list of another run?")
    spelt = {label.casefold(): label for label in labels}
    unknown = [row for row in read if said[row].casefold() not in spelt]
    if not new_labels:
        hint = "Mend them, or accept new labels with --new-labels"
        _refuse(unknown, len(read), "decisions that are labels of this run", hint)
    rows = [(ids[r], spelt.get(said[r].casefold(), said[r]), who[r], r) for r in read]
    once = _once(rows)
    return Decided(
        rows=tuple(
            {"id": i, "decision": d, "reviewer": w, **about(i, d)} for (i, w), d in once.items()
        ),
        sha256=given.sha256(),
        blank=len(said) - len(read),
        repeated=len(rows) - len(once),
        new_labels=len(unknown),
    )


def _named(table: pd.DataFrame, role: str, asked: str | None) -> str | None:
    columns = [str(c) for c in table.columns]
    if asked is not None:
        if asked in columns:
            return asked
        msg = f"expected the column '{asked}' for the {role}.{did_you_mean(asked, columns)}"
        raise DataError(msg)
    found = [c for c in columns if c.strip().casefold() in HEADINGS[role]]
    if not found and role == "reviewer":
        return None
    if len(found) != 1:
        msg = (
            f"expected one column called {' or '.join(HEADINGS[role])}; got {len(found)} among "
            f"{listed(columns)}. Name it with --{role}"
        )
        raise DataError(msg)
    return found[0]


def _texts(table: pd.DataFrame, column: str | None) -> list[str]:
    if column is None:
        return [""] * len(table)
    values = table[column]
    return ["" if gone else _plain(v) for v, gone in zip(values, values.isna(), strict=True)]


def _plain(value: Any) -> str:
    """A cell without the apostrophe that kept a spreadsheet from computing it."""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return unguarded(str(value).strip())


def pseudonym(name: str, salt: str) -> str:
    """Name a reviewer by a digest: the same in all files of a run, told apart in no other."""
    key = " ".join(name.split()).casefold()
    return hashlib.sha256(f"{salt}:{key}".encode()).hexdigest()[:12] if key else ""


def _refuse(rows: Sequence[int], of: int, expected: str, hint: str) -> None:
    if rows:
        places = ", ".join(str(row + 2) for row in rows[:SHOWN])
        more = " and others" if len(rows) > SHOWN else ""
        msg = (
            f"expected {expected}; {len(rows)} of {of} decided rows hold others (rows {places}"
            f"{more}, the header being row 1). Nothing was kept. {hint}"
        )
        raise DataError(msg)


def _once(rows: Sequence[tuple[str, str, str, int]]) -> dict[tuple[str, str], str]:
    found: dict[tuple[str, str], str] = {}
    torn = [
        place for case, label, who, place in rows if found.setdefault((case, who), label) != label
    ]
    _refuse(
        torn, len(rows), "one decision of each reviewer about a case",
        "Correct them, or name the column of the reviewers with --reviewer",
    )  # fmt: skip
    return found


class DecisionLog:
    """All decisions about the cases of a run, in the order they came; nothing is taken back.

    Each line holds the decisions of one file and the digest of the line before, so that a
    line that was changed or taken out shows.

    Parameters
    ----------
    folder : Path
    """

    def __init__(self, folder: Path) -> None:
        self.file = folder / LOG

    def batches(self) -> tuple[dict[str, Any], ...]:
        """All lines, oldest first.

        Raises
        ------
        IntegrityError
            If a line was changed, or one is missing between others.
        """
        if not self.file.is_file():
            return ()
        return tuple(_chained(self.file.read_bytes(), self.file.name))

    def add(self, found: Decided, *, at: str) -> bool:
        """Add the decisions of a file; one that was already added changes nothing.

        Parameters
        ----------
        found : Decided
        at : str
            Time, in UTC.

        Returns
        -------
        bool
            Whether it was new.

        Raises
        ------
        OutputError
            If it cannot be written; what was kept before stays.
        """
        try:
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with alone(self.file.with_name(".lock")):
                known = self.batches()
                if any(batch["file_sha256"] == found.sha256 for batch in known):
                    return False
                previous = known[-1]["digest"] if known else START
                batch = {
                    "at": at, "file_sha256": found.sha256, "decisions": list(found.rows),
                    "previous": previous,
                }  # fmt: skip
                self._append({**batch, "digest": digest(batch)})
        except OSError as error:
            msg = (
                f"the decisions cannot be kept in '{self.file.parent}': "
                f"{os.strerror(error.errno or 0)}. Earlier ones are intact"
            )
            raise OutputError(msg) from None
        return True

    def _append(self, batch: Mapping[str, Any]) -> None:
        """Whole or not at all: the file is written aside with the line and put in place."""
        before = self.file.read_bytes() if self.file.is_file() else b""
        aside = self.file.with_name(f".{LOG}.{os.getpid()}")
        line = json.dumps(batch, ensure_ascii=False, sort_keys=True).encode() + b"\n"
        try:
            with aside.open("wb") as opened:
                opened.write(before + line)
                opened.flush()
                os.fsync(opened.fileno())
            aside.replace(self.file)
        finally:
            aside.unlink(missing_ok=True)

    def latest(self) -> list[dict[str, Any]]:
        """Last word of each reviewer about each case, of all files."""
        return last_words(row for b in self.batches() for row in b["decisions"])


def last_words(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Last word of each reviewer about each case, in the order of their first."""
    return list({(r.get("batch", ""), r["id"], r["reviewer"]): r for r in rows}.values())


def _chained(content: bytes, name: str) -> Iterator[dict[str, Any]]:
    previous = START
    for number, line in enumerate(content.splitlines(), start=1):
        try:
            batch = dict(json.loads(line))
            told = batch.pop("digest")
            whole = batch["previous"] == previous and digest(batch) == told
        except (ValueError, KeyError, TypeError):
            whole = False
        if not whole:
            msg = (
                f"line {number} of '{name}' is not the one that was written, or one before it is "
                "missing. Bring back the file from a copy; nothing was added"
            )
            raise IntegrityError(msg)
        previous = told
        yield {**batch, "digest": told}


@contextmanager
def alone(lock: Path) -> Iterator[None]:
    """One process at a time, where the system can tell."""
    with lock.open("a") as held:
        with suppress(ImportError):
            import fcntl

            fcntl.flock(held, fcntl.LOCK_EX)
        yield
