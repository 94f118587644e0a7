"""Taking back: on both sides, by the ordinary way, and never what changed since."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from andock_core import clock
from andock_core.connections.errors import NotFound, NotReady
from andock_core.journal import undo
from andock_core.journal.undo import Target
from andock_core.planning.tasks import Tasks
from andock_core.storage import SYSTEM, Connection, Intent, Pair, Scope, Task as TaskRow
from andock_sdk import Contact, Task
from tests.journal.acts import last_run, no_queue, outcomes, take_back
from tests.runs.stage import Stage, appointment
from tests.support.memory_service import document

__all__ = ["no_queue"]


def paired(stage: Stage, **fields: Any) -> tuple[str, str]:
    """An appointment on both sides: its id here and its ref there."""
    entry_id = stage.create(appointment("Kick-off", **fields))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    return entry_id, ref


def remote(stage: Stage, ref: str) -> tuple[str, str]:
    item = document(stage.memory.items(stage.one)[ref])
    return item.subject, item.location


def local(stage: Stage, entry_id: str) -> tuple[str, str]:
    item = stage.here()[entry_id][1]
    return item.subject, item.location


def test_a_change_that_came_in_goes_back_on_both_sides(stage: Stage) -> None:
    entry_id, ref = paired(stage, location="Room 1")
    stage.memory.edit(ref, location="Room 4")
    stage.run()
    assert take_back(stage, last_run(stage)) == 1
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "Room 1")
    assert stage.runs()[-1].trigger == "undo"
    stage.in_step()


@pytest.mark.more
def test_a_change_that_went_out_goes_back_on_both_sides(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage)
    stage.edit(entry_id, subject="Kick-off, moved")
    stage.run()
    take_back(stage, last_run(stage))
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "")
    stage.in_step()


@pytest.mark.more
def test_a_merge_goes_back_to_what_was_before_both(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage)
    stage.memory.edit(ref, location="Room 4")
    stage.edit(entry_id, subject="Kick-off, moved")
    stage.run()
    take_back(stage, last_run(stage))
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "")
    stage.in_step()


@pytest.mark.more
def test_a_field_that_changed_since_stays(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage)
    stage.memory.edit(ref, location="Room 4", subject="Kick-off, theirs")
    stage.run()
    run = last_run(stage)
    stage.edit(entry_id, subject="Kick-off, mine")
    take_back(stage, run)
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off, mine", "")
    assert outcomes(stage, run) == [("partly", "changed")]


def test_what_changed_there_and_is_not_known_yet_stays_too(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage)
    stage.memory.edit(ref, location="Room 4")
    stage.run()
    run = last_run(stage)
    stage.memory.edit(ref, location="Room 5")
    take_back(stage, run)
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "Room 5")
    assert outcomes(stage, run) == [("skipped", "changed")]


def test_what_went_out_leaves_there_and_stays_here(stage: Stage) -> None:
    entry_id, _ = paired(stage)
    take_back(stage, last_run(stage))
    assert stage.there() == []
    assert stage.subjects() == ["Kick-off"]
    stage.in_step()
    stage.edit(entry_id, subject="Kick-off, after all")
    stage.run()
    assert stage.there() == ["Kick-off, after all"]
    stage.in_step()


@pytest.mark.more
def test_more_than_the_breaker_allows_goes_back_when_the_member_says_so(
    sqlite_stage: Stage,
) -> None:
    stage = sqlite_stage
    for day in range(12):
        stage.create(appointment(f"Entry {day}", day=day))
    stage.run()
    assert take_back(stage, last_run(stage)) == 12
    assert stage.there() == []
    assert len(stage.here()) == 12
    stage.in_step()


@pytest.mark.more
def test_what_was_edited_there_comes_back_rather_than_leave(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage)
    run = last_run(stage)
    stage.memory.edit(ref, location="Room 4")
    take_back(stage, run)
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "Room 4")
    assert outcomes(stage, run) == [("skipped", "changed")]
    stage.in_step()


def test_what_came_in_goes_out_of_andock_and_stays_there(stage: Stage) -> None:
    ref = stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    take_back(stage, last_run(stage))
    assert stage.here() == {}
    assert stage.there(stage.imported) == ["Dentist"]
    stage.in_step()
    stage.memory.lose_cursors()
    stage.in_step()
    stage.memory.edit(ref, location="Main street")
    stage.run()
    assert stage.subjects("block") == ["Dentist"]
    stage.in_step()


@pytest.mark.more
def test_what_went_out_of_andock_can_be_had_back(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    take_back(stage, last_run(stage))
    take_back(stage, last_run(stage))
    assert stage.subjects("block") == ["Dentist"]
    stage.in_step()


@pytest.mark.more
@pytest.mark.parametrize("deleted", ["here", "there"])
def test_what_was_deleted_comes_back_on_both_sides(sqlite_stage: Stage, deleted: str) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage, location="Room 1")
    if deleted == "here":
        stage.remove(entry_id)
    else:
        stage.memory.remove(ref)
    stage.run()
    assert stage.there() == stage.subjects() == []
    take_back(stage, last_run(stage))
    assert stage.there() == stage.subjects("appointment") == ["Kick-off"]
    undoing = last_run(stage)
    stage.in_step()
    take_back(stage, undoing)
    assert stage.there() == stage.subjects() == []
    stage.in_step()


@pytest.mark.more
def test_a_private_block_comes_back_where_it_was(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    ref = stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    stage.memory.remove(ref)
    stage.run()
    take_back(stage, last_run(stage))
    assert stage.subjects("block") == stage.there(stage.imported) == ["Dentist"]
    assert stage.there() == []
    stage.in_step()


@pytest.mark.more
def test_what_is_back_already_is_not_doubled(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    item = appointment("Dentist", uid="uid-1")
    ref = stage.memory.put(stage.imported, item)
    stage.run()
    stage.memory.remove(ref)
    stage.run()
    run = last_run(stage)
    stage.memory.put(stage.imported, item)
    take_back(stage, run)
    assert stage.there(stage.imported) == stage.subjects() == ["Dentist"]
    assert outcomes(stage, run) == [("skipped", "back")]


@pytest.mark.more
def test_a_private_block_is_not_rewritten(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    ref = stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    stage.memory.edit(ref, location="Main street")
    stage.run()
    run = last_run(stage)
    stage.memory.forget_calls()
    take_back(stage, run)
    assert stage.writes() == []
    assert outcomes(stage, run) == [("skipped", "block")]


@pytest.mark.more
def test_a_contact_goes_back_with_its_telephone(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    folder = stage.add_contacts()
    ref = stage.memory.put(folder, Contact(display_name="Omar Neumann", phones={"mobile": "1"}))
    stage.run()
    stage.memory.edit(ref, phones={"mobile": "2", "home": "3"})
    stage.run()
    take_back(stage, last_run(stage))
    there = stage.memory.items(folder)[ref].item
    assert isinstance(there, Contact)
    assert there.phones == {"mobile": "1"}
    stage.in_step()


def test_an_undo_is_undone(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage, location="Room 1")
    stage.memory.edit(ref, location="Room 4")
    stage.run()
    changed = last_run(stage)
    take_back(stage, changed)
    take_back(stage, last_run(stage))
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "Room 4")
    assert outcomes(stage, changed) == [("", "")]
    take_back(stage, changed)
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "Room 1")


@pytest.mark.more
def test_one_change_of_a_run_goes_back_alone(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    for name in ("Dentist", "Choir"):
        stage.memory.put(stage.imported, appointment(name))
    stage.run()
    found = undo.look(stage.core, stage.scope, stage.connection_id, Target(run_id=last_run(stage)))
    (line,) = (line for line, _ in found.taken if line.title == "Choir")
    take_back(stage, line_id=line.id)
    assert stage.subjects() == ["Dentist"]


@pytest.mark.more
def test_looking_changes_nothing(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    paired(stage)
    before = stage.snapshot()
    undo.look(stage.core, stage.scope, stage.connection_id, Target(run_id=last_run(stage)))
    assert stage.snapshot() == before


def test_a_stranger_finds_no_journal(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    paired(stage)
    other = Scope(stage.scope.tenant_id, "somebody-else")
    target = Target(run_id=last_run(stage))
    for act in (undo.look, undo.ask, undo.standing):
        with pytest.raises(NotFound):
            act(stage.core, other, stage.connection_id, target)


@pytest.mark.more
def test_without_a_connection_that_runs_nothing_is_promised(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    paired(stage)
    run = last_run(stage)
    with stage.core.storage.write(SYSTEM) as session:
        session.get_one(Connection, stage.connection_id).state = "authorized"
    with pytest.raises(NotReady):
        undo.ask(stage.core, stage.scope, stage.connection_id, Target(run_id=run))
    assert outcomes(stage, run) == [("", "")]


@pytest.mark.more
def test_what_fails_on_its_way_back_is_tried_again_and_still_comes_back(
    sqlite_stage: Stage,
) -> None:
    stage = sqlite_stage
    ref = stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    stage.memory.remove(ref)
    stage.run()
    stage.memory.fail("create", "before")
    take_back(stage, last_run(stage))
    assert [pair.state for pair in stage.rows(Pair)] == ["restore"]
    with stage.core.storage.write(SYSTEM) as session:
        long_ago = clock.now() - timedelta(hours=1)
        session.execute(update(Intent).values(created_at=long_ago))  # it will not appear any more
    stage.run()
    assert stage.subjects("block") == stage.there(stage.imported) == ["Dentist"]
    stage.in_step()


@pytest.mark.more
def test_a_task_that_went_out_leaves_the_planning_and_stays(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.holds(stage.one, "tasks")
    day = (clock.now() + timedelta(days=3)).date().isoformat()
    with stage.writing(Tasks) as tasks:
        task_id = tasks.create("Write the offer", due_day=day).id
    stage.run()
    assert len(stage.there()) == 1
    take_back(stage, last_run(stage))
    undoing = last_run(stage)
    assert stage.there() == []
    with stage.writing(Tasks) as tasks:
        assert tasks.need(task_id).planned is False
    take_back(stage, undoing)
    assert len(stage.there()) == 1
    stage.in_step()


@pytest.mark.more
def test_what_was_taken_back_does_not_fill_the_breaker(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    for day in range(12):
        stage.create(appointment(f"Entry {day}", day=day))
    stage.run()
    take_back(stage, last_run(stage))
    left = stage.create(appointment("Offer"))
    stage.run()
    stage.remove(left)
    assert stage.run().state == "done"
    assert stage.there() == []


@pytest.mark.more
def test_one_way_is_not_broken_by_taking_back(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, ref = paired(stage)
    stage.memory.edit(ref, location="Room 4")
    stage.run()
    run = last_run(stage)
    with stage.core.storage.write(stage.scope) as session:
        row = session.get_one(Connection, stage.connection_id)
        row.preferences = {**(row.preferences or {}), "direction": "in"}
        row.confirmed = row.wanted
    take_back(stage, run)
    assert local(stage, entry_id) == remote(stage, ref) == ("Kick-off", "Room 4")
    assert outcomes(stage, run) == [("skipped", "one way")]


def the_task(stage: Stage) -> Any:
    (row,) = stage.rows(TaskRow)
    return row


def test_a_task_that_came_from_a_list_leaves_andock_and_stays_there(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    ref = stage.memory.put(todo, Task(subject="Theirs"))
    stage.run()
    take_back(stage, last_run(stage))
    assert stage.rows(TaskRow) == []
    assert list(stage.memory.items(todo)) == [ref]
    stage.run()
    assert stage.rows(TaskRow) == []


def test_a_task_that_went_into_a_list_leaves_it_and_rests_here(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    with stage.writing(Tasks) as tasks:
        tasks.create("Write the offer")
    stage.run()
    take_back(stage, last_run(stage))
    stage.run()
    assert stage.memory.items(todo) == {}
    assert the_task(stage).planned
    with stage.writing(Tasks) as tasks:
        row = tasks.need(the_task(stage).id)
        tasks.set_done(row, True, expected_version=row.version)
    stage.run()
    assert len(stage.memory.items(todo)) == 1


@pytest.mark.more
def test_a_task_deleted_in_a_list_comes_back_on_both_sides(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    ref = stage.memory.put(todo, Task(subject="Theirs", due_day="2026-11-24"))
    stage.run()
    stage.memory.edit(ref, done=True, done_at="2026-11-24T10:00:00Z")
    stage.run()
    take_back(stage, last_run(stage))
    assert the_task(stage).done_at is None
    stage.memory.remove(ref)
    stage.run()
    assert stage.rows(TaskRow) == []
    take_back(stage, last_run(stage))
    stage.run()
    assert (the_task(stage).title, the_task(stage).due_day) == ("Theirs", "2026-11-24")
    assert len(stage.memory.items(todo)) == 1
