"""What people answer, once for all registers; every answer is checked before it is used."""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from iagkit.core.errors import DataError, DeclarationError
from iagkit.core.registry import did_you_mean
from iagkit.registers.crosswalk import concepts
from iagkit.registers.nouns import Concept, Field, Kind
from iagkit.registers.placeholders import is_placeholder
from iagkit.registers.profiles import load_profile, profile_names
from iagkit.wire import yamls

Content = str | bool | int | float | tuple[str, ...]
LONGEST: Final = 50_000
"""Characters of an answer; no standard asks for more."""
MISSPELT: Final = 80
"""Characters up to which a text may be a choice that was misspelt."""
UNWRITTEN: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
"""Signs that a page, a workbook or a file in UTF-8 cannot hold."""
YES_NO: Final = {True: ("yes", "sí", "si", "sim"), False: ("no", "não", "nao")}
KINDS: Final = {
    bool: "yes or no", int: "a number", float: "a number", str: "a text", list: "a list",
    dict: "a mapping", type(None): "nothing",
}  # fmt: skip
WANTED: Final[Mapping[Kind, str]] = {
    "text": "a text, or a list of texts", "list": "a list of texts, or one text",
    "bool": "true or false", "number": "a number", "date": "a date such as 2026-05-31",
    "choice": "one of the choices",
}  # fmt: skip
FORMATS: Final = {
    "url": (re.compile(r"https?://[^\s/]+\S*"), "a web address that begins with https://"),
    "email": (re.compile(r"[^\s@]+@[^\s@]+\.[^\s@]+"), "an e-mail address"),
    "YYYY-MM": (re.compile(r"\d{4}-(?:0[1-9]|1[0-2])"), "a month such as 2026-05"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """Answers of people.

    Parameters
    ----------
    concepts : mapping of str to content
        Concept → answer, shared by all registers.
    fields : mapping of str to content
        ``"profile/field"`` → answer of one register.
    """

    concepts: Mapping[str, Content] = field(default_factory=dict)
    fields: Mapping[str, Content] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("concepts", "fields"):
            object.__setattr__(self, name, MappingProxyType(dict(getattr(self, name))))


def read_answers(path: str | Path) -> Answers:
    """Read a file of answers.

    Parameters
    ----------
    path : str or Path
        YAML or JSON: one mapping from a concept (``legal.basis``) or a field of one register
        (``uk-atrs/1.3``) to the answer.

    Raises
    ------
    DeclarationError
        If it cannot be read, or is not such a mapping.
    DataError
        If an answer is to a question nobody asks, of the wrong kind, over-long or a placeholder.
    """
    file = Path(path)
    return check(_read(file), name=file.name)


def check(told: Mapping[str, Any], *, name: str = "answers") -> Answers:
    """Check answers that were read, or asked for on a terminal or a page."""
    shared: dict[str, Content] = {}
    of_fields: dict[str, Content] = {}
    for key, given in told.items():
        if "/" in key:
            of_fields[key] = _of_field(key, given, name)
        else:
            shared[key] = _of_concept(key, given, name)
    return Answers(concepts=shared, fields=of_fields)


def fit(asked: Field, given: Any) -> Content:
    """An answer as a field takes it.

    Raises
    ------
    ValueError
        If it does not; the message tells what was expected.
    """
    content = _kind(asked.kind, given, asked.choices)
    if content is True:
        return True
    if limit := limit_of(asked):
        longest = (
            max(map(len, content), default=0) if isinstance(content, tuple) else len(str(content))
        )
        if longest > limit:
            msg = f"a text of at most {limit} characters; got {longest}. Shorten it yourself"
            raise ValueError(msg)
    pattern, wanted = FORMATS.get(str(asked.extra.get("format")), (None, ""))
    if pattern is not None and isinstance(content, str) and not pattern.fullmatch(content):
        raise ValueError(wanted)
    return content


def limit_of(asked: Field) -> int | None:
    """Characters a field may hold; the smaller where register and schema differ."""
    told = [n for n in (asked.max_length, asked.extra.get("schema_max")) if n]
    return min(told) if told else None


def _read(file: Path) -> Mapping[str, Any]:
    if file.suffix.lower() != ".json":
        return yamls.read(file)
    try:
        with file.open("rb") as opened:
            content = opened.read(yamls.LIMIT + 1)
        if len(content) > yamls.LIMIT:
            msg = f"expected answers below 1 MB; '{file.name}' is larger. It is another file"
            raise DeclarationError(msg)
        told = json.loads(content, object_pairs_hook=_once)
    except OSError as error:
        msg = f"'{file}' cannot be opened ({error.strerror}). Check the path"
        raise DeclarationError(msg) from None
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno})" if isinstance(error, json.JSONDecodeError) else ""
        why = str(error) if str(error).startswith("'") else f"it is not{where}"
        msg = f"expected JSON in '{file.name}'; {why}. Correct it"
        raise DeclarationError(msg) from None
    if not isinstance(told, dict):
        msg = f"expected a mapping from questions to answers; '{file.name}' is no mapping"
        raise DeclarationError(msg)
    return told


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            msg = f"'{key[:80]}' stands here twice"
            raise ValueError(msg)
        found[key] = value
    return found


