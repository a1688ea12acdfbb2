"""Result folders that are either whole or not there, whatever happens on the way."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Literal, NoReturn, Self

from iagkit.core.errors import IagkitError, OutputError
from iagkit.core.message import Message, say
from iagkit.wire.process import is_gone, token

Stage = Literal["partial", "ready"]
HELP = {
    errno.EROFS: "the disk is read-only. Give --out a folder on a disk you can write to",
    errno.EACCES: "you may not write there. Give --out a folder of yours, or ask for permission",
    errno.EPERM: "you may not write there. Give --out a folder of yours, or ask for permission",
    errno.ENOSPC: "the disk is full. Free some space, or give --out a folder on another disk",
    errno.EDQUOT: "your disk quota is used up. Free some space, or give --out another disk",
    errno.ENOTDIR: "a part of that path is a file, not a folder. Give --out another path",
    errno.EEXIST: "a file of that name is in the way. Give --out another path",
    errno.ENOENT: "no folder can be made there. Give --out another path",
    errno.ENAMETOOLONG: "that name is too long. Give --out a shorter path",
}
FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


class OutputFolder:
    """A folder for the results of one run: written aside, and put in place when whole.

    Everything is written to ``path``, a hidden folder beside the target. When the block
    ends well, the files are forced to disk and the folder is renamed; when it does not,
    or the process is killed, the target is as it was before. What a killed process left
    is cleared away (or, if it was whole already, put in place) by the next one.

    Parameters
    ----------
    target : path-like
        Where the results shall stand. An existing folder with a record of iagkit is moved
        to ``<target>.before-<UTC time>``; an existing folder with anything else is refused.
    keep_previous : bool, default True
        If false, the previous results are removed once the new ones are in place.
    ours : callable, default is_ours
        Tells of an existing folder whether everything in it may be moved or removed.

    Attributes
    ----------
    path : Path
        Where to write, inside the block.
    kept : Path or None
        Where the previous results are, after the block.

    Raises
    ------
    OutputError
        If nothing can be written there, or something of others would be lost.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp(), "results")
    >>> with OutputFolder(target) as folder:
    ...     _ = (folder.path / "answer.txt").write_text("42")
    >>> [file.name for file in target.iterdir()]
    ['answer.txt']
    """

    def __init__(
        self, target: str | os.PathLike[str], *, keep_previous: bool = True,
        ours: Callable[[Path], bool] | None = None,
    ) -> None:  # fmt: skip
        self.shown = os.fspath(target)
        self.target = Path(target).absolute()
        self.keep_previous, self.ours = keep_previous, ours or is_ours
        self.kept: Path | None = None
        self._path: Path | None = None

    @property
    def path(self) -> Path:
        """Folder to write to; there is one only inside the block."""
        if self._path is None:
            msg = "an output folder is written to inside its 'with' block only"
            raise OutputError(msg)
        return self._path

    @property
    def notice(self) -> Message | None:
        """What to tell a person about earlier results, if there were any."""
        if self.kept is None:
            return None
        return say("the previous results were moved to '{place}'", place=str(self.kept))

    def probe(self) -> None:
        """Find out now, before any work, whether the results can be written later.

        Raises
        ------
        OutputError
            For the same reasons as the block itself.
        """
        with self._explained():
            made = _missing(self.target.parent)
            self._prepare()
            aside = self._make("partial")
            try:
                _write_and_sync(aside / "probe", b"\0" * 4096)
            finally:
                shutil.rmtree(aside, ignore_errors=True)
                for folder in made:
                    with suppress(OSError):
                        folder.rmdir()

    def __enter__(self) -> Self:
        """Make the folder to write to."""
        with self._explained():
            self._prepare()
            self._path = self._make("partial")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Put the results in place, or leave everything as it was; a second time does nothing."""
        path, self._path = self._path, None
        if path is None:
            return
        try:
            if error is None:
                with self._explained():
                    self._publish(path)
        finally:
            shutil.rmtree(path, ignore_errors=True)
        if error is not None and (number := _disk_is_full(error)):
            self._refuse(number)

    def _prepare(self) -> None:
        try:
            self.target = self.target.resolve()
        except RuntimeError:  # links that lead in a circle
            self._refuse(errno.ELOOP)
        self._refuse_odd_places()
        with suppress(FileExistsError):
            self.target.parent.mkdir(parents=True, exist_ok=True)
        self._settle_the_past()
        self._refuse_what_is_not_ours()

    def _refuse_odd_places(self) -> None:
        here = Path.cwd()
        if self.target == here or self.target in here.parents:
            msg = (
                f"expected a folder of its own for the results; '{self.shown}' is the folder you "
                "are in, or holds it. Give --out a new name, such as 'out/results'"
            )
            raise OutputError(msg)
        if self.target.is_mount():
            msg = (
                f"'{self.shown}' is where a disk is mounted, so results cannot be put there in "
                f"one step. Give --out a folder in it, such as '{self.shown}/results'"
            )
            raise OutputError(msg)

    def _settle_the_past(self) -> None:
        for stage, folder in _left_behind(self.target):
            if stage == "partial":
                shutil.rmtree(folder, ignore_errors=True)
            else:
                folder.rename(_free_name(self.target) if self.target.exists() else self.target)

    def _refuse_what_is_not_ours(self) -> None:
        if self.target.is_dir() and not _is_empty(self.target) and not self.ours(self.target):
            msg = (
                f"'{self.shown}' holds files that are not results of iagkit; nothing was touched. "
                "Give --out a new or an empty folder"
            )
            raise OutputError(msg)
        if self.target.exists() and not self.target.is_dir():
            self._refuse(errno.EEXIST)

    def _make(self, stage: Stage) -> Path:
        folder = self._beside(stage)
        folder.mkdir()
        if self.target.is_dir():
            shutil.copymode(self.target, folder)
        return folder

    def _beside(self, stage: Stage) -> Path:
        name = f"{_prefix(self.target, stage)}{token()}-{uuid.uuid4().hex[:8]}"
        return self.target.with_name(name)

    def _publish(self, path: Path) -> None:
        _sync(path)
        ready = self._beside("ready")
        path.rename(ready)
        try:
            before = self._replace(ready)
        except (OSError, OutputError) as error:
            self._refuse_but_keep(ready, error)
        _sync_one(self.target.parent)
        if before is not None and not self.keep_previous:
            shutil.rmtree(before, ignore_errors=True)
        elif before is not None:
            self.kept = before

    def _replace(self, ready: Path) -> Path | None:
        self._refuse_what_is_not_ours()
        before = self._set_aside()
        try:
            ready.rename(self.target)
        except OSError:
            if before is not None:
                before.rename(self.target)
            raise
        return before

    def _refuse_but_keep(self, ready: Path, error: Exception) -> NoReturn:
        """Hours of work are not thrown away because something else took their place."""
        finished = _free_name(self.target, "finished")
        ready.rename(finished)
        why = os.strerror(error.errno or 0) if isinstance(error, OSError) else str(error)
        msg = f"the results are whole, but stand in '{finished}': {why}"
        raise OutputError(msg) from None

    def _set_aside(self) -> Path | None:
        if not self.target.exists():
            return None
        if _is_empty(self.target):
            self.target.rmdir()
            return None
        before = _free_name(self.target)
        self.target.rename(before)
        return before

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._refuse(error.errno)

    def _refuse(self, number: int | None) -> NoReturn:
        why = HELP.get(number or 0, f"the system says: {os.strerror(number or 0)}")
        msg = f"the results cannot be written to '{self.shown}': {why}. Earlier results are intact"
        raise OutputError(msg) from None


