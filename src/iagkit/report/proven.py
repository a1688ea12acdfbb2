"""What verifying, signing and reproducing found, for people: a line a part, in their language."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Protocol

from iagkit.core.message import Message, say
from iagkit.core.record import Record
from iagkit.report import names
from iagkit.report.story import Story
from iagkit.report.voice import Voice

STATUSES = {
    "ok": say("as it was sealed"),
    "absent": say("not here, so not compared"),
    "as the record": say("tells what the record says"),
    "signed": say("as it was signed"),
    "not compared": say("not compared: another version of iagkit wrote it"),
    "not sealed": say("no part of the record: not sealed, not signed"),
    "not checked": say("not checked: give the institution's key with --public-key"),
    "changed": say("CHANGED"),
}


class Part(Protocol):
    """A file, section or remark that was looked at."""

    @property
    def name(self) -> str:
        """What it is called."""

    @property
    def status(self) -> str:
        """One of :data:`STATUSES`."""

    @property
    def why(self) -> Message | None:
        """What is wrong with it, if anything is."""


def parts(found: Sequence[Part], *, lang: str) -> list[str]:
    """One line a part."""
    voice = Voice(lang)
    return [f"{part.name}: {voice.tell(STATUSES[part.status])}" for part in found]


def whole(record: Record, signed_by: str, *, lang: str) -> list[str]:
    """What can be told of a record that is as it was sealed."""
    voice = Voice(lang)
    lines = [
        voice.say("The record is as it was sealed. Digest: {digest}", digest=record.digest),
        voice.say("Amendments since: {n}", n=len(record.amendments)),
    ]
    if signed_by:
        lines.append(voice.say("Signed with the key {key}", key=signed_by))
    else:
        lines.append(
            voice._(
                "Whoever edits a record can seal it anew: compare the digest with the one that the "
                "institution published, or check its signature."
            )
        )
    return lines


def changed(why: Sequence[Message], *, lang: str) -> str:
    """What was changed, in one sentence each, and what to do."""
    voice = Voice(lang)
    told = "; ".join(voice.tell(one) for one in why)
    advice = voice._("Ask the institution that published it for the original files.")
    return f"{told}. {advice}"


def amended(author: str, head: str, pages: Sequence[str], *, lang: str) -> list[str]:
    """What a remark did."""
    voice = Voice(lang)
    lines = [voice.say("The remark of {author} was added; what was sealed stays.", author=author)]
    lines.append(voice.say("Digest of the last amendment: {digest}", digest=head))
    if pages:
        lines.append(voice.say("Pages that tell it from now on: {pages}", pages=", ".join(pages)))
    lines.append(voice._("A signature made before does not cover it: sign again."))
    return lines


def signed(told: dict[str, Any], *, lang: str) -> list[str]:
    """What was signed, and with which key."""
    voice = Voice(lang)
    return [
        voice.say("Signed: {files}", files=", ".join(told["files"])),
        voice.say("Signed with the key {key}", key=told["key"]),
        voice.say("The signature is in {file}; publish it beside the record.",
                  file=told["signature"]),
    ]  # fmt: skip


def passphrase_of(key: str, *, lang: str) -> str:
    """What is asked of who signs with a locked key."""
    return Voice(lang).say("Passphrase of {key}", key=key)


def new_key(told: dict[str, str], *, lang: str) -> list[str]:
    """What to do with a new pair of keys."""
    voice = Voice(lang)
    return [
        voice.say("Private key, for its owner alone: {file}", file=told["private"]),
        voice.say("Public key, to publish where people look for it: {file}", file=told["public"]),
        voice.say("Name of the key: {key}", key=told["key"]),
    ]


def promoted(told: dict[str, Any], record: Record, *, lang: str) -> list[str]:
    """Which version is in use now, who answers for it, and what was not met."""
    voice = Voice(lang)
    lines = [
        voice.say("Version {version} of {model} is in use from now on ({alias}).", **{
            name: told[name] for name in ("version", "model", "alias")}),
        voice.say("Who answers for it: {by}", by=told["by"]),
    ]  # fmt: skip
    open_points = [v for v in record.verdicts if v.result != "pass"]
    if open_points:
        lines.append(voice._("Limits that do not block and were not met, or of which it is not "
                             "known; somebody has to answer for them:"))  # fmt: skip
    return [*lines, *(f"- {line}" for line in _open(record, open_points, lang))]


def forbidden(record: Record, *, lang: str) -> str:
    """Why a record does not allow use."""
    voice = Voice(lang)
    told = "; ".join(_open(record, record.unproven, lang))
    return voice.say("The record does not allow use: {told}", told=told)


def _open(record: Record, verdicts: Sequence[Any], lang: str) -> Iterator[str]:
    story = Story.of(record, lang)
    for verdict in verdicts:
        place = story.place(verdict.where)
        asked = story.check(verdict.check) + (f" ({place})" if place else "")
        yield f"{asked}: {story.voice.tell(names.RESULTS[verdict.result])}"


def shelved(entries: Sequence[dict[str, Any]], *, lang: str) -> list[str]:
    """Published records, oldest first, all as they were published."""
    voice = Voice(lang)
    lines = [f"{entry['name']}: {entry['record']}" for entry in entries]
    n = len(entries)
    return [*lines, voice.say("Published records, each as it was published: {n}", n=n)]


KINDS = {
    "volatile": say("Times of the run: {n}"),
    "place": say("Where files lay: {n}"),
    "environment": say("Versions of libraries and wording of pages: {n}"),
    "tolerance": say("Numbers within the tolerance {tolerance}: {n}"),
    "file": say("Files that are not the same to the byte: {n}"),
    "declaration": say("Declaration or data: {n}"),
    "evidence": say("Evidence: {n}"),
    "verdict": say("Verdicts: {n}"),
}
SHOWN = 40
"""Differences that a terminal tells one by one; JSON tells all."""


def reproduced(told: dict[str, Any], *, lang: str) -> list[str]:
    """What differs between a record and what running it again gave, and whether it matters."""
    voice = Voice(lang)
    found = told["differences"]
    lines = [voice.say("Record that was run again: {digest}", digest=told["record"])]
    if told["identical_but_for_time"]:
        lines.append(voice._("All of it came out the same to the byte, but for the time."))
    for kind, message in KINDS.items():
        n = sum(one["kind"] == kind for one in found)
        if n:
            values = {"n": n, "tolerance": f"{told['tolerance']:g}"}
            lines.append(f"- {voice.say(message.template, **values)}")
    graver = [one for one in found if one["matters"]]
    lines += [_differs(one, voice) for one in [*graver, *_versions(found)][:SHOWN]]
    if (more := len(graver) - SHOWN) > 0:
        lines.append(voice.say("and {n} more; --json tells all", n=more))
    clean = voice._("Reproduced: nothing differs that matters.")
    return [*lines, clean if told["clean"] else voice._("Not reproduced: what is listed differs.")]


def _versions(found: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    return [one for one in found if one["kind"] == "environment"]


def _differs(one: dict[str, Any], voice: Voice) -> str:
    then, now = (
        voice._("nothing") if v is None else str(v)[:80] for v in (one["then"], one["now"])
    )
    return voice.say("{field}: {then} in the record, {now} now", field=one["field"],
                     then=then, now=now)  # fmt: skip
