from functools import partial
from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.core.message import Message
from iagkit.measures.binary import CRITERIA, RATES, confusion, estimates, rate_shares
from iagkit.measures.count_functions import FUNCTIONS, function_estimates, function_gap
from iagkit.measures.counting import count

PEOPLE = pd.DataFrame(
    {
        "sex": ["f", "f", "f", "f", "m", "m", "m", "m", "x"],
        "truth": [1, 1, 0, 0, 1, 0, 0, 0, 0],
        "told": [1, 0, 0, 1, 1, 1, 0, 0, 0],
    }
)


def counted(table=PEOPLE, columns=("sex",), **more):
    cells = count(table, groups=list(columns), truth="truth", prediction="told", **more)
    return cells, cells.by(list(columns))


def value(metric, group=0, positive="1"):
    found = (estimates if metric in RATES else function_estimates)(
        metric, *counted(), positive=positive
    )
    return found[group]


def test_the_four_counts_of_each_group_lie_as_in_scikit_learn():
    cells, groups = counted()
    assert groups.names == (("f",), ("m",), ("x",))
    assert confusion(cells, groups, "1").tolist() == [
        [[1, 1], [1, 1]],
        [[2, 1], [0, 1]],
        [[1, 0], [0, 0]],
    ]


@pytest.mark.parametrize(
    ("metric", "women", "men"),
    [
        ("selection_rate", 1 / 2, 1 / 2),
        ("true_positive_rate", 1 / 2, 1),
        ("false_positive_rate", 1 / 2, 1 / 3),
        ("true_negative_rate", 1 / 2, 2 / 3),
        ("false_negative_rate", 1 / 2, 0),
        ("precision", 1 / 2, 1 / 2),
        ("negative_predictive_value", 1 / 2, 1),
        ("false_discovery_rate", 1 / 2, 1 / 2),
        ("false_omission_rate", 1 / 2, 0),
        ("accuracy", 1 / 2, 3 / 4),
        ("prevalence", 1 / 2, 1 / 4),
        ("f1", 1 / 2, 2 / 3),
        ("balanced_accuracy", 1 / 2, 5 / 6),
        ("matthews_corrcoef", 0, 3**-0.5),
        # benefits 0, 1, 1, 2 of mean 1, and 1, 1, 1, 2 of mean 5/4
        ("generalized_entropy_index", 1 / 4, ((4 + 3) / 4 / 1.25**2 - 1) / 2),
        ("theil_index", np.log(2) / 2, (2 * np.log(1.6) + 3 * np.log(0.8)) / 5),
    ],
)
def test_every_number_by_hand(metric, women, men):
    assert value(metric, 0).value == pytest.approx(women, abs=1e-15)
    assert value(metric, 1).value == pytest.approx(men, abs=1e-15)


@pytest.mark.parametrize(
    ("metric", "why"),
    [
        ("true_positive_rate", "no case of this group is truly '1'"),
        ("false_negative_rate", "no case of this group is truly '1'"),
        ("precision", "no case of this group was predicted '1'"),
        ("false_discovery_rate", "no case of this group was predicted '1'"),
        ("f1", "no case of this group is '1', neither in truth nor predicted"),
        ("balanced_accuracy", "no case of this group is truly '1'"),
        ("matthews_corrcoef", "truth or prediction is the same for every case of this group"),
    ],
)
def test_nothing_of_nothing_is_undefined_and_says_which_denominator_is_empty(metric, why):
    assert str(value(metric, group=2)) == why


def test_the_other_empty_denominators_are_told_too():
    assert (
        str(value("false_positive_rate", 2, positive="0"))
        == "every case of this group is truly '0'"
    )
    told = value("false_omission_rate", 2, positive="0")
    assert str(told) == "every case of this group was predicted '0'"
    missed = pd.DataFrame({"sex": ["f"], "truth": [1], "told": [0]})
    cells, groups = counted(missed)
    found = function_estimates("theil_index", cells, groups, positive="1")[0]
    assert "nobody has any benefit" in str(found)


