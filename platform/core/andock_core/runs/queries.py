"""What a run has to look at, found by SQL alone: no seal is opened for it."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from andock_core.storage import Collection, Connection, Entry, InboxItem, Pair
from andock_core.sync.ports import Work

PENDING = "!"
"""Begins the ref of a pair whose remote item could not be created yet."""

IDS_ONLY = ("outside", "twin")


def work(session: Session, collection: Collection, owner_id: str, now: datetime) -> list[Work]:
    """Everything in question, each item once; what was announced comes first, so that an entry
    finds its remote item before it is sent out."""
    found: dict[str, Work] = {}
    parts = (
        announced(session, collection, now),
        due(session, collection, now),
        changed_here(session, collection),
        unsent(session, collection, owner_id),
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


def due(session: Session, collection: Collection, now: datetime) -> Iterator[Work]:
    """Pairs to try again, to look at anew, or released by the member."""
    query = select(Pair).where(
        Pair.collection_id == collection.id,
        or_(
            and_(Pair.state.in_(("dirty", *IDS_ONLY)), Pair.next_try_at <= now),
            Pair.state == "release",
        ),
    )
    for pair in session.scalars(query):
        yield _work(pair)


def changed_here(session: Session, collection: Collection) -> Iterator[Work]:
    """Pairs whose entry was changed or deleted since they were last looked at."""
    query = (
        select(Pair)
        .outerjoin(Entry, Entry.id == Pair.entry_id)
        .where(
            Pair.collection_id == collection.id,
            Pair.state.not_in(IDS_ONLY),
            or_(
                Entry.version != Pair.entry_version,
                and_(Entry.id.is_(None), Pair.state == "ok"),
                and_(Entry.id.is_(None), Pair.ref.startswith(PENDING)),
            ),
        )
    )
    if collection.role == "import":
        query = query.where(Pair.kind != "own")  # own entries rest in what is merely imported
    for pair in session.scalars(query):
        yield _work(pair)


def unsent(session: Session, collection: Collection, owner_id: str) -> Iterator[Work]:
    """Own appointments that the one calendar has not got."""
    if collection.role != "one":
        return
    query = select(Entry.id).where(
        Entry.owner_id == owner_id,
        Entry.origin == "andock",
        Entry.visibility == "appointment",
        ~exists().where(Pair.collection_id == collection.id, Pair.entry_id == Entry.id),
    )
    for entry_id in session.scalars(query):
        yield Work(entry_id=entry_id)


def unpaired_entries(session: Session, collection: Collection, owner_id: str) -> list[Entry]:
    """Entries that no pair speaks for; own ones also when another collection has them."""
    real = and_(Pair.entry_id == Entry.id, ~Pair.ref.startswith(PENDING))
    nowhere = ~exists().where(real)
    not_here = ~exists().where(real, Pair.collection_id == collection.id)
    own = and_(Entry.origin == "andock", Entry.visibility == "appointment", not_here)
    query = select(Entry).where(Entry.owner_id == owner_id, or_(own, nowhere))
    return list(session.scalars(query))


def same_mailbox(connection: Connection) -> ColumnElement[bool]:
    """SQL: another of the owner's connections to the same mailbox."""
    return and_(
        Connection.owner_id == connection.owner_id,
        Connection.id != connection.id,
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
    )
