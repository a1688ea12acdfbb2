"""``audit``: the predictions of any model, measured by groups of people."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal, Never

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.core.errors import UsageError
from iagkit.core.judge import unproven

if TYPE_CHECKING:
    from iagkit.flow.audited import Audit


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(audit)


Truth = Annotated[
    list[str] | None,
    typer.Option(help="Column with what turned out; repeatable: one of 0 and 1 a label."),
]
Prediction = Annotated[
    list[str] | None, typer.Option(help="Column with what was predicted; repeatable alike.")
]
Separator = Annotated[
    str | None, typer.Option(help="What stands between several labels of a row, such as ';'.")
]
Score = Annotated[str | None, typer.Option(help="Column with the probability claimed for yes.")]
Weight = Annotated[str | None, typer.Option(help="Column with row weights.")]
Cluster = Annotated[
    str | None, typer.Option(help="Column that names whose row it is, if people have several.")
]
Bins = Annotated[
    list[str] | None, typer.Option(help="Cut a column of numbers: age=0,18,30,65; repeatable.")
]
Reference = Annotated[
    list[str] | None, typer.Option(help="Compare with one group: sex=m; repeatable.")
]
Population = Annotated[
    list[str] | None,
    typer.Option(help="Shares of the population: sex=f:0.51,m:0.49; repeatable."),
]
Strata = Annotated[
    list[str] | None, typer.Option(help="Group column within which like meets like; repeatable.")
]
Time = Annotated[str | None, typer.Option(help="Column with the date of the case.")]
Every = Annotated[str | None, typer.Option(help="day, week, month, quarter or year.")]
File = Annotated[str | None, typer.Argument(help="Table: file, '-' or database address.")]
PolicyName = Annotated[str, typer.Option(help="Name or file of a policy.")]
Positive = Annotated[str | None, typer.Option(help="Label that means yes.")]
Labels = Annotated[str | None, typer.Option(help="Labels that may occur: yes,no.")]
Threshold = Annotated[
    float | None, typer.Option(help="Score that means yes, without --prediction.")
]
Exact = Annotated[
    bool, typer.Option(help="Areas under curves from every score, not from bins; slower.")
]
Task = Annotated[
    str | None,
    typer.Option(help="binary, multiclass, multilabel or regression; found out if not given."),
]
Depth = Annotated[int, typer.Option(help="Group columns looked at together.")]
SecondPrediction = Annotated[
    str | None, typer.Option(help="Column with another model's predictions.")
]
Capacity = Annotated[
    float | None, typer.Option(help="Share that can be served, highest scores first.")
]
Tolerance = Annotated[float | None, typer.Option(help="Error of a number that does no harm.")]
Unit = Annotated[str, typer.Option(help="Unit of the numbers predicted.")]
MinGroup = Annotated[int, typer.Option(help="Smaller groups are not compared.")]
Level = Annotated[float, typer.Option(help="Confidence level.")]
Few = Annotated[int, typer.Option("--k", help="Withhold counts of 1 to k-1 people.")]
Db = Annotated[str | None, typer.Option(help="Address of a database, with --query.")]
Out = Annotated[
    Path | None, typer.Option(help="Folder for the results (default: out/audit-NAME of the table).")
]
Checks = Annotated[
    list[str] | None,
    typer.Option("--check", help="Run a further check, by its registered name; repeatable."),
]
Strict = Annotated[
    bool,
    typer.Option(
        "--strict", help="Exit 1 also where a blocking limit is undecided; for pipelines."
    ),
]
Track = Annotated[bool, typer.Option(help="Keep the audit in MLflow.")]


def audit(
    file: File = None,
    truth: Truth = None,
    prediction: Prediction = None,
    score: Score = None,
    group: o.Group = None,
    policy: PolicyName = "baseline",
    positive: Positive = None,
    labels: Labels = None,
    label_separator: Separator = None,
    threshold: Threshold = None,
    exact_scores: Exact = False,
    task: Task = None,
    bins: Bins = None,
    depth: Depth = 2,
    weight: Weight = None,
    cluster: Cluster = None,
    reference: Reference = None,
    strata: Strata = None,
    against: SecondPrediction = None,
    time: Time = None,
    every: Every = None,
    capacity: Capacity = None,
    population: Population = None,
    tolerance: Tolerance = None,
    unit: Unit = "units",
    min_group: MinGroup = 30,
    level: Level = 0.95,
    k: Few = 5,
    query: o.Query = None,
    db: Db = None,
    check: Checks = None,
    strict: Strict = False,
    out: Out = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    store: o.StoreOption = None,
    track: Track = False,
    json: o.JsonOption = False,
) -> None:
    """Audit the predictions of any model: rates, gaps, verdicts, record, report.

    Example: iagkit audit decisions.csv --truth paid --prediction granted --group sex
    --group district --bins age=18,30,65 --group age --out out/audit --lang es

    Exit codes: 0 no blocking limit failed, 1 one failed (with --strict: or is undecided), 2 bad
    input, 130 or 143 stopped.
    """
    from iagkit import flow

    out = o.default_out("audit", file or "database") if out is None else out
    found = flow.audit(
        _source(file, db), truth=truth or None, prediction=prediction or None, score=score,
        groups=tuple(group or ()), policy=policy, positive=positive,
        labels=tuple(labels.split(",")) if labels else (), label_separator=label_separator,
        threshold=threshold, exact=exact_scores,
        task=task,
        bins=_bins(bins or (), group or ()), depth=depth, weight=weight, cluster=cluster,
        reference=dict(_pair(r, "--reference", "sex=m", group or ()) for r in reference or ()),
        strata=tuple(strata or ()), against=against, time=time, every=every, capacity=capacity,
        population=_population(population or ()), tolerance=tolerance, unit=unit,
        min_group=min_group, level=level, k=k, query=query, out=out, lang=lang.value,
        checks=tuple(check or ()), store=store, track=track, remark=show.remark,
        progress=show.silent if json else show.stage(lang.value),
        watch=nullcontext if json else show.counting,
    )  # fmt: skip
    _end(found, as_json=json, strict=strict, out=out, lang=lang.value)


def _end(found: Audit, *, as_json: bool, strict: bool, out: Path, lang: str) -> Never:
    """Show what was found and leave with the code that it asks for."""
    if as_json:
        show.write(found.record.to_bytes())
    else:
        show.summary(found.record, sorted(out.iterdir()), lang)
    open_ = strict and bool(unproven(found.verdicts))
    if open_ and not found.record.blocked:
        show.undecided(lang)
    raise typer.Exit(1 if found.record.blocked or open_ else 0)


def _source(file: str | None, db: str | None) -> str:
    if (file is None) == (db is None):
        msg = "expected a table: a file, or --db ADDRESS with --query; give one of them"
        raise UsageError(msg)
    return str(file if file is not None else db)


def _pair(told: str, option: str, example: str, columns: Sequence[str] = ()) -> tuple[str, str]:
    """Cut ``COLUMN=...`` at the first equals sign that no name of these columns holds."""
    known = max((c for c in columns if told.startswith(f"{c}=")), key=len, default=None)
    column, equals, rest = told.partition("=")
    if known is not None:
        column, rest = known, told[len(known) + 1 :]
    if not equals or not column or not rest:
        msg = f"expected {option} COLUMN=..., such as {option} {example}; got something else"
        raise UsageError(msg)
    return column, rest


def _bins(
    given: Sequence[str], columns: Sequence[str]
) -> dict[str, list[float] | Literal["values"]]:
    example = "age=0,18,30,65"
    found = dict(_pair(told, "--bins", example, columns) for told in given)
    return {
        c: "values" if rest == "values" else [_float(x, "--bins", example) for x in rest.split(",")]
        for c, rest in found.items()
    }


def _population(given: Sequence[str]) -> dict[str, dict[str, float]]:
    example = "sex=f:0.51,m:0.49"
    found = dict(_pair(told, "--population", example) for told in given)
    shares = {c: [part.rpartition(":") for part in rest.split(",")] for c, rest in found.items()}
    return {
        column: {group: _float(share, "--population", example) for group, _, share in parts}
        for column, parts in shares.items()
    }


def _float(text: str, option: str, example: str) -> float:
    try:
        return float(text)
    except ValueError:
        msg = f"expected numbers in {option}, such as {option} {example}; got something else"
        raise UsageError(msg) from None
