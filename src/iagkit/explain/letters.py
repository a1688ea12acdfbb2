"""A letter about one decision, for the person whose request it was.

Certainty is told in natural frequencies, "8 of every 10", which people read more rightly
than percentages or probabilities [1]_, with the count and the interval behind them.

References
----------
.. [1] Gigerenzer, G. & Hoffrage, U. (1995). How to improve Bayesian reasoning without
   instruction: frequency formats. Psychological Review 102, 684-704.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from iagkit.core.errors import DeclarationError, UsageError
from iagkit.core.nouns import Estimate, Words
from iagkit.core.registry import did_you_mean
from iagkit.explain.letters_of_documents import OF_DOCUMENTS
from iagkit.explain.letters_words import SENTENCES
from iagkit.explain.reasons import Reason, Reasons

NOT_USED: Final = ("sex", "age", "district", "channel")
BETWEEN: Final = {"es": "\N{NO-BREAK SPACE}", "pt": "."}
"""Between thousands, where it is no comma."""
SPACED_FROM: Final = 10_000
"""Spanish sets no space into four digits."""
_ROLE: Final = ("reviewer", "appeal", "deadline", "contact")


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What the program did with one request.

    Parameters
    ----------
    office : str or None
        Code of the office it was sent to; ``None`` if a person decides.
    alternatives : tuple of str
        Codes that the person sees, best first; needed if ``office`` is ``None``.
    certainty : Estimate, optional
        From held-out cases: of those sent automatically, the share sent to the right office or,
        if a person decides, the share of all with the right office among the alternatives.
        ``None``: not known.
    case : str
        Id of the case, as the citizen knows it; may be empty.
    several_asks : bool
        Whether the message seems to ask for several things.
    only_suggests : bool
        Whether the program decides nothing at all, however sure it is.
    reads_office : bool
        Whether the program reads the office addressed beside the text.
    of_document : bool
        Whether it is a document that was filed, not a request that was sent on.
    """

    office: str | None
    alternatives: tuple[str, ...] = ()
    certainty: Estimate | None = None
    case: str = ""
    several_asks: bool = False
    only_suggests: bool = False
    reads_office: bool = False
    of_document: bool = False

    def __post_init__(self) -> None:
        if self.office is None and not self.alternatives:
            msg = (
                "a decision names the office, or the alternatives that a person sees; got "
                "neither. Pass the ranked codes as 'alternatives'."
            )
            raise UsageError(msg)


def letter(
    *,
    decision: Decision,
    lang: str,
    words: Reasons,
    human_role: Mapping[str, Words],
    taxonomy: Sequence[Mapping[str, Any]],
    not_used: Sequence[str] = NOT_USED,
) -> str:
    """Tell one decision in plain words, in about 200 of them.

    Parameters
    ----------
    decision : Decision
        What was decided, and how sure.
    lang : {"es", "pt", "en"}
        Language of the letter.
    words : Reasons
        The words that weighed, already freed of what may not be shown.
    human_role : mapping of str to Words
        ``reviewer``, ``appeal``, ``deadline`` and ``contact``, as the prototype declares them;
        ``reviewer`` and ``appeal`` are needed.
    taxonomy : sequence of mapping
        Offices with ``code`` and ``name`` (in several languages); a code not in it is shown
        as it is.
    not_used : sequence of {"sex", "age", "district", "channel"}
        What the program is not told about the person.

    Returns
    -------
    str
        Paragraphs separated by blank lines.

    Raises
    ------
    UsageError
        If the language or a name in ``not_used`` is not known.
    DeclarationError
        If ``human_role`` does not say who reviews and how to contest.
    """
    told = _sentences(lang, of_document=decision.of_document)
    names = {str(o["code"]): _in_language(o.get("name") or {}, lang) for o in taxonomy}
    paragraphs = (
        told["about"].format(case=decision.case) if decision.case else told["about_none"],
        told["hello"],
        _where(decision, told, names),
        told["several"] if decision.several_asks else "",
        _why(words, told, person=decision.office is None),
        _how_sure(decision, told, lang),
        _not_used(not_used, told, office=decision.reads_office),
        human(human_role, lang, told, sent=decision.office is not None),
    )
    return "\n\n".join(p for p in paragraphs if p) + "\n"


def natural_frequency(estimate: Estimate) -> dict[str, int]:
    """Round a share to so many of every 10, or of every 100 where tens are too coarse.

    They are where the value or a bound would say all or none, or a bound repeat the value.

    Parameters
    ----------
    estimate : Estimate
        A share with its interval; without one, the bounds are the value.

    Returns
    -------
    dict
        ``k``, ``of``, ``low``, ``high``, the bounds rounded outwards, and ``n``.

    Examples
    --------
    >>> natural_frequency(Estimate(value=0.83, n=120, low=0.76, high=0.89, level=0.95))
    {'k': 8, 'of': 10, 'low': 7, 'high': 9, 'n': 120}
    """
    tens = _of(10, estimate)
    fine = 0 < tens["low"] < tens["k"] < tens["high"] < 10
    return tens if fine else _of(100, estimate)


