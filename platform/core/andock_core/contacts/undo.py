"""Deleting a contact in the pages, and bringing it back.

A deleted contact leaves every page at once, but its row stays for `UNDO_FOR`. The sync looks at
rows alone, so it learns of the delete only when `purge` has made it final, and a change that it
brings from the other side meanwhile brings the contact back (an edit beats a delete).
"""

from datetime import datetime, timedelta

from sqlalchemy import delete, update
from sqlalchemy.orm import Session

from andock_core.contacts.store import ContactChanged, hits_one
from andock_core.storage import SYSTEM, Storage
from andock_core.storage.tables import Contact, ContactImport

UNDO_FOR = timedelta(minutes=2)


def take_away(
    session: Session, owner_id: str, contact_id: str, version: int, moment: datetime
) -> None:
    """Delete the member's contact, to be brought back for a while. Raises ContactChanged."""
    statement = (
        update(Contact)
        .where(Contact.id == contact_id, Contact.owner_id == owner_id)
        .where(Contact.version == version, Contact.deleted_at.is_(None))
        .values(deleted_at=moment)
        .execution_options(synchronize_session=False)
    )
    if not hits_one(session, statement):
        raise ContactChanged


def bring_back(session: Session, owner_id: str, contact_id: str, moment: datetime) -> bool:
    """Bring a deleted contact back with everything it had; false when it is too late."""
    statement = (
        update(Contact)
        .where(Contact.id == contact_id, Contact.owner_id == owner_id)
        .where(Contact.deleted_at > moment - UNDO_FOR)
        .values(deleted_at=None)
        .execution_options(synchronize_session=False)
    )
    return hits_one(session, statement)


def purge(storage: Storage, moment: datetime) -> None:
    """Make old deletes final, and forget uploads that nobody took over. For the dispatcher."""
    final = delete(Contact).where(Contact.deleted_at <= moment - UNDO_FOR)
    forgotten = delete(ContactImport).where(ContactImport.expires_at <= moment)
    with storage.write(SYSTEM) as session:
        for statement in (final, forgotten):
            session.execute(statement.execution_options(synchronize_session=False))
