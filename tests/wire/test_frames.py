"""Rows are opened where they are, read only, and nothing of them is left behind."""

import gzip
import hashlib
import os
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import duckdb
import narwhals as nw
import numpy as np
import pandas as pd
import pytest

from iagkit.core.errors import DataError, UsageError
from iagkit.measures.count_asked import Asked
from iagkit.measures.count_query import count_cells
from iagkit.measures.counting import count
from iagkit.wire import csv_frames
from iagkit.wire.frames import open_frame

SECRET = "Juana Peluffo"


def people(n=60):
    draw = np.random.default_rng(5)
    return pd.DataFrame({
        "sex": draw.choice(["f", "m"], n), "code": draw.choice(["007", "010"], n),
        "y": draw.integers(0, 2, n), "s": np.round(draw.random(n), 3),
    })  # fmt: skip


@pytest.fixture
def parquet(tmp_path):
    file = tmp_path / "people.parquet"
    people().to_parquet(file)
    return file


def cells(opened):
    return count(opened.frame, groups=["sex", "code"], truth="y", score="s", score_bins=4)


def same(one, other):
    assert one.levels == other.levels
    assert np.array_equal(one.codes, other.codes)
    assert np.array_equal(one.n, other.n)
    assert np.array_equal(one.score, other.score)


# By hand


def test_parquet_is_a_relation_and_only_the_columns_that_are_needed(parquet):
    with open_frame(parquet, columns=["sex", "y"]) as opened:
        assert isinstance(opened.frame, duckdb.DuckDBPyRelation)
        assert opened.frame.columns == ["sex", "y"]
        assert (opened.origin, opened.rows, opened.notes) == ("people.parquet", 60, ())
        assert opened.sha256 == hashlib.sha256(parquet.read_bytes()).hexdigest()


def test_moments_with_a_time_zone_fall_in_their_period_of_greenwich(tmp_path):
    moments = pd.to_datetime(["2024-01-01T01:00+03:00", "2024-01-01T01:00+00:00"], utc=True)
    pd.DataFrame({"day": moments}).to_parquet(tmp_path / "t.parquet")
    with open_frame(tmp_path / "t.parquet") as opened:
        assert count(opened.frame, time="day").levels == (("2023-12", "2024-01"),)


def test_a_needed_column_that_is_not_there_is_left_to_who_counts(parquet):
    with open_frame(parquet, columns=["sexo"]) as opened, pytest.raises(DataError, match="'sex'"):
        count(opened.frame, groups=["sexo"])


@pytest.mark.parametrize(
    "name", ["a[1].parquet", "it's.parquet", "ñ * ?.parquet", "año=2024.parquet"]
)
def test_a_file_may_have_any_name(tmp_path, name):
    people().to_parquet(tmp_path / name)
    with open_frame(tmp_path / name) as opened:
        assert (opened.origin, len(cells(opened).columns)) == (name, 2)


def test_a_folder_and_a_pattern_are_the_table_of_their_files(tmp_path):
    whole = people()
    for year, part in enumerate(np.array_split(np.arange(60), 3), start=2022):
        (tmp_path / f"year={year}").mkdir()
        whole.iloc[part].to_parquet(tmp_path / f"year={year}" / "part.parquet")
    with open_frame(tmp_path) as folder, open_frame(f"{tmp_path}/year=*/*.parquet") as pattern:
        assert (folder.rows, pattern.rows) == (60, 60)
        assert folder.sha256 == pattern.sha256
        assert (folder.origin, pattern.origin) == (tmp_path.name, "year=*/*.parquet")
        assert count(folder.frame, groups=["year"]).levels == (("2022", "2023", "2024"),)
        same(
            cells(folder), count(whole, groups=["sex", "code"], truth="y", score="s", score_bins=4)
        )
    (tmp_path / "year=2022" / "part.parquet").rename(tmp_path / "year=2022" / "other.parquet")
    with open_frame(tmp_path) as renamed:
        assert renamed.sha256 != folder.sha256


