"""A sealed record → the notice for the people a system concerns, and how easy it reads."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.message import say
from iagkit.core.nouns import Estimate
from iagkit.core.record import Record
from iagkit.flow.publishing import read_answers, refuse_the_run, system_record
from iagkit.flow.running import RECORD
from iagkit.registers.answers import Answers
from iagkit.registers.placeholders import is_placeholder
from iagkit.text import readability
from iagkit.wire.output import OutputFolder

if TYPE_CHECKING:
    from iagkit.report.blocks import Page

LANGS: Final = ("es", "pt", "en")
ROLE: Final = ("reviewer", "appeal", "deadline", "contact")
ANSWERED: Final = {
    "title": "system.name", "purpose": "system.purpose", "not_for": "system.out_of_scope",
    "reviewer": "human.oversight", "appeal": "people.appeal", "contact": "org.contact",
    "org": "org.name", "url": "org.url", "legal": "legal.basis",
}  # fmt: skip
"""Part of a notice → the question whose answer it takes."""
STEPS: Final = {
    "very easy": say("very easy"), "easy": say("easy"), "fairly easy": say("fairly easy"),
    "plain": say("plain"), "fairly difficult": say("fairly difficult"),
    "difficult": say("difficult"), "very difficult": say("very difficult"),
}  # fmt: skip
"""Steps of the scales of ``iagkit.text.readability``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ease:
    """How easy a notice reads in one language.

    Parameters
    ----------
    formula : str
    whole, own : Estimate
        Points of the whole notice, and of the sentences of iagkit alone.
    step : str
        Step of the whole on the scale of the formula, in English.
    huerta : Estimate or None
        The older Spanish formula, for Spanish.
    """

    formula: str
    whole: Estimate
    own: Estimate
    step: str
    huerta: Estimate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """The notice of a system.

    Parameters
    ----------
    record : Record
    pages : mapping of str to Page
        Language → page.
    ease : mapping of str to Ease
    paths : tuple of Path
    """

    record: Record
    pages: Mapping[str, Page]
    ease: Mapping[str, Ease]
    paths: tuple[Path, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Digest, readability by language, and paths."""
        return {
            "record": self.record.digest,
            "readability": {lang: _told(one) for lang, one in self.ease.items()},
            "paths": [str(path) for path in self.paths],
        }


def notice(
    record: str | Path | Record,
    *,
    answers: str | Path | Mapping[str, Any] | Answers | None = None,
    lang: str = "en",
    out: str | Path | None = None,
) -> Notice:
    """Write the public notice of a system.

    Parameters
    ----------
    record : str, Path or Record
        Folder of a run, its ``record.json``, or a record that was read.
    answers : path, mapping or Answers, optional
        As for :func:`iagkit.publish`.
    lang : {"es", "pt", "en"}
        Language of ``notice.html``; the others stand beside it.
    out : path, optional
        Folder for the pages; nothing is written without.

    Returns
    -------
    Notice

    Raises
    ------
    DataError
        If there is no record.
    IntegrityError
        If the record was changed, or is of a newer format.
    """
    from iagkit.flow.proving import record_in

    found = record if isinstance(record, Record) else record_in(Path(record))
    given = read_answers(answers)
    system_record(found, given, lang)  # refuses answers that contradict the evidence
    said = {code: says(found, given, code) for code in LANGS}
    pages = {code: _page(found, said[code], code) for code in LANGS}
    ease = {code: measured(pages[code], list(said[code].values()), code) for code in LANGS}
    if out is None:
        return Notice(record=found, pages=pages, ease=ease)
    if not isinstance(record, Record):
        refuse_the_run(Path(out), Path(record))
    files = drawn(pages, lang)
    with OutputFolder(out) as folder:
        for name, content in {RECORD: found.to_bytes(), **files}.items():
            (folder.path / name).write_bytes(content)
    return Notice(record=found, pages=pages, ease=ease, paths=tuple(Path(out) / n for n in files))


def says(record: Record, answers: Answers | None, lang: str) -> dict[str, str]:
    """What the institution says of a system: what it declared, and in its place what it answered.

    A placeholder says nothing.
    """
    from iagkit.report.voice import Voice

    voice, declared = Voice(lang), record.prototype
    words = {"title": declared.get("title"), "purpose": declared.get("intended_use"),
             "not_for": declared.get("not_for")}  # fmt: skip
    role = declared.get("human_role") or {}
    told = {**words, **{name: role.get(name) for name in ROLE}}
    said = {n: voice.words(w) for n, w in told.items() if isinstance(w, Mapping)}
    for name, concept in ANSWERED.items():
        # a proposal that was confirmed says what was declared, and more that stands elsewhere
        answer = answers.concepts.get(concept) if answers else None
        if isinstance(answer, str):
            said[name] = answer
    return {name: text for name, text in said.items() if not is_placeholder(text)}


def drawn(pages: Mapping[str, Page], lang: str) -> dict[str, bytes]:
    """File name → page: one a language, and the first under the plain name."""
    from iagkit.report.write import html

    files = {f"notice.{code}.html": html(page).encode() for code, page in pages.items()}
    return {"notice.html": files[f"notice.{lang}.html"], **files}


def measured(page: Page, others: Sequence[str], lang: str) -> Ease:
    """How easy a notice reads, whole and without what others wrote."""
    from iagkit.report.notice import texts

    whole = readability.ease(texts(page), lang)
    own = readability.ease([_without(one, others) for one in texts(page, others)], lang)
    huerta = None
    if lang == "es":
        huerta = readability.ease(texts(page), lang, formula=readability.HUERTA)
    return Ease(
        formula=readability.FORMULAS[lang].name, whole=whole, own=own, huerta=huerta,
        step=readability.step(whole.value, lang),
    )  # fmt: skip


def lines(ease: Mapping[str, Ease], lang: str = "en") -> Iterator[str]:
    """How easy each language reads, for a terminal; a measure to look at, no limit."""
    from iagkit.report.voice import Voice

    voice = Voice(lang)
    for code, one in ease.items():
        whole = one.whole
        between = ""
        if whole.low is not None and whole.high is not None:
            between = " " + voice.say("({low:.0f} to {high:.0f})", low=whole.low, high=whole.high)
        yield voice.say(
            "{code}: {value:.0f}{between}, {step}; {n} sentences; without what the institution "
            "wrote {own:.0f} [{formula}]",
            code=code, value=whole.value, between=between, step=voice.tell(STEPS[one.step]),
            n=whole.n, own=one.own.value, formula=one.formula,
        )  # fmt: skip


def _page(record: Record, said: Mapping[str, str], lang: str) -> Page:
    from iagkit.report.notice import notice_page

    return notice_page(record, said, lang)


def _without(text: str, others: Sequence[str]) -> str:
    for other in others:
        text = text.replace(other, "")
    return text


def _told(one: Ease) -> dict[str, Any]:
    from iagkit.core.record import to_json

    told: dict[str, Any] = to_json(one)
    return told
