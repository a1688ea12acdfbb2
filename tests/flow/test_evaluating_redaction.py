"""The figures of a redaction: by hand on a small table, on real corpora, and what is refused."""

import json

import pandas as pd
import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.flow import tagger_corpora as corpora
from iagkit.flow.evaluating_redaction import evaluate_redaction
from iagkit.flow.training_tagger import train_tagger
from iagkit.text.privacy.tagger import Expert, FieldTagger
from iagkit.text.privacy.tagger_files import load_tagger
from iagkit.text.privacy.training import Example, Marked, Recipe, train_fields

MAIL = "Escribo desde nadie@example.org por el bache."


@pytest.fixture
def table(tmp_path):
    """Two texts with an e-mail that patterns find, one with a nickname that nobody can."""
    begin = MAIL.index("nadie")
    end = begin + len("nadie@example.org")
    rows = [
        {"id": 1, "text": MAIL, "spans": json.dumps([[begin, end, "email"]])},
        {"id": 2, "text": MAIL, "spans": json.dumps([[begin, end, "email"]])},
        {"id": 3, "text": "lo vio el zurdo ayer", "spans": json.dumps([[10, 15, "person"]])},
        {"id": 4, "text": "sin nada de nadie", "spans": "[]"},
    ]
    path = tmp_path / "marked.csv"
    pd.DataFrame(rows).to_csv(path, index=False)
    return path


@pytest.fixture(scope="module")
def small():
    """A tagger that has learnt from a part of a corpus, as its facts say."""
    examples = [
        Example(f"Ayer vino {name} aquí.", (Marked(10, 10 + len(name), "PERSON"),))
        for name in ("Ana Ruiz", "Juan Soto", "Eva Paz", "Leo Gil")
    ]
    field = train_fields(examples, [Recipe(algorithm="lbfgs", iterations=30)])[0]
    facts = {"corpora": ["meddocan_es"], "splits": ["train", "dev"]}
    expert = Expert(name="meddocan_es", field=field)
    return FieldTagger(lang="es", experts=(expert,), facts=facts)


def test_figures_of_a_small_table_are_those_counted_by_hand(table, monkeypatch, tmp_path):
    monkeypatch.setenv("IAGKIT_DATA", str(tmp_path / "empty"))
    score = evaluate_redaction(table, lang="es", names=False, draws=200)
    assert score.documents == 4
    assert score.tagger == "none"
    recall = score.value("redaction", "strict_recall")
    assert (recall.value, recall.n) == (pytest.approx(2 / 3), 3)
    letters = 2 * len("nadie@example.org")
    assert score.value("redaction", "character_recall").value == letters / (letters + 5)
    leaks = score.value("redaction", "documents_with_a_leak")
    assert (leaks.value, leaks.n) == (pytest.approx(1 / 3), 3)
    assert score.value("redaction", "spans_hidden", "email").value == 1.0
    assert score.value("documents", "recall").value == pytest.approx(2 / 3)
    assert score.value("documents", "precision").value == 1.0


def test_every_figure_has_its_cases_and_an_interval_or_a_reason(table, small):
    score = evaluate_redaction(table, lang="es", tagger=small, draws=100)
    for row in score.rows:
        assert (row.estimate is None) == (row.because is not None)
        if row.estimate and row.part != "speed":
            assert row.estimate.low <= row.estimate.value <= row.estimate.high
            assert row.estimate.n > 0
    groups = [r.kind for r in score.rows if r.measure == "hidden_whole"]
    assert groups == [
        "common", "indigenous", "afro_descendant", "foreign", "compound", "women", "men",
    ]  # fmt: skip
    assert len([r for r in score.rows if r.measure == "gap"]) == 2


def test_words_with_tags_are_read_as_texts_with_spans():
    rows = pd.DataFrame({
        "tokens": [json.dumps(["O", "juiz", "Leo", "Gil", "e"]), json.dumps(["Eva", "saiu"])],
        "tags": [json.dumps(["O", "O", "B-PESSOA", "I-PESSOA", "O"]),
                 json.dumps(["B-PESSOA", "O"])],
    })  # fmt: skip
    (found,) = corpora.of_table(rows)
    assert found.text == "O juiz Leo Gil e\nEva saiu"
    assert [found.text[s.start : s.end] for s in found.spans] == ["Leo Gil", "Eva"]


def test_a_part_that_was_learnt_from_is_refused(mirror, small, monkeypatch, tmp_path):
    monkeypatch.setenv("IAGKIT_DATA_MIRROR", str(mirror))
    monkeypatch.setenv("IAGKIT_DATA", str(tmp_path))
    with pytest.raises(DataError, match="has learnt from the part 'dev'"):
        evaluate_redaction("meddocan_es", tagger=small)


