"""A sync run of one connection: opens the grant, runs each collection, keeps the books."""

import logging
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, update

from andock_core import clock, logs
from andock_core.calendar.expand import CannotExpand, expansion, interval_of
from andock_core.calendar.window import STEP, Window
from andock_core.connections import preferences, sealed
from andock_core.connections.preferences import Preferences
from andock_core.connections.ties import Tie, keep_notes
from andock_core.host.calls import Hooks
from andock_core.host.context import PluginContext
from andock_core.host.faults import describe
from andock_core.jobs import lease as leases
from andock_core.jobs.lease import Lease, check
from andock_core.journal import undo
from andock_core.runs import queries
from andock_core.runs.detach import is_leaving, let_go, let_go_entries
from andock_core.runs.progress import ProgressBoard
from andock_core.runs.store import Place, SqlStore
from andock_core.storage import Collection, Connection, Member, Run, Tenant
from andock_core.storage.types import new_id
from andock_core.sync.execute import CollectionResult, run_collection
from andock_core.sync.plan import Policy, Role
from andock_core.sync.ports import Surroundings
from andock_sdk import Answers, Appointment, Capabilities, Connector, Grant, Item, errors
from andock_sdk.connector import CollectionKind

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.runs")

LONGEST_CALL = timedelta(seconds=45)
"""After a lease has lapsed, a call of the run that had it may still arrive for so long."""


@dataclass(frozen=True)
class RunResult:
    """How a run ended that was not stopped by an error. `held`: the delete breaker waits for the
    member. `counts` as in the observer hook `sync_finished`. `again_at`: when a write whose outcome
    is still unknown can be settled; the next run should be no later."""

    run_id: str
    state: Literal["done", "held"]
    counts: dict[str, int]
    again_at: datetime | None = None


@dataclass
class Found:
    """What the collections of a run say together."""

    held: bool = False
    again_at: datetime | None = None

    def add(self, result: CollectionResult) -> None:
        """One collection's result."""
        self.held = self.held or result.held
        if result.again_at is not None:
            self.again_at = min(self.again_at or result.again_at, result.again_at)


@dataclass(frozen=True)
class Target:
    """A collection to run, by value."""

    id: str
    ref: str
    role: Role
    kind: CollectionKind


@dataclass
class Opened:
    """A connection, opened for a run."""

    slug: str
    grant: Grant
    settings: Answers
    notebook: dict[str, Any]
    preferences: Preferences
    zone: str
    tenant_id: str
    targets: list[Target] = field(default_factory=list)


def run_connection(core: "Core", lease: Lease, trigger: str) -> RunResult:
    """Run all collections of the lease's connection, the one calendar first.

    Raises what `andock_sdk.errors` has for what stops a run (the Run row is closed by whoever
    settles it), LeaseLost when another run took over. Whatever was done until then stays done.
    """
    run_id = _begin(core, lease, trigger)
    with logs.about(connection=lease.connection_id, run=run_id):
        return _run(core, lease, run_id)


def _run(core: "Core", lease: Lease, run_id: str) -> RunResult:
    opened = open_connection(core, lease)
    before = dict(opened.notebook)
    context = context_of(core, lease, opened)
    counts: dict[str, int] = {}
    found = Found()
    try:
        connector = connect(core, opened, context)
        try:
            found = _run_all(core, lease, run_id, opened, connector, counts)
            taken_back = undo.carry_out(core, lease, run_id, shown(opened))
            if taken_back:
                found = _run_all(core, lease, run_id, opened, connector, counts, taken_back)
        finally:
            close(connector)
    finally:
        changed = context.notebook if context.notebook != before else None
        _keep_books(core, lease, run_id, counts, before, changed)
    state: Literal["done", "held"] = "held" if found.held else "done"
    _end(core, lease, run_id, state)
    return RunResult(run_id, state, counts, found.again_at)


def _begin(core: "Core", lease: Lease, trigger: str) -> str:
    """The Run row; retired collections are let go."""
    run_id = new_id()
    with core.storage.write(lease.scope) as session:
        check(session, lease)
        trigger = undo.TRIGGER if undo.is_wanted(session, lease.connection_id) else trigger
        session.add(
            Run(
                id=run_id,
                tenant_id=lease.tenant_id,
                connection_id=lease.connection_id,
                trigger=trigger,
                fence=lease.fence,
            )
        )
        mine = select(Collection).where(Collection.connection_id == lease.connection_id)
        for collection in session.scalars(mine).all():
            if collection.retired and not is_leaving(session, collection):
                let_go(session, collection)
            elif collection.role == "planning":
                let_go_entries(session, collection)
        if trigger == "manual":
            queries.hurry(session, lease.connection_id, clock.now())
        preferences.rest(session, core.vault, session.get_one(Connection, lease.connection_id))
    return run_id


def open_connection(core: "Core", lease: Lease) -> Opened:
    """What a run needs to know. Raises MemberError when the grant is gone, AdminError when a newer
    Andock was at work here before: nothing may be touched then."""
    with core.storage.read(lease.scope) as session:
        connection = session.get_one(Connection, lease.connection_id)
        if queries.is_newer(session, connection.id):
            raise errors.AdminError("documents.newer")
        member = session.get_one(Member, connection.owner_id)
        grant = sealed.open_grant(core.vault, connection)
        if grant is None:
            raise errors.MemberError("grant.missing")
        rows = session.scalars(
            select(Collection).where(Collection.connection_id == lease.connection_id)
        )
        targets = [
            Target(row.id, row.ref, row.role, row.kind)  # type: ignore[arg-type]
            for row in rows
        ]
        return Opened(
            slug=connection.integration,
            grant=grant,
            settings=sealed.open_settings(core.vault, connection),
            preferences=preferences.of(connection),
            tenant_id=connection.tenant_id,
            zone=member.zone or session.get_one(Tenant, member.tenant_id).zone,
            notebook=sealed.open_sealed(core.vault, connection, "notebook") or {},
            targets=sorted(targets, key=lambda target: (target.role != "one", target.id)),
        )


