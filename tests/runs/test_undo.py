"""A delete that is taken back, with runs before, in between and after."""

import os
from typing import Any

from andock_core.calendar.bringing_back import bring_back, kept_entry
from tests.runs.stage import Stage, appointment


def removed(stage: Stage, entry_id: str) -> dict[str, Any]:
    """The member deletes; what the page keeps for the undo."""
    with stage.entries() as (_, entries):
        entry = entries.get(entry_id)
        assert entry is not None
        kept = kept_entry(entry, entries.document(entry))
        entries.delete(entry, expected_version=entry.version)
        return kept


def undone(stage: Stage, kept: dict[str, Any]) -> str:
    with stage.entries() as (session, entries):
        return bring_back(session, entries, kept).id


def test_without_a_run_in_between_the_other_side_learns_nothing(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id = stage.create(appointment("Offer"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    assert undone(stage, removed(stage, entry_id)) == entry_id
    stage.memory.forget_calls()
    stage.run()
    assert stage.writes() == []
    assert list(stage.memory.items(stage.one)) == [ref]
    stage.in_step()


def test_after_a_run_it_is_created_there_anew_once(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id = stage.create(appointment("Offer"))
    stage.run()
    kept = removed(stage, entry_id)
    stage.run()
    assert stage.there() == []
    assert undone(stage, kept) != entry_id
    stage.run()
    assert (stage.subjects(), stage.there()) == (["Offer"], ["Offer"])
    stage.in_step()


def test_a_converted_block_comes_back_too(sqlite_stage: Stage) -> None:
    """What the other side had before, it has again."""
    stage = sqlite_stage
    stage.memory.put(stage.one, appointment("Review"))
    stage.run()
    entry_id = stage.only()
    stage.convert(entry_id)
    stage.run()
    kept = removed(stage, entry_id)
    stage.run()
    assert stage.there() == []
    undone(stage, kept)
    stage.run()
    assert (stage.subjects("appointment"), stage.there()) == (["Review"], ["Review"])
    stage.in_step()


def test_a_worker_that_died_between_deleting_and_telling_loses_nothing(
    sqlite_stage: Stage,
) -> None:
    """The pair still stands, but its item is gone: the next run creates it anew."""
    stage = sqlite_stage
    entry_id = stage.create(appointment("Offer"))
    stage.run()
    kept = removed(stage, entry_id)
    stage.memory.fail("delete", "crash")
    stage.core.storage.close()
    child = os.fork()
    if child == 0:
        stage.core.after_fork()
        stage.run()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.waitstatus_to_exitcode(status) == 9
    stage.lapse()
    assert undone(stage, kept) != entry_id
    stage.run()
    assert (stage.subjects(), stage.there()) == (["Offer"], ["Offer"])
    stage.in_step()
