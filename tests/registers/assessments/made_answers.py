"""Sets of answers to the official survey: the most, a wanted score, and random ones."""

import random

from iagkit.registers.assessments.survey import canada
from iagkit.registers.assessments.visibility import names

QUESTIONS = canada().questions()
LOOKED_AT = frozenset().union(*(names(q.shown_if) for q in QUESTIONS))
PHASE = "projectDetailsPhase"
OTHER = {"item1": "Implementation", "item2": "Design"}
ODD = (
    "", "  ", "zz-4", "item1", "ITEM1-2", " item1-2", "item--3", "x-1.5", 0, 3, -2, 0.5, True,
    False, None, [], {}, {"a": "item1-2"}, ["item1-2"], ["item1-2", "item1-2"], [["item1-2"]],
    ["zz-9", "item1-1"], ["item1-2", 4], [None, True, "item2-1"], "other", "item1-1-",
)  # fmt: skip


def most(phase: str = "item1") -> dict:
    """Answers that give the most points in one phase."""
    told = {}
    for question in QUESTIONS:
        if question.name == PHASE:
            told[PHASE] = phase
        elif question.choices and OTHER[phase] not in question.name:
            best = max(question.choices, key=lambda choice: choice.points)
            every = [choice.value for choice in question.choices]
            told[question.name] = every if question.kind == "checkbox" else best.value
    return told


def scoring(raw: int, mitigation: int, phase: str = "item1") -> dict:
    """Valid answers that give just so many points: the most, less what can be left out."""
    told = most(phase)
    for kind, wanted in (("raw", raw), ("mitigation", mitigation)):
        counted = [q for q in QUESTIONS if q.counts == kind and q.name in told]
        for name, points in _less(counted, sum(q.max for q in counted) - wanted).items():
            told.pop(name)
            assert points
    return told


def _less(counted, over) -> dict:
    """Questions whose points add up to so many, in an order that keeps shown what is left."""
    reach = {0: {}}
    children = [q for q in counted if q.shown_if is not None]
    free = [q for q in counted if q.shown_if is None and q.name not in LOOKED_AT]
    for question in (*free, *children):
        for total, picked in list(reach.items()):
            if question.max and total + question.max <= over:
                reach.setdefault(total + question.max, {**picked, question.name: question.max})
    if over in reach:
        return reach[over]
    parents = [q for q in counted if q.name in LOOKED_AT]
    base = {q.name: q.max for q in (*children, *parents) if q.max}
    return {**base, **_less(free, over - sum(base.values()))}


def random_answers(seed: int) -> dict:
    """Some answers: how many, in which phase, how odd, all by chance."""
    chance = random.Random(seed)
    share, odd = chance.choice([0.05, 0.3, 0.7, 1]), chance.choice([0, 0, 0.1, 0.6])
    phase, told = chance.choice(["item1", "item2", None]), {}
    for question in QUESTIONS:
        if question.name == PHASE:
            told |= {PHASE: phase} if phase else {}
        elif chance.random() < share:
            told[question.name] = _answer(question, chance, odd)
    if chance.random() < 0.3:
        told["no-such-question-7"] = chance.choice(ODD)
    return told


def _answer(question, chance, odd):
    if chance.random() < odd:
        return chance.choice(ODD)
    if not question.choices:
        return "a text-5"
    values = [choice.value for choice in question.choices]
    if question.kind == "checkbox":
        return [value for value in values if chance.random() < 0.5]
    return chance.choice(values)
