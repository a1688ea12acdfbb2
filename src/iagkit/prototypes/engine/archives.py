"""The same model is the same file: an archive of skops without addresses of memory and times."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

SCHEMA: Final = "schema.json"
ADDRESS: Final = "__id__"
FILE: Final = "file"
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The first moment that an archive can tell."""
UNIX: Final = 3
READABLE: Final = 0o600 << 16


def settle(path: Path) -> None:
    """Write an archive of skops again, so that equal models give equal bytes.

    Objects are numbered in the order in which the schema names them, instead of by where they
    lay in memory; members are in the same order and have no time.

    Parameters
    ----------
    path : Path
        What ``skops.io.dump`` wrote; replaced.
    """
    aside = path.with_name(f".{path.name}.settled")
    with zipfile.ZipFile(path) as archive:
        schema = json.loads(archive.read(SCHEMA))
        numbers: dict[Any, int] = {}
        files: dict[str, str] = {}
        told = _renamed(schema, numbers, files)
        with zipfile.ZipFile(aside, "w", zipfile.ZIP_DEFLATED) as settled:
            for name, renamed in files.items():
                settled.writestr(_member(renamed), archive.read(name))
            content = json.dumps(told, separators=(",", ":"), ensure_ascii=False)
            settled.writestr(_member(SCHEMA), content.encode())
    os.replace(aside, path)  # noqa: PTH105 (the file is put in place in one step)


def _renamed(node: Any, numbers: dict[Any, int], files: dict[str, str]) -> Any:
    if isinstance(node, list):
        return [_renamed(part, numbers, files) for part in node]
    if not isinstance(node, dict):
        return node
    return {name: _told(name, part, node, numbers, files) for name, part in node.items()}


def _told(
    name: str, part: Any, node: Mapping[str, Any], numbers: dict[Any, int], files: dict[str, str]
) -> Any:
    if name == ADDRESS and isinstance(part, int):
        words = node.get("__loader__") == "JsonNode"  # whether two texts are one object is chance
        what = (node.get("__class__"), node.get("content")) if words else part
        return numbers.setdefault(what, len(numbers) + 1)
    if name == FILE and "__loader__" in node and isinstance(part, str):
        return files.setdefault(part, f"{len(files) + 1}{Path(part).suffix}")
    return _renamed(part, numbers, files)


def _member(name: str) -> zipfile.ZipInfo:
    member = zipfile.ZipInfo(name, date_time=EPOCH)
    member.compress_type, member.create_system = zipfile.ZIP_DEFLATED, UNIX
    member.external_attr = READABLE
    return member
