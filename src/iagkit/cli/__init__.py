"""The command line: parses, calls the flow, prints; one file a group of commands."""

from __future__ import annotations

import os
import sys
from typing import NoReturn

QUIET = {
    "OMP_NUM_THREADS": "1",
    "MLFLOW_DISABLE_TELEMETRY": "true",
    "DO_NOT_TRACK": "true",
}
"""Set before anything heavy is imported: the library calls nobody, and one thread is faster."""


def main() -> NoReturn:
    """Run the command and leave with 0, 1 (a blocking gate failed) or 2 (bad input)."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    from iagkit.cli.app import app
    from iagkit.cli.refusals import leave_with_a_message

    with leave_with_a_message():
        app()
    sys.exit(0)
