"""The model at work: answers to a table or to documents, a letter about one case."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from iagkit.core.errors import OutputError
from iagkit.core.message import Message
from iagkit.core.record import to_json
from iagkit.flow.arrived import model_name
from iagkit.flow.open_cases import explain_open, is_of_cases, predict_open
from iagkit.flow.proving import record_in, verify
from iagkit.flow.running import MODEL, PRIVATE, sha256_of

if TYPE_CHECKING:
    import pandas as pd

BY_LOT = 0.1
"""Share of the answers that people are asked to read whatever they say."""


def predict(
    model: Path,
    file: str,
    *,
    out: Path,
    ids: str | None = None,
    advance: Callable[[int, int | None], None] = lambda _done, _total: None,
    log: Mapping[str, Any] = MappingProxyType({}),
) -> dict[str, Any]:
    """Answer a table chunk by chunk, in constant memory, or documents; or open cases of a log.

    Parameters
    ----------
    model : Path
        The ``model.skops`` of a run, or its folder.
    file : str
        Table, ``"-"``, or a folder, zip or manifest of documents.
    out : Path
        CSV file; put in place only when whole. No column holds free text. ``by_lot`` marks the
        answers that people should read whatever they say, and ``model`` names the model:
        :func:`iagkit.flow.feedback.feedback` needs both.
    ids : str, optional
        Column that names a case; default: the one the model was trained with, else the row.
    advance : callable
        Told rows done and, where known, rows in all.
    log : mapping
        Of a model of logs: which column is what, where it is otherwise than in the log of the run.

    Returns
    -------
    dict
        Of a model of logs see :func:`iagkit.flow.open_cases.predict_open`. Otherwise rows answered,
        decided automatically and for people, and the file; documents that were not read, by name
        and reason; of models that know what they were tested on, ``signals``: whether this batch
        is like that, which says nothing of how often the answers are right.
    """
    from iagkit.prototypes.documents.arriving import Batch
    from iagkit.prototypes.engine import persist
    from iagkit.wire import rows as files

    model = model / MODEL if model.is_dir() else model
    _refuse_to_overwrite(out, model, file)
    if persist.holds_words(model):
        return predict_open(model, file, out=out, told=log)
    router, named = persist.load(model), model_name(sha256_of(model))
    asked = _Asked(file)
    rows = decided = 0
    batch = Batch(router)
    with files.AnswerFile(out) as answers:
        for part in asked.parts():
            answered = router.answer(part)
            answered.insert(0, "id", router.ids(part, column=ids, first=rows))
            batch.add(part, answered)
            lot = [drawn(case, named) for case in answered["id"]]
            answers.write(answered.assign(by_lot=lot, model=named))
            rows, decided = rows + len(part), decided + int(answered["decided"].sum())
            advance(rows, asked.total)
    told = {"rows": rows, "automatic": decided, "for_people": rows - decided, "file": str(out)}
    if asked.unread:
        told["unread"] = [{"name": name, **because(why)} for name, why in asked.unread]
    return told if batch.known is None else {**told, "signals": _plain(batch.told())}


class _Asked:
    """A table piece by piece, or documents as one."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.unread: tuple[tuple[str, Message], ...] = ()
        self.total: int | None = None

    def parts(self) -> Iterator[pd.DataFrame]:
        from iagkit.wire import databases, tables
        from iagkit.wire.documents.folders import holds_documents
        from iagkit.wire.documents.reading import read_documents

        if self.file == "-" or databases.is_address(self.file) or not holds_documents(self.file):
            self.total = tables.count_rows_hint(self.file)
            yield from tables.iter_table(self.file)
            return
        found = read_documents(self.file)
        self.unread = tuple((one.name, one.why) for one in found.unread)
        self.total = len(found.table)
        yield found.table


def drawn(case: str, model: str) -> bool:
    """Draw a case by lot; the same case and model always fall the same way."""
    number = hashlib.blake2b(f"{model}:{case}".encode(), digest_size=8).digest()
    return int.from_bytes(number) < BY_LOT * 2**64


def because(why: Message) -> dict[str, Any]:
    """A reason as JSON: in English, and what it is made of."""
    made = {"template": why.template, "values": dict(why.values)}
    return {"because": str(why), "because_of": made}


def _plain(told: Any) -> dict[str, Any]:
    """Signals as JSON; a change that is not known is told with its reason."""
    if told.because is not None:
        return {"changed": "unknown", **because(told.because)}
    return {
        "changed": "yes" if told.changed else "no",
        "shares": [
            {"signal": s.name, "changed": s.changed, "tested": to_json(s.tested),
             "batch": to_json(s.batch), "difference": to_json(s.change)}
            for s in told.signals
        ],
        "classes": [to_json(change) for change in told.mix],
    }  # fmt: skip


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
        Id of the case; of a log, one that is open when it ends.
    data : str, optional
        The table, where it has moved since the run.
    lang : {"es", "pt", "en"}

    Returns
    -------
    dict
        ``letter``, and what it was made of: answer, confidence, words with their weights.
    """
    from iagkit.prototypes.engine import decisions, lookup

    if is_of_cases(record := record_in(folder)):
        return explain_open(folder, case, data=data, lang=lang)
    router = _model_in(folder)
    row = lookup.row_of(case, model=router, record=record, file=folder / PRIVATE, data=data)
    return decisions.letter_of(router, row, case=case, record=record, lang=lang)


def _model_in(folder: Path) -> Any:
    from iagkit.prototypes.engine import persist

    verify(folder)
    return persist.load(folder / MODEL)
