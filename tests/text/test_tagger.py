"""The tagger: offsets, probabilities, files; trained here on invented sentences."""

import itertools
import json
import zipfile

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.privacy.entities import KINDS
from iagkit.text.privacy.features import PAD, REACH, of_places, of_word, tokens
from iagkit.text.privacy.tagger import Expert, FieldTagger, joined, repeated
from iagkit.text.privacy.tagger_crf import Field
from iagkit.text.privacy.tagger_files import load_tagger, save_tagger
from iagkit.text.privacy.tagger_table import Table
from iagkit.text.privacy.training import Example, Marked, Recipe, tags_of, train_fields
from iagkit.text.privacy.training_kin import kin_of

NAMES = ("Ana Ruiz", "Juan Soto", "Eva Paz", "Leo Gil", "Inés Choque", "Raúl Mamani")
PLACES = ("Lima", "Quito", "La Paz", "Rosario")


def _example(name: str, place: str) -> Example:
    begin = 11 + len(name) + 8
    marked = (Marked(11, 11 + len(name), "PESSOA"), Marked(begin, begin + len(place), "LOCAL"))
    return Example(f"Ayer vimos {name} vino a {place}. Nada\nmás", marked)


EXAMPLES = [_example(n, p) for n, p in itertools.product(NAMES, PLACES)]


@pytest.fixture(scope="module")
def field() -> Field:
    return train_fields(EXAMPLES, [Recipe(algorithm="lbfgs", iterations=60)])[0]


@pytest.fixture(scope="module")
def tagger(field) -> FieldTagger:
    expert = Expert(name="invented", field=field)
    return FieldTagger(lang="es", experts=(expert,), facts={"corpora": ["invented"]}, caution=0.25)


def test_what_was_learnt_is_found_again_with_exact_ends(tagger):
    texts = [e.text for e in EXAMPLES]
    assert tagger.marked(texts) == [list(e.spans) for e in EXAMPLES]


def test_a_name_never_seen_is_found_where_names_stand(tagger):
    text = "Ayer vimos Nayra Quispe vino a Lima. Nada"
    found = tagger.marked([text])[0]
    assert [(text[a:b], label) for a, b, label in found] == [
        ("Nayra Quispe", "PESSOA"),
        ("Lima", "LOCAL"),
    ]


def test_a_name_found_once_is_hidden_wherever_it_stands(tagger):
    text = "Ayer vimos Inés Choque vino a Lima. Nada\nmás. Firma: Choque"
    found = tagger([text])[0]
    assert [text[e.start : e.end] for e in found if e.kind == "person"] == ["Inés Choque", "Choque"]


def test_labels_of_a_corpus_become_kinds_of_ours(tagger):
    kinds = {e.kind for each in tagger([e.text for e in EXAMPLES]) for e in each}
    assert kinds == {"person", "place"}


def test_probabilities_are_those_of_every_path_counted_out(field):
    """Brute force over all label sequences of a short text, against the recursions."""
    found = tokens("Leo vino a")
    scores = field.table.scores(found.words, of_places(found)).astype(float)
    many = len(field.labels)
    paths = list(itertools.product(range(many), repeat=3))
    weight = np.array([
        np.exp(sum(scores[t, y] for t, y in enumerate(path))
               + field.moves[path[0], path[1]] + field.moves[path[1], path[2]])
        for path in paths
    ])  # fmt: skip
    by_hand = np.zeros((3, many))
    for path, w in zip(paths, weight, strict=True):
        for t, y in enumerate(path):
            by_hand[t, y] += w
    told = field.marginals(found, field.table.scores(found.words, of_places(found)))
    assert told == pytest.approx(by_hand / weight.sum(), abs=1e-4)
    best = paths[int(weight.argmax())]
    likeliest = field.likeliest(found, field.table.scores(found.words, of_places(found)))
    assert likeliest == [field.labels[k] for k in best]


