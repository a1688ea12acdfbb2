"""The map in docs/architecture.md is the country."""

import re
import tomllib

import pytest


@pytest.fixture(scope="module")
def blocks(root) -> list[str]:
    """The fenced blocks of the page, in order."""
    page = (root / "docs/architecture.md").read_text(encoding="utf-8")
    return re.findall(r"^```text\n(.*?)^```", page, flags=re.M | re.S)


def test_the_map_names_every_package_and_no_other(root, blocks):
    tree = next(b for b in blocks if b.startswith("src/iagkit/\n"))
    drawn = [line.split()[0].rstrip("/") for line in tree.splitlines()[1:]]
    there = {
        path.name
        for path in (root / "src/iagkit").iterdir()
        if path.suffix == ".py" or (path / "__init__.py").is_file()
    }
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == there


def test_every_line_of_the_map_says_what_the_package_is_for(blocks):
    tree = next(b for b in blocks if b.startswith("src/iagkit/\n"))
    assert [line for line in tree.splitlines()[1:] if len(line.split()) < 4] == []


def test_the_line_of_layers_is_the_contract_that_is_checked(root, blocks):
    contracts = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    (layers,) = (c for c in contracts["tool"]["importlinter"]["contracts"] if c["type"] == "layers")
    drawn = next(b for b in blocks if b.startswith("__main__ →"))
    assert [layer.strip() for layer in drawn.split("→")] == layers["layers"]
    assert layers["exhaustive"] is True
