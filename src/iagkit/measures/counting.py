"""The one pass: any table → cells, by one grouped query in the engine that holds it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import narwhals as nw
import numpy as np

from iagkit.core.errors import DataError
from iagkit.core.nouns import MISSING
from iagkit.core.registry import did_you_mean
from iagkit.measures.arrays import Floats, Ints
from iagkit.measures.cells import UNKNOWN, Cells

MAX_LEVELS = 200
"""More groups in one column are no groups; a number is to be cut into ranges first."""
Bins = Mapping[str, Sequence[float]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """Which column plays which part in a count."""

    groups: tuple[str, ...]
    truth: str | None = None
    prediction: str | None = None
    against: str | None = None
    score: str | None = None
    weight: str | None = None
    cluster: str | None = None
    bins: Bins | None = None
    score_bins: int = 0

    def columns(self) -> tuple[str, ...]:
        """Every column that is read, each once."""
        single = (self.truth, self.prediction, self.against, self.score, self.weight, self.cluster)
        return tuple(dict.fromkeys((*self.groups, *(c for c in single if c is not None))))


def count(
    frame: Any,
    *,
    groups: Sequence[str] = (),
    truth: str | None = None,
    prediction: str | None = None,
    against: str | None = None,
    score: str | None = None,
    weight: str | None = None,
    cluster: str | None = None,
    bins: Bins | None = None,
    score_bins: int = 4096,
) -> Cells:
    """Count a table by groups, truth, prediction and score, where the table is.

    Parameters
    ----------
    frame : dataframe or relation
        Whatever narwhals knows: pandas, polars (eager or lazy), pyarrow, DuckDB, ibis, PySpark
        and others. Only cells leave it.
    groups : sequence of str
        Columns of groups of people; at most 200 groups each.
    truth, prediction : str, optional
        Columns of labels.
    against : str, optional
        Column of a second prediction, to be compared with the first.
    score : str, optional
        Column of probabilities; counted in ``score_bins`` equal bins from 0 to 1.
    weight : str, optional
        Column of row weights, none negative.
    cluster : str, optional
        Column that names who a row is of; then cells hold the rows of one cluster each.
    bins : mapping of str to sequence of float, optional
        Edges that cut a column of numbers into ranges ``[a, b)``; the last one has no end.
    score_bins : int

    Returns
    -------
    Cells
        Sorted; the same for every engine.

    Raises
    ------
    DataError
        If a column is not there, a score is not a probability, a weight is negative or missing,
        or a group column holds more values than groups can have.
    """
    asked = Asked(
        groups=tuple(dict.fromkeys(groups)), truth=truth, prediction=prediction, against=against,
        score=score, weight=weight, cluster=cluster, bins=bins,
        score_bins=score_bins if score else 0,
    )  # fmt: skip
    table = nw.from_native(frame)
    _refuse_absent(table, asked)
    _refuse_numbers(table, asked)
    keys = _keys(asked, table.collect_schema())
    read = table.select(*(expr.alias(name) for name, expr in {**keys, **_amounts(asked)}.items()))
    counted = read.group_by(*keys).agg(*_sums(asked)) if keys else read.select(*_sums(asked))
    return _cells(_arrow(counted), asked)


def _refuse_absent(table: Any, asked: Asked) -> None:
    there = table.collect_schema().names()
    for name in (*asked.columns(), *(asked.bins or {})):
        if name not in there:
            msg = (
                f"expected a column '{name}'; the table has {', '.join(map(str, there[:20]))}"
                f"{' ...' if len(there) > 20 else ''}.{did_you_mean(name, there)}"
            )
            raise DataError(msg)


def _refuse_numbers(table: Any, asked: Asked) -> None:
    """Look at some rows first: counting millions of different numbers would fill the memory."""
    open_ = [c for c in asked.groups if c not in (asked.bins or {})]
    if not open_:
        return
    some = _arrow(table.select(*open_).head(20 * MAX_LEVELS))
    for name in open_:
        many = len(some.column(name).unique())
        if many > 5 * MAX_LEVELS or (many > MAX_LEVELS and _is_number(some.column(name))):
            raise _no_groups(name, f"{many} in the first {some.num_rows} rows")


def _no_groups(name: str, told: str) -> DataError:
    return DataError(
        f"expected groups of people in '{name}', at most {MAX_LEVELS}; got {told}. Declare ranges "
        f"for numbers, such as --bins {name}=0,18,30,65 (bins={{'{name}': [0, 18, 30, 65]}}), or "
        "join rare values first"
    )


def _is_number(column: Any) -> bool:
    from pyarrow import types

    return types.is_floating(column.type) or types.is_integer(column.type)


def _keys(asked: Asked, schema: Any) -> dict[str, Any]:
    """Expressions to group by, under names that no table has."""
    keys = {f"g{i}": _group(name, asked.bins or {}) for i, name in enumerate(asked.groups)}
    for part in ("truth", "prediction", "against", "cluster"):
        if (name := getattr(asked, part)) is not None:
            keys[part] = nw.col(name)
    if asked.score is not None:
        _insist_on_number(asked.score, schema)
        keys["bin"] = _bin(asked.score, asked.score_bins)
    if asked.weight is not None:
        _insist_on_number(asked.weight, schema)
    for name in asked.bins or {}:
        _insist_on_number(name, schema)
    return keys


def _insist_on_number(name: str, schema: Any) -> None:
    if not schema[name].is_numeric():
        msg = (
            f"expected numbers in '{name}'; got {schema[name]}. Were the columns swapped, or are "
            "numbers written as text?"
        )
        raise DataError(msg)


def _number(name: str) -> Any:
    """A column as floats in which a number that is none is missing, in every engine."""
    return nw.col(name).cast(nw.Float64).fill_nan(None)


def _group(name: str, bins: Bins) -> Any:
    if name not in bins:
        return nw.col(name)
    value = _number(name)
    steps = [nw.when(value >= float(edge)).then(1).otherwise(0) for edge in bins[name]]
    return nw.when(~value.is_null()).then(sum(steps[1:], steps[0])).otherwise(None)


def _bin(name: str, many: int) -> Any:
    """Bin of a score as a float; those outside 0 to 1 get bins of their own, to be refused."""
    value = _number(name)
    inside = nw.when(value == 1).then(many - 1.0).otherwise((value * many).floor())
    return (
        nw.when(value < 0)
        .then(-2.0)
        .otherwise(nw.when(value > 1).then(many + 1.0).otherwise(inside))
    )


def _amounts(asked: Asked) -> dict[str, Any]:
    """Columns to sum, under names that no table has."""
    amounts = {}
    if asked.weight is not None:
        amounts["w"] = _number(asked.weight)
        amounts["ww"] = amounts["w"] * amounts["w"]
        amounts["bad"] = nw.when(amounts["w"] >= 0).then(0.0).otherwise(1.0)
    if asked.score is not None:
        amounts["s"] = _number(asked.score)
        if asked.weight is not None:
            amounts["s"] = amounts["s"] * amounts["w"]
    return amounts


def _sums(asked: Asked) -> list[Any]:
    return [nw.len().alias("n"), *(nw.col(c).sum().alias(f"sum_{c}") for c in _amounts(asked))]


def _arrow(frame: Any) -> Any:
    import pyarrow as pa

    try:
        whole = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
        return whole.to_arrow()
    except (pa.ArrowInvalid, pa.ArrowTypeError):
        msg = (
            "expected one kind of value in each column; a column mixes several (text and numbers, "
            "for example). Write it all as text, or all as numbers"
        )
        raise DataError(msg) from None


def _cells(counted: Any, asked: Asked) -> Cells:
    coded = [_coded(counted.column(f"g{i}"), name, asked) for i, name in enumerate(asked.groups)]
    labels, answers = _labelled(counted, asked)
    n_cells = counted.num_rows
    parts: dict[str, Ints] = {f"g{i}": codes for i, (_, codes) in enumerate(coded)}
    parts |= answers
    if asked.score is not None:
        parts["bin"] = _bins(counted, asked)
    if asked.cluster is not None:
        parts["cluster"] = _indices(counted.column("cluster"))[0]
    order, place = _merged(parts, n_cells)
    amounts = {
        c: _float(counted.column(c)) for c in counted.column_names if c.startswith(("n", "sum_"))
    }
    sums = {
        name: np.bincount(place, weights=a, minlength=len(order)) for name, a in amounts.items()
    }
    _refuse_weights(sums, asked)
    kept = {name: codes[order] for name, codes in parts.items()}
    groups = [kept[f"g{i}"] for i in range(len(coded))]
    return Cells(
        columns=asked.groups,
        levels=tuple(levels for levels, _ in coded),
        codes=np.stack(groups, axis=1) if groups else np.zeros((len(order), 0), dtype=np.intp),
        n=sums["n"],
        labels=labels,
        truth=kept.get("truth"),
        prediction=kept.get("prediction"),
        against=kept.get("against"),
        weight=sums.get("sum_w"),
        weight_squared=sums.get("sum_ww"),
        bins=kept.get("bin"),
        score=sums.get("sum_s"),
        score_bins=asked.score_bins,
        cluster=kept.get("cluster"),
    )


def _coded(column: Any, name: str, asked: Asked) -> tuple[tuple[str, ...], Ints]:
    """Levels of a group column in order, and the number of each cell's."""
    edges = (asked.bins or {}).get(name)
    codes, values = _indices(column)
    if edges is not None:
        shown = [MISSING if v is None else _range(edges, int(v)) for v in values]
        order = [_range(edges, place) for place in range(len(edges) + 1)]
    else:
        shown = [shown_as(v) for v in values]
        order = sorted({v for v in shown if v != MISSING}, key=_natural)
    levels = (*(v for v in order if v in shown), *((MISSING,) if MISSING in shown else ()))
    if len(levels) > MAX_LEVELS:
        raise _no_groups(name, f"{len(levels)} different values")
    return levels, _numbered(shown, levels)[codes]


