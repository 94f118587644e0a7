"""Carrying out a plan, so that a crash between any two lines loses nothing.

A remote write is three things: the intent, committed; the call; the outcome, committed together
with whatever changes here. When the call's outcome is unknown the intent stays open and the next
run asks (see `recover`). All other actions are one local transaction.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar

from andock_core.sync.documents import differing, with_fields
from andock_core.sync.merge import Lost
from andock_core.sync.pairing import next_operation_id
from andock_core.sync.plan import Action, Agreed, Local
from andock_core.sync.ports import (
    ChangedEntry,
    GoneEntry,
    IdsOnly,
    Intent,
    Line,
    LocalChanged,
    NewEntry,
    Settled,
    Side,
    Step,
    Surroundings,
    SyncStore,
    Trouble,
    Work,
)
from andock_core.sync.there import NO_EFFECT, There
from andock_sdk import errors
from andock_sdk.connector import RemoteItem
from andock_sdk.items import Appointment, Patch

T = TypeVar("T")


@dataclass(frozen=True)
class Case:
    """One item with all that the plan looked at."""

    work: Work
    local: Local | None
    remote: RemoteItem | None
    action: Action
    agreed: Agreed | None = None
    operation_id: str = ""


class Applier:
    """Carries out actions on one collection and counts what they changed."""

    def __init__(
        self,
        store: SyncStore,
        there: There,
        around: Surroundings,
        collection_id: str,
        counts: dict[str, int],
    ) -> None:
        self._store = store
        self._there = there
        self._around = around
        self._collection_id = collection_id
        self.counts = counts

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
        if step.trouble:
            self.counts[step.trouble.state] = self.counts.get(step.trouble.state, 0) + 1

    def _hold(self, case: Case) -> None:
        self.commit(Step(case.work, trouble=Trouble("held", "mail.would")))

    def _note(self, case: Case) -> None:
        remote = _given(case.remote)
        if case.action.reason == "twin":
            note = IdsOnly(remote, "twin")
        else:
            note = IdsOnly(remote, "outside", self._around.enters(remote.item))
        self.commit(Step(case.work, pair=note))

    def _agree(self, case: Case) -> None:
        local, remote = _both(case)
        settled = replace(
            _settled(case, remote, local.item, remote.item), entry_version=local.version
        )
        self.commit(Step(case.work, pair=settled))

    def _create_here(self, case: Case) -> None:
        remote, item = _given(case.remote), _given(case.action.here)
        entry_id = case.work.entry_id or self._around.new_id()
        line = Line("here", "create", case.action.reason, None, item)
        self.commit(
            Step(
                case.work,
                entry=NewEntry(entry_id, case.action.kind, item),
                pair=replace(_settled(case, remote, item, remote.item), entry_id=entry_id),
                lines=(line,),
            )
        )

    def _update_here(self, case: Case) -> None:
        local, remote = _both(case)
        here = case.action.here or local.item
        self.commit(
            Step(
                case.work,
                entry=_changed(case, local),
                pair=_settled(case, remote, here, remote.item),
                lines=(_line("here", case, local.item, here),),
            )
        )

    def _delete_here(self, case: Case) -> None:
        local = _given(case.local)
        line = Line("here", "delete", case.action.reason, local.item, None)
        entry = GoneEntry(local.entry_id, local.version)
        self.commit(Step(case.work, entry=entry, pair="drop", lines=(line,)))

    def _create_there(self, case: Case) -> None:
        local, item = _given(case.local), _given(case.action.there)
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
        local, remote = _both(case)
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
        line = _line("there", case, remote.item, sent)
        settled = _settled(case, made, here, made.item)
        if action.verb == "update_there":
            settled = replace(settled, base_local=local.item, entry_version=local.version)
            self.commit(Step(case.work, pair=settled, intent_done=intent.id, lines=(line,)))
            return
        both = (line, _line("here", case, local.item, here))
        try:
            entry = _changed(case, local)
            self.commit(Step(case.work, entry, settled, intent.id, lines=both))
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
        remote = _given(case.remote)
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


_COUNTED = {
    "create": "created",
    "update": "updated",
    "merge": "updated",
    "delete": "deleted",
    "aside": "aside",
}


def halfway(
    case: Case, local: Appointment, remote: Appointment, here: Appointment
) -> tuple[Appointment, Appointment]:
    """Bases for a merge that was written there and not yet here.

    What `here` has and `local` lacks counts as changed there, everything else as agreed. Where
    the local value lost, the conflict stays open: it is told when it is really carried out.
    """
    base_remote = with_fields(remote, local, differing(local, here))
    contested = frozenset(
        lost.field.partition("/")[0] for lost in case.action.lost if lost.side == "here"
    )
    if case.agreed is None or not contested:
        return local, base_remote
    return (
        with_fields(local, case.agreed.base_local.item, contested),
        with_fields(base_remote, case.agreed.base_remote.item, contested),
    )


def _both(case: Case) -> tuple[Local, RemoteItem]:
    return _given(case.local), _given(case.remote)


def _given(value: T | None) -> T:
    """What every plan with this verb has."""
    if value is None:
        raise TypeError("a plan without what it acts on")
    return value


def _settled(
    case: Case, remote: RemoteItem, base_local: Appointment, base_remote: Appointment
) -> Settled:
    return Settled(
        entry_id=case.local.entry_id if case.local else case.work.entry_id,
        ref=remote.ref,
        remote_version=remote.version,
        kind=case.action.kind,
        base_local=base_local,
        base_remote=base_remote,
        operation_id=case.operation_id,
        link=remote.link,
    )


def _changed(case: Case, local: Local) -> ChangedEntry:
    here = case.action.here or local.item
    return ChangedEntry(local.entry_id, case.action.kind, here, local.version)


def _line(side: Side, case: Case, before: Appointment, after: Appointment) -> Line:
    lost: tuple[Lost, ...] = tuple(lost for lost in case.action.lost if lost.side == side)
    action = "merge" if lost else "update"
    return Line(side, action, case.action.reason, before, after, lost)  # type: ignore[arg-type]
