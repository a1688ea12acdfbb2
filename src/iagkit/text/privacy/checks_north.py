"""Check digits of Mexico, Central America, the Caribbean, Spain and Portugal.

Where a registry defines no check digit (Cuba, Honduras, Costa Rica, Trinidad and Tobago), the
date, province or region written into the number is checked instead, and the docstring says so.
Sources: python-stdnum, the oracle in the tests; RENAP for the Guatemalan CUI; the Nicaraguan
letter is the remainder by 23.
"""

from __future__ import annotations

import re
from typing import Final

from iagkit.text.privacy.checkdigits import descending, is_day, luhn, monotone, weighted

_MX_LETTERS: Final = "0123456789ABCDEFGHIJKLMN&OPQRSTUVWXYZ Ñ"
_MX_STATES: Final = re.compile(
    "AS|BC|BS|CC|CH|CL|CM|CS|DF|DG|GR|GT|HG|JC|MC|MN|MS|NE|NL|NT|OC|PL|QR|QT|"
    "SL|SP|SR|TC|TL|TS|VZ|YN|ZS"
)
_CURP: Final = re.compile(r"[A-ZÑ]{4}\d{6}[HMX][A-Z]{5}[0-9A-Z]\d")
_RFC: Final = re.compile(r"[A-ZÑ&]{3,4}\d{6}[1-9A-V][1-9A-Z][0-9A]")
_INE: Final = re.compile(r"[A-Z]{6}\d{8}[HM]\d{3}")
_GT_TOWNS: Final = (
    *(17, 8, 16, 16, 14, 14, 19, 8, 24, 21, 10),
    *(33, 33, 21, 8, 17, 14, 5, 11, 11, 7, 17),
)
_NI_LETTERS: Final = "ABCDEFGHJKLMNPQRSTUVWXY"
_ES_LETTERS: Final = "TRWAGMYFPDXBNJZSQVHLCKE"
_HN_DEPARTMENTS: Final = 18
_ALNUM: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def mx_curp(characters: str) -> bool:
    """CURP: 18 characters with birth date, sex, state and a check digit."""
    code = characters.upper()
    if not _CURP.fullmatch(code) or not _MX_STATES.match(code, 11):
        return False
    century = "19" if code[16].isdigit() else "20"
    if not is_day(code[8:10], code[6:8], century + code[4:6]):
        return False
    total = sum(_mx_value(c) * (18 - i) for i, c in enumerate(code[:17]))
    return -total % 10 == int(code[17])


def _mx_value(character: str) -> int:
    return _MX_LETTERS.index("&" if character == "Ñ" else character)


def _mx_rfc(code: str) -> bool:
    if not _RFC.fullmatch(code) or not is_day(code[-5:-3], code[-7:-5]):
        return False
    padded = code[:-1].rjust(12)
    total = sum(_MX_LETTERS.index(c) * (13 - i) for i, c in enumerate(padded))
    return _MX_LETTERS[-total % 11] == code[-1]


def mx_rfc(characters: str) -> bool:
    """RFC of a natural person: 13 characters."""
    return len(characters) == 13 and _mx_rfc(characters.upper())


def mx_rfc_company(characters: str) -> bool:
    """RFC of a company: 12 characters."""
    return len(characters) == 12 and _mx_rfc(characters.upper())


def mx_ine(characters: str) -> bool:
    """Voter's key: 6 letters, birth date, state, sex, 3 digits; no check digit."""
    code = characters.upper()
    if not _INE.fullmatch(code) or not is_day(code[10:12], code[8:10]):
        return False
    return 1 <= int(code[12:14]) <= 33 or code[12:14] in ("87", "88")


def mx_nss(digits: str) -> bool:
    """NSS of social security: 11 digits, Luhn."""
    return len(digits) == 11 and not monotone(digits) and luhn(digits)


def mx_clabe(digits: str) -> bool:
    """CLABE of a bank account: 18 digits, weights 3, 7, 1."""
    if len(digits) != 18 or monotone(digits):
        return False
    total = sum(int(d) * w % 10 for d, w in zip(digits[:17], (3, 7, 1) * 6, strict=False))
    return -total % 10 == int(digits[17])


def cr_cedula(digits: str) -> bool:
    """Identity card: 9 digits, province 1 to 9, or 10 with a zero before; no check digit."""
    full = digits.rjust(10, "0") if len(digits) == 9 else digits
    return len(full) == 10 and full[0] == "0" and full[1] != "0"


def cr_company(digits: str) -> bool:
    """Cédula jurídica: 10 digits, class 2 to 5; no check digit."""
    return len(digits) == 10 and digits[0] in "2345" and digits[1] in "01"


def cu_ni(digits: str) -> bool:
    """Identity number: 11 digits that start with a birth date; no check digit."""
    if len(digits) != 11:
        return False
    century = "18" if digits[6] == "9" else "19" if digits[6] <= "5" else "20"
    return is_day(digits[4:6], digits[2:4], century + digits[:2])


def do_cedula(digits: str) -> bool:
    """Identity card: 11 digits, Luhn; some old ones issued without are not recognised."""
    return len(digits) == 11 and not monotone(digits) and luhn(digits)


def do_rnc(digits: str) -> bool:
    """RNC of a company: 9 digits, one check digit."""
    if len(digits) != 9:
        return False
    rest = weighted(digits, (7, 9, 8, 6, 5, 4, 3, 2)) % 11
    return str((10 - rest) % 9 + 1) == digits[8]


