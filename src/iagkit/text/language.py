"""Which language a message is in: Spanish, Portuguese, English, or not known.

A small Bayesian classifier. Each language is a list of some hundred words written for iagkit;
a word of a message speaks for a language by being on its list and by the letter groups it
shares with the list, so that short notes without small words are told apart too. No word
may decide alone, and names, which follow no language, count little.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import UsageError
from iagkit.core.registry import did_you_mean
from iagkit.text.language_words import WORDS
from iagkit.text.normalise import folded
from iagkit.text.words import LETTERS, strings

LANGUAGES: Final = ("es", "pt", "en")
UNKNOWN: Final = "und"
"""BCP 47 for a language that was not determined."""

Scores = NDArray[np.float64]
Weights = defaultdict[str, float]

_ALL: Final = tuple(WORDS)
_SIZES: Final = (2, 3, 4)
_MOST: Final = 3.0
_LETTERS_COUNT: Final = 0.5
_READ: Final = 300
_RARER: Final = np.array([0.0 if lang in LANGUAGES else 2.0 for lang in _ALL])
"""Prior, in log odds, against a language that the institution does not serve."""
_SURE: Final = 0.5
_PIECE: Final = 8


def check_language(code: str) -> str:
    """Return the code if iagkit speaks the language.

    Raises
    ------
    UsageError
        If the code is not ``es``, ``pt`` or ``en``.

    Examples
    --------
    >>> check_language("pt")
    'pt'
    """
    if code not in LANGUAGES:
        known = {**dict.fromkeys(LANGUAGES), **_LONG_NAMES}
        near = did_you_mean(_LONG_NAMES.get(str(code).casefold(), str(code)[:2].lower()), known)
        msg = f"a language must be one of {', '.join(LANGUAGES)}; got '{code}'.{near}"
        raise UsageError(msg)
    return code


_LONG_NAMES: Final = {
    **dict.fromkeys(("spanish", "español", "espanol", "spa", "castellano"), "es"),
    **dict.fromkeys(("portuguese", "português", "portugues", "por"), "pt"),
    **dict.fromkeys(("english", "inglés", "inglês", "ingles", "eng"), "en"),
}


def detect(texts: Iterable[str]) -> list[tuple[str, float]]:
    """Tell the language of each text.

    Parameters
    ----------
    texts : iterable of str
        Raw texts; the first 300 words of each are read.

    Returns
    -------
    list of (str, float)
        ``es``, ``pt``, ``en`` or ``und`` (another language, too short, or no words), and the
        probability of the best of the three.

    Raises
    ------
    DataError
        If something is not text.

    Examples
    --------
    >>> [lang for lang, _ in detect(["hay un bache en mi calle", "há um buraco na rua", "12"])]
    ['es', 'pt', 'und']
    """
    return [_answer(_heard(LETTERS.findall(t.lower())[:_READ])) for t in strings(texts)]


def mixed(texts: Iterable[str]) -> NDArray[np.bool_]:
    """Flag messages that change language.

    Parameters
    ----------
    texts : iterable of str, shape (n_texts,)
        Raw texts.

    Returns
    -------
    array of bool, shape (n_texts,)
        Whether two of the three languages each clearly own a stretch of eight words or more.
    """
    return np.array([len(_spoken(t)) > 1 for t in strings(texts)], dtype=bool)


def _spoken(text: str) -> set[str]:
    """Languages that own a stretch of the text, without doubt."""
    words = LETTERS.findall(text.lower())
    whole = _heard(words[:_READ])
    pieces = [words[i : i + _PIECE] for i in range(0, len(words) - _PIECE + 1, _PIECE // 2)]
    heard = {piece: _heard(list(piece)) for piece in map(tuple, pieces)}
    clear = {lang for s in heard.values() for lang in _clearly(s)}
    return clear | ({_answer(whole)[0]} - {UNKNOWN})


def _clearly(score: Scores) -> set[str]:
    """Name the language at least nine nats before every other, if any."""
    order = np.argsort(score)
    best, second = order[-1], order[-2]
    return {_ALL[best]} & set(LANGUAGES) if score[best] - score[second] > 3 * _MOST else set()


def _heard(words: list[str]) -> Scores:
    """Sum of what the words say, one number a language."""
    if not words:
        return np.zeros(len(_ALL))
    return np.asarray(np.sum([_word(w) for w in words], axis=0))


def _answer(score: Scores) -> tuple[str, float]:
    """Turn sums into a language and its probability; evidence overlaps, so it is damped."""
    if not score.any():
        return UNKNOWN, 0.0
    score = score - _RARER
    odds = np.exp((score - score.max()) / 2)
    share = odds / odds.sum()
    ours = share[: len(LANGUAGES)]
    best = int(np.argmax(ours))
    confidence = float(ours[best])
    return (LANGUAGES[best] if confidence >= _SURE else UNKNOWN), confidence


@lru_cache(maxsize=200_000)
def _word(word: str) -> tuple[float, ...]:
    """What one word says: log probability against the mean of the languages, bounded."""
    table, letters = _tables()
    groups = [letters[g] for g in _groups(word) if g in letters]
    said = _LETTERS_COUNT * np.sum(groups, axis=0) if groups else np.zeros(len(_ALL))
    said = np.clip(said, -_MOST / 2, _MOST / 2)
    if word in table:
        said = said + table[word]
    return tuple(np.clip(said, -_MOST, _MOST))


def _groups(word: str) -> list[str]:
    wide = f" {word} "
    return [wide[i : i + n] for n in _SIZES for i in range(len(wide) - n + 1)]


@cache
def _tables() -> tuple[dict[str, Scores], dict[str, Scores]]:
    """Log odds of whole words and of letter groups, in every language."""
    words = [_weights(lang) for lang in _ALL]
    letters = [_letter_weights(weights) for weights in words]
    return _log_odds(words, 1e-4), _log_odds(letters, 3e-4)


def _weights(lang: str) -> Weights:
    """Zipf weights by rank; the spelling without accents counts less."""
    weights: Weights = defaultdict(float)
    for rank, word in enumerate(dict.fromkeys(WORDS[lang].split())):
        weights[word] += 1 / (rank + 10)
        plain = "".join(map(folded, word))
        if plain != word:
            weights[plain] += 0.3 / (rank + 10)
    return weights


def _letter_weights(words: Weights) -> Weights:
    groups: Weights = defaultdict(float)
    for word, weight in words.items():
        for group in _groups(word):
            groups[group] += weight**0.5
    return groups


def _log_odds(counts: list[Weights], floor: float) -> dict[str, Scores]:
    """Log share in each language, less the mean over languages."""
    sums = [sum(c.values()) for c in counts]
    known = sorted({key for c in counts for key in c})
    shares = np.array(
        [[c.get(k, 0.0) / s + floor for c, s in zip(counts, sums, strict=True)] for k in known]
    )
    logs = np.log(shares)
    return dict(zip(known, logs - logs.mean(axis=1, keepdims=True), strict=True))
