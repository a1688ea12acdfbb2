"""Sealed evidence: what was found, by which protocol, judged by which policy."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, Final

from iagkit.core import chain
from iagkit.core.canonical import digest, digest_1, plain
from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.judge import blocked_by, unproven
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Run, Verdict

FORMAT: Final = "iagkit-record/2"
BEFORE: Final = "iagkit-record/1"
"""Its digests are of another canonical form; its records are read, and verify, as they did."""
SECTIONS = ("about", "dataset", "prototype", "run", "findings", "verdicts", "artifacts")
VOLATILE: Final = (("about", "sealed_at"), ("run", "started"), ("run", "seconds"))
"""What may differ between two runs of the same data, declaration and seed: time, and no more."""

UNTOLD: Final = ("jurisdiction", "answers")
"""Declared of a system by some institutions; a record of the others says nothing of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Everything that may be published of a run; no field can hold an input row.

    Parameters
    ----------
    about : mapping
        Format, version of iagkit, time of sealing (UTC).
    dataset, prototype, run : mapping
        The card without its table; the declaration with protocol and policy and their
        digests; the facts of the run.
    findings, verdicts : tuple
    artifacts : mapping of str to str
        File name → SHA-256 of what was written beside the record.
    amendments : tuple of mapping
        Remarks after sealing, each with author, reason, time and the digest it follows.
    """

    about: Mapping[str, Any]
    dataset: Mapping[str, Any]
    prototype: Mapping[str, Any]
    run: Mapping[str, Any]
    findings: tuple[Finding, ...]
    verdicts: tuple[Verdict, ...]
    artifacts: Mapping[str, str] = field(default_factory=dict)
    amendments: tuple[Mapping[str, str], ...] = ()
    _seals: dict[str, str] = field(default_factory=dict, init=False, repr=False, compare=False)

    @property
    def digest(self) -> str:
        """SHA-256 over the digests of all sections: changes if any of them does."""
        return self.digest_of(self.seals())

    @property
    def digest_of(self) -> chain.Digest:
        """How this record's format makes digests; what states no format has that of now."""
        return digest_1 if self.about.get("format") == BEFORE else digest

    @property
    def blocked(self) -> tuple[Verdict, ...]:
        """Blocking gates that failed."""
        return blocked_by(self.verdicts)

    @property
    def unproven(self) -> tuple[Verdict, ...]:
        """Blocking gates that did not pass, failed or unknown."""
        return unproven(self.verdicts)

    def find(self, check: str, **where: str) -> Finding | None:
        """First finding of this check with exactly this ``where``."""
        same = (f for f in self.findings if f.check == check and dict(f.where) == where)
        return next(same, None)

    def select(self, check: str) -> tuple[Finding, ...]:
        """All findings of this check."""
        return tuple(f for f in self.findings if f.check == check)

    def body(self) -> dict[str, Any]:
        """Return the sealed sections as plain JSON."""
        return {name: to_json(getattr(self, name)) for name in SECTIONS}

    def seals(self) -> dict[str, str]:
        """Digest of each section, computed once: each page of a report tells it."""
        if not self._seals:
            of = self.digest_of
            self._seals.update({name: of(told) for name, told in self.body().items()})
        return dict(self._seals)

    def amend(self, *, author: str, reason: str, at: str) -> Record:
        """Add a remark; what was sealed stays as it is.

        Raises
        ------
        DataError
            If author or reason is empty.
        """
        if not author.strip() or not reason.strip():
            msg = "an amendment needs an author and a reason; one of them is empty"
            raise DataError(msg)
        remark = {"author": author, "reason": reason, "at": at}
        linked = chain.link(remark, self.head, self.digest_of)
        return replace(self, amendments=(*self.amendments, linked))

    @property
    def head(self) -> str:
        """Digest of the last amendment, or of the record if there is none."""
        return self.amendments[-1]["digest"] if self.amendments else self.digest

    def steady(self) -> dict[str, Any]:
        """Return what must be the same whenever the same is run with the same seed."""
        body = self.body()
        for section, name in VOLATILE:
            body[section].pop(name, None)
        return body

    def to_bytes(self) -> bytes:
        """Return the file ``record.json``: readable, and always the same for the same record."""
        body = self.body()
        seals: dict[str, Any] = {"digest": self.digest, "sections": self.seals()}
        if self.digest_of is digest:
            seals |= {"text": _sha256(_text(body)), "amendments": len(self.amendments)}
            seals["head"] = self.head
        return _text({**body, "amendments": plain(self.amendments), "seal": seals})


