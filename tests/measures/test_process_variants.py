"""Ways, rework and hand-overs: by hand, by law, and on real permits."""

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.processes.variants import hand_overs, rework, variants
from iagkit.wire.logs import building, mapping, reading

WAYS = st.lists(st.text("abc", min_size=1, max_size=6), min_size=1, max_size=12)


def log_of(ways, people=None):
    rows = [(f"{i}", a) for i, way in enumerate(ways) for a in way]
    log = pd.DataFrame(rows, columns=["case", "activity"])
    log["end"] = pd.date_range("2024-01-01", periods=len(log), freq="h")
    log["order"] = range(len(log))
    log["resource"] = list(people) if people else None
    return log


def test_three_cases_take_two_ways():
    first, second = variants(log_of(["abc", "ac", "abc"]))
    assert (first.activities, first.cases) == (("a", "b", "c"), 2)
    assert first.share.value == pytest.approx(2 / 3)
    assert first.share.low == pytest.approx(0.2077, abs=1e-4)  # Wilson
    assert second.activities == ("a", "c")


def test_what_is_done_again_at_once_is_told_from_a_loop():
    (found,) = rework(log_of(["abbcb", "abc", "ac"]))
    assert (found.activity, found.again, found.later) == ("b", 1, 1)
    assert (found.share.value, found.share.n) == (0.5, 2)


def test_hand_overs_need_both_resources():
    found = hand_overs(log_of(["abcd", "ab"], ["Ana", "Eva", None, "Ana", "Eva", "Ana"]))
    assert dict(found.pairs) == {("Ana", "Eva"): 1, ("Eva", "Ana"): 1}
    assert (found.share.value, found.share.n, found.unknown) == (1.0, 2, 2)
    assert (found.a_case.value, found.a_case.n) == (1.0, 1)


def test_nobody_known_means_no_share():
    found = hand_overs(log_of(["ab"]))
    assert found.share is None
    assert found.unknown == 1
    assert found.a_case is None


@given(WAYS)
def test_counts_are_those_of_the_texts(ways):
    log = log_of(ways).sample(frac=1, random_state=1)
    assert {"".join(v.activities): v.cases for v in variants(log)} == {
        w: ways.count(w) for w in ways
    }
    repeated = {r.activity: r.again + r.later for r in rework(log)}
    for name in "abc":
        assert repeated.get(name, 0) == sum(max(w.count(name) - 1, 0) for w in ways)


def test_no_event_is_refused():
    with pytest.raises(DataError, match="there is none"):
        variants(log_of([]).astype({"end": "datetime64[us]"}))


@pytest.mark.data
def test_variants_of_the_traffic_fines_are_those_that_are_published(mirror):
    raw = reading.read_raw(mirror / "road_traffic_fines/log.parquet")
    found = variants(building.event_log(raw, mapping.guess(raw)).events)
    assert len(found) == 231  # SOURCE.md of the log
    assert sum(v.cases for v in found) == 150370
