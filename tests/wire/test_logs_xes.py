"""XES as the standard writes it, and as somebody writes it who means harm."""

import gzip
import tracemalloc

import pytest

from iagkit.core.errors import DataError
from iagkit.wire import sources
from iagkit.wire.logs import xes
from iagkit.wire.logs.building import event_log
from iagkit.wire.logs.mapping import guess
from iagkit.wire.logs.reading import read_raw

LOG = """<?xml version="1.0" encoding="UTF-8"?>
<log xmlns="http://www.xes-standard.org/">
<extension name="Concept" prefix="concept" uri="http://www.xes-standard.org/concept.xesext"/>
<global scope="event"><string key="lifecycle:transition" value="complete"/>
<string key="org:resource" value="UNKNOWN"/>
<date key="time:timestamp" value="1970-01-01T00:00:00Z"/></global>
<classifier name="With state" keys="concept:name 'my state'"/>
<string key="meta" value="1"><string key="inner" value="2"/></string>
<trace><string key="concept:name" value="007"><int key="m" value="3"/></string>
<float key="cost" value="1.5"/>
<event><string key="concept:name" value="in"><string key="es" value="alta"/></string>
<date key="time:timestamp" value="2024-03-04T10:00:00.000-05:00"/>
<string key="my state" value="s"/>
<list key="parts"><values><string key="p" value="x"/><string key="p" value="y"/></values></list>
<container key="c"><int key="i" value="4"/></container><boolean key="ok" value="true"/></event>
<event><string key="concept:name" value="out"><string key="es" value="baja"/></string>
<date key="time:timestamp" value="2024-03-05T10:00:00.000-05:00"/>
<string key="lifecycle:transition" value="start"/><string key="org:resource" value="__INVALID__"/>
</event></trace>
<trace><event><string key="concept:name" value="in"/>
<date key="time:timestamp" value="2024-03-05T10:00:00.000-05:00"/></event></trace>
<event><string key="concept:name" value="lost"/></event>
</log>"""


def read(tmp_path, content, name="log.xes"):
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_raw(path)


def test_a_log_by_hand(tmp_path):
    raw = read(tmp_path, LOG)
    assert raw.table["concept:name"].tolist() == ["in", "out", "in", "lost"]
    assert raw.table["concept:name/es"].tolist()[:2] == ["alta", "baja"]
    assert raw.table["parts"][0] == '[{"p": "x"}, {"p": "y"}]'
    assert raw.table["c/i"][0] == 4
    assert raw.table["ok"][0] is True
    assert raw.table["case:concept:name"].tolist()[:3] == ["007", "007", "(case 2)"]
    assert raw.cases["case:cost"].tolist()[0] == 1.5
    assert raw.cases["case:concept:name/m"].tolist()[0] == 3
    assert raw.classifiers == {"With state": ("concept:name", "my state")}


def test_defaults_of_the_log_fill_what_is_missing_but_never_a_time_or_a_placeholder(tmp_path):
    raw = read(tmp_path, LOG)
    assert raw.table["lifecycle:transition"].tolist() == [
        "complete",
        "start",
        "complete",
        "complete",
    ]
    assert raw.table["org:resource"].isna().all()
    assert raw.table["time:timestamp"].isna().tolist() == [False, False, False, True]
    assert "3 missing values of lifecycle:transition" in str(raw.remarks[0])


@pytest.mark.parametrize("encoding", ["utf-16", "iso-8859-1", "utf-8-sig", "windows-1252"])
def test_encodings_and_prefixes_change_nothing(tmp_path, encoding):
    declared = encoding.removesuffix("-sig").upper()
    text = LOG.replace("UTF-8", declared).replace("alta", "alçã")
    text = text.replace("<", "<x:").replace("<x:/", "</x:").replace("<x:?", "<?")
    raw = read(tmp_path, text.replace("xmlns=", "xmlns:x=").encode(encoding))
    plain = read(tmp_path, LOG.replace("alta", "alçã"), "plain.xes")
    assert raw.table.equals(plain.table)
    assert raw.cases.equals(plain.cases)


def test_a_classifier_names_activities(tmp_path):
    raw = read(tmp_path, LOG)
    log = event_log(raw, guess(raw, activity="With state"))
    assert log.events["activity"].tolist() == ["in+", "in+s", "out+"]
    assert log.facts["no_case"] == 1
    assert log.zone == "America/Bogota"


def test_numbers_that_are_none_become_texts(tmp_path):
    body = '<event><int key="n" value="{}"/></event>'
    raw = read(tmp_path, f"<log><trace>{body.format('1')}{body.format('x')}</trace></log>")
    assert raw.table["n"].tolist() == ["1", "x"]
    big = read(tmp_path, f"<log><trace>{body.format(2**60)}</trace></log>")
    assert big.table["n"].tolist() == [str(2**60)]


