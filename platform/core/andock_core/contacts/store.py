"""A member's contacts as rows. Whoever may see them: `andock_core.contacts.viewing`."""

import base64
from typing import Any

from sqlalchemy import CursorResult, Delete, Update, delete, select, update
from sqlalchemy.orm import Session

from andock_core.contacts.naming import place_of
from andock_core.storage.tables import Contact as Row
from andock_core.storage.types import new_id
from andock_sdk import Contact, Photo


class ContactChanged(Exception):
    """Somebody changed or deleted the contact meanwhile. Nothing was written."""


class Contacts:
    """The contacts that belong to one member. Everything happens in the session handed over.

    Every write compares and sets the row's `version` in SQL and raises it. A contact that was
    deleted in the pages is still here until that is final (see `undo`): the sync must not see it
    as deleted while it can be brought back.
    """

    def __init__(self, session: Session, tenant_id: str, owner_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._owner_id = owner_id

    def get(self, contact_id: str) -> Row | None:
        """The member's own contact of that id."""
        return self._session.scalar(
            select(Row).where(Row.id == contact_id, Row.owner_id == self._owner_id)
        )

    def document(self, row: Row) -> Contact:
        """What the contact holds, its photo included."""
        return document_of(row)

    def create(self, item: Contact, contact_id: str | None = None) -> Row:
        """A new contact."""
        row = Row(
            id=contact_id or new_id(),
            tenant_id=self._tenant_id,
            owner_id=self._owner_id,
            version=1,
            **_columns(item),
        )
        self._session.add(row)
        self._session.flush()
        return row

    def replace(self, row: Row, item: Contact, expected_version: int) -> Row:
        """Put `item` in the contact's place. Raises ContactChanged.

        It brings back what was deleted a moment ago: an edit beats a delete.
        """
        statement = (
            update(Row)
            .where(Row.id == row.id, Row.owner_id == self._owner_id)
            .where(Row.version == expected_version)
            .values(**_columns(item), version=expected_version + 1, deleted_at=None, resting=False)
            .execution_options(synchronize_session=False)
        )
        if not hits_one(self._session, statement):
            raise ContactChanged
        self._session.refresh(row)
        return row

    def delete(self, row: Row, expected_version: int) -> None:
        """Delete the contact for good, its shares with it. Raises ContactChanged."""
        statement = (
            delete(Row)
            .where(Row.id == row.id, Row.owner_id == self._owner_id)
            .where(Row.version == expected_version)
        )
        self._session.expunge(row)
        if not hits_one(self._session, statement):
            raise ContactChanged


def document_of(row: Row) -> Contact:
    """What a row holds. Whether the reader may see it has been decided before."""
    document: dict[str, Any] = dict(row.document)
    if row.photo is not None and row.photo_type:
        data = base64.b64encode(row.photo).decode()
        document["photo"] = {"media_type": row.photo_type, "data": data}
    return Contact.model_validate(document)


def photo_bytes(photo: Photo) -> bytes:
    """A photo's bytes."""
    return base64.b64decode(photo.data)


def hits_one(session: Session, statement: Update | Delete) -> bool:
    """Whether the statement found its row as it expected it."""
    result = session.execute(statement)
    assert isinstance(result, CursorResult)  # noqa: S101 - as every UPDATE and DELETE
    return result.rowcount == 1


def _columns(item: Contact) -> dict[str, Any]:
    photo = item.photo
    return {
        "document": item.model_dump(mode="json", exclude={"photo"}),
        "photo": photo_bytes(photo) if photo else None,
        "photo_type": photo.media_type if photo else "",
        **place_of(item)._asdict(),
    }
