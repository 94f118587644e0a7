"""Loads plugins' code, one at a time: pluggy's bulk loader would let one bad plugin stop all."""

import importlib
from collections.abc import Callable
from typing import Any

import pluggy

from andock_core.host.reasons import Reason
from andock_core.host.versions import OtherContract, check_attribute
from andock_sdk.hookspecs import PROJECT, IntegrationSpec, ObserverSpec

REQUIRED = ("describe", "authorize", "test", "sync_jobs")


class NotAPlugin(Exception):
    """What was loaded breaks the contract. `reason` says how, without secrets."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


class Plugins:
    """The plugins that are loaded in this process, by source ("module:callable")."""

    def __init__(self) -> None:
        self.manager = pluggy.PluginManager(PROJECT)
        self.manager.add_hookspecs(IntegrationSpec)
        self.manager.add_hookspecs(ObserverSpec)
        self._loaded: dict[str, object] = {}

    def load(self, source: str) -> object:
        """The plugin, loaded when it is not yet. Runs the plugin's code.

        Raises NotAPlugin; whatever the code raises.
        """
        if source not in self._loaded:
            plugin = _make(source)
            try:
                check_attribute(plugin)
            except OtherContract as error:
                raise NotAPlugin(error.reason) from error
            try:
                self.manager.register(plugin, name=source)
            except (pluggy.PluginValidationError, ValueError) as error:
                raise NotAPlugin(Reason("hooks.arguments")) from error
            self._loaded[source] = plugin
        return self._loaded[source]

    def caller(self, source: str, hook: str) -> pluggy.HookCaller:
        """Calls one hook of one loaded plugin."""
        plugin = self._loaded[source]
        others = [other for other in self.manager.get_plugins() if other is not plugin]
        return self.manager.subset_hook_caller(hook, others)

    def hooks(self, source: str) -> frozenset[str]:
        """The names of the hooks that a loaded plugin answers."""
        callers = self.manager.get_hookcallers(self._loaded[source]) or []
        return frozenset(caller.name for caller in callers)

    def strangers(self, source: str) -> list[str]:
        """Hooks of a loaded plugin that Andock does not have and that are not marked optional."""
        plugin = self._loaded[source]
        return sorted(
            caller.name
            for caller in self.manager.get_hookcallers(plugin) or []
            if not caller.has_spec()
            and any(not i.optionalhook for i in caller.get_hookimpls() if i.plugin is plugin)
        )


def callee(call: str) -> Callable[..., Any]:
    """What "module:function" names, imported. Raises NotAPlugin; whatever the import raises."""
    module, _, name = call.partition(":")
    found: Any = getattr(importlib.import_module(module), name, None)
    if not callable(found):
        raise NotAPlugin(Reason("jobs.function", name=call))
    return found  # type: ignore[no-any-return]


def _make(source: str) -> object:
    module, _, name = source.partition(":")
    found: Any = importlib.import_module(module)
    for part in name.split("."):
        found = getattr(found, part)
    if not callable(found):
        raise NotAPlugin(Reason("entry.not_callable"))
    plugin: object = found()
    if plugin is None:
        raise NotAPlugin(Reason("entry.nothing"))
    return plugin
