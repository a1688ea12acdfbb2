"""What betrays counts of few people beside the outcomes that are protected, withheld with them.

Bins of a score, classes and places under a capacity are parts of a whole that is told: one part
alone that is withheld is what is missing from the sum. So it is withheld for every group of the
column, and another part with it, until enough people stand behind what is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from iagkit.core.judge import WHOLE
from iagkit.core.nouns import Estimate, Finding

AXES = ("class", "confidence")
OTHER = frozenset({*AXES, "column", "truth", "prediction", "period", "given"})
BETWEEN = (
    ".gap", ".ratio", ".detectable_gap", ".stratified_gap", ".cases_needed", ".gap_change",
    ".gap_bounds",
)  # fmt: skip
"""Endings of findings about all groups together."""
OF_GAPS = BETWEEN[1:]
NOT_A_COUNT = ("ranking.exposure",)
Key = tuple[str, tuple[tuple[str, str], ...]]


def key_of(finding: Finding) -> Key:
    """Name and place of a finding."""
    return finding.check, tuple(sorted(finding.where.items()))


def few(finding: Finding, k: int) -> bool:
    """Whether a share is one of few people, or of all but few."""
    told = finding.estimate
    if told is None or finding.check.endswith((*BETWEEN, ".difference", ".change", ".trend")):
        return False
    if told.unit != "share":
        return told.n < k
    hits = told.value * told.n
    return told.n < k or any(0.5 < some < k - 0.5 for some in (hits, told.n - hits))


def betraying(findings: Sequence[Finding], k: int) -> frozenset[Key]:
    """Findings of parts and lists that must be withheld so that none of few people follows.

    Parameters
    ----------
    findings : sequence of Finding
        In full.
    k : int

    Returns
    -------
    frozenset of tuple
        Keys, as :func:`key_of` writes them.
    """
    families: dict[tuple[str, ...], list[Finding]] = defaultdict(list)
    for finding in findings:
        if (family := _family(finding)) is not None:
            families[family].append(finding)
    hidden: set[Key] = set()
    for (axis, *_), members in families.items():
        gone = _parts(members, axis, k) if axis in AXES else _lists(members, k)
        hidden.update(map(key_of, gone))
    return frozenset(hidden)


def _family(finding: Finding) -> tuple[str, ...] | None:
    columns = sorted(set(finding.where) - OTHER)
    for axis in AXES:
        if axis in finding.where:
            return axis, *columns
    kind = finding.check.partition(".")[0]
    if kind == "ranking" and not finding.check.startswith(NOT_A_COUNT):
        return kind, *columns
    if finding.check.startswith("fairness.within_tolerance"):
        return "within_tolerance", *columns
    return None


def _lists(members: Sequence[Finding], k: int) -> Sequence[Finding]:
    """All groups of a column, or none: their numbers add up to one that is told."""
    return members if any(few(f, k) for f in members) else ()


def _parts(members: Sequence[Finding], axis: str, k: int) -> Iterable[Finding]:
    """Parts with few people, and more of them until none of the sums is of few."""
    every = {f.where[axis] for f in members}
    gone = {f.where[axis] for f in members if few(f, k)}
    sizes = _sizes(members, axis)
    while gone and gone != every and _thin(sizes, gone, k):
        gone.add(min(sorted(every - gone), key=lambda part: _smallest(sizes, part)))
    return [f for f in members if f.where[axis] in gone]


def _thin(sizes: dict[str, dict[str, int]], gone: set[str], k: int) -> bool:
    """Whether what is missing of a group is one part, or few people."""
    return len(gone) < 2 or any(
        sum(of.get(part, 0) for part in gone) - max(of.get(part, 0) for part in gone) < k
        for of in sizes.values()
    )


def _sizes(members: Sequence[Finding], axis: str) -> dict[str, dict[str, int]]:
    """Cases of each part of each group, by the fewest that a finding of it tells."""
    sizes: dict[str, dict[str, int]] = defaultdict(dict)
    for finding in members:
        group = " · ".join(v for c, v in sorted(finding.where.items()) if c != axis)
        if finding.estimate is None or finding.check.endswith(BETWEEN):
            continue
        part = finding.where[axis]
        n = finding.estimate.n
        sizes[group][part] = min(n, sizes[group].get(part, n))
    return sizes


def _smallest(sizes: dict[str, dict[str, int]], part: str) -> int:
    return min((of[part] for of in sizes.values() if part in of), default=0)


def companions(public: Sequence[Finding], full: Sequence[Finding]) -> dict[Key, Estimate | None]:
    """Numbers that go with a gap: none if it is withheld, and none that counts hidden groups.

    The cases of a gap are those of all groups that were compared; less all cases, they would be
    those of a group too small to be compared. Where a group of the column is withheld, they are
    the cases of the two groups told.
    """
    told = {key_of(f): f for f in public}
    hidden = {
        (f.check, frozenset(f.where))
        for f, was in zip(public, full, strict=True)
        if f.estimate is None and was.estimate is not None
    }
    changed: dict[Key, Estimate | None] = {}
    for finding in public:
        ending = next((e for e in BETWEEN if finding.check.endswith(e)), None)
        if ending is None or finding.estimate is None:
            continue
        base = finding.check.removesuffix(ending)
        where = {c: v for c, v in finding.where.items() if c != "given"}
        if not any(c == base and set(where) == set(at) for c, at in hidden):
            continue
        gap = told.get((f"{base}.gap", tuple(sorted(where.items()))))
        ends = () if gap is None or gap.estimate is None else _ends(gap, base, told)
        answer = replace(finding.estimate, n=sum(ends)) if ends else None
        changed[key_of(finding)] = answer
    return changed


def _ends(gap: Finding, base: str, told: dict[Key, Finding]) -> tuple[int, ...]:
    """Cases of both groups of a gap, if both are told."""
    columns = [c for c, v in gap.where.items() if v == WHOLE]
    rest = {c: v for c, v in gap.where.items() if v != WHOLE}
    sizes = []
    for name in gap.between or ():
        levels = name.split(" · ") if len(columns) > 1 else [name]
        where = {**dict(zip(columns, levels, strict=False)), **rest}
        end = told.get((base, tuple(sorted(where.items()))))
        if end is None or end.estimate is None:
            return ()
        sizes.append(end.estimate.n)
    return tuple(sizes)
