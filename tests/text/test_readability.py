"""How easy a text reads: syllables by hand, formulas by hand, and the laws they follow."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.readability import HUERTA, ease, sentences, step, syllables

ES = (
    "casa:2 país:2 día:2 ciudad:2 cuídate:3 leído:3 construía:3 averiguáis:4 guerra:2 pingüino:3 "
    "queso:2 muy:1 yo:1 aéreo:4 solicitud:4 público:3 oficina:4 institución:4 ley:1 leyes:2 y:1"
)
PT = (
    "história:3 água:2 dia:2 rio:2 decisão:3 serviço:3 pessoa:3 saúde:3 país:2 polícia:3 ação:2 "
    "criança:3 quando:2 linguagem:3 qualidade:4 rainha:3 ainda:3 juiz:2 sair:2 contribuinte:5 "
    "social:3 mãe:1 ações:2 pedido:3 seu:1 muito:2 área:2 instituição:5 quem:1"
)
EN = (
    "the:1 computer:3 decides:2 decided:3 people:2 wrong:1 answer:2 tested:2 asked:1 cases:2 "
    "places:2 sizes:2 name:1 table:2 rules:1 idea:3 piano:3 nation:2 record:2 offices:3 "
    "institution:4 between:2 used:1 every:2 language:2 audience:3 trial:2"
)
KNOWN = [
    (lang, *pair.split(":"))
    for lang, words in (("es", ES), ("pt", PT), ("en", EN))
    for pair in words.split()
]


@pytest.mark.parametrize(("lang", "word", "told"), KNOWN)
def test_syllables_are_those_of_the_grammar(lang, word, told):
    assert syllables(word, lang) == int(told)


def test_six_words_of_one_syllable_give_the_value_of_flesch():
    assert ease(["The cat sat on the mat."], "en").value == pytest.approx(
        206.835 - 1.015 * 6 - 84.6
    )


def test_spanish_and_portuguese_use_their_own_constants():
    # la casa es mía: 4 words, 1 + 2 + 1 + 2 syllables; a casa é minha: 1 + 2 + 1 + 2
    assert ease(["La casa es mía."], "es").value == pytest.approx(206.835 - 4 - 62.3 * 6 / 4)
    assert ease(["A casa é minha."], "pt").value == pytest.approx(
        248.835 - 1.015 * 4 - 84.6 * 6 / 4
    )
    older = ease(["La casa es mía."], "es", formula=HUERTA)
    assert older.value == pytest.approx(206.84 - 1.02 * 4 - 60 * 6 / 4)


def test_items_of_a_list_and_decimal_points_do_not_join_or_split_sentences():
    assert sentences(["Cuesta 1.761 pesos. Nada más.", "otro"]) == [
        "Cuesta 1.761 pesos.", "Nada más.", "otro",
    ]  # fmt: skip


def test_steps_are_those_of_the_published_scales():
    assert [step(v, "es") for v in (80, 79.9, 55, 40, 0)] == [
        "very easy", "fairly easy", "plain", "fairly difficult", "very difficult",
    ]  # fmt: skip
    assert (step(50, "pt"), step(70, "en")) == ("easy", "fairly easy")


@given(st.lists(st.sampled_from(["La casa es mía.", "Decide una persona.", "No."]), min_size=2))
def test_the_interval_holds_the_value_and_vanishes_when_all_sentences_are_alike(texts):
    told = ease(texts, "es")
    assert told.low - 1e-9 <= told.value <= told.high + 1e-9
    alike = ease(texts[:1] * 3, "es")
    assert alike.low == pytest.approx(alike.high)


def test_one_sentence_has_no_interval():
    assert ease(["Una persona decide."], "es").low is None


def test_longer_words_never_read_easier():
    short, long = "El juez ve la ley.", "El funcionario examinará la reglamentación."
    assert ease([short], "es").value > ease([long], "es").value


def test_no_word_and_no_formula_are_refused():
    with pytest.raises(DataError, match="at least one word"):
        ease(["12 345"], "es")
    with pytest.raises(UsageError, match="es, pt, en"):
        ease(["x"], "fr")