def _range(edges: Sequence[float], place: int) -> str:
    if place == 0:
        return f"<{edges[0]:g}"
    if place == len(edges):
        return f"≥{edges[-1]:g}"
    return f"[{edges[place - 1]:g}, {edges[place]:g})"


def _natural(value: str) -> tuple[int, float, str]:
    """Numbers by size, before words by letters."""
    try:
        return 0, float(value), value
    except ValueError:
        return 1, 0.0, value


def shown_as(value: Any) -> str:
    """Write a value of a group column the same way whatever engine it comes from."""
    if value is None or value != value:  # noqa: PLR0124 (a number that is none)
        return MISSING
    if isinstance(value, float | Decimal) and value == int(value):
        return str(int(value))
    return str(value)


def _label_as(value: Any) -> str:
    """Write a label; yes and no are 1 and 0, since tables mix both."""
    return str(int(value)) if isinstance(value, bool) else shown_as(value)


def _labelled(counted: Any, asked: Asked) -> tuple[tuple[str, ...], dict[str, Ints]]:
    """Labels of truth and predictions as one list, and the number of each cell's."""
    parts = [p for p in ("truth", "prediction", "against") if getattr(asked, p) is not None]
    coded = {part: _indices(counted.column(part)) for part in parts}
    shown = {part: [_label_as(v) for v in values] for part, (_, values) in coded.items()}
    found = {v for values in shown.values() for v in values if v != MISSING}
    labels = tuple(sorted(found, key=_natural))
    return labels, {p: _numbered(shown[p], labels)[codes] for p, (codes, _) in coded.items()}


