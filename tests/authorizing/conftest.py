"""The world of connections with the plugin that redirects, and its identity provider."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import urlsplit

import pytest
from flask import Flask

import andock_marketplace
from andock_core import clock
from andock_core.authorizing import operator
from andock_core.connections import agreeing, sealed, service, status
from andock_core.connections.status import AttemptStatus
from andock_core.core import Core
from andock_core.host import Catalog
from andock_core.jobs import current, own, tasks
from andock_core.storage import Connection, Scope
from andock_core.storage.types import new_id
from andock_sdk import Answers, Grant
from andock_web.app import create_app
from tests.connections.world import PLUGIN, World, populate, settings
from tests.marketplace.visitor import Visitor
from tests.support.identity import Identity, serving
from tests.support.memory_plugin import FILE
from tests.support.memory_service import MemoryService
from tests.support.redirect_plugin import IDENTITY, OBSERVED, SLUG

REDIRECT = "tests.support.redirect_plugin:integration"
SESSION = "a session"


@dataclass
class Place:
    """The world, and what the plugin that redirects wrote down."""

    world: World
    identity: Identity
    observed: Path

    @property
    def core(self) -> Core:
        """The core."""
        return self.world.core

    def work(self) -> None:
        """Run all waiting jobs, of any kind, as a worker would."""
        while self.world.jobs.jobs:
            _, task, ids = self.world.jobs.jobs.pop(0)
            getattr(tasks, task)(*ids)

    def told(self) -> list[dict[str, Any]]:
        """What observers and jobs of the plugin were told."""
        if not self.observed.exists():
            return []
        return [json.loads(line) for line in self.observed.read_text().splitlines()]

    def led_away(self, who: Scope, connection_id: str = "", **more: Any) -> AttemptStatus:
        """A test of a connection, fresh by default, that led to the provider."""
        connection_id = connection_id or service.add(self.core, who, SLUG)
        attempt_id = service.start_test(
            self.core, who, connection_id, {}, session_id=SESSION, **more
        )
        self.work()
        return status.attempt(self.core, who, attempt_id)

    def came_back(self, who: Scope, params: dict[str, str]) -> AttemptStatus:
        """The member came back; the test that followed."""
        connection_id = service.come_back(self.core, who, SESSION, params)
        self.work()
        found = status.latest(self.core, who, connection_id, "test")
        assert found is not None
        return found

    def connected(self, who: Scope) -> str:
        """A connection that was tested."""
        away = self.led_away(who)
        assert self.came_back(who, self.identity.allow(away.redirect)).error == ""
        return away.connection_id

    def in_use(self, who: Scope) -> str:
        """A connection whose first run is done."""
        connection_id = self.connected(who)
        answers: Answers = {"calendar_on": True, "calendar": self.world.calendars[0]}
        service.save_settings(self.core, who, connection_id, answers)
        self.work()
        seen = agreeing.preview(self.core, who, connection_id)
        assert seen is not None
        agreeing.confirm(self.core, who, connection_id, seen.digest)
        self.work()
        return connection_id

    def made(self, who: Scope) -> str:
        """A connection in use, put straight into the database: nothing chosen, a good token."""
        kept = {"user": self.identity.user, "scope": "calendar"}
        token = new_id()
        self.identity.refreshing[token] = kept
        row = Connection(
            id=new_id(),
            tenant_id=who.tenant_id,
            owner_id=who.member_id,
            integration=SLUG,
            state="active",
            account_key=self.identity.user,
            next_due_at=clock.now() + timedelta(hours=1),
        )
        grant = Grant(secrets={"refresh": token, **kept}, facts={"scopes": "calendar"})
        row.grant = sealed.seal_grant(self.core.vault, row, grant)
        with self.core.storage.write(who) as session:
            session.add(row)
            made: str = row.id
        own.declare_for(self.core, SLUG, made)
        return made


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    """The two plugins, looked at once."""
    found = Catalog((PLUGIN, REDIRECT))
    with patch("andock_core.host.catalog.installed", return_value=[]):
        found.all()
    return found


@pytest.fixture(scope="module")
def identity() -> Iterator[Identity]:
    """The provider."""
    with serving() as provider:
        yield provider


@pytest.fixture
def waiting(
    database_url: str,
    tmp_path: Path,
    catalog: Catalog,
    identity: Identity,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Place]:
    """People and plugins; nobody has set the integration up yet."""
    monkeypatch.setenv(FILE, str(tmp_path / "memory.db"))
    monkeypatch.setenv(IDENTITY, identity.url)
    monkeypatch.setenv(OBSERVED, str(tmp_path / "observed"))
    identity.user = "anna@memory.example"
    allowed = frozenset({urlsplit(identity.url).netloc})
    core = Core.open(replace(settings(tmp_path, database_url), egress_allow=allowed), probe=False)
    core.catalog = catalog
    world = populate(core, MemoryService(tmp_path / "memory.db"))
    current.use(core)
    yield Place(world, identity, tmp_path / "observed")
    core.close()


@pytest.fixture
def place(waiting: Place) -> Place:
    """The same, set up."""
    listed = waiting.core.catalog.get(SLUG)
    assert listed is not None
    assert listed.listing is not None
    operator.put(waiting.core, listed.listing, dict(waiting.identity.client))
    return waiting


@pytest.fixture
def app(waiting: Place) -> Flask:
    """The pages."""
    application = create_app(waiting.core)
    andock_marketplace.register(application)
    return application


@pytest.fixture
def visit(app: Flask) -> Callable[..., Visitor]:
    """Somebody's browser."""
    return lambda who, language="en": Visitor(app, who, language)
