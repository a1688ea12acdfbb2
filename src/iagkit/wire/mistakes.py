"""Mistakes in the files that people write, told in our own words: expected, came, do."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import BaseModel, ValidationError

from iagkit.core.registry import did_you_mean

SHOWN: Final = 5
TEXT = "a text"
NUMBER = "a number"
WHOLE = "a whole number"
KINDS: Final[Mapping[type, str]] = {
    bool: "yes or no", int: "a number", float: "a number", str: "a text", list: "a list",
    tuple: "a list", dict: "a mapping", type(None): "nothing",
}  # fmt: skip
EXPECTED: Final[Mapping[str, Callable[[Mapping[str, Any]], str]]] = {
    "string_type": lambda _: TEXT,
    "string_too_short": lambda _: "a text that is not empty",
    "string_too_long": lambda c: f"a text of at most {c['max_length']} characters",
    "string_pattern_mismatch": lambda c: f"a text written like {c['pattern']}",
    "float_type": lambda _: NUMBER,
    "float_parsing": lambda _: NUMBER,
    "finite_number": lambda _: "a finite number",
    "int_type": lambda _: WHOLE,
    "int_parsing": lambda _: WHOLE,
    "int_from_float": lambda _: WHOLE,
    "int_parsing_size": lambda _: "a whole number that is not as long",
    "greater_than": lambda c: f"a number above {c['gt']:g}",
    "greater_than_equal": lambda c: f"a number of {c['ge']:g} or more",
    "less_than": lambda c: f"a number below {c['lt']:g}",
    "less_than_equal": lambda c: f"a number of at most {c['le']:g}",
    "bool_type": lambda _: "true or false",
    "bool_parsing": lambda _: "true or false",
    "literal_error": lambda c: f"one of {c['expected']}",
    "tuple_type": lambda _: "a list",
    "list_type": lambda _: "a list",
    "too_short": lambda c: f"{c['min_length']} or more in the list",
    "dict_type": lambda _: "a mapping (name: value)",
    "mapping_type": lambda _: "a mapping (name: value)",
    "model_type": lambda _: "a mapping (name: value)",
    "model_attributes_type": lambda _: "a mapping (name: value)",
}
"""What each kind of mistake of pydantic's means that it expected."""
UNTOLD: Final = "something that fits this field"


def why(error: ValidationError, model: type[BaseModel]) -> str:
    """Each mistake in one phrase: what was expected, what kind of thing came, what to do.

    Parameters
    ----------
    error : ValidationError
    model : type of BaseModel
        What the file should have been.

    Returns
    -------
    str
        Values are not repeated: a table of people may have been given for a policy.
    """
    details = error.errors(include_url=False)
    told = [_mistake(dict(detail), model) for detail in details[:SHOWN]]
    more = f"; and {len(details) - SHOWN} more" if len(details) > SHOWN else ""
    return "; ".join(told) + more + ". Correct these fields"


def _mistake(detail: Mapping[str, Any], model: type[BaseModel]) -> str:
    where = ".".join(str(part) for part in detail["loc"]) or "the file"
    kind, limits = detail["type"], detail.get("ctx", {})
    if kind == "extra_forbidden":
        known = _fields_at(model, detail["loc"][:-1])
        hint = did_you_mean(detail["loc"][-1], known)
        return f"'{where}' is not a known field ({', '.join(known)}).{hint}".rstrip(".")
    if kind == "missing":
        return f"'{where}' is missing"
    if kind == "value_error":
        return f"'{where}': {limits.get('error', UNTOLD)}"
    told = EXPECTED.get(kind)
    expected = UNTOLD if told is None else told(limits)
    return f"'{where}': expected {expected}; got {_came(kind, detail.get('input'), limits)}"


def _came(kind: str, given: Any, limits: Mapping[str, Any]) -> str:
    """What kind of thing came; which number, and which word was likely meant."""
    if kind == "literal_error":
        words = [word.strip("'") for word in limits["expected"].replace(" or ", ", ").split(", ")]
        return f"another.{did_you_mean(str(given), words)}".rstrip(".")
    if isinstance(given, int | float) and not isinstance(given, bool):
        return f"{given:g}" if isinstance(given, float) or abs(given) < 10**15 else NUMBER
    if isinstance(given, list | tuple) and not given:
        return "an empty list"
    return "an empty text" if given == "" else KINDS.get(type(given), "something else")


def _fields_at(model: type[BaseModel], loc: tuple[Any, ...]) -> list[str]:
    """Names of the fields of the model that stands at this place."""
    here: Any = model
    for part in loc:
        if isinstance(part, str) and part in here.model_fields:
            here = _inner(here.model_fields[part].annotation) or here
    return list(here.model_fields)


def _inner(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_inner(a) for a in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)
