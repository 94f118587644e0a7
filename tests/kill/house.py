"""Everything of Andock that a kill can hit: a database, Valkey, workers with their dispatchers; and
on the other side the sandbox over https, with a mailbox for each member."""

import os
import random
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography.fernet import Fernet

from andock_core import accounts
from andock_core.config import Settings
from andock_core.connections import agreeing, service, status
from andock_core.core import Core
from andock_core.embedded import RunningValkey
from andock_core.storage import Scope, Storage, migrate
from andock_demo.colleague import INTEGRATION
from andock_sandbox import Mailbox, Sandbox
from andock_sandbox.server import SandboxServer
from andock_sdk import Answers

ROOT = Path(__file__).parents[2]
HOST = "localhost"
PASSWORD = "Sommer-und-Winter-2026"
LEASE_SECONDS = 3
WRITES = re.compile(rb"CreateItem|UpdateItem|DeleteItem")
WORKERS = (
    ("--queue", "interactive"),
    ("--queue", "interactive"),
    ("--queue", "background", "--scheduler"),
    ("--queue", "background", "--scheduler"),
)
"""Two of each kind and two dispatchers, so that one goes on while another is started again."""


@dataclass
class Person:
    """A member with one connection: a calendar in step, and one that is imported."""

    email: str
    scope: Scope
    mailbox: Mailbox
    calendars: tuple[str, str]
    connection_id: str = ""


@dataclass
class Worker:
    """A worker process that is started again when it has died, as a process manager would."""

    arguments: tuple[str, ...]
    environment: dict[str, str]
    log: Path
    starts: int = 0
    process: subprocess.Popen[bytes] | None = field(default=None, repr=False)

    def keep(self) -> None:
        """Start it unless it runs."""
        if self.process is not None and self.process.poll() is None:
            return
        self.starts += 1
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "worker.py", *self.arguments],
                cwd=ROOT,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def end(self) -> None:
        """End it and wait."""
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(15)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()


@dataclass
class House:
    """All that is under way."""

    core: Core
    box: Sandbox
    people: list[Person]
    workers: list[Worker]
    log: Path

    def keep_workers(self) -> None:
        """Start again what has died."""
        for worker in self.workers:
            worker.keep()


@contextmanager
def built(home: Path, database_url: str, people: int) -> Iterator[House]:
    """A house with its workers under way and `people` members who are connected."""
    with ExitStack() as stack:
        valkey = stack.enter_context(RunningValkey(home))
        box = Sandbox()
        stack.callback(box.close)
        server = SandboxServer(box, tls_home=home / "tls", names=(HOST, "127.0.0.1")).start()
        stack.callback(server.stop)
        server.on_exchange = _take_time
        keys = (Fernet.generate_key().decode(),)
        migrate.upgrade(database_url)
        settings = Settings(home=home, database_url=database_url, redis_url=valkey.url, keys=keys)
        core = Core.open(settings)
        stack.callback(core.close)
        environment = {
            **os.environ,
            "ANDOCK_HOME": str(home),
            "ANDOCK_KEYS": keys[0],
            "ANDOCK_LEASE_SECONDS": str(LEASE_SECONDS),
            "ANDOCK_CA_FILE": str(home / "tls" / "ca.pem"),
            "ANDOCK_EGRESS_ALLOW": f"{HOST}:{server.port},127.0.0.1:{server.port}",
            "DATABASE_URL": database_url,
            "REDIS_URL": valkey.url,
        }
        log = home / "workers.log"
        house = House(core, box, [], [Worker(line, environment, log) for line in WORKERS], log)
        for worker in house.workers:
            stack.callback(worker.end)
        house.keep_workers()
        house.people = _move_in(core, box, people)
        _connect(house, f"{HOST}:{server.port}")
        yield house


def _take_time(request: bytes, _answer: bytes) -> None:
    """A write's answer takes a moment, as a real server's does: time to die in."""
    if WRITES.search(request):
        time.sleep(random.random() * 0.2)


def _move_in(core: Core, box: Sandbox, count: int) -> list[Person]:
    tenants = [
        accounts.create_tenant(core.storage, slug, slug.title(), "de", "Europe/Berlin")
        for slug in ("nord", "sued")
    ]
    return [_person(core.storage, box, tenants[number % 2], number) for number in range(count)]


def _person(storage: Storage, box: Sandbox, tenant: str, number: int) -> Person:
    email = f"person{number}@firma.test"
    member = accounts.create_member(storage, tenant, email, f"Person {number}", PASSWORD, "member")
    mailbox = box.add_mailbox(email, PASSWORD, name=f"Person {number}")
    calendars = (mailbox.calendar, mailbox.add_calendar("Privat"))
    return Person(email, Scope(tenant, member), mailbox, calendars)


def _connect(house: House, server: str) -> None:
    """All at once, by the calls that the pages make."""
    core = house.core
    tests = []
    for person in house.people:
        person.connection_id = service.add(core, person.scope, INTEGRATION)
        access: Answers = {"username": person.email, "password": PASSWORD, "server": server}
        tests.append(service.start_test(core, person.scope, person.connection_id, access))
    saves = []
    for person, attempt in zip(house.people, tests, strict=True):
        form = _finished(house, person, attempt).form
        assert form is not None, "no calendars were offered"
        imports = next(field for field in form.fields if field.name == "imports")
        (private,) = [one.value for one in imports.choices if one.label.en == "Privat"]
        chosen: Answers = {field.name: _answer(field.value) for field in form.fields}
        chosen |= {"imports": [private]}
        saves.append(service.save_settings(core, person.scope, person.connection_id, chosen))
    for person, attempt in zip(house.people, saves, strict=True):
        _finished(house, person, attempt)
    for person in house.people:
        _agree(house, person)


def _agree(house: House, person: Person) -> None:
    """To what the preview says, as everybody has to before the first run."""
    asked = (house.core, person.scope, person.connection_id)

    def seen() -> bool:
        house.keep_workers()
        preview = agreeing.preview(*asked)
        return preview is not None and not preview.under_way

    wait_until(seen, 120)
    preview = agreeing.preview(*asked)
    assert preview is not None
    assert (preview.state, preview.error) == ("done", "")
    agreeing.confirm(*asked, preview.digest)


def _answer(value: object) -> str | bool | list[str]:
    if isinstance(value, bool | str):
        return value
    return list(value) if isinstance(value, tuple) else ""


def _finished(house: House, person: Person, attempt: str) -> status.AttemptStatus:
    def ended() -> bool:
        house.keep_workers()
        return not status.attempt(house.core, person.scope, attempt).under_way

    wait_until(ended, 120)
    found = status.attempt(house.core, person.scope, attempt)
    assert (found.state, found.error) == ("done", ""), (found.kind, found.state, found.error)
    return found


def wait_until(condition: Callable[[], bool], seconds: float) -> None:
    """Wait for what other processes do. Raises TimeoutError."""
    ends = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > ends:
            raise TimeoutError("it did not happen in time")
        time.sleep(0.1)
