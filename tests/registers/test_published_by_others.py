"""A register that others published: what is blank, what says nothing; on rows made by hand."""

import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import DataError
from iagkit.registers.published import answer, count_us, us_fields

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


def test_long_headers_are_read_and_told_and_unknown_ones_are_left_out():
    told = count_us(
        ["Stage of Development", "Is the AI use case high-impact?", "Colour"],
        [{"Stage of Development": "Deployed", "Is the AI use case high-impact?": "High-impact"}],
    )
    assert told.high_impact == 1
    assert "column 'Stage of Development' was read as development_stage" in told.remarks
    assert any("Colour" in one for one in told.remarks)


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


def test_another_kind_is_refused(tmp_path):
    told = CliRunner().invoke(app, ["audit-register", str(tmp_path / "x"), "--kind", "eu"])
    assert told.exit_code != 0
