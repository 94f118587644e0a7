"""The MIME content of calendar entries: iCalendar, as Exchange imports and exports it.

What a client writes as MimeContent becomes the same properties that it could have written one by
one; a series may bring its exceptions (RECURRENCE-ID) and the days taken out (EXDATE).
"""

from __future__ import annotations

import base64
import binascii
import re
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import Any, TypeAlias

import icalendar

from . import entries, occurrences, recurrence, rrule, times, zones
from .errors import EwsError
from .model import Item, Props

# The library's types of what a property may hold are wider than what these properties do hold.
Event: TypeAlias = Any

_CLASSES = {"PRIVATE": "Private", "CONFIDENTIAL": "Confidential", "PERSONAL": "Personal"}
_BUSY = {"FREE": "Free", "TENTATIVE": "Tentative", "BUSY": "Busy", "OOF": "OOF"}
ANSWERS = {"ACCEPTED": "Accept", "DECLINED": "Decline", "TENTATIVE": "Tentative"}
_ZONED_UTC = re.compile(r';TZID=(?:"[^"]*"|[^:;]*)(:\d{8}T\d{6}Z)')
CODES = dict(zip(recurrence.WEEKDAYS, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))


def _events(text: str) -> list[Event]:
    try:
        plain = base64.b64decode(text, validate=False).decode("utf-8")
        # Z wins over a zone beside it (DavMail writes both).
        plain = _ZONED_UTC.sub(r"\1", plain)
        return [
            part
            for part in icalendar.Calendar.from_ical(plain).walk("VEVENT")
            if isinstance(part, icalendar.Event)
        ]
    except (ValueError, binascii.Error, KeyError, IndexError) as error:
        raise EwsError("ErrorMimeContentInvalid") from error


def read(text: str, zone_name: str) -> Props:
    """The properties of the entry (or series) in a MimeContent; bare times are in ``zone_name``
    (Windows). EwsError ErrorMimeContentInvalid."""
    events = _events(text)
    masters = [event for event in events if "RECURRENCE-ID" not in event]
    if not masters:
        raise EwsError("ErrorMimeContentInvalid")
    try:
        return _props(masters[0], zone_name)
    except (ValueError, KeyError, AttributeError, TypeError) as error:
        raise EwsError("ErrorMimeContentInvalid") from error


def complete(item: Item, text: str) -> None:
    """Take over what a MimeContent says about single occurrences of a new series."""
    if not item.is_series:
        return
    zone_name = item.props["StartTimeZone"]["Id"]
    starts = {slot.start for slot in _near(item)}
    for event in _events(text):
        if "RECURRENCE-ID" in event:
            original = _instant(event["RECURRENCE-ID"].dt, occurrences.zone_of(item.props))
            if original in starts:
                made = _props(event, zone_name)
                for name in ("UID", "Recurrence", "Organizer", "MyResponseType"):
                    made.pop(name, None)
                item.exceptions[original] = {"props": made, "extended": {}}
            continue
        held = event.get("EXDATE", [])
        for group in held if isinstance(held, list) else [held]:
            for entry in group.dts:
                original = _instant(entry.dt, occurrences.zone_of(item.props))
                if original in starts and original not in item.deleted:
                    item.deleted.append(original)


def _near(item: Item) -> list[occurrences.Slot]:
    made = []
    for slot in occurrences.slots(item):
        made.append(slot)
        if slot.index >= 1000:
            break
    return made


def _zone(event: Event, zone_name: str) -> str:
    """The Windows name of the zone that an event's start is in."""
    start = event["DTSTART"]
    known = str(start.params.get("TZID", ""))
    if zones.is_known(known):
        return known
    for windows, iana in zones.IANA.items():
        if iana == known:
            return windows
    if isinstance(start.dt, datetime) and start.dt.tzinfo is UTC:
        return zone_name
    return zone_name


