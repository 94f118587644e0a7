"""The form of a call: what was typed, what is wrong with it, and the columns it becomes."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from andock_core.accounts import MemberInfo
from andock_core.calendar.expand import to_utc
from andock_core.clock import now
from andock_core.planning.calls import MINUTES, OUTCOMES
from andock_core.planning.entries import FIRST_YEAR, LAST_YEAR, LONGEST_CALL, unmarked
from andock_core.storage.tables import Call
from andock_web import formats
from andock_web.plain import one_line, text_of

LONGEST_NAME = 255
LONGEST_NOTES = 64_000
LONGEST_NUMBER = 60
QUARTER = 15  # minutes


@dataclass(frozen=True)
class Filled:
    """What the form holds: a day "2026-11-24" or empty, a time "09:00" or empty, minutes."""

    whom: str = ""
    number: str = ""
    contact: str = ""
    day: str = ""
    time: str = ""
    minutes: str = str(MINUTES)
    notes: str = ""
    outcome: str = ""
    planned: bool = True
    done: bool = False


def empty(*, log: bool) -> Filled:
    """The form of a new call: one that was just made (`log`), or the next quarter of an hour."""
    moment = formats.local(now())
    if not log:
        moment += timedelta(minutes=QUARTER - moment.minute % QUARTER)
    return Filled(
        day=moment.date().isoformat(),
        time=f"{moment:%H:%M}",
        done=log,
        outcome="reached" if log else "",
    )


def filled_from(call: Call) -> Filled:
    """The form as it begins for a call, on the member's clock."""
    start = formats.local(call.start_at) if call.start_at else None
    return Filled(
        whom=call.whom,
        number=call.number,
        contact=call.contact_id or "",
        day=start.date().isoformat() if start else "",
        time=f"{start:%H:%M}" if start else "",
        minutes=str(call.minutes),
        notes=call.notes,
        outcome=call.outcome,
        planned=call.planned,
        done=call.done_at is not None,
    )


def read(data: Mapping[str, str]) -> Filled:
    """The form as it was sent."""
    outcome = data.get("outcome", "")
    return Filled(
        whom=unmarked(one_line(data.get("whom", ""))),
        number=one_line(data.get("number", "")),
        contact=one_line(data.get("contact", ""))[:32],
        day=data.get("day", "").strip(),
        time=data.get("time", "").strip()[:5],
        minutes=data.get("minutes", "").strip(),
        notes=text_of(data.get("notes", "")),
        outcome=outcome if outcome in OUTCOMES else "",
        planned="planned" in data,
        done="done" in data,
    )


def settled(form: Filled, before: Call | None = None) -> Filled:
    """The form with tick and outcome in agreement: a new outcome means that the call was made, and
    a call that is opened again has none."""
    if form.done or not form.outcome:
        return form
    if before is not None and form.outcome == before.outcome:
        return replace(form, outcome="")
    return replace(form, done=True)


def mistakes(form: Filled) -> dict[str, str]:
    """Message keys by field; empty when all is well."""
    found: dict[str, str] = {}
    if not form.whom and not form.number:
        found["whom"] = "whom.missing"
    elif len(form.whom) > LONGEST_NAME:
        found["whom"] = "whom.long"
    if form.number and (len(form.number) > LONGEST_NUMBER or not re.search("[0-9]", form.number)):
        found["number"] = "number.unusable"
    found |= _wrong_time(form)
    if not (form.minutes.isdecimal() and 1 <= int(form.minutes[:5]) <= LONGEST_CALL):
        found["minutes"] = "minutes.unusable"
    if len(form.notes) > LONGEST_NOTES:
        found["notes"] = "notes.long"
    return found


def columns(form: Filled, member: MemberInfo, before: Call | None = None) -> dict[str, Any]:
    """The columns of a call. An untouched time stays to the second."""
    start_at = None
    if form.day:
        wall = datetime.fromisoformat(f"{form.day}T{form.time}")
        start_at = to_utc(wall, member.zone).astimezone(UTC)
    if before is not None:
        was = filled_from(before)
        if (was.day, was.time) == (form.day, form.time):
            start_at = before.start_at
    return {
        "whom": form.whom,
        "number": form.number,
        "start_at": start_at,
        "minutes": int(form.minutes),
        "notes": form.notes,
        "outcome": form.outcome,
        "planned": form.planned,
    }


def _wrong_time(form: Filled) -> dict[str, str]:
    found: dict[str, str] = {}
    if form.day and not _is_day(form.day):
        found["day"] = "day.unusable"
    if form.time and not _is_time(form.time):
        found["time"] = "time.unusable"
    if bool(form.day) != bool(form.time):
        found.setdefault("time" if form.day else "day", "time.missing")
    return found


def _is_day(text: str) -> bool:
    try:
        return FIRST_YEAR <= date.fromisoformat(text).year <= LAST_YEAR
    except ValueError:
        return False


def _is_time(text: str) -> bool:
    try:
        return f"{time.fromisoformat(text):%H:%M}" == text
    except ValueError:
        return False
