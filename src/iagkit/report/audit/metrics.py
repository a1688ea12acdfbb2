"""What each measure of an audit is called, what it means, and how a group's number is said.

Names are the field's own terms; meanings are formulas in words. ``{positive}`` is the label that
counts as yes.
"""

from __future__ import annotations

from dataclasses import dataclass

from iagkit.core.message import Message, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Metric:
    """One measure in words.

    Parameters
    ----------
    name : Message
        Term of the field.
    means : Message
        Definition in words.
    of_hundred : Message, optional
        Two groups as natural frequencies: gaps ``high``, ``k_high``, ``low``, ``k_low``.
    """

    name: Message
    means: Message
    of_hundred: Message | None = None


UNEVEN = say("How unevenly benefits are spread over people; 0 is evenly.")
METRICS: dict[str, Metric] = {
    "selection_rate": Metric(
        name=say("Selection rate"),
        means=say("Of all people of the group, the share that gets the answer “{positive}”."),
        of_hundred=say(
            "of 100 people in “{high}”, {k_high} get the answer “{positive}”; of 100 in “{low}”, "
            "{k_low}"
        ),
    ),
    "true_positive_rate": Metric(
        name=say("True positive rate (sensitivity)"),
        means=say(
            "Of those who truly are “{positive}”, the share that gets the answer “{positive}”."
        ),
        of_hundred=say(
            "of 100 people in “{high}” who truly are “{positive}”, {k_high} are found; of 100 in "
            "“{low}”, {k_low}"
        ),
    ),
    "false_positive_rate": Metric(
        name=say("False positive rate"),
        means=say(
            "Of those who truly are not “{positive}”, the share that gets the answer “{positive}” "
            "all the same."
        ),
        of_hundred=say(
            "of 100 people in “{high}” who truly are not “{positive}”, {k_high} get that answer "
            "wrongly; of 100 in “{low}”, {k_low}"
        ),
    ),
    "precision": Metric(
        name=say("Precision (positive predictive value)"),
        means=say(
            "Of those who get the answer “{positive}”, the share that truly is “{positive}”."
        ),
        of_hundred=say(
            "of 100 people in “{high}” who get the answer “{positive}”, {k_high} truly are; of 100 "
            "in “{low}”, {k_low}"
        ),
    ),
    "negative_predictive_value": Metric(
        name=say("Negative predictive value"),
        means=say(
            "Of those who do not get the answer “{positive}”, the share that truly is not "
            "“{positive}”."
        ),
        of_hundred=say(
            "of 100 people in “{high}” who do not get the answer “{positive}”, {k_high} truly are "
            "not; of 100 in “{low}”, {k_low}"
        ),
    ),
    "accuracy": Metric(
        name=say("Accuracy"),
        means=say("Of all answers, the share that is right."),
        of_hundred=say(
            "of 100 answers in “{high}”, {k_high} are right; of 100 in “{low}”, {k_low}"
        ),
    ),
    "prevalence": Metric(
        name=say("Prevalence (base rate)"),
        means=say(
            "Of all people of the group, the share that truly is “{positive}”; a fact of the data, "
            "not of the answers."
        ),
        of_hundred=say(
            "of 100 people in “{high}”, {k_high} truly are “{positive}”; of 100 in “{low}”, {k_low}"
        ),
    ),
    "true_negative_rate": Metric(
        name=say("True negative rate (specificity)"),
        means=say(
            "Of those who truly are not “{positive}”, the share that does not get the answer "
            "“{positive}”. It and the false positive rate add up to 100%."
        ),
    ),
    "false_negative_rate": Metric(
        name=say("False negative rate"),
        means=say(
            "Of those who truly are “{positive}”, the share that is missed. It and the true "
            "positive rate add up to 100%."
        ),
        of_hundred=say(
            "of 100 people in “{high}” who truly are “{positive}”, {k_high} are missed; of 100 in "
            "“{low}”, {k_low}"
        ),
    ),
    "false_discovery_rate": Metric(
        name=say("False discovery rate"),
        means=say(
            "Of those who get the answer “{positive}”, the share that truly is not. It and the "
            "precision add up to 100%."
        ),
    ),
    "false_omission_rate": Metric(
        name=say("False omission rate"),
        means=say(
            "Of those who do not get the answer “{positive}”, the share that truly is. It and the "
            "negative predictive value add up to 100%."
        ),
    ),
    "balanced_accuracy": Metric(
        name=say("Balanced accuracy"),
        means=say(
            "The average of the shares found in each true class, so that a rare class counts as "
            "much as a common one."
        ),
    ),
    "f1": Metric(
        name=say("F1"),
        means=say("One number for precision and sensitivity together (their harmonic mean)."),
    ),
    "macro_f1": Metric(
        name=say("Macro-F1"),
        means=say("The average of F1 over all classes, each counting the same."),
    ),
    "matthews_corrcoef": Metric(
        name=say("Matthews correlation coefficient"),
        means=say(
            "How closely answers follow the truth, from -1 (always opposite) over 0 (like chance) "
            "to 1 (always right)."
        ),
    ),
    "equalized_odds": Metric(
        name=say("Equalized odds"),
        means=say("The larger of the gaps of the true and of the false positive rate."),
    ),
    "roc_auc": Metric(
        name=say("Area under the ROC curve (AUC)"),
        means=say(
            "The chance that a person who truly is “{positive}” has a higher score than one who is "
            "not; 50% is guessing."
        ),
    ),
    "mean_score": Metric(
        name=say("Mean score"), means=say("The average of the scores of the group.")
    ),
    "calibration_in_the_large": Metric(
        name=say("Calibration in the large"),
        means=say(
            "The mean score minus the share that truly is “{positive}”: above zero, the group is "
            "overestimated."
        ),
    ),
    "ece": Metric(
        name=say("Expected calibration error"),
        means=say("How far the scores lie from the shares that came true, on average."),
    ),
    "brier_score": Metric(
        name=say("Brier score"),
        means=say("The mean squared distance between score and truth; 0 is perfect."),
    ),
    "mean_absolute_error": Metric(
        name=say("Mean absolute error"),
        means=say("How far the predicted number lies from the true one, on average."),
    ),
    "root_mean_squared_error": Metric(
        name=say("Root mean squared error"),
        means=say("Like the mean absolute error, with large errors counting more."),
    ),
    "bias": Metric(
        name=say("Bias"),
        means=say("The predicted number minus the true one, on average: above zero is too high."),
    ),
    "within_tolerance": Metric(
        name=say("Within the tolerance"),
        means=say("The share of predictions that miss the true number by no more than declared."),
        of_hundred=say(
            "of 100 predictions in “{high}”, {k_high} lie within the tolerance; of 100 in “{low}”, "
            "{k_low}"
        ),
    ),
    "r2_score": Metric(
        name=say("Share of variation explained (R²)"),
        means=say("How much of the differences between true numbers the predictions follow."),
    ),
    "micro_f1": Metric(
        name=say("Micro-F1"),
        means=say("F1 over all answers together, each answer counting the same."),
    ),
    "subset_accuracy": Metric(
        name=say("Whole sets right (subset accuracy)"),
        means=say("Of all cases, the share whose labels are exactly the true ones."),
        of_hundred=say(
            "of 100 cases in “{high}”, {k_high} have exactly the true labels; of 100 in “{low}”, "
            "{k_low}"
        ),
    ),
    "hamming_loss": Metric(
        name=say("Hamming loss"),
        means=say("Of all answers, one a case and label, the share that is wrong."),
    ),
    "recall": Metric(
        name=say("Recall (sensitivity)"),
        means=say("Of what truly belongs to a class, the share that is found."),
    ),
    "log_loss": Metric(
        name=say("Log loss"),
        means=say("How surprised the scores are by the truth; 0 is perfect."),
    ),
    "generalized_entropy_index": Metric(name=say("Generalized entropy index"), means=UNEVEN),
    "theil_index": Metric(name=say("Theil index"), means=UNEVEN),
    "exposure": Metric(
        name=say("Exposure"),
        means=say("The attention a group receives from its places in the list."),
    ),
    "recall_at_capacity": Metric(
        name=say("Recall within the capacity"),
        means=say("Of those who truly are “{positive}”, the share among those who can be served."),
    ),
    "selection_at_capacity": Metric(
        name=say("Selected within the capacity"),
        means=say("Of all people of the group, the share among those who can be served."),
    ),
    "representation": Metric(
        name=say("Representation"),
        means=say("The share of the group among the selected, beside its share in the population."),
    ),
}
COMPLEMENTS = {
    "true_negative_rate": "false_positive_rate",
    "false_negative_rate": "true_positive_rate",
    "false_discovery_rate": "precision",
    "false_omission_rate": "negative_predictive_value",
}
"""Measures that say the same as another, turned around."""
PANELS = (
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "precision",
    "accuracy",
    "subset_accuracy",
    "hamming_loss",
    "prevalence",
    "mean_absolute_error",
    "bias",
    "within_tolerance",
)
"""Measures that are drawn; the rest stands in the tables."""
SCORES = (
    "roc_auc",
    "mean_score",
    "calibration_in_the_large",
    "ece",
    "brier_score",
    "log_loss",
)
"""Measures of scores, which have a part of their own."""
DRAWN_SCORES = ("roc_auc", "calibration_in_the_large", "ece")
"""Of those, the ones that are drawn for each group; the rest stands in the tables."""
SUFFIXES = (
    "gap",
    "ratio",
    "detectable_gap",
    "cases_needed",
    "gap_bounds",
    "difference",
    "stratified_gap",
    "error_bound",
    "bound",
    "simpson",
    "change",
    "gap_change",
    "trend",
    "season",
    "spread",
)
