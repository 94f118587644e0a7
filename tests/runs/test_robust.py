"""One item's fault is its own, and nothing of it leaks; two connections meet in one mailbox."""

import logging
import os
from multiprocessing import get_context
from typing import Any

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from andock_core.runs.committing import Committing
from andock_core.runs.recognising import Recognising
from andock_core.storage import Entry, InboxItem, Intent, JournalLine, Pair
from tests.runs.stage import PASSWORD, USER, Stage, appointment
from tests.support.memory_service import document

SECRET = "Oncology"


def test_an_entry_that_cannot_be_opened_is_its_own_trouble(stage: Stage) -> None:
    stage.memory.put(stage.one, appointment(SECRET))
    stage.memory.put(stage.one, appointment("Lunch", day=4))
    stage.run()
    broken, *_ = (key for key, (_, item) in stage.here().items() if item.subject == SECRET)
    with stage.core.storage.write(stage.scope) as session:
        session.execute(update(Entry).where(Entry.id == broken).values(sealed=b"-", version=2))
    stage.memory.put(stage.one, appointment("Review", day=5))
    stage.run()
    (pair,) = [pair for pair in stage.rows(Pair) if pair.state != "ok"]
    assert (pair.entry_id, pair.state, pair.error) == (broken, "dirty", "item.unforeseen")
    assert len(stage.rows(Entry)) == 3


