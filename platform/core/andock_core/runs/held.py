"""Deletes that the breaker holds until the member decides."""

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from andock_core.storage import Pair


def held(session: Session, connection_id: str) -> dict[str, int]:
    """How many deletes of a connection wait, by side ("here", "there")."""
    query = (
        select(Pair.error, func.count(Pair.id))
        .where(Pair.connection_id == connection_id, Pair.state == "held")
        .where(Pair.error.startswith("breaker."))
        .group_by(Pair.error)
    )
    return {error.removeprefix("breaker."): count for error, count in session.execute(query)}


def release(session: Session, connection_id: str, side: str) -> None:
    """The member means it: the next run carries these deletes out, whatever their number."""
    session.execute(
        update(Pair)
        .where(
            Pair.connection_id == connection_id,
            Pair.state == "held",
            Pair.error == f"breaker.{side}",
        )
        .values(state="release", error="")
    )
