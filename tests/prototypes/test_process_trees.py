"""Ways to learn the time that remains, and the choice among them: by hand, by law, refusals."""

from dataclasses import replace

import numpy as np
import pytest
from test_process_prefixes import random_log

from iagkit.core.errors import DataError
from iagkit.prototypes.processes.forest import Forest, over_columns
from iagkit.prototypes.processes.prefixes import prefixes
from iagkit.prototypes.processes.remaining import RemainingTime, Tried
from iagkit.prototypes.processes.trees import CANDIDATES, Candidate, columns_of

PLAIN = Candidate(name="plain", rounds=20)


def made():
    return prefixes(random_log(7, cases=300), min_events=2, first=1)


def test_each_way_reads_only_what_it_is_meant_to():
    names = ("position", "date", "open_cases", "since_bulk_0_days", "count of a", "activity: mean",
             "resource: mean", "pair: mean")  # fmt: skip
    ways = (
        PLAIN, replace(PLAIN, trend=True), replace(PLAIN, process=True), replace(PLAIN, lean=True),
    )  # fmt: skip
    plain, trend, process, lean = ({names[k] for k in columns_of(how, names)} for how in ways)
    assert plain == set(names) - {"date", "open_cases", "since_bulk_0_days"}
    assert trend - plain == {"date"}
    assert process - plain == {"open_cases", "since_bulk_0_days"}
    assert plain - lean == {"count of a", "resource: mean"}


def test_a_forest_over_some_columns_answers_as_before():
    forest = Forest(
        n_features=2, baseline=1.0, roots=np.array([0]), feature=np.array([1, -1, -1]),
        threshold=np.array([0.5, 0, 0]), missing_left=np.zeros(3, dtype=bool),
        left=np.array([1, 0, 0]), right=np.array([2, 0, 0]), value=np.array([0.0, 10, 20]),
    )  # fmt: skip
    wide = np.arange(20.0).reshape(4, 5) / 19
    places = np.array([0, 3])
    moved = over_columns(forest, places, 5).check()
    assert moved.predict(wide).tolist() == forest.predict(wide[:, places]).tolist()


@pytest.mark.parametrize("seed", [0, 1])
def test_where_nothing_more_can_be_known_the_median_is_hardly_left(seed):
    """Days that no column tells, and others drawn for the same prefixes."""
    rows = made()
    days = np.random.default_rng(seed).exponential(5, len(rows))
    noise = replace(rows, ended=rows.at + (days * 86400).astype("timedelta64[s]"))
    model = RemainingTime(candidates=(PLAIN,), labels="all", open_too=True).fit(noise)
    assert min(one.days for one in model.validation_.tried) <= model.validation_.median
    fresh = np.random.default_rng(seed + 50).exponential(5, len(rows))
    error, floor = (
        np.abs(told - fresh).mean() for told in (model.predict(noise), model.median_.predict(noise))
    )
    assert error <= floor * 1.05


def test_the_median_answers_alone_where_most_cases_were_still_going_on():
    rows = made()
    cases = len(np.unique(rows.case))
    model = RemainingTime(candidates=(PLAIN,), labels="all", open_too=True)
    assert model.fit(rows, unknown_cases=cases).blend_ > 0
    model.fit(rows, unknown_cases=cases + 1)
    assert model.predict(rows).tolist() == model.median_.predict(rows).tolist()


def test_a_way_that_only_the_last_period_flatters_gives_way_to_the_next_best():
    class Judged(RemainingTime):
        def _holds(self, how, rows):
            return not how.trend

    ways = (replace(PLAIN, name="date", trend=True), PLAIN, replace(PLAIN, name="far"))
    tried = [Tried(name=w.name, days=d, alone=d, blend=1.0, n=9)
             for w, d in zip(ways, (8.0, 9.0, 9.05), strict=True)]  # fmt: skip
    assert Judged(candidates=ways)._best(tried, made()) == 1
    assert Judged(candidates=ways[:1])._best(tried[:1], made()) == 0


def test_reading_the_date_is_refused_where_it_misled_in_the_period_before():
    """Cases took long just before that period: trees that read the date take it for the rule."""
    rows = made()
    first, second = (int((rows.case.max() + 1) * share) for share in (0.5, 0.64))
    days = np.where((rows.case > first) & (rows.case <= second), 40.0, 2.0)
    days += np.random.default_rng(0).uniform(-1, 1, len(rows))
    ended = rows.at + (days * 86400).astype("timedelta64[s]")
    numbers = rows.numbers[["position"]].assign(date=rows.case * 1.0)
    jumping = replace(rows, ended=ended, numbers=numbers)
    model = RemainingTime(candidates=(PLAIN,), labels="all", open_too=True)
    assert model._holds(PLAIN, jumping)
    assert not model._holds(replace(PLAIN, trend=True), jumping)


def test_of_a_large_log_whole_cases_are_drawn():
    rows = made()
    model = RemainingTime(
        candidates=(PLAIN,), labels="all", open_too=True, most=len(rows) // 2
    ).fit(rows)
    asked = model.validation_.rows
    assert 0 < len(asked) < 0.2 * len(rows)
    whole = {case: (rows.case == case).sum() for case in np.unique(asked.case)}
    assert all((asked.case == case).sum() == n for case, n in whole.items())


def test_no_way_is_refused_and_names_of_ways_are_different():
    with pytest.raises(DataError, match="at least one candidate"):
        RemainingTime(candidates=()).fit(made())
    assert len({how.name for how in CANDIDATES}) == len(CANDIDATES)
