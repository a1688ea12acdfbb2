"""How fast an audit is, beside DuckDB's own grouped count and beside fairlearn.

    python benchmarks/audit_speed.py                    # 1 M and 10 M rows, fairlearn
    python benchmarks/audit_speed.py --peers            # also aequitas and AIF360, each installed
                                                        # into an environment of its own
    python benchmarks/audit_speed.py --rows 100000000   # 100 M rows; about 1 GB of disk

The table is generated: sex 2 × race 5 × region 10, truth, prediction and score. Every contender
runs in a process of its own, reads the same Parquet file, and is timed after its imports and one
warm-up on a small file, in CPU seconds (user and system) of all its threads; the middle of
``--repeat`` runs is told, and the highest memory of the process.
"""

from __future__ import annotations

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

GROUPS = ("sex", "race", "region")
METRICS = (
    "selection_rate", "true_positive_rate", "false_positive_rate", "false_negative_rate",
    "accuracy", "precision",
)  # fmt: skip


def made(folder: Path, rows: int) -> Path:
    """Write the table, once."""
    import duckdb

    file = folder / f"{rows}.parquet"
    duckdb.sql(
        f"""
        copy (
          select case when hash(i) % 2 = 0 then 'f' else 'm' end as sex,
                 'race ' || (hash(i + 1) % 5) as race,
                 'region ' || (hash(i + 2) % 10) as region,
                 (hash(i + 3) % 100 < 30)::int as y,
                 (hash(i + 4) % 100 < 35)::int as p,
                 (hash(i + 5) % 1000003) / 1000003.0 as score
          from range({rows}) t(i)
        ) to '{file}' (format parquet)
        """
    )
    return file


def grouped_count(file: str) -> None:
    import duckdb

    keys = ", ".join((*GROUPS, "y", "p"))
    duckdb.sql(f"select {keys}, count(*) from '{file}' group by all").fetchall()


def iagkit_audit(file: str) -> None:
    import iagkit

    iagkit.audit(file, truth="y", prediction="p", groups=GROUPS, depth=3, k=0)


def iagkit_measures(file: str) -> None:
    """The measures that fairlearn is asked for, with simultaneous intervals; no record."""
    import duckdb

    from iagkit.measures.binary import nobody, rates_of, told
    from iagkit.measures.counting import count
    from iagkit.measures.simultaneous import gap

    cells = count(duckdb.read_parquet(file), groups=GROUPS, truth="y", prediction="p")
    for columns in ((), *cells.subsets(3)):
        groups = cells.by(columns)
        groups.total(cells.n)
        for metric, found in rates_of(METRICS, cells, groups, positive="1").items():
            told(found, nobody(metric, "1"))
            if columns:
                gap(found, [" · ".join(name) for name in groups.names])


def iagkit_auc(file: str) -> None:
    import iagkit

    iagkit.audit(file, truth="y", score="score", groups=GROUPS, depth=2, k=0)


def fairlearn_one(file: str) -> None:
    _fairlearn(file, ["race"])


def fairlearn_three(file: str) -> None:
    _fairlearn(file, list(GROUPS))


def fairlearn_intervals(file: str) -> None:
    _fairlearn(file, list(GROUPS), n_boot=10, ci_quantiles=[0.025, 0.975])


def _fairlearn(file: str, columns: list[str], **more: object) -> None:
    import pandas as pd
    from fairlearn import metrics
    from sklearn.metrics import accuracy_score, precision_score

    table = pd.read_parquet(file)
    functions = {
        **{name: getattr(metrics, name) for name in METRICS if hasattr(metrics, name)},
        "accuracy": accuracy_score,
        "precision": precision_score,
        "count": metrics.count,
    }
    frame = metrics.MetricFrame(
        metrics=functions, y_true=table["y"], y_pred=table["p"],
        sensitive_features=table[columns], **more,
    )  # fmt: skip
    frame.by_group  # noqa: B018 (what is timed)
    frame.difference()


def aif360_groups(file: str) -> None:
    """17 groups of single columns, against everybody else; the same rates."""
    import pandas as pd
    from aif360.datasets import BinaryLabelDataset
    from aif360.metrics import ClassificationMetric

    table = pd.read_parquet(file, columns=[*GROUPS, "y", "p"])
    for column in GROUPS:
        for group in sorted(table[column].unique()):
            coded = table[["y", "p"]].assign(own=(table[column] == group).astype(float))
            truth, told = (
                BinaryLabelDataset(
                    df=coded[[label, "own"]].rename(columns={label: "y"}), label_names=["y"],
                    protected_attribute_names=["own"],
                )
                for label in ("y", "p")
            )  # fmt: skip
            found = ClassificationMetric(
                truth, told, unprivileged_groups=[{"own": 0.0}], privileged_groups=[{"own": 1.0}]
            )
            for part in (True, False):
                found.performance_measures(privileged=part)
                found.selection_rate(privileged=part)


