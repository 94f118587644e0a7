"""Tasks and calls in the calendar there, and back."""

from datetime import UTC, datetime, timedelta
from typing import Any

from andock_core import clock
from andock_core.planning.calls import Calls
from andock_core.planning.tasks import Tasks
from andock_core.runs.held import held
from andock_core.storage import Call, Pair, Task
from andock_sdk import Appointment, Slot
from tests.runs.stage import USER, Stage, appointment

DAY = (clock.now() + timedelta(days=5)).date().isoformat()
NEXT = (clock.now() + timedelta(days=6)).date().isoformat()
START = datetime.fromisoformat(f"{DAY}T13:00:00").replace(tzinfo=UTC)


def task(stage: Stage, title: str = "Bericht", **fields: Any) -> str:
    with stage.writing(Tasks) as tasks:
        return str(tasks.create(title, **{"due_day": DAY, **fields}).id)


def call(stage: Stage, whom: str = "Jo Berg", **fields: Any) -> str:
    with stage.writing(Calls) as calls:
        return str(calls.create(whom, **{"start_at": START, "minutes": 20, **fields}).id)


def change(stage: Stage, service: type[Any], row_id: str, **values: Any) -> None:
    with stage.writing(service) as rows:
        row = rows.get(row_id)
        rows.replace(row, values, expected_version=row.version)


def the(stage: Stage, table: type[Any]) -> Any:
    (row,) = stage.rows(table)
    return row


def entry(stage: Stage, calendar: str = "") -> Appointment:
    (remote,) = stage.memory.items(calendar or stage.one).values()
    assert isinstance(remote.item, Appointment)
    return remote.item


def ref_of(stage: Stage, calendar: str = "") -> str:
    (ref,) = stage.memory.items(calendar or stage.one)
    return ref


def with_tasks(stage: Stage) -> None:
    stage.holds(stage.one, "appointments", "tasks", "calls")


