"""Stops connections that may not run at present, and resumes them when they may.

A connection's `stopped` follows from the company's rules and from what its member consented to. It
is worked out anew whenever a rule changes, when a worker starts (a new version of a plugin may ask
for more) and before each run and each attempt, so that no way past it is left.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core import notices
from andock_core.accounts import administration
from andock_core.clock import now
from andock_core.connections.errors import AccessAsked, NotFound, SwitchedOff
from andock_core.governance import consent
from andock_core.governance.rules import Rules, state_for
from andock_core.jobs.lease import abandon_runs
from andock_core.storage import SYSTEM, Connection, Member, Scope, Tenant
from andock_sdk import Listing

if TYPE_CHECKING:
    from andock_core.core import Core

COMPANY = "company"
ACCESS = "access"
Listings = Mapping[str, Listing]


@dataclass(frozen=True)
class Changed:
    """How many connections a decision stopped and resumed."""

    stopped: int = 0
    resumed: int = 0


def listings(core: "Core") -> Listings:
    """What the installed integrations ask for. Ask before a transaction: the first time, plugins
    are looked at in child processes."""
    return {each.slug: each.listing for each in core.catalog.healthy() if each.listing}


def look_again(session: Session, tenant_id: str, installed: Listings) -> Changed:
    """Stop and resume the company's connections as its rules now are. Their members are told."""
    rules, moment = Rules(session, tenant_id), now()
    people = select(Member.id, Member.role).where(Member.tenant_id == tenant_id)
    roles = {row.id: row.role for row in session.execute(people)}
    rows = select(Connection).where(Connection.tenant_id == tenant_id).order_by(Connection.id)
    stopped = resumed = 0
    for row in session.scalars(rows.with_for_update()):
        state = rules.of(row.integration).state_for(row.owner_id, roles.get(row.owner_id, "member"))
        reason = _reason(row, state, installed.get(row.integration))
        if reason == row.stopped:
            continue
        stopped += bool(reason)
        resumed += not reason
        _put(session, row, reason, moment)
    return Changed(stopped, resumed)


def look_at(core: "Core", tenant_id: str) -> Changed:
    """`look_again` for one company."""
    installed = listings(core)
    with core.storage.write(Scope(tenant_id)) as session:
        return look_again(session, tenant_id, installed)


def set_role(core: "Core", scope: Scope, member_id: str, role: str) -> Changed:
    """Make somebody an admin, or a member again; rules may speak of roles, so their connections are
    stopped or resumed at once. Raises LastAdmin, NoSuchMember, Unusable."""
    administration.set_role(core.storage, scope, member_id, role)
    with core.storage.read(scope) as session:
        tenant_id = session.scalar(select(Member.tenant_id).where(Member.id == member_id))
    return look_at(core, tenant_id) if tenant_id else Changed()


def look_at_all(core: "Core") -> None:
    """`look_at` for every company: when a worker starts."""
    with core.storage.read(SYSTEM) as session:
        tenants = session.scalars(select(Tenant.id).order_by(Tenant.id)).all()
    for tenant_id in tenants:
        look_at(core, tenant_id)


def may_run(core: "Core", connection_id: str) -> bool:
    """Whether a connection may run now; one that may not is stopped by this."""
    installed = listings(core)
    with core.storage.read(SYSTEM) as session:
        row = session.get(Connection, connection_id)
        if row is None:
            return False
        tenant_id = row.tenant_id
        reason = _reason_now(session, row, installed)
        same = reason == row.stopped
    if not same:
        with core.storage.write(Scope(tenant_id)) as session:
            row = session.get(Connection, connection_id, with_for_update=True)
            if row is None:
                return False
            reason = _reason_now(session, row, installed)
            if reason != row.stopped:
                _put(session, row, reason, now())
    return not reason


def require(core: "Core", scope: Scope, connection_id: str) -> None:
    """Raises SwitchedOff, AccessAsked when nothing may be done with a connection at present, and
    NotFound."""
    installed = listings(core)
    with core.storage.read(scope) as session:
        row = session.get(Connection, connection_id)
        if row is None:
            raise NotFound
        reason = _reason_now(session, row, installed)
    if reason == COMPANY:
        raise SwitchedOff
    if reason == ACCESS:
        raise AccessAsked


def resume(session: Session, row: Connection, moment: datetime) -> None:
    """Let a connection run again; what is overdue starts by itself."""
    _put(session, row, "", moment)


def _reason_now(session: Session, row: Connection, installed: Listings) -> str:
    state = state_for(session, row.tenant_id, row.owner_id, row.integration)
    return _reason(row, state, installed.get(row.integration))


def _reason(row: Connection, state: str, listing: Listing | None) -> str:
    """One that is missing or broken asks for nothing now: then it stays as it was."""
    if state == "off":
        return COMPANY
    if listing is None:
        return ACCESS if row.stopped == ACCESS else ""
    return ACCESS if consent.added(row.consented, listing) else ""


def _put(session: Session, row: Connection, reason: str, moment: datetime) -> None:
    """A run under way has lost its lease by this, and writes nothing more."""
    was, row.stopped = row.stopped, reason
    if reason:
        row.queued_at = None
        if row.lease_until is not None:
            row.fence += 1
            row.lease_holder, row.lease_until, row.progress = "", None, None
            abandon_runs(session, row.id, row.fence)
    elif row.state == "active" and row.next_due_at is None:
        row.next_due_at = moment
    _tell(session, row, was, reason)


def _tell(session: Session, row: Connection, was: str, reason: str) -> None:
    for kind in ("connection.stopped", "access.asked"):
        notices.settle(session, kind, row.id)
    kinds = {COMPANY: "connection.stopped", ACCESS: "access.asked"}
    kind = kinds.get(reason) or ("connection.resumed" if was == COMPANY else "")
    if kind:
        facts = {"integration": row.integration, "connection": row.id}
        notices.tell(session, row.tenant_id, row.owner_id, kind, about=row.id, **facts)
