"""A table, its card and the roles of its columns → one Dataset."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Card, Column, Dataset, Role
from iagkit.core.registry import did_you_mean
from iagkit.wire import databases, declare, registry, sources, tables, validate
from iagkit.wire.documents import folders, reading

if TYPE_CHECKING:
    import pandas as pd

BELOW: Final = " > "
"""Stands between the levels of a target, and between those of its answers."""
SINGLE: Final[tuple[Role, ...]] = ("text", "target", "time", "id", "office", "language", "split")
OPTIONS: Final = {"split": "--split-column"}
LANGUAGE: Final = "(language)"
"""Column that is added where one language is declared for all rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """A table as it was read, and what is known of it."""

    table: pd.DataFrame
    origin: str
    sha256: str
    card: Card
    unread: tuple[tuple[str, Message], ...] = ()


def load(
    data: str | Path,
    *,
    text: str | None = None,
    target: str | None = None,
    groups: Sequence[str] = (),
    time: str | None = None,
    id: str | None = None,  # noqa: A002 (the word that institutions use)
    office: str | None = None,
    language: str | None = None,
    split: str | None = None,
    query: str | None = None,
    required: Sequence[str] = ("text", "target"),
    long_texts: str = "refuse",
) -> Dataset:
    """Read a table and give its columns their roles.

    Roles that are not named come from a card: ``<file>.card.yaml`` or ``card.yaml`` beside the
    file, or the card of the registered data set of this name.

    Parameters
    ----------
    data : str or Path
        File, ``"-"``, database URL, or name of a registered data set (fetched if needed).
    text, target, time, id, office, split : str, optional
        Name of the column with this role. A target may be several columns, from the widest to
        the finest, as ``area > unit``: its answers are paths, and a row without one of them has
        no answer.
    groups : sequence of str
        Columns whose groups are compared; each may have another role too.
    language : str, optional
        A column, or ``es``, ``pt`` or ``en`` for all rows (adds the column ``(language)``).
    query : str, optional
        One SELECT for a database URL, or the sheet of an Excel file.
    required : sequence of str
        Roles without which the table is refused.
    long_texts : {"refuse", "cut"}
        What happens to texts above 100,000 characters.

    Returns
    -------
    Dataset
        All columns as read, languages as short codes; ``card.limits`` tells what was cut.

    Raises
    ------
    DataError
        If the table cannot be read, a column is not there or cannot have its role.
    UsageError
        If options contradict one another.
    """
    read = _read(data, query)
    table, language = _one_language(_one_path(read.table, target), language)
    told = {"text": text, "target": target, "time": time, "id": id, "office": office,
            "language": language, "split": split}  # fmt: skip
    roles = _roles(table, told, tuple(groups), read.card)
    validate.needed(table, roles, required)
    table, notes = _checked(table, roles, long_texts)
    limits = (*read.card.limits, *read.table.attrs.get("notes", ()), *notes)
    card = replace(read.card, columns=_columns(table, roles, read.card), limits=limits)
    table.attrs = {}
    return Dataset(
        card=card, table=table, sha256=read.sha256, origin=read.origin, unread=read.unread
    )


def _one_language(table: pd.DataFrame, language: str | None) -> tuple[pd.DataFrame, str | None]:
    """A language that is told for all rows becomes a column."""
    if language is None or language in table.columns:
        return table, language
    code = validate.language(language, list(table.columns))
    return table.assign(**{LANGUAGE: code}), LANGUAGE


def _one_path(table: pd.DataFrame, target: str | None) -> pd.DataFrame:
    """Levels of a target, named as ``area > unit``, become a column of that name."""
    if target is None or target in table.columns or BELOW not in target:
        return table
    levels = [
        validate.present([str(c) for c in table.columns], level, option="--target")
        for level in target.split(BELOW)
    ]
    if len(set(levels)) < len(levels):
        msg = (
            f"expected a different column for each level of the target; got {target}. Name each "
            "once, from the widest to the finest"
        )
        raise UsageError(msg)
    told = [table[level].astype("string").str.strip().replace("", None) for level in levels]
    path = told[0]
    for finer in told[1:]:
        path = path.str.cat(finer, sep=BELOW)
    return table.assign(**{target: path.astype(object).where(path.notna(), None)})


def _read(data: str | Path, query: str | None) -> _Read:
    if databases.is_address(data):
        table = databases.read(str(data), query)
        shown = databases.shown(str(data))
        sha256 = databases.sha256(table)
        return _Read(table=table, origin=shown, sha256=sha256, card=Card(name="query"))
    path, name = _where(data)
    if name is None and folders.holds_documents(path):
        return _documents(path)
    given = sources.source(path)
    table = tables.read(given, query=query)
    card = registry.card(name) if name else card_of(given, list(table.columns))
    return _Read(table=table, origin=given.name, sha256=given.sha256(), card=card)