def test_a_query_of_sqlite_comes_into_memory_and_its_digest_is_of_the_question(tmp_path):
    with sqlite3.connect(tmp_path / "p.db") as connection:
        people().to_sql("people", connection, index=False)
    connection.close()
    address = f"sqlite:///{tmp_path}/p.db"
    with open_frame(address, query="SELECT sex, y FROM people", columns=["sex"]) as opened:
        assert list(opened.frame.columns) == ["sex"]
        assert opened.rows == 60
        assert "not of its rows" in str(opened.notes[0])


# A large table is the same table


def written(table, file, kind):
    if kind == "csv":
        file.write_text(table.to_csv(index=False, sep=";"))
    elif kind == "csv in Windows-1252":
        file.write_bytes(table.assign(sex="añ").to_csv(index=False).encode("cp1252"))
    elif kind == "gzip":
        file.write_bytes(gzip.compress(table.to_csv(index=False).encode()))
    elif kind == "csv with a mark, quotes and breaks":
        odd = table.assign(sex='a "b";\nc')
        file.write_text(odd.to_csv(index=False, sep=";"), encoding="utf-8-sig")
    else:
        table.to_json(file, orient="records", lines=True)


@pytest.mark.parametrize("kind", [
    "csv", "csv in Windows-1252", "gzip", "csv with a mark, quotes and breaks", "jsonl",
])  # fmt: skip
def test_a_large_file_gives_the_cells_of_a_small_one(tmp_path, monkeypatch, kind):
    table = people().astype({"s": object})
    table.loc[3, "s"] = None
    file = tmp_path / "people.data"
    written(table, file, kind)
    with open_frame(file) as small:
        expected = cells(small)
    monkeypatch.setattr(csv_frames, "LARGE", 0)
    with open_frame(file, columns=["sex", "code", "y", "s"]) as large:
        assert isinstance(large.frame, duckdb.DuckDBPyRelation)
        assert large.rows == 60
        assert large.sha256 == small.sha256
        same(cells(large), expected)


def test_codes_gaps_and_numbers_of_a_large_csv_have_the_types_of_a_small_one(tmp_path, monkeypatch):
    file = tmp_path / "t.csv"
    file.write_text(
        "code,whole,gap,half,mixed,none,NA\n007,1,1,1.5,1,,x\n010,2,NA,2,x,NULL,nan\n\n"
    )
    monkeypatch.setattr(csv_frames, "LARGE", 0)
    with open_frame(file) as opened:
        kinds = dict(zip(opened.frame.columns, map(str, opened.frame.types), strict=True))
        assert kinds == {
            "code": "VARCHAR", "whole": "BIGINT", "gap": "DOUBLE", "half": "DOUBLE",
            "mixed": "VARCHAR", "none": "VARCHAR", "NA": "VARCHAR",
        }  # fmt: skip
        assert opened.frame.fetchall()[1] == ("010", 2, None, 2.0, "x", None, None)


def test_dates_that_are_texts_in_a_large_table_are_read_and_others_refused(tmp_path, monkeypatch):
    file = tmp_path / "t.csv"
    file.write_text(f"day,word\n2024-01-31,2024-01-31\n,{SECRET}\n2023-12-31T23:59:00,\n")
    monkeypatch.setattr(csv_frames, "LARGE", 0)
    with open_frame(file, dates=["day", "absent"]) as opened:
        assert count(opened.frame, time="day").levels == (("2023-12", "2024-01", "(missing)"),)
    with pytest.raises(DataError, match="in 'word'; 1 of 2 rows have something else") as caught:
        open_frame(file, dates=["word"])
    assert SECRET not in str(caught.value)


def test_a_copy_of_a_large_table_is_private_and_gone_on_close(tmp_path, monkeypatch):
    monkeypatch.setattr(csv_frames, "LARGE", 0)
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))
    (tmp_path / "temporary").mkdir()
    written(people(), tmp_path / "p.jsonl", "jsonl")
    with open_frame(tmp_path / "p.jsonl") as opened:
        copies = list((tmp_path / "temporary").rglob("*.parquet"))
        assert len(copies) == 1
        assert copies[0].parent.stat().st_mode & 0o077 == 0
        assert "copied to a private file" in str(opened.notes[0])
        assert str(tmp_path) not in f"{opened.origin} {opened.notes}"
    assert list((tmp_path / "temporary").iterdir()) == []


