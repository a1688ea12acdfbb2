"""Check digits agree with python-stdnum, and notice one wrong digit where the scheme can."""

from __future__ import annotations

import random
from importlib import import_module

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban

from iagkit.core.errors import UsageError
from iagkit.text.privacy.checkdigits import mod97
from iagkit.text.privacy.checksums import CHECKS, compact, holds

ORACLE = {
    ("ar.cuil", "ar.cuit_company"): ("ar.cuit", 11),
    ("ar.cbu",): ("ar.cbu", 22),
    ("br.cpf",): ("br.cpf", 11),
    ("br.cnpj",): ("br.cnpj", 14),
    ("cl.rut_any",): ("cl.rut", 9),
    ("co.nit",): ("co.nit", 10),
    ("cr.cedula",): ("cr.cpf", 10),
    ("cu.ni",): ("cu.ni", 11),
    ("do.cedula",): ("do.cedula", 11),
    ("do.rnc",): ("do.rnc", 9),
    ("ec.ci",): ("ec.ci", 10),
    ("es.ccc",): ("es.ccc", 20),
    ("es.dni",): ("es.dni", 9),
    ("es.cif",): ("es.cif", 9),
    ("gt.nit",): ("gt.nit", 9),
    ("pe.dni",): ("pe.cui", 9),
    ("pe.ruc", "pe.ruc_company"): ("pe.ruc", 11),
    ("pt.nif", "pt.nif_company"): ("pt.nif", 9),
    ("pt.cc",): ("pt.cc", 12),
    ("py.ruc", "py.ruc_company"): ("py.ruc", 8),
    ("sv.nit",): ("sv.nit", 14),
    ("uy.rut",): ("uy.rut", 12),
    ("card",): ("luhn", 16),
}
PREFIX = {
    **{"ar.cuit": ("20", "27", "30", "33"), "cu.ni": ("800229", "991231", "010101")},
    **{"ec.ci": ("170", "092", "245"), "pe.ruc": ("10", "20"), "sv.nit": ("06141503", "12171201")},
    **{"uy.rut": ("01", "21"), "luhn": ("4", "51", "37")},
    **{"cr.cpf": ("01", "07"), "es.cif": ("A", "B", "Q"), "pt.nif": ("1", "2", "5")},
}
PERSONAL = {
    **{"br.cnh": "12345678900", "br.pis": "12056412847", "br.titulo": "004356870906"},
    **{"br.rg": "246781312", "br.cns": "209582270630000", "mx.nss": "72795608040"},
    **{"mx.clabe": "032180000118359719", "mx.ine": "GMVLMR80070501M100"},
    **{"mx.curp": "BOXW310820HNERXN09", "mx.rfc": "GODE561231GR8", "sv.dui": "000162975"},
    **{"uy.ci": "12345672", "gt.cui": "2345678991801", "ni.cedula": "0012203900001W"},
}


def made(rng: random.Random, oracle: str, length: int) -> str:
    """Digits that look right, of which the oracle decides."""
    start = rng.choice(PREFIX.get(oracle, ("",)))
    digits = start + "".join(str(rng.randrange(10)) for _ in range(length - len(start)))
    if oracle == "uy.rut":
        digits = digits[:8] + "001" + digits[11:]
    last = {"cl.rut": "0123456789K", "gt.nit": "0123456789K", "pe.cui": "0123456789ABCDEFGHIJK"}
    letters = last.get(oracle) or ("TRWAGMYFPDXBNJZSQVHLCKE" if oracle == "es.dni" else "")
    if letters:
        digits = digits[:-1] + rng.choice(letters)
    if oracle == "es.cif":
        digits = digits[:-1] + rng.choice("0123456789JABCDEFGHI")
    return digits[:9] + rng.choice(("ZZ", "A1")) + digits[11:] if oracle == "pt.cc" else digits


