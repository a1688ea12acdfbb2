import json
import stat

import pytest

from iagkit.core.errors import DataError, OutputError
from iagkit.wire.answer_files import parse, read, save


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"{", r"not JSON \(line 1\)"),
        (b"[]", "holds a list"),
        (b"3", "a single value"),
        (b'{"a": NaN}', "not JSON"),
        (b"\xff\xfe{}", "UTF-8"),
        (b'{"a":' + b"[" * 40 + b"]" * 40 + b"}", "nested more than 30"),
        (b"[" * 200_000, "not JSON|nested"),
        (b"", "not JSON"),
    ],
    ids=range(8),
)
def test_what_is_no_mapping_is_refused_and_none_of_it_repeated(content, why):
    with pytest.raises(DataError, match=why):
        parse(content, name="answers.json")


def test_a_file_that_is_too_large_or_missing_is_refused(tmp_path):
    file = tmp_path / "a.json"
    file.write_bytes(b" " * (5 << 20) + b"{}")
    with pytest.raises(DataError, match="below 5 MB"):
        read(file)
    with pytest.raises(DataError, match="cannot be opened"):
        read(tmp_path / "none.json")
    with pytest.raises(DataError, match="cannot be opened"):
        read(tmp_path)


def test_what_the_official_tool_saves_is_unwrapped():
    saved = {"version": "v1.0.1", "currentPage": 3, "data": {"impact5": "item1-2"}}
    assert parse(json.dumps(saved).encode(), name="x") == {"impact5": "item1-2"}
    kept = {"data": {"a": 1}, "mine": 2}
    assert parse(json.dumps(kept).encode(), name="x") == kept


def test_a_huge_number_and_a_byte_order_mark_are_read():
    assert parse(b'\xef\xbb\xbf{"a": ' + b"9" * 5000 + b"}", name="x") == {"a": float("inf")}


def test_answers_are_written_whole_for_their_owner_only(tmp_path):
    file = tmp_path / "deep" / "a.json"
    save(file, {"q": ["é", 1]})
    assert read(file) == {"q": ["é", 1]}
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [p.name for p in file.parent.iterdir()] == ["a.json"]
    with pytest.raises(OutputError):
        save(tmp_path, {})
