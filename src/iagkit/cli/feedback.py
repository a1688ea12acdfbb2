"""``feedback``: what people decided, read back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from iagkit.cli import options as o
from iagkit.cli import show


def add_to(app: typer.Typer) -> None:
    """Register the command of this file."""
    app.command()(feedback)


def feedback(
    run_folder: o.RunFolder,
    file: Annotated[str, typer.Argument(help="The review list, with a column of decisions.")],
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

    Comments are never kept; reviewers are kept by a pseudonym.

    Example: iagkit feedback out/triage review-list.xlsx --data documents.csv
    """
    from iagkit.flow.feedback import feedback as read_back

    told = read_back(
        run_folder, file, data=data, new_labels=new_labels,
        columns={"id": ids, "decision": decision, "reviewer": reviewer},
        progress=show.silent if json else show.stage(lang.value),
    )  # fmt: skip
    if json:
        show.facts(told, as_json=True)
        return
    show.facts({k: v for k, v in told.items() if k not in ("findings", "written")}, as_json=False)
    show.facts(_lines(told["findings"]), as_json=False)
    show.facts({"written": ", ".join(told["written"])}, as_json=False)


def _lines(findings: list[dict[str, Any]]) -> dict[str, str]:
    """Each finding by its name and place, with its interval or the reason why there is none."""
    found = {}
    for finding in findings:
        where = ", ".join(f"{k} {v}" for k, v in finding["where"].items())
        found[f"{finding['check']} ({where})" if where else finding["check"]] = _number(finding)
    return found


def _number(finding: dict[str, Any]) -> str:
    if (told := finding.get("estimate")) is None:
        return str(finding["because"])
    if told.get("level") is None:
        return f"{told['value']:g} {told['unit']} (n={told['n']})"
    return f"{told['value']:.3f} [{told['low']:.3f}, {told['high']:.3f}] (n={told['n']})"
