"""What a member may do to an appointment, as functions from one document to the next. Pure.

A series is one unit: the whole of it changes, or one occurrence does, which makes it an override
or a cancellation. What Exchange cannot hold is refused, never approximated.
"""

from dataclasses import dataclass, field, fields, replace
from datetime import datetime, timedelta
from typing import Any

from andock_core.calendar.expand import (
    CannotExpand,
    has_occurrence,
    interval_of,
    neighbours,
    originals,
    slot_at,
)
from andock_core.calendar.occurrences import occurrence_document
from andock_core.calendar.rules import RuleRefused, parse, spell
from andock_core.calendar.shift import moved_pattern, shifted, spelled
from andock_sdk import NO_REMINDER, Appointment, Body, Override, Slot
from andock_sdk.items import Busy

LONGEST_TITLE = 255
LONGEST_PLACE = 255
LONGEST_NOTES = 64_000
LONGEST_TIME = timedelta(days=366)


class Refused(ValueError):
    """The change cannot be made. `key` is a message key, `field` the input it belongs to."""

    def __init__(self, key: str, field: str = "") -> None:
        self.key = key
        self.field = field
        super().__init__(key)


@dataclass(frozen=True)
class Values:
    """What a member can fill in. `recurrence` counts for the whole series only."""

    when: Slot
    subject: str
    location: str = ""
    body: Body = field(default_factory=Body)
    busy: Busy = "busy"
    reminder_minutes: int | None = None
    recurrence: str = ""


def values_of(item: Appointment) -> Values:
    """An appointment's values, as a form begins with them."""
    return Values(**{f.name: getattr(item, f.name) for f in fields(Values)})


def new(values: Values) -> Appointment:
    """A fresh appointment. Raises Refused."""
    _check(values, None)
    return _with_rule(Appointment(when=values.when), values)


def change(item: Appointment, values: Values) -> Appointment:
    """The single appointment or the whole series with these values.

    Changed and cancelled occurrences keep what is their own, at the new time of day; those on
    days that the new rule lacks are dropped. Raises Refused.
    """
    return _changed(item, values, moved_days=0)


def change_occurrence(item: Appointment, original_start: str, values: Values) -> Appointment:
    """The series with one occurrence changed. Raises Refused."""
    present = slot_at(item, original_start)
    occurrence = occurrence_document(item, original_start)
    if present is None or occurrence is None:
        raise Refused("occurrence.gone")
    _check(values, values_of(occurrence))
    if values.when != present:
        _check_place(item, original_start, values.when)
    before = item.overrides.get(original_start, Override())
    regular = _regular_slot(item, original_start)
    own: dict[str, Any] = {"when": None if values.when == regular else values.when}
    for name in ("subject", "location", "body", "busy", "reminder_minutes"):
        value = getattr(values, name)
        own[name] = None if value == getattr(item, name) else value
    if values.reminder_minutes is None and item.reminder_minutes is not None:
        own["reminder_minutes"] = NO_REMINDER
    override = before.model_copy(update=own)
    overrides = {key: kept for key, kept in item.overrides.items() if key != original_start}
    if override != Override():
        overrides[original_start] = override
    return item.model_copy(update={"overrides": dict(sorted(overrides.items()))})


def cancel_occurrence(item: Appointment, original_start: str) -> Appointment:
    """The series without one occurrence. Raises Refused, also for the last one left."""
    if not has_occurrence(item, original_start):
        raise Refused("occurrence.gone")
    kept = {key: value for key, value in item.overrides.items() if key != original_start}
    cancelled = tuple(sorted({*item.cancellations, original_start}))
    after = item.model_copy(update={"overrides": kept, "cancellations": cancelled})
    if next(originals(after), None) is None:
        raise Refused("occurrence.last")
    return after


def move(item: Appointment, slot: Slot) -> Appointment:
    """The single appointment at another time. Raises Refused."""
    return change(item, replace(values_of(item), when=slot))


def move_occurrence(item: Appointment, original_start: str, slot: Slot) -> Appointment:
    """The series with one occurrence at another time. Raises Refused."""
    occurrence = occurrence_document(item, original_start)
    if occurrence is None:
        raise Refused("occurrence.gone")
    return change_occurrence(item, original_start, replace(values_of(occurrence), when=slot))


def move_series(item: Appointment, original_start: str, slot: Slot) -> Appointment:
    """The whole series moved as one occurrence was moved to `slot`, its rule, its last day and
    its exceptions along with it. Raises Refused."""
    present = slot_at(item, original_start)
    if present is None:
        raise Refused("occurrence.gone")
    if slot.all_day != item.when.all_day:
        raise Refused("time.kind", "start")
    delta = _wall(slot.start) - _wall(present.start)
    when = shifted(item.when, delta, _wall(slot.end) - _wall(slot.start))
    days = (_wall(when.start).date() - _wall(item.when.start).date()).days
    moved = replace(values_of(item), when=when, recurrence=_moved_rule(item, when, days))
    return _changed(item, moved, moved_days=days)


