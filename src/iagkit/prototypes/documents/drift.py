"""What time does to a model: where it was right, when an alarm would have come, what repairs it.

Only for a split by time. The held-out cases are taken in the order in which they came. Two alarms
watch them: one the recorded labels of a part drawn by lot, which stands for what people would have
reviewed; the other the certainty of all answers, which costs nobody any reading. Each may be false
half as often as both together. Once one stands, what was promised of the shortlist holds no longer;
see ``valid_until``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from iagkit.core.nouns import Estimate
from iagkit.measures.drift import (
    ERROR,
    Alarm,
    Change,
    Move,
    by_period,
    mix_changes,
    moves,
    watch,
)
from iagkit.measures.rates import share
from iagkit.prototypes.documents.repair import Repaired, repair
from iagkit.prototypes.engine import conformal
from iagkit.prototypes.engine.cases import MIN_TEXTS_PER_CLASS
from iagkit.prototypes.engine.routing import Answered

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
Ints = NDArray[np.intp]
REVIEWED = 0.05
"""Share of the arriving cases that people review by lot."""
REPAIR_WITH = 300
"""Reviewed cases that a repaired model is learnt from."""
PERIOD = 100
"""A period is as many whole years as hold so many cases."""
EACH = ERROR / 2
"""Chance that either alarm is ever raised although nothing changed; together at most twice."""
BY_REVIEW, BY_CERTAINTY = "reviewed", "certainty"


@dataclass(frozen=True, slots=True, kw_only=True)
class Signal:
    """What shows without any label: a measure of what was learnt from, and of what came since."""

    name: str
    before: Estimate
    after: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class First:
    """The alarm that came first.

    Parameters
    ----------
    at : int
        Place of the case with which it was raised, among all in the order of their arrival.
    day : str
        Of that case.
    by : {"reviewed", "certainty"}
    """

    at: int
    day: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Drift:
    """What became of the model after the time it learnt from.

    Parameters
    ----------
    learnt_accuracy, learnt_coverage : Estimate
        Out of fold, of the cases learnt from.
    accuracy, coverage : dict of str to Estimate
        By period of arrival.
    alarm, unlabelled : Alarm
        On the labels of the reviewed cases; on the certainty of all cases, without labels.
    first : First or None
        The alarm that came first; ``None`` while both are silent.
    reviewed : int
        Cases reviewed by lot until then, or in all.
    reviewed_share : float
        Share of the arriving cases that was reviewed by lot.
    promised : float
        Share of cases whose truth the shortlist was built to hold.
    signals : tuple of Signal
        Label-free.
    mix, moved : tuple
        Classes that came, went, grew, shrank; documents now recorded elsewhere.
    repaired : Repaired or None
        What reviewed cases buy, where an alarm was raised and enough cases came after it.
    """

    learnt_accuracy: Estimate
    learnt_coverage: Estimate
    accuracy: dict[str, Estimate]
    coverage: dict[str, Estimate]
    alarm: Alarm
    unlabelled: Alarm
    first: First | None
    reviewed: int
    reviewed_share: float
    promised: float
    signals: tuple[Signal, ...]
    mix: tuple[Change, ...]
    moved: tuple[Move, ...]
    repaired: Repaired | None

    @property
    def valid_until(self) -> str | None:
        """Day of the first alarm, on which what was promised ended."""
        return None if self.first is None else self.first.day


def look_back(
    done: Answered,
    arrived: NDArray[np.datetime64],
    *,
    coverage: float,
    level: float,
    seed: int = 0,
    repair_with: int = REPAIR_WITH,
) -> Drift:
    """Follow a model through the cases that came after those it learnt from.

    Parameters
    ----------
    done : Answered
        A run split by time.
    arrived : ndarray of datetime64, shape (n_held_out,)
        When each held-out case came.
    coverage, level : float
        As the protocol asks for.
    seed : int
        Of the lot that says which cases were reviewed.
    repair_with : int
        Reviewed cases for the repair; 0 leaves it out.
    """
    order = np.argsort(arrived, kind="stable")
    before, since = sides(done, order, coverage=coverage)
    days, firsts = arrived[order], since.firsts
    chosen = by_lot(firsts, seed=seed)
    alarm, unlabelled = by_review(before, since, chosen), by_certainty(before, since)
    first = first_of({BY_REVIEW: (alarm, chosen), BY_CERTAINTY: (unlabelled, firsts)}, days)
    periods = _periods(days)
    return Drift(
        learnt_accuracy=share(before.right, clusters=before.cluster, level=level),
        learnt_coverage=share(before.held, clusters=before.cluster, level=level),
        accuracy=by_period(since.right, periods, clusters=since.cluster, level=level),
        coverage=by_period(since.held, periods, clusters=since.cluster, level=level),
        alarm=alarm,
        unlabelled=unlabelled,
        first=first,
        reviewed=chosen.size if first is None else int((chosen <= first.at).sum()),
        reviewed_share=REVIEWED,
        promised=coverage,
        signals=_signals(done, before, since, level),
        mix=mix_changes(before.truth[before.firsts].tolist(), since.truth[firsts].tolist()),
        moved=moves(before.pairs(), since.pairs()),
        repaired=_repaired(done, order, first, repair_with, coverage, level, seed),
    )


def by_lot(firsts: Ints, *, seed: int = 0, rate: float = REVIEWED) -> Ints:
    """Draw the cases that people review, among the first of each text group."""
    return firsts[np.random.default_rng(seed).random(firsts.size) < rate]


def by_review(before: Side, since: Side, chosen: Ints) -> Alarm:
    """Watch the recorded labels of the chosen cases."""
    return watch(before.strange[before.firsts], since.strange[chosen], error=EACH)


def by_certainty(before: Side, since: Side) -> Alarm:
    """Watch how certain the answers are to the first of each text group; no label is read."""
    return watch(1 - before.sure[before.firsts], 1 - since.sure[since.firsts], error=EACH)


def first_of(raised: dict[str, tuple[Alarm, Ints]], days: NDArray[np.datetime64]) -> First | None:
    """Tell which alarm came first; the cases that each watched are given by their places.

    With one and the same case the alarm on reviewed cases is told, as it knows more.
    """
    known = [(int(places[a.at]), by) for by, (a, places) in raised.items() if a.at is not None]
    if not known:
        return None
    at, by = min(known, key=lambda one: one[0])
    return First(at=at, day=str(days[at].astype("datetime64[D]")), by=by)


def sides(done: Answered, order: Ints, *, coverage: float) -> tuple[Side, Side]:
    """Cases learnt from, and those since in the given order of the held-out table."""
    return Side.learnt(done, coverage), Side.held_out(done, order)


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """Cases learnt from (answered out of fold), or those since, in the order of their arrival."""

    row: Ints
    truth: NDArray[Any]
    answer: NDArray[Any]
    strange: Floats
    sure: Floats
    held: Flags
    cluster: Ints

    @classmethod
    def learnt(cls, done: Answered, coverage: float) -> Side:
        """Out-of-fold answers, with shortlists made as promised; what cannot be answered is there.

        Cases of classes with too few texts to be learnt come on both sides. Left out here, each
        that arrives would look like news, and alarms would be false.
        """
        unseen, names = done.learnt.unseen, np.asarray(done.learnt.model.classes, dtype=object)
        own = unseen.probability[np.arange(unseen.y.size), unseen.y]
        limits = conformal.fit_thresholds(own, clusters=unseen.clusters, groups={},
                                          coverage=coverage)  # fmt: skip
        sets = conformal.label_sets(unseen.probability, thresholds=limits, groups={})
        truth = names[unseen.y]
        answered = cls(
            row=done.learnt.train,
            truth=truth,
            answer=names[unseen.probability.argmax(axis=1)],
            strange=np.where(np.isin(truth, _barely(done)), 1.0, 1 - own),
            sure=unseen.probability.max(axis=1),
            held=sets[np.arange(unseen.y.size), unseen.y],
            cluster=unseen.clusters,
        )
        return answered.and_those(cls._too_rare(done))

    @classmethod
    def _too_rare(cls, done: Answered) -> Self:
        """Cases of the learning part whose class was not learnt; the model never saw them."""
        rows = np.setdiff1d(np.flatnonzero(~done.parted.test), done.learnt.train)
        model = done.learnt.model
        told = model.probability(done.cases.table.iloc[rows]) if rows.size else None
        best = np.zeros(0, dtype=int) if told is None else told.argmax(axis=1)
        return cls(
            row=rows,
            truth=np.array([done.cases.labels[i] for i in rows], dtype=object),
            answer=np.asarray(model.classes, dtype=object)[best],
            strange=np.ones(rows.size),
            sure=np.zeros(0) if told is None else told.max(axis=1),
            held=np.zeros(rows.size, dtype=bool),
            cluster=np.asarray(done.parted.cluster)[rows],
        )

    def in_order(self, order: Ints) -> Self:
        """Tell the same cases in another order."""
        return type(self)(**{f.name: getattr(self, f.name)[order] for f in fields(self)})

    def and_those(self, other: Self) -> Self:
        """Both together, these first."""
        both = {
            f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)])
            for f in fields(self)
        }
        return type(self)(**both)

    @classmethod
    def held_out(cls, done: Answered, order: Ints) -> Side:
        """Answers as they were given."""
        table = done.table.iloc[order]
        place = {label: j for j, label in enumerate(done.learnt.model.classes)}
        truth = table["truth"].to_numpy(dtype=object)
        column = np.array([place.get(label, -1) for label in truth])
        own = done.probability[order, column]
        pairs = zip(truth, table["labels"], strict=True)
        return cls(
            row=np.flatnonzero(done.parted.test)[order],
            truth=truth,
            answer=table["prediction"].to_numpy(dtype=object),
            # a class that was never learnt could not be stranger
            strange=np.where(column < 0, 1.0, 1 - own),
            sure=done.probability[order].max(axis=1),
            held=np.fromiter((t in offered for t, offered in pairs), bool, truth.size),
            cluster=table["cluster"].to_numpy(),
        )

    @property
    def right(self) -> Flags:
        """Whether each first answer was the truth."""
        return np.asarray(self.truth == self.answer, dtype=bool)

    @property
    def firsts(self) -> Ints:
        """The first of each text group: copies would be counted as news."""
        return np.sort(np.unique(self.cluster, return_index=True)[1])

    def pairs(self) -> list[tuple[str, str]]:
        """Answer and record of the first of each text group."""
        one = self.firsts
        return list(zip(self.answer[one].tolist(), self.truth[one].tolist(), strict=True))


def _barely(done: Answered) -> list[str]:
    """Classes learnt from so few texts that each of these, had it come later, would be strange."""
    learnt = np.flatnonzero(~done.parted.test).tolist()
    texts = {(done.cases.labels[i], int(done.parted.cluster[i])) for i in learnt}
    many = Counter(label for label, _ in texts)
    return [label for label, n in many.items() if n <= MIN_TEXTS_PER_CLASS]


def _periods(days: NDArray[np.datetime64]) -> list[str]:
    """Whole years, joined until each period holds enough cases; a short end joins the last."""
    years = days.astype("datetime64[Y]").astype(int) + 1970
    parts: list[list[int]] = []
    for year in np.unique(years).tolist():
        if parts and np.isin(years, parts[-1]).sum() < PERIOD:
            parts[-1].append(year)
        else:
            parts.append([year])
    if len(parts) > 1 and np.isin(years, parts[-1]).sum() < PERIOD:
        last = parts.pop()
        parts[-1] += last
    name = {y: str(p[0]) if len(p) == 1 else f"{p[0]}-{p[-1]}" for p in parts for y in p}
    return [name[year] for year in years.tolist()]


def _signals(done: Answered, before: Side, since: Side, level: float) -> tuple[Signal, ...]:
    """What a person could see without reading a single case."""
    told = {"certainty": (before.sure, since.sure)}
    words = KnownWords([done.cases.texts[i] for i in before.row])
    now = words.unknown([done.cases.texts[i] for i in since.row])
    told["unknown words"] = (words.unknown_among_themselves(), now)
    return tuple(
        Signal(
            name=name,
            before=share(was, clusters=before.cluster, level=level),
            after=share(now, clusters=since.cluster, level=level),
        )
        for name, (was, now) in told.items()
    )


class KnownWords:
    """Words of the texts learnt from, and what share of another text is none of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        """Count in how many texts each word stands."""
        from iagkit.prototypes.engine.hashing import tokens

        self._run = tokens(texts)
        n = self._run.words.hashes.size
        text = np.repeat(np.arange(len(texts)), np.diff(self._run.bounds))
        pairs = np.unique(text * n + self._run.word)
        self._texts = np.bincount(pairs % n, minlength=n)

    def unknown(self, texts: Sequence[str]) -> Floats:
        """Share of the words of each text that no text learnt from holds, shape (n_texts,)."""
        from iagkit.prototypes.engine.hashing import tokens

        run = tokens(texts)
        strange = ~np.isin(run.words.hashes, self._run.words.hashes)
        return _mean_of_each(strange[run.word], run.bounds)

    def unknown_among_themselves(self) -> Floats:
        """Share of the words of each text learnt from that no other of them holds."""
        return _mean_of_each((self._texts == 1)[self._run.word], self._run.bounds)


def _mean_of_each(flags: Flags, bounds: Ints) -> Floats:
    total = np.concatenate([[0], np.cumsum(flags)])
    size = np.diff(bounds)
    return np.asarray((total[bounds[1:]] - total[bounds[:-1]]) / np.maximum(size, 1), dtype=float)


def _repaired(
    done: Answered,
    order: Ints,
    first: First | None,
    many: int,
    coverage: float,
    level: float,
    seed: int,
) -> Repaired | None:
    """Repair with cases that came after the alarm, if twice as many are left to test it on."""
    if first is None or not many or order.size - first.at - 1 < 3 * many:
        return None
    rows = np.flatnonzero(done.parted.test)[order][first.at + 1 :]
    cases, learnt = done.cases, done.learnt.train
    return repair(
        [cases.texts[i] for i in learnt], [cases.labels[i] for i in learnt],
        [cases.texts[i] for i in rows], [cases.labels[i] for i in rows],
        clusters=done.parted.cluster[rows], many=many, coverage=coverage, level=level, seed=seed,
    )  # fmt: skip
