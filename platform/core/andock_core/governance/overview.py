"""Who connected what: for admins, states alone. Neither accounts nor titles nor settings."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core import notices
from andock_core.connections import service
from andock_core.governance.admins import require_admin
from andock_core.governance.errors import Unknown
from andock_core.storage import Connection, Member, Scope

if TYPE_CHECKING:
    from andock_core.core import Core

State = Literal["active", "attention", "begun", "paused", "company", "access"]
STATES: tuple[State, ...] = ("active", "attention", "access", "company", "paused", "begun")


@dataclass(frozen=True)
class Connected:
    """A member's connection as an admin sees it. `state`: active, attention (`error` is a message
    key), begun (not in use yet), paused (by its member, or by the delete breaker), company
    (switched off), access (asks for new access). `ends_at`: when its secret ends, if known."""

    id: str
    integration: str
    member_id: str
    who: str
    member_active: bool
    state: State
    error: str
    since: datetime
    last_success_at: datetime | None
    ends_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """Those that were asked for, and how many there are of each integration and each state."""

    connections: tuple[Connected, ...]
    integrations: Mapping[str, int]
    states: Mapping[State, int]


def connected(core: "Core", scope: Scope, integration: str = "", state: str = "") -> Overview:
    """The company's connections by integration and name; `integration` and `state` choose some of
    them, and what nobody has chooses all. Raises NotAdmin."""
    with core.storage.read(scope) as session:
        require_admin(session, scope)
        everything = rows(session)
    integrations = _counted([each.integration for each in everything])
    states = {name: sum(each.state == name for each in everything) for name in STATES}
    return Overview(
        connections=tuple(
            each
            for each in everything
            if (integration not in integrations or each.integration == integration)
            and (state not in STATES or each.state == state)
        ),
        integrations=integrations,
        states={name: count for name, count in states.items() if count},
    )


def one(core: "Core", scope: Scope, connection_id: str) -> Connected:
    """One of the company's connections. Raises NotAdmin, Unknown."""
    with core.storage.read(scope) as session:
        require_admin(session, scope)
        found = [each for each in rows(session) if each.id == connection_id]
    if not found:
        raise Unknown
    return found[0]


def end(core: "Core", scope: Scope, connection_id: str, *, keep_entries: bool) -> Connected:
    """Disconnect a member's connection as the member could (`connections.service.disconnect`); the
    member is told. What it was is returned. Raises NotAdmin, Unknown."""
    ended = one(core, scope, connection_id)
    owner = Scope(scope.tenant_id, ended.member_id)
    service.disconnect(
        core, owner, connection_id, keep_entries=keep_entries, actor_id=scope.member_id
    )
    with core.storage.write(scope) as session:
        told = notices.tell(
            session,
            scope.tenant_id,
            ended.member_id,
            "connection.ended",
            about=ended.id,
            integration=ended.integration,
            kept=keep_entries,
        )
    notices.post(core, [told])
    return ended


def rows(session: Session) -> list[Connected]:
    """All connections that the session sees, by integration and name."""
    query = (
        select(Connection, Member.name, Member.active)
        .join(Member, Member.id == Connection.owner_id)
        .order_by(Connection.integration, Member.name, Connection.created_at, Connection.id)
    )
    return [_connected(row, name, active) for row, name, active in session.execute(query)]


def _connected(row: Connection, who: str, active: bool) -> Connected:
    return Connected(
        id=row.id,
        integration=row.integration,
        member_id=row.owner_id,
        who=who,
        member_active=active,
        state=_state(row),
        error=row.error,
        since=row.created_at,
        last_success_at=row.last_success_at,
        ends_at=row.ends_at,
    )


def _state(row: Connection) -> State:
    if row.stopped in ("company", "access"):
        return "company" if row.stopped == "company" else "access"
    if row.state == "attention":
        return "attention"
    if row.state != "active" or (row.wanted != row.confirmed and row.last_run_at is None):
        return "begun"
    return "paused" if row.paused_at is not None else "active"


def _counted(names: list[str]) -> dict[str, int]:
    return {name: names.count(name) for name in sorted(set(names))}
