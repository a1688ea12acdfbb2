"""The way back from a redaction, for who keeps the key: seal what was hidden, and restore it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError, OutputError
from iagkit.text.privacy.originals import Originals, Restored
from iagkit.wire import sealing
from iagkit.wire.documents.nouns import DEFAULT, Limits, UnreadableError
from iagkit.wire.documents.reading import read_one
from iagkit.wire.placing import put

if TYPE_CHECKING:
    import pandas as pd

ENDING: Final = ".sealed"
_MARK: Final = ".redacted"


def table_beside(out: Path) -> Path:
    """Give the place of the sealed table: beside the redacted copies, never among them."""
    return out.with_name(f"{out.name}{ENDING}")


def probe(table: Path) -> None:
    """Refuse a place of a table before anything is redacted.

    Raises
    ------
    OutputError
        If something stands there: the table of another redaction would be lost.
    """
    if table.exists() or table.is_symlink():
        msg = (
            f"expected no file at '{table}'; there is one, and only it opens what was redacted "
            "with it. Give --sealed another file"
        )
        raise OutputError(msg)


def write_sealed(originals: Originals, key: bytes, table: Path) -> None:
    """Seal what was hidden, into a new file that its owner alone may read.

    Raises
    ------
    OutputError
        If it cannot be written there.
    """
    probe(table)
    put(table, sealing.seal(originals.written(), key), private=True)


def opened(table: Path, key_file: Path) -> Originals:
    """Open a sealed table.

    Raises
    ------
    UsageError
        If the key is none, or others may read it.
    DataError
        If the table is not there, or is none.
    IntegrityError
        If it was sealed with another key, was cut, or was changed.
    """
    key = sealing.read_key(key_file)
    try:
        sealed = table.read_bytes()
    except OSError as error:
        msg = (
            f"expected a sealed table at '{table}'; it cannot be read ({error.strerror}). Give the "
            "one that redact --seal-with wrote"
        )
        raise DataError(msg) from None
    return Originals.read(sealing.unseal(sealed, key))


def restore(
    name: str, content: bytes, originals: Originals, limits: Limits = DEFAULT
) -> tuple[bytes, Restored]:
    """Restore one document, as text.

    Parameters
    ----------
    name : str
        Under which it was written; asked only where two look alike.
    content : bytes
        Text as it was written, or any document in which pseudonyms stand.
    originals : Originals
    limits : Limits
        Of what is read, if it is no text.

    Raises
    ------
    DataError
        If it is none of the table, or cannot be read.
    """
    text = content.decode("utf-8", "surrogateescape")
    try:
        restored = originals.restore(text, name=name)
    except DataError:
        try:
            text = read_one(name, content, limits).text
        except UnreadableError as refusal:
            msg = f"expected a document of this table; '{name}' cannot be read: {refusal.why}"
            raise DataError(msg) from None
        restored = originals.restore(text, name=name)
    return restored.text.encode("utf-8", "surrogateescape"), restored


def restore_folder(source: Path, out: Path, originals: Originals) -> list[tuple[str, Restored]]:
    """Restore the redacted copies of a folder into a new one.

    Returns
    -------
    list of tuple
        Name and what was restored of each; those of no text of the table are left out.

    Raises
    ------
    DataError
        If none is of the table.
    OutputError
        If the folder cannot be written.
    """
    from iagkit.wire.output import OutputFolder

    place = OutputFolder(out)
    place.probe()
    done: list[tuple[str, Restored]] = []
    with place as folder:
        for path, name in _copies(source):
            with suppress(DataError):
                content, restored = restore(name, path.read_bytes(), originals)
                target = folder.path / name.replace(_MARK, "")
                target = target.with_suffix(".txt")
                put(target, content, private=True)
                done.append((name, restored))
        if not done:
            msg = (
                f"expected redacted copies of this table in '{source.name}'; there is none. Give "
                "the folder that was written together with the table"
            )
            raise DataError(msg)
    return done


def _copies(source: Path) -> Iterator[tuple[Path, str]]:
    for path in sorted(source.rglob(f"*{_MARK}.*")):
        if path.is_file() and not path.is_symlink():
            yield path, path.relative_to(source).as_posix()


def restore_table(table: pd.DataFrame, originals: Originals) -> tuple[pd.DataFrame, int]:
    """Put back who the pseudonyms in the cells of a table are.

    Returns
    -------
    table : DataFrame
    places : int
        Cells that were restored.
    """
    places = 0

    def one(cell: Any) -> Any:
        nonlocal places
        if not isinstance(cell, str):
            return cell
        try:
            restored = originals.restore(cell).text
        except DataError:
            return cell
        places += restored != cell
        return restored

    return table.map(one), places
