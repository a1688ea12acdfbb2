"""Audit of predictions that anybody made: count, measure, judge, seal, tell."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from iagkit.core import gates, registry
from iagkit.core.errors import UsageError
from iagkit.core.judge import judge
from iagkit.core.message import Message
from iagkit.core.nouns import Policy, Run
from iagkit.core.quiet import be_quiet
from iagkit.core.record import Record, seal
from iagkit.explain.options import Feature
from iagkit.flow import counting, label_sets, single_rows
from iagkit.flow.asked import Inquiry
from iagkit.flow.audited import Audit
from iagkit.flow.counting import Table
from iagkit.flow.exactly import each_score
from iagkit.flow.refusing import refuse_threshold
from iagkit.flow.running import RECORD, about_now, measure
from iagkit.flow.withholding import told_of

be_quiet()
Progress = Callable[[str], None]
Watch = Callable[[Callable[[], float | None]], AbstractContextManager[Any]]


def audit(
    frame: Any,
    *,
    truth: str | Sequence[str] | None = None,
    prediction: str | Sequence[str] | None = None,
    score: str | None = None,
    groups: Sequence[str] = (),
    weight: str | None = None,
    cluster: str | None = None,
    policy: str | Path | Policy = "baseline",
    task: str | None = None,
    positive: object = None,
    labels: Sequence[object] = (),
    label_separator: str | None = None,
    threshold: float | None = None,
    exact: bool = False,
    bins: Mapping[str, Sequence[float] | Literal["values"]] | None = None,
    depth: int = 2,
    reference: Mapping[str, object] | None = None,
    strata: Sequence[str] = (),
    against: str | None = None,
    time: str | None = None,
    every: str | None = None,
    capacity: float | None = None,
    population: Mapping[str, Mapping[str, float]] | None = None,
    tolerance: float | None = None,
    unit: str = "units",
    metrics: Mapping[str, Callable[..., float]] | None = None,
    model: Any = None,
    inputs: Sequence[str] = (),
    features: Sequence[Feature] = (),
    background: Any = None,
    checks: Sequence[str] = (),
    min_group: int = 30,
    level: float = 0.95,
    k: int = 5,
    query: str | None = None,
    name: str | None = None,
    out: str | Path | None = None,
    lang: str = "en",
    store: str | None = None,
    track: bool = False,
    progress: Progress = lambda _: None,
    watch: Watch = nullcontext,
    remark: Callable[[Message], None] = lambda _: None,
) -> Audit:
    """Audit the predictions of any model, wherever their table is.

    Parameters
    ----------
    frame : dataframe, relation, str or Path
        Anything narwhals knows (pandas, polars, pyarrow, DuckDB, ibis, PySpark); or a file or
        database address, as for ``iagkit audit``. It is read once, by one grouped query in its
        own engine; only counts leave it.
    truth, prediction, score : str
        Columns with what turned out, what was predicted, and the probability claimed for yes.
    groups : sequence of str
        Columns of groups of people. A missing group is a group.
    weight : str, optional
        Row weights, none negative.
    cluster : str, optional
        Column that names who a row is of: rows of one person are one piece of evidence.
    policy : str, Path or Policy
        What is acceptable: ``"baseline"``, ``"eeoc-four-fifths"``, ``"high-stakes"`` or a file.
    task : {"binary", "multiclass", "multilabel", "regression"}, optional
        Found out from the labels if not given. With ``"multilabel"`` a row has several: lists,
        text with a ``label_separator``, or one column of 0 and 1 a label, for which ``truth`` and
        ``prediction`` name several columns in the same order.
    positive : object, optional
        Label that means yes; needed unless the labels say so themselves (0/1, no/yes).
    labels : sequence, optional
        Labels that may occur; others are refused. Names, if each label has columns of its own.
    label_separator : str, optional
        What stands between the labels of a text.
    threshold : float, optional
        Without ``prediction``: a score from here on means yes; 0.5 if not given.
    exact : bool
        Areas under ROC curves from every different score, in a second count that gives up to one
        cell a row; otherwise from 5,000 bins, with the bound of that error.
    bins : mapping of str to sequence of float, optional
        Edges that cut a group column of numbers into ranges; ``"values"`` for one of more than 20
        numbers that are codes.
    depth : int
        So many group columns are looked at together.
    reference : mapping, optional
        Group column → the group that the others are compared with.
    strata : sequence of str
        Group columns within which like is compared with like.
    against : str, optional
        Column of another model's predictions of the same rows.
    time, every : str, optional
        Column of dates, and ``"day"``, ``"week"``, ``"month"``, ``"quarter"`` or ``"year"``.
    capacity : float, optional
        Share of cases that can be served, the highest scores first.
    population : mapping, optional
        Group column → group → share of the population.
    tolerance, unit : float, str
        For numbers: error that does no harm, and their unit.
    metrics : mapping of str to callable, optional
        Functions of ``(y_true, y_pred)`` as fairlearn and scikit-learn have them; the slow way:
        each is called about 200 times on all rows and 400 times on those of each group. Of
        24,000 rows, half a minute to a minute and a half for a few functions.
    model, inputs, features, background
        A fitted model, its input columns, what may be changed about a person
        (:class:`iagkit.Feature`), and the inputs it was trained on: for explanations, recourse
        and robustness by group. The slow way too.
    checks : sequence of str
        Further checks, by the name they are registered under (entry points ``iagkit.checks``).
    min_group : int
        Groups with fewer cases are told, not compared.
    level : float
        Confidence level; of all judged gaps together.
    k : int
        Counts of 1 to ``k - 1`` people are withheld from the record, and others by which they
        could be computed; 0 withholds nothing.
    query : str, optional
        SELECT for a database address.
    name : str, optional
        Name of the data in record and report.
    out : str or Path, optional
        Folder for ``record.json`` and the reports.
    lang : {"es", "pt", "en"}
    store, track
        MLflow store; used only with ``out`` and if ``track``.
    progress, remark : callable
    watch : callable
        Given a function that tells the share of the rows already counted (``None`` where that is
        not known), returns a context manager that is open while they are.

    Returns
    -------
    Audit

    Raises
    ------
    IagkitError
        For any input that cannot be used; nothing is written then.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"sex": ["f", "m"] * 200, "hired": [0, 1] * 200, "told": [1, 1] * 200})
    >>> found = audit(table, truth="hired", prediction="told", groups=["sex"])
    >>> found.find("fairness.selection_rate.gap", sex="*").estimate.value
    0.0
    """
    asked = _inquiry(
        truth, prediction, labels, positive=positive, reference=reference, population=population,
        label_separator=label_separator, score=score, groups=tuple(groups), task=task,
        threshold=threshold, exact=exact, weight=weight, cluster=cluster, bins=dict(bins or {}),
        depth=depth, strata=tuple(strata), against=against, time=time, every=every,
        capacity=capacity, tolerance=tolerance, unit=unit, min_group=min_group, level=level, k=k,
    )  # fmt: skip
    slow = single_rows.slow_way(metrics, model, inputs, features, background)
    way = _Auditing(
        asked=asked, slow=slow, policy=policy, checks=tuple(checks), lang=lang,
        progress=progress, watch=watch, remark=remark,
    )  # fmt: skip
    return way.of(frame, query=query, name=name, place=_place(out), store=store, track=track)


def again(
    frame: str,
    *,
    asked: Mapping[str, Any],
    policy: Policy,
    checks: tuple[str, ...],
    name: str,
    query: str | None,
    progress: Progress,
) -> Record:
    """Audit a table as a record says that it was audited, and seal anew.

    Parameters
    ----------
    frame : str
        File, or address of a database.
    asked : mapping
        As :meth:`iagkit.flow.asked.Inquiry.told` tells it.
    policy, checks, name
        Of the record.
    query, progress
        As for :func:`audit`.
    """
    way = _Auditing(
        asked=Inquiry.again(asked), slow=single_rows.slow_way(None, None, (), (), None),
        policy=policy, checks=checks, lang="en", progress=progress, watch=nullcontext,
        remark=lambda _: None,
    )  # fmt: skip
    return way.of(frame, query=query, name=name, place=None, store=None, track=False).record


def _inquiry(
    truth: str | Sequence[str] | None,
    prediction: str | Sequence[str] | None,
    labels: Sequence[object],
    *,
    positive: object,
    reference: Mapping[str, object] | None,
    population: Mapping[str, Mapping[str, float]] | None,
    **asked: Any,
) -> Inquiry:
    """Put what is asked in the words of the table: labels and groups as the counted ones are."""
    return Inquiry(
        **label_sets.columns_of(truth, prediction, tuple(map(_label, labels))),
        positive=None if positive is None else _label(positive),
        reference={c: _label(g) for c, g in (reference or {}).items()},
        population=_population(population or {}),
        **asked,
    )


def _label(value: object) -> str:
    """Write a label of Python as the counted ones are written."""
    from iagkit.measures.count_levels import label_as

    return label_as(value)


def _population(
    given: Mapping[str, Mapping[str, float]],
) -> dict[str, dict[str, float]]:
    try:
        told = {c: {_label(g): float(s) for g, s in of.items()} for c, of in given.items()}
    except (AttributeError, TypeError, ValueError):
        msg = (
            "expected shares of the population by column and group: {'sex': {'f': 0.51, 'm': 0.49}}"
        )
        raise UsageError(msg) from None
    return told


def _place(out: str | Path | None) -> Any:
    if out is None:
        return None
    from iagkit.wire.output import OutputFolder

    place = OutputFolder(out)
    place.probe()
    return place


@dataclass(frozen=True, slots=True, kw_only=True)
class _Auditing:
    """One audit on its way from the table to the record."""

    asked: Inquiry
    policy: str | Path | Policy
    slow: single_rows.Slow
    lang: str
    progress: Progress
    watch: Watch
    remark: Callable[[Message], None]
    checks: tuple[str, ...]

    def __post_init__(self) -> None:
        for name in self.checks:
            registry.find("checks", name)
        if self.slow.model is None:
            refuse_threshold(self.asked)
        if self.slow.functions or self.slow.model is not None:
            label_sets.refuse_rows(self.asked)

    def of(
        self,
        frame: Any,
        *,
        query: str | None,
        name: str | None,
        place: Any,
        store: str | None,
        track: bool,
    ) -> Audit:
        """Do all steps; write only if all went well."""
        policies = self._policies()
        with ExitStack() as until_told:
            self.progress("count")
            with (
                counting.opened(
                    frame, query=query, name=name, asked=self.asked, more=self.slow.inputs
                ) as table,
                self.watch(table.progress),
            ):
                run = self._run(table, policies)
            self.progress("measure")
            audited = self._judged(run)
            if place is None:
                return audited
            tracked = until_told.enter_context(_tracked(store, run)) if track else None
            folder = until_told.enter_context(place)
            self.progress("tell")
            _tell(audited, folder.path)
            if tracked is not None:
                self.progress("track")
                tracked.log(audited.record, folder.path, model=None)
        if place.notice is not None:
            self.remark(place.notice)
        return audited

    def _policies(self) -> Callable[[Collection[str]], Policy]:
        """Read the policy before any row is counted; which gates speak is known later."""
        brought = tuple(self.slow.functions)
        if isinstance(self.policy, Policy):
            given = self.policy
            gates.refuse_unknown((g.check for g in given.gates), where=given.name, also=brought)
            return lambda _: given
        from iagkit.wire import declare

        return declare.policy_file(self.policy, also=brought)

    def _run(self, table: Table, policies: Callable[[Collection[str]], Policy]) -> Run:
        from iagkit.checks.sharing import sharing

        began, started = clock.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
        cells = label_sets.cells_of(table.frame, self.asked) or counting.cells_of(table, self.asked)
        task = self.asked.task_of(cells)
        policy = policies({"audit", task, *(["score"] if cells.bins is not None else [])})
        settings = self.asked.settled(cells, task, policy)
        settings = sharing(settings, cells, own=len(self.slow.functions))
        evidence = {"cells": cells, "asked": settings, "policy": policy}
        evidence |= single_rows.rows_of(table.frame, self.asked, settings, cells, self.slow)
        each, cost = each_score(table.frame, self.asked, settings, cells)
        evidence |= each
        run = counting.run_of(
            table, self.asked, evidence,
            facts={"started": started, "seconds": round(clock.monotonic() - began, 1), **cost},
        )  # fmt: skip
        return self._with_checks(run)

    def _with_checks(self, run: Run) -> Run:
        """Run whose protocol also names the checks that were asked for."""
        protocol = run.prototype.protocol
        more = tuple(c for c in dict.fromkeys(self.checks) if c not in protocol.checks)
        protocol = replace(protocol, checks=(*protocol.checks, *more))
        return replace(run, prototype=replace(run.prototype, protocol=protocol))

    def _judged(self, run: Run) -> Audit:
        from iagkit.checks.publishable import publishable, verdicts_told
        from iagkit.checks.undecided import lacking_cases

        findings = measure(run)
        policy = run.prototype.policy
        verdicts = judge(findings, policy)
        findings += tuple(lacking_cases(findings, verdicts, policy))
        public, withheld = publishable(run, findings, k=self.asked.k)
        told = verdicts_told(verdicts, findings, public)
        run = told_of(run, findings, public, withheld)
        record = seal(run, public, told, about=about_now())
        return Audit(findings=findings, record=record, judged=verdicts, lang=self.lang)


def _tracked(store: str | None, run: Run) -> AbstractContextManager[Any]:
    from iagkit.track.store import Store

    return Store.open(store).run("audit", prototype=run.prototype, params={})


def _tell(audited: Audit, folder: Path) -> None:
    from iagkit.report import write_report

    (folder / RECORD).write_bytes(audited.record.to_bytes())
    write_report(audited.record, folder, lang=audited.lang)
