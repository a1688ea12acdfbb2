"""What of an audit may be published: an attack on the published numbers recovers no small count."""

import numpy as np
import pandas as pd
import pytest

import iagkit
from iagkit.checks.publishable import publishable
from iagkit.core.nouns import Estimate, Finding
from iagkit.measures.disclosure_attack import attack

RARE = {"selection_rate": ("tp", "fp"), "true_positive_rate": ("tp",)}


@pytest.fixture(scope="module")
def people():
    draw = np.random.default_rng(5)
    n = 900
    table = pd.DataFrame(
        {
            "sex": draw.choice(["f", "m"], n),
            "people": draw.choice(["a", "b", "c"], n, p=[0.9, 0.08, 0.02]),
            "y": draw.integers(0, 2, n),
        }
    )
    return table.assign(p=np.where(draw.random(n) < 0.8, table["y"], 1 - table["y"]))


def test_a_group_of_few_is_withheld_from_the_record_but_not_from_the_team(people):
    table = people[(people["people"] != "c") | (people.index % 7 == 0)]
    few = (table["people"] == "c").sum()
    assert 0 < few < 5
    found = iagkit.audit(table, truth="y", prediction="p", groups=["people"])
    size = found.find("fairness.group_size", people="c").estimate
    assert size.value == few
    public = found.record.find("fairness.group_size", people="c")
    assert public.estimate is None
    assert "fewer than 5 people" in str(public.because)


def test_nothing_is_withheld_where_k_is_zero(people):
    found = iagkit.audit(people, truth="y", prediction="p", groups=["people", "sex"], k=0)
    assert found.record.findings == found.findings


def published_counts(record, columns, levels):
    """Tables of outcomes that a reader can compute from the record: nan where it cannot."""
    tables = {}
    for subset in ((), (0,), (1,), (0, 1)):
        shape = tuple(len(levels[i]) for i in subset)
        table = np.full((*shape, 5), np.nan)
        for place in np.ndindex(*shape):
            where = {columns[i]: levels[i][at] for i, at in zip(subset, place, strict=True)}
            table[place] = counts_of(record, where)
        tables[subset] = table
    return tables


def counts_of(record, where):
    """Return tp, fp, fn, tn and their sum, as far as rates and sizes give them."""

    def number(metric):
        found = record.find(f"fairness.{metric}", **where)
        return found.estimate if found else None

    tp = fp = fn = tn = size = np.nan
    if (tpr := number("true_positive_rate")) is not None:
        tp, fn = tpr.value * tpr.n, (1 - tpr.value) * tpr.n
    if (fpr := number("false_positive_rate")) is not None:
        fp, tn = fpr.value * fpr.n, (1 - fpr.value) * fpr.n
    if (precision := number("precision")) is not None:
        tp, fp = precision.value * precision.n, (1 - precision.value) * precision.n
    if (told := number("negative_predictive_value")) is not None:
        tn, fn = told.value * told.n, (1 - told.value) * told.n
    if (whole := number("group_size")) is not None:
        size = whole.value
    elif (whole := number("selection_rate")) is not None:
        size = whole.n
    return np.round([tp, fp, fn, tn, size], 6)


def test_linear_programs_over_the_published_numbers_recover_no_small_count(people):
    columns, levels = ("sex", "people"), (("f", "m"), ("a", "b", "c"))
    found = iagkit.audit(people, truth="y", prediction="p", groups=columns)
    shape = tuple(map(len, levels))
    tables = published_counts(found.record, columns, levels)
    assert np.isnan(tables[(0, 1)]).any(), "nothing is withheld, so nothing is tested"
    told = attack(tables, levels=shape)
    assert told.recovered == 0
    assert told.known_small(5) == 0


def test_the_team_s_own_numbers_would_give_small_counts_away(people):
    columns, levels = ("sex", "people"), (("f", "m"), ("a", "b", "c"))
    found = iagkit.audit(people, truth="y", prediction="p", groups=columns, k=0)
    counts = published_counts(found.record, columns, levels)[(0, 1)][..., :4]
    assert ((counts > 0) & (counts < 5)).any()


def test_a_gap_is_withheld_where_it_would_give_a_withheld_rate_away(people):
    found = iagkit.audit(people, truth="y", prediction="p", groups=["people", "sex"], min_group=1)
    hidden = {
        (f.check, f.where.get("people"))
        for f in found.record.findings
        if f.estimate is None and set(f.where) == {"people"}
    }
    for gap in found.record.findings:
        if gap.check.endswith(".gap") and gap.estimate and set(gap.where) == {"people"}:
            metric = gap.check.removesuffix(".gap")
            assert not {(metric, group) for group in gap.between} & hidden


