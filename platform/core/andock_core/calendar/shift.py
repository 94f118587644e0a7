"""Moving a time span, and a repeating pattern along with it. Pure."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from andock_core.calendar.rules import LONGEST, WEEKDAYS, Pattern, RuleRefused
from andock_sdk import Slot

WEEK = 7


def shifted(slot: Slot, delta: timedelta, length: timedelta | None = None) -> Slot:
    """The slot moved by `delta` of wall time, with its length or a new one; zones stay."""
    start, end = datetime.fromisoformat(slot.start), datetime.fromisoformat(slot.end)
    moved = start + delta
    return slot.model_copy(
        update={
            "start": spelled(moved, all_day=slot.all_day),
            "end": spelled(
                moved + (end - start if length is None else length), all_day=slot.all_day
            ),
        }
    )


def spelled(wall: datetime, *, all_day: bool) -> str:
    """A wall time as documents spell it; only the day of an all-day one."""
    return wall.date().isoformat() if all_day else wall.isoformat(timespec="seconds")


def moved_pattern(pattern: Pattern, before: date, after: date) -> Pattern:
    """The pattern of a series whose start moves from one day to another.

    "Every Tuesday" moved by a day is every Wednesday; "the 24th" moved by two is the 26th. Its
    last day moves along. Raises RuleRefused where there is no such meaning ("the last weekday").
    """
    days = (after - before).days
    if pattern.until is not None:
        pattern = replace(pattern, until=pattern.until + timedelta(days=days))
    if pattern.kind == "weekly":
        turned = {WEEKDAYS[(WEEKDAYS.index(day) + days) % WEEK] for day in pattern.days}
        return replace(pattern, days=tuple(day for day in WEEKDAYS if day in turned))
    if pattern.kind.endswith("_weekday"):
        pattern = _weekday_moved(pattern, after)
    elif pattern.kind.endswith("_day"):
        pattern = replace(pattern, day=after.day)
    return replace(pattern, month=after.month) if pattern.month else pattern


def _weekday_moved(pattern: Pattern, after: date) -> Pattern:
    if len(pattern.days) != 1:
        raise RuleRefused("rule.cannot_move")
    number = (after.day - 1) // WEEK + 1
    is_last = after.day + WEEK > LONGEST[after.month - 1]
    position = -1 if number > 4 or (pattern.position == -1 and is_last) else number
    return replace(pattern, days=(WEEKDAYS[after.weekday()],), position=position)
