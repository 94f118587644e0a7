"""What a run has to look at, found by SQL alone: no seal is opened for it."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select, update
from sqlalchemy.orm import Session

from andock_core.calendar.window import Window
from andock_core.moving.states import RESTING
from andock_core.storage import (
    Call,
    Collection,
    Connection,
    Contact,
    Entry,
    InboxItem,
    Pair,
    Task,
)
from andock_core.sync.ports import Work
from andock_sdk.items import DOCUMENT_VERSION

PENDING = "!"
"""Begins the ref of a pair whose remote item could not be created yet."""

IDS_ONLY = ("outside", "twin", "ignored")

DECIDED = ("release", "restore", "send")
"""What the member said to a pair that was held."""


TABLES: dict[str, type[Entry] | type[Contact] | type[Task] | type[Call]] = {
    "entry": Entry,
    "contact": Contact,
    "task": Task,
    "call": Call,
    "todo": Task,
}
HOLDINGS = {"tasks": "task", "calls": "call"}


def work(session: Session, collection: Collection, owner_id: str, now: datetime) -> list[Work]:
    """Everything in question, each item once; what was announced comes first, so that an entry
    finds its remote item before it is sent out."""
    found: dict[str, Work] = {}
    parts = (
        announced(session, collection, now),
        due(session, collection, now),
        changed_here(session, collection),
        taken_back(session, collection),
        outdated(session, collection),
        unsent(session, collection, owner_id, now),
    )
    for part in parts:
        for one in part:
            found.setdefault(one.pair_id or one.ref or one.entry_id, one)
    return list(found.values())


def announced(session: Session, collection: Collection, now: datetime) -> Iterator[Work]:
    """Refs in the inbox, unless they wait for their next try or are set aside."""
    query = (
        select(InboxItem.ref, InboxItem.tries, Pair)
        .outerjoin(
            Pair, and_(Pair.collection_id == InboxItem.collection_id, Pair.ref == InboxItem.ref)
        )
        .where(
            InboxItem.collection_id == collection.id,
            or_(InboxItem.tries == 0, InboxItem.next_try_at <= now),
        )
        .order_by(InboxItem.id)
    )
    for ref, tries, found in session.execute(query):
        pair: Pair | None = found
        yield Work(ref=ref, tries=tries) if pair is None else _work(pair)


def unmet(collection_id: str) -> Select[int]:
    """How many announced refs are not paired and wait to be looked at, those aside not counted."""
    paired = exists().where(Pair.collection_id == collection_id, Pair.ref == InboxItem.ref)
    return select(func.count(InboxItem.id)).where(
        InboxItem.collection_id == collection_id,
        or_(InboxItem.tries == 0, InboxItem.next_try_at.is_not(None)),
        ~paired,
    )


def due(session: Session, collection: Collection, now: datetime) -> Iterator[Work]:
    """Pairs to try again, to look at anew, or decided about by the member; and what Andock made
    there in an earlier run, if this run's changes did not tell of it: it may be gone already."""
    query = select(Pair).where(
        Pair.collection_id == collection.id,
        or_(
            and_(Pair.state.in_(("dirty", *IDS_ONLY)), Pair.next_try_at <= now),
            Pair.state.in_(DECIDED),
            and_(Pair.state == "ok", Pair.unannounced),
        ),
    )
    for pair in session.scalars(query):
        yield _work(pair)


def hurry(session: Session, connection_id: str, now: datetime) -> None:
    """Somebody asked for a run: what waits for its next try is tried now."""
    session.execute(
        update(Pair)
        .where(Pair.connection_id == connection_id, Pair.state == "dirty", Pair.next_try_at > now)
        .values(next_try_at=now)
        .execution_options(synchronize_session=False)
    )
    mine = select(Collection.id).where(Collection.connection_id == connection_id)
    session.execute(
        update(InboxItem)
        .where(InboxItem.collection_id.in_(mine), InboxItem.next_try_at > now)
        .values(next_try_at=now)
        .execution_options(synchronize_session=False)
    )


def changed_here(session: Session, collection: Collection) -> Iterator[Work]:
    """Pairs whose entry was changed or deleted since they were last looked at."""
    for kind, table in TABLES.items():
        query = (
            select(Pair)
            .outerjoin(table, table.id == Pair.entry_id)
            .where(
                Pair.collection_id == collection.id,
                Pair.local_kind == kind,
                Pair.state.not_in(IDS_ONLY),
                or_(
                    table.version != Pair.entry_version,
                    and_(table.id.is_(None), Pair.state == "ok"),
                    and_(table.id.is_(None), Pair.ref.startswith(PENDING)),
                ),
            )
        )
        if collection.role != "one":
            query = query.where(Pair.kind != "own")  # own entries rest in what is merely imported
        for pair in session.scalars(query):
            yield _work(pair)


