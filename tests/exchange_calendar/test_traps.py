"""What exchangelib does by default and must never happen here. The others of its traps are held
down in test_faults.py (no repeated write, back-off as a moment, one attempt) and test_reading.py
(cursors); the reading of answers in large pieces is measured by `make bench`."""

import ast
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

import pytest

import andock_exchange_calendar
from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox, tls as sandbox_tls
from andock_sandbox.server import SandboxServer
from andock_sdk import errors
from tests.exchange_calendar.surroundings import (
    Names,
    ServerFactory,
    Surroundings,
    appointment,
    connector_for,
    grant_for,
)
from tests.exchange_calendar.test_steps import fails

SOURCES = sorted(Path(andock_exchange_calendar.__file__).parent.glob("*.py"))
HARMLESS = {
    "exchangelib.transport": {"BASIC", "NTLM", "get_auth_instance"},
    "exchangelib.version": {"EXCHANGE_2010", "EXCHANGE_2013", "Build"},
    "exchangelib.winzone": {"IANA_TO_MS_TIMEZONE_MAP", "MS_TIMEZONE_TO_IANA_MAP"},
}
"""All that is used of it: neither protocols, retries and caches, nor its autodiscover."""


def test_only_its_authenticators_and_tables_are_used() -> None:
    """Its autodiscover, sessions, retry policies and caches cannot do harm where they never run."""
    for source in SOURCES:
        for node in ast.walk(ast.parse(source.read_text())):
            if isinstance(node, ast.Import):
                names = {name.name.partition(".")[0] for name in node.names}
                assert "exchangelib" not in names, source.name
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("exchangelib"):
                used = {name.name for name in node.names}
                assert used <= HARMLESS.get(node.module or "", set()), source.name


def test_a_server_that_was_down_is_asked_again(
    context: Surroundings, serve: ServerFactory, anna: Mailbox
) -> None:
    """No failure outlives its call: the same connector works once the server is back."""
    server = serve()
    connector = connector_for(context, server)
    server.stop()
    with pytest.raises(errors.Transient):
        connector.changes(anna.calendar, None)
    server.start()
    assert connector.changes(anna.calendar, None).complete
    connector.close()


def test_each_connection_trusts_its_own_authorities(
    serve: ServerFactory, tmp_path: Path, anna: Mailbox
) -> None:
    """Two servers with two authorities in one process: neither vouches for the other."""
    one, other = serve(), serve(tls_home=tmp_path)
    for server, ca_file, is_good in (
        (one, one.ca_file, True),
        (other, one.ca_file, False),
        (other, other.ca_file, True),
        (one, other.ca_file, False),
    ):
        connector = connector_for(Surroundings(Names(ca_file)), server)
        if is_good:
            assert connector.changes(anna.calendar, None).complete
        else:
            with pytest.raises(errors.AdminError, match=r"certificate\.unknown_issuer"):
                connector.changes(anna.calendar, None)
        connector.close()


def test_a_write_says_what_it_writes_and_how(
    connector: ExchangeConnector, server: SandboxServer, anna: Mailbox, requests: list[bytes]
) -> None:
    """Never every field, never the last one wins, never a delete for good."""
    made = connector.create(anna.calendar, appointment(), "op")
    connector.delete(anna.calendar, made.ref, made.version)
    sent = b"".join(requests)
    assert b'DeleteType="MoveToDeletedItems"' in sent
    assert b"AutoResolve" not in sent
    assert b"AlwaysOverwrite" not in sent


@pytest.fixture
def requests(server: SandboxServer) -> list[bytes]:
    """The bodies that the server is sent."""
    seen: list[bytes] = []
    check = server.on_exchange

    def keep(*exchange: bytes) -> None:
        seen.append(exchange[0])
        if check is not None:
            check(*exchange)

    server.on_exchange = keep
    return seen


Proxy = Callable[[SandboxServer], int]


@pytest.fixture
def tls_proxy(tls_home: Path) -> Iterator[Proxy]:
    """Starts something that ends TLS with a certificate of its own, as load balancers do."""
    listeners: list[socket.socket] = []

    def pump(source: socket.socket, to: socket.socket) -> None:
        with suppress(OSError):
            while piece := source.recv(65_536):
                to.sendall(piece)
        with suppress(OSError):
            to.shutdown(socket.SHUT_RDWR)

    def both_ways(client: socket.socket, server: socket.socket) -> None:
        with client, server:
            back = threading.Thread(target=pump, args=(server, client), daemon=True)
            back.start()
            pump(client, server)
            back.join()

    def start(server: SandboxServer) -> int:
        near = sandbox_tls.ensure(tls_home, ("proxy.musterfirma.test",)).context()
        far = ssl.create_default_context(cafile=str(server.ca_file))
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)

        def serve() -> None:
            while True:
                try:
                    accepted, _ = listener.accept()
                except OSError:
                    return  # the test has ended
                try:
                    client = near.wrap_socket(accepted, server_side=True)
                except OSError:
                    continue  # somebody only looked whether the port is open
                raw = socket.create_connection(("127.0.0.1", server.port))
                behind = far.wrap_socket(raw, server_hostname="127.0.0.1")
                threading.Thread(target=both_ways, args=(client, behind), daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def test_extended_protection_is_met(
    context: Surroundings, serve: ServerFactory, anna: Mailbox
) -> None:
    """The sign-in is bound to the TLS channel."""
    connector = connector_for(context, serve(auth=("ntlm",), extended_protection=True))
    assert connector.changes(anna.calendar, None).complete
    connector.close()


def test_extended_protection_behind_a_proxy_is_named(
    context: Surroundings, serve: ServerFactory, box: Sandbox, tls_proxy: Proxy, tmp_path: Path
) -> None:
    """It cannot be told from a wrong password, so the words name both; it is tried once."""
    server = serve(auth=("ntlm",), extended_protection=True, tls_home=tmp_path)
    url = f"https://127.0.0.1:{tls_proxy(server)}/EWS/Exchange.asmx"
    fails(context, grant_for(url), "sign_in.refused", "sign_in")
    assert [sign_in.ok for sign_in in box.sign_ins] == [False]


def test_only_bearer_is_a_message_of_its_own(context: Surroundings, serve: ServerFactory) -> None:
    """A modern sign-in: no password is sent."""
    fails(context, grant_for(serve(auth=("bearer",)).ews_url), "sign_in.modern", "sign_in")


@pytest.mark.parametrize(("version", "asked"), [("2010_SP2", b"Exchange2010_SP2"),
                                                ("2013_SP1", b"Exchange2013_SP1")])  # fmt: skip
def test_a_pinned_version_is_asked_for_in_every_call(
    context: Surroundings, serve: ServerFactory, anna: Mailbox, version: str, asked: bytes
) -> None:
    """An older server is never asked for what it does not know."""
    server = serve(version=version)
    seen: list[bytes] = []
    server.on_exchange = lambda *exchange: seen.append(exchange[0])
    connector = connector_for(context, server)
    connector.client.access = replace(connector.client.access, version=asked.decode())
    made = connector.create(anna.calendar, appointment(recurrence="FREQ=DAILY;COUNT=3"), "op")
    connector.read(anna.calendar, [made.ref])
    connector.collections()
    connector.close()
    assert len(seen) >= 4
    assert all(b'Version="' + asked + b'"' in body for body in seen)
