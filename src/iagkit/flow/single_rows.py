"""What needs single rows, the slow way: functions of others, and a model asked again."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from iagkit.checks.audit_settings import AuditSettings
from iagkit.core.errors import DataError
from iagkit.core.nouns import MISSING
from iagkit.flow.asked import Inquiry
from iagkit.measures.cells import Cells


@dataclass(frozen=True, slots=True, kw_only=True)
class Slow:
    """What needs single rows: functions of others, and a model that can be asked again."""

    functions: Mapping[str, Callable[..., float]]
    model: Any
    inputs: Sequence[str]
    features: Sequence[Any]
    background: Any


def slow_way(
    functions: Mapping[str, Callable[..., float]] | None,
    model: Any,
    inputs: Sequence[str],
    features: Sequence[Any],
    background: Any,
) -> Slow:
    """Note what needs single rows, as it was when it was asked for."""
    return Slow(
        functions=dict(functions or {}), model=model, inputs=tuple(inputs),
        features=tuple(features), background=background,
    )  # fmt: skip


def rows_of(
    frame: Any, asked: Inquiry, settings: AuditSettings, cells: Cells, slow: Slow
) -> dict[str, Any]:
    """Evidence of single rows, where a function or a model must be asked again."""
    if not slow.functions and slow.model is None:
        return {}
    rows = _in_memory(frame)
    evidence: dict[str, Any] = {"rows": _coded_rows(rows, asked, settings, cells)}
    if slow.functions:
        evidence["functions"] = slow.functions
    if slow.model is None:
        return evidence
    positive = None if settings.positive is None else cells.labels[settings.positive]
    respond, threshold = responding(slow.model, positive)
    evidence |= {
        "model": slow.model, "inputs": _inputs(rows, slow.inputs), "features": slow.features,
        "respond": respond,
        "threshold": threshold if asked.threshold is None else asked.threshold,
    }  # fmt: skip
    if slow.background is not None:
        known = _inputs(_in_memory(slow.background), slow.inputs)
        evidence |= {"background": known, "reference": known}
    return evidence


def _in_memory(frame: Any) -> Any:
    import narwhals as nw

    rows = nw.from_native(frame)
    whole = rows.collect() if isinstance(rows, nw.LazyFrame) else rows
    return whole.to_pandas()


def _coded_rows(rows: Any, asked: Inquiry, settings: AuditSettings, cells: Cells) -> Any:
    """Truth and prediction (1 and 0 for yes-or-no answers), groups, clusters; whole rows only."""
    import pandas as pd

    from iagkit.measures.count_levels import label_as, shown_as

    told = {}
    for part in ("truth", "prediction"):
        column = getattr(asked, part)
        if column is None:
            continue
        values = rows[column]
        if settings.task != "regression":
            labels = values.map(label_as, na_action="ignore")
            values = labels
            if settings.positive is not None:
                yes = (labels == cells.labels[settings.positive]).astype(float)
                values = yes.where(labels.notna())
        told[part] = values
    for column in settings.columns:
        told[f"group:{column}"] = _groups(rows[column], asked.ranges.get(column), shown_as)
    if asked.cluster is not None:
        told["cluster"] = rows[asked.cluster]
    return pd.DataFrame(told).reset_index(drop=True)


def _groups(values: Any, edges: Sequence[float] | None, shown_as: Callable[[Any], str]) -> Any:
    if edges is None:
        return values.map(shown_as)
    from iagkit.measures.count_levels import range_of

    places = np.searchsorted(np.asarray(edges, dtype=float), values.to_numpy(float), side="right")
    named = [range_of(edges, int(place)) for place in places]
    return [MISSING if lost else name for name, lost in zip(named, values.isna(), strict=True)]


def _inputs(rows: Any, inputs: Sequence[str]) -> Any:
    absent = [c for c in inputs if c not in rows.columns]
    if absent or not inputs:
        msg = (
            f"expected the columns the model reads; got {', '.join(absent) or 'none'}, which are "
            "not in the table. Name them with inputs=[...]"
        )
        raise DataError(msg)
    return rows[list(inputs)].reset_index(drop=True)


def responding(model: Any, positive: str | None) -> tuple[Callable[[Any], Any], float]:
    """Scores of yes, whatever a model calls the method that gives them, and where yes begins.

    Raises
    ------
    DataError
        If it has no such method, or no class that is yes.
    """
    from iagkit.measures.count_levels import label_as

    if hasattr(model, "predict_proba"):
        classes = [label_as(c) for c in getattr(model, "classes_", ("0", "1"))]
        if positive is not None and positive not in classes:
            msg = (
                f"expected a model with a class for the label that means yes; its {len(classes)} "
                "classes are others. Was it trained on other labels?"
            )
            raise DataError(msg)
        column = 1 if positive is None else classes.index(positive)
        return (lambda rows: model.predict_proba(rows)[:, column]), 0.5
    for name, threshold in (("decision_function", 0.0), ("predict", 0.5), ("__call__", 0.5)):
        if hasattr(model, name):
            method: Callable[[Any], Any] = getattr(model, name)
            return method, threshold
    msg = (
        f"expected a model with predict_proba, decision_function or predict, or a function; got "
        f"{type(model).__name__}"
    )
    raise DataError(msg)
