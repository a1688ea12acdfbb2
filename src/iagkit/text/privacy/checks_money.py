"""Check digits of payment: IBAN, cards, keys and codes of PIX; and Brazil's process number."""

from __future__ import annotations

import re
from binascii import crc_hqx
from typing import Final

from iagkit.text.privacy.checkdigits import luhn, mod97, monotone

_IBAN_LENGTH: Final = {
    **{"AD": 24, "AT": 20, "BE": 16, "BG": 22, "BR": 29, "CH": 21, "CR": 22, "CZ": 24, "DE": 22},
    **{"DK": 18, "DO": 28, "ES": 24, "FI": 18, "FR": 27, "GB": 22, "GI": 23, "GR": 27, "GT": 28},
    **{"HN": 28, "IE": 22, "IT": 27, "LU": 20, "MC": 27, "NI": 28, "NL": 18, "NO": 15, "PL": 28},
    **{"PT": 25, "RO": 24, "SE": 24, "SM": 27, "SV": 28, "TR": 26, "VA": 22, "VG": 24},
}
_BRAND: Final = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[0-8]\d{14}|2(?:2[2-9]|[3-6]\d|7[01])\d{13}|27200?\d{11,12}|"
    r"3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|6(?:011|2\d\d|36\d|4[4-9]\d|5\d\d)\d{12}|60(?:4|6)\d{13}"
)
_CNJ: Final = re.compile(r"(\d{7})(\d{2})(\d{4})(\d)(\d{2})(\d{4})")


def iban(characters: str) -> bool:
    """IBAN: known country, its length, remainder by 97."""
    code = characters.upper()
    if _IBAN_LENGTH.get(code[:2]) != len(code) or not code.isalnum() or not code.isascii():
        return False
    return mod97(code)


def card(digits: str) -> bool:
    """Payment card: 13 to 19 digits, the prefix of a brand, Luhn."""
    return bool(_BRAND.fullmatch(digits)) and not monotone(digits[1:]) and luhn(digits)


def pix_code(payload: str) -> bool:
    """PIX "copia e cola": EMV fields closed by the CRC-16 of all before it."""
    if not payload.startswith("000201") or payload[-8:-4] != "6304":
        return False
    return f"{crc_hqx(payload[:-4].encode(), 0xFFFF):04X}" == payload[-4:].upper()


def br_cnj(digits: str) -> bool:
    """Brazil's unified number of a process: 20 digits, remainder by 97 (CNJ, resolução 65)."""
    parts = _CNJ.fullmatch(digits)
    if not parts:
        return False
    serial, check, year, branch, court, origin = parts.groups()
    return int(serial + year + branch + court + origin + check) % 97 == 1
