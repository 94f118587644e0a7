"""A call from the other side, as the web takes it in: sealed, stored, queued. No plugin's code."""

import base64
import logging
from typing import TYPE_CHECKING

from sqlalchemy import func, select

from andock_core import clock
from andock_core.jobs.queue import QueueDown
from andock_core.storage import Scope, WebhookCall
from andock_core.storage.types import new_id
from andock_core.vault import Label
from andock_core.webhooks.addresses import Address
from andock_sdk import HookRequest

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.webhooks")

MOST_WAITING = 200
"""Calls of one connection that wait for a worker. More are turned away until some are done."""


def take_in(core: "Core", address: Address, request: HookRequest) -> bool:
    """Keep a call for a worker; False when too many wait already.

    When the queues are away the call waits in the database, and the dispatcher queues it later.
    """
    moment, number = clock.now(), new_id()
    row = WebhookCall(
        id=number,
        tenant_id=address.tenant_id,
        webhook_id=address.id,
        connection_id=address.connection_id,
        received_at=moment,
        queued_at=moment,
    )
    said = request.model_dump(mode="json", exclude={"body"})
    said["body"] = base64.b64encode(request.body).decode()
    row.request = core.vault.seal_json(label(row), said)
    with core.storage.write(Scope(address.tenant_id)) as session:
        waiting = select(func.count(WebhookCall.id)).where(
            WebhookCall.connection_id == address.connection_id
        )
        if (session.scalar(waiting) or 0) >= MOST_WAITING:
            return False
        session.add(row)
    try:
        core.queue.enqueue("background", "webhook", number)
    except QueueDown:
        log.warning("queue down, the call waits integration=%s", address.integration)
    return True


def opened(core: "Core", row: WebhookCall) -> HookRequest:
    """The call as it came."""
    said = core.vault.open_json(label(row), row.request)
    said["body"] = base64.b64decode(said["body"])
    return HookRequest.model_validate(said)


def label(row: WebhookCall) -> Label:
    """For whom a call is sealed."""
    return Label(row.tenant_id, row.connection_id, "webhook_call.request", row.id)
