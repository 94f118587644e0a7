"""Looking at a server's certificate without trusting it: for people to see, never to talk."""

import socket
import ssl
from typing import Any

from andock_core.egress.certificates import read
from andock_sdk.network import Certificate


def look(connection: socket.socket, host: str) -> Certificate:
    """The certificate that a server shows on a fresh connection, which is closed afterwards.

    Not one byte is sent after the handshake. Raises OSError, also when there is none to read.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE  # to look at what is not trusted; nothing travels on it
    try:
        with context.wrap_socket(connection, server_hostname=host) as secured:
            der = secured.getpeercert(binary_form=True)
            chain = _length(secured)
    finally:
        connection.close()
    if not der:
        raise OSError("no certificate was shown")
    try:
        return read(der, chain)
    except ValueError as error:
        raise OSError("the certificate cannot be read") from error


def _length(secured: ssl.SSLSocket) -> int:
    """How many certificates were sent. Public in Python 3.13, private before."""
    holder: Any = secured
    if not hasattr(secured, "get_unverified_chain"):
        holder = getattr(secured, "_sslobj", None)
    try:
        return len(holder.get_unverified_chain() or ())
    except (AttributeError, ssl.SSLError):
        return 1
