"""How easy a text reads, as far as the length of its words and sentences can tell.

Formulas of the family of Flesch, each fitted to its language. They know nothing of order, of
meaning, or of whether anybody was asked; a low value is a reason to look, never a verdict.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import Estimate

LEVEL: Final = 0.95
NORMAL: Final = 1.96
WORD: Final = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
END: Final = re.compile(r"(?<=[.!?…])[\"”»)]*\s+|\n+")


class Formula(NamedTuple):
    """``start - sentence x words per sentence - word x syllables per word``, and its names."""

    name: str
    start: float
    sentence: float
    word: float
    steps: tuple[tuple[float, str], ...]


FORMULAS: Final = {
    "es": Formula(
        "Szigriszt-Pazos, INFLESZ", 206.835, 1.0, 62.3,
        ((80, "very easy"), (65, "fairly easy"), (55, "plain"), (40, "fairly difficult"),
         (-math.inf, "very difficult")),
    ),
    "pt": Formula(
        "Flesch, Martins et al.", 248.835, 1.015, 84.6,
        ((75, "very easy"), (50, "easy"), (25, "difficult"), (-math.inf, "very difficult")),
    ),
    "en": Formula(
        "Flesch", 206.835, 1.015, 84.6,
        ((90, "very easy"), (80, "easy"), (70, "fairly easy"), (60, "plain"),
         (50, "fairly difficult"), (30, "difficult"), (-math.inf, "very difficult")),
    ),
}  # fmt: skip
SILENT: Final = r"[^aeiouyl]e$|[^aeiouylsxzcgh]es$|[aeiouy]les?$|[^aeiouytd]ed$"
HUERTA: Final = Formula("Fernández Huerta", 206.84, 1.02, 60.0, ())
"""The older Spanish formula, told beside the other because many guides still ask for it."""


def ease(texts: Sequence[str], lang: str, *, formula: Formula | None = None) -> Estimate:
    """How easy texts read; more is easier.

    Parameters
    ----------
    texts : sequence of str
        Paragraphs or items; a sentence never runs from one to the next.
    lang : {"es", "pt", "en"}
    formula : Formula, optional
        Another one than the language's own.

    Returns
    -------
    Estimate
        Points over ``n`` sentences, with an interval at 0.95 by leaving out one sentence at a
        time: other sentences of the same writer would move the value as much. Numbers written in
        digits do not count as words.

    Raises
    ------
    UsageError
        If there is no formula for the language.
    DataError
        If there is no word.

    References
    ----------
    .. [1] Flesch, R. (1948). A new readability yardstick. J. Applied Psychology 32(3), 221-233.
    .. [2] Szigriszt Pazos, F. (1993). Sistemas predictivos de legibilidad (thesis, Madrid).
    .. [3] Barrio-Cantalejo, I. M. et al. (2008). Validación de la Escala INFLESZ. An. Sist.
       Sanit. Navar. 31(2), 135-152.
    .. [4] Martins, T. B. F. et al. (1996). Readability formulas applied to textbooks in Brazilian
       Portuguese. ICMC-USP, Notas 28.

    Examples
    --------
    >>> round(ease(["The cat sat on the mat."], "en").value, 1)
    116.1
    """
    if lang not in FORMULAS:
        msg = f"expected one of the languages {', '.join(FORMULAS)}; got '{lang}'"
        raise UsageError(msg)
    known = formula or FORMULAS[lang]
    counts = [_counts(one, lang) for one in sentences(texts)]
    if not counts:
        msg = "expected a text with at least one word; got none. Numbers alone cannot be measured"
        raise DataError(msg)
    words, parts = sum(w for w, _ in counts), sum(s for _, s in counts)
    value, n = _value(known, len(counts), words, parts), len(counts)
    if n == 1:
        return Estimate(value=value, n=1, unit="points")
    left = [_value(known, n - 1, words - w, parts - s) for w, s in counts]
    mean = sum(left) / n
    error = NORMAL * math.sqrt((n - 1) / n * sum((one - mean) ** 2 for one in left))
    return Estimate(
        value=value, n=n, unit="points", low=value - error, high=value + error, level=LEVEL,
    )  # fmt: skip


def step(value: float, lang: str) -> str:
    """Name of the step a value stands on, in the scale of its language's formula."""
    return next(name for least, name in FORMULAS[lang].steps if value >= least)


def sentences(texts: Sequence[str]) -> list[str]:
    """Sentences that hold at least one word."""
    parts = (part for text in texts for part in END.split(text))
    return [part for part in parts if WORD.search(part)]


def syllables(word: str, lang: str) -> int:
    """Count the syllables of a word by the rules of its spelling.

    Examples
    --------
    >>> syllables("construía", "es"), syllables("história", "pt"), syllables("decided", "en")
    (3, 3, 3)
    """
    return max(1, _COUNTERS[lang](word.lower()))


def _value(formula: Formula, n: int, words: int, parts: int) -> float:
    return formula.start - formula.sentence * words / n - formula.word * parts / words


def _counts(sentence: str, lang: str) -> tuple[int, int]:
    words = [part for word in WORD.findall(sentence) for part in word.split("-")]
    return len(words), sum(syllables(word, lang) for word in words)


def _spanish(word: str) -> int:
    """Strong vowels are a syllable each; a weak one beside them only if it has the accent."""
    word = re.sub(r"(?<=q)u|(?<=g)u(?=[eiéí])", "", word)
    word = re.sub(r"y(?![aeiouáéíóúü])", "i", word)
    return sum(_run(run) for run in re.findall(r"[aeiouáéíóúü]+", word))


def _run(run: str) -> int:
    strong = len(re.findall(r"[aeoáéó]", run))
    broken = len(re.findall(r"[íú](?=[aeoáéó])|(?<=[aeoáéó])[íú]", run))
    return strong + broken if strong else 1


def _portuguese(word: str) -> int:
    """A weak vowel glides after another, unless its own consonant holds it (``sa-ir``)."""
    word = re.sub(r"(?<=[qg])[uü](?=[aeioáéíóâêôãõ])", "", word)
    if re.search(r"[áéíóúâêô].*[^aeiouáéíóúâêôãõ][ieou][aoe]s?$", word):
        word = re.sub(r"[ieou]([aoe]s?)$", r"\1", word)
    word = re.sub(r"ã[oe]|õe", "ã", word)
    vowel = "aeiouáéíóúâêôãõà"
    glide = rf"(?<=[{vowel}])[iu](?!nh|ç)(?![lmnrz](?:[^{vowel}]|$))"
    return len(re.findall(rf"[{vowel}]", re.sub(glide, "", word)))


def _english(word: str) -> int:
    """Groups of vowels, but for the silent ``e``; spelling tells less here than elsewhere."""
    word = re.sub(r"[^a-z]", "", word)
    if word in _ENGLISH:
        return _ENGLISH[word]
    groups = len(re.findall(r"[aeiouy]+", word))
    groups -= bool(re.search(SILENT, word))
    return groups + len(
        re.findall(
            r"i(?:a(?!l$|n$)|o(?!n|us))|[iu]al$|eo(?!us)|(?<![tc])ie(?=n[ct])|ying|uou", word
        )
    )


_ENGLISH: Final = {
    "are": 1, "were": 1, "people": 2, "science": 2, "being": 2, "idea": 3, "area": 3, "able": 2,
    "something": 2, "sometimes": 2, "someone": 2, "therefore": 2, "every": 2, "business": 2,
    "special": 2, "social": 2, "whole": 1,
}  # fmt: skip
_COUNTERS: Final = {"es": _spanish, "pt": _portuguese, "en": _english}
