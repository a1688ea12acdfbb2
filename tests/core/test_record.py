"""A sealed record: every byte counts, amendments only append."""

import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.canonical import canonical, digest, plain
from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.message import say
from iagkit.core.nouns import Estimate, Finding, Verdict
from iagkit.core.record import FORMAT, Record, read

RECORD = Record(
    about={"format": FORMAT, "iagkit": "0.1.0"},
    dataset={"name": "citas", "sha256": "00"},
    prototype={"name": "citizen-requests", "title": {"es": "Peticiones ciudadanas"}},
    run={"seed": 0, "seconds": 1.5},
    findings=(
        Finding(
            check="performance.accuracy",
            question="How often?",
            estimate=Estimate(value=0.5, n=10, low=0.4, high=0.6, level=0.95, clusters=7),
        ),
        Finding(
            check="fairness.accuracy",
            question="How often?",
            because=say("only {n} cases", n=3),
            where={"sexo": "ñandú <b>"},
        ),
    ),
    verdicts=(
        Verdict(
            check="performance.accuracy",
            result="unknown",
            because=say("limit {limit:.2f}", limit=0.5),
            on_fail="block",
        ),
    ),
    artifacts={"model.skops": "11"},
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)  # fmt: skip


def test_a_record_read_back_is_the_same_to_the_byte():
    assert read(RECORD.to_bytes()).to_bytes() == RECORD.to_bytes()


def test_every_single_changed_byte_is_detected():
    content = RECORD.to_bytes()
    for place in range(len(content)):
        for flip in (0x01, 0x20):
            changed = bytearray(content)
            changed[place] ^= flip
            with pytest.raises(IntegrityError):
                read(bytes(changed))


@pytest.mark.parametrize(
    ("old", "new", "name"),
    [
        (b'"value": 0.5', b'"value": 0.9', "section 'findings'"),
        (b'"result": "unknown"', b'"result": "pass"', "section 'verdicts'"),
        (b'"seed": 0', b'"seed": 1', "section 'run'"),
        (b'"digest": "', b'"digest": "0', "the digest itself"),
    ],
)
def test_what_was_changed_is_named(old, new, name):
    content = RECORD.to_bytes()
    assert old in content
    with pytest.raises(IntegrityError, match=name):
        read(content.replace(old, new, 1))


def test_a_reformatted_file_is_told_apart_from_a_changed_one():
    formatted = json.dumps(json.loads(RECORD.to_bytes()), sort_keys=True).encode()
    with pytest.raises(IntegrityError, match="edited or re-formatted"):
        read(formatted)


def test_an_amendment_leaves_what_was_sealed_as_it_is():
    amended = RECORD.amend(author="Ana", reason="typo in the card", at="2026-01-01T00:00:00Z")
    twice = amended.amend(author="Bea", reason="appeal", at="2026-01-02T00:00:00Z")
    assert twice.digest == RECORD.digest
    assert read(twice.to_bytes()).head == twice.head
    assert twice.amendments[1]["follows"] == amended.head


def test_an_amendment_taken_out_of_the_middle_is_missed():
    twice = RECORD.amend(author="A", reason="x", at="t").amend(author="B", reason="y", at="u")
    with pytest.raises(IntegrityError, match="amendment 1"):
        read(replace(twice, amendments=twice.amendments[1:]).to_bytes())


def test_an_amendment_without_author_is_refused():
    with pytest.raises(DataError, match="author"):
        RECORD.amend(author=" ", reason="x", at="t")


@pytest.mark.parametrize("junk", [b"", b"[]", b"{", b"\xff\xfe", b'{"a": 1}', b"null"])
def test_what_is_no_record_is_refused(junk):
    with pytest.raises(IntegrityError, match="expected"):
        read(junk)


@given(json_values)
def test_the_order_of_keys_does_not_change_a_digest(value):
    again = json.loads(json.dumps(value, sort_keys=True))
    assert digest(value) == digest(again)


def test_a_number_that_is_not_finite_cannot_be_sealed():
    with pytest.raises(DataError, match="finite"):
        canonical({"a": float("inf")})


def test_floats_of_numpy_become_plain_ones_whatever_holds_them():
    told = plain({"a": [np.float64(0.5)], "b": 1, "c": True})
    assert told == {"a": [0.5], "b": 1, "c": True}
    assert type(told["a"][0]) is float
    assert told["c"] is True
