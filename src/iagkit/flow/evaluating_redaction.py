"""How well personal data are found: spans, characters, documents, and whose names are protected."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.core.message import Message, say
from iagkit.core.nouns import Estimate
from iagkit.flow import tagger_corpora as corpora
from iagkit.flow.training_tagger import LANGUAGES, default_path
from iagkit.measures.intervals import critical, wilson
from iagkit.measures.rates import share
from iagkit.measures.resampling import cluster_bootstrap
from iagkit.measures.shares import independent
from iagkit.measures.simultaneous import gap
from iagkit.text.language import detect
from iagkit.text.privacy.evaluating import IDENTIFYING, Counts, Ints, count, covered
from iagkit.text.privacy.evaluating_names import EACH, bearers
from iagkit.text.privacy.find import find_personal
from iagkit.text.privacy.tagger_kinds import LABELS_OF, kind_of
from iagkit.text.privacy.training import Example, Marked

if TYPE_CHECKING:
    from iagkit.measures.arrays import Floats
    from iagkit.text.privacy.tagger import FieldTagger

ALL: Final = "all"
PARTIAL: Final = ("infoleg_ar_es",)
"""Corpora in which only some of what is personal is marked: nothing can be said of precision."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure: of which part (``labels``, ``redaction`` or ``names``), measure and kind."""

    part: str
    measure: str
    kind: str
    estimate: Estimate | None
    because: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactionScore:
    """What was measured, on which documents, with which tagger."""

    data: str
    split: str
    documents: int
    tagger: str
    rows: tuple[Row, ...]

    def value(self, part: str, measure: str, kind: str = ALL) -> Estimate | None:
        """One figure by its names; nothing if it was not measured."""
        same = [r for r in self.rows if (r.part, r.measure, r.kind) == (part, measure, kind)]
        return same[0].estimate if same else None


def evaluate_redaction(
    data: str | Path,
    *,
    split: str = "dev",
    lang: str | None = None,
    tagger: FieldTagger | str | Path | None = None,
    text: str = "text",
    spans: str = "spans",
    corpus: str | None = None,
    names: bool = True,
    level: float = 0.95,
    draws: int = 1000,
    seed: int = 0,
) -> RedactionScore:
    """Measure how well personal data are found and hidden.

    Parameters
    ----------
    data : str or Path
        ``meddocan_es``, ``lener_br_pt``, ``esic_df_pii_pt``, ``infoleg_ar_es``, or a table with a
        column of texts and one of spans as JSON ``[[start, end, type], ...]``.
    split : str
        Part of a named corpus.
    lang : {"es", "pt"}, optional
        Language of a file; known for a named corpus, else told from the texts.
    tagger : FieldTagger or path, optional
        Default: the one in the cache, else the one shipped, else patterns alone.
    text, spans : str
        Columns of a file.
    corpus : str, optional
        Score a file with the labels of this corpus (``meddocan_es``, ``lener_br_pt``), strictly;
        recognised by its labels if not named.
    names : bool
        Whether to measure the protection of groups of names too.
    level : float
        Confidence level of all intervals.
    draws, seed : int
        Of the bootstrap over documents, and of the invented persons.

    Returns
    -------
    RedactionScore

    Raises
    ------
    DataError
        If the table cannot be read, or the tagger has learnt from the documents.
    UsageError
        If a name or an option is unknown.
    """
    if not 0 < level < 1:
        msg = f"expected a level between 0 and 1, such as 0.95; got {level}"
        raise UsageError(msg)
    known = str(data) if str(data) in corpora.CORPORA else None
    documents = _documents(data, split, text=text, spans=spans)
    own = corpus or _recognised(documents)
    language = _language(known or own, lang, documents)
    model = _tagger(tagger, language)
    _refuse_what_was_learnt(model, known, split)
    scoring = _Scoring(level=level, draws=draws, seed=seed)
    rows = [*_labels(documents, model, own, scoring)] if own else []
    rows += _redaction(documents, model, known, own, scoring)
    rows += _names(language, model, level, seed) if names else []
    told = "none" if model is None else f"{model.lang}, learnt from {model.facts.get('corpora')}"
    return RedactionScore(
        data=known or Path(data).name, split=split if known else "", documents=len(documents),
        tagger=told, rows=tuple(rows),
    )  # fmt: skip


def _documents(data: str | Path, split: str, *, text: str, spans: str) -> list[Example]:
    if str(data) in corpora.CORPORA:
        found = corpora.corpus(str(data), split)
    else:
        from iagkit.wire import tables

        found = corpora.of_table(tables.read_table(data), text=text, spans=spans)
    if not found:
        msg = "expected at least one document; the table has none"
        raise DataError(msg)
    return found


def _recognised(documents: Sequence[Example]) -> str | None:
    """The corpus that all labels are of, if there is one: its tagger speaks the same."""
    labels = {span.label for example in documents for span in example.spans}
    return next((name for name, own in LABELS_OF.items() if labels and labels <= own), None)


