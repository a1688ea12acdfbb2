"""The page about time: an ended promise is told with its day, in every language."""

from dataclasses import replace

import pytest
from made_up import a_record, found

from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding
from iagkit.report.page import compose

ENDED = say("the promise is not valid since {day}: an alarm stands", day="2019-03-04")
MEASURED = (
    found("drift.accuracy", 0.9, 400, period="learnt"),
    found("drift.accuracy", 0.6, 200, period="2018-2019"),
    found("drift.coverage", 0.9, 400, period="learnt"),
    found("drift.coverage", 0.65, 200, period="2018-2019"),
    Finding(
        check="drift.alarm",
        question="?",
        estimate=Estimate(value=57, n=190, unit="cases"),
        where={"signal": "reviewed"},
    ),
    found("drift.moved", 0.01, 400, period="learnt", looks_like="obras", **{"class": "luz"}),
    found("drift.moved", 0.6, 90, period="since", looks_like="obras", **{"class": "luz"}),
)


def section(lang, *findings):
    record = a_record()
    told = replace(record, findings=(*record.findings, *findings))
    return next((s for s in compose(told, lang=lang).sections if s.name == "drift"), None)


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_the_page_begins_with_the_day_on_which_the_promise_ended(lang):
    ended = Finding(check="drift.guarantee", question="?", because=ENDED)
    first = section(lang, *MEASURED, ended).blocks[0]
    assert first.kind == "lead"
    assert "4" in first.text
    assert "2019" in first.text
    assert "57" in first.text


@pytest.mark.parametrize(
    ("lang", "word"), [("es", "seguridad"), ("pt", "segurança"), ("en", "certain")]
)
def test_an_alarm_that_no_reading_raised_says_so_and_how_much_had_been_read(lang, word):
    ended = Finding(check="drift.guarantee", question="?", because=ENDED)
    read = Finding(
        check="drift.reviewed",
        question="?",
        estimate=Estimate(value=41, n=800, unit="cases"),
        where={"alarm": "certainty"},
    )
    first = section(lang, *MEASURED, ended, read).blocks[0]
    assert word in first.text
    assert "41" in first.text


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_nowhere_on_the_page_is_an_ended_promise_told_as_if_it_held(lang):
    ended = Finding(check="drift.guarantee", question="?", because=ENDED)
    record = a_record()

    def shortlist(*more):
        told = compose(replace(record, findings=(*record.findings, *more)), lang=lang)
        texts = [b.text for s in told.sections for b in s.blocks if b.block == "text"]
        return [text for text in texts if "90.7" in text or "90,7" in text]

    (before,), (after,) = shortlist(), shortlist(ended)
    assert "90 %" in before.replace("\N{NO-BREAK SPACE}", " ").replace("90%", "90 %")
    assert "90 %" not in after.replace("\N{NO-BREAK SPACE}", " ").replace("90%", "90 %")


def test_periods_are_told_by_their_years_and_not_as_percentages():
    ended = Finding(check="drift.guarantee", question="?", because=ENDED)
    figures = [b for b in section("en", *MEASURED, ended).blocks if b.block == "figure"]
    assert [row[0] for row in figures[0].table.rows] == ["What it learnt from", "2018-2019"]


def test_where_documents_moved_both_names_stand_with_before_and_after():
    tables = [b for b in section("en", *MEASURED).blocks if b.block == "table"]
    (moved,) = [t for t in tables if "recorded as another" in t.caption]
    assert moved.rows[0][:2] == [
        "Public works, potholes and upkeep of the secondary roads of the city",
        "Street lighting",
    ]


def test_a_record_without_a_split_by_time_has_no_such_section():
    assert section("en") is None
