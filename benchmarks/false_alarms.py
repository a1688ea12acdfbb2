"""How often the audit accuses equal treatment, and how often it finds what was planted.

Generates the sample with and without planted disparities, runs the whole prototype on each,
and counts runs in which any fairness gap excludes zero (an alarm), by column.

    python benchmarks/false_alarms.py [SEEDS] [ROWS]
"""

from __future__ import annotations

import os
import sys
from collections import Counter
from dataclasses import replace

os.environ["OMP_NUM_THREADS"] = "1"

from iagkit.core.judge import judge
from iagkit.core.nouns import Card, Column, Dataset, Finding, Run
from iagkit.core.registry import find
from iagkit.measures.rates import share
from iagkit.prototypes.requests.sample import generate
from iagkit.wire import declare

GROUPS = ("district", "sex", "age_band")
ROLES = {"id": "id", "text": "text", "target": "office", "language": "lang"}


def audit(*, rows: int, seed: int, planted: bool) -> tuple[list[Finding], list[str]]:
    """Fairness findings of one run, and the fairness gates that failed."""
    table = generate(rows=rows, seed=seed, planted=planted)
    columns = [Column(name=name, role=role) for role, name in ROLES.items()]
    columns += [Column(name=name, role="group") for name in GROUPS]
    declared = declare.prototype("citizen-requests", params={"candidates": ["squares"]})
    dataset = Dataset(card=Card(name="s", columns=tuple(columns)), table=table, sha256="")
    outcome, _ = find("recipes", declared.recipe)()(
        dataset, declared, seed=seed, progress=lambda _: None
    )
    findings = find("checks", "fairness")()(
        Run(prototype=declared, dataset=dataset, outcome=outcome)
    )
    gates = tuple(g for g in declared.policy.gates if g.check.startswith("fairness."))
    verdicts = judge(findings, replace(declared.policy, gates=gates))
    return list(findings), [v.check for v in verdicts if v.result == "fail"]


def alarms(findings: list[Finding]) -> list[Finding]:
    """Gaps whose simultaneous interval excludes zero."""
    gaps = [f for f in findings if f.check.endswith(".gap") and f.estimate is not None]
    return [f for f in gaps if (f.estimate.low or 0) > 0]


def count(*, seeds: int, rows: int, planted: bool) -> dict[str, float]:
    """Print and return shares of runs with an alarm, with a failed gate, and the right find."""
    any_alarm, failed, right, where = [], [], [], Counter[str]()
    for seed in range(seeds):
        findings, fails = audit(rows=rows, seed=seed, planted=planted)
        raised = alarms(findings)
        any_alarm.append(bool(raised))
        failed.append(bool(fails))
        where.update({column for f in raised for column in f.where})
        right.append(
            any(
                f.check == "fairness.accuracy.gap"
                and f.between is not None
                and f.between[0] == "Ribera Sur"
                for f in raised
            )
        )
    told = {"alarm": any_alarm, "failed gate": failed, "Ribera Sur found lowest": right}
    print(f"\nplanted={planted}, {seeds} seeds, {rows} rows; alarms by column: {dict(where)}")
    for name, hits in told.items():
        found = share(hits)
        print(f"  {name}: {found.value:.3f} [{found.low:.3f}, {found.high:.3f}], n={found.n}")
    return {name: sum(hits) / len(hits) for name, hits in told.items()}


if __name__ == "__main__":
    seeds, rows = (int(x) for x in (*sys.argv[1:], *("10", "1500")[len(sys.argv) - 1 :]))
    count(seeds=seeds, rows=rows, planted=False)
    count(seeds=max(2, seeds // 10), rows=7000, planted=True)
