"""Short names of what records hold, as sentences of the catalogues."""

from __future__ import annotations

from iagkit.core.message import Message, say

CHECKS: dict[str, Message] = {
    "performance.accuracy": say("Right at the first answer"),
    "performance.balanced_accuracy": say("Average share found, all destinations counting the same"),
    "performance.macro_f1": say("Average quality, all destinations counting the same (macro-F1)"),
    "performance.recall": say("Found"),
    "performance.precision": say("Right when named"),
    "performance.f1": say("Both together (F1)"),
    "performance.top_3_accuracy": say("Right within three suggestions"),
    "performance.majority_accuracy": say("Always naming the commonest destination"),
    "performance.human_agreement": say("Two people agree on the same text"),
    "performance.human_ceiling": say("The best that anyone could reach"),
    "performance.hierarchical_f1": say("Quality counting near misses in the hierarchy"),
    "calibration.ece": say("Distance between stated and real certainty"),
    "calibration.reliability": say("Right at this stated certainty"),
    "coverage.conformal": say("The shortlist holds the right destination"),
    "coverage.set_size": say("Destinations on the shortlist"),
    "abstention.rate": say("Sent to a person"),
    "abstention.automatic_accuracy": say("Right where the machine decides alone"),
    "abstention.accuracy_at_review": say("Right in the rest, when people review this share"),
    "abstention.review_for_accuracy": say("Review needed for this accuracy"),
    "load.expected": say("Expected share of requests"),
    "load.review": say("Requests for people, out of 100"),
    "fairness.accuracy": say("Right at the first answer"),
    "fairness.abstention_rate": say("Sent to a person"),
    "fairness.conformal_coverage": say("Shortlist holds the right destination"),
    "fairness.accuracy.gap": say("Gap between groups: right at the first answer"),
    "fairness.abstention_rate.gap": say("Gap between groups: sent to a person"),
    "fairness.conformal_coverage.gap": say("Gap between groups: shortlist holds the destination"),
    "fairness.group_size": say("Size of the group"),
    "data.missing": say("Empty cells"),
    "data.duplicate_texts": say("Repeated texts"),
    "data.near_duplicate_texts": say("Nearly repeated texts"),
    "data.constant_column": say("Column with a single value"),
    "data.suspicious_dates": say("Suspicious dates"),
    "data.class_share": say("Share of the data"),
    "asks.several": say("Messages that ask for several things"),
    "matters.repeated": say("Documents whose matter is already there"),
    "matters.filed": say("Documents on one pattern with others (mass filing)"),
    "process.quality.unusable": say("Rows with a date that cannot be true"),
    "process.quality.unstable_arcs": say("Map that depends on the order of the file"),
    "process.quality.repeated_rows": say("Rows that repeat an earlier one"),
    "process.simulation.within_floor": say("Simulation beside a replay"),
    "process.late.rate.gap": say("Gap between groups: missed deadlines"),
    "process.late.rate.gap.adjusted": say("Gap among like cases: missed deadlines"),
    "process.wait.gap.adjusted": say("Gap among like cases: days open"),
    "process.remaining.coverage": say("Range of the forecast holds"),
    "process.remaining.difference": say("Forecast beside the simplest rule"),
    "process.risk.difference": say("Chance to be late beside the simplest rule"),
    "process.alarm.missed.gap": say("Gap in missed alarms"),
    "process.quality.without_resource": say("Events of which nobody knows who did them"),
}
RESULTS = {"pass": say("met"), "fail": say("not met"), "unknown": say("unknown")}
ON_FAIL = {
    "block": say("it must not be used"),
    "review": say("someone must decide and answer for it"),
    "note": say("it is noted"),
}
COORDINATES = {
    "class": say("destination"),
    "confidence": say("stated certainty"),
    "review_share": say("reviewed by people"),
    "accuracy": say("accuracy"),
    "column": say("column"),
    "office": say("destination"),
    "alike": say("among cases of the same"),
}
LIKENESS = {
    "same": say("the same words"),
    "near": say("a near copy"),
}
"""Kinds of documents that are a matter again."""
HUMAN = {
    "reviewer": say("Who reviews"),
    "reviews": say("Who reviews"),
    "review": say("Who reviews"),
    "who": say("Who reviews"),
    "decides": say("Who decides"),
    "what": say("What they review"),
    "appeal": say("How to contest a decision"),
    "contest": say("How to contest a decision"),
    "deadline": say("How long it takes"),
    "contact": say("Whom to turn to"),
    "when": say("When"),
    "responsible": say("Who answers for the system"),
    "owner": say("Who answers for the system"),
}
SPLITS = {
    "text": say(
        "Whole texts were set apart: a text, and every copy or near copy of it, is either learnt "
        "from or tested on, never both."
    ),
    "time": say(
        "The newest cases were set apart: the system learnt from the past and was tested on what "
        "came later."
    ),
    "rows": say("Single rows were set apart at random; no text is repeated in this table."),
}
UNITS = {
    "days": say("days"),
    "cases": say("cases"),
    "labels": say("destinations"),
    "seconds": say("seconds"),
    "columns": say("columns"),
    "people": say("people"),
    "cases per 100": say("of 100"),
    "events": say("events"),
    "activities": say("activities"),
    "steps": say("steps"),
    "ways": say("ways"),
    "hours": say("hours"),
    "working days": say("working days"),
    "working hours": say("working hours"),
    "hours a week": say("hours a week"),
    "arrivals a day": say("cases a day"),
    "arrivals a week": say("cases a week"),
}
ONE = {
    "days": say("day"),
    "cases": say("case"),
    "labels": say("destination"),
    "seconds": say("second"),
    "columns": say("column"),
    "people": say("person"),
    "events": say("event"),
    "activities": say("activity"),
    "steps": say("step"),
    "ways": say("way"),
    "hours": say("hour"),
    "working days": say("working day"),
    "working hours": say("working hour"),
    "hours a week": say("hour a week"),
    "arrivals a day": say("case a day"),
    "arrivals a week": say("case a week"),
}
"""The same units where there is one of them."""
CONTEST = ("appeal", "contest", "deadline", "contact")
ANNOUNCED = ("reviewer", "reviews", "review", "who", "decides", "what", "when")
