"""Recurring tasks: finishing or skipping one brings up the next.

Unlike a calendar's series a recurring task is one item at a time. When it is finished, a finished
copy stays behind and the task itself moves on to its next day ([MS-OXOTASK] 3.1.4.6.1).
"""

from __future__ import annotations

import calendar
import copy
from datetime import UTC, date, datetime, timedelta, tzinfo

from . import recurrence, times, zones
from .model import Item, Props
from .recurrence import Rule
from .state import MailboxState

_DATES = ("StartDate", "DueDate")
# What belongs to the occurrence that is over.
_OVER = ("CompleteDate", "PercentComplete", "Status", "ActualWork")


def finish(state: MailboxState, item: Item) -> None:
    """A recurring task was finished: leave a finished copy, go on to the next day. The last one
    simply stays finished."""
    done = copy.deepcopy(item.props)
    if not skip(state, item):
        item.props = {key: held for key, held in item.props.items() if key != "Recurrence"}
        return
    done.pop("Recurrence")
    state.new_item(item.folder, "Task", done, copy.deepcopy(item.extended))


def skip(state: MailboxState, item: Item) -> bool:
    """Go on to the next day of a recurring task; False when there is none."""
    rule: Rule = item.props["Recurrence"]
    zone = zones.find(state.account.zone) or UTC
    now = _day(item.props, zone) or date.fromisoformat(rule["StartDate"])
    following = _next(rule, now, datetime.now(zone).date())
    if following is None:
        return False
    props = {key: held for key, held in item.props.items() if key not in _OVER}
    for name in _DATES:
        if props.get(name):
            wall = times.local(props[name], zone)
            props[name] = times.iso(times.at(wall.date() + (following - now), wall))
    props |= {"Status": "NotStarted", "PercentComplete": 0.0}
    props["Recurrence"] = {**rule, "StartDate": following.isoformat()}
    if "NumberOfOccurrences" in rule:
        props["Recurrence"]["NumberOfOccurrences"] = rule["NumberOfOccurrences"] - 1
    item.props = props
    return True


def _day(props: Props, zone: tzinfo) -> date | None:
    known = props.get("DueDate") or props.get("StartDate")
    return times.local(known, zone).date() if known else None


def _next(rule: Rule, now: date, today: date) -> date | None:
    """The day after ``now`` by the pattern; a regenerating one counts from the day it is done."""
    if rule.get("NumberOfOccurrences") == 1:
        return None
    if rule["pattern"].endswith("Regeneration"):
        found: date | None = _later(rule["pattern"], rule["Interval"], today)
    else:
        open_end = {**rule, "range": "NoEndRecurrence"}
        found = next((day for day in recurrence.days(open_end) if day > now), None)
    if found is not None and rule["range"] == "EndDateRecurrence":
        return found if found.isoformat() <= rule["EndDate"] else None
    return found


def _later(pattern: str, interval: int, day: date) -> date:
    if pattern.startswith("Daily"):
        return day + timedelta(days=interval)
    if pattern.startswith("Weekly"):
        return day + timedelta(weeks=interval)
    months = interval * (12 if pattern.startswith("Yearly") else 1)
    number = day.year * 12 + day.month - 1 + months
    year, month = number // 12, number % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
