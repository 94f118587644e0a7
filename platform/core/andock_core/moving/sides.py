"""The collections of both sides of a move, as they are compared."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sqlalchemy import select

from andock_core.connections import preferences, sealed
from andock_core.moving.errors import NotMoving
from andock_core.moving.partners import move_of
from andock_core.moving.states import CHOOSING
from andock_core.storage import Collection, Connection, Scope

if TYPE_CHECKING:
    from andock_core.core import Core


@dataclass(frozen=True)
class Side:
    """A collection of one side, by value."""

    id: str
    ref: str
    name: str
    kind: str
    role: str


@dataclass(frozen=True)
class Old:
    """The connection whose place is taken. Its preferences go along."""

    id: str
    preferences: preferences.Preferences


def opened(
    core: "Core", scope: Scope, new_id: str
) -> tuple[list[tuple[Side, Side]], tuple[str, ...], Old]:
    """The pairs of collections, the names of those that nothing takes over from, and the old
    connection. Raises NotMoving."""
    with core.storage.read(scope) as session:
        move = move_of(session, new_id)
        if move is None or move.new_id != new_id or move.state != CHOOSING:
            raise NotMoving
        old = session.get_one(Connection, move.old_id)
        owner = scope.member_id

        def side(row: Collection) -> Side:
            name = sealed.open_name(core.vault, row, owner)
            return Side(row.id, row.ref, name, row.kind, row.role)

        query = select(Collection).order_by(Collection.kind, Collection.role.desc(), Collection.id)
        new = {
            (row.ref, row.kind): side(row)
            for row in session.scalars(query.where(Collection.connection_id == new_id))
            if not row.retired
        }
        pairs: list[tuple[Side, Side]] = []
        left_out: list[str] = []
        for row in session.scalars(query.where(Collection.connection_id == old.id)):
            goes_to = new.get((move.taken.get(row.id, ""), row.kind))
            if goes_to is not None:
                pairs.append((side(row), goes_to))
            elif not row.retired:
                left_out.append(side(row).name)
        return pairs, tuple(left_out), Old(old.id, preferences.of(old))
