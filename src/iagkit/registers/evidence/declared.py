"""What the institution declared before anything was run, and what the system is made of."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from iagkit.registers.evidence.reading import Given, Reading
from iagkit.registers.telling import COLUMNS


def given(read: Reading) -> Iterator[Given]:
    """Concepts that the declaration, the facts and the seal speak of."""
    if not read.of_others:
        yield from _identity(read)
        yield from _people(read)
        yield from _parts(read)
        yield from _model(read)
    yield from _seal(read)


def _identity(read: Reading) -> Iterator[Given]:
    told = read.declared
    name = read.words(told.get("title")) or str(told.get("name", ""))
    purpose = read.words(told.get("intended_use"))
    yield Given("system.id", str(told.get("name", "")), "prototype.name")
    yield Given("system.name", name, "prototype.title")
    yield Given("system.version", str(told.get("version", "")), "prototype.version")
    if started := str(read.facts.get("started", ""))[:10]:
        yield Given("system.version_date", started, "run.started")
    if purpose:
        yield Given("system.purpose", purpose, "prototype.intended_use")
        yield Given("system.summary_short", purpose, "prototype.intended_use")
        whole = " ".join(filter(None, (purpose, *_how(read))))
        yield Given("system.description", whole, "prototype.intended_use, run")
    if not_for := read.words(told.get("not_for")):
        yield Given("system.out_of_scope", not_for, "prototype.not_for")


def _how(read: Reading) -> Iterator[str]:
    """How the system comes to its answers, as far as the record shows."""
    voice = read.voice
    if read.of_log:
        yield voice.say(
            "It reads an event log and measures how long cases take, where they wait and what "
            "a change would do; it decides no case."
        )
        return
    yield voice.say(
        "It learnt from past cases that people had answered, gives each answer with its "
        "certainty, and hands what it is not certain of to a person."
    )
    yield from _decides(read)


def _decides(read: Reading) -> Iterator[str]:
    voice = read.voice
    if read.record.unproven:
        yield voice.say(
            "A blocking limit of the policy was not passed, so a person decides every case."
        )
    elif (rate := read.record.find("abstention.rate")) and rate.estimate:
        yield voice.say(
            "Share of cases that go to a person: {estimate}.",
            estimate=voice.estimate(rate.estimate),
        )


def _people(read: Reading) -> Iterator[Given]:
    role = read.declared.get("human_role") or {}
    told = {name: read.words(words) for name, words in role.items()}
    if reviewer := told.get("reviewer"):
        whole = " ".join((reviewer, *_decides(read)))
        yield Given("human.oversight", whole, "prototype.human_role.reviewer")
    if told.get("appeal"):
        whole = " ".join(filter(None, (told.get("appeal"), told.get("deadline"))))
        yield Given("people.appeal", whole, "prototype.human_role.appeal")
    if contact := told.get("contact"):
        yield Given("org.contact", contact, "prototype.human_role.contact")
    if automation := " ".join(_decides(read)):
        yield Given("decision.automation", automation, "run.review_rule")


def _parts(read: Reading) -> Iterator[Given]:
    voice, made, recipe = read.voice, read.facts.get("made_with") or {}, read.declared.get("recipe")
    if made:
        listed = tuple(f"{name} {version}" for name, version in made.items())
        yield Given("arch.environment", listed, "run.made_with")
        source = voice.say("iagkit {version}, recipe {recipe}", version=made.get("iagkit", ""),
                           recipe=recipe)  # fmt: skip
        yield Given("arch.code", source, "prototype.recipe, run.made_with")
    columns = [c for c in read.card.get("columns", ()) if c["role"] not in ("ignore", "target")]
    if columns:
        named = tuple(f"{c['name']} ({_role(read, c['role'])})" for c in columns)
        yield Given("arch.input", named, "dataset.columns")
    if output := _output(read):
        yield Given("arch.output", output, "run.classes")
    yield Given("arch.system", " ".join(_how(read)), "prototype.recipe, run")


def _role(read: Reading, role: str) -> str:
    told = COLUMNS.get(role)
    return read.voice.tell(told) if told else role


def _output(read: Reading) -> str:
    voice, facts = read.voice, read.facts
    if read.of_log:
        return voice.say(
            "Measures of the process, forecasts of the days that remain, and scenarios"
        )
    if "classes" not in facts:
        return ""
    return voice.say(
        "One of {n} answers with its certainty, and a short list of the likeliest",
        n=facts["classes"],
    )


def _model(read: Reading) -> Iterator[Given]:
    voice, facts = read.voice, read.facts
    yield Given("model.task", voice._(str(read.declared.get("task", ""))), "prototype.task")
    sealed = {n: d for n, d in read.record.artifacts.items() if n.endswith(".skops")}
    if sealed:
        listed = tuple(f"{name} (SHA-256 {told})" for name, told in sealed.items())
        yield Given("model.list", listed, "artifacts")
        never = voice.say("No: the model is sealed, and learning again makes a new version.")
        yield Given("model.learning_in_use", never, "artifacts")
        title = read.words(read.declared.get("title"))
        named = f"{title} {read.declared.get('version', '')}".strip()
        yield Given("model.name", named, "prototype.title")
    if names := _classes(read):
        yield Given("model.classes", names, "run.explanations")
    if chosen := facts.get("chosen"):
        yield from _chosen(read, chosen)
    if rule := _threshold(read):
        yield Given("model.threshold", rule, "run.review_rule")


def _classes(read: Reading) -> tuple[str, ...]:
    titles = {row["code"]: read.words(row.get("name")) for row in read.declared.get("taxonomy", ())}
    names = read.facts.get("explanations") or {}
    return tuple(f"{titles[c]} ({c})" if titles.get(c) else str(c) for c in names)


def _chosen(read: Reading, chosen: Any) -> Iterator[Given]:
    voice, facts = read.voice, read.facts
    kind = voice.say(
        "Linear model on words and pairs of words ({candidate}), calibrated, with conformal sets",
        candidate=chosen.get("candidate", ""),
    )
    yield Given("model.type", kind, "run.chosen")
    told = voice.say(
        "Chosen by nested validation among {tried} candidates on {n} cases; strength {strength}, "
        "balance {balance}; seed {seed}.",
        tried=len(facts.get("selection", ())), n=chosen.get("n", 0),
        strength=chosen.get("strength", 0), balance=chosen.get("balance", 0),
        seed=facts.get("seed", 0),
    )  # fmt: skip
    yield Given("model.training", told, "run.chosen, run.selection")
    if len(facts.get("selection", ())) > 1:
        yield Given("system.alternatives", " ".join((told, *_beside(read))), "run.selection")


def _beside(read: Reading) -> Iterator[str]:
    """The simplest rule and the people who did the work before, as far as they were measured."""
    for check in ("performance.majority_accuracy", "performance.human_agreement"):
        found = read.record.find(check)
        if found and found.estimate:
            yield f"{read.voice._(found.question)} {read.voice.estimate(found.estimate)}."


def _threshold(read: Reading) -> str:
    rule = read.facts.get("review_rule") or {}
    if rule.get("rule") == "max_error":
        return read.voice.say(
            "Decided alone only where at most {asked:.1%} of automatic answers are expected to be "
            "wrong; the rest goes to a person.",
            asked=rule.get("asked"),
        )
    if rule.get("rule") == "review_share":
        return read.voice.say(
            "The {asked:.1%} of the cases that are least certain go to a person.",
            asked=rule.get("asked"),
        )
    return ""


def _seal(read: Reading) -> Iterator[Given]:
    voice, record = read.voice, read.record
    sealed = str(record.about.get("sealed_at", ""))[:10]
    if sealed:
        yield Given("record.date", sealed, "about.sealed_at")
    yield Given("audit.log", voice.say(
        "Sealed record with the digest SHA-256 {digest}; remarks added after sealing: {n}.",
        digest=record.digest, n=len(record.amendments)), "seal")  # fmt: skip
    remarks = tuple(f"{one['at'][:10]}: {one['reason']}" for one in record.amendments)
    first = voice.say("{day}: record sealed", day=sealed)
    yield Given("change.log", (first, *remarks), "about.sealed_at, amendments")
    yield Given("record.language", voice.lang, "language")
    if "seconds" in record.run:
        told = voice.say(
            "Time of computing: {seconds} seconds on one machine; energy was not measured.",
            seconds=record.run["seconds"],
        )
        yield Given("energy", told, "run.seconds")
