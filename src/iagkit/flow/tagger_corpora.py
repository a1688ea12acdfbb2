"""Corpora that taggers learn from and are measured on, read by name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from iagkit.core.errors import DataError, UsageError
from iagkit.core.registry import did_you_mean
from iagkit.text.privacy.training import Example, Marked
from iagkit.text.privacy.training_silver import names_before_ids
from iagkit.wire import registry, tables
from iagkit.wire.headers import listed

if TYPE_CHECKING:
    import pandas as pd

SENTENCES: Final = 25
"""Sentences of LeNER-Br that make a document here: its files do not tell where one ends."""
MEASURED_SINCE: Final = "2010"
"""Norms before this year are learnt from, later ones measured on."""


class Corpus(NamedTuple):
    """Where a corpus is, and its language."""

    lang: str
    data: str
    files: dict[str, str]


CORPORA: Final = {
    "meddocan_es": Corpus("es", "meddocan_es", {
        "train": "meddocan_es.train.parquet", "dev": "meddocan_es.dev.parquet"}),
    "lener_br_pt": Corpus("pt", "lener_br", {
        "train": "lener_br.train.conll", "dev": "lener_br.dev.conll"}),
    "esic_df_pii_pt": Corpus("pt", "esic_df_pii_pt", {"dev": "esic_df_pii_pt.dev.parquet"}),
    "infoleg_ar_es": Corpus("es", "infoleg_ar_es", {
        "train": "infoleg_ar_es.parquet", "dev": "infoleg_ar_es.parquet"}),
}  # fmt: skip


def corpus(name: str, split: str) -> list[Example]:
    """Documents of a named corpus, with everything marked that its annotators marked.

    Parameters
    ----------
    name : str
        ``meddocan_es``, ``lener_br_pt``, ``esic_df_pii_pt`` or ``infoleg_ar_es``.
    split : {"train", "dev"}

    Returns
    -------
    list of Example

    Raises
    ------
    UsageError
        If there is no such corpus or part.
    """
    if name not in CORPORA:
        msg = f"expected one of {', '.join(CORPORA)}; got '{name}'.{did_you_mean(name, CORPORA)}"
        raise UsageError(msg)
    found = CORPORA[name]
    if split not in found.files:
        msg = (
            f"'{name}' has no part '{split}'; it has {', '.join(found.files)}. Name one of these, "
            "or give the file"
        )
        raise UsageError(msg)
    path = registry.file_of(found.data, found.files[split])
    if name == "infoleg_ar_es":
        return list(_norms(tables.read_table(path), since=split == "dev"))
    return _conll(path) if path.suffix == ".conll" else of_table(tables.read_table(path))


def texts(name: str, column: str = "text") -> list[str]:
    """One column of a data set with a single table."""
    return tables.read_table(registry.table_of(name))[column].astype(str).tolist()


def of_table(table: pd.DataFrame, *, text: str = "text", spans: str = "spans") -> list[Example]:
    """Documents of a table with spans as JSON, or with JSON lists of tokens and BIO tags.

    Parameters
    ----------
    table : DataFrame
    text, spans : str
        Column of the text, and of its spans ``[[start, end, type], ...]``.

    Raises
    ------
    DataError
        If the columns are not there, or a row cannot be read.
    """
    columns = set(map(str, table.columns))
    if {text, spans} <= columns:
        rows = zip(table[text].astype(str), table[spans].astype(str), strict=True)
        return [Example(t, _marked(t, s, row)) for row, (t, s) in enumerate(rows)]
    if {"tokens", "tags"} <= columns:
        pairs = zip(table["tokens"].astype(str), table["tags"].astype(str), strict=True)
        return _blocks([(_listed(a, n), _listed(b, n)) for n, (a, b) in enumerate(pairs)])
    msg = (
        f"expected the columns '{text}' and '{spans}' (or 'tokens' and 'tags'); the table has "
        f"{listed(sorted(columns))}. Name them with --text and --spans"
    )
    raise DataError(msg)


def _marked(text: str, spans: str, row: int) -> tuple[Marked, ...]:
    try:
        found = tuple(Marked(int(a), int(b), str(kind)) for a, b, kind in json.loads(spans or "[]"))
    except (ValueError, TypeError):
        msg = (
            f"expected JSON spans [[start, end, type], ...]; row {row + 1} has something else. "
            "Offsets count characters of the text as given"
        )
        raise DataError(msg) from None
    if any(not 0 <= s.start < s.end <= len(text) for s in found):
        msg = (
            f"a span of row {row + 1} lies outside its text of {len(text)} characters. Was the "
            "text changed after it was marked?"
        )
        raise DataError(msg)
    return found


def _listed(cell: str, row: int) -> list[str]:
    try:
        return [str(part) for part in json.loads(cell)]
    except ValueError:
        msg = f"expected a JSON list of words; row {row + 1} has something else"
        raise DataError(msg) from None


def _conll(path: Path) -> list[Example]:
    """Sentences of a file with a word and its tag a line."""
    sentences: list[tuple[list[str], list[str]]] = []
    for block in path.read_text(encoding="utf-8").split("\n\n"):
        pairs = [line.rsplit(" ", 1) for line in block.split("\n") if line.strip()]
        if pairs:
            sentences.append(([p[0] for p in pairs], [p[-1] for p in pairs]))
    return _blocks(sentences)


def _blocks(sentences: Sequence[tuple[list[str], list[str]]]) -> list[Example]:
    return [
        _block(sentences[begin : begin + SENTENCES])
        for begin in range(0, len(sentences), SENTENCES)
    ]


def _block(sentences: Sequence[tuple[list[str], list[str]]]) -> Example:
    """Words joined by spaces, sentences by line ends, tags as spans."""
    pieces: list[str] = []
    spans: list[Marked] = []
    at = 0
    for words, tags in sentences:
        before = "O"
        for word, tag in zip(words, tags, strict=True):
            end = at + len(word)
            if tag != "O" and tag[0] != "B" and before[2:] == tag[2:]:
                spans[-1] = spans[-1]._replace(end=end)
            elif tag != "O":
                spans.append(Marked(at, end, tag[2:]))
            before, at = tag, end + 1
        pieces.append(" ".join(words))
    return Example("\n".join(pieces), tuple(spans))


def _norms(table: pd.DataFrame, *, since: bool) -> Iterator[Example]:
    """Norms that name a person before the number of a document; the names are marked."""
    late = table["date"].astype(str).str[:4] >= MEASURED_SINCE
    for text in table.loc[late if since else ~late, "text"].astype(str):
        if spans := names_before_ids(text):
            yield Example(text, tuple(spans))
