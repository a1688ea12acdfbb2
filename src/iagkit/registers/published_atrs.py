"""How complete ATRS records are that others published: what is blank, by field.

A published record is a page, a document or a sheet in which each field of the template stands
before what was answered to it; its number may stand before its name, or not at all.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import Final

from iagkit.core.errors import DataError
from iagkit.measures.rates import share
from iagkit.registers.nouns import Field, Profile
from iagkit.registers.profiles import load_profile
from iagkit.registers.published import Answer, Completed, FieldCount, Remark, answer

Row = Sequence[str]
VERSIONS: Final = ("uk-atrs", "uk-atrs-v3")
FINDER: Final = "algorithmic_transparency_record_"
SAFEGUARDS: Final = frozenset({
    "human review", "human decisions and review", "appeals and review", "impact assessments",
    "impact assessment", "risks and mitigations",
})  # fmt: skip
"""Names of the fields that tell what protects people."""
OF_MODELS: Final = ("2.4.2", "2.4.3")
"""Sections that a record of a tool off the shelf leaves out."""
FEWEST: Final = 3
"""Names of fields from which a file is taken for a record."""
_NUMBER: Final = re.compile(r"^(\d+(?:\.\d+)+)\s*[-\N{EN DASH}\N{EM DASH}:.)]*\s*")
_HEADING: Final = re.compile(
    r"^(?:tier [12]\b|\d+(?:\.\d+)*\s*[-\N{EN DASH}:.]?\s*$|section\b)", re.I
)


def count_atrs(records: Mapping[str, Sequence[Row]]) -> Completed:
    """Count what is blank in records of the Algorithmic Transparency Recording Standard.

    Parameters
    ----------
    records : mapping of str to sequence of row
        Name of a file → its rows of cells; a paragraph is a row of one.

    Returns
    -------
    Completed
        Over the fields of the version (4 or 3) whose names most of the files have. ``N/A`` is
        counted as words that say nothing, though the template allows it in tier 2. Of a tool off
        the shelf nobody can tell whether it owes the sections on its model: records that answer
        nothing of such a section are ``unclear`` there.

    Raises
    ------
    DataError
        If no file holds the fields of the template.
    """
    read = {one.id: _read_all(records, one) for one in map(load_profile, VERSIONS)}
    version = max(VERSIONS, key=lambda name: sum(map(len, read[name].values())))
    found = {name: told for name, told in read[version].items() if len(told) >= FEWEST}
    if not found:
        msg = (
            "expected records of the ATRS, in which the names of its fields stand before the "
            f"answers; got {len(records)} files without them. Give the folder of the records"
        )
        raise DataError(msg)
    fields = [one for one in load_profile(version).fields if not one.id.startswith(FINDER)]
    counts = [_counted(one, list(found.values())) for one in fields]
    guards = [one.name.casefold() in SAFEGUARDS for one in fields]
    ids = [one.id for one, guard in zip(fields, guards, strict=True) if guard]
    none = sum(all(answer(told.get(id_)) != "filled" for id_ in ids) for told in found.values())
    return Completed(
        rows=len(found),
        high_impact=len(found),
        none_filled=none,
        fields=tuple(c for c, guard in zip(counts, guards, strict=True) if not guard),
        safeguards=tuple(c for c, guard in zip(counts, guards, strict=True) if guard),
        remarks=tuple(Remark(kind="unread", column=n[:60]) for n in records if n not in found),
    )


def answers_in(rows: Iterable[Row], profile: Profile) -> dict[str, str]:
    """Field → what stands between its name and the next one; empty where nothing does."""
    names = _Names(profile)
    found: dict[str, list[str]] = {}
    here: str | None = None
    for row in rows:
        named, rest = names.first(row, found)
        if named is not None:
            here, found[named] = named, list(rest)
        elif here is not None and len(row) == 1 and not _HEADING.match(row[0]):
            found[here].append(row[0])
    return {name: " ".join(" ".join(told).split()) for name, told in found.items()}


class _Names:
    """Finds the names of a template's fields in what people wrote."""

    def __init__(self, profile: Profile) -> None:
        self._by_name: dict[str, list[str]] = {}
        self._by_number: dict[str, str] = {}
        for one in profile.fields:
            if not one.id.startswith(FINDER):
                self._by_name.setdefault(_plain(one.name), []).append(one.id)
                self._by_number[one.id] = _plain(one.name)

    def first(self, row: Row, found: Container[str]) -> tuple[str | None, Sequence[str]]:
        """The first field that a row names, and what stands after its name."""
        number = ""
        for k, cell in enumerate(row):
            told = _NUMBER.match(cell)
            number = told[1] if told else number
            words = cell[told.end() :] if told else cell
            if _plain(words) in self._by_name:
                return self._among(self._by_name[_plain(words)], number, found), row[k + 1 :]
            name = self._by_number.get(number, "\0")
            if told and _plain(words).startswith(f"{name} "):
                return number, [_after(words, name)]
        return None, ()

    def _among(self, ids: Sequence[str], number: str, found: Container[str]) -> str:
        """Of fields of one name that with the number, else the first that is still open."""
        left = [one for one in ids if one not in found] or list(ids)
        return number if number in ids else left[0]


def _after(words: str, name: str) -> str:
    """What a line says after the name that it begins with."""
    for end in range(len(name), len(words) + 1):
        if _plain(words[:end]) == name and not words[end : end + 1].isalnum():
            return words[end:]
    return ""


def _plain(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", name.casefold()).strip()


def _read_all(records: Mapping[str, Sequence[Row]], profile: Profile) -> dict[str, dict[str, str]]:
    return {name: answers_in(rows, profile) for name, rows in records.items()}


def _counted(field: Field, told: Sequence[Mapping[str, str]]) -> FieldCount:
    kinds = list(_kinds(field, told))
    n, required = len(kinds), field.required == "yes"
    return FieldCount(
        id=f"{field.id} {field.name}", required=required, n=n, not_due=0, unclear=len(told) - n,
        blank=kinds.count("blank"), boilerplate=kinds.count("boilerplate"),
        filled=kinds.count("filled"),
        unanswered=share([kind != "filled" for kind in kinds]) if kinds else None,
    )  # fmt: skip


def _kinds(field: Field, told: Sequence[Mapping[str, str]]) -> Iterator[Answer]:
    """How each record that owes the field answers it."""
    section = next((one for one in OF_MODELS if field.id.startswith(f"{one}.")), None)
    for record in told:
        of_section = [v for name, v in record.items() if section and name.startswith(f"{section}.")]
        if section is None or any(answer(value) == "filled" for value in of_section):
            yield answer(record.get(field.id))
