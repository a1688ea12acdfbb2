import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.measures.agreement import human_ceiling

rows = st.lists(st.tuples(st.integers(0, 5), st.sampled_from("abc")), min_size=1)


def test_five_rows_of_three_texts_by_hand():
    found = human_ceiling([1, 1, 1, 2, 3], list("aabca"))
    assert found.agreement.value == pytest.approx(1 / 3)
    assert found.best.value == pytest.approx(4 / 5)
    assert found.best_repeated.value == pytest.approx(2 / 3)
    assert (found.texts, found.repeated, found.pairs) == (3, 1, 3)
    assert (found.best.n, found.best.clusters, found.best_repeated.n) == (5, 3, 3)


def test_a_letter_copied_a_hundred_times_has_one_vote():
    texts = [1] * 100 + [2, 2]
    label = ["a"] * 100 + ["a", "b"]
    assert human_ceiling(texts, label).agreement.value == pytest.approx(0.5)


def test_without_repeated_texts_agreement_is_unknown_and_the_ceiling_is_all():
    found = human_ceiling([1, 2], ["a", "b"])
    assert found.agreement is None
    assert found.best_repeated is None
    assert found.best.value == 1.0
    assert "no text occurs twice" in str(found.because)


@given(rows)
def test_nobody_beats_the_ceiling_with_one_answer_a_text(cases):
    texts, label = zip(*cases, strict=True)
    found = human_ceiling(texts, label)
    commonest = max(label, key=label.count)
    assert found.best.value >= label.count(commonest) / len(label) - 1e-12
    assert found.best.low <= found.best.value <= found.best.high <= 1
    if found.best_repeated:
        assert found.best_repeated.value <= found.best.value + 1e-12


@given(rows)
def test_swapping_names_of_labels_changes_nothing(cases):
    texts, label = zip(*cases, strict=True)
    other = [{"a": "c", "b": "a", "c": "b"}[x] for x in label]
    assert human_ceiling(texts, label) == human_ceiling(texts, other)


def test_a_missing_label_is_refused():
    with pytest.raises(DataError, match="'label' must have no missing label; 1 of 2"):
        human_ceiling([1, 1], ["a", None])


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "column", "agreement", "best"),
    [
        # All 6,819 rows give .38/.60, .50/.67 and .73/.86; 5,412 of them are here.
        ("cdmx_foi_es", "tematica", 0.38, 0.60),
        ("cdmx_foi_es", "area_interes", 0.50, 0.67),
        ("cdmx_foi_es", "clasificacion", 0.73, 0.86),
        ("bc_foi_en", "ministry", None, 0.75),
        ("proc_status_pt", "status", None, 0.945),
    ],
)
def test_real_requests_have_the_ceilings_measured_before(mirror, name, column, agreement, best):
    import pandas as pd

    table = pd.read_parquet(mirror / name / f"{name}.parquet", columns=["grupo", column]).dropna()
    found = human_ceiling(table["grupo"], table[column])
    assert found.best.value == pytest.approx(best, abs=0.015)
    if agreement:
        assert found.agreement.value == pytest.approx(agreement, abs=0.015)
