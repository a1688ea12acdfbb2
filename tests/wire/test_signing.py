"""Keys and envelopes: DSSE as its standard says, and no key but the right one."""

import base64
import json
import os

import pytest
from cryptography.hazmat.primitives import serialization as form
from cryptography.hazmat.primitives.asymmetric import ec, ed448, ed25519, rsa

from iagkit.core.errors import IntegrityError, OutputError, UsageError
from iagkit.wire import signing

SECRET = b"a long passphrase of nobody"
PAYLOAD = b'{"a":1}'


@pytest.fixture
def pair(tmp_path):
    """Private and public file of a new key."""
    return tmp_path / "k.pem", signing.new_key(tmp_path / "k.pem")


def written(tmp_path, key, *, name="other.pem", mode=0o600):
    """Write a private key of any algorithm as an institution might have it."""
    path = tmp_path / name
    path.write_bytes(
        key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, form.NoEncryption())
    )
    path.chmod(mode)
    return path


def test_what_is_signed_is_the_example_of_the_standard_but_for_its_type():
    head = b"DSSEv1 %d %b " % (len(signing.PAYLOAD_TYPE), signing.PAYLOAD_TYPE.encode())
    assert signing.pae(b"hello world") == head + b"11 hello world"


def test_a_signature_can_be_checked_with_nothing_but_the_standard(pair):
    private, public = (signing.private_key(pair[0]), signing.public_key(pair[1]))
    told = json.loads(signing.sign(PAYLOAD, [private]))
    assert base64.b64decode(told["payload"]) == PAYLOAD
    (signature,) = told["signatures"]
    public.verify(base64.b64decode(signature["sig"]), signing.pae(PAYLOAD))
    assert signature["keyid"] == signing.key_id(public)


def test_the_same_content_is_signed_the_same_twice(pair):
    key = signing.private_key(pair[0])
    assert signing.sign(PAYLOAD, [key]) == signing.sign(PAYLOAD, [key])


def test_a_key_is_for_its_owner_alone_and_the_public_one_for_all(pair):
    private, public = pair
    assert private.stat().st_mode & 0o777 == 0o600
    assert public.name == "k.pem.pub"
    assert b"PRIVATE" not in public.read_bytes()


def test_a_key_with_a_passphrase_opens_with_it_alone(tmp_path):
    path = tmp_path / "k.pem"
    signing.new_key(path, SECRET)
    assert b"ENCRYPTED" in path.read_bytes()
    assert signing.private_key(path, SECRET)
    for wrong, told in ((None, "--passphrase-file"), (b"something else here", "another")):
        with pytest.raises(UsageError, match=told) as refused:
            signing.private_key(path, wrong)
        assert SECRET.decode() not in str(refused.value)


def test_a_short_passphrase_is_refused_and_nothing_is_written(tmp_path):
    with pytest.raises(UsageError, match="at least 12"):
        signing.new_key(tmp_path / "k.pem", b"short")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", ["k.pem", "k.pem.pub"])
def test_a_key_is_never_written_over_whatever_stands_there(tmp_path, name):
    for make in (lambda p: p.write_text("x"), lambda p: p.symlink_to("nowhere")):
        place = tmp_path / name
        make(place)
        with pytest.raises(OutputError, match="another name"):
            signing.new_key(tmp_path / "k.pem")
        assert [p.name for p in tmp_path.iterdir()] == [name]
        place.unlink()


@pytest.mark.parametrize("flip", [0x01, 0x20])
def test_every_single_changed_byte_of_an_envelope_is_refused(pair, flip):
    envelope = signing.sign(PAYLOAD, [signing.private_key(pair[0])])
    public = signing.public_key(pair[1])
    assert signing.opened(envelope, public).signed_by == signing.key_id(public)
    for place in range(len(envelope)):
        for edited in (bytes([envelope[place] ^ flip]) + envelope[place + 1 :],
                       envelope[place + 1 :], b" " + envelope[place:]):  # fmt: skip
            with pytest.raises(IntegrityError):
                signing.opened(envelope[:place] + edited, public)


