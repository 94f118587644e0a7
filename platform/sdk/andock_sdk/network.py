"""What a plugin may learn of a server before it says anything to it, and what goes wrong there."""

import socket
import ssl
from collections.abc import Iterator
from datetime import datetime

from pydantic import BaseModel, ConfigDict, Field

from andock_sdk import errors

_EXPIRED = {9, 10}  # OpenSSL: not yet valid, has expired
_WRONG_NAME = {62, 64}  # OpenSSL: host name mismatch, address mismatch


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Address(_Data):
    """A numeric `address` that a name leads to. `allowed`: the policy lets it be called."""

    address: str = Field(max_length=64)
    allowed: bool


class Certificate(_Data):
    """A certificate as a server shows it, trusted or not, `pem` being the whole of it. `subject`
    and `issuer` name whom it is for and who made it; it is valid from `begins` to `ends` (aware, in
    UTC). `fingerprint` is the SHA-256 of the
    certificate, 64 lower-case hexadecimal digits; `names` are the hosts that it is issued for;
    `chain` counts the certificates that the server sent."""

    pem: str = Field(max_length=32_000, repr=False)
    fingerprint: str = Field(pattern=r"^[0-9a-f]{64}$")
    subject: str = Field(max_length=300)
    issuer: str = Field(max_length=300)
    names: tuple[str, ...] = ()
    begins: datetime
    ends: datetime
    chain: int = 1

    @property
    def self_signed(self) -> bool:
        """Whether it names itself as its issuer."""
        return self.subject == self.issuer


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The error and all that stands behind it: libraries wrap errors in arguments, too."""
    seen: set[int] = set()
    waiting: list[object] = [error]
    while waiting:
        one = waiting.pop(0)
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [one.__cause__, getattr(one, "reason", None), *one.args, one.__context__]


def network_error(error: BaseException) -> errors.AndockError:
    """The error for whatever the network raised, also from behind a library's own errors. Its words
    stand in `andock_sdk.network_messages.NETWORK`."""
    causes = list(_causes(error))
    for cause in causes:
        if isinstance(cause, errors.AndockError):
            return cause
        if isinstance(cause, ssl.SSLCertVerificationError):
            return errors.AdminError(_certificate_key(cause), f"verify code {cause.verify_code}")
        if isinstance(cause, socket.gaierror):
            return errors.Transient("server.unknown_host", "name not resolved")
        if isinstance(cause, ConnectionRefusedError):
            return errors.Transient("server.refused", "connection refused")
    if any(isinstance(cause, ssl.SSLError) and not _is_cut(cause) for cause in causes):
        return errors.AdminError("certificate.no_tls", "TLS handshake failed")
    if any(isinstance(cause, TimeoutError) or _is_timeout(cause) for cause in causes):
        return errors.Transient("server.timeout", "timeout")
    return errors.Transient("server.unreachable", type(causes[-1]).__name__)


def _certificate_key(error: ssl.SSLCertVerificationError) -> str:
    if error.verify_code in _EXPIRED:
        return "certificate.expired"
    if error.verify_code in _WRONG_NAME:
        return "certificate.wrong_name"
    return "certificate.unknown_issuer"


def _is_cut(error: BaseException) -> bool:
    return isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError)


def _is_timeout(error: BaseException) -> bool:
    return "Timeout" in type(error).__name__
