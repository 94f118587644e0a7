"""Reading certificates: what people are shown of one before they trust it."""

import hashlib
import re

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import ExtensionOID, NameOID

from andock_sdk.network import Certificate

MOST_NAMES = 20
_CONTROLS = re.compile(r"[^\x20-\x7e\u00a0-\u024f]+")


def read(der: bytes, chain: int = 1) -> Certificate:
    """A certificate in DER. Raises ValueError when it is none."""
    found = x509.load_der_x509_certificate(der)
    return Certificate(
        pem=found.public_bytes(Encoding.PEM).decode("ascii"),
        fingerprint=hashlib.sha256(der).hexdigest(),
        subject=_name(found.subject),
        issuer=_name(found.issuer),
        names=_names(found),
        begins=found.not_valid_before_utc,
        ends=found.not_valid_after_utc,
        chain=chain,
    )


def _name(name: x509.Name) -> str:
    """Common name and organisation, which is what people recognise; else all of it."""
    parts = []
    for oid in (NameOID.COMMON_NAME, NameOID.ORGANIZATION_NAME):
        parts += [_plain(str(each.value)) for each in name.get_attributes_for_oid(oid)][:1]
    return ", ".join(parts)[:300] or _plain(name.rfc4514_string())[:300] or "?"


def _names(found: x509.Certificate) -> tuple[str, ...]:
    try:
        extension = found.extensions.get_extension_for_oid(ExtensionOID.SUBJECT_ALTERNATIVE_NAME)
    except (x509.ExtensionNotFound, ValueError):
        return ()
    value = extension.value
    names = (
        [str(each.value) for each in value]
        if isinstance(value, x509.SubjectAlternativeName)
        else []
    )
    return tuple(_plain(name)[:253] for name in names[:MOST_NAMES])


def _plain(text: str) -> str:
    """Whoever made the certificate chose its words: letters alone, in one line."""
    return _CONTROLS.sub(" ", text).strip()[:150]
