"""What a reader is told stood there: placeholders in Spanish, Portuguese and English."""

from __future__ import annotations

from typing import Final

from iagkit.core.errors import UsageError
from iagkit.text.privacy.entities import Entity

LANGUAGES: Final = ("es", "pt", "en")

_LABELS: Final = {
    "person": ("PERSONA", "PESSOA", "PERSON"),
    "address": ("DOMICILIO", "ENDEREÇO", "ADDRESS"),
    "place": ("LUGAR", "LUGAR", "PLACE"),
    "birth_date": ("FECHA DE NACIMIENTO", "DATA DE NASCIMENTO", "BIRTH DATE"),
    "date": ("FECHA", "DATA", "DATE"),
    "age": ("EDAD", "IDADE", "AGE"),
    "sex": ("SEXO", "SEXO", "SEX"),
    "national_id": ("DOCUMENTO DE IDENTIDAD", "DOCUMENTO DE IDENTIDADE", "NATIONAL ID"),
    "tax_id": ("ID TRIBUTARIO", "ID TRIBUTÁRIO", "TAX ID"),
    "passport": ("PASAPORTE", "PASSAPORTE", "PASSPORT"),
    "licence": ("LICENCIA", "HABILITAÇÃO", "LICENCE"),
    "health_id": ("ID DE SALUD", "ID DE SAÚDE", "HEALTH ID"),
    "social_security": ("SEGURIDAD SOCIAL", "PREVIDÊNCIA", "SOCIAL SECURITY"),
    "phone": ("TELÉFONO", "TELEFONE", "PHONE"),
    "email": ("CORREO", "E-MAIL", "E-MAIL"),
    "url": ("ENLACE", "LINK", "LINK"),
    "handle": ("USUARIO", "USUÁRIO", "HANDLE"),
    "ip": ("IP", "IP", "IP"),
    "bank_account": ("CUENTA BANCARIA", "CONTA BANCÁRIA", "BANK ACCOUNT"),
    "card": ("TARJETA", "CARTÃO", "CARD"),
    "plate": ("PATENTE", "PLACA", "PLATE"),
    "employee_id": ("LEGAJO", "MATRÍCULA", "EMPLOYEE ID"),
    "case_number": ("NÚMERO DE CASO", "NÚMERO DO CASO", "CASE NUMBER"),
    "organisation": ("ORGANIZACIÓN", "ORGANIZAÇÃO", "ORGANISATION"),
    "profession": ("PROFESIÓN", "PROFISSÃO", "PROFESSION"),
    "other_id": ("OTRO ID", "OUTRO ID", "OTHER ID"),
}
_OWN: Final = {
    **{"br.cpf": "CPF", "br.rg": "RG", "rg": "RG", "cpf": "CPF", "br.pis": "PIS", "br.cnh": "CNH"},
    **{"ar.cuil": "CUIL", "cuil": "CUIL", "dni": "DNI", "es.dni": "DNI/NIE", "pe.dni": "DNI"},
    **{"MI": "DNI", "enrolamiento": "DNI", "mx.curp": "CURP", "mx.rfc": "RFC", "mx.nss": "NSS"},
    **{"cl.rut": "RUT", "gt.cui": "DPI", "sv.dui": "DUI", "ve.rif": "RIF", "iban": "IBAN"},
    **{"do.cedula": "CÉDULA", "ec.ci": "CÉDULA", "uy.ci": "CÉDULA", "ni.cedula": "CÉDULA"},
    **{"ar.cbu": "CBU", "mx.clabe": "CLABE", "br.pix": "PIX", "pe.ruc": "RUC", "py.ruc": "RUC"},
}


def label(entity: Entity, lang: str) -> str:
    """Name what was found as a reader knows it: the document's own name, else its kind.

    Raises
    ------
    UsageError
        If the language is not one of `LANGUAGES`.

    Examples
    --------
    >>> label(Entity(0, 3, "person", "cued", "name-cue"), "pt")
    'PESSOA'
    """
    if lang not in LANGUAGES:
        msg = f"'lang' must be one of {', '.join(LANGUAGES)}; got {lang!r}."
        raise UsageError(msg)
    return _OWN.get(entity.source) or _LABELS[entity.kind][LANGUAGES.index(lang)]
