"""The occurrences of a series: where they fall, which were changed, which taken out. Pure.

An occurrence is known by its original start, the instant at which the pattern puts it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, timedelta, tzinfo

from . import recurrence, times, zones
from .errors import EwsError
from .model import Item, Json, Props

_SLACK = timedelta(days=2)


@dataclass(frozen=True)
class Slot:
    """One place in a series: 1-based index, original start and end."""

    index: int
    start: str
    end: str


def zone_of(props: Props) -> tzinfo:
    """The zone that an entry's wall times are in; UTC for a name nobody knows."""
    known = (props.get("StartTimeZone") or {}).get("Id", "UTC")
    return zones.find(known) or UTC


def wall_span(props: Props) -> timedelta:
    """How long the entry lasts on the wall clock."""
    zone = zone_of(props)
    start, end = times.local(props["Start"], zone), times.local(props["End"], zone)
    return end.replace(tzinfo=None) - start.replace(tzinfo=None)


def slots(item: Item, since: date = date.min) -> Iterator[Slot]:
    """All places of a series in order, those taken out included.

    ``since`` leaves out unchanged ones on earlier days; indexes count them all the same.
    """
    zone, span = zone_of(item.props), wall_span(item.props)
    wall = times.local(item.props["Start"], zone)
    changed = {times.local(start, zone).date() for start in item.exceptions}
    for index, day in enumerate(recurrence.days(item.props["Recurrence"]), 1):
        if day < since and day not in changed:
            continue
        start = times.at(day, wall)
        naive = start.replace(tzinfo=None) + span
        yield Slot(index, times.iso(start), times.iso(naive.replace(tzinfo=zone)))


def slot_at(item: Item, original: str) -> Slot:
    """The place of an original start. EwsError ErrorItemNotFound when the pattern has none."""
    since = times.instant(original).date()
    for slot in slots(item, since - _SLACK):
        if slot.start == original:
            return slot
        if slot.start > original:
            break
    raise EwsError("ErrorItemNotFound")


def slot_number(item: Item, index: int) -> Slot:
    """The place of a 1-based index. EwsError when it is out of range or taken out."""
    if index >= 1:
        for slot in slots(item):
            if slot.index == index:
                if slot.start in item.deleted:
                    raise EwsError("ErrorCalendarOccurrenceIsDeletedFromRecurrence")
                return slot
    raise EwsError("ErrorCalendarOccurrenceIndexIsOutOfRecurrenceRange")


def effective(item: Item, slot: Slot) -> tuple[str, str]:
    """Where an occurrence really lies: (start, end)."""
    changed = item.exceptions.get(slot.start, {}).get("props", {})
    return changed.get("Start", slot.start), changed.get("End", slot.end)


def within(item: Item, low: str, high: str) -> Iterator[tuple[Slot, str, str]]:
    """(place, start, end) of the occurrences that touch an interval."""
    # Two days more than the entry lasts cover every zone.
    earliest = times.instant(low).date()
    since = max(date.min + _SLACK, earliest - wall_span(item.props)) - _SLACK
    for slot in slots(item, since):
        if slot.start in item.deleted:
            continue
        start, end = effective(item, slot)
        if touches(start, end, low, high):
            yield slot, start, end
        # A changed occurrence lies between its neighbours, so one further place is enough.
        if min(slot.start, start) >= high:
            return


def touches(start: str, end: str, low: str, high: str) -> bool:
    """Whether an interval (an instant, when empty) lies in a view."""
    return start < high and (end > low or start == end == low)


def first_slot(item: Item) -> Slot | None:
    """The first occurrence that is still there."""
    return next((slot for slot in slots(item) if slot.start not in item.deleted), None)


def last_slot(item: Item) -> Slot | None:
    """The last occurrence that is still there; None for a series without an end."""
    if recurrence.is_endless(item.props["Recurrence"]):
        return None
    found = None
    for slot in slots(item):
        if slot.start not in item.deleted:
            found = slot
    return found


def check_boundary(item: Item, original: str, start: str, end: str) -> None:
    """EwsError ErrorOccurrenceCrossingBoundary when an occurrence would reach its neighbours or
    fall on the same day."""
    zone = zone_of(item.props)
    before: Slot | None = None
    after: Slot | None = None
    for slot in slots(item):
        if slot.start == original or slot.start in item.deleted:
            continue
        if slot.start < original:
            before = slot
        else:
            after = slot
            break
    day = times.local(start, zone).date()
    if before is not None:
        other_start, other_end = effective(item, before)
        if start < other_end or day <= times.local(other_start, zone).date():
            raise EwsError("ErrorOccurrenceCrossingBoundary")
    if after is not None:
        other_start, _ = effective(item, after)
        if end > other_start or day >= times.local(other_start, zone).date():
            raise EwsError("ErrorOccurrenceCrossingBoundary")


def signature(props: Props) -> Json:
    """What, when it changes, makes Exchange throw all exceptions of a series away."""
    zone = zone_of(props)
    wall = times.local(props["Start"], zone).time().isoformat()
    return [wall, wall_span(props).total_seconds(), str(zone), bool(props.get("IsAllDayEvent"))]


def drop_stale(item: Item, before: Props) -> bool:
    """Forget exceptions that the changed series no longer has. Whether any were dropped."""
    rule, old = item.props.get("Recurrence"), before.get("Recurrence")
    kept: set[str] = set()
    if (
        rule
        and old
        and signature(item.props) == signature(before)
        and recurrence.same_pattern(rule, old)
    ):
        wanted = set(item.exceptions) | set(item.deleted)
        latest = max(wanted, default="")
        for slot in slots(item):
            if slot.start > latest:
                break
            kept.add(slot.start)
    gone = [start for start in (*item.exceptions, *item.deleted) if start not in kept]
    item.exceptions = {start: held for start, held in item.exceptions.items() if start in kept}
    item.deleted = [start for start in item.deleted if start in kept]
    return bool(gone)
