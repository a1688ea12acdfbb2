"""Remaining time of a log, learnt and measured in time: what the recipe and the benchmark call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.event_log import EventLog
from iagkit.core.nouns import Estimate
from iagkit.measures import intervals
from iagkit.prototypes.processes import conformal_in_time
from iagkit.prototypes.processes.in_time import Labels, Parted, part
from iagkit.prototypes.processes.prefixes import Prefixes, prefixes
from iagkit.prototypes.processes.remaining import MOST, RemainingTime
from iagkit.prototypes.processes.trees import CANDIDATES, Candidate

if TYPE_CHECKING:
    import pandas as pd

Floats = NDArray[np.float64]
COVERAGE: Final = 0.9


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluated:
    """A model of the remaining time, and how it did on cases that began after it was learnt.

    Parameters
    ----------
    table : DataFrame, one row a prefix of a test case
        ``case`` (its name), ``position``, ``at``, ``activity``, ``truth_days``,
        ``prediction_days``, ``median_days`` (by last activity), ``low_days``, ``high_days``,
        ``inside``; then the columns of ``log.groups``.
    model : RemainingTime
    error, error_of_median : Estimate
        Mean absolute error in days over prefixes, with an interval in which cases count as one
        piece of evidence.
    difference : Estimate
        Error of the model minus that of the median, by the same cases.
    coverage : Estimate
        Share of the intervals that held.
    coverage_at_first : Estimate
        The same without learning from outcomes.
    margin : float
        For intervals that are told next; see :func:`iagkit.prototypes.processes.conformal_in_time`.
    parted : Parted
    labels : str
    """

    table: pd.DataFrame
    model: RemainingTime
    error: Estimate
    error_of_median: Estimate
    difference: Estimate
    coverage: Estimate
    coverage_at_first: Estimate
    margin: float
    parted: Parted
    labels: Labels

    def facts(self) -> dict[str, Any]:
        """Plain JSON for a record."""
        seen = self.model.validation_
        return {
            "labels": self.labels,
            "from": str(self.parted.from_)[:19],
            "unknown_cases": self.parted.unknown_cases,
            "open_cases": self.parted.open_cases,
            "chosen": self.model.chosen_,
            "share_of_trees": self.model.blend_,
            "validation": {
                "n": seen.tried[0].n,
                "median_days": seen.median,
                "tried": [
                    {"name": t.name, "days": t.days, "alone_days": t.alone, "share": t.blend}
                    for t in seen.tried
                ],
            },
            "margin": self.margin,
        }


def evaluate(
    log: EventLog | Prefixes,
    *,
    labels: Labels = "known",
    open_too: bool = False,
    attributes: Sequence[str] = (),
    candidates: Sequence[Candidate] = CANDIDATES,
    coverage: float = COVERAGE,
    level: float = 0.95,
    seed: int = 0,
    most: int = MOST,
) -> Evaluated:
    """Learn from the cases that began first, ask about the others.

    Parameters
    ----------
    log : EventLog or Prefixes
    labels : {"known", "all"}
        See :func:`iagkit.prototypes.processes.in_time.part`. ``"all"`` with ``open_too`` is the
        protocol of published comparisons [1]_.
    open_too : bool
        Whether the last event of an open case counts as its end.
    attributes : sequence of str
        Columns of the cases that were known when they began.
    candidates : sequence of Candidate
    coverage : float
        Share of intervals that shall hold.
    level : float
        Of the intervals of the estimates.
    seed : int
    most : int
        Prefixes to choose with, and to learn from.

    Returns
    -------
    Evaluated

    Raises
    ------
    DataError
        If there are too few cases.

    References
    ----------
    .. [1] Amiri Elyasi, van der Aa & Stuckenschmidt (2024). PGTNet. CAiSE, LNCS 14663; results of
       its repository for the chronological split, ``holdout_results``.
    """
    rows = log if isinstance(log, Prefixes) else prefixes(log, attributes=attributes)
    parts = part(rows, labels=labels, open_too=open_too)
    model = RemainingTime(
        candidates=candidates, labels=labels, open_too=open_too, seed=seed, most=most
    )
    model.fit(rows.where(parts.train), unknown_cases=parts.unknown_cases)
    asked = rows.where(parts.test)
    truth = asked.remaining_days
    answer, below, above = model.answers(asked)
    tails = (below, above)
    median, seen = model.median_.predict(asked), model.validation_
    shown = seen.rows.remaining_days
    first = conformal_in_time.first_margin(seen.low, seen.high, shown, coverage=coverage)
    spread = conformal_in_time.usual_size(seen.low, seen.high, shown)
    told = conformal_in_time.in_time(
        *tails, truth, issued=asked.at, margin=first, spread=spread, coverage=coverage
    )
    still = conformal_in_time.widened(*tails, first)
    inside = (still[0] <= truth) & (truth <= still[1])
    table = _table(asked, answer, median, told, log)
    return Evaluated(
        table=table,
        model=model,
        error=_mean(np.abs(answer - truth), asked, level),
        error_of_median=_mean(np.abs(median - truth), asked, level),
        difference=_mean(np.abs(answer - truth) - np.abs(median - truth), asked, level),
        coverage=_share(told.hit, asked, level),
        coverage_at_first=_share(inside, asked, level),
        margin=told.last,
        parted=parts,
        labels=labels,
    )


def _table(
    asked: Prefixes,
    answer: Floats,
    median: Floats,
    told: conformal_in_time.InTime,
    log: EventLog | Prefixes,
) -> pd.DataFrame:
    import pandas as pd

    table = pd.DataFrame({
        "case": asked.names,
        "position": asked.position,
        "at": asked.at,
        "activity": asked.activity,
        "truth_days": asked.remaining_days,
        "prediction_days": answer,
        "median_days": median,
        "low_days": told.low,
        "high_days": told.high,
        "inside": told.hit,
    })  # fmt: skip
    groups = [g for g in getattr(log, "groups", ()) if g not in table.columns]
    if groups and isinstance(log, EventLog):
        table = table.merge(log.cases[["case", *groups]], on="case", how="left", sort=False)
    return table


def _mean(values: Floats, asked: Prefixes, level: float) -> Estimate:
    evidence = intervals.mean_evidence(values.astype(np.float64), _codes(asked))
    low, high = intervals.mean_limits(evidence, level)
    return Estimate(
        value=evidence.value, n=len(values), low=low, high=high, level=level, unit="days",
        clusters=evidence.clusters,
    )  # fmt: skip


def _share(hits: NDArray[np.bool_], asked: Prefixes, level: float) -> Estimate:
    evidence = intervals.share_evidence(hits.astype(np.float64), _codes(asked))
    return intervals.share_estimate(evidence, level)


def _codes(asked: Prefixes) -> NDArray[np.int64]:
    return np.unique(asked.case, return_inverse=True)[1].astype(np.int64)
