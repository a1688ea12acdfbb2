"""Which duties concern a system: declared, undeclared, and what is never counted."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import OutputError, UsageError
from iagkit.flow import duties as flow
from iagkit.registers.duties import COUNTRIES, OPEN, PARTS, REGIONS, Jurisdiction, duties
from iagkit.registers.profiles import profile_names
from iagkit.wire.register_files import frameworks

PUBLISHED = Path("audits/records/citizen-requests")


def ids(applies, **declared):
    return {one.id for one in duties(Jurisdiction(**declared)) if one.applies == applies}


def test_every_entry_of_the_reference_is_read_and_its_place_and_forms_are_known():
    entries = frameworks()
    assert [one.id for one in entries] == [f"F{n:02}" for n in range(1, 51)]
    places = {*COUNTRIES.values(), *PARTS, *REGIONS, OPEN}
    assert {e.country for e in entries if not e.country.startswith("Global")} <= places
    assert {name for e in entries for name in e.record_profiles} <= set(profile_names())


def test_a_country_has_its_own_its_regions_and_the_worlds():
    chile = ids("yes", country="cl", branch="executive", impact="high")
    assert {"F01", "F02", "F33", "F37"} <= chile
    assert not chile & {"F05", "F09", "F29", "F41", "F43"}
    assert "F29" in ids("yes", country="jm")
    assert "F41" in ids("yes", country="nl", impact="high")


def test_bills_and_what_was_revoked_are_no_duties():
    assert not {"F03", "F06", "F07", "F28"} & {one.id for one in duties(Jurisdiction())}


def test_the_rules_of_courts_concern_courts_and_what_is_not_declared_is_unknown():
    assert "F05" in ids("yes", country="br", branch="judiciary")
    assert "F05" in ids("unknown", country="br")
    assert "F05" not in {d.id for d in duties(Jurisdiction(country="br", branch="local"))}


def test_duties_of_high_impact_depend_on_the_impact_that_was_declared():
    assert "F45" in ids("unknown", country="nl")
    assert "F45" not in {d.id for d in duties(Jurisdiction(country="nl", impact="low"))}


def test_nothing_declared_leaves_only_the_worlds_certain():
    assert ids("yes") == {"F37", "F38", "F50"}


@pytest.mark.parametrize("wrong", [{"country": "chile"}, {"branch": "court"}, {"impact": "x"}])
def test_a_value_that_nobody_knows_is_refused(wrong):
    with pytest.raises(UsageError, match="expected a"):
        Jurisdiction(**wrong)


def test_what_was_not_verified_is_never_documented_nor_missing(pytestconfig):
    place = Jurisdiction(country="uy", branch="executive", impact="high")
    told = flow.audit(pytestconfig.rootpath / PUBLISHED, place)
    unread = [one for one in told if one.duty.verified == "no"]
    assert {"F21", "F38", "F50"} <= {one.duty.id for one in unread}
    assert {(one.state, one.counted) for one in unread} == {("unknown", False)}
    assert all(one.duty.applies == "yes" for one in told if one.counted)


def test_an_answer_documents_and_a_proposal_does_not(pytestconfig):
    place = Jurisdiction(country="cl")
    run = pytestconfig.rootpath / PUBLISHED
    before = {one.duty.id: one for one in flow.audit(run, place)}
    after = {
        one.duty.id: one
        for one in flow.audit(run, place, answers={"legal.basis": "Code, article 12"})
    }
    assert after["F01"].filled > before["F01"].filled
    assert after["F01"].fields == before["F01"].fields
    assert before["F01"].state == "missing"


@pytest.mark.parametrize(
    ("lang", "words"), [("es", "asesoría"), ("pt", "assessoria"), ("en", "legal advice")]
)
def test_the_command_says_that_it_is_no_legal_advice(pytestconfig, lang, words):
    run = str(pytestconfig.rootpath / PUBLISHED)
    told = CliRunner().invoke(app, ["duties", run, "--country", "CO", "--lang", lang])
    assert told.exit_code == 0
    assert words in told.stdout.splitlines()[0]
    assert "F09" in told.stdout
    facts = CliRunner().invoke(app, ["duties", run, "--country", "co", "--lang", lang, "--json"])
    read = json.loads(facts.stdout)
    assert words in read["note"]
    assert read["counted"]["n"] == sum(one["counted"] for one in read["duties"])


def test_duties_are_written_again_and_never_over_a_run(pytestconfig, tmp_path):
    run = tmp_path / "run"
    shutil.copytree(pytestconfig.rootpath / PUBLISHED, run)
    held = sorted(path.name for path in run.iterdir())
    asked = ["duties", str(run), "--country", "co", "--out"]
    for _ in range(2):
        told = CliRunner().invoke(app, [*asked, str(tmp_path / "duties")])
        assert told.exit_code == 0, told.output
    assert {p.name for p in (tmp_path / "duties").iterdir()} == {"duties.html", "duties.json"}
    told = CliRunner().invoke(app, [*asked, str(run)])
    assert isinstance(told.exception, OutputError)
    assert sorted(path.name for path in run.iterdir()) == held
