"""A review list that people worked through, read back: kept, counted, and learnt from."""

from __future__ import annotations

import json
import os
from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from iagkit.core import registry
from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.nouns import (
    Card,
    Column,
    Dataset,
    Outcome,
    Policy,
    Protocol,
    Prototype,
    Run,
)
from iagkit.core.record import Record, to_json
from iagkit.flow import arrived
from iagkit.flow.proving import record_in, verify
from iagkit.flow.running import MODEL, PREDICTIONS, sha256_of

if TYPE_CHECKING:
    import pandas as pd

FOLDER = "feedback"
SUMMARY = "summary.json"
HISTORY = "history.jsonl"
"""One line for each time that decisions were read back; nothing in it is replaced."""
SIDE, NAME = "(side)", "(id)"
ROLES = {"text": "text", "target": "target", "time": "time", "id": "id", "office": "office",
         "language": "language"}  # fmt: skip
ANSWERS = ("prediction", "truth", "second", "third")


def feedback(
    folder: Path,
    file: str | Path,
    *,
    answers: str | Path | None = None,
    data: str | None = None,
    columns: Mapping[str, str | None] | None = None,
    new_labels: bool = False,
    seed: int | None = None,
    progress: Callable[[str], None] = lambda _: None,
) -> dict[str, Any]:
    """Read back the decisions of people about held-out cases of a run, or about later ones.

    Parameters
    ----------
    folder : Path
        What :func:`iagkit.run` wrote.
    file : str or Path
        The list, CSV or Excel, with the columns id and decision, and perhaps reviewer. Comments
        are never kept.
    answers : str or Path, optional
        What :func:`iagkit.flow.predict` wrote, if the list is about cases that came after the
        run. Where ``file`` is that table with decisions added, it need not be told. Decisions
        about answers drawn by lot feed the alarm that says whether the model still answers as it
        did when it was tested.
    data : str, optional
        The table of the run. With it, the recipe learns once more, from the decisions too, and
        both models answer the held-out cases that nobody read.
    columns : mapping, optional
        Names of the columns ``id``, ``decision`` and ``reviewer``.
    new_labels : bool
        Accept decisions that are no label of the run.
    seed : int, optional
        Of the second learning; by default that of the run.
    progress : callable
        Told each step.

    Returns
    -------
    dict
        Counts of the file and of all files so far, ``findings``, and ``written``.

    Raises
    ------
    DataError
        If ids, labels or columns are not those of the run, or ``data`` is another table.
    IntegrityError
        If the run, or decisions kept earlier, were changed.

    Notes
    -----
    Decisions are kept beside the sealed record, in ``feedback/decisions.jsonl``: ids, labels, and
    reviewers by a pseudonym. The record and the model in use stay as they are.
    """
    from iagkit.wire.decided import DecisionLog, last_words, read_decided

    progress("read")
    verify(folder)
    record, tested = record_in(folder), _answers(folder)
    later = _later(folder, file, answers)
    found = read_decided(
        file,
        cases=set(tested["id"]) if later is None else set(later.rows),
        labels=_labels(tested, record),
        columns=columns or {},
        salt=record.digest,
        new_labels=new_labels,
        **({} if later is None else {"about": later.about}),
    )
    log = DecisionLog(folder / FOLDER)
    asked = None
    if data is not None:
        changed = _of_run(last_words([*log.latest(), *found.rows]))
        asked = _learnt_again(record, tested, changed, data, seed=seed, progress=progress)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    new = log.add(found, at=at)
    progress("measure")
    said = log.latest()
    findings = registry_of(_run_of(record, tested, said, asked))
    told = {
        "decisions": len(found.rows), "new_file": new, "not_yet_decided": found.blank,
        "repeated": found.repeated, "new_labels": found.new_labels,
        "reviewers": len({r["reviewer"] for r in said if r["reviewer"]}),
        "cases_decided": len(_by_case(said)),
        "disagreements": sum(len(set(v)) > 1 for v in _by_case(said).values()),
        "files": len(log.batches()), "findings": [to_json(f) for f in findings],
    }  # fmt: skip
    written = [log.file, *_write({**told, "at": at}, folder / FOLDER)]
    return {**told, "written": [str(path) for path in written]}


