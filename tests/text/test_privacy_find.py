"""What is found, what is left alone, and what cannot hide; all persons are invented."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, UsageError
from iagkit.text.privacy.entities import KINDS, Entity
from iagkit.text.privacy.find import find_personal, recognised
from iagkit.text.privacy.parallel import normalised


def seen(text, **asked):
    return [(text[e.start : e.end], e.kind) for e in find_personal(text, **asked)]


TOLD = {
    "inscrito no CPF/MF sob o nº 111.444.777-35": ("111.444.777-35", "tax_id"),
    "CPF 111.444.777-3": ("111.444.777-3", "tax_id"),
    "portador do RG nº 12.345.678-X": ("12.345.678-X", "national_id"),
    "cartão SUS 209582270630000": ("209582270630000", "health_id"),
    "meu sus é 898 0012 3456 7890": ("898 0012 3456 7890", "health_id"),
    "DNI de sus hijos 45.111.222": ("45.111.222", "national_id"),
    "CUIL 20-12345678-6": ("20-12345678-6", "tax_id"),
    "M.I. N° 8.123.456": ("8.123.456", "national_id"),
    "PEREZ (M.I.8.123.456)": ("8.123.456", "national_id"),
    "Ruiz (D.NI. 30.123.456)": ("30.123.456", "national_id"),
    "L.E. Nº 4.123.456": ("4.123.456", "national_id"),
    "RUT 12.345.678-5": ("12.345.678-5", "national_id"),
    "cédula de ciudadanía No. 1.032.456.789": ("1.032.456.789", "national_id"),
    "cédula 001-220390-0001W": ("001-220390-0001W", "national_id"),
    "DPI 2345 67899 1801": ("2345 67899 1801", "national_id"),
    "CURP BOXW310820HNERXN09": ("BOXW310820HNERXN09", "national_id"),
    "con RFC GODE561231GR8": ("GODE561231GR8", "tax_id"),
    "NIE X2482300W": ("X2482300W", "national_id"),
    "cédula V-12.345.678": ("V-12.345.678", "national_id"),
    "cédula 8-123-456": ("8-123-456", "national_id"),
    "pasaporte AAB123456": ("AAB123456", "passport"),
    "CNH 12345678900": ("12345678900", "licence"),
    "IBAN ES91 2100 0418 4502 0005 1332": ("ES91 2100 0418 4502 0005 1332", "bank_account"),
    "tarjeta 4111 1111 1111 1111": ("4111 1111 1111 1111", "card"),
    "CLABE 032180000118359719": ("032180000118359719", "bank_account"),
    "matrícula 12.345-6": ("12.345-6", "employee_id"),
    "Legajo N° 45.678": ("45.678", "employee_id"),
    "prontuário 123456": ("123456", "case_number"),
    "OAB/SP sob nº 12.345": ("12.345", "other_id"),
    "varón de 62 años de edad": ("62 años", "age"),
    "Domicilio: Calle Luna, 28, Bajo A.\nLocalidad: X": ("Calle Luna, 28, Bajo A", "address"),
    "NºCol: 46 28 52938": ("46 28 52938", "employee_id"),
    "tel. (61) 99999-8888": ("(61) 99999-8888", "phone"),
    "llamar al +54 9 11 4321-9876": ("+54 9 11 4321-9876", "phone"),
    "Celular: 55 1234 5678": ("55 1234 5678", "phone"),
    "placa ABC1D23": ("ABC1D23", "plate"),
    "escreva a fulano arroba exemplo ponto com": ("fulano arroba exemplo ponto com", "email"),
    "nacida el 3 de mayo de 1980": ("3 de mayo de 1980", "birth_date"),
    "Nací el 3 de mayo de 1980": ("3 de mayo de 1980", "birth_date"),
    "Nací en 1980": ("1980", "birth_date"),
    "nació el día 3 de mayo del año 1980": ("3 de mayo del año 1980", "birth_date"),
    "nascida no dia 1º de maio de 1980": ("1º de maio de 1980", "birth_date"),
    "I was born on May 3rd, 1980": ("May 3rd, 1980", "birth_date"),
    "nacimiento: 3/V/1980": ("3/V/1980", "birth_date"),
    "nascido aos vinte e dois de maio de mil novecentos e oitenta em Belém": (
        "vinte e dois de maio de mil novecentos e oitenta",
        "birth_date",
    ),
    "vivo en Calle Luna 45, 3.º B": ("Calle Luna 45, 3.º B", "address"),
    "resido na Rua das Flores, 123, 2.º andar": ("Rua das Flores, 123, 2.º andar", "address"),
    "vivo en Calle Luna 45, 1.º izda. desde": ("Calle Luna 45, 1.º izda", "address"),
    "resido na Rua das Flores, 123, apto 4": ("Rua das Flores, 123, apto 4", "address"),
    "vivo en Calle Luna 45": ("Calle Luna 45", "address"),
    "acesso de 192.168.0.17": ("192.168.0.17", "ip"),
}


@pytest.mark.parametrize(("text", "found"), TOLD.items(), ids=TOLD)
def test_what_a_cue_or_its_digits_tell_is_found(text, found):
    assert found in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "Processo SEI nº 00015-01009853/2026-01",
        "autos 0012345-67.2019.8.07.0001",
        "Decreto N° 1.234/2015 y Ley 24.156, artículo 12345678",
        "se pagó $ 12.345.678 y R$ 1.234.567,00",
        "30123456 personas, 12345678 en total",
        "CNPJ 11.222.333/0001-81",
        "CUIT 30-50001091-2",
        "a matrícula nº 654.789 do Registro de Imóveis",
        "Edital nº 85, de 02 de dezembro de 2009",
        "Av. Paseo Colón 982, sede del ministerio",
        "Rua Maria da Penha, Hospital Juan Fernández, Lei Maria da Penha",
        "disque 0800 123 4567",
        "contato@orgao.gov.br",
        "versão 10.2.0.1 do sistema",
        "en el apartado 2.1.1.1. de la resolución",
        "las Leyes Nros. 24.241 y sus modificatorias, 24.463, 25.235 y 25.400",
        "el Honorable Congreso de la Nación, el 8 de junio de 2016, sancionó",
        "Nacidos en 2010 y una empresa nacida en 1980",
        "Autorízase al Poder Ejecutivo y desígnase Vicepresidente del Directorio",
        "un contrato firmado por Empresa Provincial Norte",
    ],
)
def test_what_is_nobody_s_is_left_alone(text):
    assert seen(text) == []


@pytest.mark.parametrize(
    "hidden",
    [
        "CPF 1 1 1 4 4 4 7 7 7 3 5",
        "CPF 111.444.\n777-35",
        "CPF 111.444.777-\n35",
        "CPF １１１.４４４.７７７-３５",
        "CPF 111.444.777‐35",
        "CPF 1\u200b11.44\u200d4.777-35",
        "CPF \u202e111.444.777-35\u202c",
        "CPF 111.444.777&#45;35",
        "CPF &#49;11.444.777-35",
        "СРF 111.444.777-35",
        "CPF lll.444.777-35",
        "CPF ١١١.٤٤٤.٧٧٧-٣٥",
    ],
)
def test_a_hidden_cpf_is_found_where_it_stands(hidden):
    (entity,) = find_personal(hidden)
    assert entity.kind == "tax_id"
    assert entity.certainty == "checked"
    assert hidden[entity.start : entity.end].strip("\u202c\u202e")[0] not in " CPF"
    assert entity.end >= len(hidden) - 1


NAMES = {
    "desígnase al Licenciado D. Juan Carlos PEREZ (D.N.I. N° 30.123.456)": "Juan Carlos PEREZ",
    "Atenciosamente, Fulana Zutana Controladoria-Geral": "Fulana Zutana",
    "Me llamo Xochitl Tzul y pido": "Xochitl Tzul",
    "meu nome é joão da silva e moro": "joão da silva",
    "NOMBRE: Wayra Ñanco": "Wayra Ñanco",
    "da servidora Zenóbia Kaingang (matrícula 12.345-6)": "Zenóbia Kaingang",
    "consta que María Gómez Quispe pidió": "María Gómez Quispe",
    "a Sra. D'Ávila Okonkwo": "D'Ávila Okonkwo",
    "el reclamo presentado por Wayra Ñanco ante la mesa": "Wayra Ñanco",
    "Desígnase a Xochitl Tzul en el cargo": "Xochitl Tzul",
    "NOMEAR Xochitl Tzul para exercer o cargo": "Xochitl Tzul",
    "Wayra Ñanco, de 45 años, denuncia": "Wayra Ñanco",
    "Me llamo Łucja Żurawska y pido": "Łucja Żurawska",
    "el Dr. Malcolm MacDowall atendió": "Malcolm MacDowall",
    "Soy Wayra San Martín, vecina": "Wayra San Martín",
    "Sou Wayra del Valle Ponce de León de Sá e Benevides, e peço": (
        "Wayra del Valle Ponce de León de Sá e Benevides"
    ),
}


@pytest.mark.parametrize(("text", "name"), NAMES.items(), ids=NAMES)
def test_a_name_is_found_by_what_stands_around_it(text, name):
    assert (name, "person") in seen(text)


@pytest.mark.parametrize(
    "text",
    [
        "Quien suscribe, Wayra Figueroa, D.N.I. 27.345.678, dice",
        "la servidora Wayra Figueroa, C.P.F. 111.444.777-35",
        "Don Wayra Figueroa, M.I. 7.345.678",
    ],
)
def test_the_first_letter_of_the_cue_of_an_id_is_no_initial_of_the_name_before_it(text):
    persons = [text[e.start : e.end] for e in find_personal(text) if e.kind == "person"]
    assert persons == ["Wayra Figueroa"]


def test_countries_narrow_and_widen_what_is_asked():
    assert seen("n 12345678-5") == []
    assert seen("n 12345678-5", countries={"cl"}) == [("12345678-5", "national_id")]
    assert seen("111.444.777-35", countries={"cl"}) == []


def test_kinds_narrow_what_is_given():
    text = "Sr. Fulano Beltrano, CPF 111.444.777-35"
    assert seen(text, kinds={"tax_id"}) == [("111.444.777-35", "tax_id")]


def test_a_company_and_a_process_are_recognised_though_not_personal():
    kinds = [e.kind for e in recognised("CNPJ 11.222.333/0001-81, processo 00015-01009853/2026-01")]
    assert kinds == ["company_id", "process_number"]


def test_what_a_stronger_recogniser_leaves_over_stays_covered():
    text = "Fulano Beltrano 111.444.777-35 xyz"

    def tagger(texts):
        return [[Entity(0, 30, "person", "tagged", "tagger")] for _ in texts]

    found = find_personal(text, tagger=tagger)
    assert [(text[e.start : e.end], e.kind) for e in found] == [
        ("Fulano Beltrano", "person"),
        ("111.444.777-35", "tax_id"),
    ]


def test_a_tagger_knows_better_than_an_act_where_it_marks_and_only_there():
    text = "presentado por Wayra Ñanco Mesa Tres y firmado por Xochitl Tzul ayer"

    def tagger(texts):
        return [[Entity(15, 26, "person", "tagged", "tagger")] for _ in texts]

    found = [text[e.start : e.end] for e in find_personal(text, tagger=tagger)]
    assert found == ["Wayra Ñanco", "Xochitl Tzul"]


ALPHABET = st.sampled_from(
    [
        *("0123456789.-/ \n@()１О"),
        *("CPF ", "DNI ", "Sr. ", "Ana ", "Ruiz", "\u200b", "&#49;", "e\u0301", "Rua ", "casa "),
        *("\u202e", "+54 ", "http://"),
    ]
)


@given(st.lists(ALPHABET, max_size=40).map("".join))
def test_entities_of_any_text_are_in_order_apart_and_inside_it(text):
    found = find_personal(text)
    ends = [0, *(e.end for e in found)]
    assert all(a <= e.start < e.end <= len(text) for a, e in zip(ends, found, strict=False))
    assert {e.kind for e in found} <= set(KINDS)


@given(st.text(max_size=80))
def test_every_character_of_the_plain_text_comes_from_a_place_in_the_other(text):
    plain = normalised(text)
    places = [plain.span(i, i + 1) for i in range(len(plain.text))]
    assert all(0 <= a < b <= len(text) for a, b in places)
    assert places == sorted(places)


@given(st.integers(10**6, 99 * 10**6), st.sampled_from(["\u200b", "\u00ad", "\u2060", "\ufeff"]))
def test_a_zero_width_character_anywhere_hides_nothing(number, sign):
    written = f"{number:,}".replace(",", ".")
    for at in range(1, len(written)):
        text = f"D.N.I. N° {written[:at]}{sign}{written[at:]} fin"
        (entity,) = find_personal(text)
        assert text[entity.start : entity.end] == f"{written[:at]}{sign}{written[at:]}"


def test_what_is_no_text_no_kind_or_no_country_is_refused():
    with pytest.raises(DataError, match="got bytes"):
        find_personal(b"CPF")
    with pytest.raises(UsageError, match="got colour"):
        find_personal("x", kinds={"colour"})
    with pytest.raises(UsageError, match="got Brasil"):
        find_personal("x", countries={"Brasil"})


_CUE = (
    r"(?<![^\W\d_])(?:D\W{0,3}N\W{0,3}I|M\W{0,3}I|L\W{0,3}[EC]|C\W{0,3}I)|(?-i:(?<=[a-zà-ÿ])(?:DNI|LE|LC|MI))|"
    r"documento\s+nacional\s+de\s+identidad|libreta\s+(?:de\s+enrolamiento|c[ií]vica)|"
    r"matr[ií]cula\s+individual|c[eé]dula\s+de\s+identidad"
)
_ID = re.compile(
    rf"(?:{_CUE})[\s.:,)(-]{{0,6}}(?:n\s?\.?\s?[°ºª]|n\s?\.?\s?r\s?\.?\s?o|num(?:ero)?|n)?"
    r"[\s.:°ºª-]{0,5}(?P<id>\d{1,2}[\s.,·]{0,3}\d{3}[\s.,·]{0,3}\d{3}(?!\d))",
    re.IGNORECASE,
)
"""Written without a look at the recognisers: a cue however torn, then seven or eight digits."""


def uncovered(texts):
    """How many ids there are after a cue, and of how many some digit is left in sight."""
    left = total = 0
    for text in texts:
        spans = [m.span("id") for m in _ID.finditer(text)]
        hidden = {i for e in (find_personal(text) if spans else ()) for i in range(e.start, e.end)}
        total += len(spans)
        left += sum(any(text[i].isdigit() and i not in hidden for i in range(*s)) for s in spans)
    return total, left


def norms(mirror):
    pd = pytest.importorskip("pandas")
    path = mirror / "infoleg_ar_es" / "infoleg_ar_es.parquet"
    return pd.read_parquet(path, columns=["text"])["text"]


def test_no_published_argentine_id_is_left_in_sight(mirror):
    texts = [text for text in norms(mirror) if "##### Art" in text][::16]
    total, left = uncovered(texts)
    assert total > 300
    assert left == 0


@pytest.mark.slow
def test_of_all_published_argentine_ids_of_the_mirror_none_is_left_in_sight(mirror):
    """All 25,049 norms: 8,509 ids, 24 glued to a name and 12 behind torn cues among them."""
    total, left = uncovered(norms(mirror))
    assert total > 8500
    assert left == 0


@pytest.mark.parametrize(
    "text",
    [
        "(R)Wayra FigueroaDNI 7.345.678Argentina",
        "(R)Wayra FigueroaLE 7.345.678Argentina",
        "Ñanco (M:I: N° 7.345.678)",
        "Ñanco (L:C: N°\n\n7.345.678)",
        "Ñanco (D.\n\nN. I. Nº 7.345.678)",
        "Ñanco (M\n\nI N° 7.345.678)",
        "Ñanco (Mi Nº 7.345.678)",
        "Ñanco (1234-M.I. Nº 7.345.678)",
        "Ñanco (D.N.I. Nº 17.345,678)",
        "D.N.I. 3O.I23.456",
        "M.I. 3O.l23.456",
        "7.345.678 (DNI)",
        "7.3\u200b45.678, D.N.I.",
        "7.345.678 es mi DNI",
    ],
)
def test_an_id_is_found_however_its_cue_is_torn_glued_or_behind_it(text):
    (entity,) = (e for e in find_personal(text) if e.kind == "national_id")
    written = text[entity.start : entity.end]
    assert len(re.sub(r"\W", "", written)) in (7, 8)
    assert text[entity.end - 3 : entity.end] in ("678", "456")


def test_a_cue_between_two_numbers_is_of_the_second():
    assert seen("30.123.456, D.N.I. Nº 31.222.333") == [("31.222.333", "national_id")]


def test_documents_that_a_reader_marked_are_found_and_the_others_left(mirror):
    pd = pytest.importorskip("pandas")
    table = pd.read_parquet(mirror / "esic_df_pii_pt" / "esic_df_pii_pt.dev.parquet")
    said = [bool(find_personal(text)) for text in table["text"]]
    truth = table["contains_personal_data"].astype(bool)
    hits = sum(a and b for a, b in zip(said, truth, strict=True))
    assert hits >= 0.95 * truth.sum()
    assert hits >= 0.85 * sum(said)
    covered = total = 0
    for text, spans in zip(table["text"], table["spans"], strict=True):
        ours = {i for e in find_personal(text) for i in range(e.start, e.end)}
        marked = {i for start, end, _ in json.loads(spans) for i in range(start, end)}
        covered, total = covered + len(ours & marked), total + len(marked)
    assert covered >= 0.8 * total
