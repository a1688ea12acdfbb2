"""What `feedback` and `predict` found, told line by line in the language of who asked."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from iagkit.core.judge import WHOLE
from iagkit.core.message import Message, say
from iagkit.core.nouns import MISSING, Estimate
from iagkit.report.voice import Voice

Json = Mapping[str, Any]
COUNTS = {
    "decisions": say("Decisions in this file"),
    "not_yet_decided": say("Rows without a decision yet"),
    "repeated": say("Rows that say the same again"),
    "new_labels": say("Decisions with an answer that was new"),
    "cases_decided": say("Cases decided in all files"),
    "reviewers": say("Reviewers told apart"),
    "disagreements": say("Cases on which reviewers disagree"),
    "files": say("Files read back so far"),
    "rows": say("Answered"),
    "automatic": say("Decided by the machine alone"),
    "for_people": say("Left to people"),
    "cases": say("Cases of the log"),
    "open": say("Of them open when it ends"),
    "days_told": say("Told how long they still take"),
    "risk_told": say("Told how probable it is that they will be late"),
    "look_first": say("To be looked at first"),
}
PLACES = {
    "answer": say("answer"), "class": say("proposed"), "chosen": say("chosen"),
}  # fmt: skip
VALUES = {
    "for people": say("for people"), "automatic": say("automatic"),
    "by lot": say("by lot"), "otherwise": say("otherwise"),
}  # fmt: skip
SIGNALS = {
    "unsure": say("Documents the model is not sure of"),
    "unknown words": say("Documents with unusually many unknown words"),
}
STATES = {
    "yes": say("This batch is not like the documents the model was tested on."),
    "no": say("Nothing shows that this batch is unlike the documents the model was tested on."),
    "unknown": say("It is not known whether this batch is like what the model was tested on."),
}
ONLY_PEOPLE = say(
    "None of this tells how often the answers are right: only decisions of people about cases drawn"
    " by lot do (column by_lot, then iagkit feedback)."
)
WRITTEN = say("Written")
KINDS = {
    "appeared": say("new"), "disappeared": say("gone"), "more": say("more often"),
    "fewer": say("less often"),
}  # fmt: skip


def feedback_lines(told: Json, *, lang: str) -> Iterator[str]:
    """Counts, then each question with its answers, then what was written."""
    voice = Voice(lang)
    if not told["new_file"]:
        yield voice._("This file was read back before; nothing was added.")
    yield from _counted(voice, told)
    asked = ""
    for finding in told["findings"]:
        if finding["question"] != asked:
            asked = finding["question"]
            yield voice._(asked)
        place = ", ".join(_place(voice, k, str(v)) for k, v in finding["where"].items())
        yield f"  {place or voice._('All together')}: {_answer(voice, finding)}"
    yield f"{voice.tell(WRITTEN)}: {', '.join(told['written'])}"


def predict_lines(told: Json, *, lang: str) -> Iterator[str]:
    """Counts, what was not read, and whether the batch is like what the model was tested on."""
    voice = Voice(lang)
    yield from _counted(voice, told)
    for one in told.get("unread", ()):
        yield voice.say("Not read: {name}: {why}", name=one["name"], why=_message(voice, one))
    if (signals := told.get("signals")) is not None:
        yield from _signals(voice, signals)
    yield f"{voice.tell(WRITTEN)}: {told['file']}"


def _counted(voice: Voice, told: Json) -> Iterator[str]:
    for name, title in COUNTS.items():
        if name in told:
            yield f"{voice.tell(title)}: {voice.number(told[name])}"


def _signals(voice: Voice, told: Json) -> Iterator[str]:
    yield voice.tell(STATES[told["changed"]])
    if told["changed"] == "unknown":
        yield f"  {_message(voice, told)}"
    for one in told.get("shares", ()):
        yield "  " + voice.say(
            "{what}: {now}; when tested {before}; difference {change}",
            what=voice.tell(SIGNALS[one["signal"]]),
            now=voice.estimate(Estimate(**one["batch"])),
            before=voice.estimate(Estimate(**one["tested"])),
            change=voice.gap(Estimate(**one["difference"])),
        )
    for one in told.get("classes", ()):
        yield "  " + voice.say(
            "{label} is proposed {how}: {after}; when tested {before}",
            label=one["label"], how=voice.tell(KINDS[one["kind"]]),
            after=voice.estimate(Estimate(**one["after"])),
            before=voice.estimate(Estimate(**one["before"])),
        )  # fmt: skip
    yield voice.tell(ONLY_PEOPLE)


def _place(voice: Voice, column: str, value: str) -> str:
    name = PLACES.get(column)
    if value == WHOLE:
        return voice.tell(name) if name else column
    known = VALUES.get(value) if column in ("answer", "chosen") else None
    shown = voice._("(not stated)") if value == MISSING else value
    return f"{voice.tell(name) if name else column} {voice.tell(known) if known else shown}"


def _answer(voice: Voice, finding: Json) -> str:
    if (told := finding.get("estimate")) is None:
        return _message(voice, finding)
    estimate = Estimate(**told)
    if finding["check"].endswith((".gap", "relearnt_accuracy")):
        between: Sequence[str] = finding.get("between") or ()
        return voice.gap(estimate) + (f" ({' – '.join(between)})" if between else "")
    return voice.estimate(estimate)


def _message(voice: Voice, told: Json) -> str:
    """A reason, translated where its template went along."""
    made = told.get("because_of")
    if made is None:
        return str(told["because"])
    return voice.tell(Message(made["template"], made["values"]))
