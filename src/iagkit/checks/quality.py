"""What the data themselves warn of; counted over the whole table, without intervals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import MIN_CELL, Chapter, Question, counted, too_few
from iagkit.core.message import Message, say
from iagkit.core.nouns import Check, Estimate, Finding, Run
from iagkit.text.dates import read_dates

SINCE = 1990
SAME_AS_SPLIT = 0.8
"""Overlap from which recipes keep texts on one side of a split, and tell them as evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Missing(Question):
    """Share of cells without content, for each column that has a role."""

    name: ClassVar[str] = "data.missing"
    question: ClassVar[str] = "How many cells of this column are empty?"
    needs: ClassVar[frozenset[str]] = frozenset()

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each column."""
        for column in _declared(run):
            empty = _empty(run.dataset.table[column])
            yield self.found(_counted_share(empty), {"column": column})


@dataclass(frozen=True, slots=True, kw_only=True)
class DuplicateTexts(Question):
    """Share of texts that repeat an earlier one."""

    name: ClassVar[str] = "data.duplicate_texts"
    question: ClassVar[str] = "How many texts are copies of another?"
    needs: ClassVar[frozenset[str]] = frozenset()

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        from iagkit.text.duplicates import exact_clusters

        texts = _texts(run)
        yield self.found(texts if isinstance(texts, Message) else _copies(exact_clusters(texts)))


@dataclass(frozen=True, slots=True, kw_only=True)
class NearDuplicateTexts(Question):
    """Share of texts that repeat an earlier one, word for word or nearly."""

    name: ClassVar[str] = "data.near_duplicate_texts"
    question: ClassVar[str] = "How many texts are copies of another, or nearly?"
    needs: ClassVar[frozenset[str]] = frozenset()

    threshold: float = SAME_AS_SPLIT

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding."""
        from iagkit.text.duplicates import near_duplicates

        texts, known = _texts(run), run.outcome.evidence.get("near_copies")
        if isinstance(texts, Message):
            yield self.found(texts)
        elif known is not None and len(known) == len(texts) and self.threshold == SAME_AS_SPLIT:
            yield self.found(_copies(np.asarray(known)))
        else:
            yield self.found(_copies(near_duplicates(texts, threshold=self.threshold)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ConstantColumn(Question):
    """Columns that tell nothing because all their cells are alike."""

    name: ClassVar[str] = "data.constant_column"
    question: ClassVar[str] = "Which columns hold a single value?"
    needs: ClassVar[frozenset[str]] = frozenset()

    def answer(self, run: Run) -> Iterator[Finding]:
        """How many, and then one finding for each."""
        table, columns = run.dataset.table, _declared(run)
        constant = [c for c in columns if table[c][~_empty(table[c])].nunique() <= 1]
        yield self.found(counted(len(constant), n=len(columns), unit="columns"))
        for column in constant:
            one = counted(1, n=len(table), unit="columns")
            yield self.found(one, {"column": column})


@dataclass(frozen=True, slots=True, kw_only=True)
class SuspiciousDates(Question):
    """Dates that cannot be read, lie after the run, or before 1990."""

    name: ClassVar[str] = "data.suspicious_dates"
    question: ClassVar[str] = "How many dates are unreadable, in the future or before 1990?"
    needs: ClassVar[frozenset[str]] = frozenset()

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each column with the role ``time``."""
        columns = [c for c in run.dataset.card.named("time") if c in run.dataset.table.columns]
        if not columns:
            yield self.found(say("no column was declared to hold a time"))
        for column in dict.fromkeys(columns):
            cells = run.dataset.table[column]
            told = cells[~_empty(cells)]
            if len(told) == 0:
                yield self.found(say("the column is empty"), {"column": column})
            else:
                yield self.found(_counted_share(_suspicious(told, run)), {"column": column})


@dataclass(frozen=True, slots=True, kw_only=True)
class ClassShare(Question):
    """Share of each class in the whole table."""

    name: ClassVar[str] = "data.class_share"
    question: ClassVar[str] = "What share of the data has this answer?"
    needs: ClassVar[frozenset[str]] = frozenset()

    def answer(self, run: Run) -> Iterator[Finding]:
        """One finding for each class."""
        target = run.dataset.column("target")
        if target is None or target not in run.dataset.table.columns:
            yield self.found(say("no column was declared to hold the right answer"))
            return
        cells = run.dataset.table[target]
        known = cells[~_empty(cells)].astype(str).to_numpy()
        for name, size in zip(*np.unique(known, return_counts=True), strict=True):
            few = size < MIN_CELL
            told = counted(float(size / len(known)), n=len(known), unit="share")
            yield self.found(too_few(int(size), MIN_CELL) if few else told, {"class": str(name)})


@dataclass(frozen=True, slots=True, kw_only=True)
class Quality(Chapter):
    """All of this page."""

    name: ClassVar[str] = "quality"
    question: ClassVar[str] = "What do the data themselves warn of?"
    parts: ClassVar[tuple[Check, ...]] = (
        Missing(),
        DuplicateTexts(),
        NearDuplicateTexts(),
        ConstantColumn(),
        SuspiciousDates(),
        ClassShare(),
    )


def _declared(run: Run) -> list[str]:
    """Columns with a role, once each, in the order of the card."""
    named = (c.name for c in run.dataset.card.columns if c.role != "ignore")
    return [name for name in dict.fromkeys(named) if name in run.dataset.table.columns]


def _empty(cells: Any) -> NDArray[np.bool_]:
    """Cells that are missing or hold nothing but white space."""
    missing = cells.isna().to_numpy(dtype=bool)
    if cells.dtype.kind in "biufcmM":
        return np.asarray(missing)
    blank = cells.astype(str).str.strip().eq("").fillna(value=True).to_numpy(dtype=bool)
    return np.asarray(missing | blank)


def _texts(run: Run) -> Sequence[str] | Message:
    column = run.dataset.column("text")
    if column is None or column not in run.dataset.table.columns:
        return say("no column was declared to hold the text")
    cells = run.dataset.table[column]
    texts = [str(cell) for cell in cells[~_empty(cells)]]
    return texts or say("the column is empty")


def _copies(cluster: NDArray[np.intp]) -> Estimate:
    n = len(cluster)
    return counted(1 - len(np.unique(cluster)) / n, n=n, unit="share")


def _counted_share(hits: NDArray[np.bool_]) -> Estimate | Message:
    if len(hits) == 0:
        return say("the table has no rows")
    return counted(float(hits.mean()), n=len(hits), unit="share")


def _suspicious(cells: Any, run: Run) -> NDArray[np.bool_]:
    """Dates that cannot be read, lie in the future or before records were kept."""
    dates = read_dates(cells)
    early, late = np.datetime64(f"{SINCE}-01-01"), np.datetime64(_end(run).replace(tzinfo=None))
    return np.asarray(np.isnat(dates) | (dates < early) | (dates > late))


def _end(run: Run) -> datetime:
    """When the run began, if it tells; a date after it is in the future."""
    told = run.facts.get("started")
    if isinstance(told, str):
        began = datetime.fromisoformat(told)
        return began if began.tzinfo else began.replace(tzinfo=UTC)
    return datetime.now(UTC)
