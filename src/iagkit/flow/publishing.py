"""A sealed record → the registers a public body owes: filled, counted, written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from iagkit.core.errors import OutputError, UsageError
from iagkit.core.record import Record
from iagkit.flow.proving import record_in
from iagkit.flow.running import RECORD
from iagkit.registers import answers as told
from iagkit.registers.answers import Answers
from iagkit.registers.exports import export
from iagkit.registers.exports.plain import document
from iagkit.registers.filling import Filled, fill
from iagkit.registers.nouns import Profile
from iagkit.registers.owing import Owed, owed
from iagkit.registers.profiles import load_profile, profile_names
from iagkit.registers.system import SystemRecord, from_record
from iagkit.registers.telling import Teller
from iagkit.wire.output import OutputFolder

ALL: Final = "all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """Registers filled from one record.

    Parameters
    ----------
    record : Record
    registers : tuple of Filled
    skipped : tuple of str
        Profiles that ``"all"`` leaves out because nobody read them at their source.
    owed : tuple of Owed
        What people owe to all of them together, each question once.
    paths : tuple of Path
        Files written; empty if no folder was given.
    """

    record: Record
    registers: tuple[Filled, ...]
    skipped: tuple[str, ...]
    owed: tuple[Owed, ...]
    paths: tuple[Path, ...]

    def to_json(self) -> dict[str, Any]:
        """All that a program needs: limits that failed, counts, what is owed, paths."""
        return {
            "record": self.record.digest,
            "blocking_limits_failed": [verdict.check for verdict in self.record.blocked],
            "registers": [_summary(filled, self.record) for filled in self.registers],
            "skipped": list(self.skipped),
            "owed": [{**asdict(one), "fields": list(one.fields)} for one in self.owed],
            "paths": [str(path) for path in self.paths],
        }


def publish(
    record: str | Path | Record,
    register: str | Path | Sequence[str],
    *,
    answers: str | Path | Mapping[str, Any] | Answers | None = None,
    lang: str = "en",
    out: str | Path | None = None,
    override: str | None = None,
    confirmed_only: bool = False,
) -> Published:
    """Fill registers from a sealed record and from what people answered.

    Parameters
    ----------
    record : str, Path or Record
        Folder of a run, its ``record.json``, or a record that was read.
    register : str, Path or sequence of str
        Name of a profile (``"uk-atrs"``), several, ``"all"``, or the file of one's own.
    answers : path, mapping or Answers, optional
        Concept or ``"profile/field"`` → answer; shared by all registers. Those that the prototype
        declared, if none are given.
    lang : {"es", "pt", "en"}
    out : path, optional
        Folder for the files; nothing is written without.
    override : str, optional
        Why a profile that nobody read at its source is published all the same.
    confirmed_only : bool
        Whether proposals that no person confirmed are left out of every file.

    Returns
    -------
    Published

    Raises
    ------
    UsageError
        If a profile is not verified and there is no reason.
    DataError, DeclarationError
        If an answer, or the name of a register, cannot be used.
    IntegrityError
        If the record was changed, or is of a newer format.
    """
    found = record if isinstance(record, Record) else record_in(Path(record))
    given = read_answers(found.prototype.get("answers") if answers is None else answers)
    system = system_record(found, given, lang)
    wanted, skipped = _profiles(register, override)
    filled = tuple(fill(one, system, given, override=override) for one in wanted)
    debts = owed(filled, system.voice)
    if confirmed_only:
        filled = tuple(one.confirmed() for one in filled)
    place = None if isinstance(record, Record) else Path(record)
    paths: tuple[Path, ...] = ()
    if out is not None:
        paths = _write(filled, found, Path(out), place, _notice(found, given, lang))
    return Published(
        record=found, registers=filled, skipped=skipped, owed=debts,
        paths=paths,
    )  # fmt: skip


def system_record(record: Record, answers: Answers | None, lang: str) -> SystemRecord:
    """What is known of a system, in one language; see ``iagkit.registers.system``."""
    return from_record(record, answers, voice_of(record, lang))


def voice_of(record: Record, lang: str) -> Teller:
    """The voice that calls cases what the recipe of the record calls them."""
    from iagkit.report.story import Story

    return Story.of(record, lang).voice


def read_answers(given: str | Path | Mapping[str, Any] | Answers | None) -> Answers | None:
    """Answers from a file or a mapping, checked; those that were read already stay."""
    if given is None or isinstance(given, Answers):
        return given
    return told.check(given) if isinstance(given, Mapping) else told.read_answers(given)


def _profiles(
    register: str | Path | Sequence[str], override: str | None
) -> tuple[tuple[Profile, ...], tuple[str, ...]]:
    if register == ALL:
        every = [load_profile(name) for name in profile_names()]
        left = [] if override else [one.id for one in every if one.verified == "no"]
        return tuple(one for one in every if one.id not in left), tuple(left)
    names = [register] if isinstance(register, str | Path) else list(register)
    if not names:
        msg = f"expected the name of a register; got none. Known: {', '.join(profile_names())}"
        raise UsageError(msg)
    return tuple(load_profile(name) for name in dict.fromkeys(names)), ()


def _notice(record: Record, answers: Answers | None, lang: str) -> Mapping[str, bytes]:
    """The notice for the people concerned goes with every register."""
    from iagkit.flow import noticing

    return noticing.drawn(noticing.notice(record, answers=answers).pages, lang)


def _write(
    registers: Sequence[Filled],
    record: Record,
    out: Path,
    place: Path | None,
    notice: Mapping[str, bytes],
) -> tuple[Path, ...]:
    from iagkit.report.register_page import register_page

    refuse_the_run(out, place)
    with OutputFolder(out) as folder:
        files = {RECORD: record.to_bytes(), **notice}
        for filled in registers:
            files.update(export(filled, record))
            page = register_page(document(filled, record))
            files[f"{filled.profile.id}.html"] = page.encode()
        for name, content in files.items():
            (folder.path / name).write_bytes(content)
    return tuple(out / name for name in sorted(files) if name != RECORD)


def refuse_the_run(out: Path, place: Path | None) -> None:
    """The folder of a run is not moved aside for what is published of it."""
    if place is None:
        return
    run = (place if place.is_dir() else place.parent).resolve()
    if out.resolve() == run or out.resolve() in run.parents:
        msg = (
            f"expected a folder of its own for the registers; '{out}' holds the run itself. Give "
            "--out a new name"
        )
        raise OutputError(msg)


def _summary(filled: Filled, record: Record) -> dict[str, Any]:
    whole = document(filled, record)
    return {
        "profile": whole["profile"]["id"],
        "version": whole["profile"]["version"],
        "verified": whole["profile"]["verified"],
        "override": whole["override"],
        "completeness": whole["completeness"],
        "warnings": whole["warnings"],
    }