def test_rows_without_truth_or_prediction_are_in_no_quadrant():
    holes = pd.concat(
        [PEOPLE, pd.DataFrame({"sex": ["f", "f"], "truth": [None, 1], "told": [1, None]})]
    )
    cells, groups = counted(holes)
    assert confusion(cells, groups, "1")[0].tolist() == [[1, 1], [1, 1]]


def test_a_label_that_nobody_says_is_refused_with_the_nearest_one():
    cells, groups = counted()
    with pytest.raises(DataError, match="expected 'yes' as the label that stands for yes"):
        estimates("accuracy", cells, groups, positive="yes")
    with pytest.raises(DataError, match="Did you mean 'precision'"):
        estimates("precison", cells, groups, positive="1")
    with pytest.raises(DataError, match="expected one of f1"):
        function_gap("f2", cells, groups, positive="1")
    alone = count(PEOPLE, groups=["sex"], truth="truth")
    with pytest.raises(DataError, match="column of predictions"):
        rate_shares("accuracy", alone, alone.by(["sex"]), positive="1")


tables = st.lists(
    st.tuples(st.sampled_from("abc"), st.booleans(), st.booleans()), min_size=1, max_size=60
)


@settings(max_examples=25)
@given(tables)
def test_rates_and_their_complements_add_up_and_every_value_is_inside_its_interval(rows):
    table = pd.DataFrame(rows, columns=["sex", "truth", "told"]).astype({"truth": int, "told": int})
    cells, groups = counted(pd.concat([table, PEOPLE]))
    found = {m: estimates(m, cells, groups, positive="1") for m in RATES}
    found |= {m: function_estimates(m, cells, groups, positive="1") for m in FUNCTIONS}
    for one, other in (
        ("true_positive_rate", "false_negative_rate"),
        ("false_positive_rate", "true_negative_rate"),
        ("precision", "false_discovery_rate"),
        ("negative_predictive_value", "false_omission_rate"),
    ):
        for a, b in zip(found[one], found[other], strict=True):
            if isinstance(a, Message):
                assert isinstance(b, Message)
            else:
                assert a.value + b.value == pytest.approx(1)
                assert (a.low, a.high) == pytest.approx((1 - b.high, 1 - b.low), abs=1e-9)
    told = [e for each in found.values() for e in each if not isinstance(e, Message)]
    assert all(e.low <= e.value <= e.high for e in told)


def test_every_criterion_is_made_of_known_rates():
    assert {r for rates in CRITERIA.values() for r in rates} <= set(RATES)


@pytest.mark.parametrize("metric", ["f1", "balanced_accuracy"])
def test_closed_forms_match_drawn_tables(metric):
    from iagkit.measures.count_functions import draws

    random = np.random.default_rng(5)
    truth = random.random(4000) < 0.4
    told = np.where(truth, random.random(4000) < 0.75, random.random(4000) < 0.2)
    table = pd.DataFrame({"sex": "all", "truth": truth.astype(int), "told": told.astype(int)})
    cells, groups = counted(table)
    found = function_estimates(metric, cells, groups, positive="1")[0]
    drawn = FUNCTIONS[metric](draws(confusion(cells, groups, "1"), seed=1, many=20_000))[:, 0]
    assert (found.low, found.high) == pytest.approx(np.quantile(drawn, [0.025, 0.975]), abs=1.5e-3)


def test_the_same_seed_draws_the_same_interval_and_another_one_nearly():
    cells, groups = counted(pd.concat([PEOPLE] * 40))
    told = [
        function_estimates("theil_index", cells, groups, positive="1", seed=s)[0] for s in (0, 0, 1)
    ]
    assert told[0] == told[1] != told[2]
    assert told[0].low == pytest.approx(told[2].low, rel=0.05)


# The real tables


def adult(mirror):
    kept = {0: "age", 4: "years", 8: "race", 9: "sex", 10: "gain", 14: "income"}
    read = partial(pd.read_csv, header=None, skipinitialspace=True)
    folder = mirror / "adult_us"
    whole = pd.concat([read(folder / "adult.data.txt"), read(folder / "adult.test.txt")])
    whole = whole.rename(columns=kept)
    return pd.DataFrame(
        {
            "sex": whole.sex, "race": whole.race,
            "age": np.where(whole.age < 40, "under 40", "40 on"),
            "truth": whole.income.str.startswith(">50K").astype(int),
            "told": ((whole.years >= 13) | (whole.gain > 5000)).astype(int),
        }
    )  # fmt: skip


