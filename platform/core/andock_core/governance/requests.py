"""Asking for an integration, and answering.

asked ──▶ approved   (the member is named in the rule: on)
  ├─────▶ declined   (may be asked once more)
  └─────▶ withdrawn  (by the member)
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from andock_core import audit, notices
from andock_core.clock import now
from andock_core.connections.effects import lock_member
from andock_core.connections.errors import NotOffered, SwitchedOff
from andock_core.governance.admins import require_admin
from andock_core.governance.errors import AskedAlready, NotAsked, Unknown
from andock_core.governance.rules import Rules, state_for
from andock_core.storage import IntegrationRequest, Member, NamedRule, Scope
from andock_core.storage.types import new_id

if TYPE_CHECKING:
    from andock_core.core import Core

LONGEST = 300
MOST_DECIDED = 50


@dataclass(frozen=True)
class Asked:
    """A request. `who` and `decided_by` are names, "" when they are gone."""

    id: str
    integration: str
    state: str
    why: str
    word: str
    asked_at: datetime
    decided_at: datetime | None = None
    who: str = ""
    decided_by: str = ""


def ask(core: "Core", scope: Scope, integration: str, why: str) -> str:
    """Ask the company's admins; the request's id. They are told.

    Raises NotOffered, SwitchedOff, NotAsked, AskedAlready.
    """
    listed = core.catalog.get(integration)
    if listed is None or listed.listing is None:
        raise NotOffered
    with core.storage.write(scope) as session:
        lock_member(session, scope.member_id)
        state = state_for(session, scope.tenant_id, scope.member_id, integration)
        if state == "off":
            raise SwitchedOff
        if state == "on":
            raise NotAsked
        if _open(session, scope.member_id, integration) is not None:
            raise AskedAlready
        row = IntegrationRequest(
            id=new_id(),
            tenant_id=scope.tenant_id,
            member_id=scope.member_id,
            integration=integration,
            why=" ".join(why.split())[:LONGEST],
        )
        session.add(row)
        who = session.scalar(select(Member.name).where(Member.id == scope.member_id)) or ""
        facts = {"integration": integration, "who": who, "word": row.why}
        told = notices.tell_admins(
            session, scope.tenant_id, "request.asked", about=row.id, but=scope.member_id, **facts
        )
        _record(session, scope, "request.asked", row)
        request_id = row.id
    notices.post(core, told)
    return request_id


def take_back(core: "Core", scope: Scope, integration: str) -> None:
    """The member needs no answer any more. Nothing happens when there is no open request."""
    with core.storage.write(scope) as session:
        lock_member(session, scope.member_id)
        row = _open(session, scope.member_id, integration)
        if row is not None:
            row.state, row.decided_at = "withdrawn", now()
            notices.settle(session, "request.asked", row.id)
            _record(session, scope, "request.withdrawn", row)


def answer(core: "Core", scope: Scope, request_id: str, *, approve: bool, word: str = "") -> str:
    """Approve or decline; the member's name. The member is told. One that was answered or taken
    back meanwhile stays as it is: raises Unknown. Raises NotAdmin."""
    with core.storage.write(scope) as session:
        require_admin(session, scope)
        row = session.get(IntegrationRequest, request_id, with_for_update=True)
        if row is None or row.state != "asked":
            raise Unknown
        if approve:
            _name(session, row)
        told = _answered(session, scope, row, "approved" if approve else "declined", word)
        who = session.scalar(select(Member.name).where(Member.id == row.member_id)) or ""
    notices.post(core, [told])
    return who


def follow(session: Session, scope: Scope, integration: str) -> list[str]:
    """A new rule answers the open requests that it makes needless; the notices' ids."""
    rules = Rules(session, scope.tenant_id)
    query = (
        select(IntegrationRequest, Member.role)
        .join(Member, Member.id == IntegrationRequest.member_id)
        .where(IntegrationRequest.integration == integration, IntegrationRequest.state == "asked")
    )
    told = []
    for row, role in session.execute(query).all():
        state = rules.of(integration).state_for(row.member_id, role)
        if state != "request":
            outcome = "approved" if state == "on" else "declined"
            told.append(_answered(session, scope, row, outcome, ""))
    return told


def mine(core: "Core", scope: Scope) -> dict[str, Asked]:
    """The member's newest request for each integration, those taken back aside."""
    query = (
        select(IntegrationRequest)
        .where(
            IntegrationRequest.member_id == scope.member_id,
            IntegrationRequest.state != "withdrawn",
        )
        .order_by(IntegrationRequest.asked_at, IntegrationRequest.id)
    )
    with core.storage.read(scope) as session:
        return {row.integration: _asked(row, {}) for row in session.scalars(query)}


def listed(core: "Core", scope: Scope) -> list[Asked]:
    """For admins: what is open, the oldest first, then what was answered, the newest first. Raises
    NotAdmin."""
    query = select(IntegrationRequest)
    open_ones = query.filter_by(state="asked").order_by(IntegrationRequest.asked_at)
    answered = query.where(IntegrationRequest.state.in_(("approved", "declined")))
    newest = answered.order_by(IntegrationRequest.decided_at.desc()).limit(MOST_DECIDED)
    with core.storage.read(scope) as session:
        require_admin(session, scope)
        people = session.execute(select(Member.id, Member.name))
        names = {row.id: row.name for row in people}
        rows = [*session.scalars(open_ones), *session.scalars(newest)]
        return [_asked(row, names) for row in rows]


def waiting(core: "Core", scope: Scope) -> int:
    """How many requests wait for an answer."""
    query = select(func.count(IntegrationRequest.id)).where(IntegrationRequest.state == "asked")
    with core.storage.read(scope) as session:
        return session.scalar(query) or 0


def _open(session: Session, member_id: str, integration: str) -> IntegrationRequest | None:
    query = select(IntegrationRequest).where(
        IntegrationRequest.member_id == member_id,
        IntegrationRequest.integration == integration,
        IntegrationRequest.state == "asked",
    )
    return session.scalars(query.with_for_update()).first()


def _name(session: Session, row: IntegrationRequest) -> None:
    mine = select(NamedRule).where(
        NamedRule.member_id == row.member_id, NamedRule.integration == row.integration
    )
    named = session.scalars(mine).one_or_none()
    if named is None:
        named = NamedRule(
            tenant_id=row.tenant_id, member_id=row.member_id, integration=row.integration
        )
        session.add(named)
    named.state = "on"


def _answered(
    session: Session, scope: Scope, row: IntegrationRequest, state: str, word: str
) -> str:
    row.state, row.word = state, " ".join(word.split())[:LONGEST]
    row.decided_by, row.decided_at = scope.member_id, now()
    notices.settle(session, "request.asked", row.id)
    _record(session, scope, f"request.{state}", row)
    facts = {"integration": row.integration, "word": row.word}
    kind = f"request.{state}"
    return notices.tell(session, row.tenant_id, row.member_id, kind, about=row.id, **facts)


def _record(session: Session, scope: Scope, action: str, row: IntegrationRequest) -> None:
    audit.record(
        session,
        scope.tenant_id,
        action,
        actor_id=scope.member_id,
        subject_id=row.member_id,
        integration=row.integration,
    )


def _asked(row: IntegrationRequest, names: dict[str, str]) -> Asked:
    return Asked(
        id=row.id,
        integration=row.integration,
        state=row.state,
        why=row.why,
        word=row.word,
        asked_at=row.asked_at,
        decided_at=row.decided_at,
        who=names.get(row.member_id, ""),
        decided_by=names.get(row.decided_by or "", ""),
    )
