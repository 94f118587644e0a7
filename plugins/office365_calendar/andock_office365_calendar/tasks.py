"""A task of Microsoft To Do, as Graph gives it, to a Task, and back.

To Do knows the day on which a task is due, not a time. Graph gives it as a moment: midnight in UTC
is the day that it names ([MS-OXOTASK], PidLidTaskDueDate), and what other programs wrote as
midnight in their own zone is the nearest one on the member's clock.
"""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from typing import Any

from andock_office365_calendar import zones
from andock_office365_calendar.contacts import plain
from andock_office365_calendar.convert import body
from andock_office365_calendar.writing import Properties
from andock_sdk import Task

EXTENSION = "com.andock.operation"
"""Our own note on a task; To Do has no extended properties."""
_DONE, _OPEN = "completed", "notStarted"
_NOON = 12


def to_task(given: dict[str, Any], zone: str) -> Task:
    """The task. Raises ValueError, KeyError or TypeError for what cannot be one."""
    done = given.get("status") == _DONE
    finished = _moment(given.get("completedDateTime"))
    return Task(
        subject=given.get("title") or "",
        body=body(given.get("body")),
        due_day=_day(_moment(given.get("dueDateTime")), zone),
        done=done,
        done_at=finished.isoformat() if done and finished else "",
    )


def operation_id(given: dict[str, Any]) -> str:
    """The operation id that Andock gave the task at creation, or ""."""
    for one in given.get("extensions") or ():
        if str(one.get("extensionName") or one.get("id") or "").endswith(EXTENSION):
            return str(one.get("operation") or "")[:64]
    return ""


def new_task(item: Task, operation: str) -> Properties:
    """What a POST creates."""
    names = {name for name in ("body", "due_day", "done") if getattr(item, name)}
    note = {
        "@odata.type": "microsoft.graph.openTypeExtension",
        "extensionName": EXTENSION,
        "operation": operation,
    }
    return {**properties(item, {"subject", *names}), "extensions": [note]}


def properties(item: Task, names: Iterable[str]) -> Properties:
    """The task's properties for these fields. A time of day has no place there."""
    made: Properties = {}
    for name in names:
        if name == "subject":
            made["title"] = item.subject
        elif name == "body":
            made["body"] = {"contentType": "text", "content": plain(item.body)}
        elif name == "due_day":
            made["dueDateTime"] = _due(item.due_day)
        elif name == "done":
            made["status"] = _DONE if item.done else _OPEN
    return made


def _due(day: str) -> Properties | None:
    return {"dateTime": f"{day}T00:00:00", "timeZone": "UTC"} if day else None


def _day(moment: datetime | None, zone: str) -> str:
    if moment is None:
        return ""
    if moment.time() == time():
        return moment.date().isoformat()
    wall = datetime.fromisoformat(zones.wall(moment, zone))
    return (wall.date() + timedelta(days=1 if wall.hour >= _NOON else 0)).isoformat()


def _moment(given: dict[str, Any] | None) -> datetime | None:
    if not given:
        return None
    named = zones.to_iana(str(given.get("timeZone") or ""))
    if named is None:
        raise ValueError("a zone that nobody knows")
    found = datetime.fromisoformat(given["dateTime"])
    return (found if found.tzinfo else zones.at(found, named)).astimezone(UTC)
