"""The shifts as a program: what is unknown, what must hold, and how a solution is read back."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import inf
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from iagkit.core.errors import DataError, UsageError
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, Ints
from iagkit.prototypes.processes.staffing.grid import Grid
from iagkit.prototypes.processes.staffing.needs import Demand, Target, attained, enough
from iagkit.prototypes.processes.staffing.solving import Program, Writer
from iagkit.prototypes.processes.staffing.tours import (
    Contract,
    Shift,
    day_patterns,
    days_of,
    deal,
    shifts_of,
)

ALMOST = 1e-6
CLOSE = 0.999
"""Share of a half-hour's cases beyond which one more person is not looked at."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Weekly:
    """A promise for the whole week: some half-hours may fall short if others make up for it.

    Parameters
    ----------
    gains : ndarray of float, shape (grid.size, most)
        Cases a week that one more person takes up in time, for each part: the first, the second …
    least : float, cases a week
    """

    gains: Floats
    least: float

    @classmethod
    def of(cls, demand: Demand, *, target: Target) -> Weekly:
        """What each person gains by Erlang C, up to 99.9 % of a part's cases."""
        hours = demand.service.value
        top = Target(share=max(CLOSE, target.share), hours=target.hours)
        people, _ = enough(demand.rates, service_hours=hours, target=top)
        most = max(int(people.max()), 1)
        share = attained(demand.rates, service_hours=hours, within=target.hours, most=most)
        beyond = np.arange(1, most + 1) > people[:, None]
        cases = (demand.rates * demand.grid.hours)[:, None]
        gains = np.where(beyond, 0.0, np.diff(share, axis=1) * cases)
        return cls(gains=gains, least=target.share * float(cases.sum()))


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Layout:
    """Unknowns: people of each tour; of each shift, day and place of the break; of each skill.

    Parameters
    ----------
    grid : Grid
    contracts : tuple of Contract
    shifts : tuple of Shift
    patterns : tuple
        Choices of days of each contract.
    needs : mapping of str to ndarray of int
    weekly : mapping of str to Weekly
    part_time_share : float
    """

    grid: Grid
    contracts: tuple[Contract, ...]
    shifts: tuple[Shift, ...]
    patterns: tuple[tuple[tuple[int, ...], ...], ...]
    needs: Mapping[str, Ints]
    weekly: Mapping[str, Weekly]
    part_time_share: float
    numbers: dict[Any, Ints] = field(default_factory=dict)

    @property
    def queues(self) -> tuple[str, ...]:
        """Names of all queues."""
        return (*self.needs, *self.weekly)

    def choices(self) -> Iterator[tuple[int, Shift, tuple[tuple[int, ...], ...]]]:
        """Each shift with its number and the choices of days."""
        for number, shift in enumerate(self.shifts):
            yield number, shift, self.patterns[shift.contract]

    def lengths(self, shift: Shift) -> Ints:
        """Days worked in a week, for each unknown number of people of a shift."""
        found = [len(p) for p in self.patterns[shift.contract]]
        if self.contracts[shift.contract].together:
            return np.array(found, dtype=np.intp)
        return np.unique(found)

    def skills(self, contract: int) -> tuple[str, ...]:
        """Queues that people of a contract can serve."""
        return self.contracts[contract].skills or self.queues

    def cheapest(self) -> Program:
        """Least cost that meets all needs."""
        return self._write(elastic=False).program()

    def fewest_missing(self, budget: float | None) -> Program:
        """Fewest missing hours within the budget."""
        self._refuse_weekly()
        writer = self._write(elastic=True)
        self._within(writer, budget)
        writer.cost = [np.zeros(len(block)) for block in writer.cost]
        self._missing_costs(writer)
        return writer.program()

    def cheapest_missing(self, budget: float | None, missing: float) -> Program:
        """Least cost within the budget at which no more is missing."""
        writer = self._write(elastic=True)
        self._within(writer, budget)
        lacking = np.concatenate([self.numbers["lacking", queue] for queue in self.needs])
        writer.row(lacking, 1.0, high=missing + ALMOST)
        return writer.program()

    def _refuse_weekly(self) -> None:
        if self.weekly:
            msg = (
                "the promise for the whole week cannot be kept within this budget and these "
                "contracts; plan it with needs of each half-hour to see which ones lack people"
            )
            raise UsageError(msg)

    def _missing_costs(self, writer: Writer) -> None:
        everything = np.concatenate(writer.cost)
        for queue in self.needs:
            everything[self.numbers["lacking", queue]] = 1.0
        writer.cost = [everything]

    def _within(self, writer: Writer, budget: float | None) -> None:
        if budget is None:
            return
        costs = np.concatenate(writer.cost)
        which = np.flatnonzero(costs)
        writer.row(which, costs[which], high=budget)

    def _write(self, *, elastic: bool) -> Writer:
        writer = Writer()
        supply = self._people(writer)
        self._limits(writer)
        cover = self._shared(writer, supply)
        for queue, need in self.needs.items():
            rows = np.flatnonzero(need)
            lacking = writer.unknowns(len(need) if elastic else 0, most=need if elastic else 0.0)
            self.numbers["lacking", queue] = lacking
            for slot in rows:
                which, factors = cover[queue][slot]
                if elastic:
                    which, factors = [*which, lacking[slot]], [*factors, 1.0]
                writer.row(np.array(which, dtype=np.intp), factors, low=float(need[slot]))
        for queue, weekly in self.weekly.items():
            self._promise(writer, weekly, cover[queue])
        return writer

    def _people(self, writer: Writer) -> list[dict[int, list[int]]]:
        """Tours and shifts of each day; gives, by contract, who is at work in each part."""
        supply: list[dict[int, list[int]]] = [{} for _ in self.contracts]
        for number, shift, patterns in self.choices():
            contract = self.contracts[shift.contract]
            lengths = self.lengths(shift)
            tour = writer.unknowns(
                len(lengths),
                cost=lengths * shift.paid_hours * contract.cost,
                most=inf if contract.most is None else contract.most,
            )
            self.numbers["tour", number] = tour
            working = self._working(writer, number, contract.together, tour)
            count = len(shift.works)
            for day in days_of(patterns):
                at_work = writer.unknowns(count, whole=count > 1)
                self.numbers["day", number, day] = at_work
                on = working[day]
                writer.row([*at_work, *on], [*[1.0] * count, *[-1.0] * len(on)], low=0.0, high=0.0)
                for choice in range(count):
                    for slot in shift.slots(day, choice, self.grid):
                        supply[shift.contract].setdefault(int(slot), []).append(at_work[choice])
        return supply

    def _working(
        self, writer: Writer, number: int, together: bool, tour: Ints
    ) -> dict[int, list[int]]:
        """Unknowns that count who works on each day.

        Where any choice of so many days will do, people need not be told apart by their days: each
        day has no more than there are, all days together have so many for each, and that is enough
        for days to be dealt out.
        """
        patterns = self.patterns[self.shifts[number].contract]
        days = days_of(patterns)
        if together:
            return {d: tour[[d in p for p in patterns]].tolist() for d in days}
        found: dict[int, list[int]] = {d: [] for d in days}
        for heads, length in zip(tour, self.lengths(self.shifts[number]), strict=True):
            on = writer.unknowns(len(days))
            self.numbers["on", number, int(length)] = on
            writer.row([*on, heads], [*[1.0] * len(on), -float(length)], low=0.0, high=0.0)
            for day, one in zip(days, on, strict=True):
                writer.row([heads, one], [1.0, -1.0], low=0.0)
                found[day].append(int(one))
        return found

    def _limits(self, writer: Writer) -> None:
        """Heads of each contract, and the hours of part-time ones."""
        hours: list[tuple[Ints, Any]] = []
        for number, contract in enumerate(self.contracts):
            mine = [n for n, shift, _ in self.choices() if shift.contract == number]
            if contract.most is not None:
                heads = np.concatenate([self.numbers["tour", n] for n in mine])
                writer.row(heads, 1.0, high=contract.most)
        if self.part_time_share < 1:
            for n, shift, _ in self.choices():
                part = self.contracts[shift.contract].part_time
                factor = (1.0 if part else 0.0) - self.part_time_share
                hours.append(
                    (self.numbers["tour", n], self.lengths(shift) * (shift.paid_hours * factor))
                )
            writer.row(
                np.concatenate([h[0] for h in hours]),
                np.concatenate([h[1] for h in hours]),
                high=0.0,
            )

    def _shared(
        self, writer: Writer, supply: list[dict[int, list[int]]]
    ) -> dict[str, list[tuple[list[int], list[float]]]]:
        """Who serves each queue in each part; people with several skills are shared out."""
        cover: dict[str, list[tuple[list[int], list[float]]]] = {
            queue: [([], []) for _ in range(self.grid.size)] for queue in self.queues
        }
        groups: dict[tuple[str, ...], dict[int, list[int]]] = {}
        for number, mine in enumerate(supply):
            group = groups.setdefault(tuple(sorted(self.skills(number))), {})
            for slot, who in mine.items():
                group.setdefault(slot, []).extend(who)
        for skills, mine in groups.items():
            for slot, who in mine.items():
                if len(skills) == 1:
                    cover[skills[0]][slot][0].extend(who)
                    cover[skills[0]][slot][1].extend([1.0] * len(who))
                    continue
                parts = writer.unknowns(len(skills), whole=False)
                self.numbers["share", skills, slot] = parts
                factors = [*[1.0] * len(skills), *[-1.0] * len(who)]
                writer.row([*parts, *who], factors, high=0.0)
                for queue, part in zip(skills, parts, strict=True):
                    cover[queue][slot][0].append(int(part))
                    cover[queue][slot][1].append(1.0)
        return cover

    def _promise(
        self, writer: Writer, weekly: Weekly, cover: list[tuple[list[int], list[float]]]
    ) -> None:
        """A person more gains something only after those before; all gains keep the promise."""
        which: list[int] = []
        gains: list[float] = []
        for slot, row in enumerate(weekly.gains):
            steps = np.flatnonzero(row > 0)
            if not len(steps):
                continue
            sizes = np.diff(np.concatenate([[-1], steps]))
            taken = writer.unknowns(len(steps), most=1.0)
            have, factors = cover[slot]
            writer.row([*have, *taken], [*factors, *(-sizes)], low=0.0)
            for before, after in pairwise(taken):
                writer.row([before, after], [1.0, -1.0], low=0.0)
            which.extend(int(t) for t in taken)
            gains.extend(row[steps])
        writer.row(which, gains, low=weekly.least)

    # what a solution says

    def cost(self, x: Floats) -> float:
        """Cost of the tours of a week."""
        return float(
            sum(
                people * len(days) * shift.paid_hours * self.contracts[shift.contract].cost
                for shift, days, people in self.tours(x)
            )
        )

    def tours(self, x: Floats) -> Iterator[tuple[Shift, tuple[int, ...], int]]:
        """Shifts, days and people, where there are any."""
        for number, shift, patterns in self.choices():
            tour = x[self.numbers["tour", number]]
            if self.contracts[shift.contract].together:
                dealt = [(p, round(n)) for p, n in zip(patterns, tour, strict=True) if n > 0.5]
            else:
                dealt = [
                    week
                    for length, heads in zip(self.lengths(shift), tour, strict=True)
                    for week in deal(
                        days_of(patterns),
                        x[self.numbers["on", number, int(length)]],
                        length=int(length),
                        heads=round(heads),
                    )
                ]
            for days, people in dealt:
                yield shift, days, people

    def staff(self, x: Floats) -> dict[str, Ints]:
        """People at work in each part, by contract."""
        found = {c.name: np.zeros(self.grid.size, dtype=np.intp) for c in self.contracts}
        for number, shift, patterns in self.choices():
            row = found[self.contracts[shift.contract].name]
            for day in {d for p in patterns for d in p}:
                for choice, people in enumerate(x[self.numbers["day", number, day]]):
                    row[shift.slots(day, choice, self.grid)] += round(people)
        return found

    def given(self, x: Floats) -> dict[str, Floats]:
        """People that serve each queue in each part."""
        staff = self.staff(x)
        found = {queue: np.zeros(self.grid.size) for queue in self.queues}
        for number, contract in enumerate(self.contracts):
            skills = self.skills(number)
            if len(skills) == 1:
                found[skills[0]] += staff[contract.name]
        for key, parts in self.numbers.items():
            if key[0] == "share":
                for queue, part in zip(key[1], parts, strict=True):
                    found[queue][key[2]] += x[part]
        return found

    def lacking(self, x: Floats) -> dict[str, Floats]:
        """People that each queue lacks in each part."""
        given = self.given(x)
        return {queue: np.maximum(need - given[queue], 0) for queue, need in self.needs.items()}

    def missing(self, x: Floats) -> float:
        """People missing, added up over all parts."""
        return float(sum(row.sum() for row in self.lacking(x).values()))


