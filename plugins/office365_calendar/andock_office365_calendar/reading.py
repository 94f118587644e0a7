"""Reading events: twenty to a request, each with what Andock gave it and a series with all that is
its own."""

from collections.abc import Callable, Sequence
from typing import Any
from urllib.parse import quote

from andock_office365_calendar.client import Call, Client, Json, Outcome
from andock_office365_calendar.convert import OPERATION, operation_id, to_appointment
from andock_office365_calendar.writing import OURS
from andock_sdk import Missing, ReadResult, RemoteItem, Unreadable, errors

_PLAIN = (
    *("id", "subject", "body", "location", "start", "end", "isAllDay", "originalStart"),
    *("originalStartTimeZone", "originalEndTimeZone", "showAs", "sensitivity", "categories"),
    *("isReminderOn", "reminderMinutesBeforeStart", "attendees", "organizer", "isOrganizer"),
    *("iCalUId", "webLink", "type", "seriesMasterId", "transactionId", "isCancelled"),
)
_SELECT = ",".join((*_PLAIN, "recurrence", "cancelledOccurrences"))
_OWN = f"singleValueExtendedProperties($filter=id eq '{OPERATION}')"
_EXPAND = f"exceptionOccurrences($select={','.join(_PLAIN)}),{_OWN}"
QUERY = f"$select={quote(_SELECT, safe='$,')}&$expand={quote(_EXPAND, safe='$,()=')}"
SHAPE = "item.unreadable"


def path_of(ref: str) -> str:
    """Where an event is."""
    return f"/me/events/{quote(ref, safe='')}"


def read(client: Client, refs: Sequence[str]) -> list[ReadResult]:
    """One result per ref. A bad item never fails the others; what concerns the mailbox as a whole
    (a pause, an expired sign-in) raises."""
    outcomes = client.batch([Call("GET", f"{path_of(ref)}?{QUERY}") for ref in refs])
    whole(client, outcomes)
    return [taken(ref, outcome, result) for ref, outcome in zip(refs, outcomes, strict=True)]


def whole(client: Client, outcomes: Sequence[Outcome]) -> None:
    """Raise what concerns more than single items. Where nothing could be read, the mailbox itself
    is asked: it may be all that is wrong, or not."""
    passing = [one.error for one in outcomes if isinstance(one.error, errors.Transient)]
    if passing and len(passing) == len(outcomes):
        client.get("/me/calendar?$select=id")
    for one in outcomes:
        if isinstance(one.error, errors.Throttled | errors.MemberError | errors.AdminError):
            raise one.error


def taken(ref: str, outcome: Outcome, made: Callable[[str, Any], ReadResult]) -> ReadResult:
    """One answer of a batch as a result."""
    match outcome.error:
        case None:
            return made(ref, outcome.body)
        case errors.Gone() | errors.CollectionGone():
            return Missing(ref=ref)
        case _:
            return Unreadable(ref=ref, error=SHAPE)


def raw(client: Client, ref: str) -> Json:
    """An event as Graph gives it. Raises Gone."""
    return client.get(f"{path_of(ref)}?{QUERY}")


def read_one(client: Client, ref: str) -> RemoteItem:
    """One event. Raises Gone, and Transient for one that cannot be read."""
    return remote_item(ref, raw(client, ref))


def remote_item(ref: str, event: Json) -> RemoteItem:
    """An event's JSON as an item. Raises Transient for one that cannot be read."""
    made = result(ref, event)
    if isinstance(made, RemoteItem):
        return made
    raise errors.Transient("answer.broken", "an event that cannot be read")


def result(ref: str, event: Any) -> ReadResult:
    """An event's JSON as a result. One that its organiser cancelled is still there: Outlook shows
    it until it is removed."""
    try:
        return RemoteItem(
            ref=ref,
            version=version(event),
            item=to_appointment(event),
            operation_id=_operation(event),
            link=_link(event.get("webLink")),
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return Unreadable(ref=ref, error=SHAPE)


def answered(client: Client, ref: str, expected: str) -> Json:
    """What a write led to, which was answered with that version. Where somebody changed the event
    before it could be read, that is not known, and what is there must not pass for it: their change
    would count as agreed. Raises Transient; core then finds out what became of the write."""
    held = raw(client, ref)
    check_version(version(held), expected)
    return held


def check_version(held: str, expected: str) -> None:
    """Raise Transient for another version than the one that our write was answered with."""
    if held != expected:
        raise errors.Transient(detail="another etag right after ours")


def version(item: Json) -> str:
    """What If-Match wants."""
    return str(item["@odata.etag"])


def _operation(event: Json) -> str:
    found = operation_id(event)
    transaction = str(event.get("transactionId") or "")
    return found or (transaction.removeprefix(OURS) if transaction.startswith(OURS) else "")


def _link(given: Any) -> str:
    return given if isinstance(given, str) and given.startswith("https://") else ""
