"""Fixtures: a sandbox with Anna's mailbox, servers around it, and what core hands to a plugin."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from andock_exchange_calendar.connector import ExchangeConnector
from andock_sandbox import Mailbox, Sandbox, tls as sandbox_tls
from andock_sandbox.server import SandboxServer
from tests.exchange_calendar.surroundings import (
    EMAIL,
    PASSWORD,
    Names,
    PlainFactory,
    PlainServer,
    ServerFactory,
    Surroundings,
    connector_for,
)
from tests.sandbox.official_schema import TALLY

NAMES = (
    "mail.musterfirma.test",
    "autodiscover.musterfirma.test",
    "musterfirma.test",
    "autodiscover.hoster.test",
    "mail.hoster.test",
)


@pytest.fixture(scope="session")
def tls_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CA that all servers of a run share."""
    home = tmp_path_factory.mktemp("exchange-tls")
    sandbox_tls.ensure(home, NAMES)
    return home


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """An empty sandbox in memory."""
    made = Sandbox()
    yield made
    made.close()


@pytest.fixture
def anna(box: Sandbox) -> Mailbox:
    """The mailbox that is connected."""
    return box.add_mailbox(EMAIL, PASSWORD, name="Anna Muster", login="MUSTERFIRMA\\anna")


@pytest.fixture
def serve(box: Sandbox, anna: Mailbox, tls_home: Path) -> Iterator[ServerFactory]:
    """Starts servers around the sandbox. Where ANDOCK_EWS_SCHEMAS names the folder, every body
    is held against Microsoft's schema."""
    started: list[SandboxServer] = []
    found = len(TALLY.complaints)

    def start(**options: Any) -> SandboxServer:
        server = SandboxServer(box, **{"tls_home": tls_home, "names": NAMES, **options}).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
    assert TALLY.complaints[found:] == []


@pytest.fixture
def server(serve: ServerFactory) -> SandboxServer:
    """A server as it is by default: 2019, Basic and NTLM."""
    return serve()


@pytest.fixture
def serve_expired(serve: ServerFactory) -> SandboxServer:
    """A server whose certificate ended yesterday."""
    return serve(certificate="expired")


@pytest.fixture
def context(tls_home: Path) -> Surroundings:
    """What core hands over, trusting the sandbox's CA."""
    return Surroundings(Names(tls_home / "ca.pem"))


@pytest.fixture
def connector(context: Surroundings, server: SandboxServer) -> Iterator[ExchangeConnector]:
    """A connector to Anna's mailbox."""
    made = connector_for(context, server)
    yield made
    made.close()


@pytest.fixture
def plain(tls_home: Path) -> Iterator[PlainFactory]:
    """Starts tiny servers with one answer each, over https unless asked not to."""
    started: list[PlainServer] = []

    def start(answer: bytes, *, secure: bool = True) -> PlainServer:
        files = sandbox_tls.ensure(tls_home, NAMES)
        made = PlainServer(answer, files.context() if secure else None)
        started.append(made)
        return made

    yield start
    for server in started:
        server.stop()
