"""Several ways to narrow a gap, on one table: learn, choose, judge once, seal."""

from __future__ import annotations

import time as clock
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from iagkit.core.judge import judge
from iagkit.core.message import Message
from iagkit.core.nouns import (
    Card,
    Column,
    Dataset,
    Estimate,
    Finding,
    Outcome,
    Policy,
    Protocol,
    Prototype,
    Role,
    Run,
)
from iagkit.core.quiet import be_quiet
from iagkit.core.record import Record, seal
from iagkit.flow.running import RECORD, about_now, made_with

if TYPE_CHECKING:
    import pandas as pd

be_quiet()
LIBRARIES = ("scikit-learn", "fairlearn", "numpy", "scipy", "pandas")
OVERALL = (
    "accuracy",
    "balanced_accuracy",
    "selection_rate",
    "accuracy_change",
    "by_draw",
    "redrawn",
)
SIDES = ("gains", "gains.right", "losses", "losses.right")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mitigation:
    """What each method gives and takes; none is chosen.

    Parameters
    ----------
    findings : tuple of Finding
        In the order in which the methods were declared.
    record : Record
    """

    findings: tuple[Finding, ...]
    record: Record

    @property
    def methods(self) -> tuple[str, ...]:
        """Names of the methods, the estimator as it is first."""
        return tuple(dict.fromkeys(f.where["method"] for f in self.findings))

    def find(self, check: str, **where: str) -> Finding | None:
        """First finding of this check with exactly this ``where``."""
        return self.record.find(check, **where)

    def to_frame(self) -> pd.DataFrame:
        """One row a method; a gap has its columns for each group column, all with intervals.

        Returns
        -------
        DataFrame
            ``accuracy``, ``accuracy_low``, ``accuracy_high`` and so on; ``gap:<column>``;
            ``gains`` and ``losses`` in people; empty where a number is withheld or unknown.
        """
        import pandas as pd

        return pd.DataFrame([self._row(method) for method in self.methods])

    def _row(self, method: str) -> dict[str, Any]:
        row: dict[str, Any] = {"method": method}
        for name in OVERALL:
            row |= _told(name, self.find(f"mitigation.{name}", method=method))
        for gap in self.record.select("mitigation.gap"):
            if gap.where["method"] == method:
                columns = [column for column in gap.where if column != "method"]
                row |= _told("gap:" + "+".join(columns), gap)
        for name in SIDES:
            row[name] = _value(self.find(f"mitigation.{name}", method=method))
        return row


def _told(name: str, found: Finding | None) -> dict[str, float | None]:
    known = found.estimate if found else None
    low, high = (known.low, known.high) if known else (None, None)
    return {name: _value(found), f"{name}_low": low, f"{name}_high": high}


def _value(found: Finding | None) -> float | None:
    known: Estimate | None = found.estimate if found else None
    return None if known is None else known.value


def mitigate(
    frame: Any,
    *,
    truth: str,
    groups: Sequence[str],
    inputs: Sequence[str] | None = None,
    positive: object = None,
    estimator: Any = "boosting",
    constraint: str = "equalized_odds",
    methods: Sequence[str] | None = None,
    policy: str | Path | Policy | None = None,
    test_share: float = 0.3,
    split_column: str | None = None,
    clusters: str | None = None,
    seed: int = 0,
    level: float = 0.95,
    query: str | None = None,
    out: str | Path | None = None,
    lang: str = "en",
    progress: Callable[[str], None] = lambda _: None,
    remark: Callable[[Message], None] = lambda _: None,
) -> Mitigation:
    """Compare ways to narrow a gap between groups, on people that none of them has seen.

    Parameters
    ----------
    frame : dataframe, str or Path
        Anything narwhals knows, brought into memory; or a file, database address or data set.
    truth : str
        Column with the decision that should have been made, one of two.
    groups : sequence of str
        Columns of groups of people; a missing group is a group. Methods equalise the groups of
        all columns together; gaps are told for each column and for all together.
    inputs : sequence of str, optional
        What a decision may rest on; default: every other column, never the groups.
    positive : label, optional
        The outcome that grants; needed unless the outcomes say so themselves (0/1, no/yes).
    estimator : {"boosting", "logistic"} or classifier
        A classifier of one's own gets the inputs as they are.
    constraint : str
        What shall be alike: ``"demographic_parity"``, ``"equalized_odds"``,
        ``"true_positive_rate_parity"`` or ``"false_positive_rate_parity"``.
    methods : sequence of str, optional
        Among ``threshold_optimizer``, ``exponentiated_gradient``, ``reweighing`` and
        ``group_thresholds``; default: all. The estimator as it is comes with them, always.
    policy : str, Path or Policy, optional
        Its gate on the gap is the limit of ``group_thresholds`` (without one: 0.05), and every
        method is judged by it.
    test_share : float
        Share of the people (of the clusters) on whom all is judged, once.
    split_column : str, optional
        Column that says ``train`` or ``test`` instead.
    clusters : str, optional
        Column whose equal values are rows of one person: never on both sides.
    seed : int
        Decides split, training and draws.
    level : float
    query : str, optional
        SELECT for a database address.
    out : str or Path, optional
        Folder for ``record.json`` and the reports.
    lang : {"es", "pt", "en"}
        Language of ``report.html`` and ``report.md``; all three are always written.
    progress, remark : callable

    Returns
    -------
    Mitigation

    Raises
    ------
    IagkitError
        For any input that cannot be used; nothing is written then.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [(x, "ab"[x % 2], int(x % 10 > 4)) for x in range(400)]
    >>> table = pd.DataFrame(rows, columns=["age", "town", "paid"])
    >>> told = mitigate(table, truth="paid", groups=["town"], methods=["reweighing"])
    >>> told.methods
    ('baseline', 'reweighing')
    """
    from iagkit.prototypes.mitigation.cases import cases

    progress("read")
    place = _place(out)
    dataset = _dataset(frame, query)
    known = cases(
        dataset.table, truth=truth, groups=groups, inputs=inputs, positive=positive,
        clusters=clusters, split_column=split_column,
    )  # fmt: skip
    rules, limit = _rules(policy, constraint)
    settings = {"constraint": constraint, "methods": methods, "limit": limit,
                "test_share": test_share, "seed": seed, "level": level}  # fmt: skip
    began, started = clock.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    findings, facts = _compare(known, estimator, settings, progress)
    parts = {"target": truth, "group": tuple(groups), "id": clusters, "split": split_column}
    told = _roles(dataset, parts, facts["inputs"])
    facts |= {"seed": seed, "started": started, "seconds": round(clock.monotonic() - began, 1),
              "made_with": made_with(LIBRARIES)}  # fmt: skip
    declared = _declared({**settings, "truth": truth, "groups": list(groups), "positive": positive,
                          "estimator": estimator, "clusters": clusters}, rules)  # fmt: skip
    record = _sealed(declared, told, findings, facts)
    _keep(record, place, lang, progress, remark)
    return Mitigation(findings=record.findings, record=record)


