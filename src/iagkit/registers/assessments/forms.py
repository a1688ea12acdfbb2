"""The questionnaires that can be asked: Canada's AIA, GobLab's tool, and every register."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import say
from iagkit.core.registry import did_you_mean
from iagkit.registers import answers as shared
from iagkit.registers.assessments import canada, goblab
from iagkit.registers.assessments.questionnaire import YES_NO, Ask, Kind, MisfitError, Questionnaire
from iagkit.registers.assessments.survey import SELECTS, Question, Survey
from iagkit.registers.assessments.survey import canada as official
from iagkit.registers.crosswalk import concepts
from iagkit.registers.nouns import Concept
from iagkit.registers.profiles import load_profile, profile_names
from iagkit.wire import register_files

CANADA: Final = "canada-aia"
ALL: Final = "all"
SCORED: Final = (CANADA, goblab.NAME)
_TAG: Final = re.compile(r"<[^>]+>")


class CanadaForm:
    """The official survey, in its official wording."""

    name = CANADA
    title: Final = {"en": "Algorithmic Impact Assessment (Canada)",
                    "fr": "Évaluation de l'incidence algorithmique (Canada)",
                    "es": "Evaluación de Impacto Algorítmico (Canadá)",
                    "pt": "Avaliação de Impacto Algorítmico (Canadá)"}  # fmt: skip

    def __init__(self, survey: Survey | None = None) -> None:
        self.survey = official() if survey is None else survey

    def asks(self, answers: Mapping[str, Any]) -> tuple[Ask, ...]:
        """Questions that are shown for these answers."""
        shown = self.survey.shown(answers)
        return tuple(
            _asked(question, page.title)
            for page in self.survey.pages
            for question in page.questions()
            if question.name in shown
        )

    def check(self, ask: Ask, value: Any) -> Any:
        """Value, if the official form would let a person give it."""
        question = next(q for q in self.survey.questions() if q.name == ask.key)
        if not canada.fits(question, value):
            raise MisfitError(say("one of the answers of the official survey"))
        return value


class GobLabForm:
    """The questions of GobLab's tool, in our words."""

    name = goblab.NAME
    title: Final = {"es": "Evaluación de impacto algorítmico (GobLab UAI)",
                    "pt": "Avaliação de impacto algorítmico (GobLab UAI)",
                    "en": "Algorithmic impact assessment (GobLab UAI)"}  # fmt: skip

    def asks(self, answers: Mapping[str, Any]) -> tuple[Ask, ...]:  # noqa: ARG002 (none is hidden)
        """All questions."""
        words = _goblab_words()
        return tuple(
            Ask(
                key=name,
                kind="choice" if goblab.is_scored(field) else "text",
                title={**words[name], "en": field.name},
                section={"es": field.section},
                options=tuple(YES_NO.items()) if goblab.is_scored(field) else (),
            )
            for name, field in goblab.questions().items()
        )

    def check(self, ask: Ask, value: Any) -> Any:
        """Value, if the question takes it."""
        try:
            return goblab.checked(ask.key, value)
        except DataError:
            raise MisfitError(say("an answer of the kind that is asked")) from None


class RegisterForm:
    """What people owe to one register or to all, each question once, in three languages."""

    def __init__(self, register: str) -> None:
        profile = None if register == ALL else load_profile(register)
        self.name = register
        told = "All registers" if profile is None else profile.title
        self.title: Mapping[str, str] = {"en": told}
        if profile is None:
            self.title = {"en": told, "es": "Todos los registros", "pt": "Todos os registros"}
        self._concepts = tuple(
            one for one in concepts().values() if register == ALL or register in one.fields
        )

    def asks(self, answers: Mapping[str, Any]) -> tuple[Ask, ...]:  # noqa: ARG002 (none is hidden)
        """One question a concept."""
        return tuple(_of_concept(one) for one in self._concepts)

    def check(self, ask: Ask, value: Any) -> Any:
        """Value, if `iagkit publish` takes it as an answer."""
        try:
            shared.check({ask.key: value})
        except DataError:
            raise MisfitError(
                say("an answer of the kind that is asked, and no placeholder")
            ) from None
        return value


def form(name: str) -> Questionnaire:
    """Questionnaire of this name.

    Parameters
    ----------
    name : str
        ``canada-aia``, ``chile-goblab-impacto``, the name of a register, or ``all``.

    Raises
    ------
    UsageError
        If there is none, or nobody read it at its source.
    """
    known = {*SCORED, ALL, *profile_names()}
    if name not in known:
        msg = (
            f"expected a questionnaire; got '{name[:80]}'.{did_you_mean(name, known)} Known: "
            f"{', '.join(sorted(known))}"
        )
        raise UsageError(msg)
    makers: dict[str, Callable[[], Questionnaire]] = {CANADA: CanadaForm, goblab.NAME: GobLabForm}
    if name in makers:
        return makers[name]()
    if name != ALL and load_profile(name).verified == "no":
        msg = (
            f"expected a questionnaire that was read at its source; '{name}' is written from "
            "memory and not verified. Obtain the form from its issuer"
        )
        raise UsageError(msg)
    return RegisterForm(name)


def _asked(question: Question, page: Mapping[str, str]) -> Ask:
    kinds: dict[str, Kind] = {"checkbox": "choices"}
    kind = kinds.get(question.kind, "choice" if question.kind in SELECTS else "text")
    return Ask(
        key=question.name,
        kind=kind,
        title=_plain(question.title),
        section=_plain(page),
        help=_plain(question.help),
        options=tuple((c.value, _plain(c.text)) for c in question.choices),
        required=question.required,
    )


def _of_concept(concept: Concept) -> Ask:
    told: dict[str, Kind] = {"choice": "choice", "bool": "choice", "number": "number",
                             "date": "date", "list": "list"}  # fmt: skip
    options: tuple[tuple[Any, Any], ...] = tuple(
        (c, {"en": c.replace("_", " ")}) for c in concept.choices
    )
    if concept.kind == "bool":
        options = ((True, YES_NO["yes"]), (False, YES_NO["no"]))
    kind = told.get(concept.kind, "text")
    if kind == "choice" and not options:
        kind = "text"
    return Ask(key=concept.id, kind=kind, title=concept.text, options=options)


@cache
def _goblab_words() -> Mapping[str, Mapping[str, str]]:
    content = register_files.reference("goblab-words.csv").decode("utf-8")
    return {
        row["id"]: {"es": row["es"], "pt": row["pt"]}
        for row in csv.DictReader(io.StringIO(content))
    }


def _plain(words: Mapping[str, str]) -> dict[str, str]:
    return {lang: _TAG.sub("", text).replace("**", "").strip() for lang, text in words.items()}
