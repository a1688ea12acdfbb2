"""The canonical form is that of RFC 8785: its own vectors, then Node's numbers and sentences."""

import hashlib
import json
import math
import random
import shutil
import struct
import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.canonical import canonical, digest, digest_1, number
from iagkit.core.errors import DataError

RFC_NUMBERS = {
    "0000000000000000": "0",
    "8000000000000000": "0",
    "0000000000000001": "5e-324",
    "8000000000000001": "-5e-324",
    "7fefffffffffffff": "1.7976931348623157e+308",
    "ffefffffffffffff": "-1.7976931348623157e+308",
    "4340000000000000": "9007199254740992",
    "c340000000000000": "-9007199254740992",
    "4430000000000000": "295147905179352830000",
    "44b52d02c7e14af5": "9.999999999999997e+22",
    "44b52d02c7e14af6": "1e+23",
    "44b52d02c7e14af7": "1.0000000000000001e+23",
    "444b1ae4d6e2ef4e": "999999999999999700000",
    "444b1ae4d6e2ef4f": "999999999999999900000",
    "444b1ae4d6e2ef50": "1e+21",
    "3eb0c6f7a0b5ed8c": "9.999999999999997e-7",
    "3eb0c6f7a0b5ed8d": "0.000001",
    "41b3de4355555553": "333333333.3333332",
    "41b3de4355555554": "333333333.33333325",
    "41b3de4355555555": "333333333.3333333",
    "41b3de4355555556": "333333333.3333334",
    "41b3de4355555557": "333333333.33333343",
    "becbf647612f3696": "-0.0000033333333333333333",
    "43143ff3c1cb0959": "1424953923781206.2",
}
"""Appendix B of RFC 8785: IEEE 754 bits → what is written."""
floats = st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=("Cs",)))
values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | floats | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=12,
)
SORTED_BY_JAVASCRIPT = """
const lines = require("fs").readFileSync(0, "utf8").split("\\n").filter(Boolean);
const write = (v) => v === null || typeof v !== "object" ? JSON.stringify(v)
  : Array.isArray(v) ? "[" + v.map(write).join(",") + "]"
  : "{" + Object.keys(v).sort().map((k) => JSON.stringify(k) + ":" + write(v[k])).join(",") + "}";
process.stdout.write(lines.map((l) => write(JSON.parse(l))).join("\\n"));
"""


@pytest.mark.parametrize(("bits", "written"), RFC_NUMBERS.items())
def test_numbers_are_those_of_the_appendix_of_the_standard(bits, written):
    assert number(struct.unpack(">d", bytes.fromhex(bits))[0]) == written


def test_the_example_of_the_standard_gives_its_bytes():
    told = {
        "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 0.000000000000000000000000001],
        "string": "€$\u000f\u000aA'\u0042\u0022\u005c\\\"/",
        "literals": [None, True, False],
    }
    assert canonical(told).decode() == (
        '{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],'
        '"string":"€$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'
    )


def test_keys_are_sorted_by_their_utf_16_units():
    told = {
        "€": "Euro Sign", "\r": "Carriage Return", "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One", "😀": "Emoji: Grinning Face", "\u0080": "Control",
        "ö": "Latin Small Letter O With Diaeresis",
    }  # fmt: skip
    order = list(json.loads(canonical(told)).values())
    assert order == [
        "Carriage Return", "One", "Control", "Latin Small Letter O With Diaeresis", "Euro Sign",
        "Emoji: Grinning Face", "Hebrew Letter Dalet With Dagesh",
    ]  # fmt: skip


@pytest.mark.parametrize("code", range(0x20))
def test_every_control_sign_is_escaped_as_short_as_it_can_be(code):
    short = {8: "\\b", 9: "\\t", 10: "\\n", 12: "\\f", 13: "\\r"}
    assert canonical(chr(code)).decode() == f'"{short.get(code, chr(92) + f"u{code:04x}")}"'


def test_what_need_not_be_escaped_is_not():
    assert canonical("\x7f\u2028/é").decode() == '"\x7f\u2028/é"'


@given(values)
def test_what_is_written_reads_back_as_the_same_values(value):
    assert json.loads(canonical(value), parse_int=float) == value


@given(values)
def test_writing_twice_changes_nothing(value):
    once = canonical(value)
    assert canonical(json.loads(once, parse_int=float)) == once  # as ECMAScript reads them


@given(floats)
def test_a_number_comes_back_as_the_same_double(value):
    back = float(number(value))
    assert back == value
    assert len(number(value)) <= 25 + (value < 0)


@pytest.mark.parametrize(
    "value",
    [float("nan"), math.inf, 2**53, -(2**53), "\ud800", {"\udfff": 1}, {1: "a", "1": "b"},
     b"bytes", {1, 2}, object()],
)  # fmt: skip
def test_what_is_no_json_of_the_standard_is_refused(value):
    with pytest.raises(DataError, match="a record holds"):
        canonical({"a": [value]})


def test_composed_and_decomposed_letters_are_different_texts():
    assert digest("ñ") != digest("n\u0303")


def test_the_form_before_is_kept_for_what_was_written_in_it():
    told = {"share": 1.0, "rate": 1e-7, "n": 3}
    before = hashlib.sha256(b'{"n":3,"rate":1e-07,"share":1.0}').hexdigest()
    now = hashlib.sha256(b'{"n":3,"rate":1e-7,"share":1}').hexdigest()
    assert (digest_1(told), digest(told)) == (before, now)


@pytest.fixture(scope="session")
def node():
    """Path of Node, an implementation of ECMAScript; the vectors above need none."""
    found = shutil.which("node")
    if found is None:
        pytest.skip("Node is not here; the vectors of the standard were compared without it")
    return found


def test_thousands_of_numbers_and_texts_are_written_as_node_does(node):
    drawn = random.Random(8785)
    bits = [drawn.getrandbits(64) for _ in range(9000)]
    kept = [struct.unpack(">d", b.to_bytes(8, "big"))[0] for b in bits]
    kept = [x for x in kept if math.isfinite(x)]
    kept += [drawn.randrange(10**6) / 10**p for p in range(24) for _ in range(60)]
    kept += [float(f"{d}e{p}") for d in (1, 9.5, 1.23) for p in range(-320, 300, 7)]
    rows = [[x] for x in kept] + [
        {"".join(map(chr, drawn.choices(LETTERS, k=3))): x for x in range(6)} for _ in range(300)
    ]
    told = subprocess.run(
        [node, "-e", SORTED_BY_JAVASCRIPT], input="\n".join(map(json.dumps, rows)),
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert told.stdout.split("\n") == [canonical(row).decode() for row in rows]


LETTERS = [*range(0x20, 0x7F), 0xE9, 0x20AC, 0xFB33, 0x1F600, 0xFFFD, 0x10000]
