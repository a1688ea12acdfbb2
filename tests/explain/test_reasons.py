"""The words that weighed, and only those that may be shown."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.explain.reasons import Discretion, reasons, spellings
from iagkit.text.language_words import small_words
from iagkit.text.personal import personal_spans
from iagkit.text.words import same_text

KNOWN = {"bache", "calle", "iluminacion", "poste", "rosa", "de", "mi", "perez", "tel"}
DISCREET = Discretion(vocabulary=KNOWN, fold=same_text, covered=personal_spans, small=small_words())


def weighed(text: str, **weights: float):
    return [
        (m.start(), m.end(), weights.get(same_text(m.group()), 0.0))
        for m in re.finditer(r"\w+", text)
    ]


def test_one_form_is_added_up_over_accents_and_case():
    text = "Iluminación rota. La iluminacion, iluminación!"
    found = reasons(text, weighed(text, iluminacion=0.5), discretion=DISCREET)
    assert found.shown == (("iluminación", 1.5, "for"),)
    assert found.share_shown == pytest.approx(1.0)


def test_the_largest_words_come_first_and_say_their_direction():
    text = "bache en mi calle y poste"
    found = reasons(text, weighed(text, bache=1, calle=-3, poste=2), discretion=DISCREET, top=2)
    assert found.shown == (("calle", -3, "against"), ("poste", 2, "for"))
    assert found.share_shown == pytest.approx(5 / 6)


def test_names_numbers_rare_and_small_words_are_withheld_and_counted():
    text = "me llamo Rosa Pérez, tel 5551234567, mi bache de siempre, rosa"
    told = weighed(
        text, **{"rosa": 5, "perez": 5, "5551234567": 5, "siempre": 2, "de": 1, "bache": 2}
    )
    found = reasons(text, told, discretion=DISCREET)
    assert [r.word for r in found.shown] == ["bache"]
    assert found.withheld["personal"] == pytest.approx(20 / 25)
    assert found.withheld["rare"] == pytest.approx(2 / 25)
    assert found.withheld["small"] == pytest.approx(1 / 25)
    assert found.n_withheld == 6


def test_a_text_without_weights_gives_no_reason():
    found = reasons("bache", [], discretion=DISCREET)
    assert found.shown == ()
    assert found.share_shown == 0


@given(st.lists(st.sampled_from(sorted(KNOWN)), min_size=1, max_size=12), st.integers(1, 9))
def test_what_is_shown_and_withheld_is_never_more_than_the_whole(words, top):
    text = " ".join(words)
    told = weighed(text, bache=1.5, calle=-0.5, poste=2, perez=3, de=0.1)
    found = reasons(text, told, discretion=DISCREET, top=top)
    assert 0 <= found.share_shown + sum(found.withheld.values()) <= 1 + 1e-9
    assert len(found.shown) <= top
    assert {same_text(r.word) for r in found.shown} <= KNOWN - {"perez", "de", "mi"}


def test_the_commonest_spelling_is_shown():
    words = ["Iluminación", "iluminacion", "iluminación", "Ruiz"]
    assert spellings(words, {"iluminacion"}, same_text) == {"iluminacion": "iluminación"}
