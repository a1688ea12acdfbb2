"""Audits of rows with several labels each: what they tell is scikit-learn's, however they come."""

import json

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn import metrics
from typer.testing import CliRunner

import iagkit
from iagkit.cli.app import app
from iagkit.core.errors import DataError, UsageError

LABELS = ("roads", "water", "waste")


def people(n=900, seed=0):
    """Every label is told rightly of seven in ten; texts name them in another order than lists."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("abc"), n)})
    for label in LABELS:
        table[f"true {label}"] = (random.random(n) < 0.3).astype(int)
        other = (random.random(n) < 0.3).astype(int)
        table[f"told {label}"] = np.where(random.random(n) < 0.7, table[f"true {label}"], other)
    for side in ("true", "told"):
        table[side] = [
            [label for label in LABELS if row[f"{side} {label}"]] for _, row in table.iterrows()
        ]
        table[f"{side} text"] = [";".join(reversed(labels)) or ";" for labels in table[side]]
    return table


def by_columns(table, **options):
    return iagkit.audit(
        table, truth=[f"true {x}" for x in LABELS], prediction=[f"told {x}" for x in LABELS],
        labels=LABELS, groups=["g"], **options,
    )  # fmt: skip


def by_lists(table, **options):
    options = {"task": "multilabel", **options}
    return iagkit.audit(table, truth="true", prediction="told", groups=["g"], **options)


def told(audit):
    """Every number, by its name and place."""
    return {
        (f.check, tuple(sorted(f.where.items()))): f.estimate and f.estimate.value
        for f in audit.findings
    }


def of_scikit_learn(true, answered):
    """The same numbers from two tables of 0 and 1; it would take 0 of 0 for an F1 of 0."""
    there = (true | answered).any(axis=0)
    return {
        "subset_accuracy": metrics.accuracy_score(true, answered),
        "hamming_loss": metrics.hamming_loss(true, answered),
        "macro_f1": metrics.f1_score(true[:, there], answered[:, there], average="macro"),
        "micro_f1": metrics.f1_score(true, answered, average="micro"),
    }


def agrees(audit, true, answered, **where):
    for name, expected in of_scikit_learn(true, answered).items():
        value = audit.find(f"fairness.{name}", **where).estimate.value
        assert value == pytest.approx(expected, abs=1e-12), (name, where)


def test_four_rows_by_hand():
    table = pd.DataFrame({
        "g": list("aabb"), "true": [["x"], ["x", "y"], [], ["y"]],
        "told": [["x"], ["y"], ["x"], ["y"]],
    })  # fmt: skip
    found = by_lists(table, min_group=1, k=0)
    assert found.find("performance.subset_accuracy").estimate.value == 2 / 4
    assert found.find("performance.hamming_loss").estimate.value == 2 / 8
    assert found.find("fairness.subset_accuracy", g="a").estimate.value == 1 / 2
    rate = {"g": "a", "class": "x"}
    assert found.find("fairness.true_positive_rate", **rate).estimate.value == 1 / 2
    assert found.find("fairness.false_positive_rate", **rate).estimate is None
    assert found.find("performance.recall", **{"class": "y"}).estimate.value == 1


@pytest.mark.data
def test_agencies_that_one_text_was_sent_to_agree_with_scikit_learn_overall_and_by_year(mirror):
    """Truth and groups are the register's; the answers follow a rule, as it holds none."""
    requests = pd.read_parquet(mirror / "cdmx_foi_es/cdmx_foi_es.parquet")
    texts = requests.dropna(subset=["destino"]).groupby("grupo")
    table = texts["destino"].agg(lambda t: sorted(set(t))).reset_index(name="true")
    assert (table["true"].map(len) > 1).sum() > 50
    table["year"] = texts["anio"].min().to_numpy().astype(int)
    names = sorted({label for labels in table["true"] for label in labels})
    shifted = table["true"].shift(1).map(lambda x: x if isinstance(x, list) else [])
    keep = np.arange(len(table)) % 3 > 0
    table["told"] = [t if k else s for t, s, k in zip(table["true"], shifted, keep, strict=True)]
    found = iagkit.audit(
        pl.from_pandas(table), truth="true", prediction="told", task="multilabel", labels=names,
        groups=["year"],
    )  # fmt: skip
    true, answered = (
        np.array([[name in labels for name in names] for labels in table[side]])
        for side in ("true", "told")
    )
    assert len(table) > 1000
    agrees(found, true, answered)
    for year in table["year"].unique():
        here = (table["year"] == year).to_numpy()
        agrees(found, true[here], answered[here], year=str(year))
    for i, name in enumerate(names):
        recall = found.find("performance.recall", **{"class": name}).estimate
        expected = metrics.recall_score(true[:, i], answered[:, i], zero_division=np.nan)
        assert recall is None if np.isnan(expected) else recall.value == pytest.approx(expected)


