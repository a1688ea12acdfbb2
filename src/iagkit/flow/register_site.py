"""A folder of sealed records → the register of an institution, as files that need no server."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError, OutputError, UsageError
from iagkit.core.record import Record
from iagkit.flow import register_data as data
from iagkit.flow.attesting import ENVELOPE
from iagkit.flow.noticing import LANGS, says
from iagkit.flow.publishing import system_record
from iagkit.flow.register_records import Found, Reason, System, found
from iagkit.flow.running import RECORD
from iagkit.registers.duties import Jurisdiction, duties
from iagkit.registers.filling import Filled, fill
from iagkit.registers.nouns import Profile
from iagkit.registers.profiles import load_profile
from iagkit.wire import signing
from iagkit.wire.output import OutputFolder
from iagkit.wire.register_files import reference

if TYPE_CHECKING:
    from iagkit.report.register_pages import Shown

MANIFEST: Final = "site.json"
KEY: Final = "public-key.pem"
SCHEMA: Final = "schemas/register-site.schema.json"
ADDRESS: Final = re.compile(r"""https?://[^\s"'<>\\]+""")
NAMED: Final = 3
"""Files of others that a refusal names."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was published, and what was not, with the reason.

    Parameters
    ----------
    systems : mapping of str to tuple of Record
        Records of each system, newest first.
    refused, older : mapping of str to Reason
        Files of records that are not published, and of those with a later state that is.
    publisher : str
        Institution of the catalogue; empty if nobody told it.
    files : tuple of str
    """

    systems: Mapping[str, tuple[Record, ...]]
    refused: Mapping[str, Reason]
    older: Mapping[str, Reason]
    publisher: str
    files: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Systems with their digests, newest first; records that were refused; files."""
        return {
            "systems": {name: [r.digest for r in rs] for name, rs in self.systems.items()},
            "refused": {name: english(why) for name, why in self.refused.items()},
            "older": {name: english(why) for name, why in self.older.items()},
            "publisher": self.publisher,
            "files": len(self.files),
        }


def register_site(
    folder: Path, out: Path, *, title: str = "", institution: str = "", base_url: str = "",
    lang: str = "en", registers: Sequence[str] = (), public_key: Path | None = None,
) -> Site:  # fmt: skip
    """Build the register; the same records always give the same bytes.

    Parameters
    ----------
    folder : Path
        Folders of runs, at any depth; ``answers.yaml`` beside a record is read too.
    out : Path
        Replaced as a whole if it is a site of ours and holds nothing else: see :func:`is_site`.
    title : str
    institution : str
        Of every record whose answers name no other.
    base_url : str
        Where the site will stand; with it there is a map of the site.
    lang : {"es", "pt", "en"}
        Language of ``index.html``.
    registers : sequence of str
        Names of the registers that are owed; those of a declared jurisdiction, if none is given.
    public_key : Path, optional
        Of the institution: only records that are signed with it are published, and it with them.

    Raises
    ------
    DataError
        If no record can be published.
    UsageError
        If the address, the key or the name of a register cannot be used.
    OutputError
        If the site would take the place of something else.
    """
    base = _base(base_url)
    refuse_others(out)
    key = None if public_key is None else _key(public_key)
    profiles = _verified(registers)
    read = found(folder, leave=out, institution=institution, public_key=public_key)
    if not read.systems:
        why = "; ".join(f"{name}: {english(one)}" for name, one in read.refused.items())
        msg = f"expected sealed records below '{folder}'; none can be published. {why or 'No file'}"
        raise DataError(f"{msg} '{RECORD}' is there" if not why else msg)
    site = _Site(found=read, title=title, base=base, lang=lang, profiles=profiles, key=key,
                 publisher=institution or _only_one(read))  # fmt: skip
    files = site.files()
    with OutputFolder(out, keep_previous=False, ours=is_site) as target:
        for name, content in files.items():
            place = target.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    return Site(
        systems={one.id: tuple(v.record for v in one.versions) for one in read.systems},
        refused=read.refused, older=read.older, publisher=site.publisher, files=tuple(files),
    )  # fmt: skip


def english(why: Reason) -> str:
    """A reason for a program."""
    return why if isinstance(why, str) else "; ".join(map(str, why))


def is_site(folder: Path) -> bool:
    """Tell whether a folder is a site of ours and holds nothing else.

    It is if ``site.json`` lists every file in it, and each is as it was written: what somebody
    added or edited is theirs, and is never removed.
    """
    return not others(folder)


def others(folder: Path) -> list[str]:
    """Names of the files in a folder that a site of ours did not write, or not like this."""
    try:
        told = json.loads((folder / MANIFEST).read_bytes())
        ours = told["files"] if told["format"] == data.FORMAT else {}
        known = {str(name): str(digest) for name, digest in ours.items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        known = {}
    there = [path for path in folder.rglob("*") if path.is_symlink() or not path.is_dir()]
    names = {path.relative_to(folder).as_posix(): path for path in there}
    if known:
        names.pop(MANIFEST, None)
    return sorted(name for name, path in names.items() if not _as_written(path, known.get(name)))


def refuse_others(out: Path) -> None:
    """Refuse before any work what would be refused after it, and name what stands there."""
    if out.is_dir() and (there := others(out)):
        named = ", ".join(f"'{name}'" for name in there[:NAMED])
        more = f" and {len(there) - NAMED} more" if len(there) > NAMED else ""
        msg = (
            f"expected a new folder, an empty one, or a site as iagkit wrote it; '{out}' holds "
            f"{named}{more}, which iagkit did not write or somebody edited. Nothing was touched: "
            "move those files away, or give --out another folder"
        )
        raise OutputError(msg)


def _as_written(path: Path, digest: str | None) -> bool:
    if digest is None or path.is_symlink() or not path.is_file():
        return False
    return hashlib.sha256(path.read_bytes()).hexdigest() == digest


def _base(url: str) -> str:
    if url and not ADDRESS.fullmatch(url):
        msg = f"expected an address that begins with https://; got '{url[:80]}'. Give it whole"
        raise UsageError(msg)
    return f"{url.rstrip('/')}/" if url else ""


def _key(path: Path) -> bytes:
    signing.public_key(path)
    return path.read_bytes()


def _verified(names: Sequence[str]) -> tuple[Profile, ...]:
    profiles = tuple(load_profile(name) for name in dict.fromkeys(names))
    unread = [one.id for one in profiles if one.verified == "no"]
    if unread:
        msg = (
            f"expected registers that somebody read at their source; {', '.join(unread)} was "
            "written from memory, and is not shown to the public. Leave it out"
        )
        raise UsageError(msg)
    return profiles


def _only_one(read: Found) -> str:
    named = {one.institution for one in read.systems}
    return named.pop() if len(named) == 1 else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Site:
    """What was found, and how it shall be told."""

    found: Found
    title: str
    publisher: str
    base: str
    lang: str
    profiles: tuple[Profile, ...]
    key: bytes | None

    def files(self) -> dict[str, bytes]:
        """Every file of the site; the last one lists the others."""
        files = dict(self._files())
        seals = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
        files[MANIFEST] = data.json_bytes({"format": data.FORMAT, "files": seals})
        return files

    def _files(self) -> Iterator[tuple[str, bytes]]:
        rows: dict[str, list[dict[str, Any]]] = {code: [] for code in LANGS}
        every = []
        for system in self.found.systems:
            forms = self._forms(system)
            pages = {code: self._page(system, forms, code) for code in LANGS}
            told = _data(system, {code: row for code, (row, _) in pages.items()}, forms)
            every.append(told)
            yield f"api/systems/{system.id}.json", data.json_bytes(told)
            for code, (row, page) in pages.items():
                rows[code].append(row)
                yield f"systems/{system.id}.{code}.html", page.encode()
            for one in system.versions:
                yield f"{data.place(system, one)}/{RECORD}", one.content
                if one.signature:
                    yield f"{data.place(system, one)}/{ENVELOPE}", one.signature
        yield from self._lists(rows)
        yield from self._feeds(every)
        yield from self._api(every)

    def _lists(
        self, rows: Mapping[str, Sequence[Mapping[str, Any]]]
    ) -> Iterator[tuple[str, bytes]]:
        from iagkit.report.register_pages import list_page

        for code in LANGS:
            drawn = list_page(rows[code], code, title=self.title, institution=self.publisher,
                              base=self.base).encode()  # fmt: skip
            yield f"index.{code}.html", drawn
            if code == self.lang:
                yield "index.html", drawn

    def _feeds(self, every: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
        from iagkit.report.voice import Voice

        for code in LANGS:
            sealed = Voice(code)._("record sealed")
            yield (
                f"feed.{code}.atom",
                data.feed(every, code, self._titles()[code], sealed, self.base),
            )

    def _api(self, every: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bytes]]:
        from iagkit.report.voice import Voice

        unsaid = "The institution has not said yet what the system is for."
        words = {code: Voice(code)._(unsaid) for code in LANGS}
        yield "api/systems.json", data.json_bytes({"format": data.FORMAT, "systems": every})
        yield "api/schema.json", reference(SCHEMA)
        told = data.catalogue(every, self._titles(), words, self.publisher, self.base)
        yield "catalog.jsonld", data.json_bytes(told)
        robots = "User-agent: *\nAllow: /\n"
        if self.base:
            pages = [{code: f"index.{code}.html" for code in LANGS},
                     *(one["pages"] for one in every)]  # fmt: skip
            yield "sitemap.xml", data.sitemap(pages, self.base)
            robots += f"Sitemap: {self.base}sitemap.xml\n"
        yield "robots.txt", robots.encode()
        if self.key is not None:
            yield KEY, self.key

    def _titles(self) -> dict[str, str]:
        from iagkit.report.voice import Voice

        return {code: self.title or Voice(code)._("Register of systems") for code in LANGS}

    def _forms(self, system: System) -> tuple[Filled, ...]:
        """The registers that are owed, filled as far as they are; counts are of no language."""
        newest = system.newest
        profiles = self.profiles or _declared(newest.record)
        if not profiles:
            return ()
        known = system_record(newest.record, newest.answers, self.lang)
        return tuple(fill(one, known, newest.answers) for one in profiles)

    def _page(
        self, system: System, forms: Sequence[Filled], code: str
    ) -> tuple[dict[str, Any], str]:
        from iagkit.report.register_pages import system_page

        return system_page(self._shown(system, forms, code), code)

    def _shown(self, system: System, forms: Sequence[Filled], code: str) -> Shown:
        from iagkit.report.register_pages import Shown

        newest = system.newest
        said = says(newest.record, newest.answers, code)
        if system.institution:
            said = {"org": system.institution, **said}
        folder = data.place(system, newest).removeprefix("systems/")
        links = {RECORD: f"{folder}/{RECORD}"}
        if newest.signature:
            links[ENVELOPE] = f"{folder}/{ENVELOPE}"
        if self.key is not None:
            links[KEY] = f"../{KEY}"
        return Shown(
            file=system.id, versions=[one.record for one in system.versions], said=said,
            forms=[data.form_data(one) for one in forms],
            links={**links, "JSON": f"../api/systems/{system.id}.json"},
            signed_by=newest.signed_by if newest.signature else None,
            key=KEY if self.key is not None else "", base=f"{self.base}systems/" * bool(self.base),
        )  # fmt: skip


def _declared(record: Record) -> tuple[Profile, ...]:
    """Registers of the duties that apply where the institution says the system is used."""
    told = record.prototype.get("jurisdiction")
    if not isinstance(told, Mapping):
        return ()
    known = {n: told.get(n) for n in ("country", "branch", "impact")}
    try:
        place = Jurisdiction(**{n: str(v) for n, v in known.items() if v is not None})
    except UsageError:
        return ()  # another iagkit declared it, in words that this one does not know
    names = [n for duty in duties(place) if duty.applies == "yes" for n in duty.profiles]
    profiles = (load_profile(name) for name in dict.fromkeys(names))
    return tuple(one for one in profiles if one.verified != "no")


def _data(
    system: System, rows: Mapping[str, Mapping[str, Any]], forms: Sequence[Filled]
) -> dict[str, Any]:
    titles = {code: str(row["title"]) for code, row in rows.items()}
    purposes = {code: str(row["purpose"]) for code, row in rows.items() if row["purpose"]}
    status = str(next(iter(rows.values()))["tone"])
    return data.system_data(system, titles, purposes, status, forms)
