"""Duties of transparency in a run: counted by hand, judged, and told in three languages."""

from dataclasses import replace

import pytest
from handmade_runs import evidence, make_run, outcome_table

from iagkit import flow
from iagkit.checks.transparency import DutyTold, Transparency
from iagkit.core.errors import DataError, DeclarationError
from iagkit.core.nouns import Gate
from iagkit.core.record import read, seal
from iagkit.flow.declared_again import prototype_of
from iagkit.flow.declaring import declare
from iagkit.flow.publishing import publish
from iagkit.flow.running import judge_and_seal
from iagkit.report.page import compose
from iagkit.report.write import html
from iagkit.wire import adapt
from iagkit.wire import declare as files

WHERE = {"country": "co", "branch": "local", "impact": "moderate"}
GIVEN = {"system.domain": "Atención de solicitudes"}


def with_duties(*told):
    run = make_run(outcome_table(20))
    held = {**evidence(), "duties": told}
    return replace(run, outcome=replace(run.outcome, evidence=held))


def declared(**told):
    run = make_run(outcome_table(60))
    return replace(run, prototype=replace(run.prototype, jurisdiction=WHERE, **told))


def answers(record, check):
    return {f.where.get("duty", ""): f for f in record.findings if f.check == check}


def test_only_what_applies_and_has_a_form_is_counted():
    found = {
        (f.check, f.where.get("duty")): f.estimate
        for f in Transparency()(
            with_duties(
                DutyTold(id="A", applies=True, fields=4, filled=4),
                DutyTold(id="B", applies=True, fields=6, filled=1),
                DutyTold(id="C", applies=True, fields=0, filled=0),
                DutyTold(id="D", applies=False, fields=9, filled=9),
            )
        )
    }
    whole, asked = (found[f"transparency.{name}", None] for name in ("documented", "fields"))
    assert (whole.value, whole.n, whole.low, whole.high) == (0.5, 2, 0.5, 0.5)
    assert (asked.value, asked.n) == (0.5, 10)
    assert found["transparency.duty", "B"].value == pytest.approx(1 / 6)
    assert found["transparency.duty", "D"] is None
    assert ("transparency.duty", "C") not in found


def test_without_a_duty_that_can_be_counted_nothing_is_known():
    told = Transparency()(with_duties(DutyTold(id="C", applies=True, fields=0, filled=0)))
    assert [f.estimate for f in told] == [None, None]


def test_a_run_that_declares_nothing_says_nothing_of_duties():
    record = judge_and_seal(make_run(outcome_table(60)), None)
    assert not [f for f in record.findings if f.check.startswith("transparency")]
    assert "duties" not in record.run
    assert "jurisdiction" not in record.prototype


def test_answers_document_more_and_stay_in_the_record():
    before = judge_and_seal(declared(), None)
    after = judge_and_seal(declared(answers=GIVEN), None)
    found = [answers(one, "transparency.fields")[""].estimate for one in (before, after)]
    assert found[1].value > found[0].value
    assert found[1].n == found[0].n > 0
    assert after.prototype["answers"] == GIVEN
    assert prototype_of(after).jurisdiction == WHERE
    assert prototype_of(after).answers == GIVEN
    told = publish(after, ["colombia-directiva-007"]).registers[0]
    assert GIVEN["system.domain"] in str(told.entries)


def test_a_gate_may_ask_for_it_and_is_judged():
    gate = Gate(check="transparency.fields", at_least=0.99, on_fail="note", reason={"en": "a test"})
    run = declared()
    policy = replace(run.prototype.policy, gates=(gate,))
    record = judge_and_seal(replace(run, prototype=replace(run.prototype, policy=policy)), None)
    assert [(v.check, v.result) for v in record.verdicts] == [("transparency.fields", "fail")]
    silent = replace(make_run(outcome_table(60)).prototype, policy=policy)
    other = judge_and_seal(replace(run, prototype=silent), None)
    assert [v.result for v in other.verdicts] == ["unknown"]


@pytest.mark.parametrize(
    ("lang", "title"),
    [("es", "¿Qué deberes"), ("pt", "Que deveres"), ("en", "Which duties of transparency")],
)
def test_the_page_names_each_duty_in_the_language_of_the_reader(lang, title):
    record = read(judge_and_seal(declared(), None).to_bytes())
    page = compose(record, lang=lang)
    section = next(s for s in page.sections if s.name == "transparency")
    assert section.title.startswith(title)
    table = next(b for b in section.blocks if b.block == "table")
    assert len(table.rows) == len(record.run["duties"]["told"]) > 5
    assert "Directiva Conjunta 007" in html(page)
    english = record.run["duties"]["told"][0]["obligations"]["en"]
    assert (english in html(page)) == (lang == "en")


def test_a_declaration_is_refused_before_anything_is_run(tmp_path):
    folder = tmp_path / "ours"
    adapt.copy("citizen-requests", folder)
    file = folder / "prototype.yaml"
    text = file.read_text(encoding="utf-8")
    file.write_text(text + "jurisdiction: {country: Colombia}\n", encoding="utf-8")
    with pytest.raises(DeclarationError, match="country"):
        files.prototype(file)
    (folder / "answers.yaml").write_text("legal.bases: Ley\n", encoding="utf-8")
    file.write_text(text + "answers: answers.yaml\n", encoding="utf-8")
    with pytest.raises(DataError, match="nobody asks"):
        declare(file, {}, 0)
    with pytest.raises(DataError, match="nobody asks"):
        flow.run(file, out=tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_nothing_of_a_record_changes_where_nothing_is_declared():
    run = make_run(outcome_table(60))
    told = seal(run, (), (), about={"iagkit": "0"})
    assert {"jurisdiction", "answers"}.isdisjoint(told.prototype)
