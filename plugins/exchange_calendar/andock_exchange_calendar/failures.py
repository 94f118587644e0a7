"""What goes wrong below EWS (names, sockets, certificates, HTTP), as errors with a key."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from andock_exchange_calendar.address import is_online
from andock_sdk import errors
from andock_sdk.network import network_error

__all__ = ["Redirected", "http_error", "network_error"]
_MISDIRECTED = {301, 302, 303, 307, 308}


class Redirected(errors.AdminError):
    """The server sends us elsewhere. `location` is what it said, and nothing was sent there."""

    default_key = "server.redirects"

    def __init__(self, location: str, detail: str = "") -> None:
        super().__init__(detail=detail)
        self.location = location


def http_error(
    status: int, location: str, retry_after: str, now: datetime
) -> errors.AndockError | None:
    """The error for a status that is no answer of EWS; None when the body is to be looked at."""
    if status in _MISDIRECTED:
        if is_online(location):
            return errors.MemberError("mailbox.online", "redirect")
        return Redirected(location, f"status {status}")
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
