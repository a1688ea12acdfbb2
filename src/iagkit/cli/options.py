"""Options that several commands share, described once."""

from __future__ import annotations

import os
import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Lang(StrEnum):
    """Languages that citizens and officials read."""

    es = "es"
    pt = "pt"
    en = "en"


def _of_the_machine() -> Lang:
    told = os.environ.get("LANG", "")[:2]
    return Lang(told) if told in set(Lang) else Lang.en


DEFAULT_LANG = _of_the_machine()
LangOption = Annotated[
    Lang,
    typer.Option("--lang", envvar="IAGKIT_LANG", help="Language of what is told: es, pt or en."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        help="Folder or database URL of the MLflow store (default: iagkit-store here).",
        envvar="IAGKIT_STORE",
    ),
]
RunFolder = Annotated[Path, typer.Argument(help="Folder that `iagkit run` wrote.")]

Text = Annotated[str | None, typer.Option(help="Column with the text.")]
Target = Annotated[
    list[str] | None,
    typer.Option(
        help="Column with the recorded answer; repeated from the widest level to the finest "
        "(area, unit), answers are paths: 'area > unit'."
    ),
]
Group = Annotated[
    list[str] | None, typer.Option(help="Column of groups to compare; may be repeated.")
]
Time = Annotated[str | None, typer.Option(help="Column with the date of the case.")]
Ids = Annotated[str | None, typer.Option("--id", help="Column that names a case.")]
Office = Annotated[
    str | None, typer.Option(help="Column with the office a request was addressed to (input).")
]
Language = Annotated[
    str | None, typer.Option(help="Column with es, pt or en, or one of them; detected if absent.")
]
Query = Annotated[str | None, typer.Option(help="SELECT for a database URL.")]
SplitBy = Annotated[
    str | None, typer.Option(help="text, time, rows, or a column that names the text group.")
]
SplitColumn = Annotated[
    str | None, typer.Option(help="Column that already says 'train' or 'test'.")
]
ReviewShare = Annotated[
    float | None, typer.Option(help="Share of cases that people can review, 0 to 1.")
]
MaxError = Annotated[
    float | None, typer.Option(help="Wrong answers accepted among automatic ones, 0 to 1.")
]
Coverage = Annotated[
    float | None, typer.Option(help="Share of cases whose set shall hold the right answer.")
]
Capacity = Annotated[
    float | None,
    typer.Option(help="Cases that people can read a day; needs what is urgent, or a log."),
]
Urgent = Annotated[
    str | None, typer.Option(help="Column that says yes or no: was the case urgent?")
]
UrgentClass = Annotated[
    list[str] | None, typer.Option(help="Class that is urgent by itself; may be repeated.")
]
PolicyOption = Annotated[str | None, typer.Option("--policy", help="Name or file of a policy.")]
ProtocolOption = Annotated[
    str | None, typer.Option("--protocol", help="Name or file of a protocol.")
]
Taxonomy = Annotated[str | None, typer.Option(help="File with the names of the offices.")]
LongTexts = Annotated[str, typer.Option(help="Texts above 100,000 characters: 'refuse' or 'cut'.")]
Seed = Annotated[int, typer.Option(help="Decides the split and every random step.")]
Data = Annotated[
    str | None,
    typer.Option("--data", help="File, '-' (stdin), database URL or name of a data set."),
]


def default_out(command: str, of: str) -> Path:
    """Folder of its own for what a command makes of a table or prototype, so that none collide."""
    path = Path(of)
    plain = path.parent.name if path.name == "prototype.yaml" else path.name.partition(".")[0]
    name = re.sub(r"[^\w-]+", "-", plain).strip("-")[:60]
    return Path("out") / f"{command}-{name or 'table'}"


def as_path(levels: list[str] | None) -> str | None:
    """Columns of a target from the widest level to the finest, named as one."""
    return " > ".join(levels) if levels else None
