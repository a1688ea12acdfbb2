"""The score of Canada's Algorithmic Impact Assessment, number for number as the official tool.

Rules: ``canada-ca/aia-eia-js`` at commit ``b900dc7`` (MIT), told in
``audits/registers/profiles/canada-aia.yaml``. The result is a rehearsal: only the official tool,
filled in by the institution, gives an assessment.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from iagkit.core.errors import UsageError
from iagkit.core.message import Message, say
from iagkit.core.registry import did_you_mean
from iagkit.registers.assessments.javascript import is_empty, is_number, rounded
from iagkit.registers.assessments.survey import SELECTS, Question, Survey, canada, points

Mode = Literal["live", "completed"]
MODES: Final = ("live", "completed")
NEEDED: Final = 0.8
"""Share of the points for mitigation in one phase that lowers the score."""
REDUCED: Final = 1 - 0.15
PHASES: Final = 2
"""The survey holds every mitigation question twice, for design and for implementation."""
CUTS: Final = (0.25, 0.5, 0.75)
LABEL: Final = say(
    "This is a rehearsal, not the official outcome. The Algorithmic Impact Assessment is made with "
    "the tool of the Treasury Board of Canada Secretariat, by the institution that answers for it."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """Points of one part of the survey, of the most it can give."""

    name: str
    counts: Literal["raw", "mitigation"]
    score: float
    max: float
    questions: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a set of answers scores.

    Parameters
    ----------
    mode : {"live", "completed"}
    raw, mitigation, current : float
        Points; ``current`` is ``raw``, or 85 % of it, rounded, where mitigation suffices.
    level : {1, 2, 3, 4}
    raw_max, mitigation_max : float
        Most points; those of mitigation in one phase.
    answered, shown : int
        Questions with an answer, of those shown; both of those that carry points.
    sections : tuple of Section
    remarks : tuple of Message
        What was unusual about the answers, and what became of it.
    """

    mode: Mode
    raw: float
    mitigation: float
    current: float
    level: int
    raw_max: float
    mitigation_max: float
    answered: int
    shown: int
    sections: tuple[Section, ...]
    remarks: tuple[Message, ...] = ()


def score(answers: Mapping[str, Any], *, mode: str, survey: Survey | None = None) -> Outcome:
    """Score a set of answers.

    Parameters
    ----------
    answers : mapping of str to value of JSON
        By the survey's own names. Unknown names and odd values are tolerated as the official
        tool tolerates them, and remarked upon.
    mode : {"live", "completed"}
        ``live``: what an imported file shows; answers of hidden questions count, unknown values
        give the number after their last hyphen. ``completed``: what the results page shows;
        answers of hidden questions and values outside the choices are dropped first.
    survey : Survey, optional
        The official one by default.

    Raises
    ------
    UsageError
        If the mode is none of the two.
    """
    if mode not in MODES:
        near = did_you_mean(mode, MODES)
        msg = f"expected the mode 'live' or 'completed'; got '{mode}'.{near}"
        raise UsageError(msg)
    survey = canada() if survey is None else survey
    shown = survey.shown(answers)
    kept = dict(answers) if mode == "live" else completed(answers, survey, shown)
    scored = [q for q in survey.questions() if q.counts != "none"]
    return _outcome("live" if mode == "live" else "completed", kept, scored, shown, answers, survey)


def completed(answers: Mapping[str, Any], survey: Survey, shown: frozenset[str]) -> dict[str, Any]:
    """Drop answers of hidden questions, and values that are no choice."""
    kept = dict(answers)
    for question in survey.questions():
        if question.name not in kept:
            continue
        if question.name not in shown:
            del kept[question.name]
        elif question.kind in SELECTS:
            kept[question.name] = _among(question, kept[question.name])
    return kept


def value_points(value: Any) -> float:
    """Points of an answer: of a number itself, of a list the sum, of anything else as written.

    Examples
    --------
    >>> value_points(["item1-1", "item2-3", None]), value_points(True), value_points("x-7")
    (4.0, 0.0, 7.0)
    """
    if isinstance(value, list):
        return _added(value_points(v) for v in value if not isinstance(v, list))
    if isinstance(value, str):
        return points(value)
    return _double(value) if is_number(value) else 0.0


def level(current: float, raw_max: float) -> int:
    """Impact level, 1 to 4; what is not a number at all is 4, as officially."""
    return next((n for n, cut in enumerate(CUTS, 1) if current <= raw_max * cut), 4)


