"""What an engine answered → cells with names, the same whatever engine it was."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.nouns import MISSING
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.cells import UNKNOWN, Cells
from iagkit.measures.count_asked import (
    EACH,
    MAX_PERIODS,
    Asked,
    no_groups,
    no_labels,
)
from iagkit.measures.count_query import PARTS, Amount


def cells_of(counted: Any, amounts: Mapping[str, Amount], asked: Asked) -> Cells:
    """Name, sort and merge what was counted.

    Raises
    ------
    DataError
        If there are no rows, or values that cannot be counted as they were declared.
    """
    n = _float(counted.column("n"))
    if n.sum() == 0:
        msg = "expected a table with rows; it has none. Was everything filtered out?"
        raise DataError(msg)
    columns, levels, parts = _coded_groups(counted, asked)
    labels, answers = _labelled(counted, asked)
    parts |= answers
    if asked.score is not None:
        parts["bin"] = _bins(counted.column("bin"), n, asked)
    if asked.cluster is not None:
        parts["cluster"] = _clusters(counted.column("cluster"), n, asked.cluster)
    order, place = _merged(parts, counted.num_rows)
    sums = _sums(counted, amounts, place, len(order))
    rows = _added(n, place, len(order))
    _refuse_weights(sums, rows, asked)
    kept = {name: codes[order] for name, codes in parts.items()}
    groups = [kept[f"g{i}"] for i in range(len(columns))]
    return Cells(
        columns=columns,
        levels=levels,
        codes=np.stack(groups, axis=1) if groups else np.zeros((len(order), 0), dtype=np.intp),
        n=rows,
        labels=labels,
        truth=kept.get("truth"),
        prediction=kept.get("prediction"),
        against=kept.get("against"),
        weight=sums.pop("w", None),
        weight_squared=sums.pop("ww", None),
        bins=kept.get("bin"),
        score=sums.pop("s", None),
        score_bins=asked.score_bins,
        cluster=kept.get("cluster"),
        sums=sums,
    )


def _coded_groups(
    counted: Any, asked: Asked
) -> tuple[tuple[str, ...], tuple[tuple[str, ...], ...], dict[str, Ints]]:
    """Columns of groups, with the period as the last; their levels; the level of each cell."""
    columns, found, parts = asked.groups, [], {}
    for i, name in enumerate(asked.groups):
        levels, parts[f"g{i}"] = _coded(counted.column(f"g{i}"), name, asked)
        found.append(levels)
    if asked.time is not None:
        levels, parts[f"g{len(columns)}"] = _periods(counted.column("time"), asked)
        found.append(levels)
        columns = (*columns, asked.time)
    return columns, tuple(found), parts


def _coded(column: Any, name: str, asked: Asked) -> tuple[tuple[str, ...], Ints]:
    """Levels of a group column in order, and the number of each cell's."""
    import pyarrow as pa

    codes, values = _indices(column)
    if edges := asked.ranges.get(name):
        order = [_range(edges, place) for place in range(len(edges) + 1)]
        shown = [MISSING if _is_missing(v) else order[int(v)] for v in values]
    else:
        shown = [shown_as(v) for v in values]
        order = sorted({v for v in shown if v != MISSING}, key=_natural)
    levels = _with_missing(order, shown)
    kind = nw.from_native(pa.table({"kind": _plain(column)})).schema["kind"]
    if not edges and len(levels) > asked.most(name, kind):
        raise no_groups(name, f"{len(levels)} different values", kind)
    return levels, _numbered(shown, levels)[codes]


def _with_missing(order: Sequence[str], shown: Sequence[str]) -> tuple[str, ...]:
    there = set(shown)
    return (*(v for v in order if v in there), *((MISSING,) if MISSING in there else ()))


def range_of(edges: Sequence[float], value: Any) -> str:
    """Name of the range in which a number lies, as a level of the cells."""
    return MISSING if _is_missing(value) else _range(edges, bisect_right(edges, value))


def _range(edges: Sequence[float], place: int) -> str:
    """Name of a range of numbers, by how many edges lie at or below it."""
    if place == 0:
        return f"<{edges[0]:g}"
    if place == len(edges):
        return f"≥{edges[-1]:g}"
    return f"[{edges[place - 1]:g}, {edges[place]:g})"


