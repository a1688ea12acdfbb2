"""Shapes of the files that people write, and of the record that machines read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    HttpUrl,
    StringConstraints,
    model_validator,
)

LANGUAGES = ("en", "es", "pt")
Name = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_.-]{0,79}$")]
Line = Annotated[str, StringConstraints(min_length=1, max_length=4000, strip_whitespace=True)]
Sha256 = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
Share = Annotated[float, Field(ge=0, le=1)]
Level = Annotated[float, Field(gt=0, lt=1)]


def _version(value: Any) -> Any:
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


Version = Annotated[str, BeforeValidator(_version), StringConstraints(min_length=1, max_length=40)]


class Strict(BaseModel):
    """A mapping without unknown keys, that does not change."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


class WordsModel(Strict):
    """One text in the languages of the readers; one of them at least."""

    es: Line | None = None
    pt: Line | None = None
    en: Line | None = None

    @model_validator(mode="after")
    def _one_at_least(self) -> WordsModel:
        if not (self.es or self.pt or self.en):
            msg = "write it in es, pt or en, best in all three"
            raise ValueError(msg)
        return self

    def words(self) -> dict[str, str]:
        """All three languages; one that is not given is told in one that is."""
        given = self.en or self.es or self.pt or ""
        return {"es": self.es or given, "pt": self.pt or self.es or given, "en": given}


class HumanRole(Strict):
    """Who reviews, and how a person contests."""

    reviewer: WordsModel
    appeal: WordsModel
    deadline: WordsModel
    contact: WordsModel


class DataModel(Strict):
    """The table or log a prototype runs on unless told otherwise, and the roles of its columns."""

    source: Line | None = None
    groups: tuple[Line, ...] = ()
    text: Line | None = None
    target: Line | None = None
    time: Line | None = None
    id: Line | None = None
    office: Line | None = None
    language: Line | None = None
    split: Line | None = None
    case_id: Line | None = Field(default=None, description="Of a log, as all that follow.")
    activity: Line | None = None
    timestamp: Line | None = None
    start: Line | None = None
    resource: Line | None = None
    lifecycle: Line | None = None
    instance: Line | None = None
    opened: Line | None = None
    closed: Line | None = None
    due: Line | None = None
    status: Line | None = None
    last: Line | None = None
    last_activity: Line | None = None
    dates: Literal["day-first", "month-first"] | None = None
    zone: Line | None = None
    end_activities: tuple[Line, ...] = ()
    until: Line | None = None
    object_type: Line | None = None


class JurisdictionModel(Strict):
    """Where a system is used; what is left out is unknown."""

    country: Annotated[str, StringConstraints(pattern="^[a-z]{2}$")] | None = Field(
        default=None, description="Two small letters (ISO 3166-1), such as co."
    )
    branch: Literal["executive", "judiciary", "legislature", "local", "autonomous"] | None = None
    impact: Literal["low", "moderate", "high"] | None = None


class PrototypeModel(Strict):
    """``prototype.yaml``."""

    name: Name
    version: Version
    task: Line
    recipe: Line = Field(description="Registered name; never a path to code.")
    title: WordsModel
    intended_use: WordsModel
    not_for: WordsModel
    human_role: HumanRole
    protocol: Line = "baseline"
    policy: Line = "baseline"
    taxonomy: Line | None = None
    jurisdiction: JurisdictionModel = Field(default_factory=JurisdictionModel)
    answers: Line | None = Field(
        default=None, description="File beside this one, of answers to the registers."
    )
    params: dict[str, Any] = Field(default_factory=dict)
    data: DataModel = Field(default_factory=DataModel)


