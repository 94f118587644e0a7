"""Switching over, and taking it back: each one transaction, so that a process that dies leaves the
old state or the new one, whole.

The pairs stay the rows that they are, so that the journal goes on speaking of them: they get the
new side's ids, and keep their bases. What differs from a base by then, on either side, the first
run merges like any other change. As they were on the old side they are kept aside.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from andock_core import audit, clock
from andock_core.connections import preferences, sealed
from andock_core.connections.effects import lock_member
from andock_core.connections.errors import PreviewStale
from andock_core.jobs.lease import abandon_runs
from andock_core.jobs.queue import QueueDown
from andock_core.moving.errors import MostMissing, NotMoving, RunUnderWay, Unread, Unsettled
from andock_core.moving.partners import DIGEST, locked, wanted
from andock_core.moving.prospect import Prospect
from andock_core.moving.states import CHOOSING, MOVING, PARKED, SWITCHED
from andock_core.runs.queries import PENDING
from andock_core.storage import (
    Attempt,
    Collection,
    Connection,
    FormerPair,
    InboxItem,
    Intent,
    JournalLine,
    Move,
    Pair,
    Run,
    Scope,
)
from andock_sdk import ConnectionFacts

if TYPE_CHECKING:
    from andock_core.core import Core

SETTLES = timedelta(hours=1)
"""So long a write may be under way to a side that answers no more."""
_SEALED = ("base_local", "base_remote")
_QUIET = {"synchronize_session": False}


def switch(core: "Core", scope: Scope, new_id: str, seen_id: str, *, strange: bool = False) -> None:
    """The member agrees to what the attempt `seen_id` found: the new connection takes the place of
    the old one, which is parked. The first run there is due at once. `strange`: also when most
    of what was there is missing.

    Again it does nothing. Raises NotMoving, PreviewStale when that was about another choice or is
    too old, Unread, MostMissing, RunUnderWay, Unsettled.
    """
    from andock_core.jobs import observe

    with core.storage.write(scope) as session:
        lock_member(session, scope.member_id)
        move, old, new = locked(session, scope, new_id)
        if move.state == SWITCHED:
            return  # a double click
        found = _agreed_to(core, session, new, seen_id, strange=strange)
        _stand_still(session, old)
        _open_intents(session, old)
        moment = clock.now()
        former = _put_aside(session, move, old)
        taken = _take_over(session, former, new, found["matches"], moment)
        _hand_on_journal(session, old, new, _collections(session, move, new))
        move.state, move.was, move.switched_at = SWITCHED, old.state, moment
        old.state, old.next_due_at = PARKED, None
        new.state, new.error, new.failures = "active", "", 0
        new.preferences, new.interval_minutes = old.preferences, old.interval_minutes
        new.paused_at, new.next_due_at = old.paused_at, moment
        new.last_success_at = old.last_success_at
        preferences.want(session, core.vault, new)
        new.confirmed = new.wanted
        _forget_looks(session, new)
        _record(session, "connection.moved", old, new, taken)
        facts = ConnectionFacts(
            connection_id=new_id,
            tenant_id=new.tenant_id,
            integration=new.integration,
            state="active",
        )
    observe.announce(core, "connection_added", facts)
    _run(core, scope, new_id)


def take_back(core: "Core", scope: Scope, new_id: str) -> str:
    """The old connection again has the place that it had, with all its pairs; its id. What was
    changed here in the meantime is carried there by its next run. The journal goes back whole.

    Raises NotMoving when there is nothing to take back, RunUnderWay.
    """
    with core.storage.write(scope) as session:
        lock_member(session, scope.member_id)
        move, old, new = locked(session, scope, new_id)
        if move.state != SWITCHED:
            raise NotMoving
        _stand_still(session, new)
        collections = _collections(session, move, new)
        back = {new_row: old_row for old_row, new_row in collections.items()}
        session.execute(delete(Pair).where(Pair.connection_id == new.id), execution_options=_QUIET)
        restored = _put_back(session, move)
        _begin_anew(session, new)
        _hand_on_journal(session, new, old, back)
        moment = clock.now()
        old.state, old.next_due_at = move.was, moment
        new.state, new.next_due_at, new.confirmed = MOVING, None, ""
        move.state, move.switched_at = CHOOSING, None
        _record(session, "connection.move_taken_back", new, old, restored)
        old_id = old.id
    _run(core, scope, old_id)
    return old_id


def _agreed_to(
    core: "Core", session: Session, new: Connection, seen_id: str, *, strange: bool
) -> dict[str, Any]:
    """What the attempt found. Raises PreviewStale, Unread, MostMissing."""
    attempt = session.get(Attempt, seen_id)
    if attempt is None or attempt.connection_id != new.id or attempt.kind != "pairing":
        raise PreviewStale
    draft = sealed.open_sealed(core.vault, attempt, "draft") or {}
    expired = attempt.expires_at <= clock.now()
    if attempt.state != "done" or expired or draft.get(DIGEST) != wanted(new):
        raise PreviewStale
    found: dict[str, Any] = sealed.open_sealed(core.vault, attempt, "result")
    prospect = Prospect.model_validate(found["prospect"])
    if prospect.blocked:
        raise Unread
    if prospect.strange and not strange:
        raise MostMissing
    return found


def _stand_still(session: Session, connection: Connection) -> None:
    """No run of it can commit anything from here on. Raises RunUnderWay while one is under way: it
    may be writing to the other side at this moment."""
    moment = clock.now()
    if connection.lease_until is not None and connection.lease_until >= moment:
        raise RunUnderWay
    connection.fence += 1
    connection.lease_holder, connection.lease_until, connection.progress = "", None, None
    connection.queued_at = connection.requested_at = None
    abandon_runs(session, connection.id, connection.fence)


def _forget_looks(session: Session, new: Connection) -> None:
    """What was seen is over once it was agreed to."""
    looks = delete(Attempt).where(Attempt.connection_id == new.id, Attempt.kind == "pairing")
    session.execute(looks, execution_options=_QUIET)


def _open_intents(session: Session, old: Connection) -> None:
    """Only the old side knows what became of a write. When it answers no more, nobody ever will:
    what it has led to is then what the new side has. Raises Unsettled."""
    begun = select(Intent.id).where(Intent.connection_id == old.id)
    if old.failures or old.state == "attention":
        begun = begun.where(Intent.created_at > clock.now() - SETTLES)
    if session.scalars(begun).first():
        raise Unsettled


def _put_aside(session: Session, move: Move, old: Connection) -> list[Pair]:
    """Keep all pairs of the old connection as they are."""
    rows = list(session.scalars(select(Pair).where(Pair.connection_id == old.id)))
    for pair in rows:
        session.add(
            FormerPair(
                id=pair.id,
                tenant_id=pair.tenant_id,
                move_id=move.id,
                columns={name: _plain(getattr(pair, name)) for name in _columns()},
                base_local=pair.base_local,
                base_remote=pair.base_remote,
            )
        )
    return rows


def _take_over(
    session: Session,
    pairs: list[Pair],
    new: Connection,
    matches: list[dict[str, Any]],
    moment: datetime,
) -> int:
    """The pairs that were recognised become the new connection's; the others end. How many."""
    mine = select(Collection).where(Collection.connection_id == new.id)
    marks = {row.id: row.listing_mark for row in session.scalars(mine)}
    found = {match["pair"]: match for match in matches if match["collection"] in marks}
    spoken_for: set[tuple[str, str]] = set()
    taken = 0
    for pair in pairs:
        match = found.get(pair.id)
        if match is None or pair.ref.startswith(PENDING):
            session.delete(pair)
            continue
        place = (match["collection"], pair.entry_id)
        if place in spoken_for:
            session.delete(pair)
            continue
        spoken_for.add(place)
        _now_speaks_of(pair, new, match, marks[match["collection"]], moment)
        taken += 1
    session.flush()
    return taken


