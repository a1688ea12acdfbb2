"""Shares and numbers of groups → findings: each group, the gap, the ratio, each against another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations, product

import numpy as np

from iagkit.checks.audit_settings import AuditSettings
from iagkit.core.judge import WHOLE
from iagkit.core.message import Message, say
from iagkit.core.nouns import MISSING, Estimate, Finding
from iagkit.measures.binary import told
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.detectable import detectable_gap
from iagkit.measures.groupwise import Groupwise
from iagkit.measures.pairs import differences
from iagkit.measures.shares import Shares
from iagkit.measures.simultaneous import Gap, gap, gap_of_estimates, ratio
from iagkit.measures.unknown_groups import gap_bounds

OF_SHARES = ("", ".gap", ".ratio", ".detectable_gap", ".difference", ".gap_bounds")
"""What is told of a share by groups, after its name."""
OF_NUMBERS = ("", ".gap")


def named(
    metrics: Iterable[str], parts: Iterable[str] = ("",), family: str = "fairness"
) -> tuple[str, ...]:
    """Names of the findings about some metrics."""
    return tuple(f"{family}.{metric}{part}" for metric, part in product(metrics, parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """One measure of one set of groups, and what is told of it.

    Parameters
    ----------
    metric : str
        Name of the measure; the check is ``fairness.<metric>``.
    question : str
    groups : Groups
    asked : AuditSettings
    more : mapping of str to str
        Further coordinates, such as the class.
    """

    metric: str
    question: str
    groups: Groups
    asked: AuditSettings
    more: Mapping[str, str]

    @property
    def names(self) -> tuple[str, ...]:
        """Name of each group; those of several columns joined by a dot."""
        return tuple(" · ".join(name) for name in self.groups.names)

    @property
    def whole(self) -> dict[str, str]:
        """Coordinates of a finding about all groups together."""
        return {**dict.fromkeys(self.groups.columns, WHOLE), **self.more}

    def found(
        self,
        part: str,
        where: Mapping[str, str],
        answer: Estimate | Message | None,
        between: tuple[str, str] | None = None,
    ) -> Finding:
        """Wrap one answer."""
        known = isinstance(answer, Estimate)
        return Finding(
            check=f"fairness.{self.metric}{part}",
            question=self.question,
            where=where,
            estimate=answer if isinstance(answer, Estimate) else None,
            because=answer if isinstance(answer, Message) else None,
            between=between if known else None,
        )

    def each(self, answers: Sequence[Estimate | Message]) -> Iterator[Finding]:
        """One finding for each group."""
        for group, answer in enumerate(answers):
            yield self.found("", {**self.groups.where(group), **self.more}, answer)

    def apart(self, part: str, found: Gap) -> Finding:
        """Gap or ratio of the furthest groups."""
        between = None
        if found.lowest is not None and found.lowest != found.highest:
            between = (found.lowest, str(found.highest))
        return self.found(part, self.whole, found.estimate or found.because, between)


def shares_told(asking: Asking, shares: Shares, nobody: Message) -> Iterator[Finding]:
    """Everything that is told of a share by groups."""
    asked = asking.asked
    yield from asking.each(told(shares, nobody, level=asked.level))
    if not asking.groups.columns:
        return
    names, least = asking.names, asked.min_group
    found = gap(shares, names, level=asked.strict, min_group=least)
    yield asking.apart(".gap", found)
    yield asking.apart(".ratio", ratio(shares, names, level=asked.strict, min_group=least))
    yield from _detectable(asking, shares, found)
    if len(asking.groups.columns) == 1 and not asking.more:
        yield from _differences(asking, shares)
        yield from _wherever_the_unknown_belong(asking, shares)


def _detectable(asking: Asking, shares: Shares, found: Gap) -> Iterator[Finding]:
    """Tell how small a gap could have been seen, where none was proven."""
    if found.estimate is None or (found.estimate.low or 0.0) > 0:
        return
    asked = asking.asked
    smallest = detectable_gap(shares, level=asked.strict, min_group=asked.min_group)
    yield asking.found(".detectable_gap", asking.whole, smallest)


def _differences(asking: Asking, shares: Shares) -> Iterator[Finding]:
    """Compare each group with the declared reference, or with everybody else."""
    (column,) = asking.groups.columns
    reference = asking.asked.reference.get(column)
    for one in differences(
        shares, asking.names, reference=reference, level=asking.asked.strict,
        min_group=asking.asked.min_group,
    ):  # fmt: skip
        answer = one.estimate or one.because
        yield asking.found(".difference", {column: one.group}, answer, (one.group, one.against))


def _wherever_the_unknown_belong(asking: Asking, shares: Shares) -> Iterator[Finding]:
    """Tell how large the gap could be, whatever the groups of those who did not state them."""
    names = np.array(asking.names)
    unknown, large = names == MISSING, shares.n >= asking.asked.min_group
    if not unknown.any() or shares.mass is not None:
        return
    named = ~unknown & large
    placed = float(shares.hits[unknown].sum()), float(shares.n[unknown].sum())
    found = gap_bounds(shares.hits[named], shares.n[named].astype(float), placed)
    if found is None:
        return
    question = str(say("How large could the gap be, wherever those not stated belong?"))
    yield replace(asking.found(".gap_bounds", asking.whole, found), question=question)


def numbers_told(asking: Asking, found: Groupwise, *, gaps: bool = True) -> Iterator[Finding]:
    """Everything that is told of any number by groups."""
    for group in range(len(found)):
        where = {**asking.groups.where(group), **asking.more}
        yield asking.found("", where, found.estimate(group) or found.because[group])
    if not asking.groups.columns or not gaps:
        return
    asked = asking.asked
    apart = gap_of_estimates(
        found.value, found.error, found.df, asking.names, n=found.n, level=asked.strict,
        unit=found.unit, related=found.related, min_group=asked.min_group,
    )  # fmt: skip
    yield asking.apart(".gap", widened(apart, found))


def widened(apart: Gap, found: Groupwise) -> Gap:
    """Gap whose interval also holds what binning leaves open of its two ends."""
    if found.bound is None or apart.estimate is None or not np.nanmax(found.bound) > 0:
        return apart
    estimate, room = apart.estimate, 2 * float(np.nanmax(found.bound))
    if estimate.low is None or estimate.high is None:
        return apart
    low, high = max(0.0, estimate.low - room), estimate.high + room
    return replace(apart, estimate=replace(estimate, low=low, high=high))


def group_sets(cells: Cells, asked: AuditSettings) -> Iterator[Groups]:
    """All rows, the groups of each column, and of several columns together."""
    yield cells.by(())
    for many in range(1, min(asked.depth, len(asked.columns)) + 1):
        for columns in combinations(asked.columns, many):
            yield cells.by(columns)
