"""Writes that were begun and never settled: ask the other side what became of them.

What is taken as agreed is what we sent, never what is found: what is found may carry somebody's
edit already, and an edit that counts as agreed is an edit lost.
"""

from collections.abc import Iterable
from dataclasses import replace

from andock_core.sync.apply import Applier
from andock_core.sync.documents import fields_of, with_fields
from andock_core.sync.merge import PATTERN
from andock_core.sync.ports import Intent, Line, Settled, Step, Surroundings, SyncStore, Work
from andock_core.sync.series import along
from andock_core.sync.there import There
from andock_sdk import errors
from andock_sdk.connector import Missing, RemoteItem, Unreadable
from andock_sdk.items import Appointment, Body, Contact, Item, Task

RECOVERED = "recovered"


def recover(
    store: SyncStore, there: There, applier: Applier, around: Surroundings
) -> frozenset[str]:
    """Settle all open intents. Returns the entries whose outcome is still unknown; this run must
    not touch them. Raises what concerns the whole connection.

    A create without a trace may be under way still: it is not tried again before it must have
    settled, or there would be two.
    """
    unknown: set[str] = set()
    ends: tuple[type[Exception], ...] = (*store.stops, errors.AndockError)
    for intent in store.intents():
        try:
            if not _recover(intent, store, there, applier, around):
                unknown.add(intent.work.entry_id)
        except (errors.Transient, errors.PluginBug):
            unknown.add(intent.work.entry_id)
        except ends:
            raise
        except Exception as error:
            around.unforeseen(error)
            unknown.add(intent.work.entry_id)
    return frozenset(unknown)


def _recover(
    intent: Intent, store: SyncStore, there: There, applier: Applier, around: Surroundings
) -> bool:
    """Whether the outcome is known by now."""
    if intent.action == "create":
        found_there = there.find_operation(intent.operation_id)
        if found_there is None and intent.begun and around.now() < intent.begun + around.settles:
            return False
        _created(intent, found_there, store, applier)
        return True
    ref = intent.work.ref
    found = there.read([ref])[ref]
    if isinstance(found, Unreadable):
        raise errors.Transient(found.error)
    if intent.action == "update":
        _updated(intent, found, store, applier)
    elif isinstance(found, Missing):
        line = Line("there", "delete", RECOVERED, intent.before, None)
        step = Step(intent.work, pair="drop", intent_done=intent.id, lines=(line,))
        applier.commit(step)
    else:
        store.drop_intent(intent.id)  # still there: it is planned again
    return True


def _created(intent: Intent, found: RemoteItem | None, store: SyncStore, applier: Applier) -> None:
    if found is None or intent.item is None or intent.sent is None:
        store.drop_intent(intent.id)  # planned again, with the same operation id
        return
    never_sent = _missing_photo(found.item) | _missing_time(found.item)
    settled = Settled(
        entry_id=intent.work.entry_id,
        ref=found.ref,
        remote_version="",
        kind=intent.kind,
        base_local=_arrived(with_fields(intent.item, found.item, never_sent), found.item),
        base_remote=_arrived(
            with_fields(_as_sent(intent.sent, found.item), found.item, never_sent), found.item
        ),
        entry_version=intent.entry_version,
        operation_id=intent.operation_id,
        link=found.link,
        again=True,
    )
    line = Line("there", "create", RECOVERED, None, intent.sent)
    applier.commit(Step(intent.work, pair=settled, intent_done=intent.id, lines=(line,)))


