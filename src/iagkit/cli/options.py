"""Options that several commands share, described once."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Lang(StrEnum):
    """Languages that citizens and officials read."""

    es = "es"
    pt = "pt"
    en = "en"


LangOption = Annotated[Lang, typer.Option("--lang", help="Language of what is told: es, pt or en.")]
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
