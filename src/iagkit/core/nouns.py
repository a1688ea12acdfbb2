"""The nouns of iagkit: frozen, slotted, keyword-only, and without any dependency."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Literal
from typing import Protocol as Interface

from iagkit.core.errors import DataError, DeclarationError
from iagkit.core.message import Message

Words = Mapping[str, str]
"""One text in several languages: ``{"es": ..., "pt": ..., "en": ...}``."""

Role = Literal[
    "text", "target", "group", "time", "id", "split", "office", "language", "input", "ignore",
    "activity", "start", "resource", "opened", "closed", "due", "status",
]  # fmt: skip
OnFail = Literal["block", "review", "note"]
Result = Literal["pass", "fail", "unknown"]
MISSING = "(missing)"
"""The group of those whose group is not known; counted like any other."""


def _freeze(noun: object, *names: str) -> None:
    for name in names:
        object.__setattr__(noun, name, MappingProxyType(dict(getattr(noun, name))))


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number that never travels alone: its cases, its interval, its unit.

    Parameters
    ----------
    value : float
        The point estimate; finite.
    n : int
        Number of cases behind it.
    low, high : float, optional
        Interval at ``level``; both or neither.
    level : float, optional
        Confidence level of the interval, in (0, 1).
    unit : str
        ``"share"``, ``"days"``, ``"cases"`` ...; spelt out.
    clusters : int, optional
        Number of independent pieces of evidence, where cases repeat one another.
    """

    value: float
    n: int
    low: float | None = None
    high: float | None = None
    level: float | None = None
    unit: str = "share"
    clusters: int | None = None

    def __post_init__(self) -> None:
        numbers = [x for x in (self.value, self.low, self.high) if x is not None]
        if not all(math.isfinite(x) for x in numbers) or self.n < 0:
            msg = f"an estimate needs finite numbers and n >= 0; got {numbers}, n={self.n}"
            raise DataError(msg)
        if (self.low is None) != (self.high is None) or (self.low or 0) > (self.high or 0):
            msg = f"an interval needs low <= high, both or neither; got [{self.low}, {self.high}]"
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fact, or why there is none.

    Parameters
    ----------
    check, question : str
        Name of the check and the question it asks, in English (the catalogues translate it).
    estimate : Estimate or None
        The answer; ``None`` only together with ``because``.
    because : Message, optional
        Why there is no estimate.
    where : mapping of str to str
        Group column → value, or another coordinate (``class``, ``review_share``); empty: overall.
    between : pair of str, optional
        For a gap or ratio: the group with the lowest and the group with the highest value.
    """

    check: str
    question: str
    estimate: Estimate | None = None
    because: Message | None = None
    where: Mapping[str, str] = field(default_factory=dict)
    between: tuple[str, str] | None = None

    def __post_init__(self) -> None:
        _freeze(self, "where")
        if (self.estimate is None) == (self.because is None):
            msg = f"a finding of '{self.check}' needs either an estimate or a reason, not both"
            raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column of a table, as its card declares it."""

    name: str
    role: Role
    description: Words = field(default_factory=dict)
    unit: str | None = None
    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """What everyone should know of a data set before using it (after Gebru et al., 2021)."""

    name: str
    version: str = "0"
    title: Words = field(default_factory=dict)
    description: Words = field(default_factory=dict)
    licence: str = "not stated"
    source: str = "not stated"
    columns: tuple[Column, ...] = ()
    limits: tuple[str | Message, ...] = ()

    def named(self, role: Role) -> tuple[str, ...]:
        """Names of the columns with this role, in the order of the card."""
        return tuple(c.name for c in self.columns if c.role == role)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dataset:
    """A table with its card; ``table`` is any dataframe narwhals knows, or an ``EventLog``.

    Of documents, ``unread`` names those that could not be read, each with its reason.
    """

    card: Card
    table: Any
    sha256: str
    origin: str = ""
    unread: tuple[tuple[str, Message], ...] = ()

    def column(self, role: Role) -> str | None:
        """Name of the one column with this role, if there is one."""
        names = self.card.named(role)
        return names[0] if names else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Protocol:
    """How evidence is gathered: the split, the levels and the checks; hashed into the record."""

    name: str
    version: str = "1"
    split_by: str = "text"
    test_share: float = 0.25
    folds: int = 5
    level: float = 0.95
    coverage: float = 0.9
    review_share: float | None = None
    max_error: float | None = 0.1
    min_group: int = 30
    checks: tuple[str, ...] = ()
    reason: Words = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """A limit on one check, with the reason for it.

    Parameters
    ----------
    check : str
        Name of the check.
    reason : Words
    at_most, at_least : float
        The limit; exactly one of them.
    min_n : int
        With fewer cases the verdict is ``unknown``.
    on_fail : {"block", "review", "note"}
    each : bool
        Hold every group and class against the limit too, not only the whole.
    """

    check: str
    reason: Words
    at_most: float | None = None
    at_least: float | None = None
    min_n: int = 0
    on_fail: OnFail = "review"
    each: bool = False

    def __post_init__(self) -> None:
        if (self.at_most is None) == (self.at_least is None):
            msg = f"gate on '{self.check}' needs one of at_most and at_least; got both or neither"
            raise DeclarationError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """What is acceptable, why, and who answers for having said so."""

    name: str
    version: str
    owner: str
    reason: Words
    gates: tuple[Gate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a gate says of one finding: pass, fail or unknown, and why."""

    check: str
    result: Result
    because: Message
    on_fail: OnFail
    where: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _freeze(self, "where")


@dataclass(frozen=True, slots=True, kw_only=True)
class Prototype:
    """What an institution declares before anything is run."""

    name: str
    version: str
    task: str
    recipe: str
    title: Words
    intended_use: Words
    not_for: Words
    human_role: Mapping[str, Words]
    protocol: Protocol
    policy: Policy
    params: Mapping[str, Any] = field(default_factory=dict)
    taxonomy: Sequence[Mapping[str, Any]] = ()
    jurisdiction: Mapping[str, str] = field(default_factory=dict)
    answers: Mapping[str, Any] = field(default_factory=dict)
    source: str = ""

    def __post_init__(self) -> None:
        _freeze(self, "params", "human_role", "jurisdiction", "answers")


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a recipe hands over: the held-out table and the model as a plain function.

    Parameters
    ----------
    table : dataframe
        One row a held-out case; a recipe documents its columns. Never leaves the run.
    respond : callable
        Inputs → answers; the model as a function.
    model : object
        What ``respond`` was made of; saved by the recipe's own writer.
    evidence : mapping of str to object
        Arrays that checks need beside the table, by name.
    """

    table: Any
    respond: Callable[..., Any]
    model: Any = None
    evidence: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _freeze(self, "evidence")

    def __len__(self) -> int:
        """Return the number of held-out cases."""
        return len(self.table)


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What happened, in memory only."""

    prototype: Prototype
    dataset: Dataset
    outcome: Outcome
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _freeze(self, "facts")


class Check(Interface):
    """A frozen question; calling it is pure."""

    @property
    def name(self) -> str:
        """Name of its findings."""
        ...

    @property
    def question(self) -> str:
        """English, the key of the catalogues."""
        ...

    @property
    def needs(self) -> frozenset[str]:
        """Columns and evidence without which it cannot answer."""
        ...

    def __call__(self, run: Run, /) -> tuple[Finding, ...]:
        """Answer, or say why there is no answer."""
        ...
