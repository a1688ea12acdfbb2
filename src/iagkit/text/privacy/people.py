"""Names of people without a trained tagger: signatures, titles, ids beside them, known names.

Institutions, streets and laws carry names of people too; the word before tells them apart. A
name that no list knows is found only beside a cue, so that the tagger stays the second line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from iagkit.text.names import AMBIGUOUS, NAMES
from iagkit.text.privacy.entities import Entity
from iagkit.text.privacy.name_words import CUE_WORDS, HEADS, JOINS, NEVER, ROLES, SAINTS
from iagkit.text.privacy.words import matches_from, plain

_UPPER: Final = r"A-ZÀ-ÖØ-Þ\u0100-\u017f"
_LOWER: Final = r"a-zà-öø-ÿ\u0100-\u017f"
_HYPHENED: Final = rf"(?:-[{_UPPER}][\wÀ-ÿ]+)?"
_CAP_REST: Final = (
    rf"(?:(?<=[DOd])['’`][{_UPPER}][\wÀ-ÿ]+|(?<=M)a?c[A-Z][{_LOWER}]+{_HYPHENED}|"
    rf"(?<!d)(?:[{_LOWER}]+(?:['’`][A-ZÀ-Þ]?[a-zà-ÿ]+)?|[{_UPPER}'’`]*){_HYPHENED})"
)
"""What follows the first letter of a name, so that the engine looks for that letter alone."""
_CAP: Final = rf"(?:[{_UPPER}d]{_CAP_REST}|[A-ZÀ-Þ][a-z]{{0,2}}\.)"
_JOIN: Final = (
    r"(?:d[aeoi]s?|del|de la|de las|de los|e|y|van|von|der|la|los|san|DE LA|DE LOS|D[AEO]S?|DEL|E|"
    r"Y)"
)
_CHAIN: Final = re.compile(
    rf"[{_UPPER}d](?<![\w@.].)(?<!\w['’-].){_CAP_REST}(?:,?(?:[ \t]+|[ \t]*\r?\n[ "
    rf"\t]*(?:\r?\n)?)(?:{_JOIN}\s+){{0,2}}({_CAP})){{0,11}}(?!\w)"
)
_WORD: Final = re.compile(r"[^\W\d_][\w'’`-]*\.?")
_LABELS: Final = (
    r"nombres? y apellidos?|apellidos? y nombres?|nombre completo|nome completo|nombres?|nomes?|"
    r"apellidos?|sobrenome|"
    r"nome d[oa] [a-zçãé]+(?: [a-z]+)?|nombre del? [a-z]+|solicitante|requerente|requeriente|"
    r"interessad[oa]|interesad[oa]|"
    r"assinado(?: por)?|firmado(?: por)?|firma|titular|autor|autora|servidor|servidora|paciente|"
    r"m[eé]dico|remitente|"
    r"meus dados|mis datos|full name|name|signed|signature|benefici[aá]ri[oa]|contribuinte|"
    r"respons[aá]vel"
)
_CLOSINGS: Final = (
    r"atenciosamente|att|atte|at\.te|atentamente|cordialmente|respeitosamente|respetuosamente|"
    r"grat[oa]|obrigad[oa]|"
    r"muito obrigad[oa]|muchas gracias|gracias|abraços?|saludos(?: cordiales)?|cordiales saludos|"
    r"sincerely|"
    r"regards|best regards|kind regards|yours faithfully|yours sincerely|thank you|thanks|"
    r"deferimento|agradeço(?: desde já)?|"
    r"desde já agradeço|agradecid[oa]|cumprimentos|saluda a usted|sem mais(?: para o momento)?|"
    r"ass|assinado"
)
_TITLES: Final = (
    r"srs?|sras?|srta|sr[ªa]|señor|señora|señorita|senhor|senhora|don|doña|dr|dra|drª|dres|doctor|"
    r"doctora|doutor|doutora|"
    r"ing|lic|licenciad[oa]|prof|profª|profa|professor|professora|profesora?|ciudadan[oa]|cidadã|"
    r"cidadão|vecin[oa]|"
    r"servidora?|funcion[aá]ri[oa]|alun[oa]|paciente|advogad[oa]|abogad[oa]|ex-?servidora?|"
    r"mr|mrs|ms|miss|ministr[oa]|juiz|juíza|juez|jueza|desembargadora?|delegad[oa]|tenente|"
    r"coronel|capit[aã]o|capit[aá]n|"
    r"sargento|cabo|soldado|enfermeir[oa]|agente|escrib[aá]n[oa]|contador[a]?|arq|arquitect[oa]|"
    r"sgt|cel|cap"
)
_FAMILY: Final = (
    r"me llamo|mi nombre(?: completo)? es|a nombre de|meu nome(?: completo)? [eé]|meu nome|me "
    r"chamo|chamo-me|"
    r"em nome d[aeo]|no nome d[aeo]|nome d[aeo]|my name is|on behalf of|chamad[oa]|llamad[oa]|"
    r"(?:meu|minha|mi|mis|my)\s(?:marido|filh[oa]|pai|m[aã]e|irm[aã]o?|av[oóô]|espos[oa]|hij[oa]|"
    r"madre|padre|herman[oa]|abuel[oa]|"
    r"husband|wife|son|daughter|mother|father|brother|sister|companheir[oa]|c[oô]njuge|"
    r"sobrinh[oa]|prim[oa]|cliente|constituinte)"
)
_ROLE_IN_A_CASE: Final = (
    r"denunciantes?|demandantes?|demandad[oa]s?|querellantes?|imputad[oa]s?|acusad[oa]s?|"
    r"testigos?|testemunhas?|v[ií]ctimas?|v[ií]timas?|reclamantes?|apelantes?|recorrentes?|"
    r"recorrid[oa]s?|impetrantes?|peticionari[oa]s?|causante|fallecid[oa]|falecid[oa]|beneficiari[oa]|"
    r"benefici[aá]ri[oa]|contribuyente|emplead[oa]s?|sou|soy"
)
_ACT: Final = (
    r"(?:presentad|iniciad|firmad|suscript|suscrit|subscrit|interpuest|promovid|representad|"
    r"impetrad|formulad|atendid|denunciad|assinad|apresentad|ajuizad|protocolad|"
    r"solicitad|requerid|remitid|enviad)[oa]s?\s(?:por|pel[oa])|"
    r"(?:(?:signed|filed|submitted|written)\sby)|"
    r"(?:des[ií]gn[aeá](?:se|r)?|n[oó]mbr(?:a|e|ar|ase|ese)|not[ií]fiqu?[ea]se|notificar|"
    r"c[ií]tese|citar)\sal?|nomear|nomeia|exonerar|exonera|dispensar|"
    r"(?:en|em|a)\sfavor\sde|(?:hijo|hija|filho|filha|viuda|viúva|madre|padre|mãe|pai)\sde"
)
_WEAK_BEFORE: Final = re.compile(
    rf"(?<![^\W_])(?i:{_ROLE_IN_A_CASE}|{_ACT})\s?[,:]?\s{{1,2}}[\"“*_]{{0,3}}\Z"
)
"""Says that somebody follows, or an institution: believed of two words or more."""
_CUE_BEFORE: Final = re.compile(
    rf"(?:(?<![^\W_])(?i:{_CLOSINGS})\s?[,.!:;\n-]{{0,3}}\s{{0,4}}|"
    rf"(?<![^\W_])(?i:{_LABELS})(?:\s\(a\))?\s?[:=]\s{{0,4}}|"
    rf"(?<![^\W_])(?:(?i:{_TITLES})(?:\(?[ªaº]\)?)?\.?|Da?\.|Dª\.?)\s{{1,2}}|(?<![^\W_])(?i:eu|yo|"
    rf"sou [oa]|soy|{_FAMILY})\s?[,:]?\s{{1,2}})[\"“*_]{{0,3}}\Z"
)
_LOWER_START: Final = re.compile(r"[acefmnoslACEFMNOSL](?<![^\W_].)")
_LOWER_CUE: Final = re.compile(
    rf"(?i:{_FAMILY}|nombre:|nome:|nome completo:|soy|sou o|sou a|firma:|att[e]?[.,:]*|"
    rf"atenciosamente,?|atentamente,?)"
    r"[\s:,]{1,3}(?P<name>[^\W\d_]+(?:\s[^\W\d_]+){0,5})"
)
_ID_AFTER: Final = re.compile(
    r"\s?,\s(?:brasileir|argentin|mexican|uruguay|chilen|peruan|colombian)[oa]\b|"
    r"[\s,*_\"”]{0,4}(?:[-–—(,:]\s?)?\(?\s?(?:(?i:titular del?|portadora? d[aeo]|inscrit[oa] "
    r"n[oa]|con|com|identificad[oa] con)\s)?"
    r"(?i:d\.?\s?n\.?\s?i\b|c\.?p\.?f\b|rg\b|m\.\s?i\b|l\.\s?[ec]\b|c\.\s?i\b|c\.?u\.?i\.?[lt]\b|"
    r"c[eé]dula|ci\b|cc\b|"
    r"matr[ií]cula|mat\.|siape|legajo|documento|oab|"
    r"pasaporte|passaporte|curp|rut\b|clase \d|crm)"
)
_STATUS_AFTER: Final = re.compile(
    r"\s?,\s(?:(?:solteir|casad|divorciad|vi[uú]v|viud|nacid|nascid|domiciliad|vecin)[oa]|"
    r"(?:solter|bolivian|paraguay|venezolan|ecuatorian|haitian|cuban)[oa]|"
    r"(?:mayor|menor) de edad|(?:maior|menor) de idade|residente|moradora?|de \d{1,3} a[nñ]os)\b"
)
"""Says that somebody stands before: believed of two words or more."""
_ID_BEFORE: Final = re.compile(
    r"(?i:cpf|dni|rg|matr[ií]cula|cuil|curp)\b[\s:nº°.]{0,5}[\d.\-/]{5,20}\s?[,\-–:)]{1,2}\s?\Z"
)
_LONGEST_WORD: Final = 20
_LAST_WORD: Final = re.compile(r"[A-Za-zÀ-ÿ]+\Z")
_MAY_CUE: Final = (
    *(
        "llamo",
        "nombre",
        "nome",
        "chamo",
        "soy ",
        "sou ",
        "name is",
        "att",
        "atenciosa",
        "atentamente",
        "firma",
    ),
    *("behalf", "chamad", "llamad", "meu ", "minha ", "mi ", "mis ", "my "),
)
_BEFORE_NAME: Final = JOINS | {"d", "da", "n"}
_SHORT: Final = 2
_LONGEST: Final = 7
_LONGEST_CUE: Final = 6


def people(text: str) -> Iterator[Entity]:
    """Find names of people by what stands around them and by lists of common names.

    Parameters
    ----------
    text : str
        Plain text, as `normalised` writes it.

    Yields
    ------
    Entity
        Kind ``person``; ``cued`` beside a cue or an id, ``shaped`` by what somebody did or is
        said to be (``name-act``), or by a known name alone (``name-list``).
    """
    for chain in _CHAIN.finditer(text):
        if chain.lastindex or _told(text, chain.start()):
            yield from _in_chain(text, chain.start(), chain.end())
    lower = text.lower()
    may = any(w in lower for w in _MAY_CUE)
    for match in matches_from(_LOWER_START, _LOWER_CUE, text) if may else ():
        start, end = match.span("name")
        name = _known_run(text, start, end)
        if name:
            yield Entity(*name, "person", "cued", "name-cue")


def _in_chain(text: str, start: int, end: int) -> Iterator[Entity]:
    words = [
        _Word(m.start(), m.end(), plain(m.group()).rstrip("."))
        for m in _WORD.finditer(text, start, end)
    ]
    for head, piece in _lines(text, words):
        name = _without_cue(text, _trimmed(piece))
        if not name:
            continue
        a, b = name[0].start, name[-1].end
        if text[b - 1] == "." and b - name[-1].start > _SHORT:
            b -= 1
        if _believed(text, a, b, name):
            yield Entity(a, b, "person", "cued", "name-cue")
        elif len(name) >= _SHORT and (_STATUS_AFTER.match(text, b) or _acts(text, a)):
            yield Entity(a, b, "person", "shaped", "name-act")
        elif not head and _known(name) and not _after_head(text, words[0].start):
            yield Entity(a, b, "person", "shaped", "name-list")


class _Word(NamedTuple):
    start: int
    end: int
    plain: str


def _lines(text: str, words: list[_Word]) -> Iterator[tuple[bool, list[_Word]]]:
    """Pieces of one line each, unless an id behind shows that a name runs over the line."""
    for head, piece in _pieces(words):
        one_line = not piece or "\n" not in text[piece[0].start : piece[-1].end]
        if one_line or _ID_AFTER.match(text, piece[-1].end):
            yield head, piece
        else:
            line = [piece[0]]
            for before, word in pairwise(piece):
                if "\n" in text[before.end : word.start]:
                    yield head, line
                    line = []
                line.append(word)
            yield head, line


def _pieces(words: list[_Word]) -> Iterator[tuple[bool, list[_Word]]]:
    """Cut a chain of capitalised words where an institution, a role or a common word stands.

    Each piece comes with whether an institution or a street stands before it in the chain.
    """
    piece: list[_Word] = []
    head = False
    for word in words:
        whole = word.plain.partition("-")[0]
        if (whole in NEVER or whole in ROLES or whole in HEADS) and not (piece and whole in SAINTS):
            yield head, piece
            piece = []
            head = head or whole in HEADS
        else:
            piece.append(word)
    yield head, piece


def _trimmed(piece: list[_Word]) -> list[_Word]:
    while piece and piece[0].plain in _BEFORE_NAME:
        piece = piece[1:]
    whole = [i for i, word in enumerate(piece) if word.plain not in JOINS]
    piece = piece[: whole[_LONGEST]] if len(whole) > _LONGEST else piece
    while piece and piece[-1].plain in JOINS:
        piece = piece[:-1]
    return piece


def _without_cue(text: str, name: list[_Word]) -> list[_Word]:
    """Leave to the id behind a name the first letter of its cue, as the D of D.N.I."""
    ends = len(name) > 1 and len(name[-1].plain) == 1 and _ID_AFTER.match(text, name[-2].end)
    return name[:-1] if ends else name


def _believed(text: str, a: int, b: int, name: list[_Word]) -> bool:
    if _told(text, a):
        return len(name) >= _SHORT or len(name[0].plain) > _SHORT
    return len(name) >= _SHORT and bool(_ID_AFTER.match(text, b))


def _acts(text: str, a: int) -> bool:
    """Whether what stands before says that somebody acts, or that something is done to them."""
    before = text[max(0, a - 45) : a]
    starts = [word.start() for word in _WORD.finditer(before)]
    return any(_WEAK_BEFORE.match(before, start) for start in starts[: -_LONGEST_CUE - 1 : -1])


def _told(text: str, a: int) -> bool:
    """Whether what stands before says that a name follows: a cue, a label, or an id."""
    before = text[max(0, a - 45) : a]
    bare = before.rstrip(' \n\t,.;:!=-–)"“*_(ªaº')
    if bare[-1:].isdigit() and _ID_BEFORE.search(before):
        return True
    word = _LAST_WORD.search(bare, max(0, len(bare) - _LONGEST_WORD))
    label = ":" in before[len(bare) :] or "=" in before[len(bare) :]
    told = label or (word is not None and plain(word.group()) in CUE_WORDS)
    return told and _cue_ends(before)


def _cue_ends(before: str) -> bool:
    """Whether a cue reaches the end, tried at the last words only: it is long to try everywhere."""
    starts = [word.start() for word in _WORD.finditer(before)]
    return any(_CUE_BEFORE.match(before, start) for start in starts[: -_LONGEST_CUE - 1 : -1])


def _known(name: list[_Word]) -> bool:
    """At least two words, the first a name, and one that is hardly anything else."""
    words = [w.plain for w in name if w.plain not in JOINS]
    if len(words) < _SHORT or not (words[0] in NAMES or words[0] in AMBIGUOUS):
        return False
    return any(w in NAMES for w in words)


def _after_head(text: str, start: int) -> bool:
    """Whether a street, an institution or a law stands before, in whatever case."""
    if _STREET.search(text, max(0, start - 14), start):
        return True
    words = _WORD.findall(text[max(0, start - 24) : start])
    while words and plain(words[-1]) in JOINS:
        words.pop()
    return bool(words) and plain(words[-1]).rstrip(".") in HEADS


_STREET: Final = re.compile(r"(?i:\b(?:rua|av|avda|avenida|calle|r|c)\b[./]?\s?\Z)")


def _known_run(text: str, start: int, end: int) -> tuple[int, int] | None:
    """The words after a sure cue that are names, joined by small words, if the first is one."""
    last = None
    first = None
    for word in _WORD.finditer(text, start, end):
        written = plain(word.group()).rstrip(".")
        if written in NAMES or (written in AMBIGUOUS and written not in JOINS):
            first, last = word.start() if first is None else first, word.end()
        elif written not in JOINS:
            break
    return (first, last) if first is not None and last is not None else None
