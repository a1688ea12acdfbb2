"""A letter that a tired citizen can read."""

from __future__ import annotations

import re
import string
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DeclarationError, UsageError
from iagkit.core.nouns import Estimate
from iagkit.explain.letters import Decision, letter, natural_frequency
from iagkit.explain.letters_of_documents import OF_DOCUMENTS
from iagkit.explain.letters_words import SENTENCES
from iagkit.explain.reasons import Reason, Reasons
from iagkit.report.voice import Voice

SHOWN = (
    Reason("bache", 2.0, "for"),
    Reason("iluminación", 1.0, "for"),
    Reason("gato", -1, "against"),
)
WORDS = Reasons(shown=SHOWN, share_shown=0.6, withheld={"personal": 0.2, "rare": 0.1}, n_withheld=2)
SURE = Estimate(value=0.83, n=120, low=0.76, high=0.89, level=0.95)
ROLE = {
    "reviewer": {"es": "la mesa de entradas.", "pt": "o protocolo.", "en": "the intake desk."},
    "appeal": {"es": "llame al municipio.", "pt": "ligue para a prefeitura.", "en": "call us."},
    "deadline": {"es": "30 días.", "pt": "30 dias.", "en": "30 days."},
}
OFFICES = (
    {"code": "roads", "name": {"es": "Calles", "pt": "Ruas", "en": "Roads"}},
    {"code": "water", "name": {"es": "Agua", "pt": "Água", "en": "Water"}},
)
SENT = Decision(office="roads", certainty=SURE, case="R-7")
FOR_A_PERSON = Decision(office=None, alternatives=("water", "roads", "parks"), certainty=SURE)
LANGS = sorted(SENTENCES)


def write(decision=SENT, lang="es", words=WORDS, role=ROLE, **more) -> str:
    return letter(
        decision=decision, lang=lang, words=words, human_role=role, taxonomy=OFFICES, **more
    )


def gaps(template: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(template) if name}


def test_no_language_lacks_a_sentence_or_a_gap_of_one():
    assert set(SENTENCES) == {"es", "pt", "en"}
    for key, template in SENTENCES["en"].items():
        for lang in LANGS:
            assert gaps(SENTENCES[lang][key]) == gaps(template), (lang, key)
            assert SENTENCES[lang][key].strip()
    assert {frozenset(told) for told in SENTENCES.values()} == {frozenset(SENTENCES["en"])}


@pytest.mark.parametrize("lang", LANGS)
def test_sentences_about_documents_replace_those_about_requests_gap_by_gap(lang):
    for key, template in OF_DOCUMENTS[lang].items():
        assert gaps(template) == gaps(SENTENCES[lang][key]), key
    of_document = [replace(d, of_document=True) for d in (SENT, FOR_A_PERSON)]
    told = " ".join(write(d, lang=lang, role={k: ROLE[k] for k in ROLE}) for d in of_document)
    assert not re.search(r"solicitud|oficina|pedido|request|office|mensa[gj]e|message", told)


@pytest.mark.parametrize(("lang", "office"), [("es", "Calles"), ("pt", "Ruas"), ("en", "Roads")])
def test_the_letter_names_the_office_in_the_readers_language(lang, office):
    told = write(lang=lang)
    assert f" {office}." in told
    assert "R-7" in told
    assert ROLE["appeal"][lang] in told
    assert "120" in told
    assert "{" not in told


def test_certainty_is_told_in_natural_frequencies_with_its_interval():
    assert "8 de cada 10 (entre 7 y 9)" in write(lang="es")
    assert "8 em cada 10 (entre 7 e 9)" in write(lang="pt")
    assert "8 of every 10 went to the right office (between 7 and 9)" in write(lang="en")


@pytest.mark.parametrize(("value", "low", "high"), [(0.92, 0.9, 0.95), (0.81, 0.8, 0.9)])
def test_a_frequency_of_ten_that_repeats_its_bound_or_says_all_is_told_of_a_hundred(
    value, low, high
):
    told = natural_frequency(Estimate(value=value, n=500, low=low, high=high, level=0.95))
    assert (told["of"], told["k"]) == (100, round(100 * value))


