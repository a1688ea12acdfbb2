"""Judgments and precedents that are cited: classes of appeals with their number, *súmulas*."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from iagkit.text.fields.anchors import Anchors
from iagkit.text.fields.nouns import Field
from iagkit.text.fields.spelt import plain

_W: Final = r"[ \t\u00a0\n]{0,3}"
_COURT: Final = (
    r"(?:ST[FJM]|TS[TE]|TCU|TR[FTE]|TNU|SDI-?[12]?|SBDI-?[12]?|TJ[A-Z]{2,4}|"
    rf"(?:Supremo|Superior){_W}Tribunal(?:{_W}(?:Federal|Militar|Eleitoral|d[ae]{_W}\w+(?:{_W}do{_W}Trabalho)?))?"
    rf"|Tribunal{_W}Superior{_W}(?:do{_W}Trabalho|Eleitoral)|SUPREMO|SUPERIOR{_W}TRIBUNAL)"
)
_OF: Final = (
    rf"(?:{_W}(?:[/⁄,]|d[aoe]|deste|desta|-){_W}(?:[CE]{_W}\.{_W})?{_COURT}"
    rf"(?:{_W}do{_W}(?:C{_W}\.{_W})?TST)?)?"
)
_SIGN: Final = rf"(?:n{_W}\.?{_W}[ºo°]?s?{_W}\.?[ºo°]?|n[uú]meros?)"
_LIST: Final = rf"\d+(?:,?{_W}\d+)*(?:{_W}(?:,|\be\b){_W}\d+(?!\w))*"
_CLASS: Final = (
    r"E-?D-?(?:RR|AIRR|ARR)|EDcl|EDs?|AgRg?|AgInt|AgR-\w+|AgR|AG|Ag|AIRR|AIRE|AI|ARR|ARE|AREsp|REspe?|"
    r"EREsp|EREs|ERR|ROAR|ROMS|ROHC|RMS|RHC|RSE|RR|RE|RO|HC|MS|MI|ADIn?|ADC|ADO|ADPF|ADECON|Rcl|RCL|Pet|"
    r"MC|AC|AP|Inq|SS|SL|STA|CC|CP|CPar|PC|Ext|PET|EAREsp|EAg|EI|AgInt|RESP|ARESP|RESPE|Rp|RP|PAD|"
    r"E-RR|ED-RR|ED-E-RR|ED-AIRR|Ag-AIRR|IUJ-RR|RCED|AR|APn|SEC|QO"
)
_NAMES: Final = (
    rf"habeas{_W}corpus|recursos?{_W}(?:especia(?:l|is)|extraordin[áa]rios?|de{_W}revista|ordin[áa]rios?|"
    rf"eleitora(?:l|is)|inominados?|criminais|criminal|em{_W}sentido{_W}estrito|em{_W}mandado{_W}de{_W}seguran[çc]a|"
    rf"em{_W}habeas{_W}corpus)(?:{_W}com{_W}agravo)?|agravos?(?:{_W}(?:regimenta(?:l|is)|internos?|de{_W}instrumento|de{_W}peti[çc][ãa]o))?|"
    rf"embargos{_W}(?:de{_W}declara[çc][ãa]o|de{_W}diverg[êe]ncia|infringentes)|mandados?{_W}de{_W}seguran[çc]a|"
    rf"apela(?:ção|ções)(?:{_W}(?:c[íi]ve(?:l|is)|crimina(?:l|is)))?|a(?:ção|ções){_W}(?:diretas?{_W}de{_W}inconstitucionalidade|"
    rf"penal|rescis[óo]ria|declarat[óo]ria{_W}de{_W}constitucionalidade)|reclama(?:ção|ções)|corre[ií](?:ção|ções){_W}parcia(?:l|is)|"
    rf"conflitos?{_W}de{_W}compet[êe]ncia|ac[óo]rd[ãa]os?(?!{_W}\d+/\d+/)|autos(?={_W}n{_W}[.°º])|representa[çc][ãa]o|peti[çc][ãa]o|processos?(?={_W}n{_W}[.°ºo])|"
    rf"argui[çc][ãa]o{_W}de{_W}descumprimento{_W}de{_W}preceito{_W}fundamental"
)
_IN: Final = rf"{_W}(?:n[oa]s?|em|d[oa]s?){_W}(?:[oa]s?{_W})?"
_NUMBER: Final = rf"(?:TST{_W}-{_W}[A-Z\-]+{_W}-?{_W})?\d+(?:{_W}[.\-⁄/]{_W}\d+)*(?!\d)"
_TAIL: Final = (
    rf"(?:{_W}[/⁄\-–]{_W}[A-Z]{{2}}(?![\w]))?(?:{_W}-?{_W}(?:AgRg?|MC|QO|ED|A{_W}GR|AGR|RG)(?!\w))?"
    rf"(?:{_W}[/⁄\-–]{_W}[A-Z]{{2}}(?![\w]))?"
)
_HEAD: Final = rf"(?:(?:{_CLASS})(?!\w)|(?i:{_NAMES})(?!\w))"
_CITED: Final = re.compile(
    rf"(?<!\w)(?P<head>{_HEAD}(?:(?:{_IN}|{_W}-{_W}){_HEAD}){{0,4}}){_W}(?:\.{_W})?"
    rf"(?i:{_SIGN})?{_W}-?{_W}:?{_W}(?P<num>{_NUMBER}){_TAIL}"
)
_SUMULA: Final = re.compile(
    rf"(?<!\w)(?:(?:itens{_W}[\w, ]{{1,20}}?|item{_W}\w+"
    rf"|inciso{_W}\w+){_W}da{_W})?(?P<head>s[úu]mulas?(?:{_W}vinculantes?)?|enunciados?"
    rf"|orienta(?:ção|ções){_W}jurisprudencia(?:l|is)|ojs?|temas?(?:{_W}de{_W}repercuss[ãa]o{_W}geral)?){_W}"
    rf"(?:{_SIGN})?{_W}(?P<num>{_LIST})(?!\w|[.,]\d){_OF}",
    re.IGNORECASE,
)
_FALLOS: Final = re.compile(
    r"(?P<head>Fallos)\s*:?\s*(?P<num>\d{1,3}:\d{1,4})|(?P<head2>[CT]|SU|T|C)-(?P<num2>\d{2,4})\s*"
    r"(?:de|/)\s*(?:19|20)\d{2}|(?P<head3>jurisprudencia|tesis)\s+(?:aislada\s+)?(?P<num3>[\dPIJ]+[a/.][\w./]+\d)"
)
BEGINNINGS: Final = {
    "appeal": "e-d ed_ ed- edr eda edcl eds_ agrg agint agr_ agr- ag_ ag- airr aire ai_ arr_ are_ aresp "
    "resp eresp eres_ err_ roar_ roms_ rohc_ rms_ rhc_ rse_ rr_ re_ ro_ hc_ ms_ mi_ adi_ adin_ adc_ "
    "ado_ adpf_ adeco rcl_ pet_ mc_ ac_ ap_ inq_ ss_ sl_ sta_ cc_ cp_ cpar_ pc_ ext_ earesp eares "
    "eag_ ei_ rp_ pad_ e-r iuj rced_ ar_ apn_ sec_ qo_ habea recur agrav embar manda apela acao_ "
    "acoes recla corre confl acord autos repre petic proce argui",
    "precedent": "itens item_ incis sumul enunc orien oj_ ojs_ tema_ temas",
    "tesis": "fallo c-9 t-9 su-9 ct-9 juris tesis",
}
_YEAR: Final = re.compile(r"[/.⁄]\s*((?:19|20)\d{2})(?!\d)")


def rulings(places: Anchors) -> Iterator[Field]:
    """Judgments cited by class and number, and precedents by number and court.

    Yields
    ------
    Field
        ``value`` is ``class number`` as read, spaces removed; ``sort`` is ``sumula`` or ``ruling``.
    """
    for match in places.matches(_SUMULA, places.of("precedent")):
        yield _read(match, "sumula")
    for match in places.matches(_CITED, places.of("appeal")):
        yield _read(match, "ruling")
    for match in places.matches(_FALLOS, places.of("tesis")):
        yield _read(match, "ruling", country=None)


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
