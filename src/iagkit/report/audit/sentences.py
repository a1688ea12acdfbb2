"""Gaps between groups as sentences: proven, not found, or not known."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from iagkit.core.nouns import Estimate, Finding
from iagkit.report.audit.metrics import COMPLEMENTS, METRICS
from iagkit.report.audit.reading import AuditStory, Columns, metric_of, suffix_of
from iagkit.report.sections.summary import hundred

OF_DATA = "prevalence"
"""What differs in the people themselves, whatever is answered."""


BOTH = ("true_positive_rate", "false_positive_rate")
"""Whose gaps a limit on equalized odds judges."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap:
    """One measure between the furthest groups of one or several columns.

    Parameters
    ----------
    metric : str
    columns : tuple of str
    finding : Finding
    of : str
        Class that is held against the rest, if there are several.
    """

    metric: str
    columns: Columns
    finding: Finding
    of: str = ""

    @property
    def estimate(self) -> Estimate | None:
        """Size, if it is known."""
        return self.finding.estimate

    @property
    def more(self) -> dict[str, str]:
        """Where its groups stand beside their columns."""
        return {"class": self.of} if self.of else {}

    @property
    def proven(self) -> bool:
        """Whether the whole interval lies above zero."""
        e = self.finding.estimate
        return e is not None and e.low is not None and e.low > 0

    @property
    def size(self) -> float:
        """What gaps are sorted by."""
        return self.finding.estimate.value if self.finding.estimate else 0.0


def gaps(story: AuditStory, columns: Columns) -> list[Gap]:
    """All gaps of these columns that are not another one turned around."""
    told = measured(story, columns)
    known = {gap.metric for gap in told}
    return [g for g in told if COMPLEMENTS.get(g.metric) not in known]


def measured(story: AuditStory, columns: Columns) -> list[Gap]:
    """All gaps of these columns."""
    met = (*story.metrics(columns), "equalized_odds")
    told = []
    for metric in dict.fromkeys(met):
        if finding := story.at(f"fairness.{metric}.gap", story.whole(columns)):
            told.append(Gap(metric=metric, columns=columns, finding=finding))
    return told


def of_classes(story: AuditStory, columns: Columns, metric: str = "") -> list[Gap]:
    """Gaps of each class against the rest, of one measure or of all."""
    wanted = {*columns, "class"}
    found = (
        f
        for f in story.of_kind(f"fairness.{metric}")
        if suffix_of(f.check) == "gap" and set(f.where) == wanted
    )
    gaps = [
        Gap(metric=metric_of(f.check), columns=columns, finding=f, of=f.where["class"])
        for f in found
    ]
    return [g for g in gaps if metric in ("", g.metric)]


def named(story: AuditStory, gap: Gap) -> str:
    """The measure, and the class if there are several."""
    return f"{story.metric(gap.metric)} (“{gap.of}”)" if gap.of else story.metric(gap.metric)


def group(story: AuditStory, gap: Gap, raw: str) -> str:
    """Name of one of the furthest groups."""
    return story.named(f"fairness.{gap.metric}", gap.columns, raw, gap.more)[0]


def all_gaps(story: AuditStory) -> list[Gap]:
    """Gaps of single columns, then of several together."""
    alone = [(c,) for c in story.columns()]
    every = (*alone, *story.crosses())
    classes = [gap for columns in every for gap in of_classes(story, columns)]
    return [*(gap for columns in every for gap in gaps(story, columns)), *classes]


def holds(story: AuditStory, gap: Gap) -> bool:
    """Tell whether a gap holds together with others: all do, or only those that limits judge."""
    both = ("equalized_odds",) if gap.metric in BOTH else ()
    checks = {f"fairness.{m}.{part}" for m in (gap.metric, *both) for part in ("gap", "ratio")}
    return story.joint or any(
        v.check in checks and v.where == gap.finding.where for v in story.record.verdicts
    )


def ranked(found: list[Gap]) -> list[Gap]:
    """Proven gaps: of single columns first, those told in people first, the largest first.

    What differs in the people themselves comes after what differs in the answers.
    """
    proven = [g for g in found if g.proven and g.metric != "equalized_odds"]
    return sorted(
        proven,
        key=lambda g: (len(g.columns) > 1, not _in_people(g), g.metric == OF_DATA, -g.size),
    )


def _in_people(gap: Gap) -> bool:
    known = METRICS.get(gap.metric)
    return known is not None and known.of_hundred is not None


def by_columns(columns: Columns) -> str:
    """``sex × race``."""
    return " × ".join(columns)


