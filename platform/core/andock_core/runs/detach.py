"""Letting go of a connection, or of a calendar that is no longer chosen.

Nothing is written on the other side: its entries stay as they are.
"""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import ColumnElement, Select, delete, select, update
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.runs.queries import same_mailbox
from andock_core.storage import (
    Collection,
    Connection,
    Contact,
    Entry,
    InboxItem,
    Intent,
    Pair,
    Task,
)
from andock_core.vault import Vault


def detach(session: Session, vault: Vault, connection_id: str, keep_entries: bool) -> None:
    """Let go of a whole connection, as part of the caller's transaction.

    Bases, cursors, open intents and announcements are destroyed. What came from the other side
    stays here when `keep_entries`, as it is (blocks stay sealed), else it goes, converted or not.
    Andock's own appointments, contacts, tasks and calls always stay. Other connections to the same
    mailbox take over what only this one had.
    """
    del vault  # nothing has to be opened
    if not keep_entries:
        paired = _paired_entries(Pair.connection_id == connection_id)
        for rows in (Entry, Contact):
            session.execute(delete(rows).where(rows.id.in_(paired), rows.origin == "remote"))
        listed = _paired_entries(Pair.connection_id == connection_id, Pair.local_kind == "todo")
        session.execute(delete(Task).where(Task.id.in_(listed), Task.origin == "remote"))
    _hand_over(session, connection_id, clock.now())
    for table in (Intent, Pair):
        session.execute(delete(table).where(table.connection_id == connection_id))
    mine = select(Collection.id).where(Collection.connection_id == connection_id)
    session.execute(delete(InboxItem).where(InboxItem.collection_id.in_(mine)))
    session.execute(delete(Collection).where(Collection.connection_id == connection_id))


def let_go(session: Session, collection: Collection) -> None:
    """Let go of one retired collection, as part of the caller's transaction.

    What becomes of what it brought in, the member has said (`letting_go`).
    """
    _remove_brought_in(session, collection)
    _hand_over(session, collection.connection_id, clock.now())
    for table in (Intent, Pair, InboxItem):
        session.execute(delete(table).where(table.collection_id == collection.id))
    session.delete(collection)


def let_go_entries(session: Session, collection: Collection) -> None:
    """Let go of all but tasks and calls, which still go to that calendar or are taken back."""
    entries = (Pair.collection_id == collection.id, Pair.local_kind == "entry")
    if session.scalars(select(Pair.id).where(*entries).limit(1)).first() is None:
        return
    _remove_brought_in(session, collection)
    _hand_over(session, collection.connection_id, clock.now())
    session.execute(delete(Intent).where(Intent.entry_id.in_(_paired_entries(*entries))))
    session.execute(delete(Pair).where(*entries))


def is_leaving(session: Session, collection: Collection) -> bool:
    """Whether entries of tasks and calls have to be taken back from there first."""
    planned = select(Pair.id).where(
        Pair.collection_id == collection.id,
        Pair.local_kind.in_(("task", "call")),
        Pair.state != "aside",
    )
    return session.scalars(planned.limit(1)).first() is not None


def brought_in(
    collection: Collection,
) -> Iterator[tuple[type[Entry] | type[Contact] | type[Task], tuple[ColumnElement[bool], ...]]]:
    """What goes with a collection that is let go of: private blocks unless they shall stay,
    contacts and tasks only when they shall go. What the member made visible stays."""
    paired = _paired_entries(Pair.collection_id == collection.id)
    if collection.letting_go != "stays":
        block = (Entry.origin == "remote", Entry.visibility == "block")
        yield Entry, (Entry.id.in_(paired), *block)
    if collection.letting_go == "goes":
        yield Contact, (Contact.id.in_(paired), Contact.origin == "remote")
        listed = _paired_entries(Pair.collection_id == collection.id, Pair.local_kind == "todo")
        yield Task, (Task.id.in_(listed), Task.origin == "remote")


def _remove_brought_in(session: Session, collection: Collection) -> None:
    for table, conditions in brought_in(collection):
        session.execute(delete(table).where(*conditions))


def _paired_entries(*conditions: ColumnElement[bool]) -> Select[str]:
    return select(Pair.entry_id).where(*conditions, Pair.base_local.is_not(None))


def _hand_over(session: Session, connection_id: str, now: datetime) -> None:
    """Other connections to the same mailbox look again at what they left to this one."""
    connection = session.get(Connection, connection_id)
    if connection is None:
        return
    others = list(session.scalars(select(Connection.id).where(same_mailbox(connection))))
    if not others:
        return
    twins = update(Pair).where(Pair.connection_id.in_(others), Pair.state == "twin")
    session.execute(twins.values(next_try_at=now))
    session.execute(
        update(Connection)
        .where(Connection.id.in_(others), Connection.next_due_at.is_not(None))
        .values(next_due_at=now)
    )
