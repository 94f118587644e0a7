"""Plugins' own jobs: a row each says when it is due. The dispatcher claims by SQL, a work-horse
runs it with a deadline. What was missed is run once."""

import hashlib
import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, and_, delete, exists, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from andock_core import notices
from andock_core.clock import now
from andock_core.connections import alarm, sealed
from andock_core.connections.ties import Tie
from andock_core.host import breaker
from andock_core.host.calls import OWN_JOB_SECONDS, Hooks
from andock_core.jobs import observe
from andock_core.jobs.claims import queue_rows
from andock_core.jobs.due import back_off
from andock_core.jobs.lease import RUNNABLE, runnable
from andock_core.jobs.settling import values_after
from andock_core.jobs.sql import changed
from andock_core.storage import SYSTEM, Connection, PluginJob, Scope, Storage
from andock_sdk import ConnectionFacts, Grant, OwnJob
from andock_sdk.errors import AdminError, AndockError, MemberError, Throttled

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.jobs")

LOST = timedelta(minutes=15)
"""Longer than any queue: what was queued and not taken up by then was lost with it."""
LONGEST = timedelta(seconds=OWN_JOB_SECONDS + 60)


@dataclass(frozen=True)
class JobStatus:
    """How a plugin's own job went last. `error` is a message key, "" when it went well."""

    integration: str
    name: str
    started_at: datetime | None
    ended_at: datetime | None
    next_due_at: datetime
    error: str
    running: bool


def declare(core: "Core") -> None:
    """When a worker starts: a row for each job of each plugin that works, none for what such a
    plugin no longer has. Rows of a plugin that does not work at present stay."""
    for listed in core.catalog.healthy():
        names = [job.name for job in listed.jobs]
        with core.storage.write(SYSTEM) as session:
            gone = (PluginJob.integration == listed.slug, PluginJob.name.not_in(names))
            session.execute(delete(PluginJob).where(*gone))
        if not listed.jobs:
            continue
        mine = (Connection.integration == listed.slug, Connection.state.in_(RUNNABLE))
        with core.storage.read(SYSTEM) as session:
            connections = session.scalars(select(Connection.id).where(*mine)).all()
        for job in listed.jobs:
            subjects = connections if job.per == "connection" else [None]
            _ensure(core.storage, listed.slug, job, subjects)


def declare_for(core: "Core", slug: str, connection_id: str) -> None:
    """A row for each job of a connection that has just come into use."""
    listed = core.catalog.get(slug)
    for job in listed.jobs if listed else ():
        if job.per == "connection":
            _ensure(core.storage, slug, job, [connection_id])


def dispatch(core: "Core", moment: datetime) -> int:
    """Queue what is due; how many. Raises QueueDown."""
    return queue_rows(core, "own_job", PluginJob, _open_to_claim(moment), moment)


def run(core: "Core", job_id: str) -> None:
    """Run a job that was claimed. Does nothing when another worker took it up."""
    row = _take_up(core.storage, job_id)
    if row is None:
        log.info("no job to run job=%s", job_id)
        return
    error: AndockError | None = None
    try:
        _call(core, row)
    except AndockError as found:
        error = found
    except Exception as found:
        log.error("own job failed job=%s error=%s", job_id, type(found).__name__)
        error = AndockError("unexpected")
    _settle(core.storage, row, error)
    if isinstance(error, MemberError | AdminError) and row.connection_id:
        _alarm(core, row.connection_id, error)


def broke_off(core: "Core", job_id: str, error: AndockError) -> None:
    """The work-horse died with the job, which counts as a fault of the plugin."""
    with core.storage.read(SYSTEM) as session:
        row = session.get(PluginJob, job_id)
        if row is None or row.running_until is None:
            return
        session.expunge(row)
    listed = core.catalog.get(row.integration)
    if listed is not None:
        breaker.note(core.storage, listed, breaker.job_call(row.name), error.key)
    _settle(core.storage, row, error)


def of_connection(session: Session, connection_id: str) -> list[JobStatus]:
    """The jobs of a connection that the session's scope has; [] for any other."""
    if session.get(Connection, connection_id) is None:
        return []
    return _statuses(session, PluginJob.connection_id == connection_id)


def of_installation(session: Session, slug: str) -> list[JobStatus]:
    """The jobs that an integration has once for all of Andock. For whoever runs it."""
    return _statuses(session, PluginJob.integration == slug, PluginJob.connection_id.is_(None))


def _statuses(session: Session, *conditions: ColumnElement[bool]) -> list[JobStatus]:
    rows = session.scalars(select(PluginJob).where(*conditions).order_by(PluginJob.name))
    moment = now()
    return [
        JobStatus(
            integration=row.integration,
            name=row.name,
            started_at=row.started_at,
            ended_at=row.ended_at,
            next_due_at=row.next_due_at,
            error=row.error,
            running=row.running_until is not None and row.running_until > moment,
        )
        for row in rows
    ]


