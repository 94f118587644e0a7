"""What scripts send, as values for `andock_core.calendar.edit`."""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any, cast, get_args
from zoneinfo import ZoneInfo

from andock_core.calendar import plain
from andock_core.calendar.edit import Refused, Values
from andock_core.calendar.expand import CannotExpand, to_utc, zone_named
from andock_core.calendar.rules import WEEKDAYS, RuleRefused, spell
from andock_sdk import Appointment, Slot
from andock_sdk.items import Busy
from andock_web.calendar import notes
from andock_web.calendar.repeats import Repeat, pattern_of, repeat_of

LONGEST_REMINDER = 4 * 7 * 24 * 60  # minutes: what Exchange keeps


@dataclass(frozen=True)
class Filled:
    """The form of an appointment. Days are "2026-11-24" (`end_day` inclusive also when all-day),
    times "09:00", `zone` the IANA zone of both."""

    title: str
    start_day: str
    end_day: str
    start_time: str = ""
    end_time: str = ""
    all_day: bool = False
    zone: str = ""
    place: str = ""
    notes: str = ""
    busy: str = "busy"
    reminder: str = ""
    repeat: Repeat = field(default_factory=Repeat)


def filled_from(item: Appointment, zone: str) -> Filled:
    """The form as it begins for a document, in its own zone (`zone` when that is unknown)."""
    shown = _shown_slot(item.when, zone)
    start, end = datetime.fromisoformat(shown.start), datetime.fromisoformat(shown.end)
    last = end - timedelta(days=1) if shown.all_day else end
    return Filled(
        title=item.subject,
        start_day=start.date().isoformat(),
        end_day=last.date().isoformat(),
        start_time="" if shown.all_day else f"{start:%H:%M}",
        end_time="" if shown.all_day else f"{end:%H:%M}",
        all_day=shown.all_day,
        zone=shown.start_zone or zone,
        place=item.location,
        notes=plain.as_text(item.body),
        busy=item.busy,
        reminder="" if item.reminder_minutes is None else str(item.reminder_minutes),
        repeat=repeat_of(item),
    )


def read(data: Any) -> Filled:
    """The form out of a JSON object. Raises Refused when it is none."""
    if not isinstance(data, dict):
        raise Refused("time.unusable")
    repeat = data.get("repeat")
    repeat = repeat if isinstance(repeat, dict) else {}
    words = {name: _text(data.get(name)) for name in _TEXTS}
    days = repeat.get("days")
    return Filled(
        **words,
        all_day=data.get("all_day") is True,
        repeat=Repeat(
            kind=_text(repeat.get("kind")) or "none",
            interval=_number(repeat.get("interval"), 1),
            days=tuple(d for d in days if d in WEEKDAYS) if isinstance(days, list) else (),
            end=_text(repeat.get("end")) or "never",
            count=_number(repeat.get("count"), 0),
            until=_text(repeat.get("until")),
        ),
    )


_TEXTS = (
    *("title", "start_day", "end_day", "start_time", "end_time", "zone"),
    *("place", "notes", "busy", "reminder"),
)


def values(form: Filled, zone: str, before: Appointment | None = None) -> Values:
    """The form as values. What was not touched in it stays as `before` holds it. Raises Refused."""
    untouched = filled_from(before, zone) if before is not None else None
    when = _slot(form, zone)
    if before is not None and untouched is not None and _same_time(form, untouched):
        when = before.when
    base = before or Appointment(when=when)
    return Values(
        when=when,
        subject=form.title.strip(),
        location=form.place.strip(),
        body=notes.edited(base.body, form.notes),
        busy=_busy(form.busy),
        reminder_minutes=_reminder(form.reminder),
        recurrence=_recurrence(form, when, base),
    )


