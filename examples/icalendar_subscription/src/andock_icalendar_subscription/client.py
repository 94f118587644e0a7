"""One GET over core's egress: its sockets, its TLS settings, within limits, never twice."""

import zlib
from base64 import b64encode
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from time import monotonic

from andock_icalendar_subscription.address import Address, Unusable, follow
from andock_icalendar_subscription.errors import for_redirect, for_status
from andock_sdk import Context, Egress, errors
from andock_sdk.network import network_error

SILENCE_SECONDS = 15.0
WHOLE_SECONDS = 60.0
MOST_BYTES = 20 * 1024 * 1024
"""A feed's size, unpacked. Nothing is read beyond it."""
MOST_HOPS = 5
_CHUNK = 64 * 1024
_REDIRECTS = (301, 302, 303, 307, 308)
_GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Marks:
    """What a server gave to recognise the present state by; either may be empty."""

    etag: str = ""
    modified: str = ""


@dataclass(frozen=True)
class Fetched:
    """A feed as it came. `content` None: nothing is new since the marks."""

    content: bytes | None
    content_type: str
    marks: Marks


def fetch(
    context: Context, address: Address, sign_in: tuple[str, str] | None, known: Marks
) -> Fetched:
    """Ask for the feed, following redirects over https.

    User and password go to the address's own host and port alone. Raises what `andock_sdk.errors`
    has; EgressRefused also where a redirect leads to a refused address.
    """
    asked, deadline = address, monotonic() + WHOLE_SECONDS
    for _ in range(MOST_HOPS + 1):
        own = sign_in if asked.origin == address.origin else None
        found = _ask(context, asked, own, known, deadline)
        if isinstance(found, Fetched):
            return found
        asked = found
    raise errors.MemberError("feed.redirects", "too many redirects")


def _ask(
    context: Context,
    address: Address,
    sign_in: tuple[str, str] | None,
    known: Marks,
    deadline: float,
) -> Fetched | Address:
    line = _Line(context.egress, address)
    try:
        line.request("GET", address.target, headers=_headers(sign_in, known))
        answer = line.getresponse()
        if answer.status in _REDIRECTS:
            return _led(address, answer)
        if answer.status == 304 and known != Marks():
            return Fetched(None, "", known)
        if answer.status != 200:
            raise for_status(answer.status, answer.headers.get("Retry-After"), context.now())
        content = _read(answer, deadline)
        return Fetched(content, answer.headers.get("Content-Type", ""), _marks(answer))
    except (OSError, HTTPException, ValueError) as broken:
        raise network_error(broken) from broken
    finally:
        line.close()


class _Line(HTTPSConnection):
    """An HTTPS connection whose socket core opens."""

    def __init__(self, egress: Egress, address: Address) -> None:
        self._tls = egress.tls(address.host, address.port)
        super().__init__(address.host, address.port, timeout=SILENCE_SECONDS, context=self._tls)
        self._egress = egress

    def connect(self) -> None:
        """Called by http.client when it needs the socket."""
        plain = self._egress.connect(self.host, self.port, SILENCE_SECONDS)
        try:
            self.sock = self._tls.wrap_socket(plain, server_hostname=self.host)
        except BaseException:
            plain.close()
            raise


def _headers(sign_in: tuple[str, str] | None, known: Marks) -> dict[str, str]:
    headers = {
        "User-Agent": "Andock-iCalendar-Subscription/1.0",
        "Accept": "text/calendar, */*;q=0.1",
        "Accept-Encoding": "gzip",
    }
    if known.etag:
        headers["If-None-Match"] = known.etag
    if known.modified:
        headers["If-Modified-Since"] = known.modified
    if sign_in:
        headers["Authorization"] = "Basic " + b64encode(":".join(sign_in).encode()).decode()
    return headers


def _led(address: Address, answer: HTTPResponse) -> Address:
    try:
        return follow(address, answer.headers.get("Location", ""))
    except Unusable as error:
        raise for_redirect(error.key) from error


def _marks(answer: HTTPResponse) -> Marks:
    return Marks(
        answer.headers.get("ETag", "")[:200], answer.headers.get("Last-Modified", "")[:100]
    )


def _read(answer: HTTPResponse, deadline: float) -> bytes:
    """The body, unpacked. A body that ends early is an error, not a shorter calendar."""
    packed = answer.headers.get("Content-Encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip"):
        raise errors.MemberError("feed.not_calendar", "content encoding")
    unpack = zlib.decompressobj(_GZIP) if packed.endswith("gzip") else None
    parts: list[bytes] = []
    size = 0
    while piece := answer.read(_CHUNK):
        if monotonic() > deadline:
            raise errors.Transient("server.timeout", "the whole answer")
        if unpack is not None:
            piece = _unpacked(unpack, piece, MOST_BYTES + 1 - size)
        size += len(piece)
        if size > MOST_BYTES:
            raise errors.MemberError("feed.too_large", "more than the limit")
        parts.append(piece)
    if answer.length or (unpack is not None and not unpack.eof):
        raise errors.Transient("feed.cut", "the answer ended early")
    return b"".join(parts)


def _unpacked(unpack: "zlib._Decompress", piece: bytes, most: int) -> bytes:
    try:
        return unpack.decompress(piece, most)
    except zlib.error as error:
        raise errors.Transient("feed.cut", "gzip") from error
