"""What the labels of the corpora are called here."""

from __future__ import annotations

from typing import Final

MEDDOCAN: Final[dict[str, str]] = {
    "NOMBRE_SUJETO_ASISTENCIA": "person",
    "NOMBRE_PERSONAL_SANITARIO": "person",
    "FAMILIARES_SUJETO_ASISTENCIA": "other_id",
    "OTROS_SUJETO_ASISTENCIA": "other_id",
    "EDAD_SUJETO_ASISTENCIA": "age",
    "SEXO_SUJETO_ASISTENCIA": "sex",
    "FECHAS": "date",
    "CALLE": "address",
    "TERRITORIO": "place",
    "PAIS": "place",
    "HOSPITAL": "organisation",
    "CENTRO_SALUD": "organisation",
    "INSTITUCION": "organisation",
    "PROFESION": "profession",
    "ID_SUJETO_ASISTENCIA": "health_id",
    "ID_ASEGURAMIENTO": "social_security",
    "ID_CONTACTO_ASISTENCIAL": "case_number",
    "ID_TITULACION_PERSONAL_SANITARIO": "employee_id",
    "ID_EMPLEO_PERSONAL_SANITARIO": "employee_id",
    "IDENTIF_VEHICULOS_NRSERIE_PLACAS": "plate",
    "IDENTIF_DISPOSITIVOS_NRSERIE": "other_id",
    "IDENTIF_BIOMETRICOS": "other_id",
    "OTRO_NUMERO_IDENTIF": "other_id",
    "NUMERO_BENEF_PLAN_SALUD": "health_id",
    "NUMERO_TELEFONO": "phone",
    "NUMERO_FAX": "phone",
    "CORREO_ELECTRONICO": "email",
    "URL_WEB": "url",
    "DIREC_PROT_INTERNET": "ip",
}
"""Labels of MEDDOCAN (Marimon et al., IberLEF 2019)."""

LENER: Final[dict[str, str]] = {
    "PESSOA": "person",
    "ORGANIZACAO": "organisation",
    "LOCAL": "place",
    "TEMPO": "date",
    "LEGISLACAO": "norm_reference",
    "JURISPRUDENCIA": "process_number",
}
"""Labels of LeNER-Br (Luz de Araujo et al., PROPOR 2018)."""

KIND_OF: Final[dict[str, str]] = {
    **MEDDOCAN,
    **LENER,
    # requests of the Federal District (labels of its annotators)
    "NOME": "person",
    "CPF": "tax_id",
    "RG": "national_id",
    "TELEFONE": "phone",
    "EMAIL": "email",
    "ENDERECO": "address",
    "MATRICULA": "employee_id",
    "DATA_NASC": "birth_date",
    "OUTRO_ID": "other_id",
    # iagkit's own corpora
    "PERSON": "person",
}
"""Label of a corpus → kind (:data:`iagkit.text.privacy.entities.KINDS` or ``NOT_PERSONAL``)."""


LABELS_OF: Final = {"meddocan_es": frozenset(MEDDOCAN), "lener_br_pt": frozenset(LENER)}
"""Corpora that are scored by their own labels."""


def kind_of(label: str) -> str:
    """Kind that a label stands for; one of our own kinds stands for itself.

    Examples
    --------
    >>> kind_of("PESSOA"), kind_of("address"), kind_of("SOMETHING")
    ('person', 'address', 'other_id')
    """
    from iagkit.text.privacy.entities import KINDS, NOT_PERSONAL

    if label in KIND_OF:
        return KIND_OF[label]
    return label if label in (*KINDS, *NOT_PERSONAL) else "other_id"
