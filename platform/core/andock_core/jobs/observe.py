"""Telling plugins that listen: see `andock_sdk.hookspecs.ObserverSpec`."""

from typing import TYPE_CHECKING

from andock_core.storage import Connection

if TYPE_CHECKING:
    from andock_core.core import Core


def announce(core: "Core", hook: str, connection: Connection) -> None:
    """From a page: let a worker tell the plugins that listen to connection_added or
    connection_removed. Never raises; nothing is queued when no plugin listens."""
