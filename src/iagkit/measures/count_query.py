"""The grouped query, written once in the expressions that every engine understands."""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

import narwhals as nw

from iagkit.core.errors import DataError
from iagkit.measures.count_asked import (
    EACH,
    MAX_CELLS,
    MAX_LEVELS,
    Asked,
    Moment,
    no_groups,
    no_labels,
)

PEEK: Final = 20 * MAX_LEVELS
PARTS: Final = (22, 26, 26, 26)
"""Bits of the parts of a number that is summed.

Floats add up to a different last digit in every order, and every engine has its own. So a number
of at most 1 is cut into whole numbers of so many bits, whose sums are exact in any order (up to
2**27 rows a cell); put together they are the sum of the numbers, the same in every engine, but
for what lies 2**-74 below the largest (2**-100 for products, whose small ones are smaller).
"""
ENGINES: Final = frozenset({
    "duckdb", "_duckdb", "polars", "psycopg", "pyspark", "py4j", "ibis", "pyarrow", "sqlalchemy",
    "sqlglot", "sqlframe", "dask", "narwhals",
})  # fmt: skip
REACHED: Final = "Check that it can still be reached and reads every column, and count again"
REMEDIES: Final = {
    "QueryCanceled": "It took longer than allowed: does the query end? If it needs longer, set "
    "IAGKIT_QUERY_SECONDS, or ask who runs the database",
    "ArrowNotImplementedError": "Arrow cannot count a column of such a type, as complex numbers or "
    "string views are: cast it to text or numbers",
    "ReadOnlySqlTransaction": "The query would write; give one that only reads",
}
"""What to do, by the name of the failure, where it tells the cause."""
LARGEST: Final = 1e60
SMALLEST: Final = 1e-60
"""Their fourth powers are numbers still; what is all smaller counts as nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Amount:
    """A number a row, at most 1 once divided by ``scale``, that is summed over each cell."""

    expr: Any
    scale: float = 1.0
    parts: int = 3

    def times(self, other: Amount) -> Amount:
        """Product of two numbers of a row."""
        scale = self.scale * other.scale
        return Amount(expr=self.expr * other.expr, scale=scale, parts=len(PARTS))


def table_of(frame: Any) -> Any:
    """Any table as narwhals has it.

    Raises
    ------
    DataError
        If it is no table, or has two columns of one name.
    """
    try:
        return nw.from_native(frame)
    except TypeError:
        msg = (
            "expected a table: pandas, polars, pyarrow, DuckDB, ibis or PySpark; got "
            f"{type(frame).__module__}.{type(frame).__qualname__}. Make a DataFrame of it first"
        )
        raise DataError(msg) from None
    except nw.exceptions.DuplicateError:
        msg = "expected a different name for every column; some have the same. Rename them"
        raise DataError(msg) from None


@contextmanager
def engine_of(table: Any) -> Iterator[None]:
    """Tell a failure of the engine without its words; let a defect of ours pass.

    Raises
    ------
    DataError
        If the engine that holds the rows gives up: its own message could repeat a cell.
    """
    try:
        yield
    except Exception as error:
        if isinstance(error.__cause__, BaseException) and not isinstance(
            error.__cause__, Exception
        ):
            raise error.__cause__ from None  # DuckDB wraps the wish to stop
        if type(error).__module__.partition(".")[0] not in ENGINES:
            raise
        where, kind = str(table.implementation).rpartition(".")[2].lower(), type(error).__name__
        msg = (
            f"expected a count from the engine that holds the table ({where}); it gave up with "
            f"{kind}, and nothing was kept. {REMEDIES.get(kind, REACHED)}"
        )
        raise DataError(msg) from None


def peek(table: Any, asked: Asked) -> None:
    """Look at some rows first: counting millions of different values would fill the memory.

    Raises
    ------
    DataError
        If a column of groups or labels holds more different values than it can have.
    """
    schema = table.collect_schema()
    most = dict.fromkeys(asked.answers().values(), asked.most_labels)
    most |= {c: asked.most(c, schema[c]) for c in asked.groups if c not in asked.ranges}
    for column, limit in most.items():
        if schema[column] == nw.Boolean:
            continue
        many = different(table, column, first=PEEK)
        kind = schema[column]
        sure = kind.is_numeric() or limit < MAX_LEVELS
        if many > max(PEEK / 4, limit) or (many > limit and sure):
            told = f"{many} different values in the first {PEEK} rows"
            if column not in asked.groups:
                raise no_labels(column, told)
            edges = _even_edges(table, column) if kind.is_numeric() else ()
            raise no_groups(column, told, kind, edges)


def _even_edges(table: Any, column: str) -> list[float]:
    """Edges, in round numbers, of four ranges that hold a like number of the first rows."""
    first = table.select(number(column).alias("value")).head(PEEK)
    shares = {f"q{i}": nw.col("value").quantile(i / 4, "linear") for i in (1, 2, 3)}
    found = arrow(first.select(*(expr.alias(name) for name, expr in shares.items())))
    told = [found.column(name)[0].as_py() for name in shares]
    return sorted({float(f"{q:.2g}") for q in told if q is not None and math.isfinite(q)})


def different(table: Any, column: str, *, first: int | None = None) -> int:
    """Number of different values of a column (a missing one is one) among the first rows, or all.

    Only the number leaves the engine.
    """
    one = nw.from_native(table, pass_through=True).select(nw.col(column).alias("value"))
    # by groups, not by n_unique: PostgreSQL casts no truth to a number
    groups = (one if first is None else one.head(first)).group_by("value").agg(nw.len().alias("n"))
    return int(arrow(groups.select(nw.len().alias("n"))).column("n")[0].as_py())


def count_cells(table: Any, asked: Asked) -> tuple[Any, dict[str, Amount]]:
    """Group and sum in the engine: the answer as Arrow, and what was summed, by name.

    Raises
    ------
    DataError
        If numbers are not finite, or there are more cells than a machine holds.
    """
    amounts = _amounts(asked, _scales(table, asked))
    keys = _keys(asked)
    numbers = {f"a{i}": amount.expr for i, amount in enumerate(amounts.values())}
    read = table.select(*(expr.alias(name) for name, expr in {**keys, **numbers}.items()))
    parts: dict[str, Any] = {}
    for i, amount in enumerate(amounts.values()):
        parts |= {f"a{i}p{j}": part for j, part in enumerate(_cut(nw.col(f"a{i}"), amount.parts))}
    if parts:
        read = read.select(*keys, *(part.alias(name) for name, part in parts.items()))
    sums = [nw.len().alias("n"), *(nw.col(name).sum() for name in parts)]
    with warnings.catch_warnings():
        # pandas advises against tables of many columns; this one is read once
        warnings.filterwarnings("ignore", message="DataFrame is highly fragmented")
        counted = read.group_by(*keys).agg(*sums) if keys else read.select(*sums)
        counted = _nameless(counted) if asked.cluster is not None else counted
    found = arrow(counted.head(MAX_CELLS + 1))
    if found.num_rows > MAX_CELLS:
        raise _too_many(table, asked)
    return found, amounts


def _nameless(counted: Any) -> Any:
    """Number those whom rows are of where the rows are: who they are does not leave a database."""
    ours = counted.implementation.is_polars() or counted.implementation.is_dask()
    if not isinstance(counted, nw.LazyFrame) or ours:
        return counted
    person = nw.col("cluster")
    return counted.with_columns(
        nw.when(~person.is_null()).then(person.rank("dense")).otherwise(None).alias("cluster")
    )


def _keys(asked: Asked) -> dict[str, Any]:
    """Expressions to group by, under names that no table has."""
    keys = {}
    for key, column in asked.keys().items():
        if key == "bin":
            keys[key] = _bin(column, asked.score_bins)
        elif key == "time":
            keys[key] = _period(column, asked.every)
        elif key.startswith("g") and column in asked.ranges:
            keys[key] = _range(column, asked)
        else:
            keys[key] = nw.col(column)
    return keys


def number(column: str) -> Any:
    """A column as floats in which a number that is none is missing, in every engine."""
    return nw.col(column).cast(nw.Float64).fill_nan(None)


def _range(column: str, asked: Asked) -> Any:
    value = number(column)
    steps = [nw.when(value >= float(edge)).then(1).otherwise(0) for edge in asked.ranges[column]]
    return nw.when(~value.is_null()).then(sum(steps[1:], steps[0])).otherwise(None)


ROUNDED = 1e-9
"""A score such as .29 times the bins may come out just below the edge it stands on."""


def _bin(column: str, many: int) -> Any:
    """Bin of a score; ``many`` for exactly 1, and what lies outside 0 to 1 far outside.

    The score itself where each is a bin of its own.
    """
    value = number(column)
    if many == EACH:
        return value
    above = nw.when(value > 1).then(2.0).otherwise(value)
    kept = nw.when(value < 0).then(-1.0).otherwise(above)
    return (kept * float(many) + ROUNDED).floor()


def _period(column: str, every: str) -> Any:
    """Number of the year, month or day; quarters are made of months and weeks of days after."""
    date = nw.col(column).dt
    if every == "year":
        return date.year()
    months = date.year() * 12 + (date.month() - 1)
    return months if every in ("month", "quarter") else months * 31 + (date.day() - 1)


def _scales(table: Any, asked: Asked) -> dict[str, float]:
    """Power of two above the largest weight and above every number to sum."""
    asks = {} if asked.weight is None else {asked.weight: number(asked.weight)}
    asks |= {f".{name}": _raw(moment) for name, moment in asked.moments.items()}
    if not asks:
        return {}
    largest = [expr.abs().max().alias(f"m{i}") for i, expr in enumerate(asks.values())]
    found = arrow(table.select(*largest))
    scales = {}
    for i, name in enumerate(asks):
        most = found.column(f"m{i}")[0].as_py() or 0.0
        if not most < LARGEST:
            column = name if name[0] != "." else asked.moments[name[1:]].column
            msg = (
                f"expected finite numbers below 1e60 in '{column}'; some are larger or infinite. "
                "Repair them, or leave those rows out"
            )
            raise DataError(msg)
        scales[name] = 2.0 ** math.ceil(math.log2(max(most, SMALLEST)))
    return scales


def _raw(moment: Moment) -> Any:
    whole = number(moment.column)
    return whole if moment.minus is None else whole - number(moment.minus)


def _amounts(asked: Asked, scales: Mapping[str, float]) -> dict[str, Amount]:
    """Everything that is summed, by the name it has in the cells."""
    weight, amounts = None, {}
    if asked.weight is not None:
        raw = number(asked.weight)
        weight = Amount(expr=raw * (1 / scales[asked.weight]), scale=scales[asked.weight])
        right = _flag(~(raw.fill_null(-1.0) >= 0))
        amounts = {"bad": Amount(expr=right, parts=0), "w": weight, "ww": weight.times(weight)}
    if asked.score is not None:
        score = Amount(expr=number(asked.score), parts=2)
        amounts["s"] = score if weight is None else score.times(weight)
    for name, moment in asked.moments.items():
        powers = _powers(moment, scales[f".{name}"])
        if weight is None:
            amounts |= {f"{name}.{power}": amount for power, amount in powers.items()}
        else:
            twice = weight.times(weight)
            amounts[f"{name}.rows"] = powers["known"]
            for power, amount in powers.items():
                amounts[f"{name}.{power}"] = amount.times(weight)
                amounts[f"{name}.ww.{power}"] = amount.times(twice)
    return amounts


def _powers(moment: Moment, scale: float) -> dict[str, Amount]:
    raw = _raw(moment)
    e = Amount(expr=raw * (1 / scale), scale=scale)
    square = e.times(e)
    powers = {
        "known": Amount(expr=_flag(~raw.is_null()), parts=0),
        "sum": e,
        "absolute": Amount(expr=e.expr.abs(), scale=scale),
        "square": square,
        "fourth": square.times(square),
    }
    if moment.within is not None:
        near = raw.abs() <= float(moment.within)
        powers["within"] = Amount(expr=_flag(near), parts=0)
    return powers


def _flag(condition: Any) -> Any:
    """1 where a condition holds; PostgreSQL would take 1.0 for a decimal, and casts no truth."""
    return nw.when(condition).then(1).otherwise(0).cast(nw.Float64)


def _cut(value: Any, parts: int) -> list[Any]:
    """Whole numbers that make up a number of at most 1; the number itself if it is whole."""
    if parts == 0:
        return [value]
    cut = []
    for bits in PARTS[:parts]:
        value = value * 2.0**bits
        whole = value.floor().cast(nw.Float64)
        cut.append(whole)
        value = value - whole
    return cut


def _too_many(table: Any, asked: Asked) -> DataError:
    keys = {key: column for key, column in asked.keys().items() if key != "bin"}
    many = {key: different(table, column) for key, column in keys.items()}
    most = max(many, key=lambda key: many[key], default=None)
    told = f"; '{keys[most]}' alone has {many[most]} different values" if most else ""
    return DataError(
        f"expected at most {MAX_CELLS} combinations of groups, answers and scores; there are "
        f"more{told}. Leave a column out, join rare values, or declare ranges (--bins)"
    )


def arrow(frame: Any) -> Any:
    """Answer of any engine as an Arrow table."""
    whole = frame.collect("pyarrow") if isinstance(frame, nw.LazyFrame) else frame
    return whole.to_arrow()
