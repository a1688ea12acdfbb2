"""The database of a new store: made whole or not at all, by one process at a time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from iagkit.track import door
from iagkit.wire.process import is_gone, token


def make(file: Path) -> None:
    """Make the sqlite database of a store if there is none yet.

    MLflow takes seconds to lay out its tables, and does not survive being killed meanwhile,
    nor a second process that does the same; so it is done aside, under a lock.
    """
    with _alone(file.parent):
        _clear(file)
        if file.exists():
            return
        aside = file.with_name(f"{_prefix(file)}{token()}")
        uri = f"sqlite:///{aside.as_posix()}"
        client = door.mlflow().MlflowClient(tracking_uri=uri, registry_uri=uri)
        client.search_experiments(max_results=1)
        aside.replace(file)


def _prefix(file: Path) -> str:
    return f".{file.name}.new-"


def _clear(file: Path) -> None:
    """Remove what killed processes left of databases they were making."""
    for left in file.parent.glob(f"{_prefix(file)}*"):
        if is_gone(left.name.removeprefix(_prefix(file)).removesuffix("-journal")):
            left.unlink()


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Wait until no other process makes a store here; the lock ends with its process."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    with (folder / ".lock").open("w") as file:
        with suppress(OSError):
            fcntl.flock(file, fcntl.LOCK_EX)
        yield
