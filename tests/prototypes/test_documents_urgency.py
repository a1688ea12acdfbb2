"""Urgency learnt from texts: what is declared, what is read, what is learnt, what is refused."""

import numpy as np
import pandas as pd
import pytest

from iagkit.core.errors import DataError, DeclarationError
from iagkit.measures.queues import longest_wait
from iagkit.prototypes.documents.urgency import (
    declared,
    evidence,
    learn,
    score_of,
    scores,
    with_options,
    yes_or_no,
)

PLAIN = ("pide copia del plano de la plaza", "solicita el calendario de actos", "consulta horario")
URGENT = ("medida cautelar por riesgo de vida", "amparo por falta de medicamento vital")


def some_texts(n=200, seed=0):
    random = np.random.default_rng(seed)
    urgent = (random.random(n) < 0.3).astype(np.int8)
    texts = [
        f"{random.choice(URGENT if u else PLAIN)} asunto {i % 17}" for i, u in enumerate(urgent)
    ]
    return texts, urgent


def test_yes_and_no_are_read_in_three_languages_and_missing_is_not_known():
    column = pd.Series(["Sí", "NO", "não", "sim", "yes", None, "0", "1"], name="urgente")
    assert yes_or_no(column).tolist() == [1, 0, 0, 1, 1, -1, 0, 1]
    assert yes_or_no(pd.Series([1.0, 0.0, np.nan, True])).tolist() == [1, 0, -1, 1]


def test_other_values_are_urgent_if_they_are_named_and_refused_otherwise():
    column = pd.Series(["DNU", "ley", "decreto"], name="rank")
    assert yes_or_no(column, yes=["DNU"]).tolist() == [1, 0, 0]
    with pytest.raises(DataError, match=r"3 of 3 rows say something else\. Name the urgent"):
        yes_or_no(column)
    with pytest.raises(DataError, match="got 0 urgent of 3"):
        yes_or_no(column, yes=["dcreto"])


def test_what_is_urgent_is_learnt_and_told_apart_in_other_texts():
    texts, urgent = some_texts()
    scorer = learn(texts, urgent, clusters=np.arange(len(texts)))
    other, truth = some_texts(seed=1)
    found = scores(scorer, other)
    assert scorer.classes == ["no", "yes"]
    assert ((found > 0.5) == (truth == 1)).all()


def test_texts_of_which_nobody_said_are_not_learnt_from():
    texts, urgent = some_texts()
    more = [*texts, *["palabra desconocida zumbido"] * 50]
    scorer = learn(more, np.append(urgent, [-1] * 50).astype(np.int8), clusters=np.arange(250))
    alone = learn(texts, urgent, clusters=np.arange(200))
    assert scores(scorer, texts) == pytest.approx(scores(alone, texts))


def test_too_few_urgent_cases_are_refused_with_another_way():
    texts, urgent = some_texts(30)
    with pytest.raises(DataError, match="declare urgent classes"):
        learn(texts, urgent, clusters=np.arange(30))


def test_classes_declared_urgent_give_their_probability_and_strange_ones_are_refused():
    told = np.array([[0.2, 0.5, 0.3], [0.9, 0.1, 0.0]])
    assert score_of(told, ["a", "b", "c"], ["b", "c"]).tolist() == pytest.approx([0.8, 0.1])
    with pytest.raises(DeclarationError, match="Did you mean 'amparo'"):
        score_of(told, ["amparo", "b", "c"], ["ampro"])


@pytest.mark.parametrize(
    ("told", "why"),
    [
        ({"capacity": 5}, "either the column"),
        ({"capacity": 5, "column": "u", "classes": ["a"]}, "either the column"),
        ({"column": "u"}, "a capacity"),
        ({"capacity": 0, "column": "u"}, "above 0"),
        ({"capacity": True, "column": "u"}, "above 0"),
        ({"capacity": 5, "colum": "u"}, "Did you mean 'column'"),
    ],
)
def test_a_declaration_that_cannot_be_kept_is_refused(told, why):
    with pytest.raises(DeclarationError, match=why):
        declared({"urgency": told})


def test_what_is_said_beside_the_table_replaces_what_is_declared():
    params = {"candidates": ["x"], "urgency": {"capacity": 5, "column": "u", "patience_days": 9}}
    assert with_options(params) == params
    more = declared(with_options(params, capacity=7))
    assert (more.capacity, more.column, more.patience_days) == (7, "u", 9)
    other = declared(with_options(params, classes=["amparo"]))
    assert (other.capacity, other.column, other.classes) == (5, None, ("amparo",))
    with pytest.raises(DeclarationError, match="a capacity"):
        with_options({}, column="u")


def test_no_declaration_asks_for_nothing():
    assert declared({}) is None


def test_a_promised_longest_wait_decides_the_patience():
    asked = declared({"urgency": {"capacity": 3, "column": "u", "longest_wait_days": 12}})
    days = np.datetime64("2024-01-01") + np.repeat(np.arange(50), 2)
    found = evidence(
        asked, score=np.zeros(100), urgent=np.zeros(100, np.int8), arrived=days, share=1.0
    )
    assert found.longest <= 12
    assert longest_wait(found.load, capacity=3, patience=found.patience + 1) >= found.longest
    assert found.ours.wait.max() <= found.longest


def test_decrees_of_necessity_and_urgency_are_found_within_a_small_capacity(mirror):
    """Argentine norms: the rank says which were urgent, the text what they are about."""
    table = pd.read_parquet(mirror / "infoleg_ar_es" / "infoleg_ar_es.parquet")
    table = table.sample(3000, random_state=0)
    urgent = yes_or_no(table["rank"], yes=["decreto_necesidad_urgencia"])
    train = np.random.default_rng(0).random(3000) < 0.7
    texts = table["text"].to_numpy(dtype=object)
    scorer = learn(texts[train].tolist(), urgent[train], clusters=table["grupo"].to_numpy()[train])
    found = scores(scorer, texts[~train].tolist())
    first = np.argsort(-found)[: 2 * int(urgent[~train].sum())]
    assert urgent[~train][first].sum() >= 0.75 * urgent[~train].sum()
