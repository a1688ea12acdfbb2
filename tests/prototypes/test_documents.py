"""Document triage: informative parts, exact reasons, areas, and the list for people."""

import numpy as np
import openpyxl
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from iagkit.core.nouns import Card, Column, Dataset
from iagkit.prototypes.documents.model import TriageModel, by_area, parents_of
from iagkit.prototypes.documents.recipe import LinearDocuments
from iagkit.prototypes.documents.review import BLOCKED, DRAWN, ONLY_AREA, UNSURE, review_lines
from iagkit.prototypes.engine import persist
from iagkit.prototypes.engine.citations import cited, dated
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.prototypes.engine.hashing import tokens
from iagkit.prototypes.engine.linear import Rows, fit
from iagkit.prototypes.engine.parts import PartsTfidf
from iagkit.report.review_list import cells, headings
from iagkit.wire import declare
from iagkit.wire.sheets import write_list

FILLING = ["que", "por", "el", "expediente", "se", "tramita", "la", "solicitud", "resulta"]
TOPICS = {
    "salud > hospitales": "hospital camas guardia",
    "salud > vacunas": "vacuna dosis campaña",
    "hacienda > impuestos": "impuesto alicuota contribuyente",
    "hacienda > deuda": "deuda bonos emision",
}
words = st.text(st.sampled_from("abñ1 é.\n"), max_size=40)


def acts(n, *, seed=0, known=2, noise=0.0):
    """Acts whose topic stands in the title and the ruling only, among words they all share."""
    rng = np.random.default_rng(seed)
    labels = rng.choice(list(TOPICS), n)
    texts = []
    for number, label in enumerate(labels):
        told = label if rng.random() >= noise else rng.choice(list(TOPICS))
        title = " ".join(rng.choice(TOPICS[told].split(), known))
        ruling = " ".join(rng.choice(TOPICS[told].split(), known))
        middle = " ".join(rng.choice(FILLING, 60))
        texts.append(f"Acto {number:x}: {title}. {middle} DECRETA: artículo {ruling}")
    return pd.DataFrame({"text": texts, "unit": labels, "region": rng.choice(["n", "s"], n)})


def dataset(table):
    columns = (
        Column(name="text", role="text"),
        Column(name="unit", role="target"),
        Column(name="region", role="group"),
    )
    return Dataset(card=Card(name="acts", columns=columns), table=table, sha256="0" * 64, origin="")


@pytest.fixture(scope="module")
def prototype():
    """The shipped declaration; its recipe is called directly."""
    from dataclasses import replace

    shipped = declare.prototype("citizen-requests", protocol="documents")
    return replace(shipped, name="document-triage", recipe="documents.linear", taxonomy=())


@pytest.fixture(scope="module")
def ran(prototype):
    table = acts(900, noise=0.12)
    return LinearDocuments()(dataset(table), prototype, progress=lambda _: None), table


def test_the_ruling_is_what_follows_the_first_word_of_command():
    texts = ["visto el pedido DECRETA articulo hospital", "visto el hospital DECRETA nada pedido"]
    learnt = PartsTfidf(min_df=1, title=2, head=2, ruling=2).fit(texts)
    assert learnt.parts_ == ["whole", "title", "head", "ruling"]
    rulings = learnt.passes_[3]
    assert set(rulings.word_keys_) == set(
        HashedTfidf(letter_sizes=(), min_df=1, word_pairs=False)
        .fit(["articulo hospital nada pedido"])
        .word_keys_
    )


def test_texts_that_command_nothing_have_no_rulings():
    assert PartsTfidf(min_df=1).fit(["la calle", "la luz"]).parts_ == [
        "whole",
        "title",
        "head",
    ]


def test_learning_and_transforming_the_same_documents_agree():
    texts = acts(40)["text"].tolist()
    learnt = PartsTfidf()
    assert abs(learnt.fit_transform(texts) - learnt.transform(texts)).max() < 1e-12


@settings(max_examples=60, deadline=None)
@given(st.lists(words, max_size=4), words, words, st.integers(0, 99))
def test_the_shares_of_the_words_of_all_parts_add_up_to_the_score(others, before, after, seed):
    text = f"ley 24.156 de 1992: {before} resuelve {after}"
    learnt = PartsTfidf(min_df=1, title=2, head=3, ruling=3).fit([*others, "luz agua", text])
    coef = np.random.default_rng(seed).normal(size=learnt.idf_.size)
    shares = learnt.attribute(text, coef)
    total = (learnt.transform([text]) @ coef)[0]
    assert sum(share.value for share in shares) == pytest.approx(total, abs=1e-9)
    plain = HashedTfidf(letter_sizes=(), min_df=1).fit([text])
    assert [(s.start, s.end) for s in shares] == plain.term_spans(text)


