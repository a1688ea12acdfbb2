"""What a column must be to have its role; refusals name columns, rows and counts, never a cell."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from iagkit.core.errors import DataError, UsageError
from iagkit.core.registry import did_you_mean
from iagkit.wire.headers import listed

if TYPE_CHECKING:
    import pandas as pd

LANGUAGES: Final = ("es", "pt", "en")
MEANT: Final = {
    **dict.fromkeys(
        ("sp", "esp", "spa", "spanish", "espanol", "español", "castellano", "ca"), "es"
    ),
    **dict.fromkeys(
        ("br", "por", "ptbr", "portuguese", "portugues", "português", "portugués"), "pt"
    ),
    **dict.fromkeys(("eng", "ing", "english", "ingles", "inglés", "inglês", "us", "uk"), "en"),
}
MAX_CHARACTERS: Final = 100_000
MAX_GROUPS: Final = 100
MIN_CASES: Final = 5
SHOWN: Final = 5


def single(table: pd.DataFrame, column: str) -> None:
    """Refuse a column with raw bytes, or with several values in one cell."""
    values = table[column]
    if values.dtype != object:
        return
    kinds = {type(value) for value in values}
    if any(hasattr(kind, "__len__") and not issubclass(kind, str) for kind in kinds):
        msg = (
            f"expected single values in '{column}'; it holds bytes, lists or structures. Write "
            "them as text, or name another column"
        )
        raise DataError(msg)


def text(table: pd.DataFrame, column: str) -> None:
    """Refuse a text column that holds no text."""
    values = table[column]
    first = values.first_valid_index()
    if first is None or not (values.dropna().astype(str).str.strip() != "").any():
        msg = (
            f"expected texts in '{column}'; all {len(table)} rows are empty. Name another column "
            f"with --text{_maybe(table, column)}"
        )
        raise DataError(msg)
    if not isinstance(values.loc[first], str):
        msg = (
            f"expected texts in '{column}'; it holds {_kind(values)}. Name another column with "
            f"--text{_maybe(table, column)}"
        )
        raise DataError(msg)


def long_texts(table: pd.DataFrame, column: str, *, rule: str) -> tuple[pd.DataFrame, int]:
    """Refuse texts above 100,000 characters, or cut them.

    Returns
    -------
    table : DataFrame
    cut : int
        How many texts were cut.
    """
    if rule not in ("refuse", "cut"):
        near = did_you_mean(rule, ("refuse", "cut"))
        msg = f"expected 'refuse' or 'cut' for long texts; got '{rule}'.{near}"
        raise UsageError(msg)
    lengths = table[column].fillna("").astype(str).str.len()
    long = (lengths > MAX_CHARACTERS).to_numpy()
    if not long.any():
        return table, 0
    if rule == "refuse":
        msg = (
            f"expected texts of at most {MAX_CHARACTERS:,} characters in '{column}'; "
            f"{long.sum()} row(s) have more, the longest {lengths.max():,}: {_rows(long)}. Take "
            "them out or split them, or cut them all with --long-texts cut"
        )
        raise DataError(msg)
    return table.assign(**{column: table[column].str.slice(0, MAX_CHARACTERS)}), int(long.sum())


def target(table: pd.DataFrame, column: str) -> None:
    """Refuse a target that cannot be learnt: empty, of one class, or different in every row."""
    counts = _counts(table, column)
    known = int(counts.sum())
    if known == 0:
        msg = (
            f"expected answers in '{column}'; all {len(table)} rows are empty. Name another column "
            "with --target"
        )
        raise DataError(msg)
    if len(counts) == 1:
        msg = (
            f"expected at least two different answers in '{column}'; all {known} filled rows have "
            "the same one, so there is nothing to decide. Name another column with --target"
        )
        raise DataError(msg)
    if counts.max() < MIN_CASES:
        msg = (
            f"expected answers that repeat in '{column}'; its {known} filled rows have "
            f"{len(counts)} different ones, none in {MIN_CASES} rows or more. Name the column with "
            "the offices or classes with --target, or bring more rows"
        )
        raise DataError(msg)


def ids(table: pd.DataFrame, column: str) -> None:
    """Refuse ids that are missing or name two rows."""
    values = table[column]
    missing, twice = values.isna().to_numpy(), values.duplicated(keep=False).to_numpy()
    if missing.any():
        msg = (
            f"expected an id in every row of '{column}'; {missing.sum()} are empty: "
            f"{_rows(missing)}. Fill them, or leave --id out"
        )
        raise DataError(msg)
    if twice.any():
        msg = (
            f"expected a different id in every row of '{column}'; {twice.sum()} rows share one: "
            f"{_rows(twice)}. Remove the duplicates, or leave --id out and rows are numbered"
        )
        raise DataError(msg)


def group(table: pd.DataFrame, column: str) -> None:
    """Refuse a column whose values are not groups of people but a measurement."""
    n = len(_counts(table, column))
    if n > MAX_GROUPS:
        msg = (
            f"expected groups in '{column}', at most {MAX_GROUPS}; it has {n} different values. "
            "Make a column of ranges (such as 18-29, 30-44) and name that one with --group"
        )
        raise DataError(msg)


def language(code: str, columns: Sequence[str]) -> str:
    """Language that an option names.

    Raises
    ------
    UsageError
        If it is neither a language iagkit speaks nor a column.
    """
    if (known := _language(code)) is not None:
        return known
    meant = MEANT.get(code.lower().replace("_", "").replace("-", ""))
    hint = f" Did you mean '{meant}'?" if meant else did_you_mean(code, (*LANGUAGES, *columns))
    msg = f"expected a language (es, pt or en) or a column that holds it; got '{code}'.{hint}"
    raise UsageError(msg)


def languages(table: pd.DataFrame, column: str) -> pd.DataFrame:
    """Give the languages of a column their short codes; missing ones stay missing.

    Raises
    ------
    DataError
        If a row has a language that iagkit does not speak.
    """
    values = table[column]
    told = {value: _language(str(value)) for value in values.dropna().unique()}
    unknown = [value for value, code in told.items() if code is None]
    if unknown:
        where = values.isin(unknown).to_numpy()
        msg = (
            f"expected es, pt or en in '{column}'; {where.sum()} row(s) have another language: "
            f"{_rows(where)}.{_meant(unknown)} Correct them, or leave --language out and it is "
            "detected"
        )
        raise DataError(msg)
    return table.assign(**{column: values.map(told)})


def _language(code: str) -> str | None:
    """Short code; a region may follow: ``es-MX``, ``pt_BR``."""
    found = re.fullmatch(r"(es|pt|en)(?:[-_][a-z0-9]{2,4})?", code.strip().lower())
    return found[1] if found else None


def _meant(unknown: Sequence[Any]) -> str:
    """Name the likely language, where the word is a usual name of one and so no personal data."""
    usual = [str(v).lower() for v in unknown if str(v).lower() in MEANT]
    return f" Did you mean '{MEANT[usual[0]]}' by '{usual[0]}'?" if usual else ""


def present(columns: Sequence[str], wanted: str, *, option: str) -> str:
    """Name of the column as the table writes it.

    Raises
    ------
    DataError
        If there is none of this name; the likely one is told.
    """
    import unicodedata

    if wanted in columns:
        return wanted
    same = [
        c for c in columns
        if unicodedata.normalize("NFC", c) == unicodedata.normalize("NFC", wanted)
    ]  # fmt: skip
    if len(same) == 1:
        return same[0]
    folded = {str(c).casefold(): c for c in columns}
    hint = did_you_mean(folded.get(wanted.casefold(), wanted), columns)
    msg = (
        f"expected a column '{wanted}' ({option}); the table has {listed(columns)}.{hint} Name one "
        "of them"
    )
    raise DataError(msg)


def needed(table: pd.DataFrame, roles: Mapping[str, Any], required: Sequence[str]) -> None:
    """Refuse a table in which nobody said which column has a role that is needed."""
    for role in required:
        if not roles.get(role):
            taken = [c for r, c in roles.items() if r != "group"]
            guess = _maybe(table, *taken) if role == "text" else ""
            msg = (
                f"expected a column with the role '{role}'; none was named. Name it with --{role} "
                f"COLUMN; the table has {listed(list(table.columns))}{guess}"
            )
            raise DataError(msg)


def _maybe(table: pd.DataFrame, *but: str) -> str:
    """Point at the column with the longest texts."""
    sample = table.head(200)
    lengths = {
        str(c): sample[c].dropna().astype(str).str.len().mean()
        for c in table.columns
        if c not in but and sample[c].notna().any() and isinstance(sample[c].dropna().iloc[0], str)
    }
    return f". Perhaps '{max(lengths, key=lambda c: lengths[c])}'?" if lengths else ""


def _counts(table: pd.DataFrame, column: str) -> pd.Series[int]:
    try:
        return table[column].value_counts()
    except TypeError:
        msg = f"expected single values in '{column}'; it holds lists. Name another column"
        raise DataError(msg) from None


def _kind(values: pd.Series[Any]) -> str:
    kinds = {"i": "whole numbers", "u": "whole numbers", "f": "numbers", "b": "yes or no",
             "M": "dates", "m": "durations"}  # fmt: skip
    return kinds.get(values.dtype.kind, "values that are not texts")


def _rows(where: Any) -> str:
    numbers = [int(i) + 1 for i in where.nonzero()[0][: SHOWN + 1]]
    more = " ..." if len(numbers) > SHOWN else ""
    return f"row(s) {', '.join(map(str, numbers[:SHOWN]))}{more}"
