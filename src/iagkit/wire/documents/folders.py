"""Where documents lie: a file, a folder, a zip, or a manifest that names them."""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Final

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.wire.documents import packages
from iagkit.wire.documents.nouns import Limits, UnreadableError

if TYPE_CHECKING:
    import pandas as pd

MANIFEST: Final = "manifest.csv"
FILE: Final = "file"
NOT_NAMED: Final = say("the manifest does not name it")
NO_FILE: Final = say("it is a folder, a device or a pipe")
NOT_THERE: Final = say("there is no such file; the manifest may spell it otherwise")
SHUT: Final = say("it may not be opened; check its permissions")
_SIDE: Final = (".DS_Store", "Thumbs.db", "desktop.ini")


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A document where it lies: its name, its bytes or why there are none, the manifest's row."""

    name: str
    content: bytes = b""
    why: Message | None = None
    told: Mapping[str, object] = field(default_factory=dict)


def lying(source: str | Path, limits: Limits) -> Iterator[Lying]:
    """Give the documents of a source one by one.

    Raises
    ------
    DataError
        If there is nothing at the source, or more than the limits allow.
    """
    path = Path(source).expanduser()
    if not path.exists():
        msg = f"expected documents; there is nothing at '{path}'. Check the path and its spelling"
        raise DataError(msg)
    yield from _counted(_all(path, limits), limits)


def holds_documents(source: str | Path) -> bool:
    """Tell whether a source is a folder, a zip of documents or a manifest, and not a table."""
    path = Path(source).expanduser()
    if path.is_dir():
        return True
    if not path.is_file():
        return False
    if path.suffix.lower() == ".csv":
        return names_files(path)
    with path.open("rb") as file:
        return file.read(2) == b"PK" and not _is_workbook(path)


def _is_workbook(path: Path) -> bool:
    try:
        with zipfile.ZipFile(path) as archive:
            return bool({"xl/workbook.xml", "xl/workbook.bin"} & set(archive.namelist()))
    except zipfile.BadZipFile:
        return True  # a damaged workbook is told as such by who reads tables


def unpacked(name: str, content: bytes, limits: Limits, depth: int = 1) -> Iterator[Lying]:
    """Give the documents of a zip, and of the zips in it, within bounds; never to the disk."""
    if depth > limits.depth:
        yield Lying(name=name, why=say("it lies in too many archives, one within another"))
        return
    try:
        with packages.opened(content) as archive:
            entries = [i for i in archive.infolist() if not i.is_dir()]
            if len(entries) > limits.documents:
                yield Lying(name=name, why=say("it holds more files than the limits allow"))
                return
            wanted = [i for i in entries if _is_wanted(i.filename)]
            top = _top(wanted)
            listed = next((i for i in wanted if i.filename == top + MANIFEST), None)
            found = (_entry(name, archive, i, limits) for i in wanted if i is not listed)
            if listed is None or depth > 1:
                yield from found
                return
            rows = _rows(_table_in(packages.member(archive, listed, limits)))
            yield from _as_listed(found, {top + file: told for file, told in rows.items()})
    except UnreadableError as refusal:
        yield Lying(name=name, why=refusal.why)


def _top(entries: Sequence[zipfile.ZipInfo]) -> str:
    """Folder that all entries of an archive lie in, with its slash, or nothing."""
    tops = {i.filename.partition("/")[0] for i in entries if "/" in i.filename}
    whole = len(tops) == 1 and all("/" in i.filename for i in entries)
    return f"{tops.pop()}/" if whole else ""


def _is_wanted(inside: str) -> bool:
    return PurePosixPath(inside).name not in _SIDE and "__MACOSX" not in inside


def _as_listed(found: Iterator[Lying], rows: Mapping[str, Mapping[str, object]]) -> Iterator[Lying]:
    """Files of an archive with the rows of its manifest; those it does not name are told."""
    named = set()
    for one in found:
        named.add(one.name)
        if one.name in rows:
            yield replace(one, told=rows[one.name])
        else:
            yield Lying(name=one.name, why=NOT_NAMED)
    for name in rows.keys() - named:
        yield Lying(name=name, why=NOT_THERE)


def _entry(name: str, archive: zipfile.ZipFile, info: zipfile.ZipInfo, limits: Limits) -> Lying:
    inside = info.filename.replace("\\", "/")
    if inside.startswith("/") or ".." in PurePosixPath(inside).parts or ":" in inside[:3]:
        return Lying(name=f"{name}/…".lstrip("/"), why=say("its name points out of the archive"))
    whole = f"{name}/{inside}" if name else inside
    if (info.external_attr >> 16) & 0o170000 == 0o120000:
        return Lying(name=whole, why=say("it is a link, which is not followed"))
    try:
        return Lying(name=whole, content=packages.member(archive, info, limits))
    except UnreadableError as refusal:
        return Lying(name=whole, why=refusal.why)


