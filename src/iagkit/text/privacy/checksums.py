"""Every identifier whose digits can be checked, by name; and one way to ask.

Countries: ar, br, cl, co, cr, cu, do, ec, es, gt, hn, mx, ni, pa, pe, pt, py, sv, tt, uy, ve.
Bolivia and Jamaica publish no rule, so their numbers count only beside a cue word.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import signature
from types import MappingProxyType
from typing import Final

from iagkit.core.errors import UsageError
from iagkit.text.privacy import checks_money, checks_north, checks_south

Check = Callable[[str], bool]

_SEPARATORS: Final = dict.fromkeys(map(ord, " \t\r\n.,-/·_–"))
_KEPT_HYPHENS: Final = frozenset(("pa.cedula",))


def _named() -> dict[str, Check]:
    named: dict[str, Check] = {}
    for module in (checks_south, checks_north):
        for name, check in vars(module).items():
            if name[2:3] == "_" and callable(check) and check.__module__ == module.__name__:
                named[f"{name[:2]}.{name[3:]}"] = check
    money = {"iban": checks_money.iban, "card": checks_money.card, "br.pix": checks_money.pix_code}
    every = named | money | {"br.cnj": checks_money.br_cnj}
    return {name: _of_digits(check) for name, check in every.items()}


def _of_digits(check: Check) -> Check:
    """Spare checks that take digits what holds something else."""
    if "digits" not in signature(check).parameters:
        return check
    return lambda written: written.isascii() and written.isdigit() and check(written)


CHECKS: Final[Mapping[str, Check]] = MappingProxyType(_named())
"""Name, as ``"br.cpf"``, to the function that checks letters and digits without separators."""


def compact(written: str) -> str:
    """Take separators and white space out of a number as written.

    Examples
    --------
    >>> compact("111.444.777-35")
    '11144477735'
    """
    return written.translate(_SEPARATORS)


def holds(name: str, written: str) -> bool:
    """Tell whether check digits hold, or, where a scheme has none, the parts that can be checked.

    Parameters
    ----------
    name : str
        Identifier, one of `CHECKS`, as ``"br.cpf"`` or ``"mx.curp"``.
    written : str
        The number, with or without its separators.

    Returns
    -------
    bool
        ``True`` if length, parts and check digits hold.

    Raises
    ------
    UsageError
        If there is no such identifier.

    Examples
    --------
    >>> holds("br.cpf", "111.444.777-35"), holds("br.cpf", "111.444.777-36")
    (True, False)
    """
    if name not in CHECKS:
        msg = f"Identifier must be one of {', '.join(sorted(CHECKS))}; got {name!r}."
        raise UsageError(msg)
    return CHECKS[name](written if name in _KEPT_HYPHENS else compact(written))
