"""OCEL 2.0 in both of its forms gives one log for the type of object that is asked for."""

import json
import sqlite3

import pytest

from iagkit.core.errors import DataError
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw

EVENTS = (
    ("e1", "Receive", "2024-03-04T10:00:00Z", {"desk": "A"}, ("o1", "i1", "i2")),
    ("e2", "Pack", "2024-03-05T10:00:00Z", {}, ("i1",)),
    ("e3", "Pack", "2024-03-06T10:00:00Z", {}, ("i2", "i2")),
    ("e4", "Bill", "2024-03-06T11:00:00Z", {}, ("o1",)),
)
OBJECTS = (("o1", "Order", {"price": 5}), ("i1", "Item", {"colour": "red"}), ("i2", "Item", {}))


@pytest.fixture
def written(tmp_path):
    def write(kind):
        return (_json if kind == "json" else _sqlite)(tmp_path)

    return write


def _json(tmp_path):
    content = {
        "objectTypes": [{"name": "Order", "attributes": []}, {"name": "Item", "attributes": []}],
        "eventTypes": [{"name": n, "attributes": []} for n in ("Receive", "Pack", "Bill")],
        "objects": [
            {"id": i, "type": t, "attributes": [
                {"name": k, "time": f"2024-{month}-01T00:00:00Z", "value": w}
                for k, v in a.items() for month, w in (("05", "later"), ("01", v))
            ]} for i, t, a in OBJECTS
        ],
        "events": [
            {"id": i, "type": t, "time": at,
             "attributes": [{"name": k, "value": v} for k, v in a.items()],
             "relationships": [{"objectId": o, "qualifier": "of"} for o in of]}
            for i, t, at, a, of in EVENTS
        ],
    }  # fmt: skip
    path = tmp_path / "log.json"
    path.write_text(json.dumps(content, indent=1))
    return path


def _sqlite(tmp_path):
    path = tmp_path / "log.sqlite"
    with sqlite3.connect(path) as database:
        database.executescript("""
            CREATE TABLE event (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE object (ocel_id TEXT, ocel_type TEXT);
            CREATE TABLE event_object (
                ocel_event_id TEXT, ocel_object_id TEXT, ocel_qualifier TEXT);
            CREATE TABLE object_object (
                ocel_source_id TEXT, ocel_target_id TEXT, ocel_qualifier TEXT);
            CREATE TABLE event_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE object_map_type (ocel_type TEXT, ocel_type_map TEXT);
            CREATE TABLE event_Receive (ocel_id TEXT, ocel_time TEXT, desk TEXT);
            CREATE TABLE event_Pack (ocel_id TEXT, ocel_time TEXT);
            CREATE TABLE event_Bill (ocel_id TEXT, ocel_time TEXT);
            CREATE TABLE object_Order (
                ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT, price INT);
            CREATE TABLE object_Item (
                ocel_id TEXT, ocel_time TEXT, ocel_changed_field TEXT, colour TEXT);
        """)
        for kind in ("Receive", "Pack", "Bill"):
            database.execute("INSERT INTO event_map_type VALUES (?, ?)", (kind, kind))
        for kind in ("Order", "Item"):
            database.execute("INSERT INTO object_map_type VALUES (?, ?)", (kind, kind))
        for i, t, at, a, of in EVENTS:
            database.execute("INSERT INTO event VALUES (?, ?)", (i, t))
            more = (a.get("desk"),) if t == "Receive" else ()
            marks = ", ".join("?" * (2 + len(more)))
            database.execute(f"INSERT INTO event_{t} VALUES ({marks})", (i, at, *more))
            database.executemany(
                "INSERT INTO event_object VALUES (?, ?, 'of')", [(i, o) for o in of]
            )
        for i, t, a in OBJECTS:
            database.execute("INSERT INTO object VALUES (?, ?)", (i, t))
            for at, value in (
                ("1970-01-01", next(iter(a.values()), None)),
                ("2024-05-01", "later"),
            ):
                if a:
                    database.execute(
                        f"INSERT INTO object_{t} VALUES (?, ?, NULL, ?)", (i, at, value)
                    )
    return path


@pytest.mark.parametrize("kind", ["json", "sqlite"])
def test_each_object_of_the_type_is_a_case_and_shared_events_are_repeated_and_told(written, kind):
    raw = read_raw(written(kind), object_type="Item")
    log = event_log(raw, guess(raw))
    assert log.events[["case", "activity"]].values.tolist() == [
        ["i1", "Receive"], ["i1", "Pack"], ["i2", "Receive"], ["i2", "Pack"],
    ]  # fmt: skip
    assert log.cases["desk"].tolist() == ["A", "A"]
    assert log.cases["colour"].fillna("").tolist() == ["red", ""]
    said = " | ".join(map(str, log.remarks))
    assert "3 of 4 events belong to one" in said
    assert "1 events belong to several objects of the type" in said


@pytest.mark.parametrize("kind", ["json", "sqlite"])
def test_both_forms_tell_the_same_of_orders(written, kind):
    raw = read_raw(written(kind), object_type="Order")
    log = event_log(raw, guess(raw))
    assert log.events["activity"].tolist() == ["Receive", "Bill"]
    assert log.cases["price"].tolist() == [5]
    assert "repeated" not in " ".join(map(str, log.remarks))


@pytest.mark.parametrize("kind", ["json", "sqlite"])
@pytest.mark.parametrize(
    ("asked", "why"), [("", "has several objects a case"), ("Itm", "Did you mean 'Item'")]
)
def test_a_type_that_is_not_there_is_refused_with_those_that_are(written, kind, asked, why):
    with pytest.raises(DataError, match=rf"{why}.*'Item' \(2\), 'Order' \(1\)"):
        read_raw(written(kind), object_type=asked)


def test_half_a_file_gives_nothing(written):
    path = written("json")
    path.write_bytes(path.read_bytes()[:-300])
    with pytest.raises(DataError, match="damaged or was cut, and nothing"):
        read_raw(path, object_type="Item")
    path = written("sqlite")
    path.write_bytes(path.read_bytes()[:6000])
    with pytest.raises(DataError, match="Export the log again"):
        read_raw(path, object_type="Item")


def test_another_database_or_another_json_is_refused(tmp_path):
    path = tmp_path / "other.sqlite"
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE requests (id TEXT)")
        database.execute("CREATE VIEW event AS SELECT id AS ocel_id FROM requests")
    with pytest.raises(DataError, match=r"without event, object.*sqlite:///FILE"):
        read_raw(path)
    path = tmp_path / "old.json"
    path.write_text('{"ocel:events": {}, "ocel:objects": {}}')
    with pytest.raises(DataError, match=r"Is it OCEL 1\.0"):
        read_raw(path, object_type="Item")


def test_names_of_types_are_never_run_as_sql(written):
    path = written("sqlite")
    with sqlite3.connect(path) as database:
        database.execute(
            "INSERT INTO event_map_type VALUES ('x', ?)", ('Pack"; DROP TABLE event; --',)
        )
    assert len(read_raw(path, object_type="Item").table) == 4
    with sqlite3.connect(path) as database:
        assert database.execute("SELECT count(*) FROM event").fetchone() == (4,)


def test_json_lines_are_no_ocel(tmp_path):
    path = tmp_path / "log.jsonl"
    path.write_text('{"case": "1", "activity": "a", "timestamp": "2024-03-14"}\n')
    assert list(read_raw(path).table.columns) == ["case", "activity", "timestamp"]
