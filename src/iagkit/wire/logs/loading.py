"""A log, its card and the roles of its columns → one Dataset, whose table is an EventLog."""

from __future__ import annotations

from collections.abc import Mapping as AnyMapping
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError, UsageError
from iagkit.core.event_log import FEW, EventLog
from iagkit.core.message import Message, say
from iagkit.core.nouns import MISSING, Card, Column, Dataset, Role
from iagkit.wire import databases, datasets, registry, sources, validate
from iagkit.wire.logs import building, mapping, reading
from iagkit.wire.logs.columns import as_text
from iagkit.wire.logs.nouns import OF_CASE, Dates, Mapping, RawLog

if TYPE_CHECKING:
    import pandas as pd

COLUMNS: Final = (
    "case_id", "activity", "timestamp", "start", "resource", "lifecycle", "instance", "opened",
    "closed", "due", "status", "last", "last_activity",
)  # fmt: skip
"""What may be told of the columns, in the words of :func:`iagkit.wire.logs.mapping.guess`."""
SETTINGS: Final = (*COLUMNS, "groups", "dates", "zone", "end_activities", "until", "object_type")
"""All that may be told of a log."""
ROLES: Final[AnyMapping[str, Role]] = {
    "case": "id", "activity": "activity", "timestamp": "time", "start": "start",
    "resource": "resource", "opened": "opened", "closed": "closed", "due": "due",
    "status": "status",
}  # fmt: skip
"""Role in a mapping → role in a card; other roles are told as further inputs."""
IN_CARDS: Final[AnyMapping[str, Role]] = {
    ("case_id" if role == "case" else role): told for role, told in ROLES.items()
}


def load(
    data: str | Path,
    *,
    groups: Sequence[str] = (),
    query: str | None = None,
    dates: Dates = "",
    zone: str = "",
    end_activities: Sequence[str] = (),
    until: str = "",
    object_type: str = "",
    **told: str,
) -> Dataset:
    """Read a log and bring it into one form.

    Parameters
    ----------
    data : str or Path
        File, ``"-"``, database URL, or name of a registered data set (fetched if needed).
    groups : sequence of str
        Columns whose groups are compared; default: those of the card.
    query : str, optional
        One SELECT for a database URL, or the sheet of an Excel file.
    dates, zone, end_activities, object_type
        As for :func:`iagkit.wire.logs.building.event_log` and
        :func:`iagkit.wire.logs.reading.read_raw`.
    until : str
        When the log was cut, such as ``2024-12-31`` (the end of that day) or with a time.
    **told : str
        Columns with their roles, by the names of :data:`COLUMNS`; what is not told comes from
        the card, then from the names of the columns.

    Returns
    -------
    Dataset
        ``table`` is an :class:`EventLog`.

    Raises
    ------
    IagkitError
        If the log cannot be read whole, or a column is not there or holds something else.
    """
    cut = _moment(until)
    raw = reading.read_raw(data, query=query, object_type=object_type)
    card = _card(data, raw)
    known = {**_of_card(card, raw), **{k: v for k, v in told.items() if v}}
    found = mapping.guess(raw, dates=dates, **known)
    wanted = tuple(groups) or tuple(g for g in card.named("group") if g in raw.columns)
    _refuse_persons(found, wanted)
    log = building.event_log(
        raw, found, zone=zone, end_activities=end_activities, until=cut, groups=wanted
    )
    return Dataset(
        card=replace(card, columns=_columns(raw, found, wanted, card)),
        table=_with_named_groups(log),
        sha256=raw.sha256 or databases.sha256(raw.table),
        origin=raw.name,
    )


def _with_named_groups(log: EventLog) -> EventLog:
    """Groups as texts; those whose group is not known are a group of their own."""
    named = {}
    said: tuple[Message, ...] = ()
    for column in log.groups:
        validate.single(log.cases, column)
        validate.group(log.cases, column)
        groups = as_text(log.cases[column]).fillna(MISSING)
        named[column], few = _without_few(groups, column)
        said += few
    return replace(log, cases=log.cases.assign(**named), remarks=(*log.remarks, *said))