def _now_speaks_of(
    pair: Pair, new: Connection, match: dict[str, Any], mark: int, moment: datetime
) -> None:
    """The pair's new side. Without a version the first run looks at it: it differs, or the old side
    brought something since it was compared."""
    compared = match["seen"] == pair.remote_version
    pair.connection_id, pair.collection_id = new.id, match["collection"]
    pair.ref, pair.link, pair.uid = match["ref"], match["link"], match["uid"]
    pair.remote_version = match["version"] if compared else ""
    pair.operation_id, pair.unannounced = match["operation"], False
    pair.seen_mark, pair.tries = mark, 0
    if pair.state in ("dirty", "aside") or (pair.state, pair.error) == ("held", "mail.would"):
        pair.state, pair.error, pair.next_try_at = "dirty", "", moment
    elif (pair.state, pair.error) == ("held", "breaker.here"):  # it is there after all
        pair.state, pair.error, pair.next_try_at, pair.remote_version = "ok", "", None, ""


def _collections(session: Session, move: Move, new: Connection) -> dict[str, str]:
    """Old collection's id → the id of the one that takes over from it."""
    refs = {}
    for row in session.scalars(select(Collection).where(Collection.connection_id == new.id)):
        refs[row.ref] = row.id
    return {mine: refs[ref] for mine, ref in move.taken.items() if ref in refs}


