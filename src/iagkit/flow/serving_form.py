"""A questionnaire as a form in the browser of this machine; nothing leaves it.

The server listens on 127.0.0.1 only. Its address holds a secret, and every form another: a page of
somebody else can neither read nor send answers.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from iagkit.core.errors import DataError, OutputError, UsageError
from iagkit.core.message import say
from iagkit.flow.assessing import Session
from iagkit.flow.form_pages import Shown, shown
from iagkit.registers.assessments.questionnaire import Ask, MisfitError, read
from iagkit.report.voice import Voice

HOST: Final = "127.0.0.1"
LIMIT: Final = 2 << 20
FIELDS: Final = 5_000
SAFE: Final = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self';"
    " base-uri 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
OPENED = say("The form is at {address} (this machine only). Ctrl-C ends it; answers are kept.")


class FormServer(HTTPServer):
    """One questionnaire, for one person at this machine.

    Parameters
    ----------
    session : Session
    lang, text : str
        Language of our words, and of official ones.
    port : int
        0 takes a free one.
    """

    daemon_threads = True

    def __init__(self, session: Session, *, lang: str, text: str, port: int = 0) -> None:
        self.session, self.lang, self.text = session, lang, text
        self.secret, self.token = secrets.token_urlsafe(16), secrets.token_urlsafe(32)
        super().__init__((HOST, port), _Handler)

    @property
    def base(self) -> str:
        """Path all pages begin with."""
        return f"/{self.secret}/"

    @property
    def address(self) -> str:
        """Where to point the browser."""
        return f"http://{HOST}:{self.server_port}{self.base}"


def serve(
    session: Session, *, lang: str, text: str, port: int, tell: Callable[[str], object]
) -> None:
    """Serve the form until the person ends it.

    Raises
    ------
    UsageError
        If the port cannot be had.
    """
    try:
        server = FormServer(session, lang=lang, text=text, port=port)
    except (OSError, OverflowError) as error:
        msg = f"expected a free port; {port} cannot be had ({error}). Give another, or 0"
        raise UsageError(msg) from None
    tell(Voice(lang).say(OPENED.template, address=server.address))
    with server:
        server.serve_forever(poll_interval=0.2)


class _Handler(BaseHTTPRequestHandler):
    server: FormServer
    server_version = "iagkit"
    sys_version = ""
    timeout = 30

    def do_GET(self) -> None:
        """Draw a section."""
        if self._is_ours():
            self._page(shown(self._asked(), self.server.session), saved="saved" in self._query())

    def do_POST(self) -> None:
        """Keep the answers of a section, or tell which do not fit."""
        if not self._is_ours():
            return
        given = self._form()
        if given is None:
            return
        if not secrets.compare_digest(given.get("token", [""])[0].encode(), self._token()):
            self.send_error(HTTPStatus.FORBIDDEN)
            return
        view = shown(self._asked(), self.server.session)
        kept, wrong = understood(view.asks, given, self.server.session)
        try:
            self.server.session.put(kept)
        except (OutputError, OSError):
            self.send_error(HTTPStatus.INSUFFICIENT_STORAGE)
            return
        if wrong:
            self._page(view, wrong=wrong, typed=given, status=HTTPStatus.UNPROCESSABLE_ENTITY)
            return
        onward = given.get("then", [""])[0] == "next" and view.place + 1 < len(view.sections)
        self.send_response(HTTPStatus.SEE_OTHER)
        self.send_header("Location", f"{self.server.base}?s={view.place + onward}&saved=1")
        self.end_headers()

    def _is_ours(self) -> bool:
        port = self.server.server_port
        hosts = {f"{HOST}:{port}", f"localhost:{port}"}
        origin = self.headers.get("Origin")
        if self.headers.get("Host") not in hosts or (
            origin not in (None, "null") and urlsplit(origin).netloc not in hosts
        ):
            self.send_error(HTTPStatus.FORBIDDEN)
            return False
        path = urlsplit(self.path).path
        if not secrets.compare_digest(path.encode(), self.server.base.encode()):
            self.send_error(HTTPStatus.NOT_FOUND)
            return False
        return True

    def _form(self) -> dict[str, list[str]] | None:
        length = self.headers.get("Content-Length", "")
        if not re.fullmatch(r"[0-9]{1,9}", length) or int(length) > LIMIT:
            self.send_error(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
            return None
        try:
            content = self.rfile.read(int(length)).decode("utf-8")
            return parse_qs(content, keep_blank_values=True, max_num_fields=FIELDS)
        except ValueError:
            self.send_error(HTTPStatus.BAD_REQUEST)
            return None

    def _page(
        self,
        view: Shown,
        *,
        wrong: Mapping[str, str] | None = None,
        typed: Mapping[str, list[str]] | None = None,
        saved: bool = False,
        status: HTTPStatus = HTTPStatus.OK,
    ) -> None:
        of = self.server
        told = view.drawn(
            of.session, lang=of.lang, text=of.text, base=of.base, token=of.token, saved=saved,
            wrong=wrong or {}, typed=typed or {},
        )  # fmt: skip
        content = told.encode("utf-8", "replace")
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def end_headers(self) -> None:
        """Add what keeps a page from being used by another."""
        for name, value in SAFE.items():
            self.send_header(name, value)
        super().end_headers()

    def log_message(self, *_: Any) -> None:
        """Write nothing: addresses hold a secret."""

    def _asked(self) -> int:
        place = self._query().get("s", ["0"])[0]
        return int(place) if re.fullmatch(r"[0-9]{1,3}", place) else 0

    def _query(self) -> dict[str, list[str]]:
        return parse_qs(urlsplit(self.path).query, max_num_fields=5)

    def _token(self) -> bytes:
        return self.server.token.encode()


def understood(
    asks: tuple[Ask, ...], given: Mapping[str, list[str]], session: Session
) -> tuple[dict[str, Any], dict[str, str]]:
    """Values that fit, by question (``None`` takes one back), and what is wrong with the others."""
    kept: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    for ask in asks:
        typed = [one.replace("\r\n", "\n") for one in given.get(ask.key, [])]
        if not typed and ask.kind != "choices":
            continue
        try:
            value = read(ask, typed if ask.kind == "choices" else typed[0])
            kept[ask.key] = None if value is None else session.form.check(ask, value)
        except (MisfitError, DataError) as misfit:
            wrong[ask.key] = getattr(misfit, "told", None) or str(misfit)
    return kept, wrong
