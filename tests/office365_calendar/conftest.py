"""The stand-in with an app for Andock, and a connector to Anna's mailbox."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_office365_calendar.connector import GraphConnector
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.identity import App
from andock_sandbox.server import SandboxServer
from andock_sdk import Grant
from tests.office365_calendar.surroundings import Surroundings, around, connector_for, granted
from tests.sandbox.client import PASSWORD
from tests.sandbox.graph_client import ANNA, REDIRECT
from tests.sandbox.official_graph import GRAPH_TALLY

CALLBACK = "https://andock.example/authorized"
"""What the contract's context says."""


@pytest.fixture(scope="session")
def tls_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CA that all servers of a run share."""
    return tmp_path_factory.mktemp("office365-tls")


@pytest.fixture
def box() -> Iterator[Sandbox]:
    """An empty sandbox in memory."""
    made = Sandbox()
    yield made
    made.close()


@pytest.fixture
def anna(box: Sandbox) -> Mailbox:
    """The mailbox that is connected."""
    return box.add_mailbox(ANNA, PASSWORD, name="Anna Muster", login="MUSTERFIRMA\\anna")


@pytest.fixture
def server(box: Sandbox, anna: Mailbox, tls_home: Path) -> Iterator[SandboxServer]:
    """The stand-in over https; every answer of Graph is held against the official metadata where
    ANDOCK_GRAPH_SCHEMA names it."""
    found = len(GRAPH_TALLY.complaints)
    started = SandboxServer(box, tls_home=tls_home).start()
    yield started
    started.stop()
    assert GRAPH_TALLY.complaints[found:] == []


@pytest.fixture
def app(server: SandboxServer) -> App:
    """Andock's registration."""
    return server.box.directory.register("Andock", [REDIRECT, CALLBACK])


@pytest.fixture
def context(server: SandboxServer, app: App) -> Surroundings:
    """A context whose operator registered Andock."""
    return around(server, app)


@pytest.fixture
def grant(context: Surroundings, server: SandboxServer) -> Grant:
    """Anna signed in."""
    return granted(context, server)


@pytest.fixture
def connector(context: Surroundings, grant: Grant) -> Iterator[GraphConnector]:
    """A connector to Anna's mailbox."""
    made = connector_for(context, grant)
    yield made
    made.close()
