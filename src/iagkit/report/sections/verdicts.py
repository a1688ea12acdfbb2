"""Every limit of the policy: why it is there, and whether it was met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from iagkit.core.message import say
from iagkit.core.nouns import Verdict
from iagkit.report import names
from iagkit.report.blocks import Block, Cell, Section, Stack, Status, Table, Text
from iagkit.report.story import Story

ORDER = {"fail": 0, "unknown": 1, "pass": 2}
Pair = tuple[Verdict, Mapping[str, Any]]
MANY = 4
"""So many groups that met the same limit are told in one row."""
MAKERS = say("iagkit maintainers (an institution that uses it names itself here)")
"""Owner of the policies that come with iagkit; others are told as they are declared."""
WEIGHT = {"block": 0, "review": 1, "note": 2}


def section(story: Story) -> Section:
    """Build the table of verdicts."""
    voice, policy = story.voice, story.policy
    blocks: list[Block] = [Text(text=_counted(story))]
    if reason := voice.words(policy.get("reason")):
        blocks.append(Text(text=reason))
    if owner := policy.get("owner"):
        told = voice.say(
            "The limits are those of the policy “{name}”, version {version}. Who answers for "
            "them: {owner}.",
            name=policy.get("name", ""),
            version=policy.get("version", ""),
            owner=voice.tell(MAKERS) if owner == MAKERS.template else owner,
        )
        blocks.append(Text(text=told, kind="note"))
    blocks.append(_table(story))
    return Section(name="verdicts", title=voice._("Was each limit met?"), blocks=blocks)


def _counted(story: Story) -> str:
    results = [v.result for v in story.record.verdicts]
    return story.voice.say(
        "Limits met: {met}. Not met: {failed}. Unknown: {unknown}. A limit is met only if the "
        "whole interval lies on its good side; when the data cannot tell, the answer is unknown, "
        "never a silent yes.",
        met=results.count("pass"),
        failed=results.count("fail"),
        unknown=results.count("unknown"),
    )


def _table(story: Story) -> Table:
    _ = story.voice._
    pairs = sorted(gated(story), key=lambda pair: (ORDER[pair[0].result], WEIGHT[pair[0].on_fail]))
    return Table(
        caption=_("Limits, results and reasons"),
        headings=[_("What is asked"), _("Result"), _("Limit, and why"), _("If it is not met")],
        rows=list(_joined(story, pairs)),
        wide=True,
        stacked=True,
    )


def gated(story: Story) -> Iterator[Pair]:
    """Pair each verdict with its gate; where a place comes again, the next gate speaks."""
    gates: dict[str, list[Mapping[str, Any]]] = {}
    for gate in story.policy.get("gates") or ():
        gates.setdefault(str(gate.get("check")), []).append(gate)
    seen: set[tuple[str, int, str]] = set()
    for verdict in story.record.verdicts:
        known, place = gates.get(verdict.check, []), repr(sorted(verdict.where.items()))
        numbers = range(max(1, len(known)))
        number = next((i for i in numbers if (verdict.check, i, place) not in seen), numbers[-1])
        seen.add((verdict.check, number, place))
        yield verdict, known[number] if known else {}


def _joined(story: Story, pairs: Sequence[Pair]) -> Iterator[list[Cell]]:
    """One row for all places that had the same limit and the same result."""
    alike: dict[tuple[str, str, str], list[Pair]] = {}
    for verdict, gate in pairs:
        key = (verdict.check, verdict.result, repr(gate))
        alike.setdefault(key, []).append((verdict, gate))
    for same in alike.values():
        yield _row(story, *same[0]) if len(same) == 1 else _shared(story, same)


def _shared(story: Story, pairs: Sequence[Pair]) -> list[Cell]:
    """The row of the first; its places by what was measured, or named alone if many met it."""
    first = pairs[0][0]
    question, result, *rest = _row(story, *pairs[0])
    assert isinstance(question, Stack)
    assert isinstance(result, Stack)
    if first.result == "pass" and len(pairs) >= MANY:
        places = "; ".join(story.place(verdict.where) for verdict, _ in pairs)
        return [replace(question, small=places), replace(result, small=""), *rest]
    by: dict[str, list[str]] = {}
    for verdict, _ in pairs:
        by.setdefault(_measured(story, verdict), []).append(story.place(verdict.where))
    lines = (f"{', '.join(filter(None, places))}: {told}" for told, places in by.items())
    return [replace(question, small=""), replace(result, small="\n".join(lines)), *rest]


def _measured(story: Story, verdict: Verdict) -> str:
    """The number beside the limit where its interval decides, else the reason."""
    finding = story.record.find(verdict.check, **verdict.where)
    e = finding.estimate if finding else None
    if e is None or e.low is None or "limit" not in verdict.because.values:
        return story.why(verdict)
    return story.voice.gap(e) if verdict.check.endswith("gap") else story.voice.estimate(e)


def _row(story: Story, verdict: Verdict, gate: Mapping[str, Any]) -> list[Cell]:
    voice = story.voice
    finding = story.record.find(verdict.check, **verdict.where)
    result = Status(tone=verdict.result, word=voice.tell(names.RESULTS[verdict.result]))
    return [
        Stack(main=story.asked(verdict.check, finding), small=story.place(verdict.where)),
        Stack(main=result, small=story.why(verdict)),
        Stack(main=_limit(story, gate, story.unit(verdict)), small=voice.words(gate.get("reason"))),
        voice.tell(names.ON_FAIL[verdict.on_fail]),
    ]


def _limit(story: Story, gate: Mapping[str, Any], unit: str) -> str:
    voice = story.voice
    if (most := gate.get("at_most")) is not None:
        return voice.say("at most {limit}", limit=_size(story, float(most), unit))
    if (least := gate.get("at_least")) is not None:
        return voice.say("at least {limit}", limit=_size(story, float(least), unit))
    return "—"


def _size(story: Story, limit: float, unit: str) -> str:
    return story.voice.points(limit) if unit == "points" else story.voice.amount(limit, unit)
