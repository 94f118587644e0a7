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

from . import entries, occurrences, recurrence, rrule, times, transitions, views, zones
from .errors import EwsError
from .model import Item, Json, Props
from .state import MailboxState
from .views import View

# The library's types of what a property may hold are wider than what these properties do hold.
Event: TypeAlias = Any

_CLASSES = {"PRIVATE": "Private", "CONFIDENTIAL": "Confidential", "PERSONAL": "Personal"}
_BUSY = {"FREE": "Free", "TENTATIVE": "Tentative", "BUSY": "Busy", "OOF": "OOF"}
_ANSWERS = {"ACCEPTED": "Accept", "DECLINED": "Decline", "TENTATIVE": "Tentative"}
_PARTSTATS = {answer: partstat for partstat, answer in _ANSWERS.items()}
_ZONED_UTC = re.compile(r';TZID=(?:"[^"]*"|[^:;]*)(:\d{8}T\d{6}Z)')
_CODES = dict(zip(recurrence.WEEKDAYS, ("MO", "TU", "WE", "TH", "FR", "SA", "SU"), strict=True))


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
        answer = _ANSWERS.get(str(entry.params.get("PARTSTAT", "")).upper(), "Unknown")
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


# -- writing -----------------------------------------------------------------------------------


def write(state: MailboxState, view: View) -> str:
    """An entry, a whole series or one occurrence as MimeContent (base64)."""
    calendar = icalendar.Calendar()
    calendar.add("METHOD", "PUBLISH")
    calendar.add("PRODID", "Microsoft Exchange Server 2010")
    calendar.add("VERSION", "2.0")
    zone_name = (view.props.get("StartTimeZone") or {}).get("Id", "UTC")
    if zones.find(zone_name) is None:
        zone_name = "UTC"
    calendar.add_component(_timezone(zone_name))
    calendar.add_component(_event(state, view, zone_name))
    if view.type == "RecurringMaster":
        for start in sorted(view.item.exceptions):
            slot = occurrences.slot_at(view.item, start)
            calendar.add_component(_event(state, views.of_slot(view.item, slot), zone_name))
    return base64.b64encode(calendar.to_ical(sorted=False)).decode()


def _event(state: MailboxState, view: View, zone_name: str) -> Event:
    props, made = view.props, icalendar.Event()
    _write_people(state, view, made)
    made.add("DESCRIPTION", (views.value(state, view, "TextBody") or {}).get("text", ""))
    rule = props.get("Recurrence")
    if rule:
        made.add("RRULE", icalendar.vRecur.from_ical(_rrule(rule, props)))
        for start in sorted(view.item.deleted):
            _add_time(made, "EXDATE", start, props, zone_name)
    made.add("UID", props.get("UID", ""))
    made.add("SUMMARY", props.get("Subject", ""))
    if view.original is not None:
        _add_time(made, "RECURRENCE-ID", view.original, props, zone_name)
    _add_time(made, "DTSTART", props["Start"], props, zone_name)
    _add_time(made, "DTEND", props["End"], props, zone_name)
    sensitivity = props.get("Sensitivity", "Normal").upper()
    made.add("CLASS", "PUBLIC" if sensitivity == "NORMAL" else sensitivity)
    made.add("PRIORITY", 5)
    made.add("DTSTAMP", times.instant(view.item.modified))
    busy = props.get("LegacyFreeBusyStatus", "Busy")
    made.add("TRANSP", "TRANSPARENT" if busy == "Free" else "OPAQUE")
    made.add("STATUS", "TENTATIVE" if busy == "Tentative" else "CONFIRMED")
    made.add("SEQUENCE", int(props.get("AppointmentSequenceNumber", 0)))
    made.add("LOCATION", props.get("Location") or "")
    if props.get("Categories"):
        made.add("CATEGORIES", props["Categories"])
    made.add("X-MICROSOFT-CDO-BUSYSTATUS", busy.upper())
    made.add("X-MICROSOFT-CDO-INTENDEDSTATUS", "BUSY")
    made.add("X-MICROSOFT-CDO-ALLDAYEVENT", "TRUE" if props.get("IsAllDayEvent") else "FALSE")
    made.add("X-MICROSOFT-CDO-INSTTYPE", "1" if rule else "3" if view.original else "0")
    if props.get("ReminderIsSet"):
        alarm = icalendar.Alarm()
        alarm.add("DESCRIPTION", "REMINDER")
        minutes = int(props.get("ReminderMinutesBeforeStart") or 0)
        alarm.add("TRIGGER", timedelta(minutes=-minutes))
        alarm["TRIGGER"].params["RELATED"] = "START"
        alarm.add("ACTION", "DISPLAY")
        made.add_component(alarm)
    return made


