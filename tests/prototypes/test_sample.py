import csv as csv_format
import gzip
import hashlib
import re
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.prototypes.requests.sample import COLUMNS, FILE, Strengths, csv, generate, write
from iagkit.prototypes.requests.sample.chance import Chance, Wheel
from iagkit.prototypes.requests.sample.city import MISLABELLED_AGE, TERSE_DISTRICT, City
from iagkit.prototypes.requests.sample.grammar import REGIONS, clause, lines, slots, subjects
from iagkit.prototypes.requests.sample.habits import typed
from iagkit.prototypes.requests.sample.offices import (
    DEPARTMENTS,
    LOOK_ALIKE,
    PARENT,
    SEASONS,
    WORKLOAD,
)
from iagkit.wire.registry import card, table_of

FOLDER = Path(__file__).parents[2] / "datasets" / "citizen-requests-sample"
OFFICES = sorted(WORKLOAD)
VOICES = [(lang, region) for lang, regions in REGIONS.items() for region in regions]


@pytest.fixture(scope="module")
def sample():
    return generate()


@pytest.fixture(scope="module")
def unplanted():
    return generate(planted=False)


def declared(name):
    return yaml.safe_load((FOLDER / name).read_text("utf-8"))


# The committed files


def test_the_committed_file_is_what_the_generator_makes(sample):
    assert gzip.decompress((FOLDER / FILE).read_bytes()) == csv(sample)


def test_the_file_read_back_is_the_table_generated(sample):
    pd.testing.assert_frame_equal(pd.read_csv(FOLDER / FILE), sample)


def test_writing_twice_gives_the_same_bytes_without_a_time_stamp(tmp_path, monkeypatch):
    monkeypatch.setattr("time.time", lambda: 1.0)
    first = write(tmp_path).read_bytes()
    monkeypatch.setattr("time.time", lambda: 2e9)
    assert write(tmp_path).read_bytes() == first


def test_the_manifest_pins_the_committed_bytes(sample):
    (entry,) = declared("manifest.yaml")["files"]
    content = (FOLDER / entry["file"]).read_bytes()
    assert entry["sha256"] == hashlib.sha256(content).hexdigest()
    assert entry["bytes"] == len(content) < 900_000
    assert declared("datasheet.yaml")["rows"] == len(sample)


def test_the_card_declares_every_column_in_three_languages():
    columns = declared("card.yaml")["columns"]
    assert [column["name"] for column in columns] == list(COLUMNS)
    for column in columns:
        assert sorted(column["description"]) == ["en", "es", "pt"]
        assert all(column["description"].values())


def test_the_border_accepts_the_card_and_finds_the_shipped_file():
    assert card(FOLDER.name).named("target") == ("office",)
    assert table_of(FOLDER.name).read_bytes() == (FOLDER / FILE).read_bytes()


def test_the_datasheet_states_the_strengths_that_were_planted():
    planted = {entry["parameter"]: entry for entry in declared("datasheet.yaml")["planted"]}
    for name in ("short_texts", "noise", "mislabelled"):
        assert planted[name]["value"] == getattr(Strengths(), name)
        assert planted[name]["elsewhere"] == getattr(Strengths().absent(), name)


def test_the_taxonomy_is_the_one_of_the_generator():
    taxonomy = declared("taxonomy.yaml")
    assert {entry["code"]: entry["parent"] for entry in taxonomy["offices"]} == PARENT
    assert [entry["code"] for entry in taxonomy["departments"]] == list(DEPARTMENTS)
    for entry in (*taxonomy["offices"], *taxonomy["departments"]):
        assert sorted(entry["name"]) == ["en", "es", "pt"]


# The table


def test_the_sample_has_the_size_and_the_columns_announced(sample):
    assert sample.shape == (7000, len(COLUMNS))
    assert tuple(sample.columns) == COLUMNS
    assert sorted(sample["office"].unique()) == OFFICES
    assert sample["office"].value_counts().min() > 250
    assert sample["lang"].value_counts(normalize=True)["es"] == pytest.approx(0.6, abs=0.03)
    assert sample["sex"].isna().mean() == pytest.approx(0.25, abs=0.03)


