"""A section of a questionnaire → the page that asks it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from iagkit.core.message import Message, say
from iagkit.flow.assessing import Session, assess, facts
from iagkit.registers.assessments import canada, goblab
from iagkit.registers.assessments.forms import CANADA, SCORED
from iagkit.registers.assessments.questionnaire import Ask, left
from iagkit.report.assessment_form import AskShown, FormPage, draw
from iagkit.report.voice import Voice

AT_ONCE = 20
"""Questions of a questionnaire without sections that stand on one page."""
LABEL = say("These answers are shared by all registers: a question is answered once.")
PART = say("Part {n}")
KEPT = say("Answers are kept in {path}, on this machine only.")
PROGRESS = say("{n} of {of} questions are answered.")
ANSWERED = say("Questions with points that are answered")
SAVED = say("Kept.")
SAYS = say("The record says: {text}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Shown:
    """The section that is asked, and those beside it."""

    sections: tuple[tuple[Mapping[str, str], tuple[Ask, ...]], ...]
    place: int

    @property
    def asks(self) -> tuple[Ask, ...]:
        """Questions of this section."""
        return self.sections[self.place][1]

    def drawn(
        self,
        session: Session,
        *,
        lang: str,
        text: str,
        base: str,
        token: str,
        saved: bool,
        wrong: Mapping[str, Any],
        typed: Mapping[str, list[str]],
    ) -> str:
        """HTML of the section."""
        voice = Voice(lang)
        asks = session.asks()
        names = [_named(words, n, voice, text) for n, (words, _) in enumerate(self.sections, 1)]
        told = [_ask(one, session, voice, text, wrong, typed) for one in self.asks]
        page = FormPage(
            title=in_words(session.form.title, lang),
            label=voice.tell(_label(session)),
            progress=voice.say(PROGRESS.template, n=len(asks) - len(session.left()), of=len(asks)),
            section=names[self.place],
            steps=tuple(self._steps(session, names, base, voice)),
            asks=told,
            errors=tuple((_target(one), one.title, one.wrong) for one in told if one.wrong),
            facts=_result(session, lang),
            saved=voice.tell(SAVED) if saved else "",
            kept=voice.say(KEPT.template, path=session.path.name),
            action=f"{base}?s={self.place}",
            token=token,
            has_next=self.place + 1 < len(self.sections),
            words_lang=_words_lang(session, lang, text),
        )
        return draw(page, lang=lang)

    def _steps(
        self, session: Session, names: Sequence[str], base: str, voice: Voice
    ) -> Iterator[tuple[str, str, str, bool]]:
        for n, (name, (_, asks)) in enumerate(zip(names, self.sections, strict=True)):
            open_ = len(left(asks, session.answers))
            done = voice.say("{n} of {of}", n=len(asks) - open_, of=len(asks))
            yield name, f"{base}?s={n}", done, n == self.place


def shown(place: int, session: Session) -> Shown:
    """The section at a place; the last one if there are fewer now."""
    groups: list[tuple[Mapping[str, str], list[Ask]]] = []
    for ask in session.asks():
        full = not ask.section and groups and len(groups[-1][1]) >= AT_ONCE
        if not groups or groups[-1][0] != ask.section or full:
            groups.append((ask.section, []))
        groups[-1][1].append(ask)
    sections = tuple((words, tuple(asks)) for words, asks in groups)
    return Shown(sections=sections, place=min(place, len(sections) - 1))


def in_words(words: Mapping[str, str], wording: str) -> str:
    """Text in the wanted language; English, or whichever there is, where that is missing."""
    return words.get(wording) or words.get("en") or next(iter(words.values()), "")


def _target(one: AskShown) -> str:
    return one.anchor


def _named(words: Mapping[str, str], n: int, voice: Voice, text: str) -> str:
    return in_words(words, text) or voice.say(PART.template, n=n)


def _label(session: Session) -> Message:
    if session.form.name == CANADA:
        return canada.LABEL
    return goblab.LABELS["as-published"] if session.form.name == goblab.NAME else LABEL


def _words_lang(session: Session, lang: str, text: str) -> str:
    """Language tag of the official words, where it is not the page's own."""
    if session.form.name != CANADA:
        return ""
    official = "fr" if text == "fr" else "en"
    return "" if official == lang else official


def _result(session: Session, lang: str) -> Sequence[tuple[str, str]]:
    if session.form.name not in SCORED:
        return ()
    told, voice = assess(session.form.name, session.answers, lang=lang), Voice(lang)
    of = told.get("shown", told.get("scored"))
    share = voice.say("{n} of {of}", n=told["answered"], of=of)
    return [*facts(told, voice), (voice.tell(ANSWERED), share)]


def _ask(
    ask: Ask,
    session: Session,
    voice: Voice,
    text: str,
    wrong: Mapping[str, Any],
    typed: Mapping[str, list[str]],
) -> AskShown:
    value = session.answers.get(ask.key)
    chosen = value if isinstance(value, list) else [value]
    told = wrong.get(ask.key, "")
    seen = session.evidence.get(ask.key)
    return AskShown(
        name=ask.key,
        anchor="q-" + "".join(c if c.isalnum() else "-" for c in ask.key),
        title=in_words(ask.title, text),
        help=in_words(ask.help, text),
        evidence=voice.say(SAYS.template, text=seen) if seen else "",
        wrong=voice.tell(told) if isinstance(told, Message) else told,
        options=tuple(
            (n, voice.tell(words) if isinstance(words, Message) else in_words(words, text),
             any(option is one or (option == one and type(option) is type(one)) for one in chosen))
            for n, (option, words) in enumerate(ask.options, 1)
        ),
        many=ask.kind == "choices",
        short=ask.kind in ("number", "date"),
        required=ask.required,
        value=typed[ask.key][0] if told and ask.key in typed else _typed(value),
    )  # fmt: skip


def _typed(value: Any) -> str:
    if isinstance(value, list):
        return "\n".join(map(str, value))
    return "" if value is None else str(value)
