"""The plain files tell the same as the register, whatever people wrote into it."""

import csv
import dataclasses
import io
import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import OutputError
from iagkit.flow.publishing import publish
from iagkit.registers.exports import export
from iagkit.registers.exports.plain import document, escaped
from iagkit.registers.placeholders import is_placeholder
from iagkit.report.register_page import register_page

HOSTILE = {
    "formula": "=HYPERLINK(\"http://evil.example\")",
    "command": "@SUM(A1); -2+3",
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "table": "a | b | c\n| --- |\n# heading\n- item",
    "quotes": "\"quoted\", 'single', `code`, \\back\\",
    "right to left": "\u202eمرحبا\u202c abc",
    "emoji": "👩🏽‍⚖️ " * 40,
    "long": "palabra " * 700,
    "jinja": "{{ 7 * 7 }} {% for x in y %}",
}  # fmt: skip


@pytest.fixture(scope="module")
def hostile(demo):
    """One register, an answer of each hostile kind in it."""
    told = publish(demo, "uk-atrs")
    free = [
        e.field.id
        for e in told.registers[0].entries
        if e.state != "auto" and e.field.kind == "text" and "format" not in e.field.extra
    ]
    assert len(free) > len(HOSTILE)
    answers = {
        f"uk-atrs/{field}": text.strip()
        for field, text in zip(free, HOSTILE.values(), strict=False)
    }
    return publish(demo, "uk-atrs", answers=answers), answers


def files_of(told):
    (filled,) = told.registers
    files = export(filled, told.record)
    page = register_page(document(filled, told.record))
    return {name.rpartition(".")[2]: content.decode("utf-8-sig") for name, content in files.items()
            if name.startswith("uk-atrs.") and name.count(".") == 1} | {"html": page}  # fmt: skip


def test_json_holds_every_answer_whole(hostile):
    told, answers = hostile
    fields = {f"uk-atrs/{f['id']}": f for f in json.loads(files_of(told)["json"])["fields"]}
    assert {key: fields[key]["value"] for key in answers} == answers
    assert {fields[key]["state"] for key in answers} == {"human"}


def test_csv_can_be_read_back_and_no_cell_is_a_formula(hostile):
    told, answers = hostile
    rows = list(csv.DictReader(io.StringIO(files_of(told)["csv"], newline="")))
    assert [f"uk-atrs/{row['id']}" for row in rows if f"uk-atrs/{row['id']}" in answers]
    assert len(rows) == len(told.registers[0].profile.fields)
    for row in rows:
        for cell in row.values():
            assert not re.search(r"(?:^|[;\t\r\n])\s*[=+\-@]", cell), cell


def test_the_page_runs_nothing_and_shows_everything(hostile):
    told, _ = hostile
    page = files_of(told)["html"]
    assert "<script" not in page
    assert "onerror=alert(1)&gt;" in page
    assert not re.search(r"<[^>]+onerror", page)
    assert "{{ 7 * 7 }}" in page
    assert page.count("palabra") == 700
    assert "default-src &#39;none&#39;" in page or "default-src 'none'" in page


def test_markdown_draws_words_and_no_markup(hostile):
    told, _ = hostile
    page = files_of(told)["md"]
    assert "\\<script\\>" in page
    assert "<script>" not in page
    assert page.count("palabra") == 700


@given(st.text(max_size=80))
def test_a_text_in_markdown_stays_on_its_line(text):
    assert "\n" not in escaped(text)
    assert not escaped(text).startswith(("#", ">", "- ", "+ ", "="))


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_the_same_record_gives_the_same_bytes(demo, lang):
    once, again = (publish(demo, "model-card", lang=lang) for _ in range(2))
    assert export(once.registers[0], demo) == export(again.registers[0], demo)


def test_what_must_be_read_first_stands_first_in_every_file(demo):
    failed = dataclasses.replace(demo.verdicts[0], result="fail", on_fail="block")
    record = dataclasses.replace(demo, verdicts=(failed, *demo.verdicts[1:]))
    files = files_of(publish(record, "uk-atrs"))
    said = "A blocking limit of the policy failed"
    assert said in json.loads(files["json"])["warnings"][0]
    assert said in files["md"].split("##")[0]
    assert files["html"].index(said) < files["html"].index("<table")


def test_profile_version_and_whether_it_was_verified_travel_with_every_file(demo):
    told = publish(demo, "all", override="a test of all of them")
    for filled in told.registers:
        whole = document(filled, demo)
        assert whole["profile"]["version"] == filled.profile.version
        assert whole["profile"]["verified"] == filled.profile.verified
        assert bool(whole["override"]) == (filled.profile.verified == "no")
        text = export(filled, demo)[f"{filled.profile.id}.md"].decode()
        assert escaped(filled.profile.version) in text


def test_no_file_of_any_register_holds_a_placeholder(any_record):
    told = publish(any_record, "all", lang="es", override="a test of all of them")
    for filled in told.registers:
        for field in document(filled, any_record)["fields"]:
            values = field["value"] if isinstance(field["value"], list) else [field["value"]]
            assert not any(is_placeholder(value) for value in values), field["id"]


def test_files_are_put_in_place_with_the_record_beside_them(demo_file, tmp_path):
    out = tmp_path / "published"
    told = publish(demo_file, ["uk-atrs", "nyc-ll35"], out=out, lang="pt")
    assert {path.name for path in told.paths} >= {
        f"{name}.{kind}"
        for name in ("uk-atrs", "nyc-ll35")
        for kind in ("json", "csv", "md", "html")
    }  # fmt: skip
    assert all(path.is_file() for path in told.paths)
    assert (out / "record.json").read_bytes() == demo_file.read_bytes()
    publish(demo_file, "nyc-ll35", out=out)
    assert not (out / "uk-atrs.json").exists()


def test_the_folder_of_the_run_is_never_moved_aside(demo_file):
    for out in (demo_file.parent, demo_file.parent.parent):
        with pytest.raises(OutputError):
            publish(demo_file, "nyc-ll35", out=out)
    assert demo_file.is_file()