def german(mirror):
    whole = pd.read_csv(mirror / "german_credit" / "german.data", sep=r"\s+", header=None)
    return pd.DataFrame(
        {
            "sex": whole[8].isin(["A92", "A95"]).map({True: "female", False: "male"}),
            "age": np.where(whole[12] > 25, "over 25", "up to 25"), "housing": whole[14],
            "truth": (whole[20] == 1).astype(int), "told": (whole[1] < 24).astype(int),
        }
    )  # fmt: skip


def acs(mirror):
    whole = pd.read_parquet(mirror / "acs_income_us" / "ACSIncome.test.parquet")
    return pd.DataFrame(
        {
            "SEX": whole.SEX.astype(int), "RAC1P": whole.RAC1P.astype(int),
            "MAR": whole.MAR.astype(int),
            "truth": whole.PINCP.astype(int),
            "told": ((whole.SCHL >= 21) & (whole.WKHP >= 35)).astype(int),
        }
    )  # fmt: skip


def theirs():
    from fairlearn import metrics as fairlearn
    from sklearn import metrics as sklearn

    other = partial(sklearn.precision_score, pos_label=0)
    return {
        "selection_rate": fairlearn.selection_rate,
        "true_positive_rate": fairlearn.true_positive_rate,
        "false_positive_rate": fairlearn.false_positive_rate,
        "true_negative_rate": fairlearn.true_negative_rate,
        "false_negative_rate": fairlearn.false_negative_rate,
        "precision": sklearn.precision_score,
        "negative_predictive_value": other,
        "false_discovery_rate": lambda truth, told: 1 - sklearn.precision_score(truth, told),
        "false_omission_rate": lambda truth, told: 1 - other(truth, told),
        "accuracy": sklearn.accuracy_score,
        "prevalence": lambda truth, told: truth.mean(),
        "f1": sklearn.f1_score,
        "balanced_accuracy": sklearn.balanced_accuracy_score,
        "matthews_corrcoef": sklearn.matthews_corrcoef,
    }


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::UserWarning")
@pytest.mark.parametrize("read", [adult, german, acs])
def test_every_number_of_every_group_of_real_tables_is_fairlearns_and_scikit_learns(mirror, read):
    table = read(mirror)
    columns = list(table.columns[:3])
    cells = count(table, groups=columns, truth="truth", prediction="told")
    compared = 0
    for subset in (s for deep in (1, 2, 3) for s in combinations(columns, deep)):
        groups = cells.by(subset)
        rows = {
            tuple(map(str, name)): (part.truth.to_numpy(), part.told.to_numpy())
            for name, part in table.groupby(list(subset))
        }
        assert set(rows) == set(groups.names)
        for metric, peer in theirs().items():
            ours = (estimates if metric in RATES else function_estimates)(
                metric, cells, groups, positive="1"
            )
            for name, found in zip(groups.names, ours, strict=True):
                if isinstance(found, Message):
                    continue
                assert found.value == pytest.approx(peer(*rows[name]), abs=1e-12), (metric, name)
                compared += 1
    assert compared > 200


@pytest.mark.parametrize("read", [adult, german])
def test_published_parity_differences_are_reproduced(mirror, read):
    from iagkit.measures.simultaneous import gap, ratio

    table = read(mirror)
    column = "sex" if read is adult else "age"
    table["told"] = table.truth
    cells, groups = counted(table, (column,))
    found = rate_shares("selection_rate", cells, groups, positive="1")
    names = [name[0] for name in groups.names]
    expected = 0.194516 if read is adult else 0.149448
    assert gap(found, names).estimate.value == pytest.approx(expected, abs=5e-7)
    if read is german:
        assert ratio(found, names).estimate.value == pytest.approx(0.7948, abs=5e-5)
