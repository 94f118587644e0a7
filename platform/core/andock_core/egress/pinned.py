"""TLS settings that accept certain certificates alone."""

import hashlib
import ssl
from collections.abc import Sequence
from typing import Any

from andock_sdk.errors import CertificateChanged

_DATES = {9, 10}  # OpenSSL's verify codes: not yet valid, has expired


class PinnedContext(ssl.SSLContext):
    """Verifies as ever, with the approved certificates as the only anchors, and then looks whether
    the one shown is among them: an approved certificate that may sign others vouches for none.

    The name is not matched, because the certificate was approved for one host and port. Its dates
    still count.
    """

    _approved: frozenset[str] = frozenset()

    @classmethod
    def to(cls, pems: Sequence[str]) -> "PinnedContext":
        """Settings for these certificates, each in PEM."""
        made = cls(ssl.PROTOCOL_TLS_CLIENT)
        made.check_hostname = False
        made.verify_flags |= ssl.VerifyFlags.VERIFY_X509_PARTIAL_CHAIN
        for pem in pems:
            made.load_verify_locations(cadata=pem)
        ders = (ssl.PEM_cert_to_DER_cert(pem) for pem in pems)
        made._approved = frozenset(hashlib.sha256(der).hexdigest() for der in ders)
        return made

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        """A connection to whoever shows an approved certificate. Raises CertificateChanged."""
        try:
            secured = super().wrap_socket(*args, **kwargs)
        except ssl.SSLCertVerificationError as error:
            if error.verify_code in _DATES:
                raise
            raise CertificateChanged(detail=f"verify code {error.verify_code}") from error
        der = secured.getpeercert(binary_form=True) or b""
        if hashlib.sha256(der).hexdigest() not in self._approved:
            secured.close()
            raise CertificateChanged(detail="another one")
        return secured

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        """There the handshake is somebody else's, and nobody would look at the certificate."""
        raise NotImplementedError("an approved certificate needs a socket")
