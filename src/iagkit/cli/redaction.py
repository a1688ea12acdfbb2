"""``train-tagger`` and ``evaluate-redaction``: how personal data are found, and how well."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible

if TYPE_CHECKING:
    from iagkit.flow.evaluating_redaction import RedactionScore, Row


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("train-tagger")(train_tagger)
    app.command("evaluate-redaction")(evaluate_redaction)


def train_tagger(
    lang: Annotated[str, typer.Option(help="Language: es or pt.")],
    out: Annotated[Path | None, typer.Option(help="File (default: in iagkit's cache).")] = None,
    hold_out: Annotated[
        list[str] | None, typer.Option(help="Part not to learn from: dev; to measure on it.")
    ] = None,
    seed: o.Seed = 0,
    json: o.JsonOption = False,
) -> None:
    """Train the tagger of names, places and the rest from public corpora.

    The corpora come from their origin or from IAGKIT_DATA_MIRROR. The file holds weights of
    features and no text.

    Example: iagkit train-tagger --lang es --out es.tagger
    """
    from iagkit.flow.training_tagger import train_tagger as train

    tagger, path = train(lang, out=out, hold_out=tuple(hold_out or ()), seed=seed, tell=_remark)
    show.facts({**tagger.facts, "bytes": path.stat().st_size, "file": str(path)}, as_json=json)


def evaluate_redaction(
    data: Annotated[
        str,
        typer.Option(
            help="meddocan_es, lener_br_pt, esic_df_pii_pt, infoleg_ar_es, or a table with spans."
        ),
    ],
    split: Annotated[str, typer.Option(help="Part of a named corpus: dev or train.")] = "dev",
    text: Annotated[str, typer.Option(help="Column with the text.")] = "text",
    spans: Annotated[
        str, typer.Option(help="Column with JSON spans [[start, end, type], ...].")
    ] = "spans",
    lang: Annotated[str | None, typer.Option(help="Language of a file: es or pt.")] = None,
    tagger: Annotated[
        Path | None, typer.Option(help="File of train-tagger (default: in iagkit's cache).")
    ] = None,
    corpus: Annotated[
        str | None, typer.Option(help="Score the labels of this corpus: meddocan_es, lener_br_pt.")
    ] = None,
    names: Annotated[
        bool, typer.Option(help="Measure the protection of groups of names too.")
    ] = True,
    level: Annotated[float, typer.Option(help="Confidence level.")] = 0.95,
    seed: o.Seed = 0,
    json: o.JsonOption = False,
) -> None:
    """Tell how much personal data a redaction would find, and whose names it protects less.

    Spans (strict and partial), characters, documents with a leak, each with its interval, and
    the share of invented persons of each group of names that are hidden whole.

    Example: iagkit evaluate-redaction --data meddocan_es --tagger es.tagger
    """
    from iagkit.flow.evaluating_redaction import evaluate_redaction as evaluate

    score = evaluate(
        data, split=split, lang=lang, tagger=tagger, text=text, spans=spans, corpus=corpus,
        names=names, level=level, seed=seed,
    )  # fmt: skip
    if json:
        show.facts(_told(score), as_json=True)
        return
    _print(score)


def _remark(step: str) -> None:
    print(visible(f"· {step} …"), file=sys.stderr, flush=True)  # noqa: T201


def _told(score: RedactionScore) -> dict[str, Any]:
    from iagkit.core.record import to_json

    return {
        "data": score.data, "split": score.split, "documents": score.documents,
        "tagger": score.tagger, "rows": [to_json(row) for row in score.rows],
    }  # fmt: skip


def _print(score: RedactionScore) -> None:
    lines = [f"{score.data} {score.split}: {score.documents} documents; tagger: {score.tagger}"]
    lines += [f"{r.part:9} {r.measure:22} {r.kind:34} {_figure(r)}" for r in score.rows]
    print(visible("\n".join(lines)))  # noqa: T201


def _figure(row: Row) -> str:
    found = row.estimate
    if found is None:
        return str(row.because)
    if found.low is None or found.high is None:
        return f"{found.value:.1f} (n={found.n})"
    return f"{found.value:.3f} [{found.low:.3f}, {found.high:.3f}] (n={found.n})"
