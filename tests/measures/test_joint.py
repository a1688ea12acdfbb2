"""The level at which all gaps of an audit hold together."""

import numpy as np
import pytest

from iagkit.core.errors import DataError
from iagkit.measures.binary import RATES, rates_of
from iagkit.measures.cells import Cells
from iagkit.measures.joint import joint_level
from iagkit.measures.simultaneous import gap

METRICS = ("selection_rate", "true_positive_rate", "false_positive_rate")


def people(random, n, *, copies=1, cluster=False):
    """Two columns, alike in truth and answers; each person ``copies`` times."""
    rows = [random.choice(k, n, p=p) for k, p in ((2, (0.5, 0.5)), (4, (0.6, 0.2, 0.1, 0.1)))]
    truth = random.random(n) < 0.3
    told = random.random(n) < np.where(truth, 0.7, 0.15)
    columns = [np.repeat(c, copies) for c in (*rows, truth, told)]
    return Cells(
        columns=("a", "b"), levels=(("0", "1"), ("0", "1", "2", "3")),
        codes=np.stack(columns[:2], axis=1), n=np.ones(n * copies), labels=("0", "1"),
        truth=columns[2].astype(int), prediction=columns[3].astype(int),
        cluster=np.repeat(np.arange(n), copies) if cluster else None,
    )  # fmt: skip


def sets_of(cells, depth=2):
    return [cells.by(columns) for columns in cells.subsets(depth)]


def worth(level, of=0.95):
    """How many independent gaps would share the error so."""
    return (1 - of) / (1 - level)


def test_one_gap_keeps_the_level():
    cells = people(np.random.default_rng(0), 500)
    assert joint_level(cells, [cells.by(["a"])], METRICS[:1], positive="1") == 0.95


def test_a_rate_and_the_same_turned_around_are_one_gap():
    cells = people(np.random.default_rng(0), 500)
    both = ("true_positive_rate", "false_negative_rate")
    assert joint_level(cells, [cells.by(["a"])], both, positive="1") == 0.95


def test_gaps_that_move_together_cost_less_than_as_many_that_do_not():
    cells = people(np.random.default_rng(0), 3000)
    every = worth(joint_level(cells, sets_of(cells), tuple(RATES), positive="1"))
    alone = worth(joint_level(cells, sets_of(cells, 1), METRICS, positive="1"))
    assert 12 < every < 19  # 7 rates that are not another one turned around, three sets
    assert 4 < alone <= 6.5  # true and false positives are of different people


def test_gaps_of_other_numbers_share_the_error():
    cells = people(np.random.default_rng(0), 3000)
    without = joint_level(cells, sets_of(cells), METRICS, positive="1")
    beside = joint_level(cells, sets_of(cells), METRICS, positive="1", beside=10)
    assert worth(without) + 9 < worth(beside) < worth(without) + 12


def test_rows_of_one_person_move_together_as_the_person_does():
    alone = people(np.random.default_rng(0), 800)
    thrice = people(np.random.default_rng(0), 800, copies=3, cluster=True)
    one, other = (worth(joint_level(c, sets_of(c), METRICS, positive="1")) for c in (alone, thrice))
    assert one == pytest.approx(other, rel=0.25)


def test_the_same_table_gives_the_same_level():
    cells = people(np.random.default_rng(0), 500)
    first, again = (joint_level(cells, sets_of(cells), METRICS, positive="1") for _ in range(2))
    assert first == again


def test_equal_groups_are_rarely_accused_in_any_gap_of_all():
    random, wrong = np.random.default_rng(0), 0
    metrics = ("selection_rate", "true_positive_rate", "false_positive_rate", "precision")
    for _ in range(60):
        cells = people(random, 600)
        sets = sets_of(cells)
        level = joint_level(cells, sets, metrics, positive="1")
        wrong += any(
            (told := gap(found, list(map(str, range(groups.of))), level=level).estimate) is not None
            and told.low > 0
            for groups in sets
            for found in rates_of(metrics, cells, groups, positive="1").values()
        )
    assert wrong <= 7  # of 60 at most 5 %: more than 7 happens once in 130


def test_a_level_outside_zero_and_one_is_refused():
    cells = people(np.random.default_rng(0), 50)
    with pytest.raises(DataError, match="level"):
        joint_level(cells, sets_of(cells), METRICS, positive="1", level=1.0)
