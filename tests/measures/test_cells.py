"""Cells hold what an audit needs of a table, and what cannot be counted is refused."""

import datetime
import math
from decimal import Decimal

import narwhals as nw
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures import count_query
from iagkit.measures.counting import Moment, count, different, range_of, shown_as

SECRET = "Juana Peluffo"


def small(**more):
    table = {
        "sex": ["f", "m", "f", None, "m"],
        "age": [17.0, 18.0, 64.5, 65.0, None],
        "y": [1, 0, 1, 1, 0],
        "p": [1, 1, 0, 1, None],
        "s": [0.9, 0.5, 0.0, 1.0, None],
        "day": pd.to_datetime(["2024-01-31", "2024-02-01", "2023-12-31", None, "2024-12-30"]),
    }
    return pd.DataFrame({**table, **more})


# By hand


def test_five_rows_make_five_cells_in_order():
    cells = count(small(), groups=["sex"], truth="y", prediction="p")
    assert cells.levels == (("f", "m", "(missing)"),)
    assert cells.labels == ("0", "1")
    assert cells.codes[:, 0].tolist() == [0, 0, 1, 1, 2]
    assert cells.truth.tolist() == [1, 1, 0, 0, 1]
    assert cells.prediction.tolist() == [0, 1, -1, 1, 1]
    assert cells.n.tolist() == [1, 1, 1, 1, 1]
    assert cells.rows == 5
    assert cells.known().rows == 4


def test_ranges_take_their_lower_edge_and_the_last_has_no_end():
    cells = count(small(), groups=["age"], bins={"age": [18, 65]})
    assert cells.levels == (("<18", "[18, 65)", "≥65", "(missing)"),)
    assert cells.n.tolist() == [1, 2, 1, 1]
    assert [range_of([18, 65], v) for v in (17, 18, 64.9, 65, None)] == [
        "<18", "[18, 65)", "[18, 65)", "≥65", "(missing)",
    ]  # fmt: skip


def test_a_score_of_one_lies_in_the_last_bin_and_a_missing_one_in_none():
    cells = count(small(), score="s", score_bins=4)
    assert cells.bins.tolist() == [-1, 0, 2, 3]
    assert cells.n.tolist() == [1, 1, 1, 2]
    assert cells.score.tolist() == pytest.approx([0, 0, 0.5, 1.9], abs=1e-14)


@pytest.mark.parametrize(("every", "levels"), [
    ("year", ("2023", "2024", "(missing)")),
    ("quarter", ("2023-Q4", "2024-Q1", "2024-Q4", "(missing)")),
    ("month", ("2023-12", "2024-01", "2024-02", "2024-12", "(missing)")),
    ("week", ("2023-W52", "2024-W05", "2025-W01", "(missing)")),
    ("day", ("2023-12-31", "2024-01-31", "2024-02-01", "2024-12-30", "(missing)")),
])  # fmt: skip
def test_periods_are_one_more_column_and_sort_as_they_read(every, levels):
    cells = count(small(), groups=["sex"], time="day", every=every)
    assert cells.columns == ("sex", "day")
    assert cells.levels[1] == levels
    assert cells.by(["day"]).total(cells.n).sum() == 5


def test_weights_and_their_squares_are_summed():
    cells = count(small(w=[1, 2, 0.5, 0, 3]), groups=["sex"], weight="w", score="s", score_bins=2)
    by = cells.by(["sex"])
    assert by.total(cells.weight).tolist() == [1.5, 5, 0]
    assert by.total(cells.weight_squared).tolist() == [1.25, 13, 0]
    assert by.total(cells.score).tolist() == pytest.approx([0.9, 1.0, 0.0], abs=1e-14)
    assert cells.mass is cells.weight


def test_errors_are_summed_by_their_powers():
    table = pd.DataFrame({"truth": [10, 20, 30, None], "said": [13.0, 16.0, 30.0, 1.0]})
    sums = count(table, moments={"e": Moment(column="said", minus="truth", within=3)}).sums
    found = {name: values.tolist() for name, values in sums.items()}
    assert found == {
        "e.known": [3], "e.sum": [-1], "e.absolute": [7], "e.square": [25], "e.fourth": [337],
        "e.within": [2],
    }  # fmt: skip


