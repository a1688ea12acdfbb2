"""Bring one pinned file: resumed where it stopped, put in place only when every byte is right."""

from __future__ import annotations

import errno
import hashlib
import http.client
import re
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from iagkit.core.errors import FetchError

Progress = Callable[[str, int, int], None]
"""Told the file, the bytes that are here, and the bytes in all."""
BLOCK: Final = 1 << 18
SECONDS: Final = 30.0
ATTEMPTS: Final = 3
PAUSE = 0.5
"""Seconds to wait after the first broken connection; twice as long after each more."""
TRANSIENT: Final = frozenset({408, 425, 429, 500, 502, 503, 504})


class AbsentError(FetchError):
    """A place that answers, but does not have the file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pinned:
    """Which bytes are wanted."""

    name: str
    size: int
    sha256: str


def is_whole(path: Path, wanted: Pinned) -> bool:
    """Tell whether a file is there with exactly the pinned bytes."""
    return path.is_file() and path.stat().st_size == wanted.size and _sha256(path) == wanted.sha256


def from_folder(origin: Path, target: Path, wanted: Pinned) -> None:
    """Copy a pinned file from a folder.

    Raises
    ------
    FetchError
        If it is not there (:class:`AbsentError`), is not the pinned one, or cannot be copied.
    """
    if not origin.is_file():
        msg = (
            f"the mirror has no file '{origin}'. Check IAGKIT_DATA_MIRROR, or fetch it there first"
        )
        raise AbsentError(msg)
    part = _part(target)
    with _disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(origin, part)
    _finish(part, target, wanted, str(origin))


def from_url(
    url: str,
    target: Path,
    wanted: Pinned,
    *,
    progress: Progress | None = None,
    seconds: float = SECONDS,
    attempts: int = ATTEMPTS,
) -> None:
    """Download a pinned file, going on from an earlier ``.part`` where there is one.

    Parameters
    ----------
    url : str
        http or https.
    target : Path
        Where it is put when whole; until then ``<target>.part`` stands beside.
    wanted : Pinned
    progress : callable, optional
    seconds : float
        Longest silence of the server.
    attempts : int
        Connections that may break before it is given up; each goes on where the last stopped.

    Raises
    ------
    FetchError
        If the server does not answer, stops early, has no such file (:class:`AbsentError`),
        serves other bytes, or the disk is full.
    """
    part = _part(target)
    with _disk(target):
        target.parent.mkdir(parents=True, exist_ok=True)
        resumed = part.exists()
        _all_of_it(url, part, wanted, progress, seconds, attempts)
        if resumed and _sha256(part) != wanted.sha256:
            part.unlink()  # what an earlier try left may have been the beginning of another file
            _all_of_it(url, part, wanted, progress, seconds, attempts)
    _finish(part, target, wanted, url)


def _all_of_it(
    url: str, part: Path, wanted: Pinned, progress: Progress | None, seconds: float, attempts: int
) -> None:
    for attempt in range(1, attempts + 1):
        why = _once(url, part, wanted, progress, seconds)
        if why is None:
            return
        if attempt == attempts:
            _give_up(url, part, wanted, why)
        time.sleep(PAUSE * 2**attempt)


def _once(
    url: str, part: Path, wanted: Pinned, progress: Progress | None, seconds: float
) -> str | None:
    """Go on with the download; what broke it, or nothing when it is whole."""
    have = part.stat().st_size if part.exists() else 0
    if have == wanted.size:
        return None
    if have > wanted.size:
        part.unlink()
        have = 0
    try:
        with _opened(url, have, seconds) as answer:
            begin = have if _continues(answer, have) else 0
            _refuse_other_size(answer, begin, wanted, url)
            _write(answer, part, begin, wanted, progress)
    except urllib.error.HTTPError as error:
        return _http(error, url, wanted, part)
    except (OSError, http.client.HTTPException) as error:
        if getattr(error, "errno", None) in (errno.ENOSPC, errno.EDQUOT):
            raise
        return _reason(error)
    size = part.stat().st_size
    return None if size == wanted.size else f"the connection ended after {size} bytes"


def _opened(url: str, have: int, seconds: float) -> Any:
    headers = {"User-Agent": "iagkit", "Accept-Encoding": "identity"}
    if have:
        headers["Range"] = f"bytes={have}-"
    request = urllib.request.Request(url, headers=headers)  # noqa: S310 (http and https only)
    return urllib.request.build_opener(_HttpOnly).open(request, timeout=seconds)


class _HttpOnly(urllib.request.HTTPRedirectHandler):
    """Follow redirections to http and https only."""

    def redirect_request(
        self, req: Any, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> Any:
        if not newurl.startswith(("http://", "https://")):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _continues(answer: Any, have: int) -> bool:
    """Tell whether the server goes on where asked; one that ignores it starts anew."""
    told = re.match(r"bytes (\d+)-", answer.headers.get("Content-Range", ""))
    return have > 0 and answer.status == 206 and told is not None and int(told[1]) == have


def _refuse_other_size(answer: Any, begin: int, wanted: Pinned, url: str) -> None:
    told = answer.headers.get("Content-Length", "")
    if told.isdigit() and begin + int(told) > wanted.size:
        msg = (
            f"expected {wanted.size} bytes of '{wanted.name}'; {url} offers "
            f"{begin + int(told)}. The file has changed at its origin, or the address shows "
            "something else; use a mirror with the pinned file"
        )
        raise FetchError(msg)


def _write(
    answer: IO[bytes], part: Path, begin: int, wanted: Pinned, progress: Progress | None
) -> None:
    with part.open("r+b" if begin else "wb") as file:
        file.seek(begin)
        file.truncate()
        done = begin
        while done <= wanted.size and (block := answer.read(BLOCK)):
            file.write(block)
            done += len(block)
            if progress:
                progress(wanted.name, min(done, wanted.size), wanted.size)


def _http(error: urllib.error.HTTPError, url: str, wanted: Pinned, part: Path) -> str:
    error.close()
    if error.code == 416:
        part.unlink(missing_ok=True)
        return "the server could not go on with the download"
    if error.code in TRANSIENT:
        return f"the server answered {error.code}"
    if error.code in (404, 410):
        msg = (
            f"'{wanted.name}' is not at {url} (the server answered {error.code}). Set "
            "IAGKIT_DATA_MIRROR to a folder or address that has it"
        )
        raise AbsentError(msg)
    msg = (
        f"{url} refused '{wanted.name}' (the server answered {error.code}). Try later, or set "
        "IAGKIT_DATA_MIRROR to a folder or address that has it"
    )
    raise FetchError(msg)


def _reason(error: Exception) -> str:
    inner = getattr(error, "reason", error)
    if isinstance(inner, TimeoutError):
        return "the server did not answer in time"
    if isinstance(inner, OSError) and inner.strerror:
        return inner.strerror
    return "the connection broke"


def _give_up(url: str, part: Path, wanted: Pinned, why: str) -> None:
    have = part.stat().st_size if part.exists() else 0
    kept = (
        f"; {have} of {wanted.size} bytes are kept and the next try goes on there" if have else ""
    )
    msg = (
        f"'{wanted.name}' could not be brought from {url}: {why}{kept}. Try again, or set "
        "IAGKIT_DATA_MIRROR to a folder or address that has it"
    )
    raise FetchError(msg)


def _finish(part: Path, target: Path, wanted: Pinned, origin: str) -> None:
    size, found = part.stat().st_size, _sha256(part)
    if found != wanted.sha256:
        part.unlink()
        msg = (
            f"'{wanted.name}' from {origin} is not the pinned file and was removed: expected "
            f"sha256 {wanted.sha256} ({wanted.size} bytes), got {found} ({size} bytes). The origin "
            "has changed or was tampered with; do not use it"
        )
        raise FetchError(msg)
    with _disk(target):
        part.replace(target)


class _disk:  # noqa: N801 (used like a function)
    """Explain what the disk refuses."""

    def __init__(self, target: Path) -> None:
        self.target = target

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: Any, error: BaseException | None, trace: Any) -> None:
        if isinstance(error, OSError) and not isinstance(error, urllib.error.URLError):
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            what = "the disk is full" if full else str(error.strerror)
            msg = (
                f"'{self.target}' cannot be written: {what}. Free some space or choose another "
                "folder with --into; what has come so far is kept"
            )
            raise FetchError(msg) from None


def _part(target: Path) -> Path:
    return target.with_name(target.name + ".part")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