def test_two_traces_of_one_name_are_one_case_and_that_is_told(tmp_path):
    event = '<event><int key="n" value="1"/></event>'
    trace = f'<trace><string key="concept:name" value="1"/>{event}</trace>'
    raw = read(tmp_path, f"<log>{trace}{trace}</log>")
    assert "1 cases have the name of an earlier one" in str(raw.remarks[-1])


BOMB = (
    '<?xml version="1.0"?><!DOCTYPE log [<!ENTITY a "ha">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + ']><log><trace><string key="concept:name" value="&i;"/></trace></log>'
)


@pytest.mark.parametrize(
    "hostile",
    [
        BOMB,
        '<!DOCTYPE log [<!ENTITY x SYSTEM "file:///etc/hostname">]><log><trace>'
        '<string key="concept:name" value="&x;"/></trace></log>',
        '<!DOCTYPE log SYSTEM "http://localhost:1/log.dtd"><log/>',
        '<!DOCTYPE log [<!ENTITY % x SYSTEM "http://localhost:1/x"> %x;]><log/>',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_document_type_is_refused_before_an_entity_is_known(tmp_path, hostile, encoding):
    tracemalloc.start()
    with pytest.raises(DataError, match="needs no document type"):
        read(tmp_path, hostile.encode(encoding))
    assert tracemalloc.get_traced_memory()[1] < 20 << 20
    tracemalloc.stop()


WHOLE = LOG.encode().replace(b"</log>", b"") + 3000 * (
    b'<trace><string key="concept:name" value="n"/><event><string key="concept:name" value="a"/>'
    b'<date key="time:timestamp" value="2024-03-05T10:00:00Z"/></event></trace>'
) + b"</log>"  # fmt: skip


@pytest.mark.parametrize("packed", [False, True])
def test_half_a_file_says_how_much_was_read_and_gives_nothing(tmp_path, packed):
    content = gzip.compress(WHOLE) if packed else WHOLE
    name = "log.xes.gz" if packed else "log.xes"
    with pytest.raises(DataError, match=r"cut after [\d,]+ events of [\d,]+ cases, and none") as no:
        read(tmp_path, content[: len(content) // 2], name)
    assert packed or "1,5" in str(no.value)
    assert len(read(tmp_path, content, name).table) == 3004


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (LOG.replace("</event>", "</evnt>", 1), "is not at line .*mismatched"),
        (LOG.replace("</trace>", "", 1), "no event or case holds another"),
        (LOG.replace('value="007"', 'value="&foo;"'), "undefined entity"),
        ('<?xml version="1.0"?><rss/>', "outermost element is <log>"),
        ("<log></log>", "no event"),
        ('<?xml version="1.0" encoding="klingon"?><log></log>', "encoding"),
        (LOG.encode().replace(b"alta", b"alt\xe1"), "not well-formed"),
        ("<log><trace>" + '<string key="a" value="b">' * 100_000, "levels one within another"),
        ('<log><trace><string key="a" value="' + "x" * (40 << 20), "a single value of more than"),
        ("<log><trace><event>" + "".join(f'<int key="k{n}" value="1"/>' for n in range(6000)),
         "at most 5000 different attributes"),
    ],
    ids=lambda v: v if isinstance(v, str) and len(v) < 60 else "log",
)  # fmt: skip
def test_what_is_no_log_is_refused_with_the_reason(tmp_path, content, why):
    with pytest.raises(DataError, match=why):
        read(tmp_path, content)


def test_a_log_that_unpacks_to_much_more_than_any_log_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(xes, "SMALL", 1 << 20)
    with pytest.raises(DataError, match="unpacks to more than 300 times"):
        read(tmp_path, gzip.compress(b"<log>" + b" " * (8 << 20)), "log.xes.gz")


def test_memory_is_that_of_what_is_kept_not_of_the_document(tmp_path):
    path = tmp_path / "log.xes"
    filler = b"<!-- nothing that anybody keeps -->" * 40
    event = b'<event><string key="concept:name" value="a"/></event>' + filler
    path.write_bytes(b"<log><trace>" + event * 8000 + b"</trace></log>")
    tracemalloc.start()
    assert len(xes.read(sources.source(path)).table) == 8000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < path.stat().st_size / 2


def test_an_error_page_in_place_of_a_log_is_told_as_one(tmp_path):
    with pytest.raises(DataError, match="web page"):
        read(tmp_path, "<!DOCTYPE html><html><body>404</body></html>")
