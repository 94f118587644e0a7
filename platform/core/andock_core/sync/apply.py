"""Carrying out a plan, so that a crash between any two lines loses nothing.

A remote write is three things: the intent, committed; the call; the outcome, committed together
with whatever changes here. When the call's outcome is unknown the intent stays open and the next
run asks (see `recover`). All other actions are one local transaction.
"""

from collections.abc import Callable
from dataclasses import replace
from typing import TypeVar

from andock_core.sync.cases import (
    Case,
    bases,
    both,
    change_line,
    changed_entry,
    given,
    given_item,
    halfway,
    settled_as,
)
from andock_core.sync.documents import attendees
from andock_core.sync.pairing import next_operation_id
from andock_core.sync.plan import Local
from andock_core.sync.ports import (
    GoneEntry,
    IdsOnly,
    Intent,
    Line,
    LocalChanged,
    NewEntry,
    Settled,
    Step,
    Surroundings,
    SyncStore,
    Trouble,
)
from andock_core.sync.there import NO_EFFECT, There
from andock_sdk import errors
from andock_sdk.items import Patch

T = TypeVar("T")


class Applier:
    """Carries out actions on one collection and counts what they changed."""

    def __init__(
        self,
        store: SyncStore,
        there: There,
        around: Surroundings,
        collection_id: str,
        counts: dict[str, int],
        *,
        tells: bool = False,
    ) -> None:
        """`tells`: the member wants attendees to be told of every change."""
        self._store = store
        self._there = there
        self._around = around
        self._collection_id = collection_id
        self.counts = counts
        self._tells = tells

    def carry_out(self, case: Case) -> None:
        """Do what the plan says. Raises LocalChanged, Unusable, and the connector's errors."""
        verbs: dict[str, Callable[[Case], None]] = {
            "nothing": lambda case: self.commit(Step(case.work)),
            "forget": lambda case: self.commit(Step(case.work, pair="drop")),
            "hold": self._hold,
            "note": self._note,
            "agree": self._agree,
            "create_here": self._create_here,
            "update_here": self._update_here,
            "delete_here": self._delete_here,
            "create_there": self._create_there,
            "update_there": self._update_there,
            "update_both": self._update_there,
            "delete_there": self._delete_there,
        }
        verbs[case.action.verb](case)

    def commit(self, step: Step) -> None:
        """Commit a step and count its journal lines."""
        self._store.commit(step)
        for line in step.lines:
            name = f"{'in' if line.side == 'here' else 'out'}.{_COUNTED[line.action]}"
            self.counts[name] = self.counts.get(name, 0) + 1
            if line.lost:
                self.counts["conflicts"] = self.counts.get("conflicts", 0) + 1
            tells = line.side == "there" and (self._tells or step.work.mailing)
            told = attendees(line.before, line.after) if tells else 0
            if told:
                self.counts["mails"] = self.counts.get("mails", 0) + told
        if step.trouble:
            self.counts[step.trouble.state] = self.counts.get(step.trouble.state, 0) + 1

    def _hold(self, case: Case) -> None:
        """What came is carried out here at once; what would go waits for the member."""
        local, agreed = case.local, case.agreed
        version = local.version if local else None
        if local is not None and agreed is not None and case.remote is not None:
            if _changes_here(case, local):
                self._update_here(case, again=True)
                version = local.version + 1
            else:
                self._agree(case, again=True)
        elif agreed is not None and case.remote is not None:
            kept = settled_as(case, case.remote, agreed.base_local.item, agreed.base_remote.item)
            self.commit(Step(case.work, pair=replace(kept, entry_version=agreed.entry_version)))
        held = Trouble("held", "mail.would", entry_version=version)
        self.commit(Step(case.work, trouble=held))

    def _note(self, case: Case) -> None:
        remote = given(case.remote)
        if case.action.reason == "twin":
            note = IdsOnly(remote, "twin")
        elif case.action.reason == "stays there":
            note = IdsOnly(remote, "ignored")
        else:
            note = IdsOnly(remote, "outside", self._around.enters(remote.item))
        self.commit(Step(case.work, pair=note))

    def _agree(self, case: Case, *, again: bool = False) -> None:
        local, remote = both(case)
        base_local, base_remote = bases(case, local.item, remote.item)
        settled = settled_as(case, remote, base_local, base_remote)
        settled = replace(settled, entry_version=local.version, again=again)
        self.commit(Step(case.work, pair=settled))

    def _create_here(self, case: Case) -> None:
        remote = given(case.remote)
        item = given_item(case.action.here)
        entry_id = case.work.entry_id or self._around.new_id()
        line = Line("here", "create", case.action.reason, None, item)
        self.commit(
            Step(
                case.work,
                entry=NewEntry(entry_id, case.action.kind, item),
                pair=replace(settled_as(case, remote, item, remote.item), entry_id=entry_id),
                lines=(line,),
            )
        )

    def _update_here(self, case: Case, *, again: bool = False) -> None:
        local, remote = both(case)
        here = case.action.here or local.item
        base_local, base_remote = bases(case, here, remote.item)
        self.commit(
            Step(
                case.work,
                entry=changed_entry(case, local),
                pair=replace(settled_as(case, remote, base_local, base_remote), again=again),
                lines=(change_line("here", case, local.item, here),),
            )
        )

    def _delete_here(self, case: Case) -> None:
        local = given(case.local)
        line = Line("here", "delete", case.action.reason, local.item, None)
        entry = GoneEntry(local.entry_id, local.version)
        self.commit(Step(case.work, entry=entry, pair="drop", lines=(line,)))

    def _create_there(self, case: Case) -> None:
        local = given(case.local)
        item = given_item(case.action.there)
        operation = next_operation_id(local.entry_id, self._collection_id, case.operation_id)
        intent = self._intend(
            Intent(
                id=self._around.new_id(),
                action="create",
                work=replace(case.work, entry_id=local.entry_id),
                kind=local.kind,
                operation_id=operation,
                entry_version=local.version,
                item=local.item,
                sent=item,
                reason=case.action.reason,
                begun=self._around.now(),
            )
        )
        made = self._write(intent, lambda: self._there.create(item, operation))
        settled = Settled(
            entry_id=local.entry_id,
            ref=made.ref,
            remote_version=made.version,
            kind=local.kind,
            base_local=local.item,
            base_remote=made.item,
            entry_version=local.version,
            operation_id=operation,
            link=made.link,
        )
        line = Line("there", "create", case.action.reason, None, item)
        self.commit(Step(case.work, pair=settled, intent_done=intent.id, lines=(line,)))

    def _update_there(self, case: Case) -> None:
        local, remote = both(case)
        action = case.action
        sent, here = action.there or remote.item, action.here or local.item
        intent = self._intend(
            Intent(
                id=self._around.new_id(),
                action="update",
                work=replace(case.work, entry_id=local.entry_id, ref=remote.ref),
                kind=local.kind,
                expected=remote.version,
                entry_version=local.version,
                item=local.item,
                sent=sent,
                before=remote.item,
                fields=action.fields,
                lost=tuple(lost for lost in action.lost if lost.side == "there"),
                reason=action.reason,
            )
        )
        patch = Patch(item=sent, before=remote.item, fields=action.fields)
        made = self._write(intent, lambda: self._there.update(remote.ref, patch, remote.version))
        line = change_line("there", case, remote.item, sent)
        settled = settled_as(case, made, here, made.item)
        if action.verb == "update_there":
            base_local, base_remote = bases(case, local.item, made.item)
            settled = replace(
                settled,
                base_local=base_local,
                base_remote=base_remote,
                entry_version=local.version,
            )
            self.commit(Step(case.work, pair=settled, intent_done=intent.id, lines=(line,)))
            return
        lines = (line, change_line("here", case, local.item, here))
        try:
            entry = changed_entry(case, local)
            self.commit(Step(case.work, entry, settled, intent.id, lines=lines))
        except LocalChanged:
            # The entry was edited during the call. What was written there is agreed; what should
            # have come here still counts as changed there, and is planned again with the edit.
            base_local, base_remote = halfway(case, local.item, made.item, here)
            partly = replace(
                settled,
                kind=local.kind,
                base_local=base_local,
                base_remote=base_remote,
                entry_version=local.version,
                again=True,
            )
            self.commit(Step(case.work, None, partly, intent.id, lines=(line,)))
            raise

    def _delete_there(self, case: Case) -> None:
        remote = given(case.remote)
        intent = self._intend(
            Intent(
                id=self._around.new_id(),
                action="delete",
                work=case.work,
                kind=case.action.kind,
                expected=remote.version,
                before=remote.item,
                reason=case.action.reason,
            )
        )
        try:
            self._write(intent, lambda: self._there.delete(remote.ref, remote.version))
        except errors.Gone:
            self.commit(Step(case.work, pair="drop"))
            return
        line = Line("there", "delete", case.action.reason, remote.item, None)
        self.commit(Step(case.work, pair="drop", intent_done=intent.id, lines=(line,)))

    def _intend(self, intent: Intent) -> Intent:
        self._store.intend(intent)
        return intent

    def _write(self, intent: Intent, call: Callable[[], T]) -> T:
        """The call itself. The intent is dropped when the write surely did not happen."""
        try:
            return call()
        except NO_EFFECT:
            self._store.drop_intent(intent.id)
            raise


def _changes_here(case: Case, local: Local) -> bool:
    return case.action.kind != local.kind or case.action.here not in (None, local.item)


_COUNTED = {
    "create": "created",
    "update": "updated",
    "merge": "updated",
    "delete": "deleted",
    "aside": "aside",
}
