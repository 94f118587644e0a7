"""Conflicts afterwards: what lost can still be chosen, unless it changed since."""

import pytest

from andock_core.connections.errors import NotFound
from andock_core.journal import conflicts, queries
from andock_core.journal.conflicts import CannotChoose, Changed, Choice, Conflict
from andock_core.storage import Scope
from tests.journal.acts import no_queue
from tests.runs.stage import Stage, appointment

__all__ = ["no_queue"]


def contested(stage: Stage) -> tuple[str, str]:
    """Both sides gave it another title; entry and ref."""
    entry_id = stage.create(appointment("Kick-off"))
    stage.run()
    (ref,) = stage.memory.items(stage.one)
    stage.memory.edit(ref, subject="theirs")
    stage.edit(entry_id, subject="mine")
    stage.run()
    return entry_id, ref


def waiting(stage: Stage) -> list[Conflict]:
    return conflicts.page(stage.core, stage.scope, stage.connection_id)


def decide(stage: Stage, choice: Choice, seen: str | None = None) -> None:
    (conflict,) = waiting(stage)
    version = conflict.seen if seen is None else seen
    conflicts.decide(
        stage.core, stage.scope, stage.connection_id, conflict.line.id, choice, version
    )
    stage.lapse()


def count(stage: Stage) -> int:
    return queries.open_conflicts(stage.core, stage.scope, stage.connection_id)


def test_both_values_are_shown(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    contested(stage)
    (conflict,) = waiting(stage)
    (field,) = conflict.fields
    assert (field.path, field.mine, field.theirs, field.now) == (
        "subject",
        "mine",
        "theirs",
        "theirs",
    )
    assert (conflict.holds, count(stage)) == ("theirs", 1)


def test_keep_mine_writes_it_on_both_sides(stage: Stage) -> None:
    contested(stage)
    decide(stage, "mine")
    assert stage.subjects() == ["mine"]
    stage.run()
    assert stage.there() == stage.subjects() == ["mine"]
    assert (waiting(stage), count(stage)) == ([], 0)
    stage.in_step()


@pytest.mark.more
@pytest.mark.parametrize("choice", ["theirs", "fine"])
def test_what_is_there_already_is_not_written(sqlite_stage: Stage, choice: Choice) -> None:
    stage = sqlite_stage
    contested(stage)
    decide(stage, choice)
    assert waiting(stage) == []
    stage.in_step()
    assert stage.there() == ["theirs"]


def test_if_it_changed_since_nothing_is_written_and_it_is_asked_again(
    sqlite_stage: Stage,
) -> None:
    stage = sqlite_stage
    entry_id, _ = contested(stage)
    (before,) = waiting(stage)
    stage.edit(entry_id, subject="a third")
    with pytest.raises(Changed):
        decide(stage, "mine", before.seen)
    (conflict,) = waiting(stage)
    assert (stage.subjects(), conflict.moved_on) == (["a third"], True)
    decide(stage, "mine")
    assert stage.subjects() == ["mine"]


@pytest.mark.more
def test_of_what_is_gone_nothing_can_be_chosen(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    entry_id, _ = contested(stage)
    stage.remove(entry_id)
    with pytest.raises(CannotChoose):
        decide(stage, "mine")
    decide(stage, "fine")
    assert waiting(stage) == []


def test_a_stranger_sees_no_conflict(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    contested(stage)
    other = Scope(stage.scope.tenant_id, "somebody-else")
    with pytest.raises(NotFound):
        conflicts.page(stage.core, other, stage.connection_id)
    with pytest.raises(NotFound):
        queries.open_conflicts(stage.core, other, stage.connection_id)
