"""The data: where they come from, how good they are, how they were divided."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from iagkit.core import roles
from iagkit.core.message import Message, limits_of, say
from iagkit.core.nouns import Finding
from iagkit.report import names
from iagkit.report.blocks import Block, Bullets, Heading, Pairs, Section, Table, Text
from iagkit.report.story import Story

DROPPED: dict[str, Message] = {
    "rows": say("rows in the table"),
    "rows_used": say("rows used"),
    "rows_without_text": say("rows left out because they have no text"),
    "rows_without_label": say("rows left out because they have no label"),
}


def section(story: Story) -> Section:
    """Build the part about the data."""
    blocks = [*card(story), *_quality(story), *_split(story), *_doubts(story)]
    return Section(name="data", title=story.voice._("The data"), blocks=blocks)


def card(story: Story) -> list[Block]:
    """What is known of the data set: its card, and what each column was used as."""
    voice, card = story.voice, story.record.dataset
    blocks: list[Block] = []
    if description := voice.words(card.get("description")):
        blocks.append(Text(text=description))
    pairs = [
        (voice._("Data set"), voice.words(card.get("title")) or str(card.get("name", ""))),
        (voice._("Version"), str(card.get("version", ""))),
        (voice._("Source"), _stated(story, card.get("source"))),
        (voice._("Licence"), _stated(story, card.get("licence"))),
        (voice._("File"), str(card.get("origin", ""))),
    ]
    blocks.append(Pairs(items=[(k, v) for k, v in pairs if v]))
    if rows := _columns(story):
        blocks.append(Table(
            caption=voice._("Columns that were read"),
            headings=[voice._("Column"), voice._("Used as"), voice._("What it holds")],
            rows=rows,
        ))  # fmt: skip
    if unread := _unread(story):
        told = voice.say("Columns that were not used: {columns}.", columns=unread)
        blocks.append(Text(text=told, kind="note"))
    if limits := limits_of(card):
        blocks += [Heading(text=voice._("Known limits of the data")),
                   Bullets(items=[_limit(story, one) for one in limits])]  # fmt: skip
    return blocks


def _limit(story: Story, told: Message | str) -> str:
    """What a card says as it is written there; what iagkit remarked as a sentence."""
    if isinstance(told, str):
        return story.voice._(told)
    text = story.voice.tell(told)
    return f"{text[:1].upper()}{text[1:]}."


def _stated(story: Story, told: Any) -> str:
    return story.voice._("not stated") if told in (None, "", "not stated") else str(told)


def _columns(story: Story) -> list[list[str]]:
    voice = story.voice
    rows = []
    for column in story.record.dataset.get("columns") or ():
        if column.get("role") == "ignore":
            continue
        role = roles.ROLES.get(str(column.get("role")))
        rows.append([
            str(column.get("name", "")),
            voice.tell(role) if role else str(column.get("role", "")),
            voice.words(column.get("description")) or "—",
        ])  # fmt: skip
    return rows


def _unread(story: Story) -> str:
    columns = story.record.dataset.get("columns") or ()
    return ", ".join(str(c.get("name", "")) for c in columns if c.get("role") == "ignore")


def _quality(story: Story) -> list[Block]:
    voice = story.voice
    blocks: list[Block] = [Heading(text=voice._("Quality"))]
    cases = story.facts.get("cases", story.facts)
    counted = [(k, cases.get(k)) for k in DROPPED if isinstance(cases.get(k), int)]
    if counted:
        told = [f"{voice.tell(DROPPED[k])}: {voice.number(n or 0)}" for k, n in counted]
        blocks.append(Bullets(items=told))
    blocks += _complete(story)
    rows = [
        [voice._(f.question), story.place(f.where) or "—", *story.cells(f), story.n(f)]
        for f in story.record.findings
        if f.check.startswith(("data.", "asks.", "matters."))
        and f.check != "data.class_share"
        and not _is_complete(f)
    ]
    if rows:
        blocks.append(Table(
            caption=voice._("What was found in the table"),
            headings=[voice._("Question"), voice._("Where"), voice._("Answer"),
                      voice.say("Interval ({level})", level=story.level()), voice._("Cases")],
            rows=rows, numeric=frozenset({2, 3, 4}), wide=True,
        ))  # fmt: skip
    return blocks


def _complete(story: Story) -> list[Block]:
    """Columns without empty cells, in one line instead of a row each."""
    whole = [f for f in story.record.select("data.missing") if _is_complete(f)]
    if not whole:
        return []
    columns = ", ".join(value for f in whole for value in f.where.values())
    return [Text(text=story.voice.say("Columns without empty cells: {columns}.", columns=columns))]


def _is_complete(finding: Finding) -> bool:
    estimate = finding.estimate
    return finding.check == "data.missing" and estimate is not None and estimate.value == 0


def _split(story: Story) -> list[Block]:
    split, voice = story.facts.get("split"), story.voice
    if not isinstance(split, Mapping):
        return []
    by = str(split.get("by", ""))
    known = names.SPLITS.get(by)
    told = voice.tell(known) if known else voice.say(
        "Cases were set apart by “{column}”: all cases that share its value, and all copies or "
        "near copies of their texts, are either learnt from or tested on, never both.",
        column=by,
    )  # fmt: skip
    blocks: list[Block] = [Heading(text=voice._("How it was tested")), Text(text=told)]
    if "n_train" in split and "n_test" in split:
        blocks.append(Text(text=voice.say(
            "Learnt from: {train} cases. Tested on: {test} cases.",
            train=split["n_train"], test=split["n_test"],
        )))  # fmt: skip
    if rare := _rare(story):
        blocks.append(Text(text=rare, kind="note"))
    return blocks


def _rare(story: Story) -> str:
    rare = story.facts.get("too_rare")
    if not isinstance(rare, Mapping) or not rare:
        return ""
    return story.voice.say(
        "Destinations with too few different texts to learn from, which the system never names: "
        "{names}.",
        names=", ".join(sorted(story.target(code) for code in rare)),
    )


def _doubts(story: Story) -> list[Block]:
    doubtful, voice = story.facts.get("doubtful_labels"), story.voice
    if not isinstance(doubtful, Mapping) or "n" not in doubtful:
        return []
    told = voice.say(
        "In {n} of {of} cases the recorded destination looks doubtful. They are listed by their "
        "number, without any text, in a separate file for people to look at again.",
        n=doubtful["n"],
        of=doubtful.get("of", 0),
    )
    return [Heading(text=voice._("Labels to look at again")), Text(text=told)]
