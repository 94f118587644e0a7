"""What core would hand to the plugin: real sockets and TLS, with names that tests make up."""

import logging
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import sleep

from andock_core.egress.looking import look
from andock_exchange_calendar.client import Access, Client
from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox.server import SandboxServer
from andock_sdk import (
    JSON,
    Address,
    Answers,
    Appointment,
    Certificate,
    Grant,
    RemoteItem,
    Slot,
    Step,
    errors,
)

PASSWORD = "Sommer-2026"
EMAIL = "anna@musterfirma.test"
BERLIN = "Europe/Berlin"


@dataclass
class Names:
    """An Egress whose names lead to ports of this machine; any other name is unknown."""

    ca_file: Path
    hosts: dict[tuple[str, int], tuple[str, int]] = field(default_factory=dict)
    srv_records: dict[str, list[tuple[str, int]]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)
    connected: list[tuple[str, int]] = field(default_factory=list)
    asked: list[tuple[str, int]] = field(default_factory=list)

    def name(self, host: str, server: SandboxServer, port: int = 443) -> None:
        """Let a name lead to a server."""
        self.hosts[host, port] = ("127.0.0.1", server.port)

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        self.asked.append((host, port))
        if host in self.refused:
            raise errors.EgressRefused
        address = self.hosts.get((host, port))
        if address is None and host not in ("127.0.0.1", "localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name in this test")
        made = socket.create_connection(address or (host, port), timeout)
        self.connected.append((host, port))
        return made

    def tls(self, host: str, port: int) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.ca_file))

    def addresses(self, host: str, port: int) -> list[Address]:
        if host in self.refused:
            return [Address(address="10.0.0.1", allowed=False)]
        if (host, port) not in self.hosts and host not in ("127.0.0.1", "localhost"):
            raise socket.gaierror(socket.EAI_NONAME, "no such name in this test")
        return [Address(address="127.0.0.1", allowed=True)]

    def certificate(self, host: str, port: int, timeout: float) -> Certificate:
        return look(self.connect(host, port, timeout), host)

    def srv(self, name: str) -> list[tuple[str, int]]:
        return self.srv_records.get(name, [])


class Notebook:
    """A State in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, JSON] = {}

    def get(self, name: str) -> JSON:
        return self.kept.get(name)

    def put(self, name: str, value: JSON) -> None:
        self.kept[name] = value


@dataclass
class Surroundings:
    """A Context for tests."""

    egress: Names
    state: Notebook = field(default_factory=Notebook)
    servers: dict[str, str] = field(default_factory=dict)
    log: logging.Logger = field(default_factory=lambda: logging.getLogger("test"))
    invitations: bool = False
    zone: str = "Europe/Berlin"
    facts: dict[str, str] = field(default_factory=dict)
    operator: Answers = field(default_factory=dict)
    callback_url: str = "http://127.0.0.1:8765/callback"
    replaced: list[Grant] = field(default_factory=list)

    def now(self) -> datetime:
        return datetime(2026, 11, 22, 8, 0, tzinfo=UTC)

    def webhook_url(self, name: str) -> str:
        return ""

    def make_due(self) -> None:
        """It is due already."""

    def replace_grant(self, grant: Grant) -> None:
        self.replaced.append(grant)

    def server_for(self, domain: str) -> str:
        return self.servers.get(domain, "")


class Steps(list[Step]):
    """A Report that remembers."""

    def __call__(self, step: Step) -> None:
        self.append(step)

    def last(self) -> dict[str, str]:
        """The last state of each step."""
        return {step.key: step.state for step in self}

    def text(self) -> str:
        """All that people would read, in both languages."""
        return " ".join(
            word
            for step in self
            for text in (step.title, step.detail)
            if text is not None
            for word in text.every()
        )


def grant_for(url: str, username: str = EMAIL, password: str = PASSWORD, **facts: str) -> Grant:
    """A grant as the form would give it, with further facts as a test would."""
    return Grant(
        secrets={"username": username, "password": password}, facts={"server": url, **facts}
    )


def connector_for(
    context: Surroundings, server: SandboxServer, sign_in: str = "NTLM"
) -> ExchangeConnector:
    """A connector after a successful test."""
    access = Access(server.ews_url, EMAIL, PASSWORD, "Exchange2013_SP1", sign_in)
    return ExchangeConnector(context, Client(context, access))


def appointment(**fields: object) -> Appointment:
    """An appointment on a Tuesday in November, 9 to 10 in Berlin."""
    given: dict[str, object] = {"when": slot("2026-11-24T09:00:00", "2026-11-24T10:00:00")}
    return Appointment.model_validate(given | fields)


def held_in(remote: RemoteItem) -> Appointment:
    """The appointment that the server holds."""
    assert isinstance(remote.item, Appointment)
    return remote.item


def slot(start: str, end: str, zone: str = BERLIN) -> Slot:
    """A timed slot in one zone."""
    return Slot(start=start, end=end, start_zone=zone, end_zone=zone)


def days(start: str, end: str) -> Slot:
    """An all-day slot, the end exclusive."""
    return Slot(start=start, end=end, all_day=True)


class PlainServer:
    """A tiny server that answers every connection in one way and remembers what it was sent."""

    def __init__(
        self, answer: bytes, context: ssl.SSLContext | None = None, pause: float = 0
    ) -> None:
        self._pause = pause
        self._answer = answer
        self._context = context
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._socket.getsockname()[1]
        self.received: list[bytes] = []
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        while True:
            try:
                raw, _ = self._socket.accept()
            except OSError:
                return
            raw.settimeout(5)
            try:
                self._one(raw)
            except OSError:
                pass
            finally:
                raw.close()

    def _one(self, raw: socket.socket) -> None:
        if self._context is None and raw.recv(1, socket.MSG_PEEK) == b"\x16":  # TLS's hello
            raw.sendall(self._answer)
            return
        with self._context.wrap_socket(raw, server_side=True) if self._context else raw as made:
            request = _request(made)
            if request:
                self.received.append(request)
                self._send(made)

    def _send(self, connection: socket.socket) -> None:
        """All at once, or dripping."""
        step = 16 if self._pause else len(self._answer)
        for start in range(0, len(self._answer), step or 1):
            connection.sendall(self._answer[start : start + step])
            sleep(self._pause)

    def stop(self) -> None:
        """Stop listening."""
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()


def _request(connection: socket.socket) -> bytes:
    """A whole http request; empty when none came."""
    with connection.makefile("rb") as stream:
        head = b""
        length = 0
        while line := stream.readline():
            head += line
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
            if line == b"\r\n":
                break
        return head + stream.read(length)


def page(status: str, body: str = "", *headers: str) -> bytes:
    """An http answer."""
    lines = [f"HTTP/1.1 {status}", "Connection: close", f"Content-Length: {len(body)}", *headers]
    return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()


ServerFactory = Callable[..., SandboxServer]
PlainFactory = Callable[..., PlainServer]
