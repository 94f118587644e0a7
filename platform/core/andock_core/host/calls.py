"""Calling plugins' hooks, in a worker's work-horse only; `check_operator` also in the process of
the command that an operator runs."""

import logging
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from andock_core.host import breaker
from andock_core.host.catalog import Listed
from andock_core.host.connectors import guarded
from andock_core.host.contract import held_to_contract
from andock_core.host.loading import Plugins, callee
from andock_core.host.results import checked, checked_report
from andock_sdk import OwnJob
from andock_sdk.errors import AndockError, PluginBug, Transient

if TYPE_CHECKING:
    from andock_core.core import Core

log = logging.getLogger("andock.host")

LOAD_SECONDS = 20.0
SECONDS = {
    "authorize": 10.0,
    "authorized": 60.0,
    "discover": 60.0,
    "test": 120.0,
    "diagnose": 180.0,
    "settings_form": 60.0,
    "sync_jobs": 10.0,
    "check_operator": 60.0,
    "webhook": 60.0,
}
OWN_JOB_SECONDS = 600.0
OBSERVER_SECONDS = 10.0

_plugins = Plugins()  # what this process has loaded; a work-horse inherits what its worker loaded


class Hooks:
    """The hooks of one integration at a time."""

    def __init__(self, core: "Core") -> None:
        self._core = core

    def call(self, slug: str, hook: str, **arguments: Any) -> Any:
        """Call one hook of one integration. Its result is checked; connectors are under guard.

        None when the integration has no such hook. Raises what `andock_sdk.errors` has; whatever
        else goes wrong in the plugin is a PluginBug with the key plugin.bug, plugin.hanging, or
        plugin.missing when it is not installed or broken. Raises Transient ("plugin.switched_off")
        when the operator has switched it off meanwhile.
        """
        listed = self._core.catalog.get(slug)
        if listed is not None and listed.off:
            raise Transient("plugin.switched_off", slug)
        if listed is None or listed.broken:
            raise PluginBug("plugin.missing", slug)
        load(listed)
        if hook not in listed.hooks:
            return None
        if hook == "authorize":
            arguments.setdefault("wanted", {})  # of no settings in particular
        if "report" in arguments:
            arguments["report"] = checked_report(arguments["report"])
        with (
            self._counted(listed, hook),
            held_to_contract(f"{slug}: {hook}", SECONDS[hook]) as call,
        ):
            result = call.gave(checked(hook, _plugins.caller(listed.source, hook)(**arguments)))
        if hook == "sync_jobs":
            return [guarded(slug, job) for job in result]
        return result

    def call_own_job(self, slug: str, job: OwnJob, *arguments: Any) -> None:
        """Call one of an integration's own jobs; what it returns is nobody's concern. Raises as
        `call` does."""
        listed = self._core.catalog.get(slug)
        if listed is not None and listed.off:
            raise Transient("plugin.switched_off", slug)
        if listed is None or listed.broken:
            raise PluginBug("plugin.missing", slug)
        with breaker.counted(self._core.storage, listed, breaker.job_call(job.name)):
            load(listed)
            with held_to_contract(f"{slug}: job {job.name}", OWN_JOB_SECONDS):
                callee(job.call)(*arguments)

    def _counted(self, listed: Listed, hook: str) -> AbstractContextManager[None]:
        """What nobody waits for is set aside when it fails again and again."""
        if hook != breaker.WEBHOOK:
            return nullcontext()
        return breaker.counted(self._core.storage, listed, hook)


def tell(core: "Core", slug: str, hook: str, **arguments: Any) -> None:
    """Tell one plugin that listens. What goes wrong there is logged and harms nobody; when that
    happens again and again, its observers are set aside."""
    listed = core.catalog.get(slug)
    if listed is None or listed.broken or hook not in listed.hooks:
        return
    try:
        with (
            breaker.counted(core.storage, listed, breaker.OBSERVERS),
            held_to_contract(f"{slug}: {hook}", OBSERVER_SECONDS),
        ):
            _plugins.load(listed.source)
            _plugins.caller(listed.source, hook)(**arguments)
    except AndockError as error:
        log.warning("observer failed plugin=%s error=%s", slug, error.key)


def load(listed: Listed) -> None:
    """Load a plugin's code into this process. Raises PluginBug."""
    with held_to_contract(f"{listed.slug}: load", LOAD_SECONDS):
        _plugins.load(listed.source)
