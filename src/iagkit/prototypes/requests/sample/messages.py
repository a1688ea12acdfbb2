"""One message of a citizen: what it asks, of which office, and how it is put together."""

from dataclasses import dataclass
from functools import cache
from typing import Final

from iagkit.prototypes.requests.sample import grammar
from iagkit.prototypes.requests.sample.chance import Chance, Wheel
from iagkit.prototypes.requests.sample.offices import PARENT, WORKLOAD

LANGS: Final = ("es", "pt")
_OFFICE = Wheel(WORKLOAD)
_BORDERLINE = 0.11
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

    def perhaps(self, probability: float, slot: str, about: str = "common") -> list[str]:
        return [self.says(slot, about)] if self.chance.happens(probability) else []


def _note(voice: _Voice) -> Message:
    office = voice.chance.spin(_OFFICE)
    if voice.chance.happens(0.5):
        said = [voice.says("short", office)]
    else:
        said = [voice.says(f"vague.{PARENT[office]}")]
    said += voice.perhaps(0.4, "vague.any")
    said = voice.perhaps(0.2, "opening") + said + voice.perhaps(0.15, "closing")
    return Message(lang=voice.lang, text=_joined(said, voice.chance), office=office)


def _borderline(voice: _Voice) -> Message:
    pair, (first, second), share = voice.chance.one(_pairs(voice.lang))
    said = voice.says(pair, "pairs")
    # What follows comes from either side, so that it gives nothing away.
    detail = voice.perhaps(0.25, "detail", voice.chance.one((first, second)))
    text = _framed(voice, [said, *detail], voice.perhaps(0.35, "ask"))
    return Message(
        lang=voice.lang, text=text, office=first, rival=second, share=share
    )


def _letter(voice: _Voice, office: str) -> Message:
    chance = voice.chance
    body = [voice.says("problem", office), *voice.perhaps(0.5, "detail", office)]
    if chance.happens(0.22):
        body.append(_in_passing(voice))
    others = _other_asks(voice, office)
    for other in others:
        body.append(f"{voice.says('link')} {voice.says('problem', other)}")
    asks = voice.perhaps(0.45, "ask", chance.one((office, "common")))
    return Message(
        lang=voice.lang,
        text=_framed(voice, body, asks),
        office=office,
        n_asks=1 + len(others),
        also=next((other for other in others if other != office), None),
    )


def _in_passing(voice: _Voice) -> str:
    aside = voice.says("aside", voice.chance.spin(_OFFICE))
    if voice.chance.happens(0.25):
        return f"{voice.says('aside_link')} {aside}"
    return aside


def _other_asks(voice: _Voice, office: str) -> list[str]:
    chance = voice.chance
    if not chance.happens(_MORE_ASKS):
        return []
    first = [office if chance.happens(0.15) else chance.spin(_OFFICE)]
    return first + [chance.spin(_OFFICE)] * chance.happens(_THIRD_ASK)


def _framed(voice: _Voice, body: list[str], asks: list[str]) -> str:
    said = [
        *voice.perhaps(0.5, "opening"),
        *body,
        *voice.perhaps(0.2, "earlier"),
        *voice.perhaps(0.12, "urgent"),
        *asks,
        *voice.perhaps(_PERSONAL, "contact"),
        *voice.perhaps(0.4, "closing"),
    ]
    return _joined(said, voice.chance)


def _joined(clauses: list[str], chance: Chance) -> str:
    text = ""
    for clause in clauses:
        if not text:
            text = _capital(clause)
        elif text.endswith(("?", ".")) or chance.happens(0.75):
            text += ("" if text.endswith(("?", ".")) else ".") + f" {_capital(clause)}"
        else:
            text += f", {clause}"
    return text if text.endswith("?") or chance.happens(0.3) else f"{text}."


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
    first, second = slot.split()[0].split("+")
    return first, second
