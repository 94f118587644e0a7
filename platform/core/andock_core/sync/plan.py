"""What is to be done with one item: a pure decision tree.

Read it from `plan` downwards. Rules that no branch may break:

- a private block is never written out, and what someone else organises is never rewritten;
- Andock's own entries go to the collection with the role "one" and nowhere else, tasks and calls
  to the one that holds them;
- an edit beats a delete;
- what the other side marks private or confidential becomes a block at once.
"""

from dataclasses import dataclass, replace
from typing import Literal

from andock_core.sync.documents import (
    Base,
    differing,
    editable,
    hiding_marks,
    mails,
    respelled,
)
from andock_core.sync.merge import Lost, Merged, Winner, adopt, merge
from andock_sdk.connector import RemoteItem
from andock_sdk.items import Appointment, Item

Kind = Literal["own", "converted", "block", "planned"]
"""own: made in Andock, visible; contacts and tasks of a list, wherever they were made. converted:
came from there, made visible. block: private. planned: the entry of a task or call, which its owner
alone ever sees."""

Arrival = Literal["new", "ours", "twin", "outside"]
"""An unpaired remote item is: new; one that Andock made, and knows; in Andock by another
connection to the same mailbox; outside the window."""

Verb = Literal[
    "nothing",
    "note",
    "agree",
    "create_here",
    "update_here",
    "delete_here",
    "create_there",
    "update_there",
    "update_both",
    "delete_there",
    "forget",
    "hold",
]


Role = Literal["one", "import", "planning"]
Direction = Literal["both", "in", "out"]


@dataclass(frozen=True)
class Policy:
    """How the member wants one collection to be kept. `silent`: writes there mail nobody.

    `role` planning: nothing but tasks and calls, what else lies there stays there.
    `direction` in: nothing is written there; out: nothing comes in. `invite`: the member wants
    attendees to be told, so nothing is held because it would mail.
    """

    role: Role
    winner: Winner = "theirs"
    new_visible: bool = False
    silent: bool = True
    direction: Direction = "both"
    invite: bool = False


@dataclass(frozen=True)
class Local:
    """An entry as Andock holds it now."""

    entry_id: str
    kind: Kind
    item: Item
    version: int


@dataclass(frozen=True)
class Agreed:
    """What a pair held when both sides last agreed."""

    kind: Kind
    base_local: Base
    base_remote: Base
    entry_version: int
    remote_version: str


@dataclass(frozen=True)
class Action:
    """What to do. `here` and `there` are the documents that the sides shall hold afterwards,
    `fields` what has to be written there, `kind` what the entry then is, `reason` why.

    `kept_here` and `kept_there` are fields that were changed on that side and are not carried over
    now: they go on counting as changed.
    """

    verb: Verb
    reason: str = ""
    kind: Kind = "block"
    here: Item | None = None
    there: Item | None = None
    fields: frozenset[str] = frozenset()
    lost: tuple[Lost, ...] = ()
    kept_here: frozenset[str] = frozenset()
    kept_there: frozenset[str] = frozenset()


def plan(
    local: Local | None,
    remote: RemoteItem | None,
    agreed: Agreed | None,
    policy: Policy,
    arrival: Arrival = "new",
    *,
    restore: bool = False,
) -> Action:
    """Decide about one item. None: it is not there. `agreed` None: never paired before.

    `restore`: the member wants what vanished on one side back from the other, a private block too.
    """
    if policy.role != "one" and "own" in (local and local.kind, agreed and agreed.kind):
        return Action("nothing", "own entries go to the one calendar")
    if local is None and remote is None:
        return Action("forget" if agreed else "nothing", "gone on both sides")
    if remote is None:
        if local and restore and (agreed is None or editable(agreed.base_remote.item)):
            return _create_there(local, policy, "restored")
        return _only_here(local, agreed, policy) if local else Action("nothing")
    if local is None:
        if agreed is not None and restore:
            back = Action("create_here", "", agreed.kind, here=remote.item, there=remote.item)
            return _because(back, "restored")
        if agreed is None:
            return _arrives(remote, policy, arrival)
        return _gone_here(remote, agreed, policy)
    return _both(local, remote, agreed, policy)


