"""The exceptions of a series: bringing the changed and cancelled occurrences that Exchange holds
to those that are wanted. Each occurrence is written on its own, with its own change key."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice

from dateutil.rrule import rrulestr

from andock_exchange_calendar import invitations, operations, writing
from andock_exchange_calendar.client import Client
from andock_exchange_calendar.soap import fields
from andock_sdk import Appointment, Override, errors
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
    """Whether a cancelled occurrence comes back: Exchange brings one back only by writing the
    pattern anew, which lets go of all exceptions."""
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
        _index(item, original)
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


def _index(item: Appointment, original: str) -> int:
    found = place(item, original)
    if found is None:
        raise errors.Unrepresentable("series.occurrence", "no occurrence on this day")
    return found


def apply(
    client: Client, master: str, wanted: Appointment, todo: Plan, day_zone: str, *, tell: bool
) -> None:
    """Write the exceptions. Raises Unrepresentable before the first is sent, Conflict when an
    occurrence changes under our hands. `tell`: attendees are to be told."""
    old = client.is_old
    written = [
        (
            _index(wanted, original),
            invitations.of_occurrence(wanted, before, after, wanted=tell),
            writing.occurrence_values(
                wanted, original, before, after, day_zone=day_zone, old_server=old
            ),
        )
        for original, (before, after) in todo.changes.items()
    ]
    deleted = [place(wanted, original) for original in todo.deletes]
    for index, send, values in written:
        if values:
            _update(client, master, index, values, send)
    cancel = invitations.of_new(wanted, wanted=tell)
    for number in deleted:
        if number is None:
            continue
        with suppress(errors.Gone):  # cancelled already
            client.one(operations.delete_item(operations.occurrence_id(master, number), cancel))


def _update(
    client: Client, master: str, index: int, values: writing.Values, send: operations.Send
) -> None:
    try:
        message = client.one(operations.get_occurrence(master, index))
        identity = fields(fields(message)["Items"][0])["ItemId"]
        ref, version = identity.get("Id", ""), identity.get("ChangeKey", "")
        client.one(operations.update_item(ref, version, writing.updates(values), send))
    except errors.Gone as gone:  # the occurrence, not the series
        raise errors.Conflict(detail="occurrence cancelled meanwhile") from gone


def _by_day(overrides: dict[str, Override]) -> dict[date, tuple[str, Override]]:
    return {_day(original): (original, override) for original, override in overrides.items()}


def _day(original: str) -> date:
    return datetime.fromisoformat(original).date()
