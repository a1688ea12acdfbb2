"""Take personal data out of a text: mask, placeholder, pseudonym, or marks for a reviewer.

A pseudonym is the same for the same person within one `Pseudonyms`, whatever the order of the
names and however they are accented. Between runs it is the same only if the institution brings its
own key; the key is never stored and is in no output. What stood where can be kept for a reversal
only sealed, with a key that the institution keeps (`iagkit.text.privacy.originals`).
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from secrets import token_bytes
from typing import Final, Literal, NamedTuple, get_args

from iagkit.core.errors import DataError, UsageError
from iagkit.text.privacy.checksums import compact
from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.labels import label
from iagkit.text.privacy.name_words import JOINS
from iagkit.text.privacy.parallel import normalised
from iagkit.text.privacy.words import plain

Mode = Literal["placeholder", "mask", "pseudonym", "highlight"]
MODES: Final[tuple[str, ...]] = get_args(Mode)

_BLOCK: Final = "█"
_FIXED: Final = 3
_LETTERS: Final = re.compile(r"[^\W_]+")
_FEWEST_KEY_BYTES: Final = 16


class Span(NamedTuple):
    """One replacement: ``[start, end)`` in the output, what is there, and the entity it hides."""

    start: int
    end: int
    shown: str
    entity: Entity


class Redacted(NamedTuple):
    """The text without personal data, and where it was changed; spans repeat nothing hidden."""

    text: str
    spans: tuple[Span, ...]


@dataclass(slots=True, kw_only=True)
class Pseudonyms:
    """Which person is which number, for as long as a run lasts; nothing readable is kept.

    Parameters
    ----------
    key : bytes, optional
        At least 16 bytes. With the same key and texts in the same order, numbers are the same.
        By default a fresh one, forgotten at the end.
    """

    key: bytes = field(default_factory=lambda: token_bytes(32), repr=False)
    _number: dict[bytes, int] = field(default_factory=dict, repr=False)
    _last: dict[str, int] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        """Refuse a key that could be tried out."""
        if len(self.key) < _FEWEST_KEY_BYTES:
            msg = (
                f"'key' must have {_FEWEST_KEY_BYTES} bytes at least; got {len(self.key)}. "
                "Make one with secrets.token_bytes(32) and keep it where keys are kept."
            )
            raise UsageError(msg)

    def number(self, kind: str, written: str) -> int:
        """Give the number of what is written, from 1 and by kind, new when not met before."""
        same = f"{kind}\0{identity(kind, written)}".encode()
        digest = hmac.digest(self.key, same, hashlib.sha256)
        if digest not in self._number:
            self._last[kind] = self._number[digest] = self._last.get(kind, 0) + 1
        return self._number[digest]


def identity(kind: str, written: str) -> str:
    """Write so that the same person or number is written the same.

    Examples
    --------
    >>> identity("person", "PEREZ, Juan") == identity("person", "Juan Pérez")
    True
    >>> identity("tax_id", "111.444.777-35")
    '11144477735'
    """
    text = normalised(written).text
    words = [plain(w) for w in _LETTERS.findall(text)]
    if kind == "person":
        return " ".join(sorted(w for w in words if w not in JOINS))
    if any(c.isdigit() for c in text) and kind not in ("address", "email", "url"):
        return compact(text).replace("(", "").replace(")", "").upper()
    return " ".join(words)


def redact(
    text: str,
    entities: Iterable[Entity],
    *,
    mode: Mode = "placeholder",
    lang: str = "es",
    pseudonyms: Pseudonyms | None = None,
    same_length: bool = True,
) -> Redacted:
    """Replace what was found in a text.

    Parameters
    ----------
    text : str
        The text as it was given to `find_personal`.
    entities : iterable of Entity
        What to hide; offsets of `text`, not overlapping.
    mode : {"placeholder", "mask", "pseudonym", "highlight"}
        ``[CPF]``; ``███``; ``[PERSONA 3]``; or the text itself between marks, for a reviewer only.
    lang : {"es", "pt", "en"}
        Language of placeholders.
    pseudonyms : Pseudonyms, optional
        Numbers of a whole run; by default of this text alone.
    same_length : bool
        Whether a mask is as long as what it hides, or always three blocks, which tells less.

    Returns
    -------
    Redacted
        The new text and its spans, with offsets in the new text.

    Raises
    ------
    UsageError
        If the mode or the language does not exist.
    DataError
        If entities overlap or lie outside the text: they are those of another text.

    Examples
    --------
    >>> found = [Entity(4, 18, "tax_id", "checked", "br.cpf", "br")]
    >>> redact("CPF 111.444.777-35.", found, lang="pt").text
    'CPF [CPF].'
    """
    if mode not in MODES:
        msg = f"'mode' must be one of {', '.join(MODES)}; got {mode!r}."
        raise UsageError(msg)
    numbers = pseudonyms or Pseudonyms()
    pieces: list[str] = []
    spans: list[Span] = []
    at = length = 0
    for entity in _fitting(text, entities):
        hidden = text[entity.start : entity.end]
        shown = _shown(hidden, entity, mode, lang, numbers, same_length=same_length)
        pieces += (text[at : entity.start], shown)
        start = length + entity.start - at
        length, at = start + len(shown), entity.end
        spans.append(Span(start, length, "" if mode == "highlight" else shown, entity))
    return Redacted("".join((*pieces, text[at:])), tuple(spans))


def _fitting(text: str, entities: Iterable[Entity]) -> list[Entity]:
    ordered = sorted(entities)
    at = 0
    for entity in ordered:
        if not at <= entity.start < entity.end <= len(text):
            msg = (
                f"Entities must lie within the text, none over another; got one at {entity.start} "
                f"to {entity.end} in {len(text)} characters. Are they of another text?"
            )
            raise DataError(msg)
        at = entity.end
    return ordered


def _shown(
    hidden: str, entity: Entity, mode: Mode, lang: str, numbers: Pseudonyms, *, same_length: bool
) -> str:
    if mode == "mask":
        return (
            "".join(c if c in "\r\n" else _BLOCK for c in hidden)
            if same_length
            else _BLOCK * _FIXED
        )
    name = label(entity, lang)
    if mode == "pseudonym":
        return f"[{name} {numbers.number(entity.kind, hidden)}]"
    return f"[{name}: {hidden}]" if mode == "highlight" else f"[{name}]"


def redact_all(
    records: Iterable[str],
    find: Callable[[str], Sequence[Entity]],
    *,
    mode: Mode = "placeholder",
    lang: str = "es",
    pseudonyms: Pseudonyms | None = None,
) -> Iterator[Redacted]:
    """Redact records one by one, as they come, with one set of pseudonyms.

    Parameters
    ----------
    records : iterable of str
        Lines or texts; an id split over two records is not found, so give whole paragraphs.
    find : callable
        Gives the entities of a text, as `find_personal` or a `partial` of it.
    mode, lang, pseudonyms
        As of `redact`.

    Yields
    ------
    Redacted
        One a record, in order; memory holds one record at a time and the digests of pseudonyms.
    """
    numbers = pseudonyms or Pseudonyms()
    for record in records:
        yield redact(record, find(record), mode=mode, lang=lang, pseudonyms=numbers)
