"""Check digits of South America: Argentina, Bolivia, Brazil, Chile, Colombia to Venezuela.

Sources: the rules of each tax or civil registry, as collected by python-stdnum, which is the
oracle in the tests, and Receita Federal, DENATRAN, TSE and DATASUS for the Brazilian ones.
Every function takes letters and digits without separators and tells whether they hold.
"""

from __future__ import annotations

from typing import Final

from iagkit.text.privacy.checkdigits import descending, luhn, monotone, weighted

_CUIT_PERSON: Final = ("20", "23", "24", "25", "26", "27")
_CUIT_COMPANY: Final = ("30", "33", "34", "50", "51", "55")
_STATES_EC: Final = frozenset((*range(1, 25), 30, 50))
_VE_LETTER: Final = {"V": 4, "E": 8, "J": 12, "P": 16, "G": 20, "C": 12}
_NIT_CO: Final = (3, 7, 13, 17, 19, 23, 29, 37, 41, 43, 47, 53, 59, 67, 71)
_FIRST_COMPANY_CL: Final = 50_000_000


def _cuit(digits: str) -> bool:
    rest = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return digits[10] == "012345678990"[11 - rest]


def ar_cuil(digits: str) -> bool:
    """CUIL or CUIT of a natural person: 11 digits, prefix 20 to 27."""
    return len(digits) == 11 and digits[:2] in _CUIT_PERSON and _cuit(digits)


def ar_cuit_company(digits: str) -> bool:
    """CUIT of a company: 11 digits, prefix 30 and over."""
    return len(digits) == 11 and digits[:2] in _CUIT_COMPANY and _cuit(digits)


def ar_cbu(digits: str) -> bool:
    """CBU or CVU of an account: 22 digits, the 8th and the 22nd check the others."""
    if len(digits) != 22 or monotone(digits):
        return False
    first, second = digits[:8], digits[8:]
    return _cbu_block(first) and _cbu_block(second)


def _cbu_block(block: str) -> bool:
    weights = (3, 1, 7, 9) * 4
    return (10 - weighted(block[-2::-1], weights)) % 10 == int(block[-1])


def _br_pair(digits: str, body: int, first: int) -> bool:
    """Two check digits after ``body`` digits, weights rising from the right up to ``first``."""
    one = descending(digits[:body], first=first) * 10 % 11 % 10
    two = descending(digits[:body] + str(one), first=first) * 10 % 11 % 10
    return digits[body:] == f"{one}{two}"


def br_cpf(digits: str) -> bool:
    """CPF of a natural person: 11 digits, the last two check the others."""
    return len(digits) == 11 and not monotone(digits) and _br_pair(digits, 9, 12)


def br_cnpj(characters: str) -> bool:
    """CNPJ of a company: 14 characters, letters too since 2026, two check digits."""
    if len(characters) != 14 or not characters[12:].isdigit() or characters[:12] == "0" * 12:
        return False
    values = [ord(c) - 48 for c in characters.upper()]
    one = -sum(v * (2 + i % 8) for i, v in enumerate(reversed(values[:12]))) % 11 % 10
    two = -sum(v * (2 + i % 8) for i, v in enumerate(reversed([*values[:12], one]))) % 11 % 10
    return characters[12:] == f"{one}{two}"


def br_rg(characters: str) -> bool:
    """RG as issued in São Paulo: 8 digits and a check digit or X."""
    if len(characters) != 9 or not characters[:8].isdigit() or monotone(characters):
        return False
    rest = weighted(characters, (2, 3, 4, 5, 6, 7, 8, 9))
    return "0123456789X0"[-rest % 11] == characters[8].upper()


def br_cnh(digits: str) -> bool:
    """CNH, a driver's licence: 11 digits, two check digits."""
    if len(digits) != 11 or monotone(digits):
        return False
    one = weighted(digits, range(9, 0, -1)) % 11
    less = 2 if one > 9 else 0
    two = weighted(digits, range(1, 10)) % 11 - less
    two = two + 11 if two < 0 else two
    return digits[9:] == f"{one if one <= 9 else 0}{two if two <= 9 else 0}"


def br_pis(digits: str) -> bool:
    """PIS, PASEP or NIT of social security: 11 digits, one check digit."""
    if len(digits) != 11 or monotone(digits):
        return False
    return (-weighted(digits, (3, 2, 9, 8, 7, 6, 5, 4, 3, 2))) % 11 % 10 == int(digits[10])


def br_titulo(digits: str) -> bool:
    """Voter's number: 8 digits, 2 of the state (01 to 28), two check digits."""
    if len(digits) != 12 or not 1 <= int(digits[8:10]) <= 28:
        return False
    first_states = int(digits[8:10]) <= 2
    one = _voter(weighted(digits[:8], range(2, 10)), shifted=first_states)
    two = _voter(weighted(digits[8:10] + str(one), (7, 8, 9)), shifted=first_states)
    return digits[10:] == f"{one}{two}"


def _voter(total: int, *, shifted: bool) -> int:
    """São Paulo and Minas Gerais write 1 where the others write 0."""
    rest = total % 11
    return 1 if rest == 0 and shifted else rest % 10


