"""EWS's way of speaking HTTPS: XML both ways, and what the sign-in libraries may raise."""

import struct

from spnego.exceptions import SpnegoError

from andock_sdk import Egress
from andock_sdk.https import Wire

_HEADERS = {
    "User-Agent": "Andock/1.0",
    "Accept": "text/xml",
    "Accept-Encoding": "gzip, deflate",
    "Content-Type": "text/xml; charset=utf-8",
}
_SIGN_IN_ERRORS = (
    *(SpnegoError, PermissionError, LookupError, ValueError),
    *(TypeError, AttributeError, struct.error),
)
"""What the libraries for signing in raise when a server's challenge is nonsense."""


def wire(egress: Egress) -> Wire:
    """A session with keep-alive, as Exchange wants it."""
    return Wire(egress, _HEADERS, _SIGN_IN_ERRORS)
