"""Which addresses may be called. Servers are typed in by members, so this is what keeps them from
reaching the operator's own network through Andock.

Addresses are judged, never names: a name may resolve to anything, and differently each time.
"""

from collections.abc import Iterable
from ipaddress import (
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)
from typing import Literal

Address = IPv4Address | IPv6Address
Kind = Literal["public", "private", "special", "never"]
"""public: may be called. private: with `egress_private`. special (loopback, multicast, reserved):
only when allowed by name and port. never: not even then."""


NEVER = [
    ip_network(net)
    for net in (
        "169.254.0.0/16",  # link-local; clouds answer with machine credentials at 169.254.169.254
        "fe80::/10",  # link-local
        "fd00:ec2::/32",  # Amazon: instance metadata, time, DNS
        "fd20:ce::254/128",  # Google: instance metadata
        "100.100.100.200/32",  # Alibaba: instance metadata
        "192.0.0.192/32",  # Oracle: instance metadata
        "168.63.129.16/32",  # Azure: the host's own services, on a public address
    )
]
PRIVATE = [
    ip_network(net)
    for net in (
        "10.0.0.0/8",
        "172.16.0.0/12",
        "192.168.0.0/16",
        "100.64.0.0/10",  # carrier-grade NAT; overlay networks use it too
        "fc00::/7",
    )
]
SPECIAL = [
    ip_network(net)
    for net in (
        "0.0.0.0/8",
        "127.0.0.0/8",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/4",
        "240.0.0.0/4",
        "::/128",
        "::1/128",
        "100::/64",
        "2001:db8::/32",
        "3fff::/20",
        "5f00::/16",
        "fec0::/10",  # the old site-local range
        "ff00::/8",
    )
]
# IPv6 addresses that lead to an IPv4 address: network and the position of the IPv4 bits, counted
# from the right. Nobody's mail server is published like this; it is how filters are walked around.
EMBEDDING: list[tuple[IPv6Network, int]] = [
    (IPv6Network("::/96"), 0),  # IPv4-compatible
    (IPv6Network("::ffff:0:0/96"), 0),  # IPv4-mapped
    (IPv6Network("::ffff:0:0:0/96"), 0),  # IPv4-translated
    (IPv6Network("64:ff9b::/96"), 0),  # NAT64
    (IPv6Network("64:ff9b:1::/48"), 0),  # NAT64 of a site
    (IPv6Network("2002::/16"), 80),  # 6to4
]
TEREDO = IPv6Network("2001::/32")  # the client's IPv4 address, inverted, in the last 32 bits


def kind_of(address: str) -> Kind:
    """The kind of a numeric address, also one with a zone ("fe80::1%eth0"). Raises ValueError."""
    return _kind(ip_address(address.partition("%")[0]))


def _kind(address: Address) -> Kind:
    inner = embedded(address)
    if inner is not None and not (address.is_loopback or address.is_unspecified):
        kind = _kind(inner)
        return "private" if kind == "public" else kind
    if _within(address, NEVER):
        return "never"
    if _within(address, PRIVATE):
        return "private"
    if _within(address, SPECIAL) or not address.is_global:
        return "special"
    return "public"


def embedded(address: Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 address leads to, if it does."""
    if isinstance(address, IPv4Address):
        return None
    if address in TEREDO:
        return IPv4Address(~int(address) & 0xFFFFFFFF)
    for network, shift in EMBEDDING:
        if address in network:
            return IPv4Address(int(address) >> shift & 0xFFFFFFFF)
    return None


def _within(address: Address, networks: Iterable[IPv4Network | IPv6Network]) -> bool:
    return any(address in network for network in networks)