def gt_cui(digits: str) -> bool:
    """CUI of the DPI: 8 digits, check digit, department and town that exist."""
    if len(digits) != 13:
        return False
    department, town = int(digits[9:11]), int(digits[11:])
    if not 1 <= department <= len(_GT_TOWNS) or not 1 <= town <= _GT_TOWNS[department - 1]:
        return False
    return weighted(digits[:8], range(2, 10)) % 11 == int(digits[8])


def gt_nit(characters: str) -> bool:
    """NIT: 1 to 11 digits and a check digit or K."""
    body, check = characters[:-1], characters[-1:].upper()
    if not 1 <= len(body) <= 11 or not body.isdigit():
        return False
    total = sum(int(d) * w for w, d in enumerate(reversed(body), 2))
    return "0123456789K"[-total % 11] == check


def hn_dni(digits: str) -> bool:
    """Identity number: department 01 to 18, town, year of registration, serial; no check digit."""
    if len(digits) != 13 or not 1 <= int(digits[:2]) <= _HN_DEPARTMENTS:
        return False
    return 1 <= int(digits[2:4]) <= 28 and 1900 <= int(digits[4:8]) <= 2099


def ni_cedula(characters: str) -> bool:
    """Identity card: town, birth date, serial and a letter, the remainder by 23."""
    digits, letter = characters[:-1], characters[-1:].upper()
    if len(digits) != 13 or not digits.isdigit() or not is_day(digits[3:5], digits[5:7]):
        return False
    return _NI_LETTERS[int(digits) % 23] == letter


def pa_cedula(characters: str) -> bool:
    """Identity card: province 1 to 13 or PE, E, N, PI, AV; book and entry; no check digit."""
    parts = characters.upper().split("-")
    province = re.fullmatch(r"(\d{1,2})?(PE|E|N|PI|AV|NT)?", parts[0])
    if not province or len(parts) not in (3, 4) or not parts[0]:
        return False
    if province[1] and not 1 <= int(province[1]) <= 13:
        return False
    return all(p.isdigit() for p in parts[2:]) and (parts[1].isdigit() or len(parts) == 4)


def sv_dui(digits: str) -> bool:
    """DUI: 8 digits and a check digit."""
    if len(digits) != 9 or monotone(digits):
        return False
    return -weighted(digits, range(9, 1, -1)) % 10 == int(digits[8])


def sv_nit(digits: str) -> bool:
    """NIT: town, birth date, serial, a check digit."""
    if len(digits) != 14 or digits[0] not in "019" or not is_day(digits[4:6], digits[6:8]):
        return False
    if digits[10:13] <= "100":
        return weighted(digits, range(14, 1, -1)) % 11 % 10 == int(digits[13])
    return -weighted(digits, (2, 7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11 % 10 == int(digits[13])


def tt_id(digits: str) -> bool:
    """National identification: 11 digits that start with a birth date; no check digit."""
    return len(digits) == 11 and is_day(digits[6:8], digits[4:6], digits[:4])


def es_dni(characters: str) -> bool:
    """DNI or NIE: up to 8 digits, X, Y or Z first for foreigners, and the letter modulo 23."""
    code = characters.upper()
    if len(code) != 9 or code[8] not in _ES_LETTERS or code[1:8].strip("0123456789"):
        return False
    first = "XYZ".find(code[0])
    if first < 0 and not code[0].isdigit():
        return False
    body = f"{first}{code[1:8]}" if first >= 0 else code[:8]
    return _ES_LETTERS[int(body) % 23] == code[8]


def es_cif(characters: str) -> bool:
    """CIF of a company: a letter, 7 digits, a check digit or letter."""
    code = characters.upper()
    if len(code) != 9 or code[0] not in "ABCDEFGHJNPQRSUVW" or not code[1:8].isdigit():
        return False
    doubled = sum(sum(divmod(int(d) * 2, 10)) for d in code[1:8:2])
    digit = -(doubled + sum(map(int, code[2:8:2]))) % 10
    return code[8] in (str(digit), "JABCDEFGHI"[digit])


def es_ccc(digits: str) -> bool:
    """CCC of a bank account: 20 digits, the 9th and 10th check the others."""
    if len(digits) != 20 or monotone(digits):
        return False
    return digits[8:10] == _ccc("00" + digits[:8]) + _ccc(digits[10:])


def _ccc(digits: str) -> str:
    rest = sum(int(d) * 2**i for i, d in enumerate(digits)) % 11
    return str(rest if rest <= 1 else 11 - rest)


def es_nass(digits: str) -> bool:
    """Affiliation to social security: province, number, remainder by 97."""
    if len(digits) != 12:
        return False
    province, number = digits[:2], digits[2:10]
    joined = province + number[1:] if number[0] == "0" else province + number
    return int(joined) % 97 == int(digits[10:])


def pt_nif(digits: str) -> bool:
    """NIF of a natural person: 9 digits from 1, 2, 3 or 45, one check digit."""
    return _pt_nif(digits) and (digits[0] in "123" or digits[:2] == "45")


def pt_nif_company(digits: str) -> bool:
    """NIPC of a company or body: 9 digits, any other first digit."""
    return _pt_nif(digits) and not pt_nif(digits)


def _pt_nif(digits: str) -> bool:
    if len(digits) != 9 or digits[0] == "0":
        return False
    return -descending(digits[:8]) % 11 % 10 == int(digits[8])


def pt_cc(characters: str) -> bool:
    """Cartão de Cidadão: 9 digits, two letters or digits, a check digit."""
    code = characters.upper()
    if len(code) != 12 or not (code[:9] + code[11]).isdigit() or not code[9:11].isalnum():
        return False
    values = [_ALNUM.find(c) for c in reversed(code)]
    return sum(values[::2]) % 10 == -sum(v * 2 - 9 * (v > 4) for v in values[1::2]) % 10
