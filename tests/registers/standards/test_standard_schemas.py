"""What has an official schema or reader is valid by it, from each kind of record."""

import dataclasses
import json
from pathlib import Path

import official_readers
import pytest

from iagkit.flow.publishing import publish
from iagkit.registers.answers import read_answers
from iagkit.registers.exports import export
from iagkit.registers.placeholders import is_placeholder

FULL = Path(__file__).parent / "full-answers.yaml"
MACHINE = {
    "cyclonedx-mlbom": (".cdx.json", official_readers.cyclonedx),
    "croissant": (".json", official_readers.croissant),
    "spdx3-ai": (".spdx3.json", official_readers.spdx),
    "nl-algorithm-register": (".json", official_readers.dutch),
}
HOSTILE = (
    "=cmd|' /C calc'!A0 <script>alert(1)</script> | \"x\" 'y' \u202eمرحبا\u202c 👩🏽‍⚖️\n@SUM(1)"
)


def files_of(record, name, **more):
    (filled,) = publish(record, name, **more).registers
    return export(filled, record)


def own(files, name):
    """The file of the standard's own format: the one validated."""
    begins = {"croissant": "croissant.metadata", "nl-algorithm-register": f"{name}.schema"}
    found = [one for one in files if one.startswith(begins.get(name, name))
             and one.endswith(MACHINE[name][0]) and not one.endswith(".state.json")]  # fmt: skip
    if name in begins:
        (file,) = found
        return file
    return next(one for one in found if one.endswith(MACHINE[name][0]))


@pytest.fixture(scope="module")
def full(demo):
    """The demo with everything answered."""
    return {name: files_of(demo, name, answers=_answers(name)) for name in MACHINE}


def _answers(name):
    told = read_answers(FULL)
    fields = {key: value for key, value in told.fields.items() if key.startswith(f"{name}/")}
    return dataclasses.replace(told, fields=fields)


@pytest.mark.parametrize("lang", ["es", "en"])
@pytest.mark.parametrize("name", ["cyclonedx-mlbom", "croissant", "spdx3-ai"])
def test_it_is_valid_from_each_kind_of_record_before_anybody_answered(any_record, name, lang):
    files = files_of(any_record, name, lang=lang)
    assert MACHINE[name][1](files[own(files, name)]) == []


@pytest.mark.parametrize("name", MACHINE)
def test_it_is_valid_and_whole_with_full_answers(full, name):
    files = full[name]
    assert MACHINE[name][1](files[own(files, name)]) == []
    assert ".draft" not in own(files, name)
    assert json.loads(files[f"{name}.state.json"])["left_out"] == []
    assert json.loads(files[f"{name}.state.json"])["complete"] is True


def test_the_dutch_draft_leaves_out_exactly_what_the_schema_misses(any_record):
    files = files_of(any_record, "nl-algorithm-register")
    name = own(files, "nl-algorithm-register")
    wrong, state = official_readers.dutch(files[name]), json.loads(
        files["nl-algorithm-register.state.json"])  # fmt: skip
    assert name.endswith(".schema.draft.json")
    assert sorted(wrong) == sorted(f"'{one}' is a required property" for one in state["left_out"])
    assert state["said"][1].startswith("A draft that is not valid yet")


def test_the_two_id_sets_of_the_dutch_register_are_apart(full):
    files = full["nl-algorithm-register"]
    schema = json.loads(files["nl-algorithm-register.schema.json"])
    live = json.loads(files["nl-algorithm-register.form.json"])
    assert schema["publication_category"] == "Impactvolle algoritmes (Categorie B)"
    assert live["publication_category"] == "Impactvolle algoritmes"
    assert schema["theme"] == live["category"] == ["Organisatie en bedrijfsvoering"]
    assert (schema["impact_assessments"], schema["impact_assessment_link"]) == (
        "IAMA", "https://voorbeeld.example/iama")  # fmt: skip
    assert "theme" not in live
    assert "goal" not in schema