@given(st.lists(st.floats(-3e4, 3e4, width=32), min_size=18, max_size=18), st.integers(1, 3))
def test_probabilities_of_any_weights_add_up_to_one(weights, longest):
    """However sure a field is: nothing overflows, nothing is lost below the smallest number."""
    moves = np.array(weights[:9], dtype=np.float32).reshape(3, 3)
    table = Table(rows={}, weights=np.zeros((0, 3), np.float32))
    sharp = Field(labels=("B-X", "I-X", "O"), table=table, moves=moves)
    scores = np.tile(np.array(weights[9:], dtype=np.float32).reshape(3, 3), (longest, 1))
    found = tokens("a b c " * longest)
    told = sharp.marginals(found, scores)
    assert told.sum(axis=1) == pytest.approx(np.ones(3 * longest), abs=1e-4)


def test_scores_are_the_weights_of_all_features_of_a_token(field):
    found = tokens("Ayer vimos Ana Ruiz vino a Lima")
    places = of_places(found)
    padded = [PAD] * REACH + found.words + [PAD] * REACH
    told = field.table.scores(found.words, places)
    for i, row in enumerate(places):
        names = row + [
            f for o in range(-REACH, REACH + 1) for f in of_word(padded[i + REACH + o])[o]
        ]
        one_by_one = sum(field.weights[field.table.rows[f]] for f in names if f in field.table.rows)
        assert told[i] == pytest.approx(one_by_one, abs=1e-4)


def test_a_document_alone_and_among_others_is_tagged_alike(tagger):
    texts = [e.text for e in EXAMPLES[:9]]
    assert tagger.marked(texts) == [tagger.marked([t])[0] for t in texts]


@given(st.text(max_size=80))
def test_tokens_are_the_text_without_white_space(text):
    found = tokens(text)
    assert [text[a:b] for a, b in zip(found.starts, found.ends, strict=True)] == found.words
    assert "".join(found.words) == "".join(text.split())
    assert len(of_places(found)) == len(found.words) == len(found.gaps)


@given(st.text(max_size=120))
def test_entities_of_any_text_lie_in_it_and_do_not_overlap(tagger, text):
    found = tagger([text])[0]
    ends = [0, *(e.end for e in found)]
    assert all(end <= e.start < e.end <= len(text) for end, e in zip(ends, found, strict=False))
    assert {e.kind for e in found} <= set(KINDS)


spans = st.lists(
    st.tuples(st.integers(0, 40), st.integers(1, 9), st.sampled_from(["person", "place", "date"])),
    max_size=8,
).map(lambda found: [Marked(a, a + n, kind) for a, n, kind in found])


@given(spans)
def test_joining_spans_loses_no_character_and_leaves_no_overlap(given_spans):
    kept = joined(given_spans)
    before = {i for s in given_spans for i in range(s.start, s.end)}
    after = [i for s in kept for i in range(s.start, s.end)]
    assert len(after) == len(set(after))
    assert set(after) == before


@given(st.sampled_from(NAMES), st.integers(0, 3))
def test_every_other_place_of_a_name_is_marked(name, times):
    text = f"{name} pide." + f" Firma {name}." * times
    found = repeated(text, [Marked(0, len(name), "person")])
    assert len(found) == 1 + times
    assert {text[s.start : s.end] for s in found} == {name}


def test_tags_begin_anew_where_one_span_touches_the_next():
    found = tokens("28016 Madrid")
    tags = tags_of(found, [Marked(0, 5, "T"), Marked(6, 12, "T")])
    assert tags == ["B-T", "B-T"]


def test_caution_marks_more_and_never_less(tagger):
    texts = ["Ayer no vimos Ruiz ni Lima, dijo alguien. Vino a La Paz."]
    usual, cautious = tagger.marked(texts)[0], tagger.marked(texts, caution=1e-3)[0]
    inside = [any(c.start <= s.start and s.end <= c.end for c in cautious) for s in usual]
    assert all(inside)
    assert sum(c.end - c.start for c in cautious) >= sum(s.end - s.start for s in usual)


