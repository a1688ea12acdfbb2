"""A table of predictions → its counts, and the run that holds them."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from iagkit.checks.audit_settings import AuditSettings
from iagkit.core.canonical import digest
from iagkit.core.errors import DataError
from iagkit.core.message import Message
from iagkit.core.nouns import (
    Card,
    Column,
    Dataset,
    Outcome,
    Policy,
    Protocol,
    Prototype,
    Run,
)
from iagkit.flow.asked import Inquiry, with_both_labels
from iagkit.flow.running import made_with
from iagkit.measures.cells import UNKNOWN, Cells

LIBRARIES = ("numpy", "scipy", "narwhals")
LIKE_NUMBERS = 50
"""A truth with more different numbers than this is taken for a number, not for a label."""
PEEK = 2_000
ARRAYS = (
    "codes", "n", "truth", "prediction", "against", "bins", "weight", "weight_squared", "score",
    "cluster",
)  # fmt: skip
SCORE_BINS = 5_000
"""A threshold of three decimals is the edge of a bin, and areas are known to 1e-4."""
TITLE = {
    "es": "Auditoría de predicciones",
    "pt": "Auditoria de previsões",
    "en": "Audit of predictions",
}
USE = {
    "es": "Medir si las predicciones tratan de forma comparable a los grupos declarados.",
    "pt": "Medir se as previsões tratam de forma comparável os grupos de pessoas declarados.",
    "en": "To measure whether predictions treat the declared groups of people comparably.",
}
NOT_FOR = {
    "es": "Demostrar que un sistema es justo o lícito: una auditoría mide, no absuelve.",
    "pt": "Demonstrar que um sistema é justo ou lícito: uma auditoria mede, não absolve.",
    "en": "To show that a system is just or lawful: an audit measures, it does not acquit.",
}
REASON = {
    "es": "Los casos se cuentan una sola vez, donde está la tabla; de ahí sale todo lo demás.",
    "pt": "Os casos são contados uma só vez, onde está a tabela; daí sai todo o resto.",
    "en": "Cases are counted once, where the table is; everything else comes from those counts.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """Rows that are about to be counted, and where they are from."""

    frame: Any
    name: str
    origin: str
    sha256: str | None
    notes: tuple[Message, ...] = ()
    progress: Callable[[], float | None] = lambda: None


@contextmanager
def opened(
    frame: Any, *, query: str | None, name: str | None, asked: Inquiry, more: Sequence[str]
) -> Iterator[Table]:
    """Open a file or database for its columns and ``more``, or take a dataframe as it is."""
    if not isinstance(frame, str | Path):
        kind = type(frame).__module__.partition(".")[0]
        yield Table(frame=frame, name=name or "table", origin=f"{kind} dataframe", sha256=None)
        return
    from iagkit.wire.frames import open_frame

    dates = () if asked.time is None else (asked.time,)
    with open_frame(frame, query=query, columns=asked.columns(more), dates=dates) as there:
        stem = Path(there.origin).name.partition(".")[0] or "table"
        yield Table(
            frame=_dated(there.frame, asked.time), name=name or stem, origin=there.origin,
            sha256=there.sha256, notes=there.notes, progress=there.progress,
        )  # fmt: skip


def _dated(frame: Any, time: str | None) -> Any:
    """Files hold dates as text; read them."""
    if time is None or time not in getattr(frame, "columns", ()) or not hasattr(frame, "assign"):
        return frame
    from iagkit.text.dates import read_dates

    dates = read_dates(frame[time])
    if np.isnat(dates).all():
        msg = (
            f"expected dates in '{time}'; none of its {len(dates)} rows is one. Name the column of "
            "dates with --time, written like 2024-05-31 or 31/05/2024"
        )
        raise DataError(msg)
    return frame.assign(**{time: dates})


def cells_of(table: Table, asked: Inquiry) -> Cells:
    """Count the table as the question needs it.

    Raises
    ------
    DataError
        For a table or column that cannot be used.
    """
    from iagkit.measures.counting import count

    numbers = _is_regression(table.frame, asked)
    moments: Mapping[str, Any] = {}
    if numbers:
        from iagkit.measures.regression import error_moments

        moments = error_moments(str(asked.truth), str(asked.prediction), tolerance=asked.tolerance)
    cells = count(
        table.frame, groups=asked.groups,
        truth=None if numbers else asked.truth, prediction=None if numbers else asked.prediction,
        against=None if numbers else asked.against, score=asked.score, score_bins=SCORE_BINS,
        weight=asked.weight,
        cluster=asked.cluster, bins=asked.bins, time=asked.time,
        every=asked.every or "month", moments=moments,
    )  # fmt: skip
    return cells if numbers else _answered(cells, asked)


def _is_regression(frame: Any, asked: Inquiry) -> bool:
    """Whether truth and prediction are numbers, as asked or as the first rows look."""
    if asked.truth is None or asked.prediction is None or asked.task not in (None, "regression"):
        return False
    if asked.task == "regression":
        return True
    from iagkit.measures.counting import different, table_of

    schema = table_of(frame).collect_schema()
    pair = (asked.truth, asked.prediction)
    if any(c not in schema or not schema[c].is_numeric() for c in pair):
        return False
    return different(frame, asked.truth, first=PEEK) > LIKE_NUMBERS


def _answered(cells: Cells, asked: Inquiry) -> Cells:
    """Cells with two labels at least, and a prediction: made from the score if there is none."""
    if not cells.labels:
        cells = replace(cells, labels=("0", "1"))
    if len(cells.labels) == 1 and asked.task != "multiclass":
        cells = with_both_labels(cells, asked.positive)
    if cells.prediction is not None or cells.bins is None:
        return cells
    from iagkit.measures.thresholds import at_threshold

    positive = asked.yes(cells)
    return at_threshold(
        cells, 0.5 if asked.threshold is None else asked.threshold, positive=positive
    )


def run_of(
    table: Table, asked: Inquiry, evidence: dict[str, Any], *, facts: Mapping[str, Any]
) -> Run:
    """Everything that is known before anything is measured."""
    cells, settings, policy = evidence["cells"], evidence["asked"], evidence.pop("policy")
    told = _facts(cells, settings, asked)
    rows = evidence.get("rows")
    return Run(
        prototype=_declared(asked, settings, policy, evidence),
        dataset=_dataset(table, asked, cells),
        outcome=Outcome(
            table=_no_rows() if rows is None else rows,
            respond=evidence.get("respond", _nothing),
            evidence=evidence,
        ),
        facts={**facts, "made_with": made_with(LIBRARIES), "audit": told},
    )


def _declared(
    asked: Inquiry, settings: AuditSettings, policy: Policy, evidence: Mapping[str, Any]
) -> Prototype:
    protocol = Protocol(
        name="audit", split_by="none", level=settings.level, min_group=settings.min_group,
        checks=_checks(asked, settings, evidence), reason=REASON,
    )  # fmt: skip
    return Prototype(
        name="audit", version="1", task="audit", recipe="audit", title=TITLE, intended_use=USE,
        not_for=NOT_FOR, human_role={}, protocol=protocol, policy=policy,
    )  # fmt: skip


def _checks(
    asked: Inquiry, settings: AuditSettings, evidence: Mapping[str, Any]
) -> tuple[str, ...]:
    """Checks that what was asked calls for."""
    chosen = {
        "rates": settings.task == "binary",
        "classes": settings.task != "regression" and asked.truth is not None,
        "functions": settings.task == "binary" and asked.truth is not None,
        "numbers": settings.task == "regression",
        "sizes": True,
        "missing": True,
        "strata": bool(settings.strata),
        "scores": asked.score is not None and settings.positive is not None,
        "ranking": settings.capacity is not None,
        "over_time": settings.period is not None,
        "against": asked.against is not None,
        "custom": "functions" in evidence,
        "explainability": "model" in evidence,
        "robustness": "model" in evidence,
    }
    return tuple(name for name, wanted in chosen.items() if wanted)


def _dataset(table: Table, asked: Inquiry, cells: Cells) -> Dataset:
    columns = [Column(name=c, role="group") for c in asked.groups]
    if asked.truth is not None:
        columns.append(Column(name=asked.truth, role="target"))
    if asked.time is not None:
        columns.append(Column(name=asked.time, role="time"))
    return Dataset(
        card=Card(name=table.name, columns=tuple(columns), limits=table.notes),
        table=None, sha256=table.sha256 or digest_of(cells), origin=table.origin,
    )  # fmt: skip


def digest_of(cells: Cells) -> str:
    """SHA-256 of the counts: the same wherever the table is, if its counts are."""
    arrays = {name: getattr(cells, name) for name in ARRAYS} | dict(cells.sums)
    hashed = {
        name: hashlib.sha256(np.asarray(a, dtype="<f8").tobytes()).hexdigest()
        for name, a in arrays.items()
        if a is not None
    }
    return digest(
        {"columns": cells.columns, "levels": cells.levels, "labels": cells.labels, **hashed}
    )


def _facts(cells: Cells, settings: AuditSettings, asked: Inquiry) -> dict[str, Any]:
    lost = {
        part: int(cells.n[codes == UNKNOWN].sum())
        for part in ("truth", "prediction")
        if (codes := getattr(cells, part)) is not None
    }
    positive = None if settings.positive is None else cells.labels[settings.positive]
    return {
        "task": settings.task, "rows": cells.rows, "left_out": lost, "positive": positive,
        "labels": list(settings.names or cells.labels),
        "columns": list(settings.columns), "depth": settings.depth,
        "bins": {c: list(map(float, e)) for c, e in asked.ranges.items()},
        "weight": asked.weight is not None, "cluster": asked.cluster is not None,
        "reference": dict(settings.reference), "level": settings.level, "family": settings.family,
        "min_group": settings.min_group, "threshold": asked.threshold, "unit": settings.unit,
        "capacity": settings.capacity, "cells_sha256": digest_of(cells),
        "asked": asked.told(),
    }  # fmt: skip


def _no_rows() -> Any:
    import pandas as pd

    return pd.DataFrame()


def _nothing(_: object) -> None: ...