def test_a_signature_of_another_key_is_named(pair, tmp_path):
    envelope = signing.sign(PAYLOAD, [signing.private_key(pair[0])])
    other = signing.public_key(signing.new_key(tmp_path / "other.pem"))
    with pytest.raises(IntegrityError, match="of another key") as refused:
        signing.opened(envelope, other)
    assert signing.key_id(other)[:16] in str(refused.value)


def test_a_signature_under_the_name_of_another_key_does_not_fit(pair, tmp_path):
    other = signing.public_key(signing.new_key(tmp_path / "other.pem"))
    told = json.loads(signing.sign(PAYLOAD, [signing.private_key(pair[0])]))
    told["signatures"][0]["keyid"] = signing.key_id(other)
    forged = json.dumps(told, indent=1).encode() + b"\n"
    with pytest.raises(IntegrityError, match="does not fit"):
        signing.opened(forged, other)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b"null", b"\xff", b"[" * 99_999,
                                     b'{"payload": 1, "signatures": []}'])  # fmt: skip
def test_what_is_no_envelope_is_refused(pair, content):
    with pytest.raises(IntegrityError, match="DSSE"):
        signing.opened(content, signing.public_key(pair[1]))


@pytest.mark.parametrize(
    "make",
    [lambda: rsa.generate_private_key(65537, 2048), lambda: ec.generate_private_key(ec.SECP256R1()),
     ed448.Ed448PrivateKey.generate],
)  # fmt: skip
def test_a_key_of_another_algorithm_is_refused(tmp_path, make):
    key = make()
    with pytest.raises(UsageError, match="another algorithm"):
        signing.private_key(written(tmp_path, key))
    public = tmp_path / "other.pub"
    public.write_bytes(
        key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    )
    with pytest.raises(UsageError, match="another algorithm"):
        signing.public_key(public)


def test_a_public_key_does_not_pass_for_a_private_one_nor_the_reverse(pair):
    private, public = pair
    public.chmod(0o600)
    with pytest.raises(UsageError, match="is a public one"):
        signing.private_key(public)
    with pytest.raises(UsageError, match="is a private one"):
        signing.public_key(private)


@pytest.mark.parametrize("cut", [0, 1, 30, 60, 100])
def test_a_key_that_was_cut_is_refused_and_not_repeated(pair, cut):
    private, public = pair
    for path, read in ((private, signing.private_key), (public, signing.public_key)):
        whole = path.read_bytes()
        path.write_bytes(whole[:cut])
        with pytest.raises(UsageError, match="cut") as refused:
            read(path)
        assert whole.splitlines()[1].decode() not in str(refused.value)


def test_a_key_that_others_may_read_is_refused(tmp_path):
    path = written(tmp_path, ed25519.Ed25519PrivateKey.generate(), mode=0o644)
    with pytest.raises(UsageError, match="chmod 600"):
        signing.private_key(path)


@pytest.mark.parametrize("make", ["link", "folder", "pipe", "nothing"])
def test_what_is_no_file_of_its_own_is_no_key(pair, tmp_path, make):
    odd = tmp_path / "odd"
    {"link": lambda: odd.symlink_to(pair[0]), "folder": odd.mkdir,
     "pipe": lambda: os.mkfifo(odd, 0o600), "nothing": lambda: None}[make]()  # fmt: skip
    for read in (signing.private_key, signing.public_key):
        with pytest.raises(UsageError, match="expected the p"):
            read(odd)


def test_a_passphrase_is_the_first_line_of_a_file_of_its_owner(tmp_path):
    file = tmp_path / "secret"
    file.write_bytes(SECRET + b"\nremark\n")
    file.chmod(0o600)
    assert signing.passphrase(file) == SECRET
    file.chmod(0o640)
    with pytest.raises(UsageError, match="chmod 600") as refused:
        signing.passphrase(file)
    assert SECRET.decode() not in str(refused.value)
    file.chmod(0o600)
    file.write_bytes(b"\n\n")
    with pytest.raises(UsageError, match="empty"):
        signing.passphrase(file)
