"""Pages of event logs: trust first, open cases counted, what nobody knows last."""

import pytest
from made_up_process import a_process

from iagkit.report import terminal, write_report
from iagkit.report.page import compose

LANGS = ["es", "pt", "en"]


def words(section):
    told = []
    for b in section.blocks:
        told += [b.text] if b.block in ("text", "heading") else []
        told += list(b.items) if b.block == "bullets" else []
    return " ".join(told)


def section(name, record=None, lang="en"):
    found = {s.name: s for s in compose(record or a_process(), lang=lang).sections}
    return found.get(name)


@pytest.mark.parametrize("lang", LANGS)
def test_the_quality_of_the_log_stands_before_whatever_is_read_from_it(lang):
    names = [s.name for s in compose(a_process(), lang=lang).sections]
    assert names.index("quality") < names.index("map") < names.index("waits")
    assert names.index("waits") < names.index("late") < names.index("remaining")
    assert names.index("simulation") < names.index("unknown") < names.index("annex")


def test_a_share_of_unstable_arcs_is_a_warning_and_none_is_not():
    assert "55.7% of the map depends on nothing" in words(section("quality"))
    assert "of the map depends" not in words(section("quality", a_process(unstable=0.0)))


def test_what_was_left_out_in_reading_is_told_in_the_language():
    assert "3 filas" in words(section("quality", lang="es"))


def test_a_log_that_must_not_be_trusted_heads_the_page():
    page = compose(a_process(unusable=0.2), lang="en")
    assert page.verdict.tone == "fail"
    assert "does not deserve trust" in page.sentence


def test_medians_of_closed_cases_only_stand_beside_and_a_turned_order_is_said():
    told = words(section("waits"))
    assert "372" in told
    assert "That is too short by 296" in told
    assert "2 and 10 change places" in told


def test_groups_that_are_numbers_stand_in_their_order():
    table = next(b for b in section("waits").blocks if b.block == "table")
    assert [row[0] for row in table.rows] == ["2", "10", "Villa <Real>", "(not stated)"]


def test_times_of_minutes_are_not_told_as_nothing():
    table = next(b for b in section("waits").blocks if b.block == "table")
    cell = table.rows[2][2]
    assert (cell.main, cell.small) == ("49\N{NO-BREAK SPACE}minutes", "44.1–53.9")


def test_a_gap_is_told_plainly_among_like_cases_and_beside_chance():
    told = words(section("late"))
    assert "13.8 percentage points" in told
    assert "alike in “tipo”" in told
    assert "8.6 percentage points" in told
    assert "Chance alone could explain it" in told


def test_a_forecast_that_may_be_no_better_is_said_to_be_so():
    assert "then the rule should be used" in words(section("remaining"))


def test_a_simulation_further_than_a_replay_is_not_certified():
    assert "It is not certified" in words(section("simulation"))
    assert "It may be asked" in words(section("simulation", a_process(within=1.0)))


def test_what_nobody_knows_names_its_reasons():
    unknown = section("unknown")
    table = next(b for b in unknown.blocks if b.block == "table")
    assert any("fewer than 5 cases" in row[1].lower() for row in table.rows)
    assert "In which time zone" in words(unknown)
    assert "Who did the work" in words(unknown)


@pytest.mark.parametrize("lang", LANGS)
def test_pages_are_written_and_nothing_of_the_data_is_markup(tmp_path, lang):
    write_report(a_process(), tmp_path, lang=lang)
    page = (tmp_path / f"report.{lang}.html").read_text(encoding="utf-8")
    assert "Villa <Real>" not in page
    assert "Villa &lt;Real&gt;" in page
    assert "…" not in (tmp_path / "report.md").read_text(encoding="utf-8")


def test_a_terminal_tells_the_same_verdict():
    told = terminal.summary(a_process(), lang="es")
    assert len(told.rows) == 3
    assert any("siguen abiertos" in line or "sigue abierto" in line for line in told.lines)


def test_seasons_are_told_only_where_weeks_differ_by_more_than_chance():
    told = words(section("arrivals"))
    assert "vary 1.57 (1.20–1.95" in told
    assert "come one by one" in told
    assert "vary" not in words(section("arrivals", a_process(seasons=0.4)))


def test_counts_of_few_people_are_not_told_and_nobody_is_ranked():
    part = section("people")
    assert "must not be used to watch or to grade" in words(part)
    hours = [b for b in part.blocks if b.block == "figure"][1].table
    assert "fewer than 5" in " ".join(map(str, hours.rows[0]))
    assert section("people", lang="pt").title == "Com quem se conta para o trabalho?"


def test_working_time_stands_beside_the_calendar_and_doubts_hours_that_do_not_fit():
    told = words(section("office"))
    assert "260" in told
    assert "by the calendar that is 372" in told
    assert "7.5 hours" in told
    assert "Either the hours are wrong" in told
