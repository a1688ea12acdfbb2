"""Numbers: what their digits, their grouping and the word before them say they are.

A run of digits is taken as one number however it is spaced. First its grouping is looked up
(``3.3.3-2`` is a CPF, ``2-8-1`` a CUIL), then the cue before it decides, then digits that no
other rule explains. Eight digits alone are nobody's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from iagkit.text.privacy.checksums import CHECKS, compact
from iagkit.text.privacy.cues import Cue, cue_after, cue_before, cue_behind
from iagkit.text.privacy.entities import NOT_PERSONAL, Entity

_RUN: Final = re.compile(
    r"[0-9](?:(?<![\w.,].)\d?(?:,\d{3}[.,]|\.\d{3},)\d{3}(?!\d|[.,/-]\d)|"
    r"(?<![A-Za-zÀ-ÿ].)(?:[\s.\-/–·_]{0,3}\d)*|(?<=[A-Za-z].)\d{4,}(?:[.\-/]?\d)*)"
)
"""Begins with one set of characters, since that is what the engine scans for fastest."""
_TAIL: Final = re.compile(r"[ \-/]{0,2}[A-Za-z](?![^\W_])")
_DIGITS: Final = re.compile(r"\d+")
_SPACE: Final = re.compile(r"\s+")
_YEAR: Final = re.compile(r"/(?:19|20)\d\d(?:-\d\d)?\Z|\A(?:19|20)\d\d/")
_BRIDGE: Final = re.compile(r"[\s,;:]*(?:(?:y|e|o|ou|and|n[°ºo.]*)\s*)?[\s,;:]*\Z")
_FEWEST: Final = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """An identifier, how it is written, and what is believed of it without a cue."""

    check: str
    kind: str
    keys: str
    shaped: bool = False
    bare: bool = False

    @property
    def country(self) -> str | None:
        """The two letters before the full stop, if there are."""
        return self.check[:2] if "." in self.check else None


RULES: Final = (
    Rule(check="br.cnj", kind="process_number", keys="7-2.4.1.2.4 20", shaped=True, bare=True),
    Rule(check="br.cnpj", kind="company_id", keys="2.3.3/4-2 3.3.3/4-2 14", shaped=True, bare=True),
    Rule(check="ar.cuit_company", kind="company_id", keys="2-8-1 2.8.1 11", bare=True),
    Rule(check="pe.ruc_company", kind="company_id", keys="11", bare=True),
    Rule(check="cl.rut_company", kind="company_id", keys="2.3.3-1 2.3.3-A 8-A"),
    Rule(check="co.nit_company", kind="company_id", keys="3.3.3-1 9-1"),
    Rule(check="br.cpf", kind="tax_id", keys="3.3.3-2 3.3.3.2 3.3.3/2", shaped=True),
    Rule(check="br.cpf", kind="tax_id", keys="9-2 11 3-3-3-2 3_3_3_2 3.3.3_2", bare=True),
    Rule(check="ar.cuil", kind="tax_id", keys="2-8-1 2/8/1 2.8.1", shaped=True),
    Rule(check="ar.cuil", kind="tax_id", keys="11 2_8_1", bare=True),
    Rule(check="br.pis", kind="social_security", keys="3.5.2-1 3.5.2.1", shaped=True),
    Rule(check="cl.rut", kind="national_id", keys="2.3.3-1 1.3.3-1 2.3.3-A 1.3.3-A 8-A"),
    Rule(check="br.rg", kind="national_id", keys="2.3.3-1 2.3.3-A"),
    Rule(check="uy.ci", kind="national_id", keys="1.3.3-1 1.3.3.1"),
    Rule(check="id", kind="national_id", keys="2.3.3-1 2.3.3-A 1.3.3-1", shaped=True),
    Rule(check="es.dni", kind="national_id", keys="8A 8-A 8_A 2.3.3A 2.3.3-A"),
    Rule(check="gt.cui", kind="national_id", keys="4-5-4 4_5_4"),
    Rule(check="hn.dni", kind="national_id", keys="4-4-5"),
    Rule(check="do.cedula", kind="national_id", keys="3-7-1", shaped=True),
    Rule(check="sv.nit", kind="tax_id", keys="4-6-3-1", shaped=True),
    Rule(check="ni.cedula", kind="national_id", keys="3-6-4A 3-6-4-A", shaped=True),
    Rule(check="br.titulo", kind="national_id", keys="4_4_4 4.4.4"),
    Rule(check="br.cns", kind="health_id", keys="3_4_4_4 3.4.4.4"),
    Rule(check="card", kind="card", keys="4_4_4_4 4-4-4-4 4.4.4.4 4_6_5 4-6-5 16"),
    Rule(check="ar.cbu", kind="bank_account", keys="22 8_14 8-14"),
    Rule(check="es.ccc", kind="bank_account", keys="20 4_4_2_10 4-4-2-10"),
)
LOCAL: Final = (
    Rule(check="cr.cedula", kind="national_id", keys="1-4-4 2-4-4"),
    Rule(check="sv.dui", kind="national_id", keys="8-1"),
    Rule(check="cl.rut", kind="national_id", keys="8-1 7-1 7-A"),
    Rule(check="uy.ci", kind="national_id", keys="7-1 8"),
    Rule(check="py.ruc", kind="tax_id", keys="6-1 7-1"),
    Rule(check="ec.ci", kind="national_id", keys="10 9-1"),
    Rule(check="ec.ruc", kind="tax_id", keys="13"),
    Rule(check="gt.cui", kind="national_id", keys="13"),
    Rule(check="pe.ruc", kind="tax_id", keys="11"),
    Rule(check="do.cedula", kind="national_id", keys="11"),
    Rule(check="mx.clabe", kind="bank_account", keys="18"),
    Rule(check="pt.nif", kind="tax_id", keys="9 3_3_3"),
    Rule(check="br.cns", kind="health_id", keys="15"),
)
"""Rules that hold by chance too often, or shapes used elsewhere: only where a country is named."""


def _by_key(rules: tuple[Rule, ...]) -> dict[str, tuple[Rule, ...]]:
    keys = {key for rule in rules for key in rule.keys.split()}
    return {k: tuple(r for r in rules if k in r.keys.split()) for k in keys}


_RULES: Final = _by_key(RULES)
_LOCAL: Final = _by_key(LOCAL)


def numbers(text: str, countries: frozenset[str] | None = None) -> Iterator[Entity]:
    """Tell what the numbers of a text are; those of no person are given as such.

    Parameters
    ----------
    text : str
        Plain text, as `normalised` writes it.
    countries : frozenset of str, optional
        Rules of other countries are not asked; some rules are asked only of a country named.

    Yields
    ------
    Entity
        Personal numbers, and those of `NOT_PERSONAL`, in reading order.
    """
    before, cue = 0, None
    for run in _RUN.finditer(text):
        start, end = run.span()
        written = run.group()
        if end - start < _FEWEST:
            continue
        if not (cue and before and _BRIDGE.match(text, before, start)):
            cue = cue_before(text, start, before)
        found = list(_judged(text, start, end, written, cue, countries))
        yield from found
        before = found[-1].end if found else end


def _judged(
    text: str, start: int, end: int, written: str, cue: Cue | None, countries: frozenset[str] | None
) -> Iterator[Entity]:
    by_shape = _shaped(text, start, end, written, cue, countries)
    if by_shape:
        yield by_shape
    elif cue := cue or cue_behind(text, end):
        yield from _cued(text, start, end, written, cue, countries)
    else:
        chunks = list(re.finditer(r"\S+", written))
        for chunk in chunks if len(chunks) > 1 else ():
            a, b = start + chunk.start(), start + chunk.end()
            alone = _shaped(text, a, b, chunk.group(), None, countries)
            if alone:
                yield alone


def key(written: str) -> str:
    r"""Describe how digits are grouped; white space beside a separator does not count.

    Examples
    --------
    >>> key("111.444.777-35"), key("111. 444.\n777-35"), key("4111 1111 1111 1111")
    ('3.3.3-2', '3.3.3-2', '4_4_4_4')
    """
    if written.isdigit():
        return str(len(written))
    tight = re.sub(r"\s*([.\-/])[\s.\-/]*", r"\1", written.replace("–", "-"))
    return _SPACE.sub("_", _DIGITS.sub(lambda m: str(len(m.group())), tight))


def _shaped(
    text: str, start: int, end: int, written: str, cue: Cue | None, countries: frozenset[str] | None
) -> Entity | None:
    shape = key(written)
    tail = _TAIL.match(text, end)
    for at, full, shape_now in _readings(written, end, shape, tail):
        found = _by_rules(start, at, full, shape_now, cue, countries)
        if found:
            return found
    if _YEAR.search(written) and (cue is None or cue.kind in NOT_PERSONAL):
        return Entity(start, end, "process_number", "shaped", "year")
    return None


def _readings(
    written: str, end: int, shape: str, tail: re.Match[str] | None
) -> Iterator[tuple[int, str, str]]:
    if tail:
        letter = tail.group()
        mark = "-A" if "-" in letter else "_A" if " " in letter else "A"
        yield tail.end(), written + letter.strip(), shape + mark
    yield end, written, shape
    digits = sum(c.isdigit() for c in written)
    if "_" in shape and set(shape) <= set("12_"):
        yield end, written, str(digits)


def _by_rules(
    start: int,
    end: int,
    written: str,
    shape: str,
    cue: Cue | None,
    countries: frozenset[str] | None,
) -> Entity | None:
    rules = _RULES.get(shape, ())
    if countries and shape in _LOCAL:
        rules = (*(r for r in _LOCAL[shape] if r.country in countries), *rules)
    if not rules:
        return None
    digits = compact(written)
    rules = tuple(r for r in rules if not countries or r.country in (None, *countries))
    against = cue is not None and cue.kind in NOT_PERSONAL
    for rule in rules:
        if rule.check in CHECKS and CHECKS[rule.check](digits):
            if against and shape.isdigit() and rule.kind not in NOT_PERSONAL:
                continue
            return Entity(start, end, rule.kind, "checked", rule.check, rule.country)
    if cue and not against:
        return None
    for rule in rules:
        if rule.shaped:
            name = rule.check if rule.check in CHECKS else "id-shape"
            return Entity(
                start, end, rule.kind, "shaped", name, rule.country if name != "id-shape" else None
            )
    return None


def _cued(
    text: str, start: int, end: int, written: str, cue: Cue, countries: frozenset[str] | None
) -> Iterator[Entity]:
    """What the cue says: the longest beginning of the run that has as many digits as it may."""
    if countries and cue.country and cue.country not in countries:
        return
    low, high = cue.lengths
    for at, part in _beginnings(text, start, end, written):
        digits = compact(part)
        if not low <= len(digits) <= high:
            continue
        after = cue_after(text, at)
        if after == "unit" or (after == "land" and cue.kind == "employee_id"):
            return
        held = [name for name in cue.checks if CHECKS[name](digits)]
        company = [n for c in cue.checks if CHECKS.get(n := f"{c}_company", _never)(digits)]
        name = (
            held or company or [cue.words.split()[0] if cue.words else cue.capitals.split()[0]]
        )[0]
        country = name[:2] if "." in name else cue.country
        kind = "company_id" if company and not held else cue.kind
        yield Entity(start, at, kind, "checked" if held else "cued", name, country)
        return


def _never(_digits: str) -> bool:
    return False


def _beginnings(text: str, start: int, end: int, written: str) -> Iterator[tuple[int, str]]:
    """The run with a letter after it, the run, and ever shorter beginnings between white space."""
    tail = _TAIL.match(text, end)
    if tail and not tail.group().startswith(" "):
        yield tail.end(), written + tail.group()
    yield end, written
    for gap in reversed(list(_SPACE.finditer(written))):
        yield start + gap.start(), written[: gap.start()].rstrip(".-/–")
