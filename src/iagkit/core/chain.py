"""Remarks after sealing: each holds the digest of what it follows, so that none can be lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from iagkit.core.message import Message, say

Digest = Callable[[Any], str]


def link(remark: Mapping[str, str], follows: str, digest: Digest) -> dict[str, str]:
    """Return a remark with the digest of what it follows, and its own."""
    told = {**remark, "follows": follows}
    return {**told, "digest": digest(told)}


def broken(remarks: Any, sealed: str, digest: Digest) -> tuple[Message, ...]:
    """Tell what is wrong with the remarks of a record: edited, out of order, or lost.

    Parameters
    ----------
    remarks : list of mapping
        As they stand in the file.
    sealed : str
        Digest of the record, which the first remark follows.
    digest : callable
        By which the remarks were linked.

    Returns
    -------
    tuple of Message
        Nothing if each remark follows the one before it. That the last ones are missing shows
        only where their number is told elsewhere: in the seal, or in a signature.
    """
    if not isinstance(remarks, Sequence) or not all(isinstance(r, Mapping) for r in remarks):
        return (say("section '{name}' was changed after sealing", name="amendments"),)
    edited = [place for place, remark in enumerate(remarks, start=1) if not _whole(remark, digest)]
    if edited:
        return tuple(say("amendment {n} was edited", n=place) for place in edited)
    return tuple(_misplaced(remarks, sealed))


def _whole(remark: Mapping[str, Any], digest: Digest) -> bool:
    rest = {name: value for name, value in remark.items() if name != "digest"}
    texts = all(isinstance(value, str) for value in remark.values())
    return texts and "follows" in rest and digest(rest) == remark.get("digest")


def _misplaced(remarks: Sequence[Mapping[str, str]], sealed: str) -> Iterator[Message]:
    """Follow the links from the record on, and compare with the order in the file."""
    known, before = {sealed}, sealed
    here = {remark["digest"] for remark in remarks}
    for place, remark in enumerate(remarks, start=1):
        follows = remark["follows"]
        if follows != before and follows in known | here:
            yield say("amendment {n} is not in its place: they were reordered or repeated", n=place)
        elif follows != before:
            yield say("before amendment {n} one is missing, or it is of another record", n=place)
        before = remark["digest"]
        known.add(before)