def _ensure(storage: Storage, slug: str, job: OwnJob, subjects: Iterable[str | None]) -> None:
    for subject in subjects:
        number = hashlib.sha256(f"{slug} {job.name} {subject or ''}".encode()).hexdigest()[:32]
        try:
            with storage.write(SYSTEM) as session:
                row = session.get(PluginJob, number)
                if row is None:
                    row = PluginJob(id=number, integration=slug, name=job.name, next_due_at=now())
                    row.connection_id = subject
                    session.add(row)
                row.minutes = job.minutes
        except IntegrityError:  # another worker started too, or the connection has just gone
            log.info("job not declared integration=%s job=%s", slug, job.name)


def _open_to_claim(moment: datetime) -> ColumnElement[bool]:
    in_use = exists().where(
        Connection.id == PluginJob.connection_id, runnable(), Connection.state == "active"
    )
    return and_(
        PluginJob.next_due_at <= moment,
        or_(PluginJob.queued_at.is_(None), PluginJob.queued_at < moment - LOST),
        or_(PluginJob.running_until.is_(None), PluginJob.running_until < moment),
        or_(PluginJob.connection_id.is_(None), in_use),
    )


def _take_up(storage: Storage, job_id: str) -> PluginJob | None:
    moment = now()
    with storage.write(SYSTEM) as session:
        row = session.get(PluginJob, job_id, with_for_update=True)
        if row is None or row.queued_at is None:
            return None
        if row.running_until is not None and row.running_until >= moment:
            return None
        row.queued_at, row.started_at, row.running_until = None, moment, moment + LONGEST
        row.next_due_at = moment + timedelta(minutes=row.minutes)
        session.flush()
        session.expunge(row)
        return row


def _call(core: "Core", row: PluginJob) -> None:
    from andock_core.host.context import PluginContext

    listed = core.catalog.get(row.integration)
    job = next((j for j in listed.jobs if j.name == row.name), None) if listed else None
    if job is None:
        return  # the plugin is another one by now; a worker's next start takes the row away
    if row.connection_id is None:
        Hooks(core).call_own_job(
            row.integration, job, PluginContext(core, {}, log, slug=row.integration)
        )
        return
    opened = open_tied(core, row.connection_id)
    if opened is None:
        return
    try:
        Hooks(core).call_own_job(row.integration, job, opened.context, opened.grant)
    finally:
        opened.tie.keep_notes(opened.before, opened.context.notebook)


@dataclass(frozen=True)
class Tied:
    """A connection opened for a call that is no run: its context, its grant."""

    context: Any
    grant: Grant
    tie: Tie
    before: dict[str, Any]


def open_tied(core: "Core", connection_id: str) -> Tied | None:
    """A connection with its grant; None when there is none any more, or it may not run."""
    from andock_core.host.context import PluginContext

    with core.storage.read(SYSTEM) as session:
        row = session.get(Connection, connection_id)
        grant = sealed.open_grant(core.vault, row) if row is not None else None
        if row is None or grant is None or row.stopped:
            return None
        notes = sealed.open_sealed(core.vault, row, "notebook") or {}
        scope, slug = Scope(row.tenant_id, row.owner_id), row.integration
    tie = Tie(core, scope, connection_id, slug, grant)
    context = PluginContext(
        core,
        dict(notes),
        log,
        tenant_id=scope.tenant_id,
        slug=slug,
        facts=grant.facts,
        tie=tie,
    )
    return Tied(context, grant, tie, notes)


def _settle(storage: Storage, row: PluginJob, error: AndockError | None) -> None:
    moment = now()
    values: dict[str, Any] = {
        "running_until": None,
        "ended_at": moment,
        "error": error.key[:80] if error else "",
        "failures": row.failures + 1 if error else 0,
    }
    if isinstance(error, Throttled) and error.until is not None:
        values["next_due_at"] = max(row.next_due_at, error.until)
    elif error is not None:
        values["next_due_at"] = max(row.next_due_at, moment + back_off(row.failures + 1))
    with storage.write(SYSTEM) as session:
        mine = (PluginJob.id == row.id, PluginJob.started_at == row.started_at)
        changed(session, update(PluginJob).where(*mine).values(values))


def _alarm(core: "Core", connection_id: str, error: AndockError) -> None:
    """The connection needs its member, as after a run that ended so."""
    with core.storage.write(SYSTEM) as session:
        row = session.get(Connection, connection_id, with_for_update=True)
        if row is None or row.state != "active":
            return
        was, found = (row.state, row.error), values_after(row, error, now())
        for name in ("state", "error", "next_due_at"):
            setattr(row, name, found[name])
        told = alarm.raised(session, row, was, error)
        facts = ConnectionFacts(
            connection_id=row.id,
            tenant_id=row.tenant_id,
            integration=row.integration,
            state=row.state,
        )
    notices.post(core, told)
    observe.announce(core, "connection_needs_attention", facts, error=error.key)
