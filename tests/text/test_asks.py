"""Messages that ask for several things."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.asks import count_asks, several_asks

PROBLEMS = {
    "es": ["no hay luz en mi calle", "hay un bache enorme", "el camión no pasa", "fuga de agua"],
    "pt": ["não tem luz na rua", "tem um buraco enorme", "o caminhão não passa", "vazamento"],
    "en": ["the street light is off", "a huge pothole", "the truck does not come", "a leak"],
}
TURN = {"es": "Por otro lado,", "pt": "Além disso,", "en": "On another matter,"}


@pytest.mark.parametrize(
    ("text", "lang", "asks"),
    [
        ("Hay un bache en mi calle. ¿Me pueden ayudar? Gracias.", "es", 1),
        ("Hay un bache. Ahí también hay perros sueltos.", "es", 1),
        ("No hay luz. Tambien quiero pagar el predial.", "es", 2),
        ("No hay luz, x otro lado quiero pagar el predial y de paso pido una poda", "es", 3),
        ("Solicito: 1. el contrato. 2. la factura. 3. el acta.", "es", 3),
        ("¿Cuántos postes hay? ¿Cuánto costó la obra?", "es", 2),
        ("Solicito copia del contrato. De igual modo quiero saber el costo.", "es", 2),
        ("Além de tudo, a rua está escura. Com quem eu falo?", "pt", 1),
        ("Falta luz. Também queria falar que a escola fechou.", "pt", 2),
        ("a) a cópia do contrato\nb) a ata", "pt", 2),
        ("The light is off. I also need a copy of my bill.", "en", 2),
        ("In addition to the noise, nobody answers. Could you help?", "en", 1),
        ("", "es", 1),
    ],
)
def test_requests_are_counted_as_a_clerk_would(text, lang, asks):
    assert count_asks(text, lang) == asks


@given(st.sampled_from(sorted(PROBLEMS)), st.lists(st.integers(0, 3), min_size=1, max_size=4))
def test_every_announced_subject_adds_one(lang, which):
    told = [PROBLEMS[lang][i] for i in which]
    assert count_asks(f". {TURN[lang]} ".join(told), lang) == len(told)


def test_an_unknown_language_is_read_with_all_phrases():
    texts = [f"uno. {turn} otro" for turn in TURN.values()]
    assert several_asks(texts, ["und"] * 3).tolist() == [True] * 3


@pytest.mark.parametrize(("lang", "seed"), [("es", 11), ("pt", 12)])
def test_most_flags_on_generated_requests_are_right_and_few_are_missed(lang, seed):
    generate = pytest.importorskip("iagkit.prototypes.requests.sample").generate
    table = generate(rows=2500, seed=seed)
    table = table[table["lang"] == lang]
    flagged = several_asks(table["text"], [lang] * len(table))
    truth = (table["n_asks"] > 1).to_numpy()
    right = np.count_nonzero(flagged & truth)
    assert right / flagged.sum() >= 0.9
    assert right / truth.sum() >= 0.9


def test_an_unknown_language_code_is_refused():
    with pytest.raises(UsageError, match="one of es, pt, en; got 'fr'"):
        count_asks("bonjour", "fr")


def test_a_text_without_its_language_is_refused():
    with pytest.raises(DataError, match="2 texts and 1 languages"):
        several_asks(["a", "b"], ["es"])
