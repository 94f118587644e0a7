"""Servers that are never silent and never done: before the answer's body even begins."""

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from andock_sandbox import tls
from andock_sdk import errors
from andock_sdk.https import wire as transport
from tests.exchange_calendar.surroundings import Names, PlainServer, page


@pytest.fixture(autouse=True)
def hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """A whole answer gets half a second."""
    monkeypatch.setattr(transport, "WHOLE_TIMEOUT", 0.5)


def test_headers_that_drip_are_given_up(files: tls.Files) -> None:
    """Each byte of them ends a silence; the whole has a limit."""
    endless = page("200 OK", "", "X-Long: " + "x" * 50_000)
    server = PlainServer(endless, files.context(), pause=0.02)
    _given_up(files.ca, server.port)
    server.stop()


def test_a_handshake_that_drips_is_given_up(files: tls.Files) -> None:
    """The same before there is any encryption."""
    with _dripping() as port:
        _given_up(files.ca, port)


def _given_up(ca: Path, port: int) -> None:
    began = time.monotonic()
    wire = transport.Wire(Names(ca), {})
    with pytest.raises(errors.Transient) as slow:
        wire.send("GET", f"https://127.0.0.1:{port}/")
    wire.close()
    assert slow.value.key == "server.timeout"
    assert time.monotonic() - began < 8


@contextmanager
def _dripping() -> Iterator[int]:
    """A TLS record of 16 KB, a byte at a time; the port."""
    over = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    thread = threading.Thread(target=_drip, args=(listener, over.wait))
    thread.start()
    yield int(listener.getsockname()[1])
    over.set()
    thread.join()
    listener.close()


def _drip(listener: socket.socket, over: Callable[[float], bool]) -> None:
    connection, _ = listener.accept()
    with suppress(OSError), connection:
        connection.sendall(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc")
        while not over(0.05):
            connection.sendall(b"\x03")
