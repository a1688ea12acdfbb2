"""A sealed table opens with its key alone, and tells why where it does not."""

from __future__ import annotations

import os
import stat

import pytest
from hypothesis import given
from hypothesis import strategies as st

from iagkit.core.errors import DataError, IntegrityError, OutputError, UsageError
from iagkit.wire.sealing import new_key, read_key, seal, unseal

KEY, OTHER = bytes(range(32)), bytes(32)


@given(st.binary(max_size=200))
def test_what_is_sealed_is_not_in_sight_and_comes_back(content):
    sealed = seal(content, KEY)
    assert unseal(sealed, KEY) == content
    assert len(content) < 8 or content not in sealed
    assert seal(content, KEY) != sealed


@given(st.data())
def test_no_byte_can_be_changed_and_nothing_cut_without_a_refusal(data):
    sealed = seal(b"Rosa Quispe", KEY)
    at = data.draw(st.integers(0, len(sealed) - 1))
    changed = bytearray(sealed)
    changed[at] ^= data.draw(st.integers(1, 255))
    for broken in (bytes(changed), sealed[:at], sealed + b"x"):
        with pytest.raises((IntegrityError, DataError)):
            unseal(broken, KEY)


def test_each_refusal_says_its_own_reason_and_repeats_nothing():
    sealed = seal(b"Rosa Quispe", KEY)
    for broken, key, why in (
        (sealed, OTHER, "another key"),
        (sealed[:30], KEY, "was cut"),
        (sealed[:-1], KEY, "changed or cut"),
        (b"PK\3\4", KEY, "expected a sealed table"),
    ):
        with pytest.raises((IntegrityError, DataError), match=why) as refusal:
            unseal(broken, key)
        assert "Rosa" not in str(refusal.value)


def test_a_key_is_for_its_owner_alone_and_is_never_written_over(tmp_path):
    path = tmp_path / "keys" / "a.key"
    new_key(path)
    written = path.read_bytes()
    assert len(read_key(path)) == 32
    assert os.name != "posix" or stat.S_IMODE(path.stat().st_mode) == 0o600
    with pytest.raises(OutputError, match="opens nothing any more"):
        new_key(path)
    assert path.read_bytes() == written
    new_key(tmp_path / "b.key")
    assert read_key(tmp_path / "b.key") != read_key(path)


@pytest.mark.skipif(os.name != "posix", reason="modes of files are those of POSIX")
def test_a_key_that_others_may_read_is_refused_with_the_remedy(tmp_path):
    new_key(path := tmp_path / "a.key")
    path.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600"):
        read_key(path)


@pytest.mark.parametrize("written", [b"", b"iagkit-key-1\n", b"iagkit-key-1\nAAAA\n", b"\xff" * 99])
def test_what_is_no_key_is_refused_and_not_repeated(tmp_path, written):
    path = tmp_path / "a.key"
    path.write_bytes(written)
    path.chmod(0o600)
    with pytest.raises(UsageError, match="is none, or was cut") as refusal:
        read_key(path)
    assert "AAAA" not in str(refusal.value)
    with pytest.raises(UsageError, match="cannot be read"):
        read_key(tmp_path / "no.key")
