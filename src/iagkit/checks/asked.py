"""A model that can be asked again: what checks of explanations, recourse and noise share."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import GROUP, clusters, group_columns, level, too_few
from iagkit.checks.groups import too_many
from iagkit.core.errors import ModelError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Run
from iagkit.explain.tables import Floats, Table, scores
from iagkit.measures.gaps import Gap

FIRST = "drawn:first"
OUT = "\0"
"""Stands for the group of a case that was drawn for the sake of another column."""
PER_GROUP = 60
"""So many cases of each group are looked at, if it has them."""
PROBE = 20
"""Rows with which a model is tried before it is asked for thousands."""


def with_evidence(run: Run, **evidence: object) -> Run:
    """Run with more evidence; what is there already is replaced."""
    held = {**run.outcome.evidence, **evidence}
    return replace(run, outcome=replace(run.outcome, evidence=held))


def only(run: Run, rows: NDArray[Any]) -> Run:
    """Run with some of its cases; what they are compared with stays as it was."""
    inputs, table = run.outcome.evidence["inputs"].iloc[rows], run.outcome.table.iloc[rows]
    part = replace(run, outcome=replace(run.outcome, table=table))
    return with_evidence(part, inputs=inputs, background=background(run))


def sample(run: Run, most: int, seed: int) -> Run:
    """Run with at most so many cases, drawn with a seed; estimates tell how many."""
    n = len(run.outcome)
    if n <= most:
        return run
    return only(run, np.sort(np.random.default_rng(seed).choice(n, most, replace=False)))


def draw(run: Run, most: int, seed: int) -> Run:
    """Run with at most so many cases drawn with a seed, and as many again of small groups.

    What is told of all rests on the first draw alone (:func:`first`), what is told of the
    groups of a column on the first draw and on what was added for this column
    (:func:`grouped`): both are drawn by lot.
    """
    n, random = len(run.outcome), np.random.default_rng(seed)
    if n <= most:
        return run
    chosen = np.zeros(n, dtype=bool)
    chosen[random.choice(n, most, replace=False)] = True
    columns, left = dict(group_columns(run)), most
    masks = {}
    for column, groups in columns.items():
        more = _more(run, groups, chosen, left, random)
        masks[column] = chosen | more
        left -= int(more.sum())
    rows = np.flatnonzero(np.any([chosen, *masks.values()], axis=0))
    part = only(run, rows)
    table = part.outcome.table.copy()
    table[FIRST] = chosen[rows]
    for column, mask in masks.items():
        table[GROUP + column] = np.where(mask[rows], columns[column][rows].astype(object), OUT)
    return replace(part, outcome=replace(part.outcome, table=table))


def _more(
    run: Run, groups: NDArray[Any], chosen: NDArray[np.bool_], left: int, random: Any
) -> NDArray[np.bool_]:
    """Further cases of groups of which too few were drawn, the larger groups first."""
    more = np.zeros(len(groups), dtype=bool)
    names, sizes = np.unique(groups, return_counts=True)
    large = names[sizes >= run.prototype.protocol.min_group]
    for name in sorted(large, key=lambda name: -int(sizes[names == name][0])):
        rest = random.permutation(np.flatnonzero((groups == name) & ~chosen))
        lacking = PER_GROUP - int((chosen & (groups == name)).sum())
        more[rest[: max(0, min(lacking, left - int(more.sum())))]] = True
    return more


def first(run: Run) -> NDArray[Any]:
    """Rows that stand for all cases."""
    table = run.outcome.table
    every = np.arange(len(table))
    return every[np.asarray(table[FIRST], dtype=bool)] if FIRST in table.columns else every


def grouped(run: Run) -> Iterator[tuple[str, NDArray[Any], NDArray[Any]]]:
    """Declared columns: name, rows that stand for its groups, and the group of each."""
    for column, groups in group_columns(run):
        rows = np.flatnonzero(groups != OUT)
        yield column, rows, groups[rows]


def silent(run: Run) -> Message | None:
    """Why the model of a run cannot be asked about its inputs, or nothing."""
    inputs = run.outcome.evidence["inputs"]
    if len(inputs) != len(run.outcome):
        return say(
            "there are {inputs} rows of inputs for {cases} cases; one a case is needed",
            inputs=len(inputs),
            cases=len(run.outcome),
        )
    try:
        scores(run.outcome.respond, inputs.iloc[:PROBE])
    except ModelError:
        return say("the model does not give one score a case for these inputs")
    return None


def inputs_of(run: Run) -> Table:
    """Inputs of the cases, rows numbered from 0."""
    return run.outcome.evidence["inputs"].reset_index(drop=True)


def background(run: Run) -> Table:
    """Rows that cases are compared with: those handed over, otherwise the cases themselves."""
    given = run.outcome.evidence.get("background")
    given = run.outcome.evidence.get("reference") if given is None else given
    return run.outcome.evidence["inputs"] if given is None else given


def threshold(run: Run) -> float:
    """Score from which on a decision is favourable."""
    return float(run.outcome.evidence.get("threshold", 0.5))


def decided(run: Run, table: Table) -> NDArray[np.bool_]:
    """Whether the model decides favourably."""
    return np.asarray(scores(run.outcome.respond, table) >= threshold(run))


def strict(run: Run, measures: int = 1) -> float:
    """Level of one gap among those of all declared columns and measures (Bonferroni)."""
    many = sum(1 for _ in group_columns(run)) * measures
    return 1 - (1 - level(run)) / max(1, many)


def large(run: Run, groups: NDArray[Any]) -> Iterator[tuple[str, NDArray[Any] | Message]]:
    """Rows of each group of a column, or why nothing is told of it."""
    if (many := too_many(groups)) is not None:
        yield "*", many
        return
    needed = run.prototype.protocol.min_group
    for group in np.unique(groups):
        rows = np.flatnonzero(groups == group)
        yield str(group), rows if len(rows) >= needed else too_few(len(rows), needed)


def members(run: Run) -> Iterator[tuple[dict[str, str], NDArray[Any] | Message]]:
    """Each group of each column: where it stands, and its rows, or why nothing is told."""
    for column, rows, groups in grouped(run):
        for group, at in large(run, groups):
            yield {column: group}, at if isinstance(at, Message) else rows[at]


def own_clusters(run: Run, rows: NDArray[Any]) -> NDArray[Any] | None:
    """Clusters of some rows."""
    every = clusters(run)
    return None if every is None else every[rows]


def told(gap: Gap) -> tuple[Estimate | Message, tuple[str, str] | None]:
    """Answer of a gap, and the groups it lies between."""
    if gap.estimate is None:
        assert gap.because is not None
        return gap.because, None
    apart = gap.lowest is not None and gap.highest is not None and gap.lowest != gap.highest
    return gap.estimate, (str(gap.lowest), str(gap.highest)) if apart else None


def of_whole(values: Floats, whole: Floats) -> Floats:
    """Values whose mean is the ratio of two means and which vary as it does (linearised)."""
    mean = float(whole.mean())
    ratio = float(values.mean()) / mean
    return np.asarray(ratio + (values - ratio * whole) / mean)
