"""A questionnaire: asked, resumed, prefilled from evidence, scored."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import Message, say
from iagkit.core.registry import did_you_mean
from iagkit.flow.proving import record_in
from iagkit.registers.assessments import canada, goblab
from iagkit.registers.assessments.forms import CANADA, SCORED, form
from iagkit.registers.assessments.questionnaire import Ask, Questionnaire, left
from iagkit.registers.assessments.requirements import LEVELS, requirements
from iagkit.registers.assessments.survey import VERSION
from iagkit.registers.crosswalk import concepts
from iagkit.registers.system import SystemRecord, Value, from_record
from iagkit.report.voice import Voice
from iagkit.wire import answer_files

DEFAULT_MODES: Final = {CANADA: "completed", goblab.NAME: "as-published"}
MODES: Final = {CANADA: canada.MODES, goblab.NAME: goblab.MODES}
SHOWN: Final = 5
ANSWERED: Final = frozenset(
    {"projectDetailsID", "projectDetailsTitle", "aboutAlgorithm6", "impact21"}
)
"""Texts of Canada's survey that evidence answers whole; beside other questions it only stands."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """Answers of one questionnaire, kept in one file after every answer.

    Parameters
    ----------
    form : Questionnaire
    path : Path
    answers : dict of str to value
    evidence : mapping of str to str
        Question → what the record says about it, with its source.
    """

    form: Questionnaire
    path: Path
    answers: dict[str, Any]
    evidence: Mapping[str, str] = field(default_factory=dict)

    def asks(self) -> tuple[Ask, ...]:
        """Questions that are asked now."""
        return self.form.asks(self.answers)

    def left(self) -> tuple[Ask, ...]:
        """Those without answer."""
        return left(self.asks(), self.answers)

    def put(self, given: Mapping[str, Any]) -> None:
        """Keep answers; one that is ``None`` is taken back. The file is written whole."""
        for key, value in given.items():
            if value is None:
                self.answers.pop(key, None)
            else:
                self.answers[key] = value
        answer_files.save(self.path, self.answers)


def open_session(name: str, path: Path, *, run: Path | None = None, lang: str = "en") -> Session:
    """Begin a questionnaire, or go on where it was left.

    Parameters
    ----------
    name : str
        ``canada-aia``, ``chile-goblab-impacto``, a register or ``all``.
    path : Path
        File of answers; read if it is there.
    run : Path, optional
        Folder of a run: texts that its evidence gives are proposed with their source.

    Raises
    ------
    UsageError, DataError
        If there is no such questionnaire, or the file holds no answers.
    """
    asked = form(name)
    answers = answer_files.read(path) if path.exists() else {}
    if run is None:
        return Session(form=asked, path=path, answers=answers)
    system = from_record(record_in(run), None, Voice(lang))
    evidence = _evidence(name, system)
    session = Session(form=asked, path=path, answers=answers, evidence=evidence)
    if name == CANADA:
        session.put({k: v for k, v in evidence.items() if k in ANSWERED and k not in answers})
    return session


def assess(
    name: str,
    answers: Path | Mapping[str, Any],
    *,
    mode: str | None = None,
    lang: str = "en",
    strict: bool = False,
) -> dict[str, Any]:
    """Score a questionnaire.

    Parameters
    ----------
    name : {"canada-aia", "chile-goblab-impacto"}
    answers : Path or mapping
        JSON of question → answer.
    mode : str, optional
        ``live`` or ``completed`` (default) of Canada's; ``as-published`` (default) or
        ``corrected`` of GobLab's.
    lang : {"es", "pt", "en", "fr"}
        Of the requirements and sentences; sentences have no French and are in English then.
    strict : bool
        Whether what the official tool tolerates is refused: unknown questions, odd values.

    Raises
    ------
    UsageError
        If the questionnaire or mode is unknown, or gives no score.
    DataError
        If the answers cannot be read, or are refused.
    """
    form(name)
    if name not in SCORED:
        msg = (
            f"expected a questionnaire with a score ({', '.join(SCORED)}); '{name}' has none. "
            "Its answers go to 'iagkit publish --answers'"
        )
        raise UsageError(msg)
    check_mode(name, mode)
    given = answer_files.read(answers) if isinstance(answers, Path) else dict(answers)
    voice = Voice(lang if lang != "fr" else "en")
    asked = DEFAULT_MODES[name] if mode is None else mode
    if name == CANADA:
        return _canada(given, asked, lang, voice, strict=strict)
    return _goblab(given, asked, voice)


def check_mode(name: str, mode: str | None) -> None:
    """Refuse a mode that a questionnaire does not have, before anything is asked.

    Raises
    ------
    UsageError
        If it has no such mode.
    """
    known = MODES.get(name, ())
    if mode is None or mode in known:
        return
    wanted = f"the mode {' or '.join(known)}" if known else f"no mode; '{name}' has no score"
    msg = f"expected {wanted}; got '{mode[:40]}'.{did_you_mean(mode[:40], known)}"
    raise UsageError(msg)


def _canada(
    given: Mapping[str, Any], mode: str, lang: str, voice: Voice, *, strict: bool
) -> dict[str, Any]:
    got = canada.score(given, mode=mode)
    if strict and got.remarks:
        more = "; ".join(str(one) for one in got.remarks[:SHOWN])
        msg = (
            f"expected answers that the official form could give; {len(got.remarks)} remark(s): "
            f"{more} Correct them, or leave --strict out"
        )
        raise DataError(msg)
    return {
        "assessment": CANADA, "version": VERSION, "mode": got.mode, "official": False,
        "label": voice.tell(canada.LABEL),
        "raw": _plain(got.raw), "mitigation": _plain(got.mitigation),
        "current": _plain(got.current), "level": got.level,
        "raw_max": _plain(got.raw_max), "mitigation_max": _plain(got.mitigation_max),
        "answered": got.answered, "shown": got.shown,
        "sections": {
            s.name: {"counts": s.counts, "score": _plain(s.score), "max": _plain(s.max),
                     "questions": s.questions} for s in got.sections
        },
        "remarks": [voice.tell(one) for one in got.remarks],
        "requirements": [
            {"area": r.area, "text": r.text, "official": r.official}
            for r in requirements(got.level, lang)
        ],
    }  # fmt: skip


def _goblab(given: Mapping[str, Any], mode: str, voice: Voice) -> dict[str, Any]:
    got = goblab.impact(given, mode=mode)
    return {
        "assessment": goblab.NAME, "mode": got.mode, "official": False,
        "label": voice.tell(goblab.LABELS[got.mode]),
        "percent_low": float(got.low), "percent_high": float(got.high), "level": got.level,
        "answered": got.answered, "scored": got.scored,
        "sections": {n: {"low": float(a), "high": float(b)} for n, (a, b) in got.sections.items()},
        "remarks": [voice.tell(one) for one in got.remarks],
    }  # fmt: skip


def _plain(value: float) -> int | float | None:
    """A whole number as one; what is no finite number has no form in JSON."""
    if not math.isfinite(value):
        return None
    return int(value) if value.is_integer() else value


def _evidence(name: str, system: SystemRecord) -> dict[str, str]:
    """Question → what evidence says of its concept; only what was measured, nothing proposed."""
    told: dict[str, str] = {}
    for key, value in system.values.items():
        if value.kind != "auto":
            continue
        keys = concepts()[key].fields.get(name, ()) if name in SCORED else (key,)
        for one in keys:
            told[one] = "\n".join(filter(None, [told.get(one), _said(value, system.voice)]))
    return told


def _said(value: Value, voice: Any) -> str:
    content = value.content
    if isinstance(content, bool):
        content = voice._("yes") if content else voice._("no")
    text = "; ".join(content) if isinstance(content, tuple) else str(content)
    return str(voice.say("{text} [evidence: {source}]", text=text, source=value.source))


LINES: Final[Mapping[str, Message]] = {
    "score": say("Score"),
    "raw": say("Raw impact"),
    "mitigation": say("Mitigation"),
    "current": say("Current score"),
    "level": say("Impact level"),
    "undecided": say("undecided: questions without answer could change it"),
    "answered": say("{n} of {of} questions with points are answered."),
    "of": say("{n} of {of}"),
    "sections": say("Points by section"),
    "remarks": say("Remarks"),
    "requirements": say("What this level asks for"),
    "ours": say("Summary in our words; the official text is in English and French."),
}
"""Words of the result, for the terminal and the page."""


def facts(told: Mapping[str, Any], voice: Voice) -> list[tuple[str, str]]:
    """Numbers of a result with their names, in the language of the voice."""

    def share(name: str, most: str) -> str:
        return voice.say(LINES["of"].template, n=told[name], of=told[most])

    if told["assessment"] == CANADA:
        level = LEVELS[told["level"] - 1]
        numbers = [(LINES["raw"], share("raw", "raw_max")),
                   (LINES["mitigation"], share("mitigation", "mitigation_max")),
                   (LINES["current"], share("current", "raw_max")),
                   (LINES["level"], f"{level} ({told['level']})")]  # fmt: skip
    else:
        low, high = voice.number(told["percent_low"], 2), voice.number(told["percent_high"], 2)
        span = f"{low} %" if low == high else f"{low}–{high} %"
        level = told["level"] or voice.tell(LINES["undecided"])
        numbers = [(LINES["score"], span), (LINES["level"], level)]
    return [(voice.tell(name), text) for name, text in numbers]
