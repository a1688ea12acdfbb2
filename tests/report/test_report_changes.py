"""Pages of changes and of staff, with figures made up: certified or a sketch, in three tongues."""

from __future__ import annotations

from dataclasses import replace

import pytest
from made_up_process import a_process, days, exactly

from iagkit.core.nouns import Estimate, Finding
from iagkit.report.blocks import Figure, Table
from iagkit.report.processes import scenarios, staffing, story_of

LOOP = {"template": "at every step the case with the earliest deadline is taken up first",
        "values": {}}  # fmt: skip


def changed(family, *, cost=True):
    """One change that halves the time and costs more, and one in the institution's own words."""
    told = []
    for measure, value in (("duration", 10.0), ("gap", 4.0), ("late", 0.2)):
        unit = "share" if measure == "late" else "days"
        told.append(exactly(f"{family}.now", value, 900, unit, measure=measure))
    if cost:
        told.append(exactly(f"{family}.now", 400.0, 900, "cost", measure="cost"))
        told.append(exactly(f"{family}.cost", 40.0, 900, "cost", change="due"))
        told.append(exactly(f"{family}.cost", 0.0, 900, "cost", change="own"))
    told += [
        days(f"{family}.duration", -5.0, -6.0, -4.0, 900, change="due"),
        days(f"{family}.duration", 1.0, -1.0, 3.0, 900, change="own"),
        days(f"{family}.gap", -1.0, -2.0, 0.5, 900, change="due"),
        days(f"{family}.gap", 1.0, 0.5, 1.5, 900, change="own"),
        Finding(check=f"{family}.late", question="?", where={"change": "due"},
                estimate=Estimate(value=-0.05, n=900, low=-0.08, high=-0.02)),
        Finding(check=f"{family}.late", question="?", where={"change": "own"},
                estimate=Estimate(value=0.0, n=900, low=-0.02, high=0.02)),
        days(f"{family}.group", -6.0, -7.0, -5.0, 400, change="due", distrito="norte"),
        days(f"{family}.group", 2.0, 1.0, 3.0, 400, change="due", distrito="sur"),
        days(f"{family}.worst", -1.0, -3.0, 1.0, 300, change="due"),
    ]  # fmt: skip
    return tuple(told)


def page(lang="en", *, certified="certified", cost=True):
    record = a_process()
    family = "process.scenarios" if certified == "certified" else "process.sketch"
    facts = {
        "certified": certified, "runs": 10, "weeks": 12.5, "priced": cost, "front": ["due"],
        "changes": {"due": LOOP, "own": {"words": {"es": "Dos más", "en": "Two more"}}},
        "worst": {"due": {"template": "a tenth more cases arrive", "values": {}}},
        "without": [], "remarks": [], "column": "distrito", "fewest": 20,
        "unfinished": 0.44, "most_unfinished": 0.1,
    }  # fmt: skip
    told = replace(
        record, findings=(*record.findings, *changed(family, cost=cost)),
        run={**record.run, "scenarios": facts, "staffing": STAFF},
    )  # fmt: skip
    return story_of(told, lang)


STAFF = {
    "target": 0.9, "within_hours": 1.0, "assumed": [], "desks": [
        {"name": "Visita", "activities": ["Visita"], "people": 3, "verdict": "impossible",
         "remarks": [], "plan": {"people": 4, "proven": False, "gap": None,
                                 "missing": ["Mon 09:30"]}},
    ],
}  # fmt: skip


def text(section):
    return str(section.blocks).replace("\\xa0", " ").replace("\N{NO-BREAK SPACE}", " ")


def test_a_certified_model_tells_differences_and_for_whom():
    found = text(scenarios.section(page()))
    assert "a difference is sure where" in found
    assert "-5 days" in found
    assert "-5.0 points" in found
    assert "Surely shorter for norte" in found
    assert "Surely longer for sur" in found
    assert "A: if a tenth more cases arrive" in found
    assert "Two more." in found


@pytest.mark.parametrize("certified", ["refused", "unknown", "unfinished", "emptier"])
def test_a_model_that_is_not_certified_gives_only_a_sketch(certified):
    found = text(scenarios.section(page(certified=certified)))
    assert "Only a sketch" in found
    assert "-5 days" in found


@pytest.mark.parametrize(("lang", "told"), [("es", "no ha acabado el 44%"),
                                            ("pt", "44% dos casos não acabaram"),
                                            ("en", "44% of the cases are not over")])  # fmt: skip
def test_the_first_sentence_says_how_many_cases_were_not_over(lang, told):
    lead = scenarios.section(page(lang, certified="unfinished")).blocks[0]
    assert lead.kind == "lead"
    assert told in lead.text.replace("\xa0", " ")


def test_cost_time_and_gap_stand_in_one_picture_with_its_table():
    found = scenarios.section(page())
    figure = next(block for block in found.blocks if isinstance(block, Figure))
    (drawing,) = figure.drawings
    assert 'role="img"' in drawing
    assert drawing.count('class="dot"') == 1  # nobody beats the first change
    assert drawing.count('class="ring"') == 2
    assert [row[0] for row in figure.table.rows] == ["As it is", "A", "B"]
    assert figure.table.rows[1][1:] == ["440.00", "5.00", "3.00", "yes"]


def test_without_cost_the_picture_shows_the_gap():
    found = scenarios.section(page(cost=False))
    figure = next(block for block in found.blocks if isinstance(block, Figure))
    assert "Cost" not in str(figure.table.headings)
    assert len(figure.table.headings) == 4


def without(measures, column):
    """The page of a log in which some things are not known."""
    story = page(cost=False)
    kept = tuple(
        f for f in story.record.findings
        if f.where.get("measure") not in measures
        and f.check.removeprefix("process.scenarios.") not in measures
    )  # fmt: skip
    run = {**story.record.run, "scenarios": {**story.facts["scenarios"], "column": column}}
    return story_of(replace(story.record, findings=kept, run=run), "en")


def test_without_cost_and_gap_time_is_drawn_beside_deadlines_and_the_page_says_why():
    found = scenarios.section(without({"gap"}, "canal"))
    figure = next(block for block in found.blocks if isinstance(block, Figure))
    assert figure.table.headings[1:3] == ["How long cases take, on average (days)",
                                          "Missed deadlines"]  # fmt: skip
    assert figure.table.rows[1][2].startswith("15.0")
    assert "there are not two groups of “canal” with 20 cases or more" in text(found)
    assert "The cost is left out: the log does not tell" in text(found)


def test_where_nothing_but_time_is_known_no_picture_is_drawn_and_the_page_says_why():
    found = scenarios.section(without({"gap", "late"}, ""))
    assert not any(isinstance(block, Figure) for block in found.blocks)
    assert "no column of groups was declared" in text(found)


@pytest.mark.parametrize(("lang", "day"), [("es", "lunes"), ("pt", "segunda-feira"),
                                           ("en", "Monday")])  # fmt: skip
def test_staff_is_told_in_the_days_of_the_reader(lang, day):
    found = staffing.section(page(lang))
    assert f"{day} 09:30" in text(found)
    table = next(block for block in found.blocks if isinstance(block, Table))
    assert table.rows[0][-1].tone == "fail"


def test_a_record_without_them_has_no_such_pages():
    story = story_of(a_process(), "en")
    assert scenarios.section(story) is None
    assert staffing.section(story) is None
