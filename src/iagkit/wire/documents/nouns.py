"""What a document is once read, what it may cost, and why one was not read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import Message, say

if TYPE_CHECKING:
    import pandas as pd

Format = Literal["pdf", "docx", "odt", "html", "eml", "txt"]
FORMATS: Final[tuple[Format, ...]] = ("pdf", "docx", "odt", "html", "eml", "txt")
_MEGA: Final = 1 << 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds of what is read, so that no file can exhaust the machine.

    Parameters
    ----------
    documents : int
        Most documents in a folder or archive.
    file_bytes, total_bytes : int, bytes
        Most of one document, and of all together, unpacked.
    pages, characters : int
        Most of one document.
    ratio : int
        Most that packed bytes may grow when unpacked, above one megabyte.
    depth : int
        Most archives, or e-mails, one within another.
    """

    documents: int = 100_000
    file_bytes: int = 100 * _MEGA
    total_bytes: int = 4096 * _MEGA
    pages: int = 5_000
    characters: int = 10_000_000
    ratio: int = 200
    depth: int = 3

    def __post_init__(self) -> None:
        """Refuse a bound that nothing could keep."""
        for name in self.__slots__:
            if getattr(self, name) < 1:
                msg = f"the limit '{name}' must be 1 or more; got {getattr(self, name)}"
                raise UsageError(msg)


DEFAULT: Final = Limits()


class UnreadableError(DataError):
    """One document that cannot be read; the others still are."""

    def __init__(self, why: Message) -> None:
        super().__init__(str(why))
        self.why = why


class Unread(NamedTuple):
    """A document that was not read, and why."""

    name: str
    why: Message


class Remark(NamedTuple):
    """What should be known of a document that was read."""

    name: str
    what: Message


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A text and where it came from.

    ``pages`` is known of PDF only. ``remarks`` tell what was not read in it: pages that are
    pictures, files within files, hidden text.
    """

    name: str
    format: Format
    text: str
    pages: int | None = None
    remarks: tuple[Message, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Documents:
    """All documents of a source: a row each, and what could not be read."""

    table: pd.DataFrame
    unread: tuple[Unread, ...]
    remarks: tuple[Remark, ...]


class Hidden(NamedTuple):
    """Characters ``[start, end)`` of a text to take out, and what a reader sees in their place."""

    start: int
    end: int
    shown: str


Hide = Callable[[str], Sequence[Hidden]]
"""Tells what to take out of a text; the border does not know how it is found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A redacted document, the texts that must not be in it, and what was left out of it."""

    content: bytes
    gone: tuple[str, ...]
    remarks: tuple[Message, ...] = ()


def bounded(text: str, limits: Limits) -> str:
    """Give a text back, letters that are none (lone surrogates) as ``?``, unless it is too long.

    Raises
    ------
    UnreadableError
        If it has more characters than allowed.
    """
    if len(text) > limits.characters:
        raise UnreadableError(
            say(
                "it has more than {most} characters; split it, or raise the limit of characters",
                most=limits.characters,
            )
        )
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