@pytest.mark.parametrize("names", ORACLE, ids="+".join)
def test_a_number_holds_exactly_when_python_stdnum_says_so(names):
    oracle, length = ORACLE[names]
    says = import_module(f"stdnum.{oracle}").is_valid
    rng = random.Random(4)
    valid = 0
    for _ in range(4000):
        number = made(rng, oracle, length)
        if len(set(number)) == 1:
            continue
        valid += bool(says(number))
        ours = any(holds(name, number) for name in names)
        if names == ("card",):
            ours = ours or (says(number) and number[:2] in ("37", "50"))
        assert ours == says(number), (names, length)
    assert valid >= 5


@pytest.mark.parametrize("country", ["GB82WEST12345698765432", "ES9121000418450200051332"])
def test_an_iban_of_a_bank_s_leaflet_holds(country):
    assert holds("iban", country)
    assert mod97(country)
    assert not holds("iban", country[:-1] + "9")


@pytest.mark.parametrize("name", ["br.cpf", "cl.rut_any", "ec.ci", "mx.nss", "es.dni"])
@given(seed=st.integers(0, 10**6), place=st.integers(3, 6), more=st.integers(1, 9))
def test_one_wrong_digit_is_noticed(name, seed, place, more):
    number = _valid(name, random.Random(seed))
    wrong = (int(number[place]) + more) % 10
    assert not holds(name, f"{number[:place]}{wrong}{number[place + 1 :]}")


def _valid(name: str, rng: random.Random) -> str:
    length, start = {
        **{"br.cpf": (11, ""), "cl.rut_any": (9, "1"), "ec.ci": (10, "17")},
        **{"mx.nss": (11, ""), "es.dni": (9, "")},
    }[name]
    last = "TRWAGMYFPDXBNJZSQVHLCKE" if name == "es.dni" else "0123456789"
    while True:
        body = "".join(str(rng.randrange(10)) for _ in range(length - len(start) - 1))
        number = start + body + rng.choice(last)
        if holds(name, number):
            return number


@pytest.mark.parametrize(("name", "number"), PERSONAL.items())
def test_an_invented_number_holds_and_its_neighbour_does_not(name, number):
    assert holds(name, number)
    place = 8 if name == "mx.ine" else 6
    other = str((int(number[place]) + 2) % 10)
    assert not holds(name, number[:place] + other + number[place + 1 :])


@given(st.sampled_from(("ES", "DE", "GB")), st.integers(10**13, 10**14 - 1))
def test_every_iban_that_python_stdnum_takes_holds(country, account):
    length = {"ES": 20, "DE": 18, "GB": 18}[country]
    bban = f"WEST{account}" if country == "GB" else str(account).rjust(length, "7")
    code = iban.calc_check_digits(f"{country}00{bban}")
    number = f"{country}{code}{bban}"
    assert holds("iban", number)
    assert not holds("iban", f"{number[:-1]}{(int(number[-1]) + 1) % 10}")


def test_dates_and_provinces_inside_a_number_are_checked_where_no_digit_is():
    assert holds("hn.dni", "0801-1985-12345")
    assert not holds("hn.dni", "2901-1985-12345")
    assert holds("tt.id", "19850229001") is False
    assert holds("pa.cedula", "8-123-456")
    assert holds("pa.cedula", "PE-12-345")
    assert not holds("pa.cedula", "14-123-456")


def test_a_process_number_is_known_by_its_own_digits():
    assert holds("br.cnj", "0001234-50.2019.8.07.0001") is (
        int("000123420198070001" + "50") % 97 == 1
    )


def test_checks_cover_the_region():
    assert len({name[:2] for name in CHECKS if "." in name} - {"es", "pt"}) >= 18


@given(st.text(alphabet="0123456789ABCXKV-. ", max_size=30), st.sampled_from(sorted(CHECKS)))
def test_no_text_breaks_a_check(text, name):
    assert holds(name, text) in (True, False)
    assert " " not in compact(text)


def test_an_unknown_identifier_is_refused_by_name():
    with pytest.raises(UsageError, match=r"got 'xx\.id'"):
        holds("xx.id", "1")