def test_both_forms_of_the_court_corpus_are_the_same(mirror, monkeypatch, tmp_path):
    monkeypatch.setenv("IAGKIT_DATA_MIRROR", str(mirror))
    monkeypatch.setenv("IAGKIT_DATA", str(tmp_path))
    table = pd.read_parquet(mirror / "lener_br_pt" / "lener_br_pt.dev.parquet")
    assert corpora.corpus("lener_br_pt", "dev") == corpora.of_table(table)


def test_the_named_corpora_hold_what_their_sources_say(mirror, monkeypatch, tmp_path):
    monkeypatch.setenv("IAGKIT_DATA_MIRROR", str(mirror))
    monkeypatch.setenv("IAGKIT_DATA", str(tmp_path))
    train, dev = (corpora.corpus("meddocan_es", part) for part in ("train", "dev"))
    assert (len(train), len(dev)) == (500, 250)
    assert [sum(len(e.spans) for e in part) for part in (train, dev)] == [11_333, 5_801]
    assert sum(len(e.spans) for e in corpora.corpus("esic_df_pii_pt", "dev")) == 37


def test_spans_outside_their_text_are_refused_by_row_and_never_shown(tmp_path):
    path = tmp_path / "bad.csv"
    pd.DataFrame({"text": ["Ana Secreta"], "spans": ['[[0, 99, "person"]]']}).to_csv(
        path, index=False
    )
    with pytest.raises(DataError, match="row 1 lies outside") as refusal:
        evaluate_redaction(path, lang="es", names=False)
    assert "Secreta" not in str(refusal.value)


def test_a_file_in_no_language_that_is_told_is_refused(tmp_path):
    path = tmp_path / "bad.csv"
    pd.DataFrame({"text": ["1 2 3"], "spans": ['[[0, 1, "x"]]']}).to_csv(path, index=False)
    with pytest.raises(UsageError, match="Add --lang"):
        evaluate_redaction(path)


def test_a_file_with_the_labels_of_a_corpus_is_scored_by_them(small, tmp_path):
    path = tmp_path / "marked.jsonl"
    row = {"text": "Ayer vino Ana Ruiz aquí.", "spans": '[[10, 18, "NOMBRE_SUJETO_ASISTENCIA"]]'}
    path.write_text(json.dumps(row) + "\n", encoding="utf-8")
    score = evaluate_redaction(path, tagger=small, names=False, draws=50)
    assert score.value("labels", "strict_recall").n == 1
    assert score.value("redaction", "character_recall").value == 1.0


def test_perfect_figures_of_few_documents_are_not_told_as_certain(tmp_path):
    path = tmp_path / "marked.jsonl"
    row = {"text": "D.N.I. 30.111.222", "spans": '[[7, 17, "national_id"]]'}
    path.write_text((json.dumps(row) + "\n") * 3, encoding="utf-8")
    score = evaluate_redaction(path, lang="es", names=False, draws=50)
    for measure in ("character_recall", "strict_f1"):
        told = score.value("redaction", measure)
        assert (told.value, told.high) == (1.0, 1.0)
        assert told.low == pytest.approx(0.438, abs=0.001)  # Wilson, 3 of 3


def test_a_language_without_corpora_is_refused(tmp_path):
    with pytest.raises(UsageError, match="es and pt; got 'en'"):
        train_tagger("en", out=tmp_path / "x")
    with pytest.raises(UsageError, match="only 'dev' can be held out"):
        train_tagger("es", out=tmp_path / "x", hold_out=("train",))


@pytest.mark.slow
@pytest.mark.parametrize("lang", ["es", "pt"])
def test_one_command_trains_both_experts_from_the_corpora_by_name(
    lang, mirror, monkeypatch, tmp_path
):
    monkeypatch.setenv("IAGKIT_DATA_MIRROR", str(mirror))
    monkeypatch.setenv("IAGKIT_DATA", str(tmp_path))
    whole, texts = corpora.corpus, corpora.texts
    monkeypatch.setattr(corpora, "corpus", lambda name, split: whole(name, split)[:12])
    monkeypatch.setattr(corpora, "texts", lambda name: texts(name)[:40])
    monkeypatch.setattr("iagkit.flow.training_tagger.INVENTED", 40)
    tagger, path = train_tagger(lang, hold_out=("dev",))
    assert path == tmp_path / "taggers" / f"{lang}.tagger"
    assert [e.name for e in tagger.experts] == [tagger.facts["corpora"][0], "persons"]
    assert tagger.facts["splits"] == ["train"]
    again = load_tagger(lang, path)
    assert [e.field.labels for e in again.experts] == [e.field.labels for e in tagger.experts]
