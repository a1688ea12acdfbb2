"""For those who check: facts, versions, digests, how to verify, and the words used."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iagkit.core.message import Message, say
from iagkit.core.nouns import Finding
from iagkit.report.blocks import Block, Cell, Code, Heading, Pairs, Section, Table, Text
from iagkit.report.sections import evidence, groups
from iagkit.report.story import Story
from iagkit.report.voice import LOCALES

TOLD = (
    *evidence.BESIDE, *evidence.AVERAGES, *groups.MEASURES, *(f"{m}.gap" for m in groups.MEASURES),
    *evidence.OF_EACH, "calibration.reliability",
    "coverage.conformal", "abstention.rate", "abstention.accuracy_at_review",
    "abstention.review_for_accuracy", "load.expected", "fairness.group_size",
)  # fmt: skip
"""Checks that an earlier section tells."""
ELSEWHERE = ("explanations", "split", "cases", "too_rare", "doubtful_labels", "log", "map",
             "duties")  # fmt: skip
"""Facts that an earlier section tells."""
GLOSSARY: tuple[tuple[Message, Message], ...] = (
    (
        say("Interval"),
        say("The range in which the true value probably lies, given how many cases were seen."),
    ),
    (
        say("n, cases"),
        say("How many requests a figure rests on. Few cases make wide intervals."),
    ),
    (
        say("Found (recall)"),
        say("Of the requests that belong to a destination, the share that is sent there."),
    ),
    (
        say("Right when named (precision)"),
        say("Of the requests that are sent to a destination, the share that belongs there."),
    ),
    (
        say("Macro-F1"),
        say(
            "An average of quality in which a small destination counts as much as a big one; "
            "1 is perfect."
        ),
    ),
    (
        say("Stated certainty"),
        say("The chance of being right that the system itself states for an answer."),
    ),
    (
        say("Shortlist (conformal set)"),
        say(
            "The destinations that cannot be ruled out for a request, made so that the right one "
            "is among them as often as promised, in every group."
        ),
    ),
    (
        say("Unknown"),
        say("The data do not suffice to say yes or no. It is never counted as a yes."),
    ),
    (
        say("Digest"),
        say("A fingerprint of the record. If one letter of the record changes, it changes."),
    ),
)


TOLD_ELSEWHERE = ("data.", "asks.", "drift.", "matters.", "urgency.", "review.listed",
                  "transparency.")  # fmt: skip
"""Beginnings of the names of checks that have a part of their own."""


def section(story: Story) -> Section:
    """Build the technical annex."""
    blocks = [*_others(story), *verify(story), *remarks(story), *facts(story), *glossary(story)]
    return Section(name="annex", title=story.voice._("For those who check"), blocks=blocks)


def _others(story: Story) -> list[Block]:
    rest = [
        f for f in story.record.findings
        if f.check not in TOLD and not f.check.startswith(TOLD_ELSEWHERE)
    ]  # fmt: skip
    return table_of(story, rest)


def _rows(story: Story, findings: Sequence[Finding]) -> Iterator[list[Cell]]:
    """One row a number; what is not known at the same place for the same reason shares one."""
    silent: dict[tuple[str, str], list[str]] = {}
    for f in findings:
        asked, place = story.asked(f.check, f), story.place(f.where) or "—"
        if f.estimate is None:
            silent.setdefault((place, story.reason(f)), []).append(asked)
        else:
            yield [asked, place, *story.cells(f), story.n(f)]
    for (place, why), some in silent.items():
        yield ["; ".join(dict.fromkeys(some)), place, story.voice._("not known"), why, "—"]


def table_of(story: Story, findings: Sequence[Finding], *, more: int = 0) -> list[Block]:
    """Findings that no drawing shows, as a table; ``more`` are only counted."""
    voice = story.voice
    if not findings:
        return []
    table = Table(
        caption=voice._("Answers that no drawing above shows"),
        headings=[voice._("Question"), voice._("Where"), voice._("Answer"),
                  voice.say("Interval ({level})", level=story.level()), voice._("Cases")],
        rows=list(_rows(story, findings)), numeric=frozenset({2, 3, 4}), wide=True,
    )  # fmt: skip
    blocks: list[Block] = [Heading(text=voice._("Further measurements")), table]
    if more:
        text = voice.say("Another {n} stand in record.json, beside this page.", n=more)
        blocks.append(Text(text=text, kind="note"))
    return blocks


def verify(story: Story) -> list[Block]:
    """How anyone can check the record."""
    voice, record = story.voice, story.record
    told = voice._(
        "Everything on this page is told from the sealed record that lies beside it. Anyone can "
        "check that no letter of the record was changed:"
    )
    pairs = [
        (voice._("Digest of the record"), record.digest),
        (voice._("Digest of the data"), str(record.dataset.get("sha256", ""))),
        (voice._("Digest of the protocol"), str(record.prototype.get("protocol_sha256", ""))),
        (voice._("Digest of the policy"), str(record.prototype.get("policy_sha256", ""))),
    ]
    return [
        Heading(text=voice._("How to verify")),
        Text(text=told),
        Code(text="iagkit verify record.json"),
        Pairs(items=[pair for pair in pairs if pair[1]]),
    ]


def remarks(story: Story) -> list[Block]:
    """Amendments of the record."""
    told = [
        (f"{story.voice.date(r.get('at', ''))}, {r.get('author', '')}", str(r.get("reason", "")))
        for r in story.record.amendments
    ]
    if not told:
        return []
    return [Heading(text=story.voice._("Remarks made after sealing")), Pairs(items=told)]


def facts(story: Story) -> list[Block]:
    """Facts of the run, as the record names them."""
    voice, record = story.voice, story.record
    told = {
        **record.about,
        "prototype": f"{record.prototype.get('name')} {record.prototype.get('version')}",
        "recipe": record.prototype.get("recipe"),
        "protocol": record.prototype.get("protocol"),
        **{k: v for k, v in record.run.items() if k not in ELSEWHERE},
    }
    rows = sorted([name, value] for name, value in _flat(told, story))
    table = Table(
        caption=voice._("Facts of the run, as the record names them"),
        headings=[voice._("Fact"), voice._("Value")],
        rows=rows,
    )
    lists = [_listed(k, v, story) for k, v in _lists(record.run)]
    return [Heading(text=voice._("Facts of the run")), table, *lists]


def _lists(facts: Mapping[str, Any], name: str = "") -> Iterator[tuple[str, Any]]:
    """Facts that are rows with the same keys, wherever they stand."""
    for key, value in sorted(facts.items()):
        if name or key not in ELSEWHERE:
            if _tabular(value):
                yield f"{name}{key}", value
            elif isinstance(value, Mapping):
                yield from _lists(value, f"{name}{key}.")


def _told(value: Any) -> bool:
    """Whether it is a sentence of the page, or several."""
    if isinstance(value, list | tuple):
        return bool(value) and all(map(_told, value))
    return isinstance(value, Mapping) and "template" in value


def _tabular(value: Any) -> bool:
    if _told(value):
        return False
    return (
        isinstance(value, list | tuple)
        and len(value) > 1
        and all(isinstance(row, Mapping) and row.keys() == value[0].keys() for row in value)
    )


def _listed(name: str, rows: Sequence[Mapping[str, Any]], story: Story) -> Table:
    """Draw facts that are rows with the same keys, such as the models that were compared."""
    keys = sorted(rows[0], key=lambda key: (not isinstance(rows[0][key], str), key))
    return Table(
        caption=story.voice.say("Facts of the run: {name}", name=name),
        headings=keys,
        rows=[[_plain(row[key], story) if row[key] is not None else "—" for key in keys]
              for row in rows],
        numeric=frozenset(i for i, key in enumerate(keys) if not isinstance(rows[0][key], str)),
        wide=True,
    )  # fmt: skip


def _flat(value: Any, story: Story, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping) and value and set(value) <= set(LOCALES):
        yield name, story.voice.words(value)
    elif _told(value) or _tabular(value):
        return
    elif isinstance(value, Mapping):
        for key, part in value.items():
            yield from _flat(part, story, f"{name}.{key}" if name else str(key))
    elif isinstance(value, list | tuple) and any(isinstance(v, Mapping | list) for v in value):
        for i, part in enumerate(value, start=1):
            yield from _flat(part, story, f"{name} {i}")
    elif value not in (None, "", [], (), {}):
        yield name, _plain(value, story)


def _plain(value: Any, story: Story) -> str:
    if isinstance(value, list | tuple):
        return ", ".join(str(v) for v in value)
    if isinstance(value, bool):
        return story.voice._("yes") if value else story.voice._("no")
    if isinstance(value, float):
        return story.voice.number(value)
    return str(value)


def glossary(story: Story, words: Sequence[tuple[Message, Message]] = GLOSSARY) -> list[Block]:
    """What the words of the page mean."""
    voice = story.voice
    pairs = [(voice.tell(term), voice.tell(meaning)) for term, meaning in words]
    return [Heading(text=voice._("Words used here")), Pairs(items=pairs)]
