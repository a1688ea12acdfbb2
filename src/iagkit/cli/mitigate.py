"""``mitigate``: ways to narrow a gap, side by side; none is chosen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible
from iagkit.core.nouns import Finding

if TYPE_CHECKING:
    from iagkit.flow.mitigating import Mitigation
    from iagkit.report.voice import Voice

TITLE = {
    "es": "Formas de reducir la brecha, en el orden declarado; nada se elige",
    "pt": "Formas de reduzir a diferença, na ordem declarada; nada é escolhido",
    "en": "Ways to narrow the gap, in the order declared; nothing is chosen",
}
HEADINGS = {
    "method": {"es": "Método", "pt": "Método", "en": "Method"},
    "accuracy": {"es": "Acierto", "pt": "Acerto", "en": "Accuracy"},
    "gap": {"es": "Brecha", "pt": "Diferença", "en": "Gap"},
    "gains": {"es": "Ganan (con razón)", "pt": "Ganham (com razão)", "en": "Gain (rightly)"},
    "losses": {"es": "Pierden (con razón)", "pt": "Perdem (com razão)", "en": "Lose (rightly)"},
    "redrawn": {
        "es": "Distintas en otro sorteo",
        "pt": "Outras em novo sorteio",
        "en": "Others if redrawn",
    },
}
HIDDEN = "—"


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(mitigate)


def mitigate(
    file: Annotated[str, typer.Argument(help="Table: file, '-', database URL or data set.")],
    truth: Annotated[
        str, typer.Option(help="Column with the decision that should have been made.")
    ],
    group: Annotated[list[str], typer.Option(help="Column of groups to compare; may be repeated.")],
    inputs: Annotated[
        list[str] | None,
        typer.Option("--input", help="Column to decide from; may be repeated. Default: the rest."),
    ] = None,
    positive: Annotated[str | None, typer.Option(help="Outcome that grants.")] = None,
    estimator: Annotated[str, typer.Option(help="'boosting' or 'logistic'.")] = "boosting",
    constraint: Annotated[
        str,
        typer.Option(
            help="What shall be alike: demographic_parity, equalized_odds, "
            "true_positive_rate_parity or false_positive_rate_parity."
        ),
    ] = "equalized_odds",
    method: Annotated[
        list[str] | None,
        typer.Option(
            help="threshold_optimizer, exponentiated_gradient, reweighing, group_thresholds; "
            "may be repeated. Default: all."
        ),
    ] = None,
    policy: o.PolicyOption = None,
    test_share: Annotated[float, typer.Option(help="Share of people to judge on.")] = 0.3,
    split_column: o.SplitColumn = None,
    cluster: Annotated[
        str | None, typer.Option(help="Column that is the same in all rows of one person.")
    ] = None,
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.95,
    query: o.Query = None,
    seed: o.Seed = 0,
    out: Annotated[Path | None, typer.Option(help="Folder for record and report.")] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Compare ways to narrow a gap between groups: accuracy, gap, who gains and who loses.

    Example: iagkit mitigate loans.csv --truth repaid --group sex --group district
    --constraint equalized_odds --out out/mitigation --lang es
    """
    from iagkit.flow import mitigating

    told = mitigating.mitigate(
        file, truth=truth, groups=tuple(group), inputs=inputs, positive=positive,
        estimator=estimator, constraint=constraint, methods=method, policy=policy,
        test_share=test_share, split_column=split_column, clusters=cluster, seed=seed,
        level=level, query=query, out=out, lang=lang.value, remark=show.remark,
        progress=show.silent if json else show.stage(lang.value),
    )  # fmt: skip
    if json:
        show.write(told.record.to_bytes())
    else:
        _tell(told, lang.value, sorted(out.iterdir()) if out else ())
    raise typer.Exit(1 if told.record.blocked else 0)


def _tell(told: Mitigation, lang: str, paths: Sequence[Path]) -> None:
    from rich.box import SIMPLE_HEAD
    from rich.console import Console
    from rich.table import Table

    from iagkit.report.voice import Voice

    voice, console = Voice(lang), Console(highlight=False, markup=False)
    grid = Table(title=TITLE[lang], title_justify="left", box=SIMPLE_HEAD, leading=1)
    first = HEADINGS["method"]
    for heading in HEADINGS.values():
        grid.add_column(heading[lang], overflow="fold", min_width=14 if heading is first else None)
    for method in told.methods:
        grid.add_row(*map(visible, _row(told, method, voice)))
    console.print(grid)
    for line in _caveats(told, voice):
        console.print(visible(line), soft_wrap=False)
    for path in paths:
        console.print(visible(f"  {path}"), soft_wrap=True)


def _row(told: Mitigation, method: str, voice: Voice) -> list[str]:
    def of(name: str) -> Finding | None:
        return told.find(f"mitigation.{name}", method=method)

    gaps = [f for f in told.record.select("mitigation.gap") if f.where["method"] == method]
    return [
        method.replace("_", " "),  # so that it may break between words
        _share(of("accuracy"), voice),
        "\n".join(_gap(gap, voice) for gap in gaps),
        _people(of("gains"), of("gains.right"), voice),
        _people(of("losses"), of("losses.right"), voice),
        _share(of("redrawn"), voice).partition("\n")[0],
    ]


def _share(found: Finding | None, voice: Voice) -> str:
    if found is None or found.estimate is None:
        return HIDDEN
    told = voice.percent(found.estimate.value)
    between = voice.interval(found.estimate)
    return told if between == HIDDEN else f"{told}\n{between}"


def _gap(found: Finding, voice: Voice) -> str:
    columns = " + ".join(column for column in found.where if column != "method")
    if found.estimate is None:
        return f"{columns}: {voice.tell(found.because) if found.because else HIDDEN}"
    return f"{columns}\n{_share(found, voice)}"


def _people(all_: Finding | None, right: Finding | None, voice: Voice) -> str:
    if all_ is None or all_.estimate is None:
        return HIDDEN
    fair = voice.number(right.estimate.value, 0) if right and right.estimate else HIDDEN
    return f"{voice.number(all_.estimate.value, 0)} ({fair})"


def _caveats(told: Mitigation, voice: Voice) -> list[str]:
    """What whoever decides must know of the law, once for each group of methods."""
    said: dict[str, list[str]] = {}
    for found in told.record.select("mitigation.uses_group"):
        if found.because is not None:
            said.setdefault(voice.tell(found.because), []).append(found.where["method"])
    return [f"{', '.join(methods)}: {sentence}" for sentence, methods in said.items()]
