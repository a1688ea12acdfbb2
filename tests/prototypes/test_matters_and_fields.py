"""Tables of matters and of fields of a run."""

from __future__ import annotations

from types import SimpleNamespace as Bag

import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.prototypes.documents.fields import fields_table
from iagkit.prototypes.documents.matters import matters_table
from iagkit.prototypes.documents.parts import fields as fields_of_a_run

LETTER = " ".join(f"palabra{chr(97 + i)}" for i in range(26))
IDS = ["a", "b", "c", "d"]
TEXTS = [LETTER, LETTER.upper(), f"soy yo {LETTER}", "otra cosa"]


def test_a_document_is_told_who_represents_its_matter_and_nothing_of_its_text():
    table = matters_table(IDS, iter(TEXTS))
    assert table["representative"].tolist() == ["a", "a", "a", "d"]
    assert table["documents"].tolist() == [3, 3, 3, 1]
    assert table["kind"].tolist() == ["representative", "same", "near", "alone"]
    assert "palabra" not in table.to_csv()


def test_letters_of_several_people_on_one_pattern_are_counted_and_no_one_matter():
    texts = [f"{LETTER} expediente {number}" for number in (1, 2, 3)] + ["otra cosa"]
    table = matters_table(IDS, texts)
    assert table["kind"].tolist() == ["template", "template", "template", "alone"]
    assert table["matter"].nunique() == 4
    assert table["documents"].tolist() == [1, 1, 1, 1]
    assert table["on_pattern"].tolist() == [3, 3, 3, 1]
    assert table["pattern"].nunique() == 2


def test_fields_are_told_by_place_and_normal_form_and_names_not_at_all():
    texts = ["Ley 24.156", "Actor: Fulano Inventado", "sin nada"]
    table = fields_table(IDS[:3], texts, country="ar")
    told = table[["id", "start", "end", "value"]]
    assert told.to_numpy().tolist() == [["a", 0, 10, "ar:ley:24156:"]]
    asked = fields_table(IDS[:3], texts, kinds=["party"])
    assert asked["id"].tolist() == ["b"]
    assert "Fulano" not in asked.to_csv()


def test_more_ids_than_texts_are_refused():
    for table in (matters_table, fields_table):
        with pytest.raises(DataError, match="got 4 ids and 3 texts"):
            table(IDS, TEXTS[:3])


def a_run(**params):
    cases = Bag(ids=["a", "b"], texts=["Visto la Ley 24.156", "otra cosa"])
    return Bag(prototype=Bag(params=params), done=Bag(cases=cases), held_out=[0])


@pytest.mark.parametrize(
    ("params", "value"),
    [
        ({}, ":ley:24156:"),
        ({"fields": "ar"}, "ar:ley:24156:"),
        ({"fields": True}, ":ley:24156:"),
    ],
)
def test_the_norms_of_a_run_have_the_country_that_was_declared(params, value):
    assert fields_of_a_run(a_run(**params)).evidence["fields"]["value"].tolist() == [value]


def test_a_run_without_fields_reads_none_and_a_country_is_two_letters():
    assert not fields_of_a_run(a_run(fields=False)).evidence
    with pytest.raises(UsageError, match="two letters"):
        fields_of_a_run(a_run(fields="Argentina"))
