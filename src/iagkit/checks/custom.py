"""Metrics that the user brings as functions of truths and predictions; the slow way.

A function says nothing of how it is made, so it is called on the rows of every group, and on
resampled ones for the intervals. What iagkit measures itself comes from counts instead.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from iagkit.checks.asking import CELLS, Question
from iagkit.checks.audit_settings import AuditSettings, settings
from iagkit.core.judge import WHOLE
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Run
from iagkit.measures.simultaneous import gap_of_estimates

Function = Callable[[Any, Any], float]
DRAWS = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class CustomMetrics(Question):
    """Value of each function over all rows and in each group, with bootstrap intervals."""

    name: ClassVar[str] = "custom"
    question: ClassVar[str] = "What do the functions say that were brought along?"
    needs: ClassVar[frozenset[str]] = frozenset({CELLS, "rows", "functions"})
    gives: ClassVar[tuple[str, ...]] = ()

    def answer(self, run: Run) -> Iterator[Finding]:
        """Overall, then by group, then the gap between the furthest groups."""
        rows, asked = run.outcome.evidence["rows"], settings(run)
        functions: Mapping[str, Function] = run.outcome.evidence["functions"]
        for name, function in functions.items():
            measured = _Measured(rows=rows, function=function, level=asked.level)
            yield self._told(f"fairness.{name}", measured.of(np.arange(len(rows))), {})
            for column in asked.columns:
                yield from self._by(column, name, measured, asked)

    def _by(
        self, column: str, name: str, measured: _Measured, asked: AuditSettings
    ) -> Iterator[Finding]:
        groups = measured.rows[f"group:{column}"].to_numpy()
        found: dict[str, Estimate] = {}
        errors: list[float] = []
        for group in sorted(set(groups)):
            own = np.flatnonzero(groups == group)
            answer = _few(len(own), asked) or measured.of(own)
            yield self._told(f"fairness.{name}", answer, {column: group})
            if isinstance(answer, Estimate):
                found[group] = answer
                errors.append(measured.error(own))
        yield self._gap(f"fairness.{name}.gap", column, found, errors, asked)

    def _gap(
        self,
        check: str,
        column: str,
        found: Mapping[str, Estimate],
        errors: Sequence[float],
        asked: AuditSettings,
    ) -> Finding:
        told = found.values()
        gap = gap_of_estimates(
            [e.value for e in told], errors, [e.n - 1.0 for e in told], tuple(found),
            n=[e.n for e in told], level=asked.strict, unit="metric",
        )  # fmt: skip
        between = None if gap.lowest is None else (gap.lowest, str(gap.highest))
        answer = gap.estimate or gap.because
        return replace(self._told(check, answer, {column: WHOLE}), between=between)

    def _told(
        self, check: str, answer: Estimate | Message | None, where: Mapping[str, str]
    ) -> Finding:
        return Finding(
            check=check, question=self.question, where=where,
            estimate=answer if isinstance(answer, Estimate) else None,
            because=answer if isinstance(answer, Message) else None,
        )  # fmt: skip


def _few(n: int, asked: AuditSettings) -> Message | None:
    if n >= asked.min_group:
        return None
    return say("{n} cases are too few; {needed} are needed", n=n, needed=asked.min_group)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Measured:
    """One function on rows with the columns ``truth``, ``prediction`` and maybe ``cluster``."""

    rows: Any
    function: Function
    level: float

    def of(self, own: NDArray[np.intp]) -> Estimate | Message:
        """Value with a percentile interval, or why there is none."""
        value = self._value(own)
        if value is None:
            return say("the function gives no number here")
        drawn = self._drawn(own)
        if len(drawn) < DRAWS // 2:
            return Estimate(value=value, n=len(own), unit="metric")
        low, high = np.quantile(drawn, [(1 - self.level) / 2, (1 + self.level) / 2])
        return Estimate(
            value=value, n=len(own), low=min(float(low), value), high=max(float(high), value),
            level=self.level, unit="metric",
        )  # fmt: skip

    def error(self, own: NDArray[np.intp]) -> float:
        """Standard deviation over resamples."""
        drawn = self._drawn(own)
        return float(np.std(drawn, ddof=1)) if len(drawn) > 1 else 0.0

    def _value(self, own: NDArray[np.intp]) -> float | None:
        some = self.rows.iloc[own]
        try:
            value = float(self.function(some["truth"].to_numpy(), some["prediction"].to_numpy()))
        except Exception:  # noqa: BLE001 (whatever a function of others raises, its text may hold cells)
            return None
        return value if np.isfinite(value) else None

    def _drawn(self, own: NDArray[np.intp]) -> list[float]:
        random = np.random.default_rng(0)
        parts = self._pieces(own)
        picks = (random.integers(0, len(parts), len(parts)) for _ in range(DRAWS))
        values = (self._value(np.concatenate([parts[i] for i in pick])) for pick in picks)
        return [value for value in values if value is not None]

    def _pieces(self, own: NDArray[np.intp]) -> list[NDArray[np.intp]]:
        """Rows that are drawn together: those of one cluster, or each alone."""
        if "cluster" not in self.rows:
            return list(own[:, None])
        codes = np.unique(self.rows["cluster"].to_numpy()[own], return_inverse=True)[1].reshape(-1)
        order = np.argsort(codes, kind="stable")
        return np.split(own[order], np.cumsum(np.bincount(codes))[:-1])