def context_of(core: "Core", lease: Lease, opened: Opened) -> PluginContext:
    """What the plugin is handed."""
    wanted = opened.preferences.invitations
    return PluginContext(
        core,
        opened.notebook,
        log,
        invitations=wanted,
        zone=opened.zone,
        tenant_id=opened.tenant_id,
        slug=opened.slug,
        facts=opened.grant.facts,
        tie=Tie(core, lease.scope, lease.connection_id, opened.slug, opened.grant),
    )


def connect(core: "Core", opened: Opened, context: PluginContext) -> Connector:
    """One connector for all collections of the connection."""
    jobs = Hooks(core).call(opened.slug, "sync_jobs", context=context, settings=opened.settings)
    if not jobs:
        raise errors.PluginBug(detail="sync_jobs: none")
    connector: Connector = jobs[0].connector(context, opened.grant)
    return connector


def _run_all(
    core: "Core",
    lease: Lease,
    run_id: str,
    opened: Opened,
    connector: Connector,
    counts: dict[str, int],
    taken_back: frozenset[str] = frozenset(),
) -> Found:
    """Run the collections; what they found. A calendar that is gone stops only itself,
    and the run says so at its end.

    `taken_back`: entries that the member takes back in this run. Who edits one of them there at
    that very moment has seen more: then the other side wins, whatever the policy.
    """
    window = opened.preferences.window(clock.now())
    around = Surroundings(
        now=clock.now,
        new_id=new_id,
        enters=lambda item: enters(item, window, clock.now()),
        progress=ProgressBoard(core.storage, lease),
        settles=timedelta(seconds=leases.seconds()) + LONGEST_CALL,
        unforeseen=lambda error: log.error(
            "item failed connection=%s error=%r", lease.connection_id, describe(error)
        ),
    )
    can = connector.capabilities
    found, gone = Found(), None
    for target in opened.targets:
        place = Place(lease, run_id, target.id, shown(opened), clock.now, taken_back)
        policy = policy_of(target.role, opened.preferences, can)
        try:
            result = run_collection(
                SqlStore(core.storage, core.vault, place),
                connector,
                ref=target.ref,
                collection_id=target.id,
                policy=replace(policy, winner="theirs") if taken_back else policy,
                around=around,
                counts=counts,
                kind=target.kind,
            )
        except errors.CollectionGone as error:
            gone = error
            _mark(core, lease, target.id, error.key)
            continue
        _mark(core, lease, target.id, "")
        found.add(result)
    if gone is not None:
        raise gone
    return found


def shown(opened: Opened) -> Window:
    """The calendar shows what is here already, also outside the window that is synchronised."""
    now = clock.now()
    return opened.preferences.window(now).widened(Window.around(now))


def policy_of(role: Role, wanted: Preferences, can: Capabilities) -> Policy:
    """How the member wants it, as far as the other side can."""
    return wanted.policy(role, silent=can.silent_writes, can_invite=can.invitations)


def enters(item: Item, window: Window, now: datetime) -> datetime | None:
    """When an item comes into the window: now, later, or (None) never.

    What cannot be expanded counts as within: it is then set aside and shown, not lost. Contacts
    have no time.
    """
    if not isinstance(item, Appointment):
        return now
    try:
        found = expansion(item, window.begin, window.end)
        start = interval_of(item.when, "", item.busy).start_at
    except CannotExpand:
        return now
    if found.intervals:
        return now
    if start >= window.end:
        return now + (start - window.end)
    return None if found.complete else now + STEP


def _mark(core: "Core", lease: Lease, collection_id: str, error: str) -> None:
    with core.storage.write(lease.scope) as session:
        check(session, lease)
        session.execute(
            update(Collection)
            .where(Collection.id == collection_id, Collection.error != error)
            .values(error=error)
        )


def close(connector: Connector) -> None:
    """Let go of it; an error is noted and forgotten."""
    try:
        connector.close()
    except errors.AndockError as error:
        log.warning("connector not closed: %s", error.key)


def _keep_books(
    core: "Core",
    lease: Lease,
    run_id: str,
    counts: dict[str, int],
    before: dict[str, Any],
    notebook: dict[str, Any] | None,
) -> None:
    """The counts, also of a run that stopped half-way, and the plugin's notes."""
    with core.storage.write(lease.scope) as session:
        check(session, lease)
        session.execute(update(Run).where(Run.id == run_id).values(counts=counts))
        if notebook is not None:
            connection = session.get_one(Connection, lease.connection_id)
            keep_notes(core.vault, connection, before, notebook)


def _end(core: "Core", lease: Lease, run_id: str, state: str) -> None:
    with core.storage.write(lease.scope) as session:
        check(session, lease)
        values = {"state": state, "ended_at": clock.now()}
        session.execute(update(Run).where(Run.id == run_id).values(values))
