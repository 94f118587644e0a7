"""Moving a connection to another one: nothing twice, nothing lost, nothing mailed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, select

from andock_core import clock
from andock_core.connections import agreeing
from andock_core.connections.errors import AnswersRefused, NotReady, PreviewStale
from andock_core.jobs import due, lease as leases
from andock_core.jobs.lease import LeaseLost
from andock_core.journal import queries as journal
from andock_core.moving import service as moving, switching
from andock_core.moving.errors import (
    MostMissing,
    NotMoving,
    RunUnderWay,
    TakenTwice,
    Unread,
    Unsettled,
)
from andock_core.storage import AuditEntry, Connection, Entry, Intent, Move
from andock_sdk import Answers, Appointment, Body
from tests.connections.world import GOOD, OTHER_ACCOUNT, World
from tests.moving.house import ACCOUNT, House, choosing
from tests.runs.stage import appointment
from tests.support.memory_plugin import SLUG
from tests.support.memory_service import WRITES

ALL = ["Dentist", "Meeting", "Own", "Review"]


@pytest.mark.more
def test_one_that_only_imports_moves_too(house: House) -> None:
    """Nothing but the import is chosen on the new side."""
    found = house.looked(choosing(house.world))
    assert [(part.role, part.counts) for part in found.parts] == [("import", {"paired": 1})]


def test_what_is_on_both_sides_is_paired_and_would_change_nothing(house: House) -> None:
    house.mailbox_moves()
    house.world.memory.forget_calls()
    found = house.looked(house.ready())
    assert [(part.old_name, part.new_name) for part in found.parts] == [
        ("Kalender", "Kalender"),
        ("Familie", "Familie"),
    ]
    assert [part.counts for part in found.parts] == [{"paired": 3}, {"paired": 1}]
    assert (found.mails, found.blocked, found.left_out) == (0, False, ())


def test_nothing_is_written_before_the_member_agrees(house: House) -> None:
    house.mailbox_moves()
    pairs, lines = house.pairs(house.old_id), house.journal(house.old_id)
    house.world.memory.forget_calls()
    new_id = house.ready()
    assert house.world.memory.calls(*WRITES) == []
    assert (house.pairs(house.old_id), house.pairs(new_id)) == (pairs, [])
    assert (house.journal(house.old_id), house.subjects()) == (lines, ALL)
    assert (house.state(house.old_id), house.state(new_id)) == ("active", "moving")


@pytest.mark.more
def test_a_moving_connection_never_runs_by_itself(house: House) -> None:
    new_id = house.ready()
    assert leases.acquire(house.world.core.storage, new_id, "worker") is None


def test_after_the_switch_nothing_is_doubled_lost_or_written(house: House) -> None:
    house.mailbox_moves()
    before = [house.there(calendar) for calendar in (*house.old, *house.new)]
    house.world.memory.forget_calls()
    new_id = house.moved()
    assert house.subjects() == ALL
    assert [house.there(calendar) for calendar in (*house.old, *house.new)] == before
    assert house.world.memory.calls(*WRITES) == []
    assert (house.state(house.old_id), house.state(new_id)) == ("parked", "active")
    assert len(house.pairs(new_id)) == 4
    assert house.pairs(house.old_id) == []


@pytest.mark.more
def test_there_and_back_on_every_database(any_house: House) -> None:
    house = any_house
    house.mailbox_moves()
    pairs, lines = house.pairs(house.old_id), house.journal(house.old_id)
    new_id = house.ready()
    house.switch(new_id)
    assert (len(house.pairs(new_id)), house.pairs(house.old_id)) == (4, [])
    switching.take_back(house.world.core, house.world.anna, new_id)
    assert (house.pairs(house.old_id), house.journal(house.old_id)) == (pairs, lines)
    house.world.work()
    assert house.subjects() == ALL


def test_the_journal_of_earlier_runs_is_read_on_the_new_connection(house: House) -> None:
    house.mailbox_moves()
    before = house.journal(house.old_id)
    new_id = house.ready()
    house.switch(new_id)
    assert (house.journal(new_id), house.journal(house.old_id)) == (before, [])
    core, scope = house.world.core, house.world.anna
    page = journal.page(core, scope, new_id, journal.Filter())
    titles = sorted(line.after.subject for line in page.lines if line.after)  # type: ignore[union-attr]
    assert titles == ALL
    names = journal.collections(core, scope, new_id)
    assert {names[line.collection_id] for line in page.lines} == {"Kalender", "Familie"}


def test_what_is_only_on_the_old_side_goes_over_or_stays(house: House) -> None:
    """Andock's own is made there; what came from the old side stays in Andock as it is."""
    new_id = house.ready()
    found = house.looked(new_id)
    counts = [found.count(name) for name in ("paired", "only_old", "created_there", "stays")]
    assert counts == [0, 4, 1, 3]
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == ALL
    assert [house.there(calendar) for calendar in house.new] == [["Own"], []]


