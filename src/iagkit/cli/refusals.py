"""Mistakes become one message and an exit code; a traceback only when asked for."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from signal import SIGINT
from typing import NoReturn
from unicodedata import category

from iagkit.core.errors import GateError, IagkitError

GATE_NOT_PASSED = 1
BAD_INPUT = 2
SIGNALLED = 128
SHOWN = 200


class Stopped(BaseException):
    """Somebody asked the command to stop; the parser of options would hide a KeyboardInterrupt."""


STOPS: list[int] = []
"""Signals that asked the command to stop."""


def stop(signal: int, _: object = None) -> NoReturn:
    """Leave in order: what is half-written goes, and a tracked run is told as failed."""
    STOPS.append(signal)
    raise Stopped


@contextmanager
def leave_with_a_message() -> Iterator[None]:
    """Turn refusals, interruptions and defects into a message on stderr and an exit code."""
    try:
        yield
    except GateError as refusal:
        _leave(str(refusal), GATE_NOT_PASSED)
    except IagkitError as refusal:
        _leave(str(refusal), BAD_INPUT)
    except (Stopped, KeyboardInterrupt):
        _leave("", SIGNALLED + SIGINT)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except OSError as refusal:
        _leave(_told_by_the_system(refusal), BAD_INPUT)
    except MemoryError:
        _leave("the memory of this machine does not suffice; give fewer rows", BAD_INPUT)
    except Exception as defect:  # noqa: BLE001 (its text could hold a cell of the data)
        _defect(defect)


def _defect(defect: Exception) -> None:
    if not STOPS and os.environ.get("IAGKIT_DEBUG"):
        traceback.print_exc()
    last = traceback.extract_tb(defect.__traceback__)[-1]
    where = f"{os.path.basename(last.filename)}:{last.lineno}"  # noqa: PTH119 (no path is needed)
    _leave(
        f"unexpected {type(defect).__name__} at {where}. This is a defect of iagkit: please report "
        "it. IAGKIT_DEBUG=1 shows the traceback (it may hold personal data)",
        BAD_INPUT,
    )


def _told_by_the_system(refusal: OSError) -> str:
    where = str(refusal.filename or "")
    place = f" ('{where[:SHOWN]}{'…' if len(where) > SHOWN else ''}')" if where else ""
    return (
        f"expected files that can be used; the system says: {refusal.strerror}{place}. Check the "
        "path, the permissions and the free space"
    )


def visible(text: str) -> str:
    """Write signs that move the cursor or turn the text round as escapes; lines stay."""
    kept = ("\n", "\u200c", "\u200d")  # some scripts and emoji are not whole without a joiner
    hidden = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return "".join(
        c if c in kept or category(c) not in hidden else c.encode("unicode_escape").decode()
        for c in text
    )


def _leave(message: str, code: int) -> NoReturn:
    if STOPS or code > SIGNALLED:  # an engine may turn the signal into an error of its own
        code = SIGNALLED + (STOPS[0] if STOPS else SIGINT)
        message = "stopped; nothing half-written was kept"
    print(f"iagkit: {visible(message)}", file=sys.stderr)  # noqa: T201 (the last words of a command)
    sys.exit(code)