def _instant(moment: date | datetime, zone: tzinfo) -> str:
    if not isinstance(moment, datetime):
        return times.iso(datetime.combine(moment, datetime.min.time(), tzinfo=zone))
    if moment.utcoffset() == timedelta(0) and moment.tzinfo is not None:
        return times.iso(moment)
    # A zone by a Windows name is ours to resolve, not the library's.
    return times.iso(moment.replace(tzinfo=zone))


def _props(event: Event, zone_name: str) -> Props:
    windows = _zone(event, zone_name)
    zone = zones.find(windows) or UTC
    start = event["DTSTART"].dt
    if "DTEND" in event:
        end = event["DTEND"].dt
    else:
        whole = timedelta(days=0 if isinstance(start, datetime) else 1)
        end = start + (event["DURATION"].dt if "DURATION" in event else whole)
    busy = str(event.get("X-MICROSOFT-CDO-BUSYSTATUS", "")).upper()
    free = str(event.get("TRANSP", "")).upper() == "TRANSPARENT"
    made: Props = {
        "Subject": str(event.get("SUMMARY", "")),
        "Location": str(event.get("LOCATION", "")),
        "Body": {"type": "Text", "text": str(event.get("DESCRIPTION", ""))},
        "Sensitivity": _CLASSES.get(str(event.get("CLASS", "")).upper(), "Normal"),
        "LegacyFreeBusyStatus": _BUSY.get(busy, "Free" if free else "Busy"),
        "Start": _instant(start, zone),
        "End": _instant(end, zone),
        "StartTimeZone": entries.zone_value(windows),
        "EndTimeZone": entries.zone_value(windows),
        "IsAllDayEvent": not isinstance(start, datetime)
        or str(event.get("X-MICROSOFT-CDO-ALLDAYEVENT", "")).upper() == "TRUE",
        **_reminder(event),
    }
    if "UID" in event:
        made["UID"] = str(event["UID"])
    categories = event.get("CATEGORIES", [])
    groups = categories if isinstance(categories, list) else [categories]
    made["Categories"] = [str(name) for group in groups for name in group.cats]
    if "RRULE" in event:
        rule = event["RRULE"].to_ical().decode()
        made["Recurrence"] = rrule.parse(rule, times.local(made["Start"], zone).date())
    return made | _people(event)


def _reminder(event: Event) -> Props:
    for alarm in event.walk("VALARM"):
        trigger = alarm.get("TRIGGER")
        if trigger is not None and isinstance(trigger.dt, timedelta):
            before = int(-trigger.dt.total_seconds() // 60)
            return {"ReminderIsSet": True, "ReminderMinutesBeforeStart": max(before, 0)}
    return {"ReminderIsSet": False}


def _people(event: Event) -> Props:
    made: Props = {}
    held = event.get("ATTENDEE", [])
    for entry in held if isinstance(held, list) else [held]:
        email = _address(entry)
        if str(entry.params.get("ROLE", "")).upper() == "CHAIR" or not email:
            continue
        optional = str(entry.params.get("ROLE", "")).upper() == "OPT-PARTICIPANT"
        resource = str(entry.params.get("CUTYPE", "")).upper() in ("RESOURCE", "ROOM")
        name = "Resources" if resource else "OptionalAttendees" if optional else "RequiredAttendees"
        answer = ANSWERS.get(str(entry.params.get("PARTSTAT", "")).upper(), "Unknown")
        made.setdefault(name, []).append(
            {
                "mailbox": entries.person(str(entry.params.get("CN", email)), email),
                "response": answer,
                "replied": None,
            }
        )
    if "ORGANIZER" in event:
        organizer = event["ORGANIZER"]
        email = _address(organizer)
        made["Organizer"] = entries.person(str(organizer.params.get("CN", email)), email)
    return made


def _address(entry: Any) -> str:
    text = str(entry)
    return text[7:] if text.lower().startswith("mailto:") else text
