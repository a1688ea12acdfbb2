"""What stood where before a redaction, kept for who may know it: in memory, or sealed.

A text that nobody changed since is restored exactly. One that was worked on is restored where
pseudonyms still stand in it (``[PERSONA 3]``), since those say who they are.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from iagkit.core.errors import DataError
from iagkit.text.privacy.redact import Redacted

_FORMAT: Final = 1
_NUMBERED: Final = re.compile(r"\[[^\[\]\n]{1,60} \d+\]")


@dataclass(slots=True)
class _Growing:
    """A text that comes in parts: what is known of it, and its digest and length so far."""

    told: dict[str, Any] = field(repr=False)
    length: int = 0
    _sha: Any = field(default_factory=hashlib.sha256, repr=False)

    def digest_with(self, more: str) -> str:
        self.length += len(more)
        self._sha.update(_bytes(more))
        return str(self._sha.hexdigest())


class Restored(NamedTuple):
    """A text with its personal data back, in how many places, and whether it is the very one."""

    text: str
    places: int
    exact: bool


@dataclass(slots=True)
class Originals:
    """What was hidden in the texts of one run; nothing of it is ever printed.

    ``keep`` is called as texts are redacted, ``written`` gives bytes to seal, and ``read`` the same
    back from them.
    """

    _texts: list[dict[str, Any]] = field(default_factory=list, repr=False)
    _numbers: dict[str, str] = field(default_factory=dict, repr=False)
    _growing: dict[str, _Growing] = field(default_factory=dict, repr=False)

    def __len__(self) -> int:
        """How many texts are kept."""
        return len(self._texts)

    def keep(self, name: str, text: str, redacted: Redacted, *, between: str = "") -> None:
        """Remember what was hidden in a text, and under which name its redaction is written.

        What is kept again under a name is the text that follows, after `between`.
        """
        grown = self._growing.get(name)
        if grown is None:
            grown = self._growing[name] = _Growing({"name": name, "hidden": [], "places": []})
            self._texts.append(grown.told)
            between = ""
        begin = grown.length + len(between)
        told = grown.told
        told["hidden"] += [text[s.entity.start : s.entity.end] for s in redacted.spans]
        told["places"] += [[begin + s.start, begin + s.end] for s in redacted.spans]
        told["of"] = grown.digest_with(between + redacted.text)
        self.number(text, redacted)

    def number(self, text: str, redacted: Redacted) -> None:
        """Remember who the pseudonyms of a text are, and nothing of where they stand."""
        for s in redacted.spans:
            if _NUMBERED.fullmatch(s.shown):
                self._numbers.setdefault(s.shown, text[s.entity.start : s.entity.end])

    def written(self) -> bytes:
        """Give all as bytes, readable by whoever has them: seal them."""
        content = {"format": _FORMAT, "texts": self._texts, "numbers": self._numbers}
        return json.dumps(content, ensure_ascii=False).encode("utf-8", "surrogatepass")

    @classmethod
    def read(cls, content: bytes) -> Originals:
        """Read what `written` gave.

        Raises
        ------
        DataError
            If it is of another version.
        """
        told = json.loads(content.decode("utf-8", "surrogatepass"))
        if not isinstance(told, dict) or told.get("format") != _FORMAT:
            msg = (
                f"expected a table of format {_FORMAT}; this one is of another version of iagkit. "
                "Open it with the version that wrote it"
            )
            raise DataError(msg)
        return cls(told["texts"], told["numbers"])

    def restore(self, redacted_text: str, *, name: str = "", exactly: bool = False) -> Restored:
        """Give a text back as it was.

        Parameters
        ----------
        redacted_text : str
            A text of the run, as it was written; or any text in which its pseudonyms stand.
        name : str
            Under which it was written; asked only of redactions that are alike.
        exactly : bool
            Whether a text that was changed since is refused, pseudonyms or not.

        Raises
        ------
        DataError
            If it is none of them and has none of their pseudonyms, or two are alike and the name
            does not tell them apart.
        """
        same = [t for t in self._texts if t["of"] == _digest(redacted_text)]
        if same:
            one = _the_one(same, name)
            pieces = zip(one["places"], one["hidden"], strict=True)
            whole = _put_back(redacted_text, [(a, b, hidden) for (a, b), hidden in pieces])
            return Restored(whole, len(one["places"]), exact=True)
        known = [
            (m.start(), m.end(), self._numbers[m.group()])
            for m in _NUMBERED.finditer(redacted_text)
            if m.group() in self._numbers
        ]
        if exactly or not known:
            msg = (
                "expected a text of this table, or one with its pseudonyms; got another, or one "
                "changed since. Find the table that was sealed with it"
            )
            raise DataError(msg)
        return Restored(_put_back(redacted_text, known), len(known), exact=False)


def _the_one(same: Sequence[dict[str, Any]], name: str) -> dict[str, Any]:
    by_name = [t for t in same if t["name"] == name] or list(same)
    if any(t["hidden"] != by_name[0]["hidden"] for t in by_name):
        msg = (
            f"expected one text; {len(by_name)} of the table look alike once redacted. Give the "
            "file the name that redact gave it"
        )
        raise DataError(msg)
    return by_name[0]


def _put_back(text: str, pieces: Sequence[tuple[int, int, str]]) -> str:
    kept: list[str] = []
    at = 0
    for start, end, hidden in pieces:
        kept += (text[at:start], hidden)
        at = end
    return "".join((*kept, text[at:]))


def _digest(text: str) -> str:
    return hashlib.sha256(_bytes(text)).hexdigest()


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


@dataclass(slots=True, kw_only=True)
class SealedMap:
    """Originals of one text, sealed by whatever the institution has, as its key service.

    Parameters
    ----------
    seal, open : callable of bytes to bytes
        Authenticated encryption and its reverse. `iagkit.wire.sealing` has one of its own.
    """

    seal: Callable[[bytes], bytes] = field(repr=False)
    open: Callable[[bytes], bytes] = field(repr=False)

    def keep(self, text: str, redacted: Redacted) -> bytes:
        """Seal the hidden pieces of one text, with the digest of its redaction."""
        found = Originals()
        found.keep("", text, redacted)
        return self.seal(found.written())

    def restore(self, redacted_text: str, sealed: bytes) -> str:
        """Give the text back; refused if the redaction is not the one that was sealed."""
        return Originals.read(self.open(sealed)).restore(redacted_text, exactly=True).text