def test_columns_lists_and_texts_of_every_engine_give_the_same():
    table = people()
    lists = pl.from_pandas(table)
    others = (
        by_lists(table), by_lists(lists), by_lists(lists.lazy()), by_lists(lists.to_arrow()),
        by_lists(duckdb.from_arrow(lists.to_arrow())),
        iagkit.audit(
            table, truth="true text", prediction="told text", label_separator=";", groups=["g"]
        ),
    )  # fmt: skip
    expected = told(by_columns(table))
    assert len(expected) > 60
    for other in others:
        assert told(other) == pytest.approx(expected, abs=1e-12)


def test_the_command_reads_texts_and_columns_from_a_file(tmp_path):
    file, run = tmp_path / "cases.csv", CliRunner().invoke
    people().to_csv(file, index=False)
    each = [w for x in LABELS for w in ("--truth", f"true {x}", "--prediction", f"told {x}")]
    text = ["--truth", "true text", "--prediction", "told text", "--label-separator", ";"]
    names = []
    for lang, columns, loss in (
        ("es", ["--labels", ",".join(LABELS), *each], "Pérdida de Hamming"),
        ("pt", ["--task", "multilabel", *text], "Perda de Hamming"),
    ):
        out = tmp_path / lang
        done = run(
            app, ["audit", str(file), *columns, "--group", "g", "--out", str(out), "--lang", lang]
        )
        assert done.exit_code == 0, done.output
        assert any(loss in page.read_text() for page in out.glob("*.html"))
        record = json.loads((out / "record.json").read_text())
        names.append(sorted(record["run"]["audit"]["labels"]))
    assert names == [sorted(LABELS)] * 2


def test_a_row_without_labels_is_known_and_an_empty_text_is_not():
    table = pd.DataFrame({"y": ["a;b", ";", None] * 40, "p": ["a", ";", "b"] * 40, "g": "x"})
    table.loc[::2, "g"] = "z"
    found = iagkit.audit(table, truth="y", prediction="p", label_separator=";", groups=["g"])
    assert found.record.run["audit"]["left_out"]["truth"] == 40
    assert found.find("performance.subset_accuracy").estimate.value == 1 / 2


def test_labels_of_a_row_are_refused_where_they_are_not_what_was_said():
    table = people(60)
    with pytest.raises(DataError, match="tell what stands between two labels"):
        by_lists(table.assign(true=table["true text"]))
    with pytest.raises(DataError, match="only the 1 labels that were named; the table holds 2"):
        by_lists(table, labels=["roads"])
    with pytest.raises(UsageError, match="for --task multiclass"):
        by_lists(table, task="multiclass", label_separator=";")
    with pytest.raises(UsageError, match="in the same order; got 2, 1 and 2"):
        iagkit.audit(
            table, truth=["true roads", "true water"], prediction="told roads", groups=["g"]
        )
    with pytest.raises(UsageError, match="--positive has no meaning"):
        by_columns(table, positive="roads")
    with pytest.raises(UsageError, match="no metrics and no model"):
        by_columns(table, metrics={"loss": metrics.zero_one_loss})