def write_files(out: str | os.PathLike[str], files: Mapping[str, str]) -> tuple[Path, ...]:
    """Write texts as a folder of their own, whole or not at all.

    Parameters
    ----------
    out : path-like
        An existing folder of exactly these files is moved aside, as :class:`OutputFolder` does;
        one with anything else, such as a run, is refused.
    files : mapping of str to str
        Name → text.

    Returns
    -------
    tuple of Path

    Raises
    ------
    OutputError
        If nothing can be written there, or something of others would be lost.
    """

    def same(folder: Path) -> bool:
        return {one.name for one in folder.iterdir()} == {*files}

    with OutputFolder(out, ours=same) as folder:
        for name, text in files.items():
            (folder.path / name).write_bytes(text.encode())
    return tuple(Path(out) / name for name in files)


def is_ours(folder: Path) -> bool:
    """Tell whether a folder holds a record of iagkit, sealed or tampered with."""
    try:
        record = json.loads((folder / "record.json").read_bytes())
        return str(record["about"]["format"]).startswith("iagkit-record/")
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _left_behind(target: Path) -> Iterator[tuple[Stage, Path]]:
    stages: tuple[Stage, ...] = ("ready", "partial")
    for stage in stages:
        prefix = _prefix(target, stage)
        for folder in sorted(target.parent.iterdir()):
            owner = folder.name.removeprefix(prefix).rpartition("-")[0]
            if folder.name.startswith(prefix) and is_gone(owner):
                yield stage, folder


def _prefix(target: Path, stage: Stage) -> str:
    name = target.name
    if len(name) > 100:
        name = f"{name[:40]}-{hashlib.sha256(os.fsencode(target.name)).hexdigest()[:16]}"
    return f".{name}.{stage}-"


def _free_name(target: Path, word: str = "before") -> Path:
    stem = f"{target.name}.{word}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}"
    number, free = 1, target.with_name(stem)
    while free.exists():
        number += 1
        free = target.with_name(f"{stem}-{number}")
    return free


def _is_empty(folder: Path) -> bool:
    return next(folder.iterdir(), None) is None


def _missing(folder: Path) -> list[Path]:
    """Folders that are not there yet, the deepest first."""
    return [f for f in (folder, *folder.parents) if not f.exists()]


def _write_and_sync(file: Path, content: bytes) -> None:
    with file.open("wb") as opened:
        opened.write(content)
        opened.flush()
        os.fsync(opened.fileno())


def _sync(folder: Path) -> None:
    """Force everything in a folder to disk: a full disk may show itself only here."""
    for place in folder.rglob("*"):
        _sync_one(place)
    _sync_one(folder)


def _sync_one(place: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _disk_is_full(error: BaseException | None) -> int | None:
    """Number of the error that began it, if that was a full disk."""
    while error is not None and not isinstance(error, IagkitError):
        if isinstance(error, OSError) and error.errno in FULL:
            return error.errno
        error = error.__cause__ or error.__context__
    return None
