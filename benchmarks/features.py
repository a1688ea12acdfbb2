"""The text feature pass beside its peers, in one run: CPU seconds, texts a second, quality.

Run ``python benchmarks/features.py [--data FILE --text COL --target COL --group COL]``. Without
options it takes Mexico City requests from ``IAGKIT_DATA_MIRROR`` (or ``../shared/data``), else
the shipped sample. Quality is the macro-F1 of the same linear classifier on text groups that
were not trained on; fastText brings its own classifier. Times are the least of three repeats.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import FeatureUnion
from sklearn.svm import LinearSVC

from iagkit.prototypes.engine.features import HashedTfidf
from iagkit.text.normalise import normalise

ROOT = Path(__file__).resolve().parents[1]
REPEATS = 3


@dataclass(frozen=True)
class Table:
    """Texts, labels and the groups that keep copies together."""

    name: str
    texts: list[str]
    labels: np.ndarray
    groups: np.ndarray


@dataclass(frozen=True)
class Line:
    """One peer's result."""

    name: str
    fit_s: float
    transform_s: float
    columns: int
    macro_f1: float


class SpacyWords(TransformerMixin, BaseEstimator):
    """spaCy's tokens, one-grams as its bag-of-words text classifier counts them by default."""

    def __init__(self, *, lang: str = "es") -> None:
        self.lang = lang

    def fit_transform(self, X: Sequence[str], y: Any = None) -> Any:  # noqa: ARG002
        """Learn the words of the training texts."""
        import spacy

        self.nlp_ = spacy.blank(self.lang)
        self.nlp_.max_length = 10**7
        self.counter_ = CountVectorizer(analyzer=self.words, min_df=2, binary=True)
        return self.counter_.fit_transform(X)

    def words(self, text: str) -> list[str]:
        """Lower-case tokens."""
        return [token.lower_ for token in self.nlp_.make_doc(text)]

    def transform(self, X: Sequence[str]) -> Any:
        """Count the words of other texts."""
        return self.counter_.transform(X)


def scikit_learn() -> FeatureUnion:
    """Word 1-2-grams and letter 3-5-grams, as in every TF-IDF baseline."""
    words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
    letters = TfidfVectorizer(analyzer="char_wb", ngram_range=(3, 5), min_df=2, sublinear_tf=True)
    return FeatureUnion([("words", words), ("letters", letters)])


def load(options: argparse.Namespace) -> Table:
    """The table asked for, or the best one at hand."""
    mirror = Path(os.environ.get("IAGKIT_DATA_MIRROR") or ROOT.parent / "shared" / "data")
    real = mirror / "cdmx_foi_es" / "cdmx_foi_es.parquet"
    shipped = sorted((ROOT / "datasets" / "citizen-requests-sample").glob("*.csv*"))
    if options.data:
        return read(Path(options.data), options.text, options.target, options.group)
    if real.exists():
        return read(real, "texto", "clasificacion", "grupo")
    if shipped:
        return read(shipped[0], "text", "office", "text")
    sys.exit("no data: set IAGKIT_DATA_MIRROR, or give --data, --text and --target")


def read(path: Path, text: str, target: str, group: str) -> Table:
    """Read and drop rows without text or label."""
    frame = pd.read_parquet(path) if path.suffix == ".parquet" else pd.read_csv(path)
    frame = frame.dropna(subset=[text, target])
    columns = (frame[text].astype(str), frame[target].astype(str), frame[group].astype(str))
    return Table(path.stem, columns[0].tolist(), columns[1].to_numpy(), columns[2].to_numpy())


def least_cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """Least CPU seconds of the repeats, and the last result."""
    seconds, result = [], None
    for _ in range(REPEATS):
        start = time.process_time()
        result = work()
        seconds.append(time.process_time() - start)
    return min(seconds), result


def measure(name: str, make: Callable[[], Any], table: Table, folds: list[Any]) -> Line:
    """Time the pass over all texts; judge it on held-out groups."""
    fit_s, found = least_cpu(lambda: make().fit_transform(table.texts))
    learnt = make()
    learnt.fit_transform(table.texts)
    transform_s, _ = least_cpu(lambda: learnt.transform(table.texts))
    scores = [held_out(make(), table, train, test) for train, test in folds]
    return Line(name, fit_s, transform_s, found.shape[1], float(np.mean(scores)))


