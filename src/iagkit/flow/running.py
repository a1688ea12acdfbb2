"""Declare → run → measure → judge → seal → tell."""

from __future__ import annotations

import hashlib
import json
import platform
import time as clock
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, ExitStack
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from importlib.resources import as_file, files
from pathlib import Path
from typing import Any, Unpack

from iagkit import __version__
from iagkit.core import registry
from iagkit.core.canonical import digest
from iagkit.core.judge import judge, unproven
from iagkit.core.message import Message
from iagkit.core.nouns import Dataset, Finding, Prototype, Run
from iagkit.core.quiet import be_quiet
from iagkit.core.record import Record, seal
from iagkit.flow.declaring import Options, declare, load, whereabouts
from iagkit.flow.reviewing import write_review_list, write_unread

be_quiet()
Progress = Callable[[str], None]
LIBRARIES = ("scikit-learn", "numpy", "scipy", "pandas", "skops", "mlflow")
RECORD = "record.json"
MODEL = "model.skops"
PREDICTIONS = "predictions.parquet"
PRIVATE = "run.json"


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
    declared = declare(prototype, options, seed)
    private = whereabouts(prototype, declared, data, options)
    if out is None:
        table = load(declared, private)
        done = do(declared, table, seed=seed, progress=progress)
        progress("measure")
        return judge_and_seal(done, None)
    from iagkit.wire.output import OutputFolder

    place = OutputFolder(out)
    place.probe()
    dataset = load(declared, private)
    with ExitStack() as until_told:
        tracked = until_told.enter_context(_tracked(store, declared, seed)) if track else None
        folder = until_told.enter_context(place)
        done = do(declared, dataset, seed=seed, progress=progress)
        progress("measure")
        record = judge_and_seal(done, folder.path)
        progress("tell")
        _tell(record, folder.path, private, lang)
        write_review_list(done, record, folder.path, lang=lang)
        unread = write_unread(dataset, folder.path, lang=lang)
        if tracked is not None:
            progress("track")
            tracked.log(record, folder.path, model=MODEL if MODEL in record.artifacts else None)
    for notice in (unread, folder.notice):
        if notice is not None:
            remark(notice)
    return record


def _tracked(store: str | None, declared: Prototype, seed: int) -> AbstractContextManager[Any]:
    from iagkit.track.store import Store

    opened = Store.open(store)
    return opened.run(declared.name, prototype=declared, params={"seed": seed})


def do(declared: Prototype, dataset: Dataset, *, seed: int, progress: Progress) -> Run:
    """Let the recipe work; facts are what it found out, with time, seed and versions."""
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


def judge_and_seal(done: Run, folder: Path | None) -> Record:
    """Measure, judge and seal; files go into the folder if there is one."""
    findings = measure(done)
    if done.prototype.jurisdiction:
        from iagkit.flow.transparency import documented

        done, more = documented(done, findings, kept=folder is not None)
        findings += more
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
    """Let the recipe write what is sealed: its model, its tables, or nothing.

    Without every blocking gate passed a model decides nothing alone.
    """
    save = getattr(registry.find("recipes", done.prototype.recipe), "save", None)
    names: Sequence[str] = save(done, folder, automatic=automatic) if save is not None else ()
    return {name: sha256_of(folder / name) for name in names}


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
