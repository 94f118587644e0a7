"""A whole Andock run against what a person would set up instead: DavMail and vdirsyncer.

Both keep the same calendar of the same sandbox, Andock in its database, vdirsyncer in a folder of
files; both start with nothing. Needs DavMail (fetched as for `make test-more`) and vdirsyncer,
which is installed by requirements/compare.txt into an environment of its own.
"""

import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import median

import psutil

from andock_core.connections import sealed
from andock_core.core import Core
from andock_core.host.catalog import Catalog
from andock_core.jobs import lease as leases
from andock_core.runs.execute import run_connection
from andock_core.storage import Collection, Connection, Entry
from andock_sdk import Grant
from bench.exchange_office import VERSION, Office, office
from bench.exchange_server import OFFICE, OFFICE_ITEMS, PASSWORD, SMALL, SMALL_ITEMS
from bench.measure import TURNS, Bench, Row
from bench.pages import opened
from tests.support.davmail import DavMail, davmail

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements" / "compare.txt"
HOME = ROOT / "build" / "compare"
CONFIG = """
[general]
status_path = "{home}/status/"

[pair calendar]
a = "files"
b = "davmail"
collections = null

[storage files]
type = "filesystem"
path = "{home}/files/"
fileext = ".ics"

[storage davmail]
type = "caldav"
url = "{url}/users/{email}/calendar/"
username = "{email}"
password = "{password}"
"""


class Sample:
    """What one way took: seconds by the clock, seconds of CPU, bytes to and from the server."""

    def __init__(self, clock: float, cpu: float, moved: float) -> None:
        self.clock, self.cpu, self.moved = clock, cpu, moved

    def __str__(self) -> str:
        return f"{self.clock:.2f} s, {self.cpu * 1000:.0f} ms CPU, {self.moved / 1000:.1f} KB"


class Ours:
    """Andock with an empty database."""

    def __init__(self, there: Office, home: Path, email: str) -> None:
        self._there, self._email = there, email
        self._opened = opened(home)
        core, self._scope = self._opened.__enter__()
        settings = replace(
            core.settings,
            ca_files=there.settings().ca_files,
            egress_allow=there.settings().egress_allow,
        )
        catalog = Catalog(("andock_exchange_calendar:integration",))
        catalog.all()
        self._core: Core = replace(core, settings=settings, catalog=catalog)
        self._connection = self._connect(there.calendars[email])

    def _connect(self, calendar: str) -> str:
        grant = Grant(
            secrets={"username": self._email, "password": PASSWORD},
            facts={"server": self._there.url(far=True), "version": VERSION, "sign_in": "Basic"},
        )
        chosen = {"calendar_on": True, "calendar": calendar}
        core, scope = self._core, self._scope
        with core.storage.write(scope) as session:
            row = Connection(
                tenant_id=scope.tenant_id,
                owner_id=scope.member_id,
                integration="exchange-calendar",
                state="active",
                account_key=self._email,
                account_label=self._email,
            )
            session.add(row)
            session.flush()
            row.grant = sealed.seal_grant(core.vault, row, grant)
            row.settings = sealed.seal(core.vault, row, "settings", chosen)
            session.add(
                Collection(tenant_id=row.tenant_id, connection_id=row.id, ref=calendar, role="one")
            )
            return str(row.id)

    def sync(self) -> Sample:
        """One whole run."""
        moved, began, used = _moved(self._there), time.perf_counter(), time.process_time()
        held = leases.acquire(self._core.storage, self._connection, "bench")
        assert held is not None
        try:
            result = run_connection(self._core, held, "manual")
        finally:
            leases.release(self._core.storage, held)
        assert result.state == "done", result
        return Sample(
            time.perf_counter() - began,
            time.process_time() - used,
            _moved(self._there) - moved,
        )

    def count(self) -> int:
        """How many entries there are."""
        with self._core.storage.read(self._scope) as session:
            return int(session.query(Entry).count())

    def close(self) -> None:
        """Close the database."""
        self._opened.__exit__(None, None, None)


