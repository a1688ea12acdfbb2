"""The application and its commands."""

from __future__ import annotations

from typing import Annotated

import typer

from iagkit import __version__
from iagkit.cli import (
    assess,
    audits,
    datasets,
    duties,
    feedback,
    mitigate,
    notice,
    prototypes,
    publish,
    records,
    redact,
    redaction,
    register_site,
    reproducing,
    runs,
    unredact,
)

app = typer.Typer(
    name="iagkit",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
    help=(
        "Prototypes that know when not to decide, audits that hold, records to publish. "
        "Exit codes: 0 ok, 1 a blocking gate failed, 2 bad input."
    ),
)
runs.add_to(app)
audits.add_to(app)
records.add_to(app)
reproducing.add_to(app)
publish.add_to(app)
notice.add_to(app)
register_site.add_to(app)
assess.add_to(app)
duties.add_to(app)
mitigate.add_to(app)
prototypes.add_to(app)
redact.add_to(app)
redaction.add_to(app)
unredact.add_to(app)
feedback.add_to(app)
app.add_typer(datasets.app, name="datasets")


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"iagkit {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    _: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Tell the version.")
    ] = False,
) -> None: ...
