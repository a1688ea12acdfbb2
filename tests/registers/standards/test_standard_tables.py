"""Tables, rows and cards have the standards' own columns, and hold every word that was answered."""

import csv
import io
import json
import re

import pytest
import yaml
from openpyxl import load_workbook

from iagkit.flow.publishing import publish
from iagkit.registers.exports import STANDARDS, export, omb
from iagkit.registers.exports.omb import columns
from iagkit.registers.placeholders import is_placeholder
from iagkit.registers.profiles import load_profile, profile_names
from iagkit.registers.telling import STATES
from iagkit.wire.register_files import reference

LONG = '=cmd()\n<script>x</script> | a "quoted" \\cell 👩🏽‍⚖️ \u202eabc ' + "palabra " * 625


def files_of(record, name, **more):
    (filled,) = publish(record, name, override="a test", **more).registers
    return export(filled, record)


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_every_register_has_a_format_of_its_own_and_those_that_have_not_are_known():
    assert set(profile_names()) - set(STANDARDS) == {
        "canada-aia", "chile-goblab-impacto", "coe-huderia", "iso-42001", "nl-iama-fraia",
        "unesco-eia",
    }  # fmt: skip


def test_each_format_is_written_twice_alike_and_tells_what_is_owed(any_record):
    told = publish(any_record, sorted(STANDARDS), lang="pt", override="a test")
    for filled in told.registers:
        name = filled.profile.id
        files = export(filled, any_record)
        assert files == export(filled, any_record)
        state = json.loads(files[f"{name}.state.json"])
        assert set(state["files"]) < set(files)
        drafts = [one.field.id for one in filled.entries if one.state == "draft"]
        assert state["to_confirm"] == drafts
        assert state["complete"] == (state["left_out"] == [])


@pytest.mark.parametrize("name", sorted(STANDARDS))
def test_no_cell_is_a_formula_and_no_page_runs_anything(demo, name):
    files = files_of(demo, name, answers=_hostile(demo, name))
    for file, content in files.items():
        if file.endswith(".csv"):
            for cell in (cell for row in rows(content) for cell in row):
                assert not re.search(r"(?:^|[;\t\r\n])\s*[=+\-@]", cell), (file, cell)
        elif file.endswith(".html"):
            page = content.decode()
            assert "<script" not in page
            assert 'lang="en"' in page
            assert "default-src 'none'" in page
        elif file.endswith(".md"):
            head, _, body = content.decode().rpartition("\n---\n")  # YAML quotes it as data
            assert "<script>" not in body
            assert not head or yaml.safe_load(head)


def _hostile(record, name):
    """One hostile answer, to a field that takes any text."""
    (filled,) = publish(record, name, override="a test").registers
    free = [
        one.field.id for one in filled.entries
        if one.state != "auto" and one.field.kind == "text" and not one.field.choices
        and "format" not in one.field.extra and not one.field.max_length
        and not one.field.id.startswith("hf.")
    ]  # fmt: skip
    return {f"{name}/{free[-1]}": LONG.strip()} if free else {}


@pytest.mark.parametrize("name", [
    "brazil-cnj-615", "chile-cplt", "chile-ficha", "eu-ai-act-annex-iv", "eu-ai-act-annex-viii",
    "eu-ai-act-fria", "france-etalab", "model-card", "nyc-ll35", "uk-atrs", "uk-atrs-v3",
    "us-omb-2025",
])  # fmt: skip
def test_a_text_of_5000_letters_is_whole_in_the_format_of_the_standard(demo, name):
    answers = _hostile(demo, name)
    assert answers
    files = files_of(demo, name, answers=answers)
    own = json.loads(files[f"{name}.state.json"])["files"]
    whole = [one for one in own if files[one].decode("utf-8", "replace").count("palabra") >= 625]
    assert whole


def test_atrs_has_the_tables_of_its_tiers(demo):
    for name, tiers in (("uk-atrs", {"", "1", "2"}), ("uk-atrs-v3", {"", "1", "2"})):
        told = rows(files_of(demo, name)[f"{name}.tables.csv"])
        assert told[0] == ["Tier", "Section", "Number", "Field", "Response"]
        assert {row[0] for row in told[1:]} <= tiers
        assert "2" in {row[0] for row in told[1:]}
        assert not any("algorithmic_transparency_record" in row[2] for row in told)


def test_the_finder_gets_the_values_of_its_own_choices(demo):
    answers = {
        "system.phase": "production",
        "uk-atrs/algorithmic_transparency_record_function": ["Health", "Defence"],
    }
    facets = json.loads(files_of(demo, "uk-atrs", answers=answers)["uk-atrs.finder.json"])
    assert facets["algorithmic_transparency_record_phase"] == "production"
    assert facets["algorithmic_transparency_record_function"] == ["health", "defence"]


@pytest.mark.parametrize("lang", ["es", "pt", "en"])
def test_nothing_that_a_register_or_its_files_say_is_shortened(demo, lang):
    for filled in publish(demo, profile_names(), lang=lang, override="a test").registers:
        for name, content in export(filled, demo).items():
            if not name.endswith(".xlsx"):
                assert not re.search(r"\.\.\.|…", content.decode()), (filled.profile.id, name)
        for one in filled.profile.fields:
            told = [one.name, one.description, *one.choices, *one.extra.get("labels", {}).values()]
            assert not any(re.search(r"\.\.\.|…", words) for words in told), one.id