# What is said of what is withheld


def test_beside_a_withheld_gap_neither_its_error_nor_the_cases_it_lacks_are_told(people):
    found = iagkit.audit(people, truth="y", prediction="p", groups=["people", "sex"])
    gaps = {(f.check.rpartition(".")[0], tuple(f.where.items()))
            for f in found.findings if f.check.endswith(".gap") and f.estimate
            and not found.record.find(f.check, **f.where).estimate}  # fmt: skip
    follow = [f for f in found.findings if f.check.endswith((".detectable_gap", ".cases_needed"))
              and (f.check.rpartition(".")[0], tuple(f.where.items())) in gaps]  # fmt: skip
    assert {f.check.rpartition(".")[2] for f in follow} == {"detectable_gap", "cases_needed"}
    for finding in follow:
        public = found.record.find(finding.check, **finding.where)
        assert public.estimate is None
        assert "withheld" in str(public.because)


def test_the_record_says_which_columns_together_have_how_much_withheld(people):
    found = iagkit.audit(people, truth="y", prediction="p", groups=["sex", "people"])
    facts = found.record.run["audit"]["disclosure"]
    pairs = zip(found.findings, found.record.findings, strict=True)
    gone = sum(full.estimate is not None and told.estimate is None for full, told in pairs)
    assert facts["withheld"] == gone > 0
    assert sum(one["withheld"] for one in facts["where"]) == gone
    assert facts["where"][0]["columns"] == ["people", "sex"]


def test_a_gap_among_the_told_counts_the_cases_of_the_told(people):
    found = iagkit.audit(people, truth="y", prediction="p", groups=["people"], min_group=1)
    for gap in found.record.findings:
        if gap.estimate and gap.check.endswith(".gap"):
            same = [
                f.estimate.n
                for f in found.record.findings
                if f.check == gap.check.removesuffix(".gap") and set(f.where) == set(gap.where)
                if f.estimate
            ]
            assert gap.estimate.n == sum(same)


def test_k_counts_persons_where_one_has_several_rows():
    rows = pd.DataFrame({"person": np.repeat(np.arange(30), 20)})
    rows["people"] = np.where(rows["person"] < 3, "rare", np.where(rows["person"] < 12, "a", "b"))
    rows["y"], rows["p"] = rows.index % 2, rows.index // 2 % 2
    kept = {"truth": "y", "prediction": "p", "groups": ["people"]}
    for cluster, told in ((None, True), ("person", False)):
        record = iagkit.audit(rows, cluster=cluster, **kept).record
        size = record.find("fairness.group_size", people="rare")
        assert (size.estimate is not None) is told


def test_the_team_reads_the_reason_of_a_verdict_that_the_record_does_not_tell(people):
    found = iagkit.audit(people, truth="y", prediction="p", groups=["people"], policy="baseline")
    full, told = found.verdicts, found.record.verdicts
    assert [v.result for v in full] == [v.result for v in told]
    assert not any("withheld" in str(v.because) for v in full)
    assert any("withheld" in str(v.because) for v in told)


def test_of_a_very_large_audit_only_whole_groups_of_single_columns_are_told(people, monkeypatch):
    monkeypatch.setattr("iagkit.measures.disclosure_joint.MOST", 0)
    columns, levels = ("sex", "people"), (("f", "m"), ("a", "b", "c"))
    record = iagkit.audit(people, truth="y", prediction="p", groups=columns).record
    tables = published_counts(record, columns, levels)
    assert np.isnan(tables[(0, 1)]).all()
    assert not np.isnan(tables[(0,)]).any()
    told = attack(tables, levels=(2, 3))
    assert (told.recovered, told.known_small(5)) == (0, 0)


@pytest.mark.parametrize(("value", "told"), [(0.3, False), (0.98, False), (0.5, True)])
def test_a_check_of_others_tells_nothing_of_few_people_at_a_place_nobody_knows(
    people, monkeypatch, value, told
):
    kept = []
    monkeypatch.setattr("iagkit.flow.auditing.measure", lambda run: kept.append(run) or ())
    iagkit.audit(people, truth="y", prediction="p", groups=["sex"])
    strange = Finding(
        check="others.late", question="How many came late?", where={"office": "north"},
        estimate=Estimate(value=value, n=12, unit="share"),
    )  # fmt: skip
    (public,), _ = publishable(kept[0], (strange,), k=5)
    assert (public.estimate is not None) == told
