"""Citizen requests → the office that can answer, or a person: one recipe, every table."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from iagkit.core.errors import DeclarationError
from iagkit.core.nouns import Dataset, Outcome, Prototype
from iagkit.prototypes.engine import persist
from iagkit.prototypes.engine.candidates import CANDIDATES, Selection, select
from iagkit.prototypes.engine.cases import prepare
from iagkit.prototypes.engine.model import RoutingModel
from iagkit.prototypes.engine.routing import Progress, Training, answer_held_out
from iagkit.prototypes.engine.saving import save_routing


class LinearRequests:
    """Linear text models chosen by nested validation; they know when not to decide."""

    name = "requests.linear"

    @staticmethod
    def load(path: Path) -> RoutingModel:
        """Read a model of this recipe from disk; the tracking store serves it through here."""
        model: RoutingModel = persist.load(path)
        return model

    save = staticmethod(save_routing)

    def __call__(
        self, dataset: Dataset, prototype: Prototype, *, seed: int = 0, progress: Progress = print
    ) -> tuple[Outcome, dict[str, Any]]:
        """Split, learn, calibrate, answer the held-out cases.

        Parameters
        ----------
        dataset : Dataset
            Roles ``text`` and ``target`` are needed; ``group``, ``time``, ``id``, ``office``,
            ``language`` and ``split`` are used where they are declared.
        prototype : Prototype
        seed : int
        progress : callable
            Told each step.

        Returns
        -------
        outcome : Outcome
            ``table`` with one row a held-out case: ``id``, ``truth``, ``prediction``,
            ``confidence``, ``decided``, ``labels``, ``rank``, ``cluster``, ``several_asks``,
            ``lang`` and ``group:<column>``. ``evidence``: ``classes``, ``probabilities``,
            ``repeats``, ``parents``, ``prevalence``, ``doubtful``.
        facts : dict
            Plain JSON for the record.
        """
        choose = partial(_choose, candidates=_asked(prototype), seed=seed)
        done = answer_held_out(
            prepare(dataset), dataset, prototype, choose=choose, seed=seed, progress=progress
        )
        return done.outcome(prototype), done.facts


def _choose(rows: Training, *, candidates: tuple[str, ...], seed: int) -> Selection:
    return select(
        rows.texts,
        rows.labels,
        groups=rows.clusters.tolist(),
        context=rows.offices,
        candidates=candidates,
        seed=seed,
    )


def _asked(prototype: Prototype) -> tuple[str, ...]:
    """Candidates that the declaration lets compete; all of them if it is silent."""
    asked = tuple(prototype.params.get("candidates") or CANDIDATES)
    if strange := [name for name in asked if name not in CANDIDATES]:
        msg = (
            f"expected candidates among {', '.join(CANDIDATES)}; got {', '.join(strange)}. Mend "
            "'candidates' under 'params' of the prototype"
        )
        raise DeclarationError(msg)
    return asked
