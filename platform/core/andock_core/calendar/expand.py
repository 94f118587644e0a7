"""Appointments as plain intervals. Pure: no clock, no storage.

A series repeats in its own wall time and each occurrence is then placed in UTC, so that "every
Tuesday at nine" stays at nine in both weeks of a clock change. A wall time that does not exist
(the gap in spring) counts with the offset from before the change; one that exists twice (the
fold in autumn) is its first. That is how RFC 5545 reads them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import DAILY, MONTHLY, WEEKLY, YEARLY, rrule, rrulestr

from andock_sdk import Appointment, Slot

DAY = timedelta(days=1)
REPEATS = {"DAILY": DAILY, "WEEKLY": WEEKLY, "MONTHLY": MONTHLY, "YEARLY": YEARLY}
_DAY = r"(?:MO|TU|WE|TH|FR|SA|SU)"
_UP_TO_31 = r"-?(?:[1-9]|[12]\d|3[01])"
_UP_TO_366 = r"[+-]?(?:[1-9]\d?|[12]\d\d|3[0-5]\d|36[0-6])"
_UP_TO_53 = r"[+-]?(?:[1-9]|[1-4]\d|5[0-3])"
PARTS = {
    name: re.compile(rf"{one}(?:,{one})*" if name.startswith("BY") else one)
    for name, one in {
        "FREQ": r"[A-Z]+",
        "INTERVAL": r"[1-9][0-9]{0,3}",  # nought would repeat without end
        "COUNT": r"[1-9][0-9]{0,8}",
        "UNTIL": r".+",
        "WKST": _DAY,
        "BYDAY": rf"(?:{_UP_TO_53})?{_DAY}",
        "BYMONTHDAY": _UP_TO_31,
        "BYMONTH": r"(?:[1-9]|1[0-2])",
        "BYSETPOS": _UP_TO_366,
    }.items()
}
"""The parts that we know, and what may stand in each: dateutil checks little of it."""
FIRST_DAILY = date(1900, 1, 1)
"""No daily series begins earlier: to count its days would take seconds, each time."""


class CannotExpand(ValueError):
    """The rule or a zone means nothing to us. The message is safe to log: it has no content."""


@dataclass(frozen=True)
class Interval:
    """When one occurrence takes place.

    `original_start` is spelled like the appointment's `when.start`; empty for a single one.
    `start_at` and `end_at` are aware, in UTC; for all-day ones they are the midnights in UTC of
    `start_day` and `end_day` (exclusive), which are empty otherwise.
    """

    original_start: str
    start_at: datetime
    end_at: datetime
    all_day: bool
    start_day: str
    end_day: str
    busy: str


@dataclass(frozen=True)
class Expansion:
    """The intervals within a window. `complete`: nothing comes after the window's end."""

    intervals: tuple[Interval, ...]
    complete: bool


def expand(item: Appointment, begin: datetime, end: datetime) -> list[Interval]:
    """The intervals that touch the time from `begin` to `end` (exclusive, aware), in order.

    Raises CannotExpand.
    """
    return list(expansion(item, begin, end).intervals)


def expansion(item: Appointment, begin: datetime, end: datetime) -> Expansion:
    """As `expand`, and whether that is all there is until the end of time."""
    if not item.recurrence:
        only = interval_of(item.when, "", item.busy)
        return Expansion((only,) if _touches(only, begin, end) else (), only.start_at < end)
    found: list[Interval] = []
    complete = True
    for original in _until_end(item, end):
        if original is None:
            complete = False
            break
        interval = _occurrence(item, original)
        if interval is None:
            continue
        if _touches(interval, begin, end):
            found.append(interval)
        elif interval.start_at >= end:
            complete = False
    found.sort(key=lambda interval: (interval.start_at, interval.original_start))
    return Expansion(tuple(found), complete)


def has_occurrence(item: Appointment, original_start: str) -> bool:
    """Whether the series' rule yields this original start and it is not cancelled."""
    return slot_at(item, original_start) is not None


def slot_at(item: Appointment, original_start: str) -> Slot | None:
    """When the occurrence with this original start takes place; None when there is none."""
    try:
        wanted = _wall(original_start)
    except ValueError:
        return None
    if original_start in item.cancellations or not _yields(item, wanted):
        return None
    return _slot(item, original_start, wanted)


def originals(item: Appointment) -> Iterator[datetime]:
    """The series' original starts as wall times, in order, cancelled ones left out. May never
    end. Raises CannotExpand."""
    parts = rule_parts(item.recurrence)
    count = _count(parts)
    for number, original in enumerate(_rule(item, parts, _until(parts)), start=1):
        if _spell(item, original) not in item.cancellations:
            yield original
        if number == count:
            return


def neighbours(item: Appointment, original_start: str) -> tuple[Slot | None, Slot | None]:
    """When the occurrences before and after this one take place."""
    wanted = _wall(original_start)
    before: Slot | None = None
    for original in originals(item):
        slot = _slot(item, _spell(item, original), original)
        if original > wanted:
            return before, slot
        if original < wanted:
            before = slot
    return before, None


