"""Split, learn, calibrate, answer the held-out cases: the way that every recipe of texts goes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.nouns import Dataset, Outcome, Protocol, Prototype
from iagkit.prototypes.engine import abstention, calibration, conformal, splits
from iagkit.prototypes.engine.candidates import Selection
from iagkit.prototypes.engine.cases import Cases, learnable
from iagkit.prototypes.engine.model import RoutingModel, words_of
from iagkit.prototypes.engine.noise import doubtful_labels
from iagkit.prototypes.engine.splits import Split
from iagkit.prototypes.engine.story import keep_public_words, office_words
from iagkit.text.dates import read_dates

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[str], None]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
NOT_LEARNT = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class Training:
    """Rows to learn from, copies of one text under one number."""

    texts: list[str]
    labels: NDArray[np.str_]
    clusters: Ints
    offices: list[str] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Out-of-fold answers to the training rows: what every rule is learnt from."""

    probability: Floats
    y: Ints
    clusters: Ints
    protocol: Protocol

    @property
    def right(self) -> NDArray[np.bool_]:
        """Tell which of them were the recorded label."""
        return np.asarray(self.probability.argmax(axis=1) == self.y)


Choose = Callable[[Training], Selection]
Finish = Callable[[RoutingModel, Unseen], RoutingModel]


