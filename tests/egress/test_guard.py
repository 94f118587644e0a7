"""Sockets under the operator's policy: real sockets on loopback, names from a lookup of our own."""

import datetime
import hashlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import dns.flags
import dns.message
import dns.resolver
import dns.rrset
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from andock_core.config import Settings
from andock_core.egress import GuardedEgress, Trust
from andock_sandbox import tls as sandbox_tls
from andock_sdk.errors import CertificateChanged, EgressRefused

SECONDS = 5.0


def settings(**changes: Any) -> Settings:
    """An operator's settings; nothing is allowed unless `changes` say so."""
    return Settings(home=Path("/nonexistent"), database_url="", redis_url="", **changes)


def resolves_to(*addresses: str) -> Any:
    """A lookup in which every name has these addresses."""

    def lookup(host: str, port: int, **_options: Any) -> list[Any]:
        return [entry for a in addresses for entry in socket.getaddrinfo(a, port, type=1)]

    return lookup


@pytest.fixture
def listener() -> Iterator[int]:
    """The port of a server on 127.0.0.1 that accepts connections."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


def test_loopback_is_refused(listener: int) -> None:
    """Andock's own machine is not a mail server."""
    with pytest.raises(EgressRefused):
        GuardedEgress(settings()).connect("127.0.0.1", listener, SECONDS)


