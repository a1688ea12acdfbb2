"""Pages about urgency, waiting and the review list: what is told, and what is told as not known."""

from dataclasses import replace

import pytest
from made_up import a_record, found

from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding
from iagkit.report.page import compose
from iagkit.report.write import markdown


def days(check, value, low, high, **where):
    told = Estimate(value=value, n=90, low=low, high=high, level=0.95, unit="days")
    return Finding(check=check, question="?", estimate=told, where=where)


def cases(check, value, **where):
    told = Estimate(value=value, n=90, low=value / 2, high=2 * value, level=0.95, unit="cases")
    return Finding(check=check, question="?", estimate=told, where=where)


READ = (
    cases("urgency.listed", 12.0),
    found("urgency.recall_at_capacity", 0.8, 90),
    *(found("urgency.recall_at_capacity", r, 90, capacity=c)
      for c, r in (("2.5", 0.5), ("5", 0.7), ("10", 0.8), ("20", 0.95), ("40", 1.0))),
    found("urgency.recall_at_capacity", 0.7, 40, barrio="norte"),
    found("urgency.recall_at_capacity", 0.9, 50, barrio="sur"),
    replace(found("urgency.recall_at_capacity.gap", 0.2, 90, barrio="*"), between=("norte", "sur")),
    cases("urgency.expected_missed", 0.026),
    cases("urgency.expected_missed", 0.26, capacity="5"),
    cases("urgency.capacity_needed", 16.0, recall="0.90"),
)  # fmt: skip
WAITED = (
    days("urgency.wait", 3.5, 0.4, 7.5),
    days("urgency.wait", 4.5, 0.4, 9.5, barrio="norte"),
    days("urgency.wait", 2.5, 0.4, 5.5, barrio="sur"),
    Finding(
        check="urgency.wait.gap", question="?", where={"barrio": "*"}, between=("sur", "norte"),
        estimate=Estimate(value=2.0, n=90, low=0.0, high=4.0, level=0.95, unit="days"),
    ),
    days("urgency.wait_of_urgent", 0.5, 0.0, 1.5),
    days("urgency.days_gained", 3.0, 1.0, 5.0, urgent="yes"),
    days("urgency.days_gained", -0.4, -0.7, -0.1, urgent="no"),
    days("urgency.longest_wait", 22.0, 22.0, 22.0, order="urgency"),
    days("urgency.longest_wait", 17.0, 17.0, 17.0, order="arrival"),
    days("urgency.guaranteed_wait", 51.0, 51.0, 51.0),
)  # fmt: skip
LISTED = (
    found("review.listed", 0.25, 400),
    found("review.listed", 0.2, 400, why="unsure"),
    found("review.listed", 0.05, 400, why="by_lot"),
)


def section(name, *findings, lang="en", record=None, capacity=10):
    known = record or a_record()
    declared = {**known.prototype, "params": {"urgency": {"capacity": capacity}}}
    told = replace(known, prototype=declared, findings=(*known.findings, *findings))
    return next((s for s in compose(told, lang=lang).sections if s.name == name), None)


def words(told):
    return " ".join(b.text if b.block in ("text", "heading") else " ".join(b.items)
                    for b in told.blocks if b.block in ("text", "heading", "bullets"))  # fmt: skip


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_what_is_found_within_the_declared_capacity_comes_first_with_its_interval(lang):
    lead = section("urgency", *READ, lang=lang).blocks[0]
    assert lead.kind == "lead"
    assert {"10", "12"} <= set(lead.text.replace(",", ".").replace(".0", "").split())
    assert "80" in lead.text
    assert "n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}90" in lead.text


def test_what_is_missed_is_told_for_a_hundred_days_as_it_is_too_little_in_one():
    told = section("urgency", *READ)
    assert "2.6\N{NO-BREAK SPACE}cases" in words(told)
    (missed,) = [b for b in told.blocks if b.block == "table"]
    assert missed.rows[0][:2] == ["5 cases a day", "26\N{NO-BREAK SPACE}cases"]


def test_the_curve_follows_the_capacity_and_marks_the_declared_one():
    curve = next(b for b in section("urgency", *READ).blocks if b.block == "figure")
    assert [row[0] for row in curve.table.rows] == [
        f"{n} cases a day" for n in ("2.5", "5", "10", "20", "40")
    ]
    assert 'class="ring"' in str(curve.drawings[0])
    other = next(b for b in section("urgency", *READ, capacity=7).blocks if b.block == "figure")
    assert 'class="ring"' not in str(other.drawings[0])


def test_groups_are_told_with_the_gap_between_the_furthest():
    told = section("urgency", *READ)
    assert "from norte to sur" in words(told)
    table = [b for b in told.blocks if b.block == "figure"][-1].table
    assert [row[0] for row in table.rows] == ["norte", "sur"]


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_the_bound_on_the_wait_comes_first_and_the_others_days_are_told_as_later(lang):
    told = section("waiting", *WAITED, lang=lang)
    assert "51" in told.blocks[0].text
    bullets = next(b for b in told.blocks if b.block == "bullets").items
    assert len(bullets) == 3
    assert "-" not in bullets[-1].replace("\N{EN DASH}", "")


def test_the_others_pay_only_if_they_wait_longer():
    steady = [f for f in WAITED if dict(f.where) != {"urgent": "no"}]
    even = days("urgency.days_gained", 0.0, -0.1, 0.1, urgent="no")
    assert "The others pay for it: they are read 0.4" in words(section("waiting", *WAITED))
    told = words(section("waiting", *steady, even))
    assert "pay for it" not in told
    assert "The others are read 0\N{NO-BREAK SPACE}days" in told


def test_few_cases_a_day_are_not_told_as_none():
    few = replace(cases("urgency.listed", 0.012), where={})
    told = words(section("urgency", few, *READ[1:]))
    assert "0.012 come onto a list" in told


def test_each_of_two_tables_has_its_title_in_markdown():
    known = a_record()
    declared = {**known.prototype, "params": {"urgency": {"capacity": 10}}}
    record = replace(known, prototype=declared, findings=(*known.findings, *READ))
    page = markdown(compose(record, lang="en"))
    title = "Urgent cases to expect in a hundred days that are not read the same day"
    assert f"{title}\n\n| Read a day" in page


def test_where_more_comes_than_can_be_read_nobody_promises_a_longest_wait():
    why = say("more must be read, or less must come")
    over = Finding(check="urgency.guaranteed_wait", question="?", because=why)
    lead = section("waiting", *WAITED[:-1], over).blocks[0].text
    assert "nobody can promise: more must be read" in lead


def test_without_dates_the_page_says_what_is_missing_and_nothing_else():
    why = say("no held-out case has a date of arrival that can be read")
    told = section("waiting", Finding(check="urgency.wait", question="?", because=why))
    assert [b.text for b in told.blocks] == [
        "No held-out case has a date of arrival that can be read."
    ]


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_the_review_list_is_told_by_count_share_and_reason(lang):
    told = section("review", *LISTED, lang=lang)
    assert "100" in told.blocks[0].text
    (table,) = [b for b in told.blocks if b.block == "table"]
    assert [row[1] for row in table.rows] == ["80", "20"]


def test_where_a_limit_blocks_the_list_holds_every_document():
    told = section("review", *LISTED, record=a_record(accuracy=0.45, groups=False))
    assert "all 400 documents" in told.blocks[0].text
    assert len(told.blocks) == 1


def test_a_record_without_urgency_has_no_such_sections():
    assert [section(name) for name in ("urgency", "waiting", "review")] == [None] * 3
