"""The register of an institution: what verifies is published, the rest is named; same bytes."""

import json
import shutil
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from iagkit.core.errors import DataError
from iagkit.flow.proving import record_in
from iagkit.flow.register_site import file_name, register_site

RECORDS = Path(__file__).parents[2] / "audits" / "records"


def tree(folder):
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_the_same_records_give_the_same_bytes_and_replace_the_site(tmp_path):
    done = register_site(RECORDS, tmp_path / "site")
    first = tree(tmp_path / "site")
    register_site(RECORDS, tmp_path / "site")
    assert tree(tmp_path / "site") == first
    assert [p.name for p in tmp_path.iterdir()] == ["site"]
    told = json.loads(first["api/systems.json"])
    assert [one["id"] for one in told["systems"]] == list(done.systems)
    ElementTree.fromstring(first["feed.atom"])
    for one in told["systems"]:
        sealed = [v["sealed_at"] for v in one["versions"]]
        assert sealed == sorted(sealed, reverse=True)
        assert all(v["record"] in first for v in one["versions"])


def test_a_record_that_does_not_verify_is_named_and_not_published(tmp_path):
    shutil.copytree(RECORDS, tmp_path / "in")
    bad = tmp_path / "in" / "document-triage" / "record.json"
    bad.write_bytes(bad.read_bytes().replace(b'"block"', b'"note"', 1))
    done = register_site(tmp_path / "in", tmp_path / "site")
    assert list(done.refused) == ["document-triage/record.json"]
    assert not list((tmp_path / "site").rglob("document-triage*"))


def test_nothing_to_publish_is_refused(tmp_path):
    (tmp_path / "in").mkdir()
    with pytest.raises(DataError, match="none can be published"):
        register_site(tmp_path / "in", tmp_path / "site")


def test_titles_are_only_text_and_names_stay_in_the_folder(tmp_path):
    record = record_in(RECORDS / "citizen-requests")
    evil = {**record.prototype, "name": "../../x", "title": {"en": "<script>alert(1)</script>"}}
    place = tmp_path / "in" / "one"
    place.mkdir(parents=True)
    (place / "record.json").write_bytes(replace(record, prototype=evil).to_bytes())
    register_site(tmp_path / "in", tmp_path / "site")
    pages = [p.read_text() for p in (tmp_path / "site").rglob("*.html")]
    assert pages
    assert not any("<script>alert" in page for page in pages)
    assert [p.name for p in tmp_path.iterdir() if p.name not in ("in", "site")] == []


def test_names_that_differ_give_files_that_differ():
    names = ["Ñandú", "nandu", "NANDU", "../nandu", "", "日本"]
    assert len({file_name(name) for name in names}) == len(names)