def _updated(
    intent: Intent, found: RemoteItem | Missing, store: SyncStore, applier: Applier
) -> None:
    known = store.known(intent.work)
    line = Line(
        "there",
        "merge" if intent.lost else "update",
        RECOVERED,
        intent.before,
        intent.sent,
        intent.lost,
    )
    if isinstance(found, RemoteItem) and found.version == intent.expected:
        store.drop_intent(intent.id)  # nothing was written
        return
    agreed = known.agreed if known is not None else None
    if isinstance(found, Missing) or agreed is None or not (intent.sent and intent.item):
        # There is no base to mend. What we may have overwritten is told all the same.
        lines = (line,) if intent.lost else ()
        applier.commit(Step(Work(), intent_done=intent.id, lines=lines))
        return
    written = frozenset(
        name
        for name in intent.fields
        if alike(getattr(found.item, name), getattr(intent.sent, name))
    )
    here_too = frozenset(
        name for name in written if getattr(intent.item, name) != getattr(intent.sent, name)
    )
    # What the entry lost within such a field is not told yet: there the conflict stays open.
    contested = here_too & agreed.base_local.changes(intent.item)
    # A photo is replaced in two steps there; one that is missing was taken away by the first.
    half = _missing_photo(found.item) & intent.fields
    base_local = along(agreed.base_local.item, intent.item) if _turned(written) else None
    base_remote = along(agreed.base_remote.item, found.item) if _turned(written) else None
    base_remote = with_fields(
        base_remote or agreed.base_remote.item, found.item, (written - here_too) | half
    )
    settled = Settled(
        entry_id=intent.work.entry_id,
        ref=found.ref,
        remote_version="",
        kind=agreed.kind,
        base_local=with_fields(
            base_local or agreed.base_local.item, intent.item, written - contested
        ),
        base_remote=with_fields(base_remote, intent.item, here_too - contested),
        entry_version=agreed.entry_version,
        operation_id=known.operation_id if known else "",
        link=found.link,
        again=True,
    )
    applier.commit(
        Step(
            replace(intent.work, ref=found.ref),
            pair=settled,
            intent_done=intent.id,
            lines=(line,) if written or intent.lost else (),
        )
    )


def _turned(fields: frozenset[str]) -> bool:
    """Whether a series has another pattern now: its exceptions in the bases go along."""
    return bool(fields & set(PATTERN))


def _missing_photo(found: Item) -> frozenset[str]:
    """The photo, where there is none. It goes to a new contact by a call of its own, which may
    never have come: agreed is only what arrived, or the photo here would pass for taken away."""
    alone = isinstance(found, Contact) and found.photo is None
    return frozenset({"photo"}) if alone else frozenset()


def _arrived(item: Item, found: Item) -> Item:
    """The item without the exceptions that are not there. They go to a new series by calls of their
    own, which may never have come: agreed is only what arrived."""
    if not isinstance(item, Appointment) or not isinstance(found, Appointment):
        return item
    changed, cancelled = _days(found.overrides), _days(found.cancellations)
    overrides = {key: own for key, own in item.overrides.items() if key[:10] in changed}
    cancellations = tuple(key for key in item.cancellations if key[:10] in cancelled)
    return item.model_copy(update={"overrides": overrides, "cancellations": cancellations})


def _days(starts: Iterable[str]) -> set[str]:
    return {start[:10] for start in starts}


def _missing_time(found: Item) -> frozenset[str]:
    """A task's time of day, where there is none: some services keep days alone. Agreed, it would
    pass for taken away there, and the task here would lose it."""
    alone = isinstance(found, Task) and found.due_time is None
    return frozenset({"due_time"}) if alone else frozenset()


def _as_sent(sent: Item, found: Item) -> Item:
    """What we sent, in the server's spelling where it merely normalised; and the UID that it gave,
    by which the item is known when it comes back under another ref; and when a task was done."""
    spelled = frozenset(
        name for name in type(sent).model_fields if alike(getattr(sent, name), getattr(found, name))
    )
    return with_fields(sent, found, spelled | {"uid", "done_at"} & fields_of(sent))


def alike(one: object, other: object) -> bool:
    """Whether two values differ at most in outer blanks, which servers add and take away."""
    if isinstance(one, str) and isinstance(other, str):
        return one.strip() == other.strip()
    if isinstance(one, Body) and isinstance(other, Body):
        return one.kind == other.kind and one.content.strip() == other.content.strip()
    return one == other
