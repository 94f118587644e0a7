"""RRULE values in one spelling, as data (RFC 5545, section 3.3.10)."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal

from andock_sdk import errors

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY", "YEARLY"]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_FREQUENCIES: dict[str, Frequency] = {
    "DAILY": "DAILY",
    "WEEKLY": "WEEKLY",
    "MONTHLY": "MONTHLY",
    "YEARLY": "YEARLY",
}


@dataclass(frozen=True)
class Day:
    """One BYDAY entry: a weekday, with an ordinal (2TU, -1FR) or 0 for every one."""

    name: str
    ordinal: int = 0

    def __str__(self) -> str:
        return f"{self.ordinal or ''}{self.name}"


@dataclass(frozen=True)
class Rule:
    """A recurrence rule. `until` is inclusive; at most one of `count` and `until` is set."""

    frequency: Frequency
    interval: int = 1
    months: tuple[int, ...] = ()
    month_days: tuple[int, ...] = ()
    days: tuple[Day, ...] = ()
    positions: tuple[int, ...] = ()
    week_start: str = "MO"
    count: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        parts = [f"FREQ={self.frequency}"]
        if self.interval != 1:
            parts.append(f"INTERVAL={self.interval}")
        for name, values in (
            ("BYMONTH", self.months),
            ("BYMONTHDAY", self.month_days),
            ("BYDAY", self.days),
            ("BYSETPOS", self.positions),
        ):
            if values:
                parts.append(f"{name}={','.join(map(str, values))}")
        if self._week_start_matters():
            parts.append(f"WKST={self.week_start}")
        if self.count is not None:
            parts.append(f"COUNT={self.count}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)

    def _week_start_matters(self) -> bool:
        return self.frequency == "WEEKLY" and self.interval > 1 and self.week_start != "MO"


def refuse(detail: str) -> errors.Unrepresentable:
    """The error for a rule that cannot be held exactly."""
    return errors.Unrepresentable("series.rule", detail)


def parse(text: str) -> Rule:
    """Read an RRULE value. Raises Unrepresentable for a frequency below a day, BYHOUR, BYWEEKNO
    and their like."""
    parts: dict[str, str] = {}
    for part in text.removeprefix("RRULE:").split(";"):
        name, _, value = part.partition("=")
        parts[name.upper()] = value.upper()
    rule = Rule(_frequency(parts.pop("FREQ", "")))
    try:
        for name, value in parts.items():
            rule = _with(rule, name, value)
    except ValueError as wrong:
        raise refuse("malformed rule") from wrong
    if rule.interval < 1 or (rule.count is not None and rule.count < 1):
        raise refuse("interval or count below 1")
    return rule


def _frequency(text: str) -> Frequency:
    found = _FREQUENCIES.get(text)
    if found is None:
        raise refuse("frequency")
    return found


def _with(rule: Rule, name: str, value: str) -> Rule:
    match name:
        case "INTERVAL":
            return replace(rule, interval=int(value))
        case "COUNT":
            return replace(rule, count=int(value))
        case "UNTIL":
            return replace(rule, until=datetime.strptime(value[:8], "%Y%m%d").date())  # noqa: DTZ007 - a plain day
        case "BYMONTH":
            return replace(rule, months=_numbers(value))
        case "BYMONTHDAY":
            return replace(rule, month_days=_numbers(value))
        case "BYDAY":
            return replace(rule, days=tuple(_day(entry) for entry in value.split(",")))
        case "BYSETPOS":
            return replace(rule, positions=_numbers(value))
        case "WKST" if value in DAYS:
            return replace(rule, week_start=value)
    raise refuse("a part that no calendar shows")


def _numbers(value: str) -> tuple[int, ...]:
    return tuple(sorted({int(number) for number in value.split(",")}))


def _day(entry: str) -> Day:
    name, ordinal = entry[-2:], entry[:-2]
    if name not in DAYS:
        raise refuse("weekday")
    return Day(name, int(ordinal) if ordinal else 0)
