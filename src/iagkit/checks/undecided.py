"""What would decide the gates that are open: how many more cases."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from iagkit.core.message import Message
from iagkit.core.nouns import Estimate, Finding, Policy, Verdict
from iagkit.measures.detectable import cases_needed

COMPARED = (".gap", ".ratio")


def lacking_cases(
    findings: Sequence[Finding], verdicts: Sequence[Verdict], policy: Policy
) -> Iterator[Finding]:
    """Tell for each open gate of a gap how many more cases would decide it, if that is known.

    Parameters
    ----------
    findings : sequence of Finding
    verdicts : sequence of Verdict
        Of these findings.
    policy : Policy
        That gave the verdicts.

    Yields
    ------
    Finding
        ``<check>`` with ``.cases_needed`` in the place of ``.gap`` or ``.ratio``.
    """
    known = {(f.check, tuple(sorted(f.where.items()))): f for f in findings if f.estimate}
    gates = {g.check: g for g in policy.gates if g.check.endswith(COMPARED)}
    for verdict in verdicts:
        gate = gates.get(verdict.check)
        finding = known.get((verdict.check, tuple(sorted(verdict.where.items()))))
        if verdict.result != "unknown" or gate is None or finding is None:
            continue
        found, limit = finding.estimate, gate.at_most if gate.at_least is None else gate.at_least
        assert found is not None
        assert limit is not None
        many = cases_needed(found, limit)
        lacking = gate.min_n - found.n
        if isinstance(many, Message) and lacking <= 0:
            yield _told(verdict, None, many)
        elif (more := max(many if isinstance(many, int) else 0, lacking)) > 0:
            told = replace(found, value=float(more), low=None, high=None, level=None, unit="cases")
            yield _told(verdict, told, None)


def _told(verdict: Verdict, estimate: Estimate | None, because: Message | None) -> Finding:
    return Finding(
        check=verdict.check.rpartition(".")[0] + ".cases_needed",
        question="How many more cases would decide this limit?",
        estimate=estimate, because=because, where=verdict.where,
    )  # fmt: skip
