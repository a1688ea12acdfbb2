"""``feedback``: what people decided, read back."""

from __future__ import annotations

from typing import Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(feedback)


def feedback(
    run_folder: o.RunFolder,
    file: Annotated[str, typer.Argument(help="The review list, with a column of decisions.")],
    answers: Annotated[
        str | None,
        typer.Option(help="What predict wrote, where the list is about cases since the run."),
    ] = None,
    data: Annotated[
        str | None,
        typer.Option(help="The table of the run: learn from the decisions too, and compare."),
    ] = None,
    ids: o.Ids = None,
    decision: Annotated[str | None, typer.Option(help="Column with what people decided.")] = None,
    reviewer: Annotated[str | None, typer.Option(help="Column with who decided.")] = None,
    new_labels: Annotated[
        bool, typer.Option("--new-labels", help="Accept decisions that are no label of the run.")
    ] = False,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Read a review list back: keep the decisions, count what was overridden, compare.

    The list is that of the run, or what predict wrote with a column of decisions added.
    Comments are never kept; reviewers are kept by a pseudonym.

    Example: iagkit feedback out/triage review-list.xlsx --data documents.csv
    """
    from iagkit.flow.feedback import feedback as read_back
    from iagkit.report import worked

    told = read_back(
        run_folder, file, answers=answers, data=data, new_labels=new_labels,
        columns={"id": ids, "decision": decision, "reviewer": reviewer},
        progress=show.silent if json else show.stage(lang.value),
    )  # fmt: skip
    if json:
        show.facts(told, as_json=True)
        return
    for line in worked.feedback_lines(told, lang=lang.value):
        typer.echo(visible(line))