def _counted(found: Iterator[Lying], limits: Limits) -> Iterator[Lying]:
    total = 0
    for n, one in enumerate(found):
        total += len(one.content)
        if n >= limits.documents or total > limits.total_bytes:
            what = "documents" if n >= limits.documents else "bytes"
            most = limits.documents if n >= limits.documents else limits.total_bytes
            msg = (
                f"expected at most {most:,} {what}; there are more. Give a part, or raise the limit"
            )
            raise DataError(msg)
        yield one


def _all(path: Path, limits: Limits) -> Iterator[Lying]:
    if path.is_dir():
        listed = path / MANIFEST
        yield from _manifest(listed, limits) if listed.is_file() else _folder(path, limits)
    elif names_files(path):
        yield from _manifest(path, limits)
    else:
        yield _file(path, path.name, limits)


def names_files(path: Path) -> bool:
    """Tell whether a CSV is a manifest: it has a column ``file`` whose first cell is a file."""
    if path.suffix.lower() != ".csv":
        return False
    try:
        table = _table(path)
    except DataError:
        return False
    if FILE not in table.columns or "text" in table.columns or not len(table):
        return False
    return (path.parent / str(table[FILE].iloc[0])).is_file()


def _table(path: Path) -> pd.DataFrame:
    from iagkit.wire import tables

    return tables.read_table(path)


def _table_in(content: bytes) -> pd.DataFrame:
    """Manifest of an archive, which lies nowhere."""
    from iagkit.wire import sources, tables

    return tables.read(sources.Source(name=MANIFEST, spooled=io.BytesIO(content)))


def _folder(root: Path, limits: Limits) -> Iterator[Lying]:
    """Files below a folder, in order of their names; links are told and not followed."""
    shut: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=shut.append, followlinks=False):
        folders.sort()
        for name in sorted(files + [f for f in folders if (Path(folder) / f).is_symlink()]):
            path = Path(folder) / name
            told = path.relative_to(root).as_posix()
            if name not in _SIDE and not name.startswith("."):
                yield _file(path, told, limits, root=root)
    for error in shut:
        yield Lying(name=Path(error.filename).relative_to(root).as_posix(), why=SHUT)


def _file(path: Path, told: str, limits: Limits, root: Path | None = None) -> Lying:
    try:
        return _looked_at(path, told, limits, root)
    except RuntimeError:
        return Lying(name=told, why=say("it is a link, which is not followed"))
    except OSError:
        return Lying(name=told, why=SHUT)


def _looked_at(path: Path, told: str, limits: Limits, root: Path | None) -> Lying:
    if root is not None and not path.resolve().is_relative_to(root.resolve()):
        return Lying(name=told, why=say("it is a link out of the folder, which is not followed"))
    if path.is_symlink() and path.is_dir():
        return Lying(name=told, why=say("it is a link, which is not followed"))
    if not path.is_file():
        return Lying(name=told, why=NO_FILE if path.exists() else NOT_THERE)
    if path.stat().st_size > limits.file_bytes:
        return Lying(name=told, why=too_large(limits))
    return Lying(name=told, content=path.read_bytes())


def too_large(limits: Limits) -> Message:
    """Say that a file is too large."""
    return say("it has more than {most} bytes; split it, or raise the limit of bytes",
               most=limits.file_bytes)  # fmt: skip


def _manifest(listed: Path, limits: Limits) -> Iterator[Lying]:
    """Files that a table names in its column ``file``; its other columns go along."""
    rows = _rows(_table(listed))
    for name, told in rows.items():
        yield replace(_file(listed.parent / name, name, limits, root=listed.parent), told=told)
    if listed.name == MANIFEST:
        yield from _not_named(listed.parent, set(rows) | {MANIFEST})


def _not_named(root: Path, named: Collection[str]) -> Iterator[Lying]:
    """Files of a folder that its manifest is silent about."""
    for path in sorted(p for p in root.rglob("*") if p.is_file() and not p.is_symlink()):
        told = path.relative_to(root).as_posix()
        if told not in named and path.name not in _SIDE and not path.name.startswith("."):
            yield Lying(name=told, why=NOT_NAMED)


def _rows(table: pd.DataFrame) -> dict[str, dict[str, object]]:
    """Columns of a manifest by the file they are about."""
    if FILE not in table.columns:
        msg = (
            f"expected a column '{FILE}' in the manifest '{MANIFEST}'; it has "
            f"{', '.join(map(str, table.columns[:8]))}. Name the column of the paths '{FILE}'"
        )
        raise DataError(msg)
    names = [str(name) for name in table[FILE]]
    if doubles := len(names) - len(set(names)):
        msg = f"expected each file once in '{MANIFEST}'; {doubles} rows repeat one. Take them out"
        raise DataError(msg)
    others = table.drop(columns=[FILE])
    told = [{str(k): v for k, v in row.items()} for row in others.to_dict("records")]
    return dict(zip(names, told, strict=True))
