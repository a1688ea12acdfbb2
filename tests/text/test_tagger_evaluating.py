"""What is counted of a redaction, and the silver and invented examples."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.text.privacy.evaluating import count, covered
from iagkit.text.privacy.evaluating_names import bearers
from iagkit.text.privacy.training import Marked
from iagkit.text.privacy.training_names import GROUPS, SEXES, invented
from iagkit.text.privacy.training_silver import names_before_ids, silver

TEXT = "Ana Paz, CPF 12. Leo."
GOLD = [Marked(0, 7, "person"), Marked(13, 15, "id"), Marked(17, 20, "person")]


def test_spans_and_characters_are_counted_by_hand():
    found = [Marked(0, 3, "person"), Marked(13, 15, "id"), Marked(9, 12, "id")]
    told = count([TEXT], [GOLD], [found])
    assert (int(told.marked[0]), int(told.found[0]), int(told.right[0])) == (3, 3, 1)
    assert (int(told.touched[0]), int(told.touching[0])) == (2, 2)
    assert (int(told.characters[0]), int(told.covered[0]), int(told.hidden[0])) == (11, 5, 8)
    assert told.leaks.tolist() == [True]


def test_a_wrong_label_hides_a_character_but_is_no_right_span():
    told = count([TEXT], [GOLD], [[Marked(0, 7, "id"), Marked(17, 20, "id")]], labels={"person"})
    assert (int(told.right[0]), int(told.covered[0]), int(told.characters[0])) == (0, 9, 9)


spans = st.lists(
    st.tuples(st.integers(0, 19), st.integers(1, 8), st.sampled_from(["person", "id"])), max_size=6
).map(lambda rows: [Marked(a, min(a + n, len(TEXT)), kind) for a, n, kind in rows])


@given(spans)
def test_what_is_found_exactly_leaks_nothing(marked):
    told = count([TEXT], [marked], [marked])
    assert told.covered[0] == told.characters[0]
    assert not told.leaks[0]


@given(spans, spans, spans)
def test_finding_more_never_covers_less(marked, found, more):
    before, after = count([TEXT], [marked], [found]), count([TEXT], [marked], [[*found, *more]])
    assert after.covered[0] >= before.covered[0]


def test_a_name_is_hidden_whole_only_if_every_letter_is():
    assert covered(GOLD[0], [Marked(0, 3, "x"), Marked(4, 7, "y")], TEXT)
    assert not covered(GOLD[0], [Marked(0, 6, "x")], TEXT)


def test_the_name_before_a_number_is_marked_without_its_title():
    text = "Desígnase al Dr. Juan Carlos QUISPE (D.N.I. N°\n\n12.345.678) y a doña Ana\nDE LA PAZ "
    text += "(M.I. 4.345.678); el Ministerio (Ley 24.156)"
    names = [text[s.start : s.end] for s in names_before_ids(text)]
    assert names == ["Juan Carlos QUISPE", "Ana\nDE LA PAZ"]


def test_cutting_the_number_out_keeps_the_name_under_its_mark():
    text = (
        "Desígnase a Juan Carlos QUISPE (D.N.I. N° 12.345.678) y a Ana PAZ (D.N.I. N° 1.345.678)."
    )
    found = [silver([text], most=9, seed=seed)[0] for seed in range(12)]
    assert {"D.N.I." in example.text for example in found} == {True, False}
    for example in found:
        names = [example.text[s.start : s.end] for s in example.spans]
        assert names == ["Juan Carlos QUISPE", "Ana PAZ"]


def test_no_given_or_family_name_is_both_learnt_and_measured():
    learnt = {e.text[s.start : s.end].casefold() for e in invented("es", many=800) for s in e.spans}
    measured = {
        b.example.text[b.example.spans[0].start : b.example.spans[0].end].casefold()
        for b in bearers("es", each=60)
    }
    assert len(measured) > 300
    assert not learnt & measured


def test_every_group_is_measured_in_the_same_sentences():
    found = bearers("pt", each=10)
    frames = {
        (group, sex): [
            b.example.text[: b.example.spans[0].start]
            for b in found
            if (b.group, b.sex) == (group, sex)
        ]
        for group, sex in itertools.product(GROUPS, SEXES)
    }
    assert len({tuple(texts) for texts in frames.values()}) == 1


@pytest.mark.parametrize("lang", ["es", "pt"])
def test_invented_examples_mark_exactly_the_names(lang):
    for example in invented(lang, many=200):
        names = [example.text[s.start : s.end] for s in example.spans]
        assert all(name and name == name.strip() for name in names)
        assert not any("{" in name for name in names)
        assert "{" not in example.text
