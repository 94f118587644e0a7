"""The wire that plugins speak https by: what goes out, and what comes back."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from andock_sandbox import tls
from andock_sdk.https import NETWORK_ERRORS, Answer, Wire
from tests.exchange_calendar.surroundings import Names, PlainServer, page

HOST = "127.0.0.1"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The CA of the servers below."""
    return tmp_path_factory.mktemp("https-tls")


@pytest.fixture
def server(home: Path) -> Iterator[PlainServer]:
    """Gives a cookie with every answer."""
    context = tls.ensure(home, (HOST,)).context()
    made = PlainServer(page("200 OK", "[]", "Set-Cookie: server=7; Path=/"), context)
    yield made
    made.stop()


@pytest.fixture
def wire(home: Path) -> Iterator[Wire]:
    """With a header of its own."""
    made = Wire(Names(home / "ca.pem"), {"User-Agent": "Test/1", "Accept": "application/json"})
    yield made
    made.close()


def test_a_cookie_goes_back_to_the_server_that_gave_it(wire: Wire, server: PlainServer) -> None:
    url = f"https://{HOST}:{server.port}/one"
    assert wire.send("GET", url).json() == []
    wire.send("GET", url)
    first, second = server.received
    assert b"Cookie" not in first
    assert b"Cookie: server=7\r\n" in second


def test_a_header_replaces_the_usual_one_however_it_is_spelled(
    wire: Wire, server: PlainServer
) -> None:
    url = f"https://{HOST}:{server.port}/one"
    wire.send("POST", url, b"{}", headers={"accept": "text/plain"})
    (sent,) = server.received
    assert sent.lower().count(b"accept:") == 1
    assert b"accept: text/plain\r\n" in sent
    assert sent.endswith(b"{}")


def test_nothing_goes_out_by_plain_http(wire: Wire, server: PlainServer) -> None:
    with pytest.raises(NETWORK_ERRORS):
        wire.send("GET", f"http://{HOST}:{server.port}/one")
    assert server.received == []


def test_half_of_a_surrogate_pair_spoils_its_text_alone() -> None:
    answer = Answer(200, {}, b'{"subject": "\\ud83d", "other": "fine"}')
    assert answer.json() == {"subject": "\ud83d", "other": "fine"}


def test_what_is_no_json_is_said() -> None:
    with pytest.raises(ValueError, match="Expecting"):
        Answer(200, {}, b"<html>").json()
