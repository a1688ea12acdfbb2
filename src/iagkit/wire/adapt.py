"""A prototype copied into a folder of the institution, which owns every word of it."""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from typing import Final

from iagkit.core.errors import OutputError
from iagkit.wire import files, yamls

WORDS: Final = ("README.md", "ADAPT.md")
LANGUAGES: Final = {"es": "Español", "pt": "Português", "en": "English"}
"""Heading of each language in these files."""
TITLES: Final = {"es": "Cómo adaptarlo", "pt": "Como adaptá-lo", "en": "How to adapt it"}
"""Title of ``ADAPT.md`` in one language."""


def copy(name: str, directory: str | Path, *, lang: str = "") -> list[Path]:
    """Copy a prototype, with its policy, protocol and taxonomy, into a new or empty folder.

    The copied ``prototype.yaml`` names the copied files, so that a change of iagkit never
    changes what an institution has declared; it is named after its folder, so that its models
    are never taken for those of the original.

    Parameters
    ----------
    name : str
        A shipped prototype.
    directory : str or Path
        A folder that is new or empty.
    lang : {"", "es", "pt", "en"}
        Language of what is to be read there; empty: all that there are.

    Returns
    -------
    list of Path
        What was written, ``prototype.yaml`` first.

    Raises
    ------
    DeclarationError
        If there is no such prototype.
    OutputError
        If the folder is not empty or cannot be written.
    """
    origin = files.find("prototypes", name)
    declared = yamls.read(origin)
    folder = Path(directory)
    parts = {
        "policy": files.find("policies", declared.get("policy", "baseline"), near=origin.parent),
        "protocol": files.find(
            "protocols", declared.get("protocol", "baseline"), near=origin.parent
        ),
    }
    if told := declared.get("taxonomy"):
        parts["taxonomy"] = files.find("taxonomies", told, near=origin.parent)
    content = _pointed_to(origin.read_text(encoding="utf-8"), "name", _plain(folder.resolve().name))
    for field in parts:
        content = _pointed_to(content, field, f"{field}.yaml")
    try:
        _refuse_what_is_there(folder)
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder, origin, content, parts, lang)
    except OSError as error:
        msg = f"'{folder}' cannot be written ({error.strerror}). Choose another folder"
        raise OutputError(msg) from None


def _plain(name: str) -> str:
    """Name of a folder, with what YAML or MLflow could misread made a hyphen."""
    return re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-") or "prototype"


def _pointed_to(content: str, field: str, file: str) -> str:
    line = f"{field}: {file}"
    changed, n = re.subn(rf"^{field}:.*$", line, content, count=1, flags=re.MULTILINE)
    return changed if n else f"{content.rstrip()}\n{line}\n"


def _refuse_what_is_there(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        kind = "holds files" if folder.is_dir() else "is a file"
        msg = f"expected a new or empty folder; '{folder}' {kind}. Choose another name"
        raise OutputError(msg)


def _write(
    folder: Path, origin: Path, content: str, parts: dict[str, Path], lang: str
) -> list[Path]:
    main = folder / "prototype.yaml"
    main.write_text(content, encoding="utf-8")
    copies = {f"{field}.yaml": path for field, path in parts.items()}
    for file, path in copies.items():
        shutil.copyfile(path, folder / file)
    words = [word for word in WORDS if origin.with_name(word).is_file()]
    for word in words:
        told = _in_language(origin.with_name(word).read_text(encoding="utf-8"), lang)
        (folder / word).write_text(told, encoding="utf-8", newline="\n")
    return [main, *(folder / file for file in (*copies, *words))]


def _in_language(text: str, lang: str) -> str:
    """What a text of several languages says in one; whole if it is not in that one."""
    head, *told = re.split(rf"^## ({'|'.join(LANGUAGES.values())})\s*$", text, flags=re.MULTILINE)
    bodies = dict(zip(told[::2], told[1::2], strict=True))
    body = bodies.get(LANGUAGES.get(lang, ""))
    if body is None:
        return text
    title = head.strip().splitlines()[0]
    if " " in title.removeprefix("# "):
        title = f"# {TITLES[lang]}"
    return f"{title}\n\n{body.strip()}\n"