# What may not happen


def test_duckdb_reads_this_file_and_nothing_else(parquet, tmp_path):
    (tmp_path / "other.csv").write_text("a\n1\n")
    with open_frame(parquet) as opened:
        for forbidden in (
            f"SELECT * FROM read_csv('{tmp_path}/other.csv')",
            "SELECT * FROM read_csv('https://example.org/t.csv')",
            f"SELECT * FROM glob('{tmp_path}/*')",
        ):
            with pytest.raises(duckdb.Error):
                opened.frame.query("there", forbidden).fetchall()
        limit = opened.frame.query("there", "SELECT current_setting('memory_limit')").fetchone()[0]
        assert "GiB" in limit
        assert float(limit.split()[0]) <= 2


@pytest.mark.parametrize(("made", "told"), [
    (lambda f: (f / "t.parquet").write_bytes(b"PAR1 and no more"), "it is damaged or cut"),
    (lambda f: people(0).to_parquet(f / "t.parquet"), "a header of 4 column"),
    (lambda f: pd.DataFrame({"a": [1], "A": [2]}).to_parquet(f / "t.parquet"), "capital letters"),
])  # fmt: skip
def test_parquet_that_cannot_be_counted_is_refused(tmp_path, made, told):
    made(tmp_path)
    with pytest.raises(DataError, match=told):
        open_frame(tmp_path / "t.parquet")


def test_a_folder_of_different_tables_is_refused(tmp_path):
    people().to_parquet(tmp_path / "a.parquet")
    pd.DataFrame({"other": [1]}).to_parquet(tmp_path / "b.parquet")
    with pytest.raises(DataError, match="same columns"):
        cells(open_frame(tmp_path))


def test_sources_that_are_not_there_are_refused(tmp_path, parquet):
    (tmp_path / "empty").mkdir()
    (tmp_path / "notes.txt").write_text(SECRET)
    for source, told in (
        (tmp_path / "empty", "folder without any"),
        (f"{tmp_path}/*.parq", "there is none"),
        (f"{tmp_path}/*o*", r"also matches 1 other file\(s\), such as 'notes.txt'"),
        (tmp_path / "peple.parquet", "Did you mean 'people.parquet'"),
    ):
        with pytest.raises(DataError, match=told):
            open_frame(source)
    with pytest.raises(DataError, match="--query is for a database"):
        open_frame(parquet, query="SELECT 1")


def test_a_large_csv_with_broken_rows_is_refused_as_a_small_one_is(tmp_path, monkeypatch):
    file = tmp_path / "t.csv"
    file.write_text(f"a,b\n1,2\n3,4,{SECRET}\n")
    with pytest.raises(DataError, match=r"1 row\(s\) have 3, at line\(s\) 3") as small:
        open_frame(file)
    monkeypatch.setattr(csv_frames, "LARGE", 0)
    with pytest.raises(DataError) as large:
        open_frame(file)
    assert str(large.value) == str(small.value)
    assert SECRET not in str(large.value)


def test_a_database_needs_one_select():
    for query in (None, "DELETE FROM t", "SELECT 1; SELECT 2"):
        with pytest.raises(UsageError):
            open_frame("postgresql://ana:hunter2@127.0.0.1/none", query=query)


def test_a_database_that_is_not_there_is_told_without_the_password():
    with pytest.raises(DataError, match=r"ana:\*\*\*@127\.0\.0\.1:9/none did not answer") as caught:
        open_frame("postgresql://ana:hunter2@127.0.0.1:9/none", query="SELECT 1 AS a")
    assert "hunter2" not in str(caught.value)


# PostgreSQL


def test_kinds_of_columns_that_postgresql_has(postgres):
    query = (
        "SELECT 'f'::char(1) AS sex, 'a'::name AS code, true AS yes, 1::smallint AS y, "
        "1.5::numeric(4, 1) AS s, '50%' AS \"%s\", '{a}'::text[] AS many, 'x'::bytea AS raw"
    )
    with open_frame(postgres.reader, query=query) as opened:
        assert "hunter2" not in f"{opened.origin} {opened.notes}"
        found = count(opened.frame, groups=["sex", "code", "yes", "%s"], truth="y", prediction="s")
        assert found.levels == (("f",), ("a",), ("True",), ("50%",))
        assert found.labels == ("1", "1.5")
        for column in ("many", "raw"):
            with pytest.raises(DataError, match="one word, number or date in each cell"):
                count(opened.frame, groups=[column])


