"""Tasks as they travel to a list of tasks on the other side, and back. Pure: no storage, no clock.

Unlike an entry in a calendar (see `entries`), a list holds whole tasks, with a date or without.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from andock_core.calendar.expand import CannotExpand, zone_named
from andock_core.calendar.plain import as_text
from andock_core.planning.entries import FIRST_YEAR, LAST_YEAR, LONGEST_TITLE
from andock_sdk import Body, Task as Document, TimeOfDay

if TYPE_CHECKING:
    from andock_core.storage.tables import Task

UNNAMED = "?"
"""A task here has a title; one there may have none."""


def task_document(task: "Task") -> Document:
    """All that the task holds."""
    at = TimeOfDay(time=task.due_time, zone=task.zone) if task.due_time and task.zone else None
    return Document(
        subject=task.title,
        body=Body(content=task.notes),
        due_day=task.due_day,
        due_time=at,
        done=task.done_at is not None,
        done_at=_spelled(task.done_at) if task.done_at is not None else "",
    )


def apply_document(task: "Task", item: Document, now: datetime) -> dict[str, Any]:
    """The columns of `task` that change when it becomes `item`; empty when none does.

    Notes lose their formatting here and keep it there. What was done at a moment that the other
    side does not tell was done `now`. Raises CannotExpand for a day too far away, or a zone that
    is unknown.
    """
    title = item.subject.strip()[:LONGEST_TITLE] or UNNAMED
    at = item.due_time
    if item.due_day and not FIRST_YEAR <= int(item.due_day[:4]) <= LAST_YEAR:
        raise CannotExpand("too far away")
    if at is not None:
        zone_named(at.zone)
    wanted: dict[str, Any] = {
        "title": title,
        "due_day": item.due_day,
        "due_time": at.time if at else "",
        "zone": at.zone if at else "",
    }
    before = task_document(task)
    if _plain(item.body) != _plain(before.body):
        wanted["notes"] = _plain(item.body)
    if (item.done, item.done_at) != (before.done, before.done_at):
        wanted["done_at"] = _done_at(task, item, now)
    return {name: value for name, value in wanted.items() if getattr(task, name) != value}


def _done_at(task: "Task", item: Document, now: datetime) -> datetime | None:
    if not item.done:
        return None
    return datetime.fromisoformat(item.done_at) if item.done_at else task.done_at or now


def _plain(body: Body) -> str:
    return as_text(body).replace("\r\n", "\n").strip()


def _spelled(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
