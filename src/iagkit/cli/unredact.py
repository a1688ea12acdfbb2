"""``redaction-key`` and ``unredact``: the way back, for who keeps the key."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.redact_words import SAID, as_json_bytes, counted, say

if TYPE_CHECKING:
    from iagkit.text.privacy.originals import Originals, Restored


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command("redaction-key")(redaction_key)
    app.command()(unredact)


def redaction_key(
    path: Annotated[Path, typer.Argument(metavar="KEYFILE", help="New file for the key.")],
    lang: o.LangOption = o.DEFAULT_LANG,
) -> None:
    """Make the key that seals what a redaction hides; its owner alone may read it.

    A key is never written over. Whoever has the key and a sealed table can read all that was
    hidden: keep them apart, and a copy of the key where keys are kept.

    Example: iagkit redaction-key keys/redaction.key
    """
    from iagkit.wire.sealing import new_key

    new_key(path.expanduser())
    say(SAID[lang.value]["key"].format(out=path))


def unredact(
    source: Annotated[
        Path, typer.Argument(help="Redacted text, folder or table, or a text with its pseudonyms.")
    ],
    sealed: Annotated[Path, typer.Option(help="Sealed table that redact --seal-with wrote.")],
    key: Annotated[Path, typer.Option(help="The key it was sealed with.")],
    out: Annotated[Path | None, typer.Option(help="File, or folder for a folder.")] = None,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Put back what a redaction hid, with the sealed table and its key.

    A redacted text that nobody changed comes back exactly. In one that was worked on, or that was
    written as PDF, DOCX or table, pseudonyms come back. Files are written for their owner alone.

    Example: iagkit unredact letter.txt --sealed letter.txt.sealed --key keys/redaction.key
    """
    from iagkit.flow.redacting_tables import is_table
    from iagkit.flow.unredacting import opened, restore, restore_folder
    from iagkit.wire.placing import put, refuse_to_replace

    refuse_to_replace((out,), (source, sealed, key))
    originals = opened(sealed.expanduser(), key.expanduser())
    source = source.expanduser()
    if source.is_dir():
        out = out or o.default_out("unredact", str(source))
        done = restore_folder(source, out, originals)
    elif is_table(source):
        done = _table(source, out := out or source.with_suffix(".restored.csv"), originals)
    else:
        content, restored = restore(source.name, _read(source), originals)
        done = [(source.name, restored)]
        if out is not None:
            put(out, content, private=True)
        elif not json:
            show.write(content)
    _tell(done, out, lang.value, as_json=json)


def _read(source: Path) -> bytes:
    from iagkit.core.errors import DataError

    try:
        return source.read_bytes()
    except OSError as error:
        msg = f"expected a redacted text at '{source}'; it cannot be read ({error.strerror})"
        raise DataError(msg) from None


def _table(source: Path, out: Path, originals: Originals) -> list[tuple[str, Restored]]:
    from iagkit.flow.redacting_tables import as_written
    from iagkit.flow.unredacting import restore_table
    from iagkit.text.privacy.originals import Restored
    from iagkit.wire import tables
    from iagkit.wire.rows import AnswerFile

    places = 0
    with AnswerFile(out, private=True) as file:
        for piece in tables.iter_table(str(source)):
            restored, more = restore_table(piece, originals)
            file.write(as_written(restored))
            places += more
    return [(source.name, Restored("", places, exact=False))]


def _tell(done: list[tuple[str, Restored]], out: Path | None, lang: str, *, as_json: bool) -> None:
    words = SAID[lang]
    places = sum(restored.places for _, restored in done)
    if as_json:
        told = {
            "documents": len(done), "places": places,
            "changed_since": [name for name, restored in done if not restored.exact],
        }  # fmt: skip
        show.write(as_json_bytes(told) + b"\n")
        return
    for name, restored in done:
        if not restored.exact:
            say(f"{name}: {words['inexact']}")
    say(words["restored"].format(n=len(done), what=counted(len(done), lang), places=places))
    if out is not None:
        say(words["written"].format(out=out))
