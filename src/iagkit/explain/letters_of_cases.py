"""A letter about a case that is still open: how long it may take, what moves that, who answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from iagkit.core.errors import UsageError
from iagkit.core.nouns import Estimate, Words
from iagkit.core.registry import did_you_mean
from iagkit.explain.letters import counted, human, listed, told_frequency
from iagkit.explain.letters_words import SENTENCES as OF_REQUESTS

SENTENCES: Final[dict[str, dict[str, str]]] = {
    "en": {
        "about": "About your case {case}",
        "hello": "Hello. A computer program helps us to see how long open cases may still take. It "
        "decides nothing: people do the work and choose its order. This letter tells you what the "
        "program says of your case, as it stood on {until}.",
        "open": "So far: your case had been open for {days} days.",
        "days": "How long it may still take: between {low} and {high} days from that date; most "
        "likely about {middle}.",
        "held": "How sure: we checked {n} earlier forecasts of cases that the program had not "
        "learnt from. The range held in about {k} of every {of} (between {low} and {high}).",
        "held_unknown": "How sure: we do not have enough checked forecasts to say.",
        "days_unknown": "How long it may still take: the program does not know. Cases like yours "
        "are too few, or yours has already taken longer than nearly all of them.",
        "due": "Its deadline was {days} days away.",
        "overdue": "Its deadline had passed {days} days before.",
        "no_due": "The records tell no deadline for it.",
        "risk": "Of earlier cases that looked like yours, about {k} of every {of} missed their "
        "deadline (between {low} and {high}; counted {n} times).",
        "risk_unknown": "The program cannot say how often cases like yours miss it.",
        "why": "What moved this forecast most, beside other cases: {things}.",
        "longer": "{thing} (makes it longer)",
        "shorter": "{thing} (makes it shorter)",
        "likelier": "{thing} (makes it likelier to be late)",
        "less_likely": "{thing} (makes it less likely to be late)",
        "why_none": "Nothing in the records of your case moved the forecast much.",
        "not_cause": "That is what the program looks at. It is not the reason why a case takes "
        "long, and it is no fault of yours.",
        "left": "how near the deadline is",
        "time": "how long it has been open and waiting",
        "who": "which desk had it last",
        "load": "how much work the office had",
        "date": "the day and the time of the year",
        "done": "how much has been done in it",
        "step": "the last step",
        "case": "what was written down when it was opened",
    },
    "es": {
        "about": "Sobre su caso {case}",
        "hello": "Buen día. Un programa de computadora nos ayuda a ver cuánto pueden tardar aún "
        "los casos abiertos. No decide nada: personas hacen el trabajo y eligen su orden. Esta "
        "carta le cuenta qué dice el programa de su caso, tal como estaba el {until}.",
        "open": "Hasta entonces: su caso llevaba {days} días abierto.",
        "days": "Cuánto puede tardar aún: entre {low} y {high} días desde esa fecha; lo más "
        "probable, unos {middle}.",
        "held": "Qué tan seguro es: revisamos {n} pronósticos anteriores de casos de los que el "
        "programa no había aprendido. El rango se cumplió en unos {k} de cada {of} (entre {low} y "
        "{high}).",
        "held_unknown": "Qué tan seguro es: no tenemos bastantes pronósticos revisados para "
        "decirlo.",
        "days_unknown": "Cuánto puede tardar aún: el programa no lo sabe. Hay muy pocos casos como "
        "el suyo, o el suyo ya tardó más que casi todos ellos.",
        "due": "Faltaban {days} días para su plazo.",
        "overdue": "Su plazo había vencido {days} días antes.",
        "no_due": "Los registros no dicen qué plazo tiene.",
        "risk": "De los casos anteriores que se parecían al suyo, unos {k} de cada {of} se "
        "pasaron de su plazo (entre {low} y {high}; contado {n} veces).",
        "risk_unknown": "El programa no puede decir cuántas veces se pasan de él casos como el "
        "suyo.",
        "why": "Lo que más movió este pronóstico, frente a otros casos: {things}.",
        "longer": "{thing} (lo alarga)",
        "shorter": "{thing} (lo acorta)",
        "likelier": "{thing} (hace más probable que se pase del plazo)",
        "less_likely": "{thing} (lo hace menos probable)",
        "why_none": "Nada de lo que consta en su caso movió mucho el pronóstico.",
        "not_cause": "Eso es lo que mira el programa. No es la razón por la que un caso tarda, ni "
        "es culpa suya.",
        "left": "qué tan cerca está el plazo",
        "time": "cuánto lleva abierto y esperando",
        "who": "qué mesa lo tuvo por última vez",
        "load": "cuánto trabajo tenía la oficina",
        "date": "el día y la época del año",
        "done": "cuánto se ha hecho en él",
        "step": "el último paso",
        "case": "lo que se anotó al abrirlo",
    },
    "pt": {
        "about": "Sobre o seu caso {case}",
        "hello": "Bom dia. Um programa de computador nos ajuda a ver quanto os casos abertos ainda "
        "podem demorar. Ele não decide nada: pessoas fazem o trabalho e escolhem a ordem. Esta "
        "carta conta o que o programa diz do seu caso, como estava em {until}.",
        "open": "Até então: o seu caso estava aberto havia {days} dias.",
        "days": "Quanto ainda pode demorar: entre {low} e {high} dias a partir dessa data; o mais "
        "provável, cerca de {middle}.",
        "held": "Qual é a certeza: conferimos {n} previsões anteriores de casos com os quais o "
        "programa não tinha aprendido. A faixa valeu em cerca de {k} de cada {of} (entre {low} e "
        "{high}).",
        "held_unknown": "Qual é a certeza: não temos previsões conferidas suficientes para dizer.",
        "days_unknown": "Quanto ainda pode demorar: o programa não sabe. Há poucos casos como o "
        "seu, ou o seu já demorou mais que quase todos eles.",
        "due": "Faltavam {days} dias para o seu prazo.",
        "overdue": "O seu prazo tinha vencido {days} dias antes.",
        "no_due": "Os registros não dizem qual é o prazo.",
        "risk": "Dos casos anteriores parecidos com o seu, cerca de {k} de cada {of} passaram "
        "do prazo (entre {low} e {high}; contado {n} vezes).",
        "risk_unknown": "O programa não sabe dizer quantas vezes casos como o seu passam dele.",
        "why": "O que mais mexeu nesta previsão, em comparação com outros casos: {things}.",
        "longer": "{thing} (alonga)",
        "shorter": "{thing} (encurta)",
        "likelier": "{thing} (torna mais provável que passe do prazo)",
        "less_likely": "{thing} (torna isso menos provável)",
        "why_none": "Nada do que consta no seu caso mexeu muito na previsão.",
        "not_cause": "É isso que o programa olha. Não é a razão pela qual um caso demora, nem é "
        "culpa sua.",
        "left": "quão perto está o prazo",
        "time": "há quanto tempo está aberto e esperando",
        "who": "que setor ficou com ele por último",
        "load": "quanto trabalho a repartição tinha",
        "date": "o dia e a época do ano",
        "done": "quanto já foi feito nele",
        "step": "o último passo",
        "case": "o que foi anotado ao abri-lo",
    },
}  # fmt: skip
MOST: Final = 3
"""Kinds of inputs that are named."""
TEN: Final = 10
"""Days from which on parts of a day are not told."""
PART: Final = 0.05
"""Part of all that moved the forecast, below which a kind is not named."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenCase:
    """What a program says of one open case.

    Parameters
    ----------
    case : str
        Its id, as the citizen knows it.
    until : str
        The day, as the language writes it.
    days_open : float
    days_still : tuple of float, optional
        Lowest, likeliest and highest days from then on.
    days_to_due : float, optional
        Negative once the deadline has passed.
    held : Estimate, optional
        Share of earlier ranges that held.
    late : Estimate, optional
        Share of late ones among earlier cases of which the same chance was told.
    moved : sequence of (str, float)
        Kind of input, and by how much it makes the forecast longer, or lateness likelier.
    of_risk : bool
        Whether ``moved`` speaks of the chance to be late, and not of days.
    """

    case: str
    until: str
    days_open: float
    days_still: tuple[float, float, float] | None
    days_to_due: float | None
    held: Estimate | None
    late: Estimate | None
    moved: Sequence[tuple[str, float]]
    of_risk: bool = False


