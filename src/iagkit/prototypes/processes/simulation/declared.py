"""Changes that an institution declares, made of named pieces; people are meant by what they do."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from iagkit.core.errors import DataError, DeclarationError
from iagkit.core.registry import did_you_mean
from iagkit.prototypes.processes.simulation import changes
from iagkit.prototypes.processes.simulation.model import Model
from iagkit.prototypes.processes.simulation.proposing import Proposal

LAWFUL: Final = ("fcfs", "arrival")
"""Orders of work under which nobody is taken before somebody who came earlier, to the step or to
the office."""
EXAMPLE: Final = (
    "for example {name: two more, changes: [{more_people: {activity: review, people: 2}}]}"
)


def declared(
    model: Model, told: Any, *, first_come_first_served: bool = False
) -> tuple[Proposal, ...]:
    """Make the changes of a declaration.

    Parameters
    ----------
    model : Model
    told : sequence of mapping
        Each has a ``name`` (text, or texts by language) and ``changes``, done one after the other:
        ``more_people: {activity, people}``, ``later: {activity, hours}``, ``order: rule`` or
        ``order: {rule, quotas, patience}``, ``without_rework: activity``,
        ``in_parallel: [first, second]``, ``batch: {activity, hours}``. The people of an activity
        are those who do most of it.
    first_come_first_served : bool
        The law's order: a declared order by deadline, group or score is refused.

    Returns
    -------
    tuple of Proposal

    Raises
    ------
    DeclarationError
        If it is of another form, names what the log does not have, breaks the law's order, or two
        changes have one name.
    """
    if not isinstance(told, Sequence) or isinstance(told, str):
        msg = f"'scenarios' declares a list of changes, {EXAMPLE}"
        raise DeclarationError(msg)
    found = tuple(_made(model, one, first_come_first_served) for one in told)
    names = [one.name for one in found]
    if len(set(names)) < len(names):
        msg = (
            f"names of declared changes must differ; {len(names) - len(set(names))} are used again"
        )
        raise DeclarationError(msg)
    return found


def _made(model: Model, one: Any, lawful: bool) -> Proposal:
    if not isinstance(one, Mapping) or set(one) != {"name", "changes"} or not one["changes"]:
        msg = f"a declared change has a 'name' and 'changes', {EXAMPLE}"
        raise DeclarationError(msg)
    name = one["name"]
    told = name if isinstance(name, Mapping) else dict.fromkeys(("es", "pt", "en"), name)
    words = {str(lang): str(text) for lang, text in told.items()}
    name = next(iter(words.values()), "")
    changed = model
    for piece in one["changes"]:
        changed = _changed(changed, piece, lawful)
    return Proposal(name=str(name), what=words, model=changed)


def _changed(model: Model, piece: Any, lawful: bool) -> Model:
    if not isinstance(piece, Mapping) or len(piece) != 1:
        msg = f"each of 'changes' is one piece with what it needs, {EXAMPLE}"
        raise DeclarationError(msg)
    kind, how = next(iter(piece.items()))
    if kind not in PIECES:
        msg = f"expected one of {', '.join(PIECES)} as change; got '{kind}'."
        raise DeclarationError(msg + did_you_mean(kind, PIECES))
    if kind == "order":
        _refuse_unlawful(how, lawful)
    try:
        return PIECES[kind](model, how)
    except (KeyError, TypeError, ValueError) as error:
        msg = f"the change '{kind}' lacks something or has it in another form: {error}. {EXAMPLE}"
        raise DeclarationError(msg) from None
    except DataError as error:
        msg = f"the declared change '{kind}' cannot be made: {error}"
        raise DeclarationError(msg) from None


def _refuse_unlawful(how: Any, lawful: bool) -> None:
    rule = how.get("rule") if isinstance(how, Mapping) else how
    if lawful and rule not in LAWFUL:
        msg = (
            f"'first_come_first_served' is declared as law, and a declared change orders work by "
            f"'{rule}'. Take out one of the two; lawful orders are {', '.join(LAWFUL)}"
        )
        raise DeclarationError(msg)


def pool_of(model: Model, activity: str) -> str:
    """Name of the pool that does most of an activity.

    Raises
    ------
    DataError
        If there is no such activity, or nobody is known to do it.
    """
    known = {a.name: a.pools for a in model.activities}
    if activity not in known:
        msg = f"expected one of {len(known)} activities; got '{activity}'."
        raise DataError(msg + did_you_mean(activity, known))
    if not known[activity]:
        msg = f"the log does not tell who does '{activity}' from when to when"
        raise DataError(msg)
    return known[activity][0]


def _ordered(model: Model, how: Any) -> Model:
    if isinstance(how, str):
        return changes.in_order(model, how)
    return changes.in_order(
        model,
        str(how["rule"]),
        patience=float(how.get("patience", 168.0)),
        quotas={str(k): float(v) for k, v in how.get("quotas", {}).items()},
    )


PIECES: Final[Mapping[str, Callable[[Model, Any], Model]]] = {
    "more_people": lambda model, how: changes.more_staff(
        model, pool_of(model, how["activity"]), people=int(how.get("people", 1))
    ),
    "later": lambda model, how: changes.later(
        model, pool_of(model, how["activity"]), hours=float(how["hours"])
    ),
    "order": _ordered,
    "without_rework": lambda model, how: changes.without_rework(model, str(how)),
    "in_parallel": lambda model, how: changes.in_parallel(model, *(str(name) for name in how)),
    "batch": lambda model, how: changes.gated(
        model, str(how["activity"]), hours=[float(hour) for hour in how["hours"]]
    ),
}
"""Pieces of a declared change."""
