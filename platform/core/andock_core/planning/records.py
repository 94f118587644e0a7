"""What tasks and calls have in common: rows that belong to one member, changed with care."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any, ClassVar, Generic, TypeVar

from sqlalchemy import delete, inspect, select, update
from sqlalchemy.orm import Session

from andock_core.calendar.entries import rows_hit
from andock_core.clock import now
from andock_core.storage.tables import Call, Intent, Pair, Task
from andock_core.storage.types import UtcDateTime

Row = TypeVar("Row", Task, Call)
JSON = dict[str, Any]


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

    def delete(self, row: Row, *, expected_version: int) -> JSON:
        """Delete it. Returns what `bring_back` needs, as JSON. Raises RecordChanged."""
        kept = _document(row) | {"paired": self._has_pair(row.id)}
        statement = delete(self.table).where(
            self.table.id == row.id, self.table.version == expected_version
        )
        self._session.expunge(row)
        if not rows_hit(self._session, statement.execution_options(synchronize_session=False)):
            raise RecordChanged
        return kept

    def bring_back(self, kept: JSON) -> Row:
        """Undo a deletion: the same record, newer than it was. Twice does no more than once.

        When a run deleted its entry on the other side meanwhile, or is about to, it comes back with
        another id, so that no run takes the one for the other (docs/decisions, "Undo"). Raises
        RecordGone for somebody else's.
        """
        if kept["owner_id"] != self._owner_id or kept["tenant_id"] != self._tenant_id:
            raise RecordGone
        record_id = kept["id"] if self._still_its_own(kept) else _other_id(kept)
        present = self.get(kept["id"]) or self.get(record_id)
        if present is not None:
            return present
        row: Row = self.table(**_columns(self.table, kept | {"id": record_id}))
        row.version += 1
        return self._added(row)

    def _still_its_own(self, kept: JSON) -> bool:
        if not kept["paired"]:
            return True
        begun = select(Intent.id).where(Intent.entry_id == kept["id"], Intent.action == "delete")
        return self._has_pair(kept["id"]) and self._session.scalar(begun.limit(1)) is None

    def _has_pair(self, record_id: str) -> bool:
        found = select(Pair.id).where(Pair.entry_id == record_id).limit(1)
        return self._session.scalar(found) is not None

    def _added(self, row: Row) -> Row:
        self._session.add(row)
        self._session.flush()
        return row

    def _mine(self, record_id: str) -> Any:
        return select(self.table).where(
            self.table.id == record_id, self.table.owner_id == self._owner_id
        )


def _document(row: Row) -> JSON:
    found = {each.key: getattr(row, each.key) for each in inspect(type(row)).column_attrs}
    return {
        name: value.isoformat() if isinstance(value, datetime) else value
        for name, value in found.items()
    }


def _columns(table: Any, document: JSON) -> JSON:
    moments = {
        each.key
        for each in inspect(table).column_attrs
        if isinstance(each.columns[0].type, UtcDateTime)
    }
    names = {each.key for each in inspect(table).column_attrs}
    return {
        name: datetime.fromisoformat(value) if name in moments and value else value
        for name, value in document.items()
        if name in names
    }


def _other_id(kept: JSON) -> str:
    return sha256(f"{kept['id']}:{kept['version']}".encode()).hexdigest()[:32]
