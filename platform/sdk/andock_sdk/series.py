"""The exceptions of a series, for connectors that write each changed occurrence on its own.

Needs the extra `andock-sdk[series]`.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from dateutil.rrule import rrulestr

from andock_sdk import errors
from andock_sdk.items import Appointment, Override
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
