"""What is read from a document: the place in the text as given, the kind and a normal form."""

from __future__ import annotations

from typing import Final, NamedTuple

KINDS: Final = ("date", "norm", "ruling", "amount", "case", "party")
"""``ruling`` is a judgment or a precedent that is cited; ``case`` the number of a file."""


class Field(NamedTuple):
    """Characters ``[start, end)`` of a text as given.

    Parameters
    ----------
    start, end : int
        Offsets in characters, exact.
    kind : str
        One of `KINDS`.
    value : str
        Normal form: an ISO date or range, ``br:lei:8212:1991``, ``BRL 1234.50``, the digits of a
        case; empty where the text tells no more than its own words.
    sort : str
        What it is within its kind: ``lei``, ``sumula``, ``cnj``, ``author``; empty if no more is
        known.
    number, year : str
        Of norms, rulings and cases; empty if not told.
    country : str or None
        Two letters, where the form of words belongs to one country.
    """

    start: int
    end: int
    kind: str
    value: str = ""
    sort: str = ""
    number: str = ""
    year: str = ""
    country: str | None = None
