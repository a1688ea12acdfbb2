"""Pages of a register of systems: the list, and one page a system."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from markupsafe import Markup

from iagkit.core.nouns import Finding, Verdict
from iagkit.core.record import Record
from iagkit.report import audit, names, processes
from iagkit.report.audit.reading import read
from iagkit.report.audit.voice import AuditVoice
from iagkit.report.blocks import (
    MARKS,
    Block,
    Cell,
    Code,
    Page,
    Pairs,
    Section,
    Stack,
    Status,
    Table,
    Text,
    Tone,
)
from iagkit.report.notice import notice_page
from iagkit.report.story import OVERALL, Story
from iagkit.report.voice import LOCALES, NAMES, TAGS, Voice
from iagkit.report.write import templates

SCRIPT: Final = (
    "const f=document.getElementById('find');f.closest('p').style.display='block';"
    "f.addEventListener('input',()=>{const w=f.value.toLowerCase();"
    "document.querySelectorAll('.systems>li').forEach(s=>{"
    "s.hidden=!s.textContent.toLowerCase().includes(w)})})"
)
"""Finds a word at once; without it all systems are listed, and the choice above them works."""
TONES: Final[Mapping[str, Tone]] = {"pass": "pass", "fail": "fail", "unknown": "unknown"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """What the page of a system tells.

    Parameters
    ----------
    file : str
        Name of the page before its language.
    versions : sequence of Record
        Newest first.
    said : mapping of str to str
        What the institution says, in the language of the page.
    forms : sequence of mapping
        Registers that are owed, with ``title`` and the counts of their required fields.
    links : mapping of str to str
        What can be downloaded → address, from the page.
    signed_by : str or None
        Key the record was signed with; empty if the signature was not checked; ``None`` if there
        is none.
    key : str
        File of the public key; empty if the register gives none.
    base : str
        Address of the folder of pages; empty if it is not known.
    """

    file: str
    versions: Sequence[Record]
    said: Mapping[str, str]
    forms: Sequence[Mapping[str, Any]]
    links: Mapping[str, str]
    signed_by: str | None = None
    key: str = ""
    base: str = ""


def system_page(shown: Shown, lang: str) -> tuple[dict[str, Any], str]:
    """Row of the list, and page, of a system."""
    voice, newest = Voice(lang), shown.versions[0]
    page = notice_page(newest, shown.said, lang, file=shown.file)
    page = replace(page, sections=list(_sections(page, shown, story_of(newest, lang), voice)))
    links = [(code, TAGS[code], NAMES[code]) for code in LOCALES]
    drawn = (
        templates()
        .get_template("system.html.j2")
        .render(
            page=page, _=voice._, tag=TAGS[lang], links=links, files=shown.links, base=shown.base
        )
    )
    day = str(newest.about.get("sealed_at") or "")
    tone, word = page.verdict.tone, page.verdict.word
    row = {"id": shown.file, "title": page.title, "tone": tone, "word": word, "mark": MARKS[tone],
           "purpose": shown.said.get("purpose", ""), "institution": shown.said.get("org", ""),
           "day": voice.date(day) if day else "", "data": _data(newest, voice)}  # fmt: skip
    return row, drawn


def story_of(record: Record, lang: str) -> Story:
    """A record beside its language, in the words of what it is of: an audit, a log, a prototype."""
    if audit.is_audit(record):
        return read(record, AuditVoice(lang))
    if processes.is_process(record):
        return processes.story_of(record, lang)
    return Story.of(record, lang)


def _data(record: Record, voice: Voice) -> str:
    card = record.dataset
    return voice.words(card.get("title")) or str(card.get("name") or "")


def _sections(page: Page, shown: Shown, story: Story, voice: Voice) -> Iterator[Section]:
    for section in page.sections:
        if section.name != "proof":
            yield section
            continue
        yield Section(name="figures", title=voice._("The figures and their limits"),
                      blocks=list(_figures(story, voice)))  # fmt: skip
        yield Section(name="registers", title=voice._("The registers it owes"),
                      blocks=list(_forms(shown.forms, voice)))  # fmt: skip
        yield replace(section, blocks=[*section.blocks, *_signature(shown, voice)])
    yield Section(name="history", title=voice._("History"), blocks=[_history(shown, voice)])


def _figures(story: Story, voice: Voice) -> Iterator[Block]:
    """Every limit that was judged, with the figure it was judged by."""
    record = story.record
    if not record.verdicts:
        yield Text(text=voice._("No limit was judged."))
        return
    yield Table(
        caption=voice._("What was measured, and whether it is within its limit"),
        headings=(voice._("Question"), voice._("Figure, interval, cases"), voice._("Limit")),
        rows=[_judged(story, one) for one in record.verdicts], stacked=True,
    )  # fmt: skip


def _judged(story: Story, verdict: Verdict) -> Sequence[Cell]:
    finding = story.record.find(verdict.check, **verdict.where)
    result = Status(
        tone=TONES[verdict.result], word=story.voice.tell(names.RESULTS[verdict.result])
    )
    return (
        Stack(main=story.asked(verdict.check, finding), small=_place(story, verdict.where)),
        _figure(story, verdict, finding),
        Stack(main=result, small=story.why(verdict)),
    )


def _figure(story: Story, verdict: Verdict, finding: Finding | None) -> str:
    if finding is None or finding.estimate is None:
        return story.sentence(finding) if finding else story.voice._("not known")
    gap = verdict.check.endswith("gap")
    return story.voice.gap(finding.estimate) if gap else story.voice.estimate(finding.estimate)


def _place(story: Story, where: Mapping[str, str]) -> str:
    together = [key for key, value in where.items() if value == OVERALL]
    return story.called(together[0]) if len(together) == len(where) == 1 else story.place(where)


def _forms(forms: Sequence[Mapping[str, Any]], voice: Voice) -> Iterator[Block]:
    """How far each register is filled, and by whom."""
    if not forms:
        yield Text(text=voice._("The institution has not said which registers it owes."))
        return
    yield Table(
        caption=voice._("Required fields of each register"),
        headings=(voice._("Register"), voice._("Required"), voice._("From the evidence"),
                  voice._("Answered by people"), voice._("Not confirmed"), voice._("Missing")),
        rows=[_form(one, voice) for one in forms], numeric=frozenset(range(1, 6)), stacked=True,
    )  # fmt: skip
    yield Text(text=voice._(
        "What is not confirmed was proposed by the computer, and no person has checked it yet."
    ), kind="note")  # fmt: skip


def _form(told: Mapping[str, Any], voice: Voice) -> Sequence[Cell]:
    n = told["required"]
    counts = (n["fields"], n["auto"], n["human"], n["draft"], n["missing"] + n["blocked"])
    small = f"{told['id']} · {told['version']}"
    if told["verified"] == "partial":
        small += f" · {voice._('Read at its source')}: {voice._('in part')}"
    return (Stack(main=told["title"], small=small), *(voice.number(count) for count in counts))


def _signature(shown: Shown, voice: Voice) -> Iterator[Block]:
    """Who sealed it, as far as anybody can tell."""
    newest = shown.versions[0]
    if newest.amendments:
        yield Pairs(items=[(voice._("Digest of the last amendment"), newest.head)])
    if shown.signed_by is None:
        yield Text(text=voice._(
            "It is not signed. Compare the digest with one that the institution published "
            "elsewhere."))  # fmt: skip
        return
    if not shown.signed_by:
        yield Text(text=voice._(
            "It is signed. This register did not check by whom: ask the institution for its "
            "public key."))  # fmt: skip
        return
    yield Pairs(items=[(voice._("Signed with the key"), shown.signed_by)])
    yield Text(
        text=voice._(
            "Put the record, its signature and the public key in one folder, and type this there:"
        )
    )
    yield Code(text=f"iagkit verify record.json --public-key {shown.key}")


def _history(shown: Shown, voice: Voice) -> Table:
    rows = []
    for one in shown.versions:
        rows += [(voice.date(a["at"]), f"{a['author']}: {a['reason']}", a["digest"])
                 for a in reversed(one.amendments)]  # fmt: skip
        day = voice.date(str(one.about.get("sealed_at") or ""))
        rows.append((day or "—", voice._("record sealed"), one.digest))
    return Table(
        caption=voice._("Versions and amendments, newest first"),
        headings=(voice._("Day"), voice._("What"), voice._("Digest")), rows=rows, stacked=True,
    )  # fmt: skip


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
        counted=voice.plural("{n} system", "{n} systems", len(rows)),
        title=title or voice._("Register of systems"), institution=institution,
        links=[(code, TAGS[code], NAMES[code]) for code in LOCALES], hash=f"sha256-{seal}",
        script=Markup(SCRIPT),  # noqa: S704 - a constant of ours
    )  # fmt: skip
