"""``run``, ``predict`` and ``explain``: the model at work."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import show
from iagkit.cli.options import JsonOption, Lang, LangOption, RunFolder, StoreOption


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(run)
    app.command()(predict)
    app.command()(explain)


def run(
    prototype: Annotated[str, typer.Argument(help="Name of a prototype, or its YAML file.")],
    data: Annotated[
        str | None,
        typer.Option("--data", help="File, '-' (stdin), database URL or name of a data set."),
    ] = None,
    text: Annotated[str | None, typer.Option(help="Column with the text.")] = None,
    target: Annotated[str | None, typer.Option(help="Column with the recorded answer.")] = None,
    group: Annotated[
        list[str] | None, typer.Option(help="Column of groups to compare; may be repeated.")
    ] = None,
    time: Annotated[str | None, typer.Option(help="Column with the date of the case.")] = None,
    id_column: Annotated[str | None, typer.Option("--id", help="Column that names a case.")] = None,
    office: Annotated[
        str | None, typer.Option(help="Column with the office a request was addressed to (input).")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Column with es, pt or en; detected where absent.")
    ] = None,
    query: Annotated[str | None, typer.Option(help="SELECT for a database URL.")] = None,
    split_by: Annotated[
        str | None, typer.Option(help="text, time, rows, or a column that names the text group.")
    ] = None,
    split_column: Annotated[
        str | None, typer.Option(help="Column that already says 'train' or 'test'.")
    ] = None,
    review_share: Annotated[
        float | None, typer.Option(help="Share of cases that people can review, 0 to 1.")
    ] = None,
    max_error: Annotated[
        float | None, typer.Option(help="Wrong answers accepted among automatic ones, 0 to 1.")
    ] = None,
    coverage: Annotated[
        float | None, typer.Option(help="Share of cases whose set holds the right answer.")
    ] = None,
    policy: Annotated[str | None, typer.Option(help="Name or file of a policy.")] = None,
    protocol: Annotated[str | None, typer.Option(help="Name or file of a protocol.")] = None,
    taxonomy: Annotated[str | None, typer.Option(help="File with the names of the offices.")] = None,
    long_texts: Annotated[
        str, typer.Option(help="Texts above 100,000 characters: 'refuse' or 'cut'.")
    ] = "refuse",
    seed: Annotated[int, typer.Option(help="Decides the split and every random step.")] = 0,
    out: Annotated[Path, typer.Option(help="Folder for the results.")] = Path("out"),
    lang: LangOption = Lang.en,
    store: StoreOption = None,
    track: Annotated[bool, typer.Option(help="Keep the run in MLflow.")] = True,
    json: JsonOption = False,
) -> None:
    """Run a prototype on a table: model, audit, record, report.

    Example: iagkit run citizen-requests --data requests.csv --text message --target office
    --group district --out out/requests --lang es
    """
    from iagkit import flow

    record, paths = flow.run_to_folder(
        prototype, data, out=out, seed=seed, lang=lang.value, store=store, track=track,
        progress=show.silent if json else show.stage(lang.value),
        text=text, target=target, groups=tuple(group or ()), time=time, ids=id_column,
        office=office, language=language, query=query, split_by=split_by,
        split_column=split_column, review_share=review_share, max_error=max_error,
        coverage=coverage, policy=policy, protocol=protocol, taxonomy=taxonomy,
        long_texts=long_texts,
    )  # fmt: skip
    if json:
        show.write(record.to_bytes())
    else:
        show.summary(record, paths, lang.value)
    raise typer.Exit(1 if record.blocked else 0)


def predict(
    model: Annotated[Path, typer.Argument(help="The 'model.skops' of a run.")],
    file: Annotated[str, typer.Argument(help="Table to answer: file or '-'.")],
    out: Annotated[Path, typer.Option(help="CSV file for the answers.")] = Path("predictions.csv"),
    id_column: Annotated[str | None, typer.Option("--id", help="Column that names a case.")] = None,
    json: JsonOption = False,
) -> None:
    """Answer a big table in constant memory; free text is never written.

    Example: iagkit predict out/requests/model.skops new.csv --id folio --out answers.csv
    """
    from iagkit import flow

    with show.rows(silent=json) as advance:
        told = flow.predict(model, file, out=out, ids=id_column, advance=advance)
    show.facts(told, as_json=json)


def explain(
    run_folder: RunFolder,
    id_: Annotated[str, typer.Option("--id", help="Which case.")],
    data: Annotated[
        str | None, typer.Option(help="The table, if it has moved since the run.")
    ] = None,
    lang: LangOption = Lang.en,
    json: JsonOption = False,
) -> None:
    """Write a letter about one decision: where, why, how sure, who reviews, how to contest.

    Example: iagkit explain out/requests --id R-000123 --lang es
    """
    from iagkit import flow

    told = flow.explain(run_folder, id_, data=data, lang=lang.value)
    if json:
        show.facts(told, as_json=True)
    else:
        typer.echo(told["letter"])