def test_what_waits_to_be_sent_goes_to_the_new_side(house: House) -> None:
    """It was written here and never reached the old side."""
    house.mailbox_moves()
    house.write("Not sent yet", 7)
    new_id = house.ready()
    found = house.looked(new_id)
    assert (found.count("created_there"), found.count("stays")) == (1, 0)
    house.switch(new_id)
    house.world.work()
    assert house.there(house.new[0]) == ["Meeting", "Not sent yet", "Own", "Review"]


def test_what_is_only_on_the_new_side_comes_in(house: House) -> None:
    house.mailbox_moves()
    house.world.memory.put(house.new[0], appointment("Fresh", 8, uid="uid-fresh"))
    new_id = house.ready()
    found = house.looked(new_id)
    assert (found.count("only_new"), found.count("created_here")) == (1, 1)
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == sorted([*ALL, "Fresh"])


@pytest.mark.more
def test_what_lies_outside_the_window_is_no_news(house: House) -> None:
    """Of it Andock knew no more than that it is there."""
    house.world.memory.put(house.old[0], appointment("Long ago", -400, uid="uid-ago"))
    house.run(house.old_id)
    house.mailbox_moves()
    new_id = house.ready()
    assert house.looked(new_id).count("only_new") == 0
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == ALL


@pytest.mark.more
def test_what_the_member_took_out_of_andock_stays_out(house: House) -> None:
    """A block that was deleted here while nothing may be written there does not come back."""
    core, scope = house.world.core, house.world.anna
    agreeing.save_preferences(core, scope, house.old_id, {"direction": "in"})
    house.world.work()
    house.world.agreed(scope, house.old_id)
    house.delete("Own")
    house.run(house.old_id)
    assert "ignored" in {pair["state"] for pair in house.pairs(house.old_id)}
    house.mailbox_moves()
    new_id = house.moved()
    assert "ignored" in {pair["state"] for pair in house.pairs(new_id)}
    assert house.subjects() == ["Dentist", "Meeting", "Review"]


def test_the_same_notes_in_another_form_are_nothing_new(house: House) -> None:
    """Neither side is written, and the journal has no line more."""
    memory = house.world.memory
    house.rewrite(_own(house), body=Body(content="Bring the\nplans"))
    house.run(house.old_id)
    house.mailbox_moves()
    own = next(ref for ref, one in memory.items(house.new[0]).items() if one.operation_id)
    memory.edit(own, body=Body(kind="html", content="<p>Bring the<br>plans</p>"))
    lines = house.lines(house.old_id)
    memory.forget_calls()
    new_id = house.ready()
    found = house.looked(new_id)
    assert [found.count(name) for name in ("paired", "differing", "changed_here")] == [4, 0, 0]
    house.switch(new_id)
    house.world.work()
    house.run(new_id)
    assert (memory.calls(*WRITES), house.lines(new_id)) == ([], lines)
    house.rewrite(_own(house), body=Body(content="Bring the new plans"))
    house.run(new_id)
    item = memory.items(house.new[0])[own].item
    assert isinstance(item, Appointment)
    assert item.body == Body(content="Bring the new plans")


def test_a_mailbox_in_which_most_is_missing_needs_another_yes(house: House) -> None:
    """It may be somebody else's."""
    new_id = house.ready()
    seen = moving.seen(house.world.core, house.world.anna, new_id)
    assert seen is not None
    with pytest.raises(MostMissing):
        switching.switch(house.world.core, house.world.anna, new_id, seen.id)
    assert (house.state(house.old_id), house.state(new_id)) == ("active", "moving")
    switching.switch(house.world.core, house.world.anna, new_id, seen.id, strange=True)
    assert house.state(new_id) == "active"


