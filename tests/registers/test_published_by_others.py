"""A register that others published: what is blank, what says nothing; on rows made by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import DataError
from iagkit.flow.published_registers import count_folder, to_json
from iagkit.registers.profiles import load_profile
from iagkit.registers.published import answer, count_us, us_fields
from iagkit.registers.published_atrs import answers_in, count_atrs
from iagkit.registers.published_rules import us_rules
from iagkit.report.completeness_page import lines

SAFEGUARDS = ["hi_testing_conducted", "hi_failsafe_presence"]
HEADER = ["id", "development_stage", "is_high_impact", *SAFEGUARDS]


def row(stage, impact, *safeguards):
    return dict(zip(HEADER, ("X-1", stage, impact, *safeguards), strict=True))


def test_the_dictionary_gives_36_columns_nine_of_them_safeguards():
    known = us_fields()
    assert len(known) == 36
    assert sum(name.startswith("hi_") for name in known) == 9
    assert known["use_case_name"] == "Use Case Name"


@pytest.mark.parametrize(
    ("value", "kind"),
    [(None, "blank"), (" \n", "blank"), ("N/A", "boilerplate"), ("tbd", "boilerplate"),
     ("No", "filled"), ("Yes", "filled"), ("b) Not applicable", "filled")],
)  # fmt: skip
def test_an_answer_is_counted_as_what_it_is(value, kind):
    assert answer(value) == kind


def test_only_deployed_uses_of_high_impact_owe_safeguards():
    told = count_us(
        HEADER,
        [
            row("Deployed", "High-impact", "", "TBD"),
            row("c) Deployed – The use case is being used", "a) High-impact", "a) Yes", ""),
            row("Pre-deployment", "High-impact", "", ""),
            row("Deployed", "Not High-impact", "", ""),
            row("Deployed", "Presumed High-Impact, but Not High-impact", "", ""),
        ],
    )
    assert (told.rows, told.high_impact, told.none_filled) == (5, 2, 1)
    testing, failsafe = told.safeguards
    assert (testing.n, testing.blank, testing.boilerplate, testing.filled) == (2, 1, 0, 1)
    assert (failsafe.n, failsafe.blank, failsafe.boilerplate, failsafe.filled) == (2, 1, 1, 0)


def test_the_dictionary_tells_when_each_field_is_due():
    rules = us_rules()
    assert len(rules) == len(us_fields())
    assert all(rules[name].high_impact for name in rules if name.startswith("hi_"))
    assert sum(rule.high_impact for rule in rules.values()) == 9
    assert rules["topic_area"].stages == {"pre-deployment", "pilot", "deployed"}
    assert rules["vendor_name"].stages == {"pilot", "deployed"}
    assert rules["development_stage"].stages == frozenset()
    assert not rules["link_to_data"].required


@pytest.mark.parametrize(
    ("name", "more", "due"),
    [("topic_area", {"development_stage": "d) Retired – it was reported"}, False),
     ("topic_area", {"development_stage": "Pilot"}, True),
     ("topic_area", {"development_stage": ""}, None),
     ("has_pii", {"development_stage": "Pre-deployment"}, False),
     ("hi_appeal_process", {"is_high_impact": ""}, None),
     ("hi_appeal_process", {"is_high_impact": "", "development_stage": "Pilot"}, False),
     ("hi_appeal_process", {"is_high_impact": "c) Not high-impact"}, False),
     ("vendor_name", {"contracting_usage": "a) Purchased from a vendor"}, True),
     ("vendor_name", {"contracting_usage": "In-house Development"}, False),
     ("system_name_ato", {"have_ato": "No"}, False),
     ("HI_justification", {"is_high_impact": "Presumed High-Impact, but Not High-impact"}, True),
     ("HI_justification", {}, False)],
)  # fmt: skip
def test_a_field_is_due_where_its_conditions_hold_and_unknown_where_they_are_blank(name, more, due):
    row = {"development_stage": "Deployed", "is_high_impact": "High-impact", **more}
    assert us_rules()[name].due(row) is due


def test_a_blank_that_is_not_due_is_no_fault():
    header = ["development_stage", "is_high_impact", "has_pii", "link_to_data"]
    cells = [("Deployed", ""), ("Pilot", "Yes"), ("Retired", ""), ("", "")]
    rows = [dict(zip(header, (stage, "x", pii, ""), strict=True)) for stage, pii in cells]
    told = {one.id: one for one in count_us(header, rows).fields}
    pii = told["has_pii"]
    assert (pii.n, pii.not_due, pii.unclear, pii.blank, pii.filled) == (2, 1, 1, 1, 1)
    assert pii.unanswered.value == 0.5
    # Wilson by hand: (1 + z²/2 ± z √(1/2 + z²/4)) / (2 + z²) with z = 1.959964
    assert (pii.unanswered.low, pii.unanswered.high) == pytest.approx((0.0945, 0.9055), abs=1e-4)
    assert (told["link_to_data"].required, told["link_to_data"].n) == (False, 4)


@given(
    st.lists(st.tuples(*(st.sampled_from(["", "Deployed", "Retired", "High-impact", "N/A"]),) * 3))
)
def test_every_use_owes_a_field_does_not_or_is_unclear(cells):
    header = ["development_stage", "is_high_impact", "hi_appeal_process"]
    rows = [dict(zip(header, one, strict=True)) for one in (*cells, ("", "", ""))]
    told = count_us(header, rows)
    for one in (*told.fields, *told.safeguards):
        assert one.n + one.not_due + one.unclear == len(rows)
        assert one.blank + one.boilerplate + one.filled == one.n
        assert (one.unanswered is None) == (one.n == 0)


def test_long_headers_are_read_and_told_and_unknown_ones_are_left_out():
    told = count_us(
        ["Stage of Development", "Is the AI use case high-impact?", "Colour"],
        [{"Stage of Development": "Deployed", "Is the AI use case high-impact?": "High-impact"}],
    )
    assert told.high_impact == 1
    names = [(one.kind, one.column, one.name) for one in told.remarks]
    assert ("renamed", "Stage of Development", "development_stage") in names
    assert ("unknown", "Colour", "") in names
    assert ("absent", "hi_appeal_process", "") in names


def test_a_table_of_something_else_is_refused():
    with pytest.raises(DataError, match="there is no development_stage"):
        count_us(["a", "b"], [{"a": "1", "b": "2"}])


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252"])
def test_the_command_reads_a_file_and_counts(tmp_path, encoding):
    file = tmp_path / "inventory.csv"
    text = "id,development_stage,is_high_impact,hi_appeal_process\nÑ-1,Deployed,High-impact,\n"
    file.write_bytes(text.encode(encoding))
    told = CliRunner().invoke(app, ["audit-register", str(file), "--lang", "en"])
    assert told.exit_code == 0
    assert "hi_appeal_process: 1 blank" in told.stdout
    assert "of 1 that owe it" in told.stdout
    assert "unanswered: 100.0%" in told.stdout


@pytest.mark.parametrize(
    ("lang", "told"),
    [("es", "la columna 'Colour' no se cuenta"), ("pt", "a coluna 'Colour' não é contada"),
     ("en", "column 'Colour' is not counted")],
)  # fmt: skip
def test_remarks_are_told_in_the_language_that_was_asked_for(lang, told):
    header = ["development_stage", "is_high_impact", "Colour"]
    found = count_us(header, [dict.fromkeys(header, "Deployed")])
    assert any(line.startswith(told) for line in lines(to_json(found, "us-omb-2025"), lang))


def test_another_kind_is_refused(tmp_path):
    told = CliRunner().invoke(app, ["audit-register", str(tmp_path / "x"), "--kind", "eu"])
    assert told.exit_code != 0


PAGE = """<h2>Tier 1</h2><h3>1.1 - Name</h3><p>Permit helper</p><h3>1.2 - Description</h3>
<p>It proposes.</p><p>A person decides.</p><h3>1.3 - Website URL</h3><p>N/A</p>
<table><tr><td>2.3.2 - Human review</td><td>Every case</td></tr></table>
<h3>2.3.5 - Appeals and review</h3><h3>2.4.4.2 - Sensitive attributes</h3><p>None held</p>"""
SHEET = """Tier,Section,Number,Field,Response
1,Title,1.1,Name,Other tool
1,Title,1.2,Description,
2,Context,2.3.2,Human review,TBD
2,Model,2.4.2.1,Model name,bert
"""


def test_an_atrs_page_is_read_field_by_field_by_name_and_number():
    rows = [["1.1 - Name"], ["Permit"], ["helper"], ["2.4.4.2 – Sensitive attributes"], ["no"],
            ["2.3.2 - Human review Every case"], ["Appeals and review"], ["Tier 2"]]  # fmt: skip
    assert answers_in(rows, load_profile("uk-atrs")) == {
        "1.1": "Permit helper", "2.4.4.2": "no", "2.3.2": "Every case", "2.3.5": "",
    }  # fmt: skip


def test_atrs_records_of_a_folder_are_counted_and_what_is_none_is_told(tmp_path):
    (tmp_path / "a.html").write_text(PAGE, encoding="utf-8")
    (tmp_path / "b.csv").write_text(SHEET, encoding="utf-8")
    (tmp_path / "notes.txt").write_text("nothing of this kind", encoding="utf-8")
    told = count_folder(tmp_path)
    count = {one.id: one for one in (*told.safeguards, *told.fields)}
    assert (told.rows, told.none_filled) == (2, 1)
    assert [r.column for r in told.remarks if r.kind == "unread"] == ["notes.txt"]
    review, appeals = count["2.3.2 Human review"], count["2.3.5 Appeals and review"]
    assert (review.blank, review.boilerplate, review.filled) == (0, 1, 1)
    assert (appeals.blank, appeals.filled) == (2, 0)
    assert (count["1.2 Description"].blank, count["1.2 Description"].filled) == (1, 1)
    model = count["2.4.2.1 Model name"]
    assert (model.n, model.unclear, model.filled) == (1, 1, 1)
    assert appeals.unanswered.low > 0.3
    assert appeals.unanswered.high == 1.0


@pytest.mark.parametrize("version", ["uk-atrs", "uk-atrs-v3"])
def test_every_field_of_a_record_that_answers_all_is_filled(version):
    fields = [f for f in load_profile(version).fields if not f.id.startswith("algorithmic_")]
    rows = [cells for f in fields for cells in ([f"{f.id} - {f.name}"], [f"told of {f.id}"])]
    told = count_atrs({"one": rows})
    each = (*told.safeguards, *told.fields)
    assert [one.filled for one in each] == [1] * len(fields)
    assert told.none_filled == 0


def test_a_folder_without_records_is_refused(tmp_path):
    (tmp_path / "letter.txt").write_text("Dear all", encoding="utf-8")
    with pytest.raises(DataError, match="names of its fields"):
        count_folder(tmp_path)
    with pytest.raises(DataError, match="expected a folder"):
        count_folder(tmp_path / "letter.txt")


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_counts_are_written_as_page_table_and_data(tmp_path, lang):
    (tmp_path / "in").mkdir()
    (tmp_path / "in/a.html").write_text(PAGE, encoding="utf-8")
    out = tmp_path / "out"
    told = CliRunner().invoke(
        app, ["audit-register", str(tmp_path / "in"), "--out", str(out), "--lang", lang]
    )
    assert told.exit_code == 0, told.output
    assert {path.name for path in out.iterdir()} == {
        "completeness.html", "completeness.csv", "completeness.json",
    }  # fmt: skip
    page = (out / "completeness.html").read_text(encoding="utf-8")
    assert "2.3.5 Appeals and review" in page
    assert ("Blank where it is owed" in page) == (lang == "en")
    assert (out / "completeness.csv").read_text(encoding="utf-8").startswith("id,required,n,")
