"""A log comes from any file that holds one, told apart by its content."""

import gzip

import pandas as pd
import pytest

from iagkit.core.errors import DataError, FetchError
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw

TABLE = pd.DataFrame({
    "Expediente": ["007", "007", "010"], "Actividad": ["Ingreso", "Resolución", "Ingreso"],
    "Fecha": ["14/03/2024 09:00", "15/03/2024 10:30", "05/03/2024 11:00"],
})  # fmt: skip


def write_csv(path):
    path.write_bytes(TABLE.to_csv(index=False, sep=";").encode("latin-1"))


def write_packed(path):
    path.write_bytes(gzip.compress(TABLE.to_csv(index=False).encode("utf-8-sig")))


def write_excel(path):
    TABLE.assign(Fecha=pd.to_datetime(TABLE["Fecha"], dayfirst=True)).to_excel(path, index=False)


def write_lines(path):
    TABLE.to_json(path, orient="records", lines=True)


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("log.csv", write_csv),
        ("log.csv.gz", write_packed),
        ("log.xlsx", write_excel),
        ("log.jsonl", write_lines),
        ("log.parquet", TABLE.to_parquet),
    ],
)
def test_a_table_of_any_kind_gives_the_same_log(tmp_path, name, write):
    path = tmp_path / name
    write(path)
    raw = read_raw(path)
    log = event_log(raw, guess(raw))
    assert log.events["case"].tolist() == ["007", "007", "010"]
    assert log.events["activity"].tolist() == ["Ingreso", "Resolución", "Ingreso"]
    assert log.events["end"].dt.strftime("%d %H:%M").tolist() == [
        "14 09:00",
        "15 10:30",
        "05 11:00",
    ]
    assert raw.sha256


def test_a_query_of_a_database_is_a_table(tmp_path):
    import sqlite3

    with sqlite3.connect(tmp_path / "log.db") as database:
        TABLE.to_sql("events", database, index=False)
    raw = read_raw(f"sqlite:///{tmp_path}/log.db", query="SELECT * FROM events")
    assert len(event_log(raw, guess(raw)).cases) == 2


def test_what_is_no_table_is_refused_as_ever(tmp_path):
    path = tmp_path / "log.pdf"
    path.write_bytes(b"%PDF-1.7")
    with pytest.raises(DataError, match="a PDF"):
        read_raw(path)
    with pytest.raises(DataError, match="there is none at"):
        read_raw(tmp_path / "lost.xes")


def test_half_a_packed_table_gives_nothing(tmp_path):
    whole = gzip.compress(TABLE.to_csv(index=False).encode() * 50)
    path = tmp_path / "log.csv.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(DataError, match="damaged or cut"):
        read_raw(path)


@pytest.mark.data
def test_a_registered_log_is_fetched_by_its_name(mirror, tmp_path, monkeypatch):
    monkeypatch.setenv("IAGKIT_DATA", str(tmp_path))
    monkeypatch.setenv("IAGKIT_DATA_MIRROR", str(mirror))
    assert len(read_raw("sepsis").table) == 15_214
    assert len(read_raw("baltimore_311").table) == 10_000


def test_a_data_set_of_two_logs_asks_which(monkeypatch):
    with pytest.raises(FetchError, match=r"has 2 \(train\.csv\.gz, test\.csv\.gz\)"):
        read_raw("loanapp_synthetic")