def interval_of(slot: Slot, original_start: str, busy: str) -> Interval:
    """A slot as an interval. Raises CannotExpand for an unknown zone."""
    if slot.all_day:
        start = datetime.combine(date.fromisoformat(slot.start), time(), UTC)
        end = datetime.combine(date.fromisoformat(slot.end), time(), UTC)
        return Interval(original_start, start, end, True, slot.start, slot.end, busy)
    start_wall, end_wall = _wall(slot.start), _wall(slot.end)
    start = to_utc(start_wall, slot.start_zone)
    end = to_utc(end_wall, slot.end_zone)
    if end < start:  # its start lies in the gap and moved behind its end
        end = start + max(end_wall - start_wall, timedelta())
    return Interval(original_start, start, end, False, "", "", busy)


def to_utc(wall: datetime, zone: str) -> datetime:
    """A wall time of an IANA zone in UTC. Raises CannotExpand for an unknown zone, and for a
    moment outside the years 1 to 9999."""
    try:
        return wall.replace(tzinfo=zone_named(zone)).astimezone(UTC)
    except OverflowError as error:
        raise CannotExpand("beyond the calendar") from error


def zone_named(name: str) -> ZoneInfo:
    """The zone of that IANA name. Raises CannotExpand."""
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:
        raise CannotExpand("unknown zone") from error


def rule_parts(recurrence: str) -> dict[str, str]:
    """A rule's parts by name, in capitals. Raises CannotExpand for what we do not know."""
    parts: dict[str, str] = {}
    for piece in recurrence.upper().split(";"):
        name, sep, value = piece.partition("=")
        if not sep or name not in PARTS or name in parts or not PARTS[name].fullmatch(value):
            raise CannotExpand("unknown part of a rule")
        parts[name] = value
    if parts.get("FREQ") not in REPEATS:
        raise CannotExpand("unknown frequency")
    return parts


def _until_end(item: Appointment, end: datetime) -> Iterator[datetime | None]:
    """The rule's original starts (wall times) that begin before `end`, then None if it goes on.

    Goes beyond `end` as far as moved occurrences need, since they may lie before it.
    """
    bound = end.astimezone(UTC).replace(tzinfo=None) + 2 * DAY
    for key, override in item.overrides.items():
        if override.when is not None and interval_of(override.when, "", "").start_at < end:
            bound = max(bound, _wall(key))
    parts = rule_parts(item.recurrence)
    count = _count(parts)
    until = _until(parts)
    number = 0
    for number, original in enumerate(_rule(item, parts, min(bound, until)), start=1):
        yield original
        if number == count:
            return
    if until > bound:
        yield None


def _yields(item: Appointment, wanted: datetime) -> bool:
    parts = rule_parts(item.recurrence)
    count = _count(parts)
    for number, original in enumerate(_rule(item, parts, min(wanted, _until(parts))), start=1):
        if original == wanted:
            return True
        if number == count:
            return False
    return False


def _rule(item: Appointment, parts: dict[str, str], until: datetime) -> rrule:
    """The rule from the series' start to `until`; COUNT is left to the caller, so that a rule
    that never matches ends all the same."""
    if parts["FREQ"] == "DAILY" and _wall(item.when.start).date() < FIRST_DAILY:
        raise CannotExpand("begins too long ago")
    text = ";".join(f"{k}={v}" for k, v in parts.items() if k not in ("COUNT", "UNTIL"))
    try:
        endless = rrulestr(text, dtstart=_wall(item.when.start))
        assert isinstance(endless, rrule)  # noqa: S101 - a single line is never a set
        return endless.replace(until=until)
    except (ValueError, TypeError) as error:
        raise CannotExpand("unusable rule") from error


def _count(parts: dict[str, str]) -> int:
    """How many there are, -1 without a limit."""
    return int(parts.get("COUNT", "-1"))


def _until(parts: dict[str, str]) -> datetime:
    """The last moment (wall time): UNTIL is a plain day, inclusive."""
    value = parts.get("UNTIL")
    if value is None:
        return datetime.max  # noqa: DTZ901 - a wall time
    try:
        return datetime.combine(date.fromisoformat(value), time.max)
    except ValueError as error:
        raise CannotExpand("unusable UNTIL") from error


def _occurrence(item: Appointment, original: datetime) -> Interval | None:
    key = _spell(item, original)
    if key in item.cancellations:
        return None
    override = item.overrides.get(key)
    busy = override.busy if override is not None and override.busy is not None else item.busy
    return interval_of(_slot(item, key, original), key, busy)


def _slot(item: Appointment, key: str, original: datetime) -> Slot:
    override = item.overrides.get(key)
    if override is not None and override.when is not None:
        return override.when
    when = item.when
    length = _wall(when.end) - _wall(when.start)
    return when.model_copy(update={"start": key, "end": _spell(item, original + length)})


def _spell(item: Appointment, wall: datetime) -> str:
    return wall.date().isoformat() if item.when.all_day else wall.isoformat(timespec="seconds")


def _wall(text: str) -> datetime:
    """A wall time or a day as a naive datetime."""
    return datetime.fromisoformat(text)


def _touches(interval: Interval, begin: datetime, end: datetime) -> bool:
    if interval.start_at == interval.end_at:
        return begin <= interval.start_at < end
    return interval.start_at < end and interval.end_at > begin
