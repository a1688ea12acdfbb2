"""A folder of sealed records → the register of an institution, as files that need no server."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from iagkit.core.errors import DataError, IagkitError
from iagkit.core.record import Record
from iagkit.flow.noticing import LANGS, says
from iagkit.flow.proving import inspect, refuse_changed
from iagkit.flow.publishing import read_answers
from iagkit.flow.running import RECORD
from iagkit.registers.answers import Answers
from iagkit.wire.output import OutputFolder

FORMAT: Final = "iagkit-register-site/1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Site:
    """What was published, and what was not, with the reason."""

    systems: Mapping[str, tuple[Record, ...]]
    refused: Mapping[str, str]
    files: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """Systems with their digests, newest first; records that were refused; files."""
        return {
            "systems": {name: [r.digest for r in rs] for name, rs in self.systems.items()},
            "refused": dict(self.refused),
            "files": len(self.files),
        }


def register_site(
    folder: Path, out: Path, *, title: str = "", institution: str = "", base_url: str = "",
    lang: str = "en",
) -> Site:  # fmt: skip
    """Build the register; the same records always give the same bytes.

    Parameters
    ----------
    folder : Path
        Folders of runs, at any depth; ``answers.yaml`` beside a record is read too.
    out : Path
        Replaced as a whole.
    title, institution, base_url : str
    lang : {"es", "pt", "en"}
        Language of ``index.html``.

    Raises
    ------
    DataError
        If no record can be published.
    """
    found, refused = _collected(folder)
    if not found:
        msg = f"expected sealed records below '{folder}'; none can be published: {refused}"
        raise DataError(msg)
    base = f"{base_url.rstrip('/')}/" if base_url else ""
    files = dict(_files(found, title, institution, base, lang))
    with OutputFolder(out, keep_previous=False) as target:
        for name, content in files.items():
            place = target.path / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(content)
    systems = {name: tuple(r for r, _ in some) for name, some in found.items()}
    return Site(systems=systems, refused=refused, files=tuple(files))


Found = dict[str, list[tuple[Record, Answers | None]]]


def _collected(folder: Path) -> tuple[Found, dict[str, str]]:
    known: dict[str, tuple[Record, Answers | None]] = {}
    refused = {}
    for path in sorted(folder.rglob(RECORD)):
        try:
            proof = inspect(path)
            refuse_changed(proof)
            if proof.record is None:
                continue
            beside = path.with_name("answers.yaml")
            given = read_answers(beside) if beside.is_file() else None
            says(proof.record, given, "en")
        except IagkitError as error:
            refused[str(path.relative_to(folder))] = str(error)
            continue
        before = known.get(proof.record.digest)
        if before is None or len(before[0].amendments) < len(proof.record.amendments):
            known[proof.record.digest] = (proof.record, given)
    found: Found = {}
    for one in sorted(known.values(), key=_age, reverse=True):
        found.setdefault(file_name(str(one[0].prototype.get("name", ""))), []).append(one)
    return dict(sorted(found.items())), refused


def _age(one: tuple[Record, Answers | None]) -> tuple[str, str]:
    return str(one[0].about.get("sealed_at", "")), one[0].digest


def file_name(name: str) -> str:
    """A name that is safe in a path, and another one for every other name."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    safe = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:60]
    if safe == name:
        return safe
    return f"{safe or 'system'}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def _files(
    found: Found, title: str, institution: str, base: str, lang: str
) -> Iterator[tuple[str, bytes]]:
    from iagkit.report.register_pages import list_page, system_page

    rows: dict[str, list[dict[str, Any]]] = {code: [] for code in LANGS}
    for name, some in found.items():
        versions = [record for record, _ in some]
        for code in LANGS:
            said = says(some[0][0], some[0][1], code)
            row, page = system_page(versions, said, code, name)
            rows[code].append(row)
            yield f"systems/{name}.{code}.html", page.encode()
        for record in versions:
            yield f"systems/{name}/{record.digest}.json", record.to_bytes()
        yield f"api/systems/{name}.json", _json(_system(name, versions))
    for code in LANGS:
        drawn = list_page(rows[code], code, title=title, institution=institution, base=base)
        yield f"index.{code}.html", drawn.encode()
        if code == lang:
            yield "index.html", drawn.encode()
    newest = [some[0][0] for some in found.values()]
    yield RECORD, newest[0].to_bytes()  # by it a later build knows the folder as its own
    every = [_system(name, [r for r, _ in some]) for name, some in found.items()]
    yield "api/systems.json", _json({"format": FORMAT, "systems": every})
    yield "catalog.jsonld", _json(_catalogue(every, title, institution, base))
    yield "feed.atom", _feed(every, title or "Register", base).encode()
    yield "robots.txt", b"User-agent: *\nAllow: /\n"


def _system(name: str, versions: Sequence[Record]) -> dict[str, Any]:
    first = versions[0]
    return {
        "format": FORMAT, "id": name, "title": dict(first.prototype.get("title") or {}),
        "digest": first.digest, "verified": True,
        "blocking_limits_failed": [v.check for v in first.blocked],
        "versions": [
            {"digest": r.digest, "sealed_at": str(r.about.get("sealed_at", "")),
             "record": f"systems/{name}/{r.digest}.json",
             "amendments": [dict(a) for a in r.amendments]} for r in versions
        ],
    }  # fmt: skip


def _catalogue(
    every: Sequence[Mapping[str, Any]], title: str, institution: str, base: str
) -> dict[str, Any]:
    return {
        "@context": {"dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/"},
        "@type": "dcat:Catalog", "dct:title": title or "Register",
        **({"dct:publisher": institution} if institution else {}),
        "dcat:dataset": [
            {"@type": "dcat:Dataset", "dct:identifier": one["id"],
             "dct:title": [{"@value": t, "@language": c} for c, t in one["title"].items()],
             "dcat:distribution": [
                 {"@type": "dcat:Distribution", "dcat:mediaType": "application/json",
                  "dcat:downloadURL": {"@id": base + v["record"]}} for v in one["versions"]]}
            for one in every
        ],
    }  # fmt: skip


def _feed(every: Sequence[Mapping[str, Any]], title: str, base: str) -> str:
    from iagkit.report.register_pages import escaped

    told = []
    for one in every:
        for v in one["versions"]:
            told.append((v["sealed_at"], v["digest"], one["id"], one["id"]))
            told += [(a["at"], a["digest"], one["id"], a["reason"]) for a in v["amendments"]]
    told.sort(reverse=True)
    entries = "".join(
        f"<entry><id>urn:iagkit:{digest}</id><title>{escaped(what)}</title><updated>{at}</updated>"
        f'<link href="{escaped(base)}systems/{name}.en.html"/></entry>\n'
        for at, digest, name, what in told
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">'
        f"<id>urn:iagkit:register:{hashlib.sha256((base + title).encode()).hexdigest()}</id>"
        f"<title>{escaped(title)}</title><updated>{told[0][0]}</updated>"
        f"<author><name>{escaped(title)}</name></author>\n{entries}</feed>\n"
    )


def _json(told: Any) -> bytes:
    return (json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()
