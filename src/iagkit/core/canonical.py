"""One way to write a value as bytes, so that equal things have equal digests."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from iagkit.core.errors import DataError


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces, UTF-8, and no NaN or infinity.

    Parameters
    ----------
    value : JSON-like
        Mappings, lists, tuples, strings, finite numbers, booleans, None.

    Raises
    ------
    DataError
        If a number is not finite or a type is not JSON.
    """
    try:
        text = json.dumps(
            plain(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
        )
    except (TypeError, ValueError) as error:
        msg = f"a record holds strings, finite numbers, lists and mappings only; {error}"
        raise DataError(msg) from None
    return text.encode()


def digest(value: Any) -> str:
    """SHA-256 of the canonical bytes, in hexadecimal."""
    return hashlib.sha256(canonical(value)).hexdigest()


def plain(value: Any) -> Any:
    """Mappings become dicts and sequences lists, so that ``json`` can write them."""
    if isinstance(value, Mapping):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, float):
        return float(value)  # those of NumPy are floats too, and compare otherwise
    return value
