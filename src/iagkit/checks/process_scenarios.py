"""What changes would do in a simulated process that was held against the past; else a sketch."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

from iagkit.checks.asking import Wanted
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding

SURE, SKETCH = "process.scenarios", "process.sketch"
"""Names of findings of a model that is certified, and of one that is not: no limit may be held
against a sketch."""
QUESTIONS: Final = {
    "duration": str(say("By how much do cases take longer with the change, on average?")),
    "duration_median": str(say("By how much does half of the cases take longer at most?")),
    "duration_90": str(say("By how much do nine in ten cases take longer at most?")),
    "wait": str(say("By how much do cases wait longer for people, on average?")),
    "wait_median": str(say("By how much does half of the cases wait longer for people?")),
    "wait_90": str(say("By how much do nine in ten cases wait longer for people?")),
    "late": str(say("How many more cases miss their deadline with the change?")),
    "cost": str(say("How much more does a week cost with the change?")),
    "duty": str(say("How many more hours a week are people on duty with the change?")),
    "work": str(say("How many more hours a week is worked with the change?")),
    "gap": str(say("By how much time do groups lie further apart with the change?")),
    "group": str(say("By how much does this group take longer with the change?")),
    "worst": str(
        say("And if what was assumed is wrong, by how much do cases take longer at worst?")
    ),
    "now": str(say("How is it without any change, in the simulated process?")),
}
REFUSED: Final = say(
    "the simulated process is further from the real cases than a mere replay: what changes would "
    "do is only a sketch"
)
UNFINISHED: Final = say(
    "when the simulation ends, {share} of the cases are not over, more than {most}, so that nobody "
    "knows how long they take: what changes would do is only a sketch"
)
EMPTIER: Final = say(
    "cases take longer than people could be simulated at work, so that they are less busy than "
    "they are: what changes would do is only a sketch"
)
UNSURE: Final = say(
    "it is not known whether the simulated process is as near to the real cases as a mere replay: "
    "what changes would do is only a sketch"
)
WEEKLY: Final = ("cost", "duty", "work")
WEEK: Final = 168.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ProcessScenarios(Wanted):
    """What each change would do; silent where the prototype declares that none is to be tried."""

    name: ClassVar[str] = "process_scenarios"
    question: ClassVar[str] = "What would a change do, and for whom?"
    gives: ClassVar[tuple[str, ...]] = (
        SURE,
        *(f"{family}.{measure}" for family in (SURE, SKETCH) for measure in QUESTIONS),
    )

    part: ClassVar[str] = "scenarios"
    head: ClassVar[str] = SURE

    def of_told(self, told: Any) -> Iterator[Finding]:
        """All changes; the reason, where the model is not certified."""
        sure = told.certified == "certified"
        if not sure:
            yield self.none(_why(told))
        yield from _found(told, SURE if sure else SKETCH)


def _why(told: Any) -> Message:
    """Why nothing is certified."""
    if told.certified == "unfinished":
        open_, most = told.comparison.unfinished, told.most_unfinished
        return Message(UNFINISHED.template, {"share": f"{open_:.0%}", "most": f"{most:.0%}"})
    return {"refused": REFUSED, "emptier": EMPTIER}.get(told.certified, UNSURE)


def _found(told: Any, family: str) -> Iterator[Finding]:
    first = next(iter(told.comparison.effects.values()))
    for measure, effect in first.items():
        yield _finding(told, family, "now", effect.before, {"measure": measure}, measure)
    for proposal in told.proposals:
        where = {"change": proposal.name}
        for measure, effect in told.comparison.effects[proposal.name].items():
            yield _finding(told, family, measure, effect.change, where, measure)
        for group, effect in told.comparison.groups[proposal.name].items():
            yield _finding(
                told, family, "group", effect.change, {**where, told.column: group}, "duration"
            )
        worst = told.worst[proposal.name]
        yield _finding(told, family, "worst", worst.effect.change, where, "duration")


def _finding(
    told: Any, family: str, kind: str, estimate: Estimate, where: dict[str, str], measure: str
) -> Finding:
    return Finding(
        check=f"{family}.{kind}",
        question=QUESTIONS[kind],
        estimate=_in_units(estimate, measure, told.until),
        where=where,
    )


def _in_units(estimate: Estimate, measure: str, until: float) -> Estimate:
    """Days, as everywhere; a week of what adds up over the whole run."""
    if measure in WEEKLY:
        unit = "hours" if estimate.unit != "cost" or measure != "cost" else "cost"
        return _times(estimate, WEEK / until, unit)
    return _times(estimate, 1 / 24, "days") if estimate.unit == "hours" else estimate


def _times(estimate: Estimate, factor: float, unit: str) -> Estimate:
    low, high = (None if end is None else end * factor for end in (estimate.low, estimate.high))
    return replace(estimate, value=estimate.value * factor, low=low, high=high, unit=unit)
