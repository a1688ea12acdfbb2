"""A model of document triage: where the class is unsure, it may still be sure of the area."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from iagkit.prototypes.engine.abstention import NEVER, leads, learn_rule
from iagkit.prototypes.engine.model import Floats, RoutingModel
from iagkit.prototypes.engine.routing import Unseen

if TYPE_CHECKING:
    import pandas as pd

BELOW = " > "
"""Stands between an area and its class where labels are paths."""
CLASS, AREA, PERSON = "class", "area", "person"
FEWEST = 50
"""Unsure training cases below which nothing is decided by area."""


class TriageModel(RoutingModel):
    """A routing model whose classes belong to areas.

    Parameters
    ----------
    parents : dict of str to str
        Class → area; a class without one is not decided by area.
    area_below : float
        Areas with less confidence are left to a person.
    **known
        As in :class:`RoutingModel`.
    """

    tells_language: ClassVar[int | None] = 300

    def __init__(self, *, parents: dict[str, str], area_below: float, **known: Any) -> None:
        super().__init__(**known)
        self.parents = parents
        self.area_below = area_below

    def told(self, table: pd.DataFrame, probability: Floats) -> pd.DataFrame:
        """Answer as :class:`RoutingModel` does, and tell how far the answer goes.

        Returns
        -------
        DataFrame
            Columns of :meth:`RoutingModel.answer` without ``several_asks``; with areas also
            ``area``, ``area_confidence`` and ``level``: ``class``, ``area`` (only the area is
            sure) or ``person``.
        """
        told, texts, langs = self.routed(table, probability)
        told = told.assign(lang=langs)
        if not self.parents:
            return told
        areas, sums = by_area(probability, self.classes, self.parents)
        best = sums.argmax(axis=1)
        sure = sums.max(axis=1) >= self.area_below
        sure &= self.automatic & np.array([bool(text.strip()) for text in texts], dtype=bool)
        return told.assign(
            area=np.asarray(areas, dtype=object)[best],
            area_confidence=sums.max(axis=1),
            level=np.where(told["decided"], CLASS, np.where(sure, AREA, PERSON)),
        )


def by_area(
    probability: Floats, classes: Sequence[str], parents: Mapping[str, str]
) -> tuple[list[str], Floats]:
    """Add up the probabilities of each area.

    Returns
    -------
    areas : list of str
        Sorted.
    probability : ndarray of float, shape (n, n_areas)
    """
    areas = sorted({parents[c] for c in classes if c in parents})
    member = np.array([[parents.get(c) == area for area in areas] for c in classes], dtype=float)
    return areas, np.asarray(probability @ member)


def parents_of(classes: Sequence[str], taxonomy: Sequence[Mapping[str, Any]]) -> dict[str, str]:
    """Area of each class: as the taxonomy says, else what stands before the last ``BELOW``."""
    known = {str(row["code"]): str(row["parent"]) for row in taxonomy if row.get("parent")}
    path = {c: c.rpartition(BELOW)[0] for c in classes if BELOW in c}
    found = {c: known.get(c) or path.get(c) for c in classes}
    return {c: area for c, area in found.items() if area}


def with_areas(
    model: RoutingModel, unseen: Unseen, *, taxonomy: Sequence[Mapping[str, Any]]
) -> TriageModel:
    """Let a model fall back on areas, within the same error budget as classes.

    The rule is learnt on training cases whose class would be left to a person, out of fold.
    Where people's capacity decides how many cases they read, they read them all.
    """
    parents = parents_of(model.classes, taxonomy)
    below = _area_rule(model, unseen, parents) if parents else NEVER
    return TriageModel(parents=parents, area_below=below, **vars(model))


def _area_rule(model: RoutingModel, unseen: Unseen, parents: Mapping[str, str]) -> float:
    protocol = unseen.protocol
    left = np.flatnonzero(leads(unseen.probability) < model.review_below)
    if protocol.max_error is None or left.size < FEWEST:
        return NEVER
    areas, sums = by_area(unseen.probability[left], model.classes, parents)
    of_class = [areas.index(parents[c]) if c in parents else -1 for c in model.classes]
    rule = learn_rule(
        sums.max(axis=1),
        sums.argmax(axis=1) == np.asarray(of_class)[unseen.y[left]],
        clusters=unseen.clusters[left],
        max_error=protocol.max_error,
        level=protocol.level,
        min_clusters=protocol.min_group,
    )
    return rule.threshold