def test_weighted_errors_come_with_the_squares_of_the_weights():
    table = pd.DataFrame({"e": [2.0, -1.0, None], "w": [0.5, 3.0, 8.0]})
    sums = count(table, weight="w", moments={"e": Moment(column="e")}).sums
    assert sums["e.rows"].tolist() == [2]
    assert sums["e.known"].tolist() == [3.5]
    assert sums["e.absolute"].tolist() == [4]
    assert sums["e.ww.known"].tolist() == [9.25]
    assert sums["e.ww.square"].tolist() == [10]


def test_numbers_too_small_to_be_divided_by_are_nothing_and_no_defect():
    table = pd.DataFrame({"e": [1e-310, 0.0], "w": [0.0, 1.0]})
    sums = count(table, weight="w", moments={"e": Moment(column="e")}).sums
    assert sums["e.sum"].tolist() == [0]
    assert sums["e.known"].tolist() == [1]


def test_rows_of_one_person_stay_together_in_the_order_of_their_names():
    table = small(who=["b", "a", "b", "c", "a"])
    cells = count(table, groups=["sex"], cluster="who")
    assert cells.cluster.tolist() == [1, 0, 2]
    assert cells.n.tolist() == [2, 2, 1]


def test_a_second_prediction_is_counted_beside_the_first():
    cells = count(small(q=[1, 1, 1, 0, 0]), truth="y", prediction="p", against="q")
    changed = (cells.prediction != cells.against) & (cells.prediction >= 0)
    assert cells.n[changed].sum() == 2


def test_one_yes_is_one_whatever_it_is_written_as():
    told = {
        "a": [True, False],
        "b": [1, 0],
        "c": [1.0, 0.0],
        "d": ["1", "0"],
        "e": [Decimal(1), Decimal(0)],
    }
    for first in told.values():
        table = pd.DataFrame({"y": first, "p": told["b"]})
        cells = count(table, truth="y", prediction="p")
        assert cells.labels == ("0", "1")
        assert (cells.truth == cells.prediction).all()


@pytest.mark.parametrize(("value", "shown"), [
    (1.0, "1"), (0.5, "0.5"), (-0.0, "0"), (Decimal("1.50"), "1.5"), (Decimal("100"), "100"),
    (math.inf, "inf"), (math.nan, "(missing)"), (None, "(missing)"), (True, "True"), ("ñ", "ñ"),
    (datetime.date(2024, 1, 2), "2024-01-02"), (pd.Timestamp("2024-01-02"), "2024-01-02"),
    (datetime.datetime(2024, 1, 2, 3, 4), "2024-01-02 03:04:00"),
])  # fmt: skip
def test_a_value_is_written_the_same_wherever_it_is_from(value, shown):
    assert shown_as(value) == shown


def test_groups_that_are_numbers_are_sorted_by_size_and_words_that_look_like_none_by_letters():
    cells = count(pd.DataFrame({"g": ["10", "9", "nan", "inf", "b"]}), groups=["g"])
    assert cells.levels == (("9", "10", "b", "inf", "nan"),)


# Laws

rows = st.lists(
    st.tuples(
        st.sampled_from(["f", "m", None]),
        st.sampled_from([0, 1]),
        st.floats(0, 1),
        st.floats(0, 1e6),
        st.floats(-1e6, 1e6),
    ),
    min_size=1,
    max_size=40,
)


def counted(of):
    table = pd.DataFrame(of, columns=["g", "y", "s", "w", "e"])
    table.loc[0, "w"] = 1.0
    return count(
        table, groups=["g"], truth="y", score="s", score_bins=8, weight="w",
        moments={"e": Moment(column="e")},
    )  # fmt: skip


