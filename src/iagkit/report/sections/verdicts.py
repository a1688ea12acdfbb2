"""Every limit of the policy: why it is there, and whether it was met."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from iagkit.core.nouns import Verdict
from iagkit.report import names
from iagkit.report.blocks import Block, Cell, Section, Stack, Status, Table, Text
from iagkit.report.story import Story

ORDER = {"fail": 0, "unknown": 1, "pass": 2}
Pair = tuple[Verdict, Mapping[str, Any]]
MANY = 4
"""So many groups that met the same limit are told in one row."""
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
            owner=owner,
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
    """One row a verdict; many groups that met the same limit share one."""
    met: dict[int, list[Pair]] = {}
    for pair in pairs:
        if pair[0].result == "pass" and pair[0].where:
            met.setdefault(id(pair[1]), []).append(pair)
    many = {key: same for key, same in met.items() if len(same) >= MANY}
    for verdict, gate in pairs:
        same = many.get(id(gate), [])
        if (verdict, gate) not in same:
            yield _row(story, verdict, gate)
        elif (verdict, gate) == same[0]:
            yield _shared(story, same)


def _shared(story: Story, pairs: Sequence[Pair]) -> list[Cell]:
    row = _row(story, *pairs[0])
    question, result = row[0], row[1]
    assert isinstance(question, Stack)
    assert isinstance(result, Stack)
    places = "; ".join(story.place(verdict.where) for verdict, _ in pairs)
    return [replace(question, small=places), replace(result, small=""), *row[2:]]


def _row(story: Story, verdict: Verdict, gate: Mapping[str, Any]) -> list[Cell]:
    voice = story.voice
    finding = story.record.find(verdict.check, **verdict.where)
    unit = finding.estimate.unit if finding and finding.estimate else "share"
    question = story.asked(verdict.check, finding)
    place = story.place(verdict.where)
    result = Status(tone=verdict.result, word=voice.tell(names.RESULTS[verdict.result]))
    return [
        Stack(main=question, small=place),
        Stack(main=result, small=voice.tell(verdict.because, unit=unit)),
        Stack(main=_limit(story, gate, unit), small=voice.words(gate.get("reason"))),
        voice.tell(names.ON_FAIL[verdict.on_fail]),
    ]


def _limit(story: Story, gate: Mapping[str, Any], unit: str) -> str:
    voice = story.voice
    if (most := gate.get("at_most")) is not None:
        return voice.say("at most {limit}", limit=voice.amount(float(most), unit))
    if (least := gate.get("at_least")) is not None:
        return voice.say("at least {limit}", limit=voice.amount(float(least), unit))
    return "—"
