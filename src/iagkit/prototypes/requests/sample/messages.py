"""One message of a citizen: what it asks, of which office, and how it is put together."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from iagkit.prototypes.requests.sample import grammar
from iagkit.prototypes.requests.sample.chance import Chance, Wheel
from iagkit.prototypes.requests.sample.offices import PARENT, WORKLOAD

LANGS: Final = ("es", "pt")
_OFFICE = Wheel(WORKLOAD)
_SETTING: Final = {
    **{"works": "place", "environment": "place", "mobility": "place"},
    **{"administration": "desk", "people": "desk"},
}
_BORDERLINE = 0.08
_TELLING = 0.4  # notes that name the matter; the others could go to a whole department
_MORE_ASKS = 0.09
_THIRD_ASK = 0.15
_PERSONAL = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A clean text with what its author meant.

    ``share`` is how often a careful clerk sends it to ``office``; otherwise it goes to
    ``rival``. Only messages on the border of two offices have a share below one.
    """

    lang: str
    text: str
    office: str
    rival: str = ""
    share: float = 1.0
    n_asks: int = 1
    also: str | None = None


def written(chance: Chance, lang: str, *, short: float) -> Message:
    """Write a message for a random office; ``short`` is the probability of a note."""
    voice = _Voice(chance, lang)
    if chance.happens(short):
        return _note(voice)
    if chance.happens(_BORDERLINE):
        return _borderline(voice)
    return _letter(voice, chance.spin(_OFFICE))


def said(chance: Chance, lang: str, slot: str) -> str:
    """Write one clause that every office knows, with a capital letter."""
    return _capital(_Voice(chance, lang).says(slot))


class _Voice:
    """One citizen: a language, a region and the words that go with them."""

    __slots__ = ("chance", "lang", "region")

    def __init__(self, chance: Chance, lang: str) -> None:
        self.chance = chance
        self.lang = lang
        self.region = chance.one(grammar.REGIONS[lang])

    def says(self, slot: str, about: str = "common") -> str:
        words = grammar.slots(self.lang, self.region, "common", about)
        return grammar.clause(slot, words, self.chance, self.lang)

    def subject(self, office: str) -> grammar.Slots:
        return self.chance.one(grammar.subjects(self.lang, self.region, office))

    def tells(self, slot: str, subject: grammar.Slots, office: str) -> str:
        words = grammar.slots(self.lang, self.region, "common", office)
        return grammar.clause(slot, words | subject, self.chance, self.lang)

    def perhaps(self, probability: float, slot: str, about: str = "common") -> list[str]:
        return [self.says(slot, about)] if self.chance.happens(probability) else []


def _note(voice: _Voice) -> Message:
    office = voice.chance.spin(_OFFICE)
    if voice.chance.happens(_TELLING):
        note = [voice.says("short", office)]
    else:
        note = [voice.says(f"vague.{PARENT[office]}")]
    note += voice.perhaps(0.4, "vague.any")
    note = voice.perhaps(0.2, "opening") + note + voice.perhaps(0.15, "closing")
    return Message(lang=voice.lang, text=_joined(note, voice.chance), office=office)


def _borderline(voice: _Voice) -> Message:
    pair, (first, second), share = voice.chance.one(_pairs(voice.lang))
    problem = voice.says(pair, "pairs")
    asks = voice.perhaps(0.4, f"ask.{_SETTING[PARENT[first]]}")
    text = _framed(voice, first, [problem], asks)
    return Message(lang=voice.lang, text=text, office=first, rival=second, share=share)


def _letter(voice: _Voice, office: str) -> Message:
    chance = voice.chance
    subject = voice.subject(office)
    body = [voice.tells("problem", subject, office)]
    if subject["detail"] and chance.happens(0.6):
        body.append(voice.tells("detail", subject, office))
    if chance.happens(0.22):
        body.append(voice.says("aside", chance.spin(_OFFICE)))
    others = _other_asks(voice, office)
    body += [f"{voice.says('link')} {voice.says('problem', other)}" for other in others]
    return Message(
        lang=voice.lang,
        text=_framed(voice, office, body, _asks(voice, subject, office)),
        office=office,
        n_asks=1 + len(others),
        also=next((other for other in others if other != office), None),
    )


def _asks(voice: _Voice, subject: grammar.Slots, office: str) -> list[str]:
    if not voice.chance.happens(0.45):
        return []
    if subject["ask"] and voice.chance.happens(0.5):
        return [voice.tells("ask", subject, office)]
    return [voice.says(f"ask.{_SETTING[PARENT[office]]}")]


def _other_asks(voice: _Voice, office: str) -> list[str]:
    chance = voice.chance
    if not chance.happens(_MORE_ASKS):
        return []
    first = [office if chance.happens(0.15) else chance.spin(_OFFICE)]
    return first + [chance.spin(_OFFICE)] * chance.happens(_THIRD_ASK)


def _framed(voice: _Voice, office: str, body: list[str], asks: list[str]) -> str:
    clauses = [
        *voice.perhaps(0.5, "opening"),
        *body,
        *voice.perhaps(0.2, "earlier"),
        *voice.perhaps(0.12, f"urgent.{_SETTING[PARENT[office]]}"),
        *asks,
        *voice.perhaps(_PERSONAL, "contact"),
        *voice.perhaps(0.4, "closing"),
    ]
    return _joined(clauses, voice.chance)


def _joined(clauses: list[str], chance: Chance) -> str:
    text = ""
    for clause in (clause.removesuffix(",") for clause in clauses):
        if not text:
            text = _capital(clause)
        elif text.endswith(("?", ".")) or chance.happens(0.75):
            text += ("" if text.endswith(("?", ".")) else ".") + f" {_capital(clause)}"
        else:
            text += f", {clause}"
    return text if text.endswith(("?", ".")) or chance.happens(0.3) else f"{text}."


def _capital(clause: str) -> str:
    at = 1 if clause[0] == "¿" else 0
    return clause[:at] + clause[at].upper() + clause[at + 1 :]


@cache
def _pairs(lang: str) -> tuple[tuple[str, tuple[str, str], float], ...]:
    """Slots of the borderline file, as (slot, both offices, share of the first)."""
    return tuple(
        (slot, _both(slot), float(slot.split()[1])) for slot in grammar.lines(lang, "pairs")
    )


def _both(slot: str) -> tuple[str, str]:
    first, second = slot.split(maxsplit=1)[0].split("+")
    return first, second
