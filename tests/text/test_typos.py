"""Mistakes are those of fingers on keys, no more than asked, and never touch digits."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.typos import NEAR, mistake, mistyped, without_accents

RANDOM = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("kind", "told"),
    [("swap", "aclle"), ("drop", "clle"), ("double", "caalle"), ("accent", "calle")],
)
def test_each_mistake_by_hand(kind, told):
    at = 0 if kind == "swap" else 1
    word = "cálle" if kind == "accent" else "calle"
    assert mistake(word, kind, at=at, random=RANDOM) == told


def test_neighbours_touch_one_another_on_the_keyboard():
    assert set(NEAR["g"]) == set("fhtyvb")
    assert all(a in NEAR[b] for a, near in NEAR.items() for b in near)


def test_the_last_letter_swaps_with_the_one_before():
    assert mistake("ab", "swap", at=1, random=RANDOM) == "ba"


@given(st.text(max_size=80), st.integers(0, 50))
def test_digits_spaces_and_punctuation_stay(text, seed):
    def rest(words):
        return re.sub(r"[^\W\d_]+|[\u0300-\u036f]", "", words)

    assert rest(mistyped([text], share=1, seed=seed)[0]) == rest(text)


@given(st.integers(0, 50))
def test_the_same_seed_makes_the_same_mistakes_and_short_words_have_none(seed):
    texts = ["No hay luz en la via 12", "atenção senhor prefeito"]
    once = mistyped(texts, share=0.5, seed=seed)
    assert once == mistyped(texts, share=0.5, seed=seed)
    assert once[0] == texts[0]


def test_about_the_asked_share_of_words_is_mistyped():
    words = ["pavimento"] * 4000
    wrong = np.mean([a != b for a, b in zip(mistyped(words, share=0.2), words, strict=True)])
    assert 0.17 < wrong < 0.21


def test_nothing_is_changed_where_no_share_is_asked():
    assert mistyped(["árbol caído en la ciudad"], share=0) == ["árbol caído en la ciudad"]


def test_accents_are_left_out_as_on_telephones():
    assert without_accents("Ñandú, ação, pingüino") == "Nandu, acao, pinguino"
    told = mistyped(["útil"] * 300, share=0.01, seed=1)
    assert 100 < sum(word == "util" for word in told) < 200


def test_what_is_no_text_or_no_chance_is_refused():
    with pytest.raises(DataError, match="1 of 2 not text"):
        mistyped(["a", None])
    with pytest.raises(UsageError, match="within 0 to 1; got 2"):
        mistyped(["a"], share=2)
    with pytest.raises(DataError, match="a word of two letters"):
        mistake("a", "drop", at=0, random=RANDOM)
