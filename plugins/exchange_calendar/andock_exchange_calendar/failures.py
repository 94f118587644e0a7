"""What goes wrong below EWS (names, sockets, certificates, HTTP), as errors with a key."""

import socket
import ssl
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from andock_exchange_calendar.address import is_online
from andock_sdk import errors

_EXPIRED = {9, 10}  # OpenSSL: not yet valid, has expired
_WRONG_NAME = {62, 64}  # OpenSSL: host name mismatch, address mismatch
_MISDIRECTED = {301, 302, 303, 307, 308}


class AnswerTooLarge(errors.Transient):
    """The answer was longer than any honest one."""

    default_key = "answer.too_large"


class AnswerTooSlow(errors.Transient):
    """The answer dripped for too long."""

    default_key = "server.timeout"


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
    """The SDK error for whatever the network raised."""
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


def http_error(
    status: int, location: str, retry_after: str, now: datetime
) -> errors.AndockError | None:
    """The error for a status that is no answer of EWS; None when the body is to be looked at."""
    if status in _MISDIRECTED:
        if is_online(location):
            return errors.MemberError("mailbox.online", "redirect")
        return errors.AdminError("server.redirects", f"status {status}")
    if status in (429, 503):
        return errors.Throttled(_pause(retry_after, now), detail=f"status {status}")
    if status == 403:
        return errors.AdminError("sign_in.forbidden", "status 403")
    if status == 440:  # the form-based sign-in of OWA
        return errors.AdminError("server.login_page", "status 440")
    if status in (404, 405, 410):
        return errors.AdminError("server.not_exchange", f"status {status}")
    if status in (200, 500):
        return None
    if 400 <= status < 500:
        return errors.AdminError("server.not_exchange", f"status {status}")
    return errors.Transient("server.error", f"status {status}")


def _pause(retry_after: str, now: datetime) -> datetime | None:
    if not retry_after:
        return None
    try:
        if retry_after.strip().isdecimal():
            return now + timedelta(seconds=int(retry_after))
        named = parsedate_to_datetime(retry_after)
    except (ValueError, OverflowError):
        return None
    return named if named.tzinfo is not None else named.replace(tzinfo=UTC)