def moved_slot(data: Any, present: Slot, zone: str) -> Slot:
    """Where something was dragged: wall times in the member's zone, as a slot in its own.

    `data` has "start" and "end" (ISO, or days) and "all_day". Raises Refused.
    """
    try:
        start, end = datetime.fromisoformat(data["start"]), datetime.fromisoformat(data["end"])
        if data.get("all_day") is True:
            return Slot(start=start.date().isoformat(), end=end.date().isoformat(), all_day=True)
        if present.all_day or present.foreign_zone:
            return _timed(start, end, zone, zone)
        return _timed(
            _in_zone(start, zone, present.start_zone),
            _in_zone(end, zone, present.end_zone),
            present.start_zone,
            present.end_zone,
        )
    except (KeyError, TypeError, ValueError) as error:
        raise Refused("time.unusable", "start") from error


def _slot(form: Filled, zone: str) -> Slot:
    try:
        first, last = date.fromisoformat(form.start_day), date.fromisoformat(form.end_day)
    except ValueError as error:
        raise Refused("time.unusable", "start") from error
    if last < first:
        raise Refused("time.backwards", "end")
    if form.all_day:
        end = last + timedelta(days=1)
        return Slot(start=first.isoformat(), end=end.isoformat(), all_day=True)
    named = form.zone or zone
    try:
        zone_named(named)
        start = datetime.combine(first, time.fromisoformat(form.start_time))
    except (ValueError, CannotExpand) as error:
        raise Refused("time.unusable", "start") from error
    try:
        finish = datetime.combine(last, time.fromisoformat(form.end_time))
    except ValueError as error:
        raise Refused("time.unusable", "end") from error
    return _timed(start, finish, named, named)


def _timed(start: datetime, end: datetime, start_zone: str, end_zone: str) -> Slot:
    return Slot(
        start=start.isoformat(timespec="seconds"),
        end=end.isoformat(timespec="seconds"),
        start_zone=start_zone,
        end_zone=end_zone,
    )


def _in_zone(wall: datetime, zone: str, other: str) -> datetime:
    return to_utc(wall, zone).astimezone(zone_named(other)).replace(tzinfo=None)


def _shown_slot(slot: Slot, zone: str) -> Slot:
    """A slot with one zone that a form can name."""
    if slot.all_day or (slot.start_zone == slot.end_zone and not slot.foreign_zone):
        return slot
    shown = zone if slot.foreign_zone else slot.start_zone
    start = to_utc(datetime.fromisoformat(slot.start), slot.start_zone)
    end = to_utc(datetime.fromisoformat(slot.end), slot.end_zone)
    walls = [m.astimezone(zone_named(shown)).replace(tzinfo=None) for m in (start, end)]
    return _timed(walls[0], walls[1], shown, shown)


def _same_time(form: Filled, other: Filled) -> bool:
    names = ("all_day", "start_day", "end_day", "zone")
    times = () if form.all_day else ("start_time", "end_time")
    return all(getattr(form, name) == getattr(other, name) for name in (*names, *times))


def _busy(value: str) -> Busy:
    return cast(Busy, value) if value in get_args(Busy) else "busy"


def _recurrence(form: Filled, when: Slot, before: Appointment) -> str:
    if form.repeat.kind == "none":
        return ""
    unchanged = form.repeat == repeat_of(before) and when == before.when
    if before.recurrence and (unchanged or form.repeat.kind == "keep"):
        return before.recurrence
    start = datetime.fromisoformat(when.start).date()
    try:
        return spell(pattern_of(form.repeat, start))
    except RuleRefused as error:
        raise Refused(error.key, "repeat") from error


def _reminder(text: str) -> int | None:
    return min(int(text), LONGEST_REMINDER) if text.isdecimal() else None


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any, default: int) -> int:
    text = str(value)
    return int(text) if text.isdecimal() and len(text) < 5 else default


def zone_of(name: str) -> ZoneInfo:
    """A member's zone; UTC when its name means nothing on this machine."""
    try:
        return zone_named(name)
    except CannotExpand:
        return ZoneInfo("UTC")