def test_a_task_with_a_day_goes_out_all_day_and_private(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task(stage, notes="Zahlen fehlen noch")
    stage.run()
    found = entry(stage)
    assert (found.subject, found.when.start, found.when.all_day) == ("Bericht", DAY, True)
    assert (found.busy, found.sensitivity) == ("free", "private")
    stage.in_step()


def test_what_is_switched_off_stays_here(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    task(stage)
    call(stage)
    stage.run()
    assert stage.memory.items(stage.one) == {}


def test_a_task_moved_and_renamed_there_moves_here(stage: Stage) -> None:
    with_tasks(stage)
    task(stage)
    stage.run()
    slot = Slot(
        start=f"{NEXT}T10:00:00",
        end=f"{NEXT}T10:30:00",
        start_zone="Europe/Berlin",
        end_zone="Europe/Berlin",
    )
    stage.memory.edit(ref_of(stage), when=slot, subject="Bericht Q4")
    stage.run()
    row = the(stage, Task)
    assert (row.title, row.due_day, row.due_time) == ("Bericht Q4", NEXT, "10:00")
    stage.in_step()


def test_what_a_task_cannot_keep_stays_there(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task_id = task(stage)
    stage.run()
    stage.memory.edit(ref_of(stage), location="Raum 3", categories=("Wichtig",))
    stage.run()
    stage.in_step()
    change(stage, Tasks, task_id, title="Bericht Q4")
    stage.run()
    found = entry(stage)
    assert (found.subject, found.location, found.categories) == (
        "Bericht Q4",
        "Raum 3",
        ("Wichtig",),
    )
    stage.in_step()


def test_a_task_done_here_is_marked_there(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task_id = task(stage)
    stage.run()
    change(stage, Tasks, task_id, done_at=clock.now())
    stage.run()
    assert entry(stage).subject == "✓ Bericht"
    stage.memory.edit(ref_of(stage), subject="✓ Bericht Q4")
    stage.run()
    assert the(stage, Task).title == "Bericht Q4"
    stage.in_step()


def test_an_entry_deleted_there_takes_the_task_out_of_the_planning(stage: Stage) -> None:
    with_tasks(stage)
    task(stage)
    stage.run()
    stage.memory.remove(ref_of(stage))
    stage.run()
    row = the(stage, Task)
    assert (row.title, row.planned) == ("Bericht", False)
    assert stage.rows(Pair) == []
    stage.in_step()


def test_planned_again_it_goes_out_again(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task_id = task(stage)
    stage.run()
    stage.memory.remove(ref_of(stage))
    stage.run()
    change(stage, Tasks, task_id, planned=True)
    stage.run()
    assert entry(stage).subject == "Bericht"


def test_a_task_without_a_day_leaves_the_calendar_there(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task_id = task(stage)
    stage.run()
    change(stage, Tasks, task_id, due_day="")
    stage.run()
    assert stage.memory.items(stage.one) == {}
    assert the(stage, Task).title == "Bericht"


def test_a_task_deleted_here_goes_there(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task_id = task(stage)
    stage.run()
    with stage.writing(Tasks) as tasks:
        row = tasks.get(task_id)
        tasks.delete(row, expected_version=row.version)
    stage.run()
    assert stage.memory.items(stage.one) == {}


def test_a_task_edited_there_and_deleted_here_comes_back(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task_id = task(stage)
    stage.run()
    stage.memory.edit(ref_of(stage), subject="Bericht Q4")
    with stage.writing(Tasks) as tasks:
        row = tasks.get(task_id)
        tasks.delete(row, expected_version=row.version)
    stage.run()
    row = the(stage, Task)
    assert (row.title, row.due_day) == ("Bericht Q4", DAY)
    stage.in_step()


def test_a_call_takes_its_time_and_comes_back_moved(stage: Stage) -> None:
    with_tasks(stage)
    call(stage, number="+49 30 123")
    stage.run()
    found = entry(stage)
    assert found.subject == "Anruf: Jo Berg"
    assert found.location == "+49 30 123"
    slot = Slot(
        start=f"{NEXT}T09:00:00",
        end=f"{NEXT}T09:45:00",
        start_zone="UTC",
        end_zone="UTC",
    )
    stage.memory.edit(ref_of(stage), when=slot, subject="Anruf: Kim Ost")
    stage.run()
    row = the(stage, Call)
    assert (row.whom, row.minutes) == ("Kim Ost", 45)
    assert row.start_at == datetime.fromisoformat(f"{NEXT}T09:00:00").replace(tzinfo=UTC)
    stage.in_step()


def test_a_call_deleted_there_leaves_the_planning(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    call(stage)
    stage.run()
    stage.memory.remove(ref_of(stage))
    stage.run()
    assert the(stage, Call).planned is False


def test_edits_of_both_sides_are_kept(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task_id = task(stage)
    stage.run()
    change(stage, Tasks, task_id, title="Bericht Q4")
    when = Slot(
        start=NEXT,
        end=(datetime.fromisoformat(NEXT) + timedelta(1)).date().isoformat(),
        all_day=True,
    )
    stage.memory.edit(ref_of(stage), when=when)
    stage.run()
    row = the(stage, Task)
    assert (row.title, row.due_day) == ("Bericht Q4", NEXT)
    assert (entry(stage).subject, entry(stage).when.start) == ("Bericht Q4", NEXT)
    stage.in_step()


def test_in_a_calendar_for_planning_nothing_else_is_touched(stage: Stage) -> None:
    calendar = stage.memory.add_calendar(USER, "Planung")
    stage.memory.put(calendar, appointment("Someone's"))
    stage.holds(calendar, "tasks")
    task(stage)
    stage.create(appointment("Mine"))
    stage.run()
    assert stage.there(calendar) == ["Bericht", "Someone's"]
    assert stage.there() == ["Mine"]
    assert stage.subjects() == ["Mine"]
    stage.in_step()


def test_a_create_whose_answer_was_lost_is_found_again(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    task(stage)
    stage.memory.fail("create", "lost")
    stage.run()
    stage.retry()
    assert entry(stage).subject == "Bericht"
    stage.in_step()


def test_many_entries_deleted_there_wait_for_the_member(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    for number in range(6):
        task(stage, f"Aufgabe {number}")
    stage.run()
    for ref in stage.memory.items(stage.one):
        stage.memory.remove(ref)
    assert stage.run().state == "held"
    assert all(row.planned for row in stage.rows(Task))
    with stage.core.storage.read(stage.scope) as session:
        assert held(session, stage.connection_id) == {"here": 6}


def test_done_tasks_of_long_ago_stay_here(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    with_tasks(stage)
    long_ago = (clock.now() - timedelta(days=200)).date().isoformat()
    done = task(stage, "Alt", due_day=long_ago)
    change(stage, Tasks, done, done_at=clock.now())
    task(stage, "Offen", due_day=long_ago)
    stage.run()
    assert stage.there() == ["Offen"]
