"""What an audit refuses of what it is asked: words that mean two things, options without effect."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from numbers import Integral, Real
from typing import TYPE_CHECKING

from iagkit.checks.audit_settings import COORDINATES
from iagkit.core.errors import DataError, UsageError
from iagkit.core.judge import WHOLE
from iagkit.core.registry import did_you_mean
from iagkit.flow.audited import COLUMNS
from iagkit.measures.cells import UNKNOWN, Cells

if TYPE_CHECKING:
    from iagkit.checks.audit_settings import AuditTask
    from iagkit.flow.asked import Inquiry

NO = ("0", "no", "não", "nao", "false", "n", "negative", "negativo", "denied")
MOST_SURE = 0.999999
ROUNDED = 0.005
SHOWN = 6
SHORT = 40


def refuse_kinds(asked: Inquiry) -> None:
    """Refuse settings that are no numbers of their kind.

    Raises
    ------
    UsageError
    """
    for name in ("depth", "min_group", "k"):
        if isinstance(number := getattr(asked, name), bool) or not isinstance(number, Integral):
            msg = f"expected a whole number for {name}; got {type(number).__name__}"
            raise UsageError(msg)
    for name in ("level", "threshold", "capacity", "tolerance"):
        number = getattr(asked, name)
        if number is not None and (
            isinstance(number, bool) or not isinstance(number, Real) or math.isnan(number)
        ):
            msg = f"expected a number for {name}; got {type(number).__name__}, or none that counts"
            raise UsageError(msg)
    if asked.tolerance is not None and asked.tolerance < 0:
        msg = f"expected a tolerance of 0 or more; got {asked.tolerance:g}"
        raise UsageError(msg)
    if MOST_SURE < asked.level < 1:
        msg = (
            f"expected a level of at most {MOST_SURE}, such as 0.95; got more. Intervals end there"
        )
        raise UsageError(msg)


def refuse_threshold(asked: Inquiry) -> None:
    """Refuse a threshold that turns no score into predictions, where no model is asked either.

    Raises
    ------
    UsageError
    """
    if asked.threshold is not None and (asked.prediction is not None or asked.score is None):
        msg = (
            "--threshold makes predictions of a score; give --score and no --prediction, or drop it"
        )
        raise UsageError(msg)


IDLE = {
    "regression": ("against", "score", "capacity", "strata", "positive"),
    "multiclass": ("tolerance", "strata"),
    "multilabel": (
        "against",
        "score",
        "capacity",
        "strata",
        "positive",
        "tolerance",
        "time",
        "threshold",
    ),
    "binary": ("tolerance",),
    "score": ("tolerance",),
}
"""Options that a task has no use for."""


def refuse_idle(asked: Inquiry, task: AuditTask) -> None:
    """Refuse options that would do nothing: who gives them expects an answer.

    Raises
    ------
    UsageError
    """
    for option in IDLE[task]:
        if getattr(asked, option) not in (None, ()):
            msg = (
                f"expected options of the task '{task}'; --{option} has no meaning for it. Leave "
                "it out, or name the task with --task"
            )
            raise UsageError(msg)


def refuse_roles(asked: Inquiry) -> None:
    """Refuse groups that are the answers themselves, and names that stand for something else.

    Raises
    ------
    UsageError
    """
    for column in asked.groups:
        for part in ("truth", "prediction", "against"):
            if column == getattr(asked, part):
                msg = (
                    f"expected groups of people; '{column}' is given as --{part} and as --group. "
                    "People compared by their own answer differ in it always: leave the group out"
                )
                raise UsageError(msg)
    dated = () if asked.time in (None, "period") else (str(asked.time),)
    for column in (*asked.groups, *dated):
        if column in {*COORDINATES, *COLUMNS}:
            msg = (
                f"expected another name for the column '{column}': results use that word for "
                f"something else. Rename it, such as '{column}_of_person'"
            )
            raise UsageError(msg)


def refuse_population(asked: Inquiry) -> None:
    """Refuse shares of the population that nothing is held against, or that are no shares.

    Raises
    ------
    UsageError
    """
    if not asked.population:
        return
    if asked.capacity is None:
        msg = (
            "--population is held against those who are served; give --capacity (and --score), or "
            "leave it out"
        )
        raise UsageError(msg)
    for column, of in asked.population.items():
        if column not in asked.groups:
            near = did_you_mean(column, asked.groups)
            msg = f"expected a group column in --population; '{column}' is none.{near}"
            raise UsageError(msg)
        shares = list(of.values())
        if not shares or not all(math.isfinite(s) and s > 0 for s in shares):
            msg = f"expected shares above 0 of the population of '{column}'; some are not"
            raise UsageError(msg)
        if abs(sum(shares) - 1) > ROUNDED:
            msg = (
                f"expected shares of the population of '{column}' that sum to 1; theirs is "
                f"{sum(shares):g}. Are they percent, or is a group missing?"
            )
            raise UsageError(msg)


def refuse_stars(cells: Cells) -> None:
    """Refuse a group whose name stands for all groups.

    Raises
    ------
    DataError
        Its number would be told as that of everybody, and not be withheld if it is of few.
    """
    for column, levels in zip(cells.columns, cells.levels, strict=True):
        if WHOLE in levels:
            msg = (
                f"expected names of groups in '{column}'; one is '{WHOLE}', which stands for all "
                "groups in a record. Write a word, or leave the cell empty where it is not known"
            )
            raise DataError(msg)


def refuse_scores(cells: Cells, prediction: str) -> None:
    """Refuse probabilities that are given as predictions: each would be a class of its own.

    Raises
    ------
    DataError
    """
    told = _said(cells, "prediction")
    numbers = [_number(label) for label in told]
    within = len(told) > 2 and all(0 <= number <= 1 for number in numbers)  # not for nan either
    if within and len(_said(cells, "truth")) <= 2:
        msg = (
            f"expected labels in '{prediction}'; got {len(told)} different numbers from 0 to 1, as "
            f"scores are. Give --score {prediction} and --threshold 0.5 without --prediction, or "
            "--task regression"
        )
        raise DataError(msg)


def refuse_strangers(cells: Cells, truth: str, prediction: str) -> None:
    """Refuse predictions in other words than the truth: every one of them would be wrong.

    Raises
    ------
    DataError
    """
    turned_out, told = _said(cells, "truth"), _said(cells, "prediction")
    if min(len(turned_out), len(told)) < 2 or set(turned_out) & set(told):
        return
    msg = (
        f"expected truth and predictions in the same labels; '{truth}' has {_listed(turned_out)}, "
        f"'{prediction}' has {_listed(told)}, and none is in both. Write '{prediction}' in the "
        f"labels of '{truth}', then say with --positive which of them means yes"
    )
    raise DataError(msg)


def _said(cells: Cells, part: str) -> list[str]:
    """Labels that truth or predictions hold."""
    codes = getattr(cells, part)
    return [] if codes is None else [cells.labels[i] for i in sorted({*codes.tolist()} - {UNKNOWN})]


def _number(label: str) -> float:
    try:
        return float(label)
    except ValueError:
        return math.nan


def _listed(labels: Sequence[str]) -> str:
    """Some labels; long ones could be texts of people and are not repeated."""
    shown = [f"'{label}'" for label in labels if len(label) <= SHORT][:SHOWN]
    more = len(labels) - len(shown)
    return (", ".join(shown) + (f" and {more} more" if more else "")).removeprefix(" and ")


def refuse_spellings(labels: Sequence[str], yes: Sequence[str]) -> None:
    """Refuse labels that are one answer written in several ways.

    Counted apart, a right answer would be a wrong one.

    Parameters
    ----------
    labels : sequence of str
    yes : sequence of str
        Words that mean yes.

    Raises
    ------
    DataError
    """
    folded: dict[str, list[str]] = {}
    meant = _meanings(labels, yes) if len(labels) > 2 else {}
    for label in labels:
        plain = " ".join(label.split()).casefold()
        folded.setdefault(meant.get(label, plain), []).append(label)
    twice = [same for same in folded.values() if len(same) > 1]
    if twice:
        first = ", ".join(repr(label) for label in twice[0][:SHOWN] if len(label) <= 40)
        msg = (
            f"expected each answer written in one way; {len(twice)} of {len(folded)} come in "
            f"several, such as {first or 'long ones'}. Write them alike, or, if they do differ, "
            "declare all of them with --labels"
        )
        raise DataError(msg)


def _meanings(labels: Sequence[str], yes: Sequence[str]) -> Mapping[str, str]:
    """Yes or no for each label, if all of them are words for one or the other."""
    words = {**dict.fromkeys(yes, "yes"), **dict.fromkeys(NO, "no")}
    meant = {label: words.get(label.strip().casefold()) for label in labels}
    if None in meant.values():
        return {}
    return {label: str(word) for label, word in meant.items()}
