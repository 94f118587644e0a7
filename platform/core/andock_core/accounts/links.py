"""Links that make an account or set a password: single use, for a time, kept as a digest alone.

Whoever has the link is believed: it was mailed to the address, or handed over by an admin. Opening
it changes nothing (mail programs open links by themselves); only the form behind it does.
"""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.orm import Session

from andock_core import audit
from andock_core.accounts import sessions
from andock_core.accounts.create import LANGUAGES, ROLES, is_email, normal_email
from andock_core.accounts.errors import (
    EmailTaken,
    NoSuchLink,
    NoSuchMember,
    TooManyLinks,
    Unusable,
)
from andock_core.accounts.passwords import check_policy, hash_password
from andock_core.accounts.profile import LONGEST_NAME, is_zone
from andock_core.clock import now
from andock_core.storage import SYSTEM, AccountLink, Member, Scope, Storage, Tenant
from andock_core.storage.types import new_id

INVITE, PASSWORD = "invite", "password"
LIVES = {INVITE: timedelta(days=7), PASSWORD: timedelta(days=1)}
FORGOTTEN = timedelta(hours=1)
"""How long a link lives that somebody asked for themselves."""
KEPT = timedelta(days=30)
"""So long a link that has ended is still listed."""
MOST_OPEN = 500
PATHS = {INVITE: "/join/", PASSWORD: "/password/"}


@dataclass(frozen=True)
class Made:
    """A new link. Its `secret` is nowhere else: show it, or send it, now."""

    kind: str
    secret: str
    email: str
    expires_at: datetime

    def address(self, base_url: str) -> str:
        """What to open. `base_url` is the operator's, never what a request says."""
        return f"{base_url}{PATHS[self.kind]}{self.secret}"


@dataclass(frozen=True)
class Invitation:
    """An invitation as admins see it: without its secret."""

    id: str
    email: str
    role: str
    created_at: datetime
    expires_at: datetime

    @property
    def ended(self) -> bool:
        """Whether its time is over."""
        return self.expires_at <= now()


@dataclass(frozen=True)
class Looked:
    """What whoever has a link sees before using it."""

    kind: str
    email: str
    tenant: str
    language: str
    zone: str
    expires_at: datetime


def invite(storage: Storage, scope: Scope, email: str, role: str = "member") -> Made:
    """Invite an address into the scope's company; an earlier invitation of it ends.

    Whether the address has an account in another company is not told here, but to whoever uses
    the link. Raises EmailTaken for a member of this company, Unusable, TooManyLinks.
    """
    address = normal_email(email)
    if role not in ROLES or not is_email(address):
        raise Unusable("that is no e-mail address" if role in ROLES else "role: unknown")
    made = _made(INVITE, address, LIVES[INVITE])
    with storage.write(scope) as session:
        if session.scalar(select(Member.id).where(Member.email == address)) is not None:
            raise EmailTaken(address)
        end_open(session, AccountLink.kind == INVITE, AccountLink.email == address)
        count = select(func.count(AccountLink.id)).where(*_open(), AccountLink.kind == INVITE)
        if (session.scalar(count) or 0) >= MOST_OPEN:
            raise TooManyLinks
        session.add(_row(made, scope.tenant_id, made_by=scope.member_id, role=role))
        audit.record(
            *(session, scope.tenant_id, "member.invited"),
            actor_id=audit.actor(scope),
            address=address,
            role=role,
        )
    return made


def invitations(storage: Storage, scope: Scope) -> list[Invitation]:
    """The company's invitations that nobody has used, newest first, ended ones too for a while."""
    with storage.read(scope) as session:
        rows = session.scalars(
            select(AccountLink)
            .where(AccountLink.kind == INVITE, AccountLink.used_at.is_(None))
            .where(AccountLink.expires_at > now() - KEPT)
            .order_by(AccountLink.created_at.desc(), AccountLink.id)
        )
        return [
            Invitation(row.id, row.email, row.role, row.created_at, row.expires_at) for row in rows
        ]


def take_back(storage: Storage, scope: Scope, link_id: str) -> str:
    """End an invitation; the address that it was for. Raises NoSuchLink."""
    with storage.write(scope) as session:
        row = session.scalars(
            select(AccountLink).where(
                AccountLink.id == link_id,
                AccountLink.kind == INVITE,
                AccountLink.used_at.is_(None),
            )
        ).one_or_none()
        if row is None:
            raise NoSuchLink("there is no such invitation")
        row.used_at = now()
        audit.record(
            *(session, scope.tenant_id, "invitation.taken_back"),
            actor_id=audit.actor(scope),
            address=row.email,
        )
        return row.email


