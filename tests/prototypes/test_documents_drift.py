"""Documents learnt until a day and followed since: periods, unknown words, the repair."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from iagkit.core.errors import UsageError
from iagkit.core.nouns import Card, Column, Dataset
from iagkit.measures.drift import Alarm
from iagkit.prototypes.documents.drift import (
    First,
    KnownWords,
    _periods,
    first_of,
    look_back,
    sides,
)
from iagkit.prototypes.documents.recipe import choose
from iagkit.prototypes.documents.repair import repair
from iagkit.prototypes.engine.cases import prepare
from iagkit.prototypes.engine.routing import answer_held_out
from iagkit.prototypes.engine.splits import split
from iagkit.wire import declare

WORDS = {
    "farms": ["cosecha", "ganado", "trigo", "riego", "campo", "semilla", "tambo", "arado"],
    "arms": ["ejercito", "fragata", "cuartel", "tropa", "sable", "naval", "fusil", "coronel"],
    "schools": ["alumno", "aula", "docente", "libro", "beca", "escuela", "rector", "examen"],
}


def documents(n, *, seed, names):
    random = np.random.default_rng(seed)
    kinds = random.choice(list(WORDS), n)
    common = [f"visto{i}" for i in range(60)]
    texts = [" ".join([*random.choice(WORDS[k], 4), *random.choice(common, 8)]) for k in kinds]
    return texts, [names.get(k, k) for k in kinds]


def test_a_split_from_a_day_on_tests_all_that_first_appeared_then_or_later():
    days = pd.date_range("2013-12-28", periods=8).to_numpy()
    clusters = [0, 1, 2, 3, 4, 5, 0, 7]
    found = split(clusters, by="time:2014-01-01", times=days, labels=[str(c) for c in clusters])
    assert found.test.tolist() == [False] * 4 + [True, True, False, True]
    assert (found.facts["by"], found.facts["from"]) == ("time", "2014-01-01")


def test_a_day_that_cannot_be_read_is_refused_with_an_example():
    with pytest.raises(UsageError, match="time:2014-01-01"):
        split([0, 1], by="time:soon", times=np.array(["2014", "2015"], dtype="datetime64[D]"))


def test_years_with_few_cases_are_joined_and_a_short_end_joins_the_last():
    days = [
        dt.date(y, 5, 1)
        for y, n in ((2014, 120), (2015, 60), (2016, 60), (2017, 9))
        for _ in range(n)
    ]
    told = _periods(np.array(days, dtype="datetime64[D]"))
    assert list(dict.fromkeys(told)) == ["2014", "2015-2017"]


def test_words_that_only_one_document_holds_are_unknown_to_the_others():
    words = KnownWords(["uno dos", "dos tres"])
    assert words.unknown(["dos cuatro", ""]).tolist() == [0.5, 0.0]
    assert words.unknown_among_themselves().tolist() == [0.5, 0.5]


def test_a_ministry_that_was_renamed_is_learnt_again_from_reviewed_cases():
    old, was = documents(120, seed=1, names={})
    new, now = documents(500, seed=2, names={"farms": "agroindustry"})
    found = repair(old, was, new, now, clusters=np.arange(500), many=120, coverage=0.9)
    assert found.reviewed == 120
    assert found.accuracy.n == 380
    # who knows only the old names is right in two thirds at most
    assert found.accuracy.value > 0.75
    assert found.coverage.value > 0.85


def test_copies_of_a_text_are_never_on_both_sides_of_a_repair():
    texts, labels = documents(120, seed=3, names={})
    clusters = np.arange(120) // 4
    found = repair(texts[:60], labels[:60], texts, labels, clusters=clusters, many=40)
    assert found.accuracy.clusters == (120 - found.reviewed) // 4


def alarm_at(place):
    return Alarm(evidence=np.zeros(50), at=place, error=0.025)


def test_the_earlier_of_two_alarms_ends_the_promise_and_silence_keeps_it():
    days = np.datetime64("2020-01-01") + np.arange(50)
    reviewed, all_of_them = np.array([5, 20, 40]), np.arange(50)
    told = {"reviewed": (alarm_at(1), reviewed), "certainty": (alarm_at(30), all_of_them)}
    assert first_of(told, days) == First(at=20, day="2020-01-21", by="reviewed")
    told["reviewed"] = (alarm_at(2), reviewed)
    assert first_of(told, days) == First(at=30, day="2020-01-31", by="certainty")
    silent = {by: (alarm_at(None), places) for by, (_, places) in told.items()}
    assert first_of(silent, days) is None


@pytest.fixture(scope="module")
def answered():
    """Nothing changes in 900 days; three in a hundred documents are of classes seen only once."""
    texts, labels = documents(900, seed=4, names={})
    random = np.random.default_rng(4)
    labels = [f"once {i}" if random.random() < 0.03 else told for i, told in enumerate(labels)]
    days = np.datetime64("2020-01-01") + np.arange(900)
    table = pd.DataFrame({"text": texts, "unit": labels, "day": days.astype(str)})
    roles = {"text": "text", "unit": "target", "day": "time"}
    columns = tuple(Column(name=name, role=role) for name, role in roles.items())
    data = Dataset(card=Card(name="acts", columns=columns), table=table, sha256="0" * 64)
    declared = declare.prototype("citizen-requests", split_by=f"time:{days[500]}")
    done = answer_held_out(
        prepare(data, use_office=False), data, declared, choose=choose, progress=lambda _: None
    )
    return done, days[done.parted.test]


def test_classes_too_rare_to_be_learnt_are_on_both_sides_and_are_no_news(answered):
    done, days = answered
    before, since = sides(done, np.arange(len(days)), coverage=0.9)
    odd = [np.mean([str(label).startswith("once") for label in side.truth])
           for side in (before, since)]  # fmt: skip
    assert min(odd) > 0.01
    assert (before.strange[[str(t).startswith("once") for t in before.truth]] == 1).all()
    assert not before.held[before.strange == 1].any()
    assert before.truth.size == (~done.parted.test).sum()


def test_where_nothing_changes_every_lot_of_reviewed_cases_leaves_the_promise_standing(answered):
    done, days = answered
    found = [look_back(done, days, coverage=0.9, level=0.95, seed=s, repair_with=0)
             for s in range(5)]  # fmt: skip
    assert [told.valid_until for told in found] == [None] * 5
    assert all(told.reviewed == told.alarm.evidence.size for told in found)
