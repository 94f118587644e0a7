"""Graph's patternedRecurrence and RRULE; what the patterns mean stands in the SDK."""

from datetime import date, datetime
from typing import Any

from andock_office365_calendar import zones
from andock_sdk import Slot
from andock_sdk.patterns import Kind, Pattern, of_rule, to_rule
from andock_sdk.rules import DAYS

_NAMES = dict(
    zip(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"),
        DAYS,
        strict=True,
    )
)
_DAYS = {day: name for name, day in _NAMES.items()}
_INDEXES = {"first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1}
_TYPES: dict[str, Kind] = {
    "daily": "daily",
    "weekly": "weekly",
    "absoluteMonthly": "absolute_monthly",
    "relativeMonthly": "relative_monthly",
    "absoluteYearly": "absolute_yearly",
    "relativeYearly": "relative_yearly",
}
_KINDS = {kind: name for name, kind in _TYPES.items()}


def read(recurrence: dict[str, Any]) -> str:
    """The RRULE value. Raises ValueError, KeyError, TypeError for what cannot be one.

    Graph fills properties that do not count with nought, the first and Sunday.
    """
    pattern, limits = recurrence["pattern"], recurrence["range"]
    kind = _TYPES[pattern["type"]]
    relative = kind.startswith("relative")
    return to_rule(
        Pattern(
            kind=kind,
            interval=int(pattern.get("interval") or 1),
            days=tuple(_NAMES[day.lower()] for day in pattern.get("daysOfWeek") or ()),
            index=_INDEXES[pattern.get("index") or "first"] if relative else 0,
            day=int(pattern.get("dayOfMonth") or 0),
            month=int(pattern.get("month") or 0),
            week_start=_NAMES[(pattern.get("firstDayOfWeek") or "monday").lower()],
            count=int(limits["numberOfOccurrences"]) if limits["type"] == "numbered" else None,
            until=date.fromisoformat(limits["endDate"]) if limits["type"] == "endDate" else None,
        )
    )


def write(rrule: str, slot: Slot) -> dict[str, Any]:
    """The recurrence of a series whose first occurrence is at `slot`.

    Raises Unrepresentable for what these calendars cannot hold exactly.
    """
    first = datetime.fromisoformat(slot.start).date()
    pattern = of_rule(rrule, first)
    return {"pattern": _pattern(pattern), "range": _range(pattern, first, slot)}


def _pattern(pattern: Pattern) -> dict[str, Any]:
    made: dict[str, Any] = {"type": _KINDS[pattern.kind], "interval": pattern.interval}
    if pattern.days:
        made["daysOfWeek"] = [_DAYS[day] for day in pattern.days]
    if pattern.kind == "weekly":
        made["firstDayOfWeek"] = _DAYS[pattern.week_start]
    if pattern.index:
        made["index"] = next(name for name, n in _INDEXES.items() if n == pattern.index)
    if pattern.day:
        made["dayOfMonth"] = pattern.day
    if pattern.month:
        made["month"] = pattern.month
    return made


def _range(pattern: Pattern, first: date, slot: Slot) -> dict[str, Any]:
    zone = "UTC" if slot.all_day else zones.to_windows(slot.start_zone)
    made: dict[str, Any] = {"startDate": first.isoformat(), "recurrenceTimeZone": zone}
    if pattern.count is not None:
        return {**made, "type": "numbered", "numberOfOccurrences": pattern.count}
    if pattern.until is not None:
        return {**made, "type": "endDate", "endDate": pattern.until.isoformat()}
    return {**made, "type": "noEnd"}
