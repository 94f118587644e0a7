"""An attempt as a worker runs it: the plugin is asked, its steps are stored as they come.

An attempt runs at most once: whoever finds it queued makes it running, and the draft loses its
password in the same transaction. A worker that dies leaves it running; nobody tries the password
again (`status.is_lost`). No exception leaves `run`: the attempt keeps a message key.
"""

import logging
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from sqlalchemy import update
from sqlalchemy.engine import CursorResult
from sqlalchemy.orm import Session

from andock_core import clock, logs
from andock_core.connections import alarm, answers as checking, away, effects, letting_go, sealed
from andock_core.connections.asking import Work, ask, surroundings
from andock_core.connections.errors import ConnectionRefused, NotFound, NotReady
from andock_core.connections.signing_in import authorize
from andock_core.connections.status import is_lost, offered_form
from andock_core.doctor import examining
from andock_core.doctor.starting import apart
from andock_core.governance import standing
from andock_core.host.faults import describe
from andock_core.jobs import own
from andock_core.moving.partners import needed_of
from andock_core.moving.states import MOVING, PARKED
from andock_core.storage import SYSTEM, Attempt, Connection, Scope
from andock_sdk import (
    Answers,
    Discovered,
    Form,
    Step,
    SyncJob,
    TestReport,
)
from andock_sdk.errors import AndockError, MemberError, MoreAccess, PluginBug

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger(__name__)
T = TypeVar("T")


def run(core: "Core", attempt_id: str) -> None:
    """Run a queued attempt to its end. Does nothing when it is gone, or was begun already."""
    work = _begin(core, attempt_id)
    if work is None:
        return
    with logs.about(attempt=work.id, connection=work.connection_id):
        try:
            standing.require(core, work.scope, work.connection_id)
            KINDS[work.kind](core, work)
        except (AndockError, ConnectionRefused) as error:
            log.info("attempt refused kind=%s error=%s", work.kind, error.key)
            _end(core, work, "failed", error.key)
        except Exception as error:
            # Its text may hold anything, so the log gets its class and place alone.
            log.error("attempt failed kind=%s error=%r", work.kind, describe(error))
            _end(core, work, "failed", "unexpected")
        else:
            _end(core, work, work.ends, "")


def _search(core: "Core", work: Work) -> None:
    found = ask(
        core,
        work,
        "discover",
        Discovered,
        surroundings(core, work, {}),
        answers=work.answers,
        report=_reporter(core, work),
    )
    work.outcome = {
        "server": found.server,
        "confirm": found.confirm,
        "elsewhere": found.elsewhere and found.elsewhere.model_dump(),
    }
    if found.error:
        raise MemberError(found.error)


def _test(core: "Core", work: Work) -> None:
    connection, notebook = _connection(core, work)
    context = surroundings(core, work, notebook if connection.state in effects.IN_USE else {})
    wanted = work.away.wanted
    if wanted is None:
        wanted = needed_of(core, work.scope, connection)
    grant = authorize(core, work, context, wanted)
    if grant is None:
        return
    report = ask(core, work, "test", TestReport, context, grant=grant, report=_reporter(core, work))
    work.outcome = {
        "confirm": report.confirm,
        "certificate": examining.certificate_in_question(context, report.error),
        "elsewhere": report.elsewhere and report.elsewhere.model_dump(),
    }
    if report.error:
        raise MemberError(report.error)
    if report.account is None:
        raise PluginBug("test.account")
    grant = context.replaced or grant
    grant = grant.model_copy(update={"facts": {**grant.facts, **report.facts}})
    listing = core.catalog.get(work.slug)
    form = listing.listing.authorize_form if listing and listing.listing else None
    access = checking.without_secrets(form, work.answers)
    with core.storage.write(work.scope) as session:
        row = _locked(session, work)
        effects.keep_grant(
            session, core.vault, row, grant, report.account, access, context.notebook
        )
        alarm.settled(session, row.id)
    work.outcome = {"account": report.account.label}
    if connection.state in effects.IN_USE:
        _request_run(core, work, "manual")
    try:
        _read_form(core, work, work.away.wanted)
    except AndockError as error:
        # The sign-in is good and kept; the next page reads the choices once more.
        log.warning("no choices after a good test error=%s", error.key)


def _doctor(core: "Core", work: Work) -> None:
    connection, notebook = _connection(core, work)
    given, write_probe = apart(work.answers)
    kept = sealed.open_grant(core.vault, connection)
    context = surroundings(core, work, notebook, None if given else kept)
    access: Answers = sealed.open_sealed(core.vault, connection, "access") or {}
    if given or kept is None:
        kept = examining.grant_without_password(core, work.slug, context, given)
        access = given
    people = (connection.account_label, connection.account_key)
    patient = examining.Patient(work.slug, work.scope, kept, access, people)
    work.outcome = examining.attend(
        core, patient, context, _reporter(core, work), write_probe=write_probe
    )


def _choices(core: "Core", work: Work) -> None:
    _read_form(core, work)


def _save(core: "Core", work: Work) -> None:
    connection, notebook = _connection(core, work)
    context = surroundings(core, work, notebook, sealed.open_grant(core.vault, connection))
    try:
        jobs = ask(core, work, "sync_jobs", list, context, settings=work.answers)
    except MoreAccess:
        work.outcome = {"needs_more": True}
        raise
    if not all(isinstance(job, SyncJob) for job in jobs):
        raise PluginBug("sync_jobs.type")
    with core.storage.write(work.scope) as session:
        row = _locked(session, work)
        asked = letting_go.questions(session, row, jobs)
        if any(work.fates.get(subject) not in letting_go.FATES for subject in asked):
            work.outcome = {"asks": dict(asked)}
            raise MemberError(letting_go.ASK)
        form = offered_form(session, core.vault, row)
        effects.put_into_effect(session, core.vault, row, work.answers, jobs, form, work.fates)
        look, moving = row.wanted != row.confirmed, row.state == MOVING
    own.declare_for(core, work.slug, work.connection_id)
    if moving:
        _start_pairing(core, work)
    elif look:
        _start_preview(core, work)
    else:
        _request_run(core, work, "manual")


