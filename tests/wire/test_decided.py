"""Review lists read back: what is understood, what is refused, and that nothing is ever lost."""

import json

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError, IntegrityError, OutputError
from iagkit.wire.decided import LOG, DecisionLog, pseudonym, read_decided

CASES = ("a-1", "a-2", "a-3", "=1+1")
LABELS = ("Salud", "Obras", "=Suma")
SECRET = "Fulana Inventada, DNI 12.345.678"


def read(tmp_path, rows, *, name="list.csv", columns=None, **more):
    file = tmp_path / name
    table = pd.DataFrame(rows)
    if name.endswith("xlsx"):
        table.to_excel(file, index=False)
    else:
        table.to_csv(file, index=False)
    settings = {"cases": CASES, "labels": LABELS, "salt": "s", **more}
    return read_decided(file, columns=columns or {}, **settings)


@pytest.mark.parametrize("name", ["list.csv", "list.xlsx"])
def test_decisions_are_read_in_the_spelling_of_the_run_and_empty_rows_wait(tmp_path, name):
    rows = [
        {"id": "a-1", "decisión": " salud ", "revisora": "Ana"},
        {"id": "a-2", "decisión": None, "revisora": None},
        {"id": "a-3", "decisión": "OBRAS", "revisora": " ANA "},
    ]
    found = read(tmp_path, rows, name=name)
    assert [(r["id"], r["decision"]) for r in found.rows] == [("a-1", "Salud"), ("a-3", "Obras")]
    assert found.rows[0]["reviewer"] == found.rows[1]["reviewer"] == pseudonym("ana", "s")
    assert found.blank == 1


def test_what_was_neutralised_for_a_spreadsheet_is_what_it_was(tmp_path):
    found = read(tmp_path, [{"id": "'=1+1", "decisao": "'=Suma"}])
    assert found.rows == ({"id": "=1+1", "decision": "=Suma", "reviewer": ""},)


def test_a_formula_in_a_workbook_is_never_computed(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["id", "decision"])
    book.active.append(["a-1", '=HYPERLINK("http://x.invalid","Salud")'])
    book.save(tmp_path / "list.xlsx")
    with pytest.raises(DataError, match="formulas without saved values"):
        read_decided(tmp_path / "list.xlsx", cases=CASES, labels=LABELS, columns={}, salt="s")


def test_the_same_row_twice_counts_once_and_two_reviewers_count_twice(tmp_path):
    row = {"id": "a-1", "decision": "Salud", "reviewer": "Ana"}
    found = read(tmp_path, [row, row, {**row, "reviewer": "Luis", "decision": "Obras"}])
    assert len(found.rows) == 2
    assert found.repeated == 1


def test_one_reviewer_cannot_decide_a_case_in_two_ways(tmp_path):
    rows = [{"id": "a-1", "decision": label} for label in ("Salud", "Obras")]
    with pytest.raises(DataError, match=r"rows 3, .*name the column of the reviewers"):
        read(tmp_path, rows)


def test_strange_ids_and_labels_are_told_by_row_and_never_repeated(tmp_path):
    rows = [{"id": "a-1", "decision": "Salud"}, {"id": SECRET, "decision": "Salud"}]
    with pytest.raises(DataError, match=r"1 of 2 decided rows hold others \(rows 3,") as refused:
        read(tmp_path, rows)
    assert "Fulana" not in str(refused.value)
    with pytest.raises(DataError, match=r"rows 2, .*--new-labels") as refused:
        read(tmp_path, [{"id": "a-1", "decision": SECRET}])
    assert "Fulana" not in str(refused.value)


def test_new_labels_are_counted_where_they_are_accepted(tmp_path):
    found = read(tmp_path, [{"id": "a-1", "decision": "Deporte"}], new_labels=True)
    assert (found.new_labels, found.rows[0]["decision"]) == (1, "Deporte")


