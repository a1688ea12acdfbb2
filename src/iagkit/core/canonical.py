"""One way to write a value as bytes, so that equal things have equal digests: RFC 8785."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Mapping
from json.encoder import encode_basestring
from typing import Any, Final

from iagkit.core.errors import DataError

EXACT: Final = 2**53 - 1
"""Beyond it not every whole number is a double, which is what a number of JSON is read as."""
PLAIN_DIGITS: Final = 21
"""ECMAScript writes numbers of up to so many digits before the point without a power of ten."""
PLAIN_ZEROS: Final = 6
"""And those with fewer zeros after the point than this."""


def canonical(value: Any) -> bytes:
    """JSON as RFC 8785 has it: any implementation of that standard writes the same bytes.

    Keys are sorted by their UTF-16 code units, numbers are written as ECMAScript writes them
    (``1.0`` as ``1``, ``1e16`` as ``10000000000000000``), nothing is escaped that need not be.

    Parameters
    ----------
    value : JSON-like
        Mappings, lists, tuples, strings, finite numbers, booleans, None.

    Raises
    ------
    DataError
        If a number is not finite, a whole number is beyond 2**53 - 1, a text holds half of a
        surrogate pair, two keys are the same text, or a type is not JSON.

    References
    ----------
    .. [1] Rundgren, A., Jordan, B. & Erdtman, S. (2020). JSON Canonicalization Scheme (JCS).
       RFC 8785.

    Examples
    --------
    >>> canonical({"b": 1.0, "a": [1e-7, "é"]}).decode()
    '{"a":[1e-7,"é"],"b":1}'
    """
    try:
        return _written(value).encode()
    except UnicodeEncodeError:
        raise DataError(_refusal("half of a surrogate pair is no text")) from None


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def digest_1(value: Any) -> str:
    """SHA-256 of the form before RFC 8785, by which records of format 1 and logs are read.

    It differs where a number does (Python writes ``1.0`` and ``1e-07``) and where keys hold
    letters beyond the basic plane.
    """
    try:
        text = json.dumps(
            plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
        return hashlib.sha256(text.encode()).hexdigest()
    except (TypeError, ValueError) as error:
        raise DataError(_refusal(str(error))) from None


def plain(value: Any) -> Any:
    """Mappings become dicts and sequences lists, so that ``json`` can write them."""
    if isinstance(value, Mapping):
        told = {str(k): plain(v) for k, v in value.items()}
        if len(told) < len(value):
            raise DataError(_refusal("two keys are the same text"))
        return told
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return float(value)  # those of NumPy are floats too, and compare otherwise
    return value


def number(value: float) -> str:
    """Write a number as ECMAScript does: the fewest digits that give the same double back.

    Raises
    ------
    DataError
        If it is not finite, or a whole number that no double can be relied on to hold.

    Examples
    --------
    >>> number(1e21), number(1e20), number(-0.0), number(0.000001)
    ('1e+21', '100000000000000000000', '0', '0.000001')
    """
    if isinstance(value, int):
        if abs(value) > EXACT:
            raise DataError(_refusal("a whole number is beyond 2**53 - 1; write it as text"))
        return str(int(value))
    if not math.isfinite(value):
        raise DataError(_refusal("a number is not finite"))
    sign = "-" if value < 0 else ""
    return sign + _spelt(*_digits(abs(float(value))))  # those of NumPy are written otherwise


def _digits(value: float) -> tuple[str, int]:
    """Return the significant digits of a number, and how many of them stand before the point."""
    mantissa, _, power = repr(value).partition("e")
    whole, _, part = mantissa.partition(".")
    known = (whole + part).lstrip("0")
    before = len(whole) + int(power or 0) - (len(whole + part) - len(known))
    return known.rstrip("0"), before


def _spelt(digits: str, before: int) -> str:
    """Put the point, the zeros or the power of ten where ECMAScript puts them."""
    if not digits:
        return "0"
    if len(digits) <= before <= PLAIN_DIGITS:
        return digits.ljust(before, "0")
    if 0 < before <= PLAIN_DIGITS:
        return f"{digits[:before]}.{digits[before:]}"
    if -PLAIN_ZEROS < before <= 0:
        return f"0.{'0' * -before}{digits}"
    point = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{point}e{before - 1:+d}"


def _written(value: Any) -> str:
    if isinstance(value, str):
        return encode_basestring(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, int | float):
        return number(value)
    if isinstance(value, dict | Mapping):
        return _mapping(value)
    if isinstance(value, list | tuple):
        return f"[{','.join(map(_written, value))}]"
    raise DataError(_refusal(f"got {type(value).__name__}"))


def _mapping(value: Mapping[Any, Any]) -> str:
    named = {str(key): told for key, told in value.items()}
    if len(named) < len(value):
        raise DataError(_refusal("two keys are the same text"))
    ordered = sorted(named, key=lambda key: key.encode("utf-16-be"))
    entries = [f"{encode_basestring(key)}:{_written(named[key])}" for key in ordered]
    return f"{{{','.join(entries)}}}"


def _refusal(why: str) -> str:
    return f"a record holds strings, finite numbers, lists and mappings only; {why}"
