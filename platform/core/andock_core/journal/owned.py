"""Whose connection it is: everything here is for its owner alone."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from andock_core.connections.errors import NotFound
from andock_core.storage import Connection, Scope


def own(session: Session, scope: Scope, connection_id: str, *, lock: bool = False) -> Connection:
    """The member's own connection. Raises NotFound, for somebody else's too."""
    query = select(Connection).where(
        Connection.id == connection_id, Connection.owner_id == scope.member_id
    )
    found = session.scalars(query.with_for_update() if lock else query).one_or_none()
    if found is None:
        raise NotFound
    return found