def password_link(
    storage: Storage, scope: Scope, member_id: str, *, forgotten: bool = False
) -> Made:
    """A link by which an active member sets a password; earlier ones end. `forgotten`: the member
    asked for it. Raises NoSuchMember."""
    with storage.write(scope) as session:
        member = session.scalars(
            select(Member).where(Member.id == member_id, Member.active)
        ).one_or_none()
        if member is None:
            raise NoSuchMember("there is no such active member")
        made = _made(PASSWORD, member.email, FORGOTTEN if forgotten else LIVES[PASSWORD])
        end_open(session, AccountLink.kind == PASSWORD, AccountLink.member_id == member_id)
        made_by = "" if forgotten else scope.member_id
        session.add(_row(made, member.tenant_id, made_by=made_by, member_id=member_id))
        audit.record(
            session,
            member.tenant_id,
            "password.forgotten" if forgotten else "password.link_made",
            actor_id="" if forgotten else audit.actor(scope),
            subject_id=member_id,
        )
    return made


def look(storage: Storage, kind: str, secret: str) -> Looked:
    """What a link is for. Changes nothing. Raises NoSuchLink."""
    with storage.read(SYSTEM) as session:
        row = _by_secret(session, kind, secret)
        tenant = session.get_one(Tenant, row.tenant_id)
        language, zone = tenant.language, tenant.zone
        if row.member_id:
            member = session.get_one(Member, row.member_id)
            language, zone = member.language or language, member.zone or zone
        return Looked(kind, row.email, tenant.name, language, zone, row.expires_at)


def accept(
    storage: Storage, secret: str, name: str, password: str, language: str, zone: str
) -> str:
    """Make the account that an invitation is for; its id. The link has ended then.

    Raises NoSuchLink, EmailTaken (the address has an account elsewhere), Unusable with a message
    key, PasswordTooShort, PasswordTooLong.
    """
    if not name.strip() or len(name.strip()) > LONGEST_NAME:
        raise Unusable("name.unusable")
    if language not in LANGUAGES:
        raise Unusable("language.unknown")
    if not is_zone(zone):
        raise Unusable("zone.unknown")
    check_policy(password)
    look(storage, INVITE, secret)  # nobody without a link makes us hash
    hashed = hash_password(password)  # takes long on purpose: outside of any transaction
    with storage.write(SYSTEM) as session:
        row = _by_secret(session, INVITE, secret, lock=True)
        if session.scalar(select(Member.id).where(Member.email == row.email)) is not None:
            raise EmailTaken(row.email)
        member = Member(
            id=new_id(),
            tenant_id=row.tenant_id,
            email=row.email,
            name=name.strip(),
            password_hash=hashed,
            role=row.role,
            language=language,
            zone=zone,
        )
        session.add(member)
        row.used_at = now()
        who = member.id
        audit.record(
            *(session, row.tenant_id, "member.joined"),
            actor_id=who,
            subject_id=who,
            role=row.role,
        )
    return who


def set_password(storage: Storage, secret: str, password: str) -> None:
    """Set the password that a link is for, and end all of the member's sessions.

    Raises NoSuchLink, PasswordTooShort, PasswordTooLong.
    """
    check_policy(password)
    look(storage, PASSWORD, secret)  # nobody without a link makes us hash
    hashed = hash_password(password)
    with storage.write(SYSTEM) as session:
        row = _by_secret(session, PASSWORD, secret, lock=True)
        member = session.get_one(Member, row.member_id or "")
        member.password_hash = hashed
        sessions.end_all(session, member)
        row.used_at = now()
        audit.record(
            *(session, member.tenant_id, "password.reset"),
            actor_id=member.id,
            subject_id=member.id,
        )


def end_open(session: Session, *which: ColumnElement[bool]) -> None:
    """End the open links that the conditions choose, within the session's scope."""
    session.execute(
        update(AccountLink).where(*_open(), *which).values(used_at=now()),
        execution_options={"synchronize_session": False},
    )


def purge(session: Session, moment: datetime) -> None:
    """Delete links that ended a while ago."""
    session.execute(
        delete(AccountLink).where(AccountLink.expires_at < moment - KEPT),
        execution_options={"synchronize_session": False},
    )


def digest(secret: str) -> str:
    """How a secret is kept: it has 256 bits of chance, so a plain hash tells nothing."""
    return hashlib.sha256(secret.encode()).hexdigest()


def _made(kind: str, email: str, life: timedelta) -> Made:
    return Made(kind, secrets.token_urlsafe(32), email, now() + life)


def _row(
    made: Made, tenant_id: str, *, made_by: str, role: str = "member", member_id: str | None = None
) -> AccountLink:
    return AccountLink(
        id=new_id(),
        tenant_id=tenant_id,
        kind=made.kind,
        token=digest(made.secret),
        email=made.email,
        role=role,
        member_id=member_id,
        made_by=made_by or None,
        expires_at=made.expires_at,
    )


def _by_secret(session: Session, kind: str, secret: str, *, lock: bool = False) -> AccountLink:
    query = select(AccountLink).where(
        AccountLink.kind == kind, AccountLink.token == digest(secret), *_open()
    )
    row = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if row is None:
        raise NoSuchLink("the link was used, has ended, or never was")
    if row.member_id and not session.get_one(Member, row.member_id).active:
        raise NoSuchLink("the account is deactivated")
    return row


def _open() -> tuple[ColumnElement[bool], ...]:
    return (AccountLink.used_at.is_(None), AccountLink.expires_at > now())
