"""A member's calendar."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column, to


class Entry(TenantOwned, Base):
    """A calendar entry of a member: an appointment, or a private block.

    `visibility`: appointment (its `document` is in the clear) or block (its `document` is None
    and `sealed` holds it, kind "entry.sealed"). The document is `andock_sdk.Appointment` as JSON.
    `origin`: andock or remote. `version` grows with every change; who writes, compares it.
    `converted`: the member made a block visible; kept apart from the origin so that it reverses.
    `locked`: someone else organises it. `resting`: the member took it back from the other side; it
    stays here alone until it changes.
    """

    __tablename__ = "entry"
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = to("member.id")
    visibility: Mapped[str] = mapped_column(String(12))
    origin: Mapped[str] = mapped_column(String(8))
    converted: Mapped[bool] = mapped_column(default=False)
    locked: Mapped[bool] = mapped_column(default=False)
    resting: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column(default=1)
    document: Mapped[dict[str, Any] | None]
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    expanded_until: Mapped[datetime | None] = mapped_column(index=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Span(TenantOwned, Base):
    """A plain interval of an entry within the window: all that a calendar view queries.

    A single entry has one with an empty `original_start`, a series one per occurrence.
    All-day: `start_day` and `end_day` (exclusive) count, and `start_at`, `end_at` are those days'
    midnights in UTC, good enough to find the row.
    """

    __tablename__ = "span"
    __table_args__ = (Index("ix_span_owner_id_start_at", "owner_id", "start_at"),)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    entry_id: Mapped[str] = to("entry.id")
    original_start: Mapped[str] = mapped_column(String(32), default="")
    start_at: Mapped[datetime]
    end_at: Mapped[datetime]
    all_day: Mapped[bool] = mapped_column(default=False)
    start_day: Mapped[str] = mapped_column(String(10), default="")
    end_day: Mapped[str] = mapped_column(String(10), default="")
    busy: Mapped[str] = mapped_column(String(10))


class ShownOccurrence(TenantOwned, Base):
    """One occurrence of a private series that its owner made visible.

    Keyed by original start, so it survives changes of the pattern. `document` is what colleagues
    see, in the clear (a single `andock_sdk.Appointment`).
    """

    __tablename__ = "shown_occurrence"
    __table_args__ = (UniqueConstraint("entry_id", "original_start"),)
    id: Mapped[str] = id_column()
    entry_id: Mapped[str] = to("entry.id")
    original_start: Mapped[str] = mapped_column(String(32))
    document: Mapped[dict[str, Any]]
