"""What a comparison of methods declares of itself, and the limit that a policy sets it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from iagkit.core.errors import DeclarationError
from iagkit.core.nouns import Gate, Policy
from iagkit.prototypes.mitigation.methods import RATES

NAME = "mitigation"
TITLE = {
    "es": "Comparación de formas de reducir una brecha",
    "pt": "Comparação de formas de reduzir uma diferença",
    "en": "Comparison of ways to narrow a gap",
}
USE = {
    "es": (
        "Ver, en personas que ningún método ha visto, cuánto acierto cuesta reducir una brecha y "
        "quién gana y quién pierde con ello, antes de que una persona decida."
    ),
    "pt": (
        "Ver, em pessoas que nenhum método viu, quanto acerto custa reduzir uma diferença e quem "
        "ganha e quem perde com isso, antes que uma pessoa decida."
    ),
    "en": (
        "To see, on people that no method has seen, how much accuracy narrowing a gap costs and "
        "who gains and who loses by it, before a person decides."
    ),
}
NOT_FOR = {
    "es": "Elegir un método, o probar que uno es justo o lícito: una comparación no absuelve.",
    "pt": "Escolher um método, ou provar que um é justo ou lícito: uma comparação não absolve.",
    "en": "To choose a method, or to prove that one is just or lawful: comparing acquits nobody.",
}
NO_POLICY = Policy(
    name="none",
    version="1",
    owner="nobody",
    reason={
        "es": "No se nombró ninguna política; nada se juzga.",
        "pt": "Nenhuma política foi indicada; nada é julgado.",
        "en": "No policy was named; nothing is judged.",
    },
    gates=(),
)


def gates_on(policy: Policy, constraint: str) -> Policy:
    """Keep the gates of a policy that speak of a comparison of methods, for each of them.

    Parameters
    ----------
    policy : Policy
        Its gates on ``fairness.<rate>.gap`` hold for ``mitigation.<rate>.gap`` as well.
    constraint : str

    Returns
    -------
    Policy
        Gates on single rates first declared for an audit speak of the rates of the constraint
        only; each gate is held against every method.
    """
    told = {f"fairness.{rate}.gap": f"mitigation.{rate}.gap" for rate in RATES[constraint]}
    told["fairness.equalized_odds.gap"] = "mitigation.gap"
    gates = [replace(g, check=told.get(g.check, g.check), each=True) for g in policy.gates]
    return replace(policy, gates=tuple(g for g in gates if g.check.startswith(f"{NAME}.")))


def limit_of(gates: Sequence[Gate], *, policy: str) -> float:
    """Strictest limit that gates set on a gap.

    Raises
    ------
    DeclarationError
        If there is none.
    """
    limits = [g.at_most for g in gates if g.check.endswith("gap") and g.at_most is not None]
    if not limits:
        msg = (
            f"expected a gate with 'at_most' on 'mitigation.gap' in the policy '{policy}', or on "
            "the gap of a rate that shall be alike; it has none. Add one, or leave --policy out"
        )
        raise DeclarationError(msg)
    return min(limits)
