"""Declare → run → measure → judge → seal → tell."""

from __future__ import annotations

import hashlib
import json
import platform
import time as clock
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, TypedDict, Unpack

from iagkit import __version__
from iagkit.core import registry
from iagkit.core.canonical import digest
from iagkit.core.errors import DataError, UsageError
from iagkit.core.judge import judge, unproven
from iagkit.core.message import Message
from iagkit.core.nouns import Dataset, Finding, Prototype, Run
from iagkit.core.quiet import be_quiet
from iagkit.core.record import Record, seal, to_json
from iagkit.flow.reviewing import write_review_list, write_unread

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
    (what is not told comes from the card); the others replace what the prototype declares:
    ``capacity`` in cases a day, ``urgent`` a column of yes and no, ``urgent_classes`` classes.
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
    capacity: float | None
    urgent: str | None
    urgent_classes: Sequence[str]
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
        write_review_list(done, record, folder.path, lang=lang)
        unread = write_unread(dataset, folder.path, lang=lang)
        if tracked is not None:
            progress("track")
            tracked.log(record, folder.path)
    for notice in (unread, folder.notice):
        if notice is not None:
            remark(notice)
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
    public = _with_urgency(found, public, options)
    return replace(found, params=public)  # where the table lies is nobody else's business


def _with_urgency(found: Prototype, params: dict[str, Any], options: Options) -> dict[str, Any]:
    capacity, column = options.get("capacity"), options.get("urgent")
    classes = options.get("urgent_classes") or ()
    if capacity is None and column is None and not classes:
        return params
    if "urgency" not in getattr(registry.find("recipes", found.recipe), "reads", ()):
        msg = (
            "expected a prototype that reads urgency, such as document-triage; got "
            f"'{found.name}'. Leave --capacity, --urgent and --urgent-class out"
        )
        raise UsageError(msg)
    from iagkit.prototypes.documents.urgency import with_options

    return with_options(params, capacity=capacity, column=column, classes=classes)


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
    from iagkit.prototypes.engine.lookup import ROLES

    named = {"id": "ids", "split": "split_column"}
    told = {role: options.get(named.get(role, role)) or defaults.get(role) for role in ROLES}
    told |= {name: options.get(name) for name in ("query", "long_texts")}
    return {"data": source, **{name: value for name, value in told.items() if value}}


def _do(declared: Prototype, dataset: Dataset, *, seed: int, progress: Progress) -> Run:
    recipe = registry.find("recipes", declared.recipe)()
    began, started = clock.monotonic(), datetime.now(UTC).isoformat(timespec="seconds")
    outcome, facts = recipe(dataset, declared, seed=seed, progress=progress)
    seconds = round(clock.monotonic() - began, 1)
    return Run(
        prototype=declared,
        dataset=dataset,
        outcome=outcome,
        facts={
            "seed": seed,
            "started": started,
            "seconds": seconds,
            "made_with": made_with(LIBRARIES),
            **facts,
        },
    )


def made_with(libraries: Sequence[str]) -> dict[str, str]:
    """Versions of iagkit, Python and the libraries that decide a result."""
    versions = {name: version(name) for name in libraries}
    return {"iagkit": __version__, "python": platform.python_version(), **versions}


def measure(done: Run) -> tuple[Finding, ...]:
    """Answers of all checks that the protocol names."""
    checks = [registry.find("checks", name)() for name in done.prototype.protocol.checks]
    return tuple(finding for check in checks for finding in check(done))


def _judge_and_seal(done: Run, folder: Path | None) -> Record:
    findings = measure(done)
    verdicts = judge(findings, done.prototype.policy)
    artifacts = _save(done, folder, automatic=not unproven(verdicts)) if folder else {}
    return seal(done, findings, verdicts, about=about_now(), artifacts=artifacts)


def about_now() -> dict[str, str]:
    """What a record says of its own making: version, time, and the sentences of its pages."""
    now = datetime.now(UTC).isoformat(timespec="seconds")
    return {"iagkit": __version__, "sealed_at": now, "wording": wording()}


@cache
def wording() -> str:
    """SHA-256 of all that decides how a page tells a record: code, templates, translations."""
    place = files("iagkit.report")
    with as_file(place) as folder:
        parts = sorted(p for p in folder.rglob("*") if p.suffix in (".py", ".po", ".j2", ".css"))
        told = [(str(p.relative_to(folder)), sha256_of(p)) for p in parts]
    return digest(told)


def _save(done: Run, folder: Path, *, automatic: bool) -> dict[str, str]:
    """Write what is sealed; without every blocking gate passed a model decides nothing alone."""
    from iagkit.prototypes.engine import persist
    from iagkit.wire import rows

    model = done.outcome.model
    model.automatic = automatic
    model.about = _about(done.prototype) | done.outcome.evidence.get("about_model", {})
    persist.save(model, folder / MODEL)
    rows.write_parquet(done.outcome.table, folder / PREDICTIONS)
    rows.write_csv(done.outcome.evidence["doubtful"], folder / LABEL_REVIEW, columns=DOUBTS)
    return {name: sha256_of(folder / name) for name in (MODEL, PREDICTIONS, LABEL_REVIEW)}


def _about(declared: Prototype) -> dict[str, Any]:
    return {
        "prototype": declared.name,
        "human_role": to_json(declared.human_role),
        "taxonomy": to_json(declared.taxonomy),
    }


def sha256_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _tell(record: Record, folder: Path, private: dict[str, Any], lang: str) -> None:
    from iagkit.report import write_report

    (folder / RECORD).write_bytes(record.to_bytes())
    if private["data"] == "-" or "://" in private["data"]:  # an address may hold a password
        private = {name: value for name, value in private.items() if name != "data"}
    (folder / PRIVATE).write_text(json.dumps(private, indent=1))
    write_report(record, folder, lang=lang)
