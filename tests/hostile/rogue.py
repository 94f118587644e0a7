"""A server over real https that is Exchange until a test twists an answer.

Honest answers come from the sandbox. A twist takes the honest body and gives what is sent instead:
any status, any headers, a body that may be streamed and need never end.
"""

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass

from andock_sandbox import Sandbox, service
from andock_sandbox.service import VERSIONS

XML = "Content-Type: text/xml; charset=utf-8"
_OPERATION = re.compile(rb"Body[^>]*>\s*<(?:\w+:)?(\w+)")


@dataclass(frozen=True)
class Reply:
    """What goes over the wire. `length`: the body's length is told; else the connection's end
    ends it. `pause`: seconds between the body's pieces."""

    body: bytes | Iterable[bytes]
    status: str = "200 OK"
    headers: tuple[str, ...] = (XML,)
    length: bool = True
    pause: float = 0.0

    def head(self) -> bytes:
        """Status line and headers."""
        lines = [f"HTTP/1.1 {self.status}", *self.headers]
        if self.length and isinstance(self.body, bytes):
            lines.append(f"Content-Length: {len(self.body)}")
        return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("latin-1")


Twist = Callable[[bytes], Reply | bytes]
"""From the honest body to what is sent; bytes alone go as an ordinary answer."""


class Rogue:
    """Listens at `port`. `twists` holds the twist for each operation ("*": for any other)."""

    def __init__(self, box: Sandbox, email: str, context: ssl.SSLContext) -> None:
        self._box = box
        self._email = email
        self._context = context
        self._stopped = threading.Event()
        self.twists: dict[str, Twist] = {}
        self.asked: list[str] = []
        self._socket = socket.create_server(("127.0.0.1", 0), backlog=16)
        self.port: int = self._socket.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()

    @property
    def url(self) -> str:
        """The EWS address."""
        return f"https://127.0.0.1:{self.port}/EWS/Exchange.asmx"

    def stop(self) -> None:
        """Stop listening and dripping."""
        self._stopped.set()
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()

    def _listen(self) -> None:
        while True:
            try:
                raw, _ = self._socket.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(raw,), daemon=True).start()

    def _serve(self, raw: socket.socket) -> None:
        raw.settimeout(30)
        with suppress(OSError), raw, self._context.wrap_socket(raw, server_side=True) as secure:
            head, body = _request(secure)
            if not head:
                return
            if b"\nauthorization:" not in head.lower():
                challenge = ("WWW-Authenticate: Basic realm=x",)
                self._send(secure, Reply(b"", "401 Unauthorized", challenge))
                return
            self._send(secure, self._reply(body))
            # To the end of what the client says, so that no reset takes the answer from it.
            with suppress(OSError):
                secure.shutdown(socket.SHUT_WR)
                secure.settimeout(2)
                secure.recv(1)

    def _reply(self, request: bytes) -> Reply:
        found = _OPERATION.search(request)
        operation = found[1].decode() if found else ""
        self.asked.append(operation)
        state = self._box.state_of(self._email)
        assert state is not None
        honest = service.answer(self._box, state, VERSIONS["2019"], request)
        twist = self.twists.get(operation) or self.twists.get("*")
        if twist is None:
            return Reply(honest.body, f"{honest.status} OK")
        made = twist(honest.body)
        return made if isinstance(made, Reply) else Reply(made)

    def _send(self, connection: ssl.SSLSocket, reply: Reply) -> None:
        connection.sendall(reply.head())
        for piece in [reply.body] if isinstance(reply.body, bytes) else reply.body:
            connection.sendall(piece)
            if reply.pause and self._stopped.wait(reply.pause):
                return


def _request(connection: ssl.SSLSocket) -> tuple[bytes, bytes]:
    with connection.makefile("rb") as stream:
        head, length = b"", 0
        while (line := stream.readline()).strip():
            head += line
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        return head, stream.read(length)
