"""Two records of the same run, field by field: what differs, and whether it matters."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from iagkit.core.record import VOLATILE, Record

Kind = Literal["volatile", "place", "environment", "tolerance", "file", "declaration", "evidence",
               "verdict"]  # fmt: skip
MATTERS: Final = frozenset({"declaration", "evidence", "verdict"})
TOLERANCE: Final = 1e-9
"""Relative: another processor or library may add the same numbers in another order."""
ENVIRONMENT: Final = ("about.iagkit", "about.wording", "about.format", "run.made_with.")
PLACES: Final = ("dataset.origin", "prototype.source", "prototype.protocol_sha256",
                 "prototype.policy_sha256")  # fmt: skip
"""Where things lay; and digests of parts that are compared themselves."""
SECTIONS_AS_A_WHOLE: Final[Mapping[str, Kind]] = {
    "artifacts": "file", "dataset": "declaration", "prototype": "declaration",
    "about": "declaration",
}  # fmt: skip
NONE: Final = object()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A field of two records that is not the same.

    Parameters
    ----------
    field : str
        Path, such as ``findings.fairness.accuracy[district=Norte].estimate.value``.
    kind : {"volatile", "place", "environment", "tolerance", "file", "declaration", "evidence", \
"verdict"}
    matters : bool
        Whether the record could be doubted for it.
    then, now : JSON-like
        ``None`` where there is none.
    """

    field: str
    kind: Kind
    matters: bool
    then: Any
    now: Any


def differences(then: Record, now: Record, *, tolerance: float) -> tuple[Difference, ...]:
    """Compare all sections.

    Parameters
    ----------
    then, now : Record
    tolerance : float
        Relative, of numbers; 0 for none.

    Returns
    -------
    tuple of Difference
        What matters first. Files differ where libraries do; in the same environment they matter.
    """
    before, after = dict(_flat_record(then)), dict(_flat_record(now))
    same = then.run.get("made_with") == now.run.get("made_with")
    found = [
        _difference(field, before.get(field, NONE), after.get(field, NONE), tolerance, same)
        for field in dict.fromkeys((*before, *after))
        if not _equal(before.get(field, NONE), after.get(field, NONE))
    ]
    return tuple(sorted(found, key=lambda d: (not d.matters, d.kind != "verdict")))


def _difference(field: str, then: Any, now: Any, tolerance: float, same: bool) -> Difference:
    kind = _kind(field, then, now, tolerance)
    matters = kind in MATTERS or (kind == "file" and same)
    shown = [None if value is NONE else value for value in (then, now)]
    return Difference(field=field, kind=kind, matters=matters, then=shown[0], now=shown[1])


def _kind(field: str, then: Any, now: Any, tolerance: float) -> Kind:
    section = field.partition(".")[0]
    if tuple(field.split(".")) in VOLATILE:
        kind: Kind = "volatile"
    elif field in PLACES:
        kind = "place"
    elif field.startswith(ENVIRONMENT):
        kind = "environment"
    elif section in SECTIONS_AS_A_WHOLE:
        kind = SECTIONS_AS_A_WHOLE[section]
    elif _close(then, now, tolerance):
        kind = "tolerance"
    else:
        kind = "verdict" if section == "verdicts" and field.endswith(".result") else "evidence"
    return kind


def _close(then: Any, now: Any, tolerance: float) -> bool:
    if not all(isinstance(v, int | float) and not isinstance(v, bool) for v in (then, now)):
        return False
    return math.isclose(then, now, rel_tol=tolerance, abs_tol=tolerance)


def _equal(then: Any, now: Any) -> bool:
    """Whether they are the same value; yes and no are not one and zero."""
    return bool(then == now) and isinstance(then, bool) == isinstance(now, bool)


def _flat_record(record: Record) -> Iterator[tuple[str, Any]]:
    for section, told in record.body().items():
        if section not in ("findings", "verdicts"):
            yield from (_flat(section, told) if told else ())
            continue
        seen = Counter[str]()
        for row in told:
            name = f"{section}.{_named(row)}"
            seen[name] += 1
            number = f"#{seen[name]}" if seen[name] > 1 else ""
            yield from _flat(f"{name}{number}", _without_name(row))


def _named(row: Mapping[str, Any]) -> str:
    where = ", ".join(f"{column}={value}" for column, value in sorted(row["where"].items()))
    return f"{row['check']}[{where}]" if where else str(row["check"])


def _without_name(row: Mapping[str, Any]) -> dict[str, Any]:
    """Leave out what names a row, and the sentence where its template and numbers are there."""
    out = {"check", "where", "question"} | ({"because"} if "because_of" in row else set())
    return {name: value for name, value in row.items() if name not in out}


def _flat(name: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict) and value:
        for key, part in value.items():
            yield from _flat(f"{name}.{key}", part)
    elif isinstance(value, list) and value:
        for place, part in enumerate(value, start=1):
            yield from _flat(f"{name}.{place}", part)
    else:
        yield name, value
