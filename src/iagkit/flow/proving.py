"""What was sealed, and what it allows: verify and promote."""

from __future__ import annotations

import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from iagkit import __version__
from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.record import Record, read, to_json
from iagkit.flow.running import RECORD, sha256_of, wording

PAGES = ("report.es.html", "report.pt.html", "report.en.html")


def verify(path: Path) -> dict[str, Any]:
    """Check a record, the files sealed with it, and that the pages tell what it says.

    Parameters
    ----------
    path : Path
        ``record.json``, or the folder it is in.

    Returns
    -------
    dict
        ``record``, ``digest``, ``amendments``, and for each file ``ok``, ``absent`` or, for
        pages that another version of iagkit, or other wording, wrote, ``not compared``.

    Raises
    ------
    IntegrityError
        Naming the section, file or page that was changed.
    """
    folder = path if path.is_dir() else path.parent
    record = record_in(path)
    files = {name: _sealed(folder / name, told) for name, told in record.artifacts.items()}
    told = {"record": "ok", "digest": record.digest, "amendments": len(record.amendments)}
    return {**told, **files, **_pages(record, folder)}


def _sealed(file: Path, told: str) -> str:
    if not file.is_file():
        return "absent"
    if (found := sha256_of(file)) != told:
        msg = (
            f"'{file.name}' was changed after the record was sealed: expected SHA-256 {told}, got "
            f"{found}. Take the file of the original run"
        )
        raise IntegrityError(msg)
    return "ok"


def _pages(record: Record, folder: Path) -> dict[str, str]:
    """Write the pages again, as the record is now and as it was sealed, and compare."""
    here = [name for name in (*PAGES, "report.html") if (folder / name).is_file()]
    sealed = record.about.get("wording", wording())
    if not here or record.about.get("iagkit") != __version__ or sealed != wording():
        return dict.fromkeys(here, "not compared")
    told = _written(record)
    if record.amendments:
        told += _written(replace(record, amendments=()))
    for name in here:
        names = [name] if name in PAGES else PAGES
        if (folder / name).read_bytes() not in [pages[n] for pages in told for n in names]:
            msg = (
                f"'{name}' does not tell what the record says: it was edited. "
                "Take the page of the original run"
            )
            raise IntegrityError(msg)
    return dict.fromkeys(here, "as the record")


def _written(record: Record) -> list[dict[str, bytes]]:
    from iagkit.report import write_report

    with tempfile.TemporaryDirectory() as aside:
        write_report(record, aside, lang="en")
        return [{name: (Path(aside) / name).read_bytes() for name in PAGES}]


def promote(folder: Path, *, store: str | None = None, by: str | None = None) -> dict[str, Any]:
    """Make the model of a run the champion, if its sealed record allows it.

    Parameters
    ----------
    folder : Path
        What :func:`iagkit.run` wrote.
    store : str, optional
    by : str, optional
        Who answers for it.

    Returns
    -------
    dict
        The promotion, and ``not_passed``: limits that do not block but were not met, or of
        which it is not known; somebody has to answer for them.

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
    done = to_json(promotion.promote(Store.open(store), folder, by=by))
    open_points = [v for v in record_in(folder).verdicts if v.result != "pass"]
    return {**done, "not_passed": [_told(v.check, v.where, v.result) for v in open_points]}


def _told(check: str, where: Any, result: str) -> str:
    place = ", ".join(f"{column} {value}" for column, value in where.items())
    return f"{check}{f' ({place})' if place else ''}: {result}"


def record_in(path: Path) -> Record:
    """Read a sealed record, from its file or folder."""
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