@settings(max_examples=10)
@given(rows, st.randoms())
def test_the_order_of_the_rows_changes_no_bit(of, chance):
    first = of[0]
    mixed = of[1:]
    chance.shuffle(mixed)
    one, other = counted(of), counted([first, *mixed])
    for name in ("codes", "n", "truth", "bins", "score", "weight", "weight_squared"):
        assert np.array_equal(getattr(one, name), getattr(other, name)), name
    assert all(np.array_equal(one.sums[name], other.sums[name]) for name in one.sums)


@settings(max_examples=10)
@given(rows)
def test_sums_are_those_of_the_numbers(of):
    cells = counted(of)
    weights = [1.0, *(w for *_, w, _ in of[1:])]
    largest = max(*weights, 1.0)
    assert cells.weight.sum() == pytest.approx(math.fsum(weights), rel=1e-14)
    assert cells.weight_squared.sum() == pytest.approx(
        math.fsum(w * w for w in weights), rel=1e-14, abs=1e-20 * largest**2
    )
    errors = [w * e for w, (*_, e) in zip(weights, of, strict=True)]
    size = math.fsum(map(abs, errors))
    assert cells.sums["e.sum"].sum() == pytest.approx(math.fsum(errors), abs=1e-14 * size + 1e-12)


@settings(max_examples=10)
@given(rows)
def test_groups_add_up_to_the_table(of):
    cells = counted(of)
    by = cells.by(["g"])
    expected = pd.Series([g for g, *_ in of]).value_counts(dropna=False)
    for (name,), n in zip(by.names, by.total(cells.n), strict=True):
        assert n == (expected.iloc[expected.index.isna()].sum() if name == "(missing)"
                     else expected[name])  # fmt: skip
    assert cells.rows == len(of)


def test_different_values_are_counted_among_the_first_rows_or_all():
    table = small()
    assert different(table, "sex") == 3
    assert different(table, "age", first=2) == 2


# Refusals


@pytest.mark.parametrize(("asked", "told"), [
    ({"groups": ["sexo"]}, r"expected a column 'sexo'.*Did you mean 'sex'\?"),
    ({"truth": "y", "prediction": "y"}, "agrees with itself"),
    ({"prediction": "p", "against": "p"}, "agrees with itself"),
    ({"score": "sex"}, r"numbers in 'sex' \(scores\); got text"),
    ({"score": "age"}, "probabilities from 0 to 1 in 'age'; 4 of 5 rows lie outside"),
    ({"score": "s", "score_bins": 1}, "at least 2 bins"),
    ({"weight": "sex"}, r"\(weights\)"),
    ({"weight": "bad"}, "2 of 5 rows are negative or missing"),
    ({"weight": "none"}, "all 5 are 0"),
    ({"weight": "huge"}, "finite numbers below 1e60 in 'huge'"),
    ({"moments": {"e": Moment(column="huge", minus="y")}}, "finite numbers below 1e60 in 'huge'"),
    ({"groups": ["sex"], "bins": {"sex": [1]}}, r"ranges of 'sex'\); got text"),
    ({"groups": ["sex"], "bins": {"age": [1]}}, "which is none. Name it as a group"),
    ({"groups": ["age"], "bins": {"age": []}}, "got none"),
    ({"groups": ["age"], "bins": {"age": [65, 18]}}, "got 65, 18"),
    ({"groups": ["age"], "bins": {"age": [18, 18]}}, "got 18, 18"),
    ({"groups": ["age"], "bins": {"age": ["old"]}}, "got old"),
    ({"groups": ["age"], "bins": {"age": [0, float("inf")]}}, "got 0, inf"),
    ({"groups": ["age"], "bins": {"age": range(300)}}, "got 0, 1, 2, 3, 4, 5 ..."),
    ({"time": "sex"}, "expected dates in 'sex'; got String"),
    ({"time": "day", "every": "moth"}, "Did you mean 'month'"),
    ({"groups": ["day"], "time": "day"}, "got both"),
    ({"cluster": "sex"}, "1 of 5 rows do not say"),
    ({"groups": ["lists"]}, r"in 'lists'; got a column of objects \(mixed\)"),
    ({"groups": ["mixed"]}, r"objects \(mixed-integer\)"),
    ({"groups": ["raw"]}, r"objects \(bytes\)"),
])  # fmt: skip
def test_what_cannot_be_counted_is_refused_with_the_remedy(asked, told):
    table = small(
        bad=[1, -1, None, 1, 1], none=[0] * 5, huge=[1, math.inf, 1, 1, 1], raw=[b"x"] * 5,
        lists=[[1], [2], [3], [1], [SECRET]], mixed=pd.Series([1, SECRET, 2, 3, 4], dtype=object),
    )  # fmt: skip
    with pytest.raises(DataError, match=told) as caught:
        count(table, **asked)
    assert SECRET not in str(caught.value)


