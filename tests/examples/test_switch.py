"""The operator's switch: a plugin that is switched off is not loaded, and its connections wait."""

from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path

import pytest
from flask import Flask

import andock_marketplace
from andock_core.clock import now
from andock_core.connections import service
from andock_core.connections.errors import NotOffered
from andock_core.core import Core
from andock_core.host import registry, switched_off
from andock_core.host.catalog import Catalog
from andock_core.host.probing import Finding
from andock_core.host.registry import Known, Registry
from andock_core.host.sources import Source
from andock_core.jobs.claims import claim_due
from andock_core.storage import SYSTEM, AuditEntry
from andock_sdk import Text
from andock_sdk.errors import Transient
from andock_web.app import create_app
from tests.connections.world import PLUGIN, World
from tests.host.odd_plugins import listing
from tests.marketplace.visitor import Visitor, words
from tests.support.memory_plugin import SLUG

MEMORY = Known(PLUGIN.partition(":")[0], PLUGIN, SLUG, Text(en="Memory Calendar"), off=False)
Switch = Callable[[bool], None]


@pytest.fixture
def switch(world: World, catalog: Catalog, monkeypatch: pytest.MonkeyPatch) -> Switch:
    """Switches the memory calendar off or on, and lets the running process notice."""
    found = list(catalog.all())

    def looked_at(sources: Sequence[Source]) -> list[tuple[Source, Finding]]:
        kept = {(one.distribution, one.name): one for one in found}
        listed = [(source, kept[source.distribution, source.name]) for source in sources]
        return [(s, Finding(one.listing, one.broken, one.hooks)) for s, one in listed]

    monkeypatch.setattr("andock_core.host.catalog.installed", list)
    monkeypatch.setattr("andock_core.host.catalog.probe_all", looked_at)
    monkeypatch.setattr("andock_core.host.registry.LOOK_SECONDS", 0.0)
    world.core.catalog = Catalog((PLUGIN,), Registry(world.core.storage))
    world.core.catalog.learn()

    def flip(off: bool) -> None:
        assert registry.switch(world.core.storage, MEMORY, off=off)

    return flip


def due(core: Core) -> list[str]:
    """The connections that a dispatcher would queue."""
    return [claim.connection_id for claim in claim_due(core.storage, now() + timedelta(hours=1))]


def test_connections_wait_and_go_on_by_themselves(world: World, switch: Switch) -> None:
    """Nothing is lost, nothing has to be done."""
    connection_id = world.in_use(world.anna)
    switch(True)
    assert due(world.core) == []
    service.request_sync(world.core, world.anna, connection_id)
    assert world.jobs.jobs == []
    with pytest.raises(NotOffered):
        service.add(world.core, world.ben, SLUG)
    switch(False)
    assert due(world.core) == [connection_id]
    assert service.add(world.core, world.ben, SLUG)


def test_a_run_that_was_queued_meanwhile_calls_nothing(world: World, switch: Switch) -> None:
    """The plugin's code is not loaded any more, whoever asks."""
    from andock_core.host.calls import Hooks

    switch(True)
    with pytest.raises(Transient, match=r"plugin\.switched_off"):
        Hooks(world.core).call(SLUG, "sync_jobs", context=None, settings={})


def test_the_member_reads_why(world: World, switch: Switch) -> None:
    """On the connection's page, under its name; the marketplace does not offer it."""
    connection_id = world.in_use(world.anna)
    app: Flask = create_app(world.core)
    andock_marketplace.register(app)
    anna = Visitor(app, world.anna, "en")
    assert "Memory Calendar" in words(anna.get("/marketplace/"))
    switch(True)
    page = words(anna.get(f"/connections/{connection_id}"))
    assert "Memory Calendar" in page
    assert "This integration is switched off at present." in page
    assert "Memory Calendar" not in words(anna.get("/marketplace/"))
    assert "switched off" in words(anna.get(f"/marketplace/{SLUG}"))


def test_what_is_switched_off_is_not_looked_at(
    world: World, switch: Switch, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plugin may hang or worse when it is loaded."""
    looked: list[str] = []

    def looking(sources: Sequence[Source]) -> list[tuple[Source, Finding]]:
        looked.extend(source.name for source in sources)
        return [(source, Finding(listing=listing())) for source in sources]

    switch(True)
    monkeypatch.setattr("andock_core.host.catalog.probe_all", looking)
    fresh = Catalog((PLUGIN,), Registry(world.core.storage))
    (only,) = fresh.all()
    assert looked == []
    assert (only.off, only.slug, only.listing) == (True, SLUG, None)
    assert only.title == Text(en="Memory Calendar", de="Gedächtniskalender")
    switch(False)
    assert fresh.all()[0].off is False
    assert looked == [PLUGIN]


def test_every_company_reads_of_it_in_its_log(world: World, switch: Switch) -> None:
    """It concerns all of them."""
    switch(True)
    assert [one.slug for one in switched_off(world.core.storage)] == [SLUG]
    with world.core.storage.read(SYSTEM) as session:
        told = session.query(AuditEntry).filter_by(action="plugin.disabled").all()
        assert {(one.tenant_id, one.integration) for one in told} == {
            (world.anna.tenant_id, SLUG),
            (world.zoe.tenant_id, SLUG),
        }


def test_a_plugin_without_a_name_of_its_own_stops_nobody(world: World, switch: Switch) -> None:
    """One that took another's name, say, is switched off alone."""
    connection_id = world.in_use(world.anna)
    nameless = Known("andock-hostile", "shadow", "", None, off=False)
    assert registry.switch(world.core.storage, nameless, off=True)
    assert due(world.core) == [connection_id]


def test_a_database_without_the_table_switches_nothing(tmp_path: Path) -> None:
    """As before the first migration."""
    core = Core.open(_bare(tmp_path), probe=False)
    assert Registry(core.storage).known() == ()
    core.close()


def _bare(home: Path):  # type: ignore[no-untyped-def]
    from tests.connections.world import settings

    return settings(home, f"sqlite:///{home}/empty.db")
