"""Slot grammars in plain text: read them, and write one clause out of them.

A grammar file is a list of slots. ``== name`` opens a slot; each line after it is one
alternative. Inside a line ``{name}`` is filled from that slot, ``[a|b]`` is a choice,
``#`` is a digit; ``@mx,co`` in front keeps the line for those regions.
"""

import re
from collections import defaultdict
from functools import cache
from importlib.resources import files
from typing import Final

from iagkit.prototypes.requests.sample.chance import Chance

Part = tuple[str, tuple[str, ...]]
Template = tuple[Part, ...]
Slots = dict[str, tuple[Template, ...]]
Lines = dict[str, tuple[tuple[str, str], ...]]

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
    """Read one grammar file: slot → (regions, line); no region means every region."""
    slots: dict[str, list[tuple[str, str]]] = defaultdict(list)
    text = (files(__package__) / "grammar" / lang / f"{name}.txt").read_text("utf-8")
    slot = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("== "):
            slot = line.removeprefix("== ")
        elif line.startswith("@"):
            regions, _, rest = line[1:].partition(" ")
            slots[slot].append((regions, rest))
        elif line and not line.startswith("# "):
            slots[slot].append(("", line))
    return {slot: tuple(found) for slot, found in slots.items()}


@cache
def slots(lang: str, region: str, *names: str) -> Slots:
    """Compile the grammar files of these names for one region; later names win."""
    return {
        slot: tuple(_cut(line) for regions, line in found if _spoken(region, regions))
        for name in names
        for slot, found in lines(lang, name).items()
    }


def clause(slot: str, grammar: Slots, chance: Chance, lang: str) -> str:
    """Write one alternative of a slot, with contractions where the language has them."""
    text = _fill(slot, grammar, chance)
    return _FUSIBLE[lang].sub(lambda found: _FUSED[lang][found[0]], text)


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


def _spoken(region: str, regions: str) -> bool:
    return not regions or region in regions.split(",")