def test_ids_are_unique_and_follow_the_dates(sample):
    assert sample["id"].tolist() == [f"R-{number:06}" for number in range(1, 7001)]
    assert sample["date"].is_monotonic_increasing
    assert sample["date"].between("2024-01-01", "2025-12-31").all()


def test_another_seed_gives_other_texts(sample):
    other = generate(seed=1)
    assert (other["text"] != sample["text"]).mean() > 0.99


def test_schools_are_asked_for_places_before_the_school_year(sample):
    months = sample.loc[sample["office"] == "education", "date"].str[5:7]
    assert months.isin(["01", "02", "03"]).mean() > 0.35


def test_a_second_office_is_named_only_where_more_is_asked(sample):
    named = sample["also"].notna()
    assert (sample.loc[named, "n_asks"] >= 2).all()
    assert 0.04 < named.mean() < 0.09
    assert set(sample.loc[named, "also"]) <= set(OFFICES)


def test_some_neighbours_copy_a_text_and_some_copies_are_filed_elsewhere(sample):
    # Longer than a note, or people would be said to copy who only wrote the same three words.
    long = sample[sample["text"].str.len() > 60]
    groups = long[long["text"].duplicated(keep=False)].groupby("text")
    assert 150 < sum(len(rows) for _, rows in groups) < 700
    assert all(rows["district"].nunique() == 1 for _, rows in groups)
    assert 0.05 < (groups["office"].nunique() > 1).mean() < 0.5


def test_phones_and_papers_in_the_texts_are_of_ranges_nobody_has(sample):
    text = " ".join(sample["text"])
    phones = re.findall(r"\(?\b\d{2,3}\)? ?-?\d{3,5}[ -]\d{4}\b", text)
    assert len(phones) > 50
    assert all(re.match(r"\(?00", phone) for phone in phones)


@pytest.mark.parametrize("lang", sorted(REGIONS))
def test_every_address_ends_in_the_domain_reserved_for_examples(lang):
    assert all(line.words.endswith(".example") for line in lines(lang, "common")["correo"])


def test_every_cpf_in_the_grammar_fails_its_own_check_digits():
    papers = [line.words for line in lines("pt", "common")["documento"] if "CPF" in line.words]
    assert papers
    for paper in papers:
        for serial in range(100):
            digits = re.sub(r"\D", "", paper.replace("##", f"{serial:02}"))
            assert len(digits) == 11
            assert not valid_cpf(digits)


def test_the_oracle_knows_a_cpf_whose_check_digits_are_right():
    assert valid_cpf("52998224725")
    assert not valid_cpf("52998224726")


def valid_cpf(digits):
    numbers = [int(digit) for digit in digits]
    for length in (9, 10):
        weighted = sum(a * b for a, b in zip(numbers, range(length + 1, 1, -1), strict=False))
        if numbers[length] != weighted * 10 % 11 % 10:
            return False
    return True


# What is planted, and what is not


def test_ribera_sur_writes_shorter_texts(sample):
    length = sample["text"].str.len().groupby(sample["district"]).median()
    assert length[TERSE_DISTRICT] < 0.6 * length.drop(TERSE_DISTRICT).min()


def test_without_planting_no_district_writes_shorter_texts(unplanted):
    length = unplanted["text"].str.len().groupby(unplanted["district"]).median()
    assert length.min() > 0.9 * length.max()


def test_old_people_are_mislabelled_as_often_as_the_strength_says():
    city = City(Chance(0), Strengths())
    old = [city.recorded("waste", MISLABELLED_AGE) for _ in range(10_000)]
    young = [city.recorded("waste", age) for age in ("18-29", None) for _ in range(5_000)]
    assert old.count("waste") / len(old) == pytest.approx(0.86, abs=0.015)
    assert young.count("waste") / len(young) == pytest.approx(0.98, abs=0.007)
    assert set(old) == {"waste", *LOOK_ALIKE["waste"]}


def test_planted_texts_of_other_districts_look_like_those_without_planting(sample, unplanted):
    planted = sample.loc[sample["district"] != TERSE_DISTRICT, "text"].str.len()
    assert planted.mean() == pytest.approx(unplanted["text"].str.len().mean(), rel=0.04)


