"""STYLE held as a census: how long functions and modules are."""

import ast
import statistics
from pathlib import Path

LONGEST, LONG, SHORT, MODULE = 60, 30, 8, 400


def functions(paths) -> list[tuple[str, int]]:
    """Name and number of lines of every function, its docstring not counted."""
    return [
        (f"{path.name}:{node.lineno} {node.name}", _lines(node))
        for path in paths
        for node in ast.walk(ast.parse(Path(path).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    ]


def _lines(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    whole = node.end_lineno - node.lineno + 1
    if ast.get_docstring(node) is None:
        return whole
    return whole - (node.body[0].end_lineno - node.body[0].lineno + 1)


def test_the_census_counts_signature_and_body_but_not_the_docstring(tmp_path):
    module = tmp_path / "m.py"
    module.write_text('def f(\n    x,\n):\n    """Say.\n\n    More.\n    """\n    return x\n')
    assert functions([module]) == [("m.py:1 f", 4)]


def test_no_function_is_longer_than_sixty_lines(source_files):
    assert [told for told in functions(source_files) if told[1] > LONGEST] == []


def test_nearly_all_functions_keep_within_thirty_lines_and_half_within_eight(source_files):
    lengths = [lines for _, lines in functions(source_files)]
    assert sum(n <= LONG for n in lengths) / len(lengths) >= 0.97
    assert statistics.median(lengths) <= SHORT


def test_modules_keep_within_four_hundred_lines(source_files):
    lengths = {p.name: len(p.read_text(encoding="utf-8").splitlines()) for p in source_files}
    assert {name: n for name, n in lengths.items() if n > MODULE} == {}


def test_every_module_says_what_it_is_for(source_files):
    silent = [p for p in source_files if not ast.get_docstring(ast.parse(p.read_text("utf-8")))]
    assert silent == []
