"""Tasks and the one list of them on the other side, both ways."""

from collections.abc import Callable
from datetime import UTC, timedelta
from typing import Any

import pytest

from andock_core import clock
from andock_core.planning.tasks import Tasks
from andock_core.runs.held import held
from andock_core.storage import Intent, JournalLine, Pair, Task as Row
from andock_sdk import Body, Task, TimeOfDay
from tests.runs.stage import Stage, appointment

DAY = (clock.now() + timedelta(days=5)).date().isoformat()
NEXT = (clock.now() + timedelta(days=6)).date().isoformat()
AT = TimeOfDay(time="14:30", zone="Europe/Berlin")
EVERYTHING = Task(subject="Bericht", body=Body(content="Zahlen"), due_day=DAY, due_time=AT)


def create(stage: Stage, title: str = "Bericht", **fields: Any) -> str:
    with stage.writing(Tasks) as tasks:
        return str(tasks.create(title, **fields).id)


def change(stage: Stage, task_id: str, **values: Any) -> None:
    with stage.writing(Tasks) as tasks:
        row = tasks.get(task_id)
        tasks.replace(row, values, expected_version=row.version)


def remove(stage: Stage, task_id: str) -> dict[str, Any]:
    with stage.writing(Tasks) as tasks:
        row = tasks.get(task_id)
        return dict(tasks.delete(row, expected_version=row.version))


def only(stage: Stage) -> Row:
    (row,) = stage.rows(Row)
    assert isinstance(row, Row)
    return row


def there(stage: Stage, ref: str) -> list[Task]:
    found = [remote.item for remote in stage.memory.items(ref).values()]
    assert all(isinstance(item, Task) for item in found)
    return found  # type: ignore[return-value]


def the(stage: Stage, ref: str) -> Task:
    (item,) = there(stage, ref)
    return item


def ref_of(stage: Stage, collection: str) -> str:
    (ref,) = stage.memory.items(collection)
    return ref


def quiet(stage: Stage) -> None:
    """A run that finds nothing to do."""
    before = [(row.id, row.version) for row in stage.rows(Row)]
    stage.in_step()
    assert [(row.id, row.version) for row in stage.rows(Row)] == before
    assert {row.state for row in stage.rows(Pair)} <= {"ok"}


