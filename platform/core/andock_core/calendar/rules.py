"""The repeating patterns that both Andock and Exchange can hold, and their spelling as rules.

Six patterns, those of Exchange. What fits none of them is refused before it is saved. A day that
some months lack (29 to 31) means the month's last day there, as Exchange and Outlook mean it; its
spelling says so exactly: the 31st is "BYMONTHDAY=28,29,30,31;BYSETPOS=-1".
"""

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from andock_core.calendar.expand import CannotExpand, rule_parts

Kind = Literal["daily", "weekly", "monthly_day", "monthly_weekday", "yearly_day", "yearly_weekday"]
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
GROUPS = (WEEKDAYS, WEEKDAYS[:5], WEEKDAYS[5:], *((day,) for day in WEEKDAYS))
POSITIONS = (1, 2, 3, 4, -1)
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
INTERVALS = {"DAILY": 999, "WEEKLY": 99, "MONTHLY": 99, "YEARLY": 1}
MOST = 999
_NUMBERED = re.compile(r"(-1|[1-4])([A-Z]{2})")


class RuleRefused(ValueError):
    """No calendar of the other side can hold this rule. `key` is a message key."""

    def __init__(self, key: str = "rule.unknown") -> None:
        self.key = key
        super().__init__(key)


@dataclass(frozen=True)
class Pattern:
    """A repeating pattern.

    `days` are weekdays ("MO"), `day` the day of the month (its last where it is shorter),
    `position` which of those weekdays in the month (-1: the last). `count` or `until` (a day,
    inclusive) end it; neither: it goes on.
    """

    kind: Kind
    interval: int = 1
    days: tuple[str, ...] = ()
    day: int = 0
    position: int = 0
    month: int = 0
    week_start: str = "MO"
    count: int | None = None
    until: date | None = None


def parse(recurrence: str, start: date) -> Pattern:
    """The pattern of a rule whose series starts at `start`. Raises RuleRefused."""
    try:
        parts = rule_parts(recurrence)
    except CannotExpand as error:
        raise RuleRefused from error
    frequency = parts.pop("FREQ")
    interval = _number(parts.pop("INTERVAL", "1"), INTERVALS[frequency])
    week_start = parts.pop("WKST", "MO")
    if week_start not in WEEKDAYS:
        raise RuleRefused
    count, until = _end(parts, start)
    reader = {"DAILY": _daily, "WEEKLY": _weekly, "MONTHLY": _monthly, "YEARLY": _yearly}
    kind, found = reader[frequency](parts, start)
    if parts:
        raise RuleRefused
    return Pattern(
        kind=kind,
        interval=interval,
        days=found.days,
        day=found.day,
        position=found.position,
        month=found.month,
        week_start=week_start if kind == "weekly" and interval > 1 else "MO",
        count=count,
        until=until,
    )


def spell(pattern: Pattern) -> str:
    """The pattern as a rule, always spelled alike. Raises RuleRefused for an unusable one."""
    frequency = pattern.kind.split("_")[0].upper()
    parts = [f"FREQ={frequency}"]
    if pattern.interval != 1:
        parts.append(f"INTERVAL={pattern.interval}")
    if pattern.month:
        parts.append(f"BYMONTH={pattern.month}")
    if pattern.kind.endswith("_day"):
        parts += _spell_day(pattern)
    elif pattern.kind.endswith("_weekday") and len(pattern.days) == 1:
        parts.append(f"BYDAY={pattern.position}{pattern.days[0]}")
    elif pattern.days:
        ordered = sorted(pattern.days, key=WEEKDAYS.index)
        parts.append(f"BYDAY={','.join(ordered)}")
        if pattern.position:
            parts.append(f"BYSETPOS={pattern.position}")
    if pattern.week_start != "MO":
        parts.append(f"WKST={pattern.week_start}")
    if pattern.count is not None:
        parts.append(f"COUNT={pattern.count}")
    if pattern.until is not None:
        parts.append(f"UNTIL={pattern.until:%Y%m%d}")
    return ";".join(parts)


