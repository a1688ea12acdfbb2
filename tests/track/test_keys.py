"""Names MLflow accepts: nothing is lost and nothing collides."""

import re
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding
from iagkit.track import door
from iagkit.track.keys import cut, flat, labels, metric_key, points, slug

door.mlflow()
from mlflow.utils.validation import _validate_metric_name  # noqa: E402 (after the door)

WORDS = st.text(min_size=1, max_size=80)
WHERES = st.dictionaries(WORDS, st.text(max_size=80), max_size=3)


def finding(check="c.x", value=0.5, **where):
    estimate = Estimate(value=value, n=9, low=0.25, high=0.75, level=0.95)
    return Finding(check=check, question="?", estimate=estimate, where=where)


def test_a_plain_group_keeps_its_name():
    assert metric_key("fairness.accuracy", {"sexo": "mujer"}) == "fairness.accuracy/sexo/mujer"


def test_accents_and_signs_become_ascii_with_a_digest_of_the_full_name():
    key = metric_key("fairness.accuracy", {"grupo_étnico": "niño ≤ 5"})
    assert re.fullmatch(r"fairness\.accuracy/grupo_etnico\.[0-9a-f]{8}/nino_5\.[0-9a-f]{8}", key)


def test_a_finding_becomes_value_interval_and_number_of_cases():
    told = {p.key: p.value for p in points([finding(sexo="mujer")])}
    key = "c.x/sexo/mujer"
    assert told == {key: 0.5, f"{key}/low": 0.25, f"{key}/high": 0.75, f"{key}/n": 9.0}


def test_findings_of_the_same_name_are_told_apart_by_step():
    found = points([finding(value=0.25), finding(value=0.75)])
    assert [(p.value, p.step) for p in found if p.key == "c.x"] == [(0.25, 0), (0.75, 1)]


def test_what_has_no_estimate_is_no_metric():
    none = Finding(check="c", question="?", because=say("too few"))
    assert points([none]) == []
    assert labels([none])["metrics"] == {}


def test_labels_lead_back_to_the_full_names():
    (label,) = labels([finding(grupo="niño")])["metrics"].values()
    assert (label["check"], label["where"]) == ("c.x", {"grupo": "niño"})


@given(WORDS, WORDS)
def test_different_names_stay_different(a, b):
    assert (slug(a) == slug(b)) == (a == b)


def test_a_name_that_imitates_a_digest_is_not_taken_for_it():
    assert slug(slug("niño")) != slug("niño")


@given(WORDS, WHERES)
def test_mlflow_accepts_every_key(check, where):
    estimate = Estimate(value=1, n=1, low=0, high=2, level=0.9)
    for point in points([Finding(check=check, question="?", estimate=estimate, where=where)]):
        _validate_metric_name(point.key)
        assert len(point.key) <= 250


@given(st.lists(st.tuples(WORDS, WHERES), unique_by=lambda x: (x[0], tuple(sorted(x[1].items())))))
def test_no_two_findings_share_a_key(named):
    found = points(
        Finding(
            check=check, question="?", where=where,
            estimate=Estimate(value=1, n=1, low=0, high=2, level=0.9),
        )
        for check, where in named
    )  # fmt: skip
    assert not [k for k, n in Counter(p.key for p in found).items() if n > 1]


def test_settings_are_flattened_with_their_values_as_json():
    told = flat({"protocol": {"split_by": "text", "folds": 5, "checks": ["a"]}, "x": None})
    assert told == {
        "protocol.split_by": "text", "protocol.folds": "5", "protocol.checks": '["a"]',
        "x": "null",
    }  # fmt: skip


def test_a_long_setting_is_cut_within_the_limit_and_says_so():
    short = cut("x" * 7000)
    assert len(short) == 6000
    assert "cut; 7000 characters" in short
    assert cut("x" * 6000) == "x" * 6000