def test_an_unforeseen_error_tells_the_log_its_type_and_place_alone(
    sqlite_stage: Stage, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stage = sqlite_stage

    def explode(*_arguments: object, **_named: object) -> None:
        raise ValueError(f"what {SECRET} says")

    stage.memory.put(stage.one, appointment(SECRET))
    with monkeypatch.context() as patch, caplog.at_level(logging.DEBUG, "andock"):
        patch.setattr(Committing, "_settle", explode)
        stage.run()
    assert "error='ValueError (test_robust.py" in caplog.text
    assert SECRET not in caplog.text
    (line,) = stage.rows(InboxItem)
    assert (line.error, line.tries) == ("item.unforeseen", 1)


def test_two_first_runs_in_one_mailbox_at_the_same_moment_import_once(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Both have seen that the other has not got the item before either takes it in."""
    stage.memory.put(stage.one, appointment("Dentist"))
    stage.memory.put(stage.one, appointment("Lunch", day=4))
    second = stage.connect({stage.one: "import"}, user=USER)
    meeting = get_context("fork").Barrier(2, timeout=20)
    recognise = Recognising.recognise
    met: list[object] = []

    def both(self: Recognising, remote: Any, here: Any) -> Any:
        found = recognise(self, remote, here)
        if not met:
            met.append(found.twin)
            meeting.wait()
        return found

    with monkeypatch.context() as patch:
        patch.setattr(Recognising, "recognise", both)
        stage.core.storage.close()
        child = os.fork()
        if child == 0:
            stage.core.after_fork()
            stage.run(second)
            os._exit(0)
        stage.core.after_fork()
        stage.run()
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 0
    assert met == [False]
    assert stage.subjects() == ["Dentist", "Lunch"]
    stage.in_step()
    stage.run(second)
    assert stage.subjects() == ["Dentist", "Lunch"]


def test_what_is_converted_and_deleted_before_any_run_goes_there_too(stage: Stage) -> None:
    stage.memory.put(stage.one, appointment("Lunch"))
    stage.run()
    entry_id = stage.only()
    stage.convert(entry_id)
    stage.remove(entry_id)
    stage.run()
    assert stage.there() == stage.subjects() == []
    stage.in_step()


def test_a_block_that_was_never_converted_comes_back(stage: Stage) -> None:
    stage.memory.put(stage.one, appointment("Lunch"))
    stage.run()
    stage.remove(stage.only())
    stage.run()
    assert stage.there() == stage.subjects("block") == ["Lunch"]
    stage.in_step()


@pytest.mark.parametrize("place", ["before", "after"])
def test_a_database_that_fails_in_mid_run_ends_it_and_loses_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    """Before the write there is noted, or when what became of it is."""
    stage.create(appointment("Kick-off"))
    stage.memory.put(stage.one, appointment("Lunch", day=4))
    carry_out = Committing.carry_out

    def fail(self: Committing, step: Any) -> None:
        carry_out(self, step)
        if place == "before" or step.intent_done:
            raise OperationalError("COMMIT", None, Exception("the server went away"))

    with monkeypatch.context() as patch:
        patch.setattr(Committing, "carry_out", fail)
        with pytest.raises(OperationalError):
            stage.run()
    assert len(stage.rows(Intent)) == (place == "after")
    stage.run()
    assert stage.there() == stage.subjects() == ["Kick-off", "Lunch"]
    assert stage.rows(Intent) == []
    stage.in_step()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_a_worker_that_dies_while_committing_leaves_all_or_nothing(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """Entry, pair, intent, inbox and journal are one transaction: they agree afterwards."""
    stage.create(appointment("Kick-off"))
    stage.memory.put(stage.one, appointment("Lunch", day=4))
    stage.memory.put(stage.one, appointment("Review", day=5))
    carry_out = Committing.carry_out
    steps: list[object] = []

    def die(self: Committing, step: Any) -> None:
        carry_out(self, step)
        self.session.flush()
        steps.append(step)
        if len(steps) == number:
            os._exit(9)

    stage.core.storage.close()
    child = os.fork()
    if child == 0:
        monkeypatch.setattr(Committing, "carry_out", die)
        stage.core.after_fork()
        stage.run()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    assert len(stage.rows(Pair)) == number - 1
    assert told(stage) == paired(stage)
    stage.lapse()
    stage.run()
    assert stage.there() == stage.subjects() == ["Kick-off", "Lunch", "Review"]
    assert len(stage.rows(Pair)) == 3
    assert told(stage) == paired(stage)
    stage.in_step()


def told(stage: Stage) -> set[str]:
    """The entries that the journal speaks of."""
    return {line.entry_id for line in stage.rows(JournalLine)}


def paired(stage: Stage) -> set[str]:
    """The entries that have a pair."""
    return {pair.entry_id for pair in stage.rows(Pair)}


def test_the_same_meeting_in_two_members_mailboxes_stays_each_members_own(stage: Stage) -> None:
    colleague = "ben@example.test"
    stage.memory.add_account(colleague, PASSWORD)
    his = stage.memory.add_calendar(colleague, "Kalender", default=True)
    meeting = appointment("Meeting", uid="meeting@example.test")
    mine_ref = stage.memory.put(stage.one, meeting)
    his_ref = stage.memory.put(his, meeting)
    stage.run()
    ben = stage.colleague(colleague)
    ben.connection_id = ben.connect({his: "one"}, user=colleague)
    ben.run()
    assert stage.subjects("block") == ben.subjects("block") == ["Meeting"]
    assert stage.only() != ben.only()
    stage.convert(stage.only())
    stage.memory.edit(his_ref, location="His room")
    stage.run()
    ben.run()
    assert ben.subjects("block") == ["Meeting"]
    assert [item.location for _, item in stage.here().values()] == [""]
    assert [item.location for _, item in ben.here().values()] == ["His room"]
    assert mine_ref in stage.memory.items(stage.one)


def test_what_was_deleted_there_before_it_was_ever_announced_goes_here_too(stage: Stage) -> None:
    """Made by Andock and deleted before the next listing of changes: Exchange tells neither."""
    stage.create(appointment("Kick-off"))
    stage.create(appointment("Lunch", day=4))
    stage.run()
    gone, _ = sorted(
        stage.memory.items(stage.one).values(), key=lambda remote: document(remote).subject
    )
    stage.memory.vanish(gone.ref)
    stage.run()
    assert stage.there() == stage.subjects() == ["Lunch"]
    stage.in_step()


def test_what_was_announced_is_not_read_again(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.create(appointment("Kick-off"))
    stage.run()
    stage.run()
    assert not any(pair.unannounced for pair in stage.rows(Pair))
    stage.memory.forget_calls()
    stage.run()
    assert stage.memory.calls("read") == []
