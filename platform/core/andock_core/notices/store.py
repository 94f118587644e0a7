"""Writing and reading notices. Every member reads their own alone."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from andock_core.clock import now
from andock_core.storage import SYSTEM, Member, Notice, Scope, Storage
from andock_core.storage.types import new_id

KEPT = timedelta(days=90)
MOST_SHOWN = 200
LONGEST_FACT = 300

Fact = str | int | bool


@dataclass(frozen=True)
class Shown:
    """A notice for the page. `kind` and `facts` as in `tell`."""

    id: str
    kind: str
    facts: dict[str, Any]
    created_at: datetime
    read: bool


def tell(
    session: Session, tenant_id: str, member_id: str, kind: str, *, about: str = "", **facts: Fact
) -> str:
    """Tell a member something, in the session's transaction; the notice's id.

    `kind` is a dotted key whose words the web has. `about` is the id of what it is about, see
    `settle`. `facts` fill the words in: short, and nothing that is not this member's to know.
    """
    short = {
        name: value[:LONGEST_FACT] if isinstance(value, str) else value
        for name, value in facts.items()
    }
    notice = Notice(
        id=new_id(), tenant_id=tenant_id, member_id=member_id, kind=kind, about=about, facts=short
    )
    session.add(notice)
    return notice.id


def tell_admins(
    session: Session, tenant_id: str, kind: str, *, about: str = "", but: str = "", **facts: Fact
) -> list[str]:
    """Tell all active admins of a company, the member `but` aside; the notices' ids."""
    admins = select(Member.id).where(
        Member.tenant_id == tenant_id, Member.role == "admin", Member.active, Member.id != but
    )
    return [
        tell(session, tenant_id, member_id, kind, about=about, **facts)
        for member_id in session.scalars(admins.order_by(Member.id))
    ]


def settle(session: Session, kind: str, about: str) -> None:
    """Nobody needs to read this any more: everybody's notice of it counts as read."""
    mine = (Notice.kind == kind, Notice.about == about, Notice.read_at.is_(None))
    session.execute(update(Notice).where(*mine).values(read_at=now()))


def unread(storage: Storage, scope: Scope) -> int:
    """How many notices the scope's member has not read."""
    mine = (Notice.member_id == scope.member_id, Notice.read_at.is_(None))
    with storage.read(scope) as session:
        return session.scalar(select(func.count(Notice.id)).where(*mine)) or 0


def listed(storage: Storage, scope: Scope) -> list[Shown]:
    """The member's notices, the newest first; at most `MOST_SHOWN`."""
    query = (
        select(Notice)
        .where(Notice.member_id == scope.member_id)
        .order_by(Notice.created_at.desc(), Notice.id)
        .limit(MOST_SHOWN)
    )
    with storage.read(scope) as session:
        return [
            Shown(row.id, row.kind, dict(row.facts), row.created_at, row.read_at is not None)
            for row in session.scalars(query)
        ]


def mark_read(storage: Storage, scope: Scope, notice_id: str) -> Shown | None:
    """The member has read it; None when there is no such notice of theirs."""
    with storage.write(scope) as session:
        row = session.get(Notice, notice_id)
        if row is None or row.member_id != scope.member_id:
            return None
        row.read_at = row.read_at or now()
        return Shown(row.id, row.kind, dict(row.facts), row.created_at, True)


def mark_all_read(storage: Storage, scope: Scope) -> None:
    """The member has read all of them."""
    mine = (Notice.member_id == scope.member_id, Notice.read_at.is_(None))
    with storage.write(scope) as session:
        session.execute(update(Notice).where(*mine).values(read_at=now()))


def purge(storage: Storage, moment: datetime) -> None:
    """Delete notices that are older than `KEPT`, read or not."""
    with storage.write(SYSTEM) as session:
        session.execute(
            delete(Notice).where(Notice.created_at < moment - KEPT),
            execution_options={"synchronize_session": False},
        )
