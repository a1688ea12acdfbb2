"""Which counts to withhold so that no small one can be worked out from the others."""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Final, Literal

import numpy as np

from iagkit.measures.arrays import Floats
from iagkit.measures.disclosure_moves import NEAR, by_program, by_steps, prices
from iagkit.measures.disclosure_tables import Bools, Counts, Margins, Subset, mask_of, sums, window

if TYPE_CHECKING:
    from scipy.sparse import csr_array

Method = Literal["nothing small", "programs", "steps", "columns"]
Finder = Callable[[int, Bools], Counts]

# Entries times small counts: about a second of linear programs for every 50,000.
PROGRAMS: Final = 200_000
# Places looked at by one step, and by all: about half a minute for the second.
STEP: Final = 5_000_000
STEPS: Final = 1_000_000_000


def plan(table: Margins, subsets: Collection[Subset], method: Method | None) -> tuple[Bools, str]:
    """Counts to withhold, small ones included, and how they were found."""
    small = table.small
    alone = all(len(subset) <= 1 for subset in subsets)
    if not (small & table.published if alone else small).any():
        return np.zeros_like(small), "nothing small"
    chosen = method or _affordable(table)
    if chosen == "columns":
        return _columns(table, subsets), chosen
    if chosen == "steps":
        return _greedy(table, lambda t, h: by_steps(table, t, prices(table, h)), 1), chosen
    find = _programs(table)
    return min((_greedy(table, find, order) for order in (1, -1)), key=_loss(table)), chosen


def _affordable(table: Margins) -> Method:
    small, entries = int(table.small.sum()), len(table.values)
    if small * entries <= PROGRAMS:
        return "programs"
    step = int(table.inner.sum()) * 2 ** len(table.shape)
    return "steps" if step <= STEP and step * small <= STEPS else "columns"


def _loss(table: Margins) -> Callable[[Bools], float]:
    """What a reader loses, with the price of a count standing alone."""
    price = prices(table, np.zeros_like(table.published)) * table.published
    return lambda hidden: float(price[hidden].sum())


def _programs(table: Margins) -> Finder:
    """Linear programs; where the answer splits a person, whole people of the counts it touched."""
    from scipy.sparse import hstack

    parts = sums(table.shape)
    both = hstack([parts, -parts], format="csc")

    def find(target: int, hidden: Bools) -> Counts:
        price = prices(table, hidden)
        change = by_program(table, target, price, both)
        if change is None:
            return by_steps(table, target, price)
        found = _whole(change, parts)
        if found is None:
            touched = np.abs(change) > NEAR
            change = by_program(table, target, price, both, within=touched | hidden)
            found = None if change is None else _whole(change, parts)
            price = np.where(touched, price / 10, price)
        return by_steps(table, target, price) if found is None else found

    return find


def _whole(change: Floats, parts: csr_array) -> Counts | None:
    """Round what a program found, if it was whole people but for rounding and still adds up."""
    people: Counts = np.rint(change).astype(np.int64)
    exact = np.abs(change - people).max() < NEAR and not (parts @ people).any()
    return people if exact else None


def _greedy(table: Margins, find: Finder, order: int) -> Bools:
    """Prove one small count after the other safe; then drop every change that others replace.

    Neither order is always better: the smallest first, which need the biggest changes, or last.
    """
    small, outset = table.small, table.small | ~table.published
    hidden, proofs = outset.copy(), np.zeros(len(outset), dtype=np.int64)
    changes: list[Counts] = []
    targets = np.flatnonzero(small)
    rank = np.lexsort([order * table.values[targets], ~table.published[targets]])
    for target in targets[rank]:
        if not proofs[target]:
            changes.append(find(int(target), hidden))
            proofs += _hides(table, changes[-1])
            hidden |= changes[-1] != 0
    return outset | _needed(table, changes, proofs, outset)


def _hides(table: Margins, change: Counts) -> Bools:
    """Small counts of which a reader cannot say, with this change in mind, that they are small."""
    changed = table.values + change
    hidden: Bools = (changed >= table.k) | ((changed == 0) & ~table.published)
    return table.small & hidden


def _needed(table: Margins, changes: list[Counts], proofs: Counts, outset: Bools) -> Bools:
    """Counts moved by the changes that remain when the dearest superfluous ones are dropped."""
    small, touched = table.small, np.zeros_like(outset)
    price = prices(table, np.zeros_like(outset))
    dear = [float(price[(change != 0) & ~outset].sum()) for change in changes]
    for i in np.argsort(dear, kind="stable")[::-1]:
        fewer = proofs - _hides(table, changes[i])
        if fewer[small].all():
            proofs = fewer
        else:
            touched |= changes[i] != 0
    return touched


def _columns(table: Margins, subsets: Collection[Subset]) -> Bools:
    """Tell single columns only, and there whole groups or nothing of them.

    Tables of single columns share nothing but the counts of all people, so they cannot be played
    off against each other. Within one, a reader learns of the groups withheld what they are
    together: two or more groups that are together 0 or ``k`` and more in every outcome cell.
    """
    values = table.values.reshape(table.shape)
    hidden = ~mask_of(table.shape, [()]).reshape(table.shape)
    everyone = values[window(table.shape, ())]
    if ((everyone > 0) & (everyone < table.k)).any():
        hidden[window(table.shape, ())] = np.arange(table.shape[-1]) < table.shape[-1] - 1
        hidden.reshape(-1)[-1] = everyone[-1] < table.k
        return hidden.reshape(-1)
    for subset in (s for s in subsets if len(s) == 1):
        place = window(table.shape, subset)
        hidden[place] = _whole_groups(values[place], table.k)[:, None]
    return hidden.reshape(-1)


def _whole_groups(counts: Counts, k: int) -> Bools:
    """Groups of one column to withhold: those with a small count, then the smallest others."""
    hidden: Bools = np.any((counts > 0) & (counts < k), axis=1).reshape(-1)
    for group in np.argsort(counts[:, -1], kind="stable"):
        together = counts[hidden].sum(axis=0)
        if not hidden.any() or (hidden.sum() > 1 and not ((together > 0) & (together < k)).any()):
            break
        hidden[group] |= counts[group, -1] > 0
    return hidden
