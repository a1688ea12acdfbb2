"""The list of findings in the page of policies, as it must stand there; run it to write it."""

from collections import defaultdict
from pathlib import Path

from iagkit.core.gates import known_findings

PAGE = Path(__file__).resolve().parents[2] / "docs/howto/policies.md"
BEGIN, END = "<!-- findings -->\n", "<!-- end -->"


def as_listed(names):
    """One line for all findings of a kind that have the same endings."""
    endings = defaultdict(set)
    for name in names:
        kind, metric, *more = name.split(".", 2)
        endings[kind, metric].add("." + more[0] if more else "")
    same = defaultdict(list)
    for (kind, metric), parts in endings.items():
        same[kind, tuple(sorted(parts))].append(metric)
    rows = [_row(kind, metrics, parts) for (kind, parts), metrics in sorted(same.items())]
    return "\n".join(["| finding | and with |", "| --- | --- |", *rows, ""])


def _row(kind, metrics, parts):
    first = ", ".join(f"`{kind}.{metric}`" for metric in metrics)
    more = ", ".join(f"`{part}`" for part in parts if part)
    alone = "" if "" in parts or not parts else "only with "
    return f"| {first} | {alone if more else ''}{more or '–'} |"


if __name__ == "__main__":
    text = PAGE.read_text(encoding="utf-8")
    head, _, rest = text.partition(BEGIN)
    PAGE.write_text(
        head + BEGIN + as_listed(known_findings()) + END + rest.partition(END)[2], "utf-8"
    )
