"""What was sealed, and what it allows: verify and promote."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from iagkit import __version__
from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.message import Message, say
from iagkit.core.record import Record, read, to_json
from iagkit.flow.running import RECORD, sha256_of, wording

PAGES = ("report.es.html", "report.pt.html", "report.en.html")
CHOSEN = ("report.html", "report.md")
"""Pages in one of the languages, whichever was chosen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A file, a section or a remark, and whether it is as it was sealed and signed.

    Parameters
    ----------
    name : str
    status : {"ok", "absent", "as the record", "signed", "not compared", "not checked", \
"not sealed", "changed"}
    why : Message, optional
        What was changed; of changed parts only.
    """

    name: str
    status: str
    why: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Proof:
    """What a record and everything beside it were found to be.

    Parameters
    ----------
    record : Record or None
        ``None`` if it was changed, so that nothing of it can be believed.
    parts : tuple of Part
    signed_by : str
        Name of the key that the signature was checked with; empty if there was none.
    """

    record: Record | None
    parts: tuple[Part, ...]
    signed_by: str = ""

    @property
    def changed(self) -> tuple[Part, ...]:
        """Parts that are not as they were sealed or signed."""
        return tuple(part for part in self.parts if part.why is not None)

    def told(self) -> dict[str, Any]:
        """Return names and statuses, and of the record its digest and number of remarks."""
        known = self.record
        about = {"digest": known.digest, "amendments": len(known.amendments)} if known else {}
        first = {"record": "ok" if known else "changed", **about}
        signed = {"signed_by": self.signed_by} if self.signed_by else {}
        return {**first, **{part.name: part.status for part in self.parts}, **signed}


def verify(path: Path, *, public_key: Path | None = None) -> dict[str, Any]:
    """Check a record, the files sealed with it, and that the pages tell what it says.

    Parameters
    ----------
    path : Path
        ``record.json``, or the folder it is in.
    public_key : Path, optional
        Of the institution: the signature beside the record must be of it.

    Returns
    -------
    dict
        ``record``, ``digest``, ``amendments``, and for each file ``ok``, ``absent``, ``not
        sealed`` for what is no part of the record or, for pages that another version of iagkit,
        or other wording, wrote, ``signed`` if the signature covers them, else ``not compared``.

    Raises
    ------
    IntegrityError
        Naming each section, remark, file or page that was changed.
    """
    record_in(path)
    proof = inspect(path, public_key=public_key)
    refuse_changed(proof)
    return proof.told()


def refuse_changed(proof: Proof) -> None:
    """Raise an IntegrityError that names every part that was changed, if one was."""
    if proof.changed:
        why = tuple(part.why for part in proof.changed if part.why is not None)
        msg = f"{'; '.join(map(str, why))}. Take the files of the original run"
        raise IntegrityError(msg, why)


def inspect(
    path: Path, *, public_key: Path | None = None, signed: bool = True, pages: bool = True
) -> Proof:
    """Check everything that :func:`verify` does, and tell what was found instead of refusing.

    Parameters
    ----------
    path : Path
    public_key : Path, optional
    signed : bool
        Whether to look at the signature too: one that is to be renewed need not hold.
    pages : bool
        Whether to write the pages again and compare: not for who publishes the record alone.

    Raises
    ------
    DataError
        If there is no record at all.
    UsageError
        If the public key cannot be used.
    """
    folder = path if path.is_dir() else path.parent
    record, parts = None, list[Part]()
    try:
        record = record_in(path)
        parts += [*_attachments(record, folder), *(_pages(record, folder) if pages else ())]
    except IntegrityError as error:
        why = error.changed or (say("it is not the JSON of a sealed record"),)
        parts += [Part(name=RECORD, status="changed", why=one) for one in why]
    signed_by, more = _signature(folder, record, public_key) if signed else ("", [])
    known = {part.name for part in parts if part.why is not None}
    intact = {part.name for part in more if part.status == "signed"}
    parts = [_as_signed(part) if part.name in intact else part for part in parts]
    parts += [part for part in more if part.name not in known | intact]
    if record is not None and path.is_dir():
        parts += _others(folder, {part.name for part in parts})
    return Proof(record=record, parts=tuple(parts), signed_by=signed_by)


def _as_signed(part: Part) -> Part:
    """Tell a page that cannot be written again as one that the signature covers."""
    return replace(part, status="signed") if part.status == "not compared" else part


def _attachments(record: Record, folder: Path) -> Iterator[Part]:
    for name, told in record.artifacts.items():
        if (strange := _no_file(folder / name)) is not None:
            yield Part(name=name, status="changed", why=strange)
        elif not (folder / name).is_file():
            yield Part(name=name, status="absent")
        elif (found := sha256_of(folder / name)) == told:
            yield Part(name=name, status="ok")
        else:
            yield Part(name=name, status="changed", why=_swapped(name, found, record))


def _no_file(place: Path) -> Message | None:
    """Tell a link, a folder or a pipe where a file should be; nothing if there is nothing."""
    if place.is_symlink():
        return say("'{name}' is a link: where it leads can change", name=place.name)
    if place.exists() and not place.is_file():
        return say("'{name}' is no file, but something else of that name", name=place.name)
    return None


def _others(folder: Path, told: set[str]) -> list[Part]:
    """Name what lies beside the record and is no part of it: notes and lists of the team."""
    known = {*told, RECORD, *PAGES, *CHOSEN}
    names = sorted(file.name for file in folder.iterdir() if not file.name.startswith("."))
    return [Part(name=name, status="not sealed") for name in names if name not in known]


def _swapped(name: str, found: str, record: Record) -> Message:
    """Tell a file that stands in the place of another from one that was edited."""
    for other, told in record.artifacts.items():
        if told == found:
            return say("'{name}' was changed: it is what was sealed as '{other}'",
                       name=name, other=other)  # fmt: skip
    return say("'{name}' was changed after the record was sealed", name=name)


def _signature(
    folder: Path, record: Record | None, public_key: Path | None
) -> tuple[str, list[Part]]:
    """Compare with the signature, if there is one; with a key there must be one."""
    from iagkit.flow import attesting

    name = attesting.ENVELOPE
    place = folder / name
    if not place.exists() and not place.is_symlink():
        if public_key is None:
            return "", []
        return "", [Part(name=name, status="changed", why=say("the signature is missing"))]
    try:
        held = attesting.holds(folder, record, place, public_key)
    except IntegrityError as error:
        return "", [Part(name=name, status="changed", why=why) for why in error.changed]
    parts = [Part(name=one, status="changed", why=why) for one, why in held.broken.items()]
    sealed = set(record.artifacts) if record else set()  # whose absence was told already
    parts += [Part(name=one, status="absent") for one in held.absent if one not in sealed]
    parts += [Part(name=one, status="signed") for one in held.intact]
    whole = [] if name in held.broken else ["ok" if held.signed_by else "not checked"]
    return held.signed_by, [*parts, *(Part(name=name, status=status) for status in whole)]


def _pages(record: Record, folder: Path) -> list[Part]:
    """Write the pages again, as the record is now and as it was sealed, and compare."""
    names = [*PAGES, *CHOSEN]
    strange = {name: why for name in names if (why := _no_file(folder / name)) is not None}
    found = [Part(name=name, status="changed", why=why) for name, why in strange.items()]
    here = [name for name in names if name not in strange and (folder / name).is_file()]
    sealed = record.about.get("wording", wording())
    if not here or record.about.get("iagkit") != __version__ or sealed != wording():
        return [*found, *(Part(name=name, status="not compared") for name in here)]
    told = _written(record)
    if record.amendments:
        told += _written(replace(record, amendments=()))
    return [*found, *(_page(name, (folder / name).read_bytes(), told) for name in here)]


def _page(name: str, content: bytes, told: Sequence[Mapping[str, bytes]]) -> Part:
    suffix = Path(name).suffix
    names = [name] if name in PAGES else [p for p in told[0] if p.endswith(suffix)]
    if content in [pages[n] for pages in told for n in names]:
        return Part(name=name, status="as the record")
    why = say("'{name}' does not tell what the record says: it was edited", name=name)
    return Part(name=name, status="changed", why=why)


def _written(record: Record) -> list[dict[str, bytes]]:
    """Pages by name; those in Markdown as ``report.<lang>.md``."""
    from iagkit.report.write import drawn_pages

    return [{name: page.encode() for name, page in drawn_pages(record).items()}]


def promote(folder: Path, *, store: str | None = None, by: str | None = None) -> dict[str, Any]:
    """Make the model of a run the champion, if its sealed record allows it.

    Parameters
    ----------
    folder : Path
        What :func:`iagkit.run` wrote.
    store : str, optional
    by : str, optional
        Who answers for it.

    Returns
    -------
    dict
        The promotion, and ``not_passed``: limits that do not block but were not met, or of
        which it is not known; somebody has to answer for them.

    Raises
    ------
    TrackingError
        If a blocking gate failed or is unknown, or the store does not hold the run.
    IntegrityError
        If record or model are not the sealed ones.
    """
    from iagkit.track import promotion
    from iagkit.track.store import Store

    verify(folder)
    done = to_json(promotion.promote(Store.open(store), folder, by=by))
    open_points = [v for v in record_in(folder).verdicts if v.result != "pass"]
    return {**done, "not_passed": [_told(v.check, v.where, v.result) for v in open_points]}


def _told(check: str, where: Any, result: str) -> str:
    place = ", ".join(f"{column} {value}" for column, value in where.items())
    return f"{check}{f' ({place})' if place else ''}: {result}"


def record_in(path: Path) -> Record:
    """Read a sealed record, from its file or folder."""
    file = path / RECORD if path.is_dir() else path
    if not file.is_file():
        msg = f"expected a sealed record; there is no file '{file}'. It is '{RECORD}' of a run"
        raise DataError(msg)
    if file.is_symlink():
        what = say("'{name}' is a link: where it leads can change", name=file.name)
        msg = f"expected a sealed record as a file; {what}. Name the file it leads to"
        raise IntegrityError(msg, (what,))
    try:
        record = read(file.read_bytes())
    except (RecursionError, ValueError, TypeError, AttributeError, LookupError):
        msg = f"expected a sealed record; '{file}' is JSON of another shape. Take the original file"
        raise IntegrityError(msg, (say("it is not the JSON of a sealed record"),)) from None
    sealed = record.artifacts
    if not isinstance(sealed, dict) or any(Path(name).name != name for name in sealed):
        msg = f"expected names of files beside '{file}' in 'artifacts'; got something else"
        what = say("section '{name}' was changed after sealing", name="artifacts")
        raise IntegrityError(msg, (what,))
    return record
