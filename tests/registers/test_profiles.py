"""Profiles are data: counted, validated, and in step with the crosswalk."""

import csv
import io
from pathlib import Path

import pytest
import yaml

from iagkit.core.errors import DeclarationError
from iagkit.registers.crosswalk import asked, concepts
from iagkit.registers.profiles import load_profile, profile_names
from iagkit.registers.telling import ROLES, owner
from iagkit.wire import files, register_files


def test_there_are_28_profiles_with_1233_fields():
    profiles = [load_profile(name) for name in profile_names()]
    assert len(profiles) == 28
    assert sum(len(one.fields) for one in profiles) == 1233
    assert {one.id for one in profiles} == set(profile_names())


def test_every_profile_tells_its_source_licence_and_whether_it_was_verified():
    for name in profile_names():
        found = load_profile(name)
        assert found.source
        assert found.licence
        assert found.verified in ("yes", "partial", "no")
    assert load_profile("uruguay-eia").verified == "no"
    assert load_profile("uk-atrs").verified == "partial"
    assert load_profile("canada-aia").verified == "yes"


def test_there_are_90_concepts_in_three_languages():
    known = concepts()
    assert len(known) == 90
    for concept in known.values():
        assert set(concept.text) == {"es", "pt", "en"}
        assert all(concept.text.values())


def test_every_field_of_the_crosswalk_is_in_its_profile():
    lost = [
        f"{profile}/{field}"
        for concept in concepts().values()
        for profile, ids in concept.fields.items()
        for field in ids
        if load_profile(profile).field(field) is None
    ]
    assert lost == []


def test_words_and_crosswalk_speak_of_the_same_concepts():
    content = files.shipped("audits/registers/crosswalk.csv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["concept_id"] for row in rows] == list(concepts())
    assert set(register_files.concepts()) == set(concepts())


def test_a_choice_is_spelt_as_the_field_allows_it():
    for concept in concepts().values():
        for spelt in concept.choices.values():
            for place, value in spelt.items():
                profile, _, name = place.partition("/")
                assert value in load_profile(profile).field(name).choices, place


def test_every_profile_is_reached_by_the_crosswalk_but_those_of_single_questions():
    assert {name for name in profile_names() if not asked(name)} == set()


def test_every_concept_has_a_role_that_owes_it():
    assert {owner(name) for name in concepts()} <= set(ROLES)


def test_an_unknown_profile_is_refused_with_the_likely_name():
    with pytest.raises(DeclarationError, match=r"Did you mean 'uk-atrs'\?"):
        load_profile("uk-atr")


@pytest.mark.parametrize(("change", "told"), [
    (lambda p: p["fields"][0].update(type="essay"), "'fields.0.type': expected one of"),
    (lambda p: p.update(verfied=True), "'verfied' is not a known field"),
    (lambda p: p.update(field_count=3), "field_count says 3"),
    (lambda p: p["fields"].append(dict(p["fields"][0])), "stands more than once"),
])  # fmt: skip
def test_a_profile_of_ones_own_is_validated(tmp_path, change, told):
    shipped = yaml.safe_load(files.find("profiles", "nyc-ll35").read_text(encoding="utf-8"))
    change(shipped)
    file = tmp_path / "ours.yaml"
    file.write_text(yaml.safe_dump(shipped, allow_unicode=True), encoding="utf-8")
    with pytest.raises(DeclarationError) as caught:
        load_profile(file)
    assert told in str(caught.value)


def test_a_profile_of_ones_own_is_used_by_path(tmp_path):
    content = files.find("profiles", "nyc-ll35").read_text(encoding="utf-8")
    file = tmp_path / "ours.yaml"
    file.write_text(content.replace("id: nyc-ll35", "id: ours"), encoding="utf-8")
    assert load_profile(file).id == "ours"
    assert isinstance(files.find("profiles", file), Path)
