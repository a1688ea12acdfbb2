"""Plain text: decoded from all of its bytes, never guessed; and written again redacted."""

from __future__ import annotations

from collections.abc import Sequence

from iagkit.core.errors import DataError
from iagkit.core.message import say
from iagkit.wire import encodings
from iagkit.wire.documents.nouns import (
    Document,
    Hidden,
    Hide,
    Limits,
    UnreadableError,
    Written,
    bounded,
)


def read(name: str, content: bytes, limits: Limits) -> Document:
    """Read a text file.

    Raises
    ------
    UnreadableError
        If it is binary, mixes encodings, or is beyond the limits.
    """
    return Document(name=name, format="txt", text=bounded(decoded(content), limits))


def write(content: bytes, hide: Hide, limits: Limits) -> Written:
    """Write a text again, as UTF-8, without what is to be hidden."""
    text = bounded(decoded(content), limits)
    hidden = hide(text)
    return Written(
        content=replaced(text, hidden).encode("utf-8", "replace"),
        gone=tuple(text[h.start : h.end] for h in hidden),
    )


def replaced(text: str, hidden: Sequence[Hidden]) -> str:
    """Put what is shown in the place of what is hidden."""
    kept: list[str] = []
    at = 0
    for h in sorted(hidden):
        kept += (text[at : h.start], h.shown)
        at = h.end
    return "".join((*kept, text[at:]))


def decoded(content: bytes) -> str:
    """Decode bytes by the rules of `iagkit.wire.encodings`; lines end with a line feed.

    Raises
    ------
    UnreadableError
        If they are no text, or mix encodings.
    """
    try:
        encoding = encodings.detect(lambda: iter((content,)), name="text")
        return content.decode(encoding).replace("\r\n", "\n").replace("\r", "\n")
    except DataError as refusal:
        if "mixes two" in str(refusal):
            raise UnreadableError(
                say("it mixes two encodings; convert its parts to UTF-8 first")
            ) from None
        raise UnreadableError(say("it is not text, nor any other format that is read")) from None
    except UnicodeDecodeError:
        raise UnreadableError(
            say("it announces an encoding at its beginning that its bytes do not have")
        ) from None
