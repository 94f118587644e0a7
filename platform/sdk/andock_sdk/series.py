"""The exceptions of a series, for connectors that write each changed occurrence on its own.

Needs the extra `andock-sdk[series]`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil.rrule import rrulestr

from andock_sdk import errors
from andock_sdk.items import NO_REMINDER, Appointment, Body, Override, Slot
from andock_sdk.rules import Rule, parse

_MOST_OCCURRENCES = 40_000  # a century of days


@dataclass(frozen=True)
class Plan:
    """What to do with the occurrences of one series, by the days of their original starts."""

    changes: dict[str, tuple[Override, Override]]
    """original start → (what the occurrence has of its own, what it shall have)."""
    deletes: tuple[str, ...]

    @property
    def empty(self) -> bool:
        """Whether nothing is to be done."""
        return not self.changes and not self.deletes


def plan(held: Appointment, wanted: Appointment) -> Plan:
    """What leads from the exceptions that are held to those that are wanted."""
    have, want = _by_day(held.overrides), _by_day(wanted.overrides)
    gone = {_day(start) for start in held.cancellations}
    cancelled = {_day(start): start for start in wanted.cancellations}
    changes = {
        original: (have.get(day, ("", Override()))[1], override)
        for day, (original, override) in want.items()
        if day not in cancelled and have.get(day, ("", Override()))[1] != override
    }
    for day, (original, override) in have.items():
        if day not in want and day not in cancelled:
            changes[original] = (override, Override())
    deletes = tuple(start for day, start in sorted(cancelled.items()) if day not in gone)
    return Plan(dict(sorted(changes.items())), deletes)


def check_alone(before: Appointment, wanted: Appointment, todo: Plan, after: Appointment) -> None:
    """Raise Transient when more than `todo` lies between two looks at a series: somebody else was
    there as well, and what they did must not pass for written.

    An occurrence of the plan may be spelled otherwise by the server: outer blanks, the zone, and
    what becomes of notes in HTML count for nothing.
    """
    bare: dict[str, object] = {"overrides": {}, "cancellations": ()}
    if before.model_copy(update=bare) != after.model_copy(update=bare):
        raise errors.Transient(detail="the series changed while its exceptions were written")
    deleted = {_day(start) for start in todo.deletes if place(wanted, start) is not None}
    if _days(after.cancellations) != _days(before.cancellations) | deleted:
        raise errors.Transient(detail="other occurrences are cancelled than we cancelled")
    have, now = _by_day(before.overrides), _by_day(after.overrides)
    written = {_day(start): (start, want) for start, (_, want) in todo.changes.items()}
    for day in (have.keys() | now.keys() | written.keys()) - deleted:
        original, expected = written.get(day) or have.get(day) or now[day]
        found = now.get(day, ("", Override()))[1]
        if day in written:
            alike = _same(_whole(before, original, expected), _whole(before, original, found))
        else:
            alike = day in have and expected == found
        if not alike:
            raise errors.Transient(detail="another change of an occurrence right after ours")


def needs_new_pattern(before: Appointment, after: Appointment) -> bool:
    """Whether a cancelled occurrence comes back: Outlook's calendars bring one back only by
    writing the pattern anew, which lets go of all exceptions."""
    return bool({_day(s) for s in before.cancellations} - {_day(s) for s in after.cancellations})


def check(item: Appointment) -> None:
    """Raise Unrepresentable when an override is of no occurrence, before anything is sent.

    A cancellation of no occurrence changes nothing, and is left out.
    """
    if not item.recurrence:
        if item.overrides:
            raise errors.Unrepresentable("series.occurrence", "overrides without a series")
        return
    for original in item.overrides:
        index(item, original)
    for original in item.cancellations:
        place(item, original)


def place(item: Appointment, original: str) -> int | None:
    """The occurrence's place in its series, counted from 1, cancelled ones included; None when
    the series has no occurrence on that day."""
    if item.when.foreign_zone:
        raise errors.Unrepresentable("series.foreign_zone", "occurrence in a custom zone")
    first = datetime.fromisoformat(item.when.start).date()
    return position_of(parse(item.recurrence), first, _day(original))


def position_of(rule: Rule, first: date, wanted: date) -> int | None:
    """The 1-based place of `wanted` in the series that begins on `first`; None if it has none."""
    begin = datetime.combine(first, time())
    series = rrulestr(str(rule), dtstart=begin)
    for number, moment in enumerate(islice(series, _MOST_OCCURRENCES), start=1):
        if moment.date() >= wanted:
            return number if moment.date() == wanted else None
    return None


def index(item: Appointment, original: str) -> int:
    """The same, where the series must have one. Raises Unrepresentable."""
    found = place(item, original)
    if found is None:
        raise errors.Unrepresentable("series.occurrence", "no occurrence on this day")
    return found


def _by_day(overrides: dict[str, Override]) -> dict[date, tuple[str, Override]]:
    return {_day(original): (original, override) for original, override in overrides.items()}


def _day(original: str) -> date:
    return datetime.fromisoformat(original).date()


def _days(starts: tuple[str, ...]) -> set[date]:
    return {_day(start) for start in starts}


def _whole(series: Appointment, original: str, own: Override) -> dict[str, object]:
    """All that an occurrence says, whatever of it is its own."""
    given = {name: getattr(series, name) for name in Override.model_fields}
    given["when"] = _shifted(series.when, original)
    given |= {name: value for name, value in own if value is not None}
    if given["reminder_minutes"] == NO_REMINDER:
        given["reminder_minutes"] = None
    return given


def _same(one: dict[str, object], other: dict[str, object]) -> bool:
    return all(_alike(value, other[name]) for name, value in one.items())


def _alike(one: object, other: object) -> bool:
    match one, other:
        case str(), str():
            return one.strip() == other.strip()
        case Body(), Body():
            html = "html" in (one.kind, other.kind)  # servers rewrite it, or make it of text
            return html or one.content.split() == other.content.split()
        case Slot(all_day=False, foreign_zone=""), Slot(all_day=False, foreign_zone=""):
            return _instants(one) == _instants(other)
        case _:
            return one == other


def _instants(slot: Slot) -> tuple[float, float]:
    return _instant(slot.start, slot.start_zone), _instant(slot.end, slot.end_zone)


def _instant(wall: str, zone: str) -> float:
    return datetime.fromisoformat(wall).replace(tzinfo=ZoneInfo(zone)).timestamp()


def _shifted(series: Slot, original: str) -> Slot:
    """Where the series puts the occurrence with this original start."""
    by = _day(original) - _day(series.start)
    start, end = (_moved(text, by, days=series.all_day) for text in (series.start, series.end))
    return series.model_copy(update={"start": start, "end": end})


def _moved(text: str, by: timedelta, *, days: bool) -> str:
    moved = datetime.fromisoformat(text) + by
    return moved.date().isoformat() if days else moved.isoformat()
