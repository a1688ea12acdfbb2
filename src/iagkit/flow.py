"""Declare → run → measure → judge → seal → tell: the composition and nothing else."""

from __future__ import annotations

import hashlib
import json
import platform
import time as clock
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, TypedDict, Unpack

from iagkit import __version__
from iagkit.core import registry
from iagkit.core.errors import DataError, IntegrityError, OutputError, UsageError
from iagkit.core.judge import blocked_by, judge
from iagkit.core.message import Message
from iagkit.core.nouns import Dataset, Finding, Prototype, Run
from iagkit.core.quiet import be_quiet
from iagkit.core.record import Record, read, seal, to_json

be_quiet()
Progress = Callable[[str], None]
LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas", "skops", "mlflow")
RECORD = "record.json"
MODEL = "model.skops"
PREDICTIONS = "predictions.parquet"
LABEL_REVIEW = "label_review.csv"
PRIVATE = "run.json"
DOUBTS = ("id", "recorded", "suggested", "confidence_recorded", "confidence_suggested")


class Options(TypedDict, total=False):
    """What the person who runs a prototype may say beside the table; all optional.

    ``text``, ``target``, ``groups``, ``time``, ``ids``, ``office``, ``language`` name columns
    (what is not told comes from the card); the others replace what the prototype declares.
    """

    text: str | None
    target: str | None
    groups: Sequence[str]
    time: str | None
    ids: str | None
    office: str | None
    language: str | None
    split_column: str | None
    query: str | None
    long_texts: str
    split_by: str | None
    review_share: float | None
    max_error: float | None
    coverage: float | None
    policy: str | None
    protocol: str | None
    taxonomy: str | None


def _silent(_: str) -> None: ...


def _unheard(_: Message) -> None: ...


def run(
    prototype: str | Path = "citizen-requests",
    data: str | Path | None = None,
    *,
    out: str | Path | None = None,
    seed: int = 0,
    lang: str = "en",
    store: str | None = None,
    track: bool = True,
    progress: Progress = _silent,
    remark: Callable[[Message], None] = _unheard,
    **options: Unpack[Options],
) -> Record:
    """Run a prototype on a table and seal what was found.

    Parameters
    ----------
    prototype : str or Path
        Name of a prototype, or path of its YAML file.
    data : str or Path, optional
        File, ``"-"``, database URL or name of a data set; default: the prototype's own.
    out : str or Path, optional
        Folder for record, reports, model and answers; nothing is written if absent.
    seed : int
    lang : {"es", "pt", "en"}
        Language of ``report.html`` and ``report.md``; all three are always written.
    store : str, optional
        MLflow store; used only together with ``out`` and if ``track``.
    track : bool
    progress : callable
        Called with the name of each step as it begins.
    remark : callable
        Told where earlier results of the same folder were moved, if there were any.
    **options : Options

    Returns
    -------
    Record

    Raises
    ------
    IagkitError
        For any input that cannot be used; nothing is written then.
    """
    progress("read")
    from iagkit.wire import datasets

    declared = _declare(prototype, options, seed)
    private = _where(prototype, data, options)
    if out is None:
        table = datasets.load(**private)
        done = _do(declared, table, seed=seed, progress=progress)
        progress("measure")
        return _judge_and_seal(done, None)
    from iagkit.wire.output import OutputFolder

    place = OutputFolder(out)
    place.probe()
    dataset = datasets.load(**private)
    with ExitStack() as until_told:
        tracked = until_told.enter_context(_tracked(store, declared, seed)) if track else None
        folder = until_told.enter_context(place)
        done = _do(declared, dataset, seed=seed, progress=progress)
        progress("measure")
        record = _judge_and_seal(done, folder.path)
        progress("tell")
        _tell(record, folder.path, private, lang)
        if tracked is not None:
            progress("track")
            tracked.log(record, folder.path)
    if folder.notice is not None:
        remark(folder.notice)
    return record


def _tracked(store: str | None, declared: Prototype, seed: int) -> AbstractContextManager[Any]:
    from iagkit.track.store import Store

    opened = Store.open(store)
    return opened.run(declared.name, prototype=declared, params={"seed": seed})


def _declare(prototype: str | Path, options: Options, seed: int) -> Prototype:
    from iagkit.wire import declare

    if options.get("review_share") is not None and options.get("max_error") is not None:
        msg = "give --review-share or --max-error, not both: one decides how many go to a person"
        raise UsageError(msg)
    if seed < 0:
        msg = f"expected a seed of 0 or more; got {seed}. Give --seed a whole number such as 0"
        raise UsageError(msg)
    names = ("policy", "protocol", "taxonomy", "split_by", "coverage", "review_share", "max_error")
    found = declare.prototype(prototype, **{name: options.get(name) for name in names})
    public = {name: value for name, value in found.params.items() if name != "data"}
    return replace(found, params=public)  # where the table lies is nobody else's business


def _where(prototype: str | Path, data: str | Path | None, options: Options) -> dict[str, Any]:
    """Tell the table and its roles: as asked, else as declared; kept in the private `run.json`."""
    from iagkit.wire import declare

    defaults = declare.data(prototype)
    source = str(data) if data is not None else defaults.get("source")
    if source is None:
        msg = f"the prototype '{prototype}' has no data of its own; name a table with --data"
        raise DataError(msg)
    if Path(source).exists():
        source = str(Path(source).resolve())
    from iagkit.prototypes.requests.lookup import ROLES

    named = {"id": "ids", "split": "split_column"}
    told = {role: options.get(named.get(role, role)) or defaults.get(role) for role in ROLES}
    told |= {name: options.get(name) for name in ("query", "long_texts")}
    return {"data": source, **{name: value for name, value in told.items() if value}}


