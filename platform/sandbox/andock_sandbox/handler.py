"""One https connection: http, sign-in and faults around ``service`` and ``autodiscover``."""

from __future__ import annotations

import socket
import ssl
import struct
import time
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, quote, urlsplit

from . import autodiscover, autodiscover_soap, cloud, cloud_handler, service, spoiling, views
from .auth import Session
from .errors import EwsError
from .faults import AUTODISCOVER, SIGN_IN, Fault
from .state import MailboxState

if TYPE_CHECKING:
    from .server import Listener

EWS_PATH = "/ews/exchange.asmx"
# Exchange's own limit on a request is 64 MB; more than this no test needs.
MAX_BODY = 32 * 1024 * 1024
_XML = "text/xml; charset=utf-8"
_HTML = "text/html; charset=utf-8"
_PAGE = (
    b"<html><body><h1>Exchange Web Services</h1><p>You have created a service.</p></body></html>"
)


class TooLarge(Exception):
    """The request's body is over the limit."""


class Handler(BaseHTTPRequestHandler):
    """Serves one connection, request after request, over http 1.1."""

    protocol_version = "HTTP/1.1"
    server_version = "Microsoft-IIS/10.0"
    sys_version = ""
    timeout = 120
    server: Listener

    def setup(self) -> None:
        """TLS is agreed here, in the connection's own thread: a slow client holds up no other."""
        self.session = Session()
        self.server.connections.add(self.request)
        try:
            self.request.settimeout(10)
            if isinstance(self.request, ssl.SSLSocket):
                self.request.do_handshake()
        except (OSError, ssl.SSLError):
            self.server.connections.discard(self.request)
            raise ConnectionAbortedError from None
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().setup()

    def finish(self) -> None:
        """The connection ends."""
        with suppress(OSError, ValueError):
            super().finish()
        self.server.connections.discard(self.request)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet: what happened is in the sandbox's records."""

    # -- requests ----------------------------------------------------------------------------

    def do_GET(self) -> None:
        """EWS answers a signed-in GET with a plain page; autodiscover asks for a POST."""
        self._serve(b"")

    def do_POST(self) -> None:
        """An EWS or autodiscover request."""
        try:
            body = self._read_body()
        except TooLarge:
            self.close_connection = True
            self.send(413, b"", _HTML)
            return
        except ValueError:
            self.close_connection = True
            self.send(400, b"", _HTML)
            return
        self._serve(body)

    # Of Graph alone.
    do_PATCH = do_PUT = do_DELETE = do_POST  # noqa: N815  the names that http.server looks for

    def _read_body(self) -> bytes:
        if "chunked" in self.headers.get("Transfer-Encoding", "").lower():
            return self._read_chunks()
        length = int(self.headers.get("Content-Length") or 0)
        if length < 0:
            raise ValueError("negative length")
        if length > MAX_BODY:
            raise TooLarge
        return self.rfile.read(length)

    def _read_chunks(self) -> bytes:
        made = bytearray()
        while True:
            size = int(self.rfile.readline(64).split(b";")[0], 16)
            if size < 0 or len(made) + size > MAX_BODY:
                raise TooLarge
            made += self.rfile.read(size)
            self.rfile.readline(8)
            if size == 0:
                return bytes(made)

    def _serve(self, body: bytes) -> None:
        whole = urlsplit(self.path).path
        if cloud.is_graph(whole) or cloud.is_identity(whole):
            cloud_handler.serve(self, body)
            return
        path = whole.lower()
        if path.startswith("/owa"):
            self._show_web()
            return
        if path not in (EWS_PATH, *autodiscover.PATHS):
            self.send(404, b"", _HTML)
            return
        early = self._planned_fault(SIGN_IN)
        if early is not None and early.kind in ("slow", "drip"):
            time.sleep(early.seconds)
        elif early is not None and early.is_after:
            self.drop()  # nothing has happened yet that could get lost
            return
        elif early is not None:
            spoiling.instead(self, early)
            return
        header = self.headers.get("Authorization")
        with self.server.box.lock:
            verdict = self.server.doorkeeper.check(header, self.session, path)
        if verdict.state is None:
            self.refuse(verdict.headers)
        elif path == EWS_PATH:
            self._serve_ews(verdict.state, body)
        else:
            self._serve_autodiscover(verdict.state, path, body)

    def _show_web(self) -> None:
        """Outlook on the web: the page of the mailbox that an item's link names, where pages are
        served; else its sign-in page."""
        asked = {name.lower(): text for name, text in parse_qsl(urlsplit(self.path).query)}
        owner = self.server.owner
        for state in self.server.box.states if owner.pages_url else ():
            with self.server.box.lock, suppress(EwsError):
                view = views.find(state, asked.get("itemid", ""))
                day = str(view.props.get("Start", ""))[:10]
                place = f"{owner.pages_url}mailbox/{quote(state.account.email, safe='@')}?day={day}"
                self.send(302, b"", _HTML, [("Location", place)])
                return
        self.send(200, spoiling.LOGIN, _HTML)

    def refuse(self, headers: tuple[str, ...]) -> None:
        """Ask for credentials."""
        # Closing after a bare refusal would break NTLM, which lives on one connection.
        self.send(401, b"", _HTML, [("WWW-Authenticate", value) for value in headers])

    def _serve_ews(self, state: MailboxState, body: bytes) -> None:
        if self.command != "POST":
            self.send(200, _PAGE, _HTML)
            return
        # The operation's name costs a parse: only when a fault waits for one.
        operation = service.operation_of(body) if self.server.box.faults.waiting else ""
        fault = self._planned_fault(operation, state.account.email)
        if fault is not None and not fault.is_after:
            spoiling.instead(self, fault)
            return
        answer = service.answer(self.server.box, state, self.server.version, body)
        if answer.stream is not None and fault is None:
            self._stream(answer.stream, body)
        elif fault is None:
            self.server.record(body, answer.body)
            self.send(answer.status, answer.body, _XML)
        else:
            # Of a hanging answer the first part is spoilt.
            whole = answer.body if answer.stream is None else next(answer.stream, b"")
            spoiling.spoil(self, fault, answer.status, whole)

    def _planned_fault(self, operation: str, mailbox: str = "") -> Fault | None:
        return self.server.box.faults.take(operation, mailbox)

    def _serve_autodiscover(self, state: MailboxState, path: str, body: bytes) -> None:
        if self.command != "POST":
            self.send(200 if path == autodiscover.SOAP_PATH else 405, b"", _HTML)
            return
        fault = self._planned_fault(AUTODISCOVER, state.account.email)
        if fault is not None and not fault.is_after:
            spoiling.instead(self, fault)
            return
        self._tell(fault, path, body)

    def _tell(self, fault: Fault | None, path: str, body: bytes) -> None:
        """Autodiscover's answer to a signed-in client."""

        def send(made: bytes) -> None:
            if fault is None:
                self.send(200, made, _XML)
            else:
                spoiling.spoil(self, fault, 200, made)

        if path == autodiscover.SOAP_PATH:
            made = autodiscover_soap.answer(
                self.server.box, body, self.server.public_url, self.server.version.info
            )
            send(made)
            return
        address = autodiscover.address_of(body)
        told = self.server.box.redirects.get(address.rpartition("@")[2].casefold())
        if told is not None and told.location is not None:
            self.send(302, b"", _HTML, [("Location", told.location)])
        elif told is not None:
            send(autodiscover.redirect(told))
        elif not address:
            send(autodiscover.failure(600, "Invalid Request"))
        else:
            found = self.server.box.state_of(address)
            made = (
                autodiscover.failure(500, "The email address can't be found.")
                if found is None
                else autodiscover.settings(found.account, self.server.public_url)
            )
            send(made)

    def _stream(self, parts: Iterator[bytes], body: bytes) -> None:
        """A hanging answer: each part leaves as a chunk of its own as soon as there is one."""
        self.send_response(200)
        self.send_header("Content-Type", _XML)
        self.send_header("Transfer-Encoding", "chunked")
        head = b"".join([*self._buffered(), b"\r\n"])
        with suppress(OSError):
            self.wfile.write(head)
            for part in parts:
                self.server.record(body, part)
                self.wfile.write(b"%x\r\n%b\r\n" % (len(part), part))
            self.wfile.write(b"0\r\n\r\n")
            return
        self.close_connection = True

    # -- answers -----------------------------------------------------------------------------

    def drop(self) -> None:
        """End the connection with a reset, without an answer."""
        self.close_connection = True
        with suppress(OSError):
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            # Not through TLS: a close notice would look like an orderly end.
            socket.socket(fileno=self.connection.detach()).close()

    def send(
        self,
        status: int,
        body: bytes,
        content_type: str,
        headers: list[tuple[str, str]] | None = None,
        cut: int | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """Send a whole answer in one write; ``cut`` ends it (and the connection) early, unless
        ``keep`` says that the rest follows (``send_more``)."""
        self.send_response(status)
        if status != 204:
            self.send_header("Content-Type", content_type)
            self.send_header("Content-Length", str(len(body)))
        self.send_header("X-FEServer", "EX01")
        for key, value in headers or []:
            self.send_header(key, value)
        if self.close_connection or (cut is not None and not keep):
            self.send_header("Connection", "close")
            self.close_connection = True
        head = b"".join([*self._buffered(), b"\r\n"])
        with suppress(OSError):
            self.wfile.write(head + body[:cut])

    def send_more(self, piece: bytes) -> None:
        """A further piece of the body."""
        with suppress(OSError):
            self.wfile.write(piece)

    def _buffered(self) -> list[bytes]:
        """The header lines so far, taken over so that they leave together with the body."""
        held: list[bytes] = vars(self).pop("_headers_buffer", [])
        return held
