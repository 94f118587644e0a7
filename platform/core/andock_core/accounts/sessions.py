"""Where a member is signed in: one row for each browser.

A session lives while its row has no end and its member's epoch is the one it began with. Looking it
up costs one query per request; when it was last seen is written at most every five minutes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, select, true, update
from sqlalchemy.orm import Session

from andock_core import audit
from andock_core.accounts.members import MemberInfo, describe
from andock_core.clock import now
from andock_core.storage import SYSTEM, Member, Scope, Storage, Tenant
from andock_core.storage.tables import MemberSession
from andock_core.storage.types import new_id

SEEN_EVERY = timedelta(minutes=5)
LASTS = timedelta(days=14)
"""Without a visit for this long, a session is over (the cookie of the web lasts as long)."""
_LONGEST_AGENT = 400


@dataclass(frozen=True)
class SessionInfo:
    """A browser that somebody is signed in with. `user_agent` is what it calls itself."""

    id: str
    created_at: datetime
    seen_at: datetime
    user_agent: str


def begin(storage: Storage, member: MemberInfo, user_agent: str) -> str:
    """A new session's id. Rows of sessions that are long over are taken away on the way."""
    session_id = new_id()
    with storage.write(member.scope) as session:
        over = MemberSession.seen_at < now() - LASTS
        session.execute(
            delete(MemberSession)
            .where(MemberSession.member_id == member.id, over)
            .execution_options(synchronize_session=False)
        )
        session.add(
            MemberSession(
                id=session_id,
                tenant_id=member.tenant_id,
                member_id=member.id,
                user_agent=user_agent[:_LONGEST_AGENT],
            )
        )
        audit.record(
            *(session, member.tenant_id, "session.began"),
            actor_id=member.id,
            subject_id=member.id,
        )
    return session_id


def load(storage: Storage, session_id: str, epoch: int) -> MemberInfo | None:
    """The member of a session; None when the session or the member's account has ended."""
    with storage.read(SYSTEM) as session:
        row = session.execute(
            select(Member, Tenant, MemberSession.seen_at)
            .join(MemberSession, MemberSession.member_id == Member.id)
            .join(Tenant, Tenant.id == Member.tenant_id)
            .where(MemberSession.id == session_id, MemberSession.ended_at.is_(None))
            .where(MemberSession.seen_at > now() - LASTS)
            .where(Member.session_epoch == epoch, Member.active)
        ).one_or_none()
        if row is None:
            return None
        member, seen_at = describe(row[0], row[1]), row[2]
    if seen_at < now() - SEEN_EVERY:
        _mark_seen(storage, member, session_id)
    return member


def of_member(storage: Storage, scope: Scope, member_id: str) -> list[SessionInfo]:
    """The sessions of a member of the scope's tenant that live, the one seen last first."""
    with storage.read(scope) as session:
        rows = session.scalars(
            select(MemberSession)
            .where(MemberSession.member_id == member_id, MemberSession.ended_at.is_(None))
            .where(MemberSession.seen_at > now() - LASTS)
            .order_by(MemberSession.seen_at.desc(), MemberSession.id)
        )
        return [SessionInfo(row.id, row.created_at, row.seen_at, row.user_agent) for row in rows]


def end(storage: Storage, scope: Scope, member_id: str, session_id: str) -> bool:
    """End one session of a member of the scope's tenant; False when it is none of theirs or has
    ended."""
    return _end(storage, scope, member_id, MemberSession.id == session_id) == 1


def end_others(storage: Storage, scope: Scope, member_id: str, session_id: str = "") -> int:
    """End all sessions of a member but one; how many ended."""
    return _end(storage, scope, member_id, MemberSession.id != session_id)


def end_all(session: Session, member: Member) -> None:
    """End all of a member's sessions, as part of the caller's transaction; also those that began
    while this went on."""
    member.session_epoch += 1
    _ended(session, member.id, true())


def _end(storage: Storage, scope: Scope, member_id: str, which: ColumnElement[bool]) -> int:
    with storage.write(scope) as session:
        count = _ended(session, member_id, which)
        if count:
            audit.record(
                *(session, scope.tenant_id, "session.ended"),
                actor_id=audit.actor(scope),
                subject_id=member_id,
                number=count,
            )
        return count


def _ended(session: Session, member_id: str, which: ColumnElement[bool]) -> int:
    ended = session.execute(
        update(MemberSession)
        .where(MemberSession.member_id == member_id, MemberSession.ended_at.is_(None))
        .where(which)
        .values(ended_at=now())
        .returning(MemberSession.id)
        .execution_options(synchronize_session=False)
    )
    return len(ended.all())


def _mark_seen(storage: Storage, member: MemberInfo, session_id: str) -> None:
    with storage.write(member.scope) as session:
        session.execute(
            update(MemberSession)
            .where(MemberSession.id == session_id)
            .values(seen_at=now())
            .execution_options(synchronize_session=False)
        )
