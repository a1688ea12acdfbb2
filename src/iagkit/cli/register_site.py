"""``register-site``: the register of an institution, as files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command("register-site")(register_site)


def register_site(
    folder: Annotated[Path, typer.Argument(help="Folder with the folders of runs.")],
    out: Annotated[Path, typer.Option(help="Folder of the site; replaced as a whole.")],
    title: Annotated[str, typer.Option(help="Title of the register.")] = "",
    institution: Annotated[str, typer.Option(help="Name of the institution.")] = "",
    base_url: Annotated[str, typer.Option(help="Where the site will stand.")] = "",
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Build a register of systems from sealed records: pages, JSON, DCAT and a feed of changes.

    Records that do not verify are not published, and named.

    Example: iagkit register-site records --out site --institution "Alcaldía"
    """
    from iagkit.flow import register_site as flow

    told = flow.register_site(folder, out, title=title, institution=institution,
                              base_url=base_url, lang=lang.value)  # fmt: skip
    if json:
        show.facts(told.to_json(), as_json=True)
        return
    typer.echo(visible(f"{len(told.systems)} systems: {out}"))
    for name, why in told.refused.items():
        typer.echo(visible(f"not published: {name}: {why}"))
