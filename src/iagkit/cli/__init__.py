"""The command line: parses, calls the flow, prints; one file a group of commands."""

from __future__ import annotations

import signal
import sys
from typing import NoReturn

from iagkit.core.quiet import be_quiet


def main() -> NoReturn:
    """Run the command; leave with 0, 1 (a gate failed), 2 (bad input) or 128 and a signal."""
    be_quiet()
    from iagkit.cli.app import app
    from iagkit.cli.refusals import leave_with_a_message, stop

    signal.signal(signal.SIGINT, stop)
    signal.signal(signal.SIGTERM, stop)
    with leave_with_a_message():
        app()
    sys.exit(0)