def held_out(features: Any, table: Table, train: Any, test: Any) -> float:
    """Macro-F1 of one linear classifier on groups it has not seen."""
    texts = np.array(table.texts, dtype=object)
    learnt = LinearSVC(C=0.3, class_weight="balanced", random_state=0)
    learnt.fit(features.fit_transform(list(texts[train])), table.labels[train])
    answers = learnt.predict(features.transform(list(texts[test])))
    return float(f1_score(table.labels[test], answers, average="macro"))


def fasttext(table: Table, folds: list[Any]) -> Line | None:
    """Train fastText's classifier (word pairs, letter groups); it has no separate pass."""
    try:
        import fasttext as peer
    except ImportError:
        return None
    seconds, answering, scores = [], [], []
    for train, test in folds:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "train.txt"
            file.write_text("\n".join(_tagged(table, train)), encoding="utf-8")
            start = time.process_time()
            model = peer.train_supervised(
                str(file), wordNgrams=2, minn=3, maxn=5, epoch=25, lr=0.5, thread=1, verbose=0
            )
            seconds.append((time.process_time() - start) * len(table.texts) / len(train))
        start = time.process_time()
        # The wrapper's predict() fails with NumPy 2; the binding below it does not.
        found = [model.f.predict(normalise(table.texts[i]) + "\n", 1, 0.0, "strict") for i in test]
        answering.append((time.process_time() - start) * len(table.texts) / len(test))
        answers = [int(pairs[0][1].removeprefix("__label__")) for pairs in found]
        truth = np.unique(table.labels, return_inverse=True)[1][test]
        scores.append(f1_score(truth, answers, average="macro"))
    return Line("fastText (whole)", min(seconds), min(answering), 0, float(np.mean(scores)))


def _tagged(table: Table, rows: Any) -> list[str]:
    number = np.unique(table.labels, return_inverse=True)[1]
    return [f"__label__{number[i]} {normalise(table.texts[i])}" for i in rows]


def main() -> None:
    """Print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    for name in ("data", "text", "target", "group"):
        options.add_argument(f"--{name}")
    options.add_argument("--lang", default="es")
    asked = options.parse_args()
    table = load(asked)
    cut = StratifiedGroupKFold(4, shuffle=True, random_state=0)
    folds = list(cut.split(table.texts, table.labels, table.groups))[:2]
    HashedTfidf().fit(table.texts[:100])
    lines = [
        measure("iagkit", lambda: HashedTfidf(letter_weight=2.0), table, folds),
        measure("iagkit, equal weights", HashedTfidf, table, folds),
        measure("scikit-learn", scikit_learn, table, folds),
        measure("spaCy words", lambda: SpacyWords(lang=asked.lang), table, folds),
    ]
    extra = fasttext(table, folds)
    show(table, [*lines, *([extra] if extra else [])])
    if extra is None:
        print("fastText: not available here (pip install fasttext-wheel)")


def show(table: Table, lines: list[Line]) -> None:
    """One line a peer; ratios are of CPU seconds, scikit-learn being 1."""
    n, letters = len(table.texts), float(np.mean([len(t) for t in table.texts]))
    base = next(line for line in lines if line.name == "scikit-learn")
    print(f"{table.name}: {n} texts of {letters:.0f} characters on average; CPU seconds")
    print(
        f"{'':22}{'fit':>8}{'ratio':>7}{'apply':>8}{'ratio':>7}{'texts/s':>9}{'columns':>9}{'F1':>7}"
    )
    for line in lines:
        print(
            f"{line.name:22}{line.fit_s:8.2f}{base.fit_s / line.fit_s:7.1f}"
            f"{line.transform_s:8.2f}{base.transform_s / line.transform_s:7.1f}"
            f"{n / line.transform_s:9.0f}{line.columns:9d}{line.macro_f1:7.3f}"
        )


if __name__ == "__main__":
    main()
