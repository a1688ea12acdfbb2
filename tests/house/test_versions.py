"""One version, told the same everywhere; and a lockfile that anyone can use."""

import re
import tomllib
from importlib.metadata import version
from urllib.parse import urlsplit

import pytest
import yaml

import iagkit


@pytest.fixture(scope="module")
def project(root) -> dict:
    """The parsed pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def lock(root) -> dict:
    """The parsed uv.lock."""
    return tomllib.loads((root / "uv.lock").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def citation(root) -> dict:
    """The parsed CITATION.cff."""
    return yaml.safe_load((root / "CITATION.cff").read_text(encoding="utf-8"))


def test_the_version_is_the_same_everywhere(root, project, citation):
    told = {project["project"]["version"], citation["version"], iagkit.__version__}
    assert told == {version("iagkit")}
    assert f"## {iagkit.__version__}" in (root / "CHANGELOG.md").read_text(encoding="utf-8")


def test_the_licence_is_the_same_everywhere(root, project, citation):
    assert project["project"]["license"] == citation["license"] == "Apache-2.0"
    text = (root / "LICENSE").read_text(encoding="utf-8")
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_citation_has_the_fields_that_the_format_requires(citation):
    assert {"cff-version", "message", "title", "authors"} <= set(citation)
    assert citation["cff-version"] == "1.2.0"
    assert all({"name"} <= set(a) or {"family-names"} <= set(a) for a in citation["authors"])


def test_every_locked_file_carries_its_hash(lock):
    files = [
        file
        for package in lock["package"]
        for file in [*package.get("wheels", []), *filter(None, [package.get("sdist")])]
    ]
    assert len(files) > 500
    assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", file["hash"]) for file in files)


def test_the_lock_names_no_private_mirror(lock):
    sources = {tuple(package["source"]) for package in lock["package"]}
    assert sources == {("registry",), ("editable",)}
    hosts = {
        urlsplit(file["url"]).netloc
        for package in lock["package"]
        for file in package.get("wheels", [])
    }
    assert len(hosts) == 1
    assert not any(character in host for host in hosts for character in "@:")


def test_what_is_locked_is_what_is_declared(project, lock):
    (own,) = (p for p in lock["package"] if p["name"] == "iagkit")
    declared = {_name(d) for d in project["project"]["dependencies"]}
    assert {d["name"] for d in own["dependencies"]} == declared


def _name(requirement: str) -> str:
    return re.match(r"[A-Za-z0-9_.-]+", requirement)[0].lower().replace("_", "-")