def joint_cost(coef, design, y, strength):
    """What Crammer and Singer minimise, intercepts penalised as one more column."""
    scores = design @ coef.T
    own = scores[np.arange(y.size), y]
    scores[np.arange(y.size), y] -= 1
    short = np.maximum((scores + 1).max(axis=1) - own, 0)
    return (coef**2).sum() / 2 + strength * short.sum()


def test_the_joint_margin_is_at_the_optimum_of_its_cost_on_rows_like_texts(monkeypatch):
    from iagkit.prototypes.engine import linear

    monkeypatch.setattr(linear, "STEADY", 1e-4)
    rng = np.random.default_rng(0)
    design = rng.normal(size=(200, 30)) * (rng.random((200, 30)) < 0.2)
    y = rng.integers(0, 3, 200)
    rows = Rows.merged(np.arange(200), y, np.ones(200), n_classes=3)
    found = fit(sparse.csr_matrix(design), rows, n_classes=3, loss="joint", strength=0.5)
    coef = np.column_stack([found.coef, found.intercept])
    whole = np.column_stack([design, np.ones(200)])
    least = joint_cost(coef, whole, y, 0.5)
    for _ in range(200):
        step = rng.normal(size=coef.shape) * 10 ** rng.uniform(-3, 0)
        assert joint_cost(coef + step, whole, y, 0.5) > least - 1e-3 * least


def test_a_class_without_rows_is_never_answered_by_the_joint_margin():
    rows = Rows.merged(np.arange(4), np.array([0, 0, 2, 2]), np.ones(4), n_classes=3)
    design = sparse.identity(4, format="csr")
    found = fit(design, rows, n_classes=3, loss="joint", strength=10.0).scores(design)
    assert found.argmax(axis=1).tolist() == [0, 0, 2, 2]


def cited_in(text):
    """Kind and number of each norm cited, as words of the run."""
    run = tokens([text], numbers=True)
    found = cited(run)
    words = run.words.texts()
    return [
        (words[run.word[first]], int(run.numbers.value[second]))
        for first, second in zip(found.first, found.second, strict=True)
    ]


def test_a_number_behind_the_word_for_a_norm_is_read_with_or_without_its_point():
    assert cited_in("VISTO la Ley N° 24.156 y") == [("ley", 24156)]
    assert cited_in("ley 24156") == [("ley", 24156)]
    assert cited_in("las Leyes Nros. 24.156, 25.152 y 26.122") == [
        ("leyes", 24156),
        ("leyes", 25152),
        ("leyes", 26122),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "la ley; D.N.I. N° 20.635.612",
        "la ley de Ana Ruiz, 34 años",
        "ley 20.635.612",
        "decreto del señor CANO 20635",
        "tel. 555 123",
    ],
)
def test_no_number_of_a_person_is_read_as_that_of_a_norm(text):
    assert cited_in(text) == []


def test_numbers_do_not_run_on_into_the_next_text():
    run = tokens(["ley 24", "156 luz"], numbers=True)
    assert run.numbers.value.tolist() == [0, 24, 156, 0]


def test_the_first_years_are_read_and_no_later_ones():
    run = tokens(["Decreto 334/2017, 21/8/98, 1999 y 2001"], numbers=True)
    found = dated(run, within=20)
    assert run.numbers.year[found.first].tolist() == [2017, 2017, 1998, 1998]
    assert dated(run, within=2).first.size == 0


def test_what_almost_every_text_says_is_left_out_where_there_are_many():
    many = [f"visto el pedido {word}" for word in ["luz", "agua", "gas"] * 40]
    learnt = HashedTfidf(letter_sizes=(), word_pairs=False, common=0.5).fit(many)
    assert set(learnt.shown_terms_) == {"luz", "agua", "gas"}
    few = HashedTfidf(letter_sizes=(), word_pairs=False, common=0.5).fit(many[:40])
    assert "visto" in few.shown_terms_


def test_a_run_tells_what_is_the_same_matter_and_the_fields_of_its_held_out_documents(ran):
    (outcome, facts), _ = ran
    matters, fields = outcome.evidence["matters"], outcome.evidence["fields"]
    again = set(matters.loc[matters["documents"] > 1, "id"].astype(str))
    told = outcome.table.set_index(outcome.table["id"].astype(str))["matter"]
    assert {name for name, matter in told.items() if matter is not None} == again & set(told.index)
    assert set(fields["id"].astype(str)) <= set(told.index)
    assert sum(facts["fields"].values()) == len(fields)
    assert "text" not in {*matters.columns, *fields.columns}


def test_the_parts_win_where_they_hold_the_topic_and_what_each_way_reached_is_told(ran):
    (_, facts), _ = ran
    lines = {line["context"].partition(" ")[0] for line in facts["selection"]}
    assert lines >= {"words", "parts"}
    assert facts["chosen"]["macro_f1"] == max(line["macro_f1"] for line in facts["selection"])


