"""E-mail: headers a reader sees, the body, and what is attached, by number and not by name.

Names of attachments are written by whoever sent the mail and often hold a person's name, so an
attachment is called by its place: ``mail.eml#2``.
"""

from __future__ import annotations

import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from typing import Final, NamedTuple

from iagkit.core.message import Message, say
from iagkit.wire.documents import html, txt
from iagkit.wire.documents.nouns import Document, Hide, Limits, UnreadableError, Written, bounded

_SHOWN: Final = ("From", "To", "Cc", "Bcc", "Reply-To", "Date", "Subject")
_PARTS: Final = 1000
"""Most parts of one mail."""
_POLICY: Final = email.policy.default.clone(linesep="\n")


class Attached(NamedTuple):
    """A file within a mail: its place in it, and its bytes."""

    place: str
    content: bytes


def read(name: str, content: bytes, limits: Limits) -> Document:
    """Read a mail: its headers and its body.

    Raises
    ------
    UnreadableError
        If it is no mail, or beyond the limits.
    """
    mail = _parsed(content)
    head = [f"{key}: {value}" for key, value in _headers(mail)]
    text = "\n".join((*head, "", _body(mail))).strip("\n")
    return Document(name=name, format="eml", text=bounded(text, limits), remarks=_remarks(mail))


def write(content: bytes, hide: Hide, _: Limits) -> Written:
    """Write a mail anew in plain text: the headers a reader sees stand at the top of its body."""
    mail = _parsed(content)
    head = "\n".join(f"{key}: {value}" for key, value in _headers(mail))
    text = f"{head}\n\n{_body(mail)}"
    hidden = hide(text)
    made = EmailMessage(policy=email.policy.SMTP)
    made["Subject"] = "[…]"
    made.set_content(txt.replaced(text, hidden).encode("utf-8", "replace").decode(), cte="8bit")
    gone = tuple(text[h.start : h.end] for h in hidden)
    left_out = say("attachments and other headers are left out of the redacted e-mail")
    return Written(content=made.as_bytes(), gone=gone, remarks=(*_remarks(mail), left_out))


def attached(content: bytes) -> Iterator[Attached]:
    """Give the files within a mail, and the mails within it, as bytes."""
    for n, part in enumerate(_files(_parsed(content)), start=1):
        yield Attached(f"#{n}", _bytes(part))


def _parsed(content: bytes) -> EmailMessage:
    begin = content.find(b"\n") + 1 if content.startswith(b"From ") else 0
    try:
        mail = email.message_from_bytes(content[begin:].lstrip(b"\xef\xbb\xbf"), policy=_POLICY)
    except Exception:  # noqa: BLE001 (the parser raises nearly anything at broken mail)
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None
    if not isinstance(mail, EmailMessage):
        raise UnreadableError(say("it is damaged or was cut; copy it again"))
    return mail


def _headers(mail: EmailMessage) -> list[tuple[str, str]]:
    found: list[tuple[str, str]] = []
    for key in _SHOWN:
        try:
            values = mail.get_all(key, [])
        except Exception:  # noqa: BLE001 (a header that breaks the parser says nothing)
            values = []
        found += [(key, " ".join(str(value).split())) for value in values]
    return found


def _files(mail: EmailMessage) -> list[EmailMessage]:
    try:
        body = _chosen(mail)
        walked = _parts(mail)
    except (RecursionError, KeyError, LookupError, AttributeError, TypeError, ValueError):
        raise UnreadableError(say("it is damaged or was cut; copy it again")) from None
    alternatives = {id(p) for p in walked if _is_text(p) and not _is_attachment(p)}
    return [
        p for p in walked
        if p is not body and id(p) not in alternatives and (not p.is_multipart() or _is_mail(p))
    ]  # fmt: skip


def _parts(mail: EmailMessage) -> list[EmailMessage]:
    """Parts of a mail in order, without entering the mails within it."""
    found: list[EmailMessage] = []
    waiting = [mail]
    while waiting and len(found) < _PARTS:
        part = waiting.pop(0)
        found.append(part)
        if part.get_content_maintype() == "multipart" and part.is_multipart():
            waiting = [*part.iter_parts(), *waiting]  # type: ignore[list-item]
    return found


def _chosen(mail: EmailMessage) -> EmailMessage | None:
    texts = [p for p in _parts(mail) if _is_text(p) and not _is_attachment(p)]
    plain = [p for p in texts if p.get_content_subtype() == "plain"]
    return next(iter(plain or texts), None)


def _is_text(part: EmailMessage) -> bool:
    return part.get_content_type() in ("text/plain", "text/html")


def _is_attachment(part: EmailMessage) -> bool:
    return part.get_content_disposition() == "attachment" or part.get_filename() is not None


def _is_mail(part: EmailMessage) -> bool:
    return part.get_content_type() == "message/rfc822"


def _body(mail: EmailMessage) -> str:
    """All plain texts of the body in order; where there is none, the words of its pages."""
    texts = [p for p in _parts(mail) if _is_text(p) and not _is_attachment(p)]
    plain = [p for p in texts if p.get_content_subtype() == "plain"]
    return "\n".join(_words(p) for p in plain or texts)


def _words(part: EmailMessage) -> str:
    content = part.get_payload(decode=True)
    content = content if isinstance(content, bytes) else b""
    try:
        text = content.decode(part.get_content_charset() or "ascii").replace("\r\n", "\n")
    except (LookupError, UnicodeDecodeError):
        text = txt.decoded(content)
    return html.text_of(text) if part.get_content_subtype() == "html" and text.strip() else text


def _bytes(part: EmailMessage) -> bytes:
    if _is_mail(part):
        inner = part.get_payload(0) if part.is_multipart() else None
        return inner.as_bytes() if isinstance(inner, EmailMessage) else b""
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else b""


def _remarks(mail: EmailMessage) -> tuple[Message, ...]:
    n = len(_files(mail))
    told = [say("{n} attachment(s), each read as a document of its own", n=n)] if n else []
    if len(_parts(mail)) == _PARTS:
        told.append(say("of its parts only the first {most} were read", most=_PARTS))
    return tuple(told)
