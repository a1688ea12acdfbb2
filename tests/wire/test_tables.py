"""Tables are read as they were meant, whatever wrote them."""

import gzip
import io
import sys

import openpyxl
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.wire.encodings import detect
from iagkit.wire.tables import count_rows_hint, iter_table, read_table, size_in_bytes

ROWS = "id;mensaje;oficina\n007;Bache en la calle Ñandú;obras\n008;¿Cuándo pasa el camión?;aseo\n"
EXPECTED = {
    "id": ["007", "008"],
    "mensaje": ["Bache en la calle Ñandú", "¿Cuándo pasa el camión?"],
    "oficina": ["obras", "aseo"],
}


def cells(table):
    return table.astype(object).where(table.notna(), None).to_dict("list")


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "latin-1", "cp1252", "utf-16", "utf-16-le", "utf-16-be"]
)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_every_encoding_and_delimiter_gives_the_same_table(tmp_path, encoding, delimiter):
    file = tmp_path / "requests.csv"
    file.write_bytes(ROWS.replace(";", delimiter).encode(encoding))
    assert cells(read_table(file)) == EXPECTED


def test_a_quoted_cell_may_hold_line_ends_separators_and_quotes(tmp_path):
    file = tmp_path / "requests.csv"
    file.write_bytes(b'id,text\r\n1,"two\r\nlines, and ""quotes"""\r\n2,plain\r\n')
    assert read_table(file)["text"].tolist() == ['two\r\nlines, and "quotes"', "plain"]


def test_one_column_of_sentences_with_commas_stays_one_column(tmp_path):
    file = tmp_path / "texts.csv"
    file.write_text("text\nHello, I write, again\nNo comma here\n")
    assert read_table(file)["text"].tolist() == ["Hello, I write, again", "No comma here"]


def test_texts_full_of_commas_do_not_hide_the_semicolon(tmp_path):
    file = tmp_path / "texts.csv"
    rows = "".join(f"{n};hola, señores, del, ayuntamiento, número {n};x\n" for n in range(50))
    file.write_text("id;text, as sent;office\n" + rows)
    assert list(read_table(file).columns) == ["id", "text, as sent", "office"]


def test_the_separator_that_excel_writes_on_the_first_line_is_believed(tmp_path):
    file = tmp_path / "excel.csv"
    file.write_text("sep=;\nid;text\n1;a,b\n")
    assert cells(read_table(file)) == {"id": [1], "text": ["a,b"]}


def test_codes_stay_text_and_whole_numbers_with_gaps_are_numbers(tmp_path):
    file = tmp_path / "codes.csv"
    file.write_text(
        'code,flag,ratio,long,comma\n007,1,0.5,12345678901234567890,"1,5"\n012,,NA,1,2\n'
    )
    table = read_table(file)
    assert table["code"].tolist() == ["007", "012"]
    assert table["flag"].tolist()[0] == 1.0
    assert table["flag"].isna().tolist() == [False, True]
    assert table["ratio"].isna().tolist() == [False, True]
    assert table["long"].tolist() == ["12345678901234567890", "1"]
    assert table["comma"].tolist() == ["1,5", "2"]


def test_gzip_is_opened_whatever_the_name_says(tmp_path):
    file = tmp_path / "requests.csv"
    file.write_bytes(gzip.compress(ROWS.encode()))
    assert cells(read_table(file)) == EXPECTED


def test_the_content_counts_more_than_the_name(tmp_path):
    table = pd.DataFrame(EXPECTED)
    table.to_parquet(tmp_path / "requests.csv")
    table.to_json(tmp_path / "lines.txt", orient="records", lines=True, force_ascii=False)
    assert cells(read_table(tmp_path / "requests.csv")) == EXPECTED
    assert cells(read_table(tmp_path / "lines.txt")) == EXPECTED


def test_json_lines_with_missing_names_and_mixed_types(tmp_path):
    file = tmp_path / "rows.jsonl"
    file.write_text('\n{"id": 1, "code": 7}\n{"id": 2, "code": "A7", "note": "é"}\n')
    assert cells(read_table(file)) == {"id": [1, 2], "code": ["7", "A7"], "note": [None, "é"]}


def test_a_json_array_of_objects_is_a_table_too(tmp_path):
    file = tmp_path / "rows.json"
    file.write_text('[{"id": 1, "ok": true}, {"id": 2, "ok": false}]')
    assert cells(read_table(file)) == {"id": [1, 2], "ok": [True, False]}


def test_parquet_keeps_its_index_column_and_opens_categories(tmp_path):
    table = pd.DataFrame({"office": pd.Categorical(["a", "b"])}, index=pd.Index([5, 6], name="id"))
    table.to_parquet(tmp_path / "t.parquet")
    assert cells(read_table(tmp_path / "t.parquet")) == {"office": ["a", "b"], "id": [5, 6]}


def book(file, **sheets):
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(file)
    return file


def test_an_excel_sheet_with_codes_dates_errors_and_blank_rows(tmp_path):
    when = pd.Timestamp("2024-05-06")
    rows = [[], ["code", "when", "n", "mixed"], ["007", when, 1, "A"], [], ["008", when, None, 5],
            ["009", when, 3, "#N/A"]]  # fmt: skip
    table = read_table(book(tmp_path / "b.xlsx", one=rows))
    assert table["code"].tolist() == ["007", "008", "009"]
    assert table["when"].tolist() == [when] * 3
    assert table["n"].tolist()[::2] == [1.0, 3.0]
    assert table["mixed"].tolist()[:2] == ["A", "5"]
    assert table["mixed"].isna().tolist() == [False, False, True]


