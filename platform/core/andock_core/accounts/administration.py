"""What an admin, or the operator, does to other people's accounts.

Each function takes a scope: a tenant's admin reaches the members of that tenant alone, the
operator (SYSTEM) everybody.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, func, select, true, update
from sqlalchemy.orm import InstrumentedAttribute, Session

from andock_core import audit
from andock_core.accounts import links, sessions
from andock_core.accounts.create import ROLES, normal_email
from andock_core.accounts.errors import LastAdmin, NoSuchMember, Unusable
from andock_core.accounts.passwords import check_policy, hash_password
from andock_core.connections import service
from andock_core.storage import (
    SYSTEM,
    AccountLink,
    Connection,
    Member,
    MemberSession,
    Scope,
    Storage,
    Tenant,
)

if TYPE_CHECKING:
    from andock_core.core import Core


@dataclass(frozen=True)
class Account:
    """A member as an admin sees them. `seen_at`: when they were last here; None: never.

    `connections` is how many they have, never what is in them.
    """

    id: str
    tenant: str
    email: str
    name: str
    role: str
    active: bool
    created_at: datetime
    seen_at: datetime | None
    connections: int


@dataclass(frozen=True)
class Company:
    """A tenant as the operator sees it."""

    id: str
    slug: str
    name: str
    language: str
    zone: str
    members: int
    connections: int


def accounts_of(storage: Storage, scope: Scope, member_id: str = "") -> list[Account]:
    """All members that the scope reaches, deactivated ones too, by tenant and name; or one."""
    query = (
        select(Member, Tenant.slug)
        .join(Tenant, Tenant.id == Member.tenant_id)
        .where(Member.id == member_id if member_id else true())
        .order_by(Tenant.slug, Member.name, Member.id)
    )
    with storage.read(scope) as session:
        seen = _grouped(session, MemberSession.member_id, func.max(MemberSession.seen_at))
        count = _grouped(session, Connection.owner_id, func.count(Connection.id))
        return [
            Account(
                id=member.id,
                tenant=slug,
                email=member.email,
                name=member.name,
                role=member.role,
                active=member.active,
                created_at=member.created_at,
                seen_at=seen.get(member.id),
                connections=count.get(member.id, 0),
            )
            for member, slug in session.execute(query)
        ]


def companies(storage: Storage) -> list[Company]:
    """All tenants, for the operator, by slug."""
    with storage.read(SYSTEM) as session:
        members = _grouped(session, Member.tenant_id, func.count(Member.id))
        connections = _grouped(session, Connection.tenant_id, func.count(Connection.id))
        return [
            Company(
                id=row.id,
                slug=row.slug,
                name=row.name,
                language=row.language,
                zone=row.zone,
                members=members.get(row.id, 0),
                connections=connections.get(row.id, 0),
            )
            for row in session.scalars(select(Tenant).order_by(Tenant.slug))
        ]


def id_of(storage: Storage, scope: Scope, email: str) -> str:
    """The id of the member who signs in with an address. Raises NoSuchMember."""
    with storage.read(scope) as session:
        found = session.scalar(select(Member.id).where(Member.email == normal_email(email)))
    if found is None:
        raise NoSuchMember(f"nobody signs in with {normal_email(email)}")
    return found


def account_of(storage: Storage, scope: Scope, member_id: str) -> Account:
    """One member of the scope. Raises NoSuchMember."""
    found = next((one for one in accounts_of(storage, scope, member_id)), None)
    if found is None:
        raise NoSuchMember("there is no such member")
    return found


def set_role(storage: Storage, scope: Scope, member_id: str, role: str) -> None:
    """Make somebody an admin, or a member again. Raises LastAdmin, NoSuchMember, Unusable."""
    if role not in ROLES:
        raise Unusable(f"role: one of {', '.join(ROLES)}")
    with storage.write(scope) as session:
        member = _member(session, member_id)
        if member.role == role:
            return
        if role != "admin":
            _keep_an_admin(session, member)
            _end_invitations_of(session, member_id)
        audit.record(
            *(session, member.tenant_id, "member.role"),
            actor_id=audit.actor(scope),
            subject_id=member_id,
            before=member.role,
            role=role,
        )
        member.role = role


def deactivate(core: "Core", scope: Scope, member_id: str) -> None:
    """Nobody signs in with this account any more, and its connections go, on our side alone.

    Their access is destroyed first of all; then each is let go of as if the member had disconnected
    it: what it brought in goes, nothing is written on the other side. What the member wrote stays,
    for when they are activated again. Raises LastAdmin, NoSuchMember.
    """
    with core.storage.write(scope) as session:
        member = _member(session, member_id)
        if not member.active:
            return
        if member.role == "admin":
            _keep_an_admin(session, member)
        member.active = False
        sessions.end_all(session, member)
        links.end_open(session, AccountLink.member_id == member_id)
        _end_invitations_of(session, member_id)
        session.execute(
            update(Connection)
            .where(Connection.owner_id == member_id)
            .values(grant=None, access=None, notebook=None, next_due_at=None, requested_at=None)
        )
        theirs = select(Connection.id).where(Connection.owner_id == member_id)
        connections = list(session.scalars(theirs))
        owner, actor_id = Scope(member.tenant_id, member_id), audit.actor(scope)
        audit.record(
            *(session, member.tenant_id, "member.deactivated"),
            actor_id=actor_id,
            subject_id=member_id,
            connections=len(connections),
        )
    for connection_id in connections:
        service.disconnect(core, owner, connection_id, keep_entries=False, actor_id=actor_id)


def activate(storage: Storage, scope: Scope, member_id: str) -> None:
    """Let a deactivated member sign in again; they connect anew. Raises NoSuchMember."""
    with storage.write(scope) as session:
        member = _member(session, member_id)
        if not member.active:
            member.active = True
            audit.record(
                *(session, member.tenant_id, "member.activated"),
                actor_id=audit.actor(scope),
                subject_id=member_id,
            )


def reset_password(storage: Storage, scope: Scope, member_id: str, password: str) -> None:
    """Set a password and end all sessions.

    Raises NoSuchMember, PasswordTooShort, PasswordTooLong.
    """
    check_policy(password)
    hashed = hash_password(password)  # takes long on purpose: outside of any transaction
    with storage.write(scope) as session:
        member = _member(session, member_id)
        member.password_hash = hashed
        sessions.end_all(session, member)
        audit.record(
            *(session, member.tenant_id, "password.reset"),
            actor_id=audit.actor(scope),
            subject_id=member_id,
        )


def _member(session: Session, member_id: str) -> Member:
    member = session.scalars(select(Member).where(Member.id == member_id)).one_or_none()
    if member is None:
        raise NoSuchMember("there is no such member")
    return member


def _end_invitations_of(session: Session, member_id: str) -> None:
    """Who no longer decides lets nobody in: they might have kept a link for themselves."""
    links.end_open(session, AccountLink.kind == links.INVITE, AccountLink.made_by == member_id)


def _keep_an_admin(session: Session, leaving: Member) -> None:
    """Refuse what would leave a company without anybody who can decide.

    The tenant's row is locked first, so that two admins cannot demote each other at once.
    """
    session.scalars(select(Tenant).where(Tenant.id == leaving.tenant_id).with_for_update()).one()
    others = select(Member.id).where(
        Member.tenant_id == leaving.tenant_id,
        Member.role == "admin",
        Member.active,
        Member.id != leaving.id,
    )
    if session.scalar(others.limit(1)) is None:
        raise LastAdmin("a company needs at least one admin")


def _grouped(
    session: Session, by: InstrumentedAttribute[str], value: ColumnElement[Any]
) -> dict[str, Any]:
    return {row[0]: row[1] for row in session.execute(select(by, value).group_by(by))}