@pytest.mark.parametrize(
    ("lang", "four", "five"),
    [("es", "1434", "12\xa0345"), ("pt", "1.434", "12.345"), ("en", "1,434", "12,345")],
)
def test_counts_are_written_as_on_the_pages(lang, four, five):
    sure = replace(SURE, n=1434)
    assert f" {four} " in write(replace(SENT, certainty=sure), lang)
    assert f" {five} " in write(replace(SENT, certainty=replace(sure, n=12_345)), lang)
    assert Voice(lang).number(1434) == four
    assert Voice(lang).number(12_345) == five


@pytest.mark.parametrize(
    ("lang", "asked"), [("es", "si usted lo pide"), ("pt", "se você pedir"), ("en", "if you ask")]
)
def test_a_request_sent_automatically_is_reviewed_only_if_asked(lang, asked):
    assert asked in write(SENT, lang)
    assert asked not in write(FOR_A_PERSON, lang)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("share", [0.1, 0.5, 0.97])
def test_every_share_of_reasons_withheld_has_words(lang, share):
    words = Reasons(shown=SHOWN, share_shown=1 - share, withheld={"rare": share}, n_withheld=1)
    assert SENTENCES[lang][f"part_{round(10 * share)}"] in write(lang=lang, words=words)


def test_when_a_person_decides_the_letter_says_so_and_ranks_the_suggestions():
    told = write(FOR_A_PERSON)
    assert "no decidió nada" in told
    assert "1. Agua; 2. Calles; 3. parks" in told
    assert "entre sus sugerencias" in told


def test_words_for_and_against_are_told_apart_and_joined_as_the_language_does():
    told = write()
    assert "«bache» e «iluminación»" in told
    assert "en contra: «gato»" in told
    assert "“bache” and “iluminación”" in write(lang="en")


def test_what_is_withheld_is_said():
    assert "alrededor de un tercio de los motivos" in write()
    bare = Reasons(shown=(), share_shown=0.0, withheld={}, n_withheld=0)
    assert "Ninguna palabra pesó lo suficiente" in write(words=bare)
    assert "nunca mostramos nombres ni números" in write(words=bare)


def test_without_evidence_no_frequency_is_claimed():
    told = write(Decision(office="roads"))
    assert "no tenemos suficientes mensajes" in told
    assert "de cada 10 (" not in told


def test_several_requests_in_one_message_are_mentioned():
    assert "más de una cosa" in write(Decision(office="roads", several_asks=True))
    assert "más de una cosa" not in write()


def test_only_what_is_truly_not_used_is_denied():
    told = write(lang="en", not_used=("sex", "age"))
    assert "your sex or your age" in told
    assert "where you live" not in told
    assert "not told" not in write(lang="en", not_used=())


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("decision", [SENT, FOR_A_PERSON])
def test_the_letter_is_short_and_so_are_its_sentences(lang, decision):
    told = write(decision, lang)
    assert 120 <= len(told.split()) <= 280
    lengths = [len(s.split()) for s in re.split(r"[.:;?]\s", told)]
    assert sum(lengths) / len(lengths) <= 14
    assert max(lengths) <= 36


@given(st.floats(0, 1), st.floats(0, 0.2), st.integers(1, 999))
def test_a_frequency_and_its_bounds_never_claim_more_than_the_estimate(value, half, n):
    low, high = max(0.0, value - half), min(1.0, value + half)
    told = natural_frequency(Estimate(value=value, n=n, low=low, high=high, level=0.95))
    assert told["low"] / told["of"] <= low + 1e-8
    assert told["high"] / told["of"] >= high - 1e-8
    assert told["low"] <= told["k"] <= told["high"]


def test_an_unknown_language_is_refused():
    with pytest.raises(UsageError, match="written in en, es, pt; got 'fr'"):
        write(lang="fr")


def test_a_role_without_a_way_to_contest_is_refused():
    with pytest.raises(DeclarationError, match="appeal is missing"):
        write(role={"reviewer": ROLE["reviewer"]})


def test_a_decision_with_neither_office_nor_alternatives_is_refused():
    with pytest.raises(UsageError, match="got neither"):
        Decision(office=None)


def test_an_attribute_that_has_no_words_is_refused():
    with pytest.raises(UsageError, match=r"got 'sexo'\. Did you mean 'sex'"):
        write(not_used=("sexo",))