def test_the_us_row_has_the_36_columns_and_whole_choices(demo):
    stage = next(
        c
        for c in load_profile("us-omb-2025").field("development_stage").choices
        if c.startswith("c) Deployed")
    )
    answers = {"us-omb-2025/development_stage": stage}
    head, row = rows(files_of(demo, "us-omb-2025", answers=answers)["us-omb-2025.row.csv"])
    assert len(head) == 36
    assert tuple(head) == columns()
    told = dict(zip(head, row, strict=True))
    assert f"| {stage} |" in reference(omb.DICTIONARY).decode()
    assert told["development_stage"] == stage
    assert told["agency"] == told["agency_name"] == told["code_url"] == ""


def test_chile_has_three_sheets_and_the_workbook_holds_the_same(demo):
    files = files_of(demo, "chile-cplt")
    book = load_workbook(io.BytesIO(files["chile-cplt.xlsx"]))
    assert book.sheetnames == ["1 SDA en uso", "2 Servicios y trámites", "3 Especificaciones"]
    for sheet in book:
        head, row = rows(files[f"chile-cplt.{sheet.title[0]}.csv"])
        cells = [[cell.value or "" for cell in line] for line in sheet.iter_rows()]
        assert cells == [head, row]
    assert sum(sheet.max_column for sheet in book) == len(load_profile("chile-cplt").fields)


def test_a_workbook_that_would_cut_a_text_is_not_written(demo):
    files = files_of(demo, "chile-cplt", answers={"chile-cplt/3.1.3": "a" * 40_000})
    assert "chile-cplt.xlsx" not in files
    assert b"a" * 40_000 in files["chile-cplt.3.csv"]


def test_every_point_of_the_ai_act_can_be_linked_to(demo):
    page = files_of(demo, "eu-ai-act-annex-viii")["eu-ai-act-annex-viii.points.html"].decode()
    assert 'id="annex-viii-a-5"' in page
    fria = files_of(demo, "eu-ai-act-fria")["eu-ai-act-fria.points.md"].decode()
    assert '<a id="article-27-f"></a>' in fria
    for name in ("eu-ai-act-annex-viii", "eu-ai-act-annex-iv", "eu-ai-act-fria"):
        marks = re.findall(r' id="([^"]+)"', files_of(demo, name)[f"{name}.points.html"].decode())
        assert len(marks) == len(set(marks)) == len(load_profile(name).fields)


def test_the_french_inventory_leaves_out_what_a_person_is_told(demo):
    told = yaml.safe_load(files_of(demo, "france-etalab")["france-etalab.data.yaml"])
    assert told["nom"] == demo.prototype["title"]["en"]
    assert not any(name.startswith(("m_", "r_")) for name in told)


def test_nist_has_72_outcomes_and_a_status_only_from_people(demo):
    answers = {"nist-ai-rmf/GOVERN 1.1": "planned"}
    told = rows(files_of(demo, "nist-ai-rmf", answers=answers)["nist-ai-rmf.outcomes.csv"])
    assert len(told) == 73
    assert [row[4] for row in told[1:] if row[4]] == ["planned"]
    (measured,) = (row for row in told if row[2] == "MEASURE 2.11")
    assert "n\N{NO-BREAK SPACE}=" in measured[5]


def test_the_head_of_a_model_card_is_what_hugging_face_reads(any_record):
    card = files_of(any_record, "model-card", answers={"arch.licence": "Apache-2.0"})
    _, head, body = card["model-card.README.md"].decode().split("---\n", 2)
    told = yaml.safe_load(head)
    assert told["license"] == "apache-2.0"
    assert all(re.fullmatch(r"[a-z]{2,3}", one) for one in told["language"])
    for model in told["model-index"]:
        for result in model["results"]:
            assert set(result) == {"task", "dataset", "metrics"}
            assert {"name", "type"} <= set(result["dataset"])
            for metric in result["metrics"]:
                assert isinstance(metric["value"], float)
                assert metric["args"]["n"] > 0
    assert body.lstrip().startswith("# ")


def test_a_licence_hugging_face_does_not_know_is_named(demo):
    card = files_of(demo, "model-card", answers={"arch.licence": "Licencia: municipal # 12"})
    told = yaml.safe_load(card["model-card.README.md"].decode().split("---\n", 2)[1])
    assert (told["license"], told["license_name"]) == ("other", "Licencia: municipal # 12")


def test_a_datasheet_is_of_the_data(demo):
    told = files_of(demo, "datasheet")["datasheet.data.md"].decode()
    assert told.startswith("# Generated citizen requests")
    assert re.findall(r"^## (.+)$", told, re.MULTILINE) == [
        "Motivation", "Composition", "Collection process",
        "Preprocessing, cleaning, labelling", "Uses", "Distribution", "Maintenance",
    ]  # fmt: skip


def test_no_cell_or_line_of_any_format_is_a_placeholder(any_record):
    told = publish(any_record, sorted(STANDARDS), lang="es", override="a test")
    words = {told.registers[0].voice.tell(one) for one in STATES.values()}
    for filled in told.registers:
        for file, content in export(filled, any_record).items():
            if file.endswith(".csv"):
                cells = [cell for row in rows(content) for cell in row if cell]
                assert not [c for c in cells if is_placeholder(c) and c not in words], file
