"""Noise changes what it says and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
from explain_tables import NUMBERS, adult
from hypothesis import given
from hypothesis import strategies as st

from iagkit.explain.noise import blanked, shaken
from iagkit.explain.tables import usual_spread


def people(n: int = 400) -> pd.DataFrame:
    random = np.random.default_rng(0)
    return pd.DataFrame(
        {
            "income": random.normal(1000, 300, n),
            "age": random.integers(18, 80, n),
            "gains": np.where(random.random(n) < 0.1, 5000, 0),
            "town": random.choice(["north", "south"], n),
        }
    )


def test_a_fifth_of_a_spread_is_added_where_asked():
    table, spread = people(), usual_spread(people())
    moved = shaken(table, spread, size=0.2)
    assert 0.15 < (moved["income"] - table["income"]).std() / spread["income"] < 0.25


def test_categories_and_columns_of_mostly_one_value_stay_as_they_are():
    table = people()
    moved = shaken(table, usual_spread(table), size=5)
    assert moved["town"].equals(table["town"])
    assert moved["gains"].equals(table["gains"])


@given(st.integers(0, 99))
def test_types_ranges_and_whole_numbers_are_kept(seed):
    table = people()
    moved = shaken(table, usual_spread(table), size=1, seed=seed)
    assert (moved.dtypes == table.dtypes).all()
    assert moved["age"].between(table["age"].min(), table["age"].max()).all()
    assert moved.equals(shaken(table, usual_spread(table), size=1, seed=seed))


def test_missing_cells_stay_missing():
    table = people()
    table.loc[::2, "income"] = np.nan
    moved = shaken(table, usual_spread(table))
    assert (moved["income"].isna() == table["income"].isna()).all()


def test_about_the_asked_share_of_cells_goes_missing():
    lost = blanked(people(2000), share=0.1).isna().mean()
    assert lost.between(0.07, 0.13).all()
    assert blanked(people(), share=0.0).equals(people())


def test_capital_gains_of_real_people_are_left_alone(mirror):
    inputs, _ = adult(mirror)
    moved = shaken(inputs[NUMBERS], usual_spread(inputs[NUMBERS]), size=1)
    assert moved["gain"].equals(inputs["gain"])
    assert not moved["age"].equals(inputs["age"])
