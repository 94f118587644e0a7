"""What tasks and calls have in common: rows that belong to one member, changed with care."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import delete, inspect, select, update
from sqlalchemy.orm import Session

from andock_core.calendar.entries import rows_hit
from andock_core.clock import now
from andock_core.storage.tables import Call, Removed, Task

Row = TypeVar("Row", Task, Call)
KEPT = timedelta(days=1)
"""How long a deleted record can be brought back."""


class RecordChanged(Exception):
    """Somebody changed or deleted the record meanwhile. Nothing was written."""


class RecordGone(Exception):
    """The member has no such record (any more)."""


class Records(Generic[Row]):
    """The records of one member. Everything happens in the session handed over.

    Every write compares and sets the `version` in SQL and raises it.
    """

    table: ClassVar[Any]

    def __init__(self, session: Session, tenant_id: str, owner_id: str) -> None:
        self._session = session
        self._tenant_id = tenant_id
        self._owner_id = owner_id

    def get(self, record_id: str) -> Row | None:
        """The member's record of that id."""
        found: Row | None = self._session.scalar(self._mine(record_id))
        return found

    def need(self, record_id: str) -> Row:
        """The member's record of that id. Raises RecordGone."""
        found = self.get(record_id)
        if found is None:
            raise RecordGone
        return found

    def replace(self, row: Row, values: Mapping[str, Any], *, expected_version: int) -> Row:
        """Set these columns. Raises RecordChanged."""
        statement = (
            update(self.table)
            .where(self.table.id == row.id, self.table.version == expected_version)
            .values(**values, version=expected_version + 1, updated_at=now())
            .execution_options(synchronize_session=False)
        )
        if not rows_hit(self._session, statement):
            raise RecordChanged
        self._session.refresh(row)
        return row

    def delete(self, row: Row, *, expected_version: int) -> None:
        """Delete it; for a day it can be brought back. Raises RecordChanged."""
        kept, record_id = _document(row), row.id
        statement = delete(self.table).where(
            self.table.id == record_id, self.table.version == expected_version
        )
        self._session.expunge(row)
        if not rows_hit(self._session, statement.execution_options(synchronize_session=False)):
            raise RecordChanged
        self._session.execute(delete(Removed).where(Removed.id == record_id))
        self._session.add(
            Removed(
                id=record_id,
                tenant_id=self._tenant_id,
                owner_id=self._owner_id,
                kind=self.table.__tablename__,
                document=kept,
            )
        )
        self._session.flush()

    def bring_back(self, record_id: str) -> Row:
        """Undo a deletion: the same record with the same id, newer than it was.

        Raises RecordGone when that is no longer possible.
        """
        kept = self._session.scalar(
            select(Removed).where(
                Removed.id == record_id,
                Removed.owner_id == self._owner_id,
                Removed.kind == self.table.__tablename__,
            )
        )
        if kept is None:
            raise RecordGone
        row: Row = self.table(**_columns(self.table, kept.document))
        row.version += 1
        self._session.delete(kept)
        return self._added(row)

    def _added(self, row: Row) -> Row:
        self._session.add(row)
        self._session.flush()
        return row

    def _mine(self, record_id: str) -> Any:
        return select(self.table).where(
            self.table.id == record_id, self.table.owner_id == self._owner_id
        )


def purge_removed(session: Session, moment: datetime) -> None:
    """Throw away for good what was deleted more than a day ago."""
    session.execute(
        delete(Removed)
        .where(Removed.removed_at < moment - KEPT)
        .execution_options(synchronize_session=False)
    )


def _document(row: Row) -> dict[str, Any]:
    found = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in found.items()
    }


def _columns(table: Any, document: dict[str, Any]) -> dict[str, Any]:
    moments = {
        each.key
        for each in inspect(table).column_attrs
        if each.columns[0].type.python_type is datetime
    }
    return {
        name: datetime.fromisoformat(value) if name in moments and value else value
        for name, value in document.items()
    }
