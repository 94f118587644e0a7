"""What was done in a company, and by whom: rows that are only ever added."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, String
from sqlalchemy.orm import Mapped, mapped_column

from andock_core.clock import now
from andock_core.storage.tables.base import ID, Base, TenantOwned, id_column

SHORTEST_DAYS = 30
"""At least so long an entry is kept: the database refuses to delete what is younger (but for a day,
see `storage.append_only`), whoever asks."""


class AuditEntry(TenantOwned, Base):
    """One deed. Written by `andock_core.audit.record` alone.

    `action` is a dotted key, say "member.invited". `actor_id` did it: a member's id, "operator"
    for the command line, "" for nobody who is signed in. `subject_id`: the member it was done to.
    Both are plain ids without a reference, so that an entry never changes with what it names.
    `facts` are short values by name, never private content.
    """

    __tablename__ = "audit_entry"
    __table_args__ = (Index(None, "tenant_id", "at"),)
    id: Mapped[str] = id_column()
    at: Mapped[datetime] = mapped_column(default=now, index=True)
    action: Mapped[str] = mapped_column(String(60))
    actor_id: Mapped[str] = mapped_column(ID, default="")
    subject_id: Mapped[str] = mapped_column(ID, default="")
    integration: Mapped[str] = mapped_column(String(80), default="")
    facts: Mapped[dict[str, Any]] = mapped_column(default=dict)
