"""Real tables of the mirror, as a person who audits them would read them."""

import numpy as np
import pandas as pd

ADULT = [
    "age", "workclass", "fnlwgt", "education", "education_num", "marital", "occupation",
    "relationship", "race", "sex", "gain", "loss", "hours", "country", "income",
]  # fmt: skip


def adult(mirror):
    """Census of 1994: 48,842 people; the prediction is a rule that anyone can repeat."""
    parts = [
        pd.read_csv(mirror / "adult_us" / file, names=ADULT, skipinitialspace=True)
        for file in ("adult.data.txt", "adult.test.txt")
    ]
    table = pd.concat(parts, ignore_index=True)
    table["income"] = (table["income"].str.rstrip(".") == ">50K").astype(int)
    table["told"] = (table["education_num"] > 12).astype(int)
    table["score"] = (table["education_num"] / 20 + table["hours"] / 1000).round(6)
    return table


def german(mirror):
    """German credit: 1,000 people; 1 is a good credit."""
    table = pd.read_csv(mirror / "german_credit/german.data", sep=r"\s+", header=None)
    return pd.DataFrame(
        {
            "good": (table[20] == 1).astype(int),
            "told": (table[1] <= 24).astype(int),
            "older": np.where(table[12] > 25, "over 25", "25 and younger"),
            "sex": np.where(table[8].isin(["A92", "A95"]), "f", "m"),
            "housing": table[14],
        }
    )


def acs(mirror):
    """Census of 2018: 332,900 people."""
    return pd.read_parquet(mirror / "acs_income_us/ACSIncome.test.parquet")
