"""The impact questionnaire of GobLab UAI: as published, and with its anomalies put right.

Points and anomalies: ``audits/registers/profiles/chile-goblab-impacto.yaml``, read from the source
of the tool (commit ``3cbff2f``, MPL-2.0). The corrected score is iagkit's, never GobLab's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any, Final

from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import Message, say
from iagkit.core.registry import did_you_mean
from iagkit.registers.nouns import Field
from iagkit.registers.profiles import load_profile

NAME: Final = "chile-goblab-impacto"
MODES: Final = ("as-published", "corrected")
INVERTED: Final = frozenset({"q21", "q28"})
"""Good practice adds points as published; corrected, its absence does."""
CARE: Final = frozenset({"q19", "q22", "q23", "q44", "q59"})
"""Same points whatever the answer; corrected, a missing good practice adds them."""
RISK: Final = frozenset({"q45", "q49", "q54"})
"""Same points whatever the answer; corrected, the risk that is there adds them."""
LEFT_OUT: Final = frozenset({"q41"})
"""Same points whatever the answer, and which answer would be the worse one is not told."""
UNSCORED: Final = ("q9", "q32", "q52")
LABELS: Final = {
    "as-published": say(
        "As the published tool computes it, with its anomalies; a rehearsal, not an official "
        "outcome."
    ),
    "corrected": say(
        "Corrected by iagkit; this is not the score of the published tool, nor an official outcome."
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Impact:
    """Score and level of the questionnaire.

    Parameters
    ----------
    mode : {"as-published", "corrected"}
    low, high : Decimal
        Percent. As published both are the score; corrected, unanswered questions leave a range.
    level : str or None
        ``None`` if the range spans several.
    answered, scored : int
        Answered questions, of those that give points.
    sections : mapping of str to (Decimal, Decimal)
        Least and most points by section.
    remarks : tuple of Message
    """

    mode: str
    low: Decimal
    high: Decimal
    level: str | None
    answered: int
    scored: int
    sections: Mapping[str, tuple[Decimal, Decimal]]
    remarks: tuple[Message, ...]


def impact(answers: Mapping[str, Any], *, mode: str) -> Impact:
    """Score answers.

    Parameters
    ----------
    answers : mapping of str to bool or "yes" / "no"
        By question (``q5``); a text for the questions that are not scored.
    mode : {"as-published", "corrected"}

    Raises
    ------
    UsageError
        If the mode is none of the two.
    DataError
        If a question is unknown, or its answer neither yes nor no.
    """
    if mode not in MODES:
        msg = f"expected the mode {' or '.join(MODES)}; got '{mode}'.{did_you_mean(mode, MODES)}"
        raise UsageError(msg)
    given = {name: checked(name, value) for name, value in answers.items()}
    if mode == "as-published":
        return _published(given)
    return _corrected(given)


@cache
def questions() -> Mapping[str, Field]:
    """All questions by id."""
    return {field.id: field for field in load_profile(NAME).fields}


def is_scored(field: Field) -> bool:
    """Whether its answer is yes or no, and gives points."""
    return "points" in field.extra


def checked(name: str, value: Any) -> Any:
    """An answer as it is counted.

    Raises
    ------
    DataError
        If the question is unknown, or the answer of the wrong kind or too long.
    """
    known = questions()
    if name not in known:
        msg = f"expected questions q1 to q59; got '{name[:80]}'.{did_you_mean(name, known)}"
        raise DataError(msg)
    if is_scored(known[name]):
        spelt = {True: "yes", False: "no"}.get(value) if isinstance(value, bool) else value
        if spelt not in ("yes", "no"):
            msg = f"expected 'yes' or 'no' as answer to '{name}'; got something else"
            raise DataError(msg)
        return spelt
    if not isinstance(value, str) or len(value) > 10_000:
        msg = f"expected a text of at most 10,000 characters as answer to '{name}'"
        raise DataError(msg)
    return value


def worth(field: Field, *, mode: str) -> Mapping[str, Decimal]:
    """Points of yes, no and no answer; corrected, no answer has none of its own."""
    told = {answer: Decimal(str(points)) for answer, points in field.extra["points"].items()}
    if mode == "as-published":
        return told
    most = max(told.values())
    if field.id in LEFT_OUT:
        return {"yes": Decimal(0), "no": Decimal(0)}
    if field.id in INVERTED or field.id in CARE:
        return {"yes": Decimal(0), "no": most}
    if field.id in RISK:
        return {"yes": most, "no": Decimal(0)}
    return {"yes": told["yes"], "no": told["no"]}


def _published(given: Mapping[str, Any]) -> Impact:
    scored = [field for field in questions().values() if is_scored(field)]
    got = {f.id: worth(f, mode=MODES[0])[given.get(f.id, "unanswered")] for f in scored}
    total = max(_least(), sum(got.values(), Decimal(0)))
    return Impact(
        mode=MODES[0],
        low=total,
        high=total,
        level=level(total),
        answered=sum(f.id in given for f in scored),
        scored=len(scored),
        sections=_by_section(scored, {name: (points, points) for name, points in got.items()}),
        remarks=tuple(_anomalies()),
    )


def _corrected(given: Mapping[str, Any]) -> Impact:
    scored = [f for f in questions().values() if is_scored(f) and f.id not in LEFT_OUT]
    of = {f.id: worth(f, mode=MODES[1]) for f in scored}
    most = sum((max(points.values()) for points in of.values()), Decimal(0))
    ranges = {
        name: (points[given[name]],) * 2 if name in given else (Decimal(0), max(points.values()))
        for name, points in of.items()
    }
    low, high = (100 * sum((r[end] for r in ranges.values()), Decimal(0)) / most for end in (0, 1))
    told = {level(low), level(high)}
    return Impact(
        mode=MODES[1],
        low=round(low, 2),
        high=round(high, 2),
        level=told.pop() if len(told) == 1 else None,
        answered=sum(name in given for name in of),
        scored=len(scored),
        sections=_by_section(scored, ranges),
        remarks=tuple(_corrections(len(scored) - sum(name in given for name in of))),
    )


def level(percent: Decimal) -> str:
    """Name of the level, in the tool's own language."""
    for step in load_profile(NAME).extra["scoring"]["levels"]:
        if step["max"] is None or percent <= Decimal(str(step["max"])):
            return str(step["level"])
    raise AssertionError


