"""A preview of a connection's next run: the pure core's rehearsal over what the database and the
other side hold now. Nothing is written on either side; no network inside a transaction."""

import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from andock_core import clock
from andock_core.calendar.entries import document_of
from andock_core.calendar.expand import CannotExpand, expansion
from andock_core.calendar.window import Window
from andock_core.connections import sealed
from andock_core.connections.ties import keep_notes
from andock_core.jobs.lease import Lease
from andock_core.runs import execute
from andock_core.runs.announcing import says_nothing_new
from andock_core.runs.detach import brought_in, is_leaving
from andock_core.runs.forecast import EXAMPLES, Forecast, Part, Tally
from andock_core.runs.queries import PENDING
from andock_core.runs.records import RULE_UNKNOWN
from andock_core.runs.store import CHUNK, Place, SqlStore
from andock_core.storage import Collection, Connection, Contact, Entry, InboxItem, Pair, Scope
from andock_core.storage.types import new_id
from andock_core.sync.execute import run_collection
from andock_core.sync.ports import Surroundings
from andock_core.sync.preview import Foreseen, Rehearsal, Unwritten
from andock_core.vault import Vault
from andock_sdk import JSON, Appointment, Change, Connector, Contact as Card, Item

if TYPE_CHECKING:
    from andock_core.core import Core

SECONDS = 0.5
"""Between two reports of progress."""

Report = Callable[[dict[str, int]], None]


class SqlLedger(SqlStore):
    """The store of a run that never writes: it has nobody's lease, so it could not."""

    def news(self, changes: Sequence[Change]) -> list[str]:
        """The refs of those changes that are no echo."""
        found: list[str] = []
        with self._read() as session:
            for start in range(0, len(changes), CHUNK):
                some = changes[start : start + CHUNK]
                refs = [change.ref for change in some]
                mine = (Pair.collection_id == self._place.collection_id, Pair.ref.in_(refs))
                pairs = {pair.ref: pair for pair in session.scalars(select(Pair).where(*mine))}
                found += [c.ref for c in some if not says_nothing_new(c, pairs.get(c.ref))]
        return found

    def unnamed(self, named: frozenset[str], *, anew: bool) -> list[str]:
        """Pairs that a listing did not name."""
        with self._read() as session:
            row = self._collection(session)
            announced = select(InboxItem.ref).where(InboxItem.collection_id == row.id)
            missing = [
                Pair.collection_id == row.id,
                ~Pair.ref.startswith(PENDING),
                Pair.ref.not_in(announced),
            ]
            if not anew:
                missing.append(Pair.seen_mark != row.listing_mark)
            refs = session.scalars(select(Pair.ref).where(*missing))
            return [ref for ref in refs if ref not in named]


def forecast(core: "Core", scope: Scope, connection_id: str, report: Report) -> Forecast:
    """What the connection's next run would do, as the settings are now.

    Raises what `andock_sdk.errors` has when the other side does not let itself be read. `report` is
    told {"done", "total", "percent"} now and then.
    """
    lease = Lease(connection_id, scope.tenant_id, scope.member_id, fence=-1, holder="preview")
    opened = execute.open_connection(core, lease)
    before = dict(opened.notebook)
    context = execute.context_of(core, lease, opened)
    try:
        connector = execute.connect(core, opened, context)
        try:
            return _look(core, lease, opened, connector, report)
        finally:
            execute.close(connector)
    finally:
        if context.notebook != before:
            _keep_notebook(core, lease, before, context.notebook)


