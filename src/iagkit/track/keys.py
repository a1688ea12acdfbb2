"""Findings and settings under names that MLflow accepts, and the way back to the full names."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from iagkit.core.canonical import canonical
from iagkit.core.nouns import Finding

LABELS = "iagkit-labels/1"
LONGEST_KEY = 240
LONGEST_PARAM = 6000
LONGEST_PART = 60
_LOOKS_CUT = re.compile(r"\.[0-9a-f]{8}$")


@dataclass(frozen=True, slots=True)
class Point:
    """One number as MLflow keeps it; ``step`` tells apart findings of the same name."""

    key: str
    value: float
    step: int = 0


def slug(part: str) -> str:
    """Make a name of ASCII letters, digits, ``_ . -``; different names stay different.

    A name that has to change ends in eight digits of its SHA-256.

    Examples
    --------
    >>> slug("mujer"), slug("niño")
    ('mujer', 'nino.d6108ffe')
    """
    bare = "".join(c for c in unicodedata.normalize("NFKD", part) if not unicodedata.combining(c))
    safe = re.sub(r"[^A-Za-z0-9_.-]+", "_", bare)[:LONGEST_PART].strip(".") or "_"
    if safe == part and not _LOOKS_CUT.search(part):
        return part
    return f"{safe}.{_short(part)}"


def metric_key(check: str, where: Mapping[str, str]) -> str:
    """Name of a finding: the check, then column and value of every coordinate.

    Examples
    --------
    >>> metric_key("fairness.accuracy", {"sexo": "mujer"})
    'fairness.accuracy/sexo/mujer'
    """
    parts = [slug(check), *(slug(x) for pair in sorted(where.items()) for x in pair)]
    key = "/".join(parts)
    if len(key) <= LONGEST_KEY:
        return key
    return f"{slug(check)}/{_short(key)}/long"


def points(findings: Iterable[Finding]) -> list[Point]:
    """Value, interval and number of cases of every finding that has an estimate."""
    seen: Counter[str] = Counter()
    found = []
    for finding in findings:
        if (estimate := finding.estimate) is None:
            continue
        key = metric_key(finding.check, finding.where)
        numbers = {"low": estimate.low, "high": estimate.high, "n": estimate.n}
        found.append(Point(key, estimate.value, seen[key]))
        found += [
            Point(f"{key}/{name}", float(x), seen[key])
            for name, x in numbers.items()
            if x is not None
        ]
        seen[key] += 1
    return found


def labels(findings: Iterable[Finding]) -> dict[str, Any]:
    """Map every metric key to what it stands for; ``labels.json`` beside the metrics."""
    told = {metric_key(f.check, f.where): _label(f) for f in findings if f.estimate is not None}
    return {"format": LABELS, "metrics": told}


def flat(settings: Mapping[str, Any], *, under: str = "") -> dict[str, str]:
    """Settings as MLflow parameters: nested names joined by a point, values as JSON or text."""
    told: dict[str, str] = {}
    for name, value in settings.items():
        key = f"{under}{slug(str(name))}"
        if isinstance(value, Mapping):
            told |= flat(value, under=f"{key}.")
        else:
            told[key] = cut(value if isinstance(value, str) else canonical(value).decode())
    return told


def cut(text: str) -> str:
    """Shorten what is too long for a parameter, and say so; MLflow would do it silently."""
    if len(text) <= LONGEST_PARAM:
        return text
    note = f" … (cut; {len(text)} characters, SHA-256 begins {_short(text)})"
    return text[: LONGEST_PARAM - len(note)] + note


def _label(finding: Finding) -> dict[str, Any]:
    assert finding.estimate is not None
    told: dict[str, Any] = {
        "check": finding.check,
        "question": finding.question,
        "where": dict(finding.where),
        "unit": finding.estimate.unit,
    }
    if finding.estimate.level is not None:
        told["level"] = finding.estimate.level
    if finding.between:
        told["between"] = list(finding.between)
    return told


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:8]
