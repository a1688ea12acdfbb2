"""A questionnaire in the terminal: one question at a time, every answer kept at once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, TextIO

import typer

from iagkit.cli.refusals import visible
from iagkit.core.message import Message, say

if TYPE_CHECKING:
    from iagkit.flow.assessing import Session
    from iagkit.registers.assessments.questionnaire import Ask
    from iagkit.report.voice import Voice

KEPT = say("Answers are kept in {path} after every one; run the same command to go on.")
KEYS = say("Enter leaves a question for later, '<' goes back, 'q' stops.")
PLACE = say("Question {n} of {of}")
NEEDED = say("(needed)")
MANY = say("Several may be chosen: numbers with commas.")
SAYS = say("The record says: {text}")
EXPECTED = say("Expected: {what}.")
DONE = say("{n} of {of} questions are answered.")


def ask(session: Session, voice: Voice, wording: str, lines: TextIO) -> None:
    """Ask what is not answered yet, until there is nothing left or the person stops."""
    _say(voice.say(KEPT.template, path=str(session.path)))
    _say(voice.tell(KEYS))
    passed: list[str] = []
    current: str | None = None
    while (now := _next(session, passed, current)) is not None:
        for line in _question(session, now, voice, wording):
            _say(line)
        typed = lines.readline()
        if not typed or typed.strip() == "q":
            break
        current = None
        if typed.strip() == "<":
            current = passed.pop() if passed else now.key
        elif _kept(session, now, typed, voice):
            passed.append(now.key)
        else:
            current = now.key
    asks = session.asks()
    _say("")
    _say(voice.say(DONE.template, n=len(asks) - len(session.left()), of=len(asks)))


def _next(session: Session, passed: list[str], current: str | None) -> Ask | None:
    if current is not None:
        return next((one for one in session.asks() if one.key == current), None)
    return next((one for one in session.left() if one.key not in passed), None)


def _kept(session: Session, now: Ask, typed: str, voice: Voice) -> bool:
    from iagkit.registers.assessments.questionnaire import MisfitError, read

    try:
        value = read(now, typed)
        if value is not None:
            session.put({now.key: session.form.check(now, value)})
    except MisfitError as misfit:
        _say(voice.say(EXPECTED.template, what=voice.tell(misfit.told)))
        return False
    return True


def _question(session: Session, now: Ask, voice: Voice, wording: str) -> Iterator[str]:
    asks = session.asks()
    place = next(n for n, one in enumerate(asks, 1) if one.key == now.key)
    section = in_words(now.section, wording)
    yield ""
    told = voice.say(PLACE.template, n=place, of=len(asks))
    yield f"{told}{f' · {section}' if section else ''}"
    yield in_words(now.title, wording) + (f" {voice.tell(NEEDED)}" if now.required else "")
    if helped := in_words(now.help, wording):
        yield f"  ({helped})"
    if seen := session.evidence.get(now.key):
        yield "  " + voice.say(SAYS.template, text=seen)
    for n, (_, words) in enumerate(now.options, 1):
        named = voice.tell(words) if isinstance(words, Message) else in_words(words, wording)
        yield f"  {n}. {named}"
    if now.kind == "choices":
        yield f"  {voice.tell(MANY)}"
    yield "> "


def in_words(words: Mapping[str, str] | None, wording: str) -> str:
    """Text in the wanted wording; English, or whichever there is, where that is missing."""
    told = words or {}
    return str(told.get(wording) or told.get("en") or next(iter(told.values()), ""))


def _say(line: str) -> None:
    """Questions go to stderr, so that a result can be piped on."""
    typer.echo(visible(line), nl=line != "> ", err=True)