def _outcome(
    mode: Mode,
    kept: Mapping[str, Any],
    scored: list[Question],
    shown: frozenset[str],
    answers: Mapping[str, Any],
    survey: Survey,
) -> Outcome:
    of = {name: [q for q in scored if q.counts == name] for name in ("raw", "mitigation")}
    got = {name: _added(value_points(kept.get(q.name)) for q in of[name]) for name in of}
    most = {name: _added(q.max for q in of[name]) for name in of}
    enough = got["mitigation"] >= NEEDED * (most["mitigation"] / PHASES)
    current = rounded(REDUCED * got["raw"]) if enough else got["raw"]
    return Outcome(
        mode=mode,
        raw=got["raw"],
        mitigation=got["mitigation"],
        current=current,
        level=level(current, most["raw"]),
        raw_max=most["raw"],
        mitigation_max=most["mitigation"] / PHASES,
        answered=sum(q.name in shown and not is_empty(kept.get(q.name)) for q in scored),
        shown=sum(q.name in shown for q in scored),
        sections=tuple(_sections(scored, kept)),
        remarks=(*_remarks(answers, survey, shown, mode), *_open(kept, of["raw"], shown)),
    )


def _open(kept: Mapping[str, Any], raw: list[Question], shown: frozenset[str]) -> Iterator[Message]:
    """No answer scores as no impact, officially too: whoever reads a level must know."""
    left = sum(q.name in shown and is_empty(kept.get(q.name)) for q in raw)
    if left:
        yield say(
            "{n} questions about impact have no answer and count as no impact, as in the official "
            "tool: until they are answered the level is only the lowest possible one.",
            n=left,
        )


def _sections(scored: list[Question], kept: Mapping[str, Any]) -> Iterator[Section]:
    for name in dict.fromkeys(q.section for q in scored):
        inside = [q for q in scored if q.section == name]
        yield Section(
            name=name,
            counts="raw" if inside[0].counts == "raw" else "mitigation",
            score=_added(value_points(kept.get(q.name)) for q in inside),
            max=_added(q.max for q in inside),
            questions=len(inside),
        )


def _among(question: Question, value: Any) -> Any:
    known = {choice.value for choice in question.choices}
    if question.kind == "checkbox" and isinstance(value, list):
        return [v for v in value if isinstance(v, str) and v in known]
    return value if isinstance(value, str) and value in known else None


def _remarks(
    answers: Mapping[str, Any], survey: Survey, shown: frozenset[str], mode: Mode
) -> Iterator[Message]:
    known = {q.name: q for q in survey.questions()}
    for name in answers:
        if name not in known:
            yield _unknown(name, known)
    for name, question in known.items():
        value = answers.get(name)
        if is_empty(value):
            continue
        if name not in shown:
            yield (
                say("'{name}' is answered but hidden; its answer counts in this mode.", name=name)
                if mode == "live"
                else say("'{name}' is answered but hidden; its answer was dropped.", name=name)
            )
        elif not fits(question, value):
            yield say(
                "'{name}' holds a value that is not one of its choices, or not text; it was taken "
                "as the official tool takes it.",
                name=name,
            )
    yield from _doubts(answers, mode)


def _unknown(name: str, known: Mapping[str, Question]) -> Message:
    near = did_you_mean(name[:80], known).removeprefix(" Did you mean '").removesuffix("'?")
    if near:
        return say("'{name}' is no question of the survey (perhaps '{near}'); it counts for "
                   "nothing.", name=name[:80], near=near)  # fmt: skip
    return say("'{name}' is no question of the survey; it counts for nothing.", name=name[:80])


def _doubts(answers: Mapping[str, Any], mode: Mode) -> Iterator[Message]:
    both = [any(phase in name and not is_empty(v) for name, v in answers.items())
            for phase in ("Design", "Implementation")]  # fmt: skip
    if all(both) and mode == "live":
        yield say(
            "Questions of both phases are answered: in this mode mitigation is counted twice."
        )
    if answers.get("projectDetailsPhase") not in ("item1", "item2"):
        yield say(
            "The phase of the project is not answered ('projectDetailsPhase'): no mitigation "
            "question is shown."
        )


def fits(question: Question, value: Any) -> bool:
    """Whether an answer is one that the form would let a person give."""
    if question.kind not in SELECTS:
        return isinstance(value, str)
    known = {choice.value for choice in question.choices}
    if question.kind != "checkbox":
        return isinstance(value, str) and value in known
    if not isinstance(value, list) or not all(isinstance(v, str) and v in known for v in value):
        return False
    return len(set(value)) == len(value)


def _added(values: Iterable[float]) -> float:
    """Add in order: Python's own sum of floats is more exact than the official one."""
    total = 0.0
    for value in values:
        total += value
    return total


def _double(value: float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf
