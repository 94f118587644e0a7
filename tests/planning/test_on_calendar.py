"""Tasks and calls on the calendar: whom they are shown to, and dragging."""

from datetime import timedelta
from typing import Any

import pytest

from andock_core.storage.tables import Call, Task
from tests.calendar.builders import BERLIN, Office
from tests.planning.rows import JSON, NINE, Visit, add, call, row_of, spans, task


def test_both_stand_on_ones_own_calendar(firm: Office, visit: Visit) -> None:
    task_id, call_id = add(firm, task()), add(firm, call())
    found = {span["kind"]: span for span in spans(visit("anna"))}
    assert found["task"]["start"] == "2026-11-24"
    assert found["task"]["allDay"] is True
    assert (found["task"]["id"], found["call"]["id"]) == (task_id, call_id)
    assert (found["call"]["start"], found["call"]["end"]) == (
        "2026-11-24T09:00:00",
        "2026-11-24T09:15:00",
    )


def test_a_colleague_is_told_that_time_is_taken_and_nothing_else(
    firm: Office, visit: Visit
) -> None:
    add(firm, task(due_time="11:00", zone=BERLIN))
    add(firm, call())
    assert spans(visit("ben"), people="anna") == [
        {
            "who": "anna",
            "mine": False,
            "kind": "block",
            "start": "2026-11-24T09:00:00",
            "end": "2026-11-24T09:15:00",
            "allDay": False,
            "busy": "busy",
        }
    ]


def test_dragging_moves_the_task(firm: Office, visit: Visit) -> None:
    task_id = add(firm, task())
    sent = {"version": 1, "start": "2026-11-26", "end": "2026-11-27", "all_day": True}
    assert visit("anna").post(f"/calendar/tasks/{task_id}/move", json=sent).status_code == 200
    assert row_of(firm, Task, task_id).due_day == "2026-11-26"


def test_dragging_moves_and_stretches_the_call(firm: Office, visit: Visit) -> None:
    call_id = add(firm, call())
    times = {"start": "2026-11-25T10:00:00", "end": "2026-11-25T10:45:00"}
    sent = {"version": 1, **times, "all_day": False}
    assert visit("anna").post(f"/calendar/calls/{call_id}/move", json=sent).status_code == 200
    moved = row_of(firm, Call, call_id)
    assert (moved.start_at, moved.minutes) == (NINE + timedelta(days=1, hours=1), 45)


@pytest.mark.parametrize(
    ("who", "change", "status"),
    [
        ("anna", {"version": 9}, 409),
        ("anna", {"version": True}, 400),
        ("anna", {"start": "0001-01-01", "end": "0001-01-02"}, 422),
        ("anna", {"start": "9999-12-30", "end": "9999-12-31"}, 422),
        ("anna", {"start": None}, 422),
        ("ben", {}, 404),
        ("zoe", {}, 404),
    ],
)
def test_a_drag_that_cannot_be_is_refused(
    firm: Office, visit: Visit, who: str, change: dict[str, Any], status: int
) -> None:
    task_id = add(firm, task())
    sent = {"version": 1, "start": "2026-11-26", "end": "2026-11-27", "all_day": True, **change}
    answer = visit(who).post(f"/calendar/tasks/{task_id}/move", json=sent, headers=JSON)
    assert answer.status_code == status
    assert row_of(firm, Task, task_id).due_day == "2026-11-24"
