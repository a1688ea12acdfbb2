"""What is asked of each method, and the sentences that answer without a number."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate, Finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A question under the name of its check."""

    check: str
    question: str

    def found(
        self,
        answer: Estimate | Message,
        where: Mapping[str, str],
        between: tuple[str, str] | None = None,
    ) -> Finding:
        """Wrap an estimate, or the reason why there is none."""
        known = isinstance(answer, Estimate)
        return Finding(
            check=self.check,
            question=self.question,
            estimate=answer if isinstance(answer, Estimate) else None,
            because=answer if isinstance(answer, Message) else None,
            where=where,
            between=between if known else None,
        )


ACCURACY = Asked(
    check="mitigation.accuracy", question="How many decisions of this method are right?"
)
BALANCED = Asked(
    check="mitigation.balanced_accuracy",
    question="How many decisions are right if people to grant and people to refuse count alike?",
)
CHANGE = Asked(
    check="mitigation.accuracy_change",
    question="How many more decisions are right than by the estimator as it is?",
)
RATES = {
    "selection_rate": Asked(
        check="mitigation.selection_rate", question="How many people does this method grant?"
    ),
    "true_positive_rate": Asked(
        check="mitigation.true_positive_rate",
        question="How many of those who should be granted does this method grant?",
    ),
    "false_positive_rate": Asked(
        check="mitigation.false_positive_rate",
        question="How many of those who should be refused does this method grant?",
    ),
}
GAP = Asked(
    check="mitigation.gap",
    question="How far apart does this method leave the groups in what shall be alike?",
)
GAPS = {
    "selection_rate": Asked(
        check="mitigation.selection_rate.gap",
        question="How far apart are the groups in how many are granted?",
    ),
    "true_positive_rate": Asked(
        check="mitigation.true_positive_rate.gap",
        question="How far apart are the groups in how many who should be granted are?",
    ),
    "false_positive_rate": Asked(
        check="mitigation.false_positive_rate.gap",
        question="How far apart are the groups in how many who should be refused are granted?",
    ),
}
GAINS = Asked(
    check="mitigation.gains",
    question="How many people are granted whom the estimator as it is refused?",
)
GAINS_RIGHT = Asked(
    check="mitigation.gains.right",
    question="How many of the newly granted should be granted?",
)
LOSSES = Asked(
    check="mitigation.losses",
    question="How many people are refused whom the estimator as it is granted?",
)
LOSSES_RIGHT = Asked(
    check="mitigation.losses.right",
    question="How many of the newly refused should be refused?",
)
DRAW = Asked(
    check="mitigation.by_draw",
    question="For how many people could another draw decide otherwise?",
)
REDRAWN = Asked(
    check="mitigation.redrawn",
    question="How many decisions would be others if they were drawn anew?",
)
USES_GROUP = Asked(
    check="mitigation.uses_group",
    question="Must the group of a person be known when a decision is made?",
)
TRADEOFF_ACCURACY = Asked(
    check="mitigation.tradeoff.accuracy",
    question="How many decisions are right if the gap is limited to this on other people?",
)
TRADEOFF_GAP = Asked(
    check="mitigation.tradeoff.gap",
    question="How large is the gap if it is limited to this on other people?",
)

WITHHELD = say("withheld: it is, or would give away, a number of fewer than {few} people", few=5)


def uses_group(*, needed: bool, among_inputs: bool, learnt: bool) -> Message:
    """Say whether a group must be known to decide, and what the law may say of that.

    Parameters
    ----------
    needed : bool
        The method asks for the group.
    among_inputs : bool
        A group column is among the inputs of the estimator.
    learnt : bool
        The method used the group to learn.
    """
    if needed:
        return say(
            "Yes: people alike in all else may be decided on differently because of their group. "
            "In many countries the law forbids this, or asks for a legal basis: have it examined "
            "before any use. This is no legal advice."
        )
    if among_inputs:
        return say(
            "Yes, because a group column is among the inputs: a decision may rest on it. In many "
            "countries the law forbids this, or asks for a legal basis: have it examined before "
            "any use. This is no legal advice."
        )
    if learnt:
        return say(
            "No: the group was used to learn only. Having used it, and other inputs that stand for "
            "it, may still need a legal basis. This is no legal advice."
        )
    return say("No: the group is not used at all, but other inputs may stand for it.")
