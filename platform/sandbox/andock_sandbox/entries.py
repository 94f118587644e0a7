"""Rules that calendar entries, contacts and tasks obey when they are written. Pure."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta, tzinfo

from . import recurrence, times, zones
from .errors import EwsError
from .model import Json, Props
from .occurrences import wall_span, zone_of

_LONGEST = timedelta(days=5 * 366)


def zone_value(windows_name: str) -> Json:
    """The value of StartTimeZone for a Windows name."""
    return {"Id": windows_name, "Name": zones.display_name(windows_name)}


def person(name: str, email: str, kind: str = "Mailbox") -> Json:
    """A mailbox value."""
    return {
        "Name": name or email,
        "EmailAddress": email,
        "RoutingType": "SMTP",
        "MailboxType": kind,
    }


def complete(props: Props, owner: Json, uid: str, zone_name: str) -> None:
    """Fill in what Exchange adds to a new calendar entry.

    ``zone_name`` is the request's time zone context, used when the entry names none.
    """
    props.setdefault("UID", uid)
    props.setdefault("Subject", "")
    old = props.pop("MeetingTimeZone", None)
    if "StartTimeZone" not in props:
        known = old if old and zones.find(old) else zone_name
        props["StartTimeZone"] = zone_value(known)
    props.setdefault("EndTimeZone", props["StartTimeZone"])
    if "Start" not in props:
        soon = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
        props["Start"] = times.iso(soon + timedelta(hours=1))
    if "End" not in props:
        props["End"] = times.iso(times.instant(props["Start"]) + timedelta(minutes=30))
    props.setdefault("IsAllDayEvent", False)
    props.setdefault("LegacyFreeBusyStatus", "Busy")
    props.setdefault("IsResponseRequested", True)
    props.setdefault("Organizer", owner)
    props.setdefault("MyResponseType", "Organizer")
    props.setdefault("IsCancelled", False)
    props.setdefault("MeetingRequestWasSent", False)
    props.setdefault("AppointmentSequenceNumber", 0)


def complete_common(props: Props, *, reminder: bool) -> None:
    """Fill in what Exchange adds to a new item of any class."""
    props.setdefault("Sensitivity", "Normal")
    props.setdefault("Importance", "Normal")
    props.setdefault("ReminderIsSet", reminder)
    props.setdefault("ReminderMinutesBeforeStart", 15 if reminder else 0)
    props.setdefault("Body", {"type": "Text", "text": ""})


def settle(props: Props) -> None:
    """Bring a calendar entry into the form that Exchange keeps: whole days for an all-day entry
    (in its own zone), the series' first day as its start. EwsError when it cannot be."""
    zone = zone_of(props)
    if props["End"] < props["Start"]:
        raise EwsError("ErrorCalendarEndDateIsEarlierThanStartDate")
    if props.get("IsAllDayEvent"):
        _whole_days(props, zone)
    if times.instant(props["End"]) - times.instant(props["Start"]) > _LONGEST:
        raise EwsError("ErrorCalendarDurationIsTooLong")
    rule = props.get("Recurrence")
    if rule:
        _begin_on_pattern(props, rule, zone)


def _whole_days(props: Props, zone: tzinfo) -> None:
    start, end = times.local(props["Start"], zone), times.local(props["End"], zone)
    first = start.date()
    last = end.date()
    if end.time() != datetime.min.time() or last == first:
        last += timedelta(days=1)
    midnight = start.replace(hour=0, minute=0, second=0)
    props["Start"] = times.iso(times.at(first, midnight))
    props["End"] = times.iso(times.at(last, midnight))


def _begin_on_pattern(props: Props, rule: recurrence.Rule, zone: tzinfo) -> None:
    recurrence.check(rule)
    first, span = recurrence.first_day(rule), wall_span(props)
    wall = times.local(props["Start"], zone)
    start = times.at(first, wall)
    props["Start"] = times.iso(start)
    props["End"] = times.iso((start.replace(tzinfo=None) + span).replace(tzinfo=zone))
    props["Recurrence"] = {**rule, "StartDate": first.isoformat()}
    gap = recurrence.smallest_gap(rule)
    if gap is not None and span > gap:
        raise EwsError("ErrorOccurrenceTimeSpanTooBig")


def follow_start(props: Props) -> None:
    """Let a series begin on the day its start was set to (when its rule was not set itself)."""
    rule = props.get("Recurrence")
    if rule:
        day = times.local(props["Start"], zone_of(props)).date()
        props["Recurrence"] = {**rule, "StartDate": day.isoformat()}


def complete_contact(props: Props) -> None:
    """Fill in a contact's display name and file-as as Exchange does from its parts."""
    full = " ".join(filter(None, (props.get("GivenName"), props.get("Surname"))))
    if not props.get("DisplayName") and full:
        props["DisplayName"] = full
    if props.get("FileAs"):
        props.setdefault("FileAsMapping", "None")
    else:
        comma = ", ".join(filter(None, (props.get("Surname"), props.get("GivenName"))))
        props["FileAs"] = comma or props.get("CompanyName") or props.get("DisplayName") or ""
    props.setdefault("FileAsMapping", "LastCommaFirst")
    props["Subject"] = props.get("DisplayName") or props.get("Subject", "")


def follow_names(props: Props, touched: Collection[str]) -> None:
    """Bring along what a contact's other properties follow: its subject, and a file-as that is
    computed by a mapping and was not itself written."""
    if "FileAs" in touched and "FileAsMapping" not in touched:
        props["FileAsMapping"] = "None"
    if {"GivenName", "Surname"} & set(touched) and props.get("FileAsMapping") == "LastCommaFirst":
        comma = ", ".join(filter(None, (props.get("Surname"), props.get("GivenName"))))
        props["FileAs"] = comma or props.get("FileAs", "")
    props["Subject"] = props.get("DisplayName") or ""


def complete_task(props: Props) -> None:
    """Fill in a task's status; a finished one is 100 % and has a date."""
    props.setdefault("Status", "Completed" if props.get("PercentComplete") == 100 else "NotStarted")
    if props["Status"] == "Completed":
        props["PercentComplete"] = 100.0
        props.setdefault("CompleteDate", times.now())
    else:
        props.pop("CompleteDate", None)
        if props.get("PercentComplete") == 100:
            props["PercentComplete"] = 0.0
    props.setdefault("PercentComplete", 0.0)
