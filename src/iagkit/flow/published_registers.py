"""A register that others published, read from a file and counted."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from iagkit.core.errors import DataError
from iagkit.registers.published import Completed, FieldCount, count_us
from iagkit.report.voice import Voice
from iagkit.wire import encodings

WORDS: Final = {
    "all": {"es": "{rows} usos; cada campo se cuenta sobre los que lo deben.",
            "pt": "{rows} usos; cada campo é contado sobre os que o devem.",
            "en": "{rows} uses; each field is counted over those that owe it."},
    "owing": {"es": "{high_impact} de alto impacto y en uso deben cada salvaguarda; {none_filled} "
                    "no responden ninguna.",
              "pt": "{high_impact} de alto impacto e em uso devem cada salvaguarda; {none_filled} "
                    "não respondem nenhuma.",
              "en": "{high_impact} that are high-impact and deployed owe every safeguard; "
                    "{none_filled} answer none."},
    "field": {"es": "  {id}: {blank} en blanco, {boilerplate} sin contenido (N/A, TBD), {filled} "
                    "con respuesta; de {n} que lo deben; no lo deben {not_due}, no se sabe de "
                    "{unclear}",
              "pt": "  {id}: {blank} em branco, {boilerplate} sem conteúdo (N/A, TBD), {filled} "
                    "com resposta; de {n} que o devem; não o devem {not_due}, não se sabe de "
                    "{unclear}",
              "en": "  {id}: {blank} blank, {boilerplate} words that say nothing (N/A, TBD), "
                    "{filled} answered; of {n} that owe it; not due for {not_due}, not known for "
                    "{unclear}"},
    "free": {"es": "  {id} (opcional): {filled} con respuesta, de {n}",
             "pt": "  {id} (opcional): {filled} com resposta, de {n}",
             "en": "  {id} (optional): {filled} answered, of {n}"},
    "share": {"es": "; sin respuesta: {value}", "pt": "; sem resposta: {value}",
              "en": "; unanswered: {value}"},
    "unknown": {"es": "la columna '{column}' no se cuenta: el diccionario no la tiene",
                "pt": "a coluna '{column}' não é contada: o dicionário não a tem",
                "en": "column '{column}' is not counted: the dictionary has none such"},
    "renamed": {"es": "la columna '{column}' se leyó como {name}",
                "pt": "a coluna '{column}' foi lida como {name}",
                "en": "column '{column}' was read as {name}"},
    "absent": {"es": "no hay columna {column}", "pt": "não há coluna {column}",
               "en": "there is no column {column}"},
}  # fmt: skip


def count(path: Path) -> Completed:
    """Count an inventory of the United States (CSV of individual uses).

    Raises
    ------
    DataError
        If it cannot be read, or is of something else.
    """
    try:
        content = path.read_bytes()
    except OSError:
        msg = f"expected the CSV of an inventory; '{path.name}' cannot be read. Give its path"
        raise DataError(msg) from None
    encoding = encodings.detect(lambda: [content], name=path.name)
    text = content.decode(encoding).removeprefix("\ufeff")
    try:
        table = csv.DictReader(io.StringIO(text, newline=""), strict=True)
        return count_us(table.fieldnames or (), table)
    except csv.Error:
        msg = f"expected a CSV; '{path.name}' has quotes that do not close. Export it again"
        raise DataError(msg) from None


def lines(told: Completed, lang: str) -> Iterator[str]:
    """The counts for a terminal; safeguards first, names of fields as the dictionary has them."""
    yield WORDS["all"][lang].format(rows=told.rows)
    yield WORDS["owing"][lang].format(high_impact=told.high_impact, none_filled=told.none_filled)
    for one in (*told.safeguards, *told.fields):
        yield _line(one, lang)
    for remark in told.remarks:
        yield WORDS[remark.kind][lang].format(column=remark.column, name=remark.name)


def _line(one: FieldCount, lang: str) -> str:
    told = WORDS["field" if one.required else "free"][lang].format(
        id=one.id, n=one.n, blank=one.blank, boilerplate=one.boilerplate, filled=one.filled,
        not_due=one.not_due, unclear=one.unclear,
    )  # fmt: skip
    if one.required and one.unanswered is not None:
        told += WORDS["share"][lang].format(value=Voice(lang).estimate(one.unanswered))
    return told
