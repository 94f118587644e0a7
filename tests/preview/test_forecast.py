"""What a preview says comes true, and it writes nothing."""

from collections.abc import Sequence
from typing import Any

import pytest

from andock_core.contacts.store import Contacts
from andock_core.planning.tasks import Tasks
from andock_core.runs.forecast import Forecast
from andock_core.runs.preview import forecast
from andock_core.storage import Collection, Connection, InboxItem, Intent, JournalLine, Pair, Run
from andock_core.sync.preview import Effect
from andock_sdk import (
    Appointment,
    Attendee,
    Capabilities,
    Contact,
    Person,
    ReadResult,
    Task,
    Unreadable,
    errors,
)
from tests.runs.stage import Stage, appointment
from tests.support.memory_plugin import MemoryConnector
from tests.support.memory_service import WRITES

TABLES = (Collection, InboxItem, Intent, JournalLine, Pair, Run)


def look(stage: Stage) -> Forecast:
    """A preview, which must leave everything as it was."""
    before, there = rows(stage), stage.memory.calls(*WRITES)
    found = forecast(stage.core, stage.scope, stage.connection_id, lambda _progress: None)
    assert rows(stage) == before
    assert stage.memory.calls(*WRITES) == there
    return found


def rows(stage: Stage) -> dict[str, Any]:
    """All that the sync remembers, and all entries."""
    found: dict[str, Any] = {
        table.__tablename__: sorted(
            str({c.name: getattr(row, c.name) for c in table.__table__.columns})
            for row in stage.rows(table)
        )
        for table in (*TABLES, Connection)
    }
    return {**found, "here": stage.here(), "there": stage.there()}


def numbers(found: Forecast) -> dict[str, int]:
    """All effects that something has."""
    effects = {effect for part in found.parts for effect in part.found}
    return {effect: found.count(effect) for effect in sorted(effects)}


def titles(found: Forecast, *effects: Effect) -> list[str]:
    """The examples' titles."""
    return sorted(example.title for example in found.examples(*effects))


def test_a_first_run_is_foreseen_by_collection(stage: Stage) -> None:
    """What comes from where, what goes, and what is on both sides already."""
    stage.memory.put(stage.one, appointment("Dentist"))
    stage.memory.put(stage.one, appointment("Jour fixe", day=5))
    stage.memory.put(stage.imported, appointment("Gym", day=6))
    stage.create(appointment("Offer", day=7))
    stage.create(appointment("Jour fixe", day=5))
    found = look(stage)
    assert numbers(found) == {"comes": 2, "goes": 1, "same": 1}
    by_name = {part.role: {e: f.count for e, f in part.found.items()} for part in found.parts}
    assert by_name == {"one": {"comes": 1, "goes": 1, "same": 1}, "import": {"comes": 1}}
    assert titles(found, "goes") == ["Offer"]
    assert found.mails == 0
    stage.run()
    assert stage.results[-1].counts == {"in.created": 2, "in.updated": 1, "out.created": 1}


def test_changes_and_deletes_of_a_connection_in_use_are_foreseen(sqlite_stage: Stage) -> None:
    """On both sides, each once, and the run then does the same."""
    stage = sqlite_stage
    mine = [stage.create(appointment(f"Mine {n}", day=n + 1)) for n in range(6)]
    refs = [stage.memory.put(stage.one, appointment(f"Theirs {n}", day=n + 9)) for n in range(6)]
    stage.run()
    stage.edit(mine[0], location="Room 1")
    stage.remove(mine[1])
    stage.memory.edit(refs[0], location="Hall")
    stage.memory.remove(refs[1])
    expected = {"changes_here": 1, "changes_there": 1, "deletes_here": 1, "deletes_there": 1}
    assert numbers(look(stage)) == expected
    stage.run()
    counts = {"in.updated": 1, "in.deleted": 1, "out.updated": 1, "out.deleted": 1}
    assert stage.results[-1].counts == counts


