"""Words that tell what the number beside them is, in Spanish, Portuguese and English.

The nearest cue before a number decides; small words between them are not counted, others are,
up to the cue's reach. Short acronyms that are also words (``M.I.``, ``C.I.``) count only in
capitals or with full stops; ``SUS``, in Spanish *their*, only before as many digits as cards have.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from iagkit.text.privacy.words import plain

_WINDOW: Final = 72
_TOKEN: Final = re.compile(
    r"(?<![^\W_])(?:[A-Za-z](?:\s?\.\s?[A-Za-z]|\.[A-Z]{2}| [A-Z](?=\.)){1,5}\.?(?![^\W_\d°])|"
    r"[A-Z]{2}\.[A-Z](?![^\W_]))|[A-Za-zÀ-ÿ]+|R\$|[$€]|\d[\d./-]*"
)
_LONG: Final = re.compile(r"(?:\d[ .-]{0,2}){11}")
_SMALL_WORDS = (
    "n no nro num numero numeros nr o a os as el la los las lo de do da dos das del al em en e y "
    "es "
    "sob bajo the is number of my meu minha mi su sus seu sua com con for para por numerosdos "
    "inscrito inscrita registrado registrada mf sp df rj mg ba pr rs ssp pfa ms sc argentina "
    "identificado identificada portador portadora titular expedida emitida tipo que and um uma"
)
_SMALL: Final = frozenset(_SMALL_WORDS.split())


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """What a cue word says of the number after it."""

    kind: str
    words: str
    lengths: tuple[int, int]
    reach: int = 2
    country: str | None = None
    checks: tuple[str, ...] = ()
    capitals: str = ""


_ID = ("pe.dni", "es.dni", "hn.dni", "gt.cui", "sv.dui", "cr.cedula")
_CEDULA = ("ec.ci", "do.cedula", "uy.ci", "cr.cedula", "py.ruc")
_RUC = ("pe.ruc", "ec.ruc", "py.ruc")
CUES: Final = (
    Cue(
        kind="tax_id",
        words="cpf cpfs cic",
        lengths=(9, 11),
        reach=3,
        country="br",
        checks=("br.cpf",),
    ),
    Cue(
        kind="tax_id",
        words="cuil cuit cuils cuits",
        lengths=(10, 11),
        country="ar",
        checks=("ar.cuil",),
    ),
    Cue(kind="national_id", words="dni dnis", lengths=(6, 13), reach=3, checks=_ID),
    Cue(
        kind="national_id",
        words="rg rgs",
        lengths=(5, 11),
        reach=3,
        country="br",
        checks=("br.rg",),
    ),
    Cue(
        kind="national_id",
        words="identidad identidade identity",
        lengths=(5, 14),
        checks=(*_ID, "br.rg", *_CEDULA),
    ),
    Cue(
        kind="national_id",
        words="cedula cedulas ciudadania cidadania extranjeria",
        lengths=(5, 12),
        checks=_CEDULA,
    ),
    Cue(kind="national_id", words="enrolamiento civica", lengths=(5, 8), country="ar"),
    Cue(kind="national_id", words="", capitals="MI LE LC LEM DU", lengths=(5, 8), country="ar"),
    Cue(
        kind="national_id",
        words="",
        capitals="CI CC CE TI CIP BI CIE",
        lengths=(5, 11),
        checks=_CEDULA,
    ),
    Cue(
        kind="national_id",
        words="run",
        capitals="RUN",
        lengths=(7, 9),
        country="cl",
        checks=("cl.rut",),
    ),
    Cue(kind="national_id", words="rut", lengths=(7, 12), checks=("cl.rut", "uy.rut")),
    Cue(kind="national_id", words="dui", lengths=(8, 9), country="sv", checks=("sv.dui",)),
    Cue(kind="national_id", words="dpi cui", lengths=(9, 13), checks=("gt.cui", "pe.dni")),
    Cue(kind="national_id", words="documento documentos doc id", lengths=(7, 8), reach=0),
    Cue(kind="tax_id", words="ruc", lengths=(6, 13), checks=_RUC),
    Cue(kind="tax_id", words="nit", lengths=(6, 14), checks=("co.nit", "gt.nit", "sv.nit")),
    Cue(kind="tax_id", words="rtn", lengths=(14, 14), country="hn"),
    Cue(kind="tax_id", words="rif", lengths=(9, 10), country="ve", checks=("ve.rif",)),
    Cue(kind="tax_id", words="nif nie nifs", lengths=(7, 9), checks=("pt.nif", "es.dni")),
    Cue(kind="tax_id", words="trn bir", lengths=(9, 9), country="jm"),
    Cue(
        kind="national_id",
        words="eleitor eleitoral",
        lengths=(10, 12),
        country="br",
        checks=("br.titulo",),
    ),
    Cue(
        kind="licence",
        words="cnh habilitacao brevete conducir conducao licence",
        lengths=(6, 12),
        checks=("br.cnh",),
    ),
    Cue(
        kind="passport",
        words="passaporte pasaporte passport passaportes pasaportes",
        lengths=(5, 9),
    ),
    Cue(kind="health_id", words="sus cns cartaosus nhc", lengths=(5, 15), checks=("br.cns",)),
    Cue(kind="health_id", words="saude salud", lengths=(11, 15), reach=1, checks=("br.cns",)),
    Cue(
        kind="social_security",
        words="pis pasep nis nss imss niss nass inss seguridad previdencia jubilacion afiliacion",
        lengths=(9, 12),
        checks=("br.pis", "mx.nss", "es.nass"),
    ),
    Cue(
        kind="phone",
        words="tel tels telefono telefonos telefone telefones fone fones cel celular celulares "
        "movil whatsapp whats wpp zap phone mobile ligar llamar tfno telf",
        lengths=(6, 14),
    ),
    Cue(kind="phone", words="contato contatos contacto telefonico fax", lengths=(8, 14), reach=1),
    Cue(
        kind="employee_id",
        words="matricula matriculas matr siape legajo legajos "
        "masp empleado empleada funcional staff employee",
        lengths=(3, 12),
    ),
    Cue(kind="employee_id", words="mat", lengths=(5, 10), reach=0),
    Cue(
        kind="case_number",
        words="prontuario clinica beneficiario beneficiaria afiliado afiliada paciente",
        lengths=(4, 12),
        reach=1,
    ),
    Cue(kind="bank_account", words="cbu cvu", lengths=(20, 22), country="ar", checks=("ar.cbu",)),
    Cue(kind="bank_account", words="clabe", lengths=(18, 18), country="mx", checks=("mx.clabe",)),
    Cue(
        kind="bank_account",
        words="corrente corriente poupanca ahorro ahorros",
        lengths=(4, 20),
        reach=1,
        checks=("es.ccc",),
    ),
    Cue(
        kind="bank_account",
        words="conta cuenta account",
        lengths=(5, 20),
        reach=0,
        checks=("es.ccc",),
    ),
    Cue(kind="bank_account", words="pix", lengths=(10, 14), country="br", checks=("br.cpf",)),
    Cue(
        kind="card", words="cartao tarjeta card credito debito", lengths=(13, 19), checks=("card",)
    ),
    Cue(
        kind="other_id",
        words="oab crm crea crc coren crp creci "
        "cro cau crefito crmv colegiado colegiada colegiatura",
        lengths=(3, 9),
    ),
    Cue(kind="employee_id", words="col", lengths=(7, 9), reach=0, country="es"),
    Cue(kind="other_id", words="curp ife ine", lengths=(9, 13), reach=1),
    Cue(kind="company_id", words="cnpj cgc rnc nipc cif nire", lengths=(0, 20), reach=3),
    Cue(
        kind="process_number",
        words="processo processos proceso procesos expediente "
        "expedientes expte exp autos sei protocolo "
        "protocolos causa causas process case ocorrencia chamado ticket demanda ofo oficio "
        "memorando nup "
        "manifestacao requerimento solicitacao solicitud pedido carta nota contrato convenio "
        "edital "
        "licitacion pregao empenho inquerito boletim ordem orden folio foja fojas registro",
        lengths=(0, 99),
        reach=3,
    ),
    Cue(
        kind="norm_reference",
        words="ley leyes lei leis law decreto "
        "decretos decree resolucion resolucao resoluciones portaria "
        "disposicion art arts artigo articulo article inciso acordada instrucao ordenanza sumula "
        "lc "
        "decisao decision acordao dodf dou boletin emenda constitucion",
        lengths=(0, 99),
        reach=2,
    ),
    Cue(
        kind="amount",
        words="r$ $ € us usd ars brl mxn pesos "
        "reais valor monto importe suma total cep cp inscricao "
        "hidrometro imovel imoveis lote lotes quadra qd item itens linha pagina pag ano anos "
        "ejercicio "
        "exercicio patrimonio codigo cod nf fatura factura serie lat latitud latitude versao "
        "version",
        lengths=(0, 99),
        reach=1,
    ),
)
_BY_WORD: Final = {word: cue for cue in reversed(CUES) for word in cue.words.split()}
_BY_CAPITALS: Final = {word: cue for cue in CUES for word in cue.capitals.split()}


def cue_before(text: str, start: int, since: int = 0) -> Cue | None:
    """Find the nearest cue before a number, within its reach.

    Examples
    --------
    >>> cue_before("D.N.I. N° 30.123.456", 10).kind
    'national_id'
    >>> cue_before("mi 30.123.456", 3) is None
    True
    """
    for first in _TORN_FIRST.finditer(text, max(since, start - _TORN_WINDOW), start):
        torn = _TORN.match(text, first.start(), start)
        if torn and (found := _cue(f"{torn['cue']}.")):
            return found
    words = _TOKEN.findall(text, max(since, start - _WINDOW), start)
    strange = 0
    for word in reversed(words):
        cue = None if word.lower() == "sus" and not _LONG.match(text, start) else _cue(word)
        if cue and strange <= cue.reach:
            return cue
        small = word if len(word) == 1 else plain(word)
        if small not in _SMALL:
            strange += 2 if word[0].isdigit() else 1
        if strange > 3:
            return None
    return None


def _cue(word: str) -> Cue | None:
    if "." in word:
        letters = "".join(c for c in word if c.isalpha())
        whole = _BY_CAPITALS.get(letters.upper()) or _BY_WORD.get(letters.lower())
        return whole or _BY_CAPITALS.get(letters[:-1].upper()) or _BY_WORD.get(letters[:-1].lower())
    if word.isupper() and word in _BY_CAPITALS:
        return _BY_CAPITALS[word]
    return _BY_WORD.get(plain(word))


_LETTERS: Final = r"D[.:\s]{1,4}N[.:\s]{1,4}I|M[.:\s]{1,4}I|L[.:\s]{1,4}[EC]|C[.:\s]{1,4}I"
_TORN: Final = re.compile(
    rf"(?P<cue>(?<=[a-zà-ÿ])(?:DNI|LE|LC|MI|CI|RG|CPF|CUI[LT])|(?<=[A-ZÀ-Þ])(?:DNI|CPF|CUI[LT])|"
    rf"(?<![^\W_])(?:{_LETTERS}|(?:[Mm]i|L[ec])(?=\s?[Nn][°º])))"
    r"[\s.:]{0,4}(?:[Nn](?:[°ºª]|ro|o)?)?[\s.:°º]{0,4}\Z"
)
"""A cue glued to the word before it, torn over lines, parted by colons, or ``Mi`` before ``N°``."""
_TORN_FIRST: Final = re.compile(r"[CDLMRm]")
_TORN_WINDOW: Final = 24
_BEHIND: Final = re.compile(
    rf"\s{{0,2}}(?:[,;–-]\s?)?\(?\s?(?i:es (?:mi|su|el)\s|(?:é\s)?o?\s?meu\s)?"
    rf"(?P<cue>(?i:dni|d\.n\.i|cpf|c\.p\.f|cui[lt])|{_LETTERS}|RG)(?![^\W_])"
    r"(?!\W{0,6}(?:(?i:n[°ºª]?|nro|no|num|n[uú]mero)\W{0,4})?\d)"
)


def cue_behind(text: str, end: int) -> Cue | None:
    """Find the cue of an id right after a number, unless it is that of the number after it.

    Examples
    --------
    >>> cue_behind("30.123.456 (D.N.I.)", 10).kind
    'national_id'
    >>> cue_behind("30.123.456, DNI 31.222.333", 10) is None
    True
    """
    match = _BEHIND.match(text, end)
    return _cue(f"{match['cue']}.") if match else None


_AFTER: Final = re.compile(
    r"(?P<land>.{0,6}[ºª°]?\s?(?:\bR\.?I\b|RI\b|(?i:registro de im[oó]veis|cart[oó]rio)))|"
    r"\s?(?P<unit>%|m[²2]\b|(?i:metros?|km|kg|reais|pesos|d[oó]lares|euros|a[nñ]os|dias|d[ií]as|"
    r"meses|"
    r"horas|hs|por cento|por ciento|vagas|pessoas|personas)\b)"
)


def cue_after(text: str, end: int) -> str | None:
    """Tell what stands right after a number: ``"land"`` register, a ``"unit"``, or nothing."""
    match = _AFTER.match(text, end)
    return match.lastgroup if match else None
