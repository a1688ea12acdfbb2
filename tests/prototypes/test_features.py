"""The feature pass against hand counts, scikit-learn, and its own laws."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.feature_extraction.text import TfidfVectorizer

from iagkit.core.errors import DataError
from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.prototypes.engine.hashing import CHUNK, Index, distinct, tokens
from iagkit.text.normalise import normalise

TEXTS = [
    "bache grande en la calle del mercado",
    "la calle del mercado esta sin luz",
    "poda de arbol en la calle",
    "no hay luz ni agua en el mercado",
    "agua sucia, agua sin presion",
    "bache y arbol caido",
]
words = st.text(st.sampled_from("abñÑé 1ﬁ😀.\n"), max_size=30)


def test_words_alone_weigh_as_scikit_learn_weighs_them():
    ours = HashedTfidf(letter_sizes=(), word_pairs=False, min_df=1).fit_transform(TEXTS)
    theirs = TfidfVectorizer(sublinear_tf=True).fit_transform(TEXTS)
    np.testing.assert_allclose((ours @ ours.T).toarray(), (theirs @ theirs.T).toarray())


def test_words_and_pairs_weigh_as_scikit_learn_weighs_them():
    ours = HashedTfidf(letter_sizes=(), min_df=2).fit_transform(TEXTS)
    theirs = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True).fit_transform(TEXTS)
    np.testing.assert_allclose((ours @ ours.T).toarray(), (theirs @ theirs.T).toarray())


def test_letter_groups_weigh_as_scikit_learn_weighs_them():
    sizes = (3, 4)
    long = [" ".join(w for w in normalise(t).split() if len(w) > 2) for t in TEXTS]
    ours = HashedTfidf(letter_sizes=sizes, word_pairs=False, min_df=1).fit(long)
    letters = ours.transform(long)[:, ours.word_keys_.size :] * np.sqrt(2)
    theirs = TfidfVectorizer(analyzer="char_wb", ngram_range=sizes, sublinear_tf=True)
    expected = theirs.fit_transform(long)
    np.testing.assert_allclose((letters @ letters.T).toarray(), (expected @ expected.T).toarray())


def test_a_pair_of_words_counts_over_a_one_letter_word():
    with_y, without = HashedTfidf(min_df=1).fit_transform(["agua y luz", "agua luz"])
    assert abs(with_y - without).max() < 1e-12


def test_case_accents_and_digits_make_no_difference():
    learnt = HashedTfidf(min_df=1).fit(TEXTS)
    first = learnt.transform(["ÁRBOL caído en la calle 7"])
    assert abs(first - learnt.transform(["arbol caido en la calle 9"])).max() == 0
    assert abs(first - learnt.transform(["a\u0301rbol cai\u0301do en la calle 1"])).max() == 0


def test_learning_and_transforming_the_same_texts_agree():
    learnt = HashedTfidf()
    found = learnt.fit_transform(TEXTS)
    assert abs(found - learnt.transform(TEXTS)).max() == 0


def test_a_text_gives_the_same_row_alone_and_in_a_crowd():
    learnt = HashedTfidf(min_df=1).fit(TEXTS)
    crowd = learnt.transform(TEXTS * 3)
    alone = learnt.transform([TEXTS[4]])
    assert abs(crowd[10] - alone).max() < 1e-12


@settings(max_examples=60, deadline=None)
@given(st.lists(words, min_size=1, max_size=5), words, st.integers(0, 99))
def test_the_shares_of_the_words_add_up_to_the_score(texts, text, seed):
    learnt = HashedTfidf(min_df=1, letter_weight=2.0).fit([*texts, "luz agua", text])
    coef = np.random.default_rng(seed).normal(size=learnt.idf_.size)
    shares = learnt.attribute(text, coef)
    assert sum(s.value for s in shares) == pytest.approx(
        (learnt.transform([text]) @ coef)[0], abs=1e-9
    )
    assert [normalise(text[s.start : s.end]) for s in shares] == normalise(text).split()


@given(st.lists(words, max_size=5))
def test_rows_have_norm_one_or_zero(texts):
    found = HashedTfidf(min_df=1).fit(["luz agua b1", *TEXTS]).transform([*texts, "luz"])
    norm = np.sqrt(np.asarray(found.multiply(found).sum(axis=1))).ravel()
    assert np.all((np.abs(norm - 1) < 1e-9) | (norm == 0))


@given(st.lists(st.integers(0, 2**64 - 1)), st.lists(st.integers(0, 2**64 - 1)))
def test_a_number_is_found_exactly_where_it_stands(known, asked):
    keys = distinct(np.array(known, dtype=np.uint64))
    found = Index.of(keys).find(np.array([*known, *asked], dtype=np.uint64))
    place = {int(k): i for i, k in enumerate(keys)}
    assert found.tolist() == [place.get(n, -1) for n in (*known, *asked)]


def test_only_words_without_digits_in_five_texts_are_shown():
    learnt = HashedTfidf().fit([f"bache calle 12a {n}" for n in "abcde"] + ["luz"] * 4)
    assert sorted(learnt.shown_terms_) == ["bache", "calle"]
    coef = np.zeros(learnt.idf_.size)
    coef[learnt.shown_columns_[list(learnt.shown_terms_).index("calle")]] = 2.0
    effects = dict(zip(learnt.shown_terms_, learnt.word_effects(coef), strict=True))
    assert effects["bache"] == 0 < effects["calle"]


def test_the_number_of_features_can_be_limited_to_the_commonest():
    some = HashedTfidf(max_features=7).fit(TEXTS)
    assert some.idf_.size == some.transform(TEXTS).shape[1] == 7
    assert some.idf_.max() <= np.sort(HashedTfidf().fit(TEXTS).idf_)[6] + 1e-12


def test_words_are_counted_alike_whatever_the_chunks():
    text = "luz agua bache " * (CHUNK // 40)
    whole = tokens([text, text, "luz"])
    assert whole.words.hashes.size == 3
    assert np.diff(whole.bounds).tolist() == [len(text.split())] * 2 + [1]
    assert sorted(whole.words.texts()) == ["agua", "bache", "luz"]


def test_a_text_of_two_hundred_thousand_letters_is_read():
    learnt = HashedTfidf(min_df=1).fit(TEXTS)
    assert learnt.transform(["agua" * 50_000, "agua " * 40_000]).shape[0] == 2


def test_a_gap_in_the_texts_is_refused():
    with pytest.raises(DataError, match="1 of 2 not text"):
        HashedTfidf().fit(["luz", None])


def test_a_single_string_is_refused():
    with pytest.raises(DataError, match="a single string"):
        HashedTfidf().fit("luz")


def test_texts_without_a_common_word_are_refused():
    with pytest.raises(DataError, match="must occur in 2 texts"):
        HashedTfidf().fit(["?", "!"])
