"""Duties of transparency told to people: which concern a system, and what is documented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from iagkit.core.message import Message, say
from iagkit.report.blocks import Block, Cell, Stack, Status, Table, Text
from iagkit.report.voice import Voice

Row = Mapping[str, Any]
ADVICE: Final = say("This is not legal advice. Its legal office says what binds an institution.")
VERIFIED: Final[Mapping[str, Message]] = {
    "yes": say("read at a source"),
    "partial": say("verified in part"),
    "no": say("NOT VERIFIED, not counted"),
}
OPEN: Final[Mapping[str, Message]] = {
    "country": say("whether it binds this country or institution"),
    "branch": say("the branch of government"),
    "impact": say("the impact"),
}


def blocks(voice: Voice, rows: Sequence[Row]) -> list[Block]:
    """All duties in one table, and what it is not."""
    return [
        Table(
            caption=voice._("Duties that apply, or may"),
            headings=[voice._("Law, rule or recommendation"), voice._("What it asks"),
                      voice._("Documented")],
            rows=[_row(voice, one) for one in rows],
            stacked=True,
        ),
        Text(text=voice.tell(ADVICE), kind="note"),
    ]  # fmt: skip


def sentence(voice: Voice, *, documented: int, n: int) -> str:
    """How many are documented whole, of those that can be counted."""
    if not n:
        return voice._("No duty that was verified and has a form is known to apply there.")
    return voice.say(
        "Documented whole: {documented} of {n} duties that apply, were verified and have a form.",
        documented=documented,
        n=n,
    )


def lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The same for a terminal.

    Parameters
    ----------
    told : mapping
        What ``iagkit duties --json`` prints.
    """
    voice = Voice(told["lang"])
    yield told["note"]
    yield sentence(voice, **told["counted"])
    for one in told["duties"]:
        yield ""
        yield f"{one['id']} {one['instrument']} ({_standing(voice, one)})"
        yield f"  {voice.words(one['obligations'])} [{voice.words(one['status'])}]"
        yield f"  {_state(voice, one).word}: {_counted(voice, one)}"
        yield from (f"  {source}" for source in one["source"])


def _row(voice: Voice, one: Row) -> list[Cell]:
    asked, status = voice.words(one["obligations"]), voice.words(one["status"])
    return [
        Stack(main=str(one["instrument"]), small=_standing(voice, one)),
        Stack(main=asked, small=" · ".join((status, *_online(one)))),
        Stack(main=_state(voice, one), small=_counted(voice, one)),
    ]


def _online(one: Row) -> list[str]:
    """The first source that can be opened; the others are remarks, in English."""
    return [source for source in one["source"] if source.startswith("https://")][:1]


def _standing(voice: Voice, one: Row) -> str:
    strength = voice._("binds") if one["binds"] else voice._("recommends")
    return f"{strength}; {voice.tell(VERIFIED[one['verified']])}"


def _state(voice: Voice, one: Row) -> Status:
    if one["depends_on"]:
        return Status(tone="unknown", word=voice._("may apply"))
    if one["state"] == "documented":
        return Status(tone="pass", word=voice._("documented"))
    if one["state"] == "missing":
        return Status(tone="fail", word=voice._("not yet"))
    return Status(tone="unknown", word=voice._("not known"))


def _counted(voice: Voice, one: Row) -> str:
    if one["depends_on"]:
        told = ", ".join(voice.tell(OPEN[name]) for name in one["depends_on"])
        return voice.say("not declared, or not known: {what}", what=told)
    if one["state"] == "unknown":
        return voice._("no form that somebody read at its source")
    return voice.say(
        "{filled} of {n} required answers are there; {left} are owed",
        filled=int(one["filled"]),
        n=int(one["fields"]),
        left=int(one["fields"] - one["filled"]),
    )
