"""The trained tagger: names, places and the rest of what no pattern finds.

A tagger holds one or more *experts*, each learnt from one kind of text and with labels of its
own. For a corpus that is scored, one expert answers with its labels (:meth:`FieldTagger.marked`);
for redaction, all are heard and a name found once is looked for in the whole document.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import UsageError
from iagkit.core.registry import did_you_mean
from iagkit.text.privacy.entities import KINDS, Entity
from iagkit.text.privacy.features import Tokens, of_places, tokens
from iagkit.text.privacy.tagger_crf import Field, side_by_side
from iagkit.text.privacy.tagger_kinds import kind_of
from iagkit.text.privacy.training import OUT, Marked

Floats = NDArray[np.float32]
SOURCE: Final = "tagger"
CAUTIOUS: Final = 0.02
"""Factor on the probability of ``O`` where leaking is worse than hiding."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Expert:
    """A field with the labels of one corpus."""

    name: str
    field: Field

    def marked(self, found: Tokens, scores: Floats, *, caution: float = 1.0) -> list[Marked]:
        """Spans of one document with this expert's labels.

        The likeliest whole reading; below 1, every token whose chance of being ``O``, times
        `caution`, is less than that of another label.
        """
        if caution >= 1:
            return _read(found, self.field.likeliest(found, scores))
        return _cautious(found, self.field.marginals(found, scores), self.field.labels, caution)


def _read(found: Tokens, tags: Sequence[str]) -> list[Marked]:
    """Spans of tags: one ends where its label does, or another begins."""
    spans: list[Marked] = []
    starts = set(found.begins)
    before = OUT
    for i, tag in enumerate(tags):
        if tag != OUT and tag[0] == "I" and before[2:] == tag[2:] and i not in starts:
            spans[-1] = spans[-1]._replace(end=found.ends[i])
        elif tag != OUT:
            spans.append(Marked(found.starts[i], found.ends[i], tag[2:]))
        before = tag
    return spans


def _cautious(found: Tokens, chances: Floats, labels: Sequence[str], factor: float) -> list[Marked]:
    """Join tokens of the likeliest label; a new span begins where ``B`` is likelier than ``I``."""
    names = sorted({label[2:] for label in labels if label != OUT})
    column = {label: k for k, label in enumerate(labels)}
    empty = np.zeros(len(chances), np.float32)
    first = [chances[:, column[f"B-{n}"]] if f"B-{n}" in column else empty for n in names]
    inner = [chances[:, column[f"I-{n}"]] if f"I-{n}" in column else empty for n in names]
    together = np.stack([chances[:, column[OUT]] * factor, *np.add(first, inner)])
    best = together.argmax(axis=0)
    starts = set(found.begins)
    spans: list[Marked] = []
    for i in np.flatnonzero(best):
        k = best[i] - 1
        goes_on = i > 0 and best[i - 1] == best[i] and i not in starts
        if goes_on and inner[k][i] >= first[k][i]:
            spans[-1] = spans[-1]._replace(end=found.ends[i])
        else:
            spans.append(Marked(found.starts[i], found.ends[i], names[k]))
    return spans


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldTagger:
    """A trained tagger of one language.

    ``facts`` tell what it was learnt from; ``caution`` is the factor for redaction, 1 for the
    best F1, smaller to leak less and hide more.
    """

    lang: str
    experts: tuple[Expert, ...]
    facts: Mapping[str, object]
    caution: float = CAUTIOUS

    def __post_init__(self) -> None:
        """Let all experts share one table of weights."""
        fields = side_by_side([expert.field for expert in self.experts])
        experts = (replace(e, field=f) for e, f in zip(self.experts, fields, strict=True))
        object.__setattr__(self, "experts", tuple(experts))

    def __call__(self, texts: Sequence[str], /) -> list[list[Entity]]:
        """Everything that may be personal, of all experts; leans towards hiding.

        Parameters
        ----------
        texts : sequence of str

        Returns
        -------
        list of list of Entity
            In reading order, not overlapping, certainty ``tagged``.
        """
        return [self._entities(text) for text in texts]

    def marked(
        self, texts: Sequence[str], *, corpus: str | None = None, caution: float = 1.0
    ) -> list[list[Marked]]:
        """Spans with the labels of one corpus, for the best F1.

        Parameters
        ----------
        texts : sequence of str
        corpus : str, optional
            Name of an expert; default: the first.
        caution : float
            Below 1 more is marked.

        Raises
        ------
        UsageError
            If no expert has this name.
        """
        expert = self.expert(corpus)
        return [
            expert.marked(found, self._scores(found), caution=caution) if found.words else []
            for found in map(tokens, texts)
        ]

    def expert(self, corpus: str | None) -> Expert:
        """The expert of a corpus; the first if none is named."""
        for expert in self.experts:
            if corpus in (None, expert.name):
                return expert
        known = [expert.name for expert in self.experts]
        msg = (
            f"expected one of {', '.join(known)}; got '{corpus}'.{did_you_mean(str(corpus), known)}"
        )
        raise UsageError(msg)

    def _entities(self, text: str) -> list[Entity]:
        found = tokens(text)
        if not found.words:
            return []
        scores = self._scores(found)
        heard = [e.marked(found, scores, caution=self.caution) for e in self.experts]
        spans = [s._replace(label=kind_of(s.label)) for each in heard for s in each]
        kept = joined(repeated(text, [s for s in spans if s.label in KINDS]))
        return [Entity(s.start, s.end, s.label, "tagged", SOURCE) for s in kept]

    def _scores(self, found: Tokens) -> Floats:
        return self.experts[0].field.table.scores(found.words, of_places(found))


def joined(spans: Iterable[Marked]) -> list[Marked]:
    """Unite what overlaps, so that no character that any expert marked is lost.

    The kind is that of a person if one of them is a person, else of the longest.

    Examples
    --------
    >>> joined([Marked(0, 4, "place"), Marked(2, 9, "person"), Marked(9, 12, "place")])
    [Marked(start=0, end=9, label='person'), Marked(start=9, end=12, label='place')]
    """
    united: list[Marked] = []
    longest: list[int] = []
    for span in sorted(spans, key=lambda s: (s.start, -s.end)):
        if not united or span.start >= united[-1].end:
            united.append(span)
            longest.append(span.end - span.start)
            continue
        last, size = united[-1], span.end - span.start
        sure = "person" in (last.label, span.label)
        label = "person" if sure else span.label if size > longest[-1] else last.label
        longest[-1] = max(longest[-1], size)
        united[-1] = Marked(last.start, max(last.end, span.end), label)
    return united


def repeated(text: str, spans: Sequence[Marked]) -> list[Marked]:
    """Add every other place where a name that was found stands, whole or by a capitalised part.

    Examples
    --------
    >>> spans = repeated("Juan Quispe pide. Quispe espera.", [Marked(0, 11, "person")])
    >>> [(s.start, s.end) for s in spans]
    [(0, 11), (18, 24)]
    """
    names = {text[s.start : s.end] for s in spans if s.label == "person"}
    parts = {p for name in names for p in re.findall(r"[^\W\d_]{4,}", name) if p[0].isupper()}
    wanted = sorted({*names, *parts}, key=lambda name: (-len(name), name))
    if not wanted:
        return list(spans)
    pattern = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wanted))})(?!\w)")
    taken = np.zeros(len(text), dtype=bool)
    for span in spans:
        taken[span.start : span.end] = True
    more = [
        Marked(m.start(), m.end(), "person")
        for m in pattern.finditer(text)
        if not taken[m.start() : m.end()].any()
    ]
    return [*spans, *more]
