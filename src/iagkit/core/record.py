"""Sealed evidence: what was found, by which protocol, judged by which policy."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any

from iagkit.core.canonical import digest, plain
from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.judge import blocked_by, unproven
from iagkit.core.message import Message
from iagkit.core.nouns import Estimate, Finding, Run, Verdict

FORMAT = "iagkit-record/1"
SECTIONS = ("about", "dataset", "prototype", "run", "findings", "verdicts", "artifacts")


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
        return digest(self.seals())

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
            self._seals.update({name: digest(told) for name, told in self.body().items()})
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
        remark = {"author": author, "reason": reason, "at": at, "follows": self.head}
        return replace(self, amendments=(*self.amendments, {**remark, "digest": digest(remark)}))

    @property
    def head(self) -> str:
        """Digest of the last amendment, or of the record if there is none."""
        return self.amendments[-1]["digest"] if self.amendments else self.digest

    def to_bytes(self) -> bytes:
        """Return the file ``record.json``: readable, and always the same for the same record."""
        seals = {"digest": self.digest, "sections": self.seals()}
        whole = {**self.body(), "amendments": plain(self.amendments), "seal": seals}
        text = json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False, allow_nan=False)
        return text.encode() + b"\n"


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
            **to_json(declared),
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


def _fields(value: Any) -> dict[str, Any]:
    row = {f.name: to_json(getattr(value, f.name)) for f in fields(value)}
    if isinstance(message := getattr(value, "because", None), Message):
        row["because_of"] = {"template": message.template, "values": plain(message.values)}
    return {k: v for k, v in row.items() if v is not None}


def read(content: bytes) -> Record:
    """Read ``record.json`` and check that every byte is the sealed one.

    Raises
    ------
    IntegrityError
        If a byte was changed, naming the section it stands in.
    """
    whole = _parse(content)
    if broken := _broken(whole):
        msg = (
            f"the record was changed after sealing: {', '.join(broken)}. Expected the bytes that "
            "were sealed; ask the institution that published it for the original"
        )
        raise IntegrityError(msg)
    record = _from_json(whole)
    if (at := _first_difference(content, record.to_bytes())) is not None:
        line = content.count(b"\n", 0, at) + 1
        msg = (
            f"byte {at} (line {line}) differs from the sealed file, although its content says the "
            "same; it was edited or re-formatted. Ask for the original file"
        )
        raise IntegrityError(msg)
    return record


def _parse(content: bytes) -> dict[str, Any]:
    try:
        whole = json.loads(content)
    except (UnicodeDecodeError, json.JSONDecodeError) as error:
        msg = f"expected the JSON of a sealed record; it cannot be read: {_where(error)}"
        raise IntegrityError(msg) from None
    if not isinstance(whole, dict) or not {*SECTIONS, "seal", "amendments"} <= set(whole):
        msg = "expected a sealed record with the sections " + ", ".join(SECTIONS)
        raise IntegrityError(msg)
    return whole


def _where(error: UnicodeDecodeError | json.JSONDecodeError) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"{error.msg} at line {error.lineno}, column {error.colno}"
    return f"byte {error.start} is not UTF-8"


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


def _broken(whole: Mapping[str, Any]) -> list[str]:
    told: dict[str, Any] = whole["seal"] if isinstance(whole["seal"], dict) else {}
    named = told.get("sections")
    sections: dict[str, Any] = named if isinstance(named, dict) else {}
    now = {name: digest(whole[name]) for name in SECTIONS}
    broken = [f"section '{name}'" for name in SECTIONS if sections.get(name) != now[name]]
    if not broken and told.get("digest") != digest(now):
        broken.append("the digest itself")
    return broken + _broken_amendments(whole["amendments"], digest(now))


def _broken_amendments(amendments: Any, follows: str) -> list[str]:
    if not isinstance(amendments, list) or not all(isinstance(r, dict) for r in amendments):
        return ["section 'amendments'"]
    broken = []
    for number, remark in enumerate(amendments, start=1):
        rest = {k: v for k, v in remark.items() if k != "digest"}
        if rest.get("follows") != follows or digest(rest) != remark.get("digest"):
            broken.append(f"amendment {number}")
        follows = str(remark.get("digest"))
    return broken


def _first_difference(a: bytes, b: bytes) -> int | None:
    if a == b:
        return None
    shared = (i for i, (x, y) in enumerate(zip(a, b, strict=False)) if x != y)
    return next(shared, min(len(a), len(b)))
