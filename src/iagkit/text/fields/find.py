"""All fields of a text, in reading order."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from functools import partial
from typing import Final

from iagkit.core.errors import UsageError
from iagkit.core.registry import did_you_mean
from iagkit.text.fields import amounts, cases, dates, norms, rulings, spelt
from iagkit.text.fields.anchors import Anchors, Sought
from iagkit.text.fields.nouns import KINDS, Field
from iagkit.text.fields.parties import parties

PRECEDENCE: Final = ("norm", "ruling", "case", "amount", "date")
"""Where two overlap, the one before is kept; a party may hold others, and is never dropped."""
SOUGHT: Final = Sought(
    figure="9",
    **{
        name: beginnings
        for module in (spelt, norms, rulings, cases, amounts, dates)
        for name, beginnings in module.BEGINNINGS.items()
    },
)
DEFAULT: Final = frozenset(PRECEDENCE)
"""Without parties: they are names, mostly of natural persons."""


def find_fields(
    text: str, *, kinds: Collection[str] | None = None, country: str | None = None
) -> list[Field]:
    """Find dates, references to norms and rulings, amounts, case numbers and, if asked, parties.

    Parameters
    ----------
    text : str
        Text as it came; offsets are of its characters.
    kinds : collection of str, optional
        Some of `KINDS`; all but ``party`` if not given. Kinds that are not asked for still keep
        others from being read into them (a date inside a reference is none of its own).
    country : str, optional
        Two letters: decides *Ley 24.156* and *$*, whose words belong to several countries.

    Returns
    -------
    list of Field
        In reading order; of all kinds but ``party`` no two overlap.

    Raises
    ------
    UsageError
        If there is no such kind.

    Examples
    --------
    >>> text = "La Ley N° 24.156 y $ 1.200 al 3 de junio de 2013"
    >>> [(f.kind, f.value) for f in find_fields(text, country="ar")]
    [('norm', 'ar:ley:24156:'), ('amount', 'ARS 1200'), ('date', '2013-06-03')]
    """
    asked = DEFAULT if kinds is None else frozenset(kinds)
    for kind in asked:
        if kind not in KINDS:
            msg = (
                f"expected kinds among {', '.join(KINDS)}; got '{kind}'.{did_you_mean(kind, KINDS)}"
            )
            raise UsageError(msg)
    found = [f for f in _without_overlap(_all(text, country)) if f.kind in asked]
    if "party" in asked:
        found += dict.fromkeys(parties(text))
    return sorted(found)


def _all(text: str, country: str | None) -> Iterator[Field]:
    places = SOUGHT.within(text)
    read: dict[str, Callable[[Anchors], Iterator[Field]]] = {
        "norm": partial(norms.norms, country=country),
        "ruling": rulings.rulings,
        "case": cases.cases,
        "amount": partial(amounts.amounts, country=country),
        "date": dates.dates,
    }
    for kind in PRECEDENCE:
        yield from read[kind](places)


def _without_overlap(fields: Iterator[Field]) -> Iterator[Field]:
    taken = bytearray()
    for field in fields:
        if len(taken) < field.end:
            taken.extend(bytes(field.end - len(taken)))
        if not any(taken[field.start : field.end]):
            taken[field.start : field.end] = b"\1" * (field.end - field.start)
            yield field