def test_tasks_go_out_whole_with_a_date_or_without(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    due = {"due_day": DAY, "due_time": "14:30", "zone": "Europe/Berlin"}
    create(stage, notes="Zahlen", **due)
    create(stage, "Irgendwann")
    stage.run()
    found = {item.subject: item.model_copy(update={"uid": ""}) for item in there(stage, todo)}
    assert found == {"Bericht": EVERYTHING, "Irgendwann": Task(subject="Irgendwann")}
    assert stage.there() == []
    quiet(stage)


def test_a_task_from_there_arrives_whole_and_changes_travel_both_ways(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    ref = stage.memory.put(todo, EVERYTHING)
    stage.run()
    row = only(stage)
    assert (row.title, row.notes, row.due_day, row.due_time) == ("Bericht", "Zahlen", DAY, "14:30")
    assert (row.zone, row.origin, row.done_at) == ("Europe/Berlin", "remote", None)
    quiet(stage)
    change(stage, row.id, title="Bericht fertig machen")
    stage.memory.edit(ref, due_day=NEXT)
    stage.run()
    row = only(stage)
    assert (row.title, row.due_day, row.due_time) == ("Bericht fertig machen", NEXT, "14:30")
    assert the(stage, todo).subject == "Bericht fertig machen"
    assert the(stage, todo).due_day == NEXT
    quiet(stage)


def test_done_travels_both_ways(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    task_id = create(stage)
    stage.run()
    with stage.writing(Tasks) as tasks:
        tasks.set_done(tasks.get(task_id), True, expected_version=1)
    stage.run()
    assert the(stage, todo).done
    quiet(stage)
    stage.memory.edit(ref_of(stage, todo), done=False)
    stage.run()
    assert only(stage).done_at is None
    moment = clock.now().astimezone(UTC).replace(microsecond=0) - timedelta(hours=3)
    stage.memory.edit(ref_of(stage, todo), done=True, done_at=moment.isoformat())
    stage.run()
    assert only(stage).done_at == moment
    quiet(stage)


def test_done_on_both_sides_at_different_moments_is_no_conflict(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    task_id = create(stage)
    stage.run()
    change(stage, task_id, done_at=clock.now())
    earlier = clock.now() - timedelta(days=1)
    stage.memory.edit(ref_of(stage, todo), done=True, done_at=earlier.isoformat())
    stage.run()
    assert all(stage.journal(line)["lost"] == [] for line in stage.rows(JournalLine))
    quiet(stage)


def test_a_day_moved_there_keeps_the_time_set_here(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    create(stage, due_day=DAY)
    stage.run()
    change(stage, only(stage).id, due_time="14:30", zone="Europe/Berlin")
    stage.memory.edit(ref_of(stage, todo), due_day=NEXT)
    stage.run()
    assert (only(stage).due_day, only(stage).due_time) == (NEXT, "14:30")


def test_formatted_notes_stay_formatted_there(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    body = Body(kind="html", content="<p>Zahlen <b>fehlen</b></p>")
    stage.memory.put(todo, EVERYTHING.model_copy(update={"body": body}))
    stage.run()
    assert only(stage).notes == "Zahlen fehlen"
    change(stage, only(stage).id, title="Neu")
    stage.run()
    assert (the(stage, todo).subject, the(stage, todo).body) == ("Neu", body)
    quiet(stage)


def test_the_same_title_changed_on_both_sides_is_told(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    task_id = create(stage)
    stage.run()
    change(stage, task_id, title="Meins")
    stage.memory.edit(ref_of(stage, todo), subject="Ihres")
    stage.run()
    assert only(stage).title == "Ihres"
    lost = [one for line in stage.rows(JournalLine) for one in stage.journal(line)["lost"]]
    assert lost == [{"field": "subject", "side": "here", "value": "Meins"}]


def test_a_task_deleted_on_one_side_goes_on_the_other(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    first = create(stage, "Eins")
    create(stage, "Zwei")
    stage.run()
    remove(stage, first)
    stage.run()
    assert the(stage, todo).subject == "Zwei"
    stage.memory.remove(ref_of(stage, todo))
    stage.run()
    assert stage.rows(Row) == []


def test_an_edit_beats_a_delete(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    task_id = create(stage)
    stage.run()
    stage.memory.edit(ref_of(stage, todo), due_day=DAY)
    remove(stage, task_id)
    stage.run()
    assert only(stage).due_day == DAY
    quiet(stage)


def test_a_delete_that_is_taken_back_after_a_run_is_made_there_anew(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    task_id = create(stage)
    stage.run()
    kept = remove(stage, task_id)
    stage.run()
    assert there(stage, todo) == []
    with stage.writing(Tasks) as tasks:
        tasks.bring_back(kept)
    stage.run()
    assert the(stage, todo).subject == "Bericht"
    quiet(stage)


def test_many_deletes_wait_for_the_member(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    for number in range(6):
        create(stage, f"Aufgabe {number}")
    stage.run()
    for ref in stage.memory.items(todo):
        stage.memory.remove(ref)
    assert stage.run().state == "held"
    assert len(stage.rows(Row)) == 6
    with stage.core.storage.read(stage.scope) as session:
        assert held(session, stage.connection_id) == {"here": 6}


def test_the_same_task_on_both_sides_is_recognised(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    create(stage, "Bericht  schreiben", due_day=DAY)
    stage.memory.put(todo, Task(subject="bericht schreiben", due_day=DAY))
    stage.memory.put(todo, Task(subject="Bericht schreiben", due_day=NEXT))
    stage.run()
    assert sorted(row.due_day for row in stage.rows(Row)) == [DAY, NEXT]
    assert len(there(stage, todo)) == 2
    quiet(stage)


def test_what_was_done_long_ago_stays_where_it_is(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    long_ago = clock.now() - timedelta(days=3000)
    change(stage, create(stage, "Hier"), done_at=long_ago)
    old = Task(subject="Dort", done=True, done_at=long_ago.isoformat())
    ref = stage.memory.put(todo, old)
    stage.run()
    assert only(stage).title == "Hier"
    assert the(stage, todo).subject == "Dort"
    stage.memory.edit(ref, done=False)
    stage.run()
    assert sorted(row.title for row in stage.rows(Row)) == ["Dort", "Hier"]


def test_a_create_whose_answer_was_lost_is_found_again(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    create(stage)
    stage.memory.fail("create", "lost")
    stage.run()
    assert len(stage.rows(Intent)) == 1
    stage.retry()
    assert len(there(stage, todo)) == len(stage.rows(Row)) == 1
    quiet(stage)


@pytest.mark.parametrize("item", [appointment("Kein To-do"), Task(due_day="9999-12-31")])
def test_what_cannot_be_a_task_here_is_left_alone(sqlite_stage: Stage, item: Any) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    stage.memory.put(todo, item)
    stage.run()
    assert stage.rows(Row) == []
    assert len(stage.memory.items(todo)) == 1


def test_a_task_without_a_title_there_stays_without_one(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    stage.memory.put(todo, Task(due_day=DAY))
    stage.run()
    assert only(stage).title == "?"
    quiet(stage)
    assert the(stage, todo).subject == ""


@pytest.mark.more
@pytest.mark.parametrize(
    "told",
    [
        test_a_task_deleted_on_one_side_goes_on_the_other,
        test_a_task_from_there_arrives_whole_and_changes_travel_both_ways,
    ],
    ids=lambda told: told.__name__,
)
def test_on_both_databases_tasks_come_go_and_are_deleted(
    stage: Stage, told: Callable[[Stage], None]
) -> None:
    """Each with one list alone: two would each get what the other brought."""
    told(stage)


def test_a_time_that_the_other_side_cannot_keep_survives_a_lost_answer(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    create(stage, due_day=DAY, due_time="14:30", zone="Europe/Berlin")
    stage.memory.fail("create", "lost")
    stage.run()
    stage.memory.edit(ref_of(stage, todo), by="andock", due_time=None)
    stage.retry()
    assert (only(stage).due_day, only(stage).due_time) == (DAY, "14:30")
