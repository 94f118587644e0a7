"""People, the Exchange integration, and a sandbox whose authority nobody here knows."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from unittest.mock import patch

from andock_core.connections import attempts, service, status
from andock_core.connections.status import AttemptStatus
from andock_core.core import Core
from andock_core.host import Catalog
from andock_core.storage import SYSTEM, Member, Scope
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers
from tests.connections.world import PLUGIN, World, populate, settings
from tests.support.memory_service import MemoryService

SLUG = "exchange-calendar"
EMAIL = "anna@musterfirma.test"
PASSWORD = "Sommer-2026!"
SUBJECT = "Kündigung Krause"


@cache
def catalog() -> Catalog:
    """Both integrations, looked at once."""
    found = Catalog((PLUGIN, "andock_exchange_calendar:integration"))
    with patch("andock_core.host.catalog.installed", return_value=[]):
        found.all()
    return found


@dataclass
class Clinic:
    """Anna is a member, Ben the admin of her company, Zoe the admin of another."""

    world: World
    box: Sandbox
    server: SandboxServer
    mailbox: Mailbox

    @property
    def core(self) -> Core:
        return self.world.core

    @property
    def anna(self) -> Scope:
        return self.world.anna

    @property
    def ben(self) -> Scope:
        return self.world.ben

    @property
    def zoe(self) -> Scope:
        return self.world.zoe

    def answers(self, password: str = PASSWORD, server: str = "") -> Answers:
        """What Anna types."""
        named = server or f"localhost:{self.server.port}"
        return {"username": EMAIL, "password": password, "server": named}

    def add(self, who: Scope | None = None) -> str:
        """A connection that was only added."""
        return service.add(self.core, who or self.anna, SLUG)

    def tested(self, connection_id: str, who: Scope | None = None, **typed: str) -> AttemptStatus:
        """A test, worked off."""
        scope = who or self.anna
        made = service.start_test(self.core, scope, connection_id, self.answers(**typed))
        self.world.work()
        return status.attempt(self.core, scope, made)

    def examined(
        self, connection_id: str, answers: Answers | None = None, *, write_probe: bool = False
    ) -> AttemptStatus:
        """A diagnosis, worked off."""
        made = service.start_doctor(
            self.core, self.anna, connection_id, answers, write_probe=write_probe
        )
        self.world.jobs.jobs.clear()
        attempts.run(self.core, made)
        return status.attempt(self.core, self.anna, made)

    def trusting(self) -> None:
        """From now on the operator trusts the sandbox's authority."""
        wider = replace(self.core.settings, ca_files=(self.server.ca_file,))
        self.core.settings = wider


@contextmanager
def clinic(database_url: str, home: Path) -> Iterator[Clinic]:
    """The world, with the sandbox's port allowed and its authority unknown."""
    box = Sandbox()
    mailbox = box.add_mailbox(EMAIL, PASSWORD, name="Anna Muster", login="MUSTERFIRMA\\anna")
    server = SandboxServer(box, tls_home=home / "tls", names=("mail.musterfirma.test",)).start()
    allowed = frozenset({f"localhost:{server.port}", f"127.0.0.1:{server.port}"})
    named = {"musterfirma.test": f"localhost:{server.port}"}  # no test asks a real DNS
    operator = replace(settings(home, database_url), egress_allow=allowed, servers=named)
    core = Core.open(operator, probe=False)
    core.catalog = catalog()
    world = populate(core, MemoryService(home / "memory.db"))
    with core.storage.write(SYSTEM) as session:
        for scope in (world.ben, world.zoe):
            session.get_one(Member, scope.member_id).role = "admin"
    try:
        yield Clinic(world, box, server, mailbox)
    finally:
        core.close()
        server.stop()
        box.close()
