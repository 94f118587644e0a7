"""What Graph's answers mean, in the words of `andock_sdk.errors`."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from andock_sdk import errors

_MISSING = frozenset(
    {"ErrorItemNotFound", "ErrorInvalidIdMalformed", "ErrorInvalidMailboxItemId", "itemNotFound"}
)
_FOLDER_GONE = frozenset({"ErrorFolderNotFound", "ErrorSyncFolderNotFound"})
_CURSOR_LOST = frozenset(
    {
        "syncstatenotfound",
        "syncstateinvalid",
        "resyncrequired",
        "errorinvalidsyncstatedata",
        "fullsyncrequired",
    }
)
_CONFLICT = frozenset({"ErrorIrresolvableConflict", "ErrorChangeKeyRequired", "ErrorStaleObject"})
_UNREPRESENTABLE = {
    "ErrorPropertyValidationFailure": "item.unrepresentable",
    "ErrorInvalidPropertySet": "item.unrepresentable",
    "ErrorCalendarEndDateIsEarlierThanStartDate": "item.unrepresentable",
    "ErrorCalendarDurationIsTooLong": "item.too_long",
    "ErrorOccurrenceCrossingBoundary": "series.crossing",
    "ErrorOccurrenceTimeSpanTooBig": "series.too_dense",
    "ErrorRecurrenceHasNoOccurrence": "series.empty",
    "ErrorCalendarInvalidRecurrence": "series.rule",
    "ErrorTimeZone": "zone.unknown",
    "TimeZoneNotSupportedException": "zone.unknown",
}
_NO_MAILBOX = frozenset({"MailboxNotEnabledForRESTAPI", "ErrorNonExistentMailbox"})
_LONGEST_PAUSE = timedelta(days=1)


def to_error(
    status: int, body: Any, headers: Mapping[str, str], now: datetime
) -> errors.AndockError:
    """The error for an answer that is none of success. `body` is the JSON that came, if it was."""
    code = _code(body)
    detail = f"{status} {code}"
    if status in (429, 503, 509) or code in ("ErrorServerBusy", "ApplicationThrottled"):
        return errors.Throttled(pause(headers.get("Retry-After", ""), now), detail=detail)
    if status == 410 or code.lower() in _CURSOR_LOST:
        return errors.CursorLost(detail=detail)
    if status == 412 or code in _CONFLICT:
        return errors.Conflict(detail=detail)
    if code in _FOLDER_GONE:
        return errors.CollectionGone(detail=detail)
    if status == 404 or code in _MISSING:
        return _no_mailbox(code, detail) or errors.Gone(detail=detail)
    if code in _UNREPRESENTABLE:
        return errors.Unrepresentable(_UNREPRESENTABLE[code], detail)
    return _account_error(status, code, detail)


def _account_error(status: int, code: str, detail: str) -> errors.AndockError:
    if code in ("ErrorQuotaExceeded", "ErrorMessageSizeExceeded"):
        return errors.MemberError("mailbox.full", detail)
    if status == 401:
        return errors.BadCredentials("sign_in.expired", detail)
    if status == 403:
        return errors.AdminError("calendar.no_rights", detail)
    if status in (400, 405, 409, 413, 415, 422):
        return _no_mailbox(code, detail) or errors.PluginBug(detail=detail)
    if status in (301, 302, 303, 307, 308):
        return errors.AdminError("server.not_graph", detail)
    return errors.Transient("server.error", detail)


def _no_mailbox(code: str, detail: str) -> errors.AndockError | None:
    return errors.AdminError("mailbox.none", detail) if code in _NO_MAILBOX else None


def _code(body: Any) -> str:
    """Graph's error code; letters alone, for it goes into the operator's log."""
    found = body.get("error") if isinstance(body, dict) else None
    code = found.get("code") if isinstance(found, dict) else None
    return "".join(c for c in code[:60] if c.isalnum() or c == "_") if isinstance(code, str) else ""


def pause(retry_after: str, now: datetime) -> datetime | None:
    """When to come back, from seconds or a date; at most a day away. None: core chooses."""
    text = retry_after.strip()
    try:
        if text.isdecimal():
            until = now + timedelta(seconds=min(int(text), 10**6))
        else:
            named = parsedate_to_datetime(text)
            until = named if named.tzinfo is not None else named.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
    return min(until, now + _LONGEST_PAUSE)
