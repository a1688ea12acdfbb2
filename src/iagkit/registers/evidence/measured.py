"""What was measured, and what follows from the limits: each number with cases and interval."""

from __future__ import annotations

from collections.abc import Iterator

from iagkit.core.message import Message, limits_of
from iagkit.core.nouns import Finding
from iagkit.registers.evidence.reading import ALL, Given, Reading, lines

OVERALL = (
    "performance.", "calibration.ece", "coverage.", "abstention.rate",
    "abstention.automatic_accuracy", "process.wait.", "process.late.", "process.remaining.",
    "urgency.recall_at_capacity", "regression.", "scores.", "ranking.",
)  # fmt: skip
RATES = (
    "fairness.selection_rate", "fairness.true_positive_rate", "fairness.false_positive_rate",
    "fairness.precision",
)  # fmt: skip


def given(read: Reading) -> Iterator[Given]:
    """Concepts that findings and verdicts speak of."""
    yield from _performance(read)
    yield from _fairness(read)
    yield from _robustness(read)
    yield from _explained(read)
    yield from _risks(read)
    protocol = read.declared.get("protocol") or {}
    if reason := read.words(protocol.get("reason")):
        yield Given("perf.metric_choice", reason, "prototype.protocol.reason")


def _performance(read: Reading) -> Iterator[Given]:
    found = tuple(f for f in read.select(*OVERALL) if not f.where and f.estimate is not None)
    if read.of_others:
        found += tuple(f for f in read.select(*RATES) if not f.where and f.check in RATES)
    yield from lines(read, "perf.metrics", found, "findings: performance, calibration, coverage")
    levels = [f.estimate.level for f in found if f.estimate and f.estimate.level]
    if not levels:
        return
    told = read.voice.say(
        "Each figure stands with its number of cases and an interval at the level of {level:.0%}.",
        level=levels[0],
    )
    if any(f.estimate and f.estimate.clusters for f in found):
        told += " " + read.voice.say("Copies and near copies of a case count as one.")
    yield Given("perf.uncertainty", told, "findings: estimate.low, estimate.high")


def _fairness(read: Reading) -> Iterator[Given]:
    found = _by_group(read)
    yield from lines(read, "fair.by_group", found, "findings: fairness")
    sizes = tuple(f for f in read.select("fairness.group_size") if len(f.where) == 1)
    yield from lines(read, "fair.representativeness", sizes, "findings: fairness.group_size")
    proxies = read.select("explain.proxy", "proxy.")
    yield from lines(read, "fair.proxies", proxies, "findings: proxies")
    ways = read.select("mitigation.gap", "mitigation.accuracy")
    yield from lines(read, "fair.mitigation", ways, "findings: mitigation")
    if groups := sorted({name for f in found for name in f.where}):
        told = read.voice.say(
            "People whose cases are decided or sorted; compared by {groups}.",
            groups=", ".join(groups),
        )
        yield Given("system.affected", told, "findings: fairness")


def _by_group(read: Reading) -> tuple[Finding, ...]:
    """Gaps that the policy judges, or all of them if it judges none; and the groups behind them."""
    gaps = tuple(
        f for f in read.select("fairness.", "process.")
        if f.check.endswith((".gap", ".gap.adjusted")) and ALL in f.where.values()
    )  # fmt: skip
    judged = tuple(f for f in gaps if f.check in read.judged())
    shown = judged or gaps
    rates = {f.check.removesuffix(".gap") for f in shown}
    groups = tuple(
        f for f in read.select("fairness.")
        if f.check in rates and len(f.where) == 1 and ALL not in f.where.values()
    )  # fmt: skip
    return (*shown, *groups)


def _robustness(read: Reading) -> Iterator[Given]:
    found = read.select("robustness.")
    yield from lines(read, "robust.tests", found, "findings: robustness")
    drift = tuple(f for f in read.select("drift.") if len(f.where) == 0)
    yield from lines(read, "monitor.plan", drift, "findings: drift")


def _explained(read: Reading) -> Iterator[Given]:
    voice, words = read.voice, read.facts.get("explanations") or {}
    told = tuple(
        f"{name}: {', '.join(str(row[0]) for row in rows)}" for name, rows in words.items() if rows
    )
    if told:
        first = voice.say("Words that speak most for each answer, the strongest first.")
        yield Given("explain.global", (first, *told), "run.explanations")
    if "model.skops" in read.record.artifacts:
        yield Given("explain.individual", voice.say(
            "For each case a letter tells which words weighed, how certain the answer is, and how "
            "to contest it (iagkit explain)."), "artifacts")  # fmt: skip


def _risks(read: Reading) -> Iterator[Given]:
    """Limits that were not met or are not known, and what the card warns of."""
    open_points = [v for v in read.record.verdicts if v.result != "pass"]
    asked = {(f.check, *sorted(f.where.items())): f for f in read.record.findings}
    told = []
    for verdict in open_points:
        found = asked.get((verdict.check, *sorted(verdict.where.items())))
        if found is not None:
            told.append(read.line(found))
    known = [
        read.voice.tell(one) if isinstance(one, Message) else read.voice._(read.words(one))
        for one in limits_of(read.card)
    ]
    warned = [one for one in known if one]
    if told or warned:
        yield Given("risk.list", (*told, *warned), "verdicts, dataset.limits")
