"""What cannot be a table is refused in one sentence that helps, and never repeats a cell."""

import gzip
from contextlib import suppress

import openpyxl
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from iagkit.core.errors import DataError
from iagkit.wire.tables import read_table

SECRET = "Juana Peluffo"


def refusal(file, content=None):
    if content is not None:
        file.write_bytes(content.encode() if isinstance(content, str) else content)
    with pytest.raises(DataError) as caught:
        read_table(file)
    message = str(caught.value)
    assert SECRET not in message
    assert "\n" not in message
    assert caught.value.__suppress_context__ or caught.value.__context__ is None
    return message


def test_a_file_that_is_not_there_is_told_with_the_likely_one(tmp_path):
    (tmp_path / "requests.csv").write_text("a\n1\n")
    assert "Did you mean 'requests.csv'?" in refusal(tmp_path / "request.csv")


def test_a_folder_is_told_with_the_tables_in_it(tmp_path):
    (tmp_path / "requests.csv").write_text("a\n1\n")
    assert "is a folder. Name the table in it (requests.csv)" in refusal(tmp_path)


@pytest.mark.parametrize(("content", "told"), [
    ("", "is empty (0 bytes)"),
    ("\n\n \n", "has"),
    ("id,text\n", "a header of 2 column(s) and no row"),
    ("id,text\n\n\n", "a header of 2 column(s) and no row"),
])  # fmt: skip
def test_a_table_without_rows(tmp_path, content, told):
    assert told in refusal(tmp_path / "t.csv", content)


