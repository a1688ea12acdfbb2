"""``new``: a prototype to adapt."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import show
from iagkit.cli.options import DEFAULT_LANG, JsonOption, Lang


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(new)


def new(
    prototype: Annotated[str, typer.Argument(help="Name of a shipped prototype.")],
    directory: Annotated[Path, typer.Argument(help="Folder to make.")],
    lang: Annotated[
        Lang | None,
        typer.Option(
            envvar="IAGKIT_LANG", help="Language of what is copied to be read (default: all)."
        ),
    ] = None,
    json: JsonOption = False,
) -> None:
    """Copy a prototype to adapt it: edit the YAML, then run it.

    Example: iagkit new citizen-requests our-intake --lang es
    """
    from iagkit.wire import adapt

    copied = adapt.copy(prototype, directory, lang=lang.value if lang else "")
    written = [str(path) for path in copied]
    if json:
        show.facts({"files": written}, as_json=True)
        return
    typer.echo("\n".join(written))
    from iagkit.report.voice import Voice

    voice = Voice((lang or DEFAULT_LANG).value)
    typer.echo(
        voice.say(
            "Read {read}; edit {file}, then: iagkit run {file}",
            read=directory / "ADAPT.md", file=directory / "prototype.yaml",
        )
    )  # fmt: skip
