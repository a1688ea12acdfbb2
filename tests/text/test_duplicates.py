"""The same text twice, or nearly."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.duplicates import exact_clusters, in_order, near_duplicates

SPOKEN = ["bache", "agua", "calle", "luz", "basura", "parque", "ruido", "multa", "predio", "árbol"]
sentences = st.lists(st.sampled_from(SPOKEN), max_size=9).map(" ".join)


def partition(labels) -> set[frozenset[int]]:
    return {frozenset(np.flatnonzero(labels == k).tolist()) for k in np.unique(labels)}


def jaccard(one: str, other: str) -> float:
    first, second = (
        set(zip(["^", *t.split()], [*t.split(), "$"], strict=True)) for t in (one, other)
    )
    return len(first & second) / len(first | second)


def brute_force(texts, threshold):
    labels = list(range(len(texts)))
    for i in range(len(texts)):
        for j in range(i):
            if jaccard(texts[i], texts[j]) >= threshold - 1e-9:
                labels = [labels[j] if k == labels[i] else k for k in labels]
    return in_order(np.asarray(labels))


def numbered_words(start: int, stop: int) -> list[str]:
    return [f"w{i}" for i in range(start, stop)]


def test_case_accents_spaces_and_punctuation_do_not_make_a_text_another():
    texts = ["¿Cuántos baches hay?", "cuantos  BACHES,\nhay", "Cuántos baches hay en 2017"]
    assert exact_clusters(texts).tolist() == [0, 0, 1]


def test_another_year_makes_another_request():
    assert exact_clusters(["gasto de 2017", "gasto de 2018"]).tolist() == [0, 1]


def test_one_word_changed_in_forty_is_nearly_the_same_text():
    words = numbered_words(0, 40)
    edited = [*words[:20], "otra", *words[21:]]
    other = numbered_words(100, 140)
    labels = near_duplicates([" ".join(w) for w in (words, edited, other)])
    assert labels.tolist() == [0, 0, 1]


def test_a_text_that_goes_on_after_the_same_sixty_words_is_the_same_request():
    opening = numbered_words(0, 60)
    long = " ".join([*opening, *numbered_words(100, 200)])
    cut, shorter = " ".join(opening), " ".join(opening[:59])
    assert near_duplicates([long, cut]).tolist() == [0, 0]
    assert near_duplicates([long, shorter]).tolist() == [0, 1]


def test_no_text_is_no_cluster():
    assert near_duplicates([]).tolist() == []
    assert near_duplicates(["", "¡!", "agua"]).tolist() == [0, 0, 1]


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, max_size=14), st.sampled_from([0.3, 0.5, 0.65, 0.8, 1.0]))
def test_the_join_finds_exactly_the_pairs_that_comparing_all_would_find(texts, threshold):
    plain = [t.replace("á", "a") for t in texts]
    found = near_duplicates(texts, threshold=threshold)
    assert found.tolist() == brute_force(plain, threshold).tolist()


@settings(max_examples=40, deadline=None)
@given(st.lists(sentences, min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_the_order_of_the_texts_does_not_change_the_partition(texts, chance):
    order = list(range(len(texts)))
    chance.shuffle(order)
    shuffled = near_duplicates([texts[i] for i in order], threshold=0.5)
    back = np.empty(len(texts), dtype=int)
    back[order] = shuffled
    assert partition(back) == partition(near_duplicates(texts, threshold=0.5))


@settings(max_examples=40, deadline=None)
@given(st.lists(sentences, min_size=1, max_size=20))
def test_copies_are_always_together(texts):
    near = near_duplicates([*texts, *(t.upper() + " !" for t in texts)])
    assert near[: len(texts)].tolist() == near[len(texts) :].tolist()


def sliding(n_texts: int) -> list[str]:
    return [" ".join(numbered_words(i, i + 40)) for i in range(n_texts)]


def test_a_chain_of_texts_each_like_the_next_does_not_swallow_the_data():
    texts = sliding(200)
    assert near_duplicates(texts, largest=1.0).max() == 0
    cut = near_duplicates(texts)
    assert np.bincount(cut).max() <= 50
    assert np.bincount(near_duplicates(sliding(40))).tolist() == [40]


def test_copies_stay_together_even_where_a_chain_is_cut():
    texts = sliding(200) * 2
    cut = near_duplicates(texts)
    assert cut[:200].tolist() == cut[200:].tolist()


def test_texts_that_share_only_a_form_are_not_copies_and_texts_that_share_their_own_words_are():
    form = " ".join(numbered_words(0, 40))
    own = [" ".join(numbered_words(100 + 20 * i, 120 + 20 * i)) for i in range(1100)]
    edited = f"nota {own[0]}"
    labels = near_duplicates([*(f"{form} {o}" for o in own), f"{form} {edited}", *own[1:9]])
    assert np.bincount(labels).max() <= 2
    assert labels[1100] == labels[0]


def test_planted_edits_of_two_words_in_a_hundred_are_found_and_nothing_else():
    chance = random.Random(3)
    words = [f"p{i}" for i in range(4000)]
    texts = [[chance.choice(words) for _ in range(150)] for _ in range(300)]
    copies = [[chance.choice(words) if chance.random() < 0.02 else w for w in t] for t in texts]
    labels = near_duplicates([" ".join(t) for t in texts + copies])
    found = (labels[:300] == labels[300:]).mean()
    assert found >= 0.98
    assert np.bincount(labels).max() == 2


@pytest.mark.data
def test_every_group_of_copies_in_the_mexico_city_requests_is_within_one_cluster(mirror):
    pandas = pytest.importorskip("pandas")
    table = pandas.read_parquet(mirror / "cdmx_foi_es" / "cdmx_foi_es.parquet")
    texts = table["texto"].fillna("").tolist()
    near = pandas.Series(near_duplicates(texts))
    assert near.groupby(table["grupo"].to_numpy()).nunique().max() == 1
    assert np.bincount(near).max() <= 0.05 * len(table)


def test_a_missing_text_is_refused_and_counted():
    with pytest.raises(DataError, match="1 of 2 not text"):
        near_duplicates(["agua", None])


def test_a_lone_string_is_refused():
    with pytest.raises(DataError, match="a single string"):
        exact_clusters("agua")


@pytest.mark.parametrize("setting", ["threshold", "largest"])
@pytest.mark.parametrize("value", [0, 1.2, -1])
def test_a_setting_that_is_no_share_is_refused(setting, value):
    with pytest.raises(UsageError, match=f"'{setting}' must be a share"):
        near_duplicates(["agua"], **{setting: value})
