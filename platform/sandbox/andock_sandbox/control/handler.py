"""One connection to the control page: access by the token, pages, actions."""

from __future__ import annotations

import hmac
import json
import ssl
from contextlib import suppress
from datetime import UTC, date, datetime
from functools import cache
from http.cookies import CookieError, SimpleCookie
from http.server import BaseHTTPRequestHandler
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from lxml.builder import E

from ..errors import EwsError
from ..model import Json
from ..sandbox import Sandbox
from . import actions, overview, pages
from .mailbox_page import MailboxPage
from .words import Words, language_of, words_of

if TYPE_CHECKING:
    from ..server import SandboxServer
    from .server import Listener

_MAX_BODY = 256 * 1024
_HTML, _JSON = "text/html; charset=utf-8", "application/json; charset=utf-8"
_POLICY = (
    "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none';"
    " frame-ancestors 'none'"
)


@cache
def _style() -> bytes:
    return (files(__package__) / "style.css").read_bytes()


class Handler(BaseHTTPRequestHandler):
    """Serves one connection, request after request."""

    protocol_version = "HTTP/1.1"
    server_version = "andock-sandbox"
    sys_version = ""
    server: Listener

    def setup(self) -> None:
        """TLS is agreed here, in the connection's own thread."""
        if isinstance(self.request, ssl.SSLSocket):
            try:
                self.request.do_handshake()
            except (OSError, ssl.SSLError):
                raise ConnectionAbortedError from None
        super().setup()

    def finish(self) -> None:
        """The connection ends."""
        with suppress(OSError, ValueError):
            super().finish()

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: an address may hold the token."""

    # -- requests ----------------------------------------------------------------------------

    def do_GET(self) -> None:
        """A page, or the state as JSON."""
        parts = urlsplit(self.path)
        asked = dict(parse_qsl(parts.query))
        if parts.path == "/style.css":
            self._send(200, _style(), "text/css; charset=utf-8")
        elif "token" in asked and self._is_token(asked["token"]):
            # Two slashes would name another host.
            place = "/" + unquote(parts.path).lstrip("/")
            self._redirect(quote(place, safe="/@"), self._cookie())
        elif not self._is_known():
            self._ask("token" in asked)
        elif parts.path == "/state.json":
            self._send_json(200, actions.state(self._box, self._sandbox))
        elif parts.path.startswith("/mailbox/"):
            self._mailbox(unquote(parts.path.removeprefix("/mailbox/")), asked)
        elif parts.path == "/":
            self._overview(*self._told(asked))
        else:
            self._send(404, b"", _HTML)

    def do_POST(self) -> None:
        """An action, by a form or by JSON."""
        told = self.headers.get("Content-Length") or "0"
        length = int(told) if told.isdecimal() else _MAX_BODY + 1
        if not 0 <= length <= _MAX_BODY:
            self.close_connection = True
            self._send(413, b"", _HTML)
            return
        body = self.rfile.read(length)
        path = urlsplit(self.path).path
        wants_json = self.headers.get_content_type() == "application/json"
        if path == "/enter":
            given = dict(parse_qsl(body.decode("utf-8", "replace")))
            if self._is_token(given.get("token", "")):
                self._redirect("/", self._cookie())
            else:
                self._ask(wrong=True)
            return
        if not self._is_known():
            self._send(401, b"", _HTML)
            return
        action = actions.ACTIONS.get(path.removeprefix("/do/"))
        if action is None:
            self._send(404, b"", _HTML)
            return
        try:
            fields = self._fields(body, wants_json=wants_json)
            # Its own lock is the sandbox's; a page never sees half an action.
            with self._box.lock:
                result = action(self._box, self._sandbox, fields)
        except PermissionError:
            self._send(403, b"", _HTML)
        except (ValueError, KeyError, EwsError) as error:
            self._refuse(str(error) or type(error).__name__, body, wants_json=wants_json)
        else:
            self._answer(fields, result, wants_json=wants_json)

    def _fields(self, body: bytes, *, wants_json: bool) -> dict[str, str]:
        """Text fields. A form needs the pages' secret; JSON with the token cannot come from a
        foreign page."""
        if wants_json:
            if not self._has_header():
                raise PermissionError
            given = json.loads(body or b"{}")
            if not isinstance(given, dict):
                raise ValueError("an object of fields is expected")
            return {
                str(name): "" if value in (None, False) else "1" if value is True else str(value)
                for name, value in given.items()
            }
        fields = dict(parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True))
        if not hmac.compare_digest(fields.get("secret", "").encode(), self._secret.encode()):
            raise PermissionError
        return fields

    def _answer(self, fields: dict[str, str], result: Json, *, wants_json: bool) -> None:
        if wants_json:
            self._send_json(200, result)
            return
        is_page = urlsplit(self.path).path.rpartition("-")[2] in ("entry", "contact")
        place = f"/mailbox/{quote(fields.get('mailbox', ''))}" if is_page else "/"
        day = f"&day={quote(fields['day'])}" if fields.get("day") else ""
        self._redirect(f"{place}?done=1{day}")

    def _refuse(self, why: str, body: bytes, *, wants_json: bool) -> None:
        if wants_json:
            self._send_json(400, {"error": why})
            return
        words, _ = self._language()
        told = pages.status(words, "", why)
        fields = dict(parse_qsl(body.decode("utf-8", "replace")))
        is_page = urlsplit(self.path).path.rpartition("-")[2] in ("entry", "contact")
        if is_page and self._box.state_of(fields.get("mailbox", "")) is not None:
            self._mailbox(fields["mailbox"], fields, *told, status=400)
        else:
            self._overview(*told, status=400)

    # -- pages -------------------------------------------------------------------------------

    @property
    def _sandbox(self) -> SandboxServer:
        return self.server.owner.sandbox_server

    @property
    def _box(self) -> Sandbox:
        return self._sandbox.box

    @property
    def _secret(self) -> str:
        return hmac.new(self.server.owner.token.encode(), b"form", "sha256").hexdigest()

    def _language(self) -> tuple[Words, str]:
        language = language_of(self.headers.get("Accept-Language"))
        return words_of(language), language

    def _told(self, asked: dict[str, str]) -> list[pages.Node]:
        return pages.status(self._language()[0], asked.get("done", ""))

    def _overview(self, *told: pages.Node, status: int = 200) -> None:
        words, language = self._language()
        with self._box.lock:
            made = overview.render(self._box, self._sandbox, words, language, self._secret, *told)
        self._send(status, made, _HTML)

    def _mailbox(
        self, email: str, asked: dict[str, str], *told: pages.Node, status: int = 200
    ) -> None:
        wants_json = email.endswith(".json")
        email = email.removesuffix(".json")
        if self._box.state_of(email) is None:
            self._send(404, b"", _HTML)
            return
        mailbox = self._box.mailbox(email)
        if wants_json:
            self._send_json(200, actions.mailbox_state(mailbox))
            return
        words, language = self._language()
        page = MailboxPage(self._box, mailbox, words, language, self._secret)
        try:
            day = date.fromisoformat(asked.get("day", ""))
        except ValueError:
            day = datetime.now(UTC).astimezone(actions.zone_of(mailbox)).date()
        with self._box.lock:
            made = page.render(day, *(told or self._told(asked)))
        self._send(status, made, _HTML)

    def _ask(self, wrong: bool = False) -> None:
        words, language = self._language()
        made = pages.page(
            words,
            language,
            words("title"),
            *([E.p(words("wrong-token"), role="alert")] if wrong else []),
            E.section(
                E.form(
                    pages.fields(pages.field("token", words("token"), "", "password")),
                    pages.soft(words("token-hint")),
                    pages.buttons(pages.button(words("enter"), "first")),
                    method="post",
                    action="/enter",
                )
            ),
        )
        self._send(401, made, _HTML)

    # -- access ------------------------------------------------------------------------------

    def _is_token(self, given: str) -> bool:
        return hmac.compare_digest(given.encode(), self.server.owner.token.encode())

    def _has_header(self) -> bool:
        scheme, _, given = self.headers.get("Authorization", "").partition(" ")
        return scheme.lower() == "bearer" and self._is_token(given.strip())

    def _is_known(self) -> bool:
        if self._has_header():
            return True
        try:
            held = SimpleCookie(self.headers.get("Cookie", "")).get(self._cookie_name)
        except CookieError:
            return False
        return held is not None and self._is_token(held.value)

    @property
    def _cookie_name(self) -> str:
        # A cookie knows no port: two sandboxes of one machine must not share one.
        return f"__Host-sandbox-{self.server.owner.port}"

    def _cookie(self) -> str:
        token = self.server.owner.token
        return f"{self._cookie_name}={token}; Path=/; Secure; HttpOnly; SameSite=Lax"

    # -- answers -----------------------------------------------------------------------------

    def _redirect(self, place: str, cookie: str = "") -> None:
        more = {"Location": place} | ({"Set-Cookie": cookie} if cookie else {})
        self._send(303, b"", _HTML, more)

    def _send_json(self, status: int, content: Json) -> None:
        self._send(status, json.dumps(content).encode(), _JSON)

    def _send(
        self, status: int, body: bytes, kind: str, more: dict[str, str] | None = None
    ) -> None:
        self.send_response(status)
        for name, value in {
            "Content-Type": kind,
            "Content-Length": str(len(body)),
            "Content-Security-Policy": _POLICY,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cache-Control": "no-store",
            **(more or {}),
        }.items():
            self.send_header(name, value)
        self.end_headers()
        with suppress(OSError):
            self.wfile.write(body)