def _preview(core: "Core", work: Work) -> None:
    from andock_core.runs.preview import forecast

    def report(progress: dict[str, int]) -> None:
        work.outcome = {"progress": progress}
        _store(core, work)

    found = forecast(core, work.scope, work.connection_id, report)
    work.outcome = {"forecast": found.model_dump(mode="json"), **work.answers}


def _pairing(core: "Core", work: Work) -> None:
    from andock_core.moving.looking import look

    def report(progress: dict[str, int]) -> None:
        work.outcome = {"progress": progress}
        _store(core, work)

    work.outcome = {**look(core, work.scope, work.connection_id, report), **work.answers}


KINDS: dict[str, Callable[["Core", Work], None]] = {
    "search": _search,
    "test": _test,
    "choices": _choices,
    "save": _save,
    "preview": _preview,
    "pairing": _pairing,
    "doctor": _doctor,
}


def _begin(core: "Core", attempt_id: str) -> Work | None:
    with core.storage.write(SYSTEM) as session:
        row = session.get(Attempt, attempt_id, with_for_update=True)
        if row is None or row.state != "queued" or is_lost(row):
            return None  # nobody waits for it any more
        connection = session.get_one(Connection, row.connection_id)
        given: Answers = sealed.open_sealed(core.vault, row, "draft") or {}
        kept = given
        if row.kind in ("test", "doctor"):
            listed = core.catalog.get(connection.integration)
            form = listed.listing.authorize_form if listed and listed.listing else None
            kept = checking.without_secrets(form, given)
        row.draft = sealed.seal(core.vault, row, "draft", kept)
        row.state, row.begun_at = "running", clock.now()
        scope = Scope(row.tenant_id, row.owner_id)
        given, fates = letting_go.apart(given)
        given, gone = away.apart(given)
        work = Work(row.id, connection.id, scope, row.kind, connection.integration, given, fates)
        work.away = gone
        return work


def _end(core: "Core", work: Work, state: str, error: str) -> None:
    try:
        _store(core, work, state=state, error=error[:80])
    except NotFound:
        log.info("attempt %s ended after its connection was disconnected", work.id)


def _reporter(core: "Core", work: Work) -> Callable[[Step], None]:
    def report(step: Step) -> None:
        work.steps[step.key] = step
        _store(core, work)

    return report


def _store(core: "Core", work: Work, **columns: str) -> None:
    """Write the steps as they are. Raises NotFound when the attempt is gone."""
    row = Attempt(id=work.id, tenant_id=work.scope.tenant_id, owner_id=work.scope.member_id)
    steps = [step.model_dump() for step in work.steps.values()]
    result = {**work.outcome, **away.told(work.away)} if work.kind == "test" else work.outcome
    values: dict[str, Any] = {
        "steps": sealed.seal(core.vault, row, "steps", steps),
        "result": sealed.seal(core.vault, row, "result", result),
        **columns,
    }
    with core.storage.write(work.scope) as session:
        written = session.execute(update(Attempt).where(Attempt.id == work.id).values(values))
        if isinstance(written, CursorResult) and written.rowcount == 0:
            raise NotFound


def _connection(core: "Core", work: Work) -> tuple[Connection, dict[str, Any]]:
    """The connection as it is before the work, and its notebook."""
    with core.storage.read(work.scope) as session:
        row = session.get(Connection, work.connection_id)
        if row is None:
            raise NotFound
        notebook = sealed.open_sealed(core.vault, row, "notebook") or {}
        session.expunge(row)
        return row, notebook


def _locked(session: Session, work: Work) -> Connection:
    row = session.get(Connection, work.connection_id, with_for_update=True)
    if row is None:
        raise NotFound
    if row.state == PARKED:  # another took its place meanwhile
        raise NotReady
    return row


def _read_form(core: "Core", work: Work, settings: Answers | None = None) -> None:
    connection, notebook = _connection(core, work)
    grant = sealed.open_grant(core.vault, connection)
    if grant is None:
        raise NotFound
    if settings is None:
        settings = sealed.open_settings(core.vault, connection)
    context = surroundings(core, work, notebook, grant)
    form = ask(core, work, "settings_form", Form, context, grant=grant, settings=settings)
    work.outcome = {"account": connection.account_label, "form": form.model_dump()}


def _request_run(core: "Core", work: Work, trigger: str) -> None:
    from andock_core.jobs import due
    from andock_core.jobs.queue import QueueDown

    try:
        due.request_run(core, work.scope, work.connection_id, trigger=trigger)
    except QueueDown:
        log.warning("queue down, the run starts later connection=%s", work.connection_id)


def _start_preview(core: "Core", work: Work) -> None:
    from andock_core.connections import agreeing
    from andock_core.jobs.queue import QueueDown

    try:
        agreeing.start_preview(core, work.scope, work.connection_id)
    except QueueDown:
        log.warning("queue down, the preview is asked for later connection=%s", work.connection_id)


def _start_pairing(core: "Core", work: Work) -> None:
    from andock_core.jobs.queue import QueueDown
    from andock_core.moving import service

    try:
        service.start_look(core, work.scope, work.connection_id)
    except QueueDown:
        log.warning("queue down, pairing is asked for later connection=%s", work.connection_id)
