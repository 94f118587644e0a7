"""The tables. Whatever only its owner may read is a sealed column (see `andock_core.vault`)."""

from andock_core.storage.tables.accounts import AccountLink, Member, MemberSession, Tenant
from andock_core.storage.tables.audit import AuditEntry
from andock_core.storage.tables.base import Base, TenantOwned
from andock_core.storage.tables.calendar import Entry, ShownOccurrence, Span
from andock_core.storage.tables.connections import Attempt, Collection, Connection
from andock_core.storage.tables.contacts import Contact, ContactImport, ContactShare
from andock_core.storage.tables.governance import (
    IntegrationRequest,
    IntegrationRule,
    NamedRule,
    Notice,
)
from andock_core.storage.tables.known_plugins import KnownPlugin, PluginFault
from andock_core.storage.tables.moving import FormerPair, Move
from andock_core.storage.tables.planning import Call, Task
from andock_core.storage.tables.plugins import (
    OperatorSettings,
    PluginJob,
    SignIn,
    Webhook,
    WebhookCall,
)
from andock_core.storage.tables.sync import InboxItem, Intent, JournalLine, Pair, Run
from andock_core.storage.tables.trust import ReportLink, TrustedCertificate

__all__ = [
    "AccountLink",
    "Attempt",
    "AuditEntry",
    "Base",
    "Call",
    "Collection",
    "Connection",
    "Contact",
    "ContactImport",
    "ContactShare",
    "Entry",
    "FormerPair",
    "InboxItem",
    "IntegrationRequest",
    "IntegrationRule",
    "Intent",
    "JournalLine",
    "KnownPlugin",
    "Member",
    "MemberSession",
    "Move",
    "NamedRule",
    "Notice",
    "OperatorSettings",
    "Pair",
    "PluginFault",
    "PluginJob",
    "ReportLink",
    "Run",
    "ShownOccurrence",
    "SignIn",
    "Span",
    "Task",
    "Tenant",
    "TenantOwned",
    "TrustedCertificate",
    "Webhook",
    "WebhookCall",
]
