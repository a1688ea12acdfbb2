"""What may be about a person is not shown."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.text.names import AMBIGUOUS, NAMES
from iagkit.text.personal import is_personal, personal_spans


def covered(text: str) -> list[tuple[str, str]]:
    return [(text[s.start : s.end], s.kind) for s in personal_spans(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("escriban a ana.ruiz@correo.example hoy", [("ana.ruiz@correo.example", "email")]),
        ("llamar al +52 (55) 5123-4567 ya", [("+52 (55) 5123-4567", "phone")]),
        ("expediente ABC-123/2024 sin respuesta", [("ABC-123/2024", "number")]),
        ("CPF 123.456.789-09 bloqueado", [("123.456.789-09", "phone")]),
        ("mi nombre es zulmira quintal y no hay luz", [("zulmira quintal y", "name")]),
        ("meu nome é Zulmira Quintal.", [("Zulmira Quintal", "name")]),
        ("hablé con la Sra. Xóchitl Tepale ayer", [("Sra", "name"), ("Xóchitl Tepale", "name")]),
        ("el vecino González hace ruido", [("González", "name")]),
        ("rosa fernandez pide poda", [("rosa", "name"), ("fernandez", "name")]),
        ("un rosal de flor rosa en la plaza", []),
        ("No hay luz. Nadie viene. ¿Qué hago?", []),
        ("NO HAY LUZ EN LA CALLE", []),
        ("", []),
    ],
)
def test_personal_parts_are_covered_and_plain_words_are_not(text, expected):
    assert covered(text) == expected


@pytest.mark.parametrize("word", ["Pérez", "perez", "MARÍA", "souza", "a12", "2024", "x@y.example"])
def test_common_names_and_anything_with_a_digit_are_never_shown(word):
    assert is_personal(word, word)


@pytest.mark.parametrize("word", ["bache", "luz", "paz", "campo", "iluminação", "licence", "días"])
def test_words_of_requests_are_shown(word):
    assert not is_personal(word)


def test_a_name_hidden_in_one_place_is_hidden_in_all():
    assert is_personal("tepale", "tepale no contesta, dice el Sr. Tepale")


def test_a_word_that_is_a_name_only_beside_one_is_judged_by_its_neighbours():
    assert is_personal("cruz", "firma maria cruz")
    assert not is_personal("cruz", "la cruz roja atendió")


def test_no_name_is_both_sure_and_ambiguous():
    assert not NAMES & AMBIGUOUS
    assert len(NAMES) > 600


@given(st.text(max_size=80))
def test_spans_are_inside_the_text_in_order_and_apart(text):
    spans = personal_spans(text)
    assert all(0 <= s.start < s.end <= len(text) for s in spans)
    assert all(a.end <= b.start for a, b in pairwise(spans))


@given(st.text(alphabet="abc ", max_size=20), st.integers(0, 10**12))
def test_every_number_is_covered(before, number):
    text = f"{before} {number} fin"
    digits = {i for i, c in enumerate(text) if c.isdigit()}
    inside = {i for s in personal_spans(text) for i in range(s.start, s.end)}
    assert digits <= inside
