"""What a record says of its data, less what would confirm a guess at counts that are withheld."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from iagkit.core.canonical import digest
from iagkit.core.nouns import Finding, Run

GUESSED = 1_000
"""A file of fewer rows is not known by its own digest."""


def told_of(
    run: Run, findings: Sequence[Finding], public: Sequence[Finding], withheld: Mapping[str, Any]
) -> Run:
    """Facts that may be published with these findings.

    Parameters
    ----------
    run : Run
        Of an audit.
    findings, public : sequence of Finding
        In full, and as they are published.
    withheld : mapping
        As :func:`iagkit.checks.publishable.publishable` tells it.

    Notes
    -----
    Counts of a few people have few possible values. Whoever knows the other counts tries each and
    compares the digest of all of them, so a digest of counts is as good as the counts themselves:
    it is told only if no cell is of few people. The same goes for the digest of a file of few rows,
    whatever is withheld: a row that is guessed can be tried. The table is then known by what is
    told of it.
    """
    audit = dict(run.facts["audit"])
    k, secret = withheld["k"], audit["cells_sha256"]
    few = bool(((cells := run.outcome.evidence["cells"]).n < k).any()) and len(cells) > 0
    dataset, known = run.dataset, k > 1 and audit["rows"] < GUESSED
    if k > 1 and (few or tuple(findings) != tuple(public)):
        audit["cells_sha256"], known = None, known or dataset.sha256 == secret
    if known:
        dataset = replace(dataset, sha256=_digest(public))
    if k > 1:
        left = audit["left_out"].items()
        audit["left_out"] = {part: None if 0 < n < k else n for part, n in left}
    facts = {**run.facts, "audit": {**audit, "disclosure": withheld}}
    return replace(run, facts=facts, dataset=dataset)


def _digest(public: Sequence[Finding]) -> str:
    """SHA-256 of what is told, the same from every source of the same table."""
    told = [
        (f.check, dict(f.where), None if f.estimate is None else repr(f.estimate)) for f in public
    ]
    return digest(told)