def letter_of_case(told: OpenCase, *, lang: str, human_role: Mapping[str, Words]) -> str:
    """Tell what is foreseen of an open case in plain words.

    Parameters
    ----------
    told : OpenCase
    lang : {"es", "pt", "en"}
    human_role : mapping of str to Words
        ``reviewer`` and ``appeal`` are needed; see :func:`iagkit.explain.letters.letter`.

    Raises
    ------
    UsageError
        If the language is another one.
    DeclarationError
        If nobody reviews, or nobody says how to contest.
    """
    if lang not in SENTENCES:
        known = ", ".join(sorted(SENTENCES))
        msg = f"a letter is written in {known}; got '{lang}'.{did_you_mean(lang, SENTENCES)}"
        raise UsageError(msg)
    words = OF_REQUESTS[lang] | SENTENCES[lang]
    paragraphs = (
        words["about"].format(case=told.case),
        words["hello"].format(until=told.until),
        f"{words['open'].format(days=_days(told.days_open, lang))} {_due(told, words, lang)}",
        _still(told, words, lang),
        _why(told, words),
        human(human_role, lang, words, sent=False),
    )
    return "\n\n".join(paragraphs) + "\n"


def _days(days: float, lang: str) -> str:
    """Whole days; of fewer than ten with one decimal, as the language writes it."""
    if days >= TEN or days == round(days):
        return counted(round(days), lang)
    shown = f"{days:.1f}"
    return shown if lang == "en" else shown.replace(".", ",")


def _due(told: OpenCase, words: Mapping[str, str], lang: str) -> str:
    if told.days_to_due is None:
        return words["no_due"]
    days = _days(abs(told.days_to_due), lang)
    if told.days_to_due < 0:
        return words["overdue"].format(days=days)
    due = words["due"].format(days=days)
    if told.late is None:
        return f"{due} {words['risk_unknown']}"
    return f"{due} {words['risk'].format(**told_frequency(told.late, lang))}"


def _still(told: OpenCase, words: Mapping[str, str], lang: str) -> str:
    if told.days_still is None:
        return words["days_unknown"]
    low, middle, high = (_days(days, lang) for days in told.days_still)
    days = words["days"].format(low=low, middle=middle, high=high)
    if told.held is None:
        return f"{days} {words['held_unknown']}"
    return f"{days} {words['held'].format(**told_frequency(told.held, lang))}"


def _why(told: OpenCase, words: Mapping[str, str]) -> str:
    whole = sum(abs(size) for _, size in told.moved)
    largest = sorted(told.moved, key=lambda one: -abs(one[1]))[:MOST]
    more, less = ("likelier", "less_likely") if told.of_risk else ("longer", "shorter")
    named = [
        words[more if size > 0 else less].format(thing=words[kind])
        for kind, size in largest
        if whole and abs(size) >= PART * whole
    ]
    if not named:
        return words["why_none"]
    return f"{words['why'].format(things=listed(named, words))} {words['not_cause']}"
