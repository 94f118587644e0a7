"""What this installation knows of its plugins. Of no company: plugins are the operator's."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import Base


class KnownPlugin(Base):
    """An entry point that was seen here. `slug` is the integration's name, which stays its own as
    long as it is installed; empty when it never had one. `title` ({"en", "de"}) is what it was
    called. While `off_at` is set the operator has switched it off: none of its code is loaded."""

    __tablename__ = "known_plugin"
    distribution: Mapped[str] = mapped_column(String(200), primary_key=True)
    entry_point: Mapped[str] = mapped_column(String(200), primary_key=True)
    slug: Mapped[str] = mapped_column(String(64), default="", index=True)
    title: Mapped[dict[str, Any] | None]
    known_since: Mapped[datetime] = mapped_column(default=now)
    off_at: Mapped[datetime | None]


class PluginFault(Base):
    """Faults in a row of one kind of call ("observers", "webhook", "job NAME") to one entry point,
    in that version of its package. `error` is the last one's key. While `set_aside_at` is set the
    call is not made any more; see `andock_core.host.breaker`."""

    __tablename__ = "plugin_fault"
    distribution: Mapped[str] = mapped_column(String(200), primary_key=True)
    entry_point: Mapped[str] = mapped_column(String(200), primary_key=True)
    call: Mapped[str] = mapped_column(String(80), primary_key=True)
    version: Mapped[str] = mapped_column(String(80), default="")
    faults: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(String(80), default="")
    last_at: Mapped[datetime]
    set_aside_at: Mapped[datetime | None]
