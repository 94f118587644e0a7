"""A member's tasks and calls."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column


class Task(TenantOwned, Base):
    """A member's task. `due_day` is a day or empty; `due_time` ("14:30") is a wall time in `zone`
    or empty. `planned`: it has its entry in the calendar (false: deleted there, the task stays).
    `zone` is kept when a time is set. `version` grows with every change. `origin`: andock, or
    remote for what a list of tasks on the other side brought in. `resting`: the member took it back
    from that list; it stays here alone until it changes."""

    __tablename__ = "task"
    __table_args__ = (Index("ix_task_owner_id_due_day", "owner_id", "due_day"),)
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    origin: Mapped[str] = mapped_column(String(8), default="andock")
    resting: Mapped[bool] = mapped_column(default=False)
    title: Mapped[str] = mapped_column(String(1000))
    notes: Mapped[str] = mapped_column(Text, default="")
    due_day: Mapped[str] = mapped_column(String(10), default="")
    due_time: Mapped[str] = mapped_column(String(5), default="")
    zone: Mapped[str] = mapped_column(String(64), default="")
    done_at: Mapped[datetime | None]
    planned: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)


class Call(TenantOwned, Base):
    """A member's call. `start_at` is when, `minutes` how long; without `start_at` it is not
    planned for any time. `outcome` is what came of it. `planned` as with tasks."""

    __tablename__ = "call"
    __table_args__ = (Index("ix_call_owner_id_start_at", "owner_id", "start_at"),)
    id: Mapped[str] = id_column()
    owner_id: Mapped[str] = mapped_column(ID, ForeignKey("member.id", ondelete="CASCADE"))
    version: Mapped[int] = mapped_column(default=1)
    whom: Mapped[str] = mapped_column(String(400))
    number: Mapped[str] = mapped_column(String(100), default="")
    contact_id: Mapped[str | None] = mapped_column(
        ID, ForeignKey("contact.id", ondelete="SET NULL"), index=True
    )
    start_at: Mapped[datetime | None]
    minutes: Mapped[int] = mapped_column(default=15)
    notes: Mapped[str] = mapped_column(Text, default="")
    outcome: Mapped[str] = mapped_column(String(1000), default="")
    done_at: Mapped[datetime | None]
    planned: Mapped[bool] = mapped_column(default=True)
    updated_at: Mapped[datetime] = mapped_column(default=now, onupdate=now)