def _place(out: str | Path | None) -> Any:
    """Folder for the results, tried before any work."""
    if out is None:
        return None
    from iagkit.wire.output import OutputFolder

    place = OutputFolder(out)
    place.probe()
    return place


def _dataset(frame: Any, query: str | None) -> Dataset:
    if isinstance(frame, str | Path):
        from iagkit.wire import datasets

        return datasets.load(frame, required=(), query=query)
    import narwhals as nw

    from iagkit.wire import databases

    eager = nw.from_native(frame)
    table = (eager.collect() if isinstance(eager, nw.LazyFrame) else eager).to_pandas()
    return Dataset(card=Card(name="table"), table=table, sha256=databases.sha256(table))


def _rules(policy: str | Path | Policy | None, constraint: str) -> tuple[Policy, float]:
    """Gates that hold here, and the limit they set on the gap."""
    from iagkit.prototypes.mitigation import declared
    from iagkit.prototypes.mitigation.recipe import LIMIT, refuse_constraint
    from iagkit.wire import declare

    refuse_constraint(constraint)
    if policy is None:
        return declared.NO_POLICY, LIMIT
    read = (
        policy if isinstance(policy, Policy) else declare.policy(policy, tasks={"audit", "binary"})
    )
    kept = declared.gates_on(read, constraint)
    return kept, declared.limit_of(kept.gates, policy=read.name)


def _compare(
    known: Any, learner: Any, settings: Mapping[str, Any], progress: Callable[[str], None]
) -> tuple[tuple[Finding, ...], dict[str, Any]]:
    from iagkit.prototypes.mitigation.recipe import compare
    from iagkit.track.autolog import no_autolog

    with no_autolog():
        return compare(known, learner=learner, progress=progress, **settings)


def _roles(dataset: Dataset, parts: Mapping[str, Any], inputs: Sequence[str]) -> Dataset:
    """The card, with the part that each column had in this comparison."""
    described = {c.name: c for c in reversed(dataset.card.columns)}
    listed: list[Column] = []
    for name in map(str, dataset.table.columns):
        roles = [r for r, c in parts.items() if name == c or (r == "group" and name in c)]
        roles += ["input"] if name in inputs else []
        column = described.get(name, Column(name=name, role="ignore"))
        listed += [replace(column, role=_role(role)) for role in roles or ["ignore"]]
    return replace(dataset, card=replace(dataset.card, columns=tuple(listed)))


def _role(told: str) -> Role:
    return told  # type: ignore[return-value]


def _declared(params: dict[str, Any], policy: Policy) -> Prototype:
    from iagkit.prototypes.mitigation import declared

    learner, clusters = params["estimator"], params["clusters"]
    public = {
        **params,
        "positive": None if params["positive"] is None else str(params["positive"]),
        "estimator": learner if isinstance(learner, str) else type(learner).__name__,
    }
    return Prototype(
        name=declared.NAME,
        version="1",
        task=declared.NAME,
        recipe=declared.NAME,
        title=declared.TITLE,
        intended_use=declared.USE,
        not_for=declared.NOT_FOR,
        human_role={},
        protocol=Protocol(
            name=declared.NAME,
            split_by=clusters or "rows",
            test_share=params["test_share"],
            level=params["level"],
            max_error=None,
        ),
        policy=policy,
        params={name: value for name, value in public.items() if value is not None},
    )


def _sealed(
    declared: Prototype, dataset: Dataset, findings: Sequence[Finding], facts: Mapping[str, Any]
) -> Record:
    outcome = Outcome(table=(), respond=lambda _: None)
    done = Run(prototype=declared, dataset=dataset, outcome=outcome, facts=facts)
    return seal(done, findings, judge(findings, declared.policy), about=about_now())


def _keep(
    record: Record,
    place: Any,
    lang: str,
    progress: Callable[[str], None],
    remark: Callable[[Message], None],
) -> None:
    if place is None:
        return
    from iagkit.report import write_report

    progress("tell")
    with place:
        (place.path / RECORD).write_bytes(record.to_bytes())
        write_report(record, place.path, lang=lang)
    if place.notice is not None:
        remark(place.notice)
