"""YAML that can only be data: no tags, no references, no key twice, no more than a megabyte."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any, Final

import yaml

from iagkit.core.errors import DeclarationError

LIMIT: Final = 1 << 20
DEPTH: Final = 40


class _Loader(yaml.SafeLoader):
    """Safe loader that also refuses references (they can grow to gigabytes) and double keys."""

    depth = 0

    def compose_node(self, parent: Any, index: Any) -> Any:
        """Count the depth, and refuse a reference."""
        if self.check_event(yaml.events.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.MarkedYAMLError(
                problem="references (&name, *name) are not allowed; write the value out",
                problem_mark=mark,
            )
        self.depth += 1
        if self.depth > DEPTH:
            raise yaml.MarkedYAMLError(problem=f"it is nested more than {DEPTH} times")
        node = super().compose_node(parent, index)
        self.depth -= 1
        return node

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Hashable, Any]:
        """Refuse a key that stands twice; YAML would silently take the last."""
        seen = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value in seen:
                raise yaml.MarkedYAMLError(
                    problem=f"'{key.value}' stands here twice", problem_mark=key.start_mark
                )
            seen.add(str(key.value))
        return super().construct_mapping(node, deep=deep)


def _text(loader: _Loader, node: Any) -> str:
    return str(loader.construct_scalar(node))


# A date stays as it is written: a declaration holds none, but a version may look like one.
_Loader.add_constructor("tag:yaml.org,2002:timestamp", _text)


class _Quick(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """Safe and ten times as fast where libyaml is there; for files that come with iagkit."""


_Quick.add_constructor("tag:yaml.org,2002:timestamp", _text)


def shipped(path: Path) -> Any:
    """Read a file that comes with iagkit; whatever people may have written is for :func:`read`."""
    return yaml.load(path.read_bytes(), Loader=_Quick)  # noqa: S506 (a safe loader)


def read(path: Path) -> dict[str, Any]:
    """Read a file that holds one mapping.

    Raises
    ------
    DeclarationError
        If it cannot be read, is not YAML, or holds anything but plain data.
    """
    try:
        with path.open("rb") as file:
            content = file.read(LIMIT + 1)
    except OSError as error:
        msg = f"'{path}' cannot be opened ({error.strerror}). Check the path"
        raise DeclarationError(msg) from None
    if len(content) > LIMIT:
        msg = f"expected a declaration below 1 MB; '{path.name}' is larger. It is another file"
        raise DeclarationError(msg)
    return parse(content, name=path.name)


def parse(content: bytes | str, *, name: str) -> dict[str, Any]:
    """Parse the bytes of such a file.

    Raises
    ------
    DeclarationError
        As :func:`read`.
    """
    try:
        value = yaml.load(content, Loader=_Loader)  # noqa: S506 (a safe loader, made safer)
    except (yaml.YAMLError, UnicodeError, RecursionError, ValueError) as error:
        msg = f"expected YAML; '{name}' is not: {_why(error)}"
        raise DeclarationError(msg) from None
    if not isinstance(value, dict) or not all(isinstance(key, str) for key in value):
        kind = "is empty" if value is None else "is a list or a single value"
        msg = f"expected YAML with named fields ('name: ...'); '{name}' {kind}"
        raise DeclarationError(msg)
    return value


def _why(error: Exception) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return (
            "it holds bytes or values that YAML does not allow. Is it a spreadsheet, or text "
            "that is not UTF-8? Save it as plain text in UTF-8"
        )
    mark = error.problem_mark
    where = f" (line {mark.line + 1}, column {mark.column + 1})" if mark else ""
    if "could not determine a constructor" in str(error.problem):
        return f"tags such as !!python are not allowed{where}"
    return f"{error.problem}{where}"


class _Dumper(yaml.SafeDumper):
    """Writes every value out: no references, which readers may refuse."""

    def ignore_aliases(self, _: Any) -> bool:
        """Never refer."""
        return True


def dump(content: Any) -> bytes:
    """Write plain data as YAML, UTF-8, in the order given; no line is folded."""
    told = yaml.dump(content, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=1 << 20)
    return str(told).encode()
