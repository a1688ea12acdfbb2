"""Fields of documents: how well references are found, and documents a CPU second.

    IAGKIT_DATA_MIRROR=... python benchmarks/fields.py

- LeNER-Br: LEGISLACAO against ``norm``, JURISPRUDENCIA against ``ruling`` and ``case``: exact
  spans, spans that overlap, and characters; 95 % intervals by resampling documents (blocks of 25
  sentences, as the files do not tell where one ends). Patterns were written looking at ``train``
  only.
- InfoLEG: what the official summary of a norm cites by number is looked up among the references
  found in its text; and the number of the norm itself, which stands in its first line.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from iagkit.flow.tagger_corpora import corpus
from iagkit.text.fields.find import find_fields
from iagkit.wire import registry, tables

TAGS = {"LEGISLACAO": {"norm"}, "JURISPRUDENCIA": {"ruling", "case"}}
CITED = re.compile(
    r"\b(LEY|DECRETO|RESOLUCION)\s+N[º°]\s*(\d{1,3}(?:\.\d{3})+|\d+)(?:/(\d{2,4}))?(?!\d)"
)
RESAMPLED = 1000


def counts(split: str, tag: str) -> np.ndarray:
    """Count per document: spans, characters, overlaps.

    Right, found and marked spans; right, found and marked characters; found
    spans that overlap a marked one, and marked ones that overlap a found one.
    """
    rows = []
    for example in corpus("lener_br_pt", split):
        told = {(m.start, m.end) for m in example.spans if m.label == tag}
        found = {
            (f.start, f.end) for f in find_fields(example.text, country="br") if f.kind in TAGS[tag]
        }
        marks = [np.zeros(len(example.text), dtype=bool) for _ in range(2)]
        for mark, spans in zip(marks, (told, found), strict=True):
            for start, end in spans:
                mark[start:end] = True
        one, other = marks
        rows.append((
            len(told & found), len(found), len(told), (one & other).sum(), other.sum(), one.sum(),
            sum(one[a:b].any() for a, b in found), sum(other[a:b].any() for a, b in told),
        ))  # fmt: skip
    return np.array(rows, dtype=float)


def with_interval(rows: np.ndarray, measure: Callable[[np.ndarray], float]) -> str:
    """A measure of summed counts, and its interval by documents."""
    rng = np.random.default_rng(5)
    picks = rng.integers(0, len(rows), size=(RESAMPLED, len(rows)))
    low, high = np.quantile([measure(rows[p].sum(axis=0)) for p in picks], [0.025, 0.975])
    return f"{measure(rows.sum(axis=0)):.3f} [{low:.3f}, {high:.3f}]"


def lener() -> None:
    """One line a tag and part."""
    print("| part | tag | documents | precision | recall | F1 | F1, overlapping "
          "| char precision | char recall |")  # fmt: skip
    print("|---|---|---|---|---|---|---|---|---|")
    for split in ("train", "dev"):
        for tag in TAGS:
            rows = counts(split, tag)
            measures = (
                lambda s: s[0] / s[1], lambda s: s[0] / s[2], lambda s: 2 * s[0] / (s[1] + s[2]),
                lambda s: 2 / (s[1] / s[6] + s[2] / s[7]),
                lambda s: s[3] / s[4], lambda s: s[3] / s[5],
            )  # fmt: skip
            told = " | ".join(with_interval(rows, m) for m in measures)
            print(f"| {split} | {tag} | {len(rows)} | {told} |")


def infoleg() -> None:
    """References of the summary found in the text; time."""
    table = tables.read_table(registry.table_of("infoleg_ar_es")).head(8000)
    texts = table["text"].astype(str).tolist()
    find_fields(texts[0], country="ar")
    begin = time.process_time()
    found = [find_fields(text, country="ar") for text in texts]
    seconds = time.process_time() - begin
    wide = sum(map(len, texts)) / len(texts)
    print(f"\n{len(texts) / seconds:,.0f} documents of {wide:.0f} characters a CPU second")
    fields = [f for each in found for f in each]
    norms = [f for f in fields if f.kind == "norm" and f.number]
    dated = np.mean([bool(f.year) for f in norms])
    print(f"{len(norms):,} numbered references, {dated:.3f} of them with a year")
    rows = []
    for summary, text, each in zip(table["summary"].astype(str), texts, found, strict=True):
        known = {(f.sort, f.number) for f in each if f.kind == "norm"}
        digits = re.sub(r"(?<=\d)\.(?=\d)", "", text)
        for word, number, _ in set(CITED.findall(summary)):
            plain = number.replace(".", "")
            if re.search(rf"(?<!\d){plain}(?!\d)", digits):
                rows.append((word.lower(), (word.lower(), plain) in known))
    for kind in ("ley", "decreto", "resolucion"):
        hits = [hit for word, hit in rows if word == kind]
        print(f"{kind}: cited in summary and text {len(hits):,}, found {np.mean(hits):.3f}")


if __name__ == "__main__":
    lener()
    infoleg()