def _language(corpus: str | None, lang: str | None, documents: Sequence[Example]) -> str:
    if corpus is not None:
        if corpus not in corpora.CORPORA:
            msg = f"expected one of {', '.join(LABELS_OF)} as corpus; got '{corpus}'"
            raise UsageError(msg)
        return corpora.CORPORA[corpus].lang
    if lang is None:
        told = Counter(code for code, _ in detect([e.text for e in documents[:100]]))
        lang = max(LANGUAGES, key=lambda code: told[code]) if told["es"] + told["pt"] else None
    if lang not in LANGUAGES:
        msg = f"a file in {' or '.join(LANGUAGES)} is expected; got {lang!r}. Add --lang"
        raise UsageError(msg)
    return lang


def _tagger(given: FieldTagger | str | Path | None, lang: str) -> FieldTagger | None:
    from iagkit.text.privacy.tagger_files import load_tagger

    if given is None:
        cached = default_path(lang)
        return load_tagger(lang, cached if cached.is_file() else None)
    return load_tagger(lang, given) if isinstance(given, str | Path) else given


def _refuse_what_was_learnt(model: FieldTagger | None, known: str | None, split: str) -> None:
    """A figure from documents that were learnt from would be too good."""
    if model is None or known is None or known in PARTIAL:
        return
    learnt, splits = str(model.facts.get("corpora")), str(model.facts.get("splits"))
    if repr(known) in learnt and repr(split) in splits:
        msg = (
            f"this tagger has learnt from the part '{split}' of '{known}', so it would look better "
            f"than it is. Train one with 'iagkit train-tagger --lang {model.lang} --hold-out "
            f"{split} --out FILE' and name it with --tagger"
        )
        raise DataError(msg)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Scoring:
    level: float
    draws: int
    seed: int

    def ratio(self, above: Ints, below: Ints) -> Estimate | None:
        """Sum over sum, documents drawn again for the interval; nothing where there is nothing.

        Where no document differs, drawing again shows no chance at all: the limit is then that
        of a share (Wilson) of the documents that had any case.
        """
        if below.sum() <= 0:
            return None
        over, under = above.astype(float), below.astype(float)

        def statistic(weights: Floats) -> Floats:
            whole = weights @ under
            return np.where(whole > 0, (weights @ over) / np.where(whole > 0, whole, 1), np.nan)

        value = float(above.sum() / below.sum())
        low, high = cluster_bootstrap(
            lambda w: _filled(statistic(w), value), n=len(below), codes=None, level=self.level,
            draws=self.draws, seed=self.seed,
        )  # fmt: skip
        if value in (0.0, 1.0):
            low, high = wilson(value, float(np.count_nonzero(below)), critical(self.level))
        return Estimate(
            value=value, n=int(below.sum()), low=min(low, value), high=max(high, value),
            level=self.level, clusters=len(below),
        )  # fmt: skip


def _filled(values: Floats, value: float) -> Floats:
    """A draw without any case says nothing; it counts as the value itself."""
    return np.where(np.isnan(values), value, values)


def _spans_rows(part: str, kind: str, told: Counts, scoring: _Scoring) -> list[Row]:
    """Strict and partial precision, recall and F1."""
    both = told.marked + told.found
    ratios = {
        "strict_f1": (2 * told.right, both),
        "strict_precision": (told.right, told.found),
        "strict_recall": (told.right, told.marked),
        "partial_f1": (told.touched + told.touching, both),
        "partial_recall": (told.touched, told.marked),
    }
    return [_row(part, name, kind, scoring.ratio(*r)) for name, r in ratios.items()]


def _row(part: str, measure: str, kind: str, found: Estimate | None) -> Row:
    because = None if found else say("nothing of this kind is marked or found")
    return Row(part=part, measure=measure, kind=kind, estimate=found, because=because)


def _labels(
    documents: Sequence[Example], model: FieldTagger | None, corpus: str, scoring: _Scoring
) -> list[Row]:
    """The tagger's labels against the corpus's own, strict as its task scores them."""
    if model is None:
        return []
    texts, gold = [e.text for e in documents], [e.spans for e in documents]
    found = model.marked(texts, corpus=corpus)
    rows = _spans_rows("labels", ALL, count(texts, gold, found), scoring)
    for label in sorted({s.label for spans in gold for s in spans}):
        rows += _spans_rows("labels", label, count(texts, gold, found, labels={label}), scoring)
    return rows