def _do(declared: Prototype, dataset: Dataset, *, seed: int, progress: Progress) -> Run:
    recipe = registry.find("recipes", declared.recipe)()
    began, started = clock.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    outcome, facts = recipe(dataset, declared, seed=seed, progress=progress)
    seconds = round(clock.monotonic() - began, 1)
    versions = {name: version(name) for name in LIBRARIES}
    made_with = {"iagkit": __version__, "python": platform.python_version(), **versions}
    return Run(
        prototype=declared,
        dataset=dataset,
        outcome=outcome,
        facts={
            "seed": seed,
            "started": started,
            "seconds": seconds,
            "made_with": made_with,
            **facts,
        },
    )


def _measure(done: Run) -> tuple[Finding, ...]:
    checks = [registry.find("checks", name)() for name in done.prototype.protocol.checks]
    return tuple(finding for check in checks for finding in check(done))


def _judge_and_seal(done: Run, folder: Path | None) -> Record:
    findings = _measure(done)
    verdicts = judge(findings, done.prototype.policy)
    artifacts = _save(done, folder, automatic=not blocked_by(verdicts)) if folder else {}
    about = {"iagkit": __version__, "sealed_at": datetime.now(UTC).isoformat(timespec="seconds")}
    return seal(done, findings, verdicts, about=about, artifacts=artifacts)


def _save(done: Run, folder: Path, *, automatic: bool) -> dict[str, str]:
    """Write what is sealed with the record; a blocked model decides nothing by itself."""
    from iagkit.prototypes.engine import persist
    from iagkit.wire import rows

    model = done.outcome.model
    model.automatic = automatic
    model.about = _about(done.prototype)
    persist.save(model, folder / MODEL)
    rows.write_parquet(done.outcome.table, folder / PREDICTIONS)
    rows.write_csv(done.outcome.evidence["doubtful"], folder / LABEL_REVIEW, columns=DOUBTS)
    return {name: _sha256(folder / name) for name in (MODEL, PREDICTIONS, LABEL_REVIEW)}


def _about(declared: Prototype) -> dict[str, Any]:
    return {
        "prototype": declared.name,
        "human_role": to_json(declared.human_role),
        "taxonomy": to_json(declared.taxonomy),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell(record: Record, folder: Path, private: dict[str, Any], lang: str) -> None:
    from iagkit.report import write_report

    (folder / RECORD).write_bytes(record.to_bytes())
    if private["data"] == "-" or "://" in private["data"]:  # an address may hold a password
        private = {name: value for name, value in private.items() if name != "data"}
    (folder / PRIVATE).write_text(json.dumps(private, indent=1))
    write_report(record, folder, lang=lang)


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
    from iagkit.prototypes.requests import decisions, lookup

    record, router = _record_in(folder), _model_in(folder)
    row = lookup.row_of(case, model=router, record=record, file=folder / PRIVATE, data=data)
    return decisions.letter_of(router, row, case=case, record=record, lang=lang)


def verify(path: Path) -> dict[str, Any]:
    """Check a record, and the files sealed with it that stand beside it.

    Raises
    ------
    IntegrityError
        Naming the section or file that was changed.
    """
    folder = path if path.is_dir() else path.parent
    record = _record_in(path)
    files = {}
    for name, sealed in record.artifacts.items():
        if not (folder / name).is_file():
            files[name] = "absent"
            continue
        if _sha256(folder / name) != sealed:
            msg = (
                f"'{name}' was changed after the record was sealed: expected SHA-256 {sealed}, got "
                f"{_sha256(folder / name)}. Take the file of the original run"
            )
            raise IntegrityError(msg)
        files[name] = "ok"
    return {"record": "ok", "digest": record.digest, "amendments": len(record.amendments), **files}


def promote(folder: Path, *, store: str | None = None, by: str | None = None) -> dict[str, Any]:
    """Make the model of a run the champion, if its sealed record allows it.

    Raises
    ------
    TrackingError
        If a blocking gate failed or is unknown, or the store does not hold the run.
    IntegrityError
        If record or model are not the sealed ones.
    """
    from iagkit.track import promotion
    from iagkit.track.store import Store

    verify(folder)
    return to_json(promotion.promote(Store.open(store), folder, by=by))  # type: ignore[no-any-return]


def _record_in(path: Path) -> Record:
    file = path / RECORD if path.is_dir() else path
    if not file.is_file():
        msg = f"expected a sealed record; there is no file '{file}'. It is '{RECORD}' of a run"
        raise DataError(msg)
    try:
        record = read(file.read_bytes())
    except (RecursionError, ValueError, TypeError, AttributeError):
        msg = f"expected a sealed record; '{file}' is JSON of another shape. Take the original file"
        raise IntegrityError(msg) from None
    sealed = record.artifacts
    if not isinstance(sealed, dict) or any(Path(name).name != name for name in sealed):
        msg = f"expected names of files beside '{file}' in 'artifacts'; got something else"
        raise IntegrityError(msg)
    return record


def _model_in(folder: Path) -> Any:
    from iagkit.prototypes.engine import persist

    verify(folder)
    return persist.load(folder / MODEL)
