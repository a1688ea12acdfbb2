"""A run whose institution says where it is used → how far its duties of transparency are met."""

from __future__ import annotations

from dataclasses import replace

from iagkit.checks.transparency import DutyTold, Transparency
from iagkit.core.judge import judge
from iagkit.core.nouns import Finding, Run
from iagkit.core.record import seal
from iagkit.flow.duties import audit, counts, row
from iagkit.flow.running import MODEL, about_now
from iagkit.registers.duties import Jurisdiction


def documented(
    done: Run, findings: tuple[Finding, ...], *, kept: bool
) -> tuple[Run, tuple[Finding, ...]]:
    """Fill the forms of all duties from what was found, and count what is documented.

    Parameters
    ----------
    done : Run
        Of a prototype that declares its jurisdiction.
    findings : tuple of Finding
        All others; they are the evidence that the forms are filled from.
    kept : bool
        Whether the model will be a file beside the record.

    Returns
    -------
    Run
        The same, with the duties among its facts.
    tuple of Finding
        Those of ``transparency``.
    """
    declared = done.prototype
    verdicts = judge(findings, declared.policy)
    model = {MODEL: ""} if kept and done.outcome.model is not None else {}
    record = seal(done, findings, verdicts, about=about_now(), artifacts=model)
    told = audit(record, Jurisdiction(**declared.jurisdiction), answers=declared.answers or None)
    evidence = tuple(
        DutyTold(
            id=one.duty.id, applies=one.duty.applies == "yes",
            fields=0 if one.state == "unknown" else one.fields, filled=one.filled,
        )
        for one in told
    )  # fmt: skip
    outcome = replace(done.outcome, evidence={**done.outcome.evidence, "duties": evidence})
    duties = {"counted": counts(told), "told": [row(one) for one in told]}
    facts = {**done.facts, "duties": duties}
    found = replace(done, outcome=outcome, facts=facts)
    return found, Transparency()(found)
