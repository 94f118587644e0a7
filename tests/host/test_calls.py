"""Hooks are called at arm's length: with a deadline, their results checked, their errors tamed."""

import dataclasses
import logging
import threading
import time
from pathlib import Path
from typing import Any

import pytest
from cryptography.fernet import Fernet

from andock_core.config import Settings
from andock_core.core import Core
from andock_core.host import calls
from andock_core.host.calls import Hooks, tell
from andock_core.host.context import PluginContext
from andock_sdk import ConnectionFacts, Grant, SyncJob, TestReport, errors
from tests.host.odd_plugins import SECRET, STEP

GRANT = Grant(secrets={})


@pytest.fixture(scope="module")
def core(tmp_path_factory: pytest.TempPathFactory) -> Core:
    """A core with odd plugins. No database and no Redis are needed to call a hook."""
    home = tmp_path_factory.mktemp("home")
    settings = Settings(
        home=home,
        database_url=f"sqlite:///{home}/none.db",
        redis_url=f"unix://{home}/none.sock",
        keys=(Fernet.generate_key().decode(),),
        servers={"firm.example": "mail.firm.example:8443"},
    )
    odd = ["odd_plugins:good", "odd_observers:observer", "odd_observers:bad_observer"]
    return Core.open(settings, [f"tests.host.{source}" for source in odd])


@pytest.fixture
def context(core: Core) -> PluginContext:
    """A plugin's surroundings."""
    return PluginContext(core, {}, logging.getLogger("andock.plugin.odd"))


def authorize(core: Core, context: PluginContext, do: str) -> Any:
    """Let the odd plugin authorize in its own way."""
    return Hooks(core).call("odd", "authorize", context=context, answers={"do": do})


def test_a_result_is_handed_on(core: Core, context: PluginContext) -> None:
    """What keeps the contract passes unchanged."""
    assert authorize(core, context, "well").secrets == {"password": SECRET}


def test_a_hook_that_the_plugin_does_not_have_is_none(core: Core, context: PluginContext) -> None:
    """`discover` is optional."""
    assert Hooks(core).call("odd", "discover", context=context, answers={}, report=print) is None


def test_only_the_plugin_that_is_meant_is_called(core: Core, context: PluginContext) -> None:
    """Two plugins in one process do not hear of each other's calls."""
    authorize(core, context, "well")
    observer = Hooks(core).call("observer", "authorize", context=context, answers={"do": "note"})
    assert observer.secrets == {"server": "mail.firm.example:8443"}


def test_an_unknown_integration_is_missing(core: Core, context: PluginContext) -> None:
    """A plugin that was removed while a connection still uses it."""
    with pytest.raises(errors.PluginBug) as bug:
        Hooks(core).call("removed", "authorize", context=context, answers={})
    assert bug.value.key == "plugin.missing"


