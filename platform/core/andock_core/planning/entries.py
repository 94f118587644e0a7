"""Tasks and calls as calendar entries, and back. Pure: no storage, no clock.

A task with a date is an all-day entry, with a time it lasts 30 minutes, and takes nobody's time; a
call takes the time from its start. What is done is marked in front of its subject. Both are marked
private, so that nobody else reads them in the calendar they lie in.

Back come title, notes and time alone. An entry can say more than a task or a call holds (a length,
a series, formatted notes): that stays there, so what comes back is only what differs from what the
record would say itself.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from andock_core.calendar.expand import CannotExpand, to_utc, zone_named
from andock_core.calendar.plain import as_text
from andock_sdk import Appointment, Body, Slot

if TYPE_CHECKING:
    from andock_core.storage.tables import Call, Task

MARK = "✓ "
CALL = {"de": "Anruf: ", "en": "Call: "}
TASK_MINUTES = 30
LONGEST_CALL = 24 * 60  # minutes
LONGEST_TITLE = 255
NOON = time(12)
FIRST_YEAR, LAST_YEAR = 1970, 2199  # beyond them, zones and connected calendars lose their way
_NUMBER = re.compile(r"\+?[\d ()/.\-]{3,40}")
"""What is taken for a telephone number when it comes from an entry's place."""


def task_entry(task: "Task") -> Appointment | None:
    """The task as an entry; None without a date, or when it was taken out of the planning."""
    if not task.planned or not task.due_day:
        return None
    return Appointment(
        when=_task_slot(task),
        subject=_marked(task.title, done=task.done_at is not None),
        body=Body(content=task.notes),
        busy="free",
        sensitivity="private",
    )


def apply_to_task(task: "Task", item: Appointment) -> dict[str, Any]:
    """The columns of `task` that change when its entry becomes `item`; empty when none does.

    Moved to a day it loses its time, moved to a time it keeps the zone of the entry. The mark is
    no part of the title, and taking it away does not undo what is done. Raises CannotExpand.
    """
    now = task_entry(task)
    after: dict[str, Any] = {}
    title = unmarked(item.subject)[:LONGEST_TITLE]
    if title and title != task.title:
        after["title"] = title
    after |= _notes(task.notes, item.body)
    if now is None or item.when != now.when:
        due = _due(item.when, task.zone)
        after |= {name: value for name, value in due.items() if getattr(task, name) != value}
    return after


def call_entry(call: "Call", zone: str, language: str) -> Appointment | None:
    """The call as an entry on the clock of `zone`, named in `language` ("de", "en").

    None without a start, or when it was taken out of the planning. Raises CannotExpand for an
    unknown zone.
    """
    if not call.planned or call.start_at is None:
        return None
    who = call.whom or call.number
    return Appointment(
        when=_call_slot(call.start_at, call.minutes, zone),
        subject=_marked(CALL.get(language, CALL["en"]) + who, done=call.done_at is not None),
        body=Body(content=call.notes),
        location=call.number,
        sensitivity="private",
    )


def apply_to_call(call: "Call", item: Appointment, zone: str, language: str) -> dict[str, Any]:
    """The columns of `call` that change when its entry becomes `item`; empty when none does.

    Moved to a whole day it keeps its time of day in `zone`. A place that looks like a telephone
    number is the new number, any other is left there. Raises CannotExpand.
    """
    now = call_entry(call, zone, language)
    after: dict[str, Any] = {}
    whom = _whom(item.subject)[:LONGEST_TITLE]
    if whom and whom != (call.whom or call.number):
        after["whom"] = whom
    after |= _notes(call.notes, item.body)
    if item.location.strip() != call.number and _NUMBER.fullmatch(item.location.strip()):
        after["number"] = item.location.strip()
    if now is None or item.when != now.when:
        begin, minutes = _moment(call, item.when, zone)
        after |= {} if begin == call.start_at else {"start_at": begin}
        after |= {} if minutes == call.minutes else {"minutes": minutes}
    return after


def unmarked(subject: str) -> str:
    """A subject without the mark of what is done, however often it is there."""
    text = subject.strip()
    while text.startswith(MARK.strip()):
        text = text.removeprefix(MARK.strip()).strip()
    return text


def _marked(title: str, *, done: bool) -> str:
    return MARK + title if done else title


def _whom(subject: str) -> str:
    text = unmarked(subject)
    for prefix in CALL.values():
        if text.casefold().startswith(prefix.strip().casefold()):
            return text[len(prefix.strip()) :].strip()
    return text


def _notes(before: str, body: Body) -> dict[str, str]:
    text = as_text(body).replace("\r\n", "\n").strip()
    return {} if text == before.replace("\r\n", "\n").strip() else {"notes": text}


def _task_slot(task: "Task") -> Slot:
    first = date.fromisoformat(task.due_day)
    if not task.due_time:
        last = first + timedelta(days=1)
        return Slot(start=first.isoformat(), end=last.isoformat(), all_day=True)
    start = datetime.combine(first, time.fromisoformat(task.due_time))
    return _timed(start, TASK_MINUTES, task.zone)


def _due(when: Slot, zone: str) -> dict[str, str]:
    _check_year(when)
    if when.all_day:
        return {"due_day": when.start, "due_time": "", "zone": ""}
    start, named = datetime.fromisoformat(when.start), when.start_zone
    if when.foreign_zone and zone:  # its own zone means nothing here, so the task keeps its own
        moment = to_utc(start, when.start_zone)
        start, named = moment.astimezone(zone_named(zone)).replace(tzinfo=None), zone
    return {"due_day": start.date().isoformat(), "due_time": f"{start:%H:%M}", "zone": named}


def _call_slot(start_at: datetime, minutes: int, zone: str) -> Slot:
    start = start_at.astimezone(zone_named(zone)).replace(tzinfo=None)
    end = to_utc(start + timedelta(minutes=minutes), zone)
    if to_utc(start, zone) == start_at and end - start_at == timedelta(minutes=minutes):
        return _timed(start, minutes, zone)
    # Around a clock change a wall time can mean another moment, or another length.
    return _timed(start_at.astimezone(UTC).replace(tzinfo=None), minutes, "UTC")


def _moment(call: "Call", when: Slot, zone: str) -> tuple[datetime, int]:
    _check_year(when)
    if when.all_day:
        day = date.fromisoformat(when.start)
        was = None
        if call.start_at is not None:
            was = call.start_at.astimezone(zone_named(zone)).replace(tzinfo=None)
            if day == was.date():
                return call.start_at, call.minutes
        return to_utc(datetime.combine(day, was.time() if was else NOON), zone), call.minutes
    begin = to_utc(datetime.fromisoformat(when.start), when.start_zone)
    end = to_utc(datetime.fromisoformat(when.end), when.end_zone)
    minutes = round((end - begin).total_seconds() / 60)
    return begin, min(max(minutes, 1), LONGEST_CALL)


def _check_year(when: Slot) -> None:
    if not FIRST_YEAR <= datetime.fromisoformat(when.start).year <= LAST_YEAR:
        raise CannotExpand("too far away")


def _timed(start: datetime, minutes: int, zone: str) -> Slot:
    end = start + timedelta(minutes=minutes)
    return Slot(
        start=start.isoformat(timespec="seconds"),
        end=end.isoformat(timespec="seconds"),
        start_zone=zone,
        end_zone=zone,
    )
