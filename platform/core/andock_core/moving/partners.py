"""The rows of a move, found from either of its connections."""

import hashlib
from typing import TYPE_CHECKING

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from andock_core.connections import sealed
from andock_core.moving.errors import NotMoving
from andock_core.moving.states import MOVING, SWITCHED
from andock_core.storage import Connection, Move, Scope
from andock_sdk import Answers

if TYPE_CHECKING:
    from andock_core.core import Core

DIGEST = "digest"
"""Under this name the draft of a look has what it was about."""


def wanted(new: Connection) -> str:
    """What a look is about: the choice, and the mailbox that it was made in."""
    return hashlib.sha256(f"{new.wanted} {new.account_key}".encode()).hexdigest()


def move_of(session: Session, connection_id: str) -> Move | None:
    """The move that a connection has to do with, as the old or the new one."""
    either = or_(Move.old_id == connection_id, Move.new_id == connection_id)
    return session.scalars(select(Move).where(either)).first()


def locked(session: Session, scope: Scope, new_id: str) -> tuple[Move, Connection, Connection]:
    """The member's move to `new_id` with its old and its new connection, all locked: no run can
    take their leases until the transaction ends. Raises NotMoving."""
    mine = (Move.new_id == new_id, Move.owner_id == scope.member_id)
    move = session.scalars(select(Move).where(*mine).with_for_update()).one_or_none()
    if move is None:
        raise NotMoving
    both = select(Connection).where(Connection.id.in_((move.old_id, move.new_id)))
    rows = {row.id: row for row in session.scalars(both.order_by(Connection.id).with_for_update())}
    return move, rows[move.old_id], rows[move.new_id]


def goes_too(session: Session, connection_id: str) -> Connection | None:
    """The connection that has no purpose without this one: the new one of a move that was only
    begun, the parked one once its place is taken."""
    move = move_of(session, connection_id)
    if move is None:
        return None
    switched = move.state == SWITCHED
    if switched == (move.new_id == connection_id):
        return session.get(Connection, move.old_id if switched else move.new_id)
    return None


def needed_of(core: "Core", scope: Scope, connection: Connection) -> Answers:
    """The settings that a connection's access has to be enough for: its own, or, until something is
    chosen in a move, those of the connection whose place it takes. So a member is asked once."""
    if connection.settings is not None or connection.state != MOVING:
        return sealed.open_settings(core.vault, connection)
    with core.storage.read(scope) as session:
        old = session.get(Connection, source_of(session, connection.id))
        return sealed.open_settings(core.vault, old) if old is not None else {}


def source_of(session: Session, connection_id: str) -> str:
    """The connection from which this one takes over; "" when it does not."""
    found = session.scalar(select(Move.old_id).where(Move.new_id == connection_id))
    return found or ""
