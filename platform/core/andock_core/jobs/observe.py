"""Telling plugins that listen: see `andock_sdk.hookspecs.ObserverSpec`."""

import logging
from typing import TYPE_CHECKING

from andock_core.jobs.queue import QueueDown
from andock_sdk import ConnectionFacts

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.jobs")


def announce(core: "Core", hook: str, facts: ConnectionFacts) -> None:
    """From a page: let a worker tell the plugins that listen to connection_added or
    connection_removed. Never raises; nothing is queued when no plugin listens."""
    if not any(hook in listed.hooks for listed in core.catalog.healthy()):
        return
    ids = (facts.connection_id, facts.tenant_id, facts.integration, facts.state)
    try:
        core.queue.enqueue("background", "observe", hook, *ids)
    except QueueDown:
        log.warning("queue down, nobody told hook=%s connection=%s", hook, facts.connection_id)
