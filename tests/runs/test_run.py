"""A run brings both sides in step; the next one finds nothing to do."""

from andock_core.storage import JournalLine, Pair, Run
from tests.runs.stage import Stage, appointment
from tests.support.memory_service import document


def test_what_others_made_arrives_as_a_private_block(stage: Stage) -> None:
    stage.memory.put(stage.one, appointment("Team lunch"))
    stage.memory.put(stage.imported, appointment("Dentist", day=4))
    stage.run()
    assert stage.subjects("block") == ["Dentist", "Team lunch"]
    stage.in_step()


def test_an_own_appointment_goes_to_the_one_calendar_only(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.run()
    assert stage.there() == ["Kick-off"]
    assert stage.there(stage.imported) == []
    assert stage.subjects("appointment") == ["Kick-off"]
    stage.in_step()


def test_an_edit_here_arrives_there(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    stage.edit(entry_id, subject="Kick-off, moved")
    stage.run()
    assert stage.there() == ["Kick-off, moved"]
    stage.in_step()


def test_an_edit_there_arrives_here(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.memory.edit(ref, location="Room 4")
    stage.run()
    ((visibility, item),) = stage.here().values()
    assert (visibility, item.location) == ("appointment", "Room 4")
    stage.in_step()


def test_a_delete_here_arrives_there(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    stage.remove(entry_id)
    stage.run()
    assert stage.there() == []
    assert stage.rows(Pair) == []
    stage.in_step()


def test_a_delete_there_arrives_here(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    ref = stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    (own,) = stage.memory.items(stage.one)
    stage.memory.remove(own)
    stage.memory.remove(ref)
    stage.run()
    assert stage.here() == {}
    stage.in_step()


def test_both_sides_edited_different_fields(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.memory.edit(ref, location="Room 4")
    stage.edit(entry_id, subject="Kick-off, moved")
    stage.run()
    ((_, item),) = stage.here().values()
    assert (item.subject, item.location) == ("Kick-off, moved", "Room 4")
    (remote,) = stage.memory.items(stage.one).values()
    assert (document(remote).subject, document(remote).location) == ("Kick-off, moved", "Room 4")
    stage.in_step()


def test_the_loser_of_a_conflict_stands_in_the_journal(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.memory.edit(ref, subject="theirs")
    stage.edit(entry_id, subject="mine")
    stage.run()
    assert stage.subjects() == stage.there() == ["theirs"]
    assert [row.action for row in stage.rows(JournalLine) if row.side == "here"] == ["merge"]
    assert stage.results[-1].counts == {"in.updated": 1, "conflicts": 1}


def test_an_edit_here_beats_a_delete_there(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.memory.remove(ref)
    stage.edit(entry_id, subject="still on")
    stage.run()
    assert stage.there() == stage.subjects() == ["still on"]
    stage.in_step()


def test_an_edit_there_beats_a_delete_here(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.memory.edit(ref, subject="still on")
    stage.remove(entry_id)
    stage.run()
    assert stage.there() == stage.subjects("appointment") == ["still on"]
    stage.in_step()


def test_a_server_that_normalises_causes_no_ping_pong(stage: Stage) -> None:
    stage.memory.set_flag("normalises", True)
    stage.create(appointment("Kick-off", body={"content": "Notes  "}, location=" Room 4 "))
    stage.run()
    stage.in_step()
    stage.edit(stage.only(), subject="Kick-off 2")
    stage.run()
    stage.in_step()


def test_a_run_counts_what_it_did(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.memory.put(stage.imported, appointment("Dentist"))
    result = stage.run()
    assert result.counts == {"in.created": 1, "out.created": 1}
    assert result.state == "done"
    (run,) = stage.rows(Run)
    assert (run.state, run.counts) == ("done", {"in.created": 1, "out.created": 1})


def test_a_lost_cursor_neither_doubles_nor_deletes(stage: Stage) -> None:
    for day in range(8):
        stage.memory.put(stage.one, appointment(f"Entry {day}", day=day))
    stage.create(appointment("Mine"))
    stage.run()
    stage.memory.lose_cursors()
    stage.in_step()


def test_what_a_listing_leaves_out_is_read_before_it_is_deleted(stage: Stage) -> None:
    for day in range(8):
        stage.memory.put(stage.one, appointment(f"Entry {day}", day=day))
    stage.run()
    stage.memory.lose_cursors()
    stage.memory.set_flag("empty-listing", True)
    stage.in_step()


def test_what_vanished_while_the_cursor_was_lost_is_deleted(stage: Stage) -> None:
    refs = [stage.memory.put(stage.one, appointment(f"Entry {day}", day=day)) for day in range(4)]
    stage.run()
    stage.memory.remove(refs[0])
    stage.memory.lose_cursors()
    stage.run()
    assert stage.subjects() == ["Entry 1", "Entry 2", "Entry 3"]
    stage.in_step()
