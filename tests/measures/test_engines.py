"""One question, one answer: the same cells from every engine, to the last bit."""

import datetime
import re
import warnings

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from iagkit.core.errors import DataError
from iagkit.measures.counting import Moment, count
from iagkit.wire.frames import open_frame

ASKED = {
    "groups": ["sex", "race", "married", "age"], "bins": {"age": [18, 30, 65]},
    "truth": "y", "prediction": "p", "score": "s", "score_bins": 8, "weight": "w",
    "time": "day", "every": "quarter",
    "moments": {"error": Moment(column="said", minus="was", within=2.5)},
}  # fmt: skip
CATEGORIES = ["sex", "race"]


def made(n=400):
    """A table with what engines treat differently: gaps, categories, flags, small integers."""
    draw = np.random.default_rng(7)
    gaps = draw.random((n, 6)) < 0.1
    sex = np.where(draw.random(n) < 0.5, "f", "m").astype(object)
    race = draw.choice(["ñandú", "B", "Ω"], n).astype(object)
    sex[gaps[:, 0]] = None
    race[gaps[:, 1]] = None
    was = np.round(draw.normal(10, 3, n), 3)
    score = draw.random(n)
    score[:2] = 0.0, 1.0
    days = np.datetime64("2023-01-01", "us") + draw.integers(0, 900, n).astype("timedelta64[D]")
    return pd.DataFrame({
        "sex": sex, "race": race, "married": draw.random(n) < 0.4, "age": draw.integers(0, 99, n),
        "y": draw.integers(0, 2, n), "p": draw.integers(0, 2, n),
        "s": np.where(gaps[:, 2], np.nan, score), "w": draw.exponential(10, n),
        "said": np.where(gaps[:, 3], np.nan, was + draw.normal(0, 2, n)), "was": was,
        "day": pd.Series(days).where(~gaps[:, 4]),
        "who": draw.integers(0, n // 2, n),
    })  # fmt: skip


@pytest.fixture(scope="module")
def table():
    return made()


@pytest.fixture(scope="module")
def expected(table):
    return count(table, **ASKED)


def no_nan(table):
    """As Arrow: what is missing is null, as Parquet and databases have it."""
    return pa.Table.from_pandas(table, preserve_index=False)


def same(one, other):
    assert one.columns == other.columns
    assert one.levels == other.levels
    assert one.labels == other.labels
    for name in (
        "codes", "n", "truth", "prediction", "bins", "weight", "weight_squared", "score", "cluster",
    ):  # fmt: skip
        left, right = getattr(one, name), getattr(other, name)
        assert (left is None) == (right is None), name
        assert left is None or np.array_equal(left, right), name
    assert list(one.sums) == list(other.sums)
    assert all(np.array_equal(one.sums[name], other.sums[name]) for name in one.sums)


FRAMES = {
    "pandas objects": lambda t: t.astype(dict.fromkeys(CATEGORIES, object)),
    "pandas strings": lambda t: t.astype(dict.fromkeys(CATEGORIES, "string")),
    "pandas categories": lambda t: t.astype(dict.fromkeys(CATEGORIES, "category")),
    "pandas nullable": lambda t: t.convert_dtypes(),
    "pandas on Arrow": lambda t: t.convert_dtypes(dtype_backend="pyarrow"),
    "pandas small": lambda t: t.astype({"age": "uint8", "y": "int8", "p": "uint16"}),
    "pandas, index in disorder": lambda t: t.sample(frac=1, random_state=3),
    "polars": lambda t: pl.from_arrow(no_nan(t)),
    "polars with NaN": lambda t: pl.from_pandas(t, nan_to_null=False),
    "polars lazy": lambda t: pl.from_arrow(no_nan(t)).lazy(),
    "polars categories": lambda t: pl.from_arrow(no_nan(t)).with_columns(
        pl.col(CATEGORIES).cast(pl.Categorical)
    ),
    "polars enum": lambda t: pl.from_arrow(no_nan(t)).with_columns(
        pl.col("sex").cast(pl.Enum(["m", "x", "f"])), pl.col("y", "p").cast(pl.Int8)
    ),
    "polars dates": lambda t: pl.from_arrow(no_nan(t)).with_columns(pl.col("day").cast(pl.Date)),
    "pyarrow": no_nan,
    "pyarrow dictionaries": lambda t: no_nan(t.astype(dict.fromkeys(CATEGORIES, "category"))),
    "duckdb": lambda t: duckdb.from_arrow(no_nan(t)),
    "duckdb small": lambda t: duckdb.from_arrow(no_nan(t)).select(
        "* REPLACE (age::UTINYINT AS age, y::TINYINT AS y, p::HUGEINT AS p, day::DATE AS day)"
    ),
    "duckdb decimals": lambda t: duckdb.from_arrow(no_nan(t)).select(
        "* REPLACE (was::DECIMAL(9, 3) AS was, y::DECIMAL(4, 2) AS y)"
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", FRAMES)
def test_the_cells_are_the_same_from(engine, table, expected):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warnings.filterwarnings("ignore", category=DeprecationWarning)
        found = count(FRAMES[engine](table), **ASKED)
    same(found, expected)


def test_what_was_counted_is_what_pandas_counts(table, expected):
    by = expected.by(["sex", "race"])
    plain = table.assign(
        sex=table["sex"].fillna("(missing)"), race=table["race"].fillna("(missing)")
    )
    sizes = plain.groupby(["sex", "race"]).size()
    assert {name: int(n) for name, n in zip(by.names, by.total(expected.n), strict=True)} == (
        sizes.to_dict()
    )
    error = table["said"] - table["was"]
    assert expected.sums["error.absolute"].sum() == pytest.approx(
        (error.abs() * table["w"]).sum(), rel=1e-13
    )


@pytest.mark.parametrize("every", ["day", "week", "month", "quarter", "year"])
def test_periods_are_the_same_from_every_kind_of_engine(every, table):
    arrow = no_nan(table.head(150))
    frames = (table.head(150), arrow, pl.from_arrow(arrow), duckdb.from_arrow(arrow))
    first, *others = (count(f, groups=["sex"], time="day", every=every) for f in frames)
    for other in others:
        same(first, other)


def test_clusters_are_the_same_from_every_kind_of_engine(table):
    arrow = no_nan(table)
    asked = {"groups": ["sex"], "truth": "y", "prediction": "p", "cluster": "who"}
    first = count(table, **asked)
    assert first.cluster.max() + 1 == table["who"].nunique()
    for frame in (arrow, pl.from_arrow(arrow), duckdb.from_arrow(arrow)):
        same(first, count(frame, **asked))


@pytest.mark.parametrize("engine", ["pyarrow", "polars", "duckdb", "polars lazy"])
@pytest.mark.parametrize(("asked", "told"), [
    ({"groups": ["sexo"]}, "Did you mean 'sex'"),
    ({"weight": "said", "score": "s"}, "of 400 rows are negative or missing"),
    ({"score": "w"}, "rows lie outside"),
    ({"groups": ["was"]}, "--bins was=100,200,300"),
    ({"truth": "lists"}, "in each cell of 'lists'; got List"),
    ({"cluster": "sex"}, "of 400 rows do not say"),
])  # fmt: skip
def test_refusals_are_the_same(engine, asked, told, table):
    wide = table.assign(lists=[[1]] * len(table))
    wide["was"] = np.arange(len(wide)) + 0.5
    with pytest.raises(DataError, match=told):
        count(FRAMES[engine](wide), **asked)


def test_a_table_that_fails_in_the_middle_is_told_without_its_words():
    text = duckdb.sql("SELECT 'f' AS sex, CASE WHEN i > 5000 THEN 'Juana' ELSE '1' END AS t "
                      "FROM range(9000) r(i)")  # fmt: skip
    broken = text.select("sex, CAST(t AS INTEGER) AS y")
    with pytest.raises(DataError, match=r"\(duckdb\); it gave up with Conversion") as caught:
        count(broken, groups=["sex"], truth="y")
    assert "Juana" not in str(caught.value)


@pytest.mark.data
def test_incomes_of_real_people_are_counted_in_their_file_as_pandas_counts_them(mirror):
    file = mirror / "acs_income_us" / "ACSIncome.test.parquet"
    columns = ["SEX", "RAC1P", "AGEP", "PINCP"]
    asked = {"groups": columns[:3], "bins": {"AGEP": [25, 45, 65]}, "truth": "PINCP"}
    with open_frame(file, columns=columns) as opened:
        cells = count(opened.frame, **asked)
    rows = pd.read_parquet(file, columns=columns)
    assert cells.rows == len(rows) == 332_900
    expected = rows.groupby([pd.cut(rows["AGEP"], [-1, 24.5, 44.5, 64.5, 200]), "SEX", "PINCP"])
    by = cells.by(["AGEP", "SEX"])
    rich = [by.total(cells.n, cells.truth == yes) for yes in (0, 1)]
    assert np.stack(rich, axis=1).ravel().tolist() == expected.size().tolist()
    same(cells, count(rows, **asked))


# PostgreSQL


@pytest.fixture(scope="module")
def in_postgres(postgres, table):
    import psycopg

    with psycopg.connect(postgres.owner, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE decisions (sex text, race varchar(9), married boolean, age smallint, "
            "y integer, p bigint, s double precision, w double precision, said double precision, "
            "was numeric(9, 3), day timestamp, who integer)"
        )
        with connection.cursor().copy("COPY decisions FROM STDIN") as copy:
            for row in table.astype(object).where(table.notna(), None).itertuples(index=False):
                copy.write_row(row)
    return postgres


def test_the_cells_are_the_same_from_postgresql_and_one_grouped_query_is_asked(
    in_postgres, expected
):
    before = len(in_postgres.statements())
    with open_frame(in_postgres.reader, query="SELECT * FROM decisions") as opened:
        found = count(opened.frame, **ASKED)
    same(found, expected)
    asked = in_postgres.statements()[before:].lower()
    # pieces: one a statement that reads the table
    reads = [s for s in re.split(r"\n(?=\d{4}-)|log:", asked) if "from decisions" in s]
    grouped = [s for s in reads if "count(*)" in s and "floor" in s]
    assert len(grouped) == 1
    for statement in reads:
        assert "count(*)" in statement or "limit 0" in statement or "max(" in statement, statement
    assert "hunter2" not in opened.origin


def test_a_role_that_may_only_read_is_enough_and_cannot_write(in_postgres):
    import psycopg

    with psycopg.connect(in_postgres.reader) as connection:
        for writing in ("CREATE TABLE t (a int)", "CREATE TEMP VIEW v AS SELECT 1",
                        "DELETE FROM decisions"):  # fmt: skip
            with pytest.raises(psycopg.Error):
                connection.execute(writing)
            connection.rollback()


# Spark


def test_the_cells_are_the_same_from_spark(spark, table):
    frame = spark.createDataFrame(no_nan(table))
    weighed = ASKED | {"moments": {}}
    same(count(frame, **weighed), count(table, **weighed))
    errors = {"groups": ["sex"], "moments": ASKED["moments"]}
    same(count(frame, **errors), count(table, **errors))


def test_dates_are_read_by_spark_as_by_the_others(spark):
    days = [datetime.date(2024, 1, 31), datetime.date(2023, 12, 31), None]
    frame = spark.createDataFrame(pa.table({"day": pa.array(days, pa.date32())}))
    assert count(frame, time="day", every="week").levels == (("2023-W52", "2024-W05", "(missing)"),)
