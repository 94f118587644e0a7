"""The MIME content of calendar entries, written: iCalendar as Exchange exports it."""

from __future__ import annotations

import base64
from datetime import UTC, date, datetime, timedelta
from typing import Any

import icalendar

from . import occurrences, recurrence, times, transitions, views, zones
from .mime import ANSWERS, CODES, Event
from .model import Json, Props
from .state import MailboxState
from .views import View

_PARTSTATS = {answer: partstat for partstat, answer in ANSWERS.items()}


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
        parts["BYDAY"] = ",".join(CODES[name] for name in days)
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
            day = f"{rule.occurrence}{CODES[rule.weekday]}"
            part.add(
                "RRULE",
                icalendar.vRecur.from_ical(
                    f"FREQ=YEARLY;INTERVAL=1;BYDAY={day};BYMONTH={rule.month}"
                ),
            )
        made.add_component(part)
    return made