def _of_concept(key: str, given: Any, name: str) -> Content:
    known = concepts()
    if key not in known:
        msg = (
            f"'{name}' answers '{key[:80]}', which nobody asks.{did_you_mean(key, known)} A key is "
            "a concept such as 'legal.basis', or a field such as 'uk-atrs/1.3'"
        )
        raise DataError(msg)
    try:
        return _usable(_kind(known[key].kind, given, _choices(known[key])))
    except ValueError as error:
        raise _refused(name, key, error) from None


def _of_field(key: str, given: Any, name: str) -> Content:
    profile, _, asked = key.partition("/")
    if profile not in profile_names():
        hint = did_you_mean(profile, profile_names())
        msg = f"'{name}' answers '{key[:80]}': there is no register '{profile[:80]}'.{hint}"
        raise DataError(msg)
    found = load_profile(profile)
    if (one := found.field(asked)) is None:
        known = [f.id for f in found.fields]
        msg = (
            f"'{name}' answers '{key[:80]}': '{profile}' has no such field."
            f"{did_you_mean(asked, known)} See 'iagkit registers {profile}'"
        )
        raise DataError(msg)
    try:
        return _usable(fit(one, given))
    except ValueError as error:
        raise _refused(name, key, error) from None


def _refused(name: str, key: str, error: ValueError) -> DataError:
    return DataError(f"'{name}', answer to '{key}': expected {error}")


def _choices(concept: Concept) -> tuple[str, ...]:
    return tuple(concept.choices) if concept.kind == "choice" else ()


def _usable(content: Content) -> Content:
    if any(map(UNWRITTEN.search, content if isinstance(content, tuple) else (str(content),))):
        msg = (
            "words; got signs that no page or file can show (control characters, or half of a "
            "sign). Type it anew"
        )
        raise ValueError(msg)
    if is_placeholder(content):
        msg = (
            "an answer; got an empty text or a placeholder. Leave the question out until it is "
            "known"
        )
        raise ValueError(msg)
    return content


def _kind(kind: Kind, given: Any, choices: Collection[str]) -> Content:
    """Take an answer of the kind that is asked, or tell what was expected.

    ``True`` in place of words confirms what is proposed.
    """
    if given is True and kind in ("text", "list", "date"):
        return True
    if kind == "choice" or (choices and kind != "list"):
        return _choice(given, choices)
    if kind in ("text", "list"):
        return _texts(kind, given, choices)
    if kind == "bool" and isinstance(given, bool):
        return given
    if kind == "number" and isinstance(given, int | float) and not isinstance(given, bool):
        return given
    if kind == "date" and isinstance(given, str) and _is_date(given):
        return given
    msg = f"{WANTED[kind]}; got {KINDS.get(type(given), 'something else')}"
    raise ValueError(msg)


def _texts(kind: Kind, given: Any, choices: Collection[str]) -> Content:
    many = isinstance(given, list | tuple)
    told = list(given) if many else [given]
    if not told or not all(isinstance(one, str) for one in told):
        kinds = sorted(
            {KINDS.get(type(one), "something else") for one in told if type(one) is not str}
        )
        hint = " (put numbers and dates in quotes)" if "a number" in kinds else ""
        msg = f"{WANTED[kind]}; got {', '.join(kinds) or 'an empty list'}{hint}"
        raise ValueError(msg)
    if (longest := max(map(len, told))) > LONGEST:
        msg = f"a text of at most {LONGEST} characters; got {longest}"
        raise ValueError(msg)
    if choices:
        told = [str(_choice(one, choices)) for one in told]
    return tuple(told) if many or kind == "list" else told[0]


def _choice(given: Any, choices: Collection[str]) -> str:
    if not choices and isinstance(given, str) and given.strip():
        return given
    spelt = {one.casefold(): one for one in choices}
    # YAML reads an unquoted Yes or No as true or false
    meant = YES_NO[given] if isinstance(given, bool) else (str(given).casefold(),)
    for one in meant:
        if not isinstance(given, list | dict) and one in spelt:
            return spelt[one]
    short = isinstance(given, str) and len(given) <= MISSPELT
    hint = did_you_mean(given, choices) if short else ""
    msg = f"one of {', '.join(repr(one) for one in choices)}; got another.{hint}"
    raise ValueError(msg)


def _is_date(text: str) -> bool:
    """A day, or a month where the day does not matter."""
    whole = f"{text}-01" if re.fullmatch(r"\d{4}-\d{2}", text) else text
    try:
        return bool(date.fromisoformat(whole)) and len(whole) == 10
    except ValueError:
        return False
