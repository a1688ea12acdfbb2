"""Which fields of the US inventory are due for a use, as its own data dictionary says."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from iagkit.wire.register_files import reference

STAGE: Final = "development_stage"
IMPACT: Final = "is_high_impact"
AFTER: Final[Mapping[str, tuple[str, frozenset[str]]]] = {
    "HI_justification": (IMPACT, frozenset({
        "presumed high-impact, but determined not high impact",
        "presumed high-impact, but not high-impact",
    })),
    "vendor_name": ("contracting_usage", frozenset({
        "purchased from a vendor", "vendor purchased", "contracting and in house",
        "developed with both contracting and in-house resources",
    })),
    "system_name_ato": ("have_ato", frozenset({"yes"})),
}  # fmt: skip
"""Fields that appear only after an answer to another: its column, and the answers."""
_ENTRY: Final = re.compile(r"^### \d+\) `(\w+)`$(.*?)(?=^### |\Z)", re.M | re.S)
_REQUIRED: Final = re.compile(r"Required: (Yes|No)(.*)")
_STAGES: Final = re.compile(r"\b(?:pre-deployment|pilot|deployed)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When a field is due.

    Parameters
    ----------
    required : bool
        Whether it ever is; what the dictionary does not ask for is optional.
    stages : frozenset of str
        Stages of development in which it is; empty is all.
    high_impact : bool
        Whether of high-impact uses only.
    after : tuple of str and frozenset of str, optional
        Another column, and the answers after which the field appears.
    """

    required: bool
    stages: frozenset[str] = frozenset()
    high_impact: bool = False
    after: tuple[str, frozenset[str]] | None = None

    def due(self, row: Mapping[str, str | None]) -> bool | None:
        """Tell whether a use owes the field; ``None`` if what decides it is itself blank."""
        asked = [_among(_stage(row.get(STAGE)), self.stages)] if self.stages else []
        if self.high_impact:
            asked.append(_among(choice(row.get(IMPACT)), frozenset({"high-impact"})))
        if self.after is not None:
            column, answers = self.after
            asked.append(_among(choice(row.get(column)), answers))
        if False in asked:
            return False
        return None if None in asked else True


def us_rules() -> dict[str, Rule]:
    """Column → when it is due, read from the data dictionary of 2025."""
    text = reference("us_2025_data_dictionary.md").decode("utf-8").replace("\r\n", "\n")
    return {name: _rule(name, body) for name, body in _ENTRY.findall(text)}


def choice(value: str | None) -> str:
    """Bring a choice of the form to one spelling, without the letter before it."""
    return re.sub(r"^[a-d]\)\s*", "", " ".join((value or "").split()).casefold())


def _rule(name: str, body: str) -> Rule:
    found = _REQUIRED.search(body)
    if found is None or found[1] == "No":
        return Rule(required=False)
    return Rule(
        required=True, stages=frozenset(_STAGES.findall(found[2])),
        high_impact="only for high-impact" in found[2], after=AFTER.get(name),
    )  # fmt: skip


def _stage(value: str | None) -> str:
    """Only the word of a stage; what stands after it explains it."""
    told = re.match(r"pre-deployment|pilot|deployed|retired", choice(value))
    return told[0] if told else ""


def _among(told: str, allowed: frozenset[str]) -> bool | None:
    return told in allowed if told else None
