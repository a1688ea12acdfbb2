"""Zip containers, opened with bounds: archives of documents, DOCX and ODT alike."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import PurePosixPath
from typing import Final

from iagkit.core.message import say
from iagkit.wire.documents.nouns import Limits, UnreadableError

ENTRIES: Final = 10_000
"""Most parts of one office document."""
_SMALL: Final = 1 << 20
_BLOCK: Final = 1 << 18
_LOCKED: Final = 1
_EPOCH: Final = (1980, 1, 1, 0, 0, 0)


@contextmanager
def opened(content: bytes) -> Iterator[zipfile.ZipFile]:
    """Open a zip.

    Raises
    ------
    UnreadableError
        If it is damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            yield archive
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError):
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None


def member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> bytes:
    """Unpack one entry, counting what really comes out and not what its header promises.

    Raises
    ------
    UnreadableError
        If it is locked, or grows beyond the limits.
    """
    if info.flag_bits & _LOCKED:
        raise UnreadableError(say("it is protected by a password"))
    most = min(limits.file_bytes, max(_SMALL, info.compress_size * limits.ratio))
    blocks: list[bytes] = []
    size = 0
    try:
        with archive.open(info) as packed:
            while block := packed.read(_BLOCK):
                size += len(block)
                if size > most:
                    raise UnreadableError(
                        say("it grows beyond the limits when unpacked, as a zip bomb does")
                    )
                blocks.append(block)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, RuntimeError):
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None
    return b"".join(blocks)


def parts(content: bytes, limits: Limits) -> dict[str, bytes]:
    """All XML parts of an office document, and no other.

    Raises
    ------
    UnreadableError
        If it is damaged, locked, or grows beyond the limits.
    """
    found: dict[str, bytes] = {}
    left = limits.file_bytes
    with opened(content) as archive:
        if len(archive.infolist()) > ENTRIES:
            raise UnreadableError(
                say("it grows beyond the limits when unpacked, as a zip bomb does")
            )
        for info in archive.infolist():
            if PurePosixPath(info.filename).suffix.lower() in (".xml", ".rels"):
                found[info.filename] = member(archive, info, limits)
                left -= len(found[info.filename])
            if left < 0:
                raise UnreadableError(
                    say("it grows beyond the limits when unpacked, as a zip bomb does")
                )
    return found


def names(content: bytes) -> list[str]:
    """Name the entries of a zip."""
    with opened(content) as archive:
        return archive.namelist()


def packed(written: Mapping[str, bytes], *, plain_first: str | None = None) -> bytes:
    """Make a zip without dates or comments; `plain_first` is stored first and uncompressed."""
    made = io.BytesIO()
    ordered = sorted(written, key=lambda name: (name != plain_first, name))
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in ordered:
            info = zipfile.ZipInfo(name, _EPOCH)
            kind = zipfile.ZIP_STORED if name == plain_first else zipfile.ZIP_DEFLATED
            archive.writestr(info, written[name], compress_type=kind)
    return made.getvalue()