def test_a_mailbox_that_was_emptied_when_it_moved_loses_nothing(house: House) -> None:
    """The old side's run holds the deletions; the new side has it all, and so it is all in step."""
    memory = house.world.memory
    many = [f"Entry {number}" for number in range(6)]
    for number, subject in enumerate(many):
        memory.put(house.old[0], appointment(subject, 10 + number, uid=f"uid-{number}"))
    house.run(house.old_id)
    house.mailbox_moves()
    for calendar in house.old:
        for ref in list(memory.items(calendar)):
            memory.remove(ref)
    house.write("Written meanwhile", 7)
    house.run(house.old_id)
    assert "held" in {pair["state"] for pair in house.pairs(house.old_id)}
    new_id = house.moved()
    assert house.subjects() == sorted([*ALL, *many, "Written meanwhile"])
    assert house.there(house.new[0]) == [*many, "Meeting", "Own", "Review", "Written meanwhile"]
    assert {pair["state"] for pair in house.pairs(new_id)} == {"ok"}


@pytest.mark.more
def test_what_differs_there_is_counted_and_comes_in_with_the_first_run(house: House) -> None:
    house.mailbox_moves()
    memory = house.world.memory
    ref = house.ref(house.new[0], "uid-Meeting")
    memory.edit(ref, subject="Meeting, moved")
    new_id = house.ready()
    found = house.looked(new_id)
    assert (found.count("differing"), found.count("changed_here")) == (1, 1)
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == ["Dentist", "Meeting, moved", "Own", "Review"]


def test_what_changes_on_either_side_during_the_move_is_noticed_by_the_first_run(
    house: House,
) -> None:
    house.mailbox_moves()
    new_id = house.ready()
    memory = house.world.memory
    ref = house.ref(house.new[0], "uid-Meeting")
    memory.edit(ref, subject="Meeting, late")
    house.rewrite(_own(house), subject="Own, late")
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == ["Dentist", "Meeting, late", "Own, late", "Review"]
    assert house.there(house.new[0]) == ["Meeting, late", "Own, late", "Review"]
    assert house.there(house.old[0]) == ["Meeting", "Own", "Review"]


@pytest.mark.more
def test_what_the_old_side_brought_after_the_look_is_not_lost(house: House) -> None:
    """The old connection goes on running until the switch."""
    house.mailbox_moves()
    new_id = house.ready()
    memory = house.world.memory
    ref = house.ref(house.old[0], "uid-Meeting")
    memory.edit(ref, subject="Meeting, old side")
    house.run(house.old_id)
    house.switch(new_id)
    house.world.work()
    assert len(house.subjects()) == len(ALL)


@pytest.mark.more
def test_without_uids_equal_content_in_the_same_slot_is_paired(house: House) -> None:
    for number, (old, new) in enumerate(zip(house.old, house.new, strict=True)):
        for remote in house.world.memory.items(old).values():
            item = remote.item.model_copy(update={"uid": f"other-{number}-{remote.ref}"})
            house.world.memory.put(new, item)
    new_id = house.ready()
    assert house.looked(new_id).count("paired") == 4
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == ALL
    assert house.there(house.new[0]) == ["Meeting", "Own", "Review"]


def test_taking_back_restores_every_pair_and_the_journal(house: House) -> None:
    house.mailbox_moves()
    pairs, lines = house.pairs(house.old_id), house.journal(house.old_id)
    new_id = house.ready()
    house.switch(new_id)
    assert switching.take_back(house.world.core, house.world.anna, new_id) == house.old_id
    assert (house.pairs(house.old_id), house.pairs(new_id)) == (pairs, [])
    assert (house.journal(house.old_id), house.journal(new_id)) == (lines, [])
    assert (house.state(house.old_id), house.state(new_id)) == ("active", "moving")