def test_a_table_without_rows_is_refused():
    for asked in ({"groups": ["sex"]}, {}, {"score": "s"}):
        with pytest.raises(DataError, match="expected a table with rows; it has none"):
            count(small().head(0), **asked)


@pytest.mark.parametrize("frame", [{"a": [1]}, [1, 2], "table.csv", None, np.zeros((2, 2))])
def test_what_is_no_table_is_refused(frame):
    with pytest.raises(DataError, match="expected a table: pandas, polars"):
        count(frame, groups=["a"])


def test_two_columns_of_one_name_are_refused():
    table = pd.DataFrame([["f", "m"]], columns=["sex", "sex"])
    with pytest.raises(DataError, match="a different name for every column"):
        count(table, groups=["sex"])


def test_ages_are_no_groups_and_the_remedy_is_told():
    table = pd.DataFrame({"edad": np.arange(10_000) % 1000 / 10})
    with pytest.raises(DataError, match=r"1000 different values.*--bins edad=25,50,75"):
        count(table, groups=["edad"])


def test_ten_thousand_names_are_no_groups_even_if_the_first_rows_are_alike():
    names = [*["a"] * 5000, *(f"{SECRET} {i}" for i in range(10_000))]
    with pytest.raises(DataError, match="at most 200; got 10001 different values") as caught:
        count(pd.DataFrame({"g": names}), groups=["g"])
    assert SECRET not in str(caught.value)


def test_probabilities_given_as_predictions_are_refused():
    table = pd.DataFrame({"y": [0, 1] * 2000, "p": np.linspace(0, 1, 4000)})
    with pytest.raises(DataError, match="expected labels in 'p', at most 500"):
        count(table, truth="y", prediction="p")


def test_days_of_many_years_are_too_many_periods():
    table = pd.DataFrame({"day": pd.date_range("2000-01-01", periods=1000)})
    with pytest.raises(DataError, match="at most 400 periods in 'day'; there are 1000 of one day"):
        count(table, time="day", every="day")
    assert len(count(table, time="day", every="month")) == 33


def test_more_cells_than_memory_holds_are_refused_and_the_column_is_told(monkeypatch):
    monkeypatch.setattr(count_query, "MAX_CELLS", 50)
    table = pd.DataFrame({"who": range(100), "sex": ["f", "m"] * 50})
    with pytest.raises(DataError, match=r"at most 50 combin.*'who' alone has 100 different values"):
        count(table, groups=["sex"], cluster="who")


def test_a_column_that_was_not_counted_is_refused():
    with pytest.raises(DataError, match=r"expected counted columns \(sex\); got age"):
        count(small(), groups=["sex"]).by(["age"])


def test_a_defect_is_not_told_as_a_failure_of_the_engine(monkeypatch):
    def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("iagkit.measures.counting.peek", broken)
    with pytest.raises(ZeroDivisionError):
        count(small(), groups=["sex"])


def test_a_wish_to_stop_that_an_engine_wraps_is_unwrapped():
    class Stopped(BaseException):
        """As the command line has it."""

    wrapped = RuntimeError("Query interrupted")
    with pytest.raises(Stopped), count_query.engine_of(nw.from_native(small())):
        raise wrapped from Stopped()