def aequitas_groups(file: str) -> None:
    """17 groups of single columns."""
    import pandas as pd
    from aequitas.group import Group

    table = pd.read_parquet(file, columns=[*GROUPS, "y", "p"])
    Group().get_crosstabs(
        table.rename(columns={"y": "label_value", "p": "score"}), attr_cols=list(GROUPS)
    )


COUNT = "DuckDB's own grouped count of the file"
MEASURES = "iagkit's measures: 198 groups, 7 metrics, intervals, 42 gaps"
AUDIT = "iagkit.audit: 198 groups, 15 metrics, comparisons, verdicts, record"
CONTENDERS: dict[str, Callable[[str], None]] = {
    COUNT: grouped_count,
    MEASURES: iagkit_measures,
    AUDIT: iagkit_audit,
    "iagkit.audit of scores: ROC AUC, calibration, 97 groups": iagkit_auc,
    "fairlearn MetricFrame, 1 column, no interval": fairlearn_one,
    "fairlearn MetricFrame, 3 columns, no interval": fairlearn_three,
    "fairlearn MetricFrame, 3 columns, 10 resamples": fairlearn_intervals,
    "aequitas, 17 groups, no interval": aequitas_groups,
    "AIF360, 17 groups, no interval": aif360_groups,
}
PEERS = {"aequitas": ("aequitas", "seaborn", "altair", "millify", "jinja2"), "AIF360": ("aif360",)}
"""What an environment needs; aequitas would bring torch with it, which the audit never uses."""
MOST = {
    "fairlearn": 1_000_000,
    "10 resamples": 20_000,
    "of scores": 10_000_000,
    "aequitas": 10_000_000,
    "AIF360": 1_000_000,
}
"""Rows up to which a contender is run: the others would take hours."""


def environment(peer: str, folder: Path) -> Path:
    """Python with one peer in it."""
    home = folder / peer
    python = home / "bin" / "python"
    uv = [sys.executable, "-m", "uv", "pip", "install", "--quiet", "--python", str(python)]
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(home)], check=True)
    first, *rest = PEERS[peer]
    subprocess.run([*uv, "pandas<3", "pyarrow", "scikit-learn", *rest], check=True)
    subprocess.run([*uv, *(["--no-deps"] if rest else []), first], check=True)
    return python


def run(name: str, python: Path, file: Path, small: Path, repeat: int) -> tuple[float, float]:
    """CPU seconds (the middle) and megabytes of one contender, in a process of its own."""
    command = [str(python), __file__, "--only", name, str(file), str(small), str(repeat)]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        msg = f"{name} failed:\n{done.stderr[-2000:]}"
        raise SystemExit(msg)
    told = json.loads(done.stdout.splitlines()[-1])
    return told["cpu"], told["megabytes"]


def only(name: str, file: str, small: str, repeat: str) -> None:
    contender, spent = CONTENDERS[name], []
    contender(small)
    for _ in range(int(repeat)):
        began = time.process_time()
        contender(file)
        spent.append(time.process_time() - began)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"cpu": statistics.median(spent), "megabytes": peak}))


def table(rows: int, folder: Path, pythons: dict[str, Path], repeat: int) -> None:
    """Print one table: CPU seconds, memory, and how they compare."""
    file, small = made(folder, rows), made(folder, 2_000)
    print(f"\n### {rows:,} rows, {file.stat().st_size / 1e6:.0f} MB of Parquet\n")
    print("| what | CPU s | MB | times the grouped count | times iagkit's measures |")
    print("| --- | --- | --- | --- | --- |")
    seconds: dict[str, float] = {}
    for name in CONTENDERS:
        peer = next((p for p in PEERS if name.startswith(p)), None)
        most = min((most for word, most in MOST.items() if word in name), default=rows)
        python = Path(sys.executable) if peer is None else pythons.get(peer)
        if python is None or rows > most:
            continue
        seconds[name], megabytes = run(name, python, file, small, repeat)
        spent = seconds[name]
        times = [f"{spent / seconds[of]:,.1f}" if of in seconds else "" for of in (COUNT, MEASURES)]
        print(f"| {name} | {spent:.3f} | {megabytes:,.0f} | {' | '.join(times)} |", flush=True)
    file.unlink()


def main() -> None:
    if sys.argv[1:2] == ["--only"]:
        only(*sys.argv[2:])
        return
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rows", type=int, nargs="*", default=[20_000, 1_000_000, 10_000_000])
    parser.add_argument("--peers", action="store_true", help="install and time the others too")
    parser.add_argument("--repeat", type=int, default=3)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as aside:
        folder = Path(aside)
        pythons = {peer: environment(peer, folder) for peer in PEERS} if given.peers else {}
        for rows in given.rows:
            table(rows, folder, pythons, given.repeat)


if __name__ == "__main__":
    main()