def lay_out(
    needs: Mapping[str, ArrayLike | Weekly],
    contracts: Sequence[Contract],
    *,
    part_time_share: float,
    grid: Grid,
) -> Layout:
    """Check what was told, and list all shifts and choices of days."""
    if not needs or not contracts:
        msg = (
            f"expected needs and contracts; got {len(needs)} queues and {len(contracts)} contracts"
        )
        raise DataError(msg)
    if not 0 <= part_time_share <= 1:
        msg = f"'part_time_share' is a share from 0 to 1; got {part_time_share:g}"
        raise DataError(msg)
    fixed = {q: _whole(q, need, grid) for q, need in needs.items() if not isinstance(need, Weekly)}
    weekly = {q: need for q, need in needs.items() if isinstance(need, Weekly)}
    if len({c.name for c in contracts}) < len(contracts):
        msg = "names of contracts must differ; some are used again"
        raise DataError(msg)
    for contract in contracts:
        for skill in contract.skills:
            if skill not in needs:
                msg = f"contract '{contract.name}' names the queue '{skill}', which has no needs."
                raise DataError(msg + did_you_mean(skill, needs))
    served = {s for c in contracts for s in (c.skills or needs)}
    unserved = sorted(set(needs) - served)
    if unserved:
        msg = f"nobody has the skill for {len(unserved)} queues, as '{unserved[0]}'; add a contract"
        raise DataError(msg)
    return Layout(
        grid=grid,
        contracts=tuple(contracts),
        shifts=tuple(s for n, c in enumerate(contracts) for s in shifts_of(c, number=n, grid=grid)),
        patterns=tuple(tuple(day_patterns(c, grid=grid)) for c in contracts),
        needs=fixed,
        weekly=weekly,
        part_time_share=part_time_share,
    )


def _whole(queue: str, need: ArrayLike, grid: Grid) -> Ints:
    people = np.asarray(need, dtype=float)
    good = people.shape == (grid.size,) and (people >= 0).all() and (people % 1 == 0).all()
    if not good:
        msg = (
            f"'{queue}' needs {grid.size} whole numbers of people, one for each part of the week, "
            f"none negative; got shape {people.shape}"
        )
        raise DataError(msg)
    return people.astype(np.intp)
