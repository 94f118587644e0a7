"""Nothing is doubled: reconnecting, one mailbox connected twice, moved and copied items."""

from andock_core.runs.detach import detach
from andock_core.storage import Collection, Connection, InboxItem, Intent, Pair
from tests.runs.stage import USER, Stage, appointment


def reconnect(stage: Stage, *, keep_entries: bool) -> None:
    """Disconnect and connect the same mailbox again."""
    disconnect(stage, stage.connection_id, keep_entries=keep_entries)
    stage.connection_id = stage.connect({stage.one: "one", stage.imported: "import"})


def disconnect(stage: Stage, connection_id: str, *, keep_entries: bool) -> None:
    """As the marketplace does."""
    with stage.core.storage.write(stage.scope) as session:
        detach(session, stage.core.vault, connection_id, keep_entries)
        session.delete(session.get_one(Connection, connection_id))


def test_disconnecting_takes_imported_entries_along(stage: Stage) -> None:
    stage.create(appointment("Mine"))
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    disconnect(stage, stage.connection_id, keep_entries=False)
    assert stage.subjects() == ["Mine"]
    assert stage.there() == ["Mine"]
    assert [len(stage.rows(table)) for table in (Pair, Intent, InboxItem, Collection)] == [0] * 4


def test_disconnecting_keeps_imported_entries_when_wished(stage: Stage) -> None:
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    disconnect(stage, stage.connection_id, keep_entries=True)
    assert stage.subjects("block") == ["Dentist"]


def test_a_reconnected_mailbox_is_recognised(stage: Stage) -> None:
    entry_id = stage.create(appointment("Mine"))
    stage.memory.put(stage.imported, appointment("Dentist"))
    ref = stage.memory.put(stage.one, appointment("Review", day=5))
    stage.run()
    block = next(key for key, (_, item) in stage.here().items() if item.subject == "Review")
    stage.convert(block)
    stage.run()
    reconnect(stage, keep_entries=True)
    stage.memory.forget_calls()
    stage.run()
    assert stage.subjects() == ["Dentist", "Mine", "Review"]
    assert stage.writes() == []
    stage.edit(entry_id, subject="Mine 2")
    stage.edit(block, subject="Review 2")
    stage.run()
    assert stage.there() == ["Mine 2", "Review 2"]
    assert ref in stage.memory.items(stage.one)
    stage.in_step()


def test_an_appointment_already_on_both_sides_is_paired_not_doubled(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.memory.put(stage.one, appointment("Kick-off"))
    stage.run()
    assert stage.there() == stage.subjects("appointment") == ["Kick-off"]
    stage.in_step()


def test_one_mailbox_connected_twice_is_imported_once(stage: Stage) -> None:
    stage.create(appointment("Mine"))
    ref = stage.memory.put(stage.one, appointment("Lunch", day=4))
    stage.run()
    second = stage.connect({stage.one: "import"}, user=USER)
    stage.run(second)
    assert stage.subjects() == ["Lunch", "Mine"]
    disconnect(stage, stage.connection_id, keep_entries=False)
    stage.memory.edit(ref, subject="Lunch at one")
    stage.run(second)
    assert stage.subjects() == ["Lunch at one", "Mine"]


def test_what_only_the_first_connection_held_is_taken_over(stage: Stage) -> None:
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.run()
    second = stage.connect({stage.imported: "import"}, user=USER)
    stage.run(second)
    disconnect(stage, stage.connection_id, keep_entries=False)
    assert stage.subjects() == []
    stage.run(second)
    assert stage.subjects("block") == ["Dentist"]


def test_an_item_that_gets_a_new_id_stays_the_same_appointment(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    (remote,) = stage.memory.items(stage.one).values()
    stage.memory.remove(remote.ref)
    stage.memory.put(stage.one, remote.item, remote.operation_id)
    stage.run()
    assert stage.only() == entry_id
    assert stage.there() == ["Kick-off"]
    stage.in_step()


def test_a_copy_made_there_arrives_as_a_block(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.run()
    (remote,) = stage.memory.items(stage.one).values()
    copy = remote.item.model_copy(update={"subject": "Copy", "uid": "copy"})
    stage.memory.put(stage.one, copy, remote.operation_id)
    stage.run()
    assert stage.subjects("appointment") == ["Kick-off"]
    assert stage.subjects("block") == ["Copy"]
    stage.in_step()


def test_our_own_entries_in_an_imported_calendar_stay_appointments(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.run()
    with stage.core.storage.write(stage.scope) as session:
        stage.change_roles(session, {stage.one: "import", stage.imported: "one"})
    stage.run()
    assert stage.subjects("appointment") == ["Kick-off"]
    assert stage.subjects("block") == []
    assert stage.there(stage.imported) == ["Kick-off"]
    stage.in_step()


def test_a_calendar_no_longer_chosen_takes_its_blocks_along(stage: Stage) -> None:
    stage.create(appointment("Mine"))
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.memory.put(stage.imported, appointment("Review", day=4))
    stage.run()
    review = next(key for key, (_, item) in stage.here().items() if item.subject == "Review")
    stage.convert(review)
    with stage.core.storage.write(stage.scope) as session:
        stage.retire(session, stage.imported)
    stage.run()
    assert stage.subjects() == ["Mine", "Review"]
    assert stage.there(stage.imported) == ["Dentist", "Review"]
    stage.in_step()
