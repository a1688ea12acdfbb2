"""What an audit found: in full for the team, and what of it may be published."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from iagkit.core.errors import UsageError
from iagkit.core.nouns import Finding, Verdict
from iagkit.core.record import Record
from iagkit.core.registry import did_you_mean

if TYPE_CHECKING:
    import pandas as pd

NUMBERS = ("value", "n", "low", "high", "unit")
COLUMNS = (*NUMBERS, "between", "because")
"""What the table of findings calls its own columns, after those of groups."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Audit:
    """What an audit found.

    Parameters
    ----------
    findings : tuple of Finding
        Everything, small counts included: for the team, not to publish.
    record : Record
        What may be published: counts of few people are withheld.
    judged : tuple of Verdict
        What the policy says of the findings, with the full reasons: for the team too.
    lang : {"es", "pt", "en"}
        Language of what a notebook shows.
    """

    findings: tuple[Finding, ...]
    record: Record
    judged: tuple[Verdict, ...] = ()
    lang: str = "en"

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What the policy says of the findings; the record's do not repeat what is withheld."""
        return self.judged or self.record.verdicts

    def find(self, check: str, **where: str) -> Finding | None:
        """First finding of this check with exactly this ``where``; ``None`` if there is none.

        Raises
        ------
        UsageError
            If nothing of that name was measured at all, with the likely name.
        """
        known = {f.check for f in self.findings}
        if check not in known:
            msg = f"expected a check that was measured; got '{check}'.{did_you_mean(check, known)}"
            raise UsageError(msg)
        same = (f for f in self.findings if f.check == check and dict(f.where) == where)
        return next(same, None)

    def to_frame(self) -> pd.DataFrame:
        """One row a finding: check, one column for each coordinate, value, n, interval, reason."""
        import pandas as pd

        rows = [
            {
                "check": f.check,
                **f.where,
                **{name: getattr(f.estimate, name, None) for name in NUMBERS},
                "between": " – ".join(f.between) if f.between else None,
                "because": str(f.because) if f.because else None,
            }
            for f in self.findings
        ]
        table = pd.DataFrame(rows)
        return table[[c for c in table if c not in COLUMNS] + [*COLUMNS]]

    def __repr__(self) -> str:
        """One line: a notebook keeps it beside the summary, and findings hold small counts."""
        results = [verdict.result for verdict in self.verdicts]
        told = ", ".join(f"{results.count(r)} {r}" for r in ("pass", "fail", "unknown"))
        rows = self.record.run["audit"]["rows"]
        return f"<Audit of {rows:,} rows: {told}; {len(self.findings):,} findings>"

    def _repr_html_(self) -> str:
        from iagkit.report.audit import audit_html

        return audit_html(self.record, lang=self.lang)
