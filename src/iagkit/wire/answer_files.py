"""Files of answers to a questionnaire: read with care, written whole after every answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NoReturn

from iagkit.core.errors import DataError
from iagkit.wire import placing

LIMIT: Final = 5 << 20
DEPTH: Final = 30


def read(path: Path) -> dict[str, Any]:
    """Read a file of answers.

    Raises
    ------
    DataError
        If it is not there, not JSON, no mapping, too large or nested too deep.
    """
    try:
        with path.open("rb") as opened:
            content = opened.read(LIMIT + 1)
    except OSError as error:
        msg = f"expected a file of answers; '{path}' cannot be opened ({error.strerror})"
        raise DataError(msg) from None
    if len(content) > LIMIT:
        msg = f"expected answers below 5 MB; '{path.name}' is larger. Is it another file?"
        raise DataError(msg)
    return parse(content, name=path.name)


def parse(content: bytes, *, name: str) -> dict[str, Any]:
    """Read answers from bytes; what the official tool saves (answers in 'data') is unwrapped.

    Raises
    ------
    DataError
        If they are not JSON, no mapping, or nested too deep.
    """
    try:
        told = json.loads(
            content.decode("utf-8-sig"), parse_int=_int, parse_constant=_no_number,
            object_pairs_hook=lambda pairs: _once(pairs, name),
        )  # fmt: skip
    except UnicodeDecodeError:
        _refuse(name, "it is not text in UTF-8. Save it as JSON in UTF-8")
    except RecursionError:
        _refuse(name, f"it is nested more than {DEPTH} times")
    except ValueError as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        _refuse(name, f"it is not JSON{where}. Correct it, or save it anew")
    if not isinstance(told, dict):
        kind = "a list" if isinstance(told, list) else "a single value"
        _refuse(name, f"it holds {kind}, not a mapping from questions to answers")
    if _depth(told) > DEPTH:
        _refuse(name, f"it is nested more than {DEPTH} times")
    data = told.get("data")
    if isinstance(data, dict) and {*told} <= {
        "version", "currentPage", "translationsOnResult", "data"
    }:  # fmt: skip
        return dict(data)
    return told


def save(path: Path, answers: Mapping[str, Any]) -> None:
    """Write answers whole, or not at all; only their owner may read them.

    Raises
    ------
    OutputError
        If they cannot be written there; what stood there before stays.
    """
    content = json.dumps(answers, ensure_ascii=False, indent=1) + "\n"
    placing.put(path, content.encode("utf-8", "surrogatepass"), private=True)


def _once(pairs: list[tuple[str, Any]], name: str) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        _refuse(name, f"'{twice[:80]}' is answered twice in it. Keep one of the two")
    return found


def _int(told: str) -> int | float:
    return int(told) if len(told) < 19 else float(told)


def _no_number(told: str) -> NoReturn:
    raise ValueError(told)


def _depth(value: Any) -> int:
    level, depth = [value], 0
    while level and depth <= DEPTH:
        inside = [v.values() if isinstance(v, dict) else v for v in level
                  if isinstance(v, dict | list)]  # fmt: skip
        level, depth = [one for many in inside for one in many], depth + 1
    return depth


def _refuse(name: str, why: str) -> NoReturn:
    msg = f"expected answers as JSON, question → answer, in '{name}'; {why}"
    raise DataError(msg)