def _arrives(remote: RemoteItem, policy: Policy, arrival: Arrival) -> Action:
    """Something there that is not paired."""
    if arrival == "ours":
        return Action("nothing", "made by Andock")
    if policy.role == "planning" or policy.direction == "out":
        return Action("nothing", "stays there")
    if arrival != "new":
        return Action("note", arrival)
    if not isinstance(remote.item, Appointment):
        return Action("create_here", "new there", "own", here=remote.item, there=remote.item)
    visible = policy.new_visible and policy.role == "one" and not hiding_marks(remote.item)
    kind: Kind = "converted" if visible else "block"
    return Action("create_here", "new there", kind, here=remote.item, there=remote.item)


def _only_here(local: Local, agreed: Agreed | None, policy: Policy) -> Action:
    """An entry without a remote item: not sent yet, or deleted there."""
    if agreed is None:
        goes = local.kind == "planned" or (local.kind == "own" and policy.role == "one")
        if not goes or policy.direction == "in":
            return Action("nothing", "stays here")
        return _create_there(local, policy, "new here")
    if policy.direction == "out" and not agreed.base_local.changes(local.item):
        return Action("nothing", "stays here")
    if local.kind == "block" or not editable(agreed.base_remote.item):
        return Action("delete_here", "deleted there")
    if agreed.base_local.changes(local.item):
        if policy.direction == "in":
            return Action("nothing", "stays here")
        return _create_there(local, policy, "edit beats delete")
    return Action("delete_here", "deleted there", local.kind)


def _create_there(local: Local, policy: Policy, reason: str) -> Action:
    if _would_mail(local.item, policy):
        return Action("hold", "would mail", local.kind)
    return Action("create_there", reason, local.kind, here=local.item, there=local.item)


def _gone_here(remote: RemoteItem, agreed: Agreed, policy: Policy) -> Action:
    """The entry was deleted in Andock, the remote item is still there."""
    back = Action("create_here", "", "block", here=remote.item, there=remote.item)
    edited = bool(agreed.base_remote.changes(remote.item))
    if policy.direction == "out" and (edited or not editable(remote.item)):
        return Action("note", "stays there")
    if agreed.kind == "block" or not editable(remote.item):
        return _because(back, "read-only here")
    newly_hidden = hiding_marks(remote.item) - hiding_marks(agreed.base_remote.item)
    if newly_hidden and agreed.kind != "planned":
        return _because(back, "marked private there")
    if edited:
        visible = Action("create_here", "", agreed.kind, here=remote.item, there=remote.item)
        return _because(visible, "edit beats delete")
    if policy.direction == "in":
        return Action("note", "stays there")
    if _would_mail(remote.item, policy):
        return Action("hold", "would mail", agreed.kind)
    return Action("delete_there", "deleted here", agreed.kind)


def _both(local: Local, remote: RemoteItem, agreed: Agreed | None, policy: Policy) -> Action:
    """The item is on both sides."""
    agreed = agreed and _as_found(agreed, remote.item)
    merged = (
        merge(agreed.base_local, local.item, agreed.base_remote, remote.item, policy.winner)
        if agreed
        else adopt(local.item, remote.item, policy.winner)
    )
    if local.kind == "block" or not editable(remote.item):
        merged = _as_there(local, remote, agreed)
    kind: Kind = local.kind
    before = agreed.base_remote.item if agreed else local.item
    if kind != "planned" and hiding_marks(remote.item) - hiding_marks(before):
        kind = "block"
    there = bool(merged.there_fields)
    action = Action(
        "nothing", "in step", kind, merged.here, merged.there, merged.there_fields, merged.lost
    )
    if policy.direction == "out":
        action = _without(action, "here", merged.here_fields, local.item)
    if there and policy.direction == "in":
        action = _without(action, "there", merged.there_fields, remote.item)
    elif there and _would_mail(remote.item, policy, local.item):
        held = _without(action, "there", merged.there_fields, remote.item)
        action = replace(held, verb="hold", reason="would mail")
    if action.kept_here and kind == "block" and local.kind != "block":
        action = _given_up(action, local, remote)
    if action.verb == "hold":
        return action
    return _named(action, local, remote, agreed)