def _numbered(shown: Sequence[str], levels: Sequence[str]) -> Ints:
    number = {level: i for i, level in enumerate(levels)}
    return np.array([number.get(v, UNKNOWN) for v in shown], dtype=np.intp)


def _indices(column: Any) -> tuple[Ints, list[Any]]:
    """Different values of a column, and which of them each cell has."""
    encoded = column.combine_chunks() if hasattr(column, "combine_chunks") else column
    if not hasattr(encoded, "indices"):
        encoded = encoded.dictionary_encode("encode")
    return encoded.indices.to_numpy(zero_copy_only=False).astype(
        np.intp
    ), encoded.dictionary.to_pylist()


def _bins(counted: Any, asked: Asked) -> Ints:
    import pyarrow as pa

    column = counted.column("bin").cast(pa.float64()).fill_null(float(UNKNOWN)).to_numpy()
    codes = np.nan_to_num(column, nan=UNKNOWN).astype(np.intp)
    rows = _float(counted.column("n"))
    if outside := int(rows[(codes < UNKNOWN) | (codes >= asked.score_bins)].sum()):
        msg = (
            f"expected probabilities from 0 to 1 in '{asked.score}'; {outside} of "
            f"{int(rows.sum())} rows lie outside. Are they percent, or scores of another scale?"
        )
        raise DataError(msg)
    return codes


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


def _float(column: Any) -> Floats:
    """Sums as floats: engines give unsigned numbers, decimals and, for nothing, nothing."""
    import pyarrow as pa

    return column.cast(pa.float64()).fill_null(0.0).to_numpy()


def _refuse_weights(sums: Mapping[str, Floats], asked: Asked) -> None:
    if asked.weight is None:
        return
    rows, bad = int(sums["n"].sum()), int(sums["sum_bad"].sum())
    if bad:
        msg = (
            f"expected weights of 0 or more in '{asked.weight}'; {bad} of {rows} rows are negative "
            "or missing. Repair them, or leave those rows out"
        )
        raise DataError(msg)
    if sums["sum_w"].sum() <= 0:
        msg = f"expected a weight above 0 in '{asked.weight}'; all {rows} are 0. Was it computed?"
        raise DataError(msg)
