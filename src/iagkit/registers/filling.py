"""A profile filled from a system record: what is evidence, what is proposed, what is owed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import Message, say
from iagkit.registers.answers import Answers, Content, fit, limit_of
from iagkit.registers.crosswalk import asked
from iagkit.registers.nouns import Concept, Field, Fill, Profile
from iagkit.registers.system import ANSWERS, SystemRecord, Value
from iagkit.registers.telling import Teller, owner

State = Literal["auto", "draft", "human", "missing", "blocked"]
PROFILE: Final = "profile"
"""Source of what the standard itself says: its version."""
STANDARD_VERSION: Final = "record.standard_version"
CHOSEN: Final = frozenset({"system.phase", "supplier.involved"})
"""Concepts whose answers are choices that the crosswalk spells for each standard."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One field of a register, filled or owed.

    Parameters
    ----------
    field : Field
    value : Value or None
    owed_by : str
        Role that owes an answer or a confirmation (see ``telling.ROLES``); empty if nobody does.
    because : Message or None
        Why there is no value, or what of it is still open.
    blocked : bool
        Whether there is a value that may not be published as it is.
    concepts : tuple of str
        Concepts the field asks for.
    asks, confirms : tuple of str
        What is to be answered, and which proposals to be confirmed: concepts, or
        ``"profile/field"`` where no concept says it in the form of the standard.
    """

    field: Field
    value: Value | None
    owed_by: str = ""
    because: Message | None = None
    blocked: bool = False
    concepts: tuple[str, ...] = ()
    asks: tuple[str, ...] = ()
    confirms: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Evidence, proposal, answer; or missing; or kept back."""
        if self.blocked:
            return "blocked"
        return self.value.kind if self.value else "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How many fields are in each state; ``required`` ones only, or all of them."""

    fields: int
    auto: int
    draft: int
    human: int
    missing: int
    blocked: int

    @property
    def filled(self) -> int:
        """Fields with a value, confirmed or not."""
        return self.auto + self.draft + self.human

    @property
    def share(self) -> float | None:
        """Share that is filled; None if no field is required."""
        return self.filled / self.fields if self.fields else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Filled:
    """A register, filled as far as it honestly can be.

    Parameters
    ----------
    profile : Profile
    entries : tuple of Entry
        One a field, in the order of the standard.
    record_digest : str
    lang : {"es", "pt", "en"}
        Language of our words; the names of fields stay in the standard's.
    voice : Teller
    override : str, optional
        Why a profile that is not verified was published all the same.
    gates : tuple of str
        Blocking limits that failed.
    """

    profile: Profile
    entries: tuple[Entry, ...]
    record_digest: str
    lang: str
    voice: Teller = field(compare=False, repr=False)
    override: str | None = None
    gates: tuple[str, ...] = ()

    def confirmed(self) -> Filled:
        """The same without the proposals that no person has confirmed; they are still owed."""
        left_out = say("the proposal is left out until a person confirms it")
        return replace(self, entries=tuple(
            replace(one, value=None, because=left_out) if one.state == "draft" else one
            for one in self.entries
        ))  # fmt: skip

    def entry(self, name: str) -> Entry | None:
        """The entry of a field by its id."""
        return next((one for one in self.entries if one.field.id == name), None)

    def completeness(self, *, required: bool = True) -> Completeness:
        """Count the fields that every publication must have, or all of them."""
        of = [e for e in self.entries if e.field.required == "yes" or not required]
        n = Counter(one.state for one in of)
        return Completeness(
            fields=len(of), auto=n["auto"], draft=n["draft"], human=n["human"],
            missing=n["missing"], blocked=n["blocked"],
        )  # fmt: skip

    def owed(self) -> dict[str, tuple[Entry, ...]]:
        """Role → what it owes: answers that are required, and proposals to confirm."""
        found: dict[str, tuple[Entry, ...]] = {}
        for one in self.entries:
            if one.owed_by and (one.state != "missing" or one.field.required == "yes"):
                found[one.owed_by] = (*found.get(one.owed_by, ()), one)
        return found


