"""``verify`` and ``promote``: what was sealed, and what it allows."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import show
from iagkit.cli.options import JsonOption, RunFolder, StoreOption


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(verify)
    app.command()(promote)


def verify(
    record: Annotated[Path, typer.Argument(help="A 'record.json', or the folder it is in.")],
    json: JsonOption = False,
) -> None:
    """Check that a record, and the files sealed with it, are byte for byte the sealed ones.

    Whoever edits a record can compute its digest anew: compare the digest that is told with the
    one the institution published elsewhere. Reports are not sealed; they repeat the record.

    Example: iagkit verify out/requests/record.json
    """
    from iagkit import flow

    show.facts(flow.verify(record), as_json=json)


def promote(
    run_folder: RunFolder,
    by: Annotated[str | None, typer.Option(help="Who answers for the promotion.")] = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Make the model of a run the champion, if its record allows it.

    Example: iagkit promote out/requests --by "Head of the intake office"
    """
    from iagkit import flow

    show.facts(flow.promote(run_folder, store=store, by=by), as_json=json)
