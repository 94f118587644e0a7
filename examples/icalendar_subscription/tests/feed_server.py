"""A real HTTPS server that publishes a calendar, well or badly, and its certificate."""

import gzip
import ssl
import threading
import time
from base64 import b64encode
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from types import TracebackType

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "localhost"


@dataclass
class Answer:
    """What the next request gets, once. `body` None: the calendar as it is."""

    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes | None = None
    hang: float = 0.0
    cut: bool = False


@dataclass(frozen=True)
class Request:
    """A request as it came."""

    path: str
    headers: dict[str, str]


class FeedServer:
    """Publishes `text` under every path. `marks`: with ETag and Last-Modified, and answering 304.
    `users`: user → password that it wants; none: everybody may read. `answers` come first."""

    def __init__(self, folder: Path) -> None:
        self.ca_file = folder / "feed.pem"
        self.text = ""
        self.content_type = "text/calendar; charset=utf-8"
        self.marks = True
        self.packed = False
        self.users: dict[str, str] = {}
        self.answers: deque[Answer] = deque()
        self.requests: list[Request] = []
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(_certificate(self.ca_file))
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._server.daemon_threads = True
        self._server.socket = context.wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,))

    @property
    def port(self) -> int:
        """Where it listens."""
        return self._server.server_port

    @property
    def url(self) -> str:
        """The calendar's address."""
        return f"https://{HOST}:{self.port}/team.ics"

    def close(self) -> None:
        """End it."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def __enter__(self) -> "FeedServer":
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def tag(self) -> str:
        """The present text's ETag."""
        return f'"{hash(self.text)}"'

    def answer(self, request: Request) -> Answer:
        """What a request gets."""
        if self.answers:
            return self.answers.popleft()
        if not self.lets_in(request.headers.get("Authorization", "")):
            return Answer(401, {"WWW-Authenticate": "Basic"}, b"")
        if self.marks and request.headers.get("If-None-Match") == self.tag():
            return Answer(304, body=b"")
        return Answer()

    def headers_and_body(self, answer: Answer) -> tuple[dict[str, str], bytes]:
        """An answer as it travels."""
        headers = dict(answer.headers)
        body = self.text.encode() if answer.body is None else answer.body
        if answer.status != 200:
            return headers, body
        headers.setdefault("Content-Type", self.content_type)
        if self.marks:
            headers.setdefault("ETag", self.tag())
        if self.packed:
            headers["Content-Encoding"], body = "gzip", gzip.compress(body)
        return headers, body

    def lets_in(self, header: str) -> bool:
        """Whether the sign-in of a request is one that it wants."""
        pairs = (f"{user}:{password}" for user, password in self.users.items())
        return not self.users or header in (_basic(pair) for pair in pairs)


def _basic(pair: str) -> str:
    return "Basic " + b64encode(pair.encode()).decode()


def _handler(feed: FeedServer) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            request = Request(self.path, dict(self.headers))
            feed.requests.append(request)
            answer = feed.answer(request)
            time.sleep(answer.hang)
            headers, body = feed.headers_and_body(answer)
            self.send_response(answer.status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body[: len(body) // 2] if answer.cut else body)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            """Quiet."""

    return Handler


def _certificate(path: Path) -> Path:
    """A self-signed certificate with its key, in one file; good as an authority too."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=30))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(HOST)]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path.write_bytes(
        made.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    return path