def fill(
    profile: Profile, system: SystemRecord, answers: Answers | None = None, *,
    override: str | None = None,
) -> Filled:  # fmt: skip
    """Fill a profile.

    Parameters
    ----------
    profile : Profile
    system : SystemRecord
        Concepts, those that people answered included.
    answers : Answers, optional
        Answers to single fields of this profile.
    override : str, optional
        Why a profile that is not verified shall be published; it is told in the output.

    Returns
    -------
    Filled

    Raises
    ------
    UsageError
        If the profile is not verified and there is no reason.
    DataError
        If an answer would take the place of evidence.
    """
    _refuse_unverified(profile, override)
    own = answers.fields if answers else {}
    concepts = asked(profile.id)
    entries = tuple(
        _entry(profile, one, concepts.get(one.id, ()), system, own.get(f"{profile.id}/{one.id}"))
        for one in profile.fields
    )
    return Filled(
        profile=profile, entries=entries, record_digest=system.digest, lang=system.voice.lang,
        voice=system.voice, override=override if profile.verified == "no" else None,
        gates=system.gates,
    )  # fmt: skip


def _refuse_unverified(profile: Profile, override: str | None) -> None:
    if profile.verified == "no" and not (override or "").strip():
        msg = (
            f"'{profile.id}' was written from memory and never read at its source, so it is not "
            "published. Give --override with the reason to do so all the same; it will be told in "
            "what is published"
        )
        raise UsageError(msg)


def _entry(
    profile: Profile, one: Field, concepts: tuple[Concept, ...], system: SystemRecord,
    answer: Content | None,
) -> Entry:  # fmt: skip
    found = _evidence(profile, one, concepts, system)
    if answer is not None:
        return _answered(profile, one, found, answer)
    names = tuple(concept.id for concept in concepts)
    asks = _asks(profile, one, names, found, system)
    confirms = tuple(
        name for name in names if found.state == "draft" and _kind_of(system, name) == "draft"
    )
    role = owner(names[0] if names else None, one.source)
    return replace(
        found, owed_by=role if asks or confirms else "", concepts=names, asks=asks,
        confirms=confirms,
    )  # fmt: skip


def _asks(
    profile: Profile, one: Field, names: tuple[str, ...], found: Entry, system: SystemRecord
) -> tuple[str, ...]:
    """Concepts nobody told; or the field itself, where only its own form of an answer helps."""
    missing = tuple(n for n in names if n not in system.values and n != STANDARD_VERSION)
    if found.value is not None:
        return missing
    as_choice = any(concept in CHOSEN for concept in missing)
    if missing and (as_choice or one.kind in ("text", "list", "date")):
        return missing
    return (f"{profile.id}/{one.id}",)


def _kind_of(system: SystemRecord, name: str) -> Fill | None:
    return system.values[name].kind if name in system.values else None


def _answered(profile: Profile, one: Field, found: Entry, answer: Content) -> Entry:
    if answer is True and one.kind != "bool":
        if found.value is None:
            msg = (
                f"expected a proposal to confirm for '{profile.id}/{one.id}'; there is none. "
                "Answer it in words"
            )
            raise DataError(msg)
        answer = found.value.content
    elif found.state == "auto" and not one.source.startswith("human"):
        raise _evidence_is_not_edited(profile, one, found)
    return replace(
        found, value=Value(content=answer, kind="human", source=ANSWERS), because=None,
        blocked=False,
    )  # fmt: skip


def _evidence_is_not_edited(profile: Profile, one: Field, found: Entry) -> DataError:
    where = found.value.source.partition(": ")[2] if found.value else ""
    return DataError(
        f"expected answers to what the evidence does not tell; '{profile.id}/{one.id}' is told by "
        f"the record ({where}), and evidence is not edited. Remove the answer"
    )


