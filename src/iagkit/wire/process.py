"""Who wrote something unfinished, and whether that process is still there."""

from __future__ import annotations

import hashlib
import os
import socket
from pathlib import Path

PROC = Path("/proc")


def token() -> str:
    """Name this process so that a later one can tell whether it has gone.

    Returns
    -------
    str
        ``host.boot.space.pid.start``; host, boot and process space are digests, so that
        the name of somebody's machine does not stand in a file.
    """
    pid = os.getpid()
    return ".".join((_host(), _boot(), _space(), str(pid), _start(pid) or "0"))


def is_gone(other: str) -> bool:
    """Tell whether the process of this token has certainly ended.

    Processes of other machines and containers count as alive: nothing is known of them.
    """
    parts = other.split(".")
    if len(parts) != 5 or parts[0] != _host() or not parts[3].isdigit():
        return False
    if parts[1] != _boot():
        return True
    if parts[2] != _space():
        return False
    if not (PROC / "self" / "stat").exists():
        return _nobody_answers(int(parts[3]))
    return _start(int(parts[3])) != parts[4]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]


def _host() -> str:
    return _digest(socket.gethostname())


def _boot() -> str:
    try:
        return _digest((PROC / "sys/kernel/random/boot_id").read_text())
    except OSError:
        return "0"


def _space() -> str:
    try:
        return _digest(str((PROC / "self/ns/pid").readlink()))
    except OSError:
        return "0"


def _start(pid: int) -> str | None:
    """Clock ticks from boot to the start of a living process; none if it ended."""
    try:
        fields = (PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    ended = fields[0] in {"Z", "X"}
    return None if ended else fields[19]


def _nobody_answers(pid: int) -> bool:
    if os.name != "posix":
        return False
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    except PermissionError:
        return False
    return False
