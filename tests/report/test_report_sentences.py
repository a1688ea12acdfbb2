from __future__ import annotations

from collections.abc import Iterator
from importlib import resources

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from sentences import all_sentences, gaps, of_code

SENTENCES = all_sentences()


def read(lang: str) -> Catalog:
    folder = resources.files("iagkit.report") / "locale" / lang / "LC_MESSAGES"
    with (folder / "iagkit.po").open("rb") as lines:
        return read_po(lines, locale=lang)


def pairs(lang: str) -> Iterator[tuple[str, str, bool]]:
    """Sentence, translation and whether it is doubtful; one and many are two."""
    for m in read(lang):
        ids, told = (m.id, m.string) if m.pluralizable else ([m.id], [m.string])
        yield from ((one, said, m.fuzzy) for one, said in zip(ids, told, strict=True) if one)


def test_the_source_marks_sentences_by_call_by_name_and_on_both_sides_of_a_choice():
    source = (
        'say("a {b}", b=1); voice._("c"); Finding(question="d"); x = _("e" if y else "f")\n'
        'voice.plural("i", "j", 2)\n'
        'class Check:\n    question: ClassVar[str] = "g"\nother("h")'
    )
    found = {sentence for sentence, _ in of_code(source)}
    assert found == {"a {b}", "c", "d", "e", "f", "g", "i", "j"}


def test_more_than_a_hundred_sentences_are_found():
    assert len(SENTENCES) > 100


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_every_sentence_is_translated_and_none_is_doubtful(lang):
    known = {one for one, told, fuzzy in pairs(lang) if told and not fuzzy}
    missing = {s: where for s, where in SENTENCES.items() if s not in known}
    assert not missing, f"add these to locale/{lang}/LC_MESSAGES/iagkit.po: {missing}"


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_no_translation_is_left_over_from_a_sentence_that_is_gone(lang):
    assert not {one for one, _, _ in pairs(lang)} - set(SENTENCES)


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_a_translation_fills_the_same_gaps(lang):
    assert not [one for one, told, _ in pairs(lang) if gaps(one) != gaps(told)]


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_hardly_any_translation_repeats_the_english(lang):
    same = {one for one, told, _ in pairs(lang) if one == told and len(one) > 20}
    assert same <= {"{value} ({interval}; n = {n})"}


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_a_catalogue_knows_one_and_many(lang):
    assert read(lang).num_plurals == 2
