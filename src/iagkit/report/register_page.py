"""A register as one page: every field with its value, who says so, and what people still owe."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

from iagkit.report.blocks import Bullets, Cell, Page, Pairs, Section, Stack, Status, Table, Text
from iagkit.report.voice import Voice
from iagkit.report.write import html

Told = Mapping[str, Any]


def register_page(told: Told) -> str:
    """Draw a register.

    Parameters
    ----------
    told : mapping
        What ``iagkit.registers.exports.plain.document`` gives; nothing else is read.

    Returns
    -------
    str
        HTML; it loads nothing and runs nothing.
    """
    voice = Voice(told["lang"])
    profile = told["profile"]
    kicker = voice.say(
        "{issuer} · version {version}", issuer=profile["issuer"], version=profile["version"]
    )
    return html(Page(
        lang=told["lang"], langs=(told["lang"],), title=profile["title"], kicker=kicker,
        purpose=told["record"]["title"], verdict=_status(told, voice),
        sentence=_sentence(told, voice),
        sections=list(_sections(told, voice)), closing=_closing(told, voice), file=profile["id"],
    ))  # fmt: skip


def _status(told: Told, voice: Voice) -> Status:
    required = told["completeness"]["required"]
    if told["blocking_limits_failed"]:
        return Status(tone="fail", word=voice._("A blocking limit failed"))
    if required["filled"] < required["fields"] or told["completeness"]["all"]["draft"]:
        return Status(tone="unknown", word=voice._("Not complete yet"))
    return Status(tone="pass", word=voice._("Complete"))


def _sentence(told: Told, voice: Voice) -> str:
    if told["blocking_limits_failed"] or told["override"]:
        return str(told["warnings"][0])
    return completeness(told["completeness"]["required"], voice)


def completeness(n: Told, voice: Voice) -> str:
    """How many required fields are filled, what by evidence and what by people, in a sentence."""
    if not n["fields"]:
        return voice.say("The standard requires no field of its own.")
    return voice.say(
        "{filled} of {fields} required fields are filled ({share:.0%}): {auto} from the evidence, "
        "{human} answered by people, {draft} proposed and not confirmed; {missing} not answered, "
        "{blocked} kept back.",
        **{name: n[name] for name in (
            "filled", "fields", "share", "auto", "human", "draft", "missing", "blocked")},
    )  # fmt: skip


def _sections(told: Told, voice: Voice) -> Iterator[Section]:
    first = [Text(text=completeness(told["completeness"]["required"], voice))]
    if told["warnings"]:
        yield Section(
            name="first", title=voice._("Read this first"),
            blocks=[Bullets(items=told["warnings"]), *first],
        )  # fmt: skip
    else:
        yield Section(name="first", title=voice._("How complete it is"), blocks=first)
    for number, (title, rows) in enumerate(groupby(told["fields"], lambda one: one["section"])):
        table = _table(title, list(rows), voice)
        yield Section(name=f"part-{number}", title=title, blocks=[table])
    if told["owed"]:
        yield Section(
            name="owed", title=voice._("What people still owe"), blocks=[_owed(told["owed"], voice)]
        )
    yield Section(name="source", title=voice._("Where this form comes from"), blocks=[
        Pairs(items=_origin(told, voice)), Bullets(items=told["profile"]["source"])])  # fmt: skip


def _table(title: str, rows: Sequence[Told], voice: Voice) -> Table:
    headings = (voice._("Field"), voice._("Answer"), voice._("Who says so"))
    caption = voice.say("Fields of the part “{part}”", part=title)
    return Table(caption=caption, headings=headings, rows=[_row(one) for one in rows], stacked=True)


def _row(one: Told) -> Sequence[Cell]:
    value = one["value"]
    shown = "\n".join(value) if isinstance(value, list) else "—" if value is None else str(value)
    why = "\n".join(filter(None, (one["because"], one["owed_by_name"])))
    return (
        Stack(main=one["name"], small=one["id"]),
        shown,
        Stack(main=one["state_name"], small=why),
    )


def _owed(rows: Sequence[Told], voice: Voice) -> Table:
    return Table(
        caption=voice._("Questions that wait for somebody"),
        headings=(voice._("Question"), voice._("Who"), voice._("What to do")),
        rows=[
            (Stack(main=one["text"], small=one["key"]), one["role_name"], one["task_name"])
            for one in rows
        ],
        stacked=True,
    )


def _origin(told: Told, voice: Voice) -> list[tuple[str, str]]:
    profile = told["profile"]
    verified = {"yes": voice._("yes"), "partial": voice._("in part"), "no": voice._("no")}
    pairs = [
        (voice._("Jurisdiction"), profile["jurisdiction"]),
        (voice._("Licence"), profile["licence"]),
        (voice._("Read at its source"), verified[profile["verified"]]),
    ]
    return pairs + [(voice._("Note"), note) for note in profile["notes"]]


def _closing(told: Told, voice: Voice) -> str:
    return voice.say(
        "Told by iagkit {version} from the record with the digest {digest}.",
        version=told["iagkit"], digest=told["record"]["digest"][:16],
    )  # fmt: skip
