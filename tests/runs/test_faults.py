"""Whatever fails, and whenever: nothing doubled, nothing lost, the rest goes on."""

import os
from datetime import timedelta

import pytest
from sqlalchemy import update

from andock_core import clock
from andock_core.jobs import lease as leases
from andock_core.runs.execute import run_connection
from andock_core.storage import (
    SYSTEM,
    Connection,
    InboxItem,
    Intent,
    JournalLine,
    Pair,
    Run,
)
from andock_sdk import errors
from tests.runs.stage import Stage, appointment
from tests.support.memory_service import document


def test_a_create_whose_answer_is_lost_is_found_again(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.memory.fail("create", "lost")
    stage.run()
    assert len(stage.rows(Intent)) == 1
    stage.run()
    assert stage.there() == ["Kick-off"]
    assert stage.rows(Intent) == []
    stage.in_step()


def test_a_create_that_never_arrived_is_repeated(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.memory.fail("create", "before")
    stage.run()
    stage.retry()
    assert stage.there() == ["Kick-off"]
    assert stage.rows(Intent) == []
    stage.in_step()


def test_an_edit_made_there_before_the_recovery_is_not_lost(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.memory.fail("create", "lost")
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.memory.edit(ref, subject="Kick-off, edited there")
    stage.run()
    assert stage.subjects() == stage.there() == ["Kick-off, edited there"]
    stage.in_step()


def test_an_edit_made_here_before_the_recovery_is_not_lost(stage: Stage) -> None:
    stage.memory.set_flag("normalises", True)
    entry_id = stage.create(appointment("Kick-off", body={"content": "one"}))
    stage.memory.fail("create", "lost")
    stage.run()
    stage.edit(entry_id, body={"content": "two"})
    stage.run()
    stage.run()
    (remote,) = stage.memory.items(stage.one).values()
    assert document(remote).body.content.strip() == "two"
    stage.in_step()


def test_an_update_whose_answer_is_lost_is_settled(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    stage.edit(entry_id, subject="Kick-off 2")
    stage.memory.fail("update", "lost")
    stage.run()
    stage.edit(entry_id, subject="Kick-off 3")  # whoever wrote this saw "Kick-off 2"
    stage.run()
    assert stage.there() == stage.subjects() == ["Kick-off 3"]
    assert "conflicts" not in stage.results[-1].counts
    stage.in_step()


def test_a_delete_whose_answer_is_lost_is_settled(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    stage.remove(entry_id)
    stage.memory.fail("delete", "lost")
    stage.run()
    stage.run()
    assert stage.there() == []
    assert stage.rows(Pair) == stage.rows(Intent) == []
    stage.in_step()


def test_a_conflict_is_read_again_and_merged(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    stage.edit(entry_id, subject="Kick-off 2")
    stage.memory.fail("update", "conflict")
    stage.run()
    assert stage.there() == ["Kick-off 2"]
    stage.in_step()


@pytest.mark.parametrize("call", ["create", "update", "delete"])
def test_a_worker_that_dies_after_a_write_leaves_no_duplicate(stage: Stage, call: str) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    if call != "create":
        stage.run()
    if call == "update":
        stage.edit(entry_id, subject="Kick-off 2")
    if call == "delete":
        stage.remove(entry_id)
    stage.memory.fail(call, "crash")
    stage.core.storage.close()
    child = os.fork()
    if child == 0:
        stage.core.after_fork()
        stage.run()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    stage.lapse()
    stage.run()
    expected = {"create": ["Kick-off"], "update": ["Kick-off 2"], "delete": []}[call]
    assert stage.there() == stage.subjects() == expected
    assert [run.state for run in stage.runs()][-2:] == ["abandoned", "done"]
    stage.in_step()


def test_one_bad_item_does_not_stop_the_others(stage: Stage) -> None:
    stage.create(appointment("First"))
    stage.create(appointment("Second", day=4))
    stage.memory.fail("create", "before")
    stage.run()
    assert len(stage.there()) == 1
    (waiting,) = [pair for pair in stage.rows(Pair) if pair.state == "dirty"]
    assert waiting.error == "transient"
    stage.retry()
    assert stage.there() == ["First", "Second"]
    stage.in_step()


def test_an_item_is_set_aside_after_five_tries(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id = stage.create(appointment("First"))
    stage.memory.fail("create", "before", times=5)
    for _ in range(5):
        stage.retry()
    (pair,) = stage.rows(Pair)
    assert (pair.state, pair.tries) == ("aside", 5)
    stage.in_step()
    stage.edit(entry_id, subject="First, changed")  # an edit is a new chance
    stage.retry()
    assert stage.there() == ["First, changed"]


def test_a_rule_that_andock_cannot_expand_is_set_aside_and_shown(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.one, appointment("Odd", recurrence="FREQ=SECONDLY"))
    stage.memory.put(stage.one, appointment("Fine", day=4))
    stage.run()
    assert stage.subjects() == ["Fine"]
    (line,) = stage.rows(InboxItem)
    assert line.error == "item.rule"
    stage.in_step()


def test_throttling_stops_the_run_and_keeps_what_is_done(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    for day in range(3):
        stage.create(appointment(f"Entry {day}", day=day))
    stage.memory.fail("create", "throttled", after=1)
    with pytest.raises(errors.Throttled) as caught:
        stage.run()
    assert caught.value.until is not None
    assert len(stage.there()) == 1
    assert stage.rows(Intent) == []
    stage.run()
    assert stage.there() == ["Entry 0", "Entry 1", "Entry 2"]
    stage.in_step()


def test_a_refused_password_stops_the_run_after_one_try(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.add_account("mara@example.test", "changed")
    stage.memory.forget_calls()
    with pytest.raises(errors.BadCredentials):
        stage.run()
    assert stage.memory.calls() == []


def test_a_calendar_that_is_gone_stops_only_itself(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.imported, appointment("Dentist"))
    stage.memory.drop_calendar(stage.one)
    with pytest.raises(errors.CollectionGone):
        stage.run()
    assert stage.subjects() == ["Dentist"]


def test_a_dead_network_ends_the_run(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    for day in range(5):
        stage.create(appointment(f"Entry {day}", day=day))
    stage.memory.fail("create", "before", times=5)
    with pytest.raises(errors.Transient):
        stage.run()
    assert stage.writes() == ["create"] * 3


def test_a_run_that_lost_its_lease_writes_nothing_more(stage: Stage) -> None:
    stage.create(appointment("Kick-off"))
    stage.memory.put(stage.one, appointment("Lunch", day=4))
    lease = stage.lease()
    stage.lapse()
    newer = stage.lease()
    before = stage.snapshot()
    with pytest.raises(leases.LeaseLost):
        run_connection(stage.core, lease, "manual")
    assert stage.writes() == []
    assert stage.snapshot() == before
    leases.release(stage.core.storage, newer)


def test_a_lease_lost_in_mid_run_leaves_a_write_to_recover(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage.create(appointment("Kick-off"))
    create = stage.memory.create.__func__  # type: ignore[attr-defined]

    def steal(self: object, *arguments: object) -> object:
        stage.lapse()
        with stage.core.storage.write(SYSTEM) as session:
            session.execute(update(Connection).values(fence=Connection.fence + 1))
        return create(self, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(type(stage.memory), "create", steal)
        with pytest.raises(leases.LeaseLost):
            stage.run()
    assert len(stage.rows(Intent)) == 1
    stage.lapse()
    stage.run()
    assert stage.there() == ["Kick-off"]
    stage.in_step()


def test_an_edit_during_the_run_survives(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.edit(entry_id, subject="Kick-off 2")
    stage.memory.edit(ref, location="Room 4")
    edit = stage.memory.edit.__func__  # type: ignore[attr-defined]

    def meanwhile(self: object, *arguments: object, **fields: object) -> object:
        made = edit(self, *arguments, **fields)
        monkeypatch.undo()
        monkeypatch.setenv("ANDOCK_MEMORY_FILE", str(stage.memory.path))
        stage.edit(entry_id, busy="away")
        return made

    monkeypatch.setattr(type(stage.memory), "edit", meanwhile)
    stage.run()
    (item,) = [item for _, item in stage.here().values()]
    assert (item.subject, item.location, item.busy) == ("Kick-off 2", "Room 4", "away")
    (remote,) = stage.memory.items(stage.one).values()
    assert document(remote).busy == "away"
    stage.in_step()


def test_too_many_deletes_are_held_until_the_member_decides(stage: Stage) -> None:
    from andock_core.runs.held import held, release

    refs = [stage.memory.put(stage.one, appointment(f"Entry {day}", day=day)) for day in range(8)]
    stage.run()
    for ref in refs[:5]:
        stage.memory.remove(ref)
    assert stage.run().state == "held"
    assert len(stage.subjects()) == 8
    stage.in_step()
    with stage.core.storage.write(stage.scope) as session:
        assert held(session, stage.connection_id) == {"here": 5}
        release(session, stage.connection_id, "here")
    stage.run()
    assert stage.subjects() == ["Entry 5", "Entry 6", "Entry 7"]
    stage.in_step()


def test_the_breaker_counts_over_a_day(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    refs = [stage.memory.put(stage.one, appointment(f"Entry {day}", day=day)) for day in range(8)]
    stage.run()
    states = []
    for ref in refs[:4]:
        stage.memory.remove(ref)
        states.append(stage.run().state)
    assert states == ["done", "done", "done", "held"]


def test_deletes_made_here_are_held_too(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    made = [stage.create(appointment(f"Entry {day}", day=day)) for day in range(6)]
    stage.run()
    for entry_id in made[:5]:
        stage.remove(entry_id)
    assert stage.run().state == "held"
    assert len(stage.there()) == 6


def test_a_delete_stands_in_the_journal_with_what_was(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    ref = stage.memory.put(stage.one, appointment("Dentist"))
    stage.run()
    stage.memory.remove(ref)
    stage.run()
    line = max(stage.rows(JournalLine), key=lambda row: row.at)
    assert (line.side, line.action, line.reason) == ("here", "delete", "deleted there")
    content = stage.journal(line)
    assert (content["before"]["subject"], content["after"]) == ("Dentist", None)


def test_outside_the_window_only_ids_are_known(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.one, appointment("Long ago", day=-200))
    stage.memory.put(stage.one, appointment("Far ahead", day=800))
    stage.run()
    assert stage.here() == {}
    pairs = {(pair.state, pair.base_local, pair.next_try_at is None) for pair in stage.rows(Pair)}
    assert pairs == {("outside", None, True), ("outside", None, False)}
    stage.in_step()


def test_what_comes_into_the_window_arrives(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.memory.put(stage.one, appointment("Far ahead", day=740))
    stage.run()
    (pair,) = stage.rows(Pair)
    assert timedelta() < pair.next_try_at - clock.now() < timedelta(days=15)
    (ref,) = stage.memory.items(stage.one)
    stage.memory.edit(ref, when=appointment(day=5).when)
    stage.run()
    assert stage.subjects() == ["Far ahead"]
    stage.in_step()


def test_a_run_that_fails_is_counted_too(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    stage.create(appointment("First"))
    stage.create(appointment("Second", day=4))
    stage.memory.fail("create", "throttled", after=1)
    with pytest.raises(errors.Throttled):
        stage.run()
    (run,) = stage.rows(Run)
    assert run.counts == {"out.created": 1}


def test_who_asks_for_a_run_does_not_wait_for_the_next_try(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    stage.edit(entry_id, subject="Kick-off 2")
    stage.memory.fail("update", "before")
    stage.run()
    stage.run()
    assert stage.there() == ["Kick-off"]
    stage.run(trigger="manual")
    assert stage.there() == ["Kick-off 2"]