def test_too_many_deletes_are_foreseen_as_held(sqlite_stage: Stage) -> None:
    """The same breaker decides."""
    stage = sqlite_stage
    refs = [stage.memory.put(stage.one, appointment(f"Visit {n}", day=n + 1)) for n in range(8)]
    stage.run()
    for ref in refs[:5]:
        stage.memory.remove(ref)
    found = look(stage)
    assert numbers(found) == {"held_here": 5}
    assert titles(found, "held_here") == ["Visit 0", "Visit 1", "Visit 2"]
    assert stage.run().state == "held"


def test_what_would_mail_is_foreseen_as_held(sqlite_stage: Stage) -> None:
    """Where writes are not silent, and the member did not say that attendees may be told."""
    stage = sqlite_stage
    stage.memory.set_flag("silent", False)
    stage.create(meeting())
    found = look(stage)
    assert numbers(found) == {"held_mail": 1}
    assert found.mails == 0


def test_invitations_that_the_other_side_cannot_send_are_none(sqlite_stage: Stage) -> None:
    """Switched on, and still nobody is told: the connector has no such capability."""
    stage = sqlite_stage
    stage.prefer(invitations=True)
    stage.create(meeting())
    found = look(stage)
    assert numbers(found) == {"goes": 1}
    assert (found.mails, found.invitations) == (0, False)


