"""A folder of sealed records → the systems of a register, and what is not published and why."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from iagkit.core.errors import IagkitError, IntegrityError
from iagkit.core.message import Message, say
from iagkit.core.record import Record
from iagkit.flow.attesting import ENVELOPE
from iagkit.flow.proving import inspect, refuse_changed
from iagkit.flow.publishing import read_answers, system_record
from iagkit.flow.running import RECORD
from iagkit.registers.answers import Answers
from iagkit.registers.filling import fill
from iagkit.registers.profiles import load_profile

ANSWERS: Final = "answers.yaml"
INSTITUTION: Final = "org.name"

Reason = tuple[Message, ...] | str
"""Sentences that can be told in another language; or, where there are none, English."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """A record that verifies, and what stands beside it.

    Parameters
    ----------
    record : Record
    content : bytes
        Of ``record.json``.
    answers : Answers or None
    signature : bytes or None
        Envelope beside the record, if it was signed.
    signed_by : str
        Key that the signature was checked with; empty if it was not.
    """

    record: Record
    content: bytes
    answers: Answers | None = None
    signature: bytes | None = None
    signed_by: str = ""

    @property
    def at(self) -> str:
        """Time of sealing; empty if the record does not tell it."""
        return str(self.record.about.get("sealed_at") or "")

    @property
    def said_by(self) -> str:
        """Institution that the answers name; empty if they name none."""
        told = self.answers.concepts.get(INSTITUTION) if self.answers else None
        return " ".join(told.split()) if isinstance(told, str) else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class System:
    """One system of an institution, in all its versions, newest first."""

    id: str
    institution: str
    versions: tuple[Version, ...]

    @property
    def newest(self) -> Version:
        """What the pages tell."""
        return self.versions[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Systems by id; records that are not published; records of which there is a later state.

    Parameters
    ----------
    systems : tuple of System
    refused, older : mapping of str to Reason
        File, as it stands below the folder → why.
    """

    systems: tuple[System, ...]
    refused: Mapping[str, Reason]
    older: Mapping[str, Reason]


def found(
    folder: Path, *, leave: Path, institution: str = "", public_key: Path | None = None
) -> Found:
    """Read every record below a folder.

    Parameters
    ----------
    folder : Path
    leave : Path
        Folder that is not looked into: the site itself may stand among the records.
    institution : str
        Whose records they are, if their answers do not say so.
    public_key : Path, optional
        With it, only records that are signed with this key are published.
    """
    read: dict[str, Version] = {}
    refused: dict[str, Reason] = {}
    inside = leave.resolve()
    for path in sorted(folder.rglob(RECORD)):
        if inside in path.resolve().parents:
            continue
        name = path.relative_to(folder).as_posix()
        try:
            read[name] = _version(path, public_key)
        except IagkitError as error:
            refused[name] = error.changed if isinstance(error, IntegrityError) else ""
            refused[name] = refused[name] or str(error)
    kept, forked, older = _one_of_each(read)
    systems = tuple(_systems(kept, institution))
    return Found(systems=systems, refused=dict(sorted({**refused, **forked}.items())), older=older)


def _version(path: Path, public_key: Path | None) -> Version:
    proof = inspect(path, public_key=public_key, pages=False)
    refuse_changed(proof)
    assert proof.record is not None  # what cannot be read was refused
    answers = path.with_name(ANSWERS)
    given = read_answers(answers) if answers.is_file() else None
    if given is not None:
        _refuse_contradictions(proof.record, given)
    envelope = path.with_name(ENVELOPE)
    return Version(
        record=proof.record, content=path.read_bytes(), answers=given, signed_by=proof.signed_by,
        signature=envelope.read_bytes() if envelope.is_file() else None,
    )  # fmt: skip


def _refuse_contradictions(record: Record, given: Answers) -> None:
    """Answers in the place of evidence are refused where they are used: use them all once."""
    system = system_record(record, given, "en")
    for profile in sorted({field.partition("/")[0] for field in given.fields}):
        fill(load_profile(profile), system, given, override="nothing of it is published here")


def _one_of_each(
    read: Mapping[str, Version],
) -> tuple[list[Version], dict[str, Reason], dict[str, Reason]]:
    """Of states of one record keep the one whose remarks extend all others; a fork is refused."""
    same: dict[tuple[str, str], list[str]] = {}
    for name, one in read.items():
        same.setdefault((one.record.digest, _folded(one.said_by)), []).append(name)
    kept, forked, older = [], dict[str, Reason](), dict[str, Reason]()
    for names in same.values():
        longest = max(names, key=lambda name: len(read[name].record.amendments))
        remarks = read[longest].record.amendments
        parted = [name for name in names if not _extends(remarks, read[name].record.amendments)]
        if parted:
            forked |= {name: (_fork(name, parted[0], longest, read),) for name in names}
            continue
        kept.append(_with_answers(read[longest], [read[name] for name in names]))
        for name in names:
            if (n := len(read[name].record.amendments)) < len(remarks):
                older[name] = (say(
                    "it has {n} amendments; '{other}' is the same record with {m}, and is "
                    "published", n=n, other=longest, m=len(remarks)),)  # fmt: skip
    return kept, forked, older


def _extends(longer: Sequence[Mapping[str, str]], shorter: Sequence[Mapping[str, str]]) -> bool:
    return [one["digest"] for one in longer[: len(shorter)]] == [one["digest"] for one in shorter]


def _fork(name: str, parted: str, longest: str, read: Mapping[str, Version]) -> Message:
    pair = read[parted].record.amendments, read[longest].record.amendments
    shared = sum(1 for _ in _same(*pair))
    other = longest if name != longest else parted
    return say(
        "it and '{other}' are the same record with amendments that part after the first {n}: only "
        "one of them can be the true one; take the other away", other=other, n=shared,
    )  # fmt: skip


def _same(a: Sequence[Mapping[str, str]], b: Sequence[Mapping[str, str]]) -> Iterator[str]:
    for one, other in zip(a, b, strict=False):
        if one["digest"] != other["digest"]:
            return
        yield one["digest"]


def _with_answers(one: Version, copies: Sequence[Version]) -> Version:
    given = one.answers or next((copy.answers for copy in copies if copy.answers), None)
    return replace(one, answers=given)


def _systems(kept: Sequence[Version], institution: str) -> Iterator[System]:
    told = {_folded(one.said_by): one.said_by for one in kept if one.said_by}
    ours = institution or (next(iter(told.values())) if len(told) == 1 else "")
    groups: dict[tuple[str, str], list[Version]] = {}
    for one in sorted(kept, key=lambda one: (one.at, one.record.digest), reverse=True):
        whose = _folded(one.said_by) or _folded(ours)
        groups.setdefault((whose, _name(one.record)), []).append(one)
    named = {_folded(ours): ours, **told}
    for whose, name in sorted(groups):
        own = file_name(name if whose == _folded(ours) else f"{name}/{whose}")
        yield System(id=own, institution=named.get(whose, ""), versions=tuple(groups[whose, name]))


def _name(record: Record) -> str:
    """Name of a system; what iagkit itself declares, such as an audit, is named by its data."""
    declared = record.prototype
    name = str(declared.get("name") or "")
    return name if declared.get("recipe") != name else f"{name} {record.dataset.get('name', '')}"


def _folded(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).casefold().split())


def file_name(name: str) -> str:
    """A name that is safe in a path, and another one for every other name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    safe = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    if safe == name:
        return safe
    return f"{safe or 'system'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"
