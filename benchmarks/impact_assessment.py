"""Canada's impact assessment beside the survey library of the official tool, set by set.

Random sets of answers, odd values among them, in both modes. Needs Node.js and the library in the
version that the official tool ran on; both stay outside of iagkit:

    npm install --prefix FOLDER survey-vue@1.7.23
    python benchmarks/impact_assessment.py --library FOLDER/node_modules/survey-vue [--sets 500]
"""

from __future__ import annotations

import argparse
import json
import runpy
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any, Final

from iagkit.registers.assessments.canada import MODES, score

ROOT: Final = Path(__file__).resolve().parents[1]
SURVEY: Final = ROOT / "audits" / "registers" / "canada" / "survey-enfr.v1.0.1.json"
MADE: Final = ROOT / "tests" / "registers" / "assessments" / "made_answers.py"
VERSION: Final = "1.7.23"
SPELT: Final = {"inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}


def main() -> int:
    """Compare; tell how many scores differ, or what is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--library", type=Path)
    parser.add_argument("--sets", type=int, default=500)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    if absent := _absent(asked.library):
        print(f"not compared: {absent}")
        return 0
    sets = _sets(asked.seed, asked.sets)
    official = _official(asked.library, sets)
    pairs = [
        (answers, mode, _ours(answers, mode), told[mode])
        for answers, told in zip(sets, official, strict=True)
        for mode in MODES
    ]
    differ = [pair for pair in pairs if pair[2] != pair[3]]
    for answers, mode, ours, theirs in differ[:5]:
        print(f"{mode}: iagkit {ours}, official {theirs}; answers {json.dumps(answers)[:300]}")
    levels = Counter(theirs[3] for *_, theirs in pairs)
    lowered = sum(theirs[2] != theirs[0] for *_, theirs in pairs)
    equal = len(pairs) - len(differ)
    print(f"{len(sets)} sets of answers, {len(pairs)} scores: {equal} equal, sections too")
    print(f"levels {dict(sorted(levels.items()))}, lowered by mitigation {lowered}")
    return int(bool(differ))


def _absent(library: Path | None) -> str:
    if shutil.which("node") is None:
        return "Node.js is not installed"
    if library is None:
        return f"--library was not given; npm install --prefix FOLDER survey-vue@{VERSION}"
    package = library / "package.json"
    if not package.is_file():
        return f"no survey-vue in '{library}'; npm install --prefix FOLDER survey-vue@{VERSION}"
    found = json.loads(package.read_text("utf-8")).get("version")
    return "" if found == VERSION else f"expected survey-vue {VERSION}; got {found}"


def _sets(seed: int, n: int) -> list[dict[str, Any]]:
    random_answers = runpy.run_path(str(MADE))["random_answers"]
    return [random_answers(seed + number) for number in range(n)]


def _official(library: Path, sets: list[dict[str, Any]]) -> list[dict[str, list[str]]]:
    names = ",".join(section.name for section in score({}, mode="live").sections)
    script = Path(__file__).with_suffix(".js")
    told = subprocess.run(
        ["node", str(script), str(library.resolve()), str(SURVEY), names],
        input="".join(f"{json.dumps(answers)}\n" for answers in sets),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    return [json.loads(line) for line in told.stdout.splitlines()]


def _ours(answers: dict[str, Any], mode: str) -> list[str]:
    got = score(answers, mode=mode)
    parts = [value for section in got.sections for value in (section.score, section.max)]
    return [_spelt(one) for one in (got.raw, got.mitigation, got.current, got.level, *parts)]


def _spelt(value: float) -> str:
    """A number as JavaScript writes it."""
    told = str(value)
    return SPELT.get(told) or (str(int(value)) if float(value).is_integer() else told)


if __name__ == "__main__":
    sys.exit(main())
