"""What each impact level asks of an institution: official in en and fr, ours in es and pt."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any, Final

from iagkit.core.errors import UsageError
from iagkit.wire import register_files

OFFICIAL: Final = frozenset({"en", "fr"})
LANGS: Final = ("en", "fr", "es", "pt")
LEVELS: Final = ("I", "II", "III", "IV")
_TAG: Final = re.compile(r"<[^>]+>")


@dataclass(frozen=True, slots=True, kw_only=True)
class Requirement:
    """One requirement at one level.

    Parameters
    ----------
    area, text : str
    official : bool
        Whether it is the official wording, or a summary in our words.
    """

    area: str
    text: str
    official: bool


def requirements(level: int, lang: str) -> tuple[Requirement, ...]:
    """Requirements of an impact level.

    Parameters
    ----------
    level : {1, 2, 3, 4}
    lang : {"en", "fr", "es", "pt"}

    Raises
    ------
    UsageError
        If there is no such level or language.
    """
    if level not in range(1, len(LEVELS) + 1) or lang not in LANGS:
        msg = f"expected a level from 1 to 4 and one of {', '.join(LANGS)}; got {level}, '{lang}'"
        raise UsageError(msg)
    return tuple(_at(level, lang))


def _at(level: int, lang: str) -> Iterator[Requirement]:
    for area in _file(lang)["requirements"]["elements"]:
        told = area["elements"][level - 1]
        yield Requirement(area=area["title"], text=_plain(told["text"]), official=lang in OFFICIAL)


@cache
def _file(lang: str) -> dict[str, Any]:
    return dict(json.loads(register_files.reference(f"canada/requirements.{lang}.json")))


def _plain(text: str) -> str:
    lines = (line.strip() for line in unescape(_TAG.sub("", text)).splitlines())
    return "\n".join(line for line in lines if line)
