"""Seeded bugs. Each must be caught by the harness; one that is not shows that it sleeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import pytest

from andock_core.sync import apply, merge, plan, recover
from andock_core.sync.documents import Base
from andock_core.sync.merge import Lost
from andock_core.sync.ports import ChangedEntry, Recognition, Settled, Step
from tests.sync.model_remote import ModelRemote
from tests.sync.model_store import ModelStore

MUTANTS: dict[str, tuple[Any, str, Any]] = {
    "no intent before a create": (ModelStore, "intend", lambda self, intent: None),
    "open intents are ignored": (ModelStore, "intents", lambda self: []),
    "unconditional remote writes": (ModelRemote, "_expect", lambda self, ref, expected: None),
    "a moved item is taken for a copy": (
        ModelStore,
        "recognise",
        lambda self, remote: Recognition(),
    ),
    "deletes win over edits": (
        plan,
        "_only_here",
        lambda local, agreed, policy: (
            plan.Action("delete_here", "deleted there")
            if agreed
            else plan.Action("create_there", "", local.kind, local.item, local.item)
        ),
    ),
    "losers are not told": (merge, "Lost", lambda field, side, value: Lost(field, side, None)),
    "bases are never looked at": (Base, "changes", lambda self, item: frozenset()),
    "a half-applied merge counts as agreed": (
        apply,
        "halfway",
        lambda case, local, remote, here: (local, remote),
    ),
    "an unknown create's present content is the base": (
        recover,
        "_as_sent",
        lambda sent, found: found,
    ),
}


def _without_cas(self: ModelStore, step: Step) -> None:
    entry = step.entry
    if isinstance(entry, ChangedEntry) and entry.entry_id in self.state.entries:
        now = self.state.entries[entry.entry_id].version
        step = replace(step, entry=replace(entry, expected_version=now))
    _commit(self, step)


def _cursor_before_inbox(self: ModelStore, changes: Any, cursor: str, *, complete: bool) -> None:
    _take_page(self, (), cursor, complete=False)
    _take_page(self, changes, cursor, complete=complete)


def _ignores_the_missing(self: ModelStore, changes: Any, cursor: str, *, complete: bool) -> None:
    _take_page(self, changes, cursor, complete=False)


def _base_from_plan(self: ModelStore, step: Step) -> None:
    if isinstance(step.pair, Settled) and step.pair.entry_version is not None:
        entry = self.state.entries.get(step.pair.entry_id)
        if entry:
            step = replace(step, pair=replace(step.pair, entry_version=entry.version))
    _commit(self, step)


_commit, _take_page = ModelStore.commit, ModelStore.take_page
MUTANTS |= {
    "local apply without compare-and-set": (ModelStore, "commit", _without_cas),
    "the cursor before the inbox": (ModelStore, "take_page", _cursor_before_inbox),
    "a listing ignores the missing": (ModelStore, "take_page", _ignores_the_missing),
    "the version now instead of the version planned": (ModelStore, "commit", _base_from_plan),
}


@contextmanager
def switched_on(name: str) -> Iterator[None]:
    """The bug is there while the block runs."""
    target, attribute, bug = MUTANTS[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, attribute, bug)
        yield
