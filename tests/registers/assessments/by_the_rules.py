"""A second scorer, by another way: from the table of fields of the profile, not from the survey."""

import math
import re
from pathlib import Path

import yaml

ROOT = Path(__file__).resolve().parents[3]
PROFILE = yaml.safe_load(
    (ROOT / "audits/registers/profiles/canada-aia.yaml").read_text(encoding="utf-8")
)
FIELDS = [f for f in PROFILE["fields"] if f["type"] != "text"]
SCORED = [f for f in FIELDS if f["score_kind"] in ("raw", "mitigation")]


def python_of(condition: str) -> str:
    """Write a condition of the profile as an expression of Python."""
    spelt = re.sub(
        r'\{([\w-]+)\} (=|contains) \[?("[^"]*")\]?',
        lambda m: f"{'same' if m[2] == '=' else 'inside'}({m[1]!r}, {m[3]})",
        condition,
    )
    assert not re.search(r"[{}\[\]]|contains", spelt), condition
    return spelt


CONDITIONS = {
    f["id"]: [compile(python_of(c).strip(), f["id"], "eval") for c in f.get("visible_if", ())]
    for f in FIELDS
}


def is_shown(field: dict, answers: dict) -> bool:
    def value(name):
        return answers.get(name)

    def same(name, wanted):
        return type(value(name)) is str and value(name) == wanted

    def inside(name, wanted):
        held = value(name)
        return wanted in held if isinstance(held, str | list) else False

    return all(eval(c, {"same": same, "inside": inside}) for c in CONDITIONS[field["id"]])


def after_hyphen(text: str) -> float:
    tail = text.split("-")[-1] if "-" in text else ""
    return float(tail) if re.fullmatch(r"[0-9]+(\.[0-9]+)?", tail) else 0.0


def worth(value) -> float:
    if type(value) in (int, float):
        return value
    if isinstance(value, str):
        return after_hyphen(value)
    if isinstance(value, list):
        return sum(worth(v) for v in value if type(v) in (int, float, str))
    return 0


def table_points(field: dict, value) -> float:
    """Points of valid values only, looked up and not parsed."""
    of = {c["value"]: c["points"] for c in field["choices"]}
    if field["type"] == "list":
        told = value if isinstance(value, list) else [value]
        return sum(of[v] for v in told if isinstance(v, str) and v in of)
    return of.get(value, 0) if isinstance(value, str) else 0


def score(answers: dict, mode: str) -> tuple:
    got = {"raw": 0.0, "mitigation": 0.0}
    for field in SCORED:
        value = answers.get(field["id"])
        if mode == "live":
            got[field["score_kind"]] += worth(value)
        elif is_shown(field, answers):
            got[field["score_kind"]] += table_points(field, value)
    current = got["raw"]
    if got["mitigation"] >= 61.6:
        current = math.floor(got["raw"] * 85 / 100 + 0.5)
    level = 1 + (current > 41.75) + (current > 83.5) + (current > 125.25)
    return got["raw"], got["mitigation"], current, level