def _later(folder: Path, file: str | Path, answers: str | Path | None) -> arrived.Answers | None:
    """Answers to cases that came after the run, if the list is about such."""
    from iagkit.wire.tables import read_table

    source = answers if answers is not None else file
    if answers is None and not arrived.are_answers(read_table(file)):
        return None
    return arrived.read_answers(source, model=arrived.model_name(sha256_of(folder / MODEL)))


def registry_of(run: Run) -> tuple[Any, ...]:
    """Answers of the chapter of feedback."""
    from iagkit.checks.feedback import Feedback

    return Feedback()(run)


def _answers(folder: Path) -> pd.DataFrame:
    from iagkit.wire.tables import read_table

    file = folder / PREDICTIONS
    if not file.is_file():
        msg = f"expected the answers of the run in '{file}'; there are none. Take the whole folder"
        raise DataError(msg)
    table = read_table(file)
    return table.assign(id=table["id"].astype(str))


def _labels(answers: pd.DataFrame, record: Record) -> set[str]:
    """All that the model may answer, people recorded, or the taxonomy names."""
    found = {str(v) for c in ANSWERS if c in answers.columns for v in answers[c].dropna().unique()}
    found |= {str(label) for labels in answers["labels"] for label in labels}
    found |= {str(f.where["office"]) for f in record.select("load.expected") if "office" in f.where}
    return found | {str(t["code"]) for t in record.prototype.get("taxonomy", ())}


