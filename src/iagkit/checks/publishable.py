"""Findings → those that may be published: counts of few people, and what betrays them, withheld.

Each finding reveals counts (:mod:`iagkit.checks.beside`); all counts that are revealed are
protected together (:mod:`iagkit.measures.disclosure_joint`); a finding is told if all its counts
are. The team's own copy of the findings keeps everything.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from iagkit.checks.audit_settings import COORDINATES, cells, settings
from iagkit.checks.beside import BETWEEN, OF_SERIES, Count, Group, Outcomes, Parts, outcomes
from iagkit.core.judge import WHOLE
from iagkit.core.message import say
from iagkit.core.nouns import Finding, Run, Verdict
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.binary import Mask
from iagkit.measures.disclosure_joint import Sums, withhold

DERIVED = (*BETWEEN, *OF_SERIES, ".difference")
EVERYBODY: Count = ((), ("all",))
NEEDED = ("needed", "few")
"""Numbers in a reason that are not of people."""
NEAR = 1e-6
MARGIN_FIRST = 20.0
"""A count of one column is worth so many times one of two columns together."""
Key = tuple[str, tuple[tuple[str, str], ...]]


def publishable(
    run: Run, findings: Sequence[Finding], *, k: int
) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    """Withhold what would tell of fewer than ``k`` people.

    Parameters
    ----------
    run : Run
        Of an audit.
    findings : sequence of Finding
    k : int
        0 and 1 withhold nothing.

    Returns
    -------
    findings : tuple of Finding
        In the same order; a withheld one has a reason in the place of its number.
    facts : dict
        ``k``; how many counts would have been told (``cells``), are small (``primary``) or
        withheld beside them (``complementary``); how many numbers are ``withheld``, and of which
        columns (``where``).
    """
    if k < 2:
        return tuple(findings), {"k": k, "primary": 0, "complementary": 0, "cells": 0}
    every = outcomes(cells(run), settings(run))
    ledger = _Ledger(every, k)
    revealed = [_revealed(finding, every) for finding in findings]
    for finding, counts in zip(findings, revealed, strict=True):
        ledger.enter(counts, derived=finding.check.endswith(DERIVED))
    hidden = ledger.hidden()
    kept = tuple(
        _withheld(finding, k)
        if _few(finding, k) or _strange(finding, every, k) or not hidden.isdisjoint(counts)
        else finding
        for finding, counts in zip(findings, revealed, strict=True)
    )
    kept = _beside_withheld(kept, findings, k)
    kept = _with_cases_of_told(kept, findings, k, settings(run).min_group)
    gone = [f for f, told in zip(findings, kept, strict=True) if f.estimate and not told.estimate]
    return kept, {**ledger.facts(hidden), "withheld": len(gone), "where": _where(gone, every)}


def _revealed(finding: Finding, every: Outcomes) -> tuple[Count, ...]:
    """Counts that follow from a finding: those that count, all, and the others."""
    if finding.because is not None and not finding.because.values:
        return ()
    shares = every.shares(finding)
    parts = [p for s in shares for p in (s.hits, s.among, s.rest) if p]
    return tuple((group, part) for group in every.groups(finding) for part in parts)


def _few(finding: Finding, k: int) -> bool:
    """Whether a number, or its reason, tells of few people by itself."""
    if finding.estimate is not None:
        return not finding.check.endswith(DERIVED) and finding.estimate.n < k
    assert finding.because is not None
    counts = (v for name, v in finding.because.values.items() if name not in NEEDED)
    return any(isinstance(count, int) and 0 < count < k for count in counts)


def _strange(finding: Finding, every: Outcomes, k: int) -> bool:
    """Whether a check of others tells of few people whom no count of ours knows."""
    told = finding.estimate
    if told is None or finding.where.keys() <= {*every.cells.columns, *COORDINATES}:
        return False
    number = told.value * (told.n if told.unit == "share" else 1)
    of = (number, told.n - number) if told.unit == "share" else (number,)
    return told.unit in ("share", "cases") and any(NEAR < one < k - NEAR for one in of)


@dataclass(slots=True)
class _Entry:
    """One count: the cells in it, and whether it is told and must be hidden."""

    at: Ints
    times: Floats
    value: float
    goal: float
    told: bool = False
    small: bool = False


class _Ledger:
    """All counts that findings reveal, as sums over the same cells."""

    def __init__(self, every: Outcomes, k: int) -> None:
        self.every, self.k = every, k
        self.place, self.first, self.people = _merged(every)
        self.entries: dict[Count, _Entry] = {}
        self.groups: dict[tuple[str, ...], dict[tuple[str, ...], Ints]] = {}
        self.times: dict[Parts, Floats] = {}
        self.most = _most_of_one(every)

    def enter(self, counts: Iterable[Count], *, derived: bool) -> None:
        """Note what a finding reveals. A number of several groups never tells a small count."""
        entries = [self._entry(count) for count in counts]
        few = any(entry.goal for entry in entries)
        if few and derived:
            return
        for entry in entries:
            entry.told, entry.small = entry.told or not few, entry.small or entry.goal > 0
        for group, parts in () if derived else counts:
            for part in (*parts, *(["unknown"] if "unknown" in self.every.parts else [])):
                alone = self._entry((group, (part,)))
                alone.small = alone.small or alone.goal > 0

    def hidden(self) -> frozenset[Count]:
        """Counts that must not be told."""
        everyone = self._entry(EVERYBODY)
        some = [c for c, e in self.entries.items() if e.told or e.small or e is everyone]
        found = self._protected(some)
        never = {c for c, e in self.entries.items() if e.goal}
        return frozenset(never | {c for c, gone in zip(some, found, strict=True) if gone})

    def facts(self, hidden: frozenset[Count]) -> dict[str, int]:
        """How many counts would have been told, are small, and are withheld beside those."""
        asked = {c for c, e in self.entries.items() if e.told or e.small}
        small = {c for c in asked if self.entries[c].goal}
        beside = len((hidden & asked) - small)
        return {"k": self.k, "primary": len(small), "complementary": beside, "cells": len(asked)}

    def _protected(self, counts: list[Count]) -> Mask:
        from scipy.sparse import csr_array

        entries = [self.entries[c] for c in counts]
        ends = np.cumsum([0, *(len(e.at) for e in entries)])
        times, at = (np.concatenate([getattr(e, p) for e in entries]) for p in ("times", "at"))
        value, goal = (np.array([getattr(e, p) for e in entries]) for p in ("value", "goal"))
        everyone = np.array([c == EVERYBODY for c in counts])
        sums = Sums(
            rows=csr_array((times, at, ends), shape=(len(entries), len(self.people))),
            people=self.people,
            goal=goal * [e.small for e in entries],
            told=(goal == 0) & [e.told for e in entries],
            fixed=everyone & (value >= self.k),
            price=(1 + np.log1p(value)) / MARGIN_FIRST ** np.array([len(g) for g, _ in counts]),
        )
        found = withhold(sums)
        return _whole_groups(counts, entries) if found is None else found

    def _entry(self, count: Count) -> _Entry:
        if count not in self.entries:
            group, parts = count
            at = self._inside(group)
            times = self._times(parts)[at]
            at, times = at[times > 0], times[times > 0]
            value = float(times @ self.people[at])
            self.entries[count] = _Entry(at, times, value, self._goal(at, value))
        return self.entries[count]

    def _times(self, parts: Parts) -> Floats:
        if parts not in self.times:
            every = [self.every.parts[part][self.first] for part in parts]
            self.times[parts] = np.sum(every, axis=0)
        return self.times[parts]

    def _goal(self, at: Ints, value: float) -> float:
        """What a small count must be able to be; of persons, where they have several rows."""
        if not NEAR < value < self.k * self.most - NEAR:
            return 0.0
        persons, cluster = value, self.every.cells.cluster
        if cluster is not None:
            inside = np.isin(self.place, at) & (self.every.cells.n > 0)
            persons = float(len(np.unique(cluster[inside])))
        return value * self.k / persons if persons < self.k - NEAR else 0.0

    def _inside(self, group: Group) -> Ints:
        """Cells of a group."""
        columns = tuple(column for column, _ in group)
        if columns not in self.groups:
            found = self.every.cells.by(columns)
            place = found.place[self.first]
            order = np.argsort(place, kind="stable")
            ends = np.searchsorted(place[order], np.arange(1, found.of))
            self.groups[columns] = dict(zip(found.names, np.split(order, ends), strict=True))
        levels = tuple(level for _, level in group)
        return self.groups[columns].get(levels, np.zeros(0, dtype=np.intp))


def _most_of_one(every: Outcomes) -> float:
    """Rows that one person has at most."""
    if every.cells.cluster is None:
        return 1.0
    _, person = np.unique(every.cells.cluster, return_inverse=True)
    return float(np.bincount(person, weights=every.cells.n).max(initial=1.0))


def _merged(every: Outcomes) -> tuple[Ints, Ints, Floats]:
    """Cells that no count tells apart, as one: of each its place, one of each, their people."""
    draw = np.random.default_rng(0)
    apart = [*every.cells.codes.T, *(np.rint(1e6 * part) for part in every.parts.values())]
    mixed = np.zeros(len(every.cells), dtype=np.int64)
    for one in apart:
        mixed += one.astype(np.int64) * draw.integers(1, 2**62)
    _, first, place = np.unique(mixed, return_index=True, return_inverse=True)
    people: Floats = np.bincount(place, weights=every.cells.n).astype(float)
    return np.asarray(place), np.asarray(first), people


def _whole_groups(counts: list[Count], entries: Sequence[_Entry]) -> Mask:
    """Of a very large audit, tell single columns only, and there whole groups or nothing.

    People of the groups withheld in a column can be exchanged without changing any other count
    that is told; together they are nobody, or enough, in every part of the outcomes.
    """
    small = [group for (group, _), e in zip(counts, entries, strict=True) if e.small]
    gone: set[Group] = {group for group, _ in counts if len(group) > 1 or () in small}
    sizes: dict[str, dict[Group, dict[Parts, float]]] = defaultdict(lambda: defaultdict(dict))
    for (group, parts), entry in zip(counts, entries, strict=True):
        if len(group) == 1:
            sizes[group[0][0]][group][parts] = entry.value
    least = max((e.goal for e in entries), default=0.0)
    for of in sizes.values():
        few = of.keys() & set(small)
        for group in sorted(of, key=lambda g: max(of[g].values())):
            together = Counter[Parts]()
            for one in few:
                together.update(of[one])
            if not few or (len(few) > 1 and all(v >= least for v in together.values() if v > 0)):
                break
            few.add(group)
        gone |= few
    return np.array([group in gone and (group, parts) != EVERYBODY for group, parts in counts])


def _where(gone: Iterable[Finding], every: Outcomes) -> list[dict[str, Any]]:
    """How many numbers of which columns together are withheld, most first."""
    columns = set(every.cells.columns)
    found = Counter(tuple(sorted(columns & set(f.where))) for f in gone)
    return [{"columns": list(c), "withheld": n} for c, n in found.most_common()]


def _with_cases_of_told(
    kept: Sequence[Finding], full: Sequence[Finding], k: int, min_group: int
) -> tuple[Finding, ...]:
    """Numbers of several groups with the cases of those told: others would count hidden groups."""
    cases, hidden = Counter[Key](), set[Key]()
    for told, was in zip(kept, full, strict=True):
        if told.check.endswith(DERIVED) or was.estimate is None:
            continue
        if told.estimate is None:
            hidden.add(_place(told))
        elif told.estimate.n >= min_group:
            cases[_place(told)] += told.estimate.n

    def recounted(finding: Finding) -> Finding:
        ending = next((e for e in BETWEEN if finding.check.endswith(e)), None)
        if ending is None or finding.estimate is None:
            return finding
        place = _place(finding, ending)
        if place not in hidden:
            return finding
        n = cases[place]
        return (
            replace(finding, estimate=replace(finding.estimate, n=n))
            if n
            else _withheld(finding, k)
        )

    return tuple(map(recounted, kept))


def _beside_withheld(
    kept: Sequence[Finding], full: Sequence[Finding], k: int
) -> tuple[Finding, ...]:
    """Without what follows from a withheld gap: its error, and the cases that would decide it."""
    gone = {
        (told.check.rpartition(".")[0], tuple(sorted(told.where.items())))
        for told, was in zip(kept, full, strict=True)
        if told.check.endswith((".gap", ".ratio")) and was.estimate and not told.estimate
    }
    return tuple(
        _withheld(f, k)
        if f.check.endswith((".detectable_gap", ".cases_needed"))
        and (f.check.rpartition(".")[0], tuple(sorted(f.where.items()))) in gone
        else f
        for f in kept
    )


def _place(finding: Finding, ending: str = "") -> Key:
    """Metric and columns of a finding, whichever the group; class and the like as they are."""
    coordinates = {c: v if c in ("class", "confidence", "threshold") else WHOLE
                   for c, v in finding.where.items() if c != "given"}  # fmt: skip
    return finding.check.removesuffix(ending), tuple(sorted(coordinates.items()))


def _withheld(finding: Finding, k: int) -> Finding:
    because = say("withheld: it would tell of fewer than {k} people, or betray such a count", k=k)
    return replace(finding, estimate=None, because=because, between=None)


def verdicts_told(
    verdicts: Sequence[Verdict], findings: Sequence[Finding], public: Sequence[Finding]
) -> tuple[Verdict, ...]:
    """Verdicts that do not repeat a number which is withheld.

    Parameters
    ----------
    verdicts : sequence of Verdict
    findings, public : sequence of Finding
        Before and after :func:`publishable`, in the same order.
    """
    hidden = {
        (told.check, tuple(sorted(told.where.items())))
        for told, full in zip(public, findings, strict=True)
        if told.estimate != full.estimate
    }
    judged = say("judged on numbers of few people, which are withheld")
    undecided = say("the data do not suffice; their numbers are of few people, and withheld")
    return tuple(
        replace(v, because=undecided if v.result == "unknown" else judged)
        if (v.check, tuple(sorted(v.where.items()))) in hidden
        else v
        for v in verdicts
    )