def br_cns(digits: str) -> bool:
    """Card of the health system: 15 digits, weights 15 to 1, divisible by 11."""
    if len(digits) != 15 or digits[0] not in "12789":
        return False
    return weighted(digits, range(15, 0, -1)) % 11 == 0


def cl_rut_any(characters: str) -> bool:
    """RUT or RUN: 7 or 8 digits and a check digit or K."""
    body, check = characters[:-1], characters[-1:].upper()
    if len(body) not in (7, 8) or not body.isdigit() or monotone(characters):
        return False
    return "0123456789K0"[(-descending(body, first=7)) % 11] == check


def cl_rut(characters: str) -> bool:
    """RUT of a natural person: below fifty million."""
    return cl_rut_any(characters) and int(characters[:-1]) < _FIRST_COMPANY_CL


def cl_rut_company(characters: str) -> bool:
    """RUT of a company: fifty million and over."""
    return cl_rut_any(characters) and int(characters[:-1]) >= _FIRST_COMPANY_CL


def co_nit(digits: str) -> bool:
    """NIT: 8 to 15 digits and a check digit."""
    if not 8 <= len(digits) - 1 <= 15:
        return False
    rest = weighted(digits[-2::-1], _NIT_CO) % 11
    return "01987654321"[rest] == digits[-1]


def co_nit_company(digits: str) -> bool:
    """NIT of a company: nine digits from 8 or 9, and the check digit."""
    return len(digits) == 10 and digits[0] in "89" and co_nit(digits)


def ec_ci(digits: str) -> bool:
    """Identity card: 10 digits, province 01 to 24, 30 or 50, third digit up to 6, Luhn."""
    if len(digits) != 10 or int(digits[:2]) not in _STATES_EC or digits[2] > "6":
        return False
    return luhn(digits)


def ec_ruc(digits: str) -> bool:
    """RUC of a natural person: the identity card and an establishment that is not 000."""
    return len(digits) == 13 and digits[10:] != "000" and ec_ci(digits[:10])


def pe_ruc(digits: str) -> bool:
    """RUC of a natural person: 11 digits, prefix 10, 15, 16 or 17."""
    return digits[:2] in ("10", "15", "16", "17") and _pe_ruc(digits)


def pe_ruc_company(digits: str) -> bool:
    """RUC of a company: 11 digits, prefix 20."""
    return digits[:2] == "20" and _pe_ruc(digits)


def _pe_ruc(digits: str) -> bool:
    if len(digits) != 11:
        return False
    rest = weighted(digits, (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return str((11 - rest) % 10) == digits[10]


def pe_dni(characters: str) -> bool:
    """DNI with its check character: 8 digits, then a digit or a letter A to K."""
    if len(characters) != 9 or not characters[:8].isdigit():
        return False
    rest = weighted(characters, (3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return characters[8].upper() in ("65432110987"[rest], "KJIHGFEDCBA"[rest])


def py_ruc(digits: str) -> bool:
    """RUC or CI with its check digit: 5 to 8 digits and one more; companies start at 80 million."""
    return _py(digits) and int(digits[:-1]) < 80_000_000


def py_ruc_company(digits: str) -> bool:
    """RUC of a company: eighty million and over."""
    return _py(digits) and int(digits[:-1]) >= 80_000_000


def _py(digits: str) -> bool:
    if not 6 <= len(digits) <= 9:
        return False
    total = sum(int(d) * w for w, d in enumerate(reversed(digits[:-1]), 2))
    return str(-total % 11 % 10) == digits[-1]


def uy_ci(digits: str) -> bool:
    """Identity card: 6 or 7 digits and a check digit."""
    if len(digits) not in (7, 8) or monotone(digits):
        return False
    full = digits.rjust(8, "0")
    return str(-weighted(full, (2, 9, 8, 7, 6, 3, 4)) % 10) == full[7]


def uy_rut(digits: str) -> bool:
    """RUT of a company: 12 digits, office 01 to 22, then not all zeros, 001, a check digit."""
    if len(digits) != 12 or not 1 <= int(digits[:2]) <= 22 or digits[8:11] != "001":
        return False
    rest = weighted(digits, (4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2))
    return digits[2:8] != "000000" and str(-rest % 11) == digits[11]


def _ve_rif(characters: str) -> bool:
    if len(characters) != 10 or not characters[1:].isdigit():
        return False
    total = _VE_LETTER.get(characters[0].upper(), 0) + weighted(
        characters[1:], (3, 2, 7, 6, 5, 4, 3, 2)
    )
    return "00987654321"[total % 11] == characters[9]


def ve_rif(characters: str) -> bool:
    """RIF of a natural person: V, E or P, 8 digits, a check digit."""
    return characters[:1].upper() in ("V", "E", "P") and _ve_rif(characters)


def ve_rif_company(characters: str) -> bool:
    """RIF of a company or body: J, G or C."""
    return characters[:1].upper() in ("J", "G", "C") and _ve_rif(characters)
