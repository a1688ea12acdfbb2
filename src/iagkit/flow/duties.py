"""A sealed record → duties of transparency: which concern a system, which are documented."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final, Literal

from iagkit.core.record import Record
from iagkit.flow.publishing import publish
from iagkit.registers.answers import Answers
from iagkit.registers.duties import Duty, Jurisdiction, duties
from iagkit.registers.filling import Filled
from iagkit.registers.profiles import load_profile

State = Literal["documented", "missing", "unknown"]
WORDS: Final[Mapping[str, Mapping[str, str]]] = {
    "advice": {
        "es": "No es asesoría jurídica. Qué obliga a su institución lo dice la oficina jurídica.",
        "pt": "Isto não é assessoria jurídica. O que obriga a sua instituição diz o jurídico dela.",
        "en": "This is not legal advice. Its legal office says what binds an institution.",
    },
    "share": {
        "es": "Documentados: {documented} de {n} que se aplican y tienen formulario verificado.",
        "pt": "Documentados: {documented} de {n} que se aplicam e têm formulário verificado.",
        "en": "Documented: {documented} of {n} that apply and have a form that was verified.",
    },
    "documented": {"es": "documentado", "pt": "documentado", "en": "documented"},
    "missing": {
        "es": "faltan {left} de {fields} campos obligatorios por responder o confirmar",
        "pt": "faltam {left} de {fields} campos obrigatórios por responder ou confirmar",
        "en": "{left} of {fields} required fields are still to be answered or confirmed",
    },
    "unknown": {
        "es": "iagkit no puede decir si está documentado",
        "pt": "o iagkit não pode dizer se está documentado",
        "en": "iagkit cannot tell whether it is documented",
    },
    "depends": {
        "es": "puede aplicarse: no se declaró, o no se sabe, {what}",
        "pt": "pode se aplicar: não foi declarado, ou não se sabe, {what}",
        "en": "may apply: not declared, or not known: {what}",
    },
    "country": {"es": "el país o a quién obliga", "pt": "o país ou a quem obriga",
                "en": "the country, or whom it binds"},
    "branch": {"es": "el poder del Estado", "pt": "o poder do Estado",
               "en": "the branch of government"},
    "impact": {"es": "el impacto", "pt": "o impacto", "en": "the impact"},
    "binds": {"es": "obliga", "pt": "obriga", "en": "binds"},
    "recommends": {"es": "recomienda", "pt": "recomenda", "en": "recommends"},
    "yes": {"es": "leído en su fuente", "pt": "lido na fonte", "en": "read at a source"},
    "partial": {"es": "verificado en parte", "pt": "verificado em parte", "en": "verified in part"},
    "no": {"es": "SIN VERIFICAR, no se cuenta", "pt": "NÃO VERIFICADO, não é contado",
           "en": "NOT VERIFIED, not counted"},
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A duty, and what the record and the answers document of it.

    Parameters
    ----------
    duty : Duty
    state : {"documented", "missing", "unknown"}
        ``"documented"`` if every required field of its forms is evidence or was answered;
        a sentence that nobody confirmed documents nothing.
    filled, fields : int
        Required fields of its forms: those that are documented, and all.
    counted : bool
        Whether it stands in the share: it applies, was verified, and has a form.
    """

    duty: Duty
    state: State
    filled: int
    fields: int
    counted: bool


def audit(
    record: str | Path | Record,
    place: Jurisdiction,
    *,
    answers: str | Path | Mapping[str, Any] | Answers | None = None,
    lang: str = "en",
) -> tuple[Told, ...]:
    """Tell which duties concern a system, and how far they are documented.

    Parameters
    ----------
    record : str, Path or Record
    place : Jurisdiction
        As the institution declares it.
    answers : path, mapping or Answers, optional
        As for :func:`iagkit.publish`.
    lang : {"es", "pt", "en"}

    Raises
    ------
    DataError, IntegrityError
        As :func:`iagkit.publish`.
    """
    found = duties(place)
    names = sorted({name for duty in found for name in duty.profiles if _read(name)})
    filled: dict[str, Filled] = {}
    if names:
        registers = publish(record, names, answers=answers, lang=lang).registers
        filled = {one.profile.id: one for one in registers}
    return tuple(_told(duty, [filled[n] for n in duty.profiles if n in filled]) for duty in found)


def to_json(told: tuple[Told, ...], place: Jurisdiction, lang: str) -> dict[str, Any]:
    """Counts, every duty with its state, and that this is no legal advice."""
    return {
        "note": WORDS["advice"][lang],
        "jurisdiction": asdict(place),
        "counted": _counted(told),
        "duties": [
            {**asdict(one.duty), "binds": one.duty.binds, "state": one.state,
             "filled": one.filled, "fields": one.fields, "counted": one.counted}
            for one in told
        ],
    }  # fmt: skip


def lines(told: tuple[Told, ...], lang: str) -> Iterator[str]:
    """The same for a terminal; instruments and obligations are in English, as the reference is."""

    def word(key: str, **values: Any) -> str:
        return WORDS[key][lang].format(**values)

    yield word("advice")
    yield word("share", **_counted(told))
    for one in told:
        duty = one.duty
        yield ""
        strength = word("binds" if duty.binds else "recommends")
        yield f"{duty.id} {duty.country}: {duty.instrument} ({strength}; {word(duty.verified)})"
        yield f"  {duty.obligations} [{duty.status}]"
        if duty.depends_on:
            yield "  " + word("depends", what=", ".join(word(name) for name in duty.depends_on))
        yield "  " + word(one.state, left=one.fields - one.filled, fields=one.fields)
        yield from (f"  {source}" for source in duty.source)


def _counted(told: tuple[Told, ...]) -> dict[str, int]:
    counted = [one for one in told if one.counted]
    return {"documented": sum(one.state == "documented" for one in counted), "n": len(counted)}


def _read(name: str) -> bool:
    """Whether somebody read a form at its source; what was written from memory tells nothing."""
    return load_profile(name).verified != "no"


def _told(duty: Duty, forms: list[Filled]) -> Told:
    counts = [form.completeness() for form in forms]
    fields = sum(one.fields for one in counts)
    filled = sum(one.auto + one.human for one in counts)
    known = fields > 0 and duty.verified != "no"
    state: State = "unknown"
    if known:
        state = "documented" if filled == fields else "missing"
    return Told(
        duty=duty, state=state, filled=filled, fields=fields,
        counted=known and duty.applies == "yes",
    )  # fmt: skip
