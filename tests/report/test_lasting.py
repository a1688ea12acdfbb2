"""Times are told in the unit a reader expects."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.message import Message
from iagkit.core.nouns import Estimate
from iagkit.report import lasting
from iagkit.report.processes.voice import ProcessVoice
from iagkit.report.voice import Voice

SPACE = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("days", "lang", "words"),
    [
        (0.0001, "es", "9 segundos"),
        (0.034, "es", "49 minutos"),
        (1.44, "pt", "34,6 horas"),
        (3.0, "en", "3 days"),
        (372.3, "en", "372 days"),
        (3723.0, "es", "10,2 años"),
        (1 / 24, "en", "1 hour"),
    ],
)
def test_a_time_is_told_as_people_say_it(days, lang, words):
    assert lasting.told(Voice(lang), days) == words.replace(" ", SPACE)


def test_an_interval_has_the_unit_of_its_value():
    found = Estimate(value=0.034, low=0.02, high=0.082, n=9, level=0.95, unit="days")
    assert lasting.interval(Voice("en"), found) == "28.8–118"
    less = Estimate(value=-0.5, low=-1.0, high=0.25, n=9, level=0.95, unit="days")
    assert lasting.interval(Voice("en"), less) == "-24 to 6"


def test_hours_of_work_are_not_told_as_days():
    assert ProcessVoice("en").amount(100.0, "hours") == f"100{SPACE}hours"
    assert ProcessVoice("en").amount(0.5, "hours") == f"30{SPACE}minutes"


def test_no_time_at_all_has_the_unit_of_its_interval():
    none = Estimate(value=0.0, low=0.0, high=0.1, n=9, level=0.95, unit="days")
    voice = ProcessVoice("en")
    assert (voice.value(none), voice.interval(none)) == (f"0{SPACE}hours", "0–2.4")


@given(st.floats(1e-5, 1e5))
def test_every_unit_keeps_two_figures_at_least(days):
    unit, size = lasting.scale(days)
    assert days / size >= 0.9 or unit == "seconds"
    assert days / size < 1000 or unit == "years"


def test_a_verdict_on_days_names_the_unit_of_limit_and_interval():
    because = Message("the limit {limit:.3f} lies inside {low:.3f}", {"limit": 0.5, "low": 30.0})
    told = ProcessVoice("en").tell(because, unit="days")
    assert told == f"the limit 12{SPACE}hours lies inside 30{SPACE}days"
    assert ProcessVoice("en").tell(because, unit="cases") == "the limit 0.500 lies inside 30.000"
