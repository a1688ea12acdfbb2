"""Every sentence of the source that a reader may see, found by reading the source itself."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter

SOURCE = Path(__file__).resolve().parents[2] / "src" / "iagkit"
MARKED = {"say", "_", "Message"}
IN_TEMPLATES = re.compile(r"""\b_\(\s*(?:"([^"]+)"|'([^']+)')\s*\)""")


def all_sentences() -> dict[str, str]:
    """Sentence → where it stands first."""
    found: dict[str, str] = {}
    for path in sorted(SOURCE.rglob("*.py")):
        for sentence, line in of_code(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, f"{path.relative_to(SOURCE)}:{line}")
    for path in sorted((SOURCE / "report" / "templates").glob("*.j2")):
        for sentence in of_template(path.read_text(encoding="utf-8")):
            found.setdefault(sentence, str(path.relative_to(SOURCE)))
    return found


def of_code(source: str) -> Iterator[tuple[str, int]]:
    """Sentences marked by ``say``, ``_``, ``Message``, ``plural`` or the name ``question``."""
    for node in ast.walk(ast.parse(source)):
        yield from _words(_marked(node))


def _marked(node: ast.AST) -> list[ast.expr]:
    match node:
        case ast.Call() if _called(node.func) in MARKED:
            return node.args[:1]
        case ast.Call() if _called(node.func) == "plural":
            return node.args[:2]
        case ast.Call():
            return [k.value for k in node.keywords if k.arg == "question"]
        case ast.AnnAssign(value=ast.expr()) if _called(node.target) == "question":
            return [node.value]
        case ast.Assign() if any(_called(target) == "question" for target in node.targets):
            return [node.value]
        case _:
            return []


def of_template(source: str) -> Iterator[str]:
    """Sentences inside ``{{ _("...") }}``."""
    for double, single in IN_TEMPLATES.findall(source):
        yield double or single


def gaps(sentence: str) -> set[str]:
    """Names of the gaps of a sentence."""
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def _called(node: ast.expr) -> str:
    return getattr(node, "attr", None) or getattr(node, "id", "")


def _words(nodes: list[ast.expr]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
            yield node.value, node.lineno
        elif isinstance(node, ast.IfExp):
            yield from _words([node.body, node.orelse])
