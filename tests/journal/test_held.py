"""What a run held back: the member sees it and decides; nothing is lost or doubled by that."""

import pytest

from andock_core.jobs import lease as leases
from andock_core.journal import held
from andock_core.journal.held import Decision
from andock_core.runs.held import What
from andock_core.storage import Pair
from andock_sdk import Attendee, Person
from tests.journal.acts import no_queue
from tests.runs.stage import Stage, appointment

__all__ = ["no_queue"]
NAMES = [f"Entry {day}" for day in range(8)]


def emptied_there(stage: Stage) -> None:
    """All that was imported vanished at once on the other side; the run holds."""
    for day, name in enumerate(NAMES):
        stage.memory.put(stage.imported, appointment(name, day=day, uid=f"uid-{day}"))
    stage.run()
    for ref in list(stage.memory.items(stage.imported)):
        stage.memory.remove(ref)
    assert stage.run().state == "held"


def shown(stage: Stage, what: What) -> list[str]:
    found = held.page(stage.core, stage.scope, stage.connection_id, what)
    assert found.total == len(found.items)
    return sorted(one.title for one in found.items)


def decide(stage: Stage, what: What, decision: Decision) -> None:
    held.decide(stage.core, stage.scope, stage.connection_id, what, decision)
    stage.lapse()
    stage.run()


def test_the_member_sees_what_would_go(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    emptied_there(stage)
    assert shown(stage, "here") == NAMES
    assert held.counts(stage.core, stage.scope, stage.connection_id) == {"here": 8}
    assert stage.subjects() == NAMES


@pytest.mark.more
def test_delete_deletes_them_all(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    emptied_there(stage)
    decide(stage, "here", "delete")
    assert stage.subjects() == []
    assert held.counts(stage.core, stage.scope, stage.connection_id) == {}


def test_restore_makes_them_there_again_and_once(stage: Stage) -> None:
    emptied_there(stage)
    decide(stage, "here", "restore")
    assert stage.there(stage.imported) == stage.subjects("block") == NAMES
    stage.in_step()


@pytest.mark.more
def test_what_somebody_put_back_meanwhile_is_not_made_twice(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    emptied_there(stage)
    stage.memory.put(stage.imported, appointment(NAMES[0], day=0, uid="uid-0"))
    decide(stage, "here", "restore")
    assert stage.there(stage.imported) == stage.subjects("block") == NAMES
    stage.in_step()


@pytest.mark.more
def test_a_restore_whose_answer_is_lost_is_not_made_twice(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    emptied_there(stage)
    stage.memory.fail("create", "lost")
    decide(stage, "here", "restore")
    stage.retry()
    assert stage.there(stage.imported) == stage.subjects("block") == NAMES
    stage.in_step()


@pytest.mark.more
def test_what_was_deleted_here_comes_back_here(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    ids = [stage.create(appointment(name, day=day)) for day, name in enumerate(NAMES)]
    stage.run()
    for entry_id in ids:
        stage.remove(entry_id)
    assert stage.run().state == "held"
    assert shown(stage, "there") == NAMES
    decide(stage, "there", "restore")
    assert stage.there() == stage.subjects("appointment") == NAMES
    assert set(stage.here()) == set(ids)
    stage.in_step()


def test_a_paused_connection_rests_until_it_is_resumed(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    held.pause(stage.core, stage.scope, stage.connection_id)
    assert leases.acquire(stage.core.storage, stage.connection_id, "test") is None
    held.resume(stage.core, stage.scope, stage.connection_id)
    assert leases.acquire(stage.core.storage, stage.connection_id, "test") is not None


def mailing(stage: Stage) -> str:
    """A change of a meeting, on a side that would tell its attendees; its entry."""
    guests = (Attendee(person=Person(name="Omar", email="omar@example.test")),)
    entry_id = stage.create(appointment("Kick-off", attendees=guests))
    stage.run()
    stage.memory.set_flag("silent", False)
    stage.edit(entry_id, subject="Kick-off, moved")
    stage.run()
    return entry_id


def test_what_would_mail_is_sent_when_the_member_says_so(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    mailing(stage)
    (waits,) = held.page(stage.core, stage.scope, stage.connection_id, "mail").items
    assert (waits.title, waits.people, waits.does) == ("Kick-off, moved", 1, "update")
    assert stage.there() == ["Kick-off"]
    decide(stage, "mail", "send")
    assert stage.there() == ["Kick-off, moved"]
    assert stage.results[-1].counts["mails"] == 1


def test_what_would_mail_is_taken_back_when_the_member_says_so(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    mailing(stage)
    decide(stage, "mail", "back")
    assert stage.there() == stage.subjects() == ["Kick-off"]
    assert [pair.state for pair in stage.rows(Pair)] == ["ok"]
    stage.in_step()
