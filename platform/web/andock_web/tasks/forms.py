"""The form of a task: what was typed, what is wrong with it, and the columns it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from andock_core.accounts import MemberInfo
from andock_core.clock import now
from andock_core.planning.entries import FIRST_YEAR, LAST_YEAR, LONGEST_TITLE, unmarked
from andock_core.storage.tables import Task
from andock_web.plain import one_line, text_of
from andock_web.tasks.queries import due_here, today

LONGEST_NOTES = 64_000


@dataclass(frozen=True)
class Filled:
    """What the form holds: a day "2026-11-24" or empty, a time "09:00" or empty."""

    title: str = ""
    day: str = ""
    time: str = ""
    notes: str = ""
    planned: bool = True
    done: bool = False


def filled_from(task: Task, member: MemberInfo) -> Filled:
    """The form as it begins for a task, on the member's clock."""
    day, at = due_here(task, member.zone)
    return Filled(task.title, day, at, task.notes, task.planned, task.done_at is not None)


def read(data: Mapping[str, str]) -> Filled:
    """The form as it was sent."""
    return Filled(
        title=unmarked(one_line(data.get("title", ""))),
        day=data.get("day", "").strip(),
        time=data.get("time", "").strip()[:5],
        notes=text_of(data.get("notes", "")),
        planned="planned" in data,
        done="done" in data,
    )


def mistakes(form: Filled) -> dict[str, str]:
    """Message keys by field; empty when all is well."""
    found: dict[str, str] = {}
    if not form.title:
        found["title"] = "title.missing"
    elif len(form.title) > LONGEST_TITLE:
        found["title"] = "title.long"
    if form.day and not _is_day(form.day):
        found["day"] = "day.unusable"
    if form.time and not _is_time(form.time):
        found["time"] = "time.unusable"
    if len(form.notes) > LONGEST_NOTES:
        found["notes"] = "notes.long"
    return found


def columns(form: Filled, member: MemberInfo, before: Task | None = None) -> dict[str, Any]:
    """The columns of a task. A time without a day means today. An untouched time keeps its zone."""
    day = date.fromisoformat(form.day).isoformat() if form.day else ""
    if form.time and not day:
        day = today()
    due = {"due_day": day, "due_time": form.time, "zone": member.zone if form.time else ""}
    if before is not None and due_here(before, member.zone) == (day, form.time):
        due = {name: getattr(before, name) for name in due}
    return {"title": form.title, "notes": form.notes, **due}


def ticked(form: Filled, before: Task) -> dict[str, Any]:
    """What the form says about a task that is there: its tick, and its place in the calendar."""
    done_at = (before.done_at or now()) if form.done else None
    return {"planned": form.planned, "done_at": done_at}


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
