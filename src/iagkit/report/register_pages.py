"""Pages of a register of systems: the list, and one page a system."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from markupsafe import Markup, escape

from iagkit.core.record import Record
from iagkit.report.blocks import MARKS, Section, Table
from iagkit.report.notice import notice_page
from iagkit.report.voice import LOCALES, NAMES, TAGS, Voice
from iagkit.report.write import html, templates

SCRIPT: Final = (
    "const f=document.getElementById('find');f.closest('p').style.display='block';"
    "f.addEventListener('input',()=>{const w=f.value.toLowerCase();"
    "document.querySelectorAll('.systems>li').forEach(s=>{"
    "s.hidden=!s.textContent.toLowerCase().includes(w)})})"
)
"""Finds a word at once; without it all systems are listed, and the choice above them works."""


def system_page(
    versions: Sequence[Record], said: Mapping[str, str], lang: str, name: str
) -> tuple[dict[str, Any], str]:
    """Row of the list, and page, of a system; ``versions`` are newest first."""
    voice, newest = Voice(lang), versions[0]
    page = notice_page(newest, said, lang, file=name)
    rows = [
        (voice.date(str(one.about.get("sealed_at", ""))), voice._("record sealed"), one.digest)
        for one in versions
    ]
    for one in versions:
        rows += [(voice.date(a["at"]), f"{a['author']}: {a['reason']}", a["digest"])
                 for a in one.amendments]  # fmt: skip
    table = Table(
        caption=voice._("Versions and amendments, newest first"),
        headings=(voice._("Day"), voice._("What"), voice._("Digest")), rows=rows, stacked=True,
    )  # fmt: skip
    history = Section(name="history", title=voice._("History"), blocks=[table])
    drawn = html(replace(page, sections=[*page.sections, history]))
    nav = Markup('<nav aria-label="{}"><p><a href="../index.{}.html">{}</a> · '
                 '<a href="{}/{}.json">record.json</a> · <a href="../api/systems/{}.json">JSON</a>'
                 "</p></nav>").format(
        voice._("Register"), lang, voice._("All systems"), name, newest.digest, name
    )  # fmt: skip
    drawn = drawn.replace("</header>", f"{nav}</header>", 1)
    tone, word = page.verdict.tone, page.verdict.word
    row = {"id": name, "title": page.title, "tone": tone, "word": word, "mark": MARKS[tone],
           "purpose": said.get("purpose", "")}  # fmt: skip
    return row, drawn


def list_page(
    rows: Sequence[Mapping[str, Any]], lang: str, *, title: str, institution: str, base: str
) -> str:
    """The list of systems."""
    voice = Voice(lang)
    tones = [("pass", voice._("may be used")), ("unknown", voice._("with conditions")),
             ("fail", voice._("not as it is"))]  # fmt: skip
    seal = base64.b64encode(hashlib.sha256(SCRIPT.encode()).digest()).decode()
    return templates().get_template("site.html.j2").render(
        _=voice._, tag=TAGS[lang], lang=lang, systems=rows, tones=tones, base=base,
        title=title or voice._("Register of systems"), institution=institution,
        links=[(code, TAGS[code], NAMES[code]) for code in LOCALES], hash=f"sha256-{seal}",
        script=Markup(SCRIPT),  # noqa: S704 - a constant of ours
    )  # fmt: skip


def escaped(text: str) -> str:
    """Write words inside XML."""
    return str(escape(text))
