"""Where a table comes from: a file, standard input or a database; and what its bytes are."""

from __future__ import annotations

import gzip
import hashlib
import re
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Literal, NoReturn, cast

from iagkit.core.errors import DataError
from iagkit.core.registry import did_you_mean

Format = Literal["csv", "xlsx", "parquet", "jsonl", "json"]
CHUNK: Final = 1 << 20
HEAD: Final = 1 << 16
READS: Final = "CSV, Excel (.xlsx), Parquet or JSON Lines"
FOREIGN: Final = (
    (b"\xd0\xcf\x11\xe0", "an old or password-protected Excel file. Save it as .xlsx or CSV"),
    (b"%PDF", "a PDF. Export the table behind it as CSV"),
    (b"SQLite format 3\0", "an SQLite database. Give it as sqlite:///FILE, with --query"),
    (b"\x89PNG", "a picture. Export the table as CSV"),
    (b"\xff\xd8\xff", "a picture. Export the table as CSV"),
    (b"GIF8", "a picture. Export the table as CSV"),
    (b"Rar!", "a compressed archive. Unpack it first"),
    (b"7z\xbc\xaf", "a compressed archive. Unpack it first"),
    (b"BZh", "a bzip2 file. Unpack it first"),
    (b"\xfd7zXZ", "an xz file. Unpack it first"),
    (b"(\xb5/\xfd", "a zstandard file. Unpack it first"),
    (b"\x80\x04", "a pickle, which iagkit never opens. Save the table as CSV or Parquet"),
    (b"\x80\x05", "a pickle, which iagkit never opens. Save the table as CSV or Parquet"),
    (b"ARROW1", "an Arrow file. Save the table as Parquet"),
    (b"\x7fELF", "a program, not a table"),
    (b"MZ\x90", "a program, not a table"),
)


@dataclass(slots=True, kw_only=True)
class Source:
    """Bytes that can be read more than once.

    Parameters
    ----------
    name : str
        File name without folders; ``"standard input"`` for ``"-"``.
    path : Path or None
        The file; ``None`` for standard input.
    spooled : file or None
        Copy of standard input, in memory or in a file without a name.
    """

    name: str
    path: Path | None = None
    spooled: IO[bytes] | None = None

    @contextmanager
    def stored(self) -> Iterator[IO[bytes]]:
        """Open the bytes as they are stored, from the first."""
        if self.spooled is not None:
            self.spooled.seek(0)
            yield self.spooled
            return
        assert self.path is not None
        try:
            opened = self.path.open("rb")
        except OSError as error:
            _cannot_open(self.name, error)
        with opened:
            yield opened

    @contextmanager
    def unpacked(self) -> Iterator[IO[bytes]]:
        """Open the bytes, decompressed if they are gzip."""
        with self.stored() as stored:
            packed = stored.read(2) == b"\x1f\x8b"
            stored.seek(0)
            if not packed:
                yield stored
                return
            try:
                with gzip.GzipFile(fileobj=stored, mode="rb") as opened:
                    yield cast("IO[bytes]", opened)
            except (EOFError, gzip.BadGzipFile, zlib.error):
                msg = (
                    f"expected a whole gzip file; '{self.name}' is damaged or cut. Copy or "
                    "download it again"
                )
                raise DataError(msg) from None

    def head(self, size: int = HEAD) -> bytes:
        """First bytes, decompressed."""
        with self.unpacked() as opened:
            return opened.read(size)

    def blocks(self) -> Iterator[bytes]:
        """All bytes, decompressed, in blocks of about a megabyte."""
        with self.unpacked() as opened:
            while block := opened.read(CHUNK):
                yield block

    def sha256(self) -> str:
        """Digest of the bytes as stored."""
        with self.stored() as stored:
            digest = hashlib.sha256()
            while block := stored.read(CHUNK):
                digest.update(block)
            return digest.hexdigest()

    def size(self) -> int:
        """Bytes as stored."""
        with self.stored() as stored:
            return stored.seek(0, 2)

    def packed(self) -> bool:
        """Tell whether the bytes are gzip."""
        with self.stored() as stored:
            return stored.read(2) == b"\x1f\x8b"


def seekable(opened: IO[bytes]) -> IO[bytes]:
    """Unwrap the copy of standard input: its wrapper cannot tell whether it can seek."""
    return cast("IO[bytes]", getattr(opened, "_file", opened))


def source(given: str | Path) -> Source:
    """Find a file, or take standard input for ``"-"``.

    Raises
    ------
    DataError
        If there is no such file, it is a folder, or it is empty.
    """
    found = _standard_input() if str(given) == "-" else _file(Path(given).expanduser())
    if found.size() == 0:
        msg = (
            f"expected a table with a header; '{found.name}' is empty (0 bytes). Export it again, "
            "or name another file"
        )
        raise DataError(msg)
    return found


