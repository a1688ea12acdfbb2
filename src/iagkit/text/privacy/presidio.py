"""Presidio, if it is installed: ours plug into its analyzer, and its results into ours.

The analyzer is always brought by the caller. Its defaults are never used, since they download a
language model and lists of domains.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from iagkit.core.errors import UsageError
from iagkit.text.privacy.entities import KINDS, Entity, Tagger
from iagkit.text.privacy.find import find_personal

SCORES: Final = {"checked": 1.0, "cued": 0.85, "tagged": 0.8, "shaped": 0.6}
"""Certainty as the score that Presidio compares with its threshold."""

PRESIDIO_KINDS: Final[Mapping[str, str]] = {
    **{"PERSON": "person", "LOCATION": "place", "DATE_TIME": "date", "AGE": "age"},
    **{"EMAIL_ADDRESS": "email", "URL": "url", "IP_ADDRESS": "ip", "PHONE_NUMBER": "phone"},
    **{"CREDIT_CARD": "card", "IBAN_CODE": "bank_account", "ORGANIZATION": "organisation"},
    **{"ES_NIF": "national_id", "ES_NIE": "national_id", "NRP": "other_id"},
    **{kind.upper(): kind for kind in KINDS},
}
"""Presidio's entity types, and the kinds they are here; others become ``other_id``."""


def presidio_recogniser(language: str, *, countries: Collection[str] | None = None) -> Any:
    """Make a Presidio ``EntityRecognizer`` that finds what our patterns find.

    Parameters
    ----------
    language : str
        Language under which the analyzer asks for it, as ``"pt"``.
    countries : collection of str, optional
        As of `find_personal`.

    Returns
    -------
    presidio_analyzer.EntityRecognizer
        To be given to ``registry.add_recognizer``; entity types are our kinds in capitals.

    Raises
    ------
    UsageError
        If Presidio is not installed.
    """
    try:
        from presidio_analyzer import EntityRecognizer, RecognizerResult
    except ImportError as missing:
        msg = "Presidio must be installed for its adapter; it is not. Install iagkit[presidio]."
        raise UsageError(msg) from missing

    class Recogniser(EntityRecognizer):  # type: ignore[misc]  # Presidio has no types
        def load(self) -> None:
            """Nothing to load."""

        def analyze(self, text: str, entities: list[str], nlp_artifacts: Any = None) -> list[Any]:
            del nlp_artifacts
            return [
                RecognizerResult(e.kind.upper(), e.start, e.end, SCORES[e.certainty])
                for e in find_personal(text, countries=countries)
                if not entities or e.kind.upper() in entities
            ]

    return Recogniser(
        supported_entities=[kind.upper() for kind in KINDS],
        supported_language=language,
        name="iagkit",
    )


def presidio_tagger(analyzer: Any, language: str) -> Tagger:
    """Make a tagger of an analyzer that the caller built.

    Parameters
    ----------
    analyzer : presidio_analyzer.AnalyzerEngine
        With an engine and a registry of the caller's own.
    language : str
        Language to analyze in.

    Returns
    -------
    Tagger
        For ``find_personal(..., tagger=...)``; certainty ``tagged``, overlaps settled by score.
    """

    def tag(texts: Sequence[str], /) -> list[list[Entity]]:
        return [_apart(analyzer.analyze(text=text, language=language)) for text in texts]

    return tag


def _apart(results: Sequence[Any]) -> list[Entity]:
    kept: list[Entity] = []
    for r in sorted(results, key=lambda r: (-r.score, r.start - r.end)):
        kind = PRESIDIO_KINDS.get(r.entity_type, "other_id")
        if all(r.end <= k.start or k.end <= r.start for k in kept):
            kept.append(Entity(r.start, r.end, kind, "tagged", "presidio"))
    return sorted(kept)