def test_what_was_changed_before_the_move_was_taken_back_is_carried_to_the_old_side(
    house: House,
) -> None:
    house.mailbox_moves()
    new_id = house.moved()
    house.rewrite(_own(house), subject="Own, changed")
    house.run(new_id)
    house.write("Later", 9)
    house.run(new_id)
    made = len(house.journal(new_id))
    switching.take_back(house.world.core, house.world.anna, new_id)
    assert len(house.journal(house.old_id)) == made
    house.world.work()
    assert house.there(house.old[0]) == ["Later", "Meeting", "Own, changed", "Review"]
    assert house.subjects() == ["Dentist", "Later", "Meeting", "Own, changed", "Review"]


@pytest.mark.more
def test_after_taking_back_one_can_move_again(house: House) -> None:
    house.mailbox_moves()
    new_id = house.moved()
    switching.take_back(house.world.core, house.world.anna, new_id)
    house.world.work()
    assert moving.seen(house.world.core, house.world.anna, new_id) is None
    house.chosen(new_id)
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == ALL
    assert (house.state(new_id), len(house.pairs(new_id))) == ("active", 4)


def test_disconnecting_the_old_side_deletes_nothing_and_ends_the_move(house: House) -> None:
    house.mailbox_moves()
    new_id = house.moved()
    before = [house.there(calendar) for calendar in (*house.old, *house.new)]
    moving.end(house.world.core, house.world.anna, new_id)
    assert house.state(house.old_id) == ""
    assert [house.there(calendar) for calendar in (*house.old, *house.new)] == before
    assert house.subjects() == ALL
    assert house.journal(new_id)
    with pytest.raises(NotMoving):
        switching.take_back(house.world.core, house.world.anna, new_id)


@pytest.mark.more
def test_giving_up_leaves_all_as_it_was(house: House) -> None:
    pairs = house.pairs(house.old_id)
    new_id = house.ready()
    assert moving.give_up(house.world.core, house.world.anna, new_id) == house.old_id
    assert (house.state(new_id), house.state(house.old_id)) == ("", "active")
    assert house.pairs(house.old_id) == pairs
    house.run(house.old_id)


@pytest.mark.more
def test_disconnecting_one_of_both_takes_the_useless_other_one_with_it(house: House) -> None:
    house.mailbox_moves()
    new_id = house.moved()
    house.disconnect(new_id)
    assert (house.state(house.old_id), house.state(new_id)) == ("", "")
    assert house.subjects() == ALL


def test_a_run_of_the_old_side_that_is_under_way_keeps_the_switch_from_happening(
    house: House,
) -> None:
    new_id = house.ready()
    storage = house.world.core.storage
    lease = leases.acquire(storage, house.old_id, "worker")
    assert lease is not None
    with pytest.raises(RunUnderWay):
        house.switch(new_id)
    leases.release(storage, lease)
    house.switch(new_id)


