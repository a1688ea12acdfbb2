"""Requests and acts about invented persons, to see whether all names are protected alike."""

from __future__ import annotations

from random import Random
from typing import Final, NamedTuple

from iagkit.text.privacy.training import Example
from iagkit.text.privacy.training_names import GROUPS, SEXES, carried, carriers, person

EACH: Final = 150
"""Persons of each group and sex."""


class Bearer(NamedTuple):
    """A sentence with an invented person of a group of names."""

    example: Example
    group: str
    sex: str


def bearers(lang: str, *, each: int = EACH, seed: int = 0) -> list[Bearer]:
    """Invented persons of every group, in the same sentences, with names no tagger has learnt from.

    Parameters
    ----------
    lang : str
        ``es`` or ``pt``.
    each : int
        Persons of each group and sex; the first of every group stands in the same sentence.
    seed : int

    Returns
    -------
    list of Bearer
        ``10 * each``, one marked person each.

    Examples
    --------
    >>> found = bearers("es", each=2)
    >>> len(found), found[0].group, found[0].sex
    (20, 'common', 'women')
    """
    sentences = [s for s in carriers(lang, "measure") if "{m}" not in s]
    found = []
    for group in GROUPS:
        for sex in SEXES:
            random = Random(f"{seed} {group} {sex}")  # noqa: S311 (no secret)
            writing = Random(seed)  # noqa: S311 (all groups are written alike)
            for k in range(each):
                one = person(random, group=group, sex=sex, part="measure")
                example = carried(one, one, sentences[k % len(sentences)], writing)
                found.append(Bearer(example, group, sex))
    return found
