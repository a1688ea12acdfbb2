"""The review list of a run, as files beside its record; they are for people to change."""

from __future__ import annotations

from pathlib import Path

from iagkit.core.message import Message, say
from iagkit.core.nouns import Dataset, Run
from iagkit.core.record import Record

UNREAD = "unread.csv"
TABLES = ("matters", "fields")
"""Evidence that is written as a table of its own: ids, places and normal forms, no text."""


def write_review_list(done: Run, record: Record, folder: Path, *, lang: str) -> None:
    """Write what people read as CSV, Excel and HTML, if the recipe lists documents.

    The files are not sealed: decisions are written into them.
    """
    if not done.outcome.evidence.get("listed"):
        return
    from iagkit.prototypes.documents.review import review_lines
    from iagkit.report.review_list import NAME, cells, headings, review_page
    from iagkit.report.voice import LOCALES
    from iagkit.wire.rows import write_csv
    from iagkit.wire.sheets import write_list

    automatic = not record.unproven
    lines = review_lines(done.outcome.table, automatic=automatic, seed=int(done.facts["seed"]))
    write_list(
        headings(lines, lang=lang),
        cells(lines, lang=lang),
        csv_file=folder / f"{NAME}.csv",
        excel_file=folder / f"{NAME}.xlsx",
    )
    for name in TABLES:
        if (table := done.outcome.evidence.get(name)) is not None:
            known = table.astype(object).where(table.notna(), "")
            write_csv(known.to_dict("records"), folder / f"{name}.csv", columns=list(table.columns))
    pages = {code: review_page(lines, record, lang=code) for code in LOCALES}
    for ending, page in {"": pages[lang], **pages}.items():
        name = f"{NAME}.{ending}.html" if ending else f"{NAME}.html"
        (folder / name).write_text(page, encoding="utf-8", newline="\n")


def write_unread(dataset: Dataset, folder: Path, *, lang: str) -> Message | None:
    """Write which documents could not be read, and why; the record counts the reasons only.

    Returns
    -------
    Message or None
        What to tell: how many there are, and where they are listed; no name of any.
    """
    if not dataset.unread:
        return None
    from iagkit.report.voice import Voice
    from iagkit.wire.rows import write_csv

    voice = Voice(lang)
    rows = [{"document": name, "why": voice.tell(why)} for name, why in dataset.unread]
    write_csv(rows, folder / UNREAD, columns=("document", "why"))
    return say(
        "{n} document(s) could not be read or were left out; {file} says which and why",
        n=len(rows), file=UNREAD,
    )  # fmt: skip
