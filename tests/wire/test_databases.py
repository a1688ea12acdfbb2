"""A database is only ever read, by one SELECT, and its password is never told."""

import os
import sqlite3
from contextlib import closing

import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.wire import databases
from iagkit.wire.databases import shown, single_select
from iagkit.wire.datasets import load
from iagkit.wire.tables import iter_table, read_table

SECRET = "Juana Peluffo"


@pytest.fixture
def database(tmp_path):
    file = tmp_path / "requests.db"
    with sqlite3.connect(file) as connection:
        connection.execute("CREATE TABLE requests (id TEXT, text TEXT, office TEXT, n INTEGER)")
        rows = [(f"{n:03}", f"texto {n}", "ab"[n % 2], None if n == 3 else n) for n in range(30)]
        connection.executemany("INSERT INTO requests VALUES (?, ?, ?, ?)", rows)
    connection.close()
    return f"sqlite:///{file}"


def test_one_select_is_a_table(database):
    table = read_table(database, query="SELECT * FROM requests WHERE id < '005' ORDER BY id;")
    assert table["id"].tolist() == ["000", "001", "002", "003", "004"]
    assert table["n"].isna().tolist() == [False, False, False, True, False]


def test_percent_signs_and_colons_reach_the_database_unchanged(database):
    query = "SELECT id, '12:30 %s :x' AS t FROM requests WHERE text LIKE 'texto 1%'"
    assert set(read_table(database, query=query)["t"]) == {"12:30 %s :x"}


def test_pieces_of_an_answer(database):
    parts = list(iter_table(database, rows=7, query="SELECT * FROM requests ORDER BY id"))
    assert [len(part) for part in parts] == [7, 7, 7, 7, 2]


def test_the_digest_of_an_answer_does_not_depend_on_the_day(database):
    query = "SELECT * FROM requests ORDER BY id"
    first, second = (load(database, text="text", target="office", query=query) for _ in "ab")
    assert first.sha256 == second.sha256
    other = load(database, text="text", target="office", query=query + " DESC")
    assert other.sha256 != first.sha256


@pytest.mark.parametrize("query", [
    "DELETE FROM requests",
    "SELECT 1; DROP TABLE requests",
    "/* SELECT */ UPDATE requests SET text = ''",
    "-- SELECT\nINSERT INTO requests VALUES (1)",
    "PRAGMA writable_schema = 1",
    "SELECT ';' ; DELETE FROM requests",
    "selection",
])  # fmt: skip
def test_anything_but_one_select_is_refused(database, query):
    with pytest.raises(UsageError, match="iagkit only reads"):
        read_table(database, query=query)


@pytest.mark.parametrize(
    "query", ["SELECT 1", "with x as (select 1) select * from x ;", " -- hi\n/* a */ Select 2"]
)
def test_a_select_may_have_comments_a_with_and_a_semicolon_at_its_end(query):
    assert ";" not in single_select(query)


def test_a_select_that_writes_is_stopped_by_the_connection(database):
    with pytest.raises(UsageError, match="would write"):
        read_table(database, query="WITH x AS (SELECT 1) DELETE FROM requests")
    assert len(read_table(database, query="SELECT * FROM requests")) == 30


def test_a_query_is_needed_and_a_wrong_column_is_told(database):
    with pytest.raises(UsageError, match="needs a query"):
        read_table(database)
    with pytest.raises(DataError, match="no such column: oficina"):
        read_table(database, query="SELECT oficina FROM requests")
    with pytest.raises(DataError, match="a header of 4"):
        read_table(database, query="SELECT * FROM requests WHERE id = 'none'")


ENDLESS = "WITH RECURSIVE r(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM r) SELECT "


@pytest.mark.parametrize("query", [
    "WITH a AS (SELECT 1) DELETE FROM t", "WITH a AS (SELECT 1 AS i) INSERT INTO t SELECT i FROM a",
])  # fmt: skip
def test_a_query_that_would_write_is_told_so_in_our_words(tmp_path, query):
    with closing(sqlite3.connect(tmp_path / "t.db")) as made:
        made.execute("CREATE TABLE t (i int)")
        made.execute("INSERT INTO t VALUES (7)")
        made.commit()
        with pytest.raises(UsageError, match="only reads; this one would write"):
            databases.read(f"sqlite:///{tmp_path / 't.db'}", query)
        assert made.execute("SELECT i FROM t").fetchall() == [(7,)]


