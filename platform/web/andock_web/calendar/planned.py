"""Tasks and calls on the calendar: what its script shows of them, and where they are dragged."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Blueprint, abort, jsonify, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from andock_core.accounts import MemberInfo
from andock_core.calendar.access import EntryGone
from andock_core.calendar.edit import Refused
from andock_core.calendar.entries import EntryChanged
from andock_core.calendar.expand import CannotExpand
from andock_core.planning.calls import Calls
from andock_core.planning.entries import apply_to_call, apply_to_task, call_entry, task_entry
from andock_core.planning.records import RecordChanged, RecordGone
from andock_core.planning.tasks import Tasks
from andock_core.planning.viewing import Planned
from andock_core.storage.tables import Task
from andock_sdk import Appointment
from andock_web import current
from andock_web.calendar import forms

acts = Blueprint("planned", __name__)


def urls(placeholder: str) -> dict[str, str]:
    """Where a task and a call are opened and moved; the script puts their ids in."""
    back = url_for("calendar.show")
    return {
        "task": url_for("tasks.edit", task_id=placeholder, back=back),
        "taskMove": url_for("calendar.planned.move_task", task_id=placeholder),
        "call": url_for("calls.edit", call_id=placeholder, back=back),
        "callMove": url_for("calendar.planned.move_call", call_id=placeholder),
    }


def shown(planned: Planned) -> dict[str, Any]:
    """What the script needs besides the times: what it is, and in which version."""
    record = planned.record
    found: dict[str, Any] = {
        "title": planned.seen.title,
        "id": record.id,
        "version": record.version,
        "editable": True,
        "done": record.done_at is not None,
        "repeats": False,
    }
    if isinstance(record, Task):
        return found | {
            "kind": "task",
            "resizable": False,
            "place": "",
        }
    return found | {
        "kind": "call",
        "resizable": True,
        "place": record.number,
    }


@acts.post("/tasks/<task_id>/move")
def move_task(task_id: str) -> ResponseReturnValue:
    """A task was dragged to another day or time."""
    data, member = _sent(), current.member()
    with _writing() as session:
        tasks = Tasks(session, member.tenant_id, member.id)
        task = tasks.need(task_id)
        values = apply_to_task(task, _moved(task_entry(task), data, member))
        tasks.replace(task, values, expected_version=data["version"])
        return jsonify(version=task.version)


@acts.post("/calls/<call_id>/move")
def move_call(call_id: str) -> ResponseReturnValue:
    """A call was dragged to another time, or made longer or shorter."""
    data, member = _sent(), current.member()
    with _writing() as session:
        calls = Calls(session, member.tenant_id, member.id)
        call = calls.need(call_id)
        entry = call_entry(call, member.zone, member.language)
        item = _moved(entry, data, member)
        values = apply_to_call(call, item, member.zone, member.language)
        calls.replace(call, values, expected_version=data["version"])
        return jsonify(version=call.version)


def _sent() -> dict[str, Any]:
    data = request.get_json()
    if not isinstance(data, dict) or type(data.get("version")) is not int:
        abort(400)
    return data


def _moved(item: Appointment | None, data: dict[str, Any], member: MemberInfo) -> Appointment:
    if item is None:  # taken out of the planning meanwhile
        raise RecordChanged
    slot = forms.moved_slot(data, item.when, member.zone)
    return item.model_copy(update={"when": slot})


@contextmanager
def _writing() -> Iterator[Session]:
    """A session; what the planning says of a record, the calendar says of an entry."""
    try:
        with current.core().storage.write(current.scope()) as session:
            yield session
    except RecordChanged as error:
        raise EntryChanged from error
    except RecordGone as error:
        raise EntryGone from error
    except CannotExpand as error:
        raise Refused("time.unusable", "start") from error