def test_words_of_an_enum_are_groups(postgres):
    import psycopg

    with psycopg.connect(postgres.owner, autocommit=True) as connection:
        connection.execute("CREATE TYPE step AS ENUM ('new', 'done')")
        connection.execute("CREATE TABLE steps AS SELECT 'done'::step AS at")
    with open_frame(postgres.reader, query="SELECT at FROM steps") as opened:
        assert count(opened.frame, groups=["at"]).levels == (("done",),)


@pytest.mark.parametrize(("query", "told"), [
    ("SELECT nothing FROM pg_class", 'column "nothing" does not exist'),
    ("SELECT 1 AS a, 2 AS a", "more than one column called 'a'"),
    ("WITH d AS (DELETE FROM pg_class RETURNING 1) SELECT * FROM d", "this one would write"),
    ("SELECT 1 AS a INTO made_by_test", "did not answer"),
    ("SELECT * FROM pg_authid", "permission denied"),
])  # fmt: skip
def test_queries_that_postgresql_refuses_are_told(postgres, query, told):
    with pytest.raises((DataError, UsageError), match=told) as caught:
        count(open_frame(postgres.reader, query=query).frame, groups=["a"])
    assert "hunter2" not in str(caught.value)


def test_a_function_that_would_write_is_stopped_by_the_session_even_for_the_owner(postgres):
    import psycopg

    with psycopg.connect(postgres.owner, autocommit=True) as connection:
        connection.execute("CREATE TABLE kept (a int)")
        connection.execute(
            "CREATE FUNCTION sneak() RETURNS int LANGUAGE sql AS "
            "'INSERT INTO kept VALUES (1) RETURNING a'"
        )
        for query in (
            "SELECT sneak() AS a",
            "SELECT set_config('transaction_read_only', 'off', false) AS a, sneak() AS b",
        ):
            with open_frame(postgres.owner, query=query) as opened, pytest.raises(DataError):
                count(opened.frame, groups=["a"], truth="b" if "b" in query[-1:] else None)
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_without_a_wish_the_server_of_postgresql_keeps_its_own_limit(postgres, monkeypatch):
    monkeypatch.delenv("IAGKIT_QUERY_SECONDS", raising=False)
    asks = "SELECT current_setting('statement_timeout') AS g"
    told = {}
    for wish in (None, "90"):
        if wish:
            monkeypatch.setenv("IAGKIT_QUERY_SECONDS", wish)
        with open_frame(postgres.reader, query=asks) as opened:
            told[wish] = count(opened.frame, groups=["g"]).levels[0]
    assert told == {None: ("0",), "90": ("90s",)}


def test_a_query_of_postgresql_that_takes_too_long_is_given_up_there(postgres, monkeypatch):
    monkeypatch.setenv("IAGKIT_QUERY_SECONDS", "0.5")
    with (
        open_frame(postgres.reader, query=SLOW) as opened,
        pytest.raises(DataError, match="IAGKIT_QUERY_SECONDS"),
    ):
        count(opened.frame, groups=["g"])


