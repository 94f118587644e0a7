"""Times as Graph writes them: dateTimeTimeZone, DateTimeOffset and days."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, tzinfo
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from .. import times, zones
from ..model import Json
from .errors import GraphError, bad_property

CUSTOM = "tzone://Microsoft/Custom"
_NEVER = "0001-01-01T00:00:00Z"
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::(\d\d))?(?:\.\d{1,7})?(Z|[+-]\d\d:\d\d)?\Z")


@cache
def _names() -> dict[str, str]:
    """The Windows name of each IANA zone that has one."""
    return {iana: windows for windows, iana in zones.IANA.items()}


@cache
def find(name: str) -> tzinfo | None:
    """The zone of a Windows or IANA name; None when there is none."""
    known = zones.find(name)
    if known is None and name in available_timezones():
        return ZoneInfo(name)
    return known


def unsupported(name: str) -> GraphError:
    """The refusal of a zone that nobody knows."""
    return GraphError(
        400,
        "TimeZoneNotSupportedException",
        "A valid TimeZone value must be specified. The following TimeZone value is not supported:"
        f" '{name}'.",
    )


def windows(name: str) -> str:
    """The Windows name of a zone, where it has one; otherwise the name itself."""
    return _names().get(name, name) if zones.find(name) is None else name


def original(name: str) -> str:
    """A stored zone's name as Graph tells it: a custom zone has none."""
    return name if find(name) is not None else CUSTOM


def read(value: Json, where: str, *, own: str = "") -> tuple[str, str]:
    """(instant, Windows zone name) of a dateTimeTimeZone. ``own`` is a zone that is accepted
    even though nobody knows it, since the entry has it already. GraphError."""
    if not isinstance(value, dict) or not isinstance(value.get("dateTime"), str):
        raise bad_property(where)
    name = value.get("timeZone") or "UTC"
    if not isinstance(name, str):
        raise bad_property(where)
    zone = find(name)
    if zone is None:
        if not own or name not in (own, CUSTOM):
            raise unsupported(name)
        return moment(value["dateTime"], UTC, where), own
    return moment(value["dateTime"], zone, where), windows(name)


def moment(text: str, zone: tzinfo, where: str) -> str:
    """The instant of a date and time; one without an offset is in ``zone``. GraphError."""
    found = _MOMENT.match(text.strip())
    if not found:
        raise bad_property(where, f"The value '{text}' of '{where}' is not a date and time.")
    day, clock, seconds, offset = found.groups()
    try:
        made = datetime.fromisoformat(f"{day}T{clock}:{seconds or '00'}{offset or ''}")
        return times.iso(made if offset else made.replace(tzinfo=zone))
    except (ValueError, OverflowError) as error:
        raise bad_property(where, f"The value '{text}' of '{where}' is no such time.") from error


def day_in(value: Json, where: str) -> tuple[date, bool]:
    """The day that a dateTimeTimeZone names in its own zone, and whether it is midnight there."""
    text = str(value.get("dateTime", "")) if isinstance(value, dict) else ""
    found = _MOMENT.match(text.strip())
    if not found:
        raise bad_property(where)
    try:
        made = datetime.fromisoformat(f"{found.group(1)}T{found.group(2)}")
    except ValueError as error:
        raise bad_property(where) from error
    return made.date(), made.time() == time() and found.group(3) in (None, "00")


def write(moment_text: str, zone: tzinfo, name: str) -> Json:
    """A dateTimeTimeZone of an instant in a zone."""
    return _wall(times.local(moment_text, zone), name)


def write_day(moment_text: str, own: tzinfo, name: str) -> Json:
    """A day (of an all-day entry) as the midnight of whatever zone was asked for."""
    return _wall(times.local(moment_text, own), name)


def _wall(wall: datetime, name: str) -> Json:
    return {"dateTime": f"{wall:%Y-%m-%dT%H:%M:%S}.0000000", "timeZone": name}


def offset(moment_text: str | None) -> str:
    """A DateTimeOffset; the beginning of time for none."""
    return moment_text or _NEVER


def is_aware(text: Any) -> bool:
    """Whether a text is a date and time with an offset."""
    found = _MOMENT.match(text) if isinstance(text, str) else None
    return found is not None and found.group(4) is not None
