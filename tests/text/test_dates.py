"""Dates as people of the region write them."""

import numpy as np
import pandas as pd
import pytest

from iagkit.text.dates import read_dates


@pytest.mark.parametrize(
    "told",
    ["2024-03-04", "04/03/2024", "4.3.2024", "20240304", "2024-03-04T00:00:00Z", "2024/03/04"],
)
def test_the_fourth_of_march_is_read_however_it_is_written(told):
    assert read_dates(pd.Series([told]))[0] == np.datetime64("2024-03-04")


def test_dates_stay_dates_and_gaps_stay_gaps():
    column = pd.to_datetime(pd.Series(["2024-03-04", None]))
    assert read_dates(column).tolist()[1] is None
    assert np.isnat(read_dates(pd.Series(["no idea", None]))).all()
