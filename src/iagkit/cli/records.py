"""``verify``, ``sign``, ``amend`` and ``promote``: what was sealed, and what it allows."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.options import JsonOption, RunFolder, StoreOption
from iagkit.cli.refusals import visible
from iagkit.core.errors import GateError, IntegrityError, UsageError

PassphraseFile = Annotated[
    Path | None,
    typer.Option(help="File with the passphrase of the key, one line; never on the command line."),
]


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(verify)
    app.command()(signing_key)
    app.command()(sign)
    app.command()(amend)
    app.command()(records)
    app.command()(promote)


def verify(
    record: Annotated[Path, typer.Argument(help="A 'record.json', or the folder it is in.")],
    public_key: Annotated[
        Path | None,
        typer.Option(help="Public key of the institution; the signature must be of it."),
    ] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: JsonOption = False,
) -> None:
    """Check that a record, and the files sealed with it, are byte for byte the sealed ones.

    Whoever edits a record can compute its digest anew: compare the digest that is told with the
    one the institution published elsewhere, or check its signature with --public-key. Reports are
    not sealed, but signed; they repeat the record. Exit code 2 if anything was changed.

    Example: iagkit verify out/requests/record.json

    Example: iagkit verify out/requests --public-key institution.pem.pub --lang es
    """
    from iagkit import flow
    from iagkit.report import proven
    from iagkit.report.voice import Voice

    proof = flow.inspect(record, public_key=public_key)
    why = [part.why for part in proof.changed if part.why is not None]
    if json:
        voice = Voice(lang.value)
        changed = [
            {"part": part.name, "why": voice.tell(part.why)}
            for part in proof.changed
            if part.why is not None
        ]
        show.facts({**proof.told(), "whole": not changed, "changed": changed}, as_json=True)
    else:
        _print(proven.parts(proof.parts, lang=lang.value))
        if proof.record is not None and not why:
            _print(proven.whole(proof.record, proof.signed_by, lang=lang.value))
    if why:
        raise IntegrityError(proven.changed(why, lang=lang.value))


def signing_key(
    file: Annotated[Path, typer.Argument(help="Where the private key shall be; a new file.")],
    passphrase_file: PassphraseFile = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: JsonOption = False,
) -> None:
    """Make a pair of keys (Ed25519): the private one for its owner alone, the public one beside it.

    Example: iagkit signing-key keys/institution.pem --passphrase-file keys/passphrase.txt
    """
    from iagkit.flow import attesting
    from iagkit.report import proven

    told = attesting.new_key(file, _passphrase(passphrase_file))
    if json:
        show.facts(told, as_json=True)
    else:
        _print(proven.new_key(told, lang=lang.value))


def sign(
    run_folder: RunFolder,
    key: Annotated[Path, typer.Option(help="Private key that signing-key made.")],
    passphrase_file: PassphraseFile = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: JsonOption = False,
) -> None:
    """Sign a record, the files sealed with it and its pages, so that anyone can check who did.

    Writes 'record.dsse.json', a DSSE envelope with an in-toto statement.

    Example: iagkit sign out/requests --key keys/institution.pem
    """
    from iagkit.flow import attesting
    from iagkit.report import proven

    asked = passphrase_file is None
    passphrase = _asked(key, lang.value) if asked else _passphrase(passphrase_file)
    told = attesting.sign(run_folder, key=key, passphrase=passphrase)
    if json:
        show.facts(told, as_json=True)
    else:
        _print(proven.signed(told, lang=lang.value))


def amend(
    run_folder: RunFolder,
    author: Annotated[str, typer.Option(help="Who answers for the remark; published.")],
    reason: Annotated[str, typer.Option(help="What it says; published, so name no citizen.")],
    lang: o.LangOption = o.DEFAULT_LANG,
    json: JsonOption = False,
) -> None:
    """Add a remark to a sealed record; what was sealed stays, and no remark can be taken out.

    Example: iagkit amend out/requests --author "Head of the intake office"
    --reason "The column district of March was recorded wrongly"
    """
    from iagkit.flow import attesting
    from iagkit.report import proven

    record, pages = attesting.amend(run_folder, author=author, reason=reason)
    if json:
        show.facts({**record.amendments[-1], "amendments": len(record.amendments)}, as_json=True)
    else:
        _print(proven.amended(author, record.head, pages, lang=lang.value))


def records(
    folder: Annotated[Path, typer.Argument(help="Folder of published records.")],
    add: Annotated[Path | None, typer.Option(help="Run whose record is to be published.")] = None,
    name: Annotated[str | None, typer.Option(help="Name of the new entry.")] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: JsonOption = False,
) -> None:
    """Check a folder of published records, which only grows, or publish one more in it.

    Each entry of its file CHAIN holds the digest of the one before, so that an entry that was
    changed, reordered or taken out shows.

    Example: iagkit records audits/records --add out/requests --name requests-2026
    """
    from iagkit.flow import shelving
    from iagkit.report import proven

    if (add is None) != (name is None):
        msg = "expected --add and --name together, or neither to check the folder"
        raise UsageError(msg)
    if add is not None and name is not None:
        shelving.add(folder, add, name=name)
    try:
        entries = shelving.check(folder)
    except IntegrityError as refusal:
        raise IntegrityError(proven.changed(refusal.changed, lang=lang.value)) from refusal
    if json:
        show.table(entries, as_json=True)
    else:
        _print(proven.shelved(entries, lang=lang.value))


def promote(
    run_folder: RunFolder,
    by: Annotated[str | None, typer.Option(help="Who answers for the promotion.")] = None,
    store: StoreOption = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: JsonOption = False,
) -> None:
    """Make the model of a run the champion, if its record allows it.

    Example: iagkit promote out/requests --by "Head of the intake office"
    """
    from iagkit import flow
    from iagkit.report import proven

    try:
        told = flow.promote(run_folder, store=store, by=by)
    except GateError as refusal:
        record = flow.record_in(run_folder)
        if lang is o.Lang.en or not record.unproven:
            raise
        raise GateError(proven.forbidden(record, lang=lang.value)) from refusal
    if json:
        show.facts(told, as_json=True)
    else:
        _print(proven.promoted(told, flow.record_in(run_folder), lang=lang.value))


def _print(lines: list[str]) -> None:
    for line in lines:
        typer.echo(visible(line))


def _passphrase(file: Path | None) -> bytes | None:
    """Read the first line of a file; its content is in no message."""
    if file is None:
        return None
    from iagkit.wire.signing import passphrase

    return passphrase(file)


def _asked(key: Path, lang: str) -> bytes | None:
    """Ask the passphrase of a locked key, hidden, where somebody sits at a terminal."""
    from iagkit.report import proven
    from iagkit.wire.signing import locked

    if not sys.stdin.isatty() or not locked(key):
        return None
    words = visible(proven.passphrase_of(key.name, lang=lang))
    return str(typer.prompt(words, hide_input=True, err=True)).encode()
