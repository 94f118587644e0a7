"""A call from the other side, as a worker hands it to its plugin."""

import logging
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import and_, delete, or_, select

from andock_core import clock
from andock_core.host import breaker
from andock_core.host.calls import Hooks
from andock_core.jobs.claims import queue_rows
from andock_core.storage import SYSTEM, Webhook, WebhookCall
from andock_core.webhooks import intake
from andock_sdk import HookAnswer
from andock_sdk.errors import AndockError, Throttled, Transient

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.webhooks")

MOST_TRIES = 5
LOST = timedelta(minutes=15)
"""Longer than any queue: what was queued and not taken up by then was lost with it."""
NEXT_TRY = timedelta(minutes=2)


def answer(core: "Core", call_id: str) -> None:
    """Hand a call to the hook `webhook`. Done once, also when the hook breaks; tried again, a few
    times, when it says that the other side was not to be reached."""
    from andock_core.jobs.own import open_tied

    row = _take_up(core, call_id)
    if row is None:
        return
    tied = open_tied(core, row.connection_id)
    listed = core.catalog.get(_slug(core, row.webhook_id)) if tied is not None else None
    if tied is None or listed is None:
        _forget(core, call_id)
        return
    try:
        found = Hooks(core).call(
            listed.slug,
            "webhook",
            context=tied.context,
            grant=tied.grant,
            request=intake.opened(core, row),
        )
    except (Transient, Throttled) as error:
        log.warning("call not answered integration=%s error=%s", listed.slug, error.key)
        if row.tries >= MOST_TRIES:
            _forget(core, call_id)
        return
    except AndockError as error:
        log.warning("call dropped integration=%s error=%s", listed.slug, error.key)
        _forget(core, call_id)
        if error.key == breaker.SET_ASIDE:
            tied.tie.make_due()  # what the call would have told, a run finds by itself
        return
    finally:
        tied.tie.keep_notes(tied.before, tied.context.notebook)
    _forget(core, call_id)
    if isinstance(found, HookAnswer) and found.sync:
        tied.tie.make_due()


def broke_off(core: "Core", call_id: str, error: AndockError) -> None:
    """The work-horse died with the call, which counts as a fault of the plugin. The call is tried
    again, until the webhook is set aside."""
    with core.storage.read(SYSTEM) as session:
        mine = select(WebhookCall.webhook_id).where(WebhookCall.id == call_id)
        webhook_id = session.scalar(mine)
    listed = core.catalog.get(_slug(core, webhook_id)) if webhook_id else None
    if listed is not None:
        breaker.note(core.storage, listed, breaker.WEBHOOK, error.key)


def dispatch(core: "Core", moment: datetime) -> int:
    """Queue calls that wait for another try, or were lost with their queue; how many. Raises
    QueueDown."""
    condition = or_(
        and_(WebhookCall.queued_at.is_(None), WebhookCall.next_try_at <= moment),
        WebhookCall.queued_at < moment - LOST,
    )
    return queue_rows(core, "webhook", WebhookCall, condition, moment)


def _take_up(core: "Core", call_id: str) -> WebhookCall | None:
    """The call, taken by this worker. If it dies with it, another try follows."""
    with core.storage.write(SYSTEM) as session:
        row = session.get(WebhookCall, call_id, with_for_update=True)
        if row is None or row.queued_at is None:
            return None
        row.queued_at, row.tries = None, row.tries + 1
        row.next_try_at = clock.now() + NEXT_TRY * row.tries
        if row.tries > MOST_TRIES:
            session.delete(row)
            return None
        session.flush()
        session.expunge(row)
        return row


def _slug(core: "Core", webhook_id: str) -> str:
    with core.storage.read(SYSTEM) as session:
        found = session.get(Webhook, webhook_id)
        return found.integration if found is not None else ""


def _forget(core: "Core", call_id: str) -> None:
    with core.storage.write(SYSTEM) as session:
        session.execute(delete(WebhookCall).where(WebhookCall.id == call_id))