def _evidence(
    profile: Profile, one: Field, concepts: tuple[Concept, ...], system: SystemRecord
) -> Entry:
    """What the concepts say of a field, before anybody answers it for this profile."""
    if any(concept.id == STANDARD_VERSION for concept in concepts):
        told = Value(content=_version(profile, one), kind="auto", source=PROFILE)
        return _fitted(one, told)
    known = [(c, system.values[c.id]) for c in concepts if c.id in system.values]
    if not known:
        because = None if one.required == "no" else say("nothing in the evidence tells it")
        return Entry(field=one, value=None, because=because)
    told = _joined(profile, one, known, system.voice)
    missing = [c.id for c in concepts if c.id not in system.values]
    return _fitted(one, told, missing)


def _version(profile: Profile, one: Field) -> str:
    """Version of the standard, in the field's own spelling of it."""
    spelt = (choice for choice in one.choices if profile.version.startswith(choice))
    return next(spelt, profile.version)


def _joined(
    profile: Profile, one: Field, known: list[tuple[Concept, Value]], voice: Teller
) -> Value:
    contents = [_spelt(profile, one, concept, value.content) for concept, value in known]
    kinds = {value.kind for _, value in known}
    kind: Fill = "draft" if "draft" in kinds else "human" if "human" in kinds else "auto"
    sources = "; ".join(dict.fromkeys(value.source for _, value in known))
    if len(contents) == 1:
        return Value(content=contents[0], kind=kind, source=sources)
    if one.kind == "list":
        whole: Content = tuple(part for content in contents for part in _parts(content))
    else:
        named = zip(known, contents, strict=True)
        whole = "\n".join(f"{voice.words(c.text)}: {as_text(told)}" for (c, _), told in named)
    return Value(content=whole, kind=kind, source=sources)


def _spelt(profile: Profile, one: Field, concept: Concept, content: Content) -> Content:
    """A choice that is the same everywhere, in the spelling of this field."""
    return concept.choices.get(str(content), {}).get(f"{profile.id}/{one.id}", content)


def _fitted(one: Field, told: Value, missing: Iterable[str] = ()) -> Entry:
    """Bring what is known into the form of a field; what does not fit is kept back, never cut."""
    try:
        content = fit(one, _shaped(one, told.content))
    except ValueError:
        return _unfit(one, told)
    open_points = ", ".join(missing)
    because = say("still open: {concepts}", concepts=open_points) if open_points else None
    kind: Fill = "draft" if open_points and told.kind == "auto" else told.kind
    value = Value(content=content, kind=kind, source=told.source)
    return Entry(field=one, value=value, because=because)


def _unfit(one: Field, told: Value) -> Entry:
    limit, length = limit_of(one), len(as_text(told.content))
    if one.kind in ("text", "list") and limit and length > limit:
        because = say(
            "field {field} holds at most {limit} characters, and there are {length}; a person "
            "shortens it",
            field=one.id, limit=limit, length=length,
        )  # fmt: skip
        return Entry(field=one, value=None, because=because, blocked=True)
    if one.choices:
        return Entry(field=one, value=None, because=say(
            "a person chooses one of {n} choices of the standard", n=len(one.choices)))  # fmt: skip
    return Entry(field=one, value=None, because=say("what the evidence tells is not of this form"))


def _shaped(one: Field, content: Content) -> Any:
    if one.kind == "list":
        return list(_parts(content))
    if one.kind == "date" and isinstance(content, str):
        return content[:7] if one.extra.get("format") == "YYYY-MM" else content
    return as_text(content) if one.kind == "text" else content


def _parts(content: Content) -> tuple[str, ...]:
    return content if isinstance(content, tuple) else (as_text(content),)


def as_text(content: Content) -> str:
    """Content as one text; a list has one item a line."""
    return "\n".join(content) if isinstance(content, tuple) else str(content)
