"""HTTPS to one server, over sockets that core's egress opens and under its TLS settings.

urllib3 drives the connection (keep-alive), and requests a sign-in's handshake on it; nothing of
theirs is patched globally, no environment variable, proxy or .netrc is read, no
redirect is followed and nothing is sent twice.
"""

import json
import socket
import ssl
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import requests
import urllib3
from pydantic_core import from_json
from requests.adapters import HTTPAdapter
from requests.auth import AuthBase
from requests.cookies import extract_cookies_to_jar, get_cookie_header
from urllib3.connection import HTTPSConnection
from urllib3.connectionpool import HTTPSConnectionPool

from andock_sdk import errors
from andock_sdk.context import Egress
from andock_sdk.https.deadline import Deadline

CONNECT_TIMEOUT = 10.0
READ_TIMEOUT = 60.0
"""Seconds of silence."""
WHOLE_TIMEOUT = 120.0
"""Seconds for a whole answer, however steadily it drips."""
MOST_BYTES = 32 * 1024 * 1024
"""An answer's size, unpacked. Nothing is read beyond it."""
_MOST_OF_REFUSAL = 1024 * 1024
_CHUNK = 256 * 1024
_POOLS = 4
"""Servers whose connections are kept."""
_KEPT = 64
"""Addresses whose preparation is kept: a plugin that asks for ever new ones fills no memory."""


class AnswerTooLarge(errors.Transient):
    """The answer was longer than any honest one."""

    default_key = "answer.too_large"


class AnswerTooSlow(errors.Transient):
    """The answer dripped for too long."""

    default_key = "server.timeout"


class Answer:
    """An HTTP answer, read to its end. `headers` are matched without regard to case."""

    def __init__(self, status: int, headers: Mapping[str, str], content: bytes) -> None:
        self.status = status
        self.headers = headers
        self.content = content

    def is_a(self, kind: str) -> bool:
        """Whether the answer calls itself so ("xml", "json")."""
        return kind in self.headers.get("Content-Type", "").lower()

    def json(self) -> Any:
        """The body as JSON. Raises ValueError for what is none."""
        try:
            return from_json(self.content, cache_strings="keys")
        except ValueError:
            # Stricter, and twice as fast: half of a surrogate pair in one text, as a title that was
            # cut leaves it, would spoil the whole.
            return json.loads(self.content)


