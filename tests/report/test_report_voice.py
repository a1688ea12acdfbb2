from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sentences import all_sentences

from iagkit.core.errors import UsageError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.report.voice import LOCALES, Voice

LANGS = sorted(LOCALES)
UNREAD = Message("{n} deadlines cannot be read and were left out", {"n": 1})


@pytest.mark.parametrize(
    ("lang", "share", "count"),
    [
        ("en", "12.3%", "1,234,567"),
        ("es", "12,3%", "1\xa0234\xa0567"),
        ("pt", "12,3%", "1.234.567"),
    ],
)
def test_numbers_are_written_as_the_readers_write_them(lang, share, count):
    voice = Voice(lang)
    assert (voice.percent(0.1234), voice.number(1234567)) == (share, count)


def test_four_digits_have_no_space_in_spanish_and_a_comma_is_its_only_decimal_sign():
    voice = Voice("es")
    assert [voice.number(1434), voice.number(-9999.5, 1)] == ["1434", "-9999,5"]
    assert voice.number(12345.678, 2) == "12\xa0345,68"
    assert voice.tell(say("{n} rows", n=10_000)) == "10\xa0000 rows"


def test_a_number_travels_with_its_interval_and_its_cases():
    known = Estimate(value=0.5, n=1200, low=0.45, high=0.55, level=0.95)
    assert Voice("en").estimate(known) == "50.0% (45.0–55.0%; n\xa0=\xa01,200)"
    assert Voice("pt").estimate(known) == "50,0% (45,0–55,0%; n\xa0=\xa01.200)"


def test_a_gap_of_shares_is_told_in_points():
    gap = Estimate(value=0.125, n=40, low=0.0, high=0.3)
    assert Voice("es").gap(gap) == "12,5 puntos porcentuales (0,0 a 30,0; n\xa0=\xa040)"


def test_a_count_of_destinations_is_told_in_the_readers_language():
    assert Voice("pt").value(Estimate(value=1.84, n=9, unit="labels")) == "1,8\xa0destinos"


def test_a_message_of_the_record_is_translated_and_its_numbers_written_anew():
    message = say("{n} cases are too few; {min_n} are needed", n=7, min_n=1000)
    assert Voice("pt").tell(message) == "7 casos são muito poucos; são necessários 1.000"


@pytest.mark.parametrize(
    ("lang", "one", "many"),
    [("es", "1 plazo no se puede leer", "2 plazos no se pueden leer"),
     ("pt", "1 prazo não pode ser lido", "2 prazos não podem ser lidos"),
     ("en", "1 deadline cannot be read and was", "2 deadlines cannot be read and were")],
)  # fmt: skip
def test_a_remark_about_one_thing_is_told_in_the_form_of_one(lang, one, many):
    told = [Voice(lang).tell(replace(UNREAD, values={"n": n})) for n in (1, 2)]
    assert told[0].startswith(one)
    assert told[1].startswith(many)


def test_the_why_of_a_remark_is_translated_too():
    told = Voice("es").tell(Message("documents that were not read: {n} ({why})",
                                    {"n": 3, "why": "it is empty"}))  # fmt: skip
    assert told == "documentos que no se leyeron: 3 (está vacío)"


def test_decimals_of_shares_in_a_message_are_told_in_percent():
    message = Message("from {low:.3f}", {"low": 0.25})
    assert Voice("en").tell(message, unit="share") == "from 25.0%"
    assert Voice("pt").tell(message) == "from 0,250"


def test_a_message_from_elsewhere_reaches_no_attribute_of_anything():
    message = Message("{n.__class__} {n}", {"n": 3})
    assert Voice("en").tell(message) == "… 3"


def test_words_fall_back_to_english_and_then_to_what_there_is():
    voice = Voice("es")
    assert voice.words({"en": "a", "es": "b"}) == "b"
    assert voice.words({"en": "a", "pt": "c"}) == "a"
    assert voice.words({"pt": "c"}) == "c"
    assert voice.words(None) == ""


@pytest.mark.parametrize(
    ("lang", "day"),
    [("es", "5 de enero de 2026"), ("pt", "5 de janeiro de 2026"), ("en", "January 5, 2026")],
)
def test_a_day_is_written_out_and_what_is_no_day_stays(lang, day):
    assert Voice(lang).date("2026-01-05T10:00:00+00:00") == day
    assert Voice(lang).date("soon") == "soon"


@given(st.floats(0, 1), st.sampled_from(LANGS))
def test_a_written_share_is_within_half_a_tenth_of_a_percent_of_the_share(share, lang):
    written = re.sub(r"[^\d,.]", "", Voice(lang).percent(share)).replace(",", ".")
    assert float(written) == pytest.approx(100 * share, abs=0.0501)


def test_a_language_that_is_not_spoken_is_refused():
    with pytest.raises(UsageError, match="one of the languages en, es, pt; got 'fr'"):
        Voice("fr")


def test_a_run_of_documents_speaks_of_documents_and_every_other_of_requests():
    sentence = "Of 100 requests, 100 go to a person."
    told = {lang: Voice(lang, about="documents")._(sentence) for lang in ("es", "pt", "en")}
    assert told["es"] == "De cada 100 documentos, los 100 pasan a una persona."
    assert all("document" in said for said in told.values())
    assert Voice("en", about="requests")._(sentence) == Voice("en")._(sentence) == sentence
    assert Voice("es", about="documents")._("Found") == Voice("es")._("Found") != "Found"
    assert Voice("en", about="documents").plural("{n} day", "{n} days", 2) == "2 days"


def test_whatever_is_said_of_requests_is_said_of_documents_in_each_language():
    for lang in ("es", "pt"):
        voice, other = Voice(lang), Voice(lang, about="documents")
        said = {s: voice._(s) for s in all_sentences() if re.search(r"\brequests?\b", s)}
        left = {s for s, told in said.items() if told == other._(s)}
        assert not {s for s in left if not s.startswith("office the request")}
    english = Voice("en", about="documents")
    left = {s for s in all_sentences() if re.search(r"\brequests?\b", english._(s))}
    assert left == {"office the request was addressed to"}
