"""Time zones as GetUserAvailability spells them: a bias and two yearly changes, without a name."""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo

from . import transitions, zones
from .soap import Element, add, child
from .values import text_of

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_ZERO = timedelta(0)


@dataclass(frozen=True)
class Change:
    """One yearly change: the ``order``-th (5: the last) ``weekday`` of ``month`` at a wall time,
    and the bias that is added from then on. Month 0: there is none."""

    bias: int
    at: time
    order: int
    month: int
    weekday: str

    def moment(self, year: int) -> datetime:
        """The wall time of the change in a year."""
        length = calendar.monthrange(year, self.month)[1]
        days = [
            day
            for day in (date(year, self.month, number) for number in range(1, length + 1))
            if day.weekday() == _DAYS.index(self.weekday)
        ]
        return datetime.combine(days[-1] if self.order >= 5 else days[self.order - 1], self.at)


class PlainZone(tzinfo):
    """A zone of a bias in minutes (what is added to wall time to reach UTC) and its changes."""

    def __init__(self, bias: int, standard: Change, daylight: Change) -> None:
        self._bias = bias
        self._standard = standard
        self._daylight = daylight

    def dst(self, moment: datetime | None) -> timedelta:
        """What summer time adds to the standard offset."""
        if moment is None or not self._standard.month or not self._daylight.month:
            return _ZERO
        naive = moment.replace(tzinfo=None)
        begin = self._daylight.moment(naive.year)
        end = self._standard.moment(naive.year)
        summer = begin <= naive < end if begin < end else not end <= naive < begin
        change = self._daylight.bias - self._standard.bias
        return timedelta(minutes=-change) if summer else _ZERO

    def utcoffset(self, moment: datetime | None) -> timedelta:
        """The offset from UTC."""
        return timedelta(minutes=-(self._bias + self._standard.bias)) + self.dst(moment)

    def tzname(self, moment: datetime | None) -> str:
        """Such zones have no name."""
        return "plain"


def read(element: Element) -> tzinfo:
    """The zone of a TimeZone element."""
    standard, daylight = child(element, "StandardTime"), child(element, "DaylightTime")
    return PlainZone(int(text_of(element, "Bias")), _read_change(standard), _read_change(daylight))


def _read_change(element: Element | None) -> Change:
    if element is None:
        return Change(0, time(), 0, 0, "Sunday")
    try:
        at = time.fromisoformat(text_of(element, "Time").strip())
    except ValueError:
        at = time()
    month = int(text_of(element, "Month"))
    return Change(
        int(text_of(element, "Bias")),
        at,
        max(1, int(text_of(element, "DayOrder"))),
        month if 1 <= month <= 12 and text_of(element, "DayOfWeek") in _DAYS else 0,
        text_of(element, "DayOfWeek"),
    )


def write(parent: Element, windows_name: str) -> None:
    """A TimeZone element for a Windows zone."""
    zone = zones.find(windows_name)
    offset = zones.standard_offset(zone) if zone is not None else _ZERO
    made = add(parent, "TimeZone")
    add(made, "Bias", -_minutes(offset))
    rules = {rule.to_summer: rule for rule in transitions.changes(windows_name)}
    summer = transitions.summer_offset(windows_name) - offset if rules else _ZERO
    for tag, to_summer, bias in (
        ("StandardTime", False, 0),
        ("DaylightTime", True, -_minutes(summer)),
    ):
        rule = rules.get(to_summer)
        change = add(made, tag)
        add(change, "Bias", bias)
        add(change, "Time", _clock(rule.offset) if rule else "00:00:00")
        add(change, "DayOrder", (5 if rule.occurrence < 0 else rule.occurrence) if rule else 0)
        add(change, "Month", rule.month if rule else 0)
        add(change, "DayOfWeek", rule.weekday if rule else "Sunday")


def _clock(span: timedelta) -> str:
    hours, minutes = divmod(_minutes(span), 60)
    return f"{hours:02d}:{minutes:02d}:00"


def _minutes(span: timedelta) -> int:
    return int(span.total_seconds() // 60)
