"""How complete a register is that others published: what is blank, by field and safeguard.

Of the US inventory of 2025, by its own data dictionary: ``audits/registers``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from iagkit.core.errors import DataError
from iagkit.core.nouns import Estimate
from iagkit.measures.rates import share
from iagkit.registers.published_rules import IMPACT, STAGE, Rule, us_rules
from iagkit.wire.register_files import reference

Answer = Literal["blank", "boilerplate", "filled"]
SAFEGUARD: Final = "hi_"
BOILERPLATE: Final = frozenset(
    {"n/a", "na", "tbd", "tba", "none", "null", "nan", "unknown", "pending", "-", "--", ".",
     "to be determined", "to be completed", "not available", "[]"}
)  # fmt: skip
"""What stands in a field and answers nothing. 'Not applicable' is a choice of the form."""
_HEADING: Final = re.compile(
    r"^### \d+\) `(\w+)`\n(?:\*Note.*\n)?(?:- \*\*Original Excel Header:\*\* '(.*)')?", re.M
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldCount:
    """How a field is answered, over the uses that owe it.

    Parameters
    ----------
    id : str
        As the data dictionary calls it.
    required : bool
        Whether the dictionary asks for it; an optional field is counted over all uses.
    n, blank, boilerplate, filled : int
        Uses that owe it, and how they answer.
    not_due, unclear : int
        Uses that do not owe it; and those of which nobody can tell, because the field that
        decides it is blank.
    unanswered : Estimate or None
        Share of ``n`` that is blank or says nothing, with Wilson's interval, as if these uses
        were drawn from more of their kind; ``None`` if no use owes it.
    """

    id: str
    required: bool
    n: int
    not_due: int
    unclear: int
    blank: int
    boilerplate: int
    filled: int
    unanswered: Estimate | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """What was not as the data dictionary has it.

    Parameters
    ----------
    kind : {"unknown", "renamed", "absent", "unread"}
        A column that the dictionary has not, one of another spelling, one that is not there; a
        file that is no record.
    column : str
        As the file has it, or the dictionary if it is absent.
    name : str
        As the dictionary calls a column that was renamed.
    """

    kind: Literal["unknown", "renamed", "absent", "unread"]
    column: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completed:
    """A register, counted.

    Parameters
    ----------
    rows, high_impact : int
        All uses; those that owe every safeguard: of the US inventory the high-impact and deployed
        ones, of ATRS records all.
    none_filled : int
        Of those, how many answer no safeguard at all.
    fields, safeguards : tuple of FieldCount
        Each over the uses that owe it, by the dictionary's own conditions.
    remarks : tuple of Remark
        Columns that were renamed, are unknown or are not there.
    """

    rows: int
    high_impact: int
    none_filled: int
    fields: tuple[FieldCount, ...]
    safeguards: tuple[FieldCount, ...]
    remarks: tuple[Remark, ...]


def us_fields() -> dict[str, str]:
    """Column → header of the agencies' own spreadsheets, from the data dictionary."""
    text = reference("us_2025_data_dictionary.md").decode("utf-8").replace("\r\n", "\n")
    return {name: header or name for name, header in _HEADING.findall(text)}


def answer(value: str | None) -> Answer:
    """Tell what stands in a field: nothing, words that say nothing, or an answer."""
    plain = " ".join((value or "").split()).casefold()
    if not plain:
        return "blank"
    return "boilerplate" if plain in BOILERPLATE else "filled"


def count_us(header: Sequence[str], rows: Iterable[Mapping[str, str | None]]) -> Completed:
    """Count what is blank in an inventory of the United States.

    Parameters
    ----------
    header : sequence of str
        Columns; the long headers of the spreadsheets are known too.
    rows : iterable of mapping of str to str
        A use each.

    Raises
    ------
    DataError
        If the columns of stage and impact are not there, or there is no use.
    """
    names, remarks = _known(header)
    found = {name: column for column, name in names.items()}
    if missing := [name for name in (STAGE, IMPACT) if name not in found]:
        msg = (
            f"expected an inventory with the columns {STAGE} and {IMPACT}; there is no "
            f"{' and no '.join(missing)}. Give the CSV of individual uses"
        )
        raise DataError(msg)
    told = [{name: row.get(column) for name, column in found.items()} for row in rows]
    if not told:
        msg = "expected an inventory with uses; it has none. Give the file with its rows"
        raise DataError(msg)
    owing = [row for row in told if _owes(row)]
    safeguards = [name for name in found if name.startswith(SAFEGUARD)]
    rules = us_rules()
    counts = {name: _counted(name, rules[name], told) for name in found}
    none = sum(all(answer(row[name]) != "filled" for name in safeguards) for row in owing)
    return Completed(
        rows=len(told),
        high_impact=len(owing),
        none_filled=none if safeguards else 0,
        fields=tuple(one for n, one in counts.items() if n not in safeguards),
        safeguards=tuple(counts[name] for name in safeguards),
        remarks=remarks,
    )


def _known(header: Sequence[str]) -> tuple[dict[str, str], tuple[Remark, ...]]:
    known = us_fields()
    plain = {_plain(word): name for name, long in known.items() for word in (name, long)}
    names: dict[str, str] = {}
    remarks = []
    for column in header:
        name = plain.get(_plain(column))
        if name is None or name in names.values():
            remarks.append(Remark(kind="unknown", column=column[:60]))
            continue
        names[column] = name
        if column != name:
            remarks.append(Remark(kind="renamed", column=column[:60], name=name))
    absent = [name for name in known if name not in names.values()]
    return names, (*remarks, *(Remark(kind="absent", column=name) for name in absent))


def _plain(word: str) -> str:
    return re.sub(r"[^a-z0-9]+", " ", word.casefold()).strip()


def _owes(row: Mapping[str, str | None]) -> bool:
    """Safeguards are owed by uses that are high-impact and deployed, and by no other."""
    asked = Rule(required=True, stages=frozenset({"deployed"}), high_impact=True)
    return asked.due(row) is True


def _counted(name: str, rule: Rule, rows: Sequence[Mapping[str, str | None]]) -> FieldCount:
    due = [rule.due(row) for row in rows]
    kinds = [answer(row[name]) for row, owed in zip(rows, due, strict=True) if owed]
    return FieldCount(
        id=name, required=rule.required, n=len(kinds), not_due=due.count(False),
        unclear=due.count(None), blank=kinds.count("blank"),
        boilerplate=kinds.count("boilerplate"), filled=kinds.count("filled"),
        unanswered=share([kind != "filled" for kind in kinds]) if kinds else None,
    )  # fmt: skip
