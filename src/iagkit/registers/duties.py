"""Which duties of transparency concern a system, as far as what was declared can tell.

Of laws, recommendations and standards in ``audits/registers/frameworks.yaml``; no legal advice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from iagkit.core.errors import UsageError
from iagkit.core.nouns import Words
from iagkit.wire import register_files
from iagkit.wire.register_files import FrameworkModel

Applies = Literal["yes", "unknown"]

BRANCHES: Final = ("executive", "judiciary", "legislature", "local", "autonomous")
IMPACTS: Final = ("low", "moderate", "high")
COUNTRIES: Final = {
    "ar": "Argentina", "br": "Brazil", "ca": "Canada", "cl": "Chile", "co": "Colombia",
    "cr": "Costa Rica", "do": "Dominican Republic", "fr": "France", "gb": "United Kingdom",
    "mx": "Mexico", "nl": "Netherlands", "pe": "Peru", "sv": "El Salvador",
    "us": "United States", "uy": "Uruguay",
}  # fmt: skip
"""Countries with an entry of their own; of others only what is regional or global is told."""
CARIBBEAN: Final = frozenset(
    {"ag", "bb", "bs", "bz", "dm", "gd", "gy", "ht", "jm", "kn", "lc", "sr", "tt", "vc"}
)
LATIN: Final = CARIBBEAN | {
    "ar", "bo", "br", "cl", "co", "cr", "cu", "do", "ec", "gt", "hn", "mx", "ni", "pa", "pe", "py",
    "sv", "uy", "ve",
}  # fmt: skip
UNION: Final = frozenset(
    {"at", "be", "bg", "cy", "cz", "de", "dk", "ee", "es", "fi", "fr", "gr", "hr", "hu", "ie",
     "it", "lt", "lu", "lv", "mt", "nl", "pl", "pt", "ro", "se", "si", "sk"}
)  # fmt: skip
REGIONS: Final[Mapping[str, frozenset[str]]] = {
    "European Union": UNION, "Caribbean (CTU)": CARIBBEAN,
    "Latin America and the Caribbean": LATIN, "LAC (CAF)": LATIN, "LAC (IDB)": LATIN,
    "LAC (OECD/CAF)": LATIN, "Ibero-America (CLAD)": LATIN - CARIBBEAN | {"ad", "es", "pt"},
}  # fmt: skip
PARTS: Final = {"New York City": "us", "Argentina (Santa Fe)": "ar"}
"""Parts of a country; whether the institution is there is not declared."""
OPEN: Final = "Council of Europe"
"""Whom it binds was not read at a source."""
NO_DUTY: Final = frozenset({"bill", "status", "report", "political declaration"})
"""Kinds that ask nothing of an institution yet, or never will."""
BINDING: Final = frozenset(
    {"law", "local law", "regulation", "decree", "directive", "treaty", "memorandum",
     "constitutional court ruling", "binding directive by control bodies", "government standard"}
)  # fmt: skip
"""Kinds that bind whom they concern; the others recommend."""
REVOKED: Final = frozenset({"F06"})
BRANCH_OF: Final[Mapping[str, frozenset[str]]] = {
    "F05": frozenset({"judiciary"}), "F06": frozenset({"judiciary"}),
    "F11": frozenset({"judiciary"}), "F17": frozenset({"local"}),
    "F43": frozenset({"executive"}), "F44": frozenset({"executive"}),
    "F47": frozenset({"executive"}), "F48": frozenset({"local"}),
}  # fmt: skip
"""Entries that concern some branches only, as their text says."""
HIGH_ONLY: Final = frozenset({"F41", "F42", "F45"})
"""Entries whose duties of publication are of high risk or impact, as their text says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Jurisdiction:
    """Where a system is used, as its institution declares it; ``None`` is unknown.

    Parameters
    ----------
    country : str, optional
        Two letters (ISO 3166-1), in small letters.
    branch : {"executive", "judiciary", "legislature", "local", "autonomous"}, optional
    impact : {"low", "moderate", "high"}, optional

    Raises
    ------
    UsageError
        If a value is none of these.
    """

    country: str | None = None
    branch: str | None = None
    impact: str | None = None

    def __post_init__(self) -> None:
        known = (("branch", self.branch, BRANCHES), ("impact", self.impact, IMPACTS))
        for name, value, allowed in known:
            if value is not None and value not in allowed:
                msg = f"expected a {name} of {', '.join(allowed)}; got '{value[:40]}'. Choose one"
                raise UsageError(msg)
        letters = self.country
        if letters is not None and not re.fullmatch("[a-z]{2}", letters):
            msg = (
                f"expected a country in two small letters (ISO 3166-1), such as cl; got "
                f"'{letters[:40]}'. Give its code"
            )
            raise UsageError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Duty:
    """One entry of the frameworks that concerns a system, or may.

    Parameters
    ----------
    id, country, instrument, kind : str
        As the reference says; an article stands in ``instrument`` or ``obligations``.
    status, obligations : mapping of str to str
        In es, pt and en.
    verified : {"yes", "partial", "no"}
    source : tuple of str
    applies : {"yes", "unknown"}
        ``"unknown"`` if it depends on what was not declared.
    depends_on : tuple of str
        What that is: ``country``, ``branch``, ``impact``.
    profiles : tuple of str
        Forms in which it is documented; without one iagkit cannot tell whether it is.
    """

    id: str
    country: str
    instrument: str
    kind: str
    status: Words
    obligations: Words
    verified: str
    source: tuple[str, ...]
    applies: Applies
    depends_on: tuple[str, ...]
    profiles: tuple[str, ...]

    @property
    def binds(self) -> bool:
        """Whether it is of a kind that binds; the others recommend."""
        return self.kind in BINDING


def duties(place: Jurisdiction) -> tuple[Duty, ...]:
    """Entries that concern a system, and those that may; the others are left out.

    Parameters
    ----------
    place : Jurisdiction

    Returns
    -------
    tuple of Duty
        In the order of the reference.
    """
    told = (_duty(entry, place) for entry in register_files.frameworks())
    return tuple(one for one in told if one is not None)


def _duty(entry: FrameworkModel, place: Jurisdiction) -> Duty | None:
    if entry.type in NO_DUTY or entry.id in REVOKED:
        return None
    answers = {
        "country": _here(entry.country, place.country),
        "branch": _among(place.branch, BRANCH_OF.get(entry.id)),
        "impact": _among(place.impact, frozenset({"high"}) if entry.id in HIGH_ONLY else None),
    }
    if False in answers.values():
        return None
    open_ = tuple(name for name, value in answers.items() if value is None)
    words = register_files.framework_words()[entry.id]
    return Duty(
        id=entry.id, country=entry.country, instrument=entry.instrument, kind=entry.type,
        status={**words.status.words(), "en": entry.status},
        obligations={**words.obligations.words(), "en": entry.obligations}, verified=entry.verified,
        source=entry.source, applies="unknown" if open_ else "yes", depends_on=open_,
        profiles=entry.record_profiles,
    )  # fmt: skip


def _here(where: str, country: str | None) -> bool | None:
    """Whether an entry concerns a country; ``None`` if that cannot be told."""
    if where.startswith("Global"):
        return True
    if country is None or where == OPEN:
        return None
    if where in PARTS:
        return None if country == PARTS[where] else False
    return country in REGIONS.get(where, ()) or COUNTRIES.get(country) == where


def _among(declared: str | None, allowed: frozenset[str] | None) -> bool | None:
    if allowed is None:
        return True
    return None if declared is None else declared in allowed