def _text(value: Any) -> bytes:
    text = json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
    return text.encode() + b"\n"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def seal(
    run: Run,
    findings: Sequence[Finding],
    verdicts: Sequence[Verdict],
    *,
    about: Mapping[str, str],
    artifacts: Mapping[str, str] | None = None,
) -> Record:
    """Close a run: everything publishable of it, and nothing else."""
    card, declared = run.dataset.card, run.prototype
    return Record(
        about={"format": FORMAT, **about},
        dataset={**to_json(card), "sha256": run.dataset.sha256, "origin": run.dataset.origin},
        prototype={
            **{k: v for k, v in to_json(declared).items() if v or k not in UNTOLD},
            "protocol_sha256": digest(to_json(declared.protocol)),
            "policy_sha256": digest(to_json(declared.policy)),
        },
        run=plain(run.facts),
        findings=tuple(findings),
        verdicts=tuple(verdicts),
        artifacts=dict(artifacts or {}),
    )


def to_json(value: Any) -> Any:
    """Nouns → plain JSON; a message becomes its text, and beside it what it is made of."""
    if isinstance(value, Message):
        return str(value)
    if is_dataclass(value) and not isinstance(value, type):
        return _fields(value)
    if isinstance(value, Mapping):
        return {str(k): to_json(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [to_json(v) for v in value]
    return value


def _made_of(message: Message) -> dict[str, Any]:
    return {"template": message.template, "values": plain(message.values)}


def _fields(value: Any) -> dict[str, Any]:
    row = {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(message := getattr(value, "because", None), Message):
        row["because_of"] = _made_of(message)
    limits = getattr(value, "limits", ())
    if any(isinstance(one, Message) for one in limits):
        row["limits_of"] = [_made_of(one) if isinstance(one, Message) else None for one in limits]
    return {k: v for k, v in row.items() if v is not None}


def read(content: bytes) -> Record:
    """Read ``record.json`` and check that every byte is the sealed one.

    Raises
    ------
    IntegrityError
        If a byte was changed, naming the section or remark it stands in; or if a newer iagkit
        wrote it.
    """
    whole = _parse(content)
    of = _digest_of(whole)
    if broken := _broken(whole, of):
        msg = (
            f"the record was changed after sealing: {', '.join(map(str, broken))}. Expected the "
            "bytes that were sealed; ask the institution that published it for the original"
        )
        raise IntegrityError(msg, broken)
    record = _from_json(whole)
    if record.body() == {name: whole[name] for name in SECTIONS}:
        seals = whole["seal"]["sections"]  # they were compared just now
        record._seals.update({name: seals[name] for name in SECTIONS})
    if (at := _first_difference(content, record.to_bytes())) is not None:
        line = content.count(b"\n", 0, at) + 1
        what = say("byte {at} (line {line}) differs from the sealed file", at=at, line=line)
        msg = (
            f"{what}, although its content says the same; it was edited or re-formatted. Ask for "
            "the original file"
        )
        raise IntegrityError(msg, (what,))
    return record


def _parse(content: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(
            content.decode(), object_pairs_hook=_unique, parse_constant=_refuse_constant
        )
    except (ValueError, RecursionError) as error:
        msg = f"expected the JSON of a sealed record; it cannot be read: {_where(error)}"
        raise IntegrityError(msg, (say("it is not the JSON of a sealed record"),)) from None
    if not isinstance(whole, dict) or not {*SECTIONS, "seal", "amendments"} <= set(whole):
        msg = "expected a sealed record with the sections " + ", ".join(SECTIONS)
        raise IntegrityError(msg, (say("it is not the JSON of a sealed record"),))
    return whole


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    told = dict(pairs)
    if len(told) < len(pairs):
        msg = "a name is told twice, so that two readers could read two records"
        raise ValueError(msg)
    return told


def _refuse_constant(_: str) -> None:
    msg = "a number is not finite"
    raise ValueError(msg)


def _where(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8"
    return "it is nested too deeply" if isinstance(error, RecursionError) else str(error)


def _digest_of(whole: Mapping[str, Any]) -> chain.Digest:
    about = whole["about"]
    told = about.get("format") if isinstance(about, dict) else None
    known = {FORMAT: digest, BEFORE: digest_1}
    if not isinstance(told, str) or told not in known:
        shown = told[:40] if isinstance(told, str) else "none"
        what = say("its format is {format}, which this iagkit does not read", format=shown)
        msg = (
            f"expected a record of format {BEFORE} or {FORMAT}; got {shown}. If a newer iagkit "
            "wrote it, read it with that one; otherwise it was changed after sealing"
        )
        raise IntegrityError(msg, (what,))
    return known[told]


def _from_json(whole: Mapping[str, Any]) -> Record:
    try:
        return Record(
            **{name: whole[name] for name in SECTIONS if name not in ("findings", "verdicts")},
            findings=tuple(_finding(row) for row in whole["findings"]),
            verdicts=tuple(_verdict(row) for row in whole["verdicts"]),
            amendments=tuple(whole["amendments"]),
        )
    except (DataError, KeyError, TypeError, AttributeError, ValueError, IndexError) as error:
        msg = f"the record was changed after sealing: a finding or verdict is not valid ({error})"
        raise IntegrityError(msg) from None


def _finding(row: Mapping[str, Any]) -> Finding:
    estimate, between = row.get("estimate"), row.get("between")
    return Finding(
        check=row["check"],
        question=row["question"],
        estimate=Estimate(**estimate) if estimate is not None else None,
        because=_message(row),
        where=row["where"],
        between=(between[0], between[1]) if between else None,
    )


def _verdict(row: Mapping[str, Any]) -> Verdict:
    because = _message(row) or Message(row["because"])
    return Verdict(
        check=row["check"],
        result=row["result"],
        because=because,
        on_fail=row["on_fail"],
        where=row["where"],
    )


def _message(row: Mapping[str, Any]) -> Message | None:
    parts = row.get("because_of")
    return Message(parts["template"], parts["values"]) if parts else None


def _broken(whole: Mapping[str, Any], of: chain.Digest) -> tuple[Message, ...]:
    told: dict[str, Any] = whole["seal"] if isinstance(whole["seal"], dict) else {}
    named = told.get("sections")
    sections: dict[str, Any] = named if isinstance(named, dict) else {}
    try:
        now = {name: of(whole[name]) for name in SECTIONS}
        broken = [
            say("section '{name}' was changed after sealing", name=name)
            for name in SECTIONS
            if sections.get(name) != now[name]
        ]
        if not broken and told.get("digest") != of(now):
            broken.append(say("the digest itself was changed"))
        sealed = str(told.get("digest")) if broken else of(now)
        links = chain.broken(whole["amendments"], sealed, of)
    except DataError as error:
        msg = f"the record was changed after sealing: {error}"
        raise IntegrityError(msg) from None
    return (*broken, *(links or _lost(whole["amendments"], told, of)))


def _lost(amendments: Any, seals: Mapping[str, Any], of: chain.Digest) -> tuple[Message, ...]:
    """Compare the number of remarks with the one in the seal, which format 1 did not tell."""
    told = seals.get("amendments")
    if of is digest_1 or told == len(amendments):
        return ()
    return (
        say("{n} amendment(s) are here; the seal tells of {told}", n=len(amendments), told=told),
    )


def _first_difference(a: bytes, b: bytes) -> int | None:
    if a == b:
        return None
    shared = (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    return next(shared, min(len(a), len(b)))