def _periods(column: Any, asked: Asked) -> tuple[tuple[str, ...], Ints]:
    """Periods in order, and the number of each cell's; ``"2024-01"`` sorts as it reads."""
    codes, values = _indices(column)
    name = PERIOD_NAMES[asked.every]
    shown = [MISSING if _is_missing(v) else name(int(v)) for v in values]
    levels = _with_missing(sorted(set(shown) - {MISSING}), shown)
    if len(levels) > MAX_PERIODS:
        msg = (
            f"expected at most {MAX_PERIODS} periods in '{asked.time}'; there are {len(levels)} "
            f"of one {asked.every}. Take longer ones, such as --every year"
        )
        raise DataError(msg)
    return levels, _numbered(shown, levels)[codes]


def _day(number: int) -> date:
    months, day = divmod(number, 31)
    return date(months // 12, months % 12 + 1, day + 1)


def _week(number: int) -> str:
    year, week, _ = _day(number).isocalendar()
    return f"{year:04}-W{week:02}"


PERIOD_NAMES: Mapping[str, Callable[[int], str]] = {
    "year": lambda number: f"{number:04}",
    "quarter": lambda number: f"{number // 12:04}-Q{number % 12 // 3 + 1}",
    "month": lambda number: f"{number // 12:04}-{number % 12 + 1:02}",
    "week": _week,
    "day": lambda number: _day(number).isoformat(),
}


def _natural(value: str) -> tuple[int, float, str]:
    """Numbers by size, before words by letters."""
    try:
        number = float(value)
    except ValueError:
        return 1, 0.0, value
    return (0, number, value) if math.isfinite(number) else (1, 0.0, value)


def _is_missing(value: Any) -> bool:
    return value is None or bool(value != value)  # noqa: PLR0124 (a number that is none)


def shown_as(value: Any) -> str:
    """Write a value of a group column the same way whatever engine it comes from."""
    if _is_missing(value):
        return MISSING
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, Decimal):
        whole = value == value.to_integral_value()
        return str(int(value)) if whole else f"{value.normalize():f}"
    if isinstance(value, datetime) and value.time() == datetime.min.time():
        return value.date().isoformat()
    return str(value)


WRITTEN = {"True": "1", "False": "0"}
"""What a dataframe holds as true and false, in a file."""


def label_as(value: Any) -> str:
    """Write a label; yes and no are 1 and 0, since tables mix both, also as a file keeps them."""
    if isinstance(value, bool):
        return str(int(value))
    return WRITTEN.get(shown := shown_as(value), shown)


def _labelled(counted: Any, asked: Asked) -> tuple[tuple[str, ...], dict[str, Ints]]:
    """Labels of truth and predictions as one list, and the number of each cell's."""
    coded, shown = {}, {}
    for part, column in asked.answers().items():
        coded[part], values = _indices(counted.column(part))
        shown[part] = [label_as(v) for v in values]
        if (many := len(set(shown[part]))) > asked.most_labels:
            raise no_labels(column, f"{many} different values", asked.most_labels)
    labels = tuple(sorted({v for s in shown.values() for v in s} - {MISSING}, key=_natural))
    return labels, {part: _numbered(shown[part], labels)[codes] for part, codes in coded.items()}


def _numbered(shown: Sequence[str], levels: Sequence[str]) -> Ints:
    number = {level: i for i, level in enumerate(levels)}
    return np.array([number.get(v, UNKNOWN) for v in shown], dtype=np.intp)


def _plain(column: Any) -> Any:
    """One array without dictionary: engines keep categories and texts in ways of their own."""
    import pyarrow as pa

    kind = column.type
    if pa.types.is_dictionary(kind):
        kind = kind.value_type
    if pa.types.is_string_view(kind) or pa.types.is_null(kind):
        kind = pa.large_string()
    plain = column if kind == column.type else column.cast(kind)
    return plain.combine_chunks() if isinstance(plain, pa.ChunkedArray) else plain


def _indices(column: Any) -> tuple[Ints, list[Any]]:
    """Different values of a column, and which of them each cell has."""
    encoded = _plain(column).dictionary_encode("encode")
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.intp)
    return codes, encoded.dictionary.to_pylist()