def test_who_rows_are_of_does_not_leave_postgresql(postgres):
    import psycopg

    with psycopg.connect(postgres.owner, autocommit=True) as connection:
        connection.execute(
            "CREATE TABLE visits AS SELECT 'Xiomara ' || i / 3 AS who, "
            "CASE WHEN i % 2 = 0 THEN 'f' ELSE 'm' END AS sex, i % 5 / 4 AS y "
            "FROM generate_series(0, 299) AS i"
        )
    with open_frame(postgres.reader, query="SELECT who, sex, y FROM visits") as opened:
        asked = Asked(groups=("sex",), truth="y", cluster="who")
        answer, _ = count_cells(nw.from_native(opened.frame), asked)
        cells = count(opened.frame, groups=["sex"], truth="y", cluster="who")
    assert "Xiomara" not in str(answer.to_pydict())
    assert sorted(set(answer.column("cluster").to_pylist())) == list(range(1, 101))
    here = pd.DataFrame([
        {"who": f"Xiomara {i // 3}", "sex": "fm"[i % 2], "y": i % 5 // 4} for i in range(300)
    ])  # fmt: skip
    same = count(here, groups=["sex"], truth="y", cluster="who")
    for part in ("codes", "truth", "n", "cluster"):
        assert np.array_equal(getattr(cells, part), getattr(same, part))


def asleep(connection):
    asks = "SELECT pid FROM pg_stat_activity WHERE wait_event = 'PgSleep'"
    return [pid for (pid,) in connection.execute(asks).fetchall()]


def until(found, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if told := found():
            return told
        time.sleep(0.05)
    return found()


SLOW = "SELECT CASE WHEN pg_sleep(60) IS NULL THEN 'a' ELSE 'b' END AS g FROM generate_series(1, 9)"


def test_a_database_that_drops_in_the_middle_is_told_in_one_message(postgres):
    import psycopg

    with psycopg.connect(postgres.owner, autocommit=True) as other:

        def drop():
            for pid in until(lambda: asleep(other)):
                other.execute("SELECT pg_terminate_backend(%s)", (pid,))

        thread = threading.Thread(target=drop)
        with open_frame(postgres.reader, query=SLOW) as opened:
            thread.start()
            with pytest.raises(DataError, match=r"\(ibis\); it gave up with .*nothing was kept"):
                count(opened.frame, groups=["g"])
            thread.join()


# Stopped


STOPPED = """
    import signal, sys, time
    from iagkit.measures.counting import count
    from iagkit.wire.frames import open_frame

    class Stopped(BaseException):
        pass

    def stop(*_):
        global asked
        asked = time.monotonic()
        raise Stopped

    signal.signal(signal.SIGINT, stop)
    with open_frame(sys.argv[1], query=sys.argv[2] or None) as opened:
        print("counting", flush=True)
        try:
            while True:
                count(opened.frame, groups=["g"])
        except Stopped:
            pass
    print(time.monotonic() - asked)
"""


def stopped(source, query, ready):
    """Seconds from Ctrl+C until the engine was left."""
    command = [sys.executable, "-c", textwrap.dedent(STOPPED), str(source), query]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout.readline() == "counting\n"
        ready()
        os.kill(child.pid, signal.SIGINT)
        told = child.communicate(timeout=60)[0]
    assert child.returncode == 0
    return float(told)


def test_ctrl_c_leaves_duckdb_at_once(tmp_path):
    file = tmp_path / "long.parquet"
    made = duckdb.sql("SELECT 'g' || (i * 7919) % 101 AS g FROM range(3000000) r(i)")
    made.write_parquet(str(file))
    assert stopped(file, "", lambda: time.sleep(1)) < 2


def test_ctrl_c_leaves_postgresql_at_once_and_nothing_runs_on_there(postgres):
    import psycopg

    with psycopg.connect(postgres.owner, autocommit=True) as other:
        assert stopped(postgres.reader, SLOW, lambda: until(lambda: asleep(other))) < 3
        assert until(lambda: not asleep(other), seconds=10)


def test_progress_is_a_share_or_unknown(parquet):
    with open_frame(parquet) as opened:
        cells(opened)
        assert opened.progress() is None or 0 <= opened.progress() <= 1
    table = Path(parquet).with_name("small.csv")
    table.write_text("a\n1\n")
    assert open_frame(table).progress() is None


def test_of_a_csv_only_the_columns_asked_for_are_understood(tmp_path):
    file = tmp_path / "wide.csv"
    file.write_text("a,b,c\n1,x,007\n2,y,008\n", encoding="utf-8")
    with open_frame(file, columns=["c", "a"]) as table:
        assert table.frame.to_dict("list") == {"c": ["007", "008"], "a": [1, 2]}
    with open_frame(file, columns=["c", "nobody"]) as table:
        assert list(table.frame.columns) == ["a", "b", "c"]