def test_a_query_of_sqlite_without_end_is_given_up(database, monkeypatch):
    monkeypatch.setenv(databases.SECONDS, "0.2")
    with pytest.raises(DataError, match=r"within 0\.2 seconds.*Does it end"):
        databases.read(database, f"{ENDLESS} count(*) AS n FROM r")


def test_rows_without_end_do_not_fill_the_memory(database, monkeypatch):
    monkeypatch.setattr(databases, "MOST_ROWS", 30_000)
    with pytest.raises(DataError, match=r"at most 30,000 rows.*Parquet"):
        databases.read(database, f"{ENDLESS} i FROM r")


def test_a_cell_that_would_fill_the_memory_is_refused(database):
    with pytest.raises(DataError, match="too big"):
        databases.read(database, "SELECT randomblob(1000000000) AS a")


def test_seconds_that_are_none_are_refused(database, monkeypatch):
    monkeypatch.setenv(databases.SECONDS, "soon")
    with pytest.raises(UsageError, match="seconds above 0"):
        databases.read(database, "SELECT 1 AS a")


def test_a_database_that_is_not_there_is_not_made(tmp_path):
    with pytest.raises(DataError, match="four slashes"):
        read_table(f"sqlite:///{tmp_path}/none.db", query="SELECT 1")
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize(
    "address", ["https://host/table.csv", "s3://bucket/t.parquet", "mysql://u:p@h/d"]
)
def test_other_addresses_are_refused(address):
    with pytest.raises(UsageError, match="SQLite or PostgreSQL"):
        read_table(address, query="SELECT 1")


def test_the_password_is_never_told():
    address = "postgresql+nodriver://ana:hunter2@localhost/requests?sslpassword=hunter2"
    assert shown(address) == "postgresql+nodriver://ana:***@localhost/requests"
    with pytest.raises((DataError, UsageError)) as caught:
        read_table(address, query="SELECT 1")
    assert "hunter2" not in str(caught.value)


def test_a_cell_in_the_words_of_the_database_is_not_repeated(database):
    with pytest.raises(DataError) as caught:
        read_table(
            database, query=f"SELECT abs(9223372036854775807 + 1), '{SECRET}' || json('{SECRET}')"
        )
    assert SECRET not in str(caught.value)


@pytest.mark.skipif(
    "IAGKIT_TEST_POSTGRES" not in os.environ,
    reason="needs IAGKIT_TEST_POSTGRES, the URL of a server",
)
def test_postgresql_is_read_and_cannot_be_written():
    address = os.environ["IAGKIT_TEST_POSTGRES"]
    query = "SELECT n, n / 2.0 AS half, 'ñ' || n AS t FROM generate_series(1, 5) AS n"
    assert read_table(address, query=query)["half"].tolist() == [0.5, 1.0, 1.5, 2.0, 2.5]
    parts = list(iter_table(address, rows=2, query=query))
    assert [len(part) for part in parts] == [2, 2, 1]
    for writing in (
        "SELECT 1 AS a INTO made_by_test",
        "WITH d AS (DELETE FROM pg_description RETURNING 1) SELECT * FROM d",
        "SELECT set_config('transaction_read_only', 'off', false)",
    ):
        with pytest.raises(DataError, match="did not answer"):
            read_table(address, query=writing)
    read_table(
        address, query="SELECT lo_create(0)"
    )  # allowed by old servers; taken back at the end
    large = "SELECT count(*) AS n FROM pg_largeobject_metadata"
    assert read_table(address, query=large)["n"].tolist() == [0]
    made = "SELECT count(*) AS n FROM pg_class WHERE relname = 'made_by_test'"
    assert read_table(address, query=made)["n"].tolist() == [0]
