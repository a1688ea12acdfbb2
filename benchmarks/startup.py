"""CPU seconds of starting: ``import iagkit`` and ``iagkit --help`` beside the import of peers.

Run it with ``python benchmarks/startup.py [RUNS]``. Each start is a new interpreter; user and
system time of it and its children are added; the first start of each is a rehearsal (bytecode and
disk caches) and not counted. The last line fails the run if ``--help`` takes longer than promised.
"""

import os
import resource
import statistics
import subprocess
import sys

PROMISE = 0.4
HELP = "import sys; sys.argv = ['iagkit', '--help']; from iagkit.__main__ import main; main()"
STARTS = {
    "an empty interpreter": "pass",
    "import iagkit": "import iagkit",
    "from iagkit import Record": "from iagkit import Record",
    "iagkit --help": HELP,
    "iagkit run --help": HELP.replace("'--help'", "'run', '--help'"),
    "import fairlearn.metrics": "import fairlearn.metrics",
    "import mlflow": "import mlflow",
    "import shap": "import shap",
}
QUIET = {"OMP_NUM_THREADS": "1", "MLFLOW_DISABLE_TELEMETRY": "true", "DO_NOT_TRACK": "true"}


def cpu(code: str) -> float:
    """CPU seconds (user and system) of one interpreter that runs ``code``."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, env=os.environ | QUIET
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def main(runs: int) -> int:
    """Print the median and the spread of every start."""
    print(f"CPU seconds, Python {sys.version.split()[0]}, {runs} runs each")
    print(f"{'':28}{'median':>8}{'least':>8}{'most':>8}")
    medians = {}
    for name, code in STARTS.items():
        cpu(code)
        taken = [cpu(code) for _ in range(runs)]
        medians[name] = statistics.median(taken)
        print(f"{name:28}{medians[name]:8.3f}{min(taken):8.3f}{max(taken):8.3f}", flush=True)
    kept = medians["iagkit --help"] <= PROMISE
    print(f"iagkit --help within {PROMISE} s of CPU: {'yes' if kept else 'NO'}")
    return 0 if kept else 1


if __name__ == "__main__":
    raise SystemExit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 7))
