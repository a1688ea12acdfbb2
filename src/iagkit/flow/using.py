"""The model at work: answers to a table, a letter about one case."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from iagkit.core.errors import OutputError
from iagkit.flow.proving import record_in, verify
from iagkit.flow.running import MODEL, PRIVATE


def predict(
    model: Path,
    file: str,
    *,
    out: Path,
    ids: str | None = None,
    advance: Callable[[int, int | None], None] = lambda _done, _total: None,
) -> dict[str, Any]:
    """Answer a table chunk by chunk, in constant memory.

    Parameters
    ----------
    model : Path
        The ``model.skops`` of a run.
    file : str
        Table, or ``"-"``.
    out : Path
        CSV file; put in place only when whole. No column holds free text.
    ids : str, optional
        Column that names a case; default: the one the model was trained with, else the row.
    advance : callable
        Told rows done and, where known, rows in all.

    Returns
    -------
    dict
        Rows answered, decided automatically and for people, and the file.
    """
    from iagkit.prototypes.engine import persist
    from iagkit.wire import rows as files
    from iagkit.wire import tables

    _refuse_to_overwrite(out, model, file)
    router = persist.load(model)
    total = tables.count_rows_hint(file)
    rows = decided = 0
    with files.AnswerFile(out) as answers:
        for part in tables.iter_table(file):
            answered = router.answer(part)
            answered.insert(0, "id", router.ids(part, column=ids, first=rows))
            answers.write(answered)
            rows, decided = rows + len(part), decided + int(answered["decided"].sum())
            advance(rows, total)
    return {"rows": rows, "automatic": decided, "for_people": rows - decided, "file": str(out)}


def _refuse_to_overwrite(out: Path, *read: str | Path) -> None:
    for source in map(Path, read):
        if source.exists() and out.exists() and source.samefile(out):
            msg = f"the answers would replace '{source}', which is read. Give --out another file"
            raise OutputError(msg)


def explain(
    folder: Path, case: str, *, data: str | None = None, lang: str = "en"
) -> dict[str, Any]:
    """Tell one decision in plain words.

    Parameters
    ----------
    folder : Path
        What :func:`run` wrote.
    case : str
        Id of the case.
    data : str, optional
        The table, where it has moved since the run.
    lang : {"es", "pt", "en"}

    Returns
    -------
    dict
        ``letter``, and what it was made of: answer, confidence, words with their weights.
    """
    from iagkit.prototypes.engine import decisions, lookup

    record, router = record_in(folder), _model_in(folder)
    row = lookup.row_of(case, model=router, record=record, file=folder / PRIVATE, data=data)
    return decisions.letter_of(router, row, case=case, record=record, lang=lang)


def _model_in(folder: Path) -> Any:
    from iagkit.prototypes.engine import persist

    verify(folder)
    return persist.load(folder / MODEL)