class Wire:
    """A session with keep-alive. Raises what requests raises, and SDK errors from egress.

    `headers` go with every request. `sign_in_errors` are what an authenticator's library raises
    when a server's challenge is nonsense; they become an AdminError ("sign_in.unsupported").
    """

    def __init__(
        self,
        egress: Egress,
        headers: Mapping[str, str],
        sign_in_errors: tuple[type[Exception], ...] = (),
    ) -> None:
        self._headers = dict(headers)
        self._sign_in_errors = sign_in_errors
        self._session = _Session()
        self._session.trust_env = False
        self._session.adapters.clear()
        self._lines: list[_Line] = []
        self._adapter = _Adapter(egress, self._lines)
        self._session.mount("https://", self._adapter)
        self._session.headers.clear()
        self._deadline = Deadline(self._cut)
        self._blanks: dict[tuple[str, str], requests.PreparedRequest] = {}

    def send(
        self,
        method: str,
        url: str,
        body: bytes | None = None,
        auth: AuthBase | None = None,
        timeout: float | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        """One request, sent once, with further `headers`. The answer is read to its end, within
        limits: `timeout` is the longest silence in seconds, where somebody waits; a run has more
        patience. Raises one of NETWORK_ERRORS, AnswerTooLarge, AnswerTooSlow, EgressRefused."""
        began, silence = monotonic(), timeout or READ_TIMEOUT
        whole = timeout * 1.5 if timeout else WHOLE_TIMEOUT
        timeouts = (min(CONNECT_TIMEOUT, silence), silence)
        with self._within(began + whole):
            if auth is None:
                return self._exchange(method, url, body, headers or {}, timeouts)
            response = self._session.send(
                self._request(method, url, body, auth, headers or {}),
                timeout=timeouts,
                allow_redirects=False,
                stream=True,
            )
            with response:
                content = b"".join(_pieces(response.raw, MOST_BYTES))
                return Answer(response.status_code, response.headers, content)

    def _exchange(
        self,
        method: str,
        url: str,
        body: bytes | None,
        headers: Mapping[str, str],
        timeouts: tuple[float, float],
    ) -> Answer:
        """One request and its answer by urllib3 alone: what requests does around them for sign-ins
        takes as long again."""
        blank, jar = self._blank(method, url), self._session.cookies
        given = {name.lower() for name in headers}
        sent = {name: value for name, value in blank.headers.items() if name.lower() not in given}
        sent.update(headers)
        if body is not None:
            sent["Content-Length"] = str(len(body))
        if len(jar):  # load balancers tell by them which server it was
            sent["Cookie"] = get_cookie_header(jar, blank) or ""  # type: ignore[no-untyped-call]
        response = self._adapter.pool(blank).urlopen(
            method,
            blank.path_url,
            body,
            sent,
            retries=False,
            redirect=False,
            assert_same_host=False,
            timeout=urllib3.Timeout(*timeouts),
            preload_content=False,
            decode_content=False,
        )
        try:
            content = b"".join(_pieces(response, MOST_BYTES))
        except BaseException:
            response.close()
            raise
        finally:
            response.release_conn()
        if "Set-Cookie" in response.headers:
            extract_cookies_to_jar(jar, blank, response)  # type: ignore[no-untyped-call]
        return Answer(response.status, response.headers, content)

    def _blank(self, method: str, url: str) -> requests.PreparedRequest:
        """What is the same in each request is prepared once; that costs more than sending it."""
        blank = self._blanks.get((method, url))
        if blank is None:
            blank = requests.Request(method, url, headers=self._headers).prepare()
            _keep(self._blanks, (method, url), blank)
        return blank

    def _request(
        self,
        method: str,
        url: str,
        body: bytes | None,
        auth: AuthBase,
        headers: Mapping[str, str],
    ) -> requests.PreparedRequest:
        """For requests, whose sign-ins answer challenges."""
        made = self._blank(method, url).copy()
        made.headers.update(headers)
        made.prepare_body(body, None)
        if len(self._session.cookies):
            made.prepare_cookies(self._session.cookies)
        made.prepare_auth(auth, url)
        return made

    def close(self) -> None:
        """Let go of all connections."""
        self._deadline.close()
        self._session.close()
        self._forget(lambda line: True)

    @contextmanager
    def _within(self, deadline: float) -> Iterator[None]:
        """Cut all lines when time is up: a drip, be it of headers or of a handshake, is never
        silent for long enough to be given up, and holds no deadline of its own."""
        self._deadline.begin(deadline)
        try:
            yield
            if self._deadline.is_late:  # a cut may look like an answer's honest end
                raise AnswerTooSlow
        except NETWORK_ERRORS as broken:
            raise (AnswerTooSlow() if self._deadline.is_late else broken) from broken
        except self._sign_in_errors as broken:
            raise errors.AdminError("sign_in.unsupported", type(broken).__name__) from broken
        finally:
            self._deadline.end()
            self._forget(lambda line: line.idle)

    def _cut(self) -> None:
        for line in list(self._lines):
            line.cut()

    def _forget(self, which: Callable[["_Line"], bool]) -> None:
        for line in [line for line in self._lines if which(line)]:
            line.close()
            self._lines.remove(line)


def _keep(kept: dict[Any, Any], key: Any, value: Any, most: int = _KEPT) -> None:
    if len(kept) >= most:
        kept.clear()
    kept[key] = value


def _pieces(response: Any, most: int) -> Iterator[bytes]:
    """The body, unpacked, in large pieces; at most so many bytes of it."""
    size = 0
    while piece := response.read(_CHUNK, decode_content=True):
        size += len(piece)
        if size > most:
            raise AnswerTooLarge
        yield piece


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """None are followed, and so none are taken apart: they may be no address at all."""


class _Line:
    """A connection's socket once more, to cut it from outside at any moment of its life."""

    def __init__(self, connection: HTTPSConnection, made: socket.socket) -> None:
        self._connection = connection
        self._socket = made.dup()

    @property
    def idle(self) -> bool:
        """Whether the connection has been closed."""
        return self._connection.sock is None

    def cut(self) -> None:
        """End the connection in both directions, whoever is reading."""
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Let go of this second handle."""
        self._socket.close()


class _Adapter(HTTPAdapter):
    """Hands every connection to egress: its sockets, its TLS settings, no retries."""

    def __init__(self, egress: Egress, lines: list[_Line]) -> None:
        self._egress = egress
        self._lines = lines
        self._contexts: dict[tuple[str, int], ssl.SSLContext] = {}
        self._servers: dict[str, tuple[Any, Any]] = {}
        self._pools: dict[tuple[str, str], Any] = {}
        super().__init__(pool_connections=_POOLS, pool_maxsize=1, max_retries=0, pool_block=True)

    def send(self, *args: Any, **kwargs: Any) -> requests.Response:
        """Sign-in handlers read a refusal to its end: here it gets a limit."""
        response = super().send(*args, **kwargs)
        if response.status_code == 401:
            limited: Any = response
            limited.iter_content = lambda *_, **__: _pieces(response.raw, _MOST_OF_REFUSAL)
        return response

    def pool(self, request: requests.PreparedRequest) -> Any:
        """The connections to a request's server. Raises what requests raises for an address that
        is none, or not https."""
        parts = urlsplit(str(request.url))
        server = (parts.scheme, parts.netloc)
        if server not in self._pools:
            if parts.scheme != "https":
                raise requests.exceptions.InvalidSchema(parts.scheme)
            _keep(self._pools, server, self.get_connection_with_tls_context(request, True), _POOLS)
        return self._pools[server]

    def close(self) -> None:
        """Let go of all connections."""
        self._pools.clear()  # urllib3 closes what nobody holds
        super().close()

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {"https": _pool_class(self._egress, self._lines)}

    def build_connection_pool_key_attributes(
        self, request: requests.PreparedRequest, verify: Any, cert: Any = None
    ) -> tuple[Any, Any]:
        """requests would add its own certificate bundle to the context; ours is complete, and
        says whether names are matched: an approved certificate may bear another."""
        host, _ = super().build_connection_pool_key_attributes(request, verify, cert)
        server = (str(host["host"]), int(host["port"] or 443))
        if server not in self._contexts:
            self._contexts[server] = self._egress.tls(*server)
        tls = self._contexts[server]
        return host, {
            "ssl_context": tls,
            "assert_hostname": None if tls.check_hostname else False,
        }

    def get_connection_with_tls_context(
        self, request: requests.PreparedRequest, verify: Any, proxies: Any = None, cert: Any = None
    ) -> Any:
        """As in requests, without looking for proxies; an address is taken apart once."""
        url = str(request.url)
        if url not in self._servers:
            attributes = self.build_connection_pool_key_attributes(request, verify, cert)
            _keep(self._servers, url, attributes)
        host, pool = self._servers[url]
        return self.poolmanager.connection_from_host(**host, pool_kwargs=pool)

    def request_url(self, request: requests.PreparedRequest, proxies: Any) -> str:
        """What stands in the request's first line: there is no proxy."""
        return request.path_url

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to add: the TLS context of egress verifies."""


def _pool_class(egress: Egress, lines: list[_Line]) -> type[HTTPSConnectionPool]:
    class Connection(HTTPSConnection):
        def _new_conn(self) -> Any:
            timeout = self.timeout if isinstance(self.timeout, int | float) else CONNECT_TIMEOUT
            made = egress.connect(self._dns_host, self.port or 443, float(timeout))
            # Headers and body go out as two writes; without this each call waits for an ACK.
            made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            lines.append(_Line(self, made))
            return made

    class Pool(HTTPSConnectionPool):
        ConnectionCls = Connection

    return Pool


NETWORK_ERRORS = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
"""All that `Wire.send` raises for the network's sake."""