def test_invitations_are_counted_by_attendee(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many e-mails as people would be told."""
    stage = sqlite_stage
    capabilities = Capabilities(silent_writes=False, invitations=True)
    monkeypatch.setattr(MemoryConnector, "capabilities", capabilities)
    stage.prefer(invitations=True)
    stage.create(meeting())
    stage.create(appointment("Alone", day=4))
    found = look(stage)
    assert numbers(found) == {"goes": 2}
    assert (found.mails, found.invitations) == (2, True)


def meeting() -> Appointment:
    """With two people."""
    people = (Person(email="ben@example.test"), Person(email="cleo@example.test"))
    return appointment("Kick-off", attendees=tuple(Attendee(person=each) for each in people))


def test_what_looks_alike_is_told(sqlite_stage: Stage) -> None:
    """The same title at the same time in two calendars comes twice; another time is another."""
    stage = sqlite_stage
    stage.memory.put(stage.one, appointment("Choir", location="Hall"))
    stage.memory.put(stage.imported, appointment("Choir", location="Church"))
    stage.memory.put(stage.imported, appointment("Choir", day=9))
    assert numbers(look(stage)) == {"comes": 3, "alike": 2}


def test_contacts_are_foreseen_too(sqlite_stage: Stage) -> None:
    """Those known by their address are joined; one name alone only looks alike."""
    stage = sqlite_stage
    folder = stage.add_contacts()
    people = (
        Contact(display_name="Nina Falk", emails={"email1": Person(email="nina@example.test")}),
        Contact(display_name="Omar Diaz"),
    )
    for each in people:
        stage.memory.put(folder, each)
    with stage.writing(Contacts) as contacts:
        for each in people:
            contacts.create(each)
    found = look(stage)
    assert numbers(found) == {"comes": 1, "goes": 1, "same": 1, "alike": 2}
    assert {part.kind for part in found.parts if part.found} == {"contacts"}


def test_tasks_of_a_list_are_foreseen_too(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    todo = stage.add_tasks()
    for title in ("Offer", "Report"):
        stage.memory.put(todo, Task(subject=title))
    with stage.writing(Tasks) as tasks:
        tasks.create("Offer")
        tasks.create("Invoice")
    found = look(stage)
    assert numbers(found) == {"comes": 1, "goes": 1, "same": 1}
    assert titles(found, "comes") == ["Report"]
    assert titles(found, "goes") == ["Invoice"]
    assert {part.kind for part in found.parts if part.found} == {"tasks"}


def test_what_is_outside_the_window_is_left_alone(sqlite_stage: Stage) -> None:
    """It is counted; when the window grows it comes in."""
    stage = sqlite_stage
    stage.prefer(months_ahead=1)
    stage.memory.put(stage.one, appointment("Soon"))
    stage.memory.put(stage.one, appointment("Next season", day=100))
    assert numbers(look(stage)) == {"comes": 1, "outside": 1}
    stage.run()
    assert stage.subjects() == ["Soon"]
    stage.prefer(months_ahead=6)
    assert titles(look(stage), "comes") == ["Next season"]
    stage.run()
    assert stage.subjects() == ["Next season", "Soon"]


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("in", {"comes": 2, "changes_here": 1}), ("out", {"goes": 1, "changes_there": 1, "comes": 1})],
)
def test_a_direction_is_foreseen_and_kept_to(
    sqlite_stage: Stage, direction: str, expected: dict[str, int]
) -> None:
    """One way only; what is imported comes in all the same."""
    stage = sqlite_stage
    mine = stage.create(appointment("Mine"))
    theirs = stage.memory.put(stage.one, appointment("Theirs", day=4))
    stage.run()
    stage.prefer(direction=direction)
    stage.edit(mine, location="Room 1")
    stage.memory.edit(theirs, location="Hall")
    stage.create(appointment("New here", day=5))
    stage.memory.put(stage.one, appointment("New there", day=6))
    stage.memory.put(stage.imported, appointment("Gym", day=7))
    assert numbers(look(stage)) == expected
    stage.memory.forget_calls()
    stage.run()
    assert bool(stage.writes()) == (direction == "out")
    assert ("New there" in stage.subjects()) == (direction == "in")
    assert "Gym" in stage.subjects()
    stage.in_step()


def test_a_smaller_window_deletes_nothing(sqlite_stage: Stage) -> None:
    """What leaves it stays as it is, on both sides, and goes on being in step."""
    stage = sqlite_stage
    ref = stage.memory.put(stage.one, appointment("Far away", day=100))
    stage.run()
    stage.prefer(months_ahead=1)
    assert numbers(look(stage)) == {}
    stage.in_step()
    stage.memory.edit(ref, subject="Far, far away")
    stage.run()
    assert stage.subjects() == stage.there() == ["Far, far away"]


def test_a_calendar_that_is_let_go_of_is_foreseen(sqlite_stage: Stage) -> None:
    """Its blocks go; its name stands beside the number."""
    stage = sqlite_stage
    stage.memory.put(stage.imported, appointment("Gym"))
    stage.run()
    with stage.core.storage.write(stage.scope) as session:
        stage.retire(session, stage.imported)
    found = look(stage)
    assert numbers(found) == {"leaves_here": 1}
    assert [part.retired for part in found.parts if part.found] == [True]
    stage.run()
    assert stage.subjects() == []


def test_a_rule_that_andock_cannot_keep_is_foreseen(sqlite_stage: Stage) -> None:
    """It is set aside and shown, as in the run."""
    stage = sqlite_stage
    stage.memory.put(stage.one, appointment("Odd", recurrence="FREQ=SECONDLY"))
    assert numbers(look(stage)) == {"unread": 1}
    assert stage.run().counts == {"aside": 1}


def test_a_lost_cursor_is_a_listing_in_the_preview_too(sqlite_stage: Stage) -> None:
    """What the listing does not name is read before it counts as deleted."""
    stage = sqlite_stage
    refs = [stage.memory.put(stage.one, appointment(f"Visit {n}", day=n + 1)) for n in range(8)]
    stage.run()
    stage.memory.remove(refs[0])
    stage.memory.lose_cursors()
    assert numbers(look(stage)) == {"deletes_here": 1}


def test_a_server_that_does_not_answer_ends_the_preview(sqlite_stage: Stage) -> None:
    """With the reason, and nothing else."""
    sqlite_stage.memory.fail("changes", "before")
    with pytest.raises(errors.Transient):
        look(sqlite_stage)


def test_deletes_wait_for_what_cannot_be_read(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may be what vanished, under a new ref; the run sees it so too."""
    stage = sqlite_stage
    gone = stage.memory.put(stage.one, appointment("Visit"))
    stage.run()
    stage.memory.remove(gone)
    bad = stage.memory.put(stage.one, appointment("Visit", day=20))
    read = MemoryConnector.read

    def stumbling(self: MemoryConnector, ref: str, refs: Sequence[str]) -> list[ReadResult]:
        return [
            Unreadable(ref=bad, error="item.odd") if found.ref == bad else found
            for found in read(self, ref, refs)
        ]

    monkeypatch.setattr(MemoryConnector, "read", stumbling)
    assert numbers(look(stage)) == {"unread": 1}
    stage.run()
    assert stage.subjects() == ["Visit"]
