"""What waits for the member: deletes that the breaker holds, and what would tell attendees.

Short names for it: "here" (vanished there, would be deleted here), "there" (deleted here, would be
deleted there), "mail".
"""

from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from andock_core.storage import Connection, Pair

What = Literal["here", "there", "mail"]
ERRORS: dict[str, What] = {"breaker.here": "here", "breaker.there": "there", "mail.would": "mail"}


def held(session: Session, connection_id: str) -> dict[str, int]:
    """How much of a connection waits: "here", "there", "mail"."""
    query = (
        select(Pair.error, func.count(Pair.id))
        .where(Pair.connection_id == connection_id, Pair.state == "held")
        .group_by(Pair.error)
    )
    return {ERRORS[error]: count for error, count in session.execute(query) if error in ERRORS}


def release(session: Session, connection_id: str, side: str) -> None:
    """The member means it: the next run carries these deletes out, whatever their number."""
    _decide(session, connection_id, side, "release")


def restore(session: Session, connection_id: str, side: str) -> None:
    """The next run brings back what vanished, on the side where it vanished."""
    _decide(session, connection_id, side, "restore")


def send(session: Session, connection_id: str) -> None:
    """The next run writes it, and the other side tells the attendees."""
    _decide(session, connection_id, "mail", "send")


def pause(session: Session, connection_id: str, moment: datetime | None) -> None:
    """Nothing runs from now on; None: it runs again."""
    mine = update(Connection).where(Connection.id == connection_id)
    session.execute(mine.values(paused_at=moment), execution_options=_UNSEEN)


def waiting(connection_id: str, what: str) -> tuple[ColumnElement[bool], ...]:
    """SQL: the pairs that wait for one decision."""
    error = next(error for error, name in ERRORS.items() if name == what)
    return (Pair.connection_id == connection_id, Pair.state == "held", Pair.error == error)


def _decide(session: Session, connection_id: str, what: str, state: str) -> None:
    held_pairs = update(Pair).where(*waiting(connection_id, what))
    values = {"state": state, "error": "", "tries": 0}
    session.execute(held_pairs.values(values), execution_options=_UNSEEN)


_UNSEEN = {"synchronize_session": False}
