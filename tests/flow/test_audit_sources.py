"""The same audit wherever the table is: records are identical but for the source."""

import json

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest

import iagkit

ASKED = {
    "truth": "granted", "prediction": "told", "score": "score", "depth": 2,
    "groups": ["sex", "district", "age"], "bins": {"age": [30, 60]},
}  # fmt: skip
VOLATILE = ("started", "seconds")


@pytest.fixture(scope="module")
def decisions():
    draw = np.random.default_rng(11)
    n = 1500
    score = np.round(draw.random(n), 3)
    return pd.DataFrame(
        {
            "sex": draw.choice(["mujer", "varón", None], n, p=[0.5, 0.45, 0.05]),
            "district": draw.choice(["Norte", "Ribera", "Sur"], n),
            "age": draw.integers(18, 90, n),
            "granted": (draw.random(n) < score).astype(int),
            "told": (score > 0.5).astype(int),
            "score": score,
        }
    )


def evidence(record):
    """Return what a record says, without where the table was and how long it took."""
    body = record.body()
    run = {k: v for k, v in body["run"].items() if k not in VOLATILE}
    return json.dumps(
        {"findings": body["findings"], "verdicts": body["verdicts"], "run": run,
         "prototype": body["prototype"]},
        sort_keys=True,
    )  # fmt: skip


@pytest.fixture(scope="module")
def expected(decisions):
    return evidence(iagkit.audit(decisions, **ASKED).record)


@pytest.mark.parametrize("kind", ["csv", "parquet", "xlsx", "jsonl"])
def test_a_file_gives_the_same_record_as_the_dataframe(kind, decisions, expected, tmp_path):
    file = tmp_path / f"decisions.{kind}"
    {
        "csv": lambda: decisions.to_csv(file, index=False, sep=";", encoding="cp1252"),
        "parquet": lambda: decisions.to_parquet(file, index=False),
        "xlsx": lambda: decisions.to_excel(file, index=False),
        "jsonl": lambda: decisions.to_json(file, orient="records", lines=True),
    }[kind]()
    found = iagkit.audit(file, **ASKED).record
    assert evidence(found) == expected
    assert found.dataset["origin"] == f"decisions.{kind}"
    assert len(found.dataset["sha256"]) == 64


@pytest.mark.parametrize("engine", ["polars lazy", "duckdb"])
def test_an_engine_gives_the_same_record_as_the_dataframe(engine, decisions, expected):
    frame = {
        "polars lazy": lambda: pl.from_pandas(decisions).lazy(),
        "duckdb": lambda: duckdb.from_arrow(pl.from_pandas(decisions).to_arrow()),
    }[engine]()
    assert evidence(iagkit.audit(frame, **ASKED).record) == expected


def test_a_table_inside_postgresql_gives_the_same_record_and_stays_there(
    postgres, decisions, expected
):
    from sqlalchemy import create_engine

    engine = create_engine(postgres.owner.replace("postgresql://", "postgresql+psycopg://"))
    decisions.to_sql("audited", engine, index=False, if_exists="replace")
    engine.dispose()
    found = iagkit.audit(postgres.reader, query="select * from audited", **ASKED)
    assert evidence(found.record) == expected
    assert "s3creta" not in found.record.to_bytes().decode()


def test_a_spark_dataframe_gives_the_same_record(spark, decisions, expected):
    frame = spark.createDataFrame(decisions.astype(object).where(decisions.notna(), None))
    assert evidence(iagkit.audit(frame, **ASKED).record) == expected
