"""What becomes what: blocks, conversion, locks, privacy marks."""

from andock_core.storage import Entry
from andock_sdk import Attendee, Override, Person
from tests.runs.stage import Stage, appointment
from tests.support.memory_service import document


def test_a_block_follows_the_other_side_and_is_never_written(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    ref = stage.memory.put(stage.one, appointment("Dentist"))
    stage.run()
    stage.memory.edit(ref, subject="Dentist, 2nd floor")
    stage.run()
    assert stage.subjects("block") == ["Dentist, 2nd floor"]
    assert stage.writes() == []


def test_a_block_that_vanished_here_comes_back(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.one, appointment("Dentist"))
    stage.run()
    stage.remove(stage.only())
    stage.run()
    assert stage.subjects("block") == ["Dentist"]
    assert stage.there() == ["Dentist"]


def test_a_converted_block_keeps_its_remote_item_in_any_calendar(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    ref = stage.memory.put(stage.imported, appointment("Project review"))
    stage.run()
    entry_id = stage.only()
    stage.convert(entry_id)
    stage.edit(entry_id, subject="Project review II")
    stage.run()
    assert list(stage.memory.items(stage.imported)) == [ref]
    assert stage.there(stage.imported) == ["Project review II"]
    assert stage.there() == []
    stage.memory.edit(ref, location="Room 4")
    stage.run()
    assert stage.here()[entry_id][1].location == "Room 4"
    stage.in_step()


def test_a_converted_block_is_deleted_there_when_deleted_here(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.imported, appointment("Project review"))
    stage.run()
    entry_id = stage.only()
    stage.convert(entry_id)
    stage.run()
    stage.remove(entry_id)
    stage.run()
    assert stage.there(stage.imported) == []
    stage.in_step()


def test_a_block_made_private_again_is_read_only_again(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.imported, appointment("Project review"))
    stage.run()
    stage.convert(stage.only())
    stage.run()
    stage.hide(stage.only())
    stage.run()
    assert stage.subjects("block") == ["Project review"]
    assert stage.writes() == []
    stage.in_step()


def test_marked_private_there_it_becomes_a_block_at_once(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    ref = stage.memory.put(stage.imported, appointment("Salary talk"))
    stage.run()
    stage.convert(stage.only())
    stage.run()
    stage.memory.edit(ref, sensitivity="private")
    stage.run()
    (entry,) = stage.rows(Entry)
    assert (entry.visibility, entry.document, entry.converted) == ("block", None, False)
    stage.in_step()


def test_an_own_appointment_marked_confidential_there_becomes_a_block(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id = stage.create(appointment("Merger"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.edit(entry_id, location="Room 4")  # an edit under way is not lost
    stage.memory.edit(ref, sensitivity="confidential")
    stage.run()
    assert stage.subjects("block") == ["Merger"]
    (remote,) = stage.memory.items(stage.one).values()
    assert document(remote).location == "Room 4"
    stage.in_step()


def test_one_occurrence_marked_private_hides_the_series(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    item = appointment("Jour fixe", recurrence="FREQ=DAILY;COUNT=5")
    ref = stage.memory.put(stage.one, item)
    stage.run()
    stage.convert(stage.only())
    stage.run()
    override = Override(subject="Warning talk", sensitivity="private")
    stage.memory.edit(ref, overrides={item.when.start: override})
    stage.run()
    assert stage.subjects("block") == ["Jour fixe"]


def test_what_someone_else_organises_is_locked_and_never_rewritten(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    boss = Person(name="Boss", email="boss@example.test")
    item = appointment("All hands", organizer=boss, editable=False)
    stage.memory.put(stage.one, item)
    stage.run()
    (entry,) = stage.rows(Entry)
    assert entry.locked
    stage.convert(entry.id)
    stage.edit(entry.id, subject="Not mine to change")
    stage.run()
    assert stage.there() == ["All hands"]
    assert stage.subjects() == ["All hands"]
    stage.remove(entry.id)
    stage.run()
    assert stage.there() == ["All hands"]
    assert stage.subjects("block") == ["All hands"]
    assert stage.writes() == []


def test_new_entries_in_the_one_become_visible_when_wished(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.prefer(new_visible=True)
    stage.memory.put(stage.one, appointment("Workshop"))
    stage.memory.put(stage.one, appointment("Therapy", day=4, sensitivity="private"))
    stage.memory.put(stage.imported, appointment("Gym", day=5))
    stage.run()
    assert stage.subjects("appointment") == ["Workshop"]
    assert stage.subjects("block") == ["Gym", "Therapy"]


def test_a_write_that_would_mail_is_held(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.set_flag("silent", False)
    guest = Attendee(person=Person(email="guest@example.test"))
    entry_id = stage.create(appointment("Offer", attendees=(guest,)))
    stage.create(appointment("Quiet", day=4))
    stage.run()
    assert stage.there() == ["Quiet"]
    stage.edit(entry_id, subject="Offer 2")
    stage.run()
    assert stage.there() == ["Quiet"]
    stage.in_step()
