"""Copies, near copies and letters on one pattern."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.text.matters import CONTAINED, FEWEST, JACCARD, LENGTH, NEAR, VERSIONS, same_matter
from iagkit.text.words import same_text

SPOKEN = ["bache", "agua", "calle", "luz", "basura", "parque", "ruido", "multa", "predio", "árbol"]
sentences = st.lists(st.sampled_from(SPOKEN), max_size=30).map(" ".join)


LETTERS = str.maketrans("0123456789", "abcdefghij")


def word(number: int) -> str:
    """A word without digits for each number."""
    return "w" + str(number).translate(LETTERS)


def words(start: int, stop: int) -> str:
    return " ".join(map(word, range(start, stop)))


def figures(text: str) -> list[str]:
    return sorted(w for w in same_text(text).split() if any(c in "0123456789" for c in w))


def pairs(text: str) -> set[tuple[str, str]]:
    said = same_text(text).split()
    return set(zip(["^", *said], [*said, "$"], strict=True))


def alike(one: str, other: str) -> bool:
    first, second = pairs(one), pairs(other)
    common = len(first & second)
    overlap = common / len(first | second)
    part = common / min(len(first), len(second))
    return overlap >= JACCARD or (common >= FEWEST and part >= CONTAINED)


def near(one: str, other: str) -> bool:
    first, second = pairs(one), pairs(other)
    overlap = len(first & second) / len(first | second)
    even = min(len(first), len(second)) >= LENGTH * max(len(first), len(second))
    return overlap >= NEAR and even and figures(one) == figures(other)


def test_each_kind_by_hand():
    letter = words(0, 40)
    own = words(100, 130)
    texts = [
        letter,
        letter.upper() + "!",
        f"soy yo {letter}",
        f"{own} {words(0, 26)}",
        words(200, 240),
    ]
    found = same_matter(texts)
    assert found.kind.tolist() == ["representative", "same", "near", "template", "alone"]
    assert found.matter.tolist() == [0, 0, 0, 1, 2]
    assert found.representative.tolist() == [0, 0, 0, 3, 4]
    assert found.pattern.tolist() == [0, 0, 0, 0, 4]
    assert found.similarity[[0, 1, 4]].tolist() == [1, 1, 1]
    assert found.similarity[2] == pytest.approx(40 / 44)
    assert found.similarity[3] == pytest.approx(25 / 41)


def test_two_requests_that_differ_in_a_year_are_two_matters_on_one_pattern():
    asked = "solicito copia del contrato de limpieza de las escuelas de la alcaldia del ano"
    found = same_matter([f"{asked} 2017", f"{asked} 2018", f"{asked} 2017, gracias"])
    assert found.matter.tolist() == [0, 1, 0]
    assert found.kind.tolist() == ["representative", "template", "near"]
    assert len({*found.pattern.tolist()}) == 1


def test_no_text_is_no_matter_and_texts_without_words_are_copies_of_one_another():
    assert len(same_matter([])) == 0
    assert same_matter(["", "¡!", "agua", "\n"]).matter.tolist() == [0, 0, 1, 0]


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, max_size=25))
def test_texts_of_the_same_words_are_one_matter_and_no_others_are_called_the_same(texts):
    found = same_matter([*texts, *(f"¡{t.upper()}!" for t in texts)])
    folded = [same_text(t) for t in texts] * 2
    for i, kind in enumerate(found.kind):
        first = folded.index(folded[i])
        assert found.matter[i] == found.matter[first]
        if kind == "same":
            assert folded[i] == folded[found.representative[i]]


@settings(max_examples=60, deadline=None)
@given(st.lists(sentences, max_size=25))
def test_everybody_in_a_matter_is_near_to_its_representative_so_that_no_chain_forms(texts):
    found = same_matter(texts)
    for text, place, on in zip(texts, found.representative, found.pattern, strict=True):
        assert same_text(text) == same_text(texts[place]) or near(text, texts[place])
        assert found.matter[place] == found.matter[texts.index(text)]
        assert same_text(texts[place]) == same_text(texts[on]) or alike(texts[place], texts[on])
        assert found.pattern[place] == on


def test_a_chain_of_texts_each_like_the_next_is_cut_into_stars():
    texts = [words(3 * i, 3 * i + 40) for i in range(60)]
    found = same_matter(texts)
    assert all(near(texts[i], texts[p]) for i, p in enumerate(found.representative) if p != i)
    assert 8 <= found.matter.max() + 1 <= 40
    assert 3 <= np.unique(found.pattern).size <= 20


def test_a_mass_filing_is_one_pattern_and_its_letters_are_not_one_matter():
    chance = random.Random(1)
    letter = words(0, 50)
    own = [[word(chance.randrange(1000, 9999)) for _ in range(25)] for _ in range(500)]
    others = [words(100 * i, 100 * i + 50) for i in range(2, 200)]
    found = same_matter([*(" ".join([*begin, letter]) for begin in own), *others])
    assert np.bincount(found.pattern).max() >= 495
    assert np.bincount(found.matter).max() <= 5
    assert (found.kind[500:] == "alone").all()


@pytest.mark.parametrize("many", [VERSIONS, VERSIONS + 1])
def test_a_text_that_more_than_ten_have_changed_a_little_is_a_form(many):
    letter = words(0, 50)
    found = same_matter([f"soy {word(900 + i)} y digo {letter}" for i in range(many)])
    assert np.unique(found.matter).size == (many if many > VERSIONS else 1)
    assert np.unique(found.pattern).size == 1


@pytest.mark.parametrize(("changed", "same", "linked"), [(0.03, 0.98, 0.99), (0.15, 0, 0.93)])
def test_planted_edits_are_found_and_nothing_else(changed, same, linked):
    chance = random.Random(3)
    texts = [[word(chance.randrange(4000)) for _ in range(50)] for _ in range(400)]
    copies = [
        [word(chance.randrange(4000)) if chance.random() < changed else w for w in t] for t in texts
    ]
    found = same_matter([" ".join(t) for t in texts + copies])
    assert (found.matter[:400] == found.matter[400:]).mean() >= same
    assert (found.pattern[:400] == found.pattern[400:]).mean() >= linked
    assert np.bincount(found.pattern).max() == 2


def test_texts_may_come_from_a_generator_in_parts_and_the_parts_do_not_matter(monkeypatch):
    texts = [words(7 * i % 90, 7 * i % 90 + 40) for i in range(80)] + ["", "ﬁn de año"]
    at_once = same_matter(texts)
    monkeypatch.setattr("iagkit.text.sketches.PART", 300)
    in_parts = same_matter(t for t in texts)
    assert in_parts.matter.tolist() == at_once.matter.tolist()
    assert in_parts.kind.tolist() == at_once.kind.tolist()


def test_declared_repeats_of_the_mexico_city_requests_stay_together(mirror):
    import pandas as pd

    table = pd.read_parquet(mirror / "cdmx_foi_es" / "cdmx_foi_es.parquet")
    found = same_matter(table["texto"])
    told = table.assign(matter=found.matter, pattern=found.pattern).groupby("grupo").nunique()
    assert (told["matter"] == 1).mean() >= 0.98
    assert (told["pattern"] == 1).mean() >= 0.995
    assert found.matter.max() + 1 < table["grupo"].nunique()


def test_a_single_string_and_a_number_are_refused():
    with pytest.raises(DataError, match="a single string"):
        same_matter("un texto")
    with pytest.raises(DataError, match="1 of 2 not text"):
        same_matter(["un texto", 3])
