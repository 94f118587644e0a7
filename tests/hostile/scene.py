"""Mara, her connection to a rogue server, whole runs as a worker makes them, and her pages."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.fernet import Fernet
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, update

import andock_marketplace
from andock_core import accounts, clock
from andock_core.config import Settings
from andock_core.connections import sealed
from andock_core.core import Core
from andock_core.host.catalog import Catalog
from andock_core.jobs import running
from andock_core.jobs.queue import Queue
from andock_core.storage import SYSTEM, Collection, Connection, InboxItem, Pair, Run, Scope, Storage
from andock_core.vault import Vault
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.tls import Files
from andock_sdk import Grant
from andock_web.app import create_app
from andock_web.areas import register_areas
from tests.hostile.rogue import Rogue

EMAIL, PASSWORD = "mara@firma.test", "Winter-2026-Kiefer"


@dataclass
class Scene:
    """Everything that a run needs, for real but for Exchange itself."""

    core: Core
    rogue: Rogue
    mailbox: Mailbox
    scope: Scope
    connection_id: str

    @classmethod
    @contextmanager
    def open(cls, url: str, home: Path, tls: Files) -> Iterator["Scene"]:
        """Mara's one calendar, connected, nothing read yet."""
        box = Sandbox()
        mailbox = box.add_mailbox(EMAIL, PASSWORD, name="Mara")
        rogue = Rogue(box, EMAIL, tls.context())
        allowed = frozenset({f"127.0.0.1:{rogue.port}"})
        core = core_at(url, home, ca_files=(tls.ca,), egress_allow=allowed)
        scope = _member(core)
        made = cls(core, rogue, mailbox, scope, _connect(core, scope, rogue.url, mailbox.calendar))
        yield made
        core.close()
        rogue.stop()
        box.close()

    def add(self, subject: str, day: int = 3, **fields: Any) -> str:
        """An entry in Mara's mailbox, some days from now at nine; its id."""
        start = (datetime.now(UTC) + timedelta(days=day)).replace(hour=9, minute=0, microsecond=0)
        return self.mailbox.add_event(
            self.mailbox.calendar, subject, start, start + timedelta(hours=1), **fields
        )

    def run(self) -> tuple[str, str]:
        """A whole run, whatever waits being due; how it ended ("done", "failed") and its key."""
        with self.core.storage.write(SYSTEM) as session:
            session.execute(update(Connection).values(queued_at=clock.now(), lease_until=None))
            waiting = update(Pair).where(Pair.state == "dirty")
            session.execute(waiting.values(next_try_at=clock.now()))
            session.execute(update(InboxItem).values(next_try_at=clock.now()))
        running.run(self.core, self.connection_id, "manual")
        with self.core.storage.read(SYSTEM) as session:
            last = session.scalars(select(Run).order_by(Run.fence.desc())).first()
            assert last is not None
            return last.state, last.error

    def troubles(self) -> dict[str, str]:
        """Items that could not be dealt with: ref → message key."""
        with self.core.storage.read(SYSTEM) as session:
            rows = [*session.scalars(select(Pair)), *session.scalars(select(InboxItem))]
            return {row.ref: row.error for row in rows if row.error}

    def connection(self) -> tuple[str, str]:
        """The connection's state and its message key."""
        with self.core.storage.read(SYSTEM) as session:
            row = session.get_one(Connection, self.connection_id)
            return row.state, row.error

    def app(self) -> Flask:
        """The pages, without CSRF tokens."""
        app = create_app(self.core)
        app.config["WTF_CSRF_ENABLED"] = False
        register_areas(app)
        andock_marketplace.register(app)
        return app

    def visitor(self, language: str = "en") -> FlaskClient:
        """Mara at her pages, signed in by her password."""
        client = self.app().test_client()
        client.set_cookie("andock_language", language)
        answer = client.post("/sign-in", data={"email": EMAIL, "password": PASSWORD})
        assert answer.status_code == 303, answer.text
        return client

    def shown(self, client: FlaskClient) -> list[dict[str, Any]]:
        """What the calendar's script is told of the weeks around now."""
        day, weeks = datetime.now(UTC).date(), timedelta(weeks=6)
        answer = client.get(f"/calendar/spans?from={day - weeks}&to={day + weeks}")
        assert answer.status_code == 200, answer.text
        assert answer.json is not None
        return list(answer.json["spans"])


def core_at(url: str, home: Path, **settings: Any) -> Core:
    """A core with the installed plugins and without a queue's server."""
    chosen = Settings(
        home=home,
        database_url=url,
        redis_url="unix:///nowhere",
        keys=(Fernet.generate_key().decode(),),
        session_key="for tests",
        **settings,
    )
    queue = Queue(chosen.redis_url)
    return Core(chosen, Storage(url), Vault(chosen.keys), _catalog(), queue)


@cache
def _catalog() -> Catalog:
    """Probed once: that starts processes."""
    return Catalog()


def _member(core: Core) -> Scope:
    tenant = accounts.create_tenant(core.storage, "firma", "Firma")
    return Scope(tenant, accounts.create_member(core.storage, tenant, EMAIL, "Mara", PASSWORD))


def _connect(core: Core, scope: Scope, url: str, ref: str) -> str:
    grant = Grant(
        secrets={"username": EMAIL, "password": PASSWORD},
        facts={"server": url, "version": "Exchange2013_SP1", "sign_in": "Basic"},
    )
    with core.storage.write(scope) as session:
        row = Connection(
            tenant_id=scope.tenant_id,
            owner_id=scope.member_id,
            integration="exchange-calendar",
            state="active",
            account_key=EMAIL,
            account_label=EMAIL,
        )
        session.add(row)
        session.flush()
        row.grant = sealed.seal_grant(core.vault, row, grant)
        row.settings = sealed.seal(core.vault, row, "settings", {"calendar": ref, "imports": []})
        session.add(Collection(tenant_id=row.tenant_id, connection_id=row.id, ref=ref, role="one"))
        return row.id
