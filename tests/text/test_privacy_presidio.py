"""Presidio and iagkit read each other's findings, without the defaults that download."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from iagkit.text.privacy.find import find_personal
from iagkit.text.privacy.presidio import presidio_recogniser, presidio_tagger


def test_our_recogniser_gives_presidio_a_checked_cpf_with_full_score():
    pytest.importorskip("presidio_analyzer", reason="the optional extra presidio is not installed")
    recogniser = presidio_recogniser("pt", countries={"br"})
    (result,) = recogniser.analyze("CPF 111.444.777-35", ["TAX_ID"])
    assert (result.entity_type, result.start, result.end, result.score) == ("TAX_ID", 4, 18, 1.0)
    assert recogniser.analyze("CPF 111.444.777-35", ["PHONE"]) == []


def test_results_of_an_analyzer_are_merged_below_what_is_checked():
    text = "Fulano Zutano 111.444.777-35"
    results = [
        SimpleNamespace(entity_type="PERSON", start=0, end=13, score=0.9),
        SimpleNamespace(entity_type="PHONE_NUMBER", start=14, end=28, score=0.4),
        SimpleNamespace(entity_type="LOCATION", start=7, end=13, score=0.5),
    ]
    analyzer = SimpleNamespace(analyze=lambda text, language: results)
    found = find_personal(text, tagger=presidio_tagger(analyzer, "pt"))
    assert [(e.kind, e.certainty) for e in found] == [("person", "tagged"), ("tax_id", "checked")]
