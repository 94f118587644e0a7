"""Reading a company's own certificate authority from a file that an admin uploads."""

import ssl
from datetime import datetime

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

from andock_core.egress.certificates import read
from andock_core.trust.errors import BadAuthority
from andock_sdk.network import Certificate

LARGEST_FILE = 64 * 1024
MOST_IN_A_FILE = 10
SHORTEST_RSA = 2048


def authorities(data: bytes, now: datetime) -> list[Certificate]:
    """The authorities in a PEM (or DER) file. Raises BadAuthority with a key that says why not:
    authority.too_large, .private_key, .unreadable, .too_many, .not_authority, .ended, .weak."""
    if len(data) > LARGEST_FILE:
        raise BadAuthority("authority.too_large")
    if b"PRIVATE KEY" in data:
        raise BadAuthority("authority.private_key")
    try:
        found = (
            x509.load_pem_x509_certificates(data)
            if b"-----BEGIN" in data
            else [x509.load_der_x509_certificate(data)]
        )
    except ValueError as error:
        raise BadAuthority("authority.unreadable") from error
    if len(found) > MOST_IN_A_FILE:
        raise BadAuthority("authority.too_many")
    return [_checked(one, now) for one in found]


def _checked(found: x509.Certificate, now: datetime) -> Certificate:
    if not _signs(found):
        raise BadAuthority("authority.not_authority")
    if found.not_valid_after_utc <= now:
        raise BadAuthority("authority.ended")
    try:
        key = found.public_key()
        if isinstance(key, rsa.RSAPublicKey) and key.key_size < SHORTEST_RSA:
            raise BadAuthority("authority.weak")
        read_in = read(found.public_bytes(Encoding.DER))
        ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT).load_verify_locations(cadata=read_in.pem)
    except (ValueError, ssl.SSLError, NotImplementedError) as error:
        raise BadAuthority("authority.unreadable") from error
    return read_in


def _signs(found: x509.Certificate) -> bool:
    try:
        basic = found.extensions.get_extension_for_class(x509.BasicConstraints).value
        if not basic.ca:
            return False
        usage = found.extensions.get_extension_for_class(x509.KeyUsage).value
    except x509.ExtensionNotFound as error:
        return error.oid == x509.KeyUsage.oid  # without the usage, everything is allowed
    except ValueError:
        return False
    return usage.key_cert_sign
