"""A record of an audit, ready to be asked; remembers what was told, so that nothing is lost."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import permutations
from typing import Any

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding
from iagkit.core.record import Record
from iagkit.report.audit.metrics import COMPLEMENTS, METRICS, SUFFIXES
from iagkit.report.audit.voice import AuditVoice, figures
from iagkit.report.blocks import Cell, Stack
from iagkit.report.story import OVERALL, Story, number
from iagkit.report.voice import Voice

OF_MEASURES = ("fairness", "performance", "calibration", "over_time", "against", "threshold")
"""Families of checks that are named after a measure."""
UNNAMED = "units"
"""Unit of numbers for which none was declared."""
TOGETHER = " · "
"""Joins the groups of several columns, also in ``Finding.between``."""
RESERVED = frozenset(
    ("class", "truth", "prediction", "confidence", "period", "given", "column", "feature",
     "method", "limit", "threshold", "bin")
)  # fmt: skip
"""Coordinates that are no column of groups."""
COORDINATES = {
    "class": say("class"),
    "confidence": say("score"),
    "period": say("period"),
    "truth": say("truth"),
    "prediction": say("answer"),
    "given": say("among people alike in"),
    "feature": say("input"),
    "noise": say("noise"),
    "method": say("way to decide"),
    "limit": say("limit"),
    "failing": say("fails at"),
    "curve": say("curve"),
    "measure": say("measured by"),
    "threshold": say("threshold"),
}
RANGE = re.compile(r"<(.+)|\[(.+), (.+)\)|≥(.+)")
"""Names of ranges of numbers: ``<18``, ``[18, 30)``, ``≥65``."""
Columns = tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditStory(Story):
    """What every section of an audit's page needs.

    Parameters
    ----------
    by_check : mapping of str to sequence of Finding
        Findings of each check, in the order of the record.
    told : set of int
        Findings that a section has told, by identity; the annex tells the others.
    """

    by_check: Mapping[str, Sequence[Finding]] = field(default_factory=dict)
    told: set[int] = field(default_factory=set)

    @property
    def audit(self) -> Mapping[str, Any]:
        """Facts of the audit."""
        found = self.facts.get("audit")
        return found if isinstance(found, Mapping) else {}

    @property
    def positive(self) -> str:
        """Label that counts as yes."""
        told = self.audit.get("positive")
        return str(told) if told not in (None, "") else self.voice._("yes")

    @property
    def joint(self) -> bool:
        """Whether all gaps share the error, and not only those that limits judge."""
        same = {*COMPLEMENTS, "equalized_odds"}
        gaps = (f for f in self.of_kind("fairness.") if suffix_of(f.check) == "gap")
        many = sum(metric_of(f.check) not in same for f in gaps)
        return bool(many) and int(self.audit.get("family") or 0) >= many

    def columns(self) -> Columns:
        """Columns of groups: those that were asked for, else those that findings name."""
        asked = tuple(str(c) for c in self.audit.get("columns") or ())
        if asked:
            return asked
        keys = (k for f in self.of_kind("fairness.") for k in f.where)
        return tuple(dict.fromkeys(k for k in keys if k not in RESERVED))

    def order(self, column: str) -> tuple[int, str]:
        """What columns are sorted by: as they were asked for, others after them."""
        columns = self.columns()
        return columns.index(column) if column in columns else len(columns), column

    def level(self) -> str:
        """Confidence level of the intervals, in percent."""
        asked = self.audit.get("level") or self.protocol.get("level", 0.95)
        return self.voice.percent(float(asked), 0)

    def of_kind(self, prefix: str) -> Iterator[Finding]:
        """Findings whose check begins so."""
        return (f for c, found in self.by_check.items() if c.startswith(prefix) for f in found)

    def tell(self, findings: Iterable[Finding | None]) -> None:
        """Remember that these are told."""
        self.told.update(id(f) for f in findings if f is not None)

    def at(self, check: str, where: Mapping[str, str]) -> Finding | None:
        """First finding at exactly this place; it counts as told."""
        same = (f for f in self.by_check.get(check, ()) if dict(f.where) == dict(where))
        found = next(same, None)
        self.tell([found])
        return found

    def whole(self, columns: Iterable[str], **more: str) -> dict[str, str]:
        """Place of a finding about all groups of these columns together."""
        return {**dict.fromkeys(columns, OVERALL), **more}

    def overall_of(self, metric: str) -> Finding | None:
        """The measure for all rows together."""
        return self.at(f"fairness.{metric}", {}) or self.at(f"performance.{metric}", {})

    def groups_of(self, check: str, columns: Columns) -> dict[str, Finding]:
        """Group → finding, of single groups of exactly these columns; they count as told."""
        wanted = set(columns)
        found = {
            self.label(f.where, columns): f
            for f in self.by_check.get(check, ())
            if set(f.where) == wanted and OVERALL not in f.where.values()
        }
        self.tell(found.values())
        return found

    def label(self, where: Mapping[str, str], columns: Columns) -> str:
        """Name of a group of one or several columns."""
        return TOGETHER.join(self.group(where[c]) for c in columns)

    def named(
        self, check: str, columns: Columns, raw: str, more: Mapping[str, str]
    ) -> tuple[str, Finding | None]:
        """Name and finding of a group as a gap names it; ``more`` is where else it stands."""
        wanted = {*columns, *more}
        for f in self.by_check.get(check, ()):
            if set(f.where) != wanted or any(f.where[k] != v for k, v in more.items()):
                continue
            if raw in _spelt({c: f.where[c] for c in columns}):
                return self.label(f.where, columns), f
        return TOGETHER.join(map(self.group, raw.split(TOGETHER))), None

    def metrics(self, columns: Columns) -> tuple[str, ...]:
        """Measures that were taken of these groups: known ones in their order, then others."""
        wanted = set(columns)
        met = dict.fromkeys(
            metric_of(f.check)
            for f in self.of_kind("fairness.")
            if set(f.where) == wanted and suffix_of(f.check) in ("", "gap")
        )
        met.pop("group_size", None)
        known = [m for m in METRICS if m in met]
        return (*known, *(m for m in met if m not in METRICS))

    def classes(self) -> tuple[str, ...]:
        """Classes that were compared each for itself."""
        met = (f.where.get("class") for f in self.of_kind("fairness."))
        return tuple(dict.fromkeys(c for c in met if c))

    def crosses(self) -> tuple[Columns, ...]:
        """Columns that were looked at together, in the order of the columns."""
        columns = self.columns()
        among = {
            frozenset(f.where)
            for f in self.of_kind("fairness.")
            if len(f.where) > 1 and set(f.where) <= set(columns)
        }
        spelt = [tuple(c for c in columns if c in one) for one in among]
        return tuple(sorted(spelt, key=lambda c: (len(c), [columns.index(x) for x in c])))

    def place(self, finding_where: Mapping[str, str]) -> str:
        """Where a finding stands: columns as a whole first, in their order."""
        keys = sorted(finding_where, key=self.order)
        whole = [k for k in keys if finding_where[k] == OVERALL]
        told = [self.voice.say("by {columns}", columns=" × ".join(whole))] if whole else []
        return TOGETHER.join(
            [*told, *(self._at(k, finding_where[k]) for k in keys if k not in whole)]
        )

    def _at(self, key: str, value: str) -> str:
        label = COORDINATES.get(key) if key not in self.columns() else None
        name = self.voice.tell(label) if label else key
        told = (
            self.scale(value) if key in ("confidence", "limit", "threshold") else self.group(value)
        )
        return f"{name}: {told}"

    def group(self, value: str) -> str:
        """Name of a group; a range of a column that was cut reads as words, not as a formula."""
        found = RANGE.fullmatch(value) if self.audit.get("bins") else None
        ends = [number(end) if end else None for end in found.groups()] if found else []
        below, low, high, least = ends or [None] * 4
        if below is not None:
            return self.voice.say("under {high}", high=below)
        if low is not None and high is not None:
            return self.voice.say("{low} to under {high}", low=low, high=high)
        if least is not None:
            return self.voice.say("{low} or more", low=least)
        return Story.group(self, value)

    def metric(self, name: str) -> str:
        """Name of a measure; an unknown one keeps its own."""
        known = METRICS.get(name)
        return self.voice.tell(known.name) if known else name.replace("_", " ")

    def check(self, name: str) -> str:
        """Name of a check: its measure and what is told of it, a short name, or its question."""
        if metric_of(name) in METRICS and name.partition(".")[0] in OF_MEASURES:
            told = _of(self.voice, suffix_of(name))
            return (
                f"{self.metric(metric_of(name))}: {told}" if told else self.metric(metric_of(name))
            )
        short = Story.check(self, name)
        asked = self.by_check.get(name)
        return self.voice._(asked[0].question) if short == name and asked else short

    def what(self, suffix: str) -> str:
        """What is told of a number: its gap, its ratio; empty for the number itself."""
        return _of(self.voice, suffix)

    def asked(self, check: str, finding: Finding | None) -> str:  # noqa: ARG002
        """What a limit is about: a gap has the question of its measure, but another name."""
        return self.check(check)

    def means(self, message: Message) -> str:
        """A definition, with the label that counts as yes."""
        return self.voice.say(message.template, positive=self.positive)

    def short(self, finding: Finding | None) -> Cell:
        """Value over its interval; why it is not known stands below the table."""
        if finding is None:
            return "—"
        if finding.estimate is None:
            return self.voice._("not known")
        return self.cell(finding)

    def apart(self, estimate: Estimate) -> Cell:
        """A difference, which may be below zero, over its interval; shares in points."""
        ends = (estimate.value, estimate.low or 0.0, estimate.high or 0.0)
        times, digits = (100, 1) if estimate.unit == "share" else (1, figures(max(map(abs, ends))))
        number = self.voice.number
        if estimate.low is None or estimate.high is None:
            return number(times * estimate.value, digits)
        low, high = number(times * estimate.low, digits), number(times * estimate.high, digits)
        small = self.voice.say("{low} to {high}", low=low, high=high)
        return Stack(main=number(times * estimate.value, digits), small=small)

    def signed(self, estimate: Estimate) -> str:
        """A difference in a few letters, for a drawing."""
        if estimate.unit != "share":
            return self.voice.value(estimate)
        return self.voice.say("{value} pp", value=self.voice.number(100 * estimate.value, 1))

    def distance(self, estimate: Estimate) -> str:
        """A size without its interval: shares in points of a hundred."""
        if estimate.unit != "share":
            return self.voice.value(estimate)
        return self.voice.points(estimate.value)


def read(record: Record, voice: Voice) -> AuditStory:
    """Make a record ready to be asked."""
    by_check: dict[str, list[Finding]] = {}
    for f in record.findings:
        by_check.setdefault(f.check, []).append(f)
    audit = record.run.get("audit")
    unit = str(audit.get("unit") or "") if isinstance(audit, Mapping) else ""
    voice = AuditVoice(voice.lang, unit="" if unit == UNNAMED else unit)
    return AuditStory(record=record, voice=voice, by_check=by_check)


def metric_of(check: str) -> str:
    """``fairness.accuracy.gap`` → ``accuracy``."""
    rest = check.partition(".")[2]
    suffix = suffix_of(check)
    return rest.removesuffix(f".{suffix}") if suffix else rest


def suffix_of(check: str) -> str:
    """``fairness.accuracy.gap`` → ``gap``; empty if it has none."""
    last = check.rpartition(".")[2]
    return last if check.count(".") > 1 and last in SUFFIXES else ""


def _spelt(where: Mapping[str, str]) -> set[str]:
    return {TOGETHER.join(order) for order in permutations(where.values())}


def _of(voice: Voice, suffix: str) -> str:
    _ = voice._
    return {
        "gap": _("gap between the furthest groups"),
        "ratio": _("ratio of the lowest to the highest group"),
        "detectable_gap": _("smallest gap these data would have shown"),
        "cases_needed": _("further cases that would decide the limit"),
        "difference": _("difference from the others"),
        "stratified_gap": _("gap among comparable people"),
        "error_bound": _("bound of the error of counting"),
        "bound": _("bound of the error of counting"),
        "change": _("change"),
        "gap_bounds": _("gap, and its bounds wherever those not stated belong"),
        "gap_change": _("change of the gap"),
        "trend": _("drift"),
        "spread": _("scatter"),
    }.get(suffix, "")
