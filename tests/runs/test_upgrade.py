"""A newer Andock knows fields that an older one did not, and the other way round."""

from typing import Any

import pytest
from sqlalchemy import select

from andock_core.storage import Collection, Entry, JournalLine, Pair
from andock_core.vault import Label
from andock_sdk import errors
from andock_sdk.items import DOCUMENT_VERSION
from tests.runs.stage import Stage, appointment
from tests.support.memory_service import document

FIELD = "reminder_minutes"
PAIRS = 1000
HALVES = ("base_local", "base_remote")


def rewrite(stage: Stage, change: Any, *, version: int) -> None:
    """Seal all bases as another release would have, `change` applied to their documents."""
    scope, vault = stage.scope, stage.core.vault
    with stage.core.storage.write(scope) as session:
        for pair in session.scalars(select(Pair).where(Pair.base_local.is_not(None))):
            for half in HALVES:
                label = Label(scope.tenant_id, scope.member_id, f"pair.{half}", pair.id)
                value = vault.open_json(label, getattr(pair, half))
                setattr(pair, half, vault.seal_json(label, change(value)))
            pair.base_version = version


def without_the_field(value: dict[str, Any]) -> dict[str, Any]:
    """A document of a release that did not know it."""
    return {name: one for name, one in value.items() if name != FIELD}


def bases(stage: Stage) -> list[dict[str, Any]]:
    """All base halves, opened."""
    scope, vault = stage.scope, stage.core.vault
    found = []
    for pair in stage.rows(Pair):
        for half in HALVES:
            label = Label(scope.tenant_id, scope.member_id, f"pair.{half}", pair.id)
            found.append(vault.open_json(label, getattr(pair, half)))
    return found


def forget_here(stage: Stage) -> None:
    """Nor did that release keep the field in its own documents."""
    with stage.core.storage.write(stage.scope) as session:
        for row in session.scalars(select(Entry)):
            if row.document:
                row.document = without_the_field(row.document)


def fill(stage: Stage, count: int) -> None:
    """So many pairs: half made here, a third of the rest converted; some with a reminder."""
    with stage.entries() as (_, entries):
        for number in range(count // 2):
            item = appointment(f"Here {number}", day=number % 300)
            entries.create(item, visibility="appointment", origin="andock")
    for number in range(count - count // 2):
        stage.memory.put(stage.one, appointment(f"There {number}", day=number % 300))
    stage.run()
    with stage.entries() as (session, entries):
        blocks = session.scalars(select(Entry).where(Entry.visibility == "block")).all()
        for entry in blocks[::3]:
            entries.make_visible(entry)
    stage.run()


def upgrade(stage: Stage, count: int) -> None:
    """What must hold in the first run of the newer release."""
    fill(stage, count)
    assert len(stage.rows(Pair)) == count
    rewrite(stage, without_the_field, version=DOCUMENT_VERSION - 1)
    forget_here(stage)
    assert all(FIELD not in base for base in bases(stage))
    before = {row.id: row.version for row in stage.rows(Entry)}
    lines = len(stage.rows(JournalLine))
    seen = stage.here()
    stage.memory.forget_calls()
    result = stage.run()
    assert stage.writes() == []
    assert result.counts == {}
    assert len(stage.rows(JournalLine)) == lines
    assert {row.id: row.version for row in stage.rows(Entry)} == before
    assert stage.here() == seen
    assert all(FIELD in base for base in bases(stage))
    assert {pair.base_version for pair in stage.rows(Pair)} == {DOCUMENT_VERSION}


@pytest.mark.more
@pytest.mark.timeout(600)
def test_a_thousand_pairs_learn_a_new_field_without_a_write(stage: Stage) -> None:
    upgrade(stage, PAIRS)


def test_pairs_learn_a_new_field_without_a_write(sqlite_stage: Stage) -> None:
    upgrade(sqlite_stage, 16)


def test_what_the_other_side_says_in_a_new_field_is_adopted_and_never_written_out(
    stage: Stage,
) -> None:
    for day in range(1, 4):
        stage.create(appointment(f"Entry {day}", day=day))
    stage.run()
    for ref in stage.memory.items(stage.one):
        stage.memory.edit(ref, reminder_minutes=15)
    stage.run()
    rewrite(stage, without_the_field, version=DOCUMENT_VERSION - 1)
    forget_here(stage)
    assert {item.reminder_minutes for _, item in stage.here().values()} == {None}
    stage.memory.forget_calls()
    stage.run()
    assert stage.writes() == []
    assert {item.reminder_minutes for _, item in stage.here().values()} == {15}
    there = stage.memory.items(stage.one).values()
    assert {document(remote).reminder_minutes for remote in there} == {15}
    stage.in_step()


def test_a_full_listing_right_after_the_upgrade_writes_nothing_either(sqlite_stage: Stage) -> None:
    stage = sqlite_stage
    fill(stage, 8)
    rewrite(stage, without_the_field, version=DOCUMENT_VERSION - 1)
    forget_here(stage)
    with stage.core.storage.write(stage.scope) as session:
        for row in session.scalars(select(Collection)):
            row.cursor = None
    stage.memory.forget_calls()
    assert stage.run().counts == {}
    assert stage.writes() == []


def test_what_a_newer_release_kept_is_refused_and_left_as_it_is(stage: Stage) -> None:
    entry_id = stage.create(appointment("Kick-off"))
    stage.memory.put(stage.one, appointment("Lunch", day=4))
    stage.run()
    rewrite(stage, lambda value: {**value, "mood": "good"}, version=DOCUMENT_VERSION + 1)
    stage.edit(entry_id, subject="Kick-off 2")
    before = stage.snapshot()
    stage.memory.forget_calls()
    with pytest.raises(errors.AdminError) as caught:
        stage.run()
    assert caught.value.key == "documents.newer"
    assert stage.memory.calls() == []
    assert stage.snapshot() == before
    assert all(base["mood"] == "good" for base in bases(stage))
    rewrite(stage, lambda value: without(value, "mood"), version=DOCUMENT_VERSION)
    stage.run()  # the newer release is back
    assert sorted(stage.there()) == ["Kick-off 2", "Lunch"]


def without(value: dict[str, Any], name: str) -> dict[str, Any]:
    """The document without a field."""
    return {key: one for key, one in value.items() if key != name}