def _hand_on_journal(
    session: Session, giver: Connection, taker: Connection, collections: dict[str, str]
) -> None:
    """All runs and their lines, undone or still to be undone, speak of the other connection now."""
    for before, after in collections.items():
        lines = update(JournalLine).where(
            JournalLine.connection_id == giver.id, JournalLine.collection_id == before
        )
        session.execute(lines.values(collection_id=after), execution_options=_QUIET)
    for table in (JournalLine, Run):
        rows = update(table).where(table.connection_id == giver.id)
        session.execute(rows.values(connection_id=taker.id), execution_options=_QUIET)


def _put_back(session: Session, move: Move) -> int:
    """The old connection's pairs, as they were. How many."""
    rows = list(session.scalars(select(FormerPair).where(FormerPair.move_id == move.id)))
    for row in rows:
        columns = {**row.columns, "next_try_at": _moment(row.columns["next_try_at"])}
        session.add(Pair(**columns, base_local=row.base_local, base_remote=row.base_remote))
        session.delete(row)
    session.flush()
    return len(rows)


def _begin_anew(session: Session, new: Connection) -> None:
    """What the new connection had begun to read is read anew, should it ever run again."""
    mine = select(Collection.id).where(Collection.connection_id == new.id)
    session.execute(delete(Intent).where(Intent.connection_id == new.id), execution_options=_QUIET)
    inbox = delete(InboxItem).where(InboxItem.collection_id.in_(mine))
    session.execute(inbox, execution_options=_QUIET)
    for row in session.scalars(select(Collection).where(Collection.connection_id == new.id)):
        row.cursor, row.listing = None, True


def _columns() -> tuple[str, ...]:
    names = (column.name for column in Pair.__table__.columns)
    return tuple(name for name in names if name not in _SEALED)


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value


def _moment(value: str | None) -> datetime | None:
    return datetime.fromisoformat(value) if value else None


def _record(
    session: Session, action: str, giver: Connection, taker: Connection, records: int
) -> None:
    audit.record(
        *(session, taker.tenant_id, action),
        actor_id=taker.owner_id,
        subject_id=taker.owner_id,
        integration=taker.integration,
        came_from=giver.integration,
        records=records,
    )


def _run(core: "Core", scope: Scope, connection_id: str) -> None:
    """A run now. Without Redis the dispatcher starts it: it is due."""
    from andock_core.jobs import due

    try:
        due.request_run(core, scope, connection_id, trigger="manual")
    except QueueDown:
        return
