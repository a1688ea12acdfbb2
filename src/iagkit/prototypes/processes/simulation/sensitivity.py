"""What a change would do if the process were otherwise than the log says."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from types import MappingProxyType
from typing import Any, Final

from iagkit.core.errors import DataError
from iagkit.core.message import Message, say
from iagkit.prototypes.processes.simulation.changes import busier, delayed, slower
from iagkit.prototypes.processes.simulation.model import Model
from iagkit.prototypes.processes.simulation.scenarios import Effect, compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """What a change would do if something were otherwise than learnt.

    Parameters
    ----------
    name : str
    what : Message
    effect : Effect
    """

    name: str
    what: Message
    effect: Effect


ASSUMPTIONS: Final[Mapping[str, tuple[Message, Callable[[Model], Model]]]] = MappingProxyType(
    {
        "more cases": (say("a tenth more cases arrive"), partial(busier, factor=1.1)),
        "fewer cases": (say("a tenth fewer cases arrive"), partial(busier, factor=0.9)),
        "slower work": (say("all work takes a tenth longer"), partial(slower, factor=1.1)),
        "quicker work": (say("all work takes a tenth less time"), partial(slower, factor=0.9)),
        "longer delays": (
            say("unexplained delays are half as long again"),
            partial(delayed, factor=1.5),
        ),
        "shorter delays": (
            say("unexplained delays are half as long"),
            partial(delayed, factor=0.5),
        ),
    }
)
"""What may be otherwise than learnt: name → sentence, and the model if it is so."""


def sensitivity(
    baseline: Model,
    scenario: Model,
    seeds: int | Sequence[int] = 5,
    *,
    measure: str = "duration",
    **more: Any,
) -> tuple[Assumption, ...]:
    """What a change would do if what was learnt is wrong, the worst case first.

    Parameters
    ----------
    baseline, scenario : Model
        Both are made otherwise in the same way.
    seeds
        As for :func:`compare`.
    measure : str
        Less is better.
    **more
        ``until``, ``warm_up``, ``follow``, ``drain``, ``fast`` of :func:`compare`.

    Returns
    -------
    tuple of Assumption
        From the one under which the change does least good to the one under which it does most.

    Raises
    ------
    DataError
        If the measure is not known, or as for :func:`compare`.
    """
    return sensitivities(baseline, {"it": scenario}, seeds, measure=measure, **more)["it"]


def sensitivities(
    baseline: Model,
    scenarios: Mapping[str, Model],
    seeds: int | Sequence[int] = 5,
    *,
    measure: str = "duration",
    **more: Any,
) -> dict[str, tuple[Assumption, ...]]:
    """The same for several changes, each assumption being simulated but once.

    Parameters
    ----------
    baseline : Model
    scenarios : mapping of str to Model
    seeds, measure, **more
        As for :func:`sensitivity`.

    Returns
    -------
    dict of str to tuple of Assumption

    Raises
    ------
    DataError
        As for :func:`sensitivity`.
    """
    found: dict[str, list[Assumption]] = {name: [] for name in scenarios}
    for name, (what, otherwise) in ASSUMPTIONS.items():
        if name.endswith("cases") and baseline.arrivals.times:
            continue
        if name.endswith("work") and not baseline.pools:
            continue
        compared = compare(
            otherwise(baseline), {each: otherwise(m) for each, m in scenarios.items()}, seeds,
            **more,
        ).effects  # fmt: skip
        for each, effects in compared.items():
            if measure not in effects:
                msg = f"expected one of {', '.join(effects)} as measure; got '{measure}'"
                raise DataError(msg)
            found[each].append(Assumption(name=name, what=what, effect=effects[measure]))
    return {
        each: tuple(sorted(assumed, key=lambda a: -a.effect.change.value))
        for each, assumed in found.items()
    }