def _write_people(state: MailboxState, view: View, made: Event) -> None:
    if not views.has_attendees(view.props):
        return
    organizer = view.props.get("Organizer") or views.owner_of(state)
    made.add("ORGANIZER", _person(organizer))
    for name, role in (
        ("RequiredAttendees", "REQ-PARTICIPANT"),
        ("OptionalAttendees", "OPT-PARTICIPANT"),
        ("Resources", "NON-PARTICIPANT"),
    ):
        for attendee in view.props.get(name) or []:
            entry = _person(attendee["mailbox"])
            entry.params["ROLE"] = role
            entry.params["PARTSTAT"] = _PARTSTATS.get(attendee.get("response"), "NEEDS-ACTION")
            entry.params["RSVP"] = "TRUE"
            made.add("ATTENDEE", entry)


def _person(held: Json) -> icalendar.vCalAddress:
    made = icalendar.vCalAddress(f"mailto:{held['EmailAddress']}")
    made.params["CN"] = held["Name"]
    return made


def _add_time(made: Event, name: str, text: str, props: Props, zone_name: str) -> None:
    zone = zones.find(zone_name) or UTC
    wall = times.local(text, zone).replace(tzinfo=None)
    if props.get("IsAllDayEvent"):
        made.add(name, wall.date())
    elif zone_name == "UTC":
        made.add(name, wall.replace(tzinfo=UTC))
    else:
        made.add(name, wall, parameters={"TZID": zone_name})


def _rrule(rule: Json, props: Props) -> str:
    pattern, kind = rule["pattern"].removesuffix("Recurrence"), ""
    parts: dict[str, object] = {}
    if "Absolute" in pattern or "Relative" in pattern:
        kind, pattern = pattern[:8], pattern[8:]
    parts["FREQ"] = pattern.upper()
    if rule.get("Interval", 1) != 1:
        parts["INTERVAL"] = rule["Interval"]
    days = [name for word in rule.get("DaysOfWeek", []) for name in _names(word)]
    if days:
        parts["BYDAY"] = ",".join(_CODES[name] for name in days)
    if kind == "Relative":
        index = recurrence.INDEXES.index(rule["DayOfWeekIndex"])
        parts["BYSETPOS"] = -1 if index == 4 else index + 1
    if kind == "Absolute":
        parts["BYMONTHDAY"] = rule["DayOfMonth"]
    if rule.get("Month"):
        parts["BYMONTH"] = recurrence.MONTHS.index(rule["Month"]) + 1
    if rule["range"] == "NumberedRecurrence":
        parts["COUNT"] = rule["NumberOfOccurrences"]
    if rule["range"] == "EndDateRecurrence":
        zone = occurrences.zone_of(props)
        wall = times.local(props["Start"], zone)
        last = times.at(date.fromisoformat(rule["EndDate"]), wall).astimezone(UTC)
        parts["UNTIL"] = last.strftime("%Y%m%dT%H%M%SZ")
    return ";".join(f"{name}={part}" for name, part in parts.items())


def _names(word: str) -> tuple[str, ...]:
    sets = {
        "Day": recurrence.WEEKDAYS,
        "Weekday": recurrence.WEEKDAYS[:5],
        "WeekendDay": recurrence.WEEKDAYS[5:],
    }
    return sets.get(word, (word,))


def _timezone(name: str) -> icalendar.Timezone:
    made = icalendar.Timezone()
    made.add("TZID", name)
    zone = zones.find(name) or UTC
    standard = zones.standard_offset(zone)
    rules = transitions.changes(name)
    summer = max(datetime(2026, m, 1, tzinfo=zone).utcoffset() or standard for m in (1, 7))
    for is_summer in (False, True) if rules else (False,):
        part: Any = icalendar.TimezoneDaylight() if is_summer else icalendar.TimezoneStandard()
        rule = next((rule for rule in rules if rule.to_summer is is_summer), None)
        begun = datetime(1601, 1, 1)  # noqa: DTZ001  wall time, as iCalendar wants it here
        part.add("DTSTART", begun + (rule.offset if rule else timedelta(0)))
        part.add("TZOFFSETFROM", (standard if is_summer else summer) if rule else standard)
        part.add("TZOFFSETTO", summer if is_summer else standard)
        if rule:
            day = f"{rule.occurrence}{_CODES[rule.weekday]}"
            part.add(
                "RRULE",
                icalendar.vRecur.from_ical(
                    f"FREQ=YEARLY;INTERVAL=1;BYDAY={day};BYMONTH={rule.month}"
                ),
            )
        made.add_component(part)
    return made
