"""Data sets that iagkit knows by name: their cards, and their bytes from origin or mirror."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Final

from iagkit.core.errors import FetchError
from iagkit.core.nouns import Card
from iagkit.wire import declare, fetching, files
from iagkit.wire.fetching import AbsentError, Pinned, Progress
from iagkit.wire.models import FileModel, ManifestModel

TABLES: Final = frozenset({"csv", "parquet", "jsonl", "xlsx"})


def names() -> tuple[str, ...]:
    """Names of the registered data sets, sorted."""
    return files.names("datasets")


def card(name: str) -> Card:
    """What everyone should know of a data set before using it.

    Raises
    ------
    DeclarationError
        If no data set has this name.
    """
    return declare.card(files.find("datasets", name))


def manifest(name: str) -> ManifestModel:
    """Where the bytes of a data set are, and which they must be."""
    return declare.manifest(_folder(name) / "manifest.yaml")


def cache() -> Path:
    """Folder for fetched data: ``IAGKIT_DATA``, else the platform's cache."""
    if told := os.environ.get("IAGKIT_DATA"):
        return Path(told).expanduser()
    home = Path.home()
    if sys.platform == "darwin":
        return home / "Library/Caches/iagkit"
    base = os.environ.get("LOCALAPPDATA" if os.name == "nt" else "XDG_CACHE_HOME")
    return (Path(base) if base else home / ".cache") / "iagkit"


def fetch(
    name: str,
    *,
    into: Path | None = None,
    mirror: str | None = None,
    progress: Progress | None = None,
) -> list[Path]:
    """Bring all files of a data set, and check their SHA-256.

    Parameters
    ----------
    name : str
        A registered data set.
    into : Path, optional
        Folder; default: a folder of its own in the cache.
    mirror : str, optional
        Folder or http(s) address; default: ``IAGKIT_DATA_MIRROR``. Asked before the origin;
        the origin is asked only for what the mirror does not have.
    progress : callable, optional
        Told file, bytes here, bytes in all.

    Returns
    -------
    list of Path
        In the order of the manifest; a file that is already there and right is not brought again.

    Raises
    ------
    FetchError
        If a file is nowhere to be had, or its bytes are not the pinned ones.
    """
    pinned = manifest(name)
    folder = Path(into) if into is not None else cache() / name
    mirror = mirror if mirror is not None else os.environ.get("IAGKIT_DATA_MIRROR") or None
    return [_fetch(name, file, folder, mirror, progress) for file in pinned.files]


def table_of(name: str) -> Path:
    """The one table of a data set, brought first if it is not here.

    Raises
    ------
    FetchError
        If the data set is not a single table, or cannot be brought.
    """
    tables = [file for file in manifest(name).files if file.format in TABLES]
    if len(tables) != 1:
        kinds = ", ".join(sorted({file.format for file in manifest(name).files}))
        msg = (
            f"expected a data set with one table; '{name}' has {len(tables)} (its files: {kinds}). "
            f"Fetch it with 'iagkit datasets fetch {name}' and name the file you want"
        )
        raise FetchError(msg)
    mirror = os.environ.get("IAGKIT_DATA_MIRROR") or None
    return _fetch(name, tables[0], cache() / name, mirror, None)


def file_of(name: str, file: str) -> Path:
    """One file of a data set, brought first if it is not here; the others are not asked for.

    Raises
    ------
    FetchError
        If the data set has no such file, or it cannot be brought.
    """
    pinned = {one.file: one for one in manifest(name).files}
    if file not in pinned:
        msg = f"'{name}' has no file '{file}'; it has {', '.join(pinned)}. Name one of these"
        raise FetchError(msg)
    mirror = os.environ.get("IAGKIT_DATA_MIRROR") or None
    return _fetch(name, pinned[file], cache() / name, mirror, None)


def _folder(name: str) -> Path:
    return files.find("datasets", name).parent


def _fetch(
    name: str, file: FileModel, folder: Path, mirror: str | None, progress: Progress | None
) -> Path:
    wanted = Pinned(name=file.file, size=file.bytes, sha256=file.sha256)
    if file.shipped:
        return _shipped(name, wanted)
    target = folder / file.file
    if fetching.is_whole(target, wanted):
        return target
    if mirror and file.mirror:
        try:
            _from_mirror(mirror, file.mirror, target, wanted, progress)
        except AbsentError:
            if file.url is None:
                raise
        else:
            return target
    if file.url is None:
        raise _only_in_a_mirror(name, file)
    fetching.from_url(str(file.url), target, wanted, progress=progress)
    return target


def _from_mirror(
    mirror: str, inside: str, target: Path, wanted: Pinned, progress: Progress | None
) -> None:
    if mirror.startswith(("http://", "https://")):
        url = f"{mirror.rstrip('/')}/{inside}"
        fetching.from_url(url, target, wanted, progress=progress)
        return
    folder = Path(mirror).expanduser()
    if "://" in mirror or not folder.is_dir():
        msg = f"expected a folder or an http(s) address as mirror; got '{mirror}'. Check it"
        raise FetchError(msg)
    fetching.from_folder(folder / inside, target, wanted)


def _shipped(name: str, wanted: Pinned) -> Path:
    path = _folder(name) / wanted.name
    if not fetching.is_whole(path, wanted):
        msg = (
            f"'{wanted.name}' of '{name}' should come with iagkit; it is missing or changed. "
            "Install iagkit again"
        )
        raise FetchError(msg)
    return path


def _only_in_a_mirror(name: str, file: FileModel) -> FetchError:
    msg = (
        f"'{file.file}' of '{name}' has no public address: it was derived from "
        f"{file.derived_from}. Set IAGKIT_DATA_MIRROR to a folder or address that has "
        f"'{file.mirror}', or prepare it from there yourself"
    )
    return FetchError(msg)
