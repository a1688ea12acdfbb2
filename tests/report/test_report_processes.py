"""Pages of event logs: trust first, open cases counted, what nobody knows last."""

from dataclasses import replace

import pytest
from made_up_process import a_process, unknown

from iagkit.report import process_map, terminal, write_report
from iagkit.report.page import compose
from iagkit.report.story import Story
from iagkit.report.voice import Voice
from iagkit.report.write import html

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


def with_facts(record, **facts):
    return replace(record, run={**record.run, **facts})


@pytest.mark.parametrize(
    ("lang", "heading", "cases"),
    [("es", "Qué hacer el lunes", "3 de 414"), ("pt", "O que fazer na segunda-feira", "3 de 414"),
     ("en", "What to do on Monday", "3 of 414")],
)  # fmt: skip
def test_the_page_opens_with_cases_a_wait_and_a_decision(lang, heading, cases):
    first = section("summary", lang=lang)
    headings = [b.text for b in first.blocks if b.block == "heading"]
    steps = next(b for b in first.blocks[2:] if b.block == "bullets" and len(b.items) == 3)
    assert heading in headings
    assert cases in steps.items[0]
    assert "open_cases.csv" in steps.items[0]
    assert "Visita" in steps.items[1]
    assert ": 2." in steps.items[2]


def test_the_longest_wait_counts_how_often_and_leaves_out_what_the_order_of_the_file_made():
    record = a_process()
    arcs = [{**arc} for arc in record.run["map"]["arcs"]]
    arcs[1] |= {"n": 100, "otherwise": 100, "days": 90.0}
    told = words(section("summary", with_facts(record, map={**record.run["map"], "arcs": arcs})))
    assert "from “Revisión de papeles” to “Visita”, 100 times" in told
    arcs[1] |= {"otherwise": 7}
    told = words(section("summary", with_facts(record, map={**record.run["map"], "arcs": arcs})))
    assert "from “Revisión de papeles” to “Visita”" not in told


def test_without_a_map_the_group_that_waits_longest_is_named_and_without_cases_none_is():
    record = with_facts(a_process(), map={}, open_cases={"open": 0, "first": 0, "overdue": 0})
    told = words(section("summary", record))
    assert "Longest wait: distrito 10" in told
    assert "none when the log ends" in told
    arc = {**a_process().run["map"]["arcs"][0], "source": "opened", "target": "closed"}
    back = {**arc, "source": "closed", "target": "opened"}
    lines = terminal.summary(with_facts(record, map={"arcs": [arc, back]}), lang="en").lines
    assert any("Longest wait: distrito 10" in line for line in lines)


def test_a_map_that_hangs_on_the_order_of_the_file_asks_for_another_export_first():
    told = words(section("summary"))
    assert told.index("Ask for the export again, with seconds") < told.index("Monday")
    assert "Ask for the export again" not in words(section("summary", a_process(unstable=0.19)))
    assert any("Pida otra vez" in line for line in terminal.summary(a_process(), lang="es").lines)


def test_a_clock_of_another_place_is_told_first_unless_there_are_only_dates():
    record = a_process(unstable=0.0)
    assert "--zone" not in words(section("summary", record))
    utc = {"template": "times are in UTC; say --zone", "values": {}}
    elsewhere = with_facts(record, log={**record.run["log"], "zone": "UTC", "remarks": [utc]})
    assert "are in UTC and not on the clock" in words(section("summary", elsewhere))
    dates = with_facts(elsewhere, quality={"date_only": True})
    assert "--zone" not in words(section("summary", dates))
    midnights = {"template": "{share:.0%} of all times are midnights of {zone}", "values": {}}
    guessed = {**record.run["log"], "zone": "America/Lima", "remarks": [midnights]}
    told = words(section("summary", with_facts(record, log=guessed)))
    assert "guessed from midnights: America/Lima" in told


def test_deadlines_before_the_opening_are_counted_beside_the_share_that_leaves_them_out():
    for name in ("summary", "late"):
        assert "left out of that share: 60." in words(section(name))


