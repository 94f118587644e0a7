"""A member's contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column, to


class Contact(TenantOwned, Base):
    """A member's contact, seen by its owner and by those it was shared with.

    `document` is `andock_sdk.Contact` as JSON without its photo, which lies beside it. `sort_name`
    is lower-case, `letter` is the group in the list ("#" for what begins with none), `search` all
    that the quick search looks through, lower-case. `version` grows with every change.
    `origin`: andock, or remote for what a connection brought in. `resting`: the member took it back
    from the other side; it stays here alone until it changes.
    `deleted_at`: deleted in the pages and still to be brought back. The row stays for that long, so
    that the sync sees a delete only once it is final (see `andock_core.contacts.undo`).
    """

    __tablename__ = "contact"
    __table_args__ = (
        # All that the list and its letters need, so that neither looks at a row.
        Index(
            "ix_contact_list", "owner_id", "deleted_at", "letter", "sort_name", "id", "tenant_id"
        ),
    )
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    origin: Mapped[str] = mapped_column(String(8), default="andock")
    resting: Mapped[bool] = mapped_column(default=False)
    photo_type: Mapped[str] = mapped_column(String(20), default="")
    sort_name: Mapped[str] = mapped_column(String(400), default="")
    letter: Mapped[str] = mapped_column(String(4), default="#")
    search: Mapped[str] = mapped_column(Text, default="")
    deleted_at: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
    # Last, for SQLite reads a row from its beginning, and the search looks at all of them.
    document: Mapped[dict[str, Any]] = mapped_column(sort_order=10)
    photo: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True, sort_order=11)


class ContactImport(TenantOwned, Base):
    """Cards that a member uploaded and has looked at, not yet taken over. Its owner's alone.

    `content` is sealed JSON, kind "contact_import.content" (see `andock_core.contacts.imports`).
    Deleted at `expires_at`.
    """

    __tablename__ = "contact_import"
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = to("member.id")
    content: Mapped[bytes] = mapped_column(LargeBinary)
    expires_at: Mapped[datetime] = mapped_column(index=True)


class ContactShare(TenantOwned, Base):
    """A contact that its owner lets one colleague read."""

    __tablename__ = "contact_share"
    __table_args__ = (UniqueConstraint("contact_id", "member_id"),)
    id: Mapped[str] = id_column()
    contact_id: Mapped[str] = to("contact.id")
    member_id: Mapped[str] = to("member.id")
