"""What a register of systems tells to programs: JSON, DCAT, Atom, a map of the site."""

from __future__ import annotations

import hashlib
import json
import re
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Final

from iagkit.core.record import to_json
from iagkit.flow.attesting import ENVELOPE
from iagkit.flow.register_records import System, Version
from iagkit.flow.running import RECORD
from iagkit.registers.filling import Filled
from iagkit.report.voice import TAGS

FORMAT: Final = "iagkit-register-site/1"
LONG_AGO: Final = "1970-01-01T00:00:00Z"
"""Time of a feed in which nothing tells its own."""
UNWRITABLE: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What no document of XML 1.0 may hold."""
MEDIA: Final = "https://www.iana.org/assignments/media-types/application/json"
CONTEXT: Final = {
    "dcat": "http://www.w3.org/ns/dcat#", "dct": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/", "xsd": "http://www.w3.org/2001/XMLSchema#",
}  # fmt: skip

Words = Mapping[str, str]
"""Language → text."""


def place(system: System, version: Version) -> str:
    """Folder of a version, from the folder of the site."""
    return f"systems/{system.id}/{version.record.digest[:16]}"


def system_data(
    system: System, titles: Words, purposes: Words, status: str, forms: Sequence[Filled]
) -> dict[str, Any]:
    """A system for programs; every address is from the folder of the site."""
    record = system.newest.record
    return {
        "format": FORMAT, "id": system.id, "institution": system.institution,
        "title": dict(titles), "purpose": dict(purposes), "status": status, "verified": True,
        "digest": record.digest, "blocking_limits_failed": [v.check for v in record.blocked],
        "pages": {lang: f"systems/{system.id}.{lang}.html" for lang in titles},
        "registers": [form_data(one) for one in forms],
        "figures": [_figure(system, verdict) for verdict in record.verdicts],
        "versions": [_version(system, one) for one in system.versions],
    }  # fmt: skip


def form_data(filled: Filled) -> dict[str, Any]:
    """A register, and how many of its required fields are filled by whom."""
    profile = filled.profile
    return {
        "id": profile.id, "title": profile.title, "version": profile.version,
        "verified": profile.verified, "required": asdict(filled.completeness()),
    }  # fmt: skip


def _figure(system: System, verdict: Any) -> dict[str, Any]:
    finding = system.newest.record.find(verdict.check, **verdict.where)
    told = to_json(finding) if finding else {}
    kept = {name: told[name] for name in ("estimate", "because") if name in told}
    return {
        "check": verdict.check, "where": dict(verdict.where), "result": verdict.result,
        "on_fail": verdict.on_fail, "limit": str(verdict.because),
        **(kept or {"because": str(verdict.because)}),
    }  # fmt: skip


def _version(system: System, one: Version) -> dict[str, Any]:
    folder, record = place(system, one), one.record
    return {
        "digest": record.digest, "head": record.head, "sealed_at": one.at,
        "record": f"{folder}/{RECORD}",
        "signature": f"{folder}/{ENVELOPE}" if one.signature else None,
        "signed_by": one.signed_by, "amendments": [dict(a) for a in record.amendments],
    }  # fmt: skip


def catalogue(
    every: Sequence[Mapping[str, Any]], titles: Words, unsaid: Words, publisher: str, base: str
) -> dict[str, Any]:
    """The register as a catalogue that has what DCAT-AP 3 makes mandatory.

    Parameters
    ----------
    every : sequence of mapping
        Systems, as :func:`system_data` tells them.
    titles, unsaid : mapping of str to str
        Of the register; and that an institution has not said what a system is for.
    publisher : str
        Mandatory too; the catalogue is published without, and not valid, if nobody told it.
    base : str
        Address of the site with a slash at its end; empty if it is not known.

    Notes
    -----
    Of a catalogue title, description and publisher are mandatory, of a data set title and
    description, of a distribution the address, of an agent its name [1]_.

    References
    ----------
    .. [1] SEMIC (2024). DCAT-AP 3.0.0, SHACL shapes.
    """
    return {
        "@context": CONTEXT, "@id": f"{base}catalog.jsonld", "@type": "dcat:Catalog",
        "dct:title": _literals(titles), "dct:description": _literals(titles),
        **_publisher(publisher),
        "foaf:homepage": {"@id": f"{base}index.html", "@type": "foaf:Document"},
        "dcat:dataset": [_dataset(one, unsaid, publisher, base) for one in every],
    }  # fmt: skip


def _dataset(told: Mapping[str, Any], unsaid: Words, publisher: str, base: str) -> dict[str, Any]:
    pages = [{"@id": base + page, "@type": "foaf:Document"} for page in told["pages"].values()]
    return {
        "@id": f"{base}api/systems/{told['id']}.json", "@type": "dcat:Dataset",
        "dct:identifier": told["id"], "dct:title": _literals(told["title"]),
        "dct:description": _literals({**unsaid, **told["purpose"]}),
        **_publisher(told["institution"] or publisher), "dcat:landingPage": pages,
        "dcat:distribution": [_distribution(one, base) for one in told["versions"]],
    }  # fmt: skip


def _distribution(told: Mapping[str, Any], base: str) -> dict[str, Any]:
    address = {"@id": base + told["record"]}
    at = moment(told["sealed_at"])
    issued = {"dct:issued": {"@value": at, "@type": "xsd:dateTime"}} if at else {}
    return {
        "@type": "dcat:Distribution", "dcat:accessURL": address, "dcat:downloadURL": address,
        "dcat:mediaType": {"@id": MEDIA}, "dct:identifier": told["digest"], **issued,
    }  # fmt: skip


def _publisher(name: str) -> dict[str, Any]:
    return {"dct:publisher": {"@type": "foaf:Agent", "foaf:name": name}} if name else {}


def _literals(words: Words) -> list[dict[str, str]]:
    return [{"@value": text, "@language": lang} for lang, text in words.items() if text]


def feed(
    every: Sequence[Mapping[str, Any]], lang: str, title: str, sealed: str, base: str
) -> bytes:
    """What was sealed and remarked upon, newest first: Atom, as RFC 4287 has it."""
    told = []
    for one in every:
        for v in one["versions"]:
            at = moment(v["sealed_at"])
            told.append((at, v["digest"], one, sealed))
            told += [
                (moment(a["at"]) or at, a["digest"], one, f"{a['author']}: {a['reason']}")
                for a in v["amendments"]
            ]
    dated = sorted((one for one in told if one[0]), key=lambda one: one[:2], reverse=True)
    entries = "".join(_entry(at, digest, one, what, lang, base) for at, digest, one, what in dated)
    own = f'<link rel="self" href="{xml(base)}feed.{lang}.atom"/>'
    return (
        f'<?xml version="1.0" encoding="utf-8"?>\n'
        f'<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{TAGS[lang]}">\n'
        f"<id>{_urn(base, title)}</id><title>{xml(title)}</title>{own}"
        f"<updated>{dated[0][0] if dated else LONG_AGO}</updated>"
        f"<author><name>{xml(title)}</name></author>\n{entries}</feed>\n"
    ).encode()


def _entry(at: str, digest: str, one: Mapping[str, Any], what: str, lang: str, base: str) -> str:
    page = xml(base + one["pages"][lang])
    return (
        f"<entry><id>{_urn(one['id'], digest)}</id>"
        f"<title>{xml(one['title'][lang])}: {xml(what)}</title><updated>{at}</updated>"
        f'<link rel="alternate" type="text/html" href="{page}"/></entry>\n'
    )


def sitemap(pages: Sequence[Mapping[str, str]], base: str) -> bytes:
    """Every page with the same page in other languages; the protocol wants whole addresses.

    Parameters
    ----------
    pages : sequence of mapping of str to str
        Language → page, from the folder of the site.
    base : str
    """
    return (
        '<?xml version="1.0" encoding="utf-8"?>\n'
        '<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n'
        f"{''.join(_addresses(pages, base))}</urlset>\n"
    ).encode()


def _addresses(pages: Sequence[Mapping[str, str]], base: str) -> Iterator[str]:
    for one in pages:
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{TAGS[lang]}" href="{xml(base + page)}"/>'
            for lang, page in one.items()
        )
        for page in one.values():
            yield f"<url><loc>{xml(base + page)}</loc>{others}</url>\n"


def moment(told: str) -> str:
    """A time as RFC 3339 writes it, in UTC; nothing if it is none.

    Examples
    --------
    >>> moment("2026-05-31T10:00:00-03:00"), moment("yesterday")
    ('2026-05-31T13:00:00Z', '')
    """
    try:
        read = datetime.fromisoformat(told)
        aware = read if read.tzinfo else read.replace(tzinfo=UTC)
        return f"{aware.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
    except (ValueError, OverflowError):
        return ""


def xml(text: str) -> str:
    """Words inside XML."""
    from markupsafe import escape

    return str(escape(UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)))


def json_bytes(told: Any) -> bytes:
    """JSON that people can read, always the same."""
    return (json.dumps(told, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


def _urn(*parts: str) -> str:
    """A name that is the same for the same thing, and needs no address."""
    seed = hashlib.sha256("\n".join(parts).encode()).digest()
    return uuid.UUID(bytes=seed[:16], version=5).urn
