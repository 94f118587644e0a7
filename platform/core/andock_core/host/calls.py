"""Calling plugins' hooks, in a worker's work-horse only."""

import logging
from typing import TYPE_CHECKING, Any

from andock_core.host.deadline import DeadlinePassed, deadline
from andock_core.host.loading import loaded
from andock_core.host.results import checked
from andock_sdk.errors import AndockError, PluginBug

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.host")

SECONDS = {"authorize": 10, "discover": 60, "test": 120, "settings_form": 60, "sync_jobs": 10}
OBSERVER_SECONDS = 10


class Hooks:
    """The hooks of one integration at a time."""

    def __init__(self, core: "Core") -> None:
        self._core = core

    def call(self, slug: str, hook: str, **arguments: Any) -> Any:
        """Call one hook of one integration; its result, checked, or None if it has no such hook.

        Raises what `andock_sdk.errors` has; whatever else goes wrong in the plugin is a
        PluginBug ("plugin.bug", "plugin.hanging", "plugin.missing").
        """


def broadcast(core: "Core", hook: str, **arguments: Any) -> None:
    """Tell every plugin that listens. What goes wrong there is logged and harms nobody."""
