"""A connection that only its member can mend: they are told at once, in the app and by mail, and
once. What the operator or the other side has to mend is tried again, and stands among repairs."""

import logging
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core import notices
from andock_core.storage import Connection, Scope, Storage
from andock_sdk.errors import AndockError, MemberError

KIND = "connection.attention"
log = logging.getLogger("andock.connections")


@dataclass(frozen=True)
class Waiting:
    """A connection that waits for its member. `error` is a message key."""

    id: str
    integration: str
    error: str


def raised(
    session: Session, row: Connection, was: tuple[str, str], error: AndockError | None
) -> list[str]:
    """Tell the member, in the transaction in which the connection came to need them; the notices'
    ids, for `notices.post`. `was`: state and error before. The same twice is told once."""
    if not isinstance(error, MemberError) or was == (row.state, row.error):
        return []
    settled(session, row.id)
    log.warning("waits for its member connection=%s error=%s", row.id, row.error)
    facts = {"integration": row.integration, "connection": row.id, "error": row.error}
    return [notices.tell(session, row.tenant_id, row.owner_id, KIND, about=row.id, **facts)]


def settled(session: Session, connection_id: str) -> None:
    """It works again, or is gone."""
    notices.settle(session, KIND, connection_id)


def waiting(storage: Storage, scope: Scope) -> list[Waiting]:
    """The scope's member's connections that nothing happens to before they do something."""
    query = select(Connection).where(
        Connection.owner_id == scope.member_id,
        Connection.state == "attention",
        Connection.next_due_at.is_(None),
        Connection.stopped == "",
    )
    with storage.read(scope) as session:
        rows = session.scalars(query.order_by(Connection.id))
        return [Waiting(row.id, row.integration, row.error) for row in rows]
