"""A table that only who keeps the key can open (AES-GCM, 256 bits); the key is a file of its own.

The seal tells a wrong key from a changed table. Neither key nor content is ever in a message.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import os
import stat
from pathlib import Path
from secrets import token_bytes
from typing import Final

from iagkit.core.errors import DataError, IntegrityError, OutputError, UsageError

KEY_BYTES: Final = 32
_KEY_HEAD: Final = "iagkit-key-1"
_MAGIC: Final = b"iagkit-sealed-1\n"
_NONCE: Final = 12
_TAG: Final = 16
_NAME: Final = 8
_OTHERS: Final = stat.S_IRWXG | stat.S_IRWXO
_MOST_KEY_FILE: Final = 4096


def new_key(path: Path) -> None:
    """Make a key in a new file that only its owner may read.

    Raises
    ------
    OutputError
        If something stands there, which is never written over, or nothing can be written.
    """
    written = f"{_KEY_HEAD}\n{base64.b64encode(token_bytes(KEY_BYTES)).decode()}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        msg = (
            f"expected no file at '{path}'; there is one, and a key that is written over opens "
            "nothing any more. Give the new key another name"
        )
        raise OutputError(msg) from None
    except OSError as error:
        msg = f"the key cannot be written to '{path}' ({error.strerror}). Give another place"
        raise OutputError(msg) from None
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(written)
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        path.unlink(missing_ok=True)  # half a key opens nothing, and would be in the way
        msg = f"the key cannot be written to '{path}' ({error.strerror}). Give another place"
        raise OutputError(msg) from None


def read_key(path: Path) -> bytes:
    """Read a key that `new_key` made.

    Returns
    -------
    bytes
        32 of them; keep them out of messages.

    Raises
    ------
    UsageError
        If it is no key, cannot be read, or others than its owner may read it.
    """
    return _key_in(_read(path, "make a key with: iagkit redaction-key FILE"), path)


def own_key(path: Path) -> bytes:
    """Read a secret of the institution's own making, whatever bytes it is.

    Raises
    ------
    UsageError
        If it cannot be read, is longer than a key is, or others than its owner may read it.
    """
    written = _read(path, "make one with: head -c 32 /dev/urandom")
    if len(written) == _MOST_KEY_FILE:
        msg = (
            f"expected a key of fewer than {_MOST_KEY_FILE} bytes; '{path}' is longer. Is it a "
            "document? Name the file with the key"
        )
        raise UsageError(msg)
    return written


def _read(path: Path, how: str) -> bytes:
    try:
        mode = path.stat().st_mode
        with path.open("rb") as file:
            written = file.read(_MOST_KEY_FILE)
    except OSError as error:
        msg = (
            f"expected a key at '{path}'; it cannot be read ({error.strerror}). Check the path, or "
            f"{how}"
        )
        raise UsageError(msg) from None
    if os.name == "posix" and mode & _OTHERS:
        msg = (
            f"expected a key that only its owner may read; '{path}' has the mode "
            f"{stat.S_IMODE(mode):o}. Run: chmod 600 {path.name}"
        )
        raise UsageError(msg)
    return written


def _key_in(written: bytes, path: Path) -> bytes:
    lines = written.decode("ascii", "replace").split()
    if len(lines) == 2 and lines[0] == _KEY_HEAD:
        try:
            key = base64.b64decode(lines[1], validate=True)
        except (binascii.Error, ValueError):
            key = b""
        if len(key) == KEY_BYTES:
            return key
    msg = (
        f"expected a key of iagkit; '{path}' is none, or was cut. Look for the file that "
        "iagkit redaction-key made"
    )
    raise UsageError(msg)


def seal(content: bytes, key: bytes) -> bytes:
    """Encrypt and authenticate; the same content is never sealed the same twice.

    Examples
    --------
    >>> sealed = seal(b"Rosa", bytes(32))
    >>> b"Rosa" in sealed, unseal(sealed, bytes(32))
    (False, b'Rosa')
    """
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = _MAGIC + _name_of(key)
    nonce = token_bytes(_NONCE)
    return head + nonce + AESGCM(key).encrypt(nonce, content, head)


def unseal(sealed: bytes, key: bytes) -> bytes:
    """Open what `seal` made.

    Raises
    ------
    DataError
        If it is no sealed table.
    IntegrityError
        If it was sealed with another key, was cut, or was changed.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if not sealed.startswith(_MAGIC):
        msg = (
            "expected a sealed table; this file is none. Give the one that redact --seal-with wrote"
        )
        raise DataError(msg)
    begin = len(_MAGIC) + _NAME
    if len(sealed) < begin + _NONCE + _TAG:
        msg = "the sealed table was cut. Take the whole one from where copies are kept"
        raise IntegrityError(msg)
    if sealed[len(_MAGIC) : begin] != _name_of(key):
        msg = "the table was sealed with another key. Find the key that was given to --seal-with"
        raise IntegrityError(msg)
    nonce = sealed[begin : begin + _NONCE]
    try:
        return AESGCM(key).decrypt(nonce, sealed[begin + _NONCE :], sealed[:begin])
    except InvalidTag:
        msg = (
            "the sealed table was changed or cut since it was written. Take the one from where "
            "copies are kept"
        )
        raise IntegrityError(msg) from None


def _name_of(key: bytes) -> bytes:
    """Some bytes that tell keys apart and say nothing else of them."""
    return hashlib.blake2b(b"name", key=key, digest_size=_NAME, person=b"iagkit").digest()
