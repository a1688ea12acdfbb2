"""Groups among the selected, held against a population that was stated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.message import say
from iagkit.measures.arrays import Floats
from iagkit.measures.cells import Cells, Groups
from iagkit.measures.groupwise import Groupwise, complete, share_each
from iagkit.measures.ranking import Selection, thinned
from iagkit.measures.variation import Mask

SHOWN = 6
"""Groups that a refusal names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Represented:
    """Groups among the selected, held against a population that was stated.

    Parameters
    ----------
    share : Groupwise
        Share of each group among the selected.
    ratio : Groupwise
        That share divided by the group's share of the population; 1 is as in the population.
    expected : ndarray of float, shape (n_groups,)
        Share of the population; ``nan`` for a group that it does not name.
    p_value : ndarray of float, shape (n_groups,)
        Chance of a count as unusual if people were selected from the population by lot; ``nan``
        where rows are weighted or clustered, so that no exact test exists.
    left_out : float
        Selected rows whose group the population does not name.
    absent : tuple of str
        Groups of the population of whom the table has no row at all.
    """

    share: Groupwise
    ratio: Groupwise
    expected: Floats
    p_value: Floats
    left_out: float
    absent: tuple[str, ...]


def representation(
    cells: Cells,
    groups: Groups,
    selection: Selection,
    *,
    population: Mapping[str, float],
    level: float = 0.95,
) -> Represented:
    """Share of each group among the selected, against its share of a stated population.

    Parameters
    ----------
    cells : Cells
    groups : Groups
        Of one column.
    selection : Selection
        Of the same cells.
    population : mapping of str to float
        Group → share of the population; sums to 1.
    level : float

    Returns
    -------
    Represented
        Shares are of the selected whose group the population names. Wilson's interval; the exact
        binomial test [1]_ rounds the expected number of a lot to whole people.

    Raises
    ------
    DataError
        If shares do not sum to 1, a share is not above 0, or no group of the table is named.

    References
    ----------
    .. [1] Clopper, C. J. & Pearson, E. S. (1934). Biometrika 26(4), 404-413.
    """
    names = [name[0] if name else "" for name in groups.names]
    expected = _expected(names, population)
    named = np.isfinite(expected)[groups.place] & selection.scored
    picked = cells.mass * selection.chance
    whole = float(picked[named].sum())
    share = _of_selected(thinned(cells, selection), groups, named, expected, level)
    ratio = replace(
        share, value=share.value / expected, low=share.low / expected, high=share.high / expected,
        error=share.error / expected, unit="ratio",
    )  # fmt: skip
    counts = groups.total(cells.n * selection.chance, named)
    plain = cells.weight is None and cells.cluster is None
    tested = _binomial(counts, expected) if plain else np.full(groups.of, np.nan)
    return Represented(
        share=share, ratio=ratio, expected=expected, p_value=tested,
        left_out=float(picked.sum()) - whole,
        absent=tuple(sorted(set(population) - set(names))),
    )  # fmt: skip


def _expected(names: Sequence[str], population: Mapping[str, float]) -> Floats:
    shares = np.array(list(population.values()), dtype=float)
    if not len(shares) or (shares <= 0).any() or abs(shares.sum() - 1) > 1e-6:
        msg = (
            "expected a population of groups whose shares are above 0 and sum to 1; got "
            f"{len(shares)} that sum to {shares.sum():g}. Add the groups that are missing"
        )
        raise DataError(msg)
    if not set(names) & set(population):
        told = ", ".join(list(names)[:SHOWN])
        msg = (
            f"expected a population of the groups {told}; none of the {len(population)} that were "
            "given is among them. Name them as the table does"
        )
        raise DataError(msg)
    return np.array([float(population.get(name, np.nan)) for name in names])


def _of_selected(
    lighter: Cells, groups: Groups, named: Mask, expected: Floats, level: float
) -> Groupwise:
    """Share of the selected that each named group is."""
    everybody, among = lighter.by(()), named & (lighter.n > 0)
    found = [
        share_each(lighter, everybody, groups.place == g, among, level=level)
        for g in range(groups.of)
    ]

    def joined(part: str) -> Floats:
        return np.concatenate([getattr(one, part) for one in found])

    value = np.where(np.isfinite(expected), joined("value"), np.nan)
    told = complete(
        groups, value=value, low=joined("low"), high=joined("high"), error=joined("error"),
        df=joined("df"), n=joined("n"), level=level, unit="share",
        nobody=[say("the population that was stated does not name this group")] * groups.of,
    )  # fmt: skip
    return (
        told
        if lighter.cluster is None
        else replace(told, clusters=joined("clusters").astype(np.intp))
    )


def _binomial(counts: Floats, expected: Floats) -> Floats:
    from scipy.stats import binomtest

    whole = int(np.rint(counts.sum()))
    if whole < 1:  # less than one whole person is selected
        return np.full(len(counts), np.nan)
    return np.array(
        [
            binomtest(min(int(np.rint(k)), whole), whole, q).pvalue if np.isfinite(q) else np.nan
            for k, q in zip(counts, expected, strict=True)
        ]
    )