def _without_few(groups: pd.Series[Any], column: str) -> tuple[pd.Series[Any], tuple[Message, ...]]:
    """Put groups of very few cases together: their names may be those of persons.

    Raises
    ------
    DataError
        If there is no other group.
    """
    sizes = groups.value_counts()
    few = sizes.index[(sizes < validate.MIN_CASES) & (sizes.index != MISSING)]
    if not len(few):
        return groups, ()
    if len(few) == len(sizes):
        msg = (
            f"expected groups of at least {validate.MIN_CASES} cases in '{column}' (--group); none "
            f"of its {len(sizes)} has as many. Name a column of wider groups"
        )
        raise DataError(msg)
    said = say(
        "groups of {column} with fewer than {few} cases: {n}; they are told as one, without a name",
        n=len(few),
        column=column,
        few=validate.MIN_CASES,
    )
    return groups.where(~groups.isin(few), FEW), (said,)


def _refuse_persons(found: Mapping, groups: Sequence[str]) -> None:
    """Refuse to compare cases one by one, or those who work."""
    for name in groups:
        bare = name.removeprefix(OF_CASE)
        if bare == found.case.removeprefix(OF_CASE):
            msg = f"expected groups of cases for --group; '{name}' names each of them. Name another"
            raise UsageError(msg)
        if bare == found.resource:
            msg = (
                f"expected groups of cases for --group; '{name}' says who did the work (--resource)"
                ", and iagkit does not compare those who work. If it holds offices and no persons, "
                "give it a second time as a column of another name"
            )
            raise UsageError(msg)


def log_of(dataset: Dataset) -> EventLog:
    """The log of a data set that :func:`load` made.

    Raises
    ------
    UsageError
        If it holds a table of something else.
    """
    if isinstance(dataset.table, EventLog):
        return dataset.table
    msg = (
        f"expected a log of events; '{dataset.card.name}' is a table. Read it with "
        "iagkit.wire.logs.loading.load"
    )
    raise UsageError(msg)


def _moment(told: str) -> datetime | None:
    """A day is taken to its end."""
    if not told:
        return None
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        msg = f"expected a day or time such as 2024-12-31 for --until; got '{told[:40]}'"
        raise UsageError(msg) from None
    if len(told) <= len("2024-12-31"):
        return moment.replace(hour=23, minute=59, second=59, microsecond=999_999)
    return moment


def _card(data: str | Path, raw: RawLog) -> Card:
    """Card of the registered data set of this name, or of the one that stands beside the file."""
    told = str(data)
    if databases.is_address(data):
        return Card(name="query")
    if told != "-" and not Path(told).expanduser().exists() and told in registry.names():
        return registry.card(told)
    return datasets.card_of(sources.source(data), list(raw.columns))


def _of_card(card: Card, raw: RawLog) -> dict[str, str]:
    """Columns whose role the card tells, as far as the log has them."""
    named = {name: card.named(role) for name, role in IN_CARDS.items()}
    return {name: found[0] for name, found in named.items() if found and found[0] in raw.columns}


def _columns(raw: RawLog, found: Mapping, groups: Sequence[str], card: Card) -> tuple[Column, ...]:
    """All columns with their words in the card; one with two roles is listed twice."""
    known = {column.name: column for column in reversed(card.columns)}
    used: dict[str, list[Role]] = {}
    for role, name in found.columns().items():
        used.setdefault(name, []).append(ROLES.get(role, "input"))
    for name in groups:
        used.setdefault(_as_read(raw, name), []).append("group")
    ignored: list[Role] = ["ignore"]
    own: Any = [(name, known.get(name, Column(name=name, role="ignore"))) for name in raw.columns]
    return tuple(
        replace(column, role=role) for name, column in own for role in used.get(name, ignored)
    )


def _as_read(raw: RawLog, group: str) -> str:
    return group if group in raw.columns else f"case:{group}"
