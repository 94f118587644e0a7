"""What Exchange's response codes mean, in the words of `andock_sdk.errors`."""

from datetime import datetime, timedelta

from lxml import etree

from andock_exchange_calendar.soap import Element, local
from andock_sdk import errors

_MISSING = frozenset(
    {
        "ErrorItemNotFound",
        "ErrorInvalidId",
        "ErrorInvalidIdEmpty",
        "ErrorInvalidIdMalformed",
        "ErrorInvalidIdNotAnItemAttachmentId",
        "ErrorCalendarOccurrenceIsDeletedFromRecurrence",
    }
)
_CONFLICT = frozenset(
    {
        "ErrorIrresolvableConflict",
        "ErrorStaleObject",
        "ErrorChangeKeyRequired",
        "ErrorChangeKeyRequiredForWriteOperations",
        "ErrorInvalidChangeKey",
    }
)
_BUSY = frozenset({"ErrorServerBusy", "ErrorExceededConnectionCount", "ErrorTooManyObjectsOpened"})
_FOLDER_GONE = frozenset(
    {"ErrorSyncFolderNotFound", "ErrorFolderNotFound", "ErrorParentFolderNotFound"}
)
_PASSING = frozenset(
    {
        "ErrorADUnavailable",
        "ErrorBatchProcessingStopped",
        "ErrorConnectionFailed",
        "ErrorConnectionFailedTransientError",
        "ErrorInsufficientResources",
        "ErrorInternalServerTransientError",
        "ErrorMailboxFailover",
        "ErrorMailboxMoveInProgress",
        "ErrorMailboxStoreUnavailable",
        "ErrorTimeoutExpired",
    }
)
_BUG = frozenset(
    {
        "ErrorSchemaValidation",
        "ErrorIncorrectSchemaVersion",
        "ErrorInvalidRequest",
        "ErrorInvalidOperation",
        "ErrorUnsupportedPathForQuery",
    }
)
_NO_MAILBOX = frozenset(
    {"ErrorNonExistentMailbox", "ErrorMailboxConfiguration", "ErrorMissingEmailAddress"}
)
_UNREPRESENTABLE = {
    "ErrorOccurrenceTimeSpanTooBig": "series.too_dense",
    "ErrorOccurrenceCrossingBoundary": "series.crossing",
    "ErrorRecurrenceHasNoOccurrence": "series.empty",
    "ErrorRecurrenceEndDateTooBig": "series.too_long",
    "ErrorCalendarInvalidRecurrence": "series.rule",
    "ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange": "series.occurrence",
    "ErrorCalendarInvalidTimeZone": "zone.unknown",
    "ErrorTimeZone": "zone.unknown",
    "ErrorCalendarDurationIsTooLong": "item.too_long",
    "ErrorCalendarEndDateIsEarlierThanStartDate": "item.unrepresentable",
    "ErrorAttachmentSizeLimitExceeded": "photo.too_large",
    "ErrorCalendarOutOfRange": "item.unrepresentable",
    "ErrorInvalidPropertySet": "item.unrepresentable",
    "ErrorPropertyValidationFailure": "item.unrepresentable",
    "ErrorInvalidPropertyUpdate": "item.unrepresentable",
}
_MEMBER = {
    "ErrorPasswordExpired": "sign_in.password_expired",
    "ErrorPasswordChangeRequired": "sign_in.password_expired",
    "ErrorAccountDisabled": "sign_in.disabled",
    "ErrorQuotaExceeded": "mailbox.full",
}


def is_missing(code: str) -> bool:
    """Whether the code says that an item is not there."""
    return code in _MISSING


def passes(code: str) -> bool:
    """Whether the code is about the server's present state, not about what was asked for."""
    return code in _PASSING


def is_folder_gone(code: str) -> bool:
    """Whether the code, in answer to a question about a folder, says that it is not there."""
    return code in _FOLDER_GONE or code in _MISSING


def to_error(code: str, pause: int | None, now: datetime | None) -> errors.AndockError:
    """The error for a response code. `pause` is BackOffMilliseconds, when there was one."""
    if code in _MISSING:
        return errors.Gone(detail=code)
    if code in _CONFLICT:
        return errors.Conflict(detail=code)
    if code in _BUSY:
        return errors.Throttled(_until(pause, now), detail=code)
    if code == "ErrorInvalidSyncStateData":
        return errors.CursorLost(detail=code)
    if code in _FOLDER_GONE:
        return errors.CollectionGone(detail=code)
    if code in _UNREPRESENTABLE:
        return errors.Unrepresentable(_UNREPRESENTABLE[code], code)
    return _account_error(code)


def _account_error(code: str) -> errors.AndockError:
    if code in _MEMBER:
        return errors.MemberError(_MEMBER[code], code)
    if code in _NO_MAILBOX:
        return errors.AdminError("mailbox.none", code)
    if code == "ErrorAccessDenied":
        return errors.AdminError("calendar.no_rights", code)
    if code == "ErrorInvalidServerVersion":
        return errors.AdminError("server.too_old", code)
    if code in _BUG:
        return errors.PluginBug(detail=code)
    return errors.Transient(detail=code)


def _until(pause: int | None, now: datetime | None) -> datetime | None:
    if not pause or now is None:
        return None
    try:
        return now + timedelta(milliseconds=pause)
    except OverflowError:
        return None


def fault_error(fault: Element, now: datetime) -> errors.AndockError:
    """The error that a SOAP fault stands for."""
    code, pause = "", None
    for element in fault.iter(etree.Element):
        name = local(element)
        if name == "ResponseCode":
            code = (element.text or "").strip()
        elif element.get("Name") == "BackOffMilliseconds":
            pause = milliseconds(element.text)
        elif name == "faultcode" and not code:
            code = (element.text or "").strip().rpartition(":")[2]
    return to_error(code, pause, now)


def milliseconds(text: str | None) -> int | None:
    """BackOffMilliseconds as a number; it is sometimes absent, empty or 0."""
    try:
        return int(text or "") or None
    except ValueError:
        return None
