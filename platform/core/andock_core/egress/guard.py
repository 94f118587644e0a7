"""Opens sockets, and only to addresses that the operator's policy lets through."""

import logging
import socket
import ssl
import time
from collections.abc import Callable, Sequence
from typing import Any

import dns.exception
import dns.resolver
from dns.rdtypes.IN.SRV import SRV

from andock_core.config import Settings
from andock_core.egress.addresses import kind_of
from andock_sdk.errors import EgressRefused

log = logging.getLogger("andock.egress")

Lookup = Callable[..., Sequence[tuple[Any, Any, Any, Any, Any]]]
DNS_SECONDS = 3.0


class GuardedEgress:
    """Outgoing connections for plugins (see `andock_sdk.Egress`).

    A name is resolved once, each address is judged, and the socket connects to the very address
    that was judged: a name that resolves differently a moment later gains nothing. `lookup` and
    `resolver` are how names are found; tests hand in their own.
    """

    def __init__(
        self,
        settings: Settings,
        lookup: Lookup = socket.getaddrinfo,
        resolver: dns.resolver.Resolver | None = None,
    ) -> None:
        self._private = settings.egress_private
        self._allow = frozenset(pair.lower() for pair in settings.egress_allow)
        self._ca_files = settings.ca_files
        self._lookup = lookup
        self._resolver = resolver

    def connect(self, host: str, port: int, timeout: float) -> socket.socket:
        """A connected TCP socket to the first of the host's addresses that may be called and
        answers. `timeout` in seconds counts for all of them together.

        Raises EgressRefused when none may be called; OSError as usual.
        """
        found = self._addresses(host, port)
        open_to = [entry for entry in found if self.may_call(host, entry[4][0], port)]
        if not open_to:
            log.warning("refused host=%s port=%d", ascii(host), port)
            raise EgressRefused(detail=f"{host!a}:{port}")
        ends = time.monotonic() + timeout
        failure: OSError = TimeoutError("timed out")
        for left, (family, _, _, _, address) in zip(
            range(len(open_to), 0, -1), open_to, strict=True
        ):
            share = (ends - time.monotonic()) / left
            if share <= 0:
                break
            try:
                return _dial(family, address, share, timeout)
            except OSError as error:
                failure = error
        raise failure

    def tls(self) -> ssl.SSLContext:
        """Verifying TLS settings: the system's authorities and the operator's own."""
        context = ssl.create_default_context()
        for ca_file in self._ca_files:
            context.load_verify_locations(ca_file)
        return context

    def srv(self, name: str) -> list[tuple[str, int]]:
        """DNS SRV targets of `name` as (host, port), best first; empty when none."""
        try:
            resolver = self._resolver or dns.resolver.Resolver()
            answer = resolver.resolve(name, "SRV", lifetime=DNS_SECONDS)
        except (dns.exception.DNSException, OSError, ValueError):
            return []
        records = sorted(
            (record for record in answer if isinstance(record, SRV)),
            key=lambda record: (record.priority, -record.weight),
        )
        targets = [(str(record.target).rstrip("."), int(record.port)) for record in records]
        return [(host, port) for host, port in targets if host]

    def may_call(self, host: str, address: str, port: int) -> bool:
        """Whether the policy lets `host`, found at the numeric `address`, be called."""
        kind = kind_of(address)
        if kind == "never":
            return False
        if kind == "public" or (kind == "private" and self._private):
            return True
        named = {spell(host, port), spell(address, port)}
        return not named.isdisjoint(self._allow)

    def _addresses(self, host: str, port: int) -> list[tuple[Any, Any, Any, Any, Any]]:
        try:
            return list(self._lookup(host, port, type=socket.SOCK_STREAM))
        except (ValueError, OverflowError) as error:  # no name at all, or no port
            raise socket.gaierror(socket.EAI_NONAME, "not a host name") from error


def spell(host: str, port: int) -> str:
    """A host and port as the operator writes them: "host:port", "[::1]:port"."""
    bare = host.lower().rstrip(".")
    return f"[{bare}]:{port}" if ":" in bare else f"{bare}:{port}"


def _dial(family: int, address: Any, share: float, timeout: float) -> socket.socket:
    connection = socket.socket(family, socket.SOCK_STREAM)
    try:
        connection.settimeout(share)
        connection.connect(address)
        connection.settimeout(timeout)
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        connection.close()
        raise
    return connection
