"""Records of real people, put to a reader who was written without the code that withholds."""

import numpy as np
import pandas as pd
import pytest
from real_tables import adult, german
from record_reader import Reader

import iagkit


def german_with(mirror, **more):
    table = german(mirror).drop(columns="told")
    raw = pd.read_csv(mirror / "german_credit/german.data", sep=r"\s+", header=None)
    table["s"] = np.round(np.clip((48 - raw[1]) / 64 + 0.25, 0, 1) * 64) / 64
    return table.assign(p=(table["s"] >= 0.5).astype(int), job=raw[16], amount=raw[4], **more)


def read_by_a_stranger(found, table, groups, names):
    """Small counts of the audit; of them, those known from all numbers, and from the record."""
    reader = Reader(table.rename(columns=names), groups)
    bare = [f for f in found.findings if f.estimate and f.estimate.n >= 5]
    many, would_be_known = reader.attack(bare, found.findings)
    return many, would_be_known, reader.attack(found.record.findings, found.findings)[1]


def test_no_count_of_few_people_follows_from_shares_gaps_and_ratios_of_german_credit(mirror):
    table, groups = german_with(mirror), ["sex", "older", "housing"]
    found = iagkit.audit(table, truth="good", prediction="p", groups=groups)
    many, betrayed, known = read_by_a_stranger(
        found, table[["good", "p", *groups]], groups, {"good": "y"}
    )
    assert (many, betrayed) == (many, many)
    assert many > 3
    assert known == 0


def test_none_follows_from_bins_of_scores_ranking_and_strata_of_german_credit(mirror):
    table, groups, capacity = german_with(mirror), ["sex", "housing"], 0.2
    above = table["s"].map(lambda one: (table["s"] > one).sum())
    alike = table["s"].map(table["s"].value_counts())
    table["chance"] = ((capacity * len(table) - above) / alike).clip(0, 1)
    found = iagkit.audit(
        table, truth="good", prediction="p", score="s", groups=groups, capacity=capacity,
        strata=["housing"],
    )  # fmt: skip
    read = table[["good", "p", "s", "chance", *groups]]
    many, betrayed, known = read_by_a_stranger(found, read, groups, {"good": "y"})
    assert many > 20
    assert betrayed > 20
    assert known == 0
    told = [f for f in found.record.findings if "confidence" in f.where and f.estimate]
    assert told, "nothing of the bins is told, so nothing is tested"


def test_none_follows_from_several_labels_of_german_credit_by_group(mirror):
    table, groups = german_with(mirror), ["sex", "housing"]
    guess = np.select([table["amount"] > 6000, table["amount"] < 1000], ["A174", "A172"], "A173")
    table = table[["job", *groups]].assign(guess=guess)
    found = iagkit.audit(table, truth="job", prediction="guess", groups=groups)
    many, betrayed, known = read_by_a_stranger(found, table, groups, {"job": "y", "guess": "p"})
    assert betrayed > 0
    assert many >= betrayed
    assert known == 0


def test_none_follows_from_a_second_prediction_of_german_credit(mirror):
    table, groups = german_with(mirror), ["sex", "housing"]
    table["second"] = (table["s"] >= 0.4).astype(int)
    found = iagkit.audit(table, truth="good", prediction="p", against="second", groups=groups)
    read = table[["good", "p", "second", *groups]]
    many, betrayed, known = read_by_a_stranger(found, read, groups, {"good": "y"})
    assert betrayed > 3
    assert many >= betrayed
    assert known == 0


@pytest.mark.slow
def test_none_follows_from_adult_by_race_sex_and_age_band(mirror):
    table, groups = adult(mirror), ["race", "sex", "band"]
    table["band"] = pd.cut(table["age"], [0, 25, 45, 65, 200]).astype(str)
    found = iagkit.audit(table, truth="income", prediction="told", groups=groups)
    read = table[["income", "told", *groups]]
    many, betrayed, known = read_by_a_stranger(found, read, groups, {"income": "y", "told": "p"})
    assert betrayed > 10
    assert many >= betrayed
    assert known == 0
    told = [f for f in found.record.findings if len(f.where) == 1]
    assert all(f.estimate for f in told), "a small crossing withholds nothing of one column"


def test_what_a_model_itself_was_asked_is_told_beside_an_audit_of_few(mirror):
    """Explanations and robustness on Adult: a sample in which small groups are withheld."""
    from sklearn.linear_model import LogisticRegression

    inputs = ["age", "education_num", "hours"]
    table = adult(mirror).sample(1500, random_state=0)
    yes = table["income"]
    model = LogisticRegression(max_iter=1000).fit(table[inputs][:700], yes[:700])
    table = table.assign(p=model.predict(table[inputs]))[700:]
    found = iagkit.audit(
        table, truth="income", prediction="p", groups=["sex", "race"], model=model, inputs=inputs
    )
    told = {f.check.partition(".")[0] for f in found.record.findings if f.estimate is not None}
    assert any("withheld" in str(f.because) for f in found.record.findings if f.because)
    assert {"explainability", "robustness"} <= told