def _least() -> Decimal:
    return Decimal(str(load_profile(NAME).extra["scoring"]["levels"][0]["max"]))


def _by_section(
    scored: list[Field], ranges: Mapping[str, tuple[Decimal, Decimal]]
) -> dict[str, tuple[Decimal, Decimal]]:
    found: dict[str, tuple[Decimal, Decimal]] = {}
    for field in scored:
        low, high = found.get(field.section, (Decimal(0), Decimal(0)))
        found[field.section] = (low + ranges[field.id][0], high + ranges[field.id][1])
    return found


def _anomalies() -> tuple[Message, ...]:
    same = ", ".join(
        f.id for f in questions().values() if "(constant)" in f.extra.get("anomaly", "")
    )
    return (
        say("These questions give the same points whatever the answer: {names}.", names=same),
        say("A good practice adds points in {names}.", names=", ".join(sorted(INVERTED))),
        say("The options of {names} have points that are never added.", names=", ".join(UNSCORED)),
        say(
            "The score is never below the upper end of the lowest level, and cannot reach 100 "
            "percent; questions without answer count as answered favourably."
        ),
    )


def _corrections(unanswered: int) -> tuple[Message, ...]:
    return (
        say("Counted by their answer: {names}.", names=", ".join(sorted(CARE | RISK, key=_order))),
        say("Turned round: {names}.", names=", ".join(sorted(INVERTED))),
        say("Left out, because it is not told which answer is the worse: {names}.",
            names=", ".join(sorted(LEFT_OUT))),
        say("Not counted, because the points of their options are not in our source: {names}.",
            names=", ".join(UNSCORED)),
        say("The score is a share of the most that can be reached, without a floor; {n} questions "
            "without answer leave a range.", n=unanswered),
    )  # fmt: skip


def _order(name: str) -> int:
    return list(questions()).index(name)
