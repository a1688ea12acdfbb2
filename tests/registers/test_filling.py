"""A record fills every profile as far as it honestly can, and says who owes the rest."""

import dataclasses
import json

import pytest

from iagkit import flow
from iagkit.core.errors import DataError, IntegrityError, UsageError
from iagkit.core.judge import blocked_by
from iagkit.flow.publishing import publish, system_record
from iagkit.registers.answers import check
from iagkit.registers.filling import fill
from iagkit.registers.placeholders import is_placeholder
from iagkit.registers.profiles import load_profile, profile_names

LANGS = ("es", "pt", "en")


def value(told, register, field):
    (filled,) = (f for f in told.registers if f.profile.id == register)
    return filled.entry(field)


@pytest.mark.parametrize("lang", LANGS)
def test_every_profile_is_filled_from_each_kind_of_record_without_placeholders(any_record, lang):
    told = publish(any_record, "all", lang=lang, override="to see all of them in a test")
    assert len(told.registers) == 28
    for filled in told.registers:
        for entry in filled.entries:
            assert (entry.value is None) == (entry.state in ("missing", "blocked"))
            if entry.value is not None:
                assert not is_placeholder(entry.value.content), (filled.profile.id, entry.field.id)
            if entry.state == "missing" and entry.field.required == "yes":
                assert entry.owed_by, (filled.profile.id, entry.field.id)


def test_evidence_is_copied_with_the_digest_and_the_place_it_stands_in(demo):
    told = publish(demo, "uk-atrs")
    title, metrics = value(told, "uk-atrs", "0.1"), value(told, "uk-atrs", "2.4.2.7")
    assert title.state == "auto"
    assert title.value.content == "Citizen requests to the office that can answer"
    assert title.value.source == f"record {demo.digest}: prototype.title"
    accuracy = demo.find("performance.accuracy").estimate
    assert f"{accuracy.value:.1%} (83.8–87.3%; n\N{NO-BREAK SPACE}=\N{NO-BREAK SPACE}1,761)" in (
        metrics.value.content
    )


def test_numbers_never_travel_without_their_cases(any_record):
    system = system_record(any_record, None, "en")
    for concept in ("perf.metrics", "fair.by_group", "data.quality", "fair.representativeness"):
        for line in system.values[concept].content if concept in system.values else ():
            assert "n\N{NO-BREAK SPACE}=" in line or not any(c.isdigit() for c in line), line


def test_what_no_evidence_shows_is_owed_and_not_invented(demo):
    system = system_record(demo, None, "en")
    for concept in ("legal.basis", "org.name", "system.phase", "rights.affected", "org.contact",
                    "human.training", "data.collection", "system.benefits"):  # fmt: skip
        assert concept not in system.values


def test_a_contact_that_was_never_written_is_no_contact(demo):
    assert "write address" in demo.prototype["human_role"]["contact"]["en"]
    assert "org.contact" not in system_record(demo, None, "en").values


def test_an_audit_says_nothing_of_what_the_system_is(audited):
    system = system_record(audited, None, "es")
    assert {"system.name", "system.purpose", "model.type", "arch.code"}.isdisjoint(system.values)
    assert "puntos porcentuales" in system.values["fair.by_group"].content[0]


def test_what_a_declaration_says_is_proposed_because_a_person_answers_for_it(demo):
    system = system_record(demo, None, "pt")
    for concept in ("system.purpose", "system.out_of_scope", "people.appeal", "human.oversight"):
        assert system.values[concept].kind == "draft"
    assert system.values["system.purpose"].content == demo.prototype["intended_use"]["pt"]


def test_an_answer_fills_every_register_that_asks_it(demo):
    told = publish(demo, "all", answers={"legal.basis": "Ley 1755 de 2015"})
    places = {
        f"{filled.profile.id}/{entry.field.id}": entry
        for filled in told.registers
        for entry in filled.entries
        if entry.concepts == ("legal.basis",)
    }
    plain = [e.field for e in places.values() if "format" not in e.field.extra]
    texts = [e for e in places.values() if e.field in plain and e.field.kind == "text"]
    assert len({name.partition("/")[0] for name in places}) > 5
    assert {e.state for e in texts} == {"human"}
    assert {e.value.content for e in texts} == {"Ley 1755 de 2015"}
    assert "legal.basis" not in {one.key for one in told.owed}


def test_an_answer_takes_the_place_of_a_proposal_and_true_confirms_it(demo):
    answers = {"system.purpose": "Repartir solicitudes", "system.out_of_scope": True}
    told = publish(demo, "model-card", answers=answers)
    scope = value(told, "model-card", "iu.out_of_scope")
    assert scope.state == "human"
    assert scope.value.content == demo.prototype["not_for"]["en"]
    assert scope.value.source.startswith("answers; record ")
    assert not scope.owed_by
    assert value(told, "model-card", "iu.primary_uses").value.content == "Repartir solicitudes"


def test_there_is_nothing_to_confirm_where_nothing_is_proposed(demo):
    with pytest.raises(DataError, match="expected a proposal to confirm"):
        publish(demo, "uk-atrs", answers={"legal.basis": True})
    with pytest.raises(DataError, match="expected a proposal to confirm"):
        publish(demo, "uk-atrs", answers={"uk-atrs/2.1.1": True})


