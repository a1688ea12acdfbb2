"""Fields of documents: places, kinds and normal forms."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import UsageError
from iagkit.text.fields.anchors import Anchors
from iagkit.text.fields.cases import cnj_holds
from iagkit.text.fields.find import find_fields
from iagkit.text.fields.nouns import KINDS
from iagkit.text.fields.spelt import number_in_words
from iagkit.text.privacy.checksums import CHECKS


def values(text: str, kind: str, **asked) -> list[str]:
    return [f.value for f in find_fields(text, **asked) if f.kind == kind]


def written(text: str, kind: str, **asked) -> list[str]:
    return [text[f.start : f.end] for f in find_fields(text, **asked) if f.kind == kind]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("em 13/03/2018.", "2018-03-13"),
        ("el 27/2/85,", "1985-02-27"),
        ("6.12.2017", "2017-12-06"),
        ("2024-02-28", "2024-02-28"),
        ("1999.12.31", "1999-12-31"),
        ("15.III.2020", "2020-03-15"),
        ("março/2020", "2020-03"),
        ("the 5th day of May, 2020", "2020-05-05"),
        ("12 DE ABRIL DE 2000", "2000-04-12"),
        ("1º de janeiro de 1990", "1990-01-01"),
        ("Noviembre 14 de 2007", "2007-11-14"),
        ("March 3, 2020", "2020-03-03"),
        ("abril de 2005", "2005-04"),
        ("A LOS CATORCE DIAS DEL MES DE NOVIEMBRE DEL AÑO DOS MIL SIETE", "2007-11-14"),
        ("primeiro de março de dois mil e vinte", "2020-03-01"),
        ("del 5 de enero al 7 de marzo de 2021", "2021-01-05/2021-03-07"),
        ("del 1 al 15 de marzo de 2020", "2020-03-01/2020-03-15"),
    ],
)
def test_a_date_in_figures_or_words_has_its_iso_form(text, value):
    assert values(text, "date") == [value]


@pytest.mark.parametrize(
    "text",
    [
        "30/02/2020",
        "31/02/2020",
        "29/02/2021",
        "00/00/0000",
        "31.4.2019",
        "versión 1.2.3.4",
        "mayo",
        "99/99/9999",
    ],
)
def test_what_is_no_day_is_no_date(text):
    assert values(text, "date") == []


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("art. 16 da Lei nº 8.443/1992", "br:lei:8443:1992#16"),
        ("§ 3º do art. 43 da Lei 8.212/91", "br:lei:8212:1991#43"),
        ("arts. 467 e 477 da CLT", "br:decreto-lei:5452:1943#467,477"),
        ("Lei Complementar n. 162/95", "br:lei-complementar:162:1995"),
        ("Lei nº 8.112, de 11 de dezembro de 1990", "br:lei:8112:1990"),
        ("MP n° 2.200-2/2001", "br:medida-provisoria:2200-2:2001"),
        ("art. 5º, LXXVIII, da CF", "br:constituicao::1988#5"),
        ("art. 535 do CPC/2015", "br:lei:13105:2015#535"),
        ("el artículo 2° de la Ley N° 26.466", "ar:ley:26466:#2"),
        ("Decreto N° 649 del 3 de junio de 2013", "ar:decreto:649:2013"),
        ("Portaria n 314", "br:portaria:314:"),
        ("artículos 5, 6 y 7 bis de la Ley 24.660", "ar:ley:24660:#5,6,7bis"),
        ("arts. 5º, 6º e 7º-A da Lei 8.112/90", "br:lei:8112:1990#5,6,7-A"),
        ("artículo 3545 del Código Civil", "ar:codigo::#3545"),
        ("art. 5 da Constituição de 1988", "br:constituicao::1988#5"),
        ("Ley N° 26.061/05", "ar:ley:26061:2005"),
        ("Ley 906 de 2004", "ar:ley:906:2004"),
        ("Lei 8.666, de 1993", "br:lei:8666:1993"),
        ("Decreto-Lei nº 2.848", "br:decreto-lei:2848:"),
        ("Decreto Supremo N° 004-2019-JUS", "ar:decreto:004:2019"),
        ("Disposición N° 12-E/2017", "ar:disposicion:12:2017"),
        ("Resolución (MTEySS) N° 123/2010", "ar:resolucion:123:2010"),
        ("Resolución General AFIP N° 4.003", "ar:resolucion:4003:"),
        ("Act No. 5 of 2002", "ar:act:5:2002"),
    ],
)
def test_a_reference_is_resolved_to_country_kind_number_year_and_articles(text, value):
    assert values(text, "norm", country="ar") == [value]


@pytest.mark.parametrize("text", ["art. 5º, II, a", "decreto de necesidad", "acts of 2002"])
def test_what_names_no_norm_is_no_reference(text):
    assert values(text, "norm", country="ar") == []


@pytest.mark.parametrize(
    ("country", "value"), [("br", "br:decreto-lei:2848:1940#121"), ("ar", "ar:codigo::#121")]
)
def test_a_code_that_several_countries_have_is_that_of_the_declared_one(country, value):
    assert values("art. 121 do Código Penal", "norm", country=country) == [value]


def test_each_norm_of_a_list_is_a_reference_with_its_own_year():
    text = "los Decretos Nros. 1359 del 5 de octubre de 2004, 1486 del 23 de setiembre de 2011"
    assert values(text, "norm", country="ar") == ["ar:decreto:1359:2004", "ar:decreto:1486:2011"]


def test_the_span_of_a_reference_is_the_text_as_it_stands():
    text = "nos termos do art. 71 da Lei nº 8.666/93."
    assert written(text, "norm") == ["art. 71 da Lei nº 8.666/93"]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("R$ 1.234,50", "BRL 1234.50"),
        ("US$ 3,5 milhões", "USD 3500000"),
        ("$ 1.000.-", "ARS 1000"),
        ("UF 23,5", "CLF 23.5"),
        ("S/ 120.00", "PEN 120.00"),
        ("Q 50", "GTQ 50"),
        ("₲ 3.000.000", "PYG 3000000"),
        ("cinco mil reais", "BRL 5000"),
        ("20 millones de pesos", "ARS 20000000"),
        ("PESOS UN MIL DOSCIENTOS ($ 1.200.-)", "ARS 1200"),
        ("pesos quinientos ($500)", "ARS 500"),
        ("$ 15.000 (pesos quince mil)", "ARS 15000"),
        ("R$ 100,00 (cem reais)", "BRL 100.00"),
        ("US$ 5 mil", "USD 5000"),
        ("R$ -5,00", "BRL -5.00"),
        ("COP $ 5.000.000", "COP 5000000"),
        ("$ 1,200.00 MXN", "MXN 1200.00"),
        ("five hundred dollars", "USD 500"),
    ],
)
def test_an_amount_has_its_currency_and_a_plain_number(text, value):
    assert values(text, "amount", country="ar") == [value]


def test_without_a_country_the_currency_of_a_bare_sign_is_not_guessed():
    assert values("$ 1.200", "amount") == ["? 1200"]


def test_a_unified_number_is_known_by_its_check_digits_and_its_zeros_are_written():
    assert cnj_holds("0715337-93.2014.8.01.0001")
    fields = find_fields("0715337-93.2014.8.01.0001 e 715337-94.2014.8.01.0001")
    assert [(f.sort, f.value[:7]) for f in fields] == [
        ("cnj", "0715337"),
        ("cnj-unchecked", "0715337"),
    ]


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 10**20 - 1))
def test_check_digits_agree_with_those_of_personal_data(number):
    digits = f"{number:020d}"
    right = f"{98 - int(digits[:7] + digits[9:] + '00') % 97:02d}"
    whole = digits[:7] + right + digits[9:]
    assert cnj_holds(whole)
    assert cnj_holds(digits) == CHECKS["br.cnj"](digits) or digits == digits[0] * 20


@pytest.mark.parametrize(
    ("text", "sort"),
    [
        ("Expediente N° S04:0044453/2014", "expediente"),
        ("EX-2019-12345678- -APN-DGD#MJ", "gde"),
        ("11001-03-15-000-2019-01234-00", "radicado"),
        ("amparo directo en revisión 1234/2015", "amparo"),
        ("Rol N° C-1234-2020", "rol"),
        ("02744-2015-PA/TC", "tc"),
        ("TC 019.040/2013-0", "tcu"),
        ("processo nº 0715337-93.2014.8.01.0001", "cnj"),
        ("processo nº 0715337-94.2014.8.01.0001", "cnj-unchecked"),
        ("causa 1234/2015", "causa"),
        ("CIV 12345/2018/CA1", "expediente"),
        ("2007/0173845-8", "registro"),
        ("SEI 00015-01009853/2026-01", "sei"),
    ],
)
def test_case_numbers_of_the_region_are_told_apart(text, sort):
    assert [f.sort for f in find_fields(text, kinds=["case"])] == [sort]


@pytest.mark.parametrize(
    "text",
    [
        "Súmula nº 331 do TST",
        "Súmula 331 , V , do TST",
        "Tema 1.046 do STF",
        "REsp 1.243.887/PR",
        "HC n. 105.959/DF",
        "EDcl no REsp 449407/PR",
        "RE-AgR 123.456",
        "ADI 4.424",
        "Acórdão 2.634/2016-TCU-Plenário",
        "Sentencia C-355/06",
        "tesis 1a./J. 22/2016 (10a.)",
    ],
)
def test_rulings_are_cited_by_class_or_by_precedent(text):
    assert written(f"conforme {text}, decidiu", "ruling") == [text]


def test_each_ruling_of_a_list_is_one_and_a_heading_is_none():
    text = "os REsp 1.583.083 , 1.597.380 e 1.609.067 , em conjunto"
    assert values(text, "ruling") == ["resp 1.583.083", "resp 1.597.380", "resp 1.609.067"]
    assert values("HABEAS CORPUS .\n1 . Não se consuma", "ruling") == []


def test_a_surname_in_front_keeps_its_given_name_and_a_word_that_joins_is_no_end():
    for text, name in (("ACTOR: PEREZ, JUAN", "PEREZ, JUAN"), ("Autor: JOSÉ e outros", "JOSÉ")):
        assert written(text, "party", kinds=["party"]) == [name]


def test_names_of_parties_are_given_only_where_asked_and_never_as_a_value():
    text = "Pérez Inventado Juan c/ Estado Nacional s/ amparo\nAUTOR: Fulana de Tal\n"
    assert find_fields(text) == []
    found = find_fields(text, kinds=["party"])
    assert [(text[f.start : f.end], f.sort, f.value) for f in found] == [
        ("Pérez Inventado Juan", "author", ""),
        ("Estado Nacional", "defendant", ""),
        ("Fulana de Tal", "author", ""),
    ]


pieces = st.sampled_from(
    ["art. 3º ", "da Lei nº 8.112/90 ", "R$ 1.000,00 ", "3 de maio de 2001 ", "e ", "Súmula 7 ",
     "\n", "do CPC ", "Expte. 12/2019 ", "ley 5 ", "mil ", "de ", ", ", "§ 2º ", "🙂", "\u0301"]
)  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(st.lists(pieces, max_size=25).map("".join))
def test_fields_lie_inside_the_text_in_order_and_do_not_overlap(text):
    found = find_fields(text)
    ends = [0, *(f.end for f in found)]
    assert all(
        before <= f.start < f.end <= len(text) for before, f in zip(ends, found, strict=False)
    )


anything = st.one_of(
    st.text(max_size=60),
    st.lists(st.one_of(pieces, st.text(max_size=4)), max_size=25).map("".join),
)


@settings(max_examples=200, deadline=None)
@given(anything)
def test_any_text_is_read_twice_alike_and_only_what_is_shown_counts(text):
    found = find_fields(text, kinds=KINDS, country="br")
    assert found == find_fields(text, kinds=KINDS, country="br")
    for field in found:
        shown = text[field.start : field.end]
        assert shown == shown.strip() != ""
        if field.kind == "amount":
            assert float(field.value.split()[1]) > -1e30


def everywhere(monkeypatch):
    """Try each expression at each character, as if nothing were known of beginnings."""
    monkeypatch.setattr(Anchors, "matches", lambda self, pattern, _: pattern.finditer(self.text))


@pytest.mark.parametrize("corpus", ["infoleg_ar_es", "dodf_persoseg_pt"])
def test_nothing_is_lost_where_expressions_are_tried_at_anchors_only(corpus, mirror, monkeypatch):
    import pandas as pd

    texts = pd.read_parquet(mirror / corpus / f"{corpus}.parquet", columns=["text"])["text"]
    some = [text[:4000] for text in texts.astype(str).sample(15, random_state=3)]
    quick = [find_fields(text, kinds=KINDS) for text in some]
    everywhere(monkeypatch)
    assert quick == [find_fields(text, kinds=KINDS) for text in some]


@settings(max_examples=100, deadline=None)
@given(st.integers(2, 9), st.integers(2, 9))
def test_thousands_in_words_multiply_and_hundreds_add(many, more):
    digits = ["cero", "uno", "dos", "tres", "cuatro", "cinco", "seis", "siete", "ocho", "nueve"]
    said = f"{digits[many]} mil ciento {digits[more]}"
    assert number_in_words(said) == many * 1000 + 100 + more


@pytest.mark.parametrize(
    "piece", ["art. 1, 2, 3 ", " ", "\n", "mil ", "1.", "§ 1º e ", "HC no ", "'"]
)
def test_time_grows_with_the_text_and_not_with_its_square(piece):
    def seconds(times: int) -> float:
        begin = time.process_time()
        find_fields(piece * times)
        return time.process_time() - begin

    seconds(100)
    assert seconds(8000) <= 10 * max(seconds(2000), 0.02)


def test_references_of_court_documents_are_found_as_their_annotators_marked_them(mirror):
    import json

    import pandas as pd

    table = pd.read_parquet(mirror / "lener_br_pt" / "lener_br_pt.dev.parquet")
    right = found = marked = 0
    for tokens, tags in zip(
        table["tokens"].map(json.loads), table["tags"].map(json.loads), strict=True
    ):
        told, at, before = [], 0, "O"
        for word, tag in zip(tokens, tags, strict=True):
            if tag == "I-LEGISLACAO" and before.endswith("LEGISLACAO"):
                told[-1][1] = at + len(word)
            elif tag.endswith("LEGISLACAO"):
                told.append([at, at + len(word)])
            at, before = at + len(word) + 1, tag
        spans = {tuple(s) for s in told}
        got = {
            (f.start, f.end) for f in find_fields(" ".join(tokens), kinds=["norm"], country="br")
        }
        right, found, marked = right + len(spans & got), found + len(got), marked + len(spans)
    assert right / found >= 0.8
    assert right / marked >= 0.8


def test_an_unknown_kind_is_refused_with_the_likely_one():
    with pytest.raises(UsageError, match=r"got 'norms'\. Did you mean"):
        find_fields("", kinds=["norms"])
