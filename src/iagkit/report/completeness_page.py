"""How complete a register of others is: lines for a terminal, and a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.report.blocks import Block, Bullets, Page, Section, Status, Table, Text
from iagkit.report.voice import Voice
from iagkit.report.write import html

Told = Mapping[str, Any]
ALL: Final = say("{rows} entries; each field is counted over those that owe it.")
OWING: Final[Mapping[str, Message]] = {
    "us-omb-2025": say(
        "{high_impact} that are high-impact and deployed owe every safeguard; {none_filled} answer "
        "none."
    ),
    "uk-atrs": say("{none_filled} of {high_impact} answer none of what protects people."),
}
REMARKS: Final[Mapping[str, Message]] = {
    "unknown": say("column '{column}' is not counted: the dictionary has none such"),
    "renamed": say("column '{column}' was read as {name}"),
    "absent": say("there is no column {column}"),
    "unread": say("'{column}' is no record that could be read, and is not counted"),
}


def lines(told: Told, lang: str) -> Iterator[str]:
    """The counts for a terminal; safeguards first, names of fields as the standard has them.

    Parameters
    ----------
    told : mapping
        What ``iagkit audit-register --json`` prints.
    lang : {"es", "pt", "en"}
    """
    voice = Voice(lang)
    yield from _lead(voice, told)
    for one in (*told["safeguards"], *told["fields"]):
        yield f"  {one['id']}: {_line(voice, one)}"
    yield from _remarks(voice, told)


def completeness_page(told: Told, about: str, lang: str) -> str:
    """Draw the counts as one page that loads nothing and runs nothing."""
    voice = Voice(lang)
    owing = voice.say(OWING[told["kind"]].template, **_numbers(told))
    status = (
        Status(tone="fail", word=voice._("Blank where it is owed")) if _blank(told)
        else Status(tone="pass", word=voice._("Answered where it is owed"))
    )  # fmt: skip
    lead: list[Block] = [Text(text=next(_lead(voice, told)), kind="lead")]
    title = voice._("What a register leaves blank")
    sections = [
        Section(name="safeguards", title=voice._("What protects people"),
                blocks=[*lead, _table(voice, told["safeguards"])]),
        Section(name="fields", title=voice._("All other fields"),
                blocks=[_table(voice, told["fields"])]),
        Section(name="remarks", title=voice._("What was not as expected"),
                blocks=[Bullets(items=list(_remarks(voice, told)))] if told["remarks"] else []),
    ]  # fmt: skip
    return html(Page(
        lang=lang, langs=(lang,), title=title, kicker=about, purpose="", verdict=status,
        sentence=owing, sections=[one for one in sections if one.blocks],
        closing=voice._(
            "Intervals are as if these entries were drawn from more of their kind. Whether an "
            "answer is true is not looked at."
        ), file="completeness",
    ))  # fmt: skip


def _lead(voice: Voice, told: Told) -> Iterator[str]:
    yield voice.say(ALL.template, **_numbers(told))
    yield voice.say(OWING[told["kind"]].template, **_numbers(told))


def _numbers(told: Told) -> dict[str, int]:
    return {name: int(told[name]) for name in ("rows", "high_impact", "none_filled")}


def _blank(told: Told) -> bool:
    return any(one["blank"] for one in (*told["safeguards"], *told["fields"]) if one["required"])


def _line(voice: Voice, one: Told) -> str:
    if not one["required"]:
        return voice.say("optional; {filled} answered, of {n}", filled=one["filled"], n=one["n"])
    counts = voice.say(
        "{blank} blank, {boilerplate} words that say nothing (N/A, TBD), {filled} answered; of {n} "
        "that owe it; not due for {not_due}, not known for {unclear}",
        **{name: one[name] for name in ("blank", "boilerplate", "filled", "n", "not_due",
                                        "unclear")},
    )  # fmt: skip
    share = _share(voice, one)
    return f"{counts}; {share}" if share else counts


def _share(voice: Voice, one: Told) -> str:
    if one["unanswered"] is None:
        return ""
    return voice.say("unanswered: {value}", value=voice.estimate(Estimate(**one["unanswered"])))


def _table(voice: Voice, rows: Sequence[Told]) -> Table:
    heads = [
        voice._("Field"), voice._("Blank"), voice._("Says nothing (N/A, TBD)"),
        voice._("Answered"), voice._("Of so many that owe it"), voice._("Unanswered"),
    ]  # fmt: skip
    return Table(
        caption=voice._("Answers by field"),
        headings=heads,
        rows=[
            [one["id"], *(voice.number(one[n]) for n in ("blank", "boilerplate", "filled", "n")),
             voice.estimate(Estimate(**one["unanswered"])) if one["unanswered"] else "—"]
            for one in rows
        ],
        numeric=frozenset({1, 2, 3, 4, 5}), stacked=True,
    )  # fmt: skip


def _remarks(voice: Voice, told: Told) -> Iterator[str]:
    for one in told["remarks"]:
        yield voice.say(REMARKS[one["kind"]].template, column=one["column"], name=one["name"])
