"""A sync run of one connection: opens the grant, runs each collection, keeps the books."""

import logging
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal

from sqlalchemy import select, update

from andock_core import clock
from andock_core.calendar.expand import CannotExpand, expansion, interval_of
from andock_core.calendar.window import STEP, Window
from andock_core.connections import sealed
from andock_core.host.calls import Hooks
from andock_core.host.context import PluginContext
from andock_core.jobs.lease import Lease, check
from andock_core.runs.detach import is_leaving, let_go, let_go_entries
from andock_core.runs.progress import ProgressBoard
from andock_core.runs.store import Place, SqlStore
from andock_core.storage import Collection, Connection, Run
from andock_core.storage.types import new_id
from andock_core.sync.execute import run_collection
from andock_core.sync.plan import Policy, Role
from andock_core.sync.ports import Surroundings
from andock_sdk import Answers, Appointment, Connector, Grant, Item, errors
from andock_sdk.connector import CollectionKind

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.runs")


@dataclass(frozen=True)
class RunResult:
    """How a run ended that was not stopped by an error. `held`: the delete breaker waits for the
    member. `counts` as in the observer hook `sync_finished`."""

    run_id: str
    state: Literal["done", "held"]
    counts: dict[str, int]


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
    targets: list[Target] = field(default_factory=list)


def run_connection(core: "Core", lease: Lease, trigger: str) -> RunResult:
    """Run all collections of the lease's connection, the one calendar first.

    Raises what `andock_sdk.errors` has for what stops a run (the Run row is closed by whoever
    settles it), LeaseLost when another run took over. Whatever was done until then stays done.
    """
    run_id = _begin(core, lease, trigger)
    opened = _open(core, lease)
    before = dict(opened.notebook)
    context = PluginContext(core, opened.notebook, log, tenant_id=lease.tenant_id)
    counts: dict[str, int] = {}
    try:
        connector = _connect(core, opened, context)
        try:
            held = _run_all(core, lease, run_id, opened, connector, counts)
        finally:
            _close(connector)
    finally:
        changed = context.notebook if context.notebook != before else None
        _keep_books(core, lease, run_id, counts, changed)
    state: Literal["done", "held"] = "held" if held else "done"
    _end(core, lease, run_id, state)
    return RunResult(run_id, state, counts)


def _begin(core: "Core", lease: Lease, trigger: str) -> str:
    """The Run row; retired collections are let go."""
    run_id = new_id()
    with core.storage.write(lease.scope) as session:
        check(session, lease)
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
    return run_id


def _open(core: "Core", lease: Lease) -> Opened:
    with core.storage.read(lease.scope) as session:
        connection = session.get_one(Connection, lease.connection_id)
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
            notebook=sealed.open_sealed(core.vault, connection, "notebook") or {},
            targets=sorted(targets, key=lambda target: (target.role != "one", target.id)),
        )


def _connect(core: "Core", opened: Opened, context: PluginContext) -> Connector:
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
) -> bool:
    """Run the collections; whether any holds deletes. A calendar that is gone stops only itself,
    and the run says so at its end."""
    window = Window.around(clock.now())
    around = Surroundings(
        now=clock.now,
        new_id=new_id,
        enters=lambda item: enters(item, window, clock.now()),
        progress=ProgressBoard(core.storage, lease),
    )
    silent = connector.capabilities.silent_writes
    held, gone = False, None
    for target in opened.targets:
        place = Place(lease, run_id, target.id, window, clock.now)
        try:
            result = run_collection(
                SqlStore(core.storage, core.vault, place),
                connector,
                ref=target.ref,
                collection_id=target.id,
                policy=policy_of(target.role, opened.settings, silent=silent),
                around=around,
                counts=counts,
                kind=target.kind,
            )
        except errors.CollectionGone as error:
            gone = error
            _mark(core, lease, target.id, error.key)
            continue
        _mark(core, lease, target.id, "")
        held = held or result.held
    if gone is not None:
        raise gone
    return held


def policy_of(role: Role, settings: Answers, *, silent: bool) -> Policy:
    """How the member wants it: settings `winner` ("theirs", "ours") and `new_visible`, when the
    integration asks for them."""
    return Policy(
        role=role,
        winner="ours" if settings.get("winner") == "ours" else "theirs",
        new_visible=settings.get("new_visible") is True,
        silent=silent,
    )


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


def _close(connector: Connector) -> None:
    try:
        connector.close()
    except errors.AndockError as error:
        log.warning("connector not closed: %s", error.key)


def _keep_books(
    core: "Core",
    lease: Lease,
    run_id: str,
    counts: dict[str, int],
    notebook: dict[str, Any] | None,
) -> None:
    """The counts, also of a run that stopped half-way, and the plugin's notes."""
    with core.storage.write(lease.scope) as session:
        check(session, lease)
        session.execute(update(Run).where(Run.id == run_id).values(counts=counts))
        if notebook is not None:
            connection = session.get_one(Connection, lease.connection_id)
            connection.notebook = sealed.seal(core.vault, connection, "notebook", notebook)


def _end(core: "Core", lease: Lease, run_id: str, state: str) -> None:
    with core.storage.write(lease.scope) as session:
        check(session, lease)
        values = {"state": state, "ended_at": clock.now()}
        session.execute(update(Run).where(Run.id == run_id).values(values))