@dataclass(frozen=True)
class _Found:
    days: tuple[str, ...] = ()
    day: int = 0
    position: int = 0
    month: int = 0


def _daily(_parts: dict[str, str], _start: date) -> tuple[Kind, _Found]:
    return "daily", _Found()


def _weekly(parts: dict[str, str], start: date) -> tuple[Kind, _Found]:
    days = tuple(parts.pop("BYDAY", WEEKDAYS[start.weekday()]).split(","))
    if not set(days) <= set(WEEKDAYS):
        raise RuleRefused
    return "weekly", _Found(days=_ordered(days))


def _monthly(parts: dict[str, str], start: date) -> tuple[Kind, _Found]:
    if "BYDAY" in parts:
        days, position = _weekday_in_month(parts)
        return "monthly_weekday", _Found(days=days, position=position)
    return "monthly_day", _Found(day=_day_in_month(parts, start, 0))


def _yearly(parts: dict[str, str], start: date) -> tuple[Kind, _Found]:
    month = _number(parts.pop("BYMONTH", str(start.month)), 12)
    if "BYDAY" in parts:
        days, position = _weekday_in_month(parts)
        return "yearly_weekday", _Found(days=days, position=position, month=month)
    day = _day_in_month(parts, start, month)
    return "yearly_day", _Found(day=day, month=month)


def _weekday_in_month(parts: dict[str, str]) -> tuple[tuple[str, ...], int]:
    value, position = parts.pop("BYDAY"), parts.pop("BYSETPOS", "")
    numbered = _NUMBERED.fullmatch(value)
    if numbered and not position:
        position, value = numbered.groups()
    days = _ordered(tuple(value.split(",")))
    if days not in GROUPS or position not in map(str, POSITIONS):
        raise RuleRefused
    return days, int(position)


def _day_in_month(parts: dict[str, str], start: date, month: int) -> int:
    """The day a rule means; one that skips short months is refused, for Exchange does not."""
    days = parts.pop("BYMONTHDAY", str(start.day))
    position = parts.pop("BYSETPOS", "")
    longest = _longest(month)
    if (days, position) == ("-1", ""):
        return longest
    for day in range(1, longest + 1):
        if (days, position) == _spelling(day, month):
            return day
    raise RuleRefused("rule.short_months" if days in ("29", "30", "31") else "rule.unknown")


def _spell_day(pattern: Pattern) -> list[str]:
    if not 1 <= pattern.day <= _longest(pattern.month):
        raise RuleRefused("rule.no_such_day")
    days, position = _spelling(pattern.day, pattern.month)
    return [f"BYMONTHDAY={days}"] + ([f"BYSETPOS={position}"] if position else [])


def _spelling(day: int, month: int) -> tuple[str, str]:
    """BYMONTHDAY and BYSETPOS of a day in that month, or in every month (0)."""
    shortest = 28 if month in (0, 2) else LONGEST[month - 1]
    if day <= shortest:
        return str(day), ""
    return ",".join(str(number) for number in range(shortest, day + 1)), "-1"


def _longest(month: int) -> int:
    return LONGEST[month - 1] if month else 31


def _end(parts: dict[str, str], start: date) -> tuple[int | None, date | None]:
    count, until = parts.pop("COUNT", None), parts.pop("UNTIL", None)
    if count is not None and until is not None:
        raise RuleRefused
    if count is not None:
        return _number(count, MOST), None
    if until is None:
        return None, None
    try:
        day = date.fromisoformat(until)
    except ValueError as error:
        raise RuleRefused from error
    if day < start:
        raise RuleRefused("rule.ends_before")
    return None, day


def _number(text: str, most: int) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= most:
        raise RuleRefused("rule.interval" if text.isdecimal() else "rule.unknown")
    return int(text)


def _ordered(days: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(day for day in WEEKDAYS if day in days) if set(days) <= set(WEEKDAYS) else ()