def _file(path: Path) -> Source:
    if path.is_dir():
        msg = (
            f"expected a file; '{path}' is a folder. Name the table in it "
            f"({_listed(_tables_in(path)) or 'there is none that iagkit reads'})"
        )
        raise DataError(msg)
    if not path.exists():
        near = did_you_mean(path.name, _tables_in(path.parent))
        msg = f"expected a file; there is none at '{path}'.{near} Check the path and its spelling"
        raise DataError(msg)
    if not path.is_file():
        msg = f"expected a file; '{path}' is a device or a pipe. Save the table to a file, or use -"
        raise DataError(msg)
    return Source(name=path.name, path=path)


def _standard_input() -> Source:
    """Keep what comes in, in memory or in a file without a name: it is read more than once."""
    kept: IO[bytes] = tempfile.SpooledTemporaryFile(max_size=8 * CHUNK)  # noqa: SIM115
    while block := sys.stdin.buffer.read(CHUNK):
        kept.write(block)
    return Source(name="standard input", spooled=kept)


def _tables_in(folder: Path) -> list[str]:
    ends = {
        ".csv", ".tsv", ".txt", ".xlsx", ".parquet", ".jsonl", ".ndjson", ".json", ".gz", ".xes",
        ".sqlite",
    }  # fmt: skip
    try:
        return sorted(p.name for p in folder.iterdir() if p.suffix.lower() in ends)
    except OSError:
        return []


def _listed(names: list[str]) -> str:
    return ", ".join(names[:5]) + (" ..." if len(names) > 5 else "")


def _cannot_open(name: str, error: OSError) -> NoReturn:
    msg = f"'{name}' cannot be opened ({error.strerror}). Check that you may read it"
    raise DataError(msg) from None


def recognise(given: Source) -> Format:
    """Tell the format by the content first, by the name only between kinds of text.

    Raises
    ------
    DataError
        If the bytes are of a kind that iagkit does not read.
    """
    head = given.head()
    if head.startswith(b"PAR1"):
        return "parquet"
    if head.startswith(b"PK"):
        return _zip(given)
    for magic, kind in FOREIGN:
        if head.startswith(magic):
            msg = f"expected {READS}; '{given.name}' is {kind}"
            raise DataError(msg)
    _refuse_disguise(given, head)
    return _text(given, head)


def _zip(given: Source) -> Format:
    try:
        with given.stored() as stored, zipfile.ZipFile(seekable(stored)) as archive:
            names = archive.namelist()
    except zipfile.BadZipFile:
        msg = (
            f"expected a whole Excel file; '{given.name}' is damaged or cut. Copy or export it "
            "again"
        )
        raise DataError(msg) from None
    if "xl/workbook.xml" in names:
        return "xlsx"
    kind = "an OpenDocument file" if "content.xml" in names else "a zip archive"
    kind = "a binary Excel file (.xlsb)" if "xl/workbook.bin" in names else kind
    msg = f"expected {READS}; '{given.name}' is {kind}. Save the table in it as .xlsx or CSV"
    raise DataError(msg)


def _refuse_disguise(given: Source, head: bytes) -> None:
    told = {".parquet": "Parquet", ".xlsx": "Excel"}.get(Path(given.name).suffix.lower())
    if told:
        msg = (
            f"expected {told}, by its name; the content of '{given.name}' is not {told}, so it is "
            "damaged or named wrongly. Copy it again, or give it its right name"
        )
        raise DataError(msg)
    if b"<html" in head[:2000].lower() or head.lstrip()[:5] in (b"<?xml", b"<!DOC"):
        msg = (
            f"expected {READS}; '{given.name}' is a web page or XML. It may be an error page saved "
            "in place of the file: download it again, or save it as CSV"
        )
        raise DataError(msg)


def _text(given: Source, head: bytes) -> Format:
    start = re.sub(rb"^(\xef\xbb\xbf|\xff\xfe|\xfe\xff)|\0", b"", head[:4000]).lstrip()
    suffixes = {s.lower() for s in Path(given.name).suffixes}
    if start.startswith(b"{") and (
        re.match(rb'\{\s*["}]', start) or suffixes & {".jsonl", ".ndjson"}
    ):
        return "jsonl"
    if re.match(rb"\[\s*\{", start):
        return "json"
    if suffixes & {".jsonl", ".ndjson"}:
        return "jsonl"
    return "json" if ".json" in suffixes else "csv"
