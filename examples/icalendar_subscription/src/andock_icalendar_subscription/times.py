"""When an event takes place: DTSTART, DTEND, DURATION as a Slot, and other moments as wall times
in the event's own zone."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from icalendar import Event

from andock_icalendar_subscription.zones import Zone, Zones
from andock_sdk import Slot

DAY = timedelta(days=1)
ZONE = "X-ANDOCK-TZID"
"""The parameter that holds a time's zone here."""
_UTC = Zone("UTC")


@dataclass(frozen=True)
class When:
    """A day (`wall` at midnight, no zone), or a wall time in a zone."""

    wall: datetime
    zone: Zone | None

    @property
    def all_day(self) -> bool:
        """Whether it is a day."""
        return self.zone is None

    @property
    def text(self) -> str:
        """As documents spell it."""
        return self.wall.date().isoformat() if self.zone is None else self.wall.isoformat()

    def moment(self) -> datetime:
        """In UTC; for a day its midnight there, good for comparing days with days."""
        return self.zone.moment(self.wall) if self.zone else self.wall.replace(tzinfo=UTC)

    def plus(self, span: timedelta) -> "When":
        """Later: whole days by the calendar, the rest by the clock."""
        days = timedelta(days=span.days)
        later = When(self.wall + days, self.zone)
        rest = span - days
        if self.zone is None or not rest:
            return When(later.wall + rest, self.zone)
        return When(self.zone.wall(later.moment() + rest), self.zone)


def of(property_: Any, zones: Zones) -> When:
    """What a DTSTART, DTEND or RECURRENCE-ID says. Raises ValueError."""
    return at(property_.dt, str(property_.params.get(ZONE, "")), zones)


def at(said: Any, tzid: str, zones: Zones) -> When:
    """A date or date-time of the library, with the zone that stood beside it. Raises ValueError."""
    if isinstance(said, datetime):
        wall = said.replace(tzinfo=None, fold=0)
        if tzid:
            return When(wall, zones.of(tzid))
        return When(wall, _UTC if said.tzinfo is not None else zones.floating)
    if isinstance(said, date):
        return When(datetime(said.year, said.month, said.day), None)  # noqa: DTZ001 - a day
    raise ValueError("not a time")


def span(event: Event, zones: Zones) -> tuple[When, When]:
    """An event's start and end. Without an end a day lasts a day, a moment no time.

    Raises ValueError, KeyError.
    """
    start = of(one(event, "DTSTART"), zones)
    if one(event, "DTEND") is not None:
        end = of(one(event, "DTEND"), zones)
    elif one(event, "DURATION") is not None:
        end = start.plus(one(event, "DURATION").dt)
    else:
        end = start.plus(DAY if start.all_day else timedelta())
    if start.all_day != end.all_day:
        raise ValueError("a day and a time")
    if start.all_day and end.wall == start.wall:
        end = start.plus(DAY)  # some programs write the last day instead of the day after
    if end.moment() < start.moment():
        raise ValueError("ends before it starts")
    return start, end


def slot(start: When, end: When) -> Slot:
    """The document's Slot. A zone that only the feed knows is kept by name, its times in UTC."""
    if start.zone is None or end.zone is None:
        return Slot(start=start.text, end=end.text, all_day=True)
    foreign = start.zone.name if start.zone.rules else ""
    if start.zone.rules or end.zone.rules:
        start, end = (When(one.moment().replace(tzinfo=None), _UTC) for one in (start, end))
    return Slot(
        start=start.text,
        end=end.text,
        start_zone=start.zone.name if start.zone else "",
        end_zone=end.zone.name if end.zone else "",
        foreign_zone=foreign,
    )


def like(start: When, other: When) -> When:
    """`other` as a wall time of a series that begins at `start`: a moment in the series' zone, a
    mere day at the series' time of day."""
    if start.zone is None:
        return When(datetime.combine(other.wall.date(), datetime.min.time()), None)
    if other.zone is None:
        return When(datetime.combine(other.wall.date(), start.wall.time()), start.zone)
    return When(start.zone.wall(other.moment()), start.zone)


def one(event: Event, name: str) -> Any:
    """A property; the first of several, None when there is none."""
    found = event.get(name)
    return found[0] if isinstance(found, list) else found


def several(event: Event, name: str) -> list[Any]:
    """All properties of a name."""
    found = event.get(name)
    return found if isinstance(found, list) else [] if found is None else [found]
