"""What happened in a simulation: tables, a log like any other, and what did not work out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import numpy as np
import pandas as pd

from iagkit.core.event_log import EventLog
from iagkit.core.message import Message, say
from iagkit.measures.arrays import Floats
from iagkit.prototypes.processes.simulation.model import Model
from iagkit.prototypes.processes.simulation.times import Times
from iagkit.prototypes.processes.simulation.walks import Codes
from iagkit.prototypes.processes.simulation.weeks import stepwise
from iagkit.prototypes.processes.simulation.work import Work

NOBODY = -1


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Simulated:
    """A run of a model.

    Parameters
    ----------
    model : Model
    work : Work
        Cases and their steps as they were drawn.
    times : Times
        What became of each step of ``work``.
    until, stop : float, hours
        Cases arrived before ``until``; the engine went on to ``stop`` at most.
    seed : int
    remarks : tuple of Message
        Work that is left over, and pools that were given more than they can do.
    """

    model: Model
    work: Work
    times: Times
    until: float
    stop: float
    seed: int
    remarks: tuple[Message, ...] = ()

    @classmethod
    def of(
        cls, model: Model, work: Work, times: Times, *, until: float, stop: float, seed: int
    ) -> Simulated:
        """Look at a run, and remark what did not work out."""
        found = cls(model=model, work=work, times=times, until=until, stop=stop, seed=seed)
        remarks = (*_too_much(found), *_left_over(found))
        object.__setattr__(found, "remarks", remarks)
        return found

    @property
    def finished(self) -> Any:
        """Whether each case was finished; ndarray of bool, shape (n_cases,)."""
        ended = ~np.isnan(self.times.end)
        if ended.all():
            return np.ones(len(self.work.arrived), dtype=bool)
        left = np.bincount(self.work.case[~ended], minlength=len(self.work.arrived))
        return left == 0

    @property
    def closed(self) -> Floats:
        """Hour at which each case was finished, ``nan`` if it was not; shape (n_cases,).

        Delays after the last step count: the case is closed when they have passed.
        """
        done = np.where(self.finished, self.work.arrived, np.nan)
        if len(self.times.end):
            after = self.times.end + self.work.after
            latest = np.fmax.reduceat(
                np.append(after, np.nan), np.minimum(self.work.starts[:-1], len(after))
            )
            some = np.diff(self.work.starts) > 0
            done = np.where(some & self.finished, latest, done)
        return done

    @property
    def wait(self) -> Floats:
        """Hours from ``enabled`` to ``start`` of each step, ``nan`` if it was never begun."""
        return np.maximum(self.times.start - self.times.enabled, 0.0)

    @property
    def count(self) -> int:
        """Events that happened: steps that came up, and steps that ended."""
        return int((~np.isnan(self.times.enabled)).sum() + (~np.isnan(self.times.end)).sum())

    def events(self) -> pd.DataFrame:
        """One row a step that came up.

        Returns
        -------
        dataframe
            ``case`` (a number), ``activity``, ``ready``, ``enabled``, ``start``, ``end`` (hours,
            ``nan`` if it did not happen), ``resource`` (name of the pool, missing if none).
        """
        came = np.flatnonzero(~np.isnan(self.times.ready))
        names = np.array([a.name for a in self.model.activities], dtype=object)
        pools = np.array([*(p.name for p in self.model.pools), None], dtype=object)
        columns: dict[str, Any] = {
            "case": self.work.case[came],
            "activity": names[self.work.activity[came]],
        }
        for name in ("ready", "enabled", "start", "end"):
            columns[name] = getattr(self.times, name)[came]
        return pd.DataFrame({**columns, "resource": pools[self.times.pool[came]]})

    def cases(self) -> pd.DataFrame:
        """One row a case: ``case``, ``opened``, ``closed``, ``due`` (hours), and attributes."""
        work = self.work
        return pd.DataFrame(
            {
                "case": np.arange(len(work.arrived)),
                "opened": work.arrived,
                "closed": self.closed,
                "due": np.where(np.isinf(work.due), np.nan, work.due),
                "kind": work.kind,
                "group": work.group,
                "rank": work.rank,
                "score": work.score,
                "template": work.template,
            }
        )

    def pools(self) -> pd.DataFrame:
        """One row a pool: hours on duty before ``until``, hours of work done, and cost.

        Returns
        -------
        dataframe
            ``pool``; ``on_duty_hours``; ``work_hours``, of all work begun before ``until`` and
            ended; ``cost``, of the hours on duty.
        """
        begun = (self.times.start < self.until) & ~np.isnan(self.times.end)
        done = np.bincount(
            self.times.pool[begun] + 1,
            weights=self.work.service[begun],
            minlength=len(self.model.pools) + 1,
        )[1:]
        duty = on_duty(self.model, self.until)
        return pd.DataFrame(
            {
                "pool": [pool.name for pool in self.model.pools],
                "on_duty_hours": duty,
                "work_hours": done,
                "cost": duty * np.array([pool.cost for pool in self.model.pools], dtype=float),
            }
        )

    def log(self) -> EventLog:
        """The run as an event log: what was done until the engine stopped."""
        events, cases = self.events(), self.cases()
        events = events[events["end"].notna()].reset_index(drop=True)
        width = len(str(len(cases)))
        for table in (events, cases):
            table["case"] = table["case"].astype(str).str.zfill(width)
            for name in ("ready", "enabled", "start", "end", "opened", "closed", "due"):
                if name in table:
                    table[name] = self._local(table[name])
        events["order"] = np.arange(len(events))
        events["resource"] = events["resource"].astype("string")
        events = events.sort_values(["case", "end", "order"], kind="stable", ignore_index=True)
        last = max(self.until, float(np.nanmax([0.0, *self.times.end])))
        return EventLog(
            events=events,
            cases=cases,
            until=self.model.start + timedelta(hours=last),
            groups=("group",) if (cases["group"] != "").any() else (),
            remarks=self.remarks,
        )

    def _local(self, hours: Any) -> Any:
        start = pd.Timestamp(self.model.start).as_unit("us")
        return start + pd.to_timedelta((hours * 3.6e9).round(), unit="us").astype("timedelta64[us]")


def on_duty(model: Model, until: float) -> Floats:
    """Hours of work that each pool is there for, from hour 0 to ``until``."""
    found = []
    for pool in model.pools:
        times, level = stepwise(pool.capacity, start=model.start, until=until, closed=pool.closed)
        found.append(float(np.dot(np.diff(np.append(times, until)), level)))
    return np.array(found)


def _too_much(found: Simulated) -> list[Message]:
    """Pools that stand in for one another and were given more work than they have hours."""
    model, work = found.model, found.work
    names = {pool.name: i for i, pool in enumerate(model.pools)}
    given, duty = np.zeros(len(model.activities)), on_duty(model, found.until)
    np.add.at(given, work.activity, work.service)
    remarks = []
    for activities, pools in _together([{names[p] for p in a.pools} for a in model.activities]):
        load, hours = float(given[activities].sum()), float(duty[sorted(pools)].sum())
        if load >= hours:
            remarks.append(
                say(
                    "{pools} were given {load} hours of work and have {hours}: the longer this "
                    "lasts, the longer cases wait",
                    pools=", ".join(sorted(model.pools[p].name for p in pools)),
                    load=round(load, 1),
                    hours=round(hours, 1),
                )
            )
    return remarks


def _together(choices: list[set[int]]) -> list[tuple[list[int], set[int]]]:
    """Activities whose pools overlap, directly or through others."""
    parts: list[tuple[list[int], set[int]]] = []
    for activity, pools in enumerate(choices):
        if not pools:
            continue
        joined, shared, rest = [activity], set(pools), []
        for part in parts:
            if part[1] & pools:
                joined, shared = part[0] + joined, shared | part[1]
            else:
                rest.append(part)
        parts = [*rest, (joined, shared)]
    return parts


def _left_over(found: Simulated) -> list[Message]:
    left = int((~found.finished).sum())
    if not left:
        return []
    return [
        say(
            "{left} of {cases} cases were not finished when the simulation stopped; they count as "
            "open, not as quick",
            left=left,
            cases=len(found.work.arrived),
        )
    ]


def steps_of(found: Simulated, activity: str) -> Codes:
    """Steps of ``work`` that are this activity."""
    names = [a.name for a in found.model.activities]
    return np.flatnonzero(found.work.activity == names.index(activity))
