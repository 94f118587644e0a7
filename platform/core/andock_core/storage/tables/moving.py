"""Moves of a connection's mailbox from one side to another."""

from datetime import datetime
from typing import Any

from sqlalchemy import LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column, to


class Move(TenantOwned, Base):
    """`new_id` takes the place of `old_id`. `state`: choosing, switched. `was` is the old
    connection's state before the switch. `taken`: id of a collection of the old connection → ref
    of the collection on the new side that takes over from it."""

    __tablename__ = "move"
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = to("member.id")
    old_id: Mapped[str] = to("connection.id", unique=True)
    new_id: Mapped[str] = to("connection.id", unique=True)
    state: Mapped[str] = mapped_column(String(10), default="choosing")
    was: Mapped[str] = mapped_column(String(12), default="")
    taken: Mapped[dict[str, Any]] = mapped_column(default=dict)
    created_at: Mapped[datetime] = mapped_column(default=now)
    switched_at: Mapped[datetime | None]


class FormerPair(TenantOwned, Base):
    """A pair as it was on the old side at the switch, so that the move can be taken back. `id` is
    the pair's, so its sealed bases still open; `columns` are all others, times in ISO format."""

    __tablename__ = "former_pair"
    id: Mapped[str] = mapped_column(ID, primary_key=True)
    move_id: Mapped[str] = to("move.id")
    columns: Mapped[dict[str, Any]]
    base_local: Mapped[bytes | None] = mapped_column(LargeBinary)
    base_remote: Mapped[bytes | None] = mapped_column(LargeBinary)
