"""What a person sees in the terminal; every sentence in their language."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread
from typing import Any

from iagkit.cli.refusals import visible
from iagkit.core.record import Record

MARKS = {"pass": "✓", "fail": "✗", "unknown": "?"}
STAGES = {
    "read": {"en": "Reading the table", "es": "Leyendo la tabla", "pt": "Lendo a tabela"},
    "split": {
        "en": "Setting whole texts apart for the test",
        "es": "Apartando textos enteros para la prueba",
        "pt": "Separando textos inteiros para o teste",
    },
    "learn": {
        "en": "Choosing and training the model (the long part)",
        "es": "Eligiendo y entrenando el modelo (la parte larga)",
        "pt": "Escolhendo e treinando o modelo (a parte longa)",
    },
    "answer": {
        "en": "Answering the held-out cases",
        "es": "Respondiendo los casos apartados",
        "pt": "Respondendo os casos separados",
    },
    "count": {
        "en": "Counting where the table is",
        "es": "Contando donde está la tabla",
        "pt": "Contando onde está a tabela",
    },
    "quality": {
        "en": "Looking at how good the log is",
        "es": "Mirando qué tan bueno es el registro de eventos",
        "pt": "Vendo quão bom é o registro de eventos",
    },
    "map": {
        "en": "Drawing the map of the process",
        "es": "Trazando el mapa del proceso",
        "pt": "Traçando o mapa do processo",
    },
    "predict": {
        "en": "Learning how long cases still take",
        "es": "Aprendiendo cuánto les falta a los casos",
        "pt": "Aprendendo quanto falta aos casos",
    },
    "simulate": {
        "en": "Simulating, and holding it against the real past",
        "es": "Simulando, y comparando con el pasado real",
        "pt": "Simulando, e comparando com o passado real",
    },
    "try": {
        "es": "Probando cambios en el proceso simulado",
        "pt": "Experimentando mudanças no processo simulado",
        "en": "Trying changes in the simulated process",
    },
    "staff": {
        "en": "Looking for the people that each hour needs",
        "es": "Buscando cuántas personas necesita cada hora",
        "pt": "Buscando quantas pessoas cada hora precisa",
    },
    "measure": {"en": "Measuring", "es": "Midiendo", "pt": "Medindo"},
    "tell": {
        "en": "Sealing the record, writing the report",
        "es": "Sellando el registro, escribiendo el informe",
        "pt": "Selando o registro, escrevendo o relatório",
    },
    "track": {
        "en": "Keeping the run in MLflow",
        "es": "Guardando la ejecución en MLflow",
        "pt": "Guardando a execução no MLflow",
    },
}


UNDECIDED = {
    "en": "--strict: a blocking limit is undecided, so this ends with 1",
    "es": "--strict: un límite que bloquea quedó sin decidir; por eso termina con 1",
    "pt": "--strict: um limite que bloqueia ficou sem decisão; por isso termina com 1",
}
POLLED = 0.2
"""Seconds between two looks at how far a count has come."""


def stage(lang: str) -> Callable[[str], None]:
    """Tell each step of a run on stderr as it begins."""

    def tell(name: str) -> None:
        told = STAGES.get(name, {}).get(lang, name)
        print(f"· {told} …", file=sys.stderr, flush=True)  # noqa: T201

    return tell


def silent(_: str) -> None:
    """Tell nothing."""


def remark(message: object) -> None:
    """Tell something by the way, on stderr."""
    print(visible(f"  {message}"), file=sys.stderr)  # noqa: T201


@contextmanager
def rows(*, silent: bool) -> Iterator[Callable[[int, int | None], None]]:
    """Show a progress bar that is moved on by ``advance(rows_done, rows_in_all)``."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (BarColumn(), TextColumn("{task.completed:,.0f}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), disable=silent) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def counting(share: Callable[[], float | None]) -> Iterator[None]:
    """Show how far a count has come, on a terminal and where the engine tells it."""
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TimeRemainingColumn

    console, over = Console(stderr=True), Event()
    if not console.is_terminal:
        yield
        return
    columns = (BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=1.0, visible=False)

        def follow() -> None:
            while not over.wait(POLLED):
                if (done := share()) is not None:
                    bar.update(task, completed=done, visible=True)

        looking = Thread(target=follow, daemon=True)
        looking.start()
        try:
            yield
        finally:
            over.set()
            looking.join()


def undecided(lang: str) -> None:
    """Say why a command that is strict ends as if it had been forbidden."""
    print(UNDECIDED[lang], file=sys.stderr)  # noqa: T201


def write(content: bytes) -> None:
    """Write bytes to stdout as they are."""
    sys.stdout.buffer.write(content)


def facts(told: Mapping[str, Any], *, as_json: bool) -> None:
    """Print names and values, one a line."""
    if as_json:
        print(json.dumps(told, ensure_ascii=False, indent=1, default=str))  # noqa: T201
        return
    for name, value in told.items():
        print(visible(f"{name}: {value}"))  # noqa: T201


def table(found: Sequence[Mapping[str, Any]], *, as_json: bool) -> None:
    """Print rows with the same keys."""
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=1))  # noqa: T201
        return
    for row in found:
        title = row["title"].get("en", "")
        print(f"{row['name']:28} {title}\n{'':28} {row['licence']}")  # noqa: T201


def card(told: Mapping[str, Any], *, lang: str, as_json: bool) -> None:
    """Print a card: title, description, columns with their roles, limits."""
    if as_json:
        facts(told, as_json=True)
        return
    lines = [f"{told['name']} {told['version']}", _in(told.get("title", {}), lang), ""]
    lines += [_in(told.get("description", {}), lang), ""]
    lines += [
        f"  {c['name']:20} {c['role']:8} {_in(c.get('description', {}), lang)}"
        for c in told.get("columns", ())
    ]
    lines += ["", f"licence: {told['licence']}", f"source: {told['source']}"]
    lines += [f"- {limit}" for limit in told.get("limits", ())]
    print("\n".join(lines))  # noqa: T201


def _in(words: Mapping[str, str], lang: str) -> str:
    return words.get(lang) or next(iter(words.values()), "")


def summary(record: Record, paths: Sequence[Path], lang: str) -> None:
    """Print the verdicts as a table, what they mean together, and what was written."""
    from rich.console import Console
    from rich.table import Table

    from iagkit.report import terminal

    told = terminal.summary(record, lang=lang)
    console = Console(highlight=False, markup=False)  # a name may look like markup
    grid = Table(title=told.title, title_justify="left", show_lines=False)
    for heading in told.headings:
        grid.add_column(heading, overflow="fold")
    for verdict, cells in zip(record.verdicts, told.rows, strict=True):
        grid.add_row(*map(visible, (f"{MARKS[verdict.result]} {cells[0]}", *cells[1:])))
    if told.rows:
        console.print(grid)
    for line in told.lines:
        console.print(visible(f"  {line}"))
    console.print(visible(told.sentence), style="bold")
    for path in paths:
        console.print(visible(f"  {path}"), soft_wrap=True)