class ProtocolModel(Strict):
    """A protocol file: how evidence is gathered."""

    name: Name
    version: Version = "1"
    reason: WordsModel
    split_by: Line = "text"
    test_share: Annotated[float, Field(ge=0.05, le=0.5)] = 0.25
    folds: Annotated[int, Field(ge=2, le=20)] = 5
    level: Level = 0.95
    coverage: Level = 0.9
    review_share: Share | None = None
    max_error: Share | None = 0.1
    min_group: Annotated[int, Field(ge=1)] = 30
    checks: tuple[Line, ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _capacity_in_place_of_budget(cls, given: Any) -> Any:
        if isinstance(given, dict) and given.get("review_share") is not None:
            return {"max_error": None, **given}
        return given

    @model_validator(mode="after")
    def _one_rule(self) -> ProtocolModel:
        if (self.review_share is None) == (self.max_error is None):
            msg = "give review_share or max_error: one of them decides how many go to a person"
            raise ValueError(msg)
        return self


RunTask = Literal["prototype", "audit", "binary", "multiclass", "multilabel", "regression", "score"]
"""What a run may be of; an audit is one of several, and of scores beside."""


class GateModel(Strict):
    """One limit, with its reason."""

    check: Line
    reason: WordsModel
    tasks: tuple[RunTask, ...] = Field(
        default=(), description="Runs it speaks of; all of them if none is named."
    )
    at_most: float | None = Field(default=None, allow_inf_nan=False)
    at_least: float | None = Field(default=None, allow_inf_nan=False)
    min_n: Annotated[int, Field(ge=0)] = 0
    on_fail: Literal["block", "review", "note"] = "review"
    each: bool = False

    @model_validator(mode="after")
    def _one_limit(self) -> GateModel:
        if (self.at_most is None) == (self.at_least is None):
            msg = "a gate needs one of at_most and at_least"
            raise ValueError(msg)
        return self


class PolicyModel(Strict):
    """A policy file: what is acceptable, why, and who answers for having said so."""

    name: Name
    version: Version
    owner: Line
    reason: WordsModel
    gates: tuple[GateModel, ...] = Field(min_length=1)


class OfficeModel(Strict):
    """An office, or a department of offices."""

    code: Line
    name: WordsModel
    parent: Line | None = None


class TaxonomyModel(Strict):
    """A taxonomy file: the offices, and the departments they belong to."""

    name: Name
    version: Version = "1"
    departments: tuple[OfficeModel, ...] = ()
    offices: tuple[OfficeModel, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _known_parents(self) -> TaxonomyModel:
        codes = [d.code for d in self.departments]
        every = [*codes, *(o.code for o in self.offices)]
        if twice := sorted({code for code in every if every.count(code) > 1}):
            msg = f"every code once; {', '.join(twice)} stands more than once"
            raise ValueError(msg)
        if lost := sorted({o.parent for o in self.offices if o.parent and o.parent not in codes}):
            msg = f"the parent of an office must be a department; {', '.join(lost)} is not"
            raise ValueError(msg)
        return self


Role = Literal[
    "text", "target", "group", "time", "id", "split", "office", "language", "input", "ignore",
    "activity", "start", "resource", "opened", "closed", "due", "status",
]  # fmt: skip


class ColumnModel(Strict):
    """One column of a card."""

    name: Line
    role: Role = "ignore"
    description: WordsModel | None = None
    unit: Line | None = None
    sensitive: bool = False


Format = Literal["csv", "parquet", "jsonl", "xlsx", "csv without header", "space separated",
                 "conll", "xes.gz"]  # fmt: skip


class CardModel(Strict):
    """``card.yaml``: what everyone should know of a data set before using it."""

    name: Name
    version: Version = "1"
    title: WordsModel
    description: WordsModel
    licence: Line
    source: Line
    columns: tuple[ColumnModel, ...] = ()
    limits: tuple[Line, ...] = ()
    personal_data: Line | None = None


def _inside(value: str) -> str:
    parts = value.split("/")
    if value.startswith("/") or "\\" in value or any(part in ("", ".", "..") for part in parts):
        msg = "a relative path inside the mirror, with '/' and without '..'"
        raise ValueError(msg)
    return value


Inside = Annotated[Line, AfterValidator(_inside)]


class FileModel(Strict):
    """One file of a data set, pinned by its digest."""

    file: Annotated[Name, Field(description="Name it gets where it is fetched to.")]
    bytes: Annotated[int, Field(gt=0)]
    sha256: Sha256
    format: Format
    url: HttpUrl | None = None
    mirror: Inside | None = Field(default=None, description="Path inside a mirror.")
    shipped: bool = Field(default=False, description="Stands beside the manifest.")
    derived_from: Line | None = None
    rows: Annotated[int, Field(gt=0)] | None = None

    @model_validator(mode="after")
    def _has_an_origin(self) -> FileModel:
        if not (self.url or self.mirror or self.shipped):
            msg = "a file needs a url, a mirror path, or shipped: true"
            raise ValueError(msg)
        if self.url is None and not self.shipped and not self.derived_from:
            msg = "a file without url needs derived_from: where its content comes from"
            raise ValueError(msg)
        return self


class ManifestModel(Strict):
    """``manifest.yaml``: where the bytes are, and which bytes they must be."""

    name: Name
    version: Version = "1"
    licence: Line
    files: tuple[FileModel, ...] = Field(min_length=1)


class EstimateModel(Strict):
    """A number with its cases and its interval."""

    value: float
    n: Annotated[int, Field(ge=0)]
    low: float | None = None
    high: float | None = None
    level: float | None = None
    unit: str
    clusters: int | None = None


class SentenceModel(Strict):
    """The English template of a sentence, and what fills it."""

    template: str
    values: Mapping[str, str | int | float | bool | None]


class FindingModel(Strict):
    """A fact, or why there is none."""

    check: str
    question: str
    where: Mapping[str, str]
    estimate: EstimateModel | None = None
    because: str | None = None
    because_of: SentenceModel | None = None
    between: tuple[str, str] | None = None


class VerdictModel(Strict):
    """What a gate says of one finding."""

    check: str
    result: Literal["pass", "fail", "unknown"]
    on_fail: Literal["block", "review", "note"]
    where: Mapping[str, str]
    because: str
    because_of: SentenceModel | None = None


class SealModel(Strict):
    """Digests of the sections, of them all, of their text, and of the last amendment."""

    digest: Sha256
    sections: Mapping[str, Sha256]
    text: Sha256 | None = None
    amendments: Annotated[int, Field(ge=0)] | None = None
    head: Sha256 | None = None


class RecordModel(Strict):
    """``record.json``."""

    about: Mapping[str, str]
    dataset: Mapping[str, Any]
    prototype: Mapping[str, Any]
    run: Mapping[str, Any]
    findings: tuple[FindingModel, ...]
    verdicts: tuple[VerdictModel, ...]
    artifacts: Mapping[str, Sha256]
    amendments: tuple[Mapping[str, str], ...]
    seal: SealModel
