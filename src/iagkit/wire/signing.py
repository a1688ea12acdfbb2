"""Signatures that anyone can check: Ed25519 in a DSSE envelope, by a key of the institution.

The cryptography is that of the library `cryptography`; here are files, names and refusals. Neither
a key nor a passphrase is ever in a message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
import os
import stat
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn

from iagkit.core.errors import IntegrityError, OutputError, UsageError
from iagkit.core.message import Message, say

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import (
        Ed25519PrivateKey,
        Ed25519PublicKey,
    )

PAYLOAD_TYPE: Final = "application/vnd.in-toto+json"
PUBLIC: Final = ".pub"
"""What the name of a public key ends with, beside its private one."""
MADE_BY: Final = "make one with: iagkit signing-key FILE"
SHORTEST: Final = 12
"""Characters of a passphrase; the one thing that protects a key that was copied."""
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_MOST_KEY_FILE: Final = 16_384
_LOCKED: Final = b"ENCRYPTED"
_MOST_ENVELOPE: Final = 16_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """What an envelope holds, and who signed it.

    Parameters
    ----------
    payload : bytes
    signed_by : str
        Name of the key that it was checked with; empty if it was not.
    """

    payload: bytes
    signed_by: str = ""


def new_key(path: Path, passphrase: bytes | None = None) -> Path:
    """Make a private key that only its owner may read, and its public one beside it.

    Parameters
    ----------
    path : Path
        PEM, PKCS #8.
    passphrase : bytes, optional
        Encrypts the private key.

    Returns
    -------
    Path
        Of the public key, which is to be published where people look for it.

    Raises
    ------
    OutputError
        If something stands at either place, which is never written over.
    UsageError
        If the passphrase is short.
    """
    from cryptography.hazmat.primitives import serialization as form
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    if passphrase is not None and len(passphrase) < SHORTEST:
        msg = f"expected a passphrase of at least {SHORTEST} characters; it is shorter"
        raise UsageError(msg)
    public = path.with_name(path.name + PUBLIC)
    key = Ed25519PrivateKey.generate()
    hidden: form.KeySerializationEncryption = (
        form.NoEncryption() if passphrase is None else form.BestAvailableEncryption(passphrase)
    )
    if public.exists() or public.is_symlink():
        _refuse_place(public, FileExistsError())
    written = key.private_bytes(form.Encoding.PEM, form.PrivateFormat.PKCS8, hidden)
    told = key.public_key().public_bytes(form.Encoding.PEM, form.PublicFormat.SubjectPublicKeyInfo)
    _write(path, written, 0o600)
    try:
        _write(public, told, 0o644)
    except OutputError:
        path.unlink(missing_ok=True)  # half a pair would be in the way of the next
        raise
    return public


def private_key(path: Path, passphrase: bytes | None = None) -> Ed25519PrivateKey:
    """Read a private key of Ed25519.

    Raises
    ------
    UsageError
        If it cannot be read, is a link, others may read it, the passphrase is not its own, or it
        is something else: a public key, a key of another algorithm, a file that was cut.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    written, mode = _read(path, "the private key")
    if b"PUBLIC KEY-----" in written:
        msg = f"expected a private key; '{path.name}' is a public one. Name the file without .pub"
        raise UsageError(msg)
    if os.name == "posix" and mode & _OTHERS:
        msg = (
            f"expected a private key that only its owner may read; '{path.name}' has the mode "
            f"{stat.S_IMODE(mode):o}. Run: chmod 600 {path.name}"
        )
        raise UsageError(msg)
    needs_one = _LOCKED in written
    if needs_one and passphrase is None:
        msg = f"'{path.name}' is locked with a passphrase; give it with --passphrase-file"
        raise UsageError(msg)
    try:
        key = load_pem_private_key(written, passphrase if needs_one else None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        or_passphrase = ", or the passphrase is another" if needs_one else ""
        msg = (
            f"expected a private key in PEM; '{path.name}' is none, or it was cut or "
            f"changed{or_passphrase}. Take it from where copies are kept, or {MADE_BY}"
        )
        raise UsageError(msg) from None
    if not isinstance(key, Ed25519PrivateKey):
        _refuse_algorithm(path)
    return key


def locked(path: Path) -> bool:
    """Whether a private key needs a passphrase; refuses what :func:`private_key` cannot read."""
    return _LOCKED in _read(path, "the private key")[0]


def public_key(path: Path) -> Ed25519PublicKey:
    """Read a public key of Ed25519.

    Raises
    ------
    UsageError
        If it cannot be read, is a link, a private key, of another algorithm, or was cut.
    """
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    written, _ = _read(path, "the public key")
    if b"PRIVATE KEY-----" in written:
        msg = (
            f"expected a public key; '{path.name}' is a private one, which nobody else should "
            f"have. Name the file that ends with {PUBLIC}"
        )
        raise UsageError(msg)
    try:
        key = load_pem_public_key(written)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        msg = (
            f"expected a public key in PEM; '{path.name}' is none, or it was cut or changed. Ask "
            "the institution for its key"
        )
        raise UsageError(msg) from None
    if not isinstance(key, Ed25519PublicKey):
        _refuse_algorithm(path)
    return key


def passphrase(path: Path) -> bytes:
    """Read a passphrase: the first line of a file that only its owner may read.

    Raises
    ------
    UsageError
        If it cannot be read, is a link, others may read it, or its first line is empty.
    """
    written, mode = _read(path, "the passphrase")
    if os.name == "posix" and mode & _OTHERS:
        msg = f"expected a passphrase that only its owner may read. Run: chmod 600 {path.name}"
        raise UsageError(msg)
    lines = written.splitlines()
    if not lines or not lines[0].strip():
        msg = f"expected a passphrase on the first line of '{path.name}'; it is empty"
        raise UsageError(msg)
    return lines[0]


def key_id(key: Ed25519PublicKey) -> str:
    """SHA-256 of a public key (DER, SubjectPublicKeyInfo): what an institution may publish."""
    from cryptography.hazmat.primitives import serialization as form

    told = key.public_bytes(form.Encoding.DER, form.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(told).hexdigest()


def pae(payload: bytes) -> bytes:
    """Return what is signed: type and payload, each after its length (DSSE v1).

    Examples
    --------
    >>> pae(b"{}")
    b'DSSEv1 28 application/vnd.in-toto+json 2 {}'
    """
    kind = PAYLOAD_TYPE.encode()
    return b"DSSEv1 %d %b %d %b" % (len(kind), kind, len(payload), payload)


def sign(payload: bytes, keys: Sequence[Ed25519PrivateKey]) -> bytes:
    """Sign a payload, and put it with the signatures into a DSSE envelope."""
    return _envelope(
        payload,
        [
            {"keyid": key_id(key.public_key()), "sig": _base64(key.sign(pae(payload)))}
            for key in keys
        ],
    )


def opened(envelope: bytes, key: Ed25519PublicKey | None = None) -> Opened:
    """Open an envelope, and check its signature if a key is given.

    Raises
    ------
    IntegrityError
        If it is no envelope as :func:`sign` writes it, to the byte; if this key signed nothing of
        it; or if the signature does not fit.
    """
    from cryptography.exceptions import InvalidSignature

    payload, signatures = _parsed(envelope)
    if key is None:
        return Opened(payload=payload)
    wanted = key_id(key)
    mine = [s["sig"] for s in signatures if s["keyid"] == wanted]
    if not mine:
        theirs = ", ".join(f"{s['keyid'][:16]}…" for s in signatures)
        what = say("the signature is of another key ({theirs}) than the one given ({wanted})",
                   theirs=theirs, wanted=f"{wanted[:16]}…")  # fmt: skip
        _refuse(what)
    try:
        for one in mine:
            key.verify(base64.b64decode(one), pae(payload))
    except InvalidSignature:
        _refuse(say("the signature does not fit what it stands on: one of them was changed"))
    return Opened(payload=payload, signed_by=wanted)


def read_envelope(path: Path) -> bytes:
    """Read the file of an envelope, which is never a link and never big.

    Raises
    ------
    IntegrityError
    """
    if path.is_symlink() or not path.is_file() or path.stat().st_size > _MOST_ENVELOPE:
        _refuse(say("'{name}' is not the file of a signature", name=path.name))
    return path.read_bytes()


def _parsed(envelope: bytes) -> tuple[bytes, list[dict[str, str]]]:
    try:
        told: Any = json.loads(envelope)
        payload = base64.b64decode(told["payload"], validate=True)
        signatures = [{"keyid": str(s["keyid"]), "sig": str(s["sig"])} for s in told["signatures"]]
        for one in signatures:
            base64.b64decode(one["sig"], validate=True)
        whole = signatures and _envelope(payload, signatures) == envelope
    except (ValueError, KeyError, TypeError, RecursionError, binascii.Error):
        whole = False
    if not whole:
        _refuse(say("the signature is not a DSSE envelope as iagkit writes it: it was changed"))
    return payload, signatures


def _envelope(payload: bytes, signatures: list[dict[str, str]]) -> bytes:
    told = {
        "payload": _base64(payload), "payloadType": PAYLOAD_TYPE, "signatures": signatures,
    }  # fmt: skip
    return json.dumps(told, indent=1).encode() + b"\n"


def _base64(content: bytes) -> str:
    return base64.b64encode(content).decode()


def _refuse(what: Message) -> NoReturn:
    msg = f"{what}. Ask the institution for the original files and its key"
    raise IntegrityError(msg, (what,))


def _read(path: Path, what: str) -> tuple[bytes, int]:
    """Content and mode of a file of its own: what a link leads to may change behind it."""
    try:
        if path.is_symlink():
            msg = f"expected {what} as a file; '{path.name}' is a link. Name the file itself"
            raise UsageError(msg)
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | _NO_WAIT)
        with os.fdopen(handle, "rb") as file:
            mode = os.fstat(handle).st_mode
            if not stat.S_ISREG(mode):
                msg = f"expected {what} as a file; '{path.name}' is something else"
                raise UsageError(msg)
            written = file.read(_MOST_KEY_FILE)
    except OSError as error:
        msg = (
            f"expected {what} at '{path}'; it cannot be read ({error.strerror}). Check the path, "
            f"or {MADE_BY}"
        )
        raise UsageError(msg) from None
    return written, mode


_NO_WAIT: Final = getattr(os, "O_NONBLOCK", 0)
"""A pipe in the place of a key would be waited for."""


def _refuse_algorithm(path: Path) -> NoReturn:
    msg = (
        f"expected a key of Ed25519; '{path.name}' is one of another algorithm. Signatures of "
        f"records have one algorithm only, so that none can be weakened; {MADE_BY}"
    )
    raise UsageError(msg)


def _write(path: Path, content: bytes, mode: int) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    except OSError as error:
        _refuse_place(path, error)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)
        _refuse_place(path, error)


def _refuse_place(path: Path, error: OSError) -> NoReturn:
    if isinstance(error, FileExistsError):
        msg = (
            f"expected no file at '{path}'; there is one, and a key that is written over signs "
            "nothing any more. Give the new key another name"
        )
    else:
        msg = f"the key cannot be written to '{path}' ({error.strerror}). Give another place"
    raise OutputError(msg) from None