def test_a_list_without_decisions_or_their_column_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(DataError, match="Name it with --decision"):
        read(tmp_path, [{"id": "a-1", "veredicto": "Salud"}])
    with pytest.raises(DataError, match="got none in 1 rows"):
        read(tmp_path, [{"id": "a-1", "decision": None}])
    with pytest.raises(DataError, match="Did you mean 'veredicto'"):
        read(tmp_path, [{"id": "a-1", "veredicto": "Salud"}], columns={"decision": "veredictos"})
    found = read(tmp_path, [{"id": "a-1", "veredicto": "Salud"}], columns={"decision": "veredicto"})
    assert len(found.rows) == 1


def test_reviewers_have_the_same_pseudonym_in_one_run_and_another_in_the_next():
    assert pseudonym(" Ana  Paz ", "run") == pseudonym("ana paz", "run")
    assert pseudonym("ana paz", "run") != pseudonym("ana paz", "other")
    assert pseudonym("  ", "run") == ""


LISTS = st.lists(
    st.tuples(
        st.sampled_from(CASES), st.sampled_from(LABELS), st.sampled_from(["", "Ana", "Luis"])
    ),
    min_size=1,
    max_size=6,
    unique_by=lambda row: (row[0], row[2]),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(LISTS, min_size=1, max_size=5))
def test_no_decision_is_ever_lost_and_the_last_word_of_each_reviewer_counts(
    tmp_path_factory, lists
):
    folder = tmp_path_factory.mktemp("kept")
    log, last, seen = DecisionLog(folder), {}, b""
    for number, rows in enumerate(lists):
        table = [{"id": i, "decision": d, "reviewer": w, "n": number} for i, d, w in rows]
        assert log.add(read(folder, table, name=f"{number}.csv"), at=f"t{number}")
        last |= {(i, pseudonym(w, "s")): d for i, d, w in rows}
        content = (folder / LOG).read_bytes()
        assert content.startswith(seen)
        seen = content
    assert {(r["id"], r["reviewer"]): r["decision"] for r in log.latest()} == last
    assert len(log.batches()) == len(lists)


def test_the_same_file_is_kept_once(tmp_path):
    found = read(tmp_path, [{"id": "a-1", "decision": "Salud"}])
    log = DecisionLog(tmp_path / "kept")
    assert log.add(found, at="now")
    assert not log.add(found, at="later")
    assert len(log.batches()) == 1


def test_comments_are_never_kept(tmp_path):
    rows = [{"id": "a-1", "decision": "Salud", "reviewer": "Ana Inventada", "comment": SECRET}]
    log = DecisionLog(tmp_path / "kept")
    log.add(read(tmp_path, rows), at="now")
    assert "Fulana" not in log.file.read_text()
    assert "Inventada" not in log.file.read_text()


@pytest.mark.parametrize("harm", ["changed", "first line gone", "cut"])
def test_a_log_that_was_tampered_with_is_refused_and_nothing_is_added(tmp_path, harm):
    log = DecisionLog(tmp_path / "kept")
    for number, label in enumerate(LABELS[:2]):
        log.add(read(tmp_path, [{"id": "a-1", "decision": label}]), at=f"t{number}")
    whole = log.file.read_text()
    lines = whole.splitlines(keepends=True)
    broken = {
        "changed": whole.replace("Salud", "Obras", 1),
        "first line gone": "".join(lines[1:]),
        "cut": whole[:-20],
    }[harm]
    log.file.write_text(broken)
    with pytest.raises(IntegrityError, match="nothing was added"):
        log.add(read(tmp_path, [{"id": "a-2", "decision": "Salud"}]), at="t3")
    assert log.file.read_text() == broken


def test_a_disk_that_cannot_be_written_keeps_what_was_there(tmp_path, monkeypatch):
    log = DecisionLog(tmp_path / "kept")
    log.add(read(tmp_path, [{"id": "a-1", "decision": "Salud"}]), at="t0")
    before = log.file.read_bytes()

    def full(_):
        raise OSError(28, "no space")

    monkeypatch.setattr("iagkit.wire.decided.os.fsync", full)
    with pytest.raises(OutputError, match="Earlier ones are intact"):
        log.add(read(tmp_path, [{"id": "a-2", "decision": "Obras"}]), at="t1")
    assert log.file.read_bytes() == before
    assert json.loads(before)["previous"] == "0" * 64
