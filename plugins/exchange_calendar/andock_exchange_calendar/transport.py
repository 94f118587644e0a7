"""HTTPS to one server, over sockets that core's egress opens and under its TLS settings.

requests and urllib3 drive the connection (keep-alive, NTLM's handshake per connection); nothing
of theirs is patched globally, no environment variable, proxy or .netrc is read, no redirect is
followed and nothing is sent twice.
"""

import socket
import ssl
from time import monotonic
from typing import Any

import requests
import urllib3
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from andock_exchange_calendar.failures import AnswerTooLarge, AnswerTooSlow
from andock_sdk import Egress

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
"""Seconds of silence."""
WHOLE_TIMEOUT = 120.0
"""Seconds for a whole answer, however steadily it drips."""
MOST_BYTES = 64 * 1024 * 1024
"""An answer's size, unpacked."""
_CHUNK = 256 * 1024


class Answer:
    """An HTTP answer, read to its end. `headers` are matched without regard to case."""

    def __init__(self, response: requests.Response, content: bytes) -> None:
        self.status = response.status_code
        self.headers = response.headers
        self.content = content

    @property
    def is_xml(self) -> bool:
        """Whether the answer calls itself XML."""
        return "xml" in self.headers.get("Content-Type", "").lower()


class Wire:
    """A session with keep-alive. Raises what requests raises, and SDK errors from egress."""

    def __init__(self, egress: Egress) -> None:
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.adapters.clear()
        self._session.mount("https://", _Adapter(egress))
        self._session.headers.clear()

    def send(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        auth: AuthBase | None = None,
        timeout: float | None = None,
    ) -> Answer:
        """One request, sent once. The answer is read to its end, within limits: `timeout` is the
        longest silence in seconds, where somebody waits; a run has more patience."""
        began, silence = monotonic(), timeout or READ_TIMEOUT
        whole = timeout * 1.5 if timeout else WHOLE_TIMEOUT
        headers = {
            "User-Agent": "Andock/1.0",
            "Accept": "text/xml",
            "Accept-Encoding": "gzip, deflate",
            "Content-Type": "text/xml; charset=utf-8",
        }
        response = self._session.request(
            method,
            url,
            data=body,
            headers=headers,
            auth=auth,
            timeout=(min(CONNECT_TIMEOUT, silence), silence),
            allow_redirects=False,
            stream=True,
        )
        with response:
            return Answer(response, _read(response, began + whole))

    def close(self) -> None:
        """Let go of all connections."""
        self._session.close()


def _read(response: requests.Response, deadline: float) -> bytes:
    chunks: list[bytes] = []
    size = 0
    for chunk in response.iter_content(_CHUNK):
        size += len(chunk)
        chunks.append(chunk)
        if size > MOST_BYTES:
            raise AnswerTooLarge
        if monotonic() > deadline:
            raise AnswerTooSlow
    return b"".join(chunks)


class _Adapter(HTTPAdapter):
    """Hands every connection to egress: its sockets, its TLS settings, no retries."""

    def __init__(self, egress: Egress) -> None:
        self._egress = egress
        self._tls: ssl.SSLContext = egress.tls()
        super().__init__(pool_connections=4, pool_maxsize=1, max_retries=0, pool_block=True)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _pool_class(self._egress)}

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """requests would add its own certificate bundle to the context; ours is complete."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        return host, {"ssl_context": self._tls}

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to add: the TLS context of egress verifies."""


def _pool_class(egress: Egress) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def _new_conn(self) -> Any:
            timeout = self.timeout if isinstance(self.timeout, int | float) else CONNECT_TIMEOUT
            made = egress.connect(self._dns_host, self.port or 443, float(timeout))
            # Headers and body go out as two writes; without this each call waits for an ACK.
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return made

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
"""All that `Wire.send` raises for the network's sake."""
