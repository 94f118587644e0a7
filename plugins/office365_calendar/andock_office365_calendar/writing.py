"""An Appointment, or what of it changed, as an event's properties. The way back is `convert.py`."""

from collections.abc import Callable, Iterable
from typing import Any

from andock_office365_calendar import recurrence, slots
from andock_office365_calendar.convert import BUSY, OPERATION, SENSITIVITY
from andock_sdk import NO_REMINDER, Appointment, Body, Override, errors

_SHOW_AS = {ours: theirs for theirs, ours in BUSY.items() if theirs != "unknown"}
_SENSITIVITY = {ours: theirs for theirs, ours in SENSITIVITY.items()}
OURS = "andock:"
"""Begins the transactionId of what Andock created: other programs give such ids too."""
Properties = dict[str, Any]


def new_event(item: Appointment, operation_id: str) -> Properties:
    """What a POST creates, without the exceptions of a series."""
    names = {"when", "subject", "body", "location", "busy", "sensitivity", "categories"}
    names |= {"reminder_minutes", *(("recurrence",) if item.recurrence else ())}
    names |= {"attendees"} if item.attendees else set()
    return {
        **properties(item, names),
        "transactionId": f"{OURS}{operation_id}",
        "singleValueExtendedProperties": [{"id": OPERATION, "value": operation_id}],
    }


def properties(item: Appointment, names: Iterable[str]) -> Properties:
    """The event's properties for these fields. Raises Unrepresentable before anything is sent."""
    made: Properties = {}
    for name in sorted(names):
        if name in _WRITERS:
            made |= _WRITERS[name](item)
    return made


def pattern(item: Appointment) -> Properties | None:
    """The recurrence, None for a single appointment. Raises Unrepresentable."""
    if not item.recurrence:
        return None
    if item.when.foreign_zone:
        raise errors.Unrepresentable("series.foreign_zone", "a series in a custom zone")
    return recurrence.write(item.recurrence, item.when)


def occurrence(series: Appointment, original: str, before: Override, after: Override) -> Properties:
    """What one occurrence is to be told, so that it has of its own what `after` says; what it no
    longer has of its own is as in the series."""
    plain = _applied(series, original, Override())
    have, want = _applied(series, original, before), _applied(series, original, after)
    names = {
        name for name in type(plain).model_fields if getattr(have, name) != getattr(want, name)
    }
    return properties(want, names - {"recurrence", "overrides", "cancellations"})


def _applied(series: Appointment, original: str, override: Override) -> Appointment:
    """The occurrence as a single appointment."""
    own = {name: value for name, value in override if value is not None}
    if own.get("reminder_minutes") == NO_REMINDER:
        own["reminder_minutes"] = None
    bare = {"recurrence": "", "overrides": {}, "cancellations": ()}
    when = slots.shifted(series.when, original)
    return series.model_copy(update={**bare, "when": when, **own})


def body(given: Body) -> Properties:
    """Notes, as they are."""
    return {"contentType": given.kind, "content": given.content}


def _reminder(minutes: int | None) -> Properties:
    if minutes is None:
        return {"isReminderOn": False}
    return {"isReminderOn": True, "reminderMinutesBeforeStart": minutes}


def _attendees(item: Appointment) -> list[Properties]:
    return [
        {
            "type": attendee.role,
            "emailAddress": {"name": attendee.person.name, "address": attendee.person.email},
        }
        for attendee in item.attendees
        if attendee.person.email
    ]


def same_people(one: Appointment, other: Appointment) -> bool:
    """Whether the same people are invited in the same roles: answers are not ours to write."""
    return _people(one) == _people(other)


def _people(item: Appointment) -> list[tuple[str, str, str]]:
    return sorted((a.role, a.person.email.lower(), a.person.name) for a in item.attendees)


_WRITERS: dict[str, Callable[[Appointment], Properties]] = {
    "when": lambda item: slots.write(item.when),
    "subject": lambda item: {"subject": item.subject},
    "body": lambda item: {"body": body(item.body)},
    "location": lambda item: {"location": {"displayName": item.location}},
    "busy": lambda item: {"showAs": _SHOW_AS[item.busy]},
    "sensitivity": lambda item: {"sensitivity": _SENSITIVITY[item.sensitivity]},
    "categories": lambda item: {"categories": list(item.categories)},
    "reminder_minutes": lambda item: _reminder(item.reminder_minutes),
    "attendees": lambda item: {"attendees": _attendees(item)},
    "recurrence": lambda item: {"recurrence": pattern(item)},
}