def test_contents_are_folded_and_cautions_are_links():
    page = html(compose(a_process(), lang="es"))
    assert "<details><summary>Contenido</summary>" in page
    verdict = page[page.index('<section class="verdict') :].split("</section>")[0]
    assert [f'href="#{name}"' in verdict for name in ("quality", "verdicts", "unknown")] == [
        True
    ] * 3


def test_hours_in_which_nobody_comes_are_one_row():
    hours = [b for b in section("arrivals").blocks if b.block == "figure"][1].table
    assert [row[0] for row in hours.rows][:2] == ["00:00–07:59", "08:00"]
    assert hours.rows[-1][0] == "18:00–23:59"


def test_a_question_is_asked_once_whatever_its_reasons():
    record = a_process()
    more = [unknown("process.wait.median", distrito=str(k)) for k in range(40, 44)]
    other = replace(more[0], because=replace(more[0].because, values={"few": 7, "needed": 30}))
    found = section("unknown", replace(record, findings=(*record.findings, *more, other)))
    table = next(b for b in found.blocks if b.block == "table")
    asked = " ".join(row[0] for row in table.rows)
    assert asked.count("Question of process.wait.median?") == 1
    assert "Question of process.wait.median? (of some groups)" in asked
    assert "With other numbers elsewhere: 1." in " ".join(row[1] for row in table.rows)


def test_a_share_outside_the_chance_that_was_told_is_a_doubt_or_a_mistake():
    told = words(section("risk"))
    assert "Told: 20% to 40%; late: 85.0%" in told
    assert "whether this range is told rightly is not known" in told
    assert "Told: 40% to 60%; late: 90.0%" in told
    assert "nobody should rely on it" in told
    assert "Told: 5% to 20%" not in told


def test_forecasts_of_few_cases_say_of_how_many():
    assert "59 in 20 cases" in words(section("risk"))


def test_mistakes_that_were_not_found_have_no_rows_of_zeros():
    part = section("quality", a_process(unstable=0.0, unusable=0.0))
    table = next(b for b in part.blocks if b.block == "table")
    assert not [row for row in table.rows if "unusable" in row[0] or "unstable" in row[0]]
    assert "none was found: Question of process.quality.unusable?" in words(part)


def test_a_scale_of_times_is_in_the_unit_of_the_values_beside_it():
    record = a_process()
    findings = [
        replace(f, estimate=replace(f.estimate, value=1.4, low=0.5, high=2.4))
        if f.check.startswith("process.remaining.error") else f
        for f in record.findings
    ]  # fmt: skip
    part = section("remaining", replace(record, findings=tuple(findings)))
    drawing = next(b for b in part.blocks if b.block == "figure").drawings[0]
    assert ">hours</text>" in drawing
    assert "33.6\N{NO-BREAK SPACE}hours" in drawing
    assert ">days</text>" not in drawing


def test_a_horizon_of_days_is_no_share():
    record = a_process()
    told = Story.of(record, "es").place({"distrito": "*", "horizon_days": "73"})
    assert told == "columna distrito · dentro de 73 días"


def test_activities_that_iagkit_names_are_told_in_the_language_of_the_page():
    told = {
        "activities": [{"name": n, "n": 9, "starts": 9, "ends": 0} for n in ("opened", "closed")],
        "arcs": [{"source": "opened", "target": "closed", "n": 9, "otherwise": 9, "days": 3.0,
                  "low": 2.0, "high": 4.0, "days_are": "median"}],
        "share": 1.0, "all_arcs": 9, "cases": 9, "of_activities": 2, "of_arcs": 1,
    }  # fmt: skip
    figure, table = process_map.blocks(Voice("es"), told)
    assert [row[0] for row in table.rows] == ["caso abierto", "caso cerrado"]
    assert "caso cerrado" in figure.drawings[0]
    ours = {**told, "of_activities": 40}
    assert [row[0] for row in process_map.blocks(Voice("es"), ours)[1].rows] == ["opened", "closed"]