@pytest.mark.parametrize("do", ["raise", "exit", "lie", "nothing", "forge", "bad key"])
def test_whatever_goes_wrong_in_a_plugin_is_its_bug(
    core: Core, context: PluginContext, do: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Raising, ending the process, wrong results: one error, and no secret in the log."""
    with pytest.raises(errors.PluginBug) as bug:
        authorize(core, context, do)
    assert bug.value.key == "plugin.bug"
    assert SECRET not in str(bug.value)
    assert SECRET not in caplog.text


def test_errors_of_the_tree_pass(core: Core, context: PluginContext) -> None:
    """They mean what they say."""
    with pytest.raises(errors.BadCredentials):
        authorize(core, context, "refuse")


def test_a_hanging_hook_is_ended(
    core: Core, context: PluginContext, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Even if the plugin catches every exception."""
    monkeypatch.setitem(calls.SECONDS, "authorize", 0.3)
    begun = time.monotonic()
    with pytest.raises(errors.PluginBug) as bug:
        authorize(core, context, "hang")
    assert bug.value.key == "plugin.hanging"
    assert time.monotonic() - begun < 5


def test_a_page_cannot_call_a_plugin(core: Core, context: PluginContext) -> None:
    """Servers answer pages in threads; plugins run in a work-horse's main thread only."""
    raised: list[BaseException] = []

    def page() -> None:
        try:
            authorize(core, context, "well")
        except RuntimeError as error:
            raised.append(error)

    thread = threading.Thread(target=page)
    thread.start()
    thread.join()
    assert "main thread" in str(raised[0])


def test_steps_are_checked_before_a_page_sees_them(core: Core, context: PluginContext) -> None:
    """A step is a step, not whatever the plugin hands over."""
    steps: list[Any] = []
    arguments = {"context": context, "report": steps.append}
    assert Hooks(core).call("odd", "test", grant=GRANT, **arguments) == TestReport()
    with pytest.raises(errors.PluginBug):
        Hooks(core).call("odd", "test", grant=Grant(secrets={"lie": "1"}), **arguments)
    assert steps == [STEP]


def test_notes_and_named_servers_reach_the_plugin(core: Core, context: PluginContext) -> None:
    """The context keeps what the plugin puts down, for core to store."""
    grant = authorize(core, context, "note")
    assert context.notebook == {"seen": {"times": 1}}
    assert grant.secrets["server"] == "mail.firm.example:8443"


@pytest.mark.parametrize("value", ["x" * 70_000, object(), {1, 2}])
def test_notes_are_small_json(context: PluginContext, value: Any) -> None:
    """At most 64 kB each, and nothing but JSON."""
    with pytest.raises(ValueError, match="kept"):
        context.state.put("too much", value)
    assert context.notebook == {}


def connector(core: Core, context: PluginContext, how: str) -> Any:
    """The odd plugin's connector, as a run gets it."""
    jobs: list[SyncJob] = Hooks(core).call(
        "odd", "sync_jobs", context=context, settings={"connector": how}
    )
    return jobs[0].connector(context, GRANT)


def test_a_connector_comes_under_guard(core: Core, context: PluginContext) -> None:
    """Each of its calls has a deadline and is checked, without anybody asking for it."""
    good = connector(core, context, "well")
    assert [found.ref for found in good.collections()] == ["c"]
    assert good.capabilities.silent_writes
    good.close()


def test_a_connectors_faults_are_the_plugins_bugs(core: Core, context: PluginContext) -> None:
    """Raising, lying, one result too few, failing to connect."""
    with pytest.raises(errors.PluginBug):
        connector(core, context, "well").changes("c", None)
    with pytest.raises(errors.PluginBug):
        connector(core, context, "lie").collections()
    with pytest.raises(errors.PluginBug):
        connector(core, context, "well").read("c", ["a"])
    with pytest.raises(errors.PluginBug):
        connector(core, context, "no connection")


def test_a_connectors_errors_of_the_tree_pass(core: Core, context: PluginContext) -> None:
    """A lost cursor is for the run to deal with."""
    with pytest.raises(errors.CursorLost):
        connector(core, context, "lost").changes("c", "old")


def test_observers_are_told_and_a_broken_one_harms_nobody(
    core: Core,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The broken one is logged without its message; the good one still hears."""
    heard = tmp_path / "heard"
    monkeypatch.setenv("ODD_HEARD", str(heard))
    facts = ConnectionFacts(connection_id="c1", tenant_id="t", integration="odd", state="active")
    for listener in ("bad-observer", "observer", "odd"):
        tell(core, listener, "sync_finished", connection=facts, counts={"in.created": 2})
    assert heard.read_text() == "c1 {'in.created': 2}\n"
    assert "bad-observer" in caplog.text
    assert SECRET not in caplog.text


def test_core_is_opened_by_its_parts(core: Core) -> None:
    """Pages and jobs find everything in one object."""
    names = [field.name for field in dataclasses.fields(core)]
    assert names == ["settings", "storage", "vault", "catalog", "queue", "faces"]
