"""``assess``: a questionnaire asked in the terminal or in a form, and its score."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iagkit.cli import asking, show
from iagkit.cli import options as o
from iagkit.cli.refusals import visible

if TYPE_CHECKING:
    from iagkit.report.voice import Voice


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(assess)


def assess(
    name: Annotated[
        str,
        typer.Argument(help="canada-aia, chile-goblab-impacto, a register, or 'all' registers."),
    ],
    answers: Annotated[
        Path | None, typer.Option(help="JSON, question → answer: score it, ask nothing.")
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(
            help="canada-aia: live, completed (default). GobLab: as-published (default), corrected."
        ),
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="File of answers to begin or go on with.")
    ] = None,
    form: Annotated[bool, typer.Option("--form", help="Ask in a form in the browser.")] = False,
    port: Annotated[int, typer.Option(help="Port of the form; 0 takes a free one.")] = 0,
    run: Annotated[
        Path | None, typer.Option(help="Folder of a run: its evidence stands beside questions.")
    ] = None,
    text: Annotated[
        str | None, typer.Option(help="Official wording of canada-aia: en or fr.")
    ] = None,
    strict: Annotated[
        bool, typer.Option("--strict", help="Refuse what the official tool would tolerate.")
    ] = False,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Ask a questionnaire, go on where it was left, and tell its score.

    Every answer is kept at once; stop and come back as you like. The score is a rehearsal, never
    the official outcome.

    Example: iagkit assess canada-aia --answers answers.json --mode completed --json
    """
    from iagkit.flow import assessing
    from iagkit.report.voice import Voice

    wording = _wording(text, lang.value)
    assessing.check_mode(name, mode)
    _one_way(answers, form=form, save=save)
    if answers is None:
        place = save if save is not None else Path(f"{name}.answers.json")
        session = assessing.open_session(name, place, run=run, lang=lang.value)
        if form:
            from iagkit.flow import serving_form

            serving_form.serve(session, lang=lang.value, text=wording, port=port, tell=typer.echo)
        else:
            asking.ask(session, Voice(lang.value), wording, sys.stdin)
        if name not in assessing.DEFAULT_MODES:
            return
        answers = place
        if not place.exists():
            return
    read_in = "fr" if wording == "fr" else lang.value
    told = assessing.assess(name, answers, mode=mode, lang=read_in, strict=strict)
    if json:
        show.facts(told, as_json=True)
        return
    for line in _lines(told, Voice(lang.value)):
        typer.echo(visible(line))


def _one_way(answers: Path | None, *, form: bool, save: Path | None) -> None:
    from iagkit.core.errors import UsageError

    if answers is not None and (form or save is not None):
        msg = (
            "expected --answers to score a file, or --form and --save to ask; got both. Leave one "
            "out"
        )
        raise UsageError(msg)


def _wording(text: str | None, lang: str) -> str:
    from iagkit.core.errors import UsageError

    if text not in (None, "en", "fr"):
        msg = f"expected the official wording 'en' or 'fr'; got '{text[:20]}'"
        raise UsageError(msg)
    return text or lang


def _lines(told: Mapping[str, Any], voice: Voice) -> Iterator[str]:
    from iagkit.flow.assessing import LINES, facts

    yield told["label"]
    yield ""
    for name, value in facts(told, voice):
        yield f"{name}: {value}"
    of = told.get("shown", told.get("scored"))
    yield voice.say(LINES["answered"].template, n=told["answered"], of=of)
    if told["remarks"]:
        yield ""
        yield f"{voice.tell(LINES['remarks'])}:"
        yield from (f"  - {remark}" for remark in told["remarks"])
    if needed := told.get("requirements"):
        yield ""
        yield f"{voice.tell(LINES['requirements'])}:"
        for one in needed:
            yield f"  {one['area']}:"
            yield from (f"    {line}" for line in one["text"].splitlines())
        if not needed[0]["official"]:
            yield f"  {voice.tell(LINES['ours'])}"
