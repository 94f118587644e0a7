"""Seeded bugs. Each must be caught by the harness; one that is not shows that it sleeps."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from andock_core.proof.remote import ModelRemote
from andock_core.proof.store import ModelStore
from andock_core.sync import apply, breaker, execute, merge, plan, recover
from andock_core.sync.documents import Base
from andock_core.sync.execute import _Run
from andock_core.sync.merge import Lost
from andock_core.sync.ports import ChangedEntry, Recognition, Settled, Step, Surroundings
from andock_sdk.connector import Missing, RemoteItem

Bug = tuple[Any, str, Any]
"""Where: an object and the name of its attribute; what is put in its place."""

_commit, _take_page = ModelStore.commit, ModelStore.take_page
_once, _meet, _both = _Run._once, _Run._meet, plan._both


def _without_cas(self: ModelStore, step: Step) -> None:
    entry = step.entry
    if isinstance(entry, ChangedEntry) and entry.entry_id in self.memory.state.entries:
        now = self.memory.state.entries[entry.entry_id].version
        step = replace(step, entry=replace(entry, expected_version=now))
    _commit(self, step)


def _cursor_before_inbox(self: ModelStore, changes: Any, cursor: str, *, complete: bool) -> None:
    _take_page(self, (), cursor, complete=False)
    if self.memory.setting.now().minute % 4 == 0:
        return  # the process died between the two
    _take_page(self, changes, cursor, complete=complete)


def _ignores_the_missing(self: ModelStore, changes: Any, cursor: str, *, complete: bool) -> None:
    _take_page(self, changes, cursor, complete=False)


def _base_from_now(self: ModelStore, step: Step) -> None:
    if isinstance(step.pair, Settled) and step.pair.entry_version is not None:
        entry = self.memory.state.entries.get(step.pair.entry_id)
        if entry:
            step = replace(step, pair=replace(step.pair, entry_version=entry.version))
    _commit(self, step)


def _without_lines(self: ModelStore, step: Step) -> None:
    _commit(self, replace(step, lines=tuple(replace(line, lost=()) for line in step.lines)))


def _unreadable_is_missing(self: _Run, work: Any, result: Any) -> Any:
    odd = not isinstance(result, RemoteItem | Missing)
    return _until_settled(self, work, Missing(ref=work.ref) if odd else result)


_until_settled = _Run._until_settled


def _deletes_win(local: Any, agreed: Any, policy: Any) -> Any:
    if agreed:
        return plan.Action("delete_here", "deleted there")
    return _only_here(local, agreed, policy)


def _deletes_win_there(remote: Any, agreed: Any, policy: Any) -> Any:
    return plan.Action("delete_there", "deleted here", agreed.kind)


def _whole_documents(local: Any, remote: Any, agreed: Any, policy: Any) -> Any:
    """As a merge by the whole document: whoever changed anything, changed everything."""
    action = _both(local, remote, agreed, policy)
    if action.verb == "update_both" and agreed:
        return replace(action, verb="update_there", there=local.item, here=local.item)
    return action


def _no_lease(self: ModelStore, memory: Any, fence: int) -> None:
    _init(self, memory, fence)
    self._fence = 0
    memory.fence = 0


_only_here, _init = plan._only_here, ModelStore.__init__

MUTANTS: dict[str, Bug] = {
    "no intent before a create": (ModelStore, "intend", lambda self, intent: None),
    "open intents are ignored": (ModelStore, "intents", lambda self: []),
    "the cursor is committed before the inbox": (ModelStore, "take_page", _cursor_before_inbox),
    "a listing ignores the missing": (ModelStore, "take_page", _ignores_the_missing),
    "unconditional remote writes": (ModelRemote, "_expect", lambda self, ref, expected: None),
    "local apply without compare-and-set": (ModelStore, "commit", _without_cas),
    "the version now instead of the version planned": (ModelStore, "commit", _base_from_now),
    "an unknown create's present content is the base": (
        recover,
        "_as_sent",
        lambda sent, found: found,
    ),
    "a create without a trace is tried again at once": (
        Surroundings,
        "settles",
        property(lambda self: timedelta(0), lambda self, value: None),
    ),
    "a moved item is taken for a copy": (
        ModelStore,
        "recognise",
        lambda self, remote: Recognition(),
    ),
    "a copy is taken for the moved item": (execute, "_may_be", lambda known, remote: True),
    "deletes here win over edits there": (plan, "_gone_here", _deletes_win_there),
    "deletes there win over edits here": (plan, "_only_here", _deletes_win),
    "the losers of a conflict are not told": (
        merge,
        "Lost",
        lambda field, side, value: Lost(field, side, None),
    ),
    "a step's losers are not kept": (ModelStore, "commit", _without_lines),
    "bases are never looked at": (Base, "changes", lambda self, item: frozenset()),
    "a half-applied merge counts as agreed": (
        apply,
        "halfway",
        lambda case, local, remote, here: (local, remote),
    ),
    "documents merge as a whole": (plan, "_both", _whole_documents),
    "exceptions stay where the old pattern had them": (
        merge,
        "same_pattern",
        lambda one, other: True,
    ),
    "edits of occurrences that went are not told": (
        merge._Draft,
        "_tell_homeless",
        lambda self, side, base, now, keys: None,
    ),
    "the delete breaker never holds": (breaker, "holds", lambda pairs, recent, planned: False),
    "what cannot be read counts as gone": (_Run, "_until_settled", _unreadable_is_missing),
    "deletes do not wait for what is unread": (ModelStore, "unmet", lambda self: 0),
    "mails are not held": (plan, "_would_mail", lambda item, policy, other=None: False),
    "a run goes on without its lease": (ModelStore, "__init__", _no_lease),
}


@contextmanager
def switched_on(name: str) -> Iterator[None]:
    """The bug is there while the block runs."""
    target, attribute, bug = MUTANTS[name]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(target, attribute, bug)
        yield
