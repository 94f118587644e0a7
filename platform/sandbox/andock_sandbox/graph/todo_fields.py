"""To-do tasks between Graph and the mailbox."""

from __future__ import annotations

import uuid
from datetime import UTC
from typing import TYPE_CHECKING

from .. import views
from ..model import Item, Json, Props
from . import bodies, clock, event_reading, event_writing, extended, recurrence
from .bodies import Table
from .errors import bad_property
from .odata import select

if TYPE_CHECKING:
    from .context import Call

LINKED = "graph/linkedResources"
_REMINDER = "ReminderDueBy"
_STATUS = {
    "notStarted": "NotStarted",
    "inProgress": "InProgress",
    "completed": "Completed",
    "waitingOnOthers": "WaitingOnOthers",
    "deferred": "Deferred",
}
_STATUS_NAMES = {known: name for name, known in _STATUS.items()}
_MOMENTS = {
    "dueDateTime": "DueDate",
    "startDateTime": "StartDate",
    "completedDateTime": "CompleteDate",
    "reminderDateTime": _REMINDER,
}
_READ_ONLY = (
    "id createdDateTime lastModifiedDateTime bodyLastModifiedDateTime hasAttachments attachments"
    " attachmentSessions checklistItems"
)
TABLE: Table = {
    **dict.fromkeys(_READ_ONLY.split(), "-"),
    "title": "string",
    "body": "object",
    "status": tuple(_STATUS),
    "importance": ("low", "normal", "high"),
    "categories": "strings",
    "isReminderOn": "bool",
    **dict.fromkeys(_MOMENTS, "object"),
    "recurrence": "object",
    "linkedResources": "objects",
    "extensions": "objects",
}
_LINKED = ("webUrl", "applicationName", "displayName", "externalId")


def task(call: Call, item: Item) -> Json:
    """All properties of a task, with what $expand adds, reduced by $select."""
    made = full(call, item)
    if call.query.expansion("linkedResources") is not None:
        made["linkedResources"] = linked(item)
    extended.expand(call, views.of_item(item), made)
    return select(made, call.query.select)


def full(call: Call, item: Item) -> Json:
    """All properties of a task. Those without a value are left out, as To Do does it."""
    props = item.props
    made = {
        "@odata.etag": call.etag(item.version),
        "id": call.ids.immutable(item),
        "title": props.get("Subject") or "",
        "status": _STATUS_NAMES.get(props.get("Status", "NotStarted"), "notStarted"),
        "importance": str(props.get("Importance") or "Normal").lower(),
        "isReminderOn": bool(props.get("ReminderIsSet")),
        "categories": list(props.get("Categories") or []),
        "hasAttachments": bool(item.attachments),
        "createdDateTime": item.created,
        "lastModifiedDateTime": item.modified,
        "bodyLastModifiedDateTime": item.modified,
        "body": event_reading.body(props, as_text=True),
    }
    for name, prop in _MOMENTS.items():
        if props.get(prop):
            made[name] = clock.write(props[prop], UTC, "UTC")
    rule = recurrence.write(props.get("Recurrence"), "UTC")
    return made | ({"recurrence": rule} if rule else {})


def linked(item: Item) -> list[Json]:
    """The linked resources of a task."""
    held: list[Json] = item.extended.get(LINKED, {"value": []})["value"]
    return held


def read_linked(body: Json) -> Json:
    """A linked resource with an id. GraphError."""
    table: Table = {"id": "-", **dict.fromkeys(_LINKED, "string")}
    given = bodies.checked(body, table, "linkedResource")
    return {"id": str(uuid.uuid4()), **{name: given.get(name) for name in _LINKED}}


def read(call: Call, item: Item | None) -> tuple[Props, dict[str, Json], set[str]]:
    """(properties, what Graph keeps beside them, what to take out) of the body. GraphError."""
    given = bodies.checked(call.body, TABLE, "todoTask")
    props: Props = {}
    held: dict[str, Json] = {}
    removed: set[str] = set()
    if item is None:
        bodies.need(given, "title", "todoTask")
    if "title" in given:
        props["Subject"] = given["title"] or ""
    if "body" in given:
        props["Body"] = event_writing.read_body(given["body"])
    if given.get("status"):
        props["Status"] = _STATUS[given["status"]]
        if given["status"] != "completed":
            removed.add("CompleteDate")
    _read_plain(given, props, removed)
    _read_rule(given, props, removed, item)
    _read_own(given, held, item)
    return props, held, removed - set(props)


def _read_plain(given: dict[str, Json], props: Props, removed: set[str]) -> None:
    if given.get("importance"):
        props["Importance"] = given["importance"].title()
    if "categories" in given:
        props["Categories"] = given["categories"] or []
    if "isReminderOn" in given:
        props["ReminderIsSet"] = bool(given["isReminderOn"])
    for name, prop in _MOMENTS.items():
        if given.get(name) is not None:
            props[prop], _ = clock.read(given[name], name)
        elif name in given:
            removed.add(prop)


def _read_own(given: dict[str, Json], held: dict[str, Json], item: Item | None) -> None:
    """What Graph keeps beside a task's properties."""
    if given.get("linkedResources") and item is not None:
        raise bad_property("linkedResources", "Linked resources are added by themselves.")
    if given.get("linkedResources"):
        value = [read_linked(one) for one in given["linkedResources"]]
        held[LINKED] = {"uri": {}, "value": value}
    if given.get("extensions"):
        stored = dict(extended.read_extension(one) for one in given["extensions"])
        held[extended.EXTENSIONS] = {"uri": {}, "value": stored}


def _read_rule(given: dict[str, Json], props: Props, removed: set[str], item: Item | None) -> None:
    if given.get("recurrence") is None:
        if "recurrence" in given:
            removed.add("Recurrence")
        return
    due = props.get("DueDate") or (item.props.get("DueDate") if item is not None else None)
    rule = dict(given["recurrence"])
    span = rule.get("range") or {"type": "noEnd"}
    if not isinstance(span, dict):
        raise bad_property("recurrence")
    span = dict(span)
    # A task's series begins on its due day where none is named.
    span.setdefault("startDate", (due or "")[:10])
    props["Recurrence"] = recurrence.read({**rule, "range": span})
