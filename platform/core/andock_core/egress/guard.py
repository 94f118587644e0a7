"""Opens sockets, and only to addresses that the operator's policy lets through."""

import logging
import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import dns.exception
import dns.resolver
from dns.rdtypes.IN.SRV import SRV

from andock_core.config import Settings
from andock_core.egress.addresses import kind_of
from andock_core.egress.looking import look
from andock_core.egress.pinned import PinnedContext
from andock_sdk.errors import EgressRefused
from andock_sdk.network import Address, Certificate

log = logging.getLogger("andock.egress")

Lookup = Callable[..., Sequence[tuple[Any, Any, Any, Any, Any]]]
DNS_SECONDS = 3.0
MOST_CALLED = 100


@dataclass(frozen=True)
class Trust:
    """What a company trusts besides the system and the operator.

    `authorities`: mail or server domain ("" for all servers) and certificate in PEM. `approved`:
    host and port → the certificates in PEM of which that server has to show one.
    """

    authorities: tuple[tuple[str, str], ...] = ()
    approved: dict[tuple[str, int], tuple[str, ...]] = field(default_factory=dict)


class GuardedEgress:
    """Outgoing connections for plugins (see `andock_sdk.Egress`).

    A name is resolved once, each address is judged, and the socket connects to the very address
    that was judged: a name that resolves differently a moment later gains nothing. `lookup` and
    `resolver` are how names are found; tests hand in their own. `trust` tells, when it is first
    needed, what the company trusts. `called` are the servers that were asked for last.
    """

    def __init__(
        self,
        settings: Settings,
        lookup: Lookup = socket.getaddrinfo,
        resolver: dns.resolver.Resolver | None = None,
        trust: Callable[[], Trust] = Trust,
    ) -> None:
        self.called: deque[tuple[str, int]] = deque(maxlen=MOST_CALLED)
        self._trust = trust
        self._trusted: Trust | None = None
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
        self.called.append((host.lower().rstrip("."), port))
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

    def tls(self, host: str, port: int) -> ssl.SSLContext:
        """Verifying TLS settings for one server: see `andock_sdk.Egress`."""
        if self._trusted is None:
            self._trusted = self._trust()
        name = host.lower().rstrip(".")
        approved = self._trusted.approved.get((name, port))
        if approved:
            return PinnedContext.to(approved)
        companies = [
            pem
            for domain, pem in self._trusted.authorities
            if not domain or name == domain or name.endswith(f".{domain}")
        ]
        if not companies:
            return usual_tls(self._ca_files)
        context = _verifying(self._ca_files)
        for pem in companies:
            context.load_verify_locations(cadata=pem)
        return context

    def addresses(self, host: str, port: int) -> list[Address]:
        """Where a name leads, and whether that may be called. Raises OSError."""
        found = dict.fromkeys(str(entry[4][0]) for entry in self._addresses(host, port))
        return [Address(address=a, allowed=self.may_call(host, a, port)) for a in found]

    def certificate(self, host: str, port: int, timeout: float) -> Certificate:
        """What a server shows, trusted or not; nothing is said to it. Raises as `connect`."""
        return look(self.connect(host, port, timeout), host)

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


@cache
def usual_tls(ca_files: tuple[Path, ...]) -> ssl.SSLContext:
    """The settings for servers of which no company says anything, made once per process: reading
    the system's authorities takes longer than a handshake. A worker reads them before it forks."""
    return _verifying(ca_files)


def _verifying(ca_files: tuple[Path, ...]) -> ssl.SSLContext:
    context = ssl.create_default_context()
    for ca_file in ca_files:
        context.load_verify_locations(ca_file)
    return context


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
