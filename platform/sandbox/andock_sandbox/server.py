"""The https server around a sandbox."""

from __future__ import annotations

import socket
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from http.server import ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from . import recording, tls
from .auth import Doorkeeper
from .cloud import GRAPH_VERSION
from .graph.service import Recorder as GraphRecorder
from .handler import Handler
from .sandbox import Sandbox
from .service import VERSIONS

CERTIFICATES = ("good", "expired", "wrong-name")
# Sees every EWS request with its answer, faults on purpose aside.
Recorder = Callable[[bytes, bytes], None]
# The recorders of each new server in this process; for tests.
default_recorder: Recorder | None = None
default_graph_recorder: GraphRecorder | None = None


class Listener(ThreadingHTTPServer):
    """The listening socket; a thread per connection."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 64

    def __init__(self, owner: SandboxServer, address: tuple[str, int]) -> None:
        self.owner = owner
        self.box = owner.box
        self.version = owner.version
        self.connections: set[socket.socket] = set()
        self.address_family = socket.AF_INET6 if ":" in address[0] else socket.AF_INET
        super().__init__(address, Handler)

    @property
    def public_url(self) -> str:
        """The EWS address that autodiscover tells."""
        return self.owner.public_url

    @property
    def doorkeeper(self) -> Doorkeeper:
        """Who judges credentials now."""
        return self.owner.doorkeeper

    def record(self, request: bytes, response: bytes) -> None:
        """Hand an exchange to whoever listens."""
        if self.owner.on_exchange is not None:
            self.owner.on_exchange(request, response)

    def get_request(self) -> tuple[socket.socket, object]:
        """A new connection, its TLS not yet agreed."""
        raw, address = super().get_request()
        wrapped = self.owner.context.wrap_socket(
            raw, server_side=True, do_handshake_on_connect=False
        )
        return wrapped, address

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is no error; anything else is shown."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class SandboxServer:
    """Serves a sandbox over https: EWS at ``ews_url``, autodiscover beside it.

    - ``names``: further host names of the certificate; the first one is told by autodiscover;
    - ``version``: 2007, 2010_SP2, 2013_SP1, 2016 or 2019;
    - ``auth``: the offered schemes, of ``basic``, ``ntlm`` and ``bearer``;
    - ``certificate``: ``good``, ``expired``, or ``wrong-name`` (for ``names`` alone; without any,
      for elsewhere.invalid). Another CA is another ``tls_home``;
    - ``extended_protection``: NTLM must be bound to the TLS channel.

    The last three may be changed while it serves (``behave``).

    ``on_exchange`` may be set to see each EWS request and answer. OSError on ``start`` when the
    port is taken.
    """

    def __init__(
        self,
        box: Sandbox,
        host: str = "127.0.0.1",
        port: int = 0,
        *,
        tls_home: Path,
        names: tuple[str, ...] = (),
        version: str = "2019",
        auth: tuple[str, ...] = ("basic", "ntlm"),
        certificate: str = "good",
        public_url: str = "",
        extended_protection: bool = False,
    ) -> None:
        if version not in VERSIONS:
            raise ValueError(f"no such version: {version}; there are {', '.join(VERSIONS)}")
        self.box = box
        self.host = host
        self.version = VERSIONS[version]
        self.on_exchange = default_recorder or recording.from_environment()
        self.on_graph = default_graph_recorder or recording.graph_from_environment()
        self._version_name = version
        self._tls_home = tls_home
        self._names = names
        self._port = port
        self._public_url = public_url
        self._listener: Listener | None = None
        self._thread: threading.Thread | None = None
        # The address of the pages that stand for Outlook on the web, when they are served.
        self.pages_url = ""
        self.behave(auth=auth, certificate=certificate, extended_protection=extended_protection)

    def behave(
        self,
        *,
        auth: tuple[str, ...] | None = None,
        certificate: str | None = None,
        extended_protection: bool | None = None,
    ) -> None:
        """Change what the server offers and demands; None leaves a thing as it is. New
        connections meet a new certificate. ValueError for what does not exist."""
        if certificate is not None:
            files = self._certificate(certificate)
            self.certificate, self.ca_file, self.context = certificate, files.ca, files.context()
            self._der = files.der()
        if auth is not None:
            self.doorkeeper = Doorkeeper(self.box, auth)
        if extended_protection is not None:
            self.extended_protection = extended_protection
        self.doorkeeper.binding = self._der if self.extended_protection else None

    def _certificate(self, kind: str) -> tls.Files:
        if kind not in CERTIFICATES:
            raise ValueError(f"no such certificate: {kind}")
        if kind == "wrong-name":
            names = tuple(name for name in self._names if name not in tls.LOCAL)
            names = names or ("elsewhere.invalid",)
            return tls.ensure(self._tls_home, names, only_names=True)
        return tls.ensure(self._tls_home, self._names, expired=kind == "expired")

    @property
    def tls_home(self) -> Path:
        """The folder of the CA and the certificates."""
        return self._tls_home

    @property
    def version_name(self) -> str:
        """The version as it was given, e.g. ``2019``."""
        return self._version_name

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return self._port

    @property
    def ews_url(self) -> str:
        """The EWS address on this machine."""
        host = {"0.0.0.0": "localhost", "::": "localhost"}.get(self.host, self.host)  # noqa: S104
        return f"https://{f'[{host}]' if ':' in host else host}:{self._port}/EWS/Exchange.asmx"

    @property
    def cloud_url(self) -> str:
        """The address below which the identity platform lies: ``…/organizations`` is the authority
        for everybody's sign-in."""
        return self.public_url.removesuffix("/EWS/Exchange.asmx")

    @property
    def graph_url(self) -> str:
        """The address of Microsoft Graph."""
        return f"{self.cloud_url}/{GRAPH_VERSION}"

    @property
    def public_url(self) -> str:
        """The EWS address that autodiscover tells: by the first of ``names``, when there is one."""
        if self._public_url or not self._names:
            return self._public_url or self.ews_url
        return f"https://{self._names[0]}:{self._port}/EWS/Exchange.asmx"

    def start(self) -> SandboxServer:
        """Begin to serve in a thread of its own."""
        self._listener = Listener(self, (self.host, self._port))
        self._port = int(self._listener.server_address[1])
        self._thread = threading.Thread(
            target=self._listener.serve_forever, args=(0.02,), name="sandbox", daemon=True
        )
        self._thread.start()
        return self

    def stop(self) -> None:
        """Stop serving and end all connections. The sandbox stays usable."""
        if self._listener is None or self._thread is None:
            return
        self._listener.shutdown()
        self._listener.server_close()
        for connection in list(self._listener.connections):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        self._thread.join(5)
        self._listener = None

    def __enter__(self) -> SandboxServer:
        return self.start()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
