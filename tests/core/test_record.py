"""A sealed record: every byte counts, amendments only append."""

import copy
import json
import pickle
import unicodedata
from dataclasses import replace
from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.canonical import canonical, digest, plain
from iagkit.core.errors import DataError, IntegrityError
from iagkit.core.message import limits_of, say
from iagkit.core.nouns import Card, Estimate, Finding, Verdict
from iagkit.core.record import BEFORE, FORMAT, Record, read, to_json

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


def test_remarks_among_the_limits_of_a_card_keep_what_they_are_made_of():
    remark = say("{n} rows were left out", n=3)
    card = to_json(Card(name="citas", limits=("Only one city.", remark)))
    assert card["limits"] == ["Only one city.", "3 rows were left out"]
    assert limits_of(card) == ["Only one city.", remark]
    assert limits_of({"limits": ["of a record made before"]}) == ["of a record made before"]
    assert "limits_of" not in to_json(Card(name="citas", limits=("Only one city.",)))
    assert copy.deepcopy(remark) == pickle.loads(pickle.dumps(remark)) == remark


def test_a_record_read_back_is_the_same_to_the_byte():
    assert read(RECORD.to_bytes()).to_bytes() == RECORD.to_bytes()


AMENDED = RECORD.amend(author="Ana", reason="x", at="t").amend(author="Bea", reason="y", at="u")


def test_every_single_changed_lost_or_added_byte_is_detected():
    content = replace(AMENDED, findings=RECORD.findings[:1]).to_bytes()
    for place in range(len(content)):
        before, after = content[:place], content[place:]
        edits = [bytes([after[0] ^ flip]) + after[1:] for flip in (0x01, 0x20)]
        for edited in (*edits, after[1:], after[:1] + after, b"0" + after):
            with pytest.raises(IntegrityError):
                read(before + edited)


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


def edited(change):
    """Return the bytes of the amended record after a change of its JSON."""
    whole = json.loads(AMENDED.to_bytes())
    change(whole["amendments"])
    return (json.dumps(whole, indent=1, sort_keys=True, ensure_ascii=False) + "\n").encode()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda a: a.reverse(), "amendment 1 is not in its place"),
        (lambda a: a.pop(0), "before amendment 1 one is missing"),
        (lambda a: a.pop(), r"1 amendment\(s\) are here; the seal tells of 2"),
        (lambda a: a[1].update(reason="z"), "amendment 2 was edited"),
        (lambda a: a.append(dict(a[0])), "amendment 3 is not in its place"),
        (lambda a: a[0].update(reason=7), "amendment 1 was edited"),
        (lambda a: a[0].pop("follows"), "amendment 1 was edited"),
        (lambda a: a.append("remark"), "section 'amendments'"),
    ],
)
def test_edited_reordered_and_dropped_amendments_are_told_apart(change, told):
    with pytest.raises(IntegrityError, match=told) as refused:
        read(edited(change))
    assert all(str(what) in str(refused.value) for what in refused.value.changed)


def test_an_amendment_of_another_record_is_missed_where_it_does_not_belong():
    other = replace(RECORD, run={"seed": 9}).amend(author="A", reason="x", at="t")
    with pytest.raises(IntegrityError, match="of another record"):
        read(replace(RECORD, amendments=other.amendments).to_bytes())


def test_a_section_and_an_amendment_that_were_changed_are_both_named():
    content = edited(lambda a: a[0].update(reason="z")).replace(b'"seed": 0', b'"seed": 1')
    with pytest.raises(IntegrityError) as refused:
        read(content)
    told = [str(what) for what in refused.value.changed]
    assert told == ["section 'run' was changed after sealing", "amendment 1 was edited"]


def test_a_record_of_the_format_before_verifies_by_its_own_digests():
    before = replace(RECORD, about={**RECORD.about, "format": BEFORE}, run={"seconds": 1.0})
    sections = {
        name: sha256(
            json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
        ).hexdigest()
        for name, told in before.body().items()
    }
    content = before.to_bytes()
    assert json.loads(content)["seal"]["sections"] == sections
    assert set(json.loads(content)["seal"]) == {"digest", "sections"}
    again = read(content).amend(author="A", reason="x", at="t")
    assert read(again.to_bytes()).to_bytes() == again.to_bytes()
    assert again.seals() != replace(again, about=RECORD.about).seals()


@pytest.mark.parametrize("told", ["iagkit-record/3", "iagkit-record/", "", None, 2])
def test_a_record_of_a_format_to_come_is_refused_with_what_to_do(told):
    content = replace(RECORD, about={"format": told}).to_bytes()
    with pytest.raises(IntegrityError, match="newer iagkit wrote it"):
        read(content)


def test_a_number_written_otherwise_is_an_edited_file_though_its_value_is_the_same():
    whole = replace(RECORD, run={"seconds": 1.0, "zero": -0.0}).to_bytes()
    for old, new in [(b": 1.0", b": 1"), (b"-0.0", b"0.0"), (b": 1.0", b": 10e-1")]:
        assert old in whole
        with pytest.raises(IntegrityError, match="differs from the sealed file"):
            read(whole.replace(old, new, 1))


@pytest.mark.parametrize(
    "change",
    [
        lambda c: c.replace(b"\n", b"\r\n"),
        lambda c: b"\xef\xbb\xbf" + c,
        lambda c: c.decode().encode("utf-16"),
        lambda c: c + b"\n",
        lambda c: c + b"{}",
        lambda c: c[:-1],
        lambda c: c.replace(b'"seed": 0', b'"seed": 0, "seed": 0'),
        lambda c: c.replace(b'"seed": 0', b'"seed": 1, "seed": 0'),
        lambda c: c.replace(b'"seconds": 1.5', b'"seconds": NaN'),
        lambda c: c.replace(b'"seconds": 1.5', b'"seconds": 1e999'),
        lambda c: c.replace(b'"seed": 0', b'"seed": ' + b"9" * 5000),
        lambda c: c.replace("ñandú".encode(), unicodedata.normalize("NFD", "ñandú").encode()),
        lambda c: c.replace("ñ".encode(), b"\\u00f1"),
        lambda c: c.replace(b'"name": "citas"', b'"name": "\\ud800"'),
        lambda c: b"[" * 100_000,
    ],
)
def test_the_same_content_in_other_bytes_is_refused(change):
    changed = change(RECORD.to_bytes())
    assert changed != RECORD.to_bytes()
    with pytest.raises(IntegrityError):
        read(changed)


def test_a_text_that_no_json_can_hold_is_not_sealed():
    with pytest.raises(DataError, match="surrogate"):
        RECORD.amend(author="\ud800", reason="x", at="t")


def test_what_is_steady_is_all_but_the_time():
    later = replace(RECORD, about={**RECORD.about, "sealed_at": "t"}, run={"seed": 0, "seconds": 9})
    assert later.steady() == RECORD.steady()
    assert replace(RECORD, run={"seed": 1, "seconds": 1.5}).steady() != RECORD.steady()


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
