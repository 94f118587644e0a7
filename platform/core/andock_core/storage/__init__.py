"""SQL storage: the engine, tenant scoping, the tables."""

from andock_core.storage.base import SYSTEM, Scope, Storage
from andock_core.storage.tables import (
    Attempt,
    Base,
    Collection,
    Connection,
    Entry,
    InboxItem,
    Intent,
    JournalLine,
    Member,
    Pair,
    Run,
    ShownOccurrence,
    Span,
    Tenant,
)

__all__ = [
    "SYSTEM",
    "Attempt",
    "Base",
    "Collection",
    "Connection",
    "Entry",
    "InboxItem",
    "Intent",
    "JournalLine",
    "Member",
    "Pair",
    "Run",
    "Scope",
    "ShownOccurrence",
    "Span",
    "Storage",
    "Tenant",
]