def _look(
    core: "Core", lease: Lease, opened: execute.Opened, connector: Connector, report: Report
) -> Forecast:
    can, window = connector.capabilities, opened.preferences.window(clock.now())
    shown = window.widened(Window.around(clock.now()))
    tally = Tally()
    foreseen = Foreseen(tally.add)
    leaving = _let_go(core, lease, tally)
    targets = [target for target in opened.targets if target.id not in leaving]
    unwritten = Unwritten(connector)
    inviting = opened.preferences.invitations and can.invitations
    for number, target in enumerate(targets):
        place = Place(lease, "", target.id, shown, clock.now)
        ledger = SqlLedger(core.storage, core.vault, place)
        run_collection(
            Rehearsal(ledger, target.id, foreseen, _refuses(shown), inviting),
            unwritten,
            ref=target.ref,
            collection_id=target.id,
            policy=execute.policy_of(target.role, opened.preferences, can),
            around=Surroundings(
                now=clock.now,
                new_id=new_id,
                enters=lambda item: execute.enters(item, window, clock.now()),
                progress=_Progress(report, number, len(targets)),
            ),
            kind=target.kind,
        )
    foreseen.finish()
    return Forecast(
        parts=_parts(core, lease, leaving, tally), mails=foreseen.mails, invitations=inviting
    )


def _refuses(window: Window) -> Callable[[Item], str]:
    """The message key of what Andock cannot keep: a rule that it cannot expand."""

    def refuses(item: Item) -> str:
        if not isinstance(item, Appointment):
            return ""
        try:
            expansion(item, window.begin, window.end)
        except CannotExpand:
            return RULE_UNKNOWN
        return ""

    return refuses


def _let_go(core: "Core", lease: Lease, tally: Tally) -> frozenset[str]:
    """Collections that the run lets go of before anything else; what goes with them is counted."""
    gone: set[str] = set()
    with core.storage.read(lease.scope) as session:
        mine = select(Collection).where(Collection.connection_id == lease.connection_id)
        for row in session.scalars(mine).all():
            if row.retired and not is_leaving(session, row):
                gone.add(row.id)
            elif row.role != "planning":
                continue
            for table, conditions in brought_in(row):
                _count(session, core.vault, row, table, conditions, tally)
    return frozenset(gone)


def _count(
    session: Session,
    vault: Vault,
    row: Collection,
    table: type[Entry] | type[Contact],
    conditions: tuple[ColumnElement[bool], ...],
    tally: Tally,
) -> None:
    for number, found in enumerate(session.scalars(select(table).where(*conditions))):
        item = _document(vault, found) if number < EXAMPLES else None
        tally.add(row.id, "leaves_here", item)


def _document(vault: Vault, row: object) -> Item:
    if isinstance(row, Entry):
        return document_of(vault, row)
    return Card.model_validate(row.document if isinstance(row, Contact) else {})


def _parts(core: "Core", lease: Lease, leaving: frozenset[str], tally: Tally) -> tuple[Part, ...]:
    with core.storage.read(lease.scope) as session:
        rows = session.scalars(
            select(Collection)
            .where(Collection.connection_id == lease.connection_id)
            .order_by(Collection.kind, Collection.role.desc(), Collection.id)
        )
        return tuple(
            Part(
                name=sealed.open_name(core.vault, row, lease.owner_id),
                kind=row.kind,
                role=row.role,
                retired=row.id in leaving,
                found=tally.of(row.id),
            )
            for row in rows
        )


def _keep_notebook(
    core: "Core", lease: Lease, before: dict[str, JSON], notes: dict[str, JSON]
) -> None:
    """The plugin's notes are kept, as after a run: a token may have been renewed."""
    with core.storage.write(lease.scope) as session:
        row = session.get(Connection, lease.connection_id, with_for_update=True)
        if row is not None:
            keep_notes(core.vault, row, before, notes)


class _Progress:
    """Reports at most every half second how far a look is, over all collections."""

    def __init__(self, report: Report, number: int, count: int) -> None:
        self._report = report
        self._number, self._count = number, count
        self._written_at = 0.0

    def __call__(self, phase: str, done: int, total: int) -> None:
        moment = time.monotonic()
        if phase != "items" or moment - self._written_at < SECONDS:
            return
        self._written_at = moment
        percent = round(100 * (self._number + done / max(total, 1)) / max(self._count, 1))
        self._report({"done": done, "total": total, "percent": percent})