@pytest.mark.parametrize("key", ["data.digest", "perf.metrics", "uk-atrs/0.1"])
def test_evidence_is_not_edited_by_an_answer(demo, key):
    with pytest.raises(DataError, match="evidence is not edited"):
        publish(demo, "uk-atrs", answers={key: "something nicer"})


def test_a_choice_is_answered_once_and_spelt_as_each_standard_does(demo):
    told = publish(
        demo, ["uk-atrs", "colombia-directiva-007", "brazil-cnj-615"],
        answers={"system.phase": "production"},
    )  # fmt: skip
    assert value(told, "uk-atrs", "0.3").value.content == "Production"
    assert value(told, "colombia-directiva-007", "estado").value.content == "en uso"
    assert value(told, "brazil-cnj-615", "estagio").value.content == "produção"


def test_a_text_over_a_limit_is_kept_back_whole_naming_field_and_limit(demo):
    long = "a " * 300
    told = publish(demo, "nl-algorithm-register", answers={"system.summary_short": long.strip()})
    entry = value(told, "nl-algorithm-register", "description_short")
    assert entry.state == "blocked"
    assert entry.value is None
    assert str(entry.because) == (
        "field description_short holds at most 399 characters, and there are 599; a person "
        "shortens it"
    )
    (debt,) = (one for one in told.owed if one.task == "shorten")
    assert debt.key == "nl-algorithm-register/description_short"
    short = {"system.summary_short": long.strip(), debt.key: "Reparte solicitudes"}
    told = publish(demo, "nl-algorithm-register", answers=short)
    assert value(told, "nl-algorithm-register", "description_short").state == "human"


def test_a_profile_nobody_verified_is_blocked_and_a_reason_is_told_with_it(demo):
    system = system_record(demo, None, "en")
    for override in (None, "", "  "):
        with pytest.raises(UsageError, match="'uruguay-eia' was written from memory"):
            fill(load_profile("uruguay-eia"), system, override=override)
    told = publish(demo, "uruguay-eia", override="asked for by the ministry")
    assert told.registers[0].override == "asked for by the ministry"
    assert told.to_json()["registers"][0]["override"] == "asked for by the ministry"
    assert "asked for by the ministry" in told.to_json()["registers"][0]["warnings"][0]


def test_all_leaves_out_what_nobody_verified_and_names_it(demo):
    told = publish(demo, "all")
    unverified = {n for n in profile_names() if load_profile(n).verified == "no"}
    assert set(told.skipped) == unverified
    assert {f.profile.id for f in told.registers} == set(profile_names()) - unverified
    assert all(f.override is None for f in told.registers)


def test_completeness_adds_up_and_required_fields_are_counted_apart(demo):
    for filled in publish(demo, "all").registers:
        for required in (True, False):
            n = filled.completeness(required=required)
            assert n.auto + n.draft + n.human + n.missing + n.blocked == n.fields
            assert (n.share is None) == (n.fields == 0)
        whole = filled.completeness(required=False)
        assert whole.fields == len(filled.profile.fields)


def test_what_is_owed_goes_to_a_role_and_stands_once(demo):
    told = publish(demo, "all")
    keys = [(one.role, one.key, one.task) for one in told.owed]
    assert len(keys) == len(set(keys))
    roles = {one.key: one.role for one in told.owed}
    assert roles["legal.basis"] == "legal"
    assert roles["data.collection"] == "data"
    assert roles["supplier.involved"] == "procurement"
    assert roles["data.access"] == "privacy"
    assert roles["people.notice"] == "citizens"


def test_fewer_things_are_owed_the_more_is_answered(demo):
    answers = {"legal.basis": "Ley", "org.name": "Alcaldía", "rights.affected": ["petición"]}
    before, after = publish(demo, "all"), publish(demo, "all", answers=answers)
    assert {one.key for one in before.owed} - {one.key for one in after.owed} == set(answers)


def test_a_blocking_limit_that_failed_is_told_first(demo):
    failed = [dataclasses.replace(demo.verdicts[0], result="fail", on_fail="block")]
    record = dataclasses.replace(demo, verdicts=(*failed, *demo.verdicts[1:]))
    assert blocked_by(record.verdicts)
    told = publish(record, "uk-atrs", lang="es").to_json()
    assert told["blocking_limits_failed"] == ["performance.accuracy"]
    assert told["registers"][0]["warnings"][0].startswith("No se cumplió un límite")


def test_a_record_of_a_newer_format_is_refused(demo):
    newer = dataclasses.replace(demo, about={**demo.about, "format": "iagkit-record/99"})
    with pytest.raises(IntegrityError, match="iagkit-record/99"):
        publish(newer, "uk-atrs")


def test_a_record_that_was_changed_is_refused(demo_file, tmp_path):
    changed = tmp_path / "record.json"
    changed.write_bytes(demo_file.read_bytes().replace(b"citizen-requests", b"citizen-reqvests", 1))
    with pytest.raises(IntegrityError):
        publish(changed, "uk-atrs")


def test_it_is_the_same_from_python_and_from_the_flow(demo):
    import iagkit

    assert iagkit.publish is flow.publish
    told = iagkit.publish(demo, "nyc-ll35", answers=check({"org.unit": "Atención"}))
    json.dumps(told.to_json())


def test_a_register_is_as_complete_in_one_language_as_in_another(any_record):
    counts = [
        [one.completeness() for one in publish(any_record, "all", lang=lang).registers]
        for lang in LANGS
    ]
    assert counts[0] == counts[1] == counts[2]
