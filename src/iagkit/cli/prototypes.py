"""``new``: a prototype to adapt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import show
from iagkit.cli.options import JsonOption


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(new)


def new(
    prototype: Annotated[str, typer.Argument(help="Name of a shipped prototype.")],
    directory: Annotated[Path, typer.Argument(help="Folder to make.")],
    json: JsonOption = False,
) -> None:
    """Copy a prototype to adapt it: edit the YAML, then run it.

    Example: iagkit new citizen-requests our-intake
    """
    from iagkit.wire import adapt

    written = [str(path) for path in adapt.copy(prototype, directory)]
    if json:
        show.facts({"files": written}, as_json=True)
        return
    typer.echo("\n".join(written))
    typer.echo(f"Edit {directory / 'prototype.yaml'}, then: iagkit run {directory}/prototype.yaml")