def _redaction(
    documents: Sequence[Example], model: FieldTagger | None, known: str | None, own: str | None,
    scoring: _Scoring,
) -> list[Row]:  # fmt: skip
    """What a redacted text would still show, patterns and tagger together."""
    texts = [e.text for e in documents]
    gold = [_in_kinds(e.spans, everything=own is not None) for e in documents]
    kinds = None if own else IDENTIFYING
    begun = time.process_time()
    found = [
        [Marked(e.start, e.end, e.kind) for e in find_personal(t, tagger=model, kinds=kinds)]
        for t in texts
    ]
    seconds = time.process_time() - begun
    rows = _protection(ALL, count(texts, gold, found), scoring, whole=known not in PARTIAL)
    for kind in sorted({s.label for spans in gold for s in spans}):
        rows += _protection_of_kind(texts, gold, found, kind, scoring)
    if own is None and known not in PARTIAL:
        rows += _of_documents(gold, found, scoring.level)
    speed = sum(map(len, texts)) / 2000 / max(seconds, 1e-9)
    return [*rows, _speed(Estimate(value=speed, n=len(texts), unit="documents"))]


def _speed(found: Estimate) -> Row:
    return Row(part="speed", measure="of_2000_characters_a_cpu_second", kind=ALL, estimate=found)


def _in_kinds(spans: Sequence[Marked], *, everything: bool) -> list[Marked]:
    """Spans with our kinds; what is not personal (laws, proceedings, plain bodies) is left out."""
    named = [s._replace(label=kind_of(s.label)) for s in spans]
    from iagkit.text.privacy.entities import KINDS

    return [s for s in named if s.label in (KINDS if everything else IDENTIFYING)]


def _protection(kind: str, told: Counts, scoring: _Scoring, *, whole: bool) -> list[Row]:
    rows = _spans_rows("redaction", kind, told, scoring) if whole else []
    rows.append(_row("redaction", "character_recall", kind,
                     scoring.ratio(told.covered, told.characters)))  # fmt: skip
    if whole:
        rows.append(_row("redaction", "character_precision", kind,
                         scoring.ratio(told.covered, told.hidden)))  # fmt: skip
    among = told.characters > 0
    leaks = share(told.leaks[among], level=scoring.level) if among.any() else None
    return [*rows, _row("redaction", "documents_with_a_leak", kind, leaks)]


def _protection_of_kind(
    texts: Sequence[str], gold: Sequence[Sequence[Marked]], found: Sequence[Sequence[Marked]],
    kind: str, scoring: _Scoring,
) -> list[Row]:  # fmt: skip
    told = count(texts, gold, found, labels={kind})
    spans = [(d, s) for d, each in enumerate(gold) for s in each if s.label == kind]
    hits = np.array([covered(s, found[d], texts[d]) for d, s in spans])
    clusters = np.array([d for d, _ in spans])
    return [
        _row("redaction", "spans_hidden", kind,
             share(hits, clusters=clusters, level=scoring.level)),
        _row("redaction", "character_recall", kind,
             scoring.ratio(told.covered, told.characters)),
        _row("redaction", "documents_with_a_leak", kind,
             share(told.leaks[told.characters > 0], level=scoring.level)),
    ]  # fmt: skip


def _of_documents(
    gold: Sequence[Sequence[Marked]], found: Sequence[Sequence[Marked]], level: float
) -> list[Row]:
    """Whether a document holds personal data at all, as the request desk asks."""
    holds, said = np.array([bool(g) for g in gold]), np.array([bool(f) for f in found])
    recall = share(said[holds], level=level) if holds.any() else None
    precision = share(holds[said], level=level) if said.any() else None
    return [
        _row("documents", "recall", ALL, recall),
        _row("documents", "precision", ALL, precision),
    ]


def _names(lang: str, model: FieldTagger | None, level: float, seed: int) -> list[Row]:
    """Share of invented persons whose name is hidden whole, by group and by sex."""
    people = bearers(lang, each=EACH, seed=seed)
    hidden = np.array([_hidden(bearer.example, model) for bearer in people])
    return [
        row
        for axis in ("group", "sex")
        for row in _axis(axis, [str(getattr(b, axis)) for b in people], hidden, level)
    ]


def _hidden(example: Example, model: FieldTagger | None) -> bool:
    text, marked = example.text, example.spans[0]
    found = [Marked(e.start, e.end, e.kind) for e in find_personal(text, tagger=model)]
    return covered(marked, found, text)


def _axis(axis: str, of: Sequence[str], hidden: NDArray[np.bool_], level: float) -> list[Row]:
    """Shares whose intervals hold together (Bonferroni), and the gap of the furthest two."""
    names, at = list(dict.fromkeys(of)), np.array(of)
    narrow = 1 - (1 - level) / len(names)
    rows = [_row("names", "hidden_whole", n, share(hidden[at == n], level=narrow)) for n in names]
    hits = np.array([hidden[at == n].sum() for n in names], dtype=float)
    many = np.array([(at == n).sum() for n in names], dtype=float)
    apart = gap(independent(hits, many), names, level=level)
    kind = f"{axis}: {apart.lowest} < {apart.highest}" if apart.estimate else axis
    told = Row(
        part="names", measure="gap", kind=kind, estimate=apart.estimate, because=apart.because
    )
    return [*rows, told]
