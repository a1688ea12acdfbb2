"""Files of registers: profiles, crosswalk, schemas; what is shipped, or an institution's own."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, StringConstraints, ValidationError, model_validator

from iagkit.core.errors import DeclarationError
from iagkit.wire import files, yamls
from iagkit.wire.mistakes import why
from iagkit.wire.models import Line, Name, Strict, WordsModel

Text = Annotated[str, StringConstraints(min_length=1, max_length=8000, strip_whitespace=True)]
Flag = Literal["yes", "no", "conditional", "if_applicable"]
Verified = Literal["yes", "partial", "no"]
Kind = Literal["text", "bool", "choice", "number", "date", "list"]
Fill = Literal["auto", "draft", "human"]


def _flag(value: Any) -> Any:
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


class ChoiceModel(Strict):
    """A choice with the points that its questionnaire gives it."""

    value: Line
    label: Text
    points: int | float | None = None


class FieldModel(Strict):
    """One field of a profile; names are the standard's own, descriptions ours."""

    id: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    name: Text
    section: Text
    required: Annotated[Flag, BeforeValidator(_flag)]
    type: Kind
    description: Text
    auto_source: Text
    choices: tuple[Line | ChoiceModel, ...] = ()
    choice_short: tuple[Line, ...] = ()
    choices_verified: bool | Line | None = None
    condition: Text | None = None
    visible_if: tuple[Text, ...] = ()
    max_length: Annotated[int, Field(gt=0)] | None = None
    schema_max: Annotated[int, Field(gt=0)] | None = None
    schema_id: Line | None = None
    schema_required: bool | None = None
    format: Literal["url", "email", "file", "YYYY-MM"] | None = None
    tier: Line | None = None
    attribute: Line | None = None
    num_verified: bool | None = None
    new_in: Line | None = None
    deleted_by: Line | None = None
    restricted_omits: bool | None = None
    v2: Line | None = None
    v3: Line | None = None
    hf: Line | None = None
    mct: Line | None = None
    cdx: Line | None = None
    stage: Line | None = None
    phase: Line | None = None
    anomaly: Text | None = None
    score_kind: Line | None = None
    max_points: int | float | None = None
    points: dict[str, float] | None = None


class ProfileModel(Strict):
    """``audits/registers/profiles/*.yaml``: what one register or assessment asks for."""

    id: Name
    title: Line
    issuer: Line
    jurisdiction: Line
    version: Line
    date: Line
    source: tuple[Text, ...] = Field(min_length=1)
    licence: Line
    verified: Annotated[Verified, BeforeValidator(_flag)]
    verified_note: Text | None = None
    notes: tuple[Text, ...] = ()
    rules: tuple[Text, ...] = ()
    advice: Text | None = None
    predecessor: Text | None = None
    legal_basis: tuple[Text, ...] = ()
    choices_note: Text | None = None
    validator: Text | None = None
    machine_schema: Line | None = None
    machine_schemas: tuple[Line, ...] = ()
    annex_iii_areas: tuple[Text, ...] = ()
    counts: dict[str, int] | None = None
    data: dict[str, Any] | None = None
    files: dict[str, Any] | None = None
    scoring: dict[str, Any] | None = None
    scored_questions: int | None = None
    raw_max: int | None = None
    mitigation_max_per_phase: int | None = None
    requirements_by_level: tuple[Any, ...] = ()
    auto_fillable_scored_questions: tuple[Any, ...] = ()
    field_count: Annotated[int, Field(gt=0)]
    fields: tuple[FieldModel, ...] = Field(min_length=1)

    @model_validator(mode="after")
    def _counted_once(self) -> ProfileModel:
        ids = [one.id for one in self.fields]
        if twice := sorted({i for i in ids if ids.count(i) > 1}):
            msg = f"every field once; {', '.join(twice)} stands more than once"
            raise ValueError(msg)
        if self.field_count != len(ids):
            msg = f"field_count says {self.field_count}, and there are {len(ids)} fields"
            raise ValueError(msg)
        return self


class FrameworkModel(Strict):
    """One law, recommendation or standard of ``audits/registers/frameworks.yaml``."""

    id: Line
    country: Line
    instrument: Line
    type: Line
    year: int
    status: Line
    obligations: Text
    source: tuple[Text, ...] = Field(min_length=1)
    verified: Annotated[Verified, BeforeValidator(_flag)]
    note: Text | None = None
    record_profiles: tuple[Name, ...] = ()


class FrameworkWordsModel(Strict):
    """What an entry says, in the languages that ``frameworks.yaml`` is not written in."""

    obligations: WordsModel
    status: WordsModel


class ConceptModel(Strict):
    """What is asked once for all registers: in three languages, and what an answer is."""

    text: WordsModel
    type: Kind = "text"
    choices: dict[str, dict[str, Line]] = Field(
        default={}, description="Answer → 'profile/field' → the value it is there."
    )


class ConceptsModel(Strict):
    """``audits/registers/concepts.yaml``."""

    concepts: dict[str, ConceptModel] = Field(min_length=1)


def profile(name: str | Path) -> ProfileModel:
    """Read a profile by name, or an institution's own by path.

    Raises
    ------
    DeclarationError
        If there is none, or it is not valid; the likely name is told.
    """
    found = files.locate("profiles", name)
    return _profile(found.path.resolve(), found.place in ("shipped", "checkout"))


def profile_names() -> tuple[str, ...]:
    """Names of the profiles that can be found, sorted."""
    return files.names("profiles")


@cache
def _profile(path: Path, ours: bool) -> ProfileModel:
    try:
        return ProfileModel.model_validate(yamls.shipped(path) if ours else yamls.read(path))
    except ValidationError as error:
        msg = f"'{path.name}' is not a valid profile: {why(error, ProfileModel)}"
        raise DeclarationError(msg) from None


@cache
def crosswalk() -> tuple[dict[str, str], ...]:
    """Rows of the crosswalk: concept, who fills it, and its fields in each profile."""
    content = files.shipped("audits/registers/crosswalk.csv").read_text(encoding="utf-8")
    return tuple(csv.DictReader(io.StringIO(content)))


@cache
def concepts() -> dict[str, ConceptModel]:
    """The concepts of the crosswalk in words, by id."""
    path = files.shipped("audits/registers/concepts.yaml")
    return dict(ConceptsModel.model_validate(yamls.shipped(path)).concepts)


@cache
def frameworks() -> tuple[FrameworkModel, ...]:
    """Laws, recommendations and standards that ask for transparency, in the order of the file."""
    path = files.shipped("audits/registers/frameworks.yaml")
    return tuple(FrameworkModel.model_validate(one) for one in yamls.shipped(path)["entries"])


@cache
def framework_words() -> Mapping[str, FrameworkWordsModel]:
    """Their obligations and status in Spanish and Portuguese, by the id of the entry."""
    told = yamls.shipped(files.shipped("audits/registers/frameworks-words.yaml"))
    return {name: FrameworkWordsModel.model_validate(words) for name, words in told.items()}


def reference(inside: str) -> bytes:
    """Bytes of another shipped file of registers, such as ``"schemas/spdx.schema.json"``."""
    return files.shipped(f"audits/registers/{inside}").read_bytes()
