"""Single files of results: written whole or not at all, and never over what is read."""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from iagkit.core.errors import OutputError

_OWNER: Final = 0o600
_ALL: Final = 0o666


def put(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file whole, or not at all.

    Parameters
    ----------
    path : Path
    content : bytes
    private : bool
        Whether its owner alone may read it: it holds personal data.

    Raises
    ------
    OutputError
        If it cannot be written there; what stood there before stays.
    """
    refuse_odd_place(path)
    aside = path.with_name(f".{path.name}.partial-{os.getpid()}")
    try:
        write_new(aside, content, private=private)
        aside.replace(path)
    except OSError as error:
        msg = f"'{path}' cannot be written ({error.strerror}). Give another file"
        raise OutputError(msg) from None
    finally:
        with suppress(OSError):
            aside.unlink(missing_ok=True)


def write_new(path: Path, content: bytes, *, private: bool = False) -> None:
    """Write a file that is not there yet, with its folders; what the system says is passed on."""
    path.parent.mkdir(parents=True, exist_ok=True)
    made = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER if private else _ALL)
    with os.fdopen(made, "wb") as file:
        file.write(content)


def refuse_odd_place(path: Path) -> None:
    """Refuse a folder, and a device or pipe: a file that is put there would remove it.

    Raises
    ------
    OutputError
        If something that is no file stands there.
    """
    if path.exists() and not path.is_file():
        kind = "a folder" if path.is_dir() else "a device or pipe"
        msg = f"expected a file to write to; '{path}' is {kind}. Name a file"
        raise OutputError(msg)


def refuse_to_replace(written: Iterable[Path | None], read: Iterable[Path | None]) -> None:
    """Refuse places of results that are what is read, or one and the same place.

    Raises
    ------
    OutputError
        If a document, a table or a key would be lost.
    """
    taken = {path.resolve() for path in read if path is not None and path.is_file()}
    for path in written:
        if path is None:
            continue
        if path.resolve() in taken:
            msg = (
                f"'{path}' is read, or named for two results; it would be lost. Give each result "
                "a file of its own"
            )
            raise OutputError(msg)
        taken.add(path.resolve())
