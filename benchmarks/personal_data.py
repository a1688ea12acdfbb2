"""Personal data by patterns: documents a CPU second, ours beside Presidio's pattern engine.

Run ``python benchmarks/personal_data.py [--documents N] [--without-presidio] [--tagger FILE]``.
With a tagger of ``iagkit train-tagger --lang es --hold-out dev`` patterns and tagger together are
timed on the clinical cases of MEDDOCAN's dev part, counted in documents of 2,000 characters. Other
documents are invented, 150 to 300 characters, two in three with something personal. Presidio runs
as one sets it up without a language model to download: a blank pipeline and six pattern recognisers
(its own for e-mail and links reach for the network). Times are the least of three repeats.
"""

from __future__ import annotations

import argparse
import os
import random
import time
from collections.abc import Callable
from functools import partial

os.environ.setdefault("OMP_NUM_THREADS", "1")

from iagkit.text.privacy.entities import KINDS
from iagkit.text.privacy.find import find_personal

REPEATS = 3
GIVEN = ("Ana", "Juan", "João", "Xochitl", "Wayra", "Thiago", "Lucía", "Benedita")
FAMILY = ("Quispe", "Pérez", "da Silva", "Ñanco", "Tzul", "Gómez", "Oliveira", "Mamani")
PERSONAL = (
    "Atenciosamente, {name}, CPF 111.444.777-35, tel. (61) 99999-8888.",
    "El Sr. {name} (D.N.I. N° 30.123.456) solicita respuesta a correo@ejemplo.org.",
    "Me llamo {name}, CURP BOXW310820HNERXN09, vivo en Calle Luna 123, Col. Centro.",
    "Servidora {name} (matrícula 12.345-6), processo SEI 00015-01009853/2026-01.",
)
PLAIN = (
    "Solicito cópia do processo SEI nº 00015-01009853/2026-01 e do edital 85 de 2019.",
    "Solicito el monto de $ 1.234.567,00 pagado según el Decreto N° 1.234/2015 y la Ley 24.156.",
)
FILLER = (
    "Gostaria de saber quando a obra da escola vai terminar e quanto já foi pago até agora. ",
    "Quisiera conocer el estado del expediente y los plazos previstos por la norma vigente. ",
    "Please send the list of contracts signed by the agency during the last three years. ",
)


def documents(count: int) -> list[str]:
    """Invented requests, the same at every run."""
    rng = random.Random(4)
    made = []
    for n in range(count):
        said = rng.choice(PERSONAL if n % 3 else PLAIN)
        said = said.format(name=f"{rng.choice(GIVEN)} {rng.choice(FAMILY)}")
        text = said
        while len(text) < rng.randint(150, 230):
            text = rng.choice(FILLER) + text
        made.append(text)
    return made


def presidio() -> Callable[[str], object]:
    """Presidio's analyzer with a blank pipeline and pattern recognisers only."""
    import spacy
    from presidio_analyzer import AnalyzerEngine, Pattern, PatternRecognizer, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import (
        CreditCardRecognizer,
        IbanRecognizer,
        IpRecognizer,
    )

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "es", "model_name": "blank"}])
            self.nlp = {"es": spacy.blank("es")}

        def load(self) -> None:
            """Nothing to load."""

        def is_loaded(self) -> bool:
            return True

    registry = RecognizerRegistry(supported_languages=["es"])
    for kind in (CreditCardRecognizer, IbanRecognizer, IpRecognizer):
        registry.add_recognizer(kind(supported_language="es"))
    shapes = {"CPF": r"\d{3}\.\d{3}\.\d{3}-\d{2}", "DNI": r"\d{2}\.\d{3}\.\d{3}"}
    for name, shape in {**shapes, "PHONE": r"\(\d{2}\) ?\d{4,5}-\d{4}"}.items():
        pattern = Pattern(name, shape, 0.6)
        registry.add_recognizer(
            PatternRecognizer(name, patterns=[pattern], supported_language="es")
        )
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["es"])
    return lambda text: engine.analyze(text, language="es")


def rate(find: Callable[[str], object], texts: list[str]) -> float:
    """Documents a CPU second, the best of three."""
    best = float("inf")
    for _ in range(REPEATS):
        start = time.process_time()
        for text in texts:
            find(text)
        best = min(best, time.process_time() - start)
    return len(texts) / best


def whole(file: str) -> tuple[float, float]:
    """Documents of 2,000 characters a CPU second: patterns alone, and with a trained tagger."""
    from iagkit.flow.tagger_corpora import corpus
    from iagkit.text.privacy.tagger_files import load_tagger

    texts = [example.text for example in corpus("meddocan_es", "dev")]
    pages = sum(map(len, texts)) / 2000 / len(texts)
    both = partial(find_personal, tagger=load_tagger("es", file))
    return rate(find_personal, texts) * pages, rate(both, texts) * pages


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=3000)
    parser.add_argument("--without-presidio", action="store_true")
    parser.add_argument("--tagger", help="file of a Spanish tagger")
    asked = parser.parse_args()
    texts = documents(asked.documents)
    length = sum(map(len, texts)) / len(texts)
    print(f"{len(texts):,} documents of {length:.0f} characters")
    without_names = partial(find_personal, kinds=frozenset(KINDS) - {"person"})
    print(f"iagkit, all patterns                   {rate(without_names, texts):8,.0f} a CPU second")
    print(f"iagkit, all patterns and names by cue  {rate(find_personal, texts):8,.0f} a CPU second")
    if not asked.without_presidio:
        few = texts[: len(texts) // 3]
        print(f"Presidio, six patterns, blank pipeline {rate(presidio(), few):8,.0f} a CPU second")
    if asked.tagger:
        alone, both = whole(asked.tagger)
        print(f"2,000 characters: patterns              {alone:8,.0f} a CPU second")
        print(f"2,000 characters: patterns and tagger   {both:8,.0f} a CPU second")


if __name__ == "__main__":
    main()
