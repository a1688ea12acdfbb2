"""``duties`` and ``audit-register``: what is owed, and what others left blank."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(duties)
    app.command()(audit_register)


def duties(
    run: Annotated[Path, typer.Argument(help="Folder of a run, or its 'record.json'.")],
    country: Annotated[
        str | None, typer.Option(help="Country in two letters, such as cl; else unknown.")
    ] = None,
    branch: Annotated[
        str | None,
        typer.Option(help="executive, judiciary, legislature, local or autonomous; else unknown."),
    ] = None,
    impact: Annotated[
        str | None, typer.Option(help="Impact on people: low, moderate or high; else unknown.")
    ] = None,
    answers: Annotated[
        Path | None, typer.Option(help="YAML or JSON: question → answer, as for 'publish'.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for duties.html and duties.json.")
    ] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Tell which duties of transparency concern a system, and which are documented.

    Where the system is used is taken from the record if its prototype declared it; what nobody
    declared is unknown, and a duty that depends on it is told as one that may apply. This is not
    legal advice.

    Example: iagkit duties out/demo --country cl --branch judiciary --impact high --lang es
    """
    from iagkit.flow import duties as flow
    from iagkit.report.duties import lines

    given = {"country": country and country.lower(), "branch": branch, "impact": impact}
    about, place = flow.place_of(run, given)
    found = flow.audit(run, place, answers=answers, lang=lang.value)
    paths = flow.write(found, place, out, about=about, lang=lang.value) if out else ()
    told = flow.to_json(found, place, lang.value)
    if json:
        show.facts(told, as_json=True)
        return
    for line in (*lines(told), *map(str, paths)):
        typer.echo(visible(line))


def audit_register(
    file: Annotated[
        Path, typer.Argument(help="CSV of individual uses, or folder of ATRS records.")
    ],
    kind: Annotated[
        str | None, typer.Option(help="us-omb-2025 (a CSV) or uk-atrs (a folder).")
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Folder for completeness.html, .csv and .json.")
    ] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Count what is blank in a register that others published, by field and safeguard.

    Example: iagkit audit-register inventory.csv --out out/inventory --lang es
    """
    from iagkit.core.errors import UsageError
    from iagkit.flow import published_registers as flow
    from iagkit.report.completeness_page import lines

    kind = kind or ("uk-atrs" if file.is_dir() else "us-omb-2025")
    if kind not in flow.KINDS:
        msg = f"expected the kind {' or '.join(flow.KINDS)}; got '{kind[:40]}'. Choose one"
        raise UsageError(msg)
    found = flow.count_folder(file) if kind == "uk-atrs" else flow.count(file)
    paths = flow.write(found, kind, out, about=file.name, lang=lang.value) if out else ()
    told = flow.to_json(found, kind)
    if json:
        show.facts(told, as_json=True)
        return
    for line in (*lines(told, lang.value), *map(str, paths)):
        typer.echo(visible(line))