@dataclass(frozen=True, slots=True, kw_only=True)
class Learnt:
    """What selection and calibration leave behind, in memory."""

    model: RoutingModel
    train: Ints
    """Rows the model was trained on."""
    doubtful: list[dict[str, Any]]
    """Ids and labels that deserve a second look."""
    facts: dict[str, Any]
    unseen: Unseen
    """Out-of-fold answers to those rows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """All that a run of a recipe leaves behind, in memory."""

    cases: Cases
    near: Ints
    """Copies and near copies among all texts of the table, those without a label included."""
    parted: Split
    learnt: Learnt
    table: pd.DataFrame
    probability: Floats

    @property
    def facts(self) -> dict[str, Any]:
        """Plain JSON for the record."""
        return {
            "cases": _told(self.cases, self.learnt),
            "split": self.parted.facts,
            **self.learnt.facts,
        }

    def outcome(self, prototype: Prototype, **more: Any) -> Outcome:
        """Hand over the held-out table, the model, and what checks need beside them."""
        model = self.learnt.model
        evidence = _evidence(self.cases, self.learnt, self.probability, prototype) | more
        evidence["near_copies"] = self.near
        return Outcome(table=self.table, respond=model.answer, model=model, evidence=evidence)


def as_made(model: RoutingModel, _: Unseen) -> RoutingModel:
    """Leave the model as it is."""
    return model


def answer_held_out(
    cases: Cases,
    dataset: Dataset,
    prototype: Prototype,
    *,
    choose: Choose,
    finish: Finish = as_made,
    seed: int = 0,
    progress: Progress = print,
) -> Answered:
    """Split, learn, calibrate, answer the held-out cases once.

    Parameters
    ----------
    cases : Cases
        Usable rows.
    dataset : Dataset
        Roles ``time``, ``id``, ``language`` and ``split`` are used where they are declared.
    prototype : Prototype
    choose : callable
        Training rows → the model chosen among candidates, and its out-of-fold scores.
    finish : callable
        Model and out-of-fold answers → the model that answers.
    seed : int
    progress : callable
        Told each step.

    Returns
    -------
    Answered
        ``table`` with one row a held-out case: ``id``, ``truth``, ``prediction``,
        ``confidence``, ``decided``, ``labels``, ``rank``, ``cluster``, ``several_asks``,
        ``lang`` and ``group:<column>``, whatever else the model answers beside them.
    """
    progress("split")
    near, own = _near(cases, dataset)
    parted = _part(cases, own, dataset, prototype.protocol, seed)
    progress("learn")
    learnt = _learn(cases, parted, dataset, prototype, choose=choose, finish=finish)
    progress("answer")
    table, probability = _held_out(cases, parted, learnt.model)
    return Answered(
        cases=cases,
        near=near,
        parted=parted,
        learnt=learnt,
        table=table,
        probability=probability,
    )


def _told(cases: Cases, learnt: Learnt) -> dict[str, Any]:
    if not cases.offices or learnt.model.roles["office"]:
        return cases.facts
    why = "in validation the office addressed did not help to find the answer"
    return {**cases.facts, "office_column": None, "office_not_used_because": why}


def _near(cases: Cases, dataset: Dataset) -> tuple[Ints, Ints]:
    """Near copies of all texts of the table, and of the cases: two may be so through a third."""
    from iagkit.text.duplicates import near_duplicates

    texts = words_of(dataset.table[cases.text_column])
    told = np.array([bool(text.strip()) for text in texts])
    near = near_duplicates(text for text, some in zip(texts, told, strict=True) if some)
    return near, near[np.cumsum(told)[cases.place] - 1]


def _part(cases: Cases, near: Ints, dataset: Dataset, protocol: Protocol, seed: int) -> Split:
    if (column := dataset.column("split")) is not None:
        return splits.declared(cases.table[column].astype(str).tolist(), near, column=column)
    return splits.split(
        near,
        by=protocol.split_by,
        labels=_group_names(cases, protocol.split_by),
        times=_times(cases, dataset) if splits.by_time(protocol.split_by) else None,
        test_share=protocol.test_share,
        seed=seed,
    )


def _group_names(cases: Cases, by: str) -> list[str]:
    if by in (splits.TEXT, splits.ROWS) or splits.by_time(by):
        return [splits.text_name(text) for text in cases.texts]
    return cases.column(by)


def _times(cases: Cases, dataset: Dataset) -> Any:
    column = dataset.column("time")
    if column is None:
        return None
    return read_dates(cases.table[column])


def _learn(
    cases: Cases,
    parted: Split,
    dataset: Dataset,
    prototype: Prototype,
    *,
    choose: Choose,
    finish: Finish,
) -> Learnt:
    classes, too_rare = learnable(cases.labels, parted.cluster, ~parted.test)
    known = np.isin(np.asarray(cases.labels, dtype=object), classes)
    train = np.flatnonzero(~parted.test & known)
    rows = _training(cases, train, parted.cluster)
    chosen = choose(rows)
    made, facts, unseen = _calibrated(cases, rows, train, chosen, prototype.protocol)
    made.roles |= {"id": dataset.column("id"), "language": dataset.column("language")}
    model = finish(made, unseen)
    keep_public_words(model, rows.texts)
    doubtful = doubtful_labels(unseen.probability, unseen.y)
    facts |= {
        "classes": len(classes),
        "too_rare": too_rare,
        "selection": [dict(line) for line in chosen.table],
        "chosen": dict(chosen.chosen),
        "doubtful_labels": {"n": len(doubtful), "of": len(train)},
        "explanations": office_words(model, rows.texts, rows.labels.tolist()),
    }
    told = [
        _doubt(cases, train[i], unseen.probability[i], unseen.y[i], model.classes) for i in doubtful
    ]
    return Learnt(model=model, train=train, doubtful=told, facts=facts, unseen=unseen)


def _training(cases: Cases, train: Ints, clusters: Ints) -> Training:
    return Training(
        texts=[cases.texts[i] for i in train],
        labels=np.asarray([cases.labels[i] for i in train], dtype=object).astype(str),
        clusters=clusters[train],
        offices=[cases.offices[i] for i in train] if cases.offices else None,
    )


def _calibrated(
    cases: Cases, rows: Training, train: Ints, chosen: Selection, protocol: Protocol
) -> tuple[RoutingModel, dict[str, Any], Unseen]:
    classes = [str(c) for c in chosen.classes]
    y = np.searchsorted(classes, rows.labels)
    temperature = calibration.fit_temperature(chosen.logits, y)
    probability = calibration.probabilities(chosen.logits, temperature=temperature)
    rule = abstention.learn_rule(
        abstention.leads(probability),
        probability.argmax(axis=1) == y,
        clusters=rows.clusters,
        review_share=protocol.review_share,
        max_error=protocol.max_error,
        level=protocol.level,
        min_clusters=protocol.min_group,
    )
    thresholds = conformal.fit_thresholds(
        probability[np.arange(len(y)), y],
        clusters=rows.clusters,
        groups={c: [v[i] for i in train] for c, v in cases.groups.items()},
        coverage=protocol.coverage,
        min_clusters=protocol.min_group,
    )
    model = RoutingModel(
        scorer=chosen.scorer,
        classes=classes,
        temperature=temperature,
        thresholds=thresholds,
        review_below=rule.threshold,
        roles={
            "text": cases.text_column,
            "office": cases.facts["office_column"] if chosen.scorer.offices else None,
            "groups": sorted(cases.groups),
        },
        shown_words={},
        about={},
    )
    unseen = Unseen(probability=probability, y=y, clusters=rows.clusters, protocol=protocol)
    return model, {"temperature": temperature, "review_rule": rule.facts}, unseen


def _doubt(cases: Cases, row: int, p: Floats, recorded: int, classes: list[str]) -> dict[str, Any]:
    best = int(p.argmax())
    return {
        "id": cases.ids[row],
        "recorded": classes[recorded],
        "suggested": classes[best],
        "confidence_recorded": round(float(p[recorded]), 3),
        "confidence_suggested": round(float(p[best]), 3),
    }


def _held_out(cases: Cases, parted: Split, model: RoutingModel) -> tuple[pd.DataFrame, Floats]:

    rows = np.flatnonzero(parted.test)
    asked = cases.table.iloc[rows]
    probability = model.probability(asked)
    truth = [cases.labels[i] for i in rows]
    table = model.told(asked, probability).assign(
        id=[cases.ids[i] for i in rows],
        truth=truth,
        rank=_rank(probability, truth, model.classes),
        cluster=parted.cluster[rows],
        **{f"group:{c}": [v[i] for i in rows] for c, v in cases.groups.items()},
    )
    return table.reset_index(drop=True), probability


def _rank(probability: Floats, truth: list[str], classes: list[str]) -> Ints:
    """Place of the truth among the answers; one past the last if the model never learnt it."""
    place = {label: j for j, label in enumerate(classes)}
    column = np.array([place.get(label, NOT_LEARNT) for label in truth])
    own = probability[np.arange(len(column)), column]
    rank = 1 + (probability > own[:, None]).sum(axis=1)
    return np.where(column == NOT_LEARNT, len(classes) + 1, rank)


def _evidence(
    cases: Cases, learnt: Learnt, probability: Floats, prototype: Prototype
) -> dict[str, Any]:
    import pandas as pd

    from iagkit.text.duplicates import exact_clusters

    counts = Counter(cases.labels[i] for i in learnt.train)
    repeats = pd.DataFrame({"text": exact_clusters(cases.texts), "label": cases.labels})
    inputs = ["text", "office"] if learnt.model.roles["office"] else ["text"]
    repeats = repeats.assign(office=cases.offices)
    repeats["cluster"] = repeats.groupby(inputs).ngroup()
    return {
        "classes": tuple(learnt.model.classes),
        "probabilities": probability,
        "repeats": repeats[["cluster", "label"]],
        "parents": _parents(prototype, learnt.model.classes),
        "prevalence": {c: n / len(learnt.train) for c, n in counts.items()},
        "doubtful": learnt.doubtful,
    }


def _parents(prototype: Prototype, classes: list[str]) -> dict[str, str]:
    """Department of each office; none if the taxonomy speaks of other offices."""
    known = {str(t["code"]): str(t["parent"]) for t in prototype.taxonomy if t.get("parent")}
    return {c: known[c] for c in classes if c in known}