def test_a_dutch_name_of_100_letters_is_left_out_by_the_schema_and_one_of_99_is_whole(demo):
    many, few = (
        files_of(demo, "nl-algorithm-register", answers={"org.name": "g" * n}) for n in (100, 99)
    )
    assert "organization" in json.loads(many["nl-algorithm-register.state.json"])["left_out"]
    kept = json.loads(few["nl-algorithm-register.schema.draft.json"])["organization"]
    assert kept == "g" * 99


def test_the_bill_holds_figures_with_cases_slices_and_intervals(demo):
    bom = json.loads(files_of(demo, "cyclonedx-mlbom")["cyclonedx-mlbom.cdx.json"])
    model = bom["metadata"]["component"]
    metrics = model["modelCard"]["quantitativeAnalysis"]["performanceMetrics"]
    estimate = demo.find("performance.accuracy").estimate
    assert metrics[0] == {
        "type": "performance.accuracy", "value": repr(estimate.value),
        "slice": "n=1761; unit=share; interval at 0.95",
        "confidenceInterval": {"lowerBound": repr(estimate.low), "upperBound": repr(estimate.high)},
    }  # fmt: skip
    assert all("n=" in one["slice"] for one in metrics)
    assert any("district=Ribera Sur" in one["slice"] for one in metrics)
    assert model["hashes"][0]["content"] == demo.artifacts["model.skops"]
    assert model["modelCard"]["considerations"]["fairnessAssessments"]
    made = {one["name"]: one["version"] for one in bom["components"] if one["type"] == "library"}
    assert made["scikit-learn"] == demo.run["made_with"]["scikit-learn"]


def test_a_log_without_a_model_is_no_model_in_the_bill(logged):
    bom = json.loads(files_of(logged, "cyclonedx-mlbom")["cyclonedx-mlbom.cdx.json"])
    assert bom["metadata"]["component"]["type"] == "application"
    assert "modelCard" not in bom["metadata"]["component"]


def test_croissant_describes_the_data_and_not_the_system(demo):
    files = files_of(demo, "croissant")
    told = json.loads(files[own(files, "croissant")])
    assert told["name"] == "Generated citizen requests (sample in Spanish and Portuguese)"
    assert told["version"] == demo.dataset["version"]
    assert told["license"] == "https://spdx.org/licenses/CC0-1.0.html"
    assert told["distribution"][0]["sha256"] == demo.dataset["sha256"]
    fields = {one["name"]: one for one in told["recordSet"][0]["field"]}
    assert list(fields) == [one["name"] for one in demo.dataset["columns"]]
    assert fields["date"]["dataType"] == "sc:Date"


def test_the_address_the_data_came_from_is_their_public_place(demo):
    at = "https://data.example/requests.csv"
    record = dataclasses.replace(demo, dataset={**demo.dataset, "origin": at})
    files = files_of(record, "croissant")
    assert json.loads(files[own(files, "croissant")])["distribution"][0]["contentUrl"] == at
    assert official_readers.croissant(files[own(files, "croissant")]) == []


def test_spdx_names_system_data_and_what_joins_them_and_claims_no_more(demo):
    graph = json.loads(files_of(demo, "spdx3-ai")["spdx3-ai.spdx3.json"])["@graph"]
    by_type = {one["type"]: one for one in graph}
    assert by_type["ai_AIPackage"]["ai_metric"][0]["key"] == "performance.accuracy"
    assert "n=1761" in by_type["ai_AIPackage"]["ai_metric"][0]["value"]
    assert by_type["dataset_DatasetPackage"]["dataset_datasetType"] == ["text"]
    joined = [one["relationshipType"] for one in graph if one["type"] == "Relationship"]
    assert joined == ["hasDeclaredLicense", "hasConcludedLicense", "trainedOn"]
    assert "ai" not in by_type["SpdxDocument"]["profileConformance"]


