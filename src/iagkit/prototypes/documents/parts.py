"""What a triage tells beside the class of a document, each part only where it is asked for.

A part is a function of the :class:`Setting`; it hands over evidence for its checks, columns of
the held-out table, and facts for the record, or nothing. To add one, add it to ``PARTS``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from iagkit.core.errors import DataError, UsageError
from iagkit.core.nouns import Dataset, Prototype
from iagkit.core.registry import did_you_mean
from iagkit.prototypes.engine.abstention import leads
from iagkit.prototypes.engine.routing import Answered
from iagkit.prototypes.engine.splits import by_time
from iagkit.text.dates import read_dates
from iagkit.wire.headers import listed


@dataclass(frozen=True, slots=True, kw_only=True)
class Setting:
    """What every part may look at."""

    done: Answered
    dataset: Dataset
    prototype: Prototype
    seed: int

    @property
    def held_out(self) -> NDArray[np.intp]:
        """Rows of the cases that the held-out table tells of, in its order."""
        return np.flatnonzero(self.done.parted.test)

    @property
    def arrived(self) -> NDArray[np.datetime64] | None:
        """When each case came, shape (n_cases,); none without a column of dates."""
        column = self.dataset.column("time")
        return None if column is None else read_dates(self.done.cases.table[column])


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What a part hands over."""

    evidence: Mapping[str, Any] = field(default_factory=dict)
    columns: Mapping[str, Any] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)


def urgency(setting: Setting) -> Found:
    """How urgent each held-out document is, where ``urgency`` is declared in the params."""
    from iagkit.prototypes.documents import urgency as urgent

    asked = urgent.declared(setting.prototype.params)
    if asked is None:
        return Found()
    done, rows = setting.done, setting.held_out
    if asked.column is None:
        known = np.isin(np.asarray(done.cases.labels, dtype=object).astype(str), asked.classes)
        truth = known.astype(np.int8)
        score = urgent.score_of(done.probability, done.learnt.model.classes, asked.classes)
    else:
        truth = urgent.yes_or_no(_column(setting, asked.column), asked.yes)
        train = done.learnt.train
        scorer = urgent.learn(
            [done.cases.texts[i] for i in train],
            truth[train],
            clusters=done.parted.cluster[train],
            seed=setting.seed,
        )
        score = urgent.scores(scorer, [done.cases.texts[i] for i in rows])
    arrived = setting.arrived
    held = None if arrived is None else arrived[rows]
    found = urgent.evidence(
        asked, score=score, urgent=truth[rows], arrived=held, share=_share(setting, arrived)
    )
    columns = {"urgency": score, "urgent": truth[rows]}
    columns |= {} if held is None else {"arrived": held}
    return Found(evidence={"urgency": found}, columns=columns)


def _column(setting: Setting, name: str) -> Any:
    table = setting.done.cases.table
    if name not in table.columns:
        known = [str(column) for column in table.columns]
        msg = (
            f"expected the column '{name}' that says what was urgent; the table has "
            f"{listed(known)}.{did_you_mean(name, known)}"
        )
        raise DataError(msg)
    return table[name]


def _share(setting: Setting, arrived: NDArray[np.datetime64] | None) -> float:
    """Held-out cases of all cases of the days on which held-out cases came."""
    test = setting.done.parted.test
    if arrived is None:
        return float(test.mean())
    held = arrived[test]
    if np.isnat(held).all():
        return float(test.mean())
    same = (arrived >= np.nanmin(held)) & (arrived <= np.nanmax(held))
    return float(test[same].mean())


def drift(setting: Setting) -> Found:
    """What time did to the model, where the split is by time; ``repair_with: 0`` is quicker."""
    from iagkit.prototypes.documents import drift as drifting

    protocol, arrived = setting.prototype.protocol, setting.arrived
    if arrived is None or not by_time(protocol.split_by) or setting.dataset.column("split"):
        return Found()
    found = drifting.look_back(
        setting.done,
        arrived[setting.held_out],
        coverage=protocol.coverage,
        level=protocol.level,
        seed=setting.seed,
        repair_with=int(setting.prototype.params.get("repair_with", drifting.REPAIR_WITH)),
    )
    return Found(evidence={"drift": found}, facts={"drift": {"valid_until": found.valid_until}})


