"""The same fields of events that ours reads, straight from the JSON, as plain values."""

from typing import Any

_PLAIN = (
    "@odata.etag",
    "id",
    "subject",
    "isAllDay",
    "originalStartTimeZone",
    "originalEndTimeZone",
    "showAs",
    "sensitivity",
    "categories",
    "isReminderOn",
    "reminderMinutesBeforeStart",
    "isOrganizer",
    "iCalUId",
    "webLink",
    "type",
    "transactionId",
    "recurrence",
)


def fields_of(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Of a page of changes, which events they are; of a batch, all about each of its events."""
    if "responses" in answer:
        return [_event(one["body"]) for one in answer["responses"]]
    return [{"id": one["id"], "version": one["@odata.etag"]} for one in answer["value"]]


def _event(event: dict[str, Any]) -> dict[str, Any]:
    found = {name: event.get(name) for name in _PLAIN}
    start, end, body = event["start"], event["end"], event["body"]
    found["start"] = (start["dateTime"], start["timeZone"])
    found["end"] = (end["dateTime"], end["timeZone"])
    found["body"] = (body["contentType"], body["content"])
    found["location"] = event["location"]["displayName"]
    found["organizer"] = _person(event["organizer"])
    found["people"] = [
        (*_person(one), one["type"], one["status"]["response"]) for one in event["attendees"]
    ]
    found["operation"] = [
        (one["id"], one["value"]) for one in event.get("singleValueExtendedProperties") or ()
    ]
    found["gone"] = event.get("cancelledOccurrences")
    found["changed"] = [
        (one["originalStart"], _event(one)) for one in event.get("exceptionOccurrences") or ()
    ]
    return found


def _person(holder: dict[str, Any] | None) -> tuple[str, str]:
    if holder is None:
        return "", ""
    return holder["emailAddress"]["name"], holder["emailAddress"]["address"]
