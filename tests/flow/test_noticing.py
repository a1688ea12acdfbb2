"""The notice: what is known, what is not, who decides, how to contest; in plain words."""

import json
import re
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from iagkit.cli.app import app
from iagkit.core.errors import DataError, OutputError
from iagkit.flow.noticing import STEPS, lines, notice
from iagkit.flow.proving import record_in
from iagkit.flow.publishing import publish
from iagkit.report.notice import texts
from iagkit.report.write import html
from iagkit.text import readability

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tests" / "report"))
DEMO = ROOT / "audits" / "records" / "citizen-requests"
DOCUMENTS = ROOT / "audits" / "records" / "document-triage"


def told(record, lang="en", **given):
    return "\n".join(texts(notice(record, lang=lang, **given).pages[lang]))


def test_numbers_are_those_of_the_record_with_cases_and_interval():
    record = record_in(DEMO)
    found = record.find("performance.accuracy").estimate
    said = (
        f"on {found.n:,} cases it had not seen. Of 100 answers, {100 * found.value:.0f} were right "
        f"(between {100 * found.low:.0f} and {100 * found.high:.0f})."
    )
    assert said in told(record)


def test_groups_that_were_not_compared_are_said_to_be_unknown():
    assert "We do not know whether it works as well for some" in told(record_in(DOCUMENTS))
    assert "“Ribera Sur”" in told(record_in(DEMO))


def test_a_record_without_the_measure_says_that_nobody_knows():
    bare = replace(record_in(DEMO), findings=(), verdicts=())
    assert "We do not know how often it is right." in told(bare)
    assert "We do not know how many cases a person decides." in told(bare)


def test_a_system_that_failed_leaves_every_case_to_a_person():
    record = record_in(DEMO)
    failed = tuple(replace(v, result="fail") for v in record.verdicts)
    assert "A person decides every case." in told(replace(record, verdicts=failed))


def test_a_placeholder_is_no_contact_and_an_answer_is():
    record = record_in(DEMO)
    assert "has not said yet whom to ask" in told(record)
    page = html(
        notice(record, answers={"org.contact": "Calle 5 <b>", "org.name": "Alcaldía"}).pages["es"]
    )
    assert "Calle 5 &lt;b&gt;" in page
    assert "Aviso público · Alcaldía" in page
    assert "escriba aquí" not in page


def test_a_log_and_an_audit_have_a_notice_of_their_own():
    from made_up_audit import an_audit
    from made_up_process import a_process

    assert "It decides no case." in told(a_process())
    assert "does not tell who decides" in told(an_audit())


@pytest.mark.parametrize("folder", [DEMO, DOCUMENTS])
def test_our_own_sentences_read_fairly_easily_in_each_language(folder):
    ease = notice(record_in(folder)).ease
    assert ease["es"].own.value >= 65
    assert ease["pt"].own.value >= 50
    assert ease["en"].own.value >= 70
    assert all(one.whole.low < one.whole.value < one.whole.high for one in ease.values())


def test_the_command_prints_the_measure_and_writes_three_languages(tmp_path):
    done = CliRunner().invoke(app, ["notice", str(DEMO), "--out", str(tmp_path / "n"), "--json"])
    facts = json.loads(done.stdout)
    assert {Path(p).name for p in facts["paths"]} == {
        "notice.html", "notice.es.html", "notice.pt.html", "notice.en.html",
    }  # fmt: skip
    assert facts["readability"]["es"]["whole"]["n"] > 10
    assert facts["readability"]["es"]["huerta"]["value"] > 0


def test_the_folder_of_the_run_is_not_moved_aside():
    with pytest.raises(OutputError, match="holds the run itself"):
        notice(DEMO, out=DEMO)


def test_publishing_a_register_publishes_the_notice_too(tmp_path):
    done = publish(DEMO, "uk-atrs", lang="pt", out=tmp_path / "p")
    assert {"notice.html", "notice.es.html"} <= {path.name for path in done.paths}
    assert 'lang="pt-BR"' in (tmp_path / "p" / "notice.html").read_text()[:200]


def test_groups_go_by_what_the_card_calls_their_column():
    record = record_in(DEMO)
    said = told(record, "es")
    assert "Grupo de edad: " in said
    assert "age_band" not in said
    bare = replace(record, dataset={**record.dataset, "columns": []})
    assert "age band: " in told(bare)


def test_a_log_without_groups_says_that_nobody_compared_them():
    from made_up_process import a_process

    log = a_process()
    gaps = tuple(f for f in log.findings if not f.check.endswith(".gap"))
    assert "Nobody told the test which groups to compare" in told(replace(log, findings=gaps))


def test_answers_that_contradict_the_evidence_make_no_notice():
    with pytest.raises(DataError, match="evidence is not edited"):
        notice(DEMO, answers={"model.type": "a better model"})


def test_the_measure_is_told_in_the_language_of_who_asked():
    ease = notice(DEMO).ease
    assert set(STEPS) == {name for one in readability.FORMULAS.values() for _, name in one.steps}
    first = next(lines(ease, "pt"))
    assert re.match(r"es: \d\d \(\d\d a \d\d\), \w+ ?\w*; \d\d frases; sem o que a", first)
    assert "sentences; without what the institution wrote" in next(lines(ease))
