"""When somebody has time: what a calendar gives away to free/busy lookups. Expects the lock."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo

from . import times, views
from .state import MailboxState
from .views import View

# The digits of MergedFreeBusy; the higher one wins.
DIGITS = {"Free": 0, "Tentative": 1, "Busy": 2, "OOF": 3, "WorkingElsewhere": 4, "NoData": 5}
# When two overlap, working elsewhere counts least but for free.
_RANK = ("Free", "WorkingElsewhere", "Tentative", "Busy", "OOF", "NoData")
# Working hours, in minutes after midnight, from Monday to Friday (as a new mailbox has them).
WORK_DAYS = "Monday Tuesday Wednesday Thursday Friday"
WORK_START, WORK_END = 480, 1020


@dataclass(frozen=True)
class Busy:
    """One entry: its view, when it is, what it counts as."""

    view: View
    start: str
    end: str
    kind: str


def entries(state: MailboxState, low: str, high: str) -> list[Busy]:
    """The entries of the default calendar that touch an interval, in their order."""
    folder = state.distinguished("calendar")
    found = views.between(state, folder, low, high)
    made = [
        Busy(
            view,
            view.props["Start"],
            view.props["End"],
            view.props.get("LegacyFreeBusyStatus", "Busy"),
        )
        for view in found
    ]
    return sorted(made, key=lambda one: (one.start, one.end, one.view.item.num))


def status(found: Sequence[Busy], low: str, high: str) -> str:
    """What an interval counts as: the strongest status in it."""
    inside = [one.kind for one in found if one.start < high and one.end > low]
    return max(inside, key=_RANK.index, default="Free")


def merged(found: Sequence[Busy], low: str, high: str, minutes: int) -> str:
    """A digit per interval of so many minutes."""
    begin, end, step = times.instant(low), times.instant(high), timedelta(minutes=minutes)
    digits = []
    while begin < end:
        after = min(begin + step, end)
        digits.append(str(DIGITS[status(found, times.iso(begin), times.iso(after))]))
        begin = after
    return "".join(digits)


def is_work_time(moment: datetime, span: timedelta, zone: tzinfo) -> bool:
    """Whether a meeting lies within working hours."""
    start, end = moment.astimezone(zone), (moment + span).astimezone(zone)
    first = start.hour * 60 + start.minute
    last = end.hour * 60 + end.minute
    same_day = start.date() == end.date()
    return start.weekday() < 5 and same_day and first >= WORK_START and last <= WORK_END