def test_a_run_that_lost_its_lease_to_the_switch_can_commit_nothing(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    new_id = house.ready()
    storage = house.world.core.storage
    lease = leases.acquire(storage, house.old_id, "worker")
    assert lease is not None
    later = clock.now() + timedelta(minutes=10)
    monkeypatch.setattr(clock, "now", lambda: later)
    house.switch(new_id)
    with pytest.raises(LeaseLost):
        leases.renew(storage, lease)


def test_a_write_whose_outcome_is_unknown_keeps_the_switch_from_happening(house: House) -> None:
    """Until the old side has not answered for an hour: nobody will ever know, and a mailbox that is
    gone is just what people move away from."""
    new_id = house.ready()
    pair = house.pairs(house.old_id)[0]
    hour_ago = clock.now() - timedelta(minutes=61)

    def note(**columns: Any) -> None:
        with house.world.core.storage.write(house.world.anna) as session:
            session.get_one(Connection, house.old_id).failures = columns.pop("failures", 0)
            session.execute(delete(Intent))
            names = ("tenant_id", "connection_id", "collection_id", "entry_id")
            columns |= {name: pair[name] for name in names}
            session.add(Intent(action="update", payload=b"-", **columns))

    for columns in ({"created_at": hour_ago}, {"failures": 3}):
        note(**columns)
        with pytest.raises(Unsettled):
            house.switch(new_id)
    note(created_at=hour_ago, failures=3)
    house.switch(new_id)
    assert house.state(new_id) == "active"


@pytest.mark.more
def test_an_old_side_that_is_gone_and_a_new_one_that_fails_at_first_lose_nothing(
    house: House,
) -> None:
    """The switch needs neither of them; the first run that succeeds makes everything right."""
    house.mailbox_moves()
    memory = house.world.memory
    for calendar in house.old:
        memory.drop_calendar(calendar)
    due.request_run(house.world.core, house.world.anna, house.old_id)
    house.world.work()
    new_id = house.ready()
    memory.fail("changes", "before")
    house.switch(new_id)
    house.write("Written meanwhile", 7)
    house.world.work()
    assert house.there(house.new[0]) == ["Meeting", "Own", "Review"]
    assert house.subjects() == sorted([*ALL, "Written meanwhile"])
    house.run(new_id)
    assert house.subjects() == sorted([*ALL, "Written meanwhile"])
    assert house.there(house.new[0]) == ["Meeting", "Own", "Review", "Written meanwhile"]


def test_what_cannot_be_read_there_and_could_be_doubled_keeps_the_switch_from_happening(
    house: House,
) -> None:
    house.mailbox_moves()
    memory = house.world.memory
    own = next(ref for ref, one in memory.items(house.new[0]).items() if one.operation_id)
    memory.spoil(own)
    new_id = house.ready()
    assert house.looked(new_id).blocked
    with pytest.raises(Unread):
        house.switch(new_id)


def test_only_the_newest_choice_can_be_agreed_to(house: House) -> None:
    house.mailbox_moves()
    new_id = house.ready()
    seen = moving.seen(house.world.core, house.world.anna, new_id)
    assert seen is not None
    house.chosen(new_id, **{house.imported(new_id): ""})
    with pytest.raises(PreviewStale):
        switching.switch(house.world.core, house.world.anna, new_id, seen.id)


@pytest.mark.more
def test_a_look_into_another_mailbox_cannot_be_agreed_to(house: House) -> None:
    """The new side was authorized once more, with another account."""
    house.mailbox_moves()
    new_id = house.ready()
    seen = moving.seen(house.world.core, house.world.anna, new_id)
    assert seen is not None
    house.chosen(new_id, **{house.imported(new_id): ""})
    house.world.tested(house.world.anna, {**GOOD, "user": OTHER_ACCOUNT}, new_id)
    with pytest.raises(PreviewStale):
        switching.switch(house.world.core, house.world.anna, new_id, seen.id)
    house.world.tested(house.world.anna, {**GOOD, "user": ACCOUNT}, new_id)
    rows = moving.rows(house.world.core, house.world.anna, new_id)
    assert [row.proposed for row in rows] == [*house.new]  # not what was chosen in the other one


@pytest.mark.more
def test_what_nothing_takes_over_from_stays_in_andock(house: House) -> None:
    house.mailbox_moves()
    new_id = house.signed_in()
    house.chosen(new_id, **{house.imported(new_id): ""})
    assert house.looked(new_id).left_out == ("Familie",)
    house.switch(new_id)
    house.world.work()
    assert house.subjects() == ALL
    assert len(house.pairs(new_id)) == 3


@pytest.mark.more
def test_one_collection_cannot_take_over_from_two(house: House) -> None:
    new_id = house.signed_in()
    rows = moving.rows(house.world.core, house.world.anna, new_id)
    with pytest.raises(TakenTwice):
        house.chosen(new_id, **{row.id: house.new[0] for row in rows})


@pytest.mark.more
def test_what_is_not_offered_cannot_take_over(house: House) -> None:
    new_id = house.signed_in()
    row = moving.rows(house.world.core, house.world.anna, new_id)[0]
    with pytest.raises(AnswersRefused):
        house.chosen(new_id, **{row.id: house.old[0]})


@pytest.mark.more
def test_a_parked_connection_cannot_be_set_up_again(house: House) -> None:
    new_id = house.moved()
    with pytest.raises(NotReady):
        house.world.tested(house.world.anna, connection_id=house.old_id)
    with pytest.raises(NotMoving):
        moving.begin(house.world.core, house.world.anna, house.old_id, SLUG)
    assert house.state(new_id) == "active"


def test_settings_that_were_being_saved_do_not_wake_a_parked_connection(house: House) -> None:
    from andock_core.connections import service

    new_id = house.ready()
    core, scope = house.world.core, house.world.anna
    service.start_choices(core, scope, house.old_id)
    house.world.work()
    answers: Answers = {"calendar": house.old[0], "imports": []}
    service.save_settings(core, scope, house.old_id, answers)
    house.switch(new_id)
    house.world.work()
    assert house.state(house.old_id) == "parked"


@pytest.mark.more
def test_nobody_else_can_move_it(house: House) -> None:
    from andock_core.connections.errors import NotFound

    new_id = house.ready()
    ben = house.world.ben
    with pytest.raises(NotFound):
        moving.begin(house.world.core, ben, house.old_id, SLUG)
    with pytest.raises(NotMoving):
        switching.switch(house.world.core, ben, new_id, "")


@pytest.mark.more
def test_the_deeds_are_in_the_audit_log(house: House) -> None:
    house.mailbox_moves()
    new_id = house.moved()
    switching.take_back(house.world.core, house.world.anna, new_id)
    with house.world.core.storage.read(house.world.anna) as session:
        rows = session.scalars(select(AuditEntry).where(AuditEntry.action.contains("move")))
        facts = {row.action: row.facts for row in rows}
    assert facts == {
        "connection.moved": {"came_from": SLUG, "records": 4},
        "connection.move_taken_back": {"came_from": SLUG, "records": 4},
    }


class Dies(BaseException):
    """The process is gone: nothing catches it."""


@pytest.mark.parametrize("deed", ["switch", "take back"])
def test_a_process_that_dies_leaves_the_old_state_or_the_new_one_whole(
    house: House, deed: str
) -> None:
    """It dies at each commit in turn, and at each statement of the one that counts."""
    house.mailbox_moves()
    new_id = house.ready()
    if deed == "take back":
        house.switch(new_id)
    world = house.world

    def act() -> None:
        if deed == "switch":
            house.switch(new_id)
        else:
            switching.take_back(world.core, world.anna, new_id)

    before, deaths = _all_of(house, new_id), 0
    for number in range(1, 500, 3):
        if not _dies_at(world, number, act):
            break
        deaths += 1
        if _all_of(house, new_id) != before:  # the deed was committed, and whole
            break
    assert deaths > 5
    after = _all_of(house, new_id)
    assert after != before
    states = [house.state(house.old_id), house.state(new_id)]
    assert states == (["parked", "active"] if deed == "switch" else ["active", "moving"])
    full, empty = (new_id, house.old_id) if deed == "switch" else (house.old_id, new_id)
    assert (len(house.pairs(full)), house.pairs(empty)) == (4, [])
    assert (house.journal(full) != [], house.journal(empty)) == (True, [])
    assert world.row(full).next_due_at is not None  # the dispatcher goes on from here
    house.run(full)
    assert house.subjects() == ALL


def _dies_at(world: World, number: int, act: object) -> bool:
    """Whether the process died at its statement of that number, a commit counted as one."""
    left = [number]

    def count(*_: object) -> None:
        left[0] -= 1
        if left[0] == 0:
            raise Dies

    engine = world.core.storage.engine
    points = ("before_cursor_execute", "commit")
    for point in points:
        event.listen(engine, point, count)
    try:
        act()  # type: ignore[operator]
    except Dies:
        return True
    finally:
        for point in points:
            event.remove(engine, point, count)
    return False


def _all_of(house: House, new_id: str) -> object:
    with house.world.core.storage.read(house.world.anna) as session:
        rows = session.scalars(select(Connection).order_by(Connection.id))
        connections = [(row.id, row.state, row.confirmed) for row in rows]
        moves = [(row.id, row.state) for row in session.scalars(select(Move))]
    pairs = [house.pairs(number) for number in (house.old_id, new_id)]
    return connections, moves, pairs, [house.journal(n) for n in (house.old_id, new_id)]


def _own(house: House) -> str:
    with house.world.core.storage.read(house.world.anna) as session:
        return session.scalars(select(Entry.id).where(Entry.origin == "andock")).one()
