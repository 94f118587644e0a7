"""The server's certificate: who issued it, and how long it is good."""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from andock_exchange_calendar.failures import network_error
from andock_sdk import Egress, Text
from andock_sdk.https import CONNECT_TIMEOUT, NETWORK_ERRORS


@dataclass(frozen=True)
class Certificate:
    """A verified certificate."""

    issuer: str
    expires: datetime

    def words(self) -> Text:
        """One line for people."""
        day = self.expires
        return Text(
            en=f"Issued by {self.issuer}, valid until {day.year}-{day:%m-%d}.",
            de=f"Ausgestellt von {self.issuer}, gültig bis {day:%d.%m.}{day.year}.",
        )


def inspect(egress: Egress, sock: Any, host: str, port: int) -> Certificate:
    """Shake hands over `sock`, which is closed afterwards. Raises AdminError with what is wrong
    with the certificate, Transient for a connection that breaks."""
    try:
        sock.settimeout(CONNECT_TIMEOUT)
        with egress.tls(host, port).wrap_socket(sock, server_hostname=host) as secured:
            found = secured.getpeercert() or {}
    except NETWORK_ERRORS as broken:
        raise network_error(broken) from broken
    finally:
        sock.close()
    expires = ssl.cert_time_to_seconds(str(found["notAfter"]))
    return Certificate(_issuer(found), datetime.fromtimestamp(expires, UTC))


def _issuer(found: Any) -> str:
    names = {key: value for part in found.get("issuer", ()) for key, value in part}
    name = names.get("organizationName") or names.get("commonName") or "?"
    return str(name)[:100]
