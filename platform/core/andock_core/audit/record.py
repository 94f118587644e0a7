"""Writing down a deed."""

import re

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.storage import SYSTEM, AuditEntry, Scope, Tenant

OPERATOR = "operator"
"""The `actor_id` of what was done on the command line."""
LONGEST_FACT = 200
MOST_FACTS = 8
_ACTION = re.compile(r"[a-z]+(\.[a-z_]+)+")
_SECRET = re.compile(r"password|secret|token|grant|subject|title|notes|body|details", re.ASCII)
"""Names of facts that would be a secret or somebody's private content."""

Fact = str | int | bool


def record(
    session: Session,
    tenant_id: str,
    action: str,
    *,
    actor_id: str = "",
    subject_id: str = "",
    integration: str = "",
    **facts: Fact,
) -> None:
    """Add a deed to a company's log; it counts when the session's transaction does.

    `action` is a dotted key ("member.invited"). `actor_id`: the member who did it, OPERATOR for
    the command line, "" for nobody who is signed in. `subject_id`: the member it was done to.
    `facts` are short values (texts are cut at 200 characters): states, counts, roles, names of
    servers; never what somebody wrote, never a secret. Raises ValueError for what does not belong
    into a log.
    """
    session.add(_entry(tenant_id, action, actor_id, subject_id, integration, facts))


def record_everywhere(
    session: Session, action: str, *, actor_id: str = OPERATOR, integration: str = "", **facts: Fact
) -> None:
    """Add a deed that concerns every company, say a change of keys, to the log of each.

    The session must see all of them (SYSTEM).
    """
    for tenant_id in session.scalars(select(Tenant.id).order_by(Tenant.id)):
        session.add(_entry(tenant_id, action, actor_id, "", integration, facts))


def actor(scope: Scope) -> str:
    """Who acts in a scope: its member, or the operator."""
    return OPERATOR if scope is SYSTEM else scope.member_id


def _entry(
    tenant_id: str,
    action: str,
    actor_id: str,
    subject_id: str,
    integration: str,
    facts: dict[str, Fact],
) -> AuditEntry:
    if not _ACTION.fullmatch(action):
        raise ValueError(f"no action: {action!r}")
    if len(facts) > MOST_FACTS:
        raise ValueError(f"{action}: more than {MOST_FACTS} facts")
    for name, value in facts.items():
        if _SECRET.search(name) or not isinstance(value, str | int | bool):
            raise ValueError(f"{action}: {name} does not belong into the audit log")
    return AuditEntry(
        tenant_id=tenant_id,
        action=action,
        actor_id=actor_id,
        subject_id=subject_id,
        integration=integration,
        facts={name: _short(value) for name, value in facts.items()},
    )


def _short(value: Fact) -> Fact:
    if not isinstance(value, str) or len(value) <= LONGEST_FACT:
        return value
    return value[: LONGEST_FACT - 1] + "…"
