"""What all tables share."""

from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import JSON, ForeignKey, MetaData, String
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from andock_core.storage.types import UtcDateTime, new_id

ID = String(32)
REF = String(1024)  # remote ids: opaque, case-sensitive; 512 bytes are promised at most

NAMES = {  # named constraints, so that migrations can find them on every database
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    """All tables."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map: ClassVar[dict[Any, Any]] = {
        datetime: UtcDateTime,
        dict[str, Any]: JSON,
        list[Any]: JSON,
    }


class TenantOwned:
    """Rows that belong to exactly one tenant; `storage.base` scopes every query by it."""

    tenant_id: Mapped[str] = mapped_column(
        ID, ForeignKey("tenant.id", ondelete="CASCADE"), index=True
    )


def id_column() -> Mapped[str]:
    """A row's own id, made here."""
    return mapped_column(ID, primary_key=True, default=new_id)


def to(target: str, **options: Any) -> Mapped[Any]:
    """A reference; the row goes with what it refers to."""
    return mapped_column(ID, ForeignKey(target, ondelete="CASCADE"), index=True, **options)