def _bins(column: Any, n: Floats, asked: Asked) -> Ints:
    import pyarrow as pa

    value = column.cast(pa.float64()).fill_null(np.nan).to_numpy()
    outside = ((value < 0) | (value > max(asked.score_bins, 1))).nonzero()[0]
    if len(outside):
        msg = (
            f"expected probabilities from 0 to 1 in '{asked.score}'; {int(n[outside].sum())} of "
            f"{int(n.sum())} rows lie outside. Are they percent, or scores of another scale?"
        )
        raise DataError(msg)
    if asked.score_bins == EACH:
        place = np.unique(value, return_inverse=True)[1].reshape(-1)
        return np.where(np.isnan(value), UNKNOWN, place).astype(np.intp)
    codes = np.where(np.isnan(value), UNKNOWN, np.nan_to_num(value)).astype(np.intp)
    return np.minimum(codes, asked.score_bins - 1)


def _clusters(column: Any, n: Floats, name: str) -> Ints:
    """Numbers of the clusters, in the order of their identifiers."""
    import pyarrow.compute as pc

    plain = _plain(column)
    if plain.null_count:
        missing = int(n[plain.is_null().to_numpy(zero_copy_only=False)].sum())
        msg = (
            f"expected in every row of '{name}' whom it is of; {missing} of {int(n.sum())} rows do "
            "not say. Leave them out, or give each a name of its own"
        )
        raise DataError(msg)
    ranks: Ints = pc.rank(plain, tiebreaker="dense").to_numpy(zero_copy_only=False).astype(np.intp)
    return ranks - 1


def _merged(parts: Mapping[str, Ints], n_cells: int) -> tuple[Ints, Ints]:
    """One cell of each kind in order, and the kind of every cell that was counted.

    Engines tell apart what is the same here: a missing value and a number that is none, 1 and 1.0.
    """
    place, many = np.zeros(n_cells, dtype=np.int64), 1
    for codes in parts.values():
        kinds = int(codes.max(initial=0)) + 2
        if many * kinds > 2**62:
            place = np.unique(place, return_inverse=True)[1].reshape(-1)
            many = n_cells
        place, many = place * kinds + codes + 1, many * kinds
    _, first, place = np.unique(place, return_index=True, return_inverse=True)
    return first.astype(np.intp), place.reshape(-1).astype(np.intp)


def _sums(
    counted: Any, amounts: Mapping[str, Amount], place: Ints, cells: int
) -> dict[str, Floats]:
    """Put the parts of every sum together, the smallest first."""
    sums = {}
    for i, (name, amount) in enumerate(amounts.items()):
        total, factors = np.zeros(cells), np.cumprod([2.0**-bits for bits in PARTS])
        for j in reversed(range(max(amount.parts, 1))):
            part = _float(counted.column(f"a{i}p{j}"))
            factor = factors[j] if amount.parts else 1.0
            total += _added(part, place, cells) * factor
        sums[name] = total * amount.scale
    return sums


def _added(amounts: Floats, place: Ints, cells: int) -> Floats:
    return np.bincount(place, weights=amounts, minlength=cells).astype(float, copy=False)


def _float(column: Any) -> Floats:
    """Sums as floats: engines give unsigned numbers, decimals and, for nothing, nothing."""
    import pyarrow as pa

    array: Floats = column.cast(pa.float64()).fill_null(0.0).to_numpy()
    return array


def _refuse_weights(sums: dict[str, Floats], rows: Floats, asked: Asked) -> None:
    if asked.weight is None:
        return
    n, bad = int(rows.sum()), int(sums.pop("bad").sum())
    if bad:
        msg = (
            f"expected weights of 0 or more in '{asked.weight}'; {bad} of {n} rows are negative "
            "or missing. Repair them, or leave those rows out"
        )
        raise DataError(msg)
    if sums["w"].sum() <= 0:
        msg = (
            f"expected a weight above 0 in '{asked.weight}'; all {n} are 0, or so near (below "
            "1e-60) that they weigh nothing. Was it computed, and in a sensible unit?"
        )
        raise DataError(msg)