def test_a_licence_that_spdx_does_not_list_is_told_in_its_words(demo):
    record = dataclasses.replace(demo, dataset={**demo.dataset, "licence": "Permiso municipal 12"})
    for name in ("spdx3-ai", "cyclonedx-mlbom"):
        files = files_of(record, name)
        assert MACHINE[name][1](files[own(files, name)]) == []
        assert b"Permiso municipal 12" in files[own(files, name)]


@pytest.mark.parametrize("name", MACHINE)
def test_validators_find_what_is_broken(full, name):
    files = full[name]
    told = json.loads(files[own(files, name)])
    if name == "cyclonedx-mlbom":
        told["metadata"]["component"]["type"] = "a model"
    elif name == "croissant":
        del told["distribution"][0]["sha256"]
    elif name == "spdx3-ai":
        told["@graph"][-1]["relationshipType"] = "likes"
    else:
        del told["supplier"]
    assert MACHINE[name][1](json.dumps(told).encode())


@pytest.mark.parametrize("name", MACHINE)
def test_hostile_words_leave_it_valid_and_whole(demo, name):
    words = HOSTILE + " palabra" * 40
    answers = {
        "cyclonedx-mlbom": {"cyclonedx-mlbom/users": [words], "arch.licence": HOSTILE},
        "croissant": {"croissant/rai:dataCollection": words, "croissant/creator": [words]},
        "spdx3-ai": {"spdx3-ai/limitation": words, "spdx3-ai/domain": [words]},
        "nl-algorithm-register": {"nl-algorithm-register/lawful_basis": words},
    }[name]
    files = files_of(demo, name, answers=answers)
    content = files[own(files, name)]
    wrong = MACHINE[name][1](content)
    assert [one for one in wrong if "is a required property" not in one] == []
    assert json.dumps(words, ensure_ascii=False) in content.decode()


def test_no_file_in_a_format_of_machines_holds_a_placeholder(any_record):
    for name in MACHINE:
        files = files_of(any_record, name, lang="pt")
        for content in _texts(json.loads(files[own(files, name)])):
            assert not is_placeholder(content), content


def _texts(told):
    if isinstance(told, str):
        yield told
    for one in told.values() if isinstance(told, dict) else told if isinstance(told, list) else ():
        yield from _texts(one)


@pytest.mark.parametrize("name", ["cyclonedx-mlbom", "croissant", "spdx3-ai", "model-card"])
def test_a_file_says_inside_which_entries_nobody_confirmed(demo, name):
    (filled,) = publish(demo, name, lang="es").registers
    drafts = [one.field.id for one in filled.entries if one.state == "draft"]
    said = f"propuestas que ninguna persona ha confirmado todavía: {', '.join(drafts)}."
    inside = [file for file, content in export(filled, demo).items()
              if said in content.decode() and not file.endswith(".state.json")]  # fmt: skip
    assert drafts
    assert len(inside) == 1


@pytest.mark.parametrize("name", sorted(MACHINE))
def test_confirmed_only_leaves_every_proposal_out_and_stays_valid(demo, name):
    files = files_of(demo, name, confirmed_only=True)
    file = own(files, name) if name != "croissant" else next(
        one for one in files if ".metadata" in one)  # fmt: skip
    assert "no person has confirmed" not in files[file].decode()
    assert json.loads(files[f"{name}.state.json"])["to_confirm"] == []
    if ".draft" not in file:
        assert MACHINE[name][1](files[file]) == []


def test_what_is_left_out_is_still_owed(demo):
    whole = publish(demo, "uk-atrs")
    bare = publish(demo, "uk-atrs", confirmed_only=True)
    assert bare.owed == whole.owed
    counts = [one.registers[0].completeness(required=False) for one in (whole, bare)]
    assert counts[0].draft > counts[1].draft == 0
    assert counts[1].missing == counts[0].missing + counts[0].draft
    assert counts[1].auto == counts[0].auto