def _changed(item: Appointment, values: Values, *, moved_days: int) -> Appointment:
    _check(values, values_of(item))
    if item.recurrence and values.when != item.when and item.when.foreign_zone:
        raise Refused("zone.foreign", "start")
    if values.when == item.when and values.recurrence == item.recurrence:
        return item.model_copy(update=_plain(values))
    return _keep_exceptions(item, _with_rule(item, values), timedelta(days=moved_days))


def _plain(values: Values) -> dict[str, Any]:
    return {f.name: getattr(values, f.name) for f in fields(Values)}


def _check(values: Values, before: Values | None) -> None:
    """Refuse what cannot be used. What an entry brought along unchanged is nobody's mistake."""
    if before is None or values.subject != before.subject:
        if not values.subject.strip():
            raise Refused("title.missing", "title")
        if len(values.subject) > LONGEST_TITLE:
            raise Refused("title.long", "title")
    if (before is None or values.location != before.location) and (
        len(values.location) > LONGEST_PLACE
    ):
        raise Refused("place.long", "place")
    if (before is None or values.body != before.body) and (
        len(values.body.content) > LONGEST_NOTES
    ):
        raise Refused("notes.long", "notes")
    if before is None or values.when != before.when:
        _check_time(values.when)


def _check_time(when: Slot) -> None:
    try:
        interval = interval_of(when, "", "")
    except (CannotExpand, ValueError, OverflowError) as error:
        raise Refused("time.unusable", "start") from error
    if when.start_zone == when.end_zone and _wall(when.end) < _wall(when.start):
        raise Refused("time.backwards", "end")
    if interval.end_at - interval.start_at > LONGEST_TIME:
        raise Refused("time.long", "end")


def _with_rule(item: Appointment, values: Values) -> Appointment:
    """The item with these values, its start on the rule's first day. Raises Refused."""
    plain = _plain(values)
    if not values.recurrence:
        return item.model_copy(update=plain | {"overrides": {}, "cancellations": ()})
    if values.recurrence != item.recurrence:
        try:
            pattern = parse(values.recurrence, _wall(values.when.start).date())
            plain["recurrence"] = spell(pattern)
        except RuleRefused as error:
            raise Refused(error.key, "repeat") from error
    alone: dict[str, Any] = {"overrides": {}, "cancellations": ()}
    series = item.model_copy(update=plain | alone)
    first = next(originals(series), None)
    if first is None:
        raise Refused("rule.empty", "repeat")
    when = shifted(series.when, first - _wall(series.when.start))
    series = series.model_copy(update={"when": when})
    _check_gaps(series)
    return series


def _check_gaps(series: Appointment) -> None:
    """Occurrences must end before the next begins; no calendar takes them otherwise."""
    length = _wall(series.when.end) - _wall(series.when.start)
    before: datetime | None = None
    for number, original in enumerate(originals(series)):
        if before is not None and original - before < length:
            raise Refused("rule.overlap", "repeat")
        if number == 60:
            return
        before = original


def _keep_exceptions(before: Appointment, after: Appointment, moved: timedelta) -> Appointment:
    """Carry the overrides and cancellations over to the days that are still there."""
    if not after.recurrence:
        return after
    overrides: dict[str, Override] = {}
    for key, override in before.overrides.items():
        at = _new_key(after, key, moved)
        if at:
            overrides[at] = override
    cancelled = {_new_key(after, key, moved) for key in before.cancellations} - {""}
    kept = after.model_copy(
        update={
            "overrides": dict(sorted(overrides.items())),
            "cancellations": tuple(sorted(cancelled)),
        }
    )
    return kept if next(originals(kept), None) is not None else after


def _new_key(after: Appointment, key: str, moved: timedelta) -> str:
    """The original start that an old one becomes; empty when its day is no longer there."""
    time_of_day = _wall(after.when.start).time()
    wall = datetime.combine(_wall(key).date() + moved, time_of_day)
    start = spelled(wall, all_day=after.when.all_day)
    return start if has_occurrence(after, start) else ""


def _check_place(item: Appointment, original_start: str, slot: Slot) -> None:
    """An occurrence stays between the days of its neighbours, as Exchange demands."""
    day = _wall(slot.start).date()
    before, after = neighbours(item, original_start)
    if before is not None and day <= _wall(before.start).date():
        raise Refused("occurrence.crosses", "start")
    if after is not None and day >= _wall(after.start).date():
        raise Refused("occurrence.crosses", "start")


def _regular_slot(item: Appointment, original_start: str) -> Slot | None:
    return slot_at(item.model_copy(update={"overrides": {}}), original_start)


def _moved_rule(item: Appointment, when: Slot, days: int) -> str:
    """The rule after its series moved by whole days. Raises Refused."""
    if days == 0:
        return item.recurrence
    start = _wall(item.when.start).date()
    try:
        pattern = parse(item.recurrence, start)
        return spell(moved_pattern(pattern, start, _wall(when.start).date()))
    except RuleRefused as error:
        raise Refused(error.key, "repeat") from error


def _wall(text: str) -> datetime:
    return datetime.fromisoformat(text)
