from __future__ import annotations

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


def test_the_source_marks_sentences_by_call_by_name_and_on_both_sides_of_a_choice():
    source = (
        'say("a {b}", b=1); voice._("c"); Finding(question="d"); x = _("e" if y else "f")\n'
        'class Check:\n    question: ClassVar[str] = "g"\nother("h")'
    )
    found = {sentence for sentence, _ in of_code(source)}
    assert found == {"a {b}", "c", "d", "e", "f", "g"}


def test_more_than_a_hundred_sentences_are_found():
    assert len(SENTENCES) > 100


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_every_sentence_is_translated_and_none_is_doubtful(lang):
    known = {m.id for m in read(lang) if m.id and m.string and not m.fuzzy}
    missing = {s: where for s, where in SENTENCES.items() if s not in known}
    assert not missing, f"add these to locale/{lang}/LC_MESSAGES/iagkit.po: {missing}"


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_no_translation_is_left_over_from_a_sentence_that_is_gone(lang):
    assert not {m.id for m in read(lang) if m.id} - set(SENTENCES)


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_a_translation_fills_the_same_gaps(lang):
    wrong = [m.id for m in read(lang) if m.id and gaps(m.id) != gaps(str(m.string))]
    assert not wrong


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_hardly_any_translation_repeats_the_english(lang):
    same = {m.id for m in read(lang) if m.id and m.id == m.string and len(m.id) > 20}
    assert same <= {"{value} ({interval}; n = {n})"}