def taken_back(session: Session, collection: Collection) -> Iterator[Work]:
    """Entries of tasks and calls that no longer go to this calendar."""
    gone = [kind for holding, kind in HOLDINGS.items() if holding not in collection.holds]
    query = select(Pair).where(
        Pair.collection_id == collection.id, Pair.local_kind.in_(gone), Pair.state == "ok"
    )
    for pair in session.scalars(query):
        yield _work(pair)


def outdated(session: Session, collection: Collection) -> Iterator[Work]:
    """Pairs whose bases an older Andock kept: what it did not know is adopted from there, once."""
    query = select(Pair).where(
        Pair.collection_id == collection.id,
        Pair.state == "ok",
        Pair.base_local.is_not(None),
        Pair.base_version < DOCUMENT_VERSION,
    )
    for pair in session.scalars(query):
        yield _work(pair)


def is_newer(session: Session, connection_id: str) -> bool:
    """Whether a newer Andock kept bases of this connection: this one would lose what it does not
    know."""
    newer = (Pair.connection_id == connection_id, Pair.base_version > DOCUMENT_VERSION)
    return session.scalars(select(Pair.id).where(*newer).limit(1)).first() is not None


def unsent(
    session: Session, collection: Collection, owner_id: str, now: datetime
) -> Iterator[Work]:
    """What goes to this collection and is not there yet."""
    for table, conditions in _outgoing(collection, Window.around(now)):
        query = select(table.id).where(
            table.owner_id == owner_id,
            *conditions,
            ~exists().where(Pair.collection_id == collection.id, Pair.entry_id == table.id),
        )
        for record_id in session.scalars(query):
            yield Work(entry_id=record_id)


def _outgoing(
    collection: Collection, window: Window
) -> Iterator[tuple[type[Any], tuple[ColumnElement[bool], ...]]]:
    """The tables whose rows go there, and which of them. What is done and long past stays here."""
    if collection.kind == "contacts":
        yield Contact, (Contact.deleted_at.is_(None), Contact.resting.is_(False))
        return
    if collection.kind == "tasks":
        recent = or_(Task.done_at.is_(None), Task.done_at >= window.begin)
        yield Task, (Task.resting.is_(False), recent)
        return
    if collection.role == "one":
        own = (Entry.origin == "andock", Entry.visibility == "appointment")
        yield Entry, (*own, Entry.resting.is_(False))
    if "tasks" in collection.holds:
        recent = or_(Task.done_at.is_(None), Task.due_day >= window.begin.date().isoformat())
        yield Task, (Task.planned.is_(True), Task.due_day != "", recent)
    if "calls" in collection.holds:
        late = or_(Call.done_at.is_(None), Call.start_at >= window.begin)
        yield Call, (Call.planned.is_(True), Call.start_at.is_not(None), late)


def unpaired_contacts(session: Session, collection: Collection, owner_id: str) -> list[Contact]:
    """Contacts that the collection has not got."""
    paired = exists().where(
        Pair.entry_id == Contact.id,
        Pair.collection_id == collection.id,
        ~Pair.ref.startswith(PENDING),
    )
    query = select(Contact).where(
        Contact.owner_id == owner_id,
        Contact.deleted_at.is_(None),
        Contact.resting.is_(False),
        ~paired,
    )
    return list(session.scalars(query))


def unpaired_tasks(session: Session, collection: Collection, owner_id: str) -> list[Task]:
    """Tasks that the list has not got."""
    paired = exists().where(
        Pair.entry_id == Task.id,
        Pair.collection_id == collection.id,
        ~Pair.ref.startswith(PENDING),
    )
    query = select(Task).where(Task.owner_id == owner_id, Task.resting.is_(False), ~paired)
    return list(session.scalars(query))


def unpaired_entries(session: Session, collection: Collection, owner_id: str) -> list[Entry]:
    """Entries that no pair speaks for; own ones also when another collection has them."""
    real = and_(Pair.entry_id == Entry.id, ~Pair.ref.startswith(PENDING))
    nowhere = ~exists().where(real)
    not_here = ~exists().where(real, Pair.collection_id == collection.id)
    own = and_(Entry.origin == "andock", Entry.visibility == "appointment", not_here)
    mine = (Entry.owner_id == owner_id, Entry.resting.is_(False))
    query = select(Entry).where(*mine, or_(own, nowhere))
    return list(session.scalars(query))


def same_mailbox(connection: Connection) -> ColumnElement[bool]:
    """SQL: another of the owner's connections to the same mailbox, if it has a say: not one that
    takes another's place, or has lost it."""
    return and_(
        Connection.owner_id == connection.owner_id,
        Connection.id != connection.id,
        Connection.state.not_in(RESTING),
        or_(
            and_(Connection.account_key != "", Connection.account_key == connection.account_key),
            and_(
                Connection.account_label != "",
                Connection.account_label == connection.account_label,
            ),
        ),
    )


def _work(pair: Pair) -> Work:
    return Work(
        ref="" if pair.ref.startswith(PENDING) else pair.ref,
        pair_id=pair.id,
        entry_id=pair.entry_id,
        tries=pair.tries,
        released=pair.state == "release",
        restore=pair.state == "restore",
        mailing=pair.state == "send",
    )