def _of(of: int, estimate: Estimate) -> dict[str, int]:
    low = estimate.value if estimate.low is None else estimate.low
    high = estimate.value if estimate.high is None else estimate.high
    return {
        "k": round(estimate.value * of),
        "of": of,
        "low": math.floor(low * of + 1e-9),
        "high": math.ceil(high * of - 1e-9),
        "n": estimate.n,
    }


def _sentences(lang: str, *, of_document: bool) -> Mapping[str, str]:
    if lang not in SENTENCES:
        known = ", ".join(sorted(SENTENCES))
        msg = f"a letter is written in {known}; got '{lang}'.{did_you_mean(lang, SENTENCES)}"
        raise UsageError(msg)
    return SENTENCES[lang] | (OF_DOCUMENTS[lang] if of_document else {})


def _where(decision: Decision, told: Mapping[str, str], names: Mapping[str, str]) -> str:
    if decision.office is not None:
        return told["sent"].format(office=names.get(decision.office) or decision.office)
    offices = [names.get(code) or code for code in decision.alternatives]
    ranked = "; ".join(f"{i}. {name}" for i, name in enumerate(offices, start=1))
    person = told["person_always" if decision.only_suggests else "person"]
    return f"{person} {told['alternatives'].format(offices=ranked)}"


def _why(words: Reasons, told: Mapping[str, str], *, person: bool) -> str:
    keys = {"for": "for_person" if person else "for", "against": "against"}
    parts = [
        told[key].format(words=listed(_quoted(words.shown, side, told), told))
        for side, key in keys.items()
        if any(r.direction == side for r in words.shown)
    ]
    if not any(r.direction == "for" for r in words.shown):
        parts.insert(0, told["no_words"])
    tenths = round(10 * (words.withheld.get("personal", 0) + words.withheld.get("rare", 0)))
    part = told[f"part_{min(tenths, 10)}"] if tenths else ""
    parts.append(told["withheld"].format(part=part) if tenths else told["withheld_none"])
    return " ".join(parts)


def _quoted(shown: Iterable[Reason], side: str, told: Mapping[str, str]) -> list[str]:
    return [told["quote"].format(word=r.word) for r in shown if r.direction == side]


def counted(n: int, lang: str) -> str:
    """Write a count as pages do: 1,434 in English, 1.434 in Portuguese, 1434 in Spanish.

    Examples
    --------
    >>> counted(1434, "es"), counted(1434, "pt")
    ('1434', '1.434')
    """
    if lang == "es" and n < SPACED_FROM:
        return str(n)
    return f"{n:,}".replace(",", BETWEEN.get(lang, ","))


def told_frequency(estimate: Estimate, lang: str) -> dict[str, str]:
    """What :func:`natural_frequency` rounds to, written in a language."""
    return {name: counted(n, lang) for name, n in natural_frequency(estimate).items()}


def _how_sure(decision: Decision, told: Mapping[str, str], lang: str) -> str:
    if decision.certainty is None or decision.certainty.n == 0:
        return told["sure_unknown"]
    key = "sure_person" if decision.office is None else "sure"
    return told[key].format(**told_frequency(decision.certainty, lang))


def _not_used(names: Sequence[str], told: Mapping[str, str], *, office: bool) -> str:
    if unknown := [name for name in names if name not in NOT_USED]:
        msg = (
            f"'not_used' knows {', '.join(NOT_USED)}; got '{unknown[0]}'."
            f"{did_you_mean(unknown[0], NOT_USED)}"
        )
        raise UsageError(msg)
    if not names:
        return ""
    sentence = told["not_used_office" if office else "not_used"]
    return sentence.format(things=listed([told[n] for n in names], told, last="nor"))


def human(role: Mapping[str, Words], lang: str, told: Mapping[str, str], *, sent: bool) -> str:
    """Who reviews, how to contest, until when and where, in the words of the prototype."""
    if missing := [
        key for key in ("reviewer", "appeal") if not _in_language(role.get(key, {}), lang)
    ]:
        msg = (
            f"'human_role' must say who reviews and how to contest (reviewer, appeal); "
            f"{' and '.join(missing)} is missing. Add it to the prototype's YAML."
        )
        raise DeclarationError(msg)
    labels = {"reviewer": "reviewer_asked"} if sent else {}
    lines = [
        told[labels.get(key, key)].format(told=_in_language(role[key], lang))
        for key in _ROLE
        if role.get(key)
    ]
    return "\n".join(lines)


def _in_language(words: Words, lang: str) -> str:
    """Take the text in the language asked, else in English, else in any."""
    return words.get(lang) or words.get("en") or next(iter(words.values()), "")


def listed(items: Sequence[str], told: Mapping[str, str], *, last: str = "and") -> str:
    """Join as a sentence does: a, b and c; Spanish writes *e* before the sound of *i*."""
    if len(items) < 2:
        return "".join(items)
    bare = items[-1].lstrip("«“").casefold()
    sounds_i = bare.startswith(("i", "í", "hi")) and not bare.startswith("hie")
    joint = told["and_before_i"] if last == "and" and sounds_i else told[last]
    return f"{', '.join(items[:-1])} {joint} {items[-1]}"
