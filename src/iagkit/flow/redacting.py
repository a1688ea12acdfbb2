"""Redact documents: read, find, hide, write, and read again to see that nothing is left."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any, Final

from iagkit.core.errors import UsageError
from iagkit.core.message import Message, say
from iagkit.flow.long_texts import Find, find_in_long, portions, telling
from iagkit.flow.training_tagger import default_path
from iagkit.text.privacy.entities import Entity, Tagger
from iagkit.text.privacy.find import find_personal
from iagkit.text.privacy.originals import Originals
from iagkit.text.privacy.redact import MODES, Mode, Pseudonyms, Redacted, Span, redact
from iagkit.wire.documents import txt
from iagkit.wire.documents.nouns import (
    DEFAULT,
    Document,
    Format,
    Hidden,
    Limits,
    Unread,
    UnreadableError,
    Written,
)
from iagkit.wire.documents.reading import WRITERS, each_document, read_one

PATTERNS_ONLY: Final = "patterns only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """How to redact; `numbers` are those of all documents of one run.

    Parameters
    ----------
    mode : {"placeholder", "mask", "pseudonym", "highlight"}
    lang : {"es", "pt", "en"}
        Language of placeholders and of the tagger.
    find : callable
        Finds personal data in a text of ordinary length.
    model : str
        Which tagger was used, or ``patterns only``.
    same : bool
        Whether to write the format that came in, else text.
    originals : Originals, optional
        Where to keep what was hidden, to be sealed.
    """

    mode: Mode = "placeholder"
    lang: str = "es"
    find: Find = find_personal
    model: str = PATTERNS_ONLY
    same: bool = False
    limits: Limits = DEFAULT
    numbers: Pseudonyms = field(default_factory=Pseudonyms, repr=False)
    originals: Originals | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedDocument:
    """A redacted document: its new bytes, its text, and where it was changed.

    ``spans`` are of ``text`` (the redacted one); each entity has offsets of ``original``, which
    holds what was hidden: it stays in memory.
    """

    name: str
    format: Format
    text: str
    spans: tuple[Span, ...]
    content: bytes = field(repr=False)
    written: Format
    original: str = field(repr=False)
    remarks: tuple[Message, ...] = ()

    def told(self, *, reveal: bool = False) -> list[dict[str, Any]]:
        """Spans for a machine: offsets in the extracted text; words only if they are asked for."""
        return [_told(s, self.original if reveal else None) for s in self.spans]


def asked(
    *,
    mode: Mode = "placeholder",
    lang: str = "es",
    kinds: Collection[str] | None = None,
    countries: Collection[str] | None = None,
    tagger: Tagger | str | Path | None = None,
    patterns_only: bool = False,
    same: bool = False,
    limits: Limits = DEFAULT,
    key: bytes | None = None,
    originals: Originals | None = None,
) -> Asked:
    """Settle how to redact.

    Parameters
    ----------
    mode, lang, same, limits
        As of `Asked`.
    kinds, countries : collection of str, optional
        As of `iagkit.text.privacy.find.find_personal`.
    tagger : Tagger or path, optional
        Default: the one in the cache, else the one shipped, else patterns alone.
    patterns_only : bool
        Whether to use no tagger at all.
    key : bytes, optional
        Key of pseudonyms that are the same in every run; never stored.
    originals : Originals, optional
        As of `Asked`.

    Raises
    ------
    UsageError
        If something that does not exist is asked for.
    """
    if mode not in MODES:
        msg = f"expected a mode among {', '.join(MODES)}; got '{mode}'"
        raise UsageError(msg)
    model, name = (None, PATTERNS_ONLY) if patterns_only else _tagger(tagger, lang)
    find = partial(find_personal, countries=countries, kinds=kinds, tagger=model)
    find("")
    if originals is not None and mode == "highlight":
        msg = "expected a mode that hides something; got 'highlight'. Seal what another mode hides"
        raise UsageError(msg)
    numbers = Pseudonyms() if key is None else Pseudonyms(key=key)
    return Asked(
        mode=mode, lang=lang, find=find, model=name, same=same, limits=limits, numbers=numbers,
        originals=originals,
    )  # fmt: skip


def _tagger(given: Tagger | str | Path | None, lang: str) -> tuple[Tagger | None, str]:
    from iagkit.text.privacy.tagger_files import load_tagger

    if given is not None and not isinstance(given, str | Path):
        return given, type(given).__name__
    cached = default_path(lang)
    path = given or (cached if cached.is_file() else None)
    found = load_tagger(lang, path)
    if found is None:
        return None, PATTERNS_ONLY
    return found, f"tagger of {lang}, learnt from {found.facts.get('corpora')}"


def redact_documents(source: str | Path, how: Asked) -> Iterator[RedactedDocument | Unread]:
    """Redact all documents of a file, folder, zip or manifest, in memory for one.

    Parameters
    ----------
    source : str or Path
        As of `iagkit.wire.documents.reading.read_documents`.
    how : Asked

    Yields
    ------
    RedactedDocument or Unread

    Raises
    ------
    DataError
        If there is nothing at the source.
    """
    for each in each_document(source, limits=how.limits):
        if each.unread:
            yield each.unread
        elif each.document:
            yield redact_document(each.document, each.content, how)


def redact_document(document: Document, content: bytes, how: Asked) -> RedactedDocument:
    """Redact one document; as text where its own format cannot be written without a leak."""
    new = _redacted(document.text, find_in_long(document.text, how.find), how)
    plain = RedactedDocument(
        name=document.name, format=document.format, text=new.text, spans=new.spans,
        content=new.text.encode("utf-8", "replace"), written="txt", original=document.text,
        remarks=document.remarks,
    )  # fmt: skip
    if not how.same or document.format == "txt" or how.mode == "highlight":
        return plain
    try:
        written = WRITERS[document.format](content, partial(_hide, how=how), how.limits)
    except UnreadableError as refusal:
        return replace(plain, remarks=(*plain.remarks, refusal.why, _AS_TEXT))
    if left := _left(plain, written, how.limits):
        return replace(plain, remarks=(*plain.remarks, left, _AS_TEXT))
    new_ones = (r for r in written.remarks if r not in plain.remarks)
    remarks = (*plain.remarks, *new_ones)
    return replace(plain, content=written.content, written=document.format, remarks=remarks)


_AS_TEXT: Final = say("it was written as plain text instead")


def _hide(text: str, how: Asked) -> list[Hidden]:
    new = _redacted(text, find_in_long(text, how.find), how)
    return [Hidden(s.entity.start, s.entity.end, s.shown) for s in new.spans]


def _redacted(text: str, found: Iterable[Entity], how: Asked) -> Redacted:
    new = redact(text, found, mode=how.mode, lang=how.lang, pseudonyms=how.numbers)
    if how.originals is not None:
        how.originals.number(text, new)
    return new


def _left(plain: RedactedDocument, written: Written, limits: Limits) -> Message | None:
    """Read what was written as a stranger would, and look for what was to be hidden."""
    pieces = {plain.original[s.entity.start : s.entity.end] for s in plain.spans} | {*written.gone}
    try:
        again = _one_line(read_one(plain.name, written.content, limits).text)
    except UnreadableError as refusal:
        if str(refusal.why) in ("it is empty", "it holds no text"):
            return None
        return say("what was written cannot be read again")
    if any(_stands(_one_line(p), again) for p in pieces if telling(p)):
        return say("something that was to be hidden would still be in it")
    return None


def _stands(piece: str, text: str) -> bool:
    """Whether a piece stands in a text by itself, and not as part of a longer word or number."""
    return piece in text and bool(re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text))


def _one_line(text: str) -> str:
    return " ".join(text.split())


def redact_stream(
    blocks: Iterable[str], how: Asked, *, kept: Counter[str], name: str | None = None
) -> Iterator[str]:
    """Redact a text as it comes, in memory for some pages of it; kinds found are counted.

    With a name, what was hidden is kept under it among the originals, if those are kept.
    """
    for portion, found in portions(blocks, how.find):
        new = _redacted(portion, found, how)
        if name is not None and how.originals is not None:
            how.originals.keep(name, portion, new)
        kept.update(s.entity.kind for s in new.spans)
        yield new.text


def safe_name(name: str, how: Asked) -> str:
    """Give a name of a file without what it tells of a person."""
    return txt.replaced(name, [h._replace(shown="_") for h in _hide(name, how)])


def _told(span: Span, original: str | None) -> dict[str, Any]:
    entity: Entity = span.entity
    told: dict[str, Any] = {
        "start": entity.start, "end": entity.end, "kind": entity.kind,
        "certainty": entity.certainty, "source": entity.source, "country": entity.country,
        "shown": span.shown,
    }  # fmt: skip
    return told if original is None else {**told, "text": original[entity.start : entity.end]}