@settings(max_examples=10, deadline=None)
@given(seed=st.integers(0, 2**32), rows=st.integers(1, 60), planted=st.booleans())
def test_the_same_seed_gives_the_same_table(seed, rows, planted):
    one = generate(rows=rows, seed=seed, planted=planted)
    np.random.default_rng().random()
    pd.testing.assert_frame_equal(one, generate(rows=rows, seed=seed, planted=planted))
    assert len(one) == rows


def test_a_table_without_rows_is_refused():
    with pytest.raises(DataError, match=r"at least 1; got 0\."):
        generate(rows=0)


# The grammar


@pytest.mark.parametrize(("lang", "region"), VOICES)
@pytest.mark.parametrize("office", OFFICES)
def test_every_slot_of_every_office_can_be_said_in_every_region(office, lang, region):
    grammar = slots(lang, region, "common", office)
    chance = Chance(0)
    for slot in grammar:
        for _ in range(20):
            said = clause(slot, grammar, chance, lang)
            assert said
            assert not re.search(r"[{}\[\]|~@#]", said.replace("@correo", "").replace("@", ""))


@pytest.mark.parametrize("lang", sorted(REGIONS))
@pytest.mark.parametrize("office", OFFICES)
def test_every_topic_of_a_detail_is_the_topic_of_a_problem(office, lang):
    found = lines(lang, office)
    known = frozenset().union(*(line.topics for line in found["problem"]))
    for slot in ("detail", "ask"):
        assert all(line.topics <= known for line in found[slot])
    assert any(subject["detail"] for subject in subjects(lang, REGIONS[lang][0], office))


def test_both_languages_know_the_same_slots_of_the_common_file():
    shared = {"vague.works", "vague.any", "ask.desk", "urgent.place", "contact", "joiner"}
    assert shared <= set(lines("es", "common")) & set(lines("pt", "common"))


@pytest.mark.parametrize("lang", sorted(REGIONS))
def test_borderline_messages_name_two_offices_and_a_share(lang):
    for slot in lines(lang, "pairs"):
        pair, share = slot.split()
        assert len(set(pair.split("+")) & set(OFFICES)) == 2
        assert 0.5 <= float(share) < 0.75


def test_articles_and_prepositions_fuse_as_each_language_does():
    spanish = slots("es", "ar", "common")
    said = {clause("cerca", spanish, Chance(seed), "es") for seed in range(300)}
    assert any(text.startswith("al lado del ") for text in said)
    assert not any(" de el " in text for text in said)
    portuguese = slots("pt", "se", "common")
    said = {clause("cerca", portuguese, Chance(seed), "pt") for seed in range(300)}
    assert any(text.startswith("em frente à ") for text in said)


# The pieces


def test_a_wheel_gives_each_option_as_often_as_its_weight():
    chance, wheel = Chance(0), Wheel({"a": 3.0, "b": 1.0})
    drawn = [chance.spin(wheel) for _ in range(20_000)]
    assert drawn.count("a") / len(drawn) == pytest.approx(0.75, abs=0.015)


def test_text_typed_without_noise_stays_as_it_is():
    assert typed("¿Cuándo vienen?", "es", Chance(0), noise=0.0) == "¿Cuándo vienen?"


@given(seed=st.integers(0, 10_000), noise=st.floats(0, 20))
def test_typing_never_touches_digits(seed, noise):
    text = "Calle Los Tilos 340, tel. (000) 555-0123, expediente 7781."
    written = typed(text, "es", Chance(seed), noise=noise)
    assert re.findall(r"\d", written) == re.findall(r"\d", text)


def test_more_noise_means_more_slips():
    text = "el camion de la basura no pasa por mi calle desde hace dos semanas" * 3
    calm = [typed(text, "es", Chance(seed), noise=0.5) for seed in range(200)]
    wild = [typed(text, "es", Chance(seed), noise=8.0) for seed in range(200)]
    assert calm.count(text) > wild.count(text) + 40


def test_every_office_has_look_alikes_a_department_and_twelve_months():
    assert set(LOOK_ALIKE) == set(SEASONS) == set(PARENT) == set(OFFICES)
    assert all(office not in others for office, others in LOOK_ALIKE.items())
    assert all(len(months) == 12 for months in SEASONS.values())


def test_the_csv_has_unix_lines_and_eleven_cells_each():
    rows = list(csv_format.reader(csv(generate(rows=50)).decode().splitlines()))
    assert {len(row) for row in rows} == {len(COLUMNS)}
