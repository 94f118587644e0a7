"""The hook trace: which call, how long, how it ended; never what went in or came out."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from andock_core.clock import now
from andock_core.config import Settings
from andock_core.developer.recent import MOST, RecentCalls
from andock_core.host import tracing
from andock_core.host.connectors import GuardedConnector
from andock_core.host.contract import held_to_contract
from andock_core.host.probing import probe
from andock_core.host.sources import Source
from andock_core.host.tracing import Call
from andock_sdk import (
    Appointment,
    Capabilities,
    Change,
    ChangePage,
    Collection,
    Missing,
    RemoteItem,
    Slot,
    errors,
)
from tests.support.log_lines import Written, written

SECRET = "correct horse battery staple"
WHEN = Slot(
    start="2026-11-24T09:00:00", end="2026-11-24T10:00:00", start_zone="UTC", end_zone="UTC"
)
ITEM = RemoteItem(ref="r1", version="1", item=Appointment(when=WHEN, subject=SECRET))


class Other:
    """A connector with something to tell."""

    capabilities = Capabilities()

    def collections(self) -> list[Collection]:
        return [Collection(ref=f"c{n}", name=SECRET, kind="calendar") for n in range(3)]

    def changes(self, _collection: str, _cursor: str | None) -> ChangePage:
        changes = [Change(ref=ref, kind="changed") for ref in ("r1", "r2")]
        return ChangePage(changes=tuple(changes), cursor=SECRET, more=True)

    def read(self, _collection: str, _refs: list[str]) -> list[RemoteItem | Missing]:
        return [ITEM, Missing(ref="r2")]

    def create(self, _collection: str, _item: object, _operation: str) -> RemoteItem:
        raise errors.Conflict

    def delete(self, _collection: str, _ref: str, _expected: str) -> None:
        raise ValueError(SECRET)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Tracing is on."""
    return Settings(tmp_path, "sqlite://", "unix:///nowhere", trace_hooks=True)


@pytest.fixture
def seen(settings: Settings) -> Iterator[Written]:
    """The trace, in JSON."""
    with written("json", "worker-interactive") as log:
        tracing.set_up(settings)
        yield log
    tracing.set_up(replace(settings, trace_hooks=False))


@pytest.fixture
def connector() -> GuardedConnector:
    """As the core has it."""
    return GuardedConnector("example", Other())  # type: ignore[arg-type]


def told(seen: Written) -> list[tuple[str, str]]:
    """Call and outcome of each line."""
    return [(line["call"], line.get("result") or line["error"]) for line in seen.of("hook")]


def test_a_hook_leaves_a_line(seen: Written) -> None:
    with held_to_contract("example: test", 5) as call:
        call.gave(ITEM)
    (line,) = seen.of("hook")
    assert (line["integration"], line["call"], line["result"]) == ("example", "test", "RemoteItem")
    assert line["ms"] >= 0


def test_a_connectors_calls_are_counted_not_shown(
    seen: Written, connector: GuardedConnector
) -> None:
    connector.collections()
    connector.changes("c0", SECRET)
    connector.read("c0", ["r1", "r2"])
    with pytest.raises(errors.Conflict):
        connector.create("c0", ITEM.item, SECRET)
    with pytest.raises(errors.PluginBug):
        connector.delete("c0", SECRET, SECRET)
    assert told(seen) == [
        ("collections", "3 Collection"),
        ("changes", "ChangePage of 2 and more"),
        ("read", "1 RemoteItem, 1 Missing"),
        ("create", "item.conflict"),
        ("delete", "plugin.bug"),
    ]
    assert SECRET not in seen.text


def test_looking_at_a_plugin_is_traced(seen: Written) -> None:
    """Also one that cannot be loaded."""
    probe(Source("tests", "odd", "tests.host.odd_plugins:good"))
    probe(Source("tests", "gone", "tests.host.no_such_module:plugin"))
    assert told(seen) == [("load and describe", "Listing"), ("load and describe", "plugin.broken")]


def test_without_the_setting_nothing_is_traced(
    settings: Settings, seen: Written, connector: GuardedConnector
) -> None:
    tracing.set_up(replace(settings, trace_hooks=False))
    connector.collections()
    assert seen.text == ""


def test_developers_get_the_newest_calls(
    settings: Settings, redis_url: str, connector: GuardedConnector
) -> None:
    """From all processes, the newest first, and no more than can be read."""
    tracing.set_up(replace(settings, trace_hooks=False, developer=True, redis_url=redis_url))
    for _ in range(MOST + 5):
        connector.collections()
    with pytest.raises(errors.Conflict):
        connector.create("c0", ITEM.item, "operation")
    tracing.set_up(settings)
    newest = RecentCalls(redis_url).newest()
    assert len(newest) == MOST
    assert [(call.call, call.result, call.error) for call in newest[:2]] == [
        ("create", "", "item.conflict"),
        ("collections", "3 Collection", ""),
    ]
    assert now() - newest[0].at < timedelta(minutes=1)


def test_a_redis_that_is_away_slows_no_call_down(settings: Settings) -> None:
    ring = RecentCalls("unix:///nowhere")
    begun = time.monotonic()
    for _ in range(100):
        ring.add(Call("example", "test", 1, "TestReport", "", now()))
    assert time.monotonic() - begun < 1
    assert ring.newest() == []
