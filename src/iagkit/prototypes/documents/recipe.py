"""Documents → their matter, type or unit, or a person: one recipe, long texts and short."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from iagkit.core.nouns import Dataset, Outcome, Prototype
from iagkit.prototypes.documents.model import with_areas
from iagkit.prototypes.documents.parts import PARTS, Setting
from iagkit.prototypes.engine import persist
from iagkit.prototypes.engine.candidates import LONG, Selection, select
from iagkit.prototypes.engine.cases import prepare
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.prototypes.engine.model import RoutingModel
from iagkit.prototypes.engine.parts import PartsTfidf
from iagkit.prototypes.engine.routing import Progress, Training, answer_held_out
from iagkit.prototypes.engine.saving import save_routing

FOLDS = 4
SHORT = 600
"""Characters, on average, up to which letter groups are worth their time."""


class LinearDocuments:
    """Linear models of whole texts and their informative parts; they know when not to decide."""

    name = "documents.linear"
    reads = frozenset({"urgency", "fields", "labelling", "repair_with"})
    """Params that change what it tells."""

    @staticmethod
    def load(path: Path) -> RoutingModel:
        """Read a model of this recipe from disk; the tracking store serves it through here."""
        model: RoutingModel = persist.load(path)
        return model

    save = staticmethod(save_routing)

    def __call__(
        self, dataset: Dataset, prototype: Prototype, *, seed: int = 0, progress: Progress = print
    ) -> tuple[Outcome, dict[str, Any]]:
        """Split, learn, calibrate, answer the held-out documents.

        Parameters
        ----------
        dataset : Dataset
            Roles ``text`` and ``target`` are needed; ``group``, ``time``, ``id``, ``language``
            and ``split`` are used where they are declared.
        prototype : Prototype
            Its taxonomy tells the area of each class; without one, labels such as
            ``area > class`` do.
        seed : int
        progress : callable
            Told each step.

        Returns
        -------
        outcome : Outcome
            ``table`` with one row a held-out document: ``id``, ``truth``, ``prediction``,
            ``confidence``, ``decided``, ``labels``, ``rank``, ``cluster``, ``lang``,
            ``group:<column>``; with areas ``area``, ``area_confidence`` and ``level``; and the
            columns of the parts asked for. ``evidence`` as that of requests, and of the parts.
        facts : dict
            Plain JSON for the record.
        """
        done = answer_held_out(
            prepare(dataset, use_office=False),
            dataset,
            prototype,
            choose=partial(choose, seed=seed),
            finish=partial(with_areas, taxonomy=prototype.taxonomy),
            seed=seed,
            progress=progress,
        )
        outcome, facts = done.outcome(prototype, listed=True), done.facts
        setting = Setting(done=done, dataset=dataset, prototype=prototype, seed=seed)
        for part in PARTS:
            found = part(setting)
            outcome = replace(
                outcome,
                table=outcome.table.assign(**found.columns),
                evidence={**outcome.evidence, **found.evidence},
            )
            facts |= found.facts
        return outcome, facts


def choose(rows: Training, *, seed: int = 0) -> Selection:
    """Choose between whole texts and their parts, in folds of whole text groups.

    Parameters
    ----------
    rows : Training
    seed : int

    Returns
    -------
    Selection
        ``table`` tells what each way reached, so that the gain of the parts can be read.
    """
    ways: dict[str, HashedTfidf | PartsTfidf] = {
        "words": HashedTfidf(letter_sizes=()),
        "parts": PartsTfidf(),
    }
    if sum(map(len, rows.texts)) <= SHORT * len(rows.texts):
        ways["letters"] = HashedTfidf(letter_weight=1.0)
    return select(
        rows.texts,
        rows.labels,
        groups=rows.clusters.tolist(),
        features=ways,
        candidates=tuple(LONG),
        folds=FOLDS,
        seed=seed,
    )