def test_a_feature_of_too_few_documents_is_not_kept():
    rare = Example("Ayer vimos Zyxquill vino a Lima. Nada", (Marked(11, 19, "PESSOA"),))
    recipes = [Recipe(algorithm="lbfgs", iterations=20), Recipe(iterations=5)]
    for trained in train_fields([*EXAMPLES, rare, rare], recipes):
        assert not any("zyxquill" in feature.lower() for feature in trained.table.rows)
        assert any("vino" in feature for feature in trained.table.rows)


def test_a_tagger_written_and_read_again_answers_alike(tagger, tmp_path):
    path = save_tagger(tagger, tmp_path / "new" / "es.tagger")
    again = load_tagger("es", path)
    texts = [e.text for e in EXAMPLES]
    assert again.marked(texts) == tagger.marked(texts)
    assert again.facts == tagger.facts
    assert [p.name for p in path.parent.iterdir()] == ["es.tagger"]


def test_a_file_that_is_no_tagger_is_refused_by_its_name(tmp_path):
    (tmp_path / "x.tagger").write_bytes(b"PK not really")
    with pytest.raises(DataError, match=r"'x\.tagger' is none"):
        load_tagger("es", tmp_path / "x.tagger")
    with zipfile.ZipFile(tmp_path / "y.tagger", "w") as file:
        file.writestr("tagger.json", json.dumps({"format": "iagkit-tagger-2", "lang": "es"}))
    with pytest.raises(DataError, match="Train it again"):
        load_tagger("es", tmp_path / "y.tagger")


def test_a_tagger_of_another_language_is_refused(tagger, tmp_path):
    path = save_tagger(tagger, tmp_path / "es.tagger")
    with pytest.raises(DataError, match="is for 'es'"):
        load_tagger("pt", path)


def test_no_tagger_is_an_answer_where_none_is_shipped():
    assert load_tagger("xx") is None


def test_an_unknown_corpus_is_refused_with_the_known_ones(tagger):
    with pytest.raises(UsageError, match="expected one of invented"):
        tagger.marked(["x"], corpus="invente")


def test_examples_without_any_span_are_refused():
    with pytest.raises(DataError, match="none with any"):
        train_fields([Example("nada", ())], [Recipe()])


COMPANY = [
    f"{before} {word} {after} ayer ."
    for before, words, afters in (
        ("don", "Rumi Leo Wari Inti", "vino salió"),
        ("calle", "Luna Sol Norte Lima", "queda sigue"),
    )
    for word, after in itertools.product(words.split(), afters.split())
] * 3


def test_words_that_keep_the_same_company_are_in_one_group(monkeypatch):
    monkeypatch.setattr("iagkit.text.privacy.training_kin._DIRECTIONS", 7)
    monkeypatch.setattr("iagkit.text.privacy.training_kin.GROUPS", (12,))
    kin = kin_of(COMPANY)
    assert kin["rumi"] == kin["wari"]
    assert kin["luna"] == kin["lima"]
    assert kin["rumi"] != kin["luna"]
    assert kin_of(COMPANY) == kin


def test_too_few_words_have_no_groups():
    assert kin_of(["una nota breve"]) == {}


def test_a_name_is_known_by_its_kin_also_from_a_file(tmp_path):
    """Never marked, in no list, and nothing beside it tells: only its group does."""
    kin = {
        "wari": (1, 1, 1),
        "ana": (1, 1, 1),
        "eva": (1, 1, 1),
        "sol": (2, 2, 2),
        "mar": (2, 2, 2),
    }
    marked = [Example(f"x {name} x", (Marked(2, 5, "PESSOA"),)) for name in ("Ana", "Eva")] * 9
    plain = [Example(f"x {word} x", ()) for word in ("Sol", "Mar")] * 9
    recipe = Recipe(algorithm="lbfgs", iterations=60)
    (one,) = train_fields([*marked, *plain], [recipe], kin=kin)
    expert = Expert(name="invented", field=one)
    path = save_tagger(FieldTagger(lang="es", experts=(expert,), facts={}), tmp_path / "kin")
    for tagger in (FieldTagger(lang="es", experts=(expert,), facts={}), load_tagger("es", path)):
        assert tagger.marked(["x Wari x"]) == [[Marked(2, 6, "PESSOA")]]
        assert tagger.marked(["x Sol x"]) == [[]]
