"""One item in hand: what the plan looked at, and the values that follow from it."""

from dataclasses import dataclass
from typing import TypeVar

from andock_core.sync.documents import differing, with_fields
from andock_core.sync.kept import agreed_so_far
from andock_core.sync.merge import Lost
from andock_core.sync.plan import Action, Agreed, Local
from andock_core.sync.ports import ChangedEntry, Line, Settled, Side, Work
from andock_sdk.connector import RemoteItem
from andock_sdk.items import Item

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


def halfway(case: Case, local: Item, remote: Item, here: Item) -> tuple[Item, Item]:
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


def bases(case: Case, here: Item, there: Item) -> tuple[Item, Item]:
    """The bases when the sides hold `here` and `there`. What was kept back stays as it was agreed,
    so that it still counts as changed."""
    action, agreed = case.action, case.agreed
    if not (action.kept_here or action.kept_there):
        return here, there
    was_here = agreed.base_local.item if agreed else there
    was_there = agreed.base_remote.item if agreed else here
    return (
        agreed_so_far(was_here, here, there, action.kept_here),
        agreed_so_far(was_there, there, here, action.kept_there),
    )


def both(case: Case) -> tuple[Local, RemoteItem]:
    return given(case.local), given(case.remote)


def given(value: T | None) -> T:
    """What every plan with this verb has."""
    if value is None:
        raise TypeError("a plan without what it acts on")
    return value


def given_item(item: Item | None) -> Item:
    """The document that every plan with this verb has."""
    if item is None:
        raise TypeError("a plan without a document")
    return item


def settled_as(case: Case, remote: RemoteItem, base_local: Item, base_remote: Item) -> Settled:
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


def changed_entry(case: Case, local: Local) -> ChangedEntry:
    here = case.action.here or local.item
    return ChangedEntry(local.entry_id, case.action.kind, here, local.version)


def change_line(side: Side, case: Case, before: Item, after: Item) -> Line:
    lost: tuple[Lost, ...] = tuple(lost for lost in case.action.lost if lost.side == side)
    action = "merge" if lost else "update"
    return Line(side, action, case.action.reason, before, after, lost)  # type: ignore[arg-type]
