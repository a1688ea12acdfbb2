"""A questionnaire as a page: labelled, without script, in the language of who fills it in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from iagkit.report.voice import TAGS, Voice
from iagkit.report.write import templates


@dataclass(frozen=True, slots=True, kw_only=True)
class AskShown:
    """One question as it is drawn; ``options`` are (number, words, chosen)."""

    name: str
    anchor: str
    title: str
    help: str
    evidence: str
    wrong: str
    options: Sequence[tuple[int, str, bool]]
    many: bool
    short: bool
    required: bool
    value: str

    @property
    def any(self) -> bool:
        """Whether one is chosen."""
        return any(chosen for _, _, chosen in self.options)

    @property
    def dropdown(self) -> bool:
        """Whether there are too many options to list them."""
        return len(self.options) > 20 and not self.many

    @property
    def described(self) -> str:
        """Ids of what stands beside it, for those who do not see the page."""
        told = (("help", self.help), ("seen", self.evidence), ("wrong", self.wrong))
        return " ".join(f"{self.anchor}-{name}" for name, text in told if text)


@dataclass(frozen=True, slots=True, kw_only=True)
class FormPage:
    """One section of a questionnaire; ``steps`` are (name, link, done, here)."""

    title: str
    label: str
    progress: str
    section: str
    steps: Sequence[tuple[str, str, str, bool]]
    asks: Sequence[AskShown]
    errors: Sequence[tuple[str, str, str]]
    facts: Sequence[tuple[str, str]]
    saved: str
    kept: str
    action: str
    token: str
    has_next: bool
    words_lang: str


def draw(page: FormPage, *, lang: str) -> str:
    """Draw a page as HTML.

    Parameters
    ----------
    page : FormPage
    lang : {"es", "pt", "en"}
    """
    told: dict[str, Any] = {"page": page, "_": Voice(lang)._, "tag": TAGS[lang]}
    return templates().get_template("assess.html.j2").render(told)