def matters(setting: Setting) -> Found:
    """Which documents are the same matter again, and which are a mass filing on one pattern."""
    from iagkit.prototypes.documents.matters import matters_table

    cases = setting.done.cases
    found = matters_table(cases.ids, cases.texts)
    held = found.iloc[setting.held_out]
    told = zip(held["representative"], held["documents"], strict=True)
    filed = zip(held["on_pattern"], held["documents"], strict=True)
    columns = {
        "matter": [str(name) if size > 1 else None for name, size in told],
        "on_pattern": [int(many) if many > size else None for many, size in filed],
    }
    return Found(evidence={"matters": found}, columns=columns)


def fields(setting: Setting) -> Found:
    """Fields of the held-out documents; ``fields: ar`` names a country, ``false`` skips them."""
    from iagkit.prototypes.documents.fields import fields_table

    asked = setting.prototype.params.get("fields", True)
    country = _country(asked)
    if not asked:
        return Found()
    cases, rows = setting.done.cases, setting.held_out
    texts = (cases.texts[i] for i in rows)
    table = fields_table([cases.ids[i] for i in rows], texts, country=country)
    counts = table["kind"].value_counts().to_dict()
    return Found(evidence={"fields": table}, facts={"fields": counts})


def _country(asked: object) -> str | None:
    """Two letters, if the fields are those of one country."""
    if isinstance(asked, bool):
        return None
    if isinstance(asked, str) and re.fullmatch("[A-Za-z]{2}", asked):
        return asked.lower()
    msg = (
        "expected 'fields' under 'params:' to be true, false or the two letters of a country; got "
        f"{asked!r}. Write 'fields: ar', for example"
    )
    raise UsageError(msg)


def labelling(setting: Setting) -> Found:
    """Documents whose answers by people would teach most; ``labelling: 0`` marks none."""
    from iagkit.prototypes.documents import learning

    share = learning.declared(setting.prototype.params)
    done, model = setting.done, setting.done.learnt.model
    unsure = np.flatnonzero(leads(done.probability) < model.review_below)
    many = int(np.ceil(share * unsure.size))
    if not many or len(model.classes) < 2:
        return Found()
    margin = learning.margins(done.probability[unsure])
    near = unsure[np.argsort(margin, kind="stable")[: learning.LOOKED_AT * many]]
    rows = setting.held_out[near]
    listed = learning.next_cases(
        done.probability[near],
        model.scorer.design([done.cases.texts[i] for i in rows]),
        many=many,
        at_random=0,
        seed=setting.seed,
    )
    order = np.zeros(len(done.table), dtype=np.int64)
    order[near[listed.places]] = np.arange(1, len(listed) + 1)
    told = {"listed": len(listed), "of": int(unsure.size), "passed_over": listed.passed_over}
    return Found(columns={"teaches": order}, facts={"labelling": told})


def arriving(setting: Setting) -> Found:
    """What is counted of the tested documents, so that a later batch can be compared with them."""
    from iagkit.prototypes.documents import arriving as batches

    done = setting.done
    counted = batches.tested(
        done.learnt.model,
        [done.cases.texts[i] for i in setting.held_out],
        done.table,
        done.parted.cluster[setting.held_out],
    )
    return Found(evidence={"about_model": {batches.TESTED: counted}})


def reading(setting: Setting) -> Found:
    """Why people read each of the tested documents that they are asked to read."""
    from iagkit.prototypes.documents.review import reasons

    return Found(evidence={"reading": reasons(setting.done.table, seed=setting.seed)})


PARTS: tuple[Callable[[Setting], Found], ...] = (
    urgency, matters, fields, labelling, reading, arriving, drift,
)  # fmt: skip
