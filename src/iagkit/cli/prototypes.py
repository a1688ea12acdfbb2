"""``new``: a prototype to adapt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(new)


def new(
    prototype: Annotated[str, typer.Argument(help="Name of a shipped prototype.")],
    directory: Annotated[Path, typer.Argument(help="Folder to make.")],
) -> None:
    """Copy a prototype to adapt it: edit the YAML, then run it.

    Example: iagkit new citizen-requests our-intake
    """
    from iagkit.wire import adapt

    for path in adapt.copy(prototype, directory):
        typer.echo(path)
    typer.echo(f"Edit {directory / 'prototype.yaml'}, then: iagkit run {directory}/prototype.yaml")
