"""What starting costs: which modules are loaded, and by whom they may be."""

import ast
import json
import subprocess
import sys

import pytest

HEAVY = {
    "babel", "duckdb", "fairlearn", "jinja2", "matplotlib", "mlflow", "narwhals", "numpy",
    "openpyxl", "pandas", "polars", "pyarrow", "pydantic", "scipy", "shap", "skops", "sklearn",
    "spacy", "sqlalchemy", "yaml",
}  # fmt: skip
COMMANDS = [
    ["--help"], ["--version"], ["run", "--help"], ["explain", "--help"], ["verify", "--help"],
    ["predict", "--help"], ["promote", "--help"], ["new", "--help"], ["datasets", "--help"],
    ["datasets", "list", "--help"], ["datasets", "fetch", "--help"], ["datasets", "card", "--help"],
]  # fmt: skip
STARTS = """
import json, sys
sys.argv = ["iagkit", *{arguments!r}]
from iagkit.__main__ import main
try:
    main()
except SystemExit as left:
    code = left.code
print("\\n" + json.dumps([code or 0, sorted(sys.modules)]))
"""


def loaded_by(code: str) -> list[str]:
    """Top-level names of the modules that ``code`` adds to those of a bare interpreter."""
    script = (
        "import sys; before = set(sys.modules)\n"
        f"{code}\n"
        "import json\n"
        "print(json.dumps(sorted({m.split('.')[0] for m in set(sys.modules) - before})))"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, check=True)
    return json.loads(told.stdout.splitlines()[-1])


def test_importing_iagkit_loads_nothing_but_iagkit_and_the_standard_library():
    foreign = set(loaded_by("import iagkit")) - {"iagkit"} - sys.stdlib_module_names
    assert not foreign


@pytest.mark.parametrize("noun", ["Record", "Estimate", "judge"])
def test_the_nouns_load_nothing_but_the_standard_library(noun):
    foreign = set(loaded_by(f"from iagkit import {noun}")) - {"iagkit"} - sys.stdlib_module_names
    assert not foreign


def test_asking_for_help_loads_not_even_what_typer_could_load():
    told = _start(["--help"])
    assert not told & HEAVY


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_asking_a_command_for_help_loads_no_heavy_library(arguments):
    assert not _start(arguments) & (HEAVY - {"pydantic"})  # typer reads typed options with it


def _start(arguments: list[str]) -> set[str]:
    """Top-level names of what a command loads; the command must leave with 0."""
    told = subprocess.run(
        [sys.executable, "-c", STARTS.format(arguments=arguments)],
        capture_output=True, check=True, text=True,
    )  # fmt: skip
    code, modules = json.loads(told.stdout.splitlines()[-1])
    assert code == 0
    return {name.split(".")[0] for name in modules}


def test_the_core_imports_the_standard_library_and_itself_only(root):
    for path in (root / "src/iagkit/core").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            for name in _imported(node):
                own = name == "iagkit.core" or name.startswith("iagkit.core.")
                assert own or name.split(".")[0] in sys.stdlib_module_names, f"{path.name}: {name}"


def test_imports_are_absolute(source_files):
    relative = [
        f"{path.name}:{node.lineno}"
        for path in source_files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and node.level
    ]
    assert not relative


def _imported(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        return [node.module or ""]
    return []
