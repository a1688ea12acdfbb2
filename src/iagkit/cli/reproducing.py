"""``reproduce``: run again from the record alone, and tell what differs."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(reproduce)


def reproduce(
    record: Annotated[Path, typer.Argument(help="A 'record.json', or the folder it is in.")],
    data: o.Data = None,
    query: o.Query = None,
    tolerance: Annotated[
        float, typer.Option(help="Relative difference of numbers that does not matter.")
    ] = 1e-9,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Run again from a record, on the same data, and tell field by field what differs.

    Declaration, policy and seed are taken from the record; data with another SHA-256 are refused;
    versions of libraries are compared. Exit code 0 if nothing differs that matters, 1 if evidence
    or a verdict does, 2 if it cannot be run again.

    Example: iagkit reproduce out/requests --lang es

    Example: iagkit reproduce record.json --data requests.csv --json
    """
    from iagkit.flow import reproducing
    from iagkit.report import proven

    found = reproducing.reproduce(
        record, data=data, query=query, tolerance=tolerance,
        progress=show.silent if json else show.stage(lang.value),
    )  # fmt: skip
    if json:
        show.facts(found.told(), as_json=True)
    else:
        for line in proven.reproduced(found.told(), lang=lang.value):
            typer.echo(visible(line))
    raise typer.Exit(0 if found.clean else 1)
