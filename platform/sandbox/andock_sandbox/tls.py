"""A certificate authority of the sandbox's own, and server certificates signed by it."""

from __future__ import annotations

import ipaddress
import os
import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

LOCAL = ("localhost", "127.0.0.1", "::1")
_TEN_YEARS = timedelta(days=3652)
_YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Files:
    """Where things rest: the CA's certificate, the server's certificate chain and key."""

    ca: Path
    certificate: Path
    key: Path

    def der(self) -> bytes:
        """The server's certificate in DER."""
        held = x509.load_pem_x509_certificate(self.certificate.read_bytes())
        return held.public_bytes(serialization.Encoding.DER)

    def context(self) -> ssl.SSLContext:
        """A server's TLS context."""
        made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        made.minimum_version = ssl.TLSVersion.TLSv1_2
        made.load_cert_chain(self.certificate, self.key)
        return made


def ensure(
    home: Path,
    names: tuple[str, ...] = (),
    *,
    expired: bool = False,
    only_names: bool = False,
    ca: Path | None = None,
) -> Files:
    """The CA and a server certificate in a folder, made when missing, reused when they fit.
    ``ca`` is another folder whose CA signs.

    ``names`` are further host names; ``only_names`` leaves the local ones out (a certificate for
    another host); ``expired`` makes one that ended yesterday.
    """
    home.mkdir(parents=True, exist_ok=True)
    wanted = names if only_names and names else (*LOCAL, *names)
    stem = "expired" if expired else "other" if only_names else "server"
    signing = ca or home
    files = Files(signing / "ca.pem", home / f"{stem}.pem", home / f"{stem}.key")
    ca_key_file = signing / "ca.key"
    if not files.ca.exists() or not ca_key_file.exists():
        _make_ca(files.ca, ca_key_file)
        files.certificate.unlink(missing_ok=True)
    if not _fits(files, wanted, expired):
        _make_server(files, ca_key_file, wanted, expired)
    return files


def _fits(files: Files, wanted: tuple[str, ...], expired: bool) -> bool:
    if not files.certificate.exists() or not files.key.exists():
        return False
    held = x509.load_pem_x509_certificate(files.certificate.read_bytes())
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    names = held.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    known = {str(entry.value) for entry in names}
    if held.issuer != ca.subject or set(wanted) - known:
        return False
    return expired or held.not_valid_after_utc > datetime.now(UTC) + timedelta(days=7)


def _write_key(path: Path, key: ec.EllipticCurvePrivateKey) -> None:
    data = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(data)


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePrivateKey,
    begin: datetime,
    end: datetime,
) -> x509.CertificateBuilder:
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begin)
        .not_valid_after(end)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _make_ca(path: Path, key_path: Path) -> None:
    key = ec.generate_private_key(ec.SECP256R1())
    serial = x509.random_serial_number() % 10**8
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, f"Andock sandbox CA {serial}")])
    now = datetime.now(UTC)
    made = (
        _builder(name, name, key, now - timedelta(days=2), now + _TEN_YEARS)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_usage(signs=True), critical=True)
        .sign(key, hashes.SHA256())
    )
    _write_key(key_path, key)
    path.write_bytes(made.public_bytes(serialization.Encoding.PEM))


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ipaddress.ip_address(name))
    except ValueError:
        return x509.DNSName(name)


def _make_server(files: Files, ca_key_file: Path, names: tuple[str, ...], expired: bool) -> None:
    ca = x509.load_pem_x509_certificate(files.ca.read_bytes())
    ca_key = serialization.load_pem_private_key(ca_key_file.read_bytes(), None)
    if not isinstance(ca_key, ec.EllipticCurvePrivateKey):
        raise ValueError(f"{ca_key_file} is not a key of ours")
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.now(UTC)
    begin = now - timedelta(days=2 if not expired else 60)
    end = now - timedelta(days=1) if expired else now + _YEAR
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[-1])])
    issuer_id = ca.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
    made = (
        _builder(subject, ca.subject, key, begin, end)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(_usage(signs=False), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(
            x509.AuthorityKeyIdentifier.from_issuer_subject_key_identifier(issuer_id),
            critical=False,
        )
        .add_extension(
            x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False
        )
        .sign(ca_key, hashes.SHA256())
    )
    _write_key(files.key, key)
    files.certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
