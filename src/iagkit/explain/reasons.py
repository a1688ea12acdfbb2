"""The words that weighed in one decision, and only those that may be shown."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

Withheld = Literal["", "personal", "rare", "small"]
Spans = Iterable[tuple[int, int, object]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion:
    """Which words may be shown as reasons.

    Parameters
    ----------
    vocabulary : container of str
        Folded words that enough different training texts share; all others are withheld.
    fold : callable
        Word → its folded form, as in ``vocabulary``.
    covered : callable
        Text → ``(start, end, kind)`` of the parts that may be personal.
    small : container of str
        Folded words that every text has (articles, prepositions); they explain nothing.
    """

    vocabulary: Container[str]
    fold: Callable[[str], str]
    covered: Callable[[str], Spans]
    small: Container[str] = frozenset()

    def withheld(self, word: str) -> Withheld:
        """Say why a word alone may not be shown; empty if it may."""
        if any(c.isdigit() for c in word) or any(True for _ in self.covered(word)):
            return "personal"
        forms = self.fold(word).split()
        if not forms or self.fold(word) not in self.vocabulary:
            return "rare"
        return "small" if all(f in self.small or len(f) < 2 for f in forms) else ""


class Reason(NamedTuple):
    """A word, what it weighed, and whether it spoke for or against the answer."""

    word: str
    weight: float
    direction: Literal["for", "against"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """The words shown, and how much of the decision they and the withheld ones carry.

    Parameters
    ----------
    shown : tuple of Reason
        Largest weights first.
    share_shown : float
        Share of the sum of absolute weights that the shown words carry, in [0, 1].
    withheld : dict of str to float
        Share carried by words withheld because ``personal``, ``rare`` (too few people used
        them) or ``small`` (articles and the like).
    n_withheld : int
        Number of different words withheld because personal or rare.
    """

    shown: tuple[Reason, ...]
    share_shown: float
    withheld: dict[str, float]
    n_withheld: int


def reasons(
    text: str, spans: Sequence[tuple[int, int, float]], *, discretion: Discretion, top: int = 6
) -> Reasons:
    """Add up what each word form weighed and keep the largest that may be shown.

    Parameters
    ----------
    text : str
        The message.
    spans : sequence of (int, int, float)
        Characters ``[start, end)`` of each word and its exact contribution to the score.
    discretion : Discretion
        Which words may be shown.
    top : int
        At most so many.

    Returns
    -------
    Reasons
        A form that is personal in one place of the text is withheld in all.
    """
    weight: dict[str, float] = defaultdict(float)
    written: dict[str, Counter[str]] = defaultdict(Counter)
    places: dict[str, list[tuple[int, int]]] = defaultdict(list)
    for start, end, value in spans:
        form = discretion.fold(text[start:end])
        weight[form] += value
        written[form][text[start:end].lower()] += 1
        places[form].append((start, end))
    hidden = [(s, e) for s, e, _ in discretion.covered(text)]
    why = {
        form: "personal" if _overlap(places[form], hidden) else discretion.withheld(form)
        for form in weight
    }
    return _sorted_out(dict(weight), written, why, top)


def _sorted_out(
    weight: dict[str, float], written: dict[str, Counter[str]], why: Mapping[str, str], top: int
) -> Reasons:
    total = sum(map(abs, weight.values())) or 1.0
    free = sorted(
        (f for f in weight if not why[f] and weight[f]), key=lambda f: (-abs(weight[f]), f)
    )
    shown = [_reason(commonest(written[f]), weight[f]) for f in free[:top]]
    lost: dict[str, float] = {"personal": 0.0, "rare": 0.0, "small": 0.0}
    for form, reason in why.items():
        if reason:
            lost[reason] += abs(weight[form]) / total
    return Reasons(
        shown=tuple(shown),
        share_shown=sum(abs(r.weight) for r in shown) / total,
        withheld=lost,
        n_withheld=sum(r in {"personal", "rare"} for r in why.values()),
    )


def _reason(word: str, weight: float) -> Reason:
    return Reason(word, weight, "for" if weight > 0 else "against")


def commonest(forms: Counter[str]) -> str:
    """Return the form seen most often; of equals, the one with more accents, then the first."""
    return min(forms, key=lambda f: (-forms[f], f.isascii(), f))


def spellings(
    words: Iterable[str], terms: Container[str], fold: Callable[[str], str]
) -> dict[str, str]:
    """Find how people write each folded term, accents included.

    Parameters
    ----------
    words : iterable of str
        Running words of the training texts, as written.
    terms : container of str
        Folded terms that may be shown.
    fold : callable
        Word → folded form.

    Returns
    -------
    dict of str to str
        Folded term → its commonest spelling, in lower case.
    """
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for word, times in Counter(w.lower() for w in words).items():
        if (form := fold(word)) in terms:
            seen[form][word] += times
    return {form: commonest(forms) for form, forms in seen.items()}


def _overlap(places: list[tuple[int, int]], hidden: list[tuple[int, int]]) -> bool:
    return any(start < e and s < end for start, end in places for s, e in hidden)
