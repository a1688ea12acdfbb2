"""``datasets list|fetch|card``: the registry of data sets."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import show
from iagkit.cli.options import DEFAULT_LANG, JsonOption, LangOption

app = typer.Typer(no_args_is_help=True, help="Data sets that iagkit knows: origin, licence, hash.")


@app.command("list")
def list_(json: JsonOption = False) -> None:
    """List the data sets, with their licence.

    Example: iagkit datasets list
    """
    from iagkit.wire import registry

    cards = [registry.card(name) for name in registry.names()]
    rows = [{"name": c.name, "licence": c.licence, "title": dict(c.title)} for c in cards]
    show.table(rows, as_json=json)


@app.command()
def fetch(
    name: Annotated[str, typer.Argument(help="Name of the data set.")],
    into: Annotated[Path | None, typer.Option(help="Folder (default: the cache).")] = None,
    mirror: Annotated[
        str | None, typer.Option(help="Folder or URL.", envvar="IAGKIT_DATA_MIRROR")
    ] = None,
    json: JsonOption = False,
) -> None:
    """Bring a data set from its origin or mirror, and check its SHA-256.

    Example: iagkit datasets fetch lener_br --into data
    """
    from iagkit.wire import registry

    brought = [str(path) for path in registry.fetch(name, into=into, mirror=mirror)]
    if json:
        show.facts({"files": brought}, as_json=True)
    else:
        typer.echo("\n".join(brought))


@app.command()
def card(
    name: Annotated[str, typer.Argument(help="Name of the data set.")],
    lang: LangOption = DEFAULT_LANG,
    json: JsonOption = False,
) -> None:
    """Tell what everyone should know of a data set before using it.

    Example: iagkit datasets card citizen-requests-sample --lang es
    """
    from iagkit.core.record import to_json
    from iagkit.wire import registry

    show.card(to_json(registry.card(name)), lang=lang.value, as_json=json)
