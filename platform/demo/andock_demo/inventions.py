"""How the invented calendar entries are written down: by week and weekday, so they lie around
the day on which the demo starts for the first time."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

BERLIN = "Europe/Berlin"
# Exchange names zones as Windows does.
WINDOWS_ZONES = {
    BERLIN: "W. Europe Standard Time",
    "America/Los_Angeles": "Pacific Standard Time",
    "America/New_York": "Eastern Standard Time",
    "Asia/Tokyo": "Tokyo Standard Time",
}
MON, TUE, WED, THU, FRI, SAT, SUN = range(7)


@dataclass(frozen=True)
class Deviation:
    """What differs in one occurrence of a series: the nth (from 0); no fields: it is deleted."""

    number: int
    fields: dict[str, Any] = field(default_factory=dict)
    shift: timedelta | None = None


@dataclass(frozen=True)
class Invention:
    """An entry. `week` counts from the present one; `days` makes it an all-day one."""

    subject: str
    week: int
    weekday: int
    at: time | None = None
    minutes: int = 60
    days: int = 1
    zone: str = BERLIN
    recurrence: str = ""
    step: timedelta = timedelta(0)
    exceptions: tuple[Deviation, ...] = ()
    fields: dict[str, Any] = field(default_factory=dict)

    def day(self, today: date) -> date:
        """The day on which it starts."""
        monday = today - timedelta(days=today.weekday())
        return monday + timedelta(weeks=self.week, days=self.weekday)

    def times(self, today: date, occurrence: int = 0) -> tuple[Any, Any]:
        """Start and end, the end exclusive: days, or aware times in the entry's zone."""
        day = self.day(today) + self.step * occurrence
        if self.at is None:
            return day, day + timedelta(days=self.days)
        # Wall clock arithmetic: an hour's meeting ends an hour later on the wall.
        start = datetime.combine(day, self.at)
        zone = ZoneInfo(self.zone)
        return start.replace(tzinfo=zone), (start + timedelta(minutes=self.minutes)).replace(
            tzinfo=zone
        )


def today() -> date:
    """The day on which the entries are made, as the invented people have it."""
    return datetime.now(ZoneInfo(BERLIN)).date()


def timed(
    subject: str, week: int, weekday: int, at: str, minutes: int = 60, **fields: Any
) -> Invention:
    """A single entry at a time of day, in the zone of Berlin unless `zone` says otherwise."""
    zone = fields.pop("zone", BERLIN)
    return Invention(
        subject, week, weekday, time.fromisoformat(at), minutes, zone=zone, fields=fields
    )


def whole(subject: str, week: int, weekday: int, days: int = 1, **fields: Any) -> Invention:
    """An all-day entry over some days; it does not block time unless it says so."""
    return Invention(subject, week, weekday, days=days, fields={"busy": "Free", **fields})


def series(entry: Invention, recurrence: str, step: timedelta, *exceptions: Deviation) -> Invention:
    """The entry repeated by an RRULE whose occurrences are `step` apart."""
    return Invention(
        entry.subject,
        entry.week,
        entry.weekday,
        entry.at,
        entry.minutes,
        entry.days,
        entry.zone,
        recurrence,
        step,
        exceptions,
        entry.fields,
    )


def changed(number: int, *, shift: timedelta | None = None, **fields: Any) -> Deviation:
    """The nth occurrence is different: moved, or with other fields."""
    return Deviation(number, fields, shift)


def deleted(number: int) -> Deviation:
    """The nth occurrence does not take place."""
    return Deviation(number)
