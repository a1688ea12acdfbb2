"""Pages → files: self-contained HTML in three languages, and Markdown in the chosen one."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape
from markupsafe import Markup

from iagkit.core.record import Record
from iagkit.report.blocks import Page
from iagkit.report.page import compose
from iagkit.report.voice import LOCALES, NAMES, TAGS, Voice, catalogue

SPECIAL = "\\`*_[]<>|#~"


def write_report(record: Record, directory: str | Path, *, lang: str = "en") -> list[Path]:
    """Tell a record to people.

    Parameters
    ----------
    record : Record
    directory : str or Path
        Existing folder.
    lang : {"es", "pt", "en"}
        Language of ``report.html`` and ``report.md``.

    Returns
    -------
    list of Path
        ``report.html``, ``report.md``, and one ``report.<lang>.html`` a language.

    Raises
    ------
    UsageError
        If iagkit does not speak the language.
    """
    catalogue(lang)
    folder = Path(directory)
    drawn = drawn_pages(record)
    told = {f"report.{kind}": drawn[f"report.{lang}.{kind}"] for kind in ("html", "md")}
    told |= {name: page for name, page in drawn.items() if name.endswith(".html")}
    for name, content in told.items():
        (folder / name).write_text(content, encoding="utf-8", newline="\n")
    return [folder / name for name in told]


def drawn_pages(record: Record) -> dict[str, str]:
    """Draw ``report.<lang>.html`` and ``report.<lang>.md`` of every language."""
    pages = {code: compose(record, lang=code) for code in LOCALES}
    told = {f"report.{code}.html": html(page) for code, page in pages.items()}
    return told | {f"report.{code}.md": markdown(page) for code, page in pages.items()}


def html(page: Page) -> str:
    """Draw a page as one HTML file that asks nobody for anything."""
    return _drawn("page.html.j2", page)


def markdown(page: Page) -> str:
    """Draw a page as Markdown."""
    lines = _drawn("report.md.j2", page).split("\n")
    kept = [line for line, before in zip(lines, ["x", *lines], strict=False) if line or before]
    return "\n".join(line.rstrip() for line in kept).strip() + "\n"


def _drawn(template: str, page: Page) -> str:
    voice = Voice(page.lang)
    links = [(code, TAGS[code], NAMES[code]) for code in LOCALES if code in page.langs]
    told: dict[str, Any] = {"page": page, "_": voice._, "tag": TAGS[page.lang], "links": links}
    return templates().get_template(template).render(told)


@lru_cache(maxsize=1)
def templates() -> Environment:
    """Templates of all pages."""
    loader = PackageLoader("iagkit.report", "templates")
    found = Environment(
        loader=loader,
        autoescape=select_autoescape(enabled_extensions=("html.j2",), default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters["md"] = escape_markdown
    found.filters["css"] = escape_css
    found.globals["style"] = Markup(_source(found, "style.css"))  # noqa: S704
    return found


def _source(environment: Environment, name: str) -> str:
    assert environment.loader is not None
    return environment.loader.get_source(environment, name)[0]


def escape_markdown(text: object) -> str:
    """Write words so that Markdown draws them as they are, on one line."""
    line = " ".join(str(text).split())
    return "".join(f"\\{letter}" if letter in SPECIAL else letter for letter in line)


def escape_css(text: object) -> Markup:
    """Write words inside a quoted string of a style sheet; only letters and digits stay bare."""
    kept = (c if c.isalnum() or c == " " else f"\\{ord(c):x} " for c in str(text))
    return Markup("".join(kept))  # noqa: S704