@pytest.mark.parametrize(
    "host",
    ["localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "LOCALHOST."],  # noqa: S104 - typed, not bound
)
def test_no_spelling_of_loopback_gets_through(listener: int, host: str) -> None:
    """The policy looks at the address, not at what was typed."""
    with pytest.raises((EgressRefused, socket.gaierror)):
        GuardedEgress(settings()).connect(host, listener, SECONDS)


def test_an_allowed_host_and_port_is_connected_to(listener: int) -> None:
    """The operator's word opens one port of one host."""
    egress = GuardedEgress(settings(egress_allow=frozenset({f"127.0.0.1:{listener}"})))
    with egress.connect("127.0.0.1", listener, SECONDS) as connection:
        assert connection.getpeername() == ("127.0.0.1", listener)


def test_an_allowed_name_is_connected_to(listener: int) -> None:
    """What is allowed may be a name; letter case does not matter."""
    allow = frozenset({f"Mail.Example:{listener}"})
    egress = GuardedEgress(settings(egress_allow=allow), lookup=resolves_to("127.0.0.1"))
    with egress.connect("mail.EXAMPLE", listener, SECONDS) as connection:
        assert connection.getpeername() == ("127.0.0.1", listener)


def test_another_port_of_an_allowed_host_stays_closed(listener: int) -> None:
    """Allowing a port opens no other."""
    egress = GuardedEgress(settings(egress_allow=frozenset({"127.0.0.1:1"})))
    with pytest.raises(EgressRefused):
        egress.connect("127.0.0.1", listener, SECONDS)


def test_private_networks_do_not_include_loopback(listener: int) -> None:
    """An operator who opens the private networks does not open this machine."""
    with pytest.raises(EgressRefused):
        GuardedEgress(settings(egress_private=True)).connect("127.0.0.1", listener, SECONDS)


def test_private_networks_open_by_the_operators_switch() -> None:
    """An Exchange server in the operator's own network is usual, if the operator says so."""
    assert not GuardedEgress(settings()).may_call("mail.intra.example", "10.1.2.3", 443)
    assert GuardedEgress(settings(egress_private=True)).may_call(
        "mail.intra.example", "10.1.2.3", 443
    )


@pytest.mark.parametrize("address", ["169.254.169.254", "fd00:ec2::254", "100.100.100.200"])
def test_cloud_metadata_stays_closed_whatever_is_allowed(address: str) -> None:
    """Neither the switch nor the list opens it."""
    spelled = f"[{address}]:80" if ":" in address else f"{address}:80"
    allowed = settings(egress_private=True, egress_allow=frozenset({spelled, "meta.example:80"}))
    with pytest.raises(EgressRefused):
        GuardedEgress(allowed, lookup=resolves_to(address)).connect("meta.example", 80, 0.1)


def test_a_name_that_resolves_differently_the_second_time_gains_nothing(listener: int) -> None:
    """The name is resolved once, and the socket goes to the very address that was judged."""
    asked: list[str] = []

    def rebinding(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return socket.getaddrinfo(address, port, type=1)

    egress = GuardedEgress(settings(), lookup=rebinding)
    with pytest.raises(EgressRefused):
        egress.connect("rebinding.example", listener, SECONDS)
    assert asked == ["rebinding.example"]


def test_only_the_permitted_addresses_of_a_name_are_tried(listener: int) -> None:
    """A name with a metadata address and an allowed one leads to the allowed one."""
    egress = GuardedEgress(
        settings(egress_allow=frozenset({f"mixed.example:{listener}"})),
        lookup=resolves_to("169.254.169.254", "127.0.0.1"),
    )
    with egress.connect("mixed.example", listener, SECONDS) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_the_next_address_is_tried_when_the_first_does_not_answer(listener: int) -> None:
    """A server with several addresses is reached by the one that works."""
    egress = GuardedEgress(
        settings(egress_allow=frozenset({f"two.example:{listener}"})),
        lookup=resolves_to("127.0.0.2", "127.0.0.1"),
    )
    with egress.connect("two.example", listener, SECONDS) as connection:
        assert connection.getpeername()[0] == "127.0.0.1"


def test_a_closed_port_is_an_oserror() -> None:
    """Refused by the server, not by the policy: another message for the member."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    egress = GuardedEgress(settings(egress_allow=frozenset({f"127.0.0.1:{port}"})))
    with pytest.raises(ConnectionRefusedError):
        egress.connect("127.0.0.1", port, SECONDS)


@pytest.mark.parametrize("host", ["no such host", "a" * 300, "x\0y", "nowhere.invalid", "ä" * 80])
def test_what_is_no_host_is_an_oserror(host: str) -> None:
    """Nonsense in the server field is an unknown host, not a bug."""
    with pytest.raises(OSError, match=r".+"):
        GuardedEgress(settings()).connect(host, 443, SECONDS)


def test_a_certificate_of_the_operators_authority_is_trusted(tmp_path: Path) -> None:
    """The operator's CA file counts besides the system's; without it the same server fails."""
    ca_file, server_context = authority(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=greet, args=(server, server_context), daemon=True).start()
        allow = frozenset({f"localhost:{port}"})
        trusting = GuardedEgress(settings(egress_allow=allow, ca_files=(ca_file,)))
        raw = trusting.connect("localhost", port, SECONDS)
        with trusting.tls("localhost", port).wrap_socket(
            raw, server_hostname="localhost"
        ) as secure:
            assert secure.recv(5) == b"hello"
        strict = GuardedEgress(settings(egress_allow=allow))
        with (
            strict.connect("localhost", port, SECONDS) as raw,
            pytest.raises(ssl.SSLCertVerificationError),
        ):
            strict.tls("localhost", port).wrap_socket(raw, server_hostname="localhost")


def greet(server: socket.socket, context: ssl.SSLContext) -> None:
    """Say hello over TLS to whoever trusts the certificate."""
    for _ in range(2):
        try:
            connection, _ = server.accept()
        except OSError:
            return  # the test has ended
        try:
            with context.wrap_socket(connection, server_side=True) as secure:
                secure.sendall(b"hello")
        except OSError:
            connection.close()


def authority(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for localhost: as a CA file, and as a server's context."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.UTC)
    names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName(names), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    ca_file, key_file = folder / "ca.pem", folder / "key.pem"
    ca_file.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    pkcs8 = serialization.PrivateFormat.PKCS8
    key_file.write_bytes(key.private_bytes(serialization.Encoding.PEM, pkcs8, plain))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ca_file, key_file)
    return ca_file, context


@pytest.fixture
def dns_server() -> Iterator[dns.resolver.Resolver]:
    """A resolver that asks a small DNS server on loopback, which knows one SRV name."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as server:
        server.bind(("127.0.0.1", 0))
        threading.Thread(target=answer_srv, args=(server,), daemon=True).start()
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = server.getsockname()[1]
        yield resolver


def answer_srv(server: socket.socket) -> None:
    """Answer questions until the socket is closed."""
    while True:
        try:
            wire, asker = server.recvfrom(4096)
        except OSError:
            return
        question = dns.message.from_wire(wire)
        answer = dns.message.make_response(question)
        answer.flags |= dns.flags.RA
        name = question.question[0].name
        if str(name).startswith("_autodiscover._tcp.known"):
            targets = ["20 0 443 second.example.", "10 1 8443 light.example."]
            targets += ["10 9 443 heavy.example.", "30 0 443 ."]
            answer.answer.append(dns.rrset.from_text(name, 60, "IN", "SRV", *targets))
        server.sendto(answer.to_wire(), asker)


def test_srv_targets_come_best_first(dns_server: dns.resolver.Resolver) -> None:
    """By priority, then by weight; the root as target means none."""
    egress = GuardedEgress(settings(), resolver=dns_server)
    assert egress.srv("_autodiscover._tcp.known.example") == [
        ("heavy.example", 443),
        ("light.example", 8443),
        ("second.example", 443),
    ]


def test_a_name_without_srv_records_has_none(dns_server: dns.resolver.Resolver) -> None:
    """Nothing found is not an error, and neither is a name that is none."""
    egress = GuardedEgress(settings(), resolver=dns_server)
    assert egress.srv("_autodiscover._tcp.other.example") == []
    assert egress.srv("a..b") == []


def test_a_silent_dns_server_is_given_up_soon() -> None:
    """The search goes on within seconds when DNS does not answer."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        resolver = dns.resolver.Resolver(configure=False)
        resolver.nameservers = ["127.0.0.1"]
        resolver.port = silent.getsockname()[1]
        assert GuardedEgress(settings(), resolver=resolver).srv("_x._tcp.example") == []


def trusting(port: int, **trust: Any) -> GuardedEgress:
    """An egress to localhost that trusts what a company trusts."""
    allow = frozenset({f"localhost:{port}"})
    return GuardedEgress(settings(egress_allow=allow), trust=lambda: Trust(**trust))


@pytest.fixture
def greeter(tmp_path: Path) -> Iterator[tuple[int, str]]:
    """The port of a server with a certificate of its own, and that certificate."""
    ca_file, server_context = authority(tmp_path)
    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=greet, args=(server, server_context), daemon=True).start()
        yield server.getsockname()[1], ca_file.read_text()


def greeted(egress: GuardedEgress, port: int, name: str = "localhost") -> bytes:
    """What the server says over TLS."""
    raw = egress.connect("localhost", port, SECONDS)
    with raw, egress.tls("localhost", port).wrap_socket(raw, server_hostname=name) as secure:
        return secure.recv(5)


def test_an_approved_certificate_is_trusted_whatever_its_name(greeter: tuple[int, str]) -> None:
    """It was approved for this host and port."""
    port, pem = greeter
    egress = trusting(port, approved={("localhost", port): (pem,)})
    assert greeted(egress, port, "mail.firma.test") == b"hello"
    assert egress.tls("localhost", port).verify_mode == ssl.CERT_REQUIRED


def test_an_approved_certificate_says_nothing_of_other_servers(greeter: tuple[int, str]) -> None:
    """Neither of another port nor of another host: those verify as ever."""
    port, pem = greeter
    egress = trusting(port, approved={("localhost", port + 1): (pem,), ("other", port): (pem,)})
    with pytest.raises(ssl.SSLCertVerificationError):
        greeted(egress, port)


def test_another_certificate_than_the_approved_one_is_changed(
    greeter: tuple[int, str], tmp_path: Path
) -> None:
    """Also where a public authority would vouch for it."""
    port, _ = greeter
    (tmp_path / "other").mkdir()
    other, _ = authority(tmp_path / "other")
    egress = trusting(port, approved={("localhost", port): (other.read_text(),)})
    with pytest.raises(CertificateChanged):
        greeted(egress, port)


def test_an_approved_certificate_vouches_for_no_other(tmp_path: Path) -> None:
    """One that may sign others is trusted itself, not what it signed."""
    files = sandbox_tls.ensure(tmp_path, ("localhost",))
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
        threading.Thread(target=greet, args=(server, files.context()), daemon=True).start()
        egress = trusting(port, approved={("localhost", port): (files.ca.read_text(),)})
        with pytest.raises(CertificateChanged):
            greeted(egress, port)


def test_looking_at_a_certificate_trusts_nothing(greeter: tuple[int, str]) -> None:
    """It is shown with its fingerprint, and the next connection still refuses."""
    port, pem = greeter
    egress = trusting(port)
    shown = egress.certificate("localhost", port, SECONDS)
    der = ssl.PEM_cert_to_DER_cert(pem)
    assert shown.fingerprint == hashlib.sha256(der).hexdigest()
    assert (shown.subject, shown.names, shown.self_signed) == (
        "localhost",
        ("localhost", "127.0.0.1"),
        True,
    )
    with pytest.raises(ssl.SSLCertVerificationError):
        greeted(egress, port)


def test_looking_follows_the_policy(listener: int) -> None:
    """What may not be called is not looked at either; its addresses are told as such."""
    egress = GuardedEgress(settings())
    with pytest.raises(EgressRefused):
        egress.certificate("127.0.0.1", listener, SECONDS)
    assert [each.allowed for each in egress.addresses("127.0.0.1", listener)] == [False]
    assert list(egress.called) == [("127.0.0.1", listener)]


def test_an_address_that_was_shown_as_allowed_is_judged_anew(listener: int) -> None:
    """What a diagnosis tells of a name binds nobody: the name may lead elsewhere by then."""
    asked: list[str] = []

    def rebinding(host: str, port: int, **_options: Any) -> list[Any]:
        asked.append(host)
        address = "8.8.8.8" if len(asked) == 1 else "127.0.0.1"
        return socket.getaddrinfo(address, port, type=1)

    egress = GuardedEgress(settings(), lookup=rebinding)
    assert [each.allowed for each in egress.addresses("rebinding.example", listener)] == [True]
    with pytest.raises(EgressRefused):
        egress.certificate("rebinding.example", listener, SECONDS)
