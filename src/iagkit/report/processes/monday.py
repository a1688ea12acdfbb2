"""What to do first, read from the record: cases to look at, the longest wait, what to decide."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from iagkit.core.event_log import FEW
from iagkit.core.nouns import MISSING
from iagkit.report import lasting, names
from iagkit.report.processes import gaps
from iagkit.report.processes.log import QUALITY, log_of
from iagkit.report.sections import verdicts
from iagkit.report.story import Story

UNSTABLE: Final = 0.2
"""Share of the map that depends on the order of the file, from which on another export is asked."""
STEPS: Final = 3
"""Activities from which on a wait lies between two of them; a table of requests has two."""
MEDIAN: Final = "process.wait.median"


def cautions(story: Story) -> list[str]:
    """What is to be mended before anything that stands below is believed."""
    return list(_cautions(story))


def first_steps(story: Story) -> list[str]:
    """At most three sentences: which cases, which wait, which decision."""
    return [told for told in (_cases(story), _longest(story), _decision(story)) if told]


def _cautions(story: Story) -> Iterator[str]:
    voice, unstable = story.voice, story.overall(f"{QUALITY}unstable_arcs")
    if unstable is not None and unstable.value > UNSTABLE:
        yield voice.say(
            "{value} of the map depends on nothing but the order of rows in the file, as steps "
            "have the same time. Ask for the export again, with seconds or with a number that "
            "counts the steps of each case. Until then do not rely on the map, on what is done "
            "again, handed over or done next, nor on the causes of waits and changes that were "
            "tried; how long whole cases take, deadlines and arrivals do not depend on it.",
            value=voice.value(unstable),
        )
    if _dates_only(story):
        return
    log = log_of(story)
    zone, remarks = str(log.get("zone") or ""), [str(r["template"]) for r in log.get("remarks", ())]
    if any("midnights of {zone}" in told for told in remarks):
        yield voice.say(
            "The clock of the place was guessed from midnights: {zone}. If that is wrong, hours of "
            "the day, weekdays and office hours are too; say the right one with --zone.",
            zone=zone,
        )  # fmt: skip
    elif zone == "UTC" and any("--zone" in told for told in remarks):
        yield voice._(
            "Times are in UTC and not on the clock of the place, so that hours of the day, "
            "weekdays and office hours are shifted: say where with --zone, such as --zone "
            "America/Bogota."
        )


def _dates_only(story: Story) -> bool:
    """Whether the log has no hours that a clock could move."""
    quality = story.facts.get("quality")
    return isinstance(quality, Mapping) and bool(quality.get("date_only"))


def _cases(story: Story) -> str:
    voice, told = story.voice, story.facts.get("open_cases")
    if not isinstance(told, Mapping):
        return ""
    values = {k: int(told.get(k) or 0) for k in ("open", "first", "overdue")}
    if not values["open"]:
        return voice._(
            "Open cases: none when the log ends, so that there is none to look at first."
        )
    if values["first"]:
        return voice.say(
            "Open cases to look at first: {first} of {open}, marked in open_cases.csv "
            "(look_first): those likeliest to be late. Already late: {overdue}.", **values,
        )  # fmt: skip
    return voice.say(
        "Open cases: {open}, listed in open_cases.csv; already late: {overdue}. Look first at "
        "those, then at the ones that have been open longest.", **values,
    )  # fmt: skip


def _longest(story: Story) -> str:
    told = story.facts.get("map")
    arcs = told.get("arcs") if isinstance(told, Mapping) else None
    steps = [a for a in arcs or () if a["source"] != a["target"]]
    sure = [a for a in steps if a["n"] == a["otherwise"]]
    if len({a["source"] for a in steps} | {a["target"] for a in steps}) < STEPS or not sure:
        return _slowest_group(story)
    return _between(story, max(sure, key=lambda a: a["n"] * a["days"]))


def _between(story: Story, arc: Mapping[str, Any]) -> str:
    voice = story.voice
    told = {
        "source": arc["source"], "target": arc["target"], "n": arc["n"],
        "time": lasting.told(voice, arc["days"]),
    }  # fmt: skip
    if arc["days_are"] == "median":
        return voice.say(
            "Longest wait, counting how often: from “{source}” to “{target}”, {n} times; half of "
            "them took {time} or longer. Ask those who do it why.", **told,
        )  # fmt: skip
    return voice.say(
        "Longest wait, counting how often: from “{source}” to “{target}”, {n} times, {time} on "
        "average. Ask those who do it why.", **told,
    )  # fmt: skip


def _slowest_group(story: Story) -> str:
    known = [
        (found.estimate.value, column, name, found.estimate)
        for column in gaps.columns(story)
        for name, found in gaps.by_group(story, MEDIAN, column).items()
        if found.estimate is not None and found.where[column] not in (MISSING, FEW)
    ]
    if len(known) < 2:
        return ""
    _, column, name, estimate = max(known, key=lambda one: one[0])
    return story.voice.say(
        "Longest wait: {column} {name}, where half of the cases are closed after {value}.",
        column=column, name=name, value=story.voice.estimate(estimate),
    )  # fmt: skip


def _decision(story: Story) -> str:
    voice = story.voice
    pending = sorted(
        (v for v in story.record.verdicts if v.result != "pass" and v.on_fail != "note"),
        key=lambda v: (verdicts.ORDER[v.result], verdicts.WEIGHT[v.on_fail]),
    )
    if not pending:
        return ""
    first = pending[0]
    return voice.say(
        "Limits that somebody must decide about: {n}. The first: {asked} ({result}).",
        n=len(pending), result=voice.tell(names.RESULTS[first.result]),
        asked=story.check(first.check),
    )  # fmt: skip
