"""Telling plugins that listen: see `andock_sdk.hookspecs.ObserverSpec`.

Each is told in a job of its own, after what it is told of has been committed. However long a plugin
takes over it, the run has ended by then, for its page too, and the next one need not wait for it.
"""

import json
import logging
from typing import TYPE_CHECKING, Any

from andock_core.host import breaker
from andock_core.jobs.queue import QueueDown
from andock_sdk import ConnectionFacts

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.jobs")


def announce(core: "Core", hook: str, facts: ConnectionFacts, **outcome: Any) -> None:
    """Let a worker tell each plugin that listens to `hook` and is not set aside. `outcome` is what
    the hook is told besides, as JSON: the `counts` or the `error`. Never raises; nothing is queued
    when no plugin listens."""
    ids = (facts.tenant_id, facts.integration, facts.state, json.dumps(outcome))
    for listed in core.catalog.healthy():
        if hook not in listed.hooks:
            continue
        if breaker.is_set_aside(core.storage, listed, breaker.OBSERVERS):
            continue
        try:
            core.queue.enqueue(
                "background", "observe", facts.connection_id, listed.slug, hook, *ids
            )
        except QueueDown:
            log.warning("queue down, nobody told hook=%s connection=%s", hook, facts.connection_id)
            return
