"""Where a tracking store is: a folder, or the address of a database or server."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import NoReturn
from urllib.parse import urlsplit

from iagkit.core.errors import TrackingError

FOLDER = "iagkit-store"
DATABASES = ("sqlite", "postgresql", "mysql", "mssql")
SERVERS = ("http", "https")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Address of a store.

    Parameters
    ----------
    uri : str
        For MLflow; may hold a password, so it is never shown.
    shown : str
        For people.
    artifacts : Path, optional
        Folder for files; ``None`` where a server decides.
    database : Path, optional
        File of an sqlite store.
    """

    uri: str = field(repr=False)
    shown: str
    artifacts: Path | None = None
    database: Path | None = None


def find(place: str | os.PathLike[str] | None = None) -> Place:
    """Locate the store: as told, else ``IAGKIT_STORE``, else ``MLFLOW_TRACKING_URI``, else here.

    Raises
    ------
    TrackingError
        For a store of loose files, which MLflow gave up, and for unknown kinds of address.
    """
    if place is None:
        place = os.environ.get("IAGKIT_STORE") or _mlflow_uri() or FOLDER
    text = os.fspath(place)
    if "://" in text or text.startswith("file:"):
        return _at_address(text)
    return _in_folder(Path(text).absolute())


def _mlflow_uri() -> str | None:
    uri = os.environ.get("MLFLOW_TRACKING_URI")
    if uri and "://" not in uri:
        _refuse_files("MLFLOW_TRACKING_URI")
    return uri or None


def _in_folder(folder: Path) -> Place:
    if (folder / "meta.yaml").exists() or (folder / "0" / "meta.yaml").exists():
        _refuse_files(f"'{folder}'")
    return _of_file(folder / "mlflow.db", shown=f"'{folder}'")


def _at_address(uri: str) -> Place:
    scheme = urlsplit(uri).scheme.partition("+")[0]
    if scheme == "file":
        _refuse_files("a 'file:' address")
    if scheme in SERVERS:
        return Place(uri=uri, shown=_without_password(uri))
    if scheme == "sqlite":
        return _in_sqlite(uri)
    if scheme in DATABASES:
        return Place(
            uri=uri, shown=_without_password(uri), artifacts=Path(FOLDER, "artifacts").absolute()
        )
    msg = (
        f"expected a folder, or an address that begins with {', '.join((*DATABASES, *SERVERS))}; "
        f"got one that begins with '{scheme}'"
    )
    raise TrackingError(msg)


def _in_sqlite(uri: str) -> Place:
    file = uri.partition(":///")[2]
    if not file or file.startswith(":memory:"):
        msg = "expected 'sqlite:///FILE'; a store in memory would forget every run it is given"
        raise TrackingError(msg)
    path = Path(file).absolute()
    return _of_file(path, shown=f"'{path}'")


def _of_file(file: Path, *, shown: str) -> Place:
    return Place(
        uri=f"sqlite:///{file.as_posix()}",
        shown=shown,
        artifacts=file.parent / "artifacts",
        database=file,
    )


def _refuse_files(what: str) -> NoReturn:
    msg = (
        f"{what} is an MLflow store of loose files. MLflow no longer maintains that kind, and it "
        "has no model registry to promote in. Give a folder of its own for an sqlite store, such "
        f"as '{FOLDER}', or the address of a database or server"
    )
    raise TrackingError(msg)


def _without_password(uri: str) -> str:
    parts = urlsplit(uri)
    return f"'{parts.scheme}://{parts.hostname or ''}{parts.path}'"
