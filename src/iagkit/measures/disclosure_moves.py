"""Other tables that a reader cannot tell from the true one, found by moving people.

A small count is safe if some table of non-negative integers agrees with everything told and has
``k`` or more there, or, if it is of a table that is not published, nobody. Each function here
looks for the cheapest change of the true table into such a one: the counts it changes are those
to withhold, and the changed table is the proof.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from iagkit.measures.arrays import Floats
from iagkit.measures.disclosure_tables import Bools, Counts, Margins

if TYPE_CHECKING:
    from scipy.sparse import csr_array

NEAR = 1e-6
SAME_GROUP = 0.2
WITHHELD = 1e-3
NODES = 100
NEAR_BEST = 0.1


def prices(table: Margins, hidden: Bools) -> Floats:
    """What withholding each count costs a reader; next to nothing where it is withheld already.

    A reader loses about as much with 300 people as with 400, hence the logarithm. A group that
    has lost one count loses little with the next: the rates that need both are gone anyway.
    """
    cells = table.shape[-1]
    touched = np.repeat((hidden & table.published).reshape(-1, cells).any(axis=1), cells)
    price = (1 + np.log1p(table.values)) * np.where(touched, SAME_GROUP, 1.0)
    return np.where(hidden, WITHHELD, price)


def by_program(
    table: Margins, target: int, price: Floats, parts: csr_array, *, within: Bools | None = None
) -> Floats | None:
    """Cheapest change, in fractions of people if need be, that lifts one count to ``k``.

    The linear program of Kelly, Golden & Assad, and of Fischetti & Salazar: one variable for
    what each count gains and one for what it loses, the price of each the price of withholding.
    ``parts`` are the equations between counts, for gains and then for losses. With ``within``
    only those counts change, and by whole people, if a short search finds how.
    """
    from scipy.optimize import Bounds, LinearConstraint, milp

    n, need = len(price), table.k - table.values[target]
    still = table.fixed if within is None else table.fixed | ~within
    free = ~table.published & ~table.inner & ~still
    free[target] = False
    gain, loss = np.where(still, 0, np.inf), np.where(still | free, 0, table.values)
    least, most = np.zeros(2 * n), np.concatenate([gain, loss])
    least[:n][free] = -np.inf
    least[target] = most[target] = need
    most[n + target] = 0
    whole = np.zeros(n, dtype=bool) if within is None else table.inner
    found = milp(
        np.tile(np.where(free, 0, price), 2),
        integrality=np.tile(whole, 2),
        bounds=Bounds(least, most),
        constraints=LinearConstraint(parts, 0, 0),
        options={"node_limit": NODES, "mip_rel_gap": NEAR_BEST},
    )
    return None if found.x is None else found.x[:n] - found.x[n:]


def by_steps(table: Margins, target: int, price: Floats) -> Counts:
    """Change of whole people that hides one count, one cheap step after the other.

    A step exchanges people between the corners of a box, as in the hypercube method of Repsilber
    and Giessing, with the corners of any number of axes summed over. If no box has people to
    give, one group gives to another directly; as long as there are ``k`` people, one can.
    A count that is not published may also be emptied, if that costs less.
    """
    boxes, signs = _boxes(table.shape, target)
    lifted = _moved(table, target, price, (boxes, signs), table.k)
    assert lifted is not None, "k people or more are in the table, and one can always give"
    if table.published[target]:
        return lifted
    emptied = _moved(table, target, price, (boxes, -signs), 0)
    if emptied is None or price[emptied != 0].sum() > price[lifted != 0].sum():
        return lifted
    return emptied


def _moved(table: Margins, target: int, price: Floats, boxes: Steps, goal: int) -> Counts | None:
    """Change that brings the target to the goal; nothing if no step does and none may give."""
    change: Counts = np.zeros(len(price), dtype=np.int64)
    price = np.where(table.fixed, np.inf, price)
    while need := abs(int(goal - table.values[target] - change[target])):
        now = table.values + change
        step = _cheapest(table, now, price, boxes, need)
        if step is None and goal:
            step = _cheapest(table, now, price, _gifts(table, target), need)
        if step is None:
            return None
        entries, moved = step
        np.add.at(change, entries, moved)
        price[entries[moved != 0]] = WITHHELD
    return change


Steps = tuple[Counts, Counts]


def _cheapest(
    table: Margins, now: Counts, price: Floats, steps: Steps, need: int
) -> tuple[Counts, Counts] | None:
    """Entries and people moved of the step that costs least for what it brings."""
    entries, signs = steps
    gives = (signs < 0) & table.inner[entries]
    people = np.where(gives, now[entries], need).min(axis=1, initial=need)
    cost = np.where(signs != 0, price[entries], 0).sum(axis=1)
    score = np.where(people > 0, cost * np.ceil(need / np.maximum(people, 1)), np.inf)
    best = int(np.argmin(score)) if len(score) else 0
    if not len(score) or not np.isfinite(score[best]):
        return None
    return entries[best], signs[best] * people[best]


def _boxes(shape: tuple[int, ...], target: int) -> Steps:
    """All boxes with one corner in the target: on each axis another level, or the sum, answers."""
    entries, signs = np.zeros((1, 1), dtype=np.int64), np.ones((1, 1), dtype=np.int64)
    at = np.unravel_index(target, shape)
    for size, place in zip(shape, at, strict=True):
        ends, sign = _ends(size - 1, int(place))
        entries = entries[:, None, :, None] * size + ends[None, :, None, :]
        signs = signs[:, None, :, None] * sign[None, :, None, :]
        flat = (entries.shape[0] * entries.shape[1], -1)
        entries, signs = entries.reshape(flat), signs.reshape(flat)
    return entries, signs


def _ends(levels: int, place: int) -> Steps:
    """On one axis: the two places that a step touches, and whether the second one gives."""
    other = np.arange(levels)
    if place == levels:
        return np.stack([other, np.full(levels, levels)], axis=1), np.ones((levels, 2), np.int64)
    stays = other == place
    ends = np.stack([np.full(levels, place), np.where(stays, levels, other)], axis=1)
    return ends, np.stack([np.ones(levels, np.int64), np.where(stays, 1, -1)], axis=1)


def _gifts(table: Margins, target: int) -> Steps:
    """From every innermost count outside the target straight to the fullest one inside it."""
    inside = np.zeros(table.shape, dtype=bool)
    at = np.unravel_index(target, table.shape)
    inside[
        tuple(
            slice(0, n - 1) if a == n - 1 else slice(a, a + 1)
            for a, n in zip(at, table.shape, strict=True)
        )
    ] = True
    within = np.flatnonzero(inside.reshape(-1))
    taker = within[[np.argmax(table.values[within])]]
    giver = np.flatnonzero(table.inner & ~inside.reshape(-1))
    takes, gives = _sums_of(table.shape, taker), _sums_of(table.shape, giver)
    takes = np.broadcast_to(takes, gives.shape)
    differ = (takes != gives).astype(np.int64)
    return np.concatenate([takes, gives], axis=1), np.concatenate([differ, -differ], axis=1)


def _sums_of(shape: tuple[int, ...], cells: Counts) -> Counts:
    """Entries that each innermost count is part of, itself included."""
    entries = np.zeros((len(cells), 1), dtype=np.int64)
    for size, place in zip(shape, np.unravel_index(cells, shape), strict=True):
        ends = np.stack([place, np.full(len(cells), size - 1)], axis=1)
        entries = (entries[:, :, None] * size + ends[:, None, :]).reshape(len(cells), -1)
    return entries