def test_rows_without_a_label_are_left_out_and_counted(prototype):
    table = acts(300)
    table.loc[:29, "unit"] = None
    _, facts = LinearDocuments()(dataset(table), prototype, progress=lambda _: None)
    assert facts["cases"]["rows_without_label"] == 30
    assert facts["split"]["n_train"] + facts["split"]["n_test"] == 270


def test_areas_are_read_from_paths_or_from_the_taxonomy():
    assert parents_of(["a > b > c", "d"], ()) == {"a > b > c": "a > b"}
    assert parents_of(["d"], [{"code": "d", "parent": "e"}, {"code": "e", "parent": None}]) == {
        "d": "e"
    }


def test_an_area_is_as_probable_as_its_classes_together():
    areas, found = by_area(
        np.array([[0.3, 0.3, 0.4]]), ["a", "b", "c"], {"a": "x", "b": "x", "c": "y"}
    )
    assert areas == ["x", "y"]
    np.testing.assert_allclose(found, [[0.6, 0.4]])


def test_where_the_class_is_unsure_the_area_may_still_be_told(ran):
    (outcome, _), _ = ran
    table = outcome.table
    assert set(table["level"]) <= {"class", "area", "person"}
    assert ((table["level"] == "class") == table["decided"]).all()
    sure = table[table["level"] == "area"]
    assert (sure["area_confidence"] >= sure["confidence"]).all()


def test_a_model_that_may_not_decide_tells_no_area_either(ran):
    (outcome, _), table = ran
    outcome.model.automatic = False
    try:
        assert set(outcome.model.answer(table)["level"]) == {"person"}
    finally:
        outcome.model.automatic = True


def test_a_saved_model_of_documents_answers_as_before(ran, tmp_path):
    (outcome, _), table = ran
    persist.save(outcome.model, tmp_path / "model.skops")
    again = persist.load(tmp_path / "model.skops")
    assert isinstance(again, TriageModel)
    pd.testing.assert_frame_equal(again.answer(table), outcome.model.answer(table))


def test_the_model_holds_no_other_word_than_those_it_may_show(ran):
    features = ran[0][0].model.scorer.features
    passes = getattr(features, "passes_", [])
    assert all(one.shown_terms_.size == 0 for one in passes)
    assert set(features.shown_terms_) == set(ran[0][0].model.shown_words)


def listed(**columns):
    return pd.DataFrame(
        {
            "id": ["a", "b", "c", "d"],
            "prediction": ["x", "y", "x", "=cmd"],
            "confidence": [0.9, 0.5, 0.6, 0.4],
            "second": ["y", "x", "y", "x"],
            "second_probability": [0.1, 0.4, 0.3, 0.39],
            "decided": [True, False, False, False],
            **columns,
        }
    )


def test_the_least_sure_are_read_first_and_one_decided_is_drawn_by_lot():
    lines = review_lines(listed(), automatic=True)
    assert [line.id for line in lines if line.why == UNSURE] == ["d", "b", "c"]
    assert [line.id for line in lines if line.why == DRAWN] == ["a"]


def test_where_the_model_decides_everything_some_are_read_all_the_same():
    table = pd.concat([listed(decided=[True] * 4)] * 25, ignore_index=True)
    lines = review_lines(table, automatic=True)
    assert len(lines) == 30
    assert all(line.why == DRAWN for line in lines)


def test_the_most_urgent_are_read_first_where_urgency_is_known():
    lines = review_lines(listed(urgency=[0.1, 0.9, 0.95, 0.2]), automatic=True)
    assert [line.id for line in lines if line.why == UNSURE] == ["c", "b", "d"]


def test_a_list_says_where_the_area_is_sure_and_where_a_limit_blocks():
    lines = review_lines(listed(level=["class", "area", "person", "person"]), automatic=False)
    assert {line.id: line.why for line in lines} == {
        "a": BLOCKED, "b": ONLY_AREA, "c": UNSURE, "d": UNSURE,
    }  # fmt: skip


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_a_list_runs_nothing_in_a_spreadsheet_and_can_be_filled_in(tmp_path, lang):
    lines = review_lines(listed(), automatic=True)
    where = {"csv_file": tmp_path / "l.csv", "excel_file": tmp_path / "l.xlsx"}
    write_list(headings(lines, lang=lang), cells(lines, lang=lang), **where)
    raw = (tmp_path / "l.csv").read_bytes()
    assert raw.startswith(b"\xef\xbb\xbf")
    assert b"'=cmd" in raw
    assert b",=" not in raw
    sheet = openpyxl.load_workbook(tmp_path / "l.xlsx").active
    assert {cell.data_type for row in sheet.iter_rows() for cell in row} <= {"s", "inlineStr", "n"}
    first = [cell.value for cell in sheet[1]]
    assert first[0] == "id"
    assert sheet.max_row == 1 + len(lines)
    assert first[-2] == {"es": "Decisión", "pt": "Decisão", "en": "Decision"}[lang]
