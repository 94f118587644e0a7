"""When an event is: from Graph's times and zones to a Slot, and back.

Graph is asked for times in UTC and says in `originalStartTimeZone` where the event lives.
Whole days come as midnights, whatever the zone.
"""

from datetime import datetime, timedelta
from typing import Any

from andock_office365_calendar import zones
from andock_sdk import Slot

_UTC_LENGTH = len("2026-11-24T09:00:00.0000000")


def fields(event: dict[str, Any]) -> dict[str, object]:
    """The fields of the Slot of an event. Raises ValueError, KeyError, TypeError for what cannot be
    one."""
    start_text, end_text = event["start"]["dateTime"], event["end"]["dateTime"]
    if event.get("isAllDay"):
        first = datetime.fromisoformat(start_text).date()
        last = max(datetime.fromisoformat(end_text).date(), first + timedelta(days=1))
        return {"start": first.isoformat(), "end": last.isoformat(), "all_day": True}
    start, end = _moment(event["start"]), _moment(event["end"])
    start_name = event.get("originalStartTimeZone") or ""
    end_name = event.get("originalEndTimeZone") or start_name
    start_zone, end_zone = zones.to_iana(start_name), zones.to_iana(end_name)
    foreign = start_name if start_zone is None else end_name if end_zone is None else ""
    if start_zone is None or end_zone is None:
        start_zone = end_zone = "UTC"
    return {
        "start": zones.wall(start, start_zone),
        "end": zones.wall(end, end_zone),
        "start_zone": start_zone,
        "end_zone": end_zone,
        "foreign_zone": foreign,
    }


def _moment(time: dict[str, str]) -> datetime:
    text, name = time["dateTime"], time.get("timeZone") or ""
    if name == "UTC" and len(text) == _UTC_LENGTH:  # as Graph writes what it was asked for
        return datetime.fromisoformat(f"{text}+00:00")
    zone = zones.to_iana(name)
    if zone is None:
        raise ValueError("a time in an unknown zone")
    return zones.at(datetime.fromisoformat(text).replace(tzinfo=None), zone)


def write(slot: Slot) -> dict[str, Any]:
    """The event's properties. Raises Unrepresentable for a zone that Windows lacks. Where only the
    other side knew the zone, its wall times are in UTC already."""
    if slot.all_day:
        start, end = (
            {"dateTime": f"{day}T00:00:00", "timeZone": "UTC"} for day in (slot.start, slot.end)
        )
    else:
        start = {"dateTime": slot.start, "timeZone": zones.to_windows(slot.start_zone)}
        end = {"dateTime": slot.end, "timeZone": zones.to_windows(slot.end_zone)}
    return {"start": start, "end": end, "isAllDay": slot.all_day}


def original_start(series: Slot, text: str) -> str:
    """The original start of an occurrence, spelled like `series.start`. Exceptions are kept by
    day: the day is taken from `text` (a DateTimeOffset), the time from the series."""
    found = zones.moment(text)
    if series.all_day:
        return (found + timedelta(hours=12)).date().isoformat()
    day = datetime.fromisoformat(zones.wall(found, series.start_zone)).date()
    return of_day(series, day.isoformat())


def of_day(series: Slot, day: str) -> str:
    """The original start of the occurrence on that day ("2026-11-24")."""
    if series.all_day:
        return datetime.fromisoformat(day).date().isoformat()
    at = datetime.fromisoformat(series.start).time()
    return datetime.combine(datetime.fromisoformat(day).date(), at).isoformat()


def shifted(series: Slot, original: str) -> Slot:
    """The slot that the series gives to the occurrence with this original start."""
    moved = datetime.fromisoformat(original).date() - datetime.fromisoformat(series.start).date()
    start = datetime.fromisoformat(series.start) + moved
    end = datetime.fromisoformat(series.end) + moved
    if series.all_day:
        days = {"start": start.date().isoformat(), "end": end.date().isoformat()}
        return series.model_copy(update=days)
    return series.model_copy(update={"start": start.isoformat(), "end": end.isoformat()})


def same_time(one: Slot, other: Slot) -> bool:
    """Whether two slots are the same stretch of time, however they spell it."""
    if one.all_day or other.all_day:
        return one == other
    return _moments(one) == _moments(other)


def _moments(slot: Slot) -> tuple[datetime, datetime]:
    return (
        zones.at(datetime.fromisoformat(slot.start), slot.start_zone),
        zones.at(datetime.fromisoformat(slot.end), slot.end_zone),
    )
