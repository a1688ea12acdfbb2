"""An event log → where the time goes, and what a change would do: one recipe, a tuple of parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iagkit.core.event_log import EventLog
from iagkit.core.message import Message
from iagkit.core.nouns import Dataset, Outcome, Prototype, Run
from iagkit.measures.processes.kinds import kind_of_case
from iagkit.prototypes.engine.saving import MODEL
from iagkit.prototypes.processes import keeping
from iagkit.prototypes.processes.at_work import AtWork
from iagkit.prototypes.processes.deadlines import with_deadlines
from iagkit.prototypes.processes.narrowing import narrowed
from iagkit.prototypes.processes.parts import PARTS, Found, Progress, Setting
from iagkit.wire.logs.loading import IN_CARDS, log_of

if TYPE_CHECKING:
    import pandas as pd


class ProcessLog:
    """What an event log says of waits and work; each part for itself."""

    name = "processes.log"
    takes = "log"
    """It works on event logs: :func:`iagkit.wire.logs.loading.load` reads its data."""

    def __call__(
        self, dataset: Dataset, prototype: Prototype, *, seed: int = 0, progress: Progress = print
    ) -> tuple[Outcome, dict[str, Any]]:
        """Ask every part of what the log allows.

        Parameters
        ----------
        dataset : Dataset
            Its ``table`` is an :class:`EventLog`.
        prototype : Prototype
            ``params`` may hold ``filters``, ``case_type``, ``sla_days`` (deadline of cases for
            which the log tells none), and settings by name of a part.
        seed : int
        progress : callable
            Told each step.

        Returns
        -------
        outcome : Outcome
            ``table`` with one row a case: ``id``, ``opened``, ``closed``, ``due`` and
            ``group:<column>``. ``evidence`` holds the ``log`` and that of the parts.
        facts : dict
            Plain JSON for the record; no id of a case.
        """
        log = asked_about(log_of(dataset), prototype.params)
        setting = Setting(log=log, prototype=prototype, seed=seed, progress=progress)
        evidence: dict[str, Any] = {"log": log}
        facts: dict[str, Any] = {"log": told_of(log)}
        files: dict[str, Any] = {}
        for part in PARTS:
            found: Found = part(setting)
            evidence |= found.evidence
            facts |= found.facts
            files |= found.files
        outcome = Outcome(
            table=cases_of(log), respond=_no_answer, model=evidence.pop("at_work", None),
            evidence=evidence | {"files": files},
        )  # fmt: skip
        return outcome, facts

    @staticmethod
    def save(done: Run, folder: Path, *, automatic: bool) -> tuple[str, ...]:  # noqa: ARG004
        """Write what the parts hand over, such as the list of open cases, and the model."""
        files = dict(done.outcome.evidence["files"])
        if isinstance(done.outcome.model, AtWork):
            model = replace(done.outcome.model, about=_about(done))
            files[MODEL] = partial(keeping.save, model)
        for name, write in files.items():
            write(folder / name)
        return tuple(files)

    @staticmethod
    def load(path: Path) -> AtWork:
        """Read the model of a run; the tracking store serves it through here."""
        return keeping.load(path)


def _about(done: Run) -> dict[str, Any]:
    """Which columns of its log a model was learnt from, and who answers for it."""
    card = done.dataset.card
    columns = {name: card.named(role) for name, role in IN_CARDS.items()}
    return {
        "prototype": done.prototype.name,
        "human_role": done.prototype.human_role,
        "columns": {name: found[0] for name, found in columns.items() if found},
    }


def asked_about(log: EventLog, params: Mapping[str, Any]) -> EventLog:
    """The cases that filters keep, with their deadlines; a declared type of case goes first."""
    told, kind = params.get("filters") or (), params.get("case_type", "")
    kind_of_case(log, kind)
    log = with_deadlines(log, params.get("sla_days"))
    return narrowed(log, [told] if isinstance(told, str) else told, case_type=kind)


def cases_of(log: EventLog) -> pd.DataFrame:
    """Cases of a log as checks read them, one row a case."""
    table: pd.DataFrame = log.cases[["case", "opened", "closed", "due"]].rename(
        columns={"case": "id"}
    )
    return table.assign(**{f"group:{column}": log.cases[column] for column in log.groups})


def told_of(log: EventLog) -> dict[str, Any]:
    """What may be published of a log itself: sizes, times, and what was guessed in reading it."""
    end = log.events["end"].to_numpy()
    return {
        "cases": len(log.cases),
        "events": len(log.events),
        "activities": int(log.events["activity"].nunique()),
        "first": _moment(end.min()),
        "last": _moment(end.max()),
        "until": log.until.isoformat(timespec="minutes"),
        "zone": log.zone,
        "timed_work": log.timed_work,
        "resources": bool(log.events["resource"].notna().any()),
        "groups": list(log.groups),
        "counted": {str(k): int(v) for k, v in log.facts.items() if isinstance(v, int)},
        "open_by": str(log.facts.get("open_by", "")),
        "remarks": [_remark(remark) for remark in log.remarks],
    }


def _remark(message: Message) -> dict[str, Any]:
    return {"template": message.template, "values": dict(message.values)}


def _moment(stamp: np.datetime64) -> str:
    return str(np.datetime_as_string(stamp, unit="m"))


def _no_answer(*_: Any) -> None:
    """A log answers no single question; what predicts is a part of its own."""