def _as_found(agreed: Agreed, item: Item) -> Agreed:
    """A pair without a version was agreed on before this side was ever read, or by a write whose
    outcome was unknown: that its notes read the same there is no change."""
    if agreed.remote_version:
        return agreed
    return replace(agreed, base_remote=respelled(agreed.base_remote, item))


def _named(action: Action, local: Local, remote: RemoteItem, agreed: Agreed | None) -> Action:
    """The action with the verb for what it changes."""
    there = bool(action.fields)
    here = action.here != local.item or action.kind != local.kind
    if here or there:
        verb: Verb = "update_both" if here and there else "update_there" if there else "update_here"
        return replace(action, verb=verb, reason=_reason(here, there, agreed))
    if agreed is None or _moved_on(local, remote, agreed):
        return replace(action, verb="agree", reason=_reason(here, there, agreed))
    return action


def _given_up(action: Action, local: Local, remote: RemoteItem) -> Action:
    """It becomes a block at once, and what was changed here and may not go out never will: a block
    is as it is there. The changes are told."""
    given_up = [Lost(name, "here", getattr(local.item, name)) for name in sorted(action.kept_here)]
    lost = (*action.lost, *given_up)
    return Action("nothing", "", "block", here=remote.item, there=remote.item, lost=lost)


def _without(
    action: Action, side: Literal["here", "there"], fields: frozenset[str], item: Item
) -> Action:
    """The action without what it would change on one side, which keeps `item`."""
    lost = tuple(lost for lost in action.lost if lost.side != side)
    stays = frozenset(lost.field.partition("/")[0] for lost in action.lost if lost.side == side)
    # Nothing may come in and nothing may go out: what either of them keeps back stays kept.
    if side == "here":
        return replace(
            action,
            here=item,
            lost=lost,
            kept_here=action.kept_here | stays,
            kept_there=action.kept_there | fields,
        )
    nothing: frozenset[str] = frozenset()
    return replace(
        action,
        there=item,
        fields=nothing,
        lost=lost,
        kept_here=action.kept_here | fields,
        kept_there=action.kept_there | stays,
    )


def _as_there(local: Local, remote: RemoteItem, agreed: Agreed | None) -> Merged:
    """What is read-only here follows the other side. A block's own state is never looked at."""
    follow = agreed is None or bool(
        agreed.base_remote.changes(remote.item)
        or agreed.base_remote.lacking
        or (local.kind != "block" and agreed.base_local.changes(local.item))
    )
    here = remote.item if follow else local.item
    return Merged(here, remote.item, differing(local.item, here), frozenset(), ())


def _moved_on(local: Local, remote: RemoteItem, agreed: Agreed) -> bool:
    """Nothing to carry over, but the pair's notes are out of date."""
    return (
        local.version != agreed.entry_version
        or remote.version != agreed.remote_version
        or local.kind != agreed.kind
        or bool(agreed.base_local.lacking | agreed.base_remote.lacking)
    )


def _would_mail(item: Item, policy: Policy, other: Item | None = None) -> bool:
    """A write that the other side would tell attendees about."""
    if policy.silent or policy.invite:
        return False
    return mails(item) or (other is not None and mails(other))


def _reason(here: bool, there: bool, agreed: Agreed | None) -> str:
    if agreed is None:
        return "found on both sides"
    if here and there:
        return "changed on both sides"
    return "changed here" if there else "changed there"


def _because(action: Action, reason: str) -> Action:
    return Action(action.verb, reason, action.kind, action.here, action.there)
