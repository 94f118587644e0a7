"""Fixtures for the sandbox: a server per test, and clients that trust its CA."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from tests.sandbox.client import PASSWORD, Client, ServerFactory
from tests.sandbox.graph_client import Graph
from tests.sandbox.official_graph import GRAPH_TALLY
from tests.sandbox.official_schema import TALLY


@pytest.fixture(scope="session")
def tls_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the CA that all servers of a run share."""
    return tmp_path_factory.mktemp("tls")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """An empty sandbox in memory."""
    made = Sandbox()
    yield made
    made.close()


@pytest.fixture
def anna(box: Sandbox) -> Mailbox:
    """A mailbox to work with."""
    return box.add_mailbox(
        "anna@musterfirma.test", PASSWORD, name="Anna Muster", login="MUSTERFIRMA\\anna"
    )


@pytest.fixture
def serve(box: Sandbox, tls_home: Path) -> Iterator[ServerFactory]:
    """Starts servers around the sandbox; every exchange is checked against the schema."""
    started: list[SandboxServer] = []
    found, found_graph = len(TALLY.complaints), len(GRAPH_TALLY.complaints)

    def start(**options: Any) -> SandboxServer:
        server = SandboxServer(box, **{"tls_home": tls_home, **options}).start()
        started.append(server)
        return server

    yield start
    for server in started:
        server.stop()
    assert TALLY.complaints[found:] == []
    assert GRAPH_TALLY.complaints[found_graph:] == []


@pytest.fixture
def server(serve: ServerFactory, anna: Mailbox) -> SandboxServer:
    """A server as it is by default."""
    return serve()


@pytest.fixture
def client(server: SandboxServer) -> Client:
    """The bare client, signed in as Anna."""
    return Client(server)


@pytest.fixture
def graph(server: SandboxServer, anna: Mailbox, box: Sandbox) -> Graph:
    """Anna's mailbox by Graph, with all permissions."""
    return Graph(server, box.bearer(anna))
