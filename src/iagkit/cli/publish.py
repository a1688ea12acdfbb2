"""``publish`` and ``registers``: from a sealed record to what a public body owes."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from iagkit.cli import options as o
from iagkit.cli import show
from iagkit.cli.refusals import visible

if TYPE_CHECKING:
    from iagkit.flow.publishing import Published
    from iagkit.report.voice import Voice


def add_to(app: typer.Typer) -> None:
    """Register the commands of this file."""
    app.command()(publish)
    app.command()(registers)


def publish(
    run: Annotated[Path, typer.Argument(help="Folder of a run, or its 'record.json'.")],
    register: Annotated[
        list[str],
        typer.Option(help="Name of a register, 'all', or a file of your own; may be repeated."),
    ],
    answers: Annotated[
        Path | None, typer.Option(help="YAML or JSON: question → answer, for all registers.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for the files.")] = None,
    override: Annotated[
        str | None,
        typer.Option(help="Why a form that nobody read at its source is published; it is told."),
    ] = None,
    confirmed_only: Annotated[
        bool,
        typer.Option("--confirmed-only", help="Leave out proposals that nobody confirmed yet."),
    ] = False,
    lang: o.LangOption = o.DEFAULT_LANG,
    json: o.JsonOption = False,
) -> None:
    """Fill registers from the evidence of a run, and tell what people still owe.

    Evidence is copied, sentences are proposed, and everything else is asked of whom it concerns.

    Example: iagkit publish out/demo --register uk-atrs --answers answers.yaml --lang es
    """
    from iagkit.flow import publishing

    wanted = "all" if register == ["all"] else register
    place = out if out is not None else o.default_out("publish", str(run.resolve()))
    told = publishing.publish(
        run,
        wanted,
        answers=answers,
        lang=lang.value,
        out=place,
        override=override,
        confirmed_only=confirmed_only,
    )
    if json:
        show.facts(told.to_json(), as_json=True)
        return
    from iagkit.report.voice import Voice

    for line in _lines(told, Voice(lang.value)):
        typer.echo(visible(line))


def registers(
    name: Annotated[
        str | None, typer.Argument(help="Name of a register: its fields are listed.")
    ] = None,
    json: o.JsonOption = False,
) -> None:
    """List the registers that can be filled, or the fields of one.

    Example: iagkit registers uk-atrs
    """
    from iagkit.registers.answers import limit_of
    from iagkit.registers.profiles import load_profile, profile_names

    if name is None:
        rows = [_listed(load_profile(one)) for one in profile_names()]
        lines = [f"{row['id']:24} {row['title']} ({row['jurisdiction']})" for row in rows]
    else:
        fields = load_profile(name).fields
        rows = [
            {"id": f.id, "name": f.name, "section": f.section, "required": f.required,
             "type": f.kind, "max_length": limit_of(f), "choices": list(f.choices),
             "help": f.description} for f in fields
        ]  # fmt: skip
        lines = [f"{row['id']:24} {row['name']} [{row['type']}]" for row in rows]
    if json:
        show.table(rows, as_json=True)
        return
    for line in lines:
        typer.echo(visible(line))


def _listed(profile: Any) -> dict[str, Any]:
    return {
        "id": profile.id, "title": profile.title, "issuer": profile.issuer,
        "jurisdiction": profile.jurisdiction, "version": profile.version,
        "verified": profile.verified, "fields": len(profile.fields),
    }  # fmt: skip


def _lines(told: Published, voice: Voice) -> Iterator[str]:
    from iagkit.registers.exports.plain import warnings
    from iagkit.report.register_page import completeness

    if told.record.blocked:
        yield next(warnings(told.registers[0]))
        yield ""
    for filled in told.registers:
        counts = filled.completeness()
        numbers = {n: getattr(counts, n) for n in counts.__slots__} | {
            "filled": counts.filled, "share": counts.share
        }  # fmt: skip
        yield f"{filled.profile.id}: {completeness(numbers, voice)}"
        yield from (f"  {line}" for line in list(warnings(filled))[bool(filled.gates) :])
    if told.skipped:
        yield voice.say(
            "Left out, because nobody read them at their source (see --override): {names}",
            names=", ".join(told.skipped),
        )
    yield from _owed(told, voice)
    yield ""
    yield from (f"  {path}" for path in told.paths)


def _owed(told: Published, voice: Voice) -> Iterator[str]:
    from iagkit.registers.owing import TASKS
    from iagkit.registers.telling import ROLES

    if not told.owed:
        yield voice.say("Nobody owes anything.")
        return
    yield ""
    yield voice.say("What people still owe, each question once:")
    for role, debts in groupby(told.owed, lambda one: one.role):
        listed = list(debts)
        yield f"{voice.tell(ROLES[role])} ({len(listed)})"
        for task, same in groupby(listed, lambda one: one.task):
            yield f"  {voice.tell(TASKS[task])}:"
            yield from (f"    {one.text} [{one.key}]" for one in same)
