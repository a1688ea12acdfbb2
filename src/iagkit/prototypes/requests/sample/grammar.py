"""Slot grammars in plain text: read them, and write one clause out of them.

A grammar file is a list of slots. ``== name`` opens a slot; each line after it is one
alternative. Inside a line ``{name}`` is filled from that slot, ``[a|b]`` is a choice,
``#`` is a digit. ``@mx,co`` in front keeps a line for those regions; ``~leak,bill`` says
what it is about, so that a detail or an ask goes with the problem it belongs to.
"""

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final, NamedTuple

from iagkit.prototypes.requests.sample.chance import Chance

Part = tuple[str, tuple[str, ...]]
Template = tuple[Part, ...]
Slots = dict[str, tuple[Template, ...]]


class Line(NamedTuple):
    """One alternative: who says it, what it is about, and its words."""

    regions: frozenset[str]
    topics: frozenset[str]
    words: str


Lines = dict[str, tuple[Line, ...]]

REGIONS: Final = {
    "es": ("ar", "cl", "co", "do", "mx", "pe"),
    "pt": ("n", "ne", "se", "sul"),
}
_PART = re.compile(r"\{([\w.]+)\}|\[([^\]]*)\]|#")
_DIGITS = tuple("0123456789")
_FUSED = {
    "es": {"de el": "del", "a el": "al"},
    "pt": {
        **{"de o": "do", "de a": "da", "em o": "no", "em a": "na"},
        **{"a o": "ao", "a a": "à", "por o": "pelo", "por a": "pela"},
    },
}
_FUSIBLE = {lang: re.compile(rf"\b(?:{'|'.join(_FUSED[lang])})\b") for lang in _FUSED}


@cache
def lines(lang: str, name: str) -> Lines:
    """Read one grammar file, as slot → its alternatives in the order of the file."""
    slots: dict[str, list[Line]] = defaultdict(list)
    text = (files(__package__) / "grammar" / lang / f"{name}.txt").read_text("utf-8")
    slot = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("== "):
            slot = line.removeprefix("== ")
        elif line and not line.startswith("# "):
            slots[slot].append(_line(line))
    return {slot: tuple(found) for slot, found in slots.items()}


@cache
def slots(lang: str, region: str, *names: str) -> Slots:
    """Compile the grammar files of these names for one region; later names win."""
    return {
        slot: tuple(_cut(line.words) for line in found if _spoken(line, region))
        for name in names
        for slot, found in lines(lang, name).items()
    }


@cache
def subjects(lang: str, region: str, name: str) -> tuple[Slots, ...]:
    """Problems of one office, each with the details and asks that go with it.

    Returns
    -------
    tuple of Slots
        One entry a problem, with the slots ``problem``, ``detail`` and ``ask``; the last
        two are empty where the office has nothing that fits.
    """
    said = {
        slot: [line for line in lines(lang, name)[slot] if _spoken(line, region)]
        for slot in ("problem", "detail", "ask")
    }
    return tuple(
        {
            "problem": (_cut(problem.words),),
            "detail": _fitting(problem, said["detail"]),
            "ask": _fitting(problem, said["ask"]),
        }
        for problem in said["problem"]
    )


def clause(slot: str, grammar: Slots, chance: Chance, lang: str) -> str:
    """Write one alternative of a slot, with contractions where the language has them."""
    text = _fill(slot, grammar, chance)
    text = _FUSIBLE[lang].sub(lambda found: _FUSED[lang][found[0]], text)
    # A place in apposition ends in a comma, which another comma or question mark makes one.
    return text.replace(",,", ",").replace(",?", "?")


def _fill(slot: str, grammar: Slots, chance: Chance) -> str:
    return "".join(
        _fill(value[0], grammar, chance) if kind == "slot" else chance.one(value)
        for kind, value in chance.one(grammar[slot])
    )


def _cut(line: str) -> Template:
    parts: list[Part] = []
    end = 0
    for found in _PART.finditer(line):
        parts.append(("text", (line[end : found.start()],)))
        slot, choice = found.groups()
        options = _DIGITS if choice is None else tuple(choice.split("|"))
        parts.append(("slot", (slot,)) if slot else ("text", options))
        end = found.end()
    parts.append(("text", (line[end:],)))
    return tuple(part for part in parts if part[1] != ("",))


def _line(text: str) -> Line:
    marks = {"@": frozenset[str](), "~": frozenset[str]()}
    while text[0] in marks:
        mark, text = text.split(" ", 1)
        marks[mark[0]] = frozenset(mark[1:].split(","))
    return Line(marks["@"], marks["~"], text)


def _spoken(line: Line, region: str) -> bool:
    return not line.regions or region in line.regions


def _fitting(problem: Line, found: list[Line]) -> tuple[Template, ...]:
    return tuple(
        _cut(line.words)
        for line in found
        if line.topics & problem.topics or line.topics == problem.topics
    )
