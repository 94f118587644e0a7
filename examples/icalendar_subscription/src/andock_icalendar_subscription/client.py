"""One GET over core's egress, within limits, never twice. Redirects are followed by hand: each hop
goes through the operator's policy, over https, and no password leaves its own host."""

from dataclasses import dataclass

from requests.auth import HTTPBasicAuth

from andock_icalendar_subscription.address import Address, Unusable, follow
from andock_icalendar_subscription.errors import for_redirect, for_status
from andock_sdk import Context, errors
from andock_sdk.https import NETWORK_ERRORS, Answer, AnswerTooLarge, Wire
from andock_sdk.network import network_error

SILENCE_SECONDS = 15.0
MOST_BYTES = 20 * 1024 * 1024
"""A feed's size, unpacked."""
MOST_HOPS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_HEADERS = {
    "User-Agent": "Andock-iCalendar-Subscription/1.0",
    "Accept": "text/calendar, */*;q=0.1",
    "Accept-Encoding": "gzip",
}


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
    """Ask for the feed, following redirects.

    User and password go to the address's own host and port alone. Raises what `andock_sdk.errors`
    has; EgressRefused also where a redirect leads to a refused address.
    """
    asked = address
    wire = Wire(context.egress, _HEADERS)
    try:
        for _ in range(MOST_HOPS + 1):
            own = sign_in if asked.origin == address.origin else None
            answer = _ask(wire, asked, own, known)
            if answer.status not in _REDIRECTS:
                return _taken(context, answer, known)
            asked = _led(asked, answer)
    finally:
        wire.close()
    raise errors.MemberError("feed.redirects", "too many redirects")


def _ask(wire: Wire, address: Address, sign_in: tuple[str, str] | None, known: Marks) -> Answer:
    user, password = (text.encode() for text in sign_in or ("", ""))
    auth = HTTPBasicAuth(user, password) if sign_in else None
    headers = {"If-None-Match": known.etag, "If-Modified-Since": known.modified}
    given = {name: value for name, value in headers.items() if value}
    try:
        return wire.send("GET", str(address), auth=auth, timeout=SILENCE_SECONDS, headers=given)
    except AnswerTooLarge as error:
        raise errors.MemberError("feed.too_large") from error
    except NETWORK_ERRORS as broken:
        raise network_error(broken) from broken


def _taken(context: Context, answer: Answer, known: Marks) -> Fetched:
    headers = answer.headers
    if answer.status == 304 and known != Marks():
        return Fetched(None, "", known)
    if answer.status != 200:
        raise for_status(answer.status, headers.get("Retry-After"), context.now())
    if len(answer.content) > MOST_BYTES:
        raise errors.MemberError("feed.too_large")
    marks = Marks(headers.get("ETag", "")[:200], headers.get("Last-Modified", "")[:100])
    return Fetched(answer.content, headers.get("Content-Type", ""), marks)


def _led(address: Address, answer: Answer) -> Address:
    try:
        return follow(address, answer.headers.get("Location", ""))
    except Unusable as error:
        raise for_redirect(error.key) from error
