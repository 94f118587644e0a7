"""The https server of the control page, beside the sandbox's own: it stays reachable with a good
certificate whatever faults the other one shows."""

from __future__ import annotations

import secrets
import socket
import sys
import threading
from http.server import ThreadingHTTPServer
from types import TracebackType
from typing import TYPE_CHECKING

from .. import tls
from .handler import Handler

if TYPE_CHECKING:
    from ..server import SandboxServer


class ControlServer:
    """Serves the control page and the mailboxes' pages over https.

    Whoever holds ``token`` may do everything: as ``Authorization: Bearer`` for scripts, and once
    as ``?token=`` in the address (``url_with_token``) for people. The certificate is signed by
    the sandbox's CA.
    """

    def __init__(
        self,
        server: SandboxServer,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        token: str = "",
        names: tuple[str, ...] = (),
    ) -> None:
        self.sandbox_server = server
        self.host = host
        self.token = token or secrets.token_urlsafe(24)
        self.context = tls.ensure(server.tls_home / "control", names, ca=server.tls_home).context()
        self._names = names
        self._port = port
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._port

    @property
    def url(self) -> str:
        """The address of the control page."""
        local = {"0.0.0.0": "localhost", "::": "localhost"}  # noqa: S104
        host = self._names[0] if self._names else local.get(self.host, self.host)
        return f"https://{f'[{host}]' if ':' in host else host}:{self._port}/"

    @property
    def url_with_token(self) -> str:
        """The address that opens the page for a person."""
        return f"{self.url}?token={self.token}"

    def start(self) -> ControlServer:
        """Begin to serve in a thread of its own. OSError when the port is taken."""
        self._listener = Listener(self, (self.host, self._port))
        self._port = int(self._listener.server_address[1])
        self.sandbox_server.pages_url = self.url
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.02,), name="sandbox-control", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving."""
        if self._listener is None or self._thread is None:
            return
        self.sandbox_server.pages_url = ""
        self._listener.shutdown()
        self._listener.server_close()
        self._thread.join(5)
        self._listener = None

    def __enter__(self) -> ControlServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


class Listener(ThreadingHTTPServer):
    """The listening socket; a thread per connection."""

    daemon_threads = True
    block_on_close = False

    def __init__(self, owner: ControlServer, address: tuple[str, int]) -> None:
        self.owner = owner
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)

    def get_request(self) -> tuple[socket.socket, object]:
        """A new connection, its TLS not yet agreed."""
        raw, address = super().get_request()
        raw.settimeout(30)
        wrapped = self.owner.context.wrap_socket(
            raw, server_side=True, do_handshake_on_connect=False
        )
        return wrapped, address

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error; anything else is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]
