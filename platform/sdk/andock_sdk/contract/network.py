"""The network for contract tests: real sockets, the machine's own names, nothing refused."""

import hashlib
import socket
import ssl
from datetime import UTC, datetime
from pathlib import Path

from andock_sdk.network import Address, Certificate


class LocalEgress:
    """Implements `andock_sdk.Egress`. Counts what is opened, and remembers the sockets.

    `names` lets a host and port that the plugin asks for lead to a stand-in's real ones. `ca_file`
    is the authority of the stand-in's certificate; without it the system's count.
    """

    def __init__(
        self,
        names: dict[tuple[str, int], tuple[str, int]] | None = None,
        ca_file: Path | None = None,
    ) -> None:
        self.names = dict(names or {})
        self.sockets: list[socket.socket] = []
        self._ca_file = ca_file

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connected socket."""
        made = socket.create_connection(self.names.get((host, port), (host, port)), timeout)
        self.sockets.append(made)
        return made

    def tls(self, host: str, port: int) -> ssl.SSLContext:
        """Verifying settings."""
        return ssl.create_default_context(cafile=str(self._ca_file) if self._ca_file else None)

    def addresses(self, host: str, port: int) -> list[Address]:
        """Where a name leads. All of it may be called."""
        real, at = self.names.get((host, port), (host, port))
        found = socket.getaddrinfo(real, at, type=socket.SOCK_STREAM)
        return [Address(address=str(one[4][0]), allowed=True) for one in found]

    def certificate(self, host: str, port: int, timeout: float) -> Certificate:
        """The certificate that the server shows. Raises OSError where it is not trusted."""
        with (
            self.connect(host, port, timeout) as raw,
            self.tls(host, port).wrap_socket(raw, server_hostname=host) as secured,
        ):
            shown = secured.getpeercert() or {}
            der = secured.getpeercert(binary_form=True) or b""
        return Certificate(
            pem=ssl.DER_cert_to_PEM_cert(der),
            fingerprint=hashlib.sha256(der).hexdigest(),
            subject=host,
            issuer="",
            begins=_moment(shown["notBefore"]),
            ends=_moment(shown["notAfter"]),
            names=(host,),
            chain=1,
        )

    def srv(self, name: str) -> list[tuple[str, int]]:
        """No names of services."""
        return []


def _moment(text: object) -> datetime:
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(text)), UTC)
