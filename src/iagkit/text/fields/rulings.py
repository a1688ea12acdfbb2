"""Judgments and precedents that are cited: classes of appeals with their number, *súmulas*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iagkit.text.fields.anchors import Anchors
from iagkit.text.fields.cases import unified
from iagkit.text.fields.nouns import Field
from iagkit.text.fields.spelt import plain

_W: Final = r"[ \t\u00a0\n]{0,3}"
_S: Final = r"[ \t\u00a0]{0,3}"
_UF: Final = r"(?:A[CLMP]|BA|CE|DF|ES|GO|M[AGST]|P[ABEIR]|R[JNORS]|S[CEP]|TO)(?!\w)"
_COURT: Final = (
    rf"(?:ST[FJM]|TS[TE]|TCU|TR[FTE]|TNU|TJ[A-Z]{{2,4}}|(?:Supremo|Superior){_W}Tribunal"
    rf"(?:{_W}(?:Federal|Militar|Eleitoral|d[ae]{_W}\w+(?:{_W}do{_W}Trabalho)?))?"
    rf"|Tribunal{_W}(?:Superior{_W}(?:do{_W}Trabalho|Eleitoral)"
    rf"|de{_W}Contas(?:{_W}d[ao]{_W}(?:Uni[ãa]o|Distrito{_W}Federal|Estado))?)|Supremo"
    rf"|Suprema{_W}Corte)(?!\w)"
)
_BENCH: Final = rf"(?:SB?DI(?:{_W}-?{_W}(?:[12]|I{{1,2}}))?|SDC)(?!\w)"
_BEFORE_COURT: Final = (
    rf"(?:d[aoe]s?|ambas?{_W}d[oae]){_W}(?:(?:[CE]{_W}\.|Colend[oa]|Egr[ée]gi[oa]){_W})?"
)
_ITEMS: Final = rf"(?:{_W}(?:,|e){_W}(?:itens|item|inciso|[IVX]{{1,5}})(?!\w)){{1,4}}"
_OF: Final = (
    rf"(?:(?:{_W}(?:[/⁄,]|-)?{_W}(?:d[ao]{_W})?{_BENCH})?(?:{_ITEMS}{_W},?)?"
    rf"(?:{_W}(?:[/⁄,]|-|I(?=TS[ET])){_W}{_COURT}|{_W},?{_W}{_BEFORE_COURT}"
    rf"(?:s[úu]mula{_W}(?:d[aeo]{_W}(?:jurisprud[êe]ncia{_W}d[oa]{_W})?)?)?{_COURT}"
    rf"|{_W},?{_W}dest[ea]{_W}(?:e\.{_W})?(?:Corte(?:{_W}Superior)?|{_COURT}|Tribunal(?:{_W}Superior)?)"
    rf")|{_W}(?:[/⁄,]|-)?{_W}(?:d[ao]{_W})?{_BENCH})?"
)
_SIGN: Final = (
    rf"(?:(?:d[eo]{_S})?n{_S}\.?{_S}[ºo°ª]?s?{_S}\.?[ºo°]?|ne(?={_S}\d)|n[uú]meros?|num{_S}(?=:))"
)
_LIST: Final = rf"(?:\d{{1,3}}\.\d{{3}}(?!\d)|\d+)(?:,?{_W}\d+)*(?:{_W}(?:,|\be\b){_W}\d+(?!\w))*"
_CLASS: Final = (
    r"E-?D-?(?:RR|AIRR|ARR)|EDcl|EDs?|AgRg?|AgInt|AgR-\w+|AgR|AG|Ag|AIRR|AIRE|A[Ii]|ARR|ARE|AREsp|REspe?|"
    r"EREsp|EREs|ERR|ROAR|ROMS|ROHC|RMS|RHC|RSE|RR|REs?|RO|HC|MS|MI|ADIn?|ADC|ADO|ADPF|ADECON|R[Cc]l|RCL|ePet|"
    r"Pet|MC|ACO|AC|AP|Inq|SS|SL|STA|CC|CP|CPar|PC|Ext|PET|EARE[Ss][Pp]|E[Aa]g|EI|R[Ee]?SP|RESp|ARESP|RESPE|Rp|"
    r"RP|PAD|E-RR|ED-RR|ED-E-RR|ED-AIRR|Ag-AIRR|IUJ-RR|RCED|AR|APn|SEC|QO"
)
_PLURAL: Final = rf"(?:especia(?:l|is)|extraordin[áa]rios?|de{_W}revista|ordin[áa]rios?"
_NAMES: Final = (
    rf"habeas{_W}corpus|recursos?{_W}{_PLURAL}|"
    rf"eleitora(?:l|is)|inominados?|criminais|criminal|em{_W}sentido{_W}estrito|em{_W}mandado{_W}de{_W}seguran[çc]a|"
    rf"em{_W}habeas{_W}corpus)(?:{_W}eleitora(?:l|is)|{_W}com{_W}agravo)?"
    rf"|agravos?(?:{_W}(?:regimenta(?:l|is)|internos?|de{_W}instrumento(?:{_S}-{_S}c[rv])?|de{_W}peti[çc][ãa]o))?|"
    rf"embargos(?:{_W}(?:de{_W}declara[çc][ãa]o|de{_W}diverg[êe]ncia|infringentes))?|mandados?{_W}de{_W}seguran[çc]a|"
    rf"apela(?:ção|ções)(?:{_W}(?:c[íi]ve(?:l|is)|crimina(?:l|is)))?|a(?:ção|ções){_W}(?:dire[it]+as?{_W}de{_W}"
    rf"(?:in)?constitucionalidade(?:{_W}por{_W}omiss[ãa]o)?|civi(?:l|s){_W}p[úu]blicas?|origin[áa]rias?"
    rf"|penal(?:{_W}militar)?|cautelar(?:{_W}inominada)?|rescis[óo]ria|declarat[óo]ria{_W}de{_W}constitucionalidade)"
    rf"|reclama(?:ção|ções)|corre[ií](?:ção|ções){_W}parcia(?:l|is)|"
    rf"conflitos?{_W}de{_W}compet[êe]ncia|ac[óo]rd[ãa]os?(?!{_W}\d+/\d+/)"
    rf"|decis(?:ão|ões)(?={_W}(?:n\S{{0,3}}{_W})?\d[\d.]*/\d)|autos(?={_W}n{_W}[.°º])|representa[çc][ãa]o|"
    rf"peti[çc][ãa]o|processos?(?={_W}n{_W}[.°ºo])|presta[çc][ãa]o{_W}de{_W}contas|"
    rf"incidente{_W}de{_W}uniformiza[çc][ãa]o{_W}de{_W}jurisprud[êe]ncia|"
    rf"argui[çc][ãa]o{_W}de{_W}descumprimento{_W}de{_W}preceito{_W}fundamental|Ap{_S}\.{_S}Crim{_S}\."
)
_IN: Final = rf"{_W}(?:n[oa]s?|em|d[oa]s?){_W}(?:[oa]s?{_W})?"
_UNIFIED: Final = (
    rf"\d+{_S}-{_S}\d{{2}}\.[\d ]{{4,5}}\.\d\.[\d ]{{2,3}}\.\d{{4}}(?:/\d{{5}}(?!\d))?"
)
_NUMBER: Final = (
    rf"(?:TST{_W}-{_W}[A-Z][A-Za-z\-]+{_W}-?{_W})?"
    rf"(?:{_UNIFIED}|\d+(?:{_S}[.\-⁄/]{_S}\d+)*(?:/\d{{2,4}})?)(?!\d)"
)
_TAIL: Final = (
    rf"(?:{_S}[/⁄]{_S}[A-Z]{{2}}(?!\w)|{_S}[\-–]{_S}{_UF}|I?{_UF})?(?:{_S}-?{_S}(?:AgRg?|MC|QO|ED|A{_S}GR|AGR|RG)(?!\w))?"
    rf"(?:{_S}[/⁄\-–]{_S}{_UF})?"
    rf"(?:-(?:TCU-)?(?i:Plen[áa]rio|\d{_S}[ªa]{_S}C[âa]mara)(?!\w)"
    rf"|{_S}[/⁄]{_S}(?:ST[FJM]|TS[TE]|TCU)(?!\w))?"
)
_HEAD: Final = rf"(?:(?:{_CLASS})(?!\w)|(?i:{_NAMES})(?!\w)(?:{_S}\({_S}(?:{_CLASS}){_S}\))?)"
_FROM: Final = rf"(?:TST{_S}-?{_S})"
_CITED: Final = re.compile(
    rf"(?<!\w){_FROM}?(?P<head>{_HEAD}(?:(?:{_IN}|{_W}-{_W}){_HEAD}){{0,4}}){_W}(?:\.{_S})?"
    rf"(?P<sign>(?i:{_SIGN}))?{_S}-?{_S}:?{_S}(?P<num>{_NUMBER}){_TAIL}"
)
_MORE: Final = re.compile(
    rf"{_W}(?:,|;|\be\b|\bE\b){_W}(?P<span>(?:(?i:{_SIGN}){_S})?(?P<num>{_NUMBER}){_TAIL})"
)
_SUMULA: Final = re.compile(
    rf"(?<!\w)(?:(?:itens{_W}[\w, ]{{1,20}}?|item{_W}\w+"
    rf"|inciso{_W}\w+){_W}da{_W})?(?P<head>s[úu]mulas?(?:{_W}vinculantes?)?|enunciados?(?:{_W}administrativos?)?"
    rf"|verbetes?{_W}sumu[li]a(?:r|res)|orienta(?:ção|ções){_W}jurisprudencia(?:l|is)|ojs?"
    rf"|temas?(?:{_W}de{_W}repercuss[ãa]o{_W}geral)?){_W}"
    rf"(?:{_SIGN})?{_W}(?P<num>{_LIST})(?!\d|[.,]\d|[^\WI]){_OF}",
    re.IGNORECASE,
)
_FALLOS: Final = re.compile(
    r"(?P<head>Fallos)\s*:?\s*(?P<num>\d{1,3}:\d{1,4})"
    r"|(?<!\w)(?:(?i:sentencia)\s+)?(?P<head2>CT|SU|T|C)"
    r"-(?P<num2>\d{2,4})\s*(?:de\s*|/)(?:19|20)\d{2}"
    r"|(?i:sentencia)\s+(?P<head4>SU|T|C)-(?P<num4>\d{2,4})/\d{2}(?!\d)"
    r"|(?P<head3>(?i:jurisprudencia|tesis))\s+(?:aislada\s+)?"
    r"(?P<num3>(?:P|[12]a)\./J\.\s?\d+/\d{4}(?:\s\(\d+a\.\))?|[\dPIJ]+[a/.][\w./]+\d)"
)
BEGINNINGS: Final = {
    "appeal": (
        "e-d ed_ ed- edr eda edcl eds_ agrg agint agr_ agr- ag_ ag- airr aire ai_ arr_ are_ aresp "
        "resp eresp eres_ err_ roar_ roms_ rohc_ rms_ rhc_ rse_ rr_ re_ ro_ hc_ ms_ mi_ adi_ "
        "adin_ adc_ ado_ adpf_ adeco rcl_ pet_ mc_ ac_ ap_ inq_ ss_ sl_ sta_ cc_ cp_ cpar_ pc_ "
        "ext_ earesp eares aco_ epet_ res_ prest tst_ decis ap_ eag_ ei_ rp_ pad_ e-r iuj rced_ "
        "ar_ apn_ sec_ qo_ habea recur agrav embar manda apela acao_ acoes incid recla corre "
        "confl acord autos repre petic proce argui"
    ),
    "precedent": "itens item_ incis sumul enunc orien verbe oj_ ojs_ tema_ temas",
    "tesis": "fallo c-9 t-9 su-9 ct-9 juris tesis sente",
}
_ONE: Final = re.compile(r"\d{1,7}\s?-\s?\d{2}\.\d{4}\.\d\.\d{2}\.\d{4}")
_BARE: Final = re.compile(r"\d{1,3}(?:\.\d{1,2})*")
_CLASSES: Final = re.compile(rf"(?<!\w)(?:{_CLASS})\Z")
_YEAR: Final = re.compile(r"[/.⁄]\s*((?:19|20)\d{2})(?!\d)")


def rulings(places: Anchors) -> Iterator[Field]:
    """Judgments cited by class and number, and precedents by number and court.

    Yields
    ------
    Field
        ``value`` is ``class number`` as read, spaces removed; ``sort`` is ``sumula`` or ``ruling``.

    Notes
    -----
    Less reliable than the other fields: of ten that people mark in Brazilian judgments, about seven
    are found with exactly the marked characters (``benchmarks/fields.py``). Of other countries only
    Argentina's *Fallos*, Colombia's constitutional court and Mexico's theses are known.
    """
    for match in places.matches(_SUMULA, places.of("precedent")):
        yield _read(match, "sumula")
    for match in places.matches(_CITED, places.of("appeal")):
        yield from _appeals(places.text, match)
    for match in places.matches(_FALLOS, places.of("tesis")):
        yield _read(match, "ruling", country=None)


def _appeals(text: str, match: re.Match[str]) -> Iterator[Field]:
    """One appeal, and others of its class that are listed behind it."""
    number = match["num"]
    if _BARE.fullmatch(number) and not match["sign"] and not _CLASSES.search(match["head"]):
        return
    one = _read(match, "ruling")
    if number.startswith("TST") and one.value.startswith("processo"):
        one = one._replace(start=match.start("num"))
    if one.value.startswith(("processo ", "autos ")) and _ONE.fullmatch(number):
        one = unified(one.start, one.end, number)
    yield one
    shape = _shape(number)
    at = match.end()
    while len(shape) > 1 and (more := _MORE.match(text, at)) and _shape(more["num"]) == shape:
        plain_number = re.sub(r"\s+", "", more["num"])
        year = _YEAR.search(more["num"])
        yield one._replace(
            start=more.start("span"), end=more.end(), number=plain_number,
            value=f"{one.value.rpartition(' ')[0]} {plain_number}", year=year[1] if year else "",
        )  # fmt: skip
        at = more.end()


def _shape(number: str) -> str:
    return re.sub(r"\d+", "9", re.sub(r"\s+", "", number))


def _read(match: re.Match[str], sort: str, *, country: str | None = "br") -> Field:
    part = match.groupdict()
    head, number = (
        next(v for k, v in part.items() if k.startswith(name) and v) for name in ("head", "num")
    )
    number = re.sub(r"\s+", "", number)
    year = _YEAR.search(match.group())
    return Field(
        *match.span(), "ruling", f"{plain(head)} {number}", sort, number,
        year[1] if year else "", country,
    )  # fmt: skip
