"""``notice``: a sealed record told to the people its system concerns."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(notice)


def notice(
    run: Annotated[Path, typer.Argument(help="Folder of a run, or its 'record.json'.")],
    answers: Annotated[
        Path | None, typer.Option(help="YAML or JSON: question → answer, as for 'publish'.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the pages.")] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Write the public notice of a system, in Spanish, Portuguese and English.

    It says what the system does, who decides, how well it works and for whom, and how to contest.
    How easy it reads is told; whether that is enough is for people to judge.

    Example: iagkit notice out/demo --answers answers.yaml --lang es
    """
    from iagkit.flow import noticing

    place = out if out is not None else o.default_out("notice", str(run.resolve()))
    told = noticing.notice(run, answers=answers, lang=lang.value, out=place)
    if json:
        show.facts(told.to_json(), as_json=True)
        return
    for line in (*noticing.lines(told.ease, lang.value), *map(str, told.paths)):
        typer.echo(visible(line))
