"""An event, as Graph gives it, to an Appointment. The way back is in `writing.py`."""

from collections.abc import Sequence
from typing import Any, Literal

from andock_office365_calendar import recurrence, slots
from andock_sdk import NO_REMINDER, Appointment, Body, Override
from andock_sdk.items import Answer, Busy, Sensitivity

BUSY: dict[str, Busy] = {
    "free": "free",
    "tentative": "tentative",
    "busy": "busy",
    "oof": "away",
    "workingElsewhere": "elsewhere",
    "unknown": "busy",
}
SENSITIVITY: dict[str, Sensitivity] = {
    "normal": "normal",
    "personal": "personal",
    "private": "private",
    "confidential": "confidential",
}
_ANSWERS: dict[str, Answer] = {
    "accepted": "accepted",
    "tentativelyAccepted": "tentative",
    "declined": "declined",
    "organizer": "organizer",
}
_ROLES: dict[str, Literal["required", "optional", "resource"]] = {
    "required": "required",
    "optional": "optional",
    "resource": "resource",
}
_OVERRIDABLE = ("subject", "body", "location", "busy", "sensitivity", "categories")
OPERATION = "String {7f6a2d0e-5b7f-4c0e-9a53-2b6c1f0d8e11} Name AndockOperationId"
"""Our own property on events and contacts (a named MAPI property, searchable by $filter)."""
_LONGEST_OPERATION = 64


def to_appointment(event: dict[str, Any]) -> Appointment:
    """The appointment. A series comes with `exceptionOccurrences` and `cancelledOccurrences`.
    Raises ValueError, KeyError or TypeError for what cannot be one."""
    single = _plain(event)
    if event.get("type") != "seriesMaster" or not event.get("recurrence"):
        return single
    return single.model_copy(
        update={
            "recurrence": recurrence.read(event["recurrence"]),
            "overrides": _overrides(single, event.get("exceptionOccurrences") or ()),
            "cancellations": _cancellations(single, event.get("cancelledOccurrences") or ()),
        }
    )


def operation_id(item: dict[str, Any]) -> str:
    """The operation id that Andock gave the item at creation, or ""."""
    for one in item.get("singleValueExtendedProperties") or ():
        if one["id"].lower() == OPERATION.lower():
            value = str(one.get("value") or "")
            return value if len(value) <= _LONGEST_OPERATION else ""  # not one of ours
    return ""


def _plain(event: dict[str, Any]) -> Appointment:
    attendees = [_attendee(one) for one in event.get("attendees") or ()]
    mine = bool(event.get("isOrganizer", True))
    meeting = bool(attendees) or not mine
    # Checked as a whole: part by part would take twice as long.
    return Appointment.model_validate(
        {
            "when": slots.fields(event),
            "subject": event.get("subject") or "",
            "body": _body(event.get("body")),
            "location": (event.get("location") or {}).get("displayName") or "",
            "busy": BUSY.get(event.get("showAs") or "", "busy"),
            "sensitivity": SENSITIVITY.get(event.get("sensitivity") or "", "normal"),
            "categories": tuple(event.get("categories") or ()),
            "reminder_minutes": _reminder(event),
            "organizer": _person(event.get("organizer")) if meeting else None,
            "attendees": attendees,
            "editable": mine,
            "uid": event.get("iCalUId") or "",
            "overrides": {},  # said, since pydantic would copy the default at length
        }
    )


def body(given: dict[str, Any] | None) -> Body:
    """HTML stays as it came. In text, line ends are written in one way: a difference in line ends
    would travel to and fro for ever."""
    return Body.model_validate(_body(given))


def _body(given: dict[str, Any] | None) -> dict[str, str]:
    content = (given or {}).get("content") or ""
    if (given or {}).get("contentType") == "html":
        return {"kind": "html", "content": content} if content else {}
    return {"content": content.replace("\r\n", "\n")}


def _person(given: dict[str, Any] | None) -> dict[str, str]:
    """A recipient's name and address."""
    about = (given or {}).get("emailAddress") or {}
    address = about.get("address") or ""
    return {"name": about.get("name") or "", "email": address if "@" in address else ""}


def _attendee(given: dict[str, Any]) -> dict[str, object]:
    answer = _ANSWERS.get((given.get("status") or {}).get("response") or "", "none")
    role = _ROLES.get(given.get("type") or "", "required")
    return {"person": _person(given), "role": role, "answer": answer}


def _reminder(event: dict[str, Any]) -> int | None:
    if not event.get("isReminderOn"):
        return None
    return int(event.get("reminderMinutesBeforeStart") or 0)


def _cancellations(series: Appointment, ids: Sequence[str]) -> tuple[str, ...]:
    """`cancelledOccurrences` are ids that end with the day: "OID.….2026-11-24"."""
    days = (one.rpartition(".")[2] for one in ids)
    return tuple(sorted({slots.of_day(series.when, day) for day in days}))


def _overrides(series: Appointment, exceptions: Sequence[dict[str, Any]]) -> dict[str, Override]:
    found: dict[str, Override] = {}
    for event in exceptions:
        original = slots.original_start(series.when, event["originalStart"])
        override = _difference(series, _plain(event), original)
        if override != Override():
            found[original] = override
    return dict(sorted(found.items()))


def _difference(series: Appointment, own: Appointment, original: str) -> Override:
    """What the occurrence has of its own."""
    differing: dict[str, object] = {
        name: getattr(own, name)
        for name in _OVERRIDABLE
        if getattr(own, name) != getattr(series, name)
    }
    if own.reminder_minutes != series.reminder_minutes:
        minutes = own.reminder_minutes
        differing["reminder_minutes"] = NO_REMINDER if minutes is None else minutes
    if not slots.same_time(own.when, slots.shifted(series.when, original)):
        differing["when"] = own.when
    return Override.model_validate(differing)
