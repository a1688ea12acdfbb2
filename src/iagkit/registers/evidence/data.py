"""What the card and the counts say of the data; never a cell of them."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.registers.evidence.reading import Given, Reading, lines


def given(read: Reading) -> Iterator[Given]:
    """Concepts that the card, the split and the findings on the data speak of."""
    yield from _card(read)
    yield from _size(read)
    yield from _columns(read)
    quality = tuple(f for f in read.select("data.", "process.quality.") if len(f.where) <= 1)
    kept = tuple(f for f in quality if f.check != "data.class_share")
    yield from lines(read, "data.quality", kept, "findings: data, process.quality")
    yield from _prepared(read)


def _card(read: Reading) -> Iterator[Given]:
    card, voice = read.card, read.voice
    title, told = read.words(card.get("title")), read.words(card.get("description"))
    if title or told:
        whole = ". ".join(one.rstrip(".") for one in (title, told) if one) + "."
        yield Given("data.description", whole, "dataset.title, dataset.description")
    if source := read.words(card.get("source")):
        licence = read.words(card.get("licence"))
        known = voice.say("licence: {licence}", licence=licence) if licence else ""
        yield Given("data.source", tuple(filter(None, (source, known))), "dataset.source")
    if sha256 := str(card.get("sha256") or ""):
        yield Given("data.digest", f"SHA-256 {sha256}", "dataset.sha256")
    roles = {column["role"] for column in card.get("columns", ())}
    if read.of_log:
        yield Given("data.modality", voice.say("Event log"), "run.log")
    elif "text" in roles:
        yield Given("data.modality", voice.say("Text"), "dataset.columns")
    elif roles:
        yield Given("data.modality", voice.say("Table"), "dataset.columns")


def _size(read: Reading) -> Iterator[Given]:
    voice, facts = read.voice, read.facts
    told = []
    if cases := facts.get("cases"):
        used = cases.get("rows_used", 0)
        told.append(
            voice.say("{n} rows, of which {used} were used", n=cases.get("rows", 0), used=used)
        )
    if split := facts.get("split"):
        train, test = split.get("n_train", 0), split.get("n_test", 0)
        told.append(
            voice.say("{train} to learn from, {test} held out for the test", train=train, test=test)
        )
    for check in ("process.quality.cases", "process.quality.events", "fairness.group_size"):
        found = read.record.find(check)
        if found and found.estimate:
            told.append(read.line(found))
    if told:
        yield Given("data.quantity", tuple(told), "run.cases, run.split")


def _columns(read: Reading) -> Iterator[Given]:
    voice, columns = read.voice, read.card.get("columns", ())
    sensitive = [c["name"] for c in columns if c.get("sensitive") or c["role"] == "group"]
    if sensitive:
        told = voice.say("Columns of groups or marked as sensitive: {names}",
                         names=", ".join(sensitive))  # fmt: skip
        yield Given("data.sensitive", told, "dataset.columns")
    personal = [c["name"] for c in columns if c["role"] in ("id", "text", "resource")]
    if personal or sensitive:
        names = ", ".join(dict.fromkeys([*personal, *sensitive]))
        told = voice.say(
            "Columns that may hold personal data: {names}. The sealed record holds no row of them.",
            names=names,
        )
        yield Given("data.personal", told, "dataset.columns")


def _prepared(read: Reading) -> Iterator[Given]:
    voice, split = read.voice, read.facts.get("split") or {}
    if split.get("by"):
        told = voice.say(
            "Cases were set apart for the test by {by}; near copies stay on one side "
            "({joined} groups of them were joined).",
            by=voice._(str(split["by"])), joined=split.get("groups_joined_by_near_duplicates", 0),
        )  # fmt: skip
        yield Given("data.preprocessing", told, "run.split")