class Theirs:
    """vdirsyncer with an empty folder, and DavMail between it and the server."""

    def __init__(self, there: Office, running: DavMail, home: Path, email: str) -> None:
        self._there = there
        self._process = psutil.Process(running.process.pid)
        self._log = running.log
        self._config = home / "config"
        self._files = home / "files"
        text = CONFIG.format(home=home, url=running.url, email=email, password=PASSWORD)
        self._config.write_text(text)
        self._files.mkdir()
        self._run("discover")

    def _run(self, order: str) -> None:
        command = [str(HOME / "bin" / "vdirsyncer"), "-c", str(self._config), order]
        done = subprocess.run(command, check=False, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr + self._log.read_text()[-4000:]

    def sync(self) -> Sample:
        """One whole sync."""
        moved, began, used = _moved(self._there), time.perf_counter(), self._used()
        self._run("sync")
        return Sample(time.perf_counter() - began, self._used() - used, _moved(self._there) - moved)

    def _used(self) -> float:
        mine, children = self._process.cpu_times(), resource.getrusage(resource.RUSAGE_CHILDREN)
        return float(mine.user + mine.system + children.ru_utime + children.ru_stime)

    def count(self) -> int:
        """How many entries there are."""
        return sum(1 for _ in self._files.rglob("*.ics"))


def _moved(there: Office) -> float:
    return float(there.order("state")["bytes"])


def first() -> list[Row]:
    """A first run, in turns, each from nothing."""
    found: dict[str, list[Sample]] = {"andock": [], "davmail": []}
    with office() as there, _davmail(there) as running:
        for _ in range(TURNS):
            with _both(there, running, SMALL) as both:
                for name, one in both.items():
                    found[name].append(one.sync())
                    assert one.count() == SMALL_ITEMS, (name, one.count())
                    print(f"{name}: {found[name][-1]}")
    return [_row(FIRST, "s", 0.5, {n: [s.clock for s in some] for n, some in found.items()})]


def idle() -> list[Row]:
    """A run in which nothing happened on either side."""
    found: dict[str, list[Sample]] = {"andock": [], "davmail": []}
    with (
        office() as there,
        _davmail(there) as running,
        _both(there, running, OFFICE) as both,
    ):
        for name, one in both.items():
            print(f"{name}, the first run: {one.sync()}")
            assert one.count() == OFFICE_ITEMS, (name, one.count())
        for _ in range(TURNS):
            for name, one in both.items():
                found[name].append(one.sync())
                print(f"{name}: {found[name][-1]}")
    return [
        _row(BYTES, "bytes", 0.05, {n: [s.moved for s in some] for n, some in found.items()}),
        _row(CPU, "ms CPU", 0.1, {n: [s.cpu * 1000 for s in some] for n, some in found.items()}),
    ]


@contextmanager
def _both(there: Office, running: DavMail, email: str) -> Iterator[dict[str, Ours | Theirs]]:
    """Andock and vdirsyncer, with nothing yet."""
    _install()
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "andock").mkdir()
        ours = Ours(there, home / "andock", email)
        yield {"andock": ours, "davmail": Theirs(there, running, home, email)}
        ours.close()


def _row(name: str, unit: str, goal: float, found: dict[str, list[float]]) -> Row:
    ours, theirs = (round(median(found[one]), 2) for one in ("andock", "davmail"))
    return Row(name, ours, unit, goal, theirs)


@contextmanager
def _davmail(there: Office) -> Iterator[DavMail]:
    with (
        tempfile.TemporaryDirectory() as home,
        davmail(there.url(far=True), Path(there.ca_file), Path(home)) as running,
    ):
        yield running


def _install() -> None:
    """vdirsyncer, by the hashes of its lock, once."""
    stamp = HOME / "lock.txt"
    if stamp.exists() and stamp.read_bytes() == LOCK.read_bytes():
        return
    shutil.rmtree(HOME, ignore_errors=True)
    subprocess.run([sys.executable, "-m", "venv", HOME], check=True)
    pip = [str(HOME / "bin" / "python"), "-m", "pip", "install", "--quiet", "--require-hashes"]
    subprocess.run([*pip, "-r", str(LOCK)], check=True)
    stamp.write_bytes(LOCK.read_bytes())


FIRST = f"andock: a first run of {SMALL_ITEMS} entries, against DavMail and vdirsyncer"
BYTES = "andock: what an idle run of 2,000 entries moves, against both"
CPU = "andock: an idle run of 2,000 entries, against both"
BENCHES = (
    Bench("davmail-first", (FIRST,), first),
    Bench("davmail-idle", (BYTES, CPU), idle),
)
