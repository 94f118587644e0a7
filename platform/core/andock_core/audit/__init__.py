"""The audit log: who did what in a company, and when. Added to, never changed.

Whoever builds a deed records it, in the transaction that does it, so that neither is without the
other: `audit.record(session, tenant_id, "connection.added", actor_id=..., integration=...)`.
"""

from andock_core.audit.record import OPERATOR, actor, record, record_everywhere

__all__ = ["OPERATOR", "actor", "record", "record_everywhere"]