def _of_run(said: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Decisions about held-out cases of the run."""
    return [row for row in said if "batch" not in row]


def _by_case(said: list[dict[str, Any]]) -> dict[tuple[str, str], list[str]]:
    found: dict[tuple[str, str], list[str]] = defaultdict(list)
    for row in said:
        found[row.get("batch", ""), row["id"]].append(row["decision"])
    return found


def _settled(said: list[dict[str, Any]]) -> dict[str, str]:
    """Cases on which all who read them agree."""
    return {case: d[0] for (_, case), d in _by_case(said).items() if len(set(d)) == 1}


def _run_of(
    record: Record, answers: pd.DataFrame, said: list[dict[str, Any]], relearnt: Any
) -> Run:
    """The cases people decided, as a run that checks can be asked about."""
    decided = {case: d for (_, case), d in _by_case(_of_run(said)).items()}
    table = answers[answers["id"].isin(decided)].reset_index(drop=True)
    pairs = list(zip(table["id"], table["prediction"].astype(str), strict=True))
    table = table.assign(
        overridden=[np.mean([d != told for d in decided[case]]) for case, told in pairs],
        settled=[len(set(decided[case])) == 1 for case, _ in pairs],
    )
    evidence: dict[str, Any] = {"decisions": said}
    if len(later := arrived.by_case(said)):
        evidence["later"] = {"cases": later, "tested": arrived.tested(answers)}
    if relearnt is not None:
        evidence["relearnt"] = relearnt
    declared = declared_in(record)
    return Run(
        prototype=declared,
        dataset=Dataset(card=Card(name=record.dataset["name"]), table=None, sha256=""),
        outcome=Outcome(table=table, respond=lambda rows: rows, evidence=evidence),
    )


def declared_in(record: Record) -> Prototype:
    """The declaration that a record was made by, without its policy."""
    told = dict(record.prototype)
    kept = {f.name for f in fields(Protocol)}
    protocol = {k: v for k, v in told["protocol"].items() if k in kept}
    protocol |= {"review_share": protocol.get("review_share")}
    protocol |= {"max_error": protocol.get("max_error"), "checks": tuple(protocol["checks"])}
    own = {f.name for f in fields(Prototype)} - {"protocol", "policy"}
    return Prototype(
        **{k: v for k, v in told.items() if k in own},
        protocol=Protocol(**protocol),
        policy=Policy(name="none", version="0", owner="", reason={}, gates=()),
    )


def _learnt_again(
    record: Record, answers: pd.DataFrame, said: list[dict[str, Any]], data: str, *,
    seed: int | None, progress: Callable[[str], None],
) -> pd.DataFrame:  # fmt: skip
    """Both answers to the held-out cases that nobody read, nor a copy of them."""
    dataset = _dataset(record, data)
    settled = _settled(said)
    ids = _ids(dataset)
    _refuse_strange(set(settled), set(ids))
    copies = set(answers.loc[answers["id"].isin({r["id"] for r in said}), "cluster"])
    rest = set(answers.loc[~answers["cluster"].isin(copies), "id"])
    left_out = set(answers["id"]) - rest - set(settled)
    if not rest:
        msg = "every held-out case was decided, or is a copy of one; none is left to compare on"
        raise DataError(msg)
    kept = np.array([case not in left_out for case in ids])
    again = _amended(dataset, ids, settled, rest, kept)
    recipe = registry.find("recipes", record.prototype["recipe"])()
    asked = int(record.run.get("seed", 0)) if seed is None else seed
    outcome, _ = recipe(again, declared_in(record), seed=asked, progress=progress)
    second = outcome.table[["id", "prediction"]].rename(columns={"prediction": "against"})
    both = answers[["id", "truth", "prediction", "cluster"]].merge(second, on="id")
    return both.reset_index(drop=True)


def _dataset(record: Record, data: str) -> Dataset:
    from iagkit.wire import datasets

    told: dict[str, Any] = {"groups": []}
    for column in record.dataset["columns"]:
        if column["role"] == "group":
            told["groups"].append(column["name"])
        elif column["role"] in ROLES and column["name"] != datasets.LANGUAGE:
            told[column["role"]] = column["name"]
    dataset = datasets.load(data, **told, long_texts="cut")
    if dataset.sha256 != record.dataset["sha256"]:
        msg = (
            f"expected the very table of the run; '{dataset.origin}' has another SHA-256. Name "
            "that table with --data, or leave it out to count the decisions only"
        )
        raise DataError(msg)
    return dataset


def _ids(dataset: Dataset) -> list[str]:
    from iagkit.prototypes.engine.model import label_text

    column = dataset.column("id")
    if column is None:
        return [f"row-{number}" for number in range(len(dataset.table))]
    return [label_text(value) for value in dataset.table[column]]


def _refuse_strange(decided: set[str], known: set[str]) -> None:
    if lacking := len(decided - known):
        msg = f"expected all decided cases in the table; {lacking} of {len(decided)} are not there"
        raise IntegrityError(msg)


def _amended(
    dataset: Dataset, ids: list[str], settled: dict[str, str], rest: set[str], kept: Any
) -> Dataset:
    """The table with the decisions as labels, those cases on the side that is learnt from."""
    target = dataset.column("target")
    assert target is not None
    recorded = dataset.table[target].astype(object)
    labels = [settled.get(case, label) for case, label in zip(ids, recorded, strict=True)]
    side = ["test" if case in rest else "train" for case in ids]
    table = dataset.table.assign(**{target: labels, SIDE: side, NAME: ids})[kept]
    columns = tuple(c for c in dataset.card.columns if c.role not in ("id", "split"))
    added = (Column(name=SIDE, role="split"), Column(name=NAME, role="id"))
    card = replace(dataset.card, columns=(*columns, *added))
    return replace(dataset, table=table.reset_index(drop=True), card=card)


def _write(told: Mapping[str, Any], folder: Path) -> tuple[Path, Path]:
    """The latest counts in a file of their own, and all that were ever told, one a line."""
    file, aside = folder / SUMMARY, folder / f".{SUMMARY}.{os.getpid()}"
    aside.write_text(json.dumps(told, indent=1, ensure_ascii=False, sort_keys=True), "utf-8")
    aside.replace(file)
    with (folder / HISTORY).open("a", encoding="utf-8", newline="\n") as lines:
        lines.write(json.dumps(told, ensure_ascii=False, sort_keys=True) + "\n")
    return file, folder / HISTORY
