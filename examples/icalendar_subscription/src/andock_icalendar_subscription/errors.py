"""What a server's answer means, in the words of `andock_sdk.errors`."""

from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from andock_sdk import errors


def for_status(status: int, retry_after: str | None, now: datetime) -> errors.AndockError:
    """The error for an HTTP status that brings no feed."""
    detail = f"status {status}"
    if status == 401:
        return errors.BadCredentials(detail=detail)
    if status == 403:
        return errors.MemberError("feed.forbidden", detail)
    if status in (404, 410):
        return errors.CollectionGone("feed.gone", detail)
    if status == 429 or (status == 503 and retry_after):
        return errors.Throttled(until(retry_after, now), detail=detail)
    if status >= 500 or status in (408, 425):
        return errors.Transient("feed.unavailable", detail)
    return errors.MemberError("feed.refused", detail)


def for_redirect(key: str) -> errors.AndockError:
    """The error for a redirect that is not followed; `key` is what was wrong with it."""
    if key == "url.not_https":
        return errors.MemberError("feed.insecure", "redirect to http")
    return errors.Transient("feed.unavailable", "redirect to nowhere")


def until(retry_after: str | None, now: datetime) -> datetime | None:
    """The moment that a Retry-After names, in seconds or as a date; None when it names none."""
    text = (retry_after or "").strip()
    try:
        if text.isdecimal():
            return now + timedelta(seconds=int(text))
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, OverflowError, IndexError):
        return None
