"""What became of people, by what was true and what was answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from iagkit.core.nouns import Finding
from iagkit.report.audit import drawings
from iagkit.report.audit.drawings import Bar
from iagkit.report.audit.reading import AuditStory
from iagkit.report.blocks import Block, Cell, Figure, Heading, Section, Table, Text
from iagkit.report.story import OVERALL

CHECK = "confusion.count"
FEW = 8
"""So many classes make a table of truths and answers; of more, the commonest errors are told."""
WORST = 15
Pair = tuple[str, str]
Counts = Mapping[Pair, Finding]


def section(story: AuditStory) -> Section | None:
    """Build the part about right and wrong answers in numbers of people."""
    overall = _counts(story, {})
    labels = _labels(story)
    if not labels:
        return None
    binary = _binary(story, labels)
    blocks: list[Block] = [Text(text=_meaning(story, binary))]
    columns = [c for c in story.columns() if _groups(story, c)]
    if binary:
        blocks += _yes_or_no(story, {story.voice._("All rows"): overall}, binary, "")
        for column in columns:
            blocks += _yes_or_no(story, _by(story, column), binary, column)
    else:
        blocks += _classes(story, overall, labels)
        for column in columns:
            blocks += _classes_by(story, column, labels)
    return Section(
        name="confusion", title=story.voice._("Right and wrong, in numbers of people"),
        blocks=blocks,
    )  # fmt: skip


def _labels(story: AuditStory) -> list[str]:
    found = [f.where for f in story.by_check.get(CHECK, ())]
    met = dict.fromkeys(w[k] for w in found for k in ("truth", "prediction") if k in w)
    order = [str(label) for label in story.audit.get("labels") or ()]
    return [*(label for label in order if label in met), *(x for x in met if x not in order)]


def _binary(story: AuditStory, labels: Sequence[str]) -> Pair | None:
    """The label that counts as yes, and the other."""
    if len(labels) != 2 or story.positive not in labels:
        return None
    return story.positive, next(label for label in labels if label != story.positive)


def _meaning(story: AuditStory, binary: Pair | None) -> str:
    if binary is None:
        return story.voice._("Each row is a truth, each column an answer.")
    return story.voice.say(
        "Every answer is right or wrong in one of four ways: “{positive}” found, “{positive}” "
        "missed, “{positive}” said wrongly, or rightly not said.",
        positive=binary[0],
    )


def _counts(story: AuditStory, place: Mapping[str, str]) -> dict[Pair, Finding]:
    found = {
        (f.where["truth"], f.where["prediction"]): f
        for f in story.by_check.get(CHECK, ())
        if {"truth", "prediction"} <= set(f.where) and _place(f) == dict(place)
    }
    story.tell(found.values())
    return found


def _place(finding: Finding) -> dict[str, str]:
    return {k: v for k, v in finding.where.items() if k not in ("truth", "prediction")}


def _groups(story: AuditStory, column: str) -> list[str]:
    places = (_place(f) for f in story.by_check.get(CHECK, ()))
    met = dict.fromkeys(p[column] for p in places if set(p) == {column})
    return [group for group in met if group != OVERALL]


def _by(story: AuditStory, column: str) -> dict[str, Counts]:
    return {story.group(g): _counts(story, {column: g}) for g in _groups(story, column)}


def _yes_or_no(
    story: AuditStory, groups: Mapping[str, Counts], binary: Pair, column: str
) -> list[Block]:
    if not any(groups.values()):
        return []
    voice = story.voice
    kinds = _kinds(story, binary)
    rows = [_bar(story, name, counts, kinds) for name, counts in groups.items()]
    caption = (
        voice.say("Right and wrong answers in the groups of “{column}”.", column=column)
        if column
        else voice._("Right and wrong answers of all rows.")
    )
    drawn = drawings.bars(
        rows, legend=[(kind, words) for kind, words, _ in kinds], title=caption,
        desc=voice._("All values are in the table that follows."),
    )  # fmt: skip
    table = Table(
        caption=caption,
        headings=[column or "—", *(words for _, words, _ in kinds)],
        rows=[[name, *(_cell(story, c.get(pair)) for _, _, pair in kinds)]
              for name, c in groups.items()],
        numeric=frozenset({1, 2, 3, 4}), wide=True,
    )  # fmt: skip
    heading = [Heading(text=voice.say("By {column}", column=column))] if column else []
    return [*heading, Figure(caption=caption, drawings=[drawn], table=table)]


def _kinds(story: AuditStory, binary: Pair) -> list[tuple[str, str, Pair]]:
    yes, no = binary
    say = story.voice.say
    return [
        ("found", say("“{positive}” found (true positives)", positive=yes), (yes, yes)),
        ("missed", say("“{positive}” missed (false negatives)", positive=yes), (yes, no)),
        ("mistaken", say("“{positive}” said wrongly (false positives)", positive=yes), (no, yes)),
        ("spared", say("“{positive}” rightly not said (true negatives)", positive=yes), (no, no)),
    ]


def _bar(
    story: AuditStory, name: str, counts: Counts, kinds: Sequence[tuple[str, str, Pair]]
) -> Bar:
    found = [(kind, counts.get(pair)) for kind, _, pair in kinds]
    withheld = next((f for _, f in found if f is not None and f.estimate is None), None)
    if withheld is not None:
        return Bar(label=name, note=story.sentence(withheld))
    parts = [(kind, f.estimate.value) for kind, f in found if f and f.estimate]
    if not sum(count for _, count in parts):
        return Bar(label=name, note=story.voice._("No case."))
    n = story.voice.number(sum(count for _, count in parts))
    return Bar(label=name, parts=parts, shown=n)


def _cell(story: AuditStory, finding: Finding | None) -> Cell:
    if finding is None:
        return "—"
    if finding.estimate is None:
        return story.voice._("withheld")
    return story.voice.number(finding.estimate.value)


def _classes(story: AuditStory, counts: Counts, labels: Sequence[str]) -> list[Block]:
    if not counts:
        return []
    voice = story.voice
    if len(labels) > FEW:
        return [_errors(story, counts)]
    table = Table(
        caption=voice._("Truths in rows, answers in columns"),
        headings=[voice._("Truth"), *labels],
        rows=[[t, *(_cell(story, counts.get((t, p))) for p in labels)] for t in labels],
        numeric=frozenset(range(1, len(labels) + 1)),
        wide=len(labels) > 4,
    )
    return [table]


def _errors(story: AuditStory, counts: Counts) -> Table:
    voice = story.voice
    wrong = {pair: f for pair, f in counts.items() if pair[0] != pair[1] and f.estimate}
    order = sorted(wrong, key=lambda pair: -_size(wrong[pair]))[:WORST]
    return Table(
        caption=voice.say("The {n} commonest errors; the others stand in the record", n=len(order)),
        headings=[voice._("Truth"), voice._("Answer"), voice._("Rows")],
        rows=[[t, p, _cell(story, wrong[t, p])] for t, p in order],
        numeric=frozenset({2}),
    )


def _size(finding: Finding) -> float:
    return finding.estimate.value if finding.estimate else 0.0


def _classes_by(story: AuditStory, column: str, labels: Sequence[str]) -> list[Block]:
    voice, groups = story.voice, _by(story, column)
    caption = voice.say("Right and wrong answers in the groups of “{column}”.", column=column)
    if len(labels) > FEW:
        told = voice._("They stand in record.json, beside this page.")
        return [Text(text=f"{caption} {told}", kind="note")]
    rows = [
        [g, t, *(_cell(story, counts.get((t, p))) for p in labels)]
        for g, counts in groups.items() for t in labels
    ]  # fmt: skip
    table = Table(
        caption=caption, headings=[column, voice._("Truth"), *labels], rows=rows,
        numeric=frozenset(range(2, len(labels) + 2)), wide=True,
    )  # fmt: skip
    return [Figure(caption=caption, drawings=[], table=table)]
