"""What workers do, by name. Arguments are ids; no exception leaves a task, because RQ would keep
its text in Redis."""

import json
import logging
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from sqlalchemy import update

from andock_core import logs, notices
from andock_core.accounts import mailing
from andock_core.host import breaker
from andock_core.host.calls import tell
from andock_core.host.deadline import DeadlinePassed, deadline
from andock_core.host.faults import describe
from andock_core.jobs import current, running
from andock_core.jobs.queue import SECONDS
from andock_core.jobs.sql import changed
from andock_core.storage import SYSTEM, Attempt
from andock_sdk import ConnectionFacts
from andock_sdk.errors import PluginBug

log = logging.getLogger("andock.jobs")

RUNS = ("sync", "observe")
ATTEMPTS = ("search", "test", "choices", "preview", "pairing", "doctor")


def search(attempt_id: str) -> None:
    """Find the server for an attempt."""
    _attempt("search", attempt_id)


def test(attempt_id: str) -> None:
    """Try an attempt's grant."""
    _attempt("test", attempt_id)


def choices(attempt_id: str) -> None:
    """Read what can be synchronised, or put a choice into effect."""
    _attempt("choices", attempt_id)


def preview(attempt_id: str) -> None:
    """See what a run would do."""
    _attempt("preview", attempt_id)


def pairing(attempt_id: str) -> None:
    """See what switching a connection over to another would do."""
    _attempt("pairing", attempt_id)


def doctor(attempt_id: str) -> None:
    """Find out what is wrong with a connection."""
    _attempt("doctor", attempt_id)


def sync(connection_id: str, trigger: str) -> None:
    """Run a connection."""
    with _contained("sync", connection_id):
        running.run(current.core(), connection_id, trigger)


def observe(
    connection_id: str,
    listener: str,
    hook: str,
    tenant_id: str,
    integration: str,
    state: str,
    outcome: str,
) -> None:
    """Tell one plugin that listens (its slug) what became of a connection."""
    with _contained("observe", connection_id), deadline(SECONDS["observe"]):
        facts = ConnectionFacts(
            connection_id=connection_id,
            tenant_id=tenant_id,
            integration=integration,
            state=state,
        )
        tell(current.core(), listener, hook, connection=facts, **json.loads(outcome))


def mail_notice(notice_id: str) -> None:
    """Send a notice by mail."""
    with _contained("mail_notice", notice_id), deadline(SECONDS["mail_notice"]):
        notices.mail_out(current.core(), notice_id)


def mail_password(member_id: str) -> None:
    """Mail a link to somebody who forgot their password."""
    with _contained("mail_password", member_id), deadline(SECONDS["mail_password"]):
        mailing.mail_link(current.core(), member_id)


def webhook(call_id: str) -> None:
    """Hand a call from the other side to its plugin."""
    from andock_core.webhooks import answering

    with _contained("webhook", call_id), deadline(SECONDS["webhook"]):
        answering.answer(current.core(), call_id)


def own_job(job_id: str) -> None:
    """Run a plugin's own job."""
    from andock_core.jobs import own

    with _contained("own_job", job_id), deadline(SECONDS["own_job"]):
        own.run(current.core(), job_id)


def check_operator(slug: str) -> None:
    """Try what whoever runs Andock filled in for an integration."""
    from andock_core.authorizing import checking

    with _contained("check_operator", slug):
        try:
            with deadline(SECONDS["check_operator"]):
                checking.run(current.core(), slug)
        except BaseException:
            checking.broke_off(current.core(), slug, "unexpected")
            raise


def died(task: str, ids: Sequence[str]) -> None:
    """In the worker: the work-horse with this task was killed or ended itself. Nobody else could
    count that against the plugin. A run is repaired when its lease lapses."""
    from andock_core.authorizing import checking
    from andock_core.jobs import own
    from andock_core.webhooks import answering

    core, error = current.core(), PluginBug("plugin.hanging")
    if task == "observe":
        listed = core.catalog.get(ids[1])
        if listed is not None:
            breaker.note(core.storage, listed, breaker.OBSERVERS, error.key)
    elif task == "own_job":
        own.broke_off(core, ids[0], error)
    elif task == "webhook":
        answering.broke_off(core, ids[0], error)
    elif task == "check_operator":
        checking.broke_off(core, ids[0], error.key)
    else:
        break_off(task, ids[0], error.key)


def break_off(task: str, attempt_id: str, error: str) -> None:
    """An attempt whose job broke off does not look as if it went on."""
    if task not in ATTEMPTS:
        return
    unfinished = (Attempt.id == attempt_id, Attempt.state.in_(("queued", "running")))
    values = {"state": "failed", "error": error}
    with current.core().storage.write(SYSTEM) as session:
        changed(session, update(Attempt).where(*unfinished).values(values))


def _attempt(task: str, attempt_id: str) -> None:
    from andock_core.connections import attempts

    with _contained(task, attempt_id):
        try:
            with deadline(SECONDS[task]):
                attempts.run(current.core(), attempt_id)
        except DeadlinePassed:
            break_off(task, attempt_id, "plugin.hanging")
            raise
        except BaseException:
            break_off(task, attempt_id, "unexpected")
            raise


@contextmanager
def _contained(task: str, subject: str) -> Iterator[None]:
    """One line in the log per job; whatever is raised ends here."""
    begun = time.monotonic()
    kind = "attempt" if task in ATTEMPTS else "connection" if task in RUNS else "subject"
    with logs.about(**{kind: subject}):
        try:
            yield
        except BaseException as error:
            log.error("job failed task=%s error=%r", task, describe(error))
        else:
            log.info("job done task=%s seconds=%.2f", task, time.monotonic() - begun)
