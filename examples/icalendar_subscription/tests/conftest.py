"""A server that publishes a calendar, and a plugin's surroundings without Andock."""

from collections.abc import Iterator

import pytest
from calendars import Connect, calendar
from feed_server import FeedServer

from andock_icalendar_subscription.connector import FeedConnector
from andock_sdk import Grant
from andock_sdk.contract.case import Surroundings
from andock_sdk.contract.network import LocalEgress


@pytest.fixture(scope="session")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[FeedServer]:
    """One server for all tests."""
    with FeedServer(tmp_path_factory.mktemp("feed")) as server:
        yield server


@pytest.fixture
def server(running: FeedServer) -> FeedServer:
    """The server as if it were new, with one event."""
    running.text = calendar("DTSTART:20261124T080000Z\nDTEND:20261124T090000Z\nSUMMARY:Plan")
    running.content_type = "text/calendar; charset=utf-8"
    running.marks, running.packed = True, False
    running.users = {}
    running.answers.clear()
    running.requests.clear()
    return running


@pytest.fixture
def context(server: FeedServer) -> Surroundings:
    """What a hook is handed."""
    return Surroundings(LocalEgress(ca_file=server.ca_file))


@pytest.fixture
def connect(server: FeedServer, context: Surroundings) -> Connect:
    """Makes a connector for the server's calendar, or for another address."""

    def made(url: str = "", user: str = "", password: str = "") -> FeedConnector:
        secrets = {"url": url or server.url, "user": user, "password": password}
        return FeedConnector(context, Grant(secrets=secrets))

    return made