def test_the_first_sheet_is_read_and_said_so_and_another_can_be_named(tmp_path):
    file = book(tmp_path / "b.xlsx", first=[["a"], [1]], second=[["b"], [2]])
    assert cells(read_table(file)) == {"a": [1]}
    assert str(*read_table(file).attrs["notes"]) == "sheet “first” was read, the first of 2"
    assert cells(read_table(file, query="second")) == {"b": [2]}


def test_standard_input_is_read_like_a_file(monkeypatch):
    stdin = io.TextIOWrapper(io.BytesIO(ROWS.encode("utf-16")))
    monkeypatch.setattr(sys, "stdin", stdin)
    assert cells(read_table("-")) == EXPECTED


def test_parquet_on_standard_input(monkeypatch):
    content = io.BytesIO()
    pd.DataFrame(EXPECTED).to_parquet(content)
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.getvalue())))
    assert cells(read_table("-")) == EXPECTED


CELLS = st.text(
    st.characters(codec="cp1252", exclude_categories=("Cc", "Cs")), min_size=1, max_size=20
).map(lambda text: f"«{text.strip()}ñ")


@given(
    rows=st.lists(st.tuples(CELLS, CELLS), min_size=1, max_size=8),
    delimiter=st.sampled_from(",;\t|"),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le"]),
)
def test_what_pandas_writes_is_read_back(tmp_path_factory, rows, delimiter, encoding):
    file = tmp_path_factory.mktemp("t") / "t.csv"
    table = pd.DataFrame(rows, columns=["uno", "dos"])
    table.to_csv(file, sep=delimiter, encoding=encoding, index=False)
    assert cells(read_table(file)) == cells(table)


@given(st.text(alphabet="áéíóúñÑ¿¡üçãõàâê abcdeABC\n", min_size=1))
def test_latin_letters_are_never_taken_for_another_alphabet(text):
    assert text.encode("utf-8").decode(detect(lambda: [text.encode("utf-8")], name="t")) == text


@pytest.mark.parametrize("rows", [1, 3, 7, 100])
@pytest.mark.parametrize("kind", ["csv", "jsonl", "parquet", "xlsx", "csv.gz"])
def test_pieces_put_together_are_the_whole_with_the_same_types(tmp_path, kind, rows):
    table = pd.DataFrame(
        {"id": [f"{n:03}" for n in range(7)], "n": range(7), "gap": [1.0, None, 2, 3, 4, 5, 6]}
    )
    file = tmp_path / f"t.{kind}"
    writers = {"jsonl": lambda: table.to_json(file, orient="records", lines=True),
               "parquet": lambda: table.to_parquet(file),
               "xlsx": lambda: table.to_excel(file, index=False)}  # fmt: skip
    writers.get(kind, lambda: table.to_csv(file, index=False))()
    parts = list(iter_table(file, rows=rows))
    assert all(len(part) <= rows for part in parts)
    whole = pd.concat(parts, ignore_index=True)
    assert cells(whole) == cells(read_table(file))
    assert whole["id"].tolist() == table["id"].tolist()


def test_a_column_has_one_type_although_codes_come_late(tmp_path):
    file = tmp_path / "t.csv"
    file.write_text("id\n" + "".join(f"{n}\n" for n in range(100, 200)) + "007\n")
    first = next(iter_table(file, rows=10))
    assert first["id"].tolist()[0] == "100"


def test_a_big_file_is_read_in_the_memory_of_a_piece(tmp_path):
    import tracemalloc

    file = tmp_path / "big.csv"
    with file.open("w") as out:
        out.write("id,text\n")
        for n in range(40_000):
            out.write(f"{n},{'palabra ' * 60}\n")
    assert file.stat().st_size > 19e6
    tracemalloc.start()
    rows = sum(len(part) for part in iter_table(file, rows=500))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert rows == 40_000
    assert peak < 12e6


def test_a_damaged_row_at_the_end_is_told_before_the_first_piece(tmp_path):
    from iagkit.core.errors import DataError

    file = tmp_path / "t.csv"
    file.write_text("a,b\n" + "1,2\n" * 50 + "1,2,3\n")
    with pytest.raises(DataError, match=r"line\(s\) 52"):
        next(iter_table(file, rows=5))


def test_rows_are_counted_exactly_in_parquet_and_nearly_in_text(tmp_path):
    table = pd.DataFrame({"id": range(5000), "text": ["hola vecinos"] * 5000})
    table.to_parquet(tmp_path / "t.parquet")
    table.to_csv(tmp_path / "t.csv", index=False)
    assert count_rows_hint(tmp_path / "t.parquet") == 5000
    assert count_rows_hint(tmp_path / "t.csv") == pytest.approx(5000, rel=0.05)
    assert count_rows_hint("-") is None
    assert size_in_bytes(tmp_path / "t.csv") == (tmp_path / "t.csv").stat().st_size


@pytest.mark.data
def test_the_mexico_city_table_keeps_its_types(mirror):
    table = read_table(mirror / "cdmx_foi_es/cdmx_foi_es.parquet")
    assert table.shape == (5412, 30)
    assert table["no_competente"].dropna().isin([0.0, 1.0]).all()
    assert table["id"].is_unique
