"""``register-site``: the register of an institution, as files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible

if TYPE_CHECKING:
    from iagkit.flow.register_records import Reason
    from iagkit.flow.register_site import Site
    from iagkit.report.voice import Voice


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command("register-site")(register_site)


def register_site(
    folder: Annotated[Path, typer.Argument(help="Folder with the folders of runs.")],
    out: Annotated[Path, typer.Option(help="Folder of the site; a new one, or a site of iagkit.")],
    title: Annotated[str, typer.Option(help="Title of the register.")] = "",
    institution: Annotated[
        str, typer.Option(help="Institution of the records whose answers name no other.")
    ] = "",
    base_url: Annotated[str, typer.Option(help="Where the site will stand (https://…).")] = "",
    register: Annotated[
        list[str] | None,
        typer.Option(help="Name of a register that is owed: how complete it is; repeatable."),
    ] = None,
    public_key: Annotated[
        Path | None,
        typer.Option(help="Public key of the institution: only what it signed is published."),
    ] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Build a register of systems from sealed records: pages, JSON, DCAT and a feed of changes.

    Records that do not verify are not published, and named. The folder of the site is replaced
    only if it holds nothing but what iagkit wrote there.

    Example: iagkit register-site records --out site --institution "Alcaldía" --register uk-atrs
    """
    from iagkit.flow import register_site as flow

    told = flow.register_site(
        folder, out, title=title, institution=institution, base_url=base_url, lang=lang.value,
        registers=tuple(register or ()), public_key=public_key,
    )  # fmt: skip
    if json:
        show.facts(told.to_json(), as_json=True)
        return
    from iagkit.report.voice import Voice

    for line in _lines(told, out, Voice(lang.value)):
        typer.echo(visible(line))


def _lines(told: Site, out: Path, voice: Voice) -> Iterator[str]:
    counted = voice.plural("{n} system", "{n} systems", len(told.systems))
    yield f"{counted}: {out}"
    for name, why in told.refused.items():
        yield voice.say("Not published: {file}: {why}", file=name, why=_told(why, voice))
    for name, why in told.older.items():
        yield voice.say("Left out: {file}: {why}", file=name, why=_told(why, voice))
    if not told.publisher:
        yield voice._(
            "The catalogue names no publisher, which DCAT-AP demands: give --institution."
        )


def _told(why: Reason, voice: Voice) -> str:
    return why if isinstance(why, str) else "; ".join(voice.tell(one) for one in why)
