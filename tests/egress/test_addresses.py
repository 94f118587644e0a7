"""Which addresses may be called: judged by number, whatever they are dressed as."""

import pytest

from andock_core.egress.addresses import Kind, kind_of


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111"])
def test_addresses_on_the_internet_are_public(address: str) -> None:
    """What anyone may call, a member may."""
    assert kind_of(address) == "public"


@pytest.mark.parametrize(
    "address",
    ["10.1.2.3", "172.16.0.1", "172.31.255.254", "192.168.1.1", "100.64.0.1", "fd12:3456::1"],
)
def test_the_operators_own_networks_are_private(address: str) -> None:
    """RFC 1918, carrier-grade NAT and unique local addresses."""
    assert kind_of(address) == "private"


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1",
        "127.255.255.254",
        "::1",
        "::",
        "0.0.0.0",  # noqa: S104 - judged, not bound
        "0.1.2.3",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "192.0.2.1",
        "198.18.0.1",
        "ff02::1",
        "2001:db8::1",
        "100::1",
        "fec0::1",
    ],
)
def test_loopback_multicast_and_reserved_addresses_are_special(address: str) -> None:
    """Not even an operator who opens the private networks means these."""
    assert kind_of(address) == "special"


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",
        "169.254.0.1",
        "fe80::1",
        "fe80::1%eth0",
        "fd00:ec2::254",
        "fd20:ce::254",
        "100.100.100.200",
        "192.0.0.192",
        "168.63.129.16",
        "::ffff:169.254.169.254",
        "64:ff9b::a9fe:a9fe",
        "2002:a9fe:a9fe::1",
    ],
)
def test_machine_credentials_are_never_called(address: str) -> None:
    """Clouds answer there with the machine's own credentials, in every spelling."""
    assert kind_of(address) == "never"


@pytest.mark.parametrize(
    ("address", "kind"),
    [
        ("::ffff:8.8.8.8", "private"),
        ("::ffff:10.0.0.1", "private"),
        ("::ffff:127.0.0.1", "special"),
        ("::8.8.8.8", "private"),
        ("64:ff9b::808:808", "private"),
        ("64:ff9b::7f00:1", "special"),
        ("64:ff9b:1::a00:1", "private"),
        ("2002:808:808::1", "private"),
        ("2002:7f00:1::1", "special"),
        ("2001:0:4136:e378:8000:63bf:f5ff:fffe", "private"),  # Teredo, client 10.0.0.1
        ("2001:0:4136:e378:8000:63bf:80ff:fffe", "special"),  # Teredo, client 127.0.0.1
    ],
)
def test_an_ipv4_address_inside_an_ipv6_address_counts(address: str, kind: Kind) -> None:
    """Mapped, compatible, NAT64, 6to4 and Teredo addresses are never public."""
    assert kind_of(address) == kind