def _documents(path: str | Path) -> _Read:
    """Documents as a table; what was not read is told by reason, as names may be of persons."""
    found = reading.read_documents(path)
    why = Counter(str(u.why) for u in found.unread)
    notes = tuple(
        say("documents that were not read: {n} ({why})", n=n, why=reason)
        for reason, n in sorted(why.items())
    )
    found.table.attrs["notes"] = notes
    name = Path(path).resolve().name.partition(".")[0]
    digest = databases.sha256(found.table)
    unread = tuple((one.name, one.why) for one in found.unread)
    return _Read(table=found.table, origin=name, sha256=digest, card=Card(name=name), unread=unread)


def _where(data: str | Path) -> tuple[str | Path, str | None]:
    """File to read, and the registered name it was asked by."""
    told = str(data)
    if told == "-" or Path(told).expanduser().exists():
        return data, None
    if told in registry.names():
        return registry.table_of(told), told
    if re.fullmatch(r"[A-Za-z0-9_-]+", told):
        known = registry.names()
        msg = (
            f"expected a file or the name of a data set ({', '.join(known)}); got "
            f"'{told}'.{did_you_mean(told, known)}"
        )
        raise DataError(msg)
    return data, None


def card_of(given: sources.Source, columns: list[str]) -> Card:
    """Card beside a file, or of the registered data set it seems to be, or an empty one."""
    stem = given.name.partition(".")[0]
    if given.path is not None:
        own = given.path.with_name(f"{stem}.card.yaml")
        if own.is_file():
            return declare.card(own)
        beside = given.path.with_name("card.yaml")
        if beside.is_file() and _fits(card := declare.card(beside), columns):
            return card
    for name in registry.names():
        same = name.replace("_", "-") == stem.replace("_", "-").lower()
        if same and _fits(card := registry.card(name), columns):
            return card
    return Card(name=stem if given.path else "table")


def _fits(card: Card, columns: list[str]) -> bool:
    return {c.name for c in card.columns if c.role != "ignore"} <= set(columns)


def _roles(
    table: pd.DataFrame, told: dict[str, str | None], groups: tuple[str, ...], card: Card
) -> dict[str, Any]:
    """Role → column; what a person says comes before what a card says."""
    columns = [str(c) for c in table.columns]
    said = {
        role: validate.present(columns, name, option=OPTIONS.get(role, f"--{role}"))
        for role, name in told.items()
        if name is not None
    }
    _refuse_two_roles(said)
    roles: dict[str, Any] = dict(said)
    for role in SINGLE:
        known = [c for c in card.named(role) if c not in said.values()]
        if role not in said and known:
            roles[role] = validate.present(columns, known[0], option="the card")
    wanted = groups or card.named("group")
    option = "--group" if groups else "the card"
    unique = dict.fromkeys(validate.present(columns, g, option=option) for g in wanted)
    return {**roles, "group": tuple(unique)}


def _refuse_two_roles(said: dict[str, str]) -> None:
    for column in said.values():
        roles = [role for role, name in said.items() if name == column]
        if len(roles) > 1:
            msg = (
                f"expected one role for each column; '{column}' was named as "
                f"{' and '.join('--' + role for role in roles)}. Only --group may repeat a column"
            )
            raise UsageError(msg)


def _checked(
    table: pd.DataFrame, roles: dict[str, Any], long_texts: str
) -> tuple[pd.DataFrame, tuple[Message, ...]]:
    notes: tuple[Message, ...] = ()
    for column in (*filter(None, map(roles.get, SINGLE)), *roles["group"]):
        validate.single(table, column)
    if column := roles.get("text"):
        validate.text(table, column)
        table, cut = validate.long_texts(table, column, rule=long_texts)
        if cut:
            most = validate.MAX_CHARACTERS
            notes = (say("texts that were cut to {most} characters: {n}", n=cut, most=most),)
    if column := roles.get("language"):
        table = validate.languages(table, column)
    checks: dict[str, Callable[[pd.DataFrame, str], None]] = {
        "target": validate.target,
        "id": validate.ids,
    }
    for role, check in checks.items():
        if roles.get(role):
            check(table, roles[role])
    for column in roles["group"]:
        validate.group(table, column)
    return table, notes


def _columns(table: pd.DataFrame, roles: dict[str, Any], card: Card) -> tuple[Column, ...]:
    """All columns, with the words of the card; one with two roles is listed twice."""
    known = {c.name: c for c in reversed(card.columns)}
    listed = []
    for name in map(str, table.columns):
        column = known.get(name, Column(name=name, role="ignore"))
        its: list[Role] = [role for role in SINGLE if roles.get(role) == name]
        its += ["group"] if name in roles["group"] else []
        idle: Role = "input" if column.role == "input" else "ignore"
        listed += [replace(column, role=role) for role in its or [idle]]
    return tuple(listed)
