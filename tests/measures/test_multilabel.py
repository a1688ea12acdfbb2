import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pytest
from sklearn import metrics

from iagkit.core.errors import DataError
from iagkit.measures.counting import count
from iagkit.measures.multilabel import (
    count_label_lists,
    count_label_sets,
    hamming_loss,
    label_sets,
    mean_of_labels,
    of_label,
    subset_accuracy,
)

LABELS = {name: (f"true {name}", f"told {name}") for name in ("roads", "water", "waste")}
PARTS = {
    "recall": metrics.recall_score,
    "precision": metrics.precision_score,
    "f1": metrics.f1_score,
}


def people(n=600, seed=0):
    """Two groups; in ``a`` nobody has waste, and nobody is told so."""
    random = np.random.default_rng(seed)
    table = pd.DataFrame({"g": random.choice(list("ab"), n)})
    for true, told in LABELS.values():
        table[true] = random.random(n) < 0.3
        table[told] = np.where(random.random(n) < 0.7, table[true], random.random(n) < 0.3) * 1
    table.loc[table["g"] == "a", "true waste"] = False
    table.loc[table["g"] == "a", "told waste"] = 0
    table["w"], table["c"] = random.random(n), random.integers(0, n // 3, n)
    return table.astype({told: int for _, told in LABELS.values()})


def counted(table, **columns):
    cells = count_label_sets(table, labels=LABELS, groups=["g"], **columns)
    return cells, cells.by(["g"]), label_sets(cells, names=list(LABELS))


def matrices(rows):
    return tuple(rows[[pair[k] for pair in LABELS.values()]].to_numpy(dtype=int) for k in (0, 1))


def test_three_rows_by_hand():
    table = pd.DataFrame(
        {"g": "a", "y": ["roads|water", "waste", ""], "p": ["water|roads", "waste|roads", "water"]}
    )
    cells = count(table, groups=["g"], truth="y", prediction="p")
    sets, groups = label_sets(cells), cells.by(["g"])
    assert sets.names == ("roads", "waste", "water")
    assert subset_accuracy(cells, groups, sets).value[0] == pytest.approx(1 / 3)
    assert hamming_loss(cells, groups, sets).value[0] == pytest.approx(2 / 9)
    micro = mean_of_labels(cells, groups, sets, "precision", average="micro")
    assert micro.value[0] == pytest.approx(3 / 5)


@pytest.mark.parametrize("weight", [None, "w"])
def test_every_measure_is_scikit_learns_of_the_rows_of_a_group(weight):
    table = people()
    cells, groups, sets = counted(table, weight=weight)
    for group, name in enumerate("ab"):
        rows = table[table["g"] == name]
        own, (true, told) = None if weight is None else rows[weight], matrices(rows)
        for part, measure in PARTS.items():
            for average in ("micro", "macro"):
                found = mean_of_labels(cells, groups, sets, part, average=average)
                expected = measure(
                    true, told, average=average, zero_division=np.nan, sample_weight=own
                )
                assert found.value[group] == pytest.approx(expected, abs=1e-12)
        loss = hamming_loss(cells, groups, sets).value[group]
        assert loss == pytest.approx(metrics.hamming_loss(true, told, sample_weight=own), abs=1e-12)
        whole = subset_accuracy(cells, groups, sets).value[group]
        expected = metrics.accuracy_score(true, told, sample_weight=own)
        assert whole == pytest.approx(expected, abs=1e-12)


def test_every_engine_gives_the_same_sets():
    table = people()
    frames = (table, pl.from_pandas(table), pl.from_pandas(table).lazy(), duckdb.from_df(table))
    kinds = [counted(frame)[0] for frame in frames]
    for other in kinds[1:]:
        assert other.labels == kinds[0].labels
        np.testing.assert_array_equal(other.n, kinds[0].n)


@pytest.mark.parametrize("engine", [pl.DataFrame, pl.LazyFrame, duckdb.from_arrow])
def test_lists_of_labels_are_counted_like_columns_of_yes_and_no(engine):
    table = people(n=200)
    lists = pl.DataFrame({"g": table["g"].tolist()}).with_columns(
        pl.Series(name, [[x for x, pair in LABELS.items() if row[pair[k]]] for row in rows])
        for k, name in enumerate(("y", "p"))
        for rows in [table.to_dict("records")]
    )
    frame = engine(lists.to_arrow()) if engine is duckdb.from_arrow else engine(lists)
    cells = count_label_lists(frame, truth="y", prediction="p", labels=list(LABELS), groups=["g"])
    expected = counted(table)[0]
    assert cells.labels == expected.labels
    np.testing.assert_array_equal(cells.n, expected.n)
    with pytest.raises(
        DataError, match="lists of the 2 labels that were named, each once, in y, p"
    ):
        count_label_lists(frame, truth="y", prediction="p", labels=["roads", "waste"])


def test_lists_that_are_text_are_refused_with_the_way_to_count_them():
    table = pl.DataFrame({"y": ["roads"], "p": ["roads"]})
    with pytest.raises(DataError, match=r"expected lists of labels in 'y'; got String\. Write"):
        count_label_lists(table, truth="y", prediction="p", labels=["roads"])


def test_one_label_is_a_question_of_yes_or_no():
    table = people()
    cells, groups, sets = counted(table)
    water = of_label(cells, sets, sets.names.index("water"))
    hits = groups.total(water.n, (water.truth == 1) & (water.prediction == 1))
    both = table["true water"] & (table["told water"] == 1)
    assert hits.tolist() == both.groupby(table["g"]).sum().tolist()


def test_labels_that_nobody_has_are_left_out_of_the_macro_average():
    cells, groups, sets = counted(people())
    found = mean_of_labels(cells, groups, sets, "f1")
    single = [
        metrics.f1_score(*(m[:, k] for m in matrices(people()[people()["g"] == "a"])))
        for k in (0, 1)
    ]
    assert found.value[0] == pytest.approx(np.mean(single))


@pytest.mark.parametrize("columns", [{}, {"cluster": "c"}])
@pytest.mark.parametrize("average", ["micro", "macro"])
def test_the_standard_error_is_that_of_drawing_people_again(average, columns):
    table = people(n=1200).assign(g="b")
    cells, groups, sets = counted(table, **columns)
    found = mean_of_labels(cells, groups, sets, "f1", average=average)
    (true, told), random, values = matrices(table), np.random.default_rng(2), []
    blocks = list(table.groupby("c").indices.values())
    for _ in range(200):
        picked = random.integers(0, len(blocks), len(blocks))
        at = np.concatenate([blocks[i] for i in picked])
        at = at if columns else random.integers(0, len(table), len(table))
        values.append(metrics.f1_score(true[at], told[at], average=average))
    assert found.error[0] == pytest.approx(np.std(values), rel=0.25)


def test_a_row_of_which_a_label_is_missing_has_no_set():
    table = people(n=50).astype({"told water": float})
    table.loc[:4, "told water"] = np.nan
    cells, groups, sets = counted(table)
    assert subset_accuracy(cells, groups, sets).n.sum() == 45


def test_what_is_no_label_is_refused():
    table = people(n=20)
    with pytest.raises(DataError, match=r"20 of 20 rows hold something else\. Are they"):
        counted(table.assign(**{"told water": 0.5}))
    with pytest.raises(DataError, match="expected booleans, or 0 and 1, in 'told water'; got Str"):
        counted(table.assign(**{"told water": "yes"}))
    with pytest.raises(DataError, match="the table has no told water"):
        counted(table.drop(columns="told water"))
    with pytest.raises(DataError, match=r"hold no '\|'; got 1, of them 1"):
        count_label_sets(table, labels={"a|b": ("true water", "told water")})
    cells = counted(table)[0]
    with pytest.raises(DataError, match="only the 1 labels that were named; the table holds 2"):
        label_sets(cells, names=["roads"])
