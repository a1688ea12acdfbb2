"""Redaction hides what it is told to, keeps the rest, and says where."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.privacy.entities import KINDS, Entity
from iagkit.text.privacy.find import find_personal
from iagkit.text.privacy.labels import LANGUAGES, label
from iagkit.text.privacy.originals import SealedMap
from iagkit.text.privacy.redact import MODES, Pseudonyms, redact, redact_all

TEXT = "Sr. Fulano Beltrano, CPF 111.444.777-35, tel. (61) 99999-8888. Sra. Fulana Zutana."


def test_a_placeholder_names_what_it_hides_in_the_reader_s_language():
    assert redact(TEXT, find_personal(TEXT), lang="pt").text == (
        "Sr. [PESSOA], CPF [CPF], tel. [TELEFONE]. Sra. [PESSOA]."
    )
    assert "[TELÉFONO]" in redact(TEXT, find_personal(TEXT), lang="es").text


def test_a_mask_is_as_long_as_what_it_hides_or_always_three_blocks():
    found = find_personal("CPF 111.444.777-35")
    assert redact("CPF 111.444.777-35", found, mode="mask").text == "CPF " + "█" * 14
    assert redact("CPF 111.444.777-35", found, mode="mask", same_length=False).text == "CPF ███"


def test_the_same_person_has_the_same_pseudonym_however_written():
    first, second, other = "Sr. Juan Pérez.", "NOMBRE: PEREZ, Juan", "Sr. Pedro Gómez."
    shown = [r.text for r in redact_all([first, second, other], find_personal, mode="pseudonym")]
    assert shown == ["Sr. [PERSONA 1].", "NOMBRE: [PERSONA 1]", "Sr. [PERSONA 2]."]


def test_a_highlight_keeps_the_text_for_the_reviewer_and_no_span_repeats_it():
    shown = redact(TEXT, find_personal(TEXT), mode="highlight", lang="pt")
    assert "[PESSOA: Fulano Beltrano]" in shown.text
    assert all(not span.shown for span in shown.spans)


def test_a_key_is_in_no_output_and_a_short_one_is_refused():
    key = b"0123456789abcdef"
    numbers = Pseudonyms(key=key)
    redact(TEXT, find_personal(TEXT), mode="pseudonym", pseudonyms=numbers)
    assert "0123456789abcdef" not in repr(numbers)
    assert "Fulano" not in repr(numbers)
    with pytest.raises(UsageError, match="got 3"):
        Pseudonyms(key=b"abc")


@given(st.text(max_size=60), st.data(), st.sampled_from(MODES))
def test_everything_outside_the_spans_stays_and_nothing_hidden_is_shown(text, data, mode):
    cuts = sorted(data.draw(st.sets(st.integers(0, len(text)), max_size=6)))
    found = [
        Entity(a, b, data.draw(st.sampled_from(KINDS)), "cued", "test")
        for a, b in zip(cuts[::2], cuts[1::2], strict=False)
    ]
    done = redact(text, found, mode=mode)
    rest, at = "", 0
    for span in done.spans:
        rest += done.text[at : span.start]
        at = span.end
        if mode != "highlight":
            assert done.text[span.start : span.end] == span.shown
    kept, at = "", 0
    for e in found:
        kept += text[at : e.start]
        at = e.end
    assert rest + done.text[done.spans[-1].end if done.spans else 0 :] == kept + text[at:]


def _turned(content: bytes) -> bytes:
    """Stands for the institution's cipher in this test; not one itself."""
    return bytes(b ^ 0x55 for b in content)


@given(st.sampled_from(("placeholder", "mask", "pseudonym")))
def test_a_sealed_map_gives_the_text_back_to_who_can_open_it(mode):
    done = redact(TEXT, find_personal(TEXT), mode=mode)
    vault = SealedMap(seal=_turned, open=_turned)
    sealed = vault.keep(TEXT, done)
    assert b"Fulano" not in sealed
    assert vault.restore(done.text, sealed) == TEXT
    with pytest.raises(DataError, match="expected a text of this table"):
        vault.restore(done.text + " ", sealed)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_kind_has_a_name_in_every_language(lang):
    assert all(label(Entity(0, 1, kind, "cued", ""), lang) for kind in KINDS)


def test_entities_of_another_text_a_mode_or_a_language_unknown_are_refused():
    one = Entity(0, 5, "person", "cued", "")
    with pytest.raises(DataError, match="in 3 characters"):
        redact("abc", [one])
    with pytest.raises(DataError, match="none over another"):
        redact("abcdefgh", [one, Entity(3, 7, "phone", "cued", "")])
    with pytest.raises(UsageError, match="got 'blur'"):
        redact("abcdefgh", [one], mode="blur")
    with pytest.raises(UsageError, match="got 'fr'"):
        redact("abcdefgh", [one], lang="fr")
