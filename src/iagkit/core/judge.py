"""Findings and a policy → verdicts; the only place where a limit meets a number."""

from __future__ import annotations

from collections.abc import Iterable

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding, Gate, Policy, Result, Verdict

WHOLE = "*"
"""Value of a coordinate in a finding about all of its groups together."""


def judge(findings: Iterable[Finding], policy: Policy) -> tuple[Verdict, ...]:
    """Hold every finding against the gates of a policy.

    A verdict is ``pass`` or ``fail`` only if the whole interval lies on one side of the
    limit; otherwise it is ``unknown``, never a silent pass.

    Parameters
    ----------
    findings : iterable of Finding
    policy : Policy

    Returns
    -------
    tuple of Verdict
        One for each finding a gate speaks of, and one ``unknown`` for each gate that
        speaks of something nobody measured; in the order of the gates.
    """
    known = tuple(findings)
    return tuple(verdict for gate in policy.gates for verdict in _of_gate(gate, known))


def blocked_by(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts that forbid use: blocking gates that failed."""
    return tuple(v for v in verdicts if v.on_fail == "block" and v.result == "fail")


def unproven(verdicts: Iterable[Verdict]) -> tuple[Verdict, ...]:
    """Verdicts that do not yet allow use: blocking gates that did not pass."""
    return tuple(v for v in verdicts if v.on_fail == "block" and v.result != "pass")


def _of_gate(gate: Gate, findings: tuple[Finding, ...]) -> tuple[Verdict, ...]:
    every = [f for f in findings if f.check == gate.check]
    whole = [f for f in every if set(f.where.values()) <= {WHOLE}]
    about = every if gate.each or not whole else whole
    if not about:
        because = _of_chapter(gate, findings)
        return (Verdict(check=gate.check, result="unknown", because=because, on_fail=gate.on_fail),)
    return tuple(_verdict(gate, finding) for finding in about)


def _of_chapter(gate: Gate, findings: tuple[Finding, ...]) -> Message:
    """Why the chapter that the check belongs to could not answer, if it said so."""
    told = (f.because for f in findings if f.because and gate.check.startswith(f"{f.check}."))
    return next(told, say("nothing was measured for '{check}'", check=gate.check))


def _verdict(gate: Gate, finding: Finding) -> Verdict:
    if finding.estimate is None:
        result: Result = "unknown"
        because = finding.because or say("no reason was given")
    else:
        result, because = _hold(gate, finding.estimate)
    return Verdict(
        check=gate.check, result=result, because=because, on_fail=gate.on_fail, where=finding.where
    )


def _hold(gate: Gate, found: Estimate) -> tuple[Result, Message]:
    if found.n < gate.min_n:
        return "unknown", say(
            "{n} cases are too few; {min_n} are needed", n=found.n, min_n=gate.min_n
        )
    if found.low is None or found.high is None:
        return "unknown", say("there is no interval, so the limit cannot be judged")
    if gate.at_most is not None:
        return _side(found.low, found.high, gate.at_most, low_is_good=True)
    assert gate.at_least is not None
    return _side(found.low, found.high, gate.at_least, low_is_good=False)


def _side(low: float, high: float, limit: float, *, low_is_good: bool) -> tuple[Result, Message]:
    values = {"low": low, "high": high, "limit": limit}
    if high <= limit if low_is_good else low >= limit:
        return "pass", _clear(low_is_good, values)
    if low > limit if low_is_good else high < limit:
        return "fail", _breach(low_is_good, values)
    return "unknown", Message(
        "the limit {limit:.3f} lies inside the interval {low:.3f} to {high:.3f}", values
    )


def _clear(low_is_good: bool, values: dict[str, float]) -> Message:
    if low_is_good:
        return Message("the whole interval {low:.3f} to {high:.3f} is at most {limit:.3f}", values)
    return Message("the whole interval {low:.3f} to {high:.3f} is at least {limit:.3f}", values)


def _breach(low_is_good: bool, values: dict[str, float]) -> Message:
    if low_is_good:
        return Message("the whole interval {low:.3f} to {high:.3f} is above {limit:.3f}", values)
    return Message("the whole interval {low:.3f} to {high:.3f} is below {limit:.3f}", values)
