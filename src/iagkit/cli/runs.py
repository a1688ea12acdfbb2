"""``run``, ``predict`` and ``explain``: the model at work."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.log_options import with_logs
from iagkit.cli.refusals import visible


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(run)
    app.command()(predict)
    app.command()(explain)


@with_logs
def run(
    prototype: Annotated[str, typer.Argument(help="Name of a prototype, or its YAML file.")],
    data: o.Data = None,
    text: o.Text = None,
    target: o.Target = None,
    group: o.Group = None,
    time: o.Time = None,
    ids: o.Ids = None,
    office: o.Office = None,
    language: o.Language = None,
    query: o.Query = None,
    split_by: o.SplitBy = None,
    split_column: o.SplitColumn = None,
    review_share: o.ReviewShare = None,
    max_error: o.MaxError = None,
    coverage: o.Coverage = None,
    capacity: o.Capacity = None,
    urgent: o.Urgent = None,
    urgent_class: o.UrgentClass = None,
    policy: o.PolicyOption = None,
    protocol: o.ProtocolOption = None,
    taxonomy: o.Taxonomy = None,
    long_texts: o.LongTexts = "refuse",
    seed: o.Seed = 0,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the results (default: out/run-NAME of the prototype)."),
    ] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    store: o.StoreOption = None,
    track: Annotated[bool, typer.Option(help="Keep the run in MLflow.")] = True,
    json: o.JsonOption = False,
    log: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Run a prototype on a table or an event log: model, audit, record, report.

    Names of the files of a folder become ids in the answers as they are: where they tell of a
    person, rename the files first, or run on what redact wrote, which cleans names.

    Example: iagkit run citizen-requests --data requests.csv --text message --target office
    --group district --out out/requests --lang es

    Example: iagkit run process-optimization --data permits.xes.gz --group channel --out out/permits
    """
    from iagkit import flow
    from iagkit.report.voice import Voice

    out = o.default_out("run", prototype) if out is None else out
    record = flow.run(
        prototype, data, out=out, seed=seed, lang=lang.value, store=store, track=track,
        progress=show.silent if json else show.stage(lang.value),
        remark=lambda told: show.remark(Voice(lang.value).tell(told)),
        text=text, target=o.as_path(target), groups=tuple(group or ()), time=time, ids=ids,
        office=office, language=language, query=query, split_by=split_by,
        split_column=split_column, review_share=review_share, max_error=max_error,
        coverage=coverage, policy=policy, protocol=protocol, taxonomy=taxonomy,
        long_texts=long_texts, capacity=capacity, urgent=urgent,
        urgent_classes=tuple(urgent_class or ()), **log,
    )  # fmt: skip
    if json:
        show.write(record.to_bytes())
    else:
        show.summary(record, sorted(out.iterdir()), lang.value)
    raise typer.Exit(1 if record.blocked else 0)


@with_logs
def predict(
    model: Annotated[Path, typer.Argument(help="The 'model.skops' of a run, or its folder.")],
    file: Annotated[str, typer.Argument(help="Table to answer: file or '-'; documents; a log.")],
    out: Annotated[Path, typer.Option(help="CSV file for the answers.")] = Path("predictions.csv"),
    ids: o.Ids = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
    log: Mapping[str, Any] = MappingProxyType({}),
) -> None:
    """Answer a big table in constant memory, or documents; free text is never written.

    Of a log it lists open cases: ids, days still to go with their range, and the chance to be
    late. Columns are those of the log of the run, where no option says otherwise.

    Documents are a folder, a zip or a manifest. Of a triage it also tells whether the batch is
    like what the model was tested on; how often the answers are right, only people can tell.

    Example: iagkit predict out/requests/model.skops new.csv --id folio --out answers.csv

    Example: iagkit predict out/permits new.xes.gz --out open.csv
    """
    from iagkit import flow

    with show.rows(silent=json) as advance:
        told = flow.predict(model, file, out=out, ids=ids, advance=advance, log=log)
    if json:
        show.facts(told, as_json=True)
        return
    from iagkit.report import worked

    for line in worked.predict_lines(told, lang=lang.value):
        typer.echo(visible(line))


def explain(
    run_folder: o.RunFolder,
    id_: Annotated[str, typer.Option("--id", help="Which case.")],
    data: Annotated[
        str | None, typer.Option(help="The table, if it has moved since the run.")
    ] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Write a letter about one decision: where, why, how sure, who reviews, how to contest.

    Of a log it tells of an open case how long it may still take, and what moves that.

    Example: iagkit explain out/requests --id R-000123 --lang es
    """
    from iagkit import flow

    told = flow.explain(run_folder, id_, data=data, lang=lang.value)
    if json:
        show.facts(told, as_json=True)
    else:
        typer.echo(visible(told["letter"]))
