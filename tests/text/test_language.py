"""Which language a message is in."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.language import check_language, detect, mixed

SPANISH = "Hola, buenas tardes, hay un bache muy grande frente a mi casa y nadie lo arregla."
PORTUGUESE = "Boa tarde, há um buraco muito grande em frente à minha casa e ninguém conserta."
ENGLISH = "Good afternoon, there is a very big pothole in front of my house and nobody fixes it."


def lang(text: str) -> str:
    return detect([text])[0][0]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (SPANISH, "es"),
        (PORTUGUESE, "pt"),
        (ENGLISH, "en"),
        ("no hay agua", "es"),
        ("nao tem agua", "pt"),
        ("NO HAY LUZ EN LA CALLE", "es"),
        ("falta d'água na rua", "pt"),
        ("street light broken", "en"),
        ("Bonjour, je voudrais savoir quand la rue sera réparée", "und"),
        ("Guten Tag, die Straße ist kaputt und wir brauchen Hilfe", "und"),
        ("Buongiorno, la strada è rotta da molto tempo", "und"),
        ("12345 7788", "und"),
        ("Juan Pérez García", "und"),
        ("", "und"),
    ],
)
def test_a_message_is_heard_in_its_language(text, code):
    assert lang(text) == code


def test_nothing_to_read_is_known_with_no_confidence():
    assert detect(["", "¡!"]) == [("und", 0.0), ("und", 0.0)]


@given(st.sampled_from([SPANISH, PORTUGUESE, ENGLISH]), st.text(max_size=10))
def test_the_answer_is_a_known_code_with_a_probability(text, noise):
    ((code, confidence),) = detect([text[:20] + noise])
    assert code in {"es", "pt", "en", "und"}
    assert 0 <= confidence <= 1


@given(st.sampled_from([SPANISH, PORTUGUESE, ENGLISH]), st.integers(1, 5))
def test_saying_it_in_capitals_or_several_times_does_not_change_the_language(text, times):
    assert lang(" ".join([text] * times).upper()) == lang(text)


def test_a_message_that_changes_language_is_flagged():
    assert mixed([f"{SPANISH} {ENGLISH}", f"{PORTUGUESE} {SPANISH}"]).tolist() == [True, True]
    assert mixed([SPANISH, PORTUGUESE, ENGLISH, "", "ok"]).tolist() == [False] * 5


@pytest.mark.parametrize(("code", "near"), [("eS", "es"), ("spanish", "es"), ("por", "pt")])
def test_an_unknown_code_is_refused_with_the_likely_one(code, near):
    with pytest.raises(UsageError, match=f"one of es, pt, en; got '{code}'. Did you mean '{near}'"):
        check_language(code)


def test_a_language_of_the_three_passes():
    assert [check_language(code) for code in ("es", "pt", "en")] == ["es", "pt", "en"]


def test_a_missing_text_is_refused():
    with pytest.raises(DataError, match="1 of 1 not text"):
        detect([None])


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "column", "code"),
    [
        ("cdmx_foi_es/cdmx_foi_es", "texto", "es"),
        ("decide_madrid_es/decide_madrid_es", "title", "es"),
        ("proc_status_pt/proc_status_pt", "text", "pt"),
        ("lener_br_pt/lener_br_pt.dev", "tokens", "pt"),
        ("bc_foi_en/bc_foi_en", "text", "en"),
        ("toronto_foi_en/toronto_foi_en", "text", "en"),
    ],
)
def test_ninety_nine_in_a_hundred_real_texts_are_heard_right(mirror, name, column, code):
    pandas = pytest.importorskip("pandas")
    texts = pandas.read_parquet(mirror / f"{name}.parquet")[column].dropna().unique().tolist()
    if column == "tokens":
        texts = [" ".join(json.loads(t)) for t in texts]
    long = [t for t in texts if len(t) >= 40]
    found = [answer for answer, _ in detect(long)]
    assert found.count(code) / len(found) >= 0.99
    assert mixed(long[:500]).mean() <= 0.01