@pytest.mark.parametrize(("content", "told"), [
    (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "a picture"),
    (b"%PDF-1.7\n\xe2\xe3", "a PDF"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1" + bytes(600), "an old or password-protected Excel file"),
    (b"SQLite format 3\0" + bytes(100), "an SQLite database"),
    (b"\x80\x04\x95\x10\0\0", "a pickle, which iagkit never opens"),
    (bytes(range(256)) * 40, "is a binary file"),
    (bytes(range(1, 256)) * 40, "is a binary file"),
    (b"<!DOCTYPE html><html><body>404</body></html>", "a web page or XML"),
    (b"PK\x03\x04" + bytes(50), "damaged or cut"),
    (gzip.compress(b"id,text\n" + b"1,a\n" * 999, mtime=0)[:-20], "damaged or cut"),
])  # fmt: skip
def test_a_binary_file_named_csv(tmp_path, content, told):
    assert told in refusal(tmp_path / "t.csv", content)


def test_mixed_encodings_are_told_by_line(tmp_path):
    lines = ["id,text", f"1,¿Qué? {SECRET}", "2,señor", "3,plain"]
    content = "\n".join(lines).encode() + b"\n4,se\xf1or\n5,ni\xf1o\n"
    message = refusal(tmp_path / "t.csv", content)
    assert "mostly UTF-8, but 2 line(s) are Latin-1, at line(s) 5, 6" in message


def test_a_latin_1_file_with_some_utf8_lines_names_those(tmp_path):
    content = b"id,text\n" + b"1,se\xf1or\n" * 9 + "2,señor\n".encode()
    message = refusal(tmp_path / "t.csv", content)
    assert "mostly Latin-1, but 1 line(s) are UTF-8, at line(s) 11" in message


def test_nul_bytes_are_told_by_line(tmp_path):
    message = refusal(
        tmp_path / "t.csv", b"id,text\n" + b"1,hola vecinos del barrio\n" * 30 + b"2,a\0b\n"
    )
    assert "1 NUL byte(s), first on line(s) 32" in message


def test_bytes_that_the_mark_at_the_beginning_denies(tmp_path):
    assert "announces" in refusal(tmp_path / "t.csv", b"\xef\xbb\xbfid,text\n1,\xf1\n")
    assert "announces" in refusal(tmp_path / "u.csv", "id,text\n1,a\n".encode("utf-16")[:-1])


def test_ragged_rows_are_told_by_line(tmp_path):
    content = f'id,text,office\n1,"two\nlines",a\n2,{SECRET}, b,c\n3,d\n4,e,f\n'
    message = refusal(tmp_path / "t.csv", content)
    assert "expected 3 cells in every row" in message
    assert "2 row(s) have 2 or 4, at line(s) 4, 5" in message


@pytest.mark.parametrize(("content", "told"), [
    (f'id,text\n1,"{SECRET}\n2,b\n', "begins at line 2, a quote is opened and never closed"),
    (f'id,text\n1,a\n2,"b" {SECRET}\n', "begins at line 3, there is text after a closing quote"),
])  # fmt: skip
def test_broken_quotes_are_told_by_line(tmp_path, content, told):
    assert told in refusal(tmp_path / "t.csv", content)


def test_two_columns_of_one_name(tmp_path):
    assert "more than one column called 'text'" in refusal(
        tmp_path / "t.csv", "id,text, text\n1,a,b\n"
    )


@pytest.mark.parametrize(("content", "told"), [
    ('{"id": 1}\n{"id": 2\n', "the line 2 of 't.jsonl' is not valid"),
    (f'{{"id": 1}}\n["{SECRET}"]\n', "line 2 of 't.jsonl' is an array"),
    ('{"id": 1, "id": 2}\n', "a name stands in one object more than once"),
    ('{"a": ' + "[" * 100_000 + "\n", "not valid"),
    ("{}\n{}\n", "nothing but blanks"),
])  # fmt: skip
def test_broken_json_lines_are_told_by_line(tmp_path, content, told):
    assert told in refusal(tmp_path / "t.jsonl", content)


def test_a_json_array_of_something_else(tmp_path):
    assert "item 2 of 't.json' is a text" in refusal(
        tmp_path / "t.json", f'[{{"a": 1}}, "{SECRET}"]'
    )


def test_cut_and_disguised_parquet_and_excel(tmp_path):
    table = pd.DataFrame({"a": range(1000)})
    table.to_parquet(tmp_path / "whole.parquet")
    content = (tmp_path / "whole.parquet").read_bytes()
    assert "damaged or cut" in refusal(tmp_path / "t.parquet", content[:-30])
    assert "damaged or cut" in refusal(
        tmp_path / "u.parquet", content[:200] + bytes(900) + content[-4:]
    )
    assert "not Parquet" in refusal(tmp_path / "v.parquet", "id,text\n1,a\n")
    table.to_excel(tmp_path / "whole.xlsx", index=False)
    book = (tmp_path / "whole.xlsx").read_bytes()
    assert "damaged" in refusal(tmp_path / "t.xlsx", book[: len(book) // 2])
    assert "not Excel" in refusal(tmp_path / "u.xlsx", "id,text\n1,a\n")


@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx", "csv.gz"])
@given(data=st.data())
@settings(
    max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
def test_whatever_is_damaged_it_is_a_table_or_a_refusal(tmp_path, kind, data):
    file = tmp_path / f"t.{kind}"
    if not (whole := tmp_path / f"whole.{kind}").exists():
        table = pd.DataFrame({"id": ["007", "008"] * 9, "n": range(18), "t": ["señor «a», b"] * 18})
        writers = {"jsonl": lambda: table.to_json(whole, orient="records", lines=True),
                   "parquet": lambda: table.to_parquet(whole),
                   "xlsx": lambda: table.to_excel(whole, index=False)}  # fmt: skip
        writers.get(kind, lambda: table.to_csv(whole, index=False))()
    content = bytearray(whole.read_bytes())
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(content)))
        gone = data.draw(st.sampled_from([0, 1, 50, len(content)]))
        content[at : at + gone] = data.draw(st.binary(max_size=9))
    file.write_bytes(content)
    with suppress(DataError):
        assert len(read_table(file)) > 0


def test_an_empty_parquet_and_an_empty_sheet(tmp_path):
    pd.DataFrame({"a": []}).to_parquet(tmp_path / "t.parquet")
    assert "a header of 1 column(s) and no row" in refusal(tmp_path / "t.parquet")
    book = openpyxl.Workbook()
    book.create_sheet("data").append(["a"])
    book.save(tmp_path / "t.xlsx")
    assert "Other sheets: data (choose with --query SHEET)" in refusal(tmp_path / "t.xlsx")


def test_formulas_that_nobody_computed(tmp_path):
    book = openpyxl.Workbook()
    for row in (["id", "office"], [1, "=A2"], [2, "=A3"]):
        book.active.append(row)
    book.save(tmp_path / "t.xlsx")
    assert "column 'office' of 't.xlsx' holds formulas without saved values" in refusal(
        tmp_path / "t.xlsx"
    )


def test_a_sheet_that_is_not_there_is_told_with_the_likely_one(tmp_path):
    book = openpyxl.Workbook()
    book.active.title = "Solicitudes"
    book.save(tmp_path / "t.xlsx")
    with pytest.raises(DataError, match="Did you mean 'Solicitudes'"):
        read_table(tmp_path / "t.xlsx", query="Solicitud")


def test_a_query_for_a_file_is_refused(tmp_path):
    (tmp_path / "t.csv").write_text("a\n1\n")
    with pytest.raises(DataError, match="Leave it out"):
        read_table(tmp_path / "t.csv", query="SELECT 1")


def test_an_archive_of_another_kind(tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "t.zip", "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
    assert "is a zip archive" in refusal(tmp_path / "t.zip")
