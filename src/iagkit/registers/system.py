"""The system record: what is known of a system, concept by concept, and who says so."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.record import FORMAT, Record
from iagkit.registers.answers import Answers, Content
from iagkit.registers.crosswalk import concepts
from iagkit.registers.evidence import data, declared, measured
from iagkit.registers.evidence.reading import Given, Reading
from iagkit.registers.nouns import Fill
from iagkit.registers.telling import Teller

ANSWERS: Final = "answers"
PARTS: Final = (declared, measured, data)
DRAFTED: Final = frozenset({"system.description", "arch.system", "data.personal", "explain.global"})
"""Sentences that are composed, even where evidence alone could fill the concept."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """What a concept or a field holds, and who says so.

    Parameters
    ----------
    content : str, bool, int, float or tuple of str
    kind : {"auto", "draft", "human"}
        Evidence that is copied; a sentence that is proposed; what a person answered.
    source : str
        Digest of the record and the place in it, or ``"answers"``.
    """

    content: Content
    kind: Fill
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SystemRecord:
    """What is known of a system.

    Parameters
    ----------
    values : mapping of str to Value
        Concept → what is known of it; a concept that nobody told is absent.
    digest : str
        Of the sealed record.
    gates : tuple of str
        Blocking limits that failed; said first wherever the system is published.
    voice : Teller
        Language it is told in.
    """

    values: Mapping[str, Value]
    digest: str
    gates: tuple[str, ...]
    voice: Teller

    def __post_init__(self) -> None:
        object.__setattr__(self, "values", MappingProxyType(dict(self.values)))


def from_record(record: Record, answers: Answers | None, voice: Teller) -> SystemRecord:
    """Fill concepts from a sealed record, then from what people answered.

    Parameters
    ----------
    record : Record
        Its seal is not checked here: read it with :func:`iagkit.core.record.read`.
    answers : Answers, optional
    voice : Teller
        Such as ``iagkit.report.voice.Voice("es")``.

    Returns
    -------
    SystemRecord

    Raises
    ------
    IntegrityError
        If the record is of a newer format than this version reads.
    DataError
        If an answer would take the place of evidence.
    """
    _refuse_newer(record)
    read = Reading(record=record, voice=voice)
    found: dict[str, Value] = {}
    for part in PARTS:
        for given in part.given(read):
            if given.content and given.concept not in found:
                found[given.concept] = _value(given, record.digest)
    for name, content in (answers.concepts if answers else {}).items():
        found[name] = _answered(name, content, found.get(name))
    gates = tuple(dict.fromkeys(verdict.check for verdict in record.blocked))
    return SystemRecord(values=found, digest=record.digest, gates=gates, voice=voice)


def _value(given: Given, digest: str) -> Value:
    """Evidence is evidence where a concept can be filled by it; elsewhere it is a proposal."""
    evidence = concepts()[given.concept].fill == "auto" and given.concept not in DRAFTED
    kind: Fill = "auto" if evidence else "draft"
    return Value(content=given.content, kind=kind, source=f"record {digest}: {given.where}")


def _refuse_newer(record: Record) -> None:
    told = str(record.about.get("format", ""))
    name, _, number = told.partition("/")
    known = int(FORMAT.partition("/")[2])
    if name != FORMAT.partition("/")[0] or not number.isdigit() or int(number) > known:
        msg = (
            f"expected a record of the format {FORMAT} or older; got '{told[:40]}'. Install the "
            "version of iagkit that sealed it, or a newer one"
        )
        raise IntegrityError(msg)


def _answered(name: str, content: Content, before: Value | None) -> Value:
    """What a person says takes the place of a proposal, or confirms it; never of evidence."""
    if before is not None and before.kind == "auto":
        where = before.source.partition(": ")[2]
        msg = (
            f"expected answers to what the evidence does not tell; '{name}' is told by the record "
            f"({where}), and evidence is not edited. Remove the answer; run again or amend the "
            "record if it is wrong"
        )
        raise DataError(msg)
    if content is True:
        if before is None:
            msg = (
                f"expected a proposal to confirm for '{name}'; the record proposes nothing. Answer "
                "it in words"
            )
            raise DataError(msg)
        return Value(content=before.content, kind="human", source=f"{ANSWERS}; {before.source}")
    return Value(content=content, kind="human", source=ANSWERS)
