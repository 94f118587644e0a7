"""The form's choice of a repetition, and the pattern that it means."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, cast

from andock_core.calendar.rules import WEEKDAYS, Kind, Pattern, RuleRefused, parse
from andock_sdk import Appointment

KINDS = ("daily", "weekly", "monthly_day", "monthly_weekday", "yearly_day")
"""What the form offers. Day, weekday and month follow from the start."""


@dataclass(frozen=True)
class Repeat:
    """The choice. `kind`: none, one of KINDS, or keep (as it is; the form has no words for it).

    `end`: never, count or until (a day, inclusive).
    """

    kind: str = "none"
    interval: int = 1
    days: tuple[str, ...] = ()
    end: str = "never"
    count: int = 0
    until: str = ""


def pattern_of(repeat: Repeat, start: date) -> Pattern:
    """The pattern that the choice means for a series starting on that day. Raises RuleRefused."""
    weekday = WEEKDAYS[start.weekday()]
    number = (start.day - 1) // 7 + 1
    rest: dict[str, dict[str, Any]] = {
        "daily": {},
        "weekly": {"days": repeat.days or (weekday,)},
        "monthly_day": {"day": start.day},
        "monthly_weekday": {"days": (weekday,), "position": number if number < 5 else -1},
        "yearly_day": {"day": start.day, "month": start.month},
    }
    if repeat.kind not in rest:
        raise RuleRefused
    if repeat.interval < 1 or (repeat.end == "count" and not 1 <= repeat.count <= 999):
        raise RuleRefused("rule.interval")
    return Pattern(
        kind=cast(Kind, repeat.kind),
        interval=1 if repeat.kind == "yearly_day" else repeat.interval,
        count=repeat.count if repeat.end == "count" else None,
        until=_until(repeat, start),
        **rest[repeat.kind],
    )


def repeat_of(item: Appointment) -> Repeat:
    """How the form shows an appointment's rule."""
    if not item.recurrence:
        return Repeat()
    start = datetime.fromisoformat(item.when.start).date()
    try:
        pattern = parse(item.recurrence, start)
        repeat = Repeat(
            kind=pattern.kind,
            interval=pattern.interval,
            days=pattern.days if pattern.kind == "weekly" else (),
            end="until" if pattern.until else "count" if pattern.count else "never",
            count=pattern.count or 0,
            until=pattern.until.isoformat() if pattern.until else "",
        )
        return repeat if pattern_of(repeat, start) == pattern else Repeat(kind="keep")
    except RuleRefused:
        return Repeat(kind="keep")


def _until(repeat: Repeat, start: date) -> date | None:
    if repeat.end != "until":
        return None
    try:
        until = date.fromisoformat(repeat.until)
    except ValueError as error:
        raise RuleRefused("rule.ends_before") from error
    if until < start:
        raise RuleRefused("rule.ends_before")
    return until