def frequencies(story: AuditStory, gap: Gap) -> str:
    """Both furthest groups as people of a hundred, or as they are; empty if one is unknown."""
    if gap.finding.between is None:
        return ""
    check = f"fairness.{gap.metric}"
    (low, of_low), (high, of_high) = (
        story.named(check, gap.columns, raw, gap.more) for raw in gap.finding.between
    )
    a, b = (f.estimate if f else None for f in (of_low, of_high))
    if a is None or b is None:
        return ""
    template = METRICS[gap.metric].of_hundred if gap.metric in METRICS else None
    if template is not None and a.unit == "share":
        told = {"k_low": hundred(a.value), "k_high": hundred(b.value)}
        return story.voice.say(
            template.template, low=low, high=high, positive=gap.of or story.positive, **told
        )
    values = {"k_low": story.voice.value(a), "k_high": story.voice.value(b)}
    return story.voice.say("{k_high} in “{high}”, {k_low} in “{low}”", low=low, high=high, **values)


def proven(story: AuditStory, gap: Gap) -> str:
    """A gap that chance does not explain; people of a hundred first, then its size."""
    return story.voice.say(
        "By {columns}: {told}", columns=by_columns(gap.columns), told=here(story, gap)
    )


def here(story: AuditStory, gap: Gap) -> str:
    """The same under a heading that names the columns."""
    assert gap.estimate is not None
    told = story.voice.say(
        "{measure}: {frequencies}. The gap is {value}.",
        measure=named(story, gap),
        frequencies=frequencies(story, gap) or _furthest(story, gap),
        value=story.voice.gap(gap.estimate),
    )
    return f"{told} {_limit(story, gap)}".strip()


def _furthest(story: AuditStory, gap: Gap) -> str:
    raw = gap.finding.between
    if raw is None:
        return story.voice._("the furthest groups differ")
    low, high = (group(story, gap, r) for r in raw)
    return story.voice.say("lowest in “{low}”, highest in “{high}”", low=low, high=high)


def _limit(story: AuditStory, gap: Gap) -> str:
    """What the policy says of it, if anything."""
    about = {
        v.result
        for v in story.record.verdicts
        if v.check == gap.finding.check and v.where == gap.finding.where
    }
    if "fail" in about:
        return story.voice._("That exceeds the limit.")
    if "unknown" in about:
        return story.voice._("There is a gap; whether it exceeds the limit is not known.")
    return story.voice._("That is within the limit.") if "pass" in about else ""


def not_found(story: AuditStory, found: list[Gap]) -> Iterator[str]:
    """One sentence a column: measures without a proven gap, each with what would have shown."""
    by: dict[Columns, list[Gap]] = {}
    for gap in found:
        if gap.estimate is not None and not gap.proven and gap.metric != "equalized_odds":
            by.setdefault(gap.columns, []).append(gap)
    for columns, some in by.items():
        yield " ".join(_missed(story, columns, some))


def _missed(story: AuditStory, columns: Columns, some: list[Gap]) -> Iterator[str]:
    sizes = {named(story, g): detectable(story, g) for g in some}
    seen = [f"{name} ({story.distance(e)})" for name, e in sizes.items() if e]
    unseen = "; ".join(name for name, e in sizes.items() if e is None)
    if seen:
        yield story.voice.say(
            "By {columns}, with the smallest gap that would have shown in brackets: {measures}.",
            columns=by_columns(columns),
            measures="; ".join(seen),
        )
    if seen and unseen:
        yield story.voice.say("Without such a figure: {measures}.", measures=unseen)
    elif unseen:
        yield story.voice.say(
            "By {columns}: {measures}.", columns=by_columns(columns), measures=unseen
        )


def detectable(story: AuditStory, gap: Gap) -> Estimate | None:
    """Smallest gap that these data would have shown."""
    found = story.at(f"fairness.{gap.metric}.detectable_gap", gap.finding.where)
    return found.estimate if found else None


def needed(story: AuditStory, gap: Gap) -> Estimate | None:
    """Further cases that would decide."""
    found = story.at(f"fairness.{gap.metric}.cases_needed", gap.finding.where)
    return found.estimate if found else None


def unknown(story: AuditStory, found: list[Gap]) -> Iterator[str]:
    """Gaps that could not be measured: one sentence for all that share columns and reason."""
    by: dict[tuple[Columns, str], list[str]] = {}
    for gap in found:
        if gap.estimate is None:
            by.setdefault((gap.columns, story.reason(gap.finding)), []).append(named(story, gap))
    for (columns, why), some in by.items():
        told = {"columns": by_columns(columns), "why": why}
        if 1 < len(some) == sum(g.columns == columns for g in found):
            yield story.voice.say("By {columns}, no gap is known ({why}).", **told)
        else:
            yield story.voice.say(
                "By {columns}, not known ({why}): {measures}.", measures="; ".join(some), **told
            )
